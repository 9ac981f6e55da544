"""Each link from a page to a file or a heading of the project leads there."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

import pytest

from tests.conftest import CHECKOUT
from tests.docs.pages import PAGES, inline_code

LINKS = [(name, link) for name, text in PAGES.items() for link in re.findall(r"\]\(([^)\s]+)\)", text)]


def anchors(text: str) -> set[str]:
    """The anchors that GitHub gives to the headings of a page."""
    headings = re.findall(r"^#+ (.+)", re.sub(r"```.*?```", "", text, flags=re.DOTALL), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize(("name", "link"), [link for link in LINKS if "://" not in link[1]])
def test_a_link_leads_somewhere(name: str, link: str) -> None:
    path, _, anchor = link.partition("#")
    target = (CHECKOUT / PurePosixPath(name).parent / path).resolve() if path else CHECKOUT / name
    assert target.exists()
    assert not anchor or anchor in anchors(target.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", [code for code in inline_code() if re.match(r"(loader|docs|tests)/[\w/.]*$", code)])
def test_a_path_named_in_a_sentence_exists(path: str) -> None:
    assert (CHECKOUT / path).exists()


def test_every_page_is_linked_from_readme() -> None:
    assert set(PAGES) - {link for name, link in LINKS if name == "README.md"} == {"README.md"}


def test_folders_in_the_readme_exist() -> None:
    for path in re.findall(r"^\| `([\w/]+/)` \|", PAGES["README.md"], re.MULTILINE):
        assert (CHECKOUT / path).is_dir()
