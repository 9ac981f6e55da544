"""The kinds of property, each in one place: how it is written, decoded, stored in the graph and shown in JSON Schema."""

import re
from calendar import monthrange
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import PureWindowsPath
from typing import Any, TypeAlias

import msgspec

from negograph.parsing.yaml_tree import Mapping as YamlMapping
from negograph.parsing.yaml_tree import Scalar, Sequence, Value, stands_alone
from negograph.problems.problem import Position, Problem, did_you_mean
from negograph.project import TEXTS
from negograph.text.quotes import MAX_CHARACTERS, MAX_WORDS, word_count

_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
FORMS = "write 2022-01-26, 2022-01, 2022, or an interval such as 2022-01-26/2022-01-28"


class DateRange(msgspec.Struct, frozen=True, order=True, tag=True, gc=False):
    """The first and the last day that a date can mean, and the date as it was written."""

    first: date
    last: date
    text: str


class BackwardsInterval(ValueError):
    """An interval that ends before it begins."""


@lru_cache(maxsize=10_000)
def parse_date(text: str) -> DateRange:
    """Read a date of one of the forms in `FORMS`.

    Raises:
        BackwardsInterval: if it is an interval that ends before it begins.
        ValueError: if it is of another form, or impossible.
    """
    start, slash, end = text.partition("/")
    first, last = _days(start, text)
    if slash:
        _, last = _days(end, text)
        if last < first:
            raise BackwardsInterval(f"the interval {text!r} ends before it begins; exchange its ends or fix one")
    return DateRange(first, last, text)


def _days(text: str, whole: str) -> tuple[date, date]:
    match = _DATE.fullmatch(text)
    if match is None:
        raise ValueError(f"{whole!r} is not a date: {FORMS}")
    year, month, day = match.groups()
    try:
        first = date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        raise ValueError(f"there is no such date as {text!r}; look at the month and the day") from None
    if day:
        return first, first
    last_month = first.month if month else 12
    return first, date(first.year, last_month, monthrange(first.year, last_month)[1])


class Fields:
    """The fields of one mapping that have a known key and a value.

    An unknown key and an empty value are problems. `places` tells where the parts of values stand, by key: those of a list as
    `aliases.0`, those of a mapping as `text.sha256`.
    """

    __slots__ = ("_said", "mapping", "places", "problems", "values")

    def __init__(self, mapping: YamlMapping, keys: Collection[str], owner: str, problems: list[Problem]) -> None:
        self.mapping = mapping
        self.problems = problems
        self.places: dict[str, Position] = {}
        self.values = values = dict[str, Value]()
        self._said: tuple[str, ...] = ()
        for key, value in mapping.items:
            name = key.text
            if name not in keys:
                self._unknown(key, value, keys, owner)
            elif isinstance(value, Scalar) and value.empty:
                self.problem(key.position, "empty-value", f"{name!r} has no value; write one, or leave the key out")
                self._said += (name,)
            else:
                values[name] = value

    def problem(self, position: Position, code: str, message: str, also: Position | None = None) -> None:
        """Report a mistake."""
        self.problems.append(Problem(position, code, message, also))

    def missing(self, key: str, definition: str = "") -> None:
        """Report a key that is not there, unless it stands there without a value or mistyped: that was said already."""
        if key not in self._said:
            message = f"the key {key!r} is missing" + (f": {definition}" if definition else "; add it")
            self.problem(self.mapping.position, "missing-field", message)

    def required_text(self, key: str) -> str:
        """The text under a key that must be there; nothing where it is missing or no text, which is a problem."""
        if key not in self.values:
            self.missing(key)
            return ""
        return self.text(self.values[key], key)

    def matching_text(self, key: str, pattern: str, code: str, message: str) -> str:
        """The text under a key that may be missing; nothing, and a problem, where it is not of the pattern."""
        value = self.values.get(key)
        text = "" if value is None else self.text(value, key)
        if value is None or not text or re.fullmatch(pattern, text):
            return text
        self.problem(value.position, code, message)
        return ""

    def text(self, value: Value, key: str) -> str:
        """The text of a value; nothing, and a problem, where it is a list or a mapping."""
        if isinstance(value, Scalar):
            return value.text
        self.problem(value.position, "wrong-type", f"{key!r} is a text, not a list or a mapping; write `{key}: word`")
        return ""

    def item_text(self, item: Value, key: str) -> str:
        """The text of an element of a list, which must not be empty."""
        if isinstance(item, Scalar) and item.empty:
            self.problem(item.position, "empty-value", f"an element of {key!r} has no value; write one, or take it out")
            return ""
        return self.text(item, key)

    def _unknown(self, key: Scalar, value: Value, keys: Collection[str], owner: str) -> None:
        """Report an unknown key; only one that is not written yet can be meant."""
        written = {name.text for name, _ in self.mapping.items}
        free = [known for known in keys if known not in written]
        before_colon = key.text.partition(":")[0]
        if before_colon != key.text and before_colon in free:
            self._said += (before_colon,)
            hint = "; write a blank after the colon"
        elif stands_alone(key, value):
            hint = "; a comma in `{ }` ends a value: if this belongs to it, put the whole value in double quotes"
        else:
            self._said += tuple(known for known in free if did_you_mean(key.text, [known]))
            hint = did_you_mean(key.text, free)
        message = f"unknown key {key.text!r} of {owner}{hint} (keys: {', '.join(keys)})"
        self.problem(key.position, "unknown-key", message)


def nested(value: Value, key: str, keys: Collection[str], problems: list[Problem]) -> Fields | None:
    """The fields of a value that is a mapping; None, and a problem, where it is none."""
    if isinstance(value, YamlMapping):
        return Fields(value, keys, key, problems)
    form = ", ".join(f"{name}: ..." for name in keys)
    problems.append(Problem(value.position, "wrong-type", f"{key!r} is a mapping; write {{{form}}}"))
    return None


Schema: TypeAlias = dict[str, Any]
StoredValue: TypeAlias = str | bool | int | float | date | list[str] | None
Decode: TypeAlias = Callable[[Value, str, Fields], Any]

ANY_WORD: Schema = {"if": {"type": "boolean"}, "else": {"type": ["string", "number"]}}
"""What editors take for a number or true is a text to negograph, wherever a text is meant. Not as a type: a server that
reads the type "boolean" offers true and false wherever a text is written."""

ANY_TEXT: Schema = {"anyOf": [ANY_WORD]}
"""The same as a property. Without a type or anyOf the key would be completed without its colon."""

_DATE_FORM = "[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?"
_INTEGER = r"-?(0|[1-9][0-9]{0,17})"
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*:/|(mailto|urn|doi|data):|www\.", re.IGNORECASE)


@dataclass(frozen=True)
class Kind:
    """A kind of property.

    `decode` takes what is written, its key and the fields around it, and gives a plain value, or None and a problem. `parse`
    reads one of the values that the schema allows; a kind without it has no allowed values and no default. `stored` gives the
    values of the properties that it becomes in the graph, whose names end in `parts`. `codebook` tells that its allowed
    values are the actions of the codebook.
    """

    decode: Decode
    json_schema: Schema
    parse: Callable[[str], str | bool | int | float] | None = None
    parts: tuple[str, ...] = ("",)
    stored: Callable[[Any], tuple[StoredValue, ...]] = lambda value: (value,)
    example: str = ""
    codebook: bool = False


class SourceFile(msgspec.Struct, frozen=True, tag=True):
    """Where the text of a document is kept, and what identifies it. `characters` counts its Unicode characters."""

    file: str
    sha256: str | None
    characters: int | None


class Retraction(msgspec.Struct, frozen=True, tag=True):
    """Since when a fact is known to be wrong, and why."""

    on: date
    reason: str


PropertyValue: TypeAlias = str | bool | int | float | tuple[str, ...] | DateRange | SourceFile | Retraction


def _text(value: Value, key: str, fields: Fields) -> str | None:
    return fields.text(value, key) or None


def decode_texts(value: Value, key: str, fields: Fields) -> tuple[str, ...] | None:
    """The texts of a list, without its empty elements, which are problems."""
    if not isinstance(value, Sequence):
        fields.problem(value.position, "wrong-type", f"{key!r} is a list; write [one, another]")
        return None
    texts = [(text, item.position) for item in value.items if (text := fields.item_text(item, key))]
    fields.places |= {f"{key}.{number}": position for number, (_, position) in enumerate(texts)}
    return tuple(text for text, _ in texts)


def _date(value: Value, key: str, fields: Fields) -> DateRange | None:
    text = fields.text(value, key)
    try:
        return parse_date(text) if text else None
    except ValueError as error:
        code = "backwards-interval" if isinstance(error, BackwardsInterval) else "bad-date"
        fields.problem(value.position, code, str(error))
        return None


def _word(pattern: str, expected: str, convert: Callable[[str], bool | int | float], json_schema: Schema) -> Kind:
    """A kind that is one word of a pattern."""

    def parse(text: str) -> bool | int | float:
        if not re.fullmatch(pattern, text):
            raise ValueError(f"expected {expected}")
        return convert(text)

    def decode(value: Value, key: str, fields: Fields) -> bool | int | float | None:
        text = fields.text(value, key)
        try:
            return parse(text) if text else None
        except ValueError as error:
            fields.problem(value.position, "wrong-type", f"{key!r} is {text!r}: {error}")
            return None

    return Kind(decode, json_schema, parse)


def _quote(value: Value, key: str, fields: Fields) -> str | None:
    text = fields.text(value, key)
    count = word_count(text)
    if text and not count:
        fields.problem(value.position, "empty-value", "the quote has no words; write some that pin the place")
        return None
    if count > MAX_WORDS or len(text) > MAX_CHARACTERS:
        limit = f"{MAX_WORDS} words or {MAX_CHARACTERS} characters"
        message = f"the quote has {count} words and {len(text)} characters; quote {limit} at most, or join its ends by …"
        fields.problem(value.position, "long-quote", message)
        return None
    return text or None


def _source(value: Value, key: str, fields: Fields) -> SourceFile | None:
    inner = nested(value, key, ("file", "sha256", "characters"), fields.problems)
    if inner is None or not (file := inner.required_text("file")):
        return None
    fields.places |= {f"{key}.{name}": part.position for name, part in inner.values.items()}
    if (wrong := _no_file_of_the_texts(file)) is not None:
        message = f"{wrong}; a text's file is named by its path inside the texts folder, such as courier.txt"
        inner.problem(inner.values["file"].position, "bad-value", message)
        return None
    sha256 = inner.matching_text(
        "sha256", "[0-9a-f]{64}", "bad-value", "a SHA-256 is 64 of the digits 0-9 and a-f; write it in full"
    )
    count = inner.matching_text("characters", "[0-9]{1,12}", "wrong-type", "'characters' is a whole number, such as 2922")
    return SourceFile(file, sha256 or None, int(count) if count else None)


def _no_file_of_the_texts(file: str) -> str | None:
    """Why a word can name no file of the texts folder, on no system; None if it can."""
    path = PureWindowsPath(file)
    if _ADDRESS.match(file):
        return "this is an address; save the text as a file"
    if "\\" in file:
        return "folders are parted by /, not by a backslash"
    if path.anchor or ".." in path.parts:
        return "this leads out of the texts folder"
    if path.parts and path.parts[0].casefold() == TEXTS:
        return f"the path begins inside of {TEXTS}/; leave that out"
    return None


def _retraction(value: Value, key: str, fields: Fields) -> Retraction | None:
    inner = nested(value, key, ("on", "reason"), fields.problems)
    if inner is None:
        return None
    on, reason = inner.required_text("on"), inner.required_text("reason")
    when = _date(inner.values["on"], "on", inner) if on and reason else None
    return Retraction(when.last, reason) if when else None


def object_schema(required: list[str], **properties: Schema) -> Schema:
    """The JSON Schema of a mapping with these keys and no others."""
    return {"type": "object", "additionalProperties": False, "required": required, "properties": properties}


def _date_schema(pattern: str, message: str) -> Schema:
    year: Schema = {"type": ["string", "integer"], "minimum": 1000, "maximum": 9999}
    return {**year, "pattern": f"^{pattern}$", "patternErrorMessage": message}


KINDS: Mapping[str, Kind] = {
    "text": Kind(_text, ANY_TEXT, parse=str),
    "texts": Kind(decode_texts, {"type": "array", "items": ANY_WORD}, parse=str, stored=lambda texts: (list(texts),)),
    "date": Kind(
        _date,
        _date_schema(
            f"{_DATE_FORM}(/{_DATE_FORM})?", "Write 2022-01-26, 2022-01, 2022, or an interval such as 2022-01-26/2022-01-28."
        ),
        parts=("", "_from", "_to"),
        stored=lambda date: (date.text, date.first, date.last),
        example="2022-01-26, 2022-01, 2022, 2022-01-26/2022-01-28",
    ),
    "flag": _word("true|false", "true or false", "true".__eq__, {"type": "boolean", "errorMessage": "Write true or false."}),
    "integer": _word(_INTEGER, "a whole number, such as -1 or 20", int, {"type": "integer"}),
    "number": _word(f"{_INTEGER}([.][0-9]+)?", "a number, such as 0.5 or 20", float, {"type": "number"}),
    "source": Kind(
        _source,
        object_schema(
            ["file"],
            file={**ANY_TEXT, "description": "Its path inside the texts folder."},
            sha256={"type": ["string", "number"], "description": "What `sha256sum` prints for the file: 64 digits."},
            characters={"type": "integer", "minimum": 0, "description": "How many characters it has."},
        ),
        parts=("_sha256", "_characters"),
        stored=lambda source: (source.sha256, source.characters),
        example="{file: article.txt}",
    ),
    "action": Kind(_text, ANY_TEXT, codebook=True),
    "retraction": Kind(
        _retraction,
        object_schema(
            ["on", "reason"],
            on={
                **_date_schema(_DATE_FORM, "Write 2022-01-26, 2022-01 or 2022."),
                "description": "Since when it is known to be wrong.",
            },
            reason={**ANY_TEXT, "description": "Why it is wrong."},
        ),
        parts=("_on", "_reason"),
        stored=lambda retraction: (retraction.on, retraction.reason),
        example="{on: 2022-02-01, reason: The source corrected it}",
    ),
    "quote": Kind(
        _quote, {"type": ["string", "number"], "maxLength": MAX_CHARACTERS}, example="serious consultations on arms control"
    ),
}
