"""Recipes in Neo4j's own tools: each file runs as it is in cypher-shell and in Neo4j Browser, once its parameters are set."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from negograph.database.cypher_text import returned_columns
from negograph.database.store import Store
from negograph.database.target import ServerTarget
from negograph.recipes.check import values_of
from negograph.recipes.recipe import as_commands
from tests.conftest import BROWSERS, FERRY, holding, missing
from tests.recipes.test_recipe import ANSWERS, RECIPES, recipe_and_parameters

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

MARKER = "what follows is the answer of"
SERVERS = pytest.mark.parametrize("target", ["neo4j-5.26", "neo4j-2026.09"], indirect=True)


@pytest.fixture
def ferry(session_store: Store) -> Store:
    return holding(session_store, FERRY, "ferry")


def parameter_lines(store: Store, path: Path) -> str:
    """What `negograph query --params` prints for the parameters of a file of answers."""
    recipe, given = recipe_and_parameters(path)
    return as_commands(values_of(store, recipe, given))


@SERVERS
def test_every_recipe_runs_in_cypher_shell(target: ServerTarget, ferry: Store, tmp_path: Path) -> None:
    shell = shutil.which("cypher-shell")
    if shell is None:
        missing("cypher-shell", "cypher-shell is not on the path")
    script = "".join(
        f"RETURN '{MARKER} {path.stem}';\n{parameter_lines(ferry, path)}\n{recipe_and_parameters(path)[0].cypher}"
        for path in ANSWERS
    )
    (tmp_path / "all.cypher").write_text(script, encoding="utf-8")
    login = ["-a", target.uri, "-u", target.username, "-p", target.password]
    done = subprocess.run(
        [shell, *login, "--format", "plain", "-f", str(tmp_path / "all.cypher")],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    found = re.split(rf'''.*\n"{MARKER} (.*)"\n''', done.stdout)[1:]
    answers = dict(zip(found[::2], found[1::2], strict=True))
    assert answers.keys() == {path.stem for path in ANSWERS}
    for path in ANSWERS:
        expected = json.loads(path.read_text(encoding="utf-8"))
        lines = answers[path.stem].splitlines()
        assert len(lines) == (len(expected) + 1 if expected else 0), path.stem
        if expected:
            assert lines[0] == ", ".join(returned_columns(recipe_and_parameters(path)[0].cypher))


@pytest.fixture
def page(target: ServerTarget, ferry: Store) -> Iterator[Page]:
    """Neo4j Browser in Chromium, logged in."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if chromium is None:
        missing("browser", "there is no Chromium")
    if target.uri not in BROWSERS:
        missing("browser", "nothing tells where the server serves Neo4j Browser")
    options = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
    with playwright.sync_playwright() as run:
        browser = run.chromium.launch(executable_path=chromium, args=[*options, "--disable-component-update", "--disable-sync"])
        page = browser.new_page(viewport={"width": 1400, "height": 1000})
        page.goto(f"{BROWSERS[target.uri]}?dbms={target.uri.replace('://', '://neo4j@')}&db=neo4j")
        page.get_by_test_id("password").fill(target.password)
        page.get_by_test_id("connect").click()
        page.get_by_text("You are connected as user").wait_for(timeout=30_000)
        yield page
        browser.close()


def run_in_browser(page: Page, text: str) -> None:
    """Put a text into the editor, run it, and wait for its answer."""
    page.get_by_test_id("activeEditor").locator(".monaco-editor").first.click()
    page.keyboard.press("Control+A")
    page.keyboard.press("Delete")
    page.keyboard.insert_text(text)
    frames = page.get_by_test_id("frame").count()
    page.get_by_test_id("editor-Run").click()
    page.wait_for_function("count => document.querySelectorAll('[data-testid=frame]').length > count", arg=frames)
    page.get_by_test_id("spinner").first.wait_for(state="detached")


def set_in_browser(page: Page, lines: str) -> None:
    """Set parameters; each line that was carried out gets a tick, one alone a sentence."""
    run_in_browser(page, lines)
    frame, count = page.get_by_test_id("frame").first, len(lines.splitlines())
    if count == 1:
        frame.get_by_text("Successfully set your parameters").wait_for()
    else:
        frame.locator(".fa-check-square-o").nth(count - 1).wait_for()


IN_BROWSER = [
    "overview",
    "network.attribution=own,reported,alleged.since=2021-03-01.min_statements=3",
    "demands.until=2021-05-10",
    "positions.party=middle-isle",
    "neighbourhood.party=league",
    "chain.party=northbank.other=guild",
]
"""Tables and graphs, with parameters of every kind: none, texts, lists, days, numbers and nothing."""


@pytest.mark.parametrize("target", ["neo4j-5.26"], indirect=True)
def test_recipes_run_in_neo4j_browser(page: Page, ferry: Store) -> None:
    for path in (path for path in ANSWERS if path.stem in IN_BROWSER):
        recipe, _ = recipe_and_parameters(path)
        expected = json.loads(path.read_text(encoding="utf-8"))
        if lines := parameter_lines(ferry, path):
            set_in_browser(page, lines)
        run_in_browser(page, recipe.cypher)
        frame = page.get_by_test_id("frame").first
        assert recipe.title in frame.get_by_test_id("frameCommand").inner_text()
        if recipe.result == "graph":
            shows_graph(frame, *graph_parts(recipe.name, expected))
        else:
            shows_table(frame, list(returned_columns(recipe.cypher)), len(expected))


def graph_parts(recipe: str, expected: list[list[str]]) -> tuple[int, int]:
    """How many nodes and relationships a graph has, by its answer as it is written down."""
    if recipe == "chain":  # node, type, owner, node, ...
        steps = {tuple(chain[index : index + 4]) for chain in expected for index in range(0, len(chain) - 1, 3)}
        return len({node for chain in expected for node in chain[::3]}), len(steps)
    return len({row[0] for row in expected} | {row[5] for row in expected}), len(expected)


def shows_graph(frame: Locator, nodes: int, relationships: int) -> None:
    """Browser adds the relationships between the nodes that it shows."""
    frame.locator("g.node").first.wait_for()
    assert frame.locator("g.node").count() == nodes
    assert frame.locator("g.relationship").count() >= relationships


def shows_table(frame: Locator, columns: list[str], rows: int) -> None:
    frame.locator("table tbody tr").first.wait_for()
    assert frame.locator("table tbody tr").count() == rows
    heads = [head.strip() for head in frame.locator("table thead th").all_inner_texts()]
    assert [head for head in heads if head] == columns


def test_the_files_with_answers_are_those_of_recipes() -> None:
    assert {path.stem.partition(".")[0] for path in ANSWERS} <= RECIPES.keys()
