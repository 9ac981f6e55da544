"""The pages of the documentation, and the examples in them."""

from __future__ import annotations

import re

from tests.conftest import CHECKOUT

FILES = (
    "README.md",
    "SECURITY.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    *(f"docs/{p.name}" for p in (CHECKOUT / "docs").glob("*.md")),
)
PAGES = {name: (CHECKOUT / name).read_text(encoding="utf-8") for name in sorted(FILES)}


def typed_lines(start: str) -> list[str]:
    """Every different line in an indented block of any page that begins so, without what follows a #."""
    lines = re.findall(rf"^    ({re.escape(start)}.*)", "\n".join(map(_unfenced, PAGES.values())), re.MULTILINE)
    return list(dict.fromkeys(line.split(" #")[0].strip() for line in lines))


def inline_code() -> list[str]:
    """Everything different that stands between backticks within a line of any page."""
    return list(dict.fromkeys(re.findall(r"(?<!`)`([^`\n]+)`(?!`)", "\n".join(map(_unfenced, PAGES.values())))))


def fenced(page: str, language: str, start: str = "") -> list[str]:
    """The fenced examples of a page that are of a language and begin so."""
    return [text for text in re.findall(rf"```{language}\n(.*?)```", PAGES[page], re.DOTALL) if text.startswith(start)]


def _unfenced(text: str) -> str:
    return re.sub(r"```.*?```", "", text, flags=re.DOTALL)
