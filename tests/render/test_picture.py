"""Pictures of networks: SVG that is well-formed, whatever things are called, and always the same."""

from __future__ import annotations

import os
import subprocess
import sys
import xml.etree.ElementTree as ET
from itertools import pairwise

import networkx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from negograph.render.notebook import COLOURS, as_svg

SVG = "{http://www.w3.org/2000/svg}"


def drawn(network: networkx.Graph[str]) -> ET.Element:
    return ET.fromstring(as_svg(network))


def titles(picture: ET.Element) -> list[str | None]:
    """What each node says of itself when it is pointed at."""
    return [title.text for title in picture.iter(f"{SVG}title")]


def texts(picture: ET.Element) -> list[str]:
    return [text.text or "" for text in picture.iter(f"{SVG}text")]


def places(picture: ET.Element) -> list[tuple[float, float]]:
    return [(float(circle.get("cx", "")), float(circle.get("cy", ""))) for circle in picture.iter(f"{SVG}circle")]


def ferry() -> networkx.MultiDiGraph[str]:
    network: networkx.MultiDiGraph[str] = networkx.MultiDiGraph()
    network.add_node("guild", kind="Party", name="Pilots' Guild")
    network.add_node("boat", kind="Proposal", name="Pilot boat")
    network.add_node("quay", kind="Place")
    network.add_edge("guild", "boat", type="OFFERED_TO", label="offered, says the guild")
    network.add_edge("guild", "quay", type="MOORS_AT")
    return network


def test_nodes_are_circles_with_their_names_and_edges_are_lines_with_their_labels() -> None:
    picture = drawn(ferry())
    assert titles(picture) == ["Party Pilots' Guild", "Proposal Pilot boat", "Place quay"]
    assert texts(picture) == ["offered, says the guild", "moors at", "Pilots' Guild", "Pilot boat", "quay"]
    assert len(places(picture)) == 3
    assert len(list(picture.iter(f"{SVG}line"))) == 2


@pytest.mark.parametrize(
    ("kind", "colour"),
    [("Party", COLOURS["Party"]), ("Place:Fact:Party", COLOURS["Fact"]), ("Place", "#a5abb6"), ("", "#a5abb6")],
)
def test_a_node_has_the_colour_of_its_kind(kind: str, colour: str) -> None:
    network: networkx.Graph[str] = networkx.Graph()
    network.add_node("x", kind=kind)
    (circle,) = drawn(network).iter(f"{SVG}circle")
    assert circle.get("fill") == colour
    assert len(set(COLOURS.values()) | {"#a5abb6"}) == len(COLOURS) + 1


@pytest.mark.parametrize(
    ("data", "label"),
    [
        ({"label": "met", "type": "HAS_MET", "weight": 2}, "met"),
        ({"type": "HAS_MET", "weight": 2}, "has met"),
        ({"weight": 2}, "2"),
        ({"weight": 0.123456}, "0.1235"),
        ({"weight": 2, "label": ""}, "2"),
        ({}, ""),
    ],
)
def test_an_edge_says_its_label_else_its_type_else_its_weight(data: dict[str, object], label: str) -> None:
    network: networkx.Graph[str] = networkx.Graph()
    network.add_edge("a", "b", **data)
    assert texts(drawn(network)) == [label, "a", "b"]


def test_edges_have_arrows_where_they_have_a_direction() -> None:
    pairs = [("a", "b"), ("b", "c")]
    arrows = [line.get("marker-end") for line in drawn(networkx.DiGraph(pairs)).iter(f"{SVG}line")]
    assert arrows == ["url(#arrow)", "url(#arrow)"]
    assert [line.get("marker-end") for line in drawn(networkx.Graph(pairs)).iter(f"{SVG}line")] == [None, None]


def test_a_long_name_is_cut_and_told_whole_when_it_is_pointed_at() -> None:
    network: networkx.Graph[str] = networkx.Graph()
    network.add_node("a", kind="Demand", name="No deployment of offensive weapons that could threaten Russia")
    picture = drawn(network)
    assert texts(picture) == ["No deployment of offensive weap…"]
    assert titles(picture) == ["Demand No deployment of offensive weapons that could threaten Russia"]


def test_a_short_name_takes_the_place_of_a_long_one() -> None:
    network: networkx.MultiDiGraph[str] = networkx.MultiDiGraph()
    network.add_node("guild", kind="Party", name="The Guild of the Pilots of the Three Rivers", short="Guild")
    picture = drawn(network)
    assert (titles(picture), texts(picture)) == (["Party The Guild of the Pilots of the Three Rivers"], ["Guild"])


def test_names_are_text_and_nothing_else() -> None:
    network: networkx.MultiDiGraph[str] = networkx.MultiDiGraph()
    network.add_node("a", kind="<script>", name="<b>\"Ay\" & 'Be'</b>")
    network.add_edge("a", "]]><script>alert(1)</script>", label="</text>&amp;")
    picture = drawn(network)
    assert texts(picture) == ["</text>&amp;", "<b>\"Ay\" & 'Be'</b>", "]]><script>alert(1)</script>"]
    assert titles(picture) == ["<script> <b>\"Ay\" & 'Be'</b>", "]]><script>alert(1)</script>"]
    assert "script" not in {element.tag.removeprefix(SVG) for element in picture.iter()}


names = st.text(st.characters(), max_size=50)
ENDS = ["a", "b", "\x00", "<&\"'>", "\ud800"]


@settings(deadline=None)
@given(
    st.dictionaries(st.sampled_from(ENDS), st.fixed_dictionaries({}, optional={"kind": names, "name": names})),
    st.lists(
        st.tuples(
            st.sampled_from(ENDS),
            st.sampled_from(ENDS),
            st.fixed_dictionaries({}, optional={"label": names, "type": names, "weight": st.floats(-10, 10)}),
        ),
        max_size=4,
    ),
)
def test_the_picture_is_well_formed_and_within_its_frame_whatever_things_are_called(
    nodes: dict[str, dict[str, str]], edges: list[tuple[str, str, dict[str, str | float]]]
) -> None:
    network: networkx.MultiDiGraph[str] = networkx.MultiDiGraph()
    network.add_nodes_from(nodes.items())
    for start, end, data in edges:
        network.add_edge(start, end, **data)
    picture = drawn(network)
    width, height = (float(picture.get(side, "")) for side in ("width", "height"))
    assert len(places(picture)) == len(network)
    assert all(0 <= across <= width and 0 <= down <= height for across, down in places(picture))
    shown = [name if (name := str(data.get("name") or node)).isprintable() else None for node, data in network.nodes(data=True)]
    assert [name is None or (title or "").endswith(name.strip()) for name, title in zip(shown, titles(picture), strict=True)] == [
        True
    ] * len(network)


@pytest.mark.parametrize("weight", ["heavy", float("nan"), float("inf"), -3, 0])
def test_a_weight_that_is_none_does_not_keep_the_network_from_being_drawn(weight: str | float) -> None:
    network: networkx.DiGraph[str] = networkx.DiGraph()
    network.add_edge("a", "b", weight=weight)
    network.add_edge("b", "c")
    assert all(0 < across < 900 and 0 < down < 600 for across, down in places(drawn(network)))


def test_nodes_do_not_lie_on_each_other() -> None:
    network: networkx.Graph[str] = networkx.relabel_nodes(networkx.path_graph(12), str)
    found = sorted(places(drawn(network)))
    assert all(abs(one[0] - two[0]) + abs(one[1] - two[1]) > 1 for one, two in pairwise(found))


def test_the_same_network_always_looks_the_same() -> None:
    assert as_svg(ferry()) == as_svg(ferry())
    program = (
        "import networkx\nfrom negograph.render.notebook import as_svg\n"
        "print(as_svg(networkx.MultiDiGraph([('guild', 'boat'), ('guild', 'quay'), ('quay', 'boat')])), end='')"
    )
    pictures = {
        subprocess.run(
            [sys.executable, "-P", "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(pictures) == 1


def test_an_empty_network_is_an_empty_picture() -> None:
    picture = drawn(networkx.MultiDiGraph())
    assert (texts(picture), places(picture)) == ([], [])
    assert picture.get("viewBox") == "0 0 900 600"


def test_one_node_stands_in_the_middle() -> None:
    assert places(drawn(networkx.relabel_nodes(networkx.empty_graph(1), str))) == [(450.0, 300.0)]
