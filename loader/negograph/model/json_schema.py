"""The model as JSON Schema, by which editors complete and explain what a curator writes in seeds/*.yaml.

Written for draft 07, the one that the YAML editors understand best. It is looser than `negograph check`: it knows no ids.
"""

import json
from collections import defaultdict
from collections.abc import Mapping

from negograph.model.kinds import ANY_TEXT, KINDS, Kind, Schema, object_schema
from negograph.model.model import BY, DATASET, DATASET_SECTION, FACT, TO, WHAT, EdgeType, Model, NodeType, PropertyType
from negograph.text.characters import in_json

_ID: Schema = {
    "type": ["string", "number"],
    "minimum": 0,
    "pattern": r"^[^\s.-][^\s,/:;#]*$",
    "patternErrorMessage": "An id has letters, digits, - and _, such as nato-offer; no blanks.",
}

_AN_ID: Schema = {"$ref": "#/definitions/id"}


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
    about = {"title": DATASET, "description": "The whole that the entries belong to; described once."}
    title = {**ANY_TEXT, "title": "title", "description": "What the dataset is about, for its readers."}
    unit = {
        "title": "unit",
        "description": "What a fact is: an act, each written once, or a statement, one for each time that something was said.",
        "enum": ["acts", "statements"],
    }
    return {**about, **object_schema(["id", "title"], id=_AN_ID, title=title, unit=unit)}


def _entry(node: NodeType, model: Model) -> Schema:
    properties: dict[str, Schema] = {"id": _AN_ID}
    required = ["id"]
    if node.named == "entry":
        properties["name"] = {**ANY_TEXT, "title": "name", "description": "What it is called, for the readers of the graph."}
        required.append("name")
    properties |= _properties(node.properties)
    required += [name for name, type_ in node.properties.items() if type_.required]
    for edge in model.edges_by_key[node.label].values():
        properties[edge.key] = _reference(edge)
        properties |= {} if edge.item else _properties(edge.properties)
        required += [edge.key] if edge.required else []
    described = (
        "Ids that it had before, and those of entries that were merged into it: the node keeps its place in the graph, and a "
        "reference to one of these ids is recognised. For example: [russian-federation]."
    )
    properties["formerly"] = {"title": "formerly", "description": described, "type": "array", "items": _AN_ID}
    entry = {"title": node.label, "description": node.definition, **object_schema(required, **properties)}
    return {**entry, "allOf": _parts_of_actions(model)} if node.label == FACT else entry


def _properties(types: Mapping[str, PropertyType]) -> dict[str, Schema]:
    return {name: _property(type_) for name, type_ in types.items()}


def _property(type_: PropertyType) -> Schema:
    kind = KINDS[type_.kind]
    default = "" if type_.default is None else f" Without it: {json.dumps(type_.default).strip(chr(34))}."
    example = f" For example: {kind.example}." if kind.example else ""
    form = _enumerated(kind, type_.values) if type_.values else kind.json_schema
    longest = {"maxLength": type_.longest} if type_.longest else {}
    return {"title": type_.name, "description": type_.definition + default + example, **form, **longest}


def _enumerated(kind: Kind, values: Mapping[str, str]) -> Schema:
    """The allowed values of a property, or of the elements of a list, with what each means."""
    parse = kind.parse or str
    words = [parse(word) for word in values]
    one: Schema = {"type": "string"} if isinstance(words[0], str) else {}
    one |= {"enum": words, "enumDescriptions": list(values.values())}
    return {"type": "array", "items": one} if kind.json_schema.get("type") == "array" else one


def _reference(edge: EdgeType) -> Schema:
    about: Schema = {"title": edge.key, "description": f"{edge.definition} (the id of a {' or '.join(edge.to)})"}
    one: Schema = {**about, **_ID}
    if edge.item:
        required = [edge.item, *(name for name, type_ in edge.properties.items() if type_.required)]
        item: Schema = {**ANY_TEXT, "title": edge.item, "description": f"The id of a {' or '.join(edge.to)}."}
        one = {**about, **object_schema(required, **{edge.item: item}, **_properties(edge.properties))}
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
