"""Reading the graph model from schema/*.yaml.

The rest of negograph is generic over it: an action or a property more needs no Python.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

from negograph.errors import ProblemsFound
from negograph.files.reading import read_bytes, yaml_files
from negograph.model.model import (
    BY,
    DATASET,
    FACT,
    RESTS_ON,
    RETRACTED_FACT,
    TO,
    WHAT,
    Action,
    Default,
    EdgeType,
    Effect,
    Model,
    NodeType,
    PropertyKind,
    PropertyType,
)
from negograph.parsing.reading import read_yaml
from negograph.parsing.yaml_tree import Mapping as YamlMapping
from negograph.parsing.yaml_tree import Scalar, Sequence, Value
from negograph.problems.hints import did_you_mean
from negograph.problems.problem import Position, Problem

RESERVED_PROPERTIES = (
    *("id", "name", "dataset", "digest", "fact", "label", "attribution", "effect", "plover", "entry", "formerly"),
    *("status", "status_by"),
)
_LABEL = re.compile(r"[A-Z][A-Za-z0-9]*")
_EDGE = re.compile(r"[A-Z][A-Z0-9_]*")
_KEY = re.compile(r"[a-z][a-z0-9_]*")
_SENTENCE_PART = re.compile(r"\[[^\[\]{}]*{(?:by|what|to)}[^\[\]{}]*\]|{(?:by|what|to)}")


def typed(kind: PropertyKind, text: str) -> str | bool | int | float:
    """A scalar of the YAML as the value that its kind of property stores.

    Raises:
        ValueError: if the text is not of that kind; it says what was expected.
    """
    if kind == "flag":
        if text not in ("true", "false"):
            raise ValueError("expected true or false")
        return text == "true"
    if kind == "integer":
        if not re.fullmatch(r"-?(0|[1-9][0-9]{0,17})", text):
            raise ValueError("expected a whole number, such as -1 or 20")
        return int(text)
    if kind == "number":
        if not re.fullmatch(r"-?(0|[1-9][0-9]{0,17})([.][0-9]+)?", text):
            raise ValueError("expected a number, such as 0.5 or 20")
        return float(text)
    return text


def load_model(folders: Iterable[Path]) -> Model:
    """Read the model from folders of YAML files; later folders add to earlier ones and change nothing in them.

    Raises:
        ProblemsFound: with everything that is wrong in the files, each with its place.
    """
    reader = _Reader()
    for folder in folders:
        for path in yaml_files(folder):
            reader.read_file(path.relative_to(folder.parent).as_posix(), path, folder.parent)
    model = reader.model()
    if reader.problems:
        raise ProblemsFound(reader.problems)
    return model


def _edge_place(edge: EdgeType) -> str:
    return f"{edge.type} {edge.key} of {edge.of}"


_REQUIRED = object()


class _Reader:
    """Collects node types, edges and actions over the files, and every problem on the way."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.nodes: dict[str, NodeType] = {}
        self.edges: list[EdgeType] = []
        self.actions: dict[str, Action] = {}
        self.places: dict[str, Position] = {}

    def read_file(self, name: str, path: Path, root: Path) -> None:
        written, problems = read_bytes(name, path, root)
        document, more = read_yaml(name, written)
        self.problems += [*problems, *more]
        if document is None:
            return
        sections: dict[str, Callable[[Value], None]] = {"nodes": self._nodes, "edges": self._edges, "actions": self._actions}
        for key, content in self._items(document):
            if key.text in sections:
                sections[key.text](content)
            else:
                self._wrong(
                    key, f"unknown section {key.text!r}; a schema has {', '.join(sections)}{did_you_mean(key.text, sections)}"
                )

    def model(self) -> Model:
        self._check_references()
        everything = tuple(self.nodes)
        party = ("Party",)
        actions = {
            action.name: replace(action, by=action.by or party, to=action.to or party, what=action.what or everything)
            for action in self.actions.values()
        }
        return Model(self.nodes, tuple(self._widened(edge) for edge in self.edges), actions)

    def _widened(self, edge: EdgeType) -> EdgeType:
        """An edge from a fact to what an action may name reaches every kind that some action lists there."""
        if edge.key not in (BY, TO, WHAT) or edge.of != (FACT,):
            return edge
        listed = (label for action in self.actions.values() for label in getattr(action, edge.key))
        return replace(edge, to=tuple(dict.fromkeys([*edge.to, *listed])))

    def _nodes(self, content: Value) -> None:
        for key, value in self._items(content):
            label = self._name(key, _LABEL, "a label is written like Party")
            fields = self._fields(value, {"section", "definition", "named", "properties"})
            known = self.nodes.get(label)
            self.places[label] = key.position
            properties = self._properties(fields.get("properties"), known.properties if known else {})
            if known is not None:
                if set(fields) - {"properties"}:
                    self._wrong(key, f"{label} is defined already; a schema can only add properties to it")
                self.nodes[label] = replace(known, properties={**known.properties, **properties})
                continue
            self.nodes[label] = NodeType(
                label=label,
                section=self._text(fields, "section", value),
                definition=self._text(fields, "definition", value),
                properties=properties,
                names_itself=self._choice(fields, "named", value, ("entry", "derived"), "entry") == "derived",
            )

    def _edges(self, content: Value) -> None:
        if not isinstance(content, Sequence):
            self._wrong(content, "edges are a list")
            return
        allowed = {"type", "key", "of", "to", "definition", "many", "required", "reverse", "item", "acyclic", "properties"}
        for value in content.items:
            fields = self._fields(value, allowed)
            edge = EdgeType(
                type=self._text(fields, "type", value),
                key=self._text(fields, "key", value),
                of=self._texts(fields, "of", value),
                to=self._texts(fields, "to", value),
                definition=self._text(fields, "definition", value),
                many=self._flag(fields, "many", value),
                required=self._flag(fields, "required", value),
                reverse=self._flag(fields, "reverse", value),
                item=self._text(fields, "item", value, None),
                properties=self._properties(fields.get("properties"), {}),
                acyclic=self._flag(fields, "acyclic", value),
            )
            self._matches(fields.get("type"), _EDGE, "a relationship type is written like MEMBER_OF")
            self._matches(fields.get("key"), _KEY, "a key is written like member_of")
            self.places[_edge_place(edge)] = value.position
            self.edges.append(edge)

    def _actions(self, content: Value) -> None:
        allowed = {"definition", "sentence", "edge", "ends", "by", "to", "what", "required", "stance", "effect", "plover"}
        for key, value in self._items(content):
            name = self._name(key, _KEY, "an action is written like left_unanswered")
            fields = self._fields(value, allowed)
            if name in self.actions:
                self._wrong(key, f"the action {name} is defined already; give this one another name")
                continue
            self._matches(fields.get("edge"), _EDGE, "a relationship type is written like OFFERED")
            self.places[name] = key.position
            self.actions[name] = Action(
                name=name,
                definition=self._text(fields, "definition", value),
                sentence=self._text(fields, "sentence", value),
                edge=self._text(fields, "edge", value),
                ends="to" if self._choice(fields, "ends", value, ("what", "to")) == "to" else "what",
                by=self._texts(fields, "by", value, ()),
                to=self._texts(fields, "to", value, ()),
                what=self._texts(fields, "what", value, ()),
                required=self._texts(fields, "required", value, ()),
                stance=int(self._choice(fields, "stance", value, ("-1", "0", "1"), "0")),
                effect=self._choice(fields, "effect", value, get_args(Effect), None),
                plover=self._text(fields, "plover", value, None),
            )

    def _properties(self, content: Value | None, known: Mapping[str, PropertyType]) -> dict[str, PropertyType]:
        properties: dict[str, PropertyType] = {}
        for key, value in self._items(content) if content is not None else ():
            name = self._name(key, _KEY, "a property is written like date_note")
            fields = self._fields(value, {"type", "definition", "required", "values", "default", "graph"})
            if name in known or name in RESERVED_PROPERTIES:
                self._wrong(key, f"the property {name} is there already; a schema can only add properties")
                continue
            kind = self._choice(fields, "type", value, get_args(PropertyKind))
            if kind == "retraction" and name != "retracted":
                self._wrong(key, "only facts are retracted, by the key retracted")
            if {"required", "default"} <= set(fields):
                self._wrong(key, f"the property {name} is required, so its default never holds; leave one of the two out")
            values = self._values(fields["values"], kind) if "values" in fields else {}
            properties[name] = PropertyType(
                name=name,
                kind=kind,
                definition=self._text(fields, "definition", value),
                required=self._flag(fields, "required", value),
                values=values,
                default=self._default(fields.get("default"), kind, values),
                graph=self._choice(fields, "graph", value, ("true", "false"), "true") == "true",
            )
        return properties

    def _values(self, value: Value, kind: PropertyKind) -> dict[str, str]:
        """The words that a property may have, and what each means."""
        if kind not in ("text", "texts", "integer", "number"):
            self._wrong(value, f"a property of type {kind} takes no `values`; choose another type, or leave them out")
            return {}
        values = {}
        for word, meaning in self._items(value):
            try:
                typed(kind, word.text)
            except ValueError as error:
                self._wrong(word, f"the value {word.text!r} is not of type {kind}: {error}")
                continue
            values[word.text] = self._scalar(meaning)
        return values

    def _default(self, value: Value | None, kind: PropertyKind, values: Mapping[str, str]) -> Default:
        if value is None:
            return None
        text = self._scalar(value)
        if values and text not in values:
            self._wrong(value, f"the default {text!r} is not one of {', '.join(values)}")
        try:
            if kind not in ("text", "flag", "integer", "number"):
                raise ValueError
            return typed(kind, text)
        except ValueError:
            self._wrong(value, f"the default {text!r} is not of type {kind}, or {kind} takes no default")
            return None

    def _check_references(self) -> None:
        """Labels that are named must exist; a relationship type means one thing; sections and keys are not used twice."""
        sections: dict[str, str] = {"dataset": DATASET}
        for node in self.nodes.values():
            self._check_node(node, sections)
        for edge in self.edges:
            self._known_labels(_edge_place(edge), edge.of + edge.to)
            if edge.type == RESTS_ON:
                self._at(_edge_place(edge), f"the relationship type {RESTS_ON} is negograph's own; choose another")
        structural = {RESTS_ON, *(edge.type for edge in self.edges)}
        for action in self.actions.values():
            self._check_action(action, structural)

    def _check_node(self, node: NodeType, sections: dict[str, str]) -> None:
        label = node.label
        if label in (DATASET, RETRACTED_FACT):
            self._at(label, f"the label {label} is negograph's own; choose another")
        if not _KEY.fullmatch(node.section):
            self._at(label, f"the section {node.section!r} of {label} cannot be used: a section is written like parties")
        if node.section in sections:
            self._at(label, f"the section {node.section} is used by {sections[node.section]} already")
        sections[node.section] = label
        if label != FACT and "retracted" in node.properties:
            self._at(label, f"the property retracted is for facts alone; give that of {label} another name")
        if label in {*(edge.type for edge in self.edges), *(action.edge for action in self.actions.values())}:
            self._at(
                label, f"{label} is a relationship type too; the embedded engine cannot tell them apart: choose another label"
            )
        written = [{name, *kind.stored_names} for name, kind in node.properties.items()]
        keys = ["id", "name", *(key for names in written for key in names)]
        keys += [key for edge in self.edges if label in edge.of for key in edge.keys]
        for key in sorted({key for key in keys if keys.count(key) > 1}):
            self._at(label, f"the key {key} of {label} is defined twice")

    def _check_action(self, action: Action, structural: set[str]) -> None:
        name = action.name
        self._known_labels(name, action.by + action.to + action.what)
        for label in {*action.by, *action.to, *action.what} & self.nodes.keys():
            if self.nodes[label].names_itself:
                self._at(name, f"{name} cannot be about a {label}, which has no name of its own")
        if action.ends not in action.required:
            self._at(name, f"the edge of {name} ends at {action.ends}, so `required` must list {action.ends}")
        for role in sorted(set(action.required) - {"by", "to", "what"}):
            self._at(name, f"{role!r} in `required` of {name} is none of by, to, what")
        if action.edge in structural:
            self._at(name, f"{action.edge} is a structural edge already; give the edge of {name} another type")
        if set("{}[]") & set(_SENTENCE_PART.sub("", action.sentence)):
            said = "{by}, {what} and {to}, and put one of them with words around it in [ ]"
            self._at(name, f"the sentence of {name} is not understood; it can name {said}")

    def _known_labels(self, place: str, labels: Iterable[str]) -> None:
        for label in labels:
            if label not in self.nodes:
                self._at(place, f"there is no kind of node {label!r}{did_you_mean(label, self.nodes)}")

    def _at(self, place: str, message: str) -> None:
        self.problems.append(Problem(self.places[place], "schema", message))

    def _wrong(self, value: Value, message: str) -> None:
        self.problems.append(Problem(value.position, "schema", message))

    def _items(self, value: Value) -> tuple[tuple[Scalar, Value], ...]:
        if isinstance(value, YamlMapping):
            return value.items
        self._wrong(value, "this should be a mapping")
        return ()

    def _fields(self, value: Value, allowed: set[str]) -> dict[str, Value]:
        fields = {}
        for key, content in self._items(value):
            if key.text in allowed:
                fields[key.text] = content
            else:
                self._wrong(key, f"unknown key {key.text!r}{did_you_mean(key.text, allowed)}")
        return fields

    def _name(self, key: Scalar, pattern: re.Pattern[str], form: str) -> str:
        self._matches(key, pattern, form)
        return key.text

    def _matches(self, value: Value | None, pattern: re.Pattern[str], form: str) -> None:
        if isinstance(value, Scalar) and not pattern.fullmatch(value.text):
            self._wrong(value, f"{value.text!r} cannot be used here: {form}")

    def _scalar(self, value: Value) -> str:
        if isinstance(value, Scalar):
            return value.text
        self._wrong(value, "this should be a word or a text")
        return ""

    def _text(self, fields: dict[str, Value], key: str, parent: Value, default: Any = _REQUIRED) -> Any:
        if key in fields:
            return self._scalar(fields[key])
        if default is _REQUIRED:
            self._wrong(parent, f"the key {key!r} is missing")
            return ""
        return default

    def _texts(self, fields: dict[str, Value], key: str, parent: Value, default: Any = _REQUIRED) -> tuple[str, ...]:
        value = fields.get(key)
        if isinstance(value, Sequence):
            return tuple(map(self._scalar, value.items))
        if value is not None:
            self._wrong(value, f"{key} is a list, written [A, B]")
        elif default is _REQUIRED:
            self._wrong(parent, f"the key {key!r} is missing")
        return ()

    def _choice(
        self, fields: dict[str, Value], key: str, parent: Value, choices: tuple[str, ...], default: Any = _REQUIRED
    ) -> Any:
        text = self._text(fields, key, parent, default)
        if key in fields and text not in choices:
            self._wrong(fields[key], f"{text!r} is not one of {', '.join(choices)}{did_you_mean(text, choices)}")
            return choices[0]
        return text or choices[0] if default is _REQUIRED else text

    def _flag(self, fields: dict[str, Value], key: str, parent: Value) -> bool:
        return bool(self._choice(fields, key, parent, ("true", "false"), "false") == "true")
