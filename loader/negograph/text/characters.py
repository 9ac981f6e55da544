"""Characters: those that nobody sees, those that look alike, and how texts are escaped for each kind of output."""

import json
import re
import unicodedata
from collections.abc import Callable, Sequence
from html import escape
from typing import Any

_INVISIBLE = (
    "\u0000-\u0008", "\u000e-\u001f", "\u007f-\u0084", "\u0086-\u009f",  # controls other than white space
    "\u00ad", "\u034f", "\u061c", "\u115f", "\u1160", "\u17b4", "\u17b5", "\u180b-\u180e", "\u200b", "\u200e", "\u200f",
    "\u202a-\u202e", "\u2060-\u206f", "\u3164", "\ufeff", "\uffa0", "\ufff9-\ufffb", "\U0001d173-\U0001d17a",
    "\U000e0000-\U000e0fff",
)  # fmt: skip
INVISIBLE = re.compile(f"[{''.join(_INVISIBLE)}\u000b-\u000d\u0085\u2028\u2029\ufdd0-\ufdef\ufffe\uffff]")
"""What no value may hold: characters without a shape (controls, zero-width blanks, marks of direction, soft hyphens, fillers,
tags), ends of lines that no editor shows, and what Unicode says is no character.

The joiners U+200C and U+200D are none of them: Persian and several Indian scripts need them.
"""

LINE_SEPARATORS = re.compile("[\u0085\u2028\u2029]")
"""What YAML takes for the end of a line and no editor does, so that all after it would stand in another line."""

WITHOUT_INVISIBLE = {code: "" for part in _INVISIBLE for code in range(ord(part[0]), ord(part[-1]) + 1)}
"""A table for `str.translate` that drops them: over a long text, much faster than the pattern."""

JOINERS = re.compile("[\u200c\u200d]")

_NOT_IN_XML = re.compile("[\u0000-\u0008\u000b\u000c\u000e-\u001f\ud800-\udfff\ufffe\uffff]")

_SCRIPT = re.compile("LATIN|CYRILLIC|GREEK|ARMENIAN|CHEROKEE|HEBREW|ARABIC|GEORGIAN|COPTIC")
_LOOKING_LIKE = str.maketrans({
    "а": "a", "в": "b", "е": "e", "к": "k", "м": "m", "н": "h", "о": "o", "р": "p", "с": "c", "т": "t", "у": "y", "х": "x",
    "і": "i", "ї": "i", "ј": "j", "ѕ": "s", "ԁ": "d", "һ": "h", "ԛ": "q", "ԝ": "w", "ѵ": "v", "ӏ": "l",
    "α": "a", "β": "b", "ε": "e", "ζ": "z", "η": "n", "ι": "i", "κ": "k", "μ": "u", "ν": "v", "ο": "o", "ρ": "p", "τ": "t",
    "υ": "u", "χ": "x", "γ": "y", "ω": "w",
    "օ": "o", "ո": "n", "ս": "u", "հ": "h", "յ": "j", "ı": "i", "ɡ": "g", "ſ": "s",
})  # fmt: skip
"""Letters that are read as a Latin one, small letters only: the visually confusable ones of Unicode's UTS 39 for the scripts
that ids are mixed from by accident."""

_LINE_END = re.compile("\r\n|\r|\n")
_HYPHEN_IN_WORD = re.compile(r"-(?<=[^\W\d]-)(?=[^\W\d])")  # the literal first: it is what is searched for


def scripts(word: str) -> list[str]:
    """The scripts that the letters of a word are of, in their order: ["Latin", "Cyrillic"]."""
    names = (unicodedata.name(letter, "") for letter in word if letter.isalpha())
    found = (match[0].capitalize() for name in names if (match := _SCRIPT.match(name)))
    return list(dict.fromkeys(found))


def skeleton(word: str) -> str:
    """What a word looks like at a glance: equal for two words that are easily taken for each other.

    A hyphen beside a digit counts: `round-1-11` is not `round-11-1`.
    """
    folded = word.lower() if word.isascii() else unicodedata.normalize("NFKC", word).casefold().translate(_LOOKING_LIKE)
    return _HYPHEN_IN_WORD.sub("", folded.replace("_", "-").replace(".", "-"))


def lines_of(text: str) -> list[str]:
    """The lines of a text as editors count them, without their ends: a form feed or U+2028 ends none."""
    return _LINE_END.split(text)


def in_xml(text: str) -> str:
    """The text without what XML, and so a spreadsheet and GraphML, cannot hold: most controls, halves of characters."""
    return _NOT_IN_XML.sub("", text)


def cleaned(text: str) -> str:
    """The text without characters that nobody sees, in normalisation form C."""
    return unicodedata.normalize("NFC", INVISIBLE.sub("", text))


def named(character: str) -> str:
    """How to speak of a character that cannot be shown: U+200B ZERO WIDTH SPACE."""
    return f"U+{ord(character):04X} {unicodedata.name(character, '')}".strip()


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


_SHOWN = 5


def some(things: Sequence[str]) -> str:
    """A few of some things in words, and how many more there are."""
    more = f" and {len(things) - _SHOWN} more" if len(things) > _SHOWN else ""
    return "; ".join(things[:_SHOWN]) + more
