"""The kinds of property: how each is written and checked, stored in the graph, and shown to editors.

One more kind is one more `Kind` in `KINDS`; what it decodes to is listed in `PropertyValue`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import PureWindowsPath
from typing import Any, TypeAlias

import msgspec

from negograph.model.dates import BackwardsInterval, DateRange, parse_date
from negograph.model.fields import Fields
from negograph.parsing.yaml_tree import Sequence, Value
from negograph.project import TEXTS
from negograph.text.quotes import MAX_CHARACTERS, MAX_WORDS, word_count

Schema: TypeAlias = dict[str, Any]
StoredValue: TypeAlias = str | bool | int | float | date | list[str] | None
Decode: TypeAlias = Callable[[Value, str, Fields], Any]

ANY_WORD: Schema = {"if": {"type": "boolean"}, "else": {"type": ["string", "number"]}}
"""What editors take for a number or true is a text to negograph, wherever a text is meant. Not as a type: a server that
reads the type "boolean" offers true and false wherever a text is written."""

ANY_TEXT: Schema = {"anyOf": [ANY_WORD]}
"""The same as a property. Without a type or anyOf the key would be completed without its colon."""

_YEAR: Schema = {"type": ["string", "integer"], "minimum": 1000, "maximum": 9999}
_DATE = "[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?"
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


def _word(parse: Callable[[str], bool | int | float], json_schema: Schema) -> Kind:
    """A kind that is one word, which `parse` refuses by a ValueError that says what it expects."""

    def decode(value: Value, key: str, fields: Fields) -> bool | int | float | None:
        text = fields.text(value, key)
        try:
            return parse(text) if text else None
        except ValueError as error:
            fields.problem(value.position, "wrong-type", f"{key!r} is {text!r}: {error}")
            return None

    return Kind(decode, json_schema, parse)


def _flag(text: str) -> bool:
    if text not in ("true", "false"):
        raise ValueError("expected true or false")
    return text == "true"


def _integer(text: str) -> int:
    if not re.fullmatch(_INTEGER, text):
        raise ValueError("expected a whole number, such as -1 or 20")
    return int(text)


def _number(text: str) -> float:
    if not re.fullmatch(f"{_INTEGER}([.][0-9]+)?", text):
        raise ValueError("expected a number, such as 0.5 or 20")
    return float(text)


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
    inner = fields.nested(value, key, ("file", "sha256", "characters"))
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
    inner = fields.nested(value, key, ("on", "reason"))
    if inner is None:
        return None
    on, reason = (inner.required_text(name) for name in ("on", "reason"))
    when = _date(inner.values["on"], "on", inner) if on and reason else None
    return Retraction(when.last, reason) if when else None


def _object(required: list[str], **properties: Schema) -> Schema:
    return {"type": "object", "additionalProperties": False, "required": required, "properties": properties}


KINDS: Mapping[str, Kind] = {
    "text": Kind(_text, ANY_TEXT, parse=str),
    "texts": Kind(decode_texts, {"type": "array", "items": ANY_WORD}, parse=str, stored=lambda texts: (list(texts),)),
    "date": Kind(
        _date,
        {
            **_YEAR,
            "pattern": f"^{_DATE}(/{_DATE})?$",
            "patternErrorMessage": "Write 2022-01-26, 2022-01, 2022, or an interval such as 2022-01-26/2022-01-28.",
        },
        parts=("", "_from", "_to"),
        stored=lambda date: (date.text, date.first, date.last),
        example="2022-01-26, 2022-01, 2022, 2022-01-26/2022-01-28",
    ),
    "flag": _word(_flag, {"type": "boolean", "errorMessage": "Write true or false."}),
    "integer": _word(_integer, {"type": "integer"}),
    "number": _word(_number, {"type": "number"}),
    "source": Kind(
        _source,
        _object(
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
        _object(
            ["on", "reason"],
            on={
                **_YEAR,
                "pattern": f"^{_DATE}$",
                "patternErrorMessage": "Write 2022-01-26, 2022-01 or 2022.",
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
