"""The report in a real browser: links followed, on a phone, printed, for everybody, and harmless."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from negograph.database.store import Store
from tests.conftest import FERRY, LAKE, cypher, holding, load_project, missing
from tests.operations.test_report import hostile_project, report_on

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Dialog, Page

pytestmark = pytest.mark.parametrize("target", ["native"], indirect=True)

PAGES = ("ferry", "lake", "hostile")
A4_BETWEEN_MARGINS = 673
"""How wide the page is between its margins on A4, in the pixels of CSS."""

SMALLEST = 7 * 96 / 72


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if chromium is None:
        missing("browser", "there is no Chromium")
    options = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
    with playwright.sync_playwright() as run:
        browser = run.chromium.launch(executable_path=chromium, args=[*options, "--disable-component-update", "--disable-sync"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def files(session_store: Store, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Reports with their texts, as files."""
    folder = tmp_path_factory.mktemp("reports")
    found = {}
    for name, project in (("ferry", FERRY), ("lake", LAKE), ("hostile", hostile_project(folder / "project"))):
        if name == "hostile":
            cypher(session_store, "MATCH (n) DETACH DELETE n")
            load_project(session_store, project)
        else:
            holding(session_store, project, name)
        found[name] = folder / f"{name}.html"
        found[name].write_text(report_on(session_store, project, with_texts=True), encoding="utf-8")
    return found


class Watched:
    """A page, and all that it asked for and complained of."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.requests: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("dialog", self.dismiss)

    def dismiss(self, dialog: Dialog) -> None:
        self.complaints.append(dialog.message)
        dialog.dismiss()


@pytest.fixture
def opened(browser: Browser, files: dict[str, Path]) -> Iterator[Any]:
    pages = []

    def open_page(name: str, width: int = 1200, scheme: Any = "light") -> Watched:
        pages.append(browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme))
        watched = Watched(pages[-1])
        watched.page.goto(files[name].as_uri())
        return watched

    yield open_page
    for page in pages:
        page.close()


@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_asked_for_but_the_page_and_nothing_runs(opened: Any, files: dict[str, Path], name: str) -> None:
    watched = opened(name)
    watched.page.wait_for_timeout(200)
    assert watched.requests == [files[name].as_uri()]
    assert watched.complaints == []


def test_a_figure_leads_to_its_list_and_from_there_to_the_act_and_its_quote(opened: Any) -> None:
    page = opened("lake").page
    page.locator("#in-short").get_by_role("link", name="6 acts", exact=True).first.click()
    assert page.url.endswith("#index-alleged")
    page.locator("#index-alleged").get_by_role("link", name="3", exact=True).click()
    act = page.locator(":target")
    assert act.get_by_role("heading").inner_text() == "3. According to The delegate of Gorm – Ardle rejected: Halt to new dams"
    assert act.is_visible()
    assert "“Ardle said no to the halt in April”" in act.inner_text()
    act.get_by_role("link", name="Lake Bulletin No. 2").click()
    assert page.locator(":target").get_by_role("heading").inner_text() == "Lake Bulletin No. 2"


def test_a_line_of_the_map_leads_to_its_act(opened: Any) -> None:
    page = opened("ferry").page
    page.locator("#map").get_by_role("link", name="Étoile Ferries → withdrew").focus()
    page.keyboard.press("Enter")
    assert "Étoile Ferries withdrew: Winter timetable" in page.locator(":target").get_by_role("heading").inner_text()


@pytest.mark.parametrize("name", PAGES)
def test_on_a_phone_nothing_is_wider_than_the_screen(opened: Any, name: str) -> None:
    page = opened(name, width=360).page
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert page.evaluate("document.querySelector('.cut').scrollWidth > document.querySelector('.cut').clientWidth")


_TOO_SMALL = """smallest => [...document.querySelectorAll('body *')].filter(element => {
  const words = [...element.childNodes].some(node => node.nodeType === 3 && node.textContent.trim());
  if (!words || element.closest('style') || !element.getClientRects().length) return false;
  const scale = element.ownerSVGElement ? element.getScreenCTM().a : 1;
  return parseFloat(getComputedStyle(element).fontSize) * scale < smallest;
}).map(element => element.outerHTML.slice(0, 100))"""


@pytest.mark.parametrize("name", PAGES)
def test_printed_on_a4_no_text_is_smaller_than_seven_points(opened: Any, name: str) -> None:
    page = opened(name, width=A4_BETWEEN_MARGINS, scheme="dark").page
    page.emulate_media(media="print")
    assert page.evaluate(_TOO_SMALL, SMALLEST) == []
    assert page.evaluate(_TOO_SMALL, 100) != []
    assert page.evaluate("document.documentElement.scrollWidth") == A4_BETWEEN_MARGINS
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")


def test_printed_an_address_can_be_read(opened: Any) -> None:
    page = opened("lake").page
    page.emulate_media(media="print")
    written = """document.querySelector('#documents .meta').innerHTML += '<a href="https://example.org/x" rel="noopener">it</a>';
    getComputedStyle(document.querySelector('a[rel]'), '::after').content"""
    assert "example.org/x" in page.evaluate(written)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(opened: Any, scheme: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")
    found = axe.Axe().run(opened("ferry", width=800, scheme=scheme).page).response
    serious = [rule for rule in found["violations"] if rule["impact"] in ("serious", "critical")]
    assert [(rule["id"], [node["target"] for node in rule["nodes"]][:3]) for rule in serious] == []
    assert found["passes"]


def test_a_keyboard_reaches_the_report_first(opened: Any) -> None:
    page = opened("ferry").page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the report"
    page.keyboard.press("Enter")
    assert page.url.endswith("#report")
