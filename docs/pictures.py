"""Makes the pictures of README and the docs from the real thing: Neo4j Browser, the page of explore, and the report.

    make pictures

It loads the shipped seeds into the embedded engine in a folder of its own, runs the commands, and looks at what they show in
Chromium. The files of Neo4j Browser have to be in Maven's local repository.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from playwright.sync_api import Page

CHECKOUT = Path(__file__).parents[1]
PICTURES = CHECKOUT / "docs" / "pictures"
REJECTED = 'path[data-type="REJECTED"]'
_OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]


def main() -> None:
    """Make all pictures anew."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        project = Path(folder) / "project"
        shutil.copytree(CHECKOUT / "seeds", project / "seeds")
        _run(project, "load")
        _run(project, "report")
        program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
        browser = playwright.chromium.launch(executable_path=program, args=_OPTIONS)
        try:
            for take in (_browser, _page, _report):
                context = browser.new_context(viewport={"width": 1280, "height": 800}, color_scheme="light")
                take(context.new_page(), project)
                context.close()
        finally:
            browser.close()


def _browser(page: Page, project: Path) -> None:
    with _served(project, "browse", "map") as address:
        page.goto(address)
        page.get_by_text("You are connected as user").wait_for(timeout=60_000)
        page.get_by_test_id("editor-Run").click()
        page.locator("g.node").first.wait_for()
        page.wait_for_timeout(5000)  # until the nodes have come to rest
        page.screenshot(path=PICTURES / "browser.png")


def _page(page: Page, project: Path) -> None:
    with _served(project, "explore") as address:
        page.goto(address)
        edge = page.locator("g.edge.alleged").first
        edge.wait_for(timeout=60_000)
        edge.focus()
        page.keyboard.press("Enter")
        page.get_by_text("did not contain a positive reaction").first.wait_for()
        page.wait_for_timeout(500)
        page.screenshot(path=PICTURES / "explore.png")


def _report(page: Page, project: Path) -> None:
    page.set_viewport_size({"width": 1000, "height": 900})
    page.goto((project / "report.html").as_uri())
    page.screenshot(path=PICTURES / "report.png")


@contextlib.contextmanager
def _served(project: Path, *words: str) -> Iterator[str]:
    """The address that a command prints, which runs meanwhile."""
    process = subprocess.Popen(_command(*words, "--no-open"), cwd=project, env=_environment(), text=True, stdout=subprocess.PIPE)
    assert process.stdout is not None
    try:
        yield process.stdout.readline().strip()
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=30)


def _run(project: Path, *words: str) -> None:
    subprocess.run(_command(*words), cwd=project, env=_environment(), check=True)


def _command(*words: str) -> list[str]:
    return [sys.executable, "-P", "-m", "negograph", *words, "--embedded"]


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("NEO4J_")}


if __name__ == "__main__":
    main()
