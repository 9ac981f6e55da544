"""The events of a YAML parser as a tree.

PyYAML's C parser makes the events, and what is built of them here knows where each value stands.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter

import yaml

from negograph.parsing.yaml_tree import Mapping, Scalar, Sequence, Value
from negograph.problems.problem import Position, Problem
from negograph.text.characters import INVISIBLE, cleaned, lines_of, named

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The parser in C, where PyYAML has it."""

MAX_DEPTH = 100
MAX_ALIASED_VALUES = 100_000

_COMMENT_IN_VALUE = re.compile(r"(?<=\S) (?=#-?\w)")
_MERGE = "<<"
_text_of = attrgetter("text")


class Unbuildable(Exception):
    """There is no tree of a text; `problem` says why."""

    def __init__(self, position: Position, code: str, message: str) -> None:
        self.problem = Problem(position, code, message)


@dataclass(frozen=True, slots=True)
class _Anchored:
    """A value that aliases can repeat: how many values it holds, itself included, and how many levels."""

    value: Value
    size: int
    depth: int


class Builder:
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
            Unbuildable: if it goes beyond a limit, or holds what a file of ours must not.
            yaml.YAMLError: if it is not valid YAML.
        """
        values: list[Value] = []
        stack: list[tuple[yaml.CollectionStartEvent, list[Value]]] = []
        name, swallowed = self.name, self.swallowed
        scalar_event, mapping_start, sequence_start = yaml.ScalarEvent, yaml.MappingStartEvent, yaml.SequenceStartEvent
        mapping_end, sequence_end = yaml.MappingEndEvent, yaml.SequenceEndEvent
        get_event = LOADER(self.text).get_event
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
                    raise self._too_deep(event)
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
        return values[0] if values else None

    @cached_property
    def _lines(self) -> list[str]:
        """The lines of the text: parted once, and only where a place in one of them is asked for."""
        return lines_of(self.text)

    def _place(self, event: yaml.Event) -> Position:
        assert event.start_mark is not None
        return Position(self.name, event.start_mark.line + 1, event.start_mark.column + 1)

    def _too_deep(self, event: yaml.Event) -> Unbuildable:
        message = f"lists and mappings are nested more than {MAX_DEPTH} levels deep; is a bracket not closed?"
        return Unbuildable(self._place(event), "too-deep", message)

    def _begin_document(self, event: yaml.Event) -> None:
        self.documents += 1
        if self.documents > 1:
            message = "a second YAML document begins here; take the line out, or use a file for each"
            raise Unbuildable(self._place(event), "yaml-syntax", message)

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
            children = [item for mapping in value.in_a_row() for _, item in mapping.items]
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
            raise Unbuildable(self._place(event), "yaml-syntax", message)
        self.aliased += anchored.size
        if self.aliased > MAX_ALIASED_VALUES or depth + anchored.depth > MAX_DEPTH:
            message = "the aliases in this file repeat too much; write the values out"
            raise Unbuildable(self._place(event), "too-large", message)
        return anchored.value


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
