"""`negograph browse` in a real Chromium: Neo4j Browser opens ready, on every database, and for its user alone."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
import yaml

from negograph.database.store import Store
from negograph.database.target import ServerTarget
from negograph.web.browser.files import find_browser
from tests.cli.test_cli import negograph
from tests.conftest import BROWSERS, CHECKOUT, FERRY, holding, interruptible, missing, recipes_in

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Dialog, Locator, Page

SHIPPED = recipes_in(CHECKOUT / "queries")
FOLDERS = ["the record", "positions", "relations", "the curation itself"]

HOSTILE_NAME = "<script>alert(1)</script> \"'`´«»"
HOSTILE = r"""// All that hurts: & # % + </script> 'é' "ü" \ \u
// It says what it is given. &amp; &#35; {"a": 1} ${x} => ; `tick`
// Parameter: said (text, required): anything
// Parameter: times (integer, default 2): how often

UNWIND range(1, $times) AS time
RETURN $said AS said, '100% & #1 + a\\b \'quoted\' "double" ?arg=x&cmd=play 中 🙂' AS own, time; // the end & #
"""
SAID = 'O\'Neill & "Söhne" #1 \\ 100% +\n`tick` </script> => $times 🙂'


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def browsing(project: Path, *words: str, **environment: str) -> Iterator[str]:
    """The address that the command prints; it runs meanwhile, and Ctrl-C ends it."""
    command = [sys.executable, "-P", "-m", "negograph", "browse", "--no-open", *words]
    env = {**os.environ, "NEGOGRAPH_TEXTS": "", **environment}
    process = subprocess.Popen(
        command, cwd=project, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=interruptible
    )
    assert process.stdout is not None
    try:
        address = process.stdout.readline().strip()
        if not address:
            pytest.fail(process.communicate()[1])
        yield address
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
        assert (process.returncode, out) == (0, ""), err
        assert "Traceback" not in err
    finally:
        process.kill()
        process.communicate()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if program is None:
        missing("browser", "there is no Chromium")
    if find_browser(None) is None:
        missing("browser", "the files of Neo4j Browser are not in Maven's local repository")
    options = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
    with playwright.sync_playwright() as run:
        browser = run.chromium.launch(executable_path=program, args=[*options, "--disable-component-update", "--disable-sync"])
        yield browser
        browser.close()


@dataclass
class Seen:
    """A page, and what happened on it: where it asked, and what went wrong."""

    page: Page
    asked: set[str] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)

    def refuse(self, dialog: Dialog) -> None:
        self.wrong.append(dialog.message)
        dialog.dismiss()


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    """A profile of its own."""
    context = chromium.new_context(viewport={"width": 1400, "height": 1000})
    context.set_default_timeout(30_000)
    yield context
    context.close()


def look(context: BrowserContext, address: str) -> Seen:
    """The page at an address, watched."""
    page = context.new_page()
    seen = Seen(page)
    page.on("request", lambda request: seen.asked.add(re.sub(r"(?<=[^/:])/.*", "", request.url)))
    page.on("websocket", lambda socket: seen.asked.add(re.sub(r"(?<=[^/:])/.*", "", socket.url)))
    page.on("console", lambda said: seen.wrong.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: seen.wrong.append(str(error)))
    page.on("dialog", seen.refuse)
    page.goto(address)
    return seen


def connected(seen: Seen) -> Page:
    seen.page.get_by_text("You are connected as user").wait_for(timeout=30_000)
    return seen.page


def run(page: Page, words: str) -> Locator:
    """Run what is in the editor, where these words stand; the frame with its answer."""
    page.get_by_test_id("editor-Run").click()
    frame = page.get_by_test_id("frame").filter(has=page.get_by_test_id("frameCommand").get_by_text(words)).first
    frame.wait_for()
    frame.get_by_test_id("spinner").first.wait_for(state="detached")
    return frame


def run_given(page: Page, words: str) -> Locator:
    """Run what Browser was given for its editor; the frame with its answer."""
    page.get_by_test_id("activeEditor").get_by_text(words).first.wait_for()
    return run(page, words)


def ask(page: Page, text: str) -> Locator:
    """Type a text into the editor and run it; the frame with its answer."""
    page.get_by_test_id("activeEditor").locator(".monaco-editor").first.click()
    page.keyboard.press("Control+A")
    page.keyboard.press("Delete")
    page.keyboard.insert_text(text)
    return run(page, text.partition("\n")[0][:30])


def table(frame: Locator) -> list[list[str]]:
    """The rows that a frame shows."""
    frame.locator("table tbody tr").first.wait_for()
    rows = frame.locator("table tbody tr").all()
    return [[cell.strip() for cell in row.locator("td").all_inner_texts()][1:] for row in rows]


def nodes(frame: Locator) -> dict[str, str]:
    """The captions of the nodes that a frame shows, as they are drawn, with their colours."""
    frame.locator("g.node text").first.wait_for()
    drawn: list[list[str]] = frame.locator("g.node").evaluate_all(
        "nodes => nodes.map(node => [[...node.querySelectorAll('text')].map(line => line.textContent).join(''),"
        " node.querySelector('circle.b-outline').getAttribute('fill')])"
    )
    assert len({caption for caption, _ in drawn}) == len(drawn)
    return {" ".join(caption.split()): colour for caption, colour in drawn}


def scripts(page: Page) -> dict[str, list[str]]:
    """The saved scripts by folder, as the sidebar lists them; those in none under nothing."""
    page.get_by_test_id("navigationFavorites").click()
    titles = page.locator("[data-testid^=scriptTitle-]")
    page.get_by_test_id("savedScriptsFolder-the record").wait_for()
    listed = {"": titles.all_inner_texts()}
    for folder in page.locator("[data-testid^=savedScriptsFolder-]").all():
        name = str(folder.get_attribute("data-testid")).removeprefix("savedScriptsFolder-")
        page.get_by_test_id(f"expandFolder-{name}").click()
        listed[name] = [title for title in titles.all_inner_texts() if title not in listed[""]]
        page.get_by_test_id(f"expandFolder-{name}").click()
    page.get_by_test_id("navigationFavorites").click()
    return listed


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped dataset with a hostile party, and a recipe with every character that ends something."""
    folder = tmp_path_factory.mktemp("browse") / "project"
    shutil.copytree(CHECKOUT / "seeds", folder / "seeds")
    party = json.dumps([{"id": "hostile", "name": HOSTILE_NAME, "kind": "state", "partner_of": "nato"}])
    (folder / "seeds" / "hostile.yaml").write_text(f"parties: {party}\n", encoding="utf-8")
    (folder / "queries").mkdir()
    (folder / "queries" / "hurts.cypher").write_text(HOSTILE, encoding="utf-8")
    done = negograph("load", "--embedded", "--project", folder)
    assert done.returncode == 0, done.stderr
    return folder


def by_group() -> dict[str, list[str]]:
    """The titles of the shipped recipes by their groups."""
    return {group: sorted(recipe.title for recipe in SHIPPED.values() if recipe.group == group) for group in FOLDERS}


AROUND_THE_DEMAND = {
    "Stop expansion": "#d678b8",  # the demand, by its shorter name
    "Guarantees": "#f4dcb4",  # the proposal that it is a part of
    "NATO expansion": "#e2bd2c",  # the issue that it hinders
    "Russian drafts": "#8f8571",  # the document that sets it out
    "Russia": "#8db7f0",
    "United States": "#8db7f0",
    "NATO": "#8db7f0",
}
"""What the recipe `item` shows of the demand that NATO does not expand, each under its whole caption, in its colour."""


def test_on_the_embedded_engine_it_opens_ready(project: Path, context: BrowserContext) -> None:
    port = free_port()
    with browsing(project, "item", "-p", "item=no-nato-expansion", "--embedded", "--port", str(port)) as address:
        assert address.startswith(f"http://127.0.0.1:{port}/browser/#token=")
        seen = look(context, address)
        page = connected(seen)  # no key was typed
        assert "token" not in page.url
        page.get_by_text("You are connected as user reader").wait_for()
        listed = scripts(page)
        assert {folder: titles for folder, titles in listed.items() if folder in FOLDERS} == by_group()
        assert listed["other"] == ["All that hurts: & # % + </script> 'é' \"ü\" \\ \\u"]
        frame = run_given(page, "One proposal or demand")
        assert nodes(frame) == AROUND_THE_DEMAND
        labels = frame.locator("g.relationship").all_text_contents()
        assert any(label.startswith("by implication") for label in labels)

        frame = ask(page, "MATCH (p:Party {id: 'hostile'}) RETURN p")
        assert [name.startswith("<script>alert") for name in nodes(frame)] == [True]  # it is so long a word that it is cut
        assert "not allowed" in ask(page, "CREATE (n:Party) RETURN n").inner_text()

        page.reload()
        connected(seen)  # again without a key
        kept_by_the_user(page)
        assert seen.wrong == []
        assert {re.sub(r"\d+$", "", host) for host in seen.asked} <= {"http://127.0.0.1:", "ws://127.0.0.1:"}
        assert "password" not in page.evaluate("JSON.stringify({...localStorage})")

    with browsing(project, "hurts", "-p", f"said={SAID}", "--embedded", "--port", str(port)) as address:
        page = connected(look(context, address))
        frame = run_given(page, "All that hurts")
        own = r"""100% & #1 + a\b 'quoted' "double" ?arg=x&cmd=play 中 🙂"""
        assert table(frame) == [[f'"{SAID}"', f'"{own}"', "1"], [f'"{SAID}"', f'"{own}"', "2"]]
        still_kept(page)


def kept_by_the_user(page: Page) -> None:
    """The user saves a script, changes a colour, and a setting."""
    ask(page, "// Mine\nRETURN 1 AS mine").get_by_test_id("frame-Favorite").click()
    ask(page, ":style node.Party {color: #123456;}")
    ask(page, ":config maxRows: 77")
    page.wait_for_timeout(1500)  # Browser writes what it keeps at most a second later


def still_kept(page: Page) -> None:
    listed = scripts(page)
    assert listed[""] == ["Mine"]
    assert {folder: titles for folder, titles in listed.items() if folder in FOLDERS} == by_group()
    frame = ask(page, "MATCH (n:Party|Issue {id: 'arms-control'}) RETURN n UNION MATCH (n:Party {id: 'russia'}) RETURN n")
    assert nodes(frame) == {"Russia": "#123456", "Arms control": "#e2bd2c"}
    assert page.evaluate("JSON.parse(localStorage['neo4j.settings']).maxRows") == 77


@pytest.fixture
def server(target: ServerTarget, session_store: Store) -> dict[str, str]:
    """The environment that names a server with the fictional dataset."""
    holding(session_store, FERRY, "ferry")
    return {"NEO4J_URI": target.uri, "NEO4J_USERNAME": target.username, "NEO4J_PASSWORD": target.password}


SERVERS = pytest.mark.parametrize("target", ["neo4j-5.26", "neo4j-2026.09"], indirect=True)

AROUND_THE_LEAGUE = {
    "River League": "#8db7f0",
    "Northbank": "#8db7f0",
    "Southbank": "#8db7f0",
    "Étoile Ferries": "#8db7f0",
    "Toll-free days": "#f4dcb4",
    "Bridge": "#f4dcb4",
    "Quay pact": "#f4dcb4",
    "e-ticket": "#f4dcb4",
    "Dredging": "#e2bd2c",
    "Tolls": "#e2bd2c",
    "The secretary of the River League": "#3cc47a",
}
"""What the recipe `neighbourhood` shows of the fictional river league, as in tests/data/ferry/answers."""


@SERVERS
def test_on_a_server_only_the_password_is_to_be_typed(
    target: ServerTarget, server: dict[str, str], context: BrowserContext
) -> None:
    words = ["neighbourhood", "-p", "party=league", "--port", str(free_port())]
    with browsing(FERRY, *words, **server) as address:
        with urllib.request.urlopen(request_for_what_is_given(address)) as answer:
            assert '"password": ""' in answer.read().decode()
        seen = look(context, address)
        page = log_in(seen, target)
        assert scripts(page).items() >= by_group().items()
        assert nodes(run_given(page, "Neighbourhood of a party")) == AROUND_THE_LEAGUE
        page.wait_for_timeout(1500)  # Browser writes what it keeps at most a second later
        assert f'"{target.password}"' not in page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
        assert seen.wrong == []
        assert {re.sub(r"\d+$", "", host) for host in seen.asked} <= {"http://127.0.0.1:", "ws://127.0.0.1:", "ws://localhost:"}


def log_in(seen: Seen, target: ServerTarget) -> Page:
    """Type the password, and nothing else."""
    form = {name: seen.page.get_by_test_id(name) for name in ("boltaddress", "username", "password")}
    form["password"].fill(target.password)
    assert [form[name].input_value() for name in ("boltaddress", "username")] == [target.uri.partition("://")[2], target.username]
    seen.page.get_by_test_id("connect").click()
    return connected(seen)


DROP = """([name, content]) => {
  const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
  const dropped = new DataTransfer();
  dropped.items.add(new File([bytes], name));
  document.querySelector("[data-testid=main]").dispatchEvent(new DragEvent("drop", { bubbles: true, dataTransfer: dropped }));
}"""


@pytest.mark.parametrize("target", ["neo4j-5.26"], indirect=True)
def test_without_its_files_the_browser_of_the_server_is_opened(
    target: ServerTarget, server: dict[str, str], context: BrowserContext, tmp_path: Path
) -> None:
    words = ["browse", "neighbourhood", "-p", "party=league", "--no-open"]
    done = negograph(*words, cwd=FERRY, **server, HOME=str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert "mvn dependency:get -Dartifact=org.neo4j.client:neo4j-browser:5.24.0" in done.stderr
    assert "negograph export style" in done.stderr
    assert f":{target.password}" not in done.stdout
    place, _, rest = done.stdout.strip().partition("/browser/")
    assert place.startswith(f"http://{urlsplit(target.uri).hostname}:")
    seen = look(context, BROWSERS[target.uri] + rest)  # a container serves it at another port than it knows
    page = log_in(seen, target)
    for what, name in (("style", "negograph.grass"), ("browser-scripts", "recipes.zip")):
        assert negograph("export", what, "--output", tmp_path / name).returncode == 0
        page.evaluate(DROP, [name, base64.b64encode((tmp_path / name).read_bytes()).decode()])
    assert nodes(run_given(page, "Neighbourhood of a party")) == AROUND_THE_LEAGUE
    assert scripts(page).items() >= by_group().items()

    # What docker-compose.yml has Browser run at login, and then a recipe whose parameters all have defaults.
    compose = yaml.safe_load((CHECKOUT / "docker-compose.yml").read_text(encoding="utf-8"))
    command = compose["services"]["neo4j"]["environment"]["NEO4J_browser_post__connect__cmd"]
    ask(page, f":{command}").get_by_text("Successfully set your parameters").wait_for()
    by_hand = json.loads((FERRY / "answers" / "brokers.json").read_text(encoding="utf-8"))
    assert len(table(ask(page, SHIPPED["brokers"].cypher))) == len(by_hand)


@pytest.fixture(scope="module")
def served(project: Path) -> Iterator[str]:
    """The address of a server that runs for a module."""
    if find_browser(None) is None:
        missing("browser", "the files of Neo4j Browser are not in Maven's local repository")
    with browsing(project, "--embedded", "--port", str(free_port())) as address:
        yield address


def request_for_what_is_given(address: str, **headers: str) -> urllib.request.Request:
    """The request that the first page makes."""
    place, token = address.split("#token=")
    return urllib.request.Request(
        f"{place.removesuffix('browser/')}given", method="POST", headers={"X-Negograph-Token": token, **headers}
    )


def status(request: urllib.request.Request | str) -> int:
    try:
        with urllib.request.urlopen(request) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def test_nobody_else_is_given_anything(served: str) -> None:
    with urllib.request.urlopen(request_for_what_is_given(served)) as answer:
        given = json.loads(answer.read())
    (login,) = given["connections"]["connectionsById"].values()
    assert (login["username"], len(login["password"]) > 20) == ("reader", True)

    port = served.split(":")[2].partition("/")[0]
    rebound, foreign = {"Host": f"rebound.example:{port}"}, {"Origin": "https://foreign.example"}
    for headers in (
        {"X-Negograph-Token": "guessed"},
        {"X-Negograph-Token": ""},
        rebound,
        foreign,
        {"Host": f"127.0.0.1:{int(port) + 1}"},
    ):
        assert status(request_for_what_is_given(served, **headers)) == 403
    page = served.partition("#")[0]
    for headers in (rebound, foreign, {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}):
        for address in (page, f"{page}index.html", f"{page}start.js"):
            assert status(urllib.request.Request(address, headers=headers)) == 403


def test_only_browser_is_served_and_asks_nobody(served: str) -> None:
    page = served.partition("#")[0]
    with urllib.request.urlopen(f"{page}index.html") as answer:
        policy = answer.headers["Content-Security-Policy"]
        assert b"Neo4j Browser" in answer.read()
    assert re.search(r"; connect-src 'self' ws://127\.0\.0\.1:\d+$", policy)
    assert "unsafe-eval" not in policy
    assert "script-src" not in policy  # so that what comes from the server itself runs, and nothing else
    for path in ("preview/index.html", "../META-INF/MANIFEST.MF", "%2e%2e/META-INF/MANIFEST.MF", "nothing", "assets/"):
        assert status(page + path) == 404


def test_who_connects_from_elsewhere_finds_nobody(served: str) -> None:
    port = int(served.split(":")[2].partition("/")[0])
    others = {str(info[4][0]) for info in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)} - {"127.0.0.1"}
    for address in {*others, "127.0.0.2"}:
        with pytest.raises(OSError, match=r".*"), socket.create_connection((address, port), timeout=5):
            pass
