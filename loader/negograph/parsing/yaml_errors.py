"""What a YAML parser stumbles over, as the mistake that a person made: where it is, and how to mend it."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator

import yaml

from negograph.parsing.builder import LOADER
from negograph.problems.problem import Position
from negograph.text.characters import lines_of, named

_TAB_IN_INDENTATION = re.compile(r" *\t")
_KEY_AT_START = re.compile(r"\s*(?:- +)*([\w.-]+)$")
_NO_BLANK_AFTER_COLON = re.compile(r"(\s*(?:- +)*)([A-Za-z_][\w-]*):(?![\s/])(.+)")
_KEY_OR_ELEMENT = re.compile(r"\s*(?:- |#|[\w-]+:( |$))")
_QUOTE_IT = "put the whole value in double quotes"
_MERGE_CONFLICT = re.compile(r"(<{7}|>{7}|[|]{7})( |$)|={7}$")
_SECTION = re.compile(r"[\w-]+:( |$)")
_OPENING = {"[": "]", "{": "}"}
_CLOSING: dict[type[yaml.Token], type[yaml.Token]] = {
    yaml.FlowSequenceStartToken: yaml.FlowSequenceEndToken,
    yaml.FlowMappingStartToken: yaml.FlowMappingEndToken,
}

_MENDS = {
    "mapping keys are not allowed": f"a value cannot begin with `? `; {_QUOTE_IT}",
    "mapping values are not allowed": f"a value cannot hold `: ` as it stands; {_QUOTE_IT}",
    "could not find expected ':'": "a line without `key: ` among keys; write a key and a colon, or indent it as part of a value",
    "did not find expected key": "this does not fit what stands before it: text after a closing quotation mark, or a line "
    "that is indented differently from the keys above it",
    "did not find expected '-' indicator": "this line is indented neither as the list above it nor as a key; align it",
    "block sequence entries are not allowed": "a list cannot begin here; put `- ` on a line of its own below the key",
    "block collections are not allowed": "a list cannot begin here; put `- ` on a line of its own below the key",
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


def explain(error: yaml.YAMLError, text: str, name: str) -> tuple[Position, str, str]:
    """The place, the code and the message of a problem, for what the parser said of a file's text."""
    lines = lines_of(text)
    if isinstance(error, yaml.reader.ReaderError):
        return _unprintable(text, name)
    if not isinstance(error, yaml.MarkedYAMLError) or error.problem_mark is None:
        return Position(name, 1, 1), "yaml-syntax", f"not valid YAML: {error}"
    if (conflict := next((number for number, line in enumerate(lines, 1) if _MERGE_CONFLICT.match(line)), None)) is not None:
        message = "this is the mark of a merge conflict; choose one side and delete the three lines of marks"
        return Position(name, conflict, 1), "yaml-syntax", message
    line, column = error.problem_mark.line, error.problem_mark.column
    if (tab := _tab_near(lines, line, column)) is not None:
        return Position(name, *tab), "tab", "a tab cannot indent; write blanks"
    if (place := _list_without_section(error, lines)) is not None:
        return Position(name, *place), "yaml-syntax", "a section such as `parties:` is missing above this list"
    if (quote := _closed_too_late(error, text, lines)) is not None:
        opens = quote.start_mark
        message = f"this {quote.style} is closed only in line {quote.end_mark.line + 1}; write {quote.style} where its value ends"
        return Position(name, opens.line + 1, opens.column + 1), "yaml-syntax", message
    if (opened := _unclosed(error, text, lines)) is not None:
        opening = lines[opened[0]][opened[1]]
        message = f"this {opening} is never closed; write {_OPENING.get(opening, opening)} where it ends"
        return Position(name, opened[0] + 1, opened[1] + 1), "yaml-syntax", message
    return _stumbled(error, lines, name)


def _unprintable(text: str, name: str) -> tuple[Position, str, str]:
    """The parser tells this place in bytes; it is the first character that YAML does not allow."""
    bad = yaml.reader.Reader.NON_PRINTABLE.search(text)
    before = text[: bad.start()] if bad else ""
    place = Position(name, before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1)
    return place, "yaml-syntax", f"the character {named(bad[0] if bad else chr(0))} is not allowed in YAML; take it out"


def _tab_near(lines: list[str], line: int, column: int) -> tuple[int, int] | None:
    """The tab that indents the line which the parser stumbled over, or the one before it."""
    for number in (line, line - 1):
        if 0 <= number < len(lines) and (tab := _TAB_IN_INDENTATION.match(lines[number])) and lines[number].strip():
            return number + 1, tab.end()
    if line < len(lines) and lines[line][column : column + 1] == "\t":
        return line + 1, column + 1
    return None


def _list_without_section(error: yaml.MarkedYAMLError, lines: list[str]) -> tuple[int, int] | None:
    """Where the list begins that a file begins with, if the parser stumbled over a section after it."""
    assert error.problem_mark is not None
    line, column = error.problem_mark.line, error.problem_mark.column
    if not 0 <= line < len(lines) or lines[line][:column].strip() or not _SECTION.match(lines[line], column):
        return None
    content = (number for number, text in enumerate(lines) if text.strip() and not text.lstrip().startswith(("#", "---", "%")))
    first = next(content, line)
    indent = len(lines[first]) - len(lines[first].lstrip())
    return (first + 1, indent + 1) if first < line and column <= indent and lines[first][indent:].startswith("- ") else None


def _closed_too_late(error: yaml.MarkedYAMLError, text: str, lines: list[str]) -> yaml.ScalarToken | None:
    """The value in quotation marks that ends before the mistake, if it swallowed what looks like keys, elements or comments."""
    assert error.problem_mark is not None
    place = (error.problem_mark.line, error.problem_mark.column)
    last: yaml.Token | None = None
    for token in _tokens(text):
        if (token.start_mark.line, token.start_mark.column) >= place:
            break
        last = token
    if not isinstance(last, yaml.ScalarToken) or last.style not in ("'", '"') or last.end_mark.line != place[0]:
        return None
    swallowed = lines[last.start_mark.line + 1 : last.end_mark.line + 1]
    return last if any(map(_KEY_OR_ELEMENT.match, swallowed)) else None


def _unclosed(error: yaml.MarkedYAMLError, text: str, lines: list[str]) -> tuple[int, int] | None:
    """Where the bracket or quotation mark opens that the parser did not see closed."""
    mark, context = error.context_mark, error.context or ""
    if mark is None:
        return None
    if mark.line >= len(lines) or "flow node" in context:
        return _innermost_open(text, (0, 0), whole_file=True)
    if "quoted scalar" in context and ("end of stream" in str(error.problem) or "document indicator" in str(error.problem)):
        return mark.line, mark.column
    if "flow sequence" in context or "flow mapping" in context:
        return _innermost_open(text, (mark.line, mark.column))
    return None


def _innermost_open(text: str, start: tuple[int, int], whole_file: bool = False) -> tuple[int, int] | None:
    """The bracket at or after a place that has no partner in the rest of the file; of several, the one opened last.

    Unless the `whole_file` is meant, it is the bracket at the place that is asked for, or one inside it.
    """
    opened: list[tuple[tuple[int, int], type[yaml.Token]]] = []
    for token in _tokens(text):
        if (place := (token.start_mark.line, token.start_mark.column)) < start:
            continue
        if (closing := _CLOSING.get(token.__class__)) is not None:
            opened.append((place, closing))
        elif opened and isinstance(token, opened[-1][1]):
            opened.pop()
            if not opened and not whole_file:
                return None
    return opened[-1][0] if opened else None


def _tokens(text: str) -> Iterator[yaml.Token]:
    """The words and signs of a text, up to what the parser cannot make one of."""
    with contextlib.suppress(yaml.YAMLError):
        yield from yaml.scan(text, Loader=LOADER)


def _stumbled(error: yaml.MarkedYAMLError, lines: list[str], name: str) -> tuple[Position, str, str]:
    """The place and a mend for a mistake that is not just something left open."""
    assert error.problem_mark is not None
    mark, said = error.problem_mark, f"{error.context or ''}, {error.problem or ''}"
    message = next((mend for words, mend in _MENDS.items() if words in said), "")
    if "simple key" in said or "scanning an a" in said:
        mark = error.context_mark or mark
    line = lines[mark.line] if mark.line < len(lines) else ""
    column = mark.column
    character = line[column : column + 1]
    key = _KEY_AT_START.match(line[:column]) if "mapping values" in said else None
    if (key or "find expected ':'" in said) and (place := _no_blank_after_colon(lines, mark.line)) is not None:
        return Position(name, *place[:2]), "yaml-syntax", place[2]
    if key:
        column = key.start(1)
        message = "this key is indented differently from the keys above it; align them"
    elif "cannot start any token" in said:
        message = f"a value cannot begin with `{character}`; {_QUOTE_IT}"
    elif "did not find expected key" in said and character in "]}":
        message = f"this {character} closes nothing; take it out"
    if mark.line >= len(lines):
        return Position(name, max(1, len(lines)), len(lines[-1]) + 1 if lines else 1), "yaml-syntax", _message(message, error)
    return Position(name, mark.line + 1, column + 1), "yaml-syntax", _message(message, error)


def _no_blank_after_colon(lines: list[str], number: int) -> tuple[int, int, str] | None:
    """The line, the column and the message for a key without a blank after its colon, in a line or the one before it."""
    before = next((earlier for earlier in range(number - 1, -1, -1) if lines[earlier].strip()), number)
    for index in (number, before):
        if found := _NO_BLANK_AFTER_COLON.fullmatch(lines[index] if index < len(lines) else ""):
            return index + 1, found.end(1) + 1, f"write a blank after the colon: `{found[2]}: {found[3][:40]}`"
    return None


def _message(message: str, error: yaml.MarkedYAMLError) -> str:
    return message or f"not valid YAML: {', '.join(part for part in (error.context, error.problem) if part)}"
