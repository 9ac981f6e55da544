"""The bytes of a YAML file as text, and as a tree, with what is wrong with its form.

PyYAML's C parser makes events, and what is built of them here knows where each value stands.
"""

import json
import re
import unicodedata
from typing import NoReturn

import yaml

from negograph.parsing.yaml_errors import LOADER, explain
from negograph.parsing.yaml_tree import Mapping, Scalar, Sequence, Value
from negograph.problems.problem import Position, Problem
from negograph.text.characters import INVISIBLE, LINE_SEPARATORS, cleaned, lines_of, named

_NOTHING_BUT_BLANKS = re.compile(r"^[ \t]++(?=#|\r?$)", re.MULTILINE)
_MAX_DEPTH = 100
_MAX_ALIASED_VALUES = 100_000

_COMMENT_IN_VALUE = re.compile(r"(?<=\S) (?=#-?\w)")
_MERGE = "<<"
_TOO_DEEP = f"lists and mappings are nested more than {_MAX_DEPTH} levels deep; is a bracket not closed?"


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
    builder = _Builder(name, text)
    try:
        value = builder.build()
    except _Unbuildable:
        return None, builder.problems
    except yaml.YAMLError as error:
        return None, [*builder.problems, explain(error, text, name)]
    return None if isinstance(value, Scalar) and value.empty else value, builder.problems


class _Unbuildable(Exception):
    """There is no tree of a text; the last of the builder's problems says why."""


class _Builder:
    """Puts the values of one document together while its events come in.

    By a stack of its own, so that deep nesting cannot exhaust Python's; in one function, because it runs for every word.
    """

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.text = text
        self.problems: list[Problem] = []
        self.anchors: dict[str, Value] = {}
        self.extents: dict[int, tuple[Value, int, int]] = {}  # with the value, whose number is no other's while it is held
        self.aliased = 0

    def build(self) -> Value | None:
        """The value of the document; None where there is none.

        Raises:
            _Unbuildable: if it goes beyond a limit, or holds what a file of ours must not.
            yaml.YAMLError: if it is not valid YAML.
        """
        values: list[Value] = []
        stack: list[tuple[yaml.CollectionStartEvent, list[Value]]] = []
        name, swallowed = self.name, _COMMENT_IN_VALUE.search(self.text) is not None
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
                if len(stack) == _MAX_DEPTH:
                    self._refuse(event, "too-deep", _TOO_DEEP)
                stack.append((event, values))
                values = []
            elif kind is mapping_end or kind is sequence_end:
                start, outer = stack.pop()
                outer.append(self._closed(start, values, not stack))
                values = outer
            elif kind is yaml.AliasEvent:
                values.append(self._repeated(event, len(stack)))
            elif kind is yaml.DocumentStartEvent and values:
                self._refuse(
                    event, "yaml-syntax", "a second YAML document begins here; take the line out, or use a file for each"
                )
        return values[0] if values else None

    def _place(self, event: yaml.Event) -> Position:
        assert event.start_mark is not None
        return Position(self.name, event.start_mark.line + 1, event.start_mark.column + 1)

    def _report(self, position: Position, code: str, message: str, also: Position | None = None) -> None:
        self.problems.append(Problem(position, code, message, also))

    def _refuse(self, event: yaml.Event, code: str, message: str) -> NoReturn:
        self._report(self._place(event), code, message)
        raise _Unbuildable

    def _examined(self, scalar: Scalar, event: yaml.ScalarEvent) -> Scalar:
        """The scalar as the checks after this one see it: without what is wrong with its characters, which is reported."""
        if event.tag:
            self._tagged(event)
        end = event.end_mark
        assert end is not None
        if scalar.plain and _COMMENT_IN_VALUE.match(self.text, end.index):
            message = "` #` begins a comment, so the value ends before it; put the value in quotes, or write `# ` for a comment"
            self._report(Position(self.name, end.line + 1, end.column + 2), "swallowed-comment", message)
        text = scalar.text
        if invisible := INVISIBLE.search(text):
            message = f"the character {named(invisible[0])} cannot be seen; delete it"
            self._report(self._place_of(invisible[0], event), "invisible-character", message)
        elif not unicodedata.is_normalized("NFC", text):
            message = f"{text[:40]!r} is not in Unicode's normalisation form C; retype it, or convert the file to NFC"
            self._report(scalar.position, "not-nfc", message)
        else:
            return scalar
        return Scalar(cleaned(text), scalar.plain, scalar.file, scalar.mark)

    def _tagged(self, event: yaml.ScalarEvent | yaml.CollectionStartEvent) -> None:
        message = "a tag has no place here, the schema says what a value means; take it out"
        if str(event.tag).startswith("!"):  # no tag of YAML's own
            message = "what begins with `!` is taken for a tag, which has no place here; put the whole value in double quotes"
        self._report(self._place_of("!", event), "yaml-tag", message)  # an anchor may stand before it

    def _place_of(self, character: str, event: yaml.Event) -> Position:
        """Where a character of a value stands; where it is written as an escape, the beginning of the value."""
        start, end = event.start_mark, event.end_mark
        assert start is not None
        assert end is not None
        found = self.text.find(character, start.index, end.index)
        *lines, line = lines_of(self.text[start.index : max(start.index, found)])
        return Position(self.name, start.line + len(lines) + 1, len(line) + 1 + (0 if lines else start.column))

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
        self.anchors[name] = value
        self.extents[id(value)] = (value, *self._extent(value))

    def _extent(self, value: Value) -> tuple[int, int]:
        """How many values, and how many levels of them, a value holds; a long text counts as several."""
        if (known := self.extents.get(id(value))) is not None:
            return known[1:]
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
        following: tuple[Mapping, ...] = ()
        for start in [] if at_top else reversed(_second_beginnings(pairs)):
            place = pairs[start][0].position
            message = f"a second `id` here, after that in line {position.line}: a new entry seems to begin; write `- ` before it"
            self._report(place, "duplicate-key", message, position)
            following = (Mapping(self._mended(pairs[start:], at_top), place), *following)  # type: ignore[arg-type]
            pairs = pairs[:start]
        return Mapping(self._mended(pairs, at_top), position, following)  # type: ignore[arg-type]

    def _mended(self, pairs: tuple[tuple[Value, Value], ...], at_top: bool) -> tuple[tuple[Value, Value], ...]:
        """The pairs of a mapping with merge keys resolved, each key once; what is wrong with the keys is reported.

        A section that stands twice is kept twice, so that its entries are not missed elsewhere.
        """
        kept: dict[str, tuple[Value, Value]] = {}
        repeated: list[tuple[Value, Value]] = []
        merged: list[Mapping] = []
        for key, value in pairs:
            if not isinstance(key, Scalar):
                self._report(key.position, "wrong-type", "a key is a word, not a list or a mapping")
            elif key.text == _MERGE and key.plain:
                merged += self._merged(value)
            elif key.text in kept:
                first = kept[key.text][0].position
                message = f"the key {key.text!r} stands here already, in line {first.line}; keep one of the two"
                self._report(key.position, "duplicate-key", message, first)
                repeated += [(key, value)] if at_top else []
            else:
                kept[key.text] = (key, value)
        for mapping in merged:
            for key, value in mapping.items:
                kept.setdefault(key.text, (key, value))
        return (*kept.values(), *repeated)

    def _merged(self, value: Value) -> list[Mapping]:
        """The mappings that a merge key names; the first of them that has a key gives its value."""
        items = value.items if isinstance(value, Sequence) else (value,)
        found = [item for item in items if isinstance(item, Mapping)]
        if len(found) < len(items):
            self._report(value.position, "wrong-type", "`<<` takes a mapping; write `<<: *name`")
        return found

    def _repeated(self, event: yaml.AliasEvent, depth: int) -> Value:
        value = self.anchors.get(str(event.anchor))
        if value is None:
            message = f"*{event.anchor} has no anchor &{event.anchor} before it; if it is a word, put it in quotes"
            self._refuse(event, "yaml-syntax", message)
        _, size, levels = self.extents[id(value)]
        self.aliased += size
        if self.aliased > _MAX_ALIASED_VALUES or depth + levels > _MAX_DEPTH:
            self._refuse(event, "too-large", "the aliases in this file repeat too much; write the values out")
        return value


def _is_plain(keys: list[Value]) -> bool:
    """Whether all keys are words that differ, and none asks to merge another mapping; asked of every mapping, so in few steps."""
    texts = {key.text for key in keys if key.__class__ is Scalar}
    return len(texts) == len(keys) and _MERGE not in texts


def _second_beginnings(pairs: tuple[tuple[Value, Value], ...]) -> list[int]:
    """At which pairs of an entry another seems to begin: at another `id`, if keys of the entry come again after it."""
    keys, values = ([part.text if isinstance(part, Scalar) else None for part in parts] for parts in zip(*pairs, strict=True))
    return [
        number
        for number in range(1, len(pairs) - 1)
        if keys[0] == keys[number] == "id" and keys[number + 1] in keys[1:number] and values[number] != values[0]
    ]
