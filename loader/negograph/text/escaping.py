"""Texts that others wrote, in the form that each kind of output can hold: they are shown as they are, and control nothing.

What is curated, what a file is called, and what a database answers may hold anything: characters that control a terminal or
hide others, the beginning of a command to a CI system that reads the log, a formula, Markdown. A function a kind of output.
"""

import json
import re
from collections.abc import Callable
from html import escape
from typing import Any

from negograph.text.characters import INVISIBLE

_HIDDEN = re.compile(f"(?![\n\t])(?:{INVISIBLE.pattern}|[\u000b-\u000d\u0085\u2028\u2029\ud800-\udfff\ufff0-\ufff8\ufffe\uffff])")
"""Characters that control a terminal, change the direction of writing, begin a line, are invisible, or are half of one."""

_BREAKING = re.compile("[\n\t]")

_LINE_COMMAND = re.compile(r"^([^\S\n]*):(?=:)", re.MULTILINE)
_COMMAND = re.compile(r"#(?=#\w*\[)")
"""What CI systems take for commands in a log: `::` at the beginning of a line; `##[`, `##vso[`, `##teamcity[` anywhere."""

_PARTING = re.compile("[;\t\n]")
"""What parts cells elsewhere."""

_BEGINS_FORMULA = r"(?:[=+\-@\uff1d\uff0b\uff0d\uff20]|::)"
_FORMULA = re.compile(rf"^(?=[\t\n]|\s*{_BEGINS_FORMULA})|(?:;|(?<!\s)\s)\s*+(?={_BEGINS_FORMULA})")
"""Where a spreadsheet may begin to read a formula: at the beginning of a cell, and behind what parts cells elsewhere.

All blanks before a formula are one match, so that many of them are read once and not from each.
"""

_MARKDOWN = {letter: f"\\{letter}" for letter in "\\`*_{}[]<>|~&$"} | {
    "@": "@&#8203;",  # a blank of no width behind it: it calls nobody, and # links to no issue
    "#": "\\#&#8203;",
    "\n": "<br>",
    "\t": " ",
}
_LINK = re.compile(r"(?<=:)(?=//)|(?<=www\.)(?=\S)|(?<=GH-)(?=\d)", re.IGNORECASE)
"""Where a text would become a link by itself."""


def visible(text: str) -> str:
    """A text, of lines maybe, in which everything is seen: an escape character is shown as <U+001B>."""
    return _HIDDEN.sub(_named, text)


def in_line(text: str) -> str:
    """A text as part of a line: everything in it is seen, and it begins no new line."""
    return _BREAKING.sub(_named, visible(text))


def for_terminal(text: str) -> str:
    """A whole output for a terminal or a log, neither of which it controls."""
    return _COMMAND.sub(_named, _LINE_COMMAND.sub(r"\1<U+003A>", visible(text)))


def in_workflow_command(text: str, also: str = "") -> str:
    """A value of a command to GitHub: what would end it, and the letters in `also`, in percent."""
    shown = _COMMAND.sub(_named, visible(text))
    return "".join(f"%{ord(letter):02X}" if letter in "%\n" + also else letter for letter in shown)


def in_json(value: Any, default: Callable[[Any], Any] | None = None, indent: int | None = 2) -> str:
    """A value as JSON for a terminal, a log or a file; `default` gives values for what JSON has not."""
    text = json.dumps(value, ensure_ascii=False, indent=indent, default=default)
    return _COMMAND.sub(r"\\u0023", _HIDDEN.sub(lambda found: json.dumps(found[0])[1:-1], text))


def in_csv(text: str) -> str:
    """A text as a cell of CSV: before what a spreadsheet would take for a formula, an apostrophe."""
    return _COMMAND.sub(_named, _FORMULA.sub(_without_formula, visible(text)))


def in_markdown(text: str) -> str:
    """A text as part of a line of Markdown, which shows it as it is; it links to nothing and calls nobody."""
    escaped = "".join(_MARKDOWN.get(letter, letter) for letter in visible(text.replace("\r\n", "\n")))
    return _LINK.sub("&#8203;", escaped)


def in_markdown_code(text: str) -> str:
    """A text as code within a line of Markdown."""
    code = _COMMAND.sub(_named, in_line(text))
    fence = "`" * (1 + max(map(len, re.findall("`+", code)), default=0))
    blank = " " if code.startswith("`") or code.endswith("`") else ""
    return f"{fence}{blank}{code}{blank}{fence}" if code else ""


def in_html(text: str) -> str:
    """A text as part of HTML or SVG."""
    return escape(visible(text))


def xml_for_logs(document: str) -> str:
    """An XML document that says the same, and can be read in a terminal or a log."""
    hidden = _HIDDEN.sub(lambda found: f"&#{ord(found[0])};", document)
    return _COMMAND.sub("&#35;", _LINE_COMMAND.sub(r"\1&#58;", hidden))


def _without_formula(found: re.Match[str]) -> str:
    """An apostrophe at the beginning of a cell, where nothing stands yet, or behind all that parts cells."""
    return _PARTING.sub(r"\g<0>'", found[0]) if found[0] else "'"


def _named(found: re.Match[str]) -> str:
    return f"<U+{ord(found[0]):04X}>"
