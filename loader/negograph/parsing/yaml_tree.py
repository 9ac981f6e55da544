"""YAML files to entries, with the place of every key and value.

Every scalar stays the text that stands in the file: what `no`, `1e3` or `2022-01-26` means is for the schema to say, so
YAML's own guesses never change a value. The values are built from PyYAML's events, which the C parser makes.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter
from typing import TypeAlias

import msgspec
import yaml

from negograph.parsing.yaml_errors import explain
from negograph.problems.problem import Position, Problem
from negograph.text.characters import INVISIBLE, LINE_SEPARATORS, cleaned, lines_of, named

MAX_DEPTH = 100
MAX_ALIASED_VALUES = 100_000

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_COMMENT_IN_VALUE = re.compile(r"(?<=\S) (?=#-?\w)")
_NOTHING_BUT_BLANKS = re.compile(r"^[ \t]++(?=#|\r?$)", re.MULTILINE)
DATASET_SECTION = "dataset"
_MERGE = "<<"
_text_of = attrgetter("text")
_OTHER_ENCODINGS = {
    codecs.BOM_UTF32_LE: "UTF-32",
    codecs.BOM_UTF32_BE: "UTF-32",
    codecs.BOM_UTF16_LE: "UTF-16",
    codecs.BOM_UTF16_BE: "UTF-16",
}
_LOOKED_AT_FOR_NULS = 400


class Scalar(msgspec.Struct, frozen=True, gc=False):
    """A word or text. `plain` tells that it stood without quotation marks."""

    text: str
    plain: bool
    file: str
    mark: yaml.Mark

    @property
    def position(self) -> Position:
        """Where it begins; made when it is asked for, because most scalars are never asked."""
        return Position(self.file, self.mark.line + 1, self.mark.column + 1)

    @property
    def empty(self) -> bool:
        text = self.text
        return not text or text.isspace() or (self.plain and text in ("~", "null"))


class Sequence(msgspec.Struct, frozen=True, gc=False):
    """A list, and where it begins."""

    items: tuple[Value, ...]
    position: Position


class Mapping(msgspec.Struct, frozen=True, gc=False):
    """A mapping, and where it begins. No key stands in it twice, but for the sections at the top of a file.

    `following` is the entry that was meant to begin at a second `id`, where the dash before it is missing.
    """

    items: tuple[tuple[Scalar, Value], ...]
    position: Position
    following: Mapping | None = None

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
    """What a file held: its entries in order, the sections that it names, and its mistakes of form.

    `unread` is the bare text of a file that is no valid YAML, from which a check can see what would have been there, and
    `unlisted` are the keys under which entries seem to stand where a list is meant.
    """

    entries: tuple[Entry, ...]
    sections: tuple[str, ...]
    problems: tuple[Problem, ...]
    unread: str = ""
    unlisted: tuple[str, ...] = ()


class _Unreadable(Exception):
    def __init__(self, position: Position, code: str, message: str) -> None:
        self.problem = Problem(position, code, message)


def read_entries(name: str, content: bytes) -> Reading:
    """Read the content of a YAML file into its entries. Never raises for what a file holds."""
    value, problems = read_yaml(name, content)
    if value is not None:
        return _entries_of(value, problems)
    return Reading((), (), tuple(problems), _as_text(content) if problems else "")


def read_yaml(name: str, content: bytes) -> tuple[Value | None, list[Problem]]:
    """The one YAML document in a file's content, or None where it is empty or not valid, and the problems."""
    try:
        text = _decoded(name, content)
    except _Unreadable as unreadable:
        return None, [unreadable.problem]
    separators = _line_separators(name, text)
    text = LINE_SEPARATORS.sub(" ", text)
    value, problems = _built(name, text)
    if any(problem.code == "tab" for problem in problems):  # the parser refuses it also where it indents nothing
        value, problems = _built(name, _NOTHING_BUT_BLANKS.sub(lambda tabs: " " * len(tabs[0]), text))
    return value, [*separators, *problems]


def _line_separators(name: str, text: str) -> list[Problem]:
    """The first character of each line that ends one for YAML; more of them would say the same."""
    if LINE_SEPARATORS.search(text) is None:
        return []
    found = ((number, LINE_SEPARATORS.search(line)) for number, line in enumerate(lines_of(text), 1))
    return [
        Problem(
            Position(name, number, match.start() + 1),
            "invisible-character",
            f"the character {named(match[0])} ends a line for YAML and for no editor; delete it",
        )
        for number, match in found
        if match is not None
    ]


def _built(name: str, text: str) -> tuple[Value | None, list[Problem]]:
    builder = _Builder(name, text)
    try:
        value = builder.build()
    except _Unreadable as unreadable:
        return None, [*builder.problems, unreadable.problem]
    return None if isinstance(value, Scalar) and value.empty else value, builder.problems


def _entries_of(document: Value, problems: list[Problem]) -> Reading:
    if not isinstance(document, Mapping):
        message = "a file of facts is a mapping of sections; write `parties:`, `facts:` or another above its list"
        return Reading((), (), (*problems, Problem(document.position, "not-a-mapping", message)))
    entries: list[Entry] = []
    unlisted: list[str] = []
    for section, content in document.items:
        if isinstance(content, Scalar) and content.empty:
            if section.text == DATASET_SECTION:
                problems.append(Problem(section.position, "empty-value", "`dataset` has no value; write its `id` and `title`"))
            continue
        found, problem = _dataset_of(section, content) if section.text == DATASET_SECTION else _elements_of(section, content)
        entries += found
        problems += problem
        unlisted += [key.text for key, _ in content.items] if isinstance(content, Mapping) and not found else []
    return Reading(tuple(entries), tuple(section.text for section, _ in document.items), tuple(problems), "", tuple(unlisted))


def _dataset_of(section: Scalar, content: Value) -> tuple[list[Entry], list[Problem]]:
    if isinstance(content, Mapping):
        return [Entry(section, content)], []
    return [], [Problem(content.position, "wrong-type", f"{section.text!r} is a mapping; write `id: ...` and `title: ...`")]


def _elements_of(section: Scalar, content: Value) -> tuple[list[Entry], list[Problem]]:
    """The entries of a section; one that stands there without a list is read too, so that nobody misses it."""
    if not isinstance(content, Sequence):
        problem = Problem(content.position, "wrong-type", f"{section.text!r} is a list of entries; write `- id: ...` for each")
        alone = isinstance(content, Mapping) and content.get("id") is not None
        entries = [Entry(section, entry) for entry in _in_a_row(content)] if isinstance(content, Mapping) and alone else []
        return entries, [problem]
    message = f"an entry under {section.text!r} is a mapping; write `- id: ...`"
    wrong = [element for element in content.items if not isinstance(element, Mapping)]
    entries = [Entry(section, entry) for element in content.items if isinstance(element, Mapping) for entry in _in_a_row(element)]
    return entries, [Problem(element.position, "wrong-type", message) for element in wrong]


def _other_encoding(content: bytes) -> str | None:
    """What a file is in that is not in UTF-8, by its byte order mark or a NUL in every second byte of its beginning."""
    marked = next((encoding for mark, encoding in _OTHER_ENCODINGS.items() if content.startswith(mark)), None)
    if marked or 0 not in content[:_LOOKED_AT_FOR_NULS]:
        return marked
    even, odd = content[:_LOOKED_AT_FOR_NULS:2], content[1:_LOOKED_AT_FOR_NULS:2]
    for nuls, letters, encoding in ((odd, even, "UTF-16-LE"), (even, odd, "UTF-16-BE")):
        if len(nuls) > 1 and 0 not in letters and nuls.count(0) > 3 / 4 * len(nuls):
            return encoding
    return None


def _as_text(content: bytes) -> str:
    return content.decode(_other_encoding(content) or "utf-8", "replace")


def _in_a_row(mapping: Mapping | None) -> Iterator[Mapping]:
    """A mapping and the entries that follow in it without a dash."""
    while mapping is not None:
        yield mapping
        mapping = mapping.following


def _decoded(name: str, content: bytes) -> str:
    if (encoding := _other_encoding(content)) is not None:
        message = f"the file is encoded as {encoding[:6]}; save it as UTF-8"
        raise _Unreadable(Position(name, 1, 1), "not-utf-8", message)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = error.object[: error.start].decode("utf-8-sig", "replace")
        message = f"byte 0x{error.object[error.start]:02x} is not UTF-8; save the file as UTF-8"
        raise _Unreadable(Position(name, *_place_in(before, len(before))), "not-utf-8", message) from error


def _is_plain(keys: list[Value]) -> bool:
    """Whether all keys are words that differ, and none asks to merge another mapping; asked of every mapping, so in few steps."""
    try:
        texts = set(map(_text_of, keys))
    except AttributeError:
        return False
    return len(texts) == len(keys) and _MERGE not in texts


def _second_beginnings(pairs: tuple[tuple[Value, Value], ...]) -> list[int]:
    """At which pairs of an entry another seems to begin: at another `id`, if keys of the entry come again after it."""
    keys, values = ([part.text if isinstance(part, Scalar) else None for part in parts] for parts in zip(*pairs, strict=True))
    return [
        number
        for number in range(1, len(pairs) - 1)
        if keys[0] == keys[number] == "id" and keys[number + 1] in keys[1:number] and values[number] != values[0]
    ]


def _comments_in_values(text: str) -> set[tuple[int, int]]:
    """Every `#` that follows a value by one blank and has a word directly after it, by line and column."""
    if _COMMENT_IN_VALUE.search(text) is None:
        return set()
    lines = enumerate(lines_of(text), 1)
    return {(number, match.end() + 1) for number, line in lines for match in _COMMENT_IN_VALUE.finditer(line)}


def _place_in(text: str, offset: int) -> tuple[int, int]:
    before = lines_of(text[:offset])
    return len(before), len(before[-1]) + 1


@dataclass(frozen=True, slots=True)
class _Anchored:
    """A value that aliases can repeat: how many values it holds, itself included, and how many levels."""

    value: Value
    size: int
    depth: int


class _Builder:
    """Puts the values of one document together while its events come in.

    By a stack of its own, so that deep nesting cannot exhaust Python's; in one function, because it runs for every word.
    """

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.text = text
        self.problems: list[Problem] = []
        self.anchors: dict[str, _Anchored] = {}
        self.extents: dict[int, _Anchored] = {}
        self.documents = 0
        self.aliased = 0
        self.swallowed = _comments_in_values(text)

    def build(self) -> Value | None:
        """The value of the document; None where there is none.

        Raises:
            _Unreadable: if it is not valid YAML, or goes beyond a limit.
        """
        values: list[Value] = []
        stack: list[tuple[yaml.CollectionStartEvent, list[Value]]] = []
        name, swallowed = self.name, self.swallowed
        scalar_event, mapping_start, sequence_start = yaml.ScalarEvent, yaml.MappingStartEvent, yaml.SequenceStartEvent
        mapping_end, sequence_end = yaml.MappingEndEvent, yaml.SequenceEndEvent
        try:
            get_event = _LOADER(self.text).get_event
            while (event := get_event()) is not None:
                kind = event.__class__
                if kind is scalar_event:
                    text = event.value
                    scalar = Scalar(text, not event.style, name, event.start_mark)
                    if event.tag or swallowed or not text.isascii() or not text.isprintable():
                        scalar = self._examined(scalar, event)
                    values.append(scalar)
                    if event.anchor:
                        self._anchor(event.anchor, scalar)
                elif kind is mapping_start or kind is sequence_start:
                    if len(stack) == MAX_DEPTH:
                        message = f"lists and mappings are nested more than {MAX_DEPTH} levels deep; is a bracket not closed?"
                        raise _Unreadable(self._place(event), "too-deep", message)
                    stack.append((event, values))
                    values = []
                elif kind is mapping_end or kind is sequence_end:
                    start, outer = stack.pop()
                    outer.append(self._closed(start, values, not stack))
                    values = outer
                elif kind is yaml.AliasEvent:
                    values.append(self._repeated(event, len(stack)))
                elif kind is yaml.DocumentStartEvent:
                    self._begin_document(event)
        except yaml.YAMLError as error:
            raise _Unreadable(*explain(error, self.text, name)) from error
        return values[0] if values else None

    @cached_property
    def _lines(self) -> list[str]:
        """The lines of the text: parted once, and only where a place in one of them is asked for."""
        return lines_of(self.text)

    def _place(self, event: yaml.Event) -> Position:
        assert event.start_mark is not None
        return Position(self.name, event.start_mark.line + 1, event.start_mark.column + 1)

    def _begin_document(self, event: yaml.Event) -> None:
        self.documents += 1
        if self.documents > 1:
            message = "a second YAML document begins here; take the line out, or use a file for each"
            raise _Unreadable(self._place(event), "yaml-syntax", message)

    def _examined(self, scalar: Scalar, event: yaml.ScalarEvent) -> Scalar:
        """The scalar as the checks after this one see it: without what is wrong with its characters, which is reported."""
        if event.tag:
            self._tagged(event)
        end = event.end_mark
        if scalar.plain and end is not None and (end.line + 1, end.column + 2) in self.swallowed:
            message = "` #` begins a comment, so the value ends before it; put the value in quotes, or write `# ` for a comment"
            self.problems.append(Problem(Position(self.name, end.line + 1, end.column + 2), "swallowed-comment", message))
        text = scalar.text
        if invisible := INVISIBLE.search(text):
            where = self._place_of(invisible[0], event)
            message = f"the character {named(invisible[0])} cannot be seen; delete it"
            self.problems.append(Problem(where, "invisible-character", message))
        elif not unicodedata.is_normalized("NFC", text):
            message = f"{text[:40]!r} is not in Unicode's normalisation form C; retype it, or convert the file to NFC"
            self.problems.append(Problem(scalar.position, "not-nfc", message))
        else:
            return scalar
        return Scalar(cleaned(text), scalar.plain, scalar.file, scalar.mark)

    def _tagged(self, event: yaml.ScalarEvent | yaml.CollectionStartEvent) -> None:
        where = self._place(event)
        line = self._lines[where.line - 1]
        column = max(line.find("!", where.column - 1) + 1, where.column)  # an anchor may stand before the tag
        message = "a tag has no place here, the schema says what a value means; take it out"
        if str(event.tag).startswith("!"):  # no tag of YAML's own
            message = "what begins with `!` is taken for a tag, which has no place here; put the whole value in double quotes"
        self.problems.append(Problem(Position(self.name, where.line, column), "yaml-tag", message))

    def _place_of(self, character: str, event: yaml.ScalarEvent) -> Position:
        """Where a character of a scalar stands; where it is written as an escape, the beginning of the scalar."""
        assert event.start_mark is not None
        assert event.end_mark is not None
        start, end = event.start_mark, event.end_mark
        for number in range(start.line, min(end.line + 1, len(self._lines))):
            first = start.column if number == start.line else 0
            column = self._lines[number].find(character, first, end.column if number == end.line else None)
            if column >= 0:
                return Position(self.name, number + 1, column + 1)
        return self._place(event)

    def _closed(self, start: yaml.CollectionStartEvent, values: list[Value], at_top: bool) -> Value:
        position = self._place(start)
        if start.tag:
            self._tagged(start)
        value: Value
        if start.__class__ is yaml.SequenceStartEvent:
            value = Sequence(tuple(values), position)
        else:
            keys = values[::2]
            pairs = tuple(zip(keys, values[1::2], strict=True))
            value = Mapping(pairs, position) if _is_plain(keys) else self._split(pairs, position, at_top)  # type: ignore[arg-type]
        if start.anchor:
            self._anchor(start.anchor, value)
        return value

    def _anchor(self, name: str, value: Value) -> None:
        anchored = _Anchored(value, *self._extent(value))
        self.anchors[name] = self.extents[id(value)] = anchored

    def _extent(self, value: Value) -> tuple[int, int]:
        """How many values, and how many levels of them, a value holds; a long text counts as several."""
        if (known := self.extents.get(id(value))) is not None:
            return known.size, known.depth
        if isinstance(value, Scalar):
            return 1 + len(value.text) // 50, 0
        if isinstance(value, Sequence):
            children = list(value.items)
        else:
            children = [item for mapping in _in_a_row(value) for _, item in mapping.items]
        extents = [self._extent(child) for child in children]
        return 1 + sum(size for size, _ in extents), 1 + max((depth for _, depth in extents), default=0)

    def _split(self, pairs: tuple[tuple[Value, Value], ...], position: Position, at_top: bool) -> Mapping:
        """The mapping, and after it the entries that begin in it without a dash, each of which is one problem."""
        parts: list[tuple[tuple[Value, Value], ...]] = []
        end = len(pairs)
        for start in [] if at_top else reversed(_second_beginnings(pairs)):
            parts.append(pairs[start:end])
            end = start
        following: Mapping | None = None
        for part in parts:
            place = part[0][0].position
            message = f"a second `id` here, after that in line {position.line}: a new entry seems to begin; write `- ` before it"
            self.problems.append(Problem(place, "duplicate-key", message, position))
            following = Mapping(self._mended(part, at_top), place, following)  # type: ignore[arg-type]
        return Mapping(self._mended(pairs[:end], at_top), position, following)  # type: ignore[arg-type]

    def _mended(self, pairs: tuple[tuple[Value, Value], ...], at_top: bool) -> tuple[tuple[Value, Value], ...]:
        """The pairs of a mapping with merge keys resolved, each key once; what is wrong with the keys is reported.

        A section that stands twice is kept twice, so that its entries are not missed elsewhere.
        """
        kept: dict[str, tuple[Value, Value]] = {}
        repeated: list[tuple[Value, Value]] = []
        merged: list[Mapping] = []
        for key, value in pairs:
            if not isinstance(key, Scalar):
                self.problems.append(Problem(key.position, "wrong-type", "a key is a word, not a list or a mapping"))
            elif key.text == _MERGE and key.plain:
                merged += self._merged(value)
            elif key.text in kept:
                first = kept[key.text][0].position
                message = f"the key {key.text!r} stands here already, in line {first.line}; keep one of the two"
                self.problems.append(Problem(key.position, "duplicate-key", message, first))
                repeated += [(key, value)] if at_top else []
            else:
                kept[key.text] = (key, value)
        for mapping in merged:
            for key, value in mapping.items:
                kept.setdefault(key.text, (key, value))
        return (*kept.values(), *repeated)

    def _merged(self, value: Value) -> list[Mapping]:
        """The mappings that a merge key names; the first of them that has a key gives its value."""
        found: list[Mapping] = []
        for item in value.items if isinstance(value, Sequence) else (value,):
            if isinstance(item, Mapping):
                found.append(item)
            else:
                self.problems.append(Problem(value.position, "wrong-type", "`<<` takes a mapping; write `<<: *name`"))
        return found

    def _repeated(self, event: yaml.AliasEvent, depth: int) -> Value:
        anchored = self.anchors.get(str(event.anchor))
        if anchored is None:
            message = f"*{event.anchor} has no anchor &{event.anchor} before it; if it is a word, put it in quotes"
            raise _Unreadable(self._place(event), "yaml-syntax", message)
        self.aliased += anchored.size
        if self.aliased > MAX_ALIASED_VALUES or depth + anchored.depth > MAX_DEPTH:
            message = "the aliases in this file repeat too much; write the values out"
            raise _Unreadable(self._place(event), "too-large", message)
        return anchored.value
