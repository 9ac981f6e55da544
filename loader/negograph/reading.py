"""YAML files to entries, with the place of every key and value.

Every scalar stays the text that stands in the file: what `no`, `1e3` or `2022-01-26` means is for the schema to say, so
YAML's own guesses never change a value.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import yaml

from negograph.problems import Position, Problem

MAX_DEPTH = 100
MAX_ALIASED_VALUES = 100_000
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Scalar:
    """A word or text. `plain` tells that it stood without quotation marks."""

    text: str
    plain: bool
    position: Position

    @property
    def empty(self) -> bool:
        return not self.text.strip() or (self.plain and self.text in ("~", "null"))


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list, and where it begins."""

    items: tuple[Value, ...]
    position: Position


@dataclass(frozen=True, slots=True)
class Mapping:
    """A mapping, and where it begins. No key stands in it twice."""

    items: tuple[tuple[Scalar, Value], ...]
    position: Position

    def get(self, key: str) -> Value | None:
        return next((value for name, value in self.items if name.text == key), None)


Value: TypeAlias = Scalar | Sequence | Mapping


@dataclass(frozen=True, slots=True)
class Entry:
    """One element of a top-level list, or the mapping under a top-level key, as it stands in the file."""

    section: Scalar
    fields: Mapping


@dataclass(frozen=True, slots=True)
class Reading:
    """What some files held: their entries in order, and what could not be read. `unread` is the bare text of the files that
    are no valid YAML, from which a check can see what would have been there.
    """

    entries: tuple[Entry, ...]
    problems: tuple[Problem, ...]
    unread: str


class _Unreadable(Exception):
    def __init__(self, problem: Problem) -> None:
        self.problem = problem


def read_entries(files: Iterable[tuple[str, Path]]) -> Reading:
    """Read YAML files, each given as the name to show and its path, into their entries.

    Never raises for what a file holds: a file that cannot be read gives a problem, and the others are read all the same.
    """
    entries: list[Entry] = []
    problems: list[Problem] = []
    unread: list[str] = []
    for name, path in files:
        value, file_problems = read_yaml(name, path)
        problems += file_problems
        if value is not None:
            found, section_problems = _entries_of(value)
            entries += found
            problems += section_problems
        elif file_problems:
            unread.append(_bare_text(path))
    return Reading(tuple(entries), tuple(problems), "\n".join(unread))


def _bare_text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8", "replace") if path.is_file() else ""
    except OSError:
        return ""


def yaml_files(folder: Path) -> list[Path]:
    """Every YAML file in a folder and the folders below it, links followed, hidden files and folders left out; sorted."""
    found: list[Path] = []
    seen: set[Path] = set()
    waiting = [folder]
    while waiting:
        current = waiting.pop()
        if current.resolve() in seen:
            continue
        seen.add(current.resolve())
        for path in current.iterdir():
            if path.name.startswith("."):
                continue
            if path.is_dir():
                waiting.append(path)
            elif path.suffix.lower() in (".yaml", ".yml"):
                found.append(path)
    return sorted(found)


def read_yaml(name: str, path: Path) -> tuple[Value | None, list[Problem]]:
    """The one YAML document in the file at `path`, or None where it is empty or not readable, and the problems."""
    problems: list[Problem] = []
    try:
        return _build(name, _events(name, path), problems), problems
    except _Unreadable as unreadable:
        return None, [*problems, unreadable.problem]


def _entries_of(document: Value) -> tuple[list[Entry], list[Problem]]:
    if not isinstance(document, Mapping):
        return [], [
            _problem(document, "not-a-mapping", "a file of facts is a mapping of sections, such as `parties:` or `facts:`")
        ]
    entries: list[Entry] = []
    problems: list[Problem] = []
    for section, content in document.items:
        elements = content.items if isinstance(content, Sequence) else (content,)
        for element in elements:
            if isinstance(element, Mapping):
                entries.append(Entry(section, element))
            elif not (isinstance(element, Scalar) and element.empty and element is content):
                problems.append(
                    _problem(element, "wrong-type", f"an entry under {section.text!r} is a mapping: write `- id: ...`")
                )
    return entries, problems


def _problem(value: Value, code: str, message: str) -> Problem:
    return Problem(value.position, code, message)


def _events(name: str, path: Path) -> Iterator[yaml.Event]:
    try:
        if path.exists() and not path.is_file():
            raise _Unreadable(Problem(Position(name, 1, 1), "unreadable", "this is no regular file; take it out of the folder"))
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise _Unreadable(Problem(Position(name, 1, 1), "unreadable", f"cannot read the file: {error.strerror}")) from error
    except UnicodeDecodeError as error:
        line, column = _place_of_byte(error)
        message = f"byte 0x{error.object[error.start]:02x} is not UTF-8; save the file as UTF-8"
        raise _Unreadable(Problem(Position(name, line, column), "not-utf-8", message)) from error
    try:
        yield from yaml.parse(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        where = Position(name, *_telling_place(error, text))
        words = ", ".join(part for part in (error.context, error.problem) if part)
        raise _Unreadable(Problem(where, "yaml-syntax", f"not valid YAML: {words}")) from error
    except yaml.reader.ReaderError as error:
        bad = yaml.reader.Reader.NON_PRINTABLE.search(text)  # the C parser tells its place in bytes, not in characters
        line, column = _place_in(text, bad.start() if bad else 0)
        message = f"the character U+{ord(bad[0]) if bad else 0:04X} is not allowed in YAML; take it out"
        raise _Unreadable(Problem(Position(name, line, column), "yaml-syntax", message)) from error
    except yaml.YAMLError as error:
        raise _Unreadable(Problem(Position(name, 1, 1), "yaml-syntax", f"not valid YAML: {error}")) from error


def _telling_place(error: yaml.MarkedYAMLError, text: str) -> tuple[int, int]:
    """Where to look: at the mistake, or, where something is still open at the end of the file, at its beginning."""
    lines = text.rstrip().splitlines()
    for mark in (error.problem_mark, error.context_mark):
        if mark is not None and mark.line < len(lines):
            return mark.line + 1, mark.column + 1
    return max(1, len(lines)), len(lines[-1]) + 1 if lines else 1


def _place_of_byte(error: UnicodeDecodeError) -> tuple[int, int]:
    before = error.object[: error.start].decode("utf-8-sig", "replace")
    return _place_in(before, len(before))


def _place_in(text: str, offset: int) -> tuple[int, int]:
    before = text[:offset]
    return before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1


def _line_and_column(event: yaml.Event) -> tuple[int, int]:
    assert event.start_mark is not None
    return event.start_mark.line + 1, event.start_mark.column + 1


def _build(name: str, events: Iterator[yaml.Event], problems: list[Problem]) -> Value | None:
    """The value that the events describe; by a stack of our own, so that deep nesting cannot exhaust Python's."""
    builder = _Builder(name, problems)
    for event in events:
        position = Position(name, *_line_and_column(event))
        if isinstance(event, yaml.DocumentStartEvent):
            builder.begin_document(position)
        elif isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            builder.open(event, position)
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            builder.close()
        elif isinstance(event, yaml.ScalarEvent):
            builder.add(Scalar(event.value, not event.style, position), event.anchor)
        elif isinstance(event, yaml.AliasEvent):
            builder.repeat(str(event.anchor), position)
    return None if isinstance(builder.root, Scalar) and builder.root.empty else builder.root


@dataclass(slots=True)
class _Open:
    """A collection whose end has not come yet."""

    start: yaml.MappingStartEvent | yaml.SequenceStartEvent
    position: Position
    values: list[Value]


@dataclass(frozen=True, slots=True)
class _Anchored:
    """A value that aliases can repeat: how many values it holds, itself included, and how many levels."""

    value: Value
    size: int
    depth: int


class _Builder:
    """Puts the values of one document together while its events come in."""

    def __init__(self, name: str, problems: list[Problem]) -> None:
        self.name = name
        self.problems = problems
        self.root: Value | None = None
        self.stack: list[_Open] = []
        self.anchors: dict[str, _Anchored] = {}
        self.documents = 0
        self.aliased = 0

    def begin_document(self, position: Position) -> None:
        self.documents += 1
        if self.documents > 1:
            raise _Unreadable(Problem(position, "yaml-syntax", "a second YAML document begins here; use a file for each"))

    def open(self, start: yaml.MappingStartEvent | yaml.SequenceStartEvent, position: Position) -> None:
        if len(self.stack) == MAX_DEPTH:
            raise _Unreadable(Problem(position, "too-deep", f"nested more than {MAX_DEPTH} levels deep"))
        self.stack.append(_Open(start, position, []))

    def close(self) -> None:
        opened = self.stack.pop()
        self.add(_closed(opened, self.problems), opened.start.anchor)

    def repeat(self, anchor: str, position: Position) -> None:
        if anchor not in self.anchors:
            raise _Unreadable(Problem(position, "yaml-syntax", f"the alias *{anchor} has no anchor &{anchor} before it"))
        anchored = self.anchors[anchor]
        self.aliased += anchored.size
        if self.aliased > MAX_ALIASED_VALUES or len(self.stack) + anchored.depth > MAX_DEPTH:
            raise _Unreadable(Problem(position, "too-large", "the aliases in this file repeat too much; write the values out"))
        self.add(anchored.value, None)

    def add(self, value: Value, anchor: str | None) -> None:
        if anchor is not None:
            self.anchors[anchor] = _Anchored(value, *_extent(value))
        if self.stack:
            self.stack[-1].values.append(value)
        else:
            self.root = value


def _closed(opened: _Open, problems: list[Problem]) -> Value:
    if isinstance(opened.start, yaml.SequenceStartEvent):
        return Sequence(tuple(opened.values), opened.position)
    pairs: list[tuple[Scalar, Value]] = []
    first_places: dict[str, Position] = {}
    for key, value in zip(opened.values[::2], opened.values[1::2], strict=True):
        if not isinstance(key, Scalar):
            problems.append(_problem(key, "wrong-type", "a key is a word, not a list or a mapping"))
        elif key.text in first_places:
            first = first_places[key.text]
            message = f"the key {key.text!r} stands here already, in line {first.line}; keep one of the two"
            problems.append(_problem(key, "duplicate-key", message))
        else:
            first_places[key.text] = key.position
            pairs.append((key, value))
    return Mapping(tuple(pairs), opened.position)


def _extent(value: Value) -> tuple[int, int]:
    if isinstance(value, Scalar):
        return 1, 0
    children = value.items if isinstance(value, Sequence) else [item for _, item in value.items]
    extents = [_extent(child) for child in children]
    return 1 + sum(size for size, _ in extents), 1 + max((depth for _, depth in extents), default=0)
