"""The bytes of a YAML file as text, and as a tree, with what is wrong with its form."""

import json
import re

import yaml

from negograph.parsing.builder import Builder, Unbuildable
from negograph.parsing.yaml_errors import explain
from negograph.parsing.yaml_tree import Scalar, Value
from negograph.problems.problem import Position, Problem
from negograph.text.characters import LINE_SEPARATORS, lines_of, named

_NOTHING_BUT_BLANKS = re.compile(r"^[ \t]++(?=#|\r?$)", re.MULTILINE)


def read_yaml(name: str, content: bytes) -> tuple[Value | None, list[Problem]]:
    """The one YAML document in a file's content, or None where it is empty or not valid, and the problems.

    Never raises for what the content is.
    """
    text = _decode(name, content)
    if isinstance(text, Problem):
        return None, [text]
    separators = _line_separators(name, text)
    text = LINE_SEPARATORS.sub(" ", text)
    value, problems = _built(name, text)
    if any(problem.code == "tab" for problem in problems):  # the parser refuses it also where it indents nothing
        value, problems = _built(name, _NOTHING_BUT_BLANKS.sub(lambda tabs: " " * len(tabs[0]), text))
    return value, [*separators, *problems]


def decode_anyhow(content: bytes) -> str:
    """A text for a file in any encoding, in which ids can be seen."""
    return content.decode(_other_encoding(content) or "utf-8", "replace")


def _decode(name: str, content: bytes) -> str | Problem:
    if (encoding := _other_encoding(content)) is not None:
        return Problem(Position(name, 1, 1), "not-utf-8", f"the file is encoded as {encoding[:6].upper()}; save it as UTF-8")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = lines_of(error.object[: error.start].decode("utf-8-sig", "replace"))
        place = Position(name, len(before), len(before[-1]) + 1)
        return Problem(place, "not-utf-8", f"byte 0x{error.object[error.start]:02x} is not UTF-8; save the file as UTF-8")


def _other_encoding(content: bytes) -> str | None:
    """What a file is in that is not in UTF-8, by its byte order mark, or by NULs where UTF-16 has them in Latin letters."""
    encoding = json.detect_encoding(content)
    marked = encoding in ("utf-16", "utf-32")
    return encoding if marked or ("utf-8" not in encoding and len(content) / 3 < content.count(0) < len(content)) else None


def _line_separators(name: str, text: str) -> list[Problem]:
    """The first character of each line that ends one for YAML; more of them would say the same."""
    if LINE_SEPARATORS.search(text) is None:
        return []
    found = ((number, match) for number, line in enumerate(lines_of(text), 1) if (match := LINE_SEPARATORS.search(line)))
    message = "the character {} ends a line for YAML and for no editor; delete it"
    return [
        Problem(Position(name, number, match.start() + 1), "invisible-character", message.format(named(match[0])))
        for number, match in found
    ]


def _built(name: str, text: str) -> tuple[Value | None, list[Problem]]:
    builder = Builder(name, text)
    try:
        value = builder.build()
    except Unbuildable:
        return None, builder.problems
    except yaml.YAMLError as error:
        return None, [*builder.problems, explain(error, text, name)]
    return None if isinstance(value, Scalar) and value.empty else value, builder.problems
