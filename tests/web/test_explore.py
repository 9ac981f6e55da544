"""The page of `negograph explore` in Chromium, on each database: what a person sees, follows and changes there."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from negograph.database.target import ServerTarget, Target
from tests.conftest import CHECKOUT, FERRY, QUICKLY_WARM, holding, interruptible, missing
from tests.recipes.test_recipe import ANSWERS, RECIPES

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytest.importorskip("nicegui", reason="NiceGUI is not installed")

DATABASES = pytest.mark.parametrize("target", ["native", "neo4j-5.26", "neo4j-2026.09"], indirect=True)
ONE = pytest.mark.parametrize("target", ["native"], indirect=True)


@dataclass
class Served:
    """A page that is served: its project, its address with the token of the run, and what Chromium complains of."""

    project: Path
    environment: dict[str, str]
    address: str
    process: subprocess.Popen[str]
    complaints: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)

    @property
    def origin(self) -> str:
        return self.address.partition("/#")[0]

    @property
    def token(self) -> str:
        return self.address.partition("#token=")[2]


def negograph(project: Path, environment: dict[str, str], *arguments: str) -> list[str]:
    return [sys.executable, "-P", "-m", "negograph", *arguments, "--project", str(project), *embedded(environment)]


def embedded(environment: dict[str, str]) -> list[str]:
    return [] if "NEO4J_URI" in environment else ["--embedded"]


@contextlib.contextmanager
def serving(project: Path, environment: dict[str, str], command: tuple[str, ...] = ("explore",)) -> Iterator[Served]:
    """`negograph explore`, until it is interrupted; then it ends well, and has said nothing of errors."""
    environment = {**os.environ, **environment, "ARCADEDB_JVM_ARGS": QUICKLY_WARM}
    process = subprocess.Popen(
        negograph(project, environment, *command, "--no-open"),
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=interruptible,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    said: list[str] = []
    threading.Thread(target=_listen, args=(process.stderr, said), daemon=True).start()
    address = process.stdout.readline().strip()
    assert address, "".join(said)
    try:
        yield Served(project, environment, address, process)
    finally:
        process.send_signal(signal.SIGINT)
        ended = process.wait(timeout=20)
    assert (ended, "Traceback" in "".join(said)) == (0, False), "".join(said)
    assert not (project / ".nicegui").exists()


def _listen(stream: IO[str], said: list[str]) -> None:
    said.extend(stream)


@pytest.fixture(scope="module")
def served(target: Target, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The ferry dataset on the page."""
    project = tmp_path_factory.mktemp("explored") / "ferry"
    shutil.copytree(FERRY / "seeds", project / "seeds")
    environment: dict[str, str] = {}
    if isinstance(target, ServerTarget):
        holding(request.getfixturevalue("session_store"), FERRY, "ferry")
        environment = {"NEO4J_URI": target.uri, "NEO4J_USERNAME": target.username, "NEO4J_PASSWORD": target.password}
    else:
        subprocess.run(negograph(project, {}, "load"), check=True, capture_output=True)
    with serving(project, environment) as found:
        yield found
        assert found.complaints == []
        assert found.elsewhere == []


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if path is None:
        missing("browser", "there is no Chromium")
    options = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
    with playwright.sync_playwright() as run:
        browser = run.chromium.launch(executable_path=path, args=[*options, "--disable-component-update", "--disable-sync"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def page(served: Served, chromium: Browser) -> Iterator[Page]:
    """A page that has the token of the run, and on which all errors and requests elsewhere are noted."""
    with opened(served, chromium) as found:
        yield found


@contextlib.contextmanager
def opened(served: Served, chromium: Browser, scheme: str = "light") -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    page.on("console", lambda told: served.complaints.append(told.text) if told.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: served.complaints.append(str(error)))
    page.on("request", lambda asked: _note(served, asked.url))
    page.goto(served.address)
    wait(page)
    yield page
    context.close()


def _note(served: Served, url: str) -> None:
    if not url.startswith((served.origin, served.origin.replace("http", "ws"), "data:")):
        served.elsewhere.append(url)


def wait(page: Page) -> None:
    """Wait until the page shows what it was asked for."""
    shown = "#answer table, #answer .quiet, #answer .items, #answer .chips, .said.error"
    page.locator(f".explore:not(.busy) :is({shown})").first.wait_for()


def go(served: Served, page: Page, address: str) -> None:
    page.goto(served.origin + address)
    wait(page)


def at(page: Page, address: str) -> None:
    """Wait until the page is at this address, which has no token."""
    page.wait_for_function("address => location.pathname + location.search === address", arg=address)


def rows(page: Page) -> int:
    return page.locator("#answer tbody tr").count()


@ONE
def test_it_starts_from_the_parties_and_where_each_stands_on_each_item(served: Served, page: Page) -> None:
    go(served, page, "/")
    at(page, "/")  # the token is not in it
    assert page.locator(".parties .chip").count() > 5
    night = page.locator("article.item").filter(has_text="Night ferry")
    assert "North" in night.inner_text()
    page.locator("#picture g.node").nth(5).wait_for()
    items = page.locator("article.item").count()
    page.locator("#until-slider").focus()
    page.keyboard.press("Home")
    page.wait_for_function("before => document.querySelectorAll('article.item').length < before", arg=items)
    page.wait_for_function("location.search.startsWith('?until=')")


KINDS = (
    *("timeline", "evidence.fact=isle-rejects-tolls", "demands.until=2021-05-10", "network.qualifier=conflict"),
    "standing.only_party=northbank.standing=against,open",
)
"""Recipes whose answers are tables: of acts, with entries, days, words and lists as parameters, and of the edges of a network."""

GRAPHS = ("chain.party=northbank.other=guild", "map")


def address_of(stem: str) -> str:
    name, *given = stem.split(".")
    return f"/recipe/{name}" + (f"?{'&'.join(given)}" if given else "")


@DATABASES
def test_each_recipe_opens_by_its_address(served: Served, page: Page) -> None:
    """With as many rows as were worked out by hand; a graph with lines to look at."""
    answers = {answer.stem: len(json.loads(answer.read_text(encoding="utf-8"))) for answer in ANSWERS}
    for stem in KINDS:
        go(served, page, address_of(stem))
        assert (stem, rows(page)) == (stem, answers[stem])
        assert page.locator("h1").inner_text() == RECIPES[stem.partition(".")[0]].title
    for stem in GRAPHS:
        go(served, page, address_of(stem))
        page.locator("#picture g.edge").first.wait_for()
        assert rows(page) >= page.locator("#picture g.edge").count() > 1


@DATABASES
def test_a_parameter_is_completed_by_name_and_alias_and_changed(served: Served, page: Page) -> None:
    go(served, page, "/recipe/positions")
    assert "Choose party" in page.locator("#answer").inner_text()
    offered = page.locator("#l-party option").evaluate_all("options => options.map((option) => option.value)")
    assert {"Middle Isle", "Northbank"} <= set(offered)
    page.locator("#p-party").fill("middle isle")
    page.keyboard.press("Enter")
    page.locator("#answer tbody tr").first.wait_for()
    at(page, "/recipe/positions?party=middle-isle")
    before = rows(page)
    assert page.locator("#p-party").input_value() == "Middle Isle"
    page.locator("#p-party").fill("Northbank")
    page.keyboard.press("Enter")
    page.wait_for_function("before => document.querySelectorAll('#answer tbody tr').length !== before", arg=before)
    at(page, "/recipe/positions?party=northbank")
    page.go_back()
    page.wait_for_function("before => document.querySelectorAll('#answer tbody tr').length === before", arg=before)
    at(page, "/recipe/positions?party=middle-isle")


@ONE
def test_a_name_that_nobody_has_is_said_beside_the_form(served: Served, page: Page) -> None:
    go(served, page, "/recipe/positions?party=Nortbank")
    assert "did you mean 'northbank'?" in page.locator(".said.error").inner_text()
    assert page.locator("#p-party").get_attribute("aria-invalid") == "true"
    go(served, page, "/recipe/positionz")
    assert "did you mean 'positions'?" in page.locator(".said.error").inner_text()


@DATABASES
def test_an_edge_leads_to_its_quote_in_one_click(served: Served, page: Page) -> None:
    go(served, page, "/recipe/positions?party=middle-isle")
    edge = page.locator("#picture g.edge[data-fact=isle-rejects-tolls]")
    edge.wait_for()
    edge.locator(".hit").evaluate("line => { line.dispatchEvent(new MouseEvent('click', {bubbles: true})) }")
    page.locator("#details blockquote").first.wait_for()
    shown = page.locator("#details").inner_text()
    assert re.search(r"seeds/\w+\.yaml:\d+", shown)
    assert "isle-rejects-tolls" in shown
    at(page, "/recipe/positions?party=middle-isle&look-at=facts%3Aisle-rejects-tolls")
    page.reload()  # the address opens the same
    page.locator("#details blockquote").first.wait_for()
    page.keyboard.press("Escape")
    page.locator("#details h2").wait_for(state="detached")


@ONE
def test_a_row_and_a_node_show_what_is_known_of_them(served: Served, page: Page) -> None:
    go(served, page, "/recipe/timeline")
    page.locator("#answer tbody tr button").first.focus()
    page.keyboard.press("Enter")
    page.locator("#details blockquote").first.wait_for()
    assert page.locator("#details .badge").first.inner_text()
    page.locator("#details .act > .quiet .link").first.click()  # who did it
    page.locator("#details .ask a").first.wait_for()
    page.locator("#details .ask a").filter(has_text="Positions of a party").click()
    page.locator("h1").filter(has_text="Positions of a party").wait_for()
    page.wait_for_function("location.search.startsWith('?party=')")


@DATABASES
def test_the_slider_moves_over_the_days_of_the_record(served: Served, page: Page) -> None:
    go(served, page, "/recipe/timeline")
    everything = rows(page)
    page.locator("#until-slider").focus()
    page.keyboard.press("Home")
    page.wait_for_function("before => document.querySelectorAll('#answer tbody tr').length < before", arg=everything)
    first = page.locator("#p-until").input_value()
    at(page, f"/recipe/timeline?until={first}")
    assert page.locator("#until-slider").get_attribute("aria-valuetext") == f"until {first}"
    page.keyboard.press("End")  # it still has the focus
    page.wait_for_function("before => document.querySelectorAll('#answer tbody tr').length === before", arg=everything)
    at(page, "/recipe/timeline")


@ONE
def test_whose_word_can_be_hidden(served: Served, page: Page) -> None:
    go(served, page, "/recipe/timeline")
    page.locator("#picture g.edge.alleged").first.wait_for()
    alleged, everything = page.locator("tr.alleged").count(), rows(page)
    assert 0 < alleged < everything
    page.locator("#f-alleged").uncheck()
    page.wait_for_function("count => document.querySelectorAll('#answer tbody tr').length === count", arg=everything - alleged)
    at(page, "/recipe/timeline?hide-word=alleged")
    page.locator("#picture g.edge.alleged").first.wait_for(state="detached")
    assert page.locator("#picture g.edge.own").count() > 0


@DATABASES
def test_the_cypher_of_what_is_shown_is_there_with_its_parameters(served: Served, page: Page) -> None:
    go(served, page, "/recipe/positions?party=northbank")
    page.locator("#cypher-summary").click()
    shown = page.locator("#cypher pre").inner_text()
    assert shown.startswith(":param party => 'northbank';\n")
    assert RECIPES["positions"].cypher.strip() in shown
    assert "negograph query positions -p party=northbank" in page.locator("#cypher").inner_text()


@ONE
def test_a_keyboard_reaches_the_answer_at_once(served: Served, page: Page) -> None:
    go(served, page, "/recipe/timeline")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the answer"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.locator("#details blockquote").first.wait_for()
    page.keyboard.press("Escape")
    page.locator("#details h2").wait_for(state="detached")
    page.wait_for_function("document.activeElement.matches('#answer td button')")  # where the person was before


@ONE
def test_recipes_are_searched(served: Served, page: Page) -> None:
    go(served, page, "/")
    page.locator("#search").fill("agree dis")
    assert page.locator("#recipes li:visible").all_inner_texts() == ["Network of agreement or disagreement"]
    page.locator("#search").fill("nothing of that kind")
    assert page.locator("#none-found").is_visible()


@ONE
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(served: Served, chromium: Browser, scheme: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed").Axe()
    addresses = ("/?look-at=node%3Anorthbank", "/recipe/positions?party=middle-isle&look-at=facts%3Aisle-rejects-tolls")
    with opened(served, chromium, scheme) as page:
        for address in addresses:
            go(served, page, address)
            page.locator("#details h2").wait_for()
            found = axe.run(page).response["violations"]
            serious = [(v["id"], [node["html"] for node in v["nodes"]]) for v in found if v["impact"] in ("serious", "critical")]
            assert (address, serious) == (address, [])


def asked(served: Served, path: str, **headers: str) -> tuple[int, str]:
    """The status that the server answers with, and what it says."""
    parts = urlsplit(served.origin)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
    connection.putrequest("GET", path, skip_host="Host" in headers)
    for name, value in headers.items():
        connection.putheader(name.replace("_", "-"), value)
    connection.endheaders()
    answer = connection.getresponse()
    status = answer.status
    said = "" if status == 101 else answer.read().decode()
    connection.close()
    return status, said


UPGRADE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec_WebSocket_Version": "13",
    "Sec_WebSocket_Key": "dGhlIHNhbXBsZSBub25jZQ==",
}


@ONE
def test_others_get_nothing(served: Served) -> None:
    socket = "/_nicegui_ws/socket.io/?EIO=4&transport=websocket"
    ours, secret = f"/{served.token}/", served.token
    assert asked(served, ours)[0] == 200
    for path, headers in [
        ("/wrong-token/", {}),
        ("/wrong-token/recipe/map", {}),
        ("/_nicegui/3.18.0/static/nicegui.js", {}),
        (ours, {"Host": "evil.example"}),
        (ours, {"Origin": "https://evil.example"}),
        ("/", {"Host": "evil.example"}),
    ]:
        status, said = asked(served, path, **headers)
        assert (path, status, secret in said) == (path, 403, False)
    status, said = asked(served, "/recipe/positions?party=northbank")  # what leads there knows nothing
    assert (status, "northbank" in said.lower(), secret in said) == (200, False, False)
    assert asked(served, ours + socket[1:], **UPGRADE, Origin=served.origin)[0] == 101
    for path, headers in [
        (socket, {"Origin": served.origin}),
        ("/wrong" + socket, {"Origin": served.origin}),
        (ours + socket[1:], {"Origin": "https://evil.example"}),
        (ours + socket[1:], {"Origin": served.origin, "Host": "evil.example"}),
    ]:
        assert asked(served, path, **UPGRADE, **headers)[0] == 403


HOSTILE = "<script>window.harmed = 1</script>\"'`</style>"


def large(folder: Path) -> Path:
    """A project of 300 nodes and 1,000 relationships, one of whose parties has a hostile name."""
    names = [HOSTILE, *(f"Party {number}" for number in range(1, 60))]
    parties = [{"id": f"p{number}", "kind": "state", "name": name} for number, name in enumerate(names)]
    items = [{"id": f"i{number}", "name": f"Proposal {number} {HOSTILE}"} for number in range(239)]
    facts = [
        {
            "id": f"f{number}",
            "action": "supported",
            "by": f"p{number * 7 % 60}",
            "what": f"i{(number * 7 + number // 60) % 239}",
            "date": "2024-05-10",
            "evidence": [{"document": "minutes", "quote": f"words {number} {HOSTILE}"}],
        }
        for number in range(1000)
    ]
    minutes = {"id": "minutes", "kind": "article", "name": HOSTILE, "date": "2024-06-01", "url": "https://example.org/?a=\"'<b>"}
    dataset = {"id": "large", "title": HOSTILE}
    (folder / "seeds").mkdir(parents=True)
    all_of_it = {"dataset": dataset, "parties": parties, "proposals": items, "documents": [minutes], "facts": facts}
    (folder / "seeds" / "all.yaml").write_text(json.dumps(all_of_it), encoding="utf-8")
    return folder


def seconds_to_the_picture(served: Served, page: Page) -> float:
    began = time.monotonic()
    page.goto(f"{served.origin}/recipe/map")
    page.locator("#picture g.node").first.wait_for()
    return time.monotonic() - began


@ONE
def test_a_large_and_hostile_graph_is_drawn_soon_and_does_no_harm(target: Target, chromium: Browser, tmp_path: Path) -> None:
    project = large(tmp_path / "large")
    subprocess.run(negograph(project, {}, "load"), check=True, capture_output=True)
    with serving(project, {}) as served, opened(served, chromium) as page:
        assert any(seconds_to_the_picture(served, page) < 3 for _ in range(3))  # other tests run beside it
        assert " are drawn, those in acts and the most connected first. Left out: " in page.locator("#picture-note").inner_text()
        page.locator("#answer tbody button").first.click()
        page.locator("#details blockquote").first.wait_for()
        go(served, page, "/?look-at=node%3Ap0")
        page.locator("#details .ask").wait_for()
        assert HOSTILE in page.locator("#details h2").inner_text()
        go(served, page, f"/recipe/positions?party={HOSTILE}")
        assert page.evaluate("window.harmed") is None
        assert (served.complaints, served.elsewhere) == ([], [])


@ONE
def test_what_is_loaded_meanwhile_is_in_the_next_answer(served: Served, page: Page) -> None:
    go(served, page, "/recipe/map")
    (served.project / "seeds" / "new.yaml").write_text("parties:\n  - {id: newcomers, kind: state, name: The newcomers}\n")
    subprocess.run(negograph(served.project, {}, "load"), check=True, capture_output=True)
    page.locator("#recipes .home").click()
    page.locator(".parties .chip").filter(has_text="The newcomers").wait_for()


@ONE
def test_it_is_what_browse_opens_where_the_files_of_browser_are_not_there(target: Target, tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    command = ("browse", "positions", "-p", "party=north")
    with serving(tmp_path, {"HOME": str(tmp_path)}, command) as served:
        assert served.address.partition("#")[0].endswith("/recipe/positions?party=north")
        assert asked(served, f"/{served.token}/recipe/positions")[0] == 200


@ONE
def test_without_the_extra_it_is_said_how_to_get_it(target: Target, tmp_path: Path) -> None:
    hidden = tmp_path / "without.py"
    script = "import sys\nsys.modules['nicegui'] = None\nfrom negograph.__main__ import run\nrun()\n"
    hidden.write_text(script, encoding="utf-8")
    command = [sys.executable, "-P", str(hidden), "explore", "--project", str(CHECKOUT), "--embedded"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (
        1,
        "error: the page needs NiceGUI, which is not installed: pip install 'negograph[explore]'\n",
    )
