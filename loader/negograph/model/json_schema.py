"""The model as JSON Schema, by which editors complete and explain what a curator writes in seeds/*.yaml.

Written for draft 07, the one that the YAML editors understand best. It is looser than `negograph check`: it knows no ids.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from typing import Any, TypeAlias

from negograph.model.model import BY, DATASET, DATASET_SECTION, FACT, TO, WHAT, EdgeType, Model, NodeType, PropertyType
from negograph.model.schema_files import typed
from negograph.text.escaping import in_json
from negograph.text.quotes import MAX_CHARACTERS

Schema: TypeAlias = dict[str, Any]

_WORDS: Schema = {"if": {"type": "boolean"}, "else": {"type": ["string", "number"]}}
"""What editors take for a number or true is a text to negograph, wherever a text is meant. Not as a type: a server that
reads the type "boolean" offers true and false wherever a text is written."""

_TEXT: Schema = {"anyOf": [_WORDS]}
"""The same as a property. Without a type or anyOf the key would be completed without its colon."""

_DATE = "[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?"
_YEAR: Schema = {"type": ["string", "integer"], "minimum": 1000, "maximum": 9999}
_ID: Schema = {
    "type": ["string", "number"],
    "minimum": 0,
    "pattern": r"^[^\s.-][^\s,/:;#]*$",
    "patternErrorMessage": "An id has letters, digits, - and _, such as nato-offer; no blanks.",
}
_EXAMPLES = {
    "date": "2022-01-26, 2022-01, 2022, 2022-01-26/2022-01-28",
    "quote": "serious consultations on arms control",
    "source": "{file: article.txt}",
    "retraction": "{on: 2022-02-01, reason: The source corrected it}",
}
"""Part of the description: what stands under `examples`, servers offer as values."""

_FORMS: dict[str, Schema] = {
    "text": _TEXT,
    "texts": {"type": "array", "items": _WORDS},
    "date": {
        **_YEAR,
        "pattern": f"^{_DATE}(/{_DATE})?$",
        "patternErrorMessage": "Write 2022-01-26, 2022-01, 2022, or an interval such as 2022-01-26/2022-01-28.",
    },
    "flag": {"type": "boolean", "errorMessage": "Write true or false."},
    "integer": {"type": "integer"},
    "number": {"type": "number"},
    "quote": {
        "type": ["string", "number"],
        "maxLength": MAX_CHARACTERS,
    },
    "source": {
        "type": "object",
        "additionalProperties": False,
        "required": ["file"],
        "properties": {
            "file": {**_TEXT, "description": "Its path inside the texts folder."},
            "sha256": {"type": ["string", "number"], "description": "What `sha256sum` prints for the file: 64 digits."},
            "characters": {"type": "integer", "minimum": 0, "description": "How many characters it has."},
        },
    },
    "retraction": {
        "type": "object",
        "additionalProperties": False,
        "required": ["on", "reason"],
        "properties": {
            "on": {
                **_YEAR,
                "pattern": f"^{_DATE}$",
                "patternErrorMessage": "Write 2022-01-26, 2022-01 or 2022.",
                "description": "Since when it is known to be wrong.",
            },
            "reason": {**_TEXT, "description": "Why it is wrong."},
        },
    },
}


def json_schema(model: Model) -> str:
    """The JSON Schema of the files in seeds/, as text."""
    sections = {
        node.section: {
            "title": node.section,
            "description": node.definition,
            "type": ["array", "null"],
            "items": {"$ref": f"#/definitions/{label}"},
        }
        for label, node in model.nodes.items()
    }
    whole: Schema = {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "negograph seeds",
        "description": "Curated facts about a negotiation: sections of entries, in files and folders as you like.",
        "type": ["object", "null"],
        "additionalProperties": False,
        "properties": {DATASET_SECTION: {"$ref": f"#/definitions/{DATASET}"}, **sections},
        "definitions": {
            DATASET: _dataset(),
            "id": {
                "title": "id",
                "description": "What other entries call it by; unique in the whole dataset, in letters, digits, - and _.",
                **_ID,
            },
            **{label: _entry(node, model) for label, node in model.nodes.items()},
        },
    }
    return in_json(whole) + "\n"


def _dataset() -> Schema:
    return {
        "title": DATASET,
        "description": "The whole that the entries belong to; described once.",
        "type": "object",
        "additionalProperties": False,
        "required": ["id", "title"],
        "properties": {
            "id": {"$ref": "#/definitions/id"},
            "title": {**_TEXT, "title": "title", "description": "What the dataset is about, for its readers."},
        },
    }


def _entry(node: NodeType, model: Model) -> Schema:
    properties: dict[str, Schema] = {"id": {"$ref": "#/definitions/id"}}
    required = ["id"]
    if not node.names_itself:
        properties["name"] = {**_TEXT, "title": "name", "description": "What it is called, for the readers of the graph."}
        required.append("name")
    properties |= _properties(node.properties, model)
    required += [name for name, kind in node.properties.items() if kind.required]
    for edge in model.edges_of(node.label):
        properties[edge.key] = _reference(edge, model)
        properties |= {} if edge.item else _properties(edge.properties, model)
        required += [edge.key] if edge.required else []
    described = (
        "Ids that it had before, and those of entries that were merged into it: the node keeps its place in the graph, and a "
        "reference to one of these ids is recognised. For example: [russian-federation]."
    )
    former = {"title": "formerly", "description": described}
    properties["formerly"] = {**former, "type": "array", "items": {"$ref": "#/definitions/id"}}
    entry: Schema = {
        "title": node.label,
        "description": node.definition,
        "type": "object",
        "additionalProperties": False,
        "required": required,
        "properties": properties,
    }
    return {**entry, "allOf": _parts_of_actions(model)} if node.label == FACT else entry


def _properties(types: Mapping[str, PropertyType], model: Model) -> dict[str, Schema]:
    return {name: _property(kind, model) for name, kind in types.items()}


def _property(kind: PropertyType, model: Model) -> Schema:
    default = "" if kind.default is None else f" Without it: {json.dumps(kind.default).strip(chr(34))}."
    example = f" For example: {_EXAMPLES[kind.kind]}." if kind.kind in _EXAMPLES else ""
    about: Schema = {"title": kind.name, "description": kind.definition + default + example}
    if kind.kind == "action":
        return {**about, **_words({name: f"{act.definition} ({act.sentence})" for name, act in model.actions.items()})}
    if kind.values and kind.kind == "texts":
        return {**about, "type": "array", "items": _words(kind.values)}
    if kind.values and kind.kind in ("integer", "number"):
        numbers = [typed(kind.kind, word) for word in kind.values]
        return {**about, "enum": numbers, "enumDescriptions": list(kind.values.values())}
    if kind.values:
        return {**about, **_words(kind.values)}
    return {**about, **_FORMS[kind.kind]}


def _words(meanings: Mapping[str, str]) -> Schema:
    return {"type": "string", "enum": list(meanings), "enumDescriptions": list(meanings.values())}


def _reference(edge: EdgeType, model: Model) -> Schema:
    about: Schema = {"title": edge.key, "description": f"{edge.definition} (the id of a {' or '.join(edge.to)})"}
    one: Schema = {**about, **_ID}
    if edge.item:
        required = [edge.item, *(name for name, kind in edge.properties.items() if kind.required)]
        item: Schema = {"title": edge.item, "description": f"The id of a {' or '.join(edge.to)}."}
        one = {
            **about,
            "type": "object",
            "additionalProperties": False,
            "required": required,
            "properties": {edge.item: {**_TEXT, **item}, **_properties(edge.properties, model)},
        }
    if not edge.many:
        return one
    several: Schema = {"items": one, "uniqueItems": True}
    if edge.required:
        several["minItems"] = 1
    if edge.item:  # the list first: editors write it when the key is completed
        return {**about, "type": ["array", "object"], **several, "if": {"type": "object"}, "then": one}
    return {**one, "type": [*one["type"], "array"], "if": {"type": "array"}, "then": several}


def _parts_of_actions(model: Model) -> list[Schema]:
    """Which parts a fact needs, by its action."""
    by_parts: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for action in model.actions.values():
        by_parts[tuple(role for role in (BY, TO, WHAT) if role in action.required)].append(action.name)
    return [
        {
            # a pattern: servers show and offer the words of an enum, here too
            "if": {"required": ["action"], "properties": {"action": {"type": "string", "pattern": f"^({'|'.join(names)})$"}}},
            "then": {"required": list(parts)},
        }
        for parts, names in by_parts.items()
        if parts
    ]
