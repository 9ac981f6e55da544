"""Reading the graph model from schema/*.yaml.

The rest of negograph is generic over it: an action or a property more needs no Python.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar, get_args

from negograph.errors import ProblemsFound
from negograph.files.reading import read_bytes, yaml_files
from negograph.model.fields import Fields
from negograph.model.kinds import KINDS
from negograph.model.model import (
    BY,
    FACT,
    TO,
    WHAT,
    Action,
    EdgeType,
    Effect,
    Model,
    NodeType,
    PropertyType,
    decode_properties,
)
from negograph.model.schema_rules import KEY, Places, check_schema
from negograph.parsing.reading import read_yaml
from negograph.parsing.yaml_tree import Mapping as YamlMapping
from negograph.parsing.yaml_tree import Scalar, Sequence, Value
from negograph.problems.problem import Position, Problem

RESERVED_PROPERTIES = (
    *("id", "name", "dataset", "digest", "fact", "label", "attribution", "effect", "plover", "entry", "formerly"),
    *("status", "status_by"),
)
_LABEL = re.compile(r"[A-Z][A-Za-z0-9]*")
_EDGE = re.compile(r"[A-Z][A-Z0-9_]*")
_Definition = TypeVar("_Definition", NodeType, Action, PropertyType)


def _keys(*required: str, **kinds: str | tuple[str, ...]) -> dict[str, PropertyType]:
    """The keys of a definition, by the kind of their values or by the words that these can be."""
    return {
        name: PropertyType(name, "text", "", name in required, dict.fromkeys(kind, ""))
        if isinstance(kind, tuple)
        else PropertyType(name, kind, "", name in required)
        for name, kind in kinds.items()
    }


_OF_NODE = _keys("section", "definition", section="text", definition="text", named=("entry", "derived"))
_OF_EDGE = _keys(
    *("type", "key", "of", "to", "definition"),
    **{"type": "text", "key": "text", "of": "texts", "to": "texts", "definition": "text", "item": "text"},
    **dict.fromkeys(("many", "required", "reverse", "acyclic"), "flag"),
)
_OF_ACTION = _keys(
    *("definition", "sentence", "edge", "ends"),
    **dict.fromkeys(("definition", "sentence", "edge", "plover"), "text"),
    **dict.fromkeys(("by", "to", "what", "required"), "texts"),
    ends=("what", "to"),
    stance=("-1", "0", "1"),
    effect=get_args(Effect),
)
_OF_PROPERTY = _keys("type", "definition", type=tuple(KINDS), definition="text", required="flag", graph="flag")


def load_model(folders: Iterable[Path]) -> Model:
    """Read the model from folders of YAML files.

    Later folders add to earlier ones and change nothing in them; a definition may be repeated as it is.

    Raises:
        ProblemsFound: with everything that is wrong in the files, each with its place.
    """
    reader = _Reader()
    *shipped, own = folders
    for folder in [*shipped, own]:
        for path in yaml_files(folder):
            name = path.relative_to(folder.parent).as_posix()
            reader.read_file(name if folder == own else f"negograph's own {name}", path, folder.parent)
    model = Model(reader.nodes, tuple(reader.edges), reader.actions)
    mistakes = [Problem(mistake.position, "schema", mistake.message, mistake.also) for mistake in reader.mistakes]
    if problems := [*reader.problems, *mistakes] or list(check_schema(model, reader.places)):
        raise ProblemsFound(problems)
    return _completed(model)


def _completed(model: Model) -> Model:
    """The model with what an action may name where it does not say, and where a property's values are the actions."""
    everything, party = tuple(model.nodes), ("Party",)
    actions = {
        action.name: replace(action, by=action.by or party, to=action.to or party, what=action.what or everything)
        for action in model.actions.values()
    }
    meanings = {action.name: f"{action.definition} ({action.sentence})" for action in actions.values()}
    nodes = {label: replace(node, properties=_with_actions(node.properties, meanings)) for label, node in model.nodes.items()}
    return Model(nodes, tuple(_widened(edge, actions.values()) for edge in model.edges), actions)


def _with_actions(types: Mapping[str, PropertyType], meanings: Mapping[str, str]) -> dict[str, PropertyType]:
    return {name: replace(type_, values=meanings) if KINDS[type_.kind].codebook else type_ for name, type_ in types.items()}


def _widened(edge: EdgeType, actions: Iterable[Action]) -> EdgeType:
    """An edge from a fact to what an action may name reaches every kind that some action lists there."""
    if edge.key not in (BY, TO, WHAT) or edge.of != (FACT,):
        return edge
    listed = (label for action in actions for label in getattr(action, edge.key))
    return replace(edge, to=tuple(dict.fromkeys([*edge.to, *listed])))


class _Reader:
    """Gathers the definitions of all files, the place of each, and every problem on the way.

    `mistakes` are the problems of decoding, with the codes that they have in seeds.
    """

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.mistakes: list[Problem] = []
        self.nodes: dict[str, NodeType] = {}
        self.edges: list[EdgeType] = []
        self.actions: dict[str, Action] = {}
        self.places: Places = {}

    def read_file(self, name: str, path: Path, root: Path) -> None:
        written, problems = read_bytes(name, path, root)
        document, more = read_yaml(name, written)
        self.problems += [*problems, *more]
        sections: dict[str, Callable[[Value, Fields], None]] = {
            "nodes": self._nodes,
            "edges": self._edges,
            "actions": self._actions,
        }
        if isinstance(document, YamlMapping):
            fields = Fields(document, sections, "a schema", self.mistakes)
            for key, content in fields.values.items():
                sections[key](content, fields)
        elif document is not None:
            self._wrong(
                document, f"a schema is a mapping; write {', '.join(f'`{key}:`' for key in sections)} above its definitions"
            )

    def _nodes(self, content: Value, schema: Fields) -> None:
        for key, value in self._items(content):
            label = key.text
            self._matches(key, _LABEL, "a label is written like Party")
            fields = schema.nested(value, label, (*_OF_NODE, "properties"))
            if fields is None:
                continue
            known = self.nodes.get(label)
            properties = self._properties((label,), fields, known.properties if known else {})
            if known is None:
                self.nodes[label] = NodeType(label=label, properties=properties, **_decoded(_OF_NODE, fields))
            else:
                given: Any = decode_properties({name: _OF_NODE[name] for name in _OF_NODE.keys() & fields.values.keys()}, fields)
                new = replace(known, **given)
                self._compare(new, known, (label,), fields, f"{label} is defined", "a schema can only add properties to it")
                self.nodes[label] = replace(known, properties={**known.properties, **properties})
            self._keep_places((label,), key.position, fields)

    def _edges(self, content: Value, schema: Fields) -> None:
        if not isinstance(content, Sequence):
            self._wrong(content, "edges are a list; write `- type: ...` for each")
            return
        for value in content.items:
            fields = schema.nested(value, "an edge", (*_OF_EDGE, "properties"))
            if fields is None:
                continue
            head = (str(len(self.edges)),)
            edge = EdgeType(properties=self._properties(head, fields, {}), **_decoded(_OF_EDGE, fields))
            self._matches(fields.values.get("type"), _EDGE, "a relationship type is written like MEMBER_OF")
            self._matches(fields.values.get("key"), KEY, "a key is written like member_of")
            if edge not in self.edges:
                self.edges.append(edge)
                self._keep_places(head, fields.mapping.position, fields)

    def _actions(self, content: Value, schema: Fields) -> None:
        for key, value in self._items(content):
            name = key.text
            self._matches(key, KEY, "an action is written like left_unanswered")
            fields = schema.nested(value, name, _OF_ACTION)
            if fields is None:
                continue
            self._matches(fields.values.get("edge"), _EDGE, "a relationship type is written like OFFERED")
            written = _decoded(_OF_ACTION, fields)
            action = Action(name=name, **{**written, "stance": int(written.get("stance", 0))})
            known = self.actions.setdefault(name, action)
            self._compare(action, known, (name,), fields, f"the action {name} is defined", "give this one another name")
            self._keep_places((name,), key.position, fields)

    def _properties(self, head: tuple[str, ...], fields: Fields, known: Mapping[str, PropertyType]) -> dict[str, PropertyType]:
        """The properties that are defined there and not known before."""
        properties: dict[str, PropertyType] = {}
        for key, value in self._items(fields.values["properties"]) if "properties" in fields.values else ():
            name = key.text
            self._matches(key, KEY, "a property is written like date_note")
            if name in RESERVED_PROPERTIES:
                self._wrong(key, f"the property {name} is there already: negograph's own; give this one another name")
                continue
            inner = fields.nested(value, name, (*_OF_PROPERTY, "values", "default"))
            if inner is None:
                continue
            new = self._property(key, inner)
            if name in known:
                place, what = (*head, "properties", name), f"the property {name} is there"
                self._compare(new, known[name], place, inner, what, "a schema can only add properties")
            else:
                properties[name] = new
        return properties

    def _property(self, key: Scalar, fields: Fields) -> PropertyType:
        written = _decoded(_OF_PROPERTY, fields)
        kind = written.pop("type") or "text"
        if {"required", "default"} <= fields.values.keys():
            self._wrong(key, f"the property {key.text} is required, so its default never holds; leave one of the two out")
        new = PropertyType(name=key.text, kind=kind, **written)
        if KINDS[kind].parse is None and (unfit := [name for name in ("values", "default") if name in fields.values]):
            message = f"a property of type {kind} takes no `{unfit[0]}`; choose another type, or leave it out"
            self._wrong(fields.values[unfit[0]], message)
            return new
        new = replace(new, values=self._values(fields.values["values"], kind, fields) if "values" in fields.values else {})
        return replace(new, default=new.decode(fields.values["default"], fields)) if "default" in fields.values else new

    def _values(self, value: Value, kind: str, fields: Fields) -> dict[str, str]:
        """The words that a property may have, and what each means."""
        parse = KINDS[kind].parse or str
        for word, _ in self._items(value):
            try:
                parse(word.text)
            except ValueError as error:
                self._wrong(word, f"the value {word.text!r} is not of type {kind}: {error}")
        return {word.text: fields.text(meaning, word.text) for word, meaning in self._items(value)}

    def _compare(self, new: _Definition, known: _Definition, head: tuple[str, ...], fields: Fields, what: str, fix: str) -> None:
        """A definition that is there already may be repeated, but not with other words."""
        for part in dataclasses.fields(new):
            if part.name != "properties" and getattr(new, part.name) != getattr(known, part.name):
                key = {"kind": "type"}.get(part.name, part.name)
                place = fields.values[key].position if key in fields.values else fields.mapping.position
                self.problems.append(
                    Problem(place, "schema", f"{what} already, in {self.places[head]}, with another `{key}`; {fix}")
                )
                return

    def _keep_places(self, head: tuple[str, ...], position: Position, fields: Fields) -> None:
        """Keep where a definition stands, and each key, list element and inner key of it; what was there before stays."""
        self.places.setdefault(head, position)
        for key, value in fields.values.items():
            self.places.setdefault((*head, key), value.position)
            parts = [part for part, _ in value.items] if isinstance(value, YamlMapping) else []
            parts += [part for part in value.items if isinstance(part, Scalar)] if isinstance(value, Sequence) else []
            for part in parts:
                self.places.setdefault((*head, key, part.text), part.position)

    def _wrong(self, value: Value, message: str) -> None:
        self.problems.append(Problem(value.position, "schema", message))

    def _items(self, value: Value) -> tuple[tuple[Scalar, Value], ...]:
        if isinstance(value, YamlMapping):
            return value.items
        self._wrong(value, "this should be a mapping")
        return ()

    def _matches(self, value: Value | None, pattern: re.Pattern[str], form: str) -> None:
        if isinstance(value, Scalar) and not pattern.fullmatch(value.text):
            self._wrong(value, f"{value.text!r} cannot be used here: {form}")


def _decoded(types: Mapping[str, PropertyType], fields: Fields) -> dict[str, Any]:
    """The keys of a definition; a required one that is missing, which is a problem, is empty."""
    empty = {name: () if type_.kind == "texts" else "" for name, type_ in types.items() if type_.required}
    return {**empty, **decode_properties(types, fields)}
