"""The pictures of the shipped dataset: no line seems to lead where it does not, and none tells what nobody said."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator

import networkx
import numpy as np
import pytest

from negograph.database.ask import Limits
from negograph.database.store import Store
from negograph.operations.explore import explore
from negograph.project import open_project
from negograph.recipes.files import usable_recipes
from negograph.render.palette import Palette
from negograph.web.explore.address import View
from negograph.web.explore.drawing import Drawn, drawn
from tests.conftest import CHECKOUT, holding

pytestmark = pytest.mark.parametrize("target", ["native"], indirect=True)

SVG = "{http://www.w3.org/2000/svg}"
START, MAP = (476, 500), (566, 515)  # the room that the page has for them in a window of 1280 by 800


@pytest.fixture(scope="module")
def network(session_store: Store) -> Callable[[str], networkx.Graph[str]]:
    """The network that a recipe answers with."""
    store = holding(session_store, CHECKOUT, "security-guarantees-2022")
    project = open_project(CHECKOUT, {})
    recipes = usable_recipes(project.recipe_folders())[0]

    def answered(recipe: str) -> networkx.Graph[str]:
        found = explore(store, project, recipes[recipe], {}, Limits(seconds=60, rows=5000)).network
        assert found is not None
        return found

    return answered


def groups(picture: Drawn, kind: str) -> Iterator[ET.Element]:
    for element in ET.fromstring(picture.svg).iter(f"{SVG}g"):
        if kind in element.get("class", "").split():
            yield element


def numbers(written: str | None) -> list[float]:
    return [float(number) for number in re.findall(r"-?[\d.]+", written or "")]


def through_others(picture: Drawn) -> list[tuple[str | None, ...]]:
    """The lines that lead through the box of a node that is not at their ends: start, end, and that node."""
    boxes = {}
    for node in groups(picture, "node"):
        box = next(node.iter(f"{SVG}rect"))
        size = np.array([float(box.get("width", "")), float(box.get("height", ""))])
        boxes[node.get("data-key")] = (np.array(numbers(node.get("transform"))), size / 2)
    found: list[tuple[str | None, ...]] = []
    shares = np.linspace(0, 1, 200)[:, None]
    for edge in groups(picture, "edge"):
        line = next(path for path in edge.iter(f"{SVG}path") if path.get("class") == "line")
        start, control, end = np.array(numbers(line.get("d"))).reshape(3, 2)
        curve = (1 - shares) ** 2 * start + 2 * shares * (1 - shares) * control + shares**2 * end
        ends = (edge.get("data-start"), edge.get("data-end"))
        others = ((key, box) for key, box in boxes.items() if key not in ends)
        found += [(*ends, key) for key, (middle, half) in others if (np.abs(curve - middle) < half).all(axis=1).any()]
    return found


def labels(picture: Drawn) -> list[tuple[str, str]]:
    """Whose word a line is, and what stands at it, for those that are labelled."""
    found = []
    for label in groups(picture, "label"):
        classes = str(label.get("class")).split()
        captions = (part for part in label if "off" not in str(part.get("class")).split())
        if "off" not in classes:
            found.append((classes[1], " ".join(span.text or "" for one in captions for span in one.iter(f"{SVG}tspan"))))
    return found


def test_the_first_view_draws_no_line_where_nothing_was_said(network: Callable[[str], networkx.Graph[str]]) -> None:
    picture = drawn(network("standing"), View(), Palette(), START)
    assert "has not answered" not in picture.svg
    ends = [(edge.get("data-start"), edge.get("data-end")) for edge in groups(picture, "edge")]
    assert len(ends) == 14  # 8 put forward, NATO's answers to Russia's three, that of the United States to one, and 2 said of it
    assert ("Russia", "Discussion of the minor issues") not in ends


def test_what_another_tells_is_told_as_that_and_as_implied(network: Callable[[str], networkx.Graph[str]]) -> None:
    picture = drawn(network("standing"), View(), Palette(), START)
    alleged = [text for whose, text in labels(picture) if whose == "alleged"]
    assert len(alleged) == 2  # the United States, said to reject both demands
    assert all("Sergei Lavrov" in text and "by implication" in text for text in alleged)
    map_ = drawn(network("map"), View(), Palette(), MAP)
    edges = [edge for edge in groups(map_, "edge") if "alleged" in str(edge.get("class")).split()]
    assert len([text for whose, text in labels(map_) if whose == "alleged" and text]) == len(edges) > 0


def test_no_line_leads_through_a_box_that_is_not_its_end(network: Callable[[str], networkx.Graph[str]]) -> None:
    for room in (START, (640, 560)):
        assert through_others(drawn(network("standing"), View(), Palette(), room)) == []
    assert through_others(drawn(network("allegations"), View(), Palette(), START)) == []
    assert through_others(drawn(network("map"), View(), Palette(), (900, 700))) == []
    assert len(through_others(drawn(network("map"), View(), Palette(), MAP))) <= 1  # in a crowd of 25 boxes and 40 lines


def test_what_is_left_out_is_named_and_no_act_is_about_it(network: Callable[[str], networkx.Graph[str]]) -> None:
    whole = network("map")
    picture = drawn(whole, View(), Palette(), MAP)
    kept = {node.get("data-key") for node in groups(picture, "node")}
    out = [data for key, data in whole.nodes(data=True) if key not in kept]
    acted = {end for *ends, data in whole.edges(data=True) if data.get("attribution") for end in ends}
    assert out
    assert all(str(data.get("short") or data["name"]) in str(picture.note) for data in out)
    assert all(data["kind"] == "Document" or data["id"] not in acted for data in out)
