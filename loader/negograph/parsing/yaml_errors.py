"""What a YAML parser stumbles over, as the mistake that a person made: where it is, and how to fix it."""

import contextlib
import re
from collections import deque
from collections.abc import Iterator
from itertools import takewhile
from typing import TypeAlias

import yaml

from negograph.problems.problem import Position, Problem
from negograph.text.characters import lines_of, named

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The parser in C, where PyYAML has it."""

_TAB_IN_INDENTATION = re.compile(r" *\t")
_KEY_AT_START = re.compile(r"\s*(?:- +)*([\w.-]+)$")
_NO_BLANK_AFTER_COLON = re.compile(r"(\s*(?:- +)*)([A-Za-z_][\w-]*):(?![\s/])(.+)")
_KEY_OR_ELEMENT = re.compile(r"\s*(?:- |#|[\w-]+:( |$))")
_QUOTE_IT = "put the whole value in double quotes"
_MERGE_CONFLICT = re.compile(r"(<{7}|>{7}|[|]{7})( |$)|={7}$")
_SECTION = re.compile(r"[\w-]+:( |$)")
_TAB = "a tab cannot indent; write blanks"
_OPENING = {"[": "]", "{": "}"}
_CLOSING: dict[type[yaml.Token], type[yaml.Token]] = {
    yaml.FlowSequenceStartToken: yaml.FlowSequenceEndToken,
    yaml.FlowMappingStartToken: yaml.FlowMappingEndToken,
}

_FIXES = {
    "mapping keys are not allowed": f"a value cannot begin with `? `; {_QUOTE_IT}",
    "mapping values are not allowed": f"a value cannot hold `: ` as it stands; {_QUOTE_IT}",
    "could not find expected ':'": "a line without `key: ` among keys; write a key and a colon, or indent it as part of a value",
    "did not find expected key": "this does not fit what stands before it: text after a closing quotation mark, or a line "
    "that is indented differently from the keys above it",
    "did not find expected '-' indicator": "this line is indented neither as the list above it nor as a key; align it",
    "are not allowed in this context": "a list cannot begin here; put `- ` on a line of its own below the key",
    "did not find expected ',' or": "a comma or a quotation mark is missing before this; separate the elements by commas, and "
    "put a value that holds one of , [ ] { } in quotes",
    "while scanning an anchor": f"a value cannot begin with `&`; {_QUOTE_IT}",
    "while scanning an alias": f"a value cannot begin with `*`; {_QUOTE_IT}",
    "while scanning a tag": f"a value cannot begin with `!`; {_QUOTE_IT}",
    "found undefined tag handle": f"a value cannot begin with `!`; {_QUOTE_IT}",
    "unknown escape character": "in double quotes, a backslash begins an escape; write two of them, or use single quotes",
    "expected hexdecimal number": "the escape needs hexadecimal digits; write two backslashes if none is meant",
    "invalid Unicode character escape code": "this escape is no character",
    "found unexpected ':'": "a value is missing here; write a blank and the value after the colon, or take the key out",
    "did not find expected node content": "a value is missing here",
    "while scanning a block scalar": "after `|` or `>` comes the text, on lines of its own that are indented by blanks",
    "while scanning a directive": f"a line cannot begin with `%`; if it belongs to a value, {_QUOTE_IT}",
    "expected <document start>": "this stands after the end of the file's content; a bracket too many?",
}


Mistake: TypeAlias = tuple[int, int, str]
"""The line and the column, both counted from 0, and the message."""


def explain(error: yaml.YAMLError, text: str, name: str) -> Problem:
    """The problem in a file's text that made the parser say this."""
    line, column, message = _marked(error, text) if isinstance(error, yaml.MarkedYAMLError) else _unprintable(text)
    return Problem(Position(name, line + 1, column + 1), "tab" if message == _TAB else "yaml-syntax", message)


def _marked(error: yaml.MarkedYAMLError, text: str) -> Mistake:
    lines, mark = lines_of(text), error.problem_mark
    assert mark is not None
    return (
        _merge_conflict(lines)
        or _tab_near(lines, mark)
        or _list_without_section(lines, mark)
        or _closed_too_late(text, lines, mark)
        or _unclosed(error, text, lines)
        or _stumbled(error, lines, mark)
    )


def _unprintable(text: str) -> Mistake:
    """The parser tells this place in bytes; it is the first character that YAML does not allow."""
    bad = yaml.reader.Reader.NON_PRINTABLE.search(text)
    *lines, line = (text[: bad.start()] if bad else "").split("\n")
    return len(lines), len(line), f"the character {named(bad[0] if bad else chr(0))} is not allowed in YAML; take it out"


def _merge_conflict(lines: list[str]) -> Mistake | None:
    message = "this is the mark of a merge conflict; choose one side and delete the three lines of marks"
    return next(((number, 0, message) for number, line in enumerate(lines) if _MERGE_CONFLICT.match(line)), None)


def _tab_near(lines: list[str], mark: yaml.Mark) -> Mistake | None:
    """The tab that indents the line which the parser stumbled over, or the one before it."""
    for number in (mark.line, mark.line - 1):
        if 0 <= number < len(lines) and (tab := _TAB_IN_INDENTATION.match(lines[number])) and lines[number].strip():
            return number, tab.end() - 1, _TAB
    at_tab = mark.line < len(lines) and lines[mark.line].startswith("\t", mark.column)
    return (mark.line, mark.column, _TAB) if at_tab else None


def _list_without_section(lines: list[str], mark: yaml.Mark) -> Mistake | None:
    """Where the list begins that a file begins with, if the parser stumbled over a section after it."""
    line, column = mark.line, mark.column
    if line >= len(lines) or lines[line][:column].strip() or not _SECTION.match(lines[line], column):
        return None
    content = (number for number, text in enumerate(lines) if text.strip() and not text.lstrip().startswith(("#", "---", "%")))
    first = next(content, line)
    indent = len(lines[first]) - len(lines[first].lstrip())
    if first >= line or column > indent or not lines[first].startswith("- ", indent):
        return None
    return first, indent, "a section such as `parties:` is missing above this list"


def _closed_too_late(text: str, lines: list[str], mark: yaml.Mark) -> Mistake | None:
    """The value in quotation marks that ends before the mistake, if it swallowed what looks like keys, elements or comments."""
    before = takewhile(lambda token: token.start_mark.index < mark.index, _tokens(text))
    last = next(iter(deque(before, maxlen=1)), None)
    if not isinstance(last, yaml.ScalarToken) or last.style not in ("'", '"') or last.end_mark.line != mark.line:
        return None
    start, end = last.start_mark, last.end_mark
    message = f"this {last.style} is closed only in line {end.line + 1}; write {last.style} where its value ends"
    swallowed = lines[start.line + 1 : end.line + 1]
    return (start.line, start.column, message) if any(map(_KEY_OR_ELEMENT.match, swallowed)) else None


def _unclosed(error: yaml.MarkedYAMLError, text: str, lines: list[str]) -> Mistake | None:
    """Where the bracket or quotation mark opens that the parser did not see closed."""
    mark, context = error.context_mark, error.context or ""
    if mark is None:
        return None
    opened: yaml.Mark | None = None
    if mark.line >= len(lines) or "flow node" in context:
        opened = _innermost_open(text, None)
    elif "quoted scalar" in context and ("end of stream" in str(error.problem) or "document indicator" in str(error.problem)):
        opened = mark
    elif "flow sequence" in context or "flow mapping" in context:
        opened = _innermost_open(text, mark)
    if opened is None:
        return None
    opening = lines[opened.line][opened.column]
    message = f"this {opening} is never closed; write {_OPENING.get(opening, opening)} where it ends"
    return opened.line, opened.column, message


def _innermost_open(text: str, start: yaml.Mark | None) -> yaml.Mark | None:
    """The bracket that has no partner in the rest of the file; of several, the one opened last.

    It is the one at `start`, or one inside it; without `start`, any of the file.
    """
    opened: list[tuple[yaml.Mark, type[yaml.Token]]] = []
    for token in _tokens(text):
        if start and token.start_mark.index < start.index:
            continue
        if (closing := _CLOSING.get(token.__class__)) is not None:
            opened.append((token.start_mark, closing))
        elif opened and isinstance(token, opened[-1][1]):
            opened.pop()
            if not opened and start:
                return None
    return opened[-1][0] if opened else None


def _tokens(text: str) -> Iterator[yaml.Token]:
    """The words and signs of a text, up to what the parser cannot make one of."""
    with contextlib.suppress(yaml.YAMLError):
        yield from yaml.scan(text, Loader=LOADER)


def _stumbled(error: yaml.MarkedYAMLError, lines: list[str], mark: yaml.Mark) -> Mistake:
    """The place and the fix of a mistake that is not just something left open."""
    said = f"{error.context or ''}, {error.problem or ''}"
    message = next((fix for words, fix in _FIXES.items() if words in said), f"not valid YAML: {said.removeprefix(', ')}")
    if "simple key" in said or "scanning an a" in said:
        mark = error.context_mark or mark
    line, column = lines[mark.line] if mark.line < len(lines) else "", mark.column
    character = line[column : column + 1]
    key = _KEY_AT_START.match(line[:column]) if "mapping values" in said else None
    if (key or "find expected ':'" in said) and (found := _no_blank_after_colon(lines, mark.line)) is not None:
        return found
    if key:
        column = key.start(1)
        message = "this key is indented differently from the keys above it; align them"
    elif "cannot start any token" in said:
        message = f"a value cannot begin with `{character}`; {_QUOTE_IT}"
    elif "did not find expected key" in said and character in "]}":
        message = f"this {character} closes nothing; take it out"
    return (mark.line, column, message) if mark.line < len(lines) else (len(lines) - 1, len(lines[-1]), message)


def _no_blank_after_colon(lines: list[str], number: int) -> Mistake | None:
    """A key without a blank after its colon, in a line or the one before it."""
    before = next((earlier for earlier in range(number - 1, -1, -1) if lines[earlier].strip()), number)
    for index in (number, before):
        if found := _NO_BLANK_AFTER_COLON.fullmatch(lines[index] if index < len(lines) else ""):
            return index, found.end(1), f"write a blank after the colon: `{found[2]}: {found[3][:40]}`"
    return None
