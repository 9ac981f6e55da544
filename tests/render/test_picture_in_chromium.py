"""Pictures as Chromium shows them: no text covers another, and what is pointed at, chosen, moved and made larger answers."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any

import networkx
import pytest

from negograph.graph.plan import NodeKey
from negograph.model.model import FACT, Model
from negograph.render.palette import palette_of
from negograph.render.picture import draw
from tests.conftest import CHECKOUT, FERRY, LAKE, graph_of, missing

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

SCRIPT = Path(draw.__code__.co_filename).with_name("picture.js").read_text(encoding="utf-8")
CHOICES = "window.choices = []; document.addEventListener('negograph-select', event => choices.push(event.detail));"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if chromium is None:
        missing("browser", "there is no Chromium")
    with playwright.sync_playwright() as run:
        browser = run.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


def map_of(folder: Path) -> networkx.MultiDiGraph[str]:
    """What the recipe `map` answers: who acted on what and on whom, without facts and people."""
    graph = graph_of(folder)[1]
    shown = {entry.node.key: entry.node.properties for entry in graph.entries if entry.node.key.label not in (FACT, "Person")}
    network: networkx.MultiDiGraph[str] = networkx.MultiDiGraph()
    told: dict[tuple[NodeKey, NodeKey, str, str], dict[str, Any]] = {}
    for edge in (edge for entry in graph.entries for edge in entry.edges if {edge.start, edge.end} <= shown.keys()):
        told[edge.start, edge.end, edge.type, str(edge.properties.get("label"))] = dict(edge.properties)
    for start, end, *_ in told:
        for key in (start, end):
            network.add_node(key.id, **{"kind": key.label, **shown[key], "key": None})
    for (start, end, type_, _), properties in told.items():
        network.add_edge(start.id, end.id, **{**properties, "type": type_})
    return network


@pytest.fixture
def page(browser: Browser, model: Model) -> Iterator[Page]:
    """The shipped map, in a page with the script."""
    page = browser.new_page(viewport={"width": 1300, "height": 850})
    picture = draw(map_of(CHECKOUT), palette_of(model), size=(1300, 850), interactive=True)
    page.set_content(f"<body style='margin: 0'>{picture}<script>{SCRIPT}</script><script>{CHOICES}</script>")
    yield page
    page.close()


BOXES = """part => [...document.querySelectorAll(`svg ${part} text`)].filter(text => text.getClientRects().length)
    .map(text => [text.textContent, text.getBoundingClientRect()])
    .map(([said, box]) => [said, box.left, box.top, box.right, box.bottom])"""


def covering(page: Page, part: str = "") -> list[tuple[str, str]]:
    """The texts in a part that cover another by more than half a pixel; a line of text is less high than its box."""
    boxes = [(said, (left, top + 1.5, right, bottom - 1.5)) for said, left, top, right, bottom in page.evaluate(BOXES, part)]
    assert boxes
    return [(one, other) for (one, a), (other, b) in combinations(boxes, 2) if _over(a, b)]


def _over(a: tuple[float, ...], b: tuple[float, ...]) -> bool:
    return a[0] + 0.5 < b[2] and b[0] + 0.5 < a[2] and a[1] + 0.5 < b[3] and b[1] + 0.5 < a[3]


@pytest.mark.parametrize(
    ("folder", "size"), [(CHECKOUT, (1300, 850)), (FERRY, (900, 600)), (LAKE, (900, 600))], ids=["shipped", "ferry", "lake"]
)
def test_no_text_covers_another_and_none_leaves_the_frame(
    browser: Browser, model: Model, folder: Path, size: tuple[int, int]
) -> None:
    page = browser.new_page(viewport={"width": size[0], "height": size[1]})
    network = map_of(folder)
    assert len(network) >= 36
    page.set_content(f"<body style='margin: 0'>{draw(network, palette_of(model), size=size)}")
    assert covering(page) == []
    outside = [
        said for said, left, top, right, bottom in page.evaluate(BOXES, "") if left < 0 or right > size[0] or bottom > size[1] + 1
    ]
    assert outside == []
    page.close()


def test_a_name_has_room_in_its_box(page: Page) -> None:
    inside = """() => [...document.querySelectorAll(".node")].map(node => node.querySelector("rect").getBBox().width
        - node.querySelector("text").getBBox().width)"""
    assert min(page.evaluate(inside)) > 4


MARKED = """() => [...document.querySelectorAll(".label.alleged")]
    .map(label => [...label.querySelectorAll("text")].filter(text => text.getClientRects().length))
    .map(texts => texts.map(text => text.textContent))"""


def test_what_another_tells_is_never_without_a_name_or_a_mark(page: Page) -> None:
    for factor in (1, 0.7, 4, 0):
        page.evaluate(f"""() => document.querySelector("svg").dispatchEvent(
            new CustomEvent("negograph-zoom", {{detail: {factor}, bubbles: true}}))""")
        page.wait_for_timeout(100)
        shown = page.evaluate(MARKED)
        assert len(shown) == 8  # each of the acts that are alleged
        assert [len(texts) for texts in shown] == [1] * 8
        assert all(texts[0].endswith(("?", ")")) for texts in shown)


def lit(page: Page, kind: str) -> set[str]:
    return set(
        page.evaluate(f"() => [...document.querySelectorAll('.{kind}.lit')].map(one => one.dataset.key ?? one.dataset.end)")
    )


def test_a_node_that_is_pointed_at_shows_what_it_is_joined_to(page: Page) -> None:
    page.locator('[data-key="georgia"]').hover()
    assert lit(page, "node") == {"georgia", "nato"}
    assert lit(page, "edge") == {"georgia", "nato"}
    assert covering(page, ".label") == []
    page.mouse.move(1, 1)
    assert lit(page, "node") == set()


def test_a_click_and_enter_choose_and_escape_lets_go(page: Page) -> None:
    page.locator('[data-key="russia"]').click()
    edge = page.locator('.edge[data-type="REJECTED"]').first
    edge.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    node, chosen, nothing = page.evaluate("choices")
    assert node == {"kind": "node", "key": "russia"}
    assert (chosen["kind"], chosen["start"], chosen["type"], len(chosen["facts"])) == ("edge", "usa", "REJECTED", 1)
    assert nothing is None


DRAWN = """() => [...document.querySelectorAll(".edge .line, .edge .head")].flatMap(
    part => (part.getAttribute("d") ?? part.getAttribute("points")).match(/[-\\d.]+/g).map(Number))"""


WHERE = "document.querySelector('[data-key=\"russia\"]').getBoundingClientRect().x"


def test_text_keeps_its_size_while_zooming_and_lines_are_drawn_as_python_drew_them(page: Page) -> None:
    russia = page.locator('[data-key="russia"] text')
    before, place, lines = russia.bounding_box(), page.evaluate(WHERE), page.evaluate(DRAWN)
    page.locator("svg").focus()
    page.keyboard.press("+")
    page.wait_for_function(f"place => Math.abs({WHERE} - place) > 20", arg=place)
    larger = russia.bounding_box()
    assert before is not None
    assert larger is not None
    assert (larger["width"], larger["height"]) == pytest.approx((before["width"], before["height"]), abs=0.5)
    assert covering(page, ".view") == []  # the legend lies on top
    page.keyboard.press("0")
    page.wait_for_function(f"place => Math.abs({WHERE} - place) < 1", arg=place)
    assert page.evaluate(DRAWN) == pytest.approx(lines, abs=0.25)


def test_arrow_keys_and_dragging_pan(page: Page) -> None:
    before = page.evaluate(WHERE)
    page.locator("svg").focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_function(f"before => Math.abs({WHERE} - before - 40) < 1", arg=before)
    page.mouse.move(10, 10)
    page.mouse.down()
    page.mouse.move(110, 30, steps=4)
    page.mouse.up()
    page.wait_for_function(f"before => Math.abs({WHERE} - before - 140) < 1", arg=before)
    assert page.evaluate("choices") == []


def test_a_crowd_is_stretched_and_then_drawn_anew(browser: Browser, model: Model) -> None:
    crowd = networkx.Graph([("Member number 0", f"Member number {number}") for number in range(1, 200)])
    page = browser.new_page(viewport={"width": 900, "height": 600})
    page.set_content(f"<body style='margin: 0'>{draw(crowd, palette_of(model), interactive=True)}<script>{SCRIPT}</script>")
    shown = "() => document.querySelectorAll('.name:not(.off)').length"
    assert page.evaluate(shown) == 0
    page.locator('[data-key="Member number 7"]').hover()
    assert page.evaluate(shown) > 0
    page.mouse.move(1, 1)
    assert page.evaluate(shown) == 0
    page.evaluate("document.querySelector('svg').dispatchEvent(new CustomEvent('negograph-zoom', {detail: 3}))")
    page.wait_for_function("() => document.querySelector('svg').classList.contains('moving')")
    page.wait_for_function("() => !document.querySelector('svg').classList.contains('moving')")
    assert page.evaluate(shown) > 20
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_picture_follows_the_reader_and_the_page(browser: Browser, model: Model, scheme: Any) -> None:
    page = browser.new_page(color_scheme=scheme)
    picture = draw(map_of(FERRY), palette_of(model))
    page.set_content(f"<body>{picture}<div data-theme='dark'>{picture}</div><div data-theme='light'>{picture}</div>")
    papers = page.evaluate("[...document.querySelectorAll('svg > .paper')].map(paper => getComputedStyle(paper).fill)")
    light, dark = "rgb(255, 255, 255)", "rgb(27, 29, 33)"
    assert papers == [dark if scheme == "dark" else light, dark, light]
    page.close()
