"""The model from schema/*.yaml, and what must hold between its definitions: each mistake at the place that has to change."""

import dataclasses
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal, TypeAlias, TypeVar, get_args, get_origin, get_type_hints

from negograph.errors import ProblemsFound
from negograph.files import read_bytes, yaml_files
from negograph.model.kinds import KINDS, Fields, nested
from negograph.model.model import (
    BY,
    DATASET,
    FACT,
    LABEL,
    RESERVED_PROPERTIES,
    RETRACTED_FACT,
    STANDING,
    TO,
    WHAT,
    Action,
    EdgeType,
    Model,
    NodeType,
    PropertyType,
    decode_properties,
)
from negograph.parsing.reading import read_yaml
from negograph.parsing.yaml_tree import Mapping as YamlMapping
from negograph.parsing.yaml_tree import Scalar, Sequence, Value
from negograph.problems.problem import Position, Problem, did_you_mean

_EDGE = re.compile(r"[A-Z][A-Z0-9_]*")
_COLOUR = re.compile(r"#[0-9a-f]{6}")
_COLOUR_FORM = "a colour is written like '#9cc0ee', in quotes"
_Definition = TypeVar("_Definition", NodeType, Action, PropertyType)


def _keys(definition: type, *apart: str) -> dict[str, PropertyType]:
    """The keys of a definition by the fields of its dataclass, but for those that are read apart."""
    hints, parts = get_type_hints(definition), {part.name: part for part in dataclasses.fields(definition)}
    return {name: _key(part, hints[name]) for name, part in parts.items() if name not in apart}


def _key(part: dataclasses.Field[Any], hint: Any) -> PropertyType:
    kind = {bool: "flag", int: "integer", tuple[str, ...]: "texts"}.get(hint, "text")
    words = (word for option in (hint, *get_args(hint)) if get_origin(option) is Literal for word in get_args(option))
    return PropertyType(part.name, kind, "", part.default is dataclasses.MISSING, {str(word): "" for word in words})


_OF_NODE = _keys(NodeType, "label", "properties")
_OF_EDGE = _keys(EdgeType, "properties")
_OF_ACTION = _keys(Action, "name")
_TYPE = PropertyType("type", "text", "", required=True, values=dict.fromkeys(KINDS, ""))
_OF_PROPERTY = {"type": _TYPE, **_keys(PropertyType, "name", "kind", "values", "default", "colours")}


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
        sections = {"nodes": self._nodes, "edges": self._edges, "actions": self._actions}
        if isinstance(document, YamlMapping):
            for key, content in Fields(document, sections, "a schema", self.mistakes).values.items():
                sections[key](content)
        elif document is not None:
            self._wrong(document, "a schema is a mapping; write `nodes:`, `edges:`, `actions:` above its definitions")

    def _nodes(self, content: Value) -> None:
        for key, fields in self._definitions(content, (*_OF_NODE, "properties"), LABEL, "a label is written like Party"):
            label = key.text
            old = self.nodes.get(label)
            types = {name: type_ for name, type_ in _OF_NODE.items() if old is None or name in fields.values}
            written = _decoded(types, fields)
            node = replace(old, **written) if old else NodeType(label=label, properties={}, **written)
            self._matches(fields.values.get("colour"), _COLOUR, _COLOUR_FORM)
            known = self.nodes.setdefault(label, node)
            self._compare(node, known, (label,), fields, f"{label} is defined", "a schema can only add properties to it")
            properties = self._properties((label,), fields, known.properties)
            self.nodes[label] = replace(known, properties={**known.properties, **properties})
            self._keep_places((label,), key.position, fields)

    def _edges(self, content: Value) -> None:
        if not isinstance(content, Sequence):
            self._wrong(content, "edges are a list; write `- type: ...` for each")
            return
        for value in content.items:
            fields = nested(value, "an edge", (*_OF_EDGE, "properties"), self.mistakes)
            if fields is None:
                continue
            head = (str(len(self.edges)),)
            edge = EdgeType(properties=self._properties(head, fields, {}), **_decoded(_OF_EDGE, fields))
            self._matches(fields.values.get("type"), _EDGE, "a relationship type is written like MEMBER_OF")
            self._matches(fields.values.get("key"), KEY, "a key is written like member_of")
            if edge not in self.edges:
                self.edges.append(edge)
                self._keep_places(head, fields.mapping.position, fields)

    def _actions(self, content: Value) -> None:
        for key, fields in self._definitions(content, _OF_ACTION, KEY, "an action is written like left_unanswered"):
            name = key.text
            self._matches(fields.values.get("edge"), _EDGE, "a relationship type is written like OFFERED")
            written = _decoded(_OF_ACTION, fields)
            action = Action(name=name, **{**written, "stance": int(written.get("stance", 0))})
            known = self.actions.setdefault(name, action)
            self._compare(action, known, (name,), fields, f"the action {name} is defined", "give this one another name")
            self._keep_places((name,), key.position, fields)

    def _properties(self, head: tuple[str, ...], fields: Fields, known: Mapping[str, PropertyType]) -> dict[str, PropertyType]:
        """The properties that are defined there and not known before."""
        properties: dict[str, PropertyType] = {}
        content, keys = fields.values.get("properties"), (*_OF_PROPERTY, "values", "default", "colours")
        for key, inner in self._definitions(content, keys, KEY, "a property is written like date_note") if content else ():
            name = key.text
            if name in known and known[name].values and inner.values.keys() == {"values"}:
                properties[name] = self._with_own_values(known[name], inner)
            elif name in RESERVED_PROPERTIES:
                self._wrong(key, f"the property {name} is there already: negograph's own; give this one another name")
            elif name in known:
                place, what = (*head, "properties", name), f"the property {name} is there"
                fix = "a schema can only add properties, and to one that has `values`, values"
                self._compare(self._property(key, inner), known[name], place, inner, what, fix)
            else:
                properties[name] = self._property(key, inner)
        return properties

    def _with_own_values(self, known: PropertyType, fields: Fields) -> PropertyType:
        """A property with more values than it has; none of those that it has can mean something else."""
        own = self._values(fields.values["values"], known.kind, fields)
        for word, _ in self._items(fields.values["values"]):
            if own[word.text] != known.values.get(word.text, own[word.text]):
                self._wrong(
                    word, f"the value {word.text} of {known.name} is there already and means something else; choose another"
                )
        return replace(known, values={**known.values, **own})

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
        new = replace(new, colours=self._colours(new, fields))
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

    def _colours(self, property_: PropertyType, fields: Fields) -> dict[str, str]:
        """The colours of the words that a property may have."""
        colours: dict[str, str] = {}
        for word, colour in self._items(fields.values["colours"]) if "colours" in fields.values else ():
            self._matches(colour, _COLOUR, _COLOUR_FORM)
            if word.text not in property_.values:
                self._wrong(word, f"{word.text!r} is no value of {property_.name}{did_you_mean(word.text, property_.values)}")
            colours[word.text] = fields.text(colour, word.text)
        return colours

    def _compare(self, new: _Definition, known: _Definition, head: tuple[str, ...], fields: Fields, what: str, fix: str) -> None:
        """A definition that is there already may be repeated, but not with other words."""
        for part in dataclasses.fields(new):
            if part.name != "properties" and getattr(new, part.name) != getattr(known, part.name):
                key = {"kind": "type"}.get(part.name, part.name)
                place = fields.values.get(key, fields.mapping)
                self._wrong(place, f"{what} already, in {self.places[head]}, with another `{key}`; {fix}")
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

    def _definitions(
        self, content: Value, keys: Collection[str], pattern: re.Pattern[str], form: str
    ) -> Iterator[tuple[Scalar, Fields]]:
        """Each definition under its name, which must be of a pattern."""
        for key, value in self._items(content):
            self._matches(key, pattern, form)
            if (fields := nested(value, key.text, keys, self.mistakes)) is not None:
                yield key, fields

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


Places: TypeAlias = dict[tuple[str, ...], Position]
"""Where definitions and their parts stand, in the order in which they were read: nodes by label, actions by name, edges by
number; their keys as ("Party", "section"), elements and inner keys as ("Party", "properties", "kind")."""

KEY = re.compile(r"[a-z][a-z0-9_]*")
_SENTENCE_PART = re.compile(r"\[[^\[\]{}]*{(?:by|what|to)}[^\[\]{}]*\]|{(?:by|what|to)}")
_OF_EVERY_ENTRY = ("id", "name", "formerly")


def check_schema(model: Model, places: Places) -> Iterator[Problem]:
    """Labels that are named exist; a relationship type means one thing; sections and keys are not used twice."""
    sections: dict[str, str] = {"dataset": DATASET}
    for node in model.nodes.values():
        yield from _check_node(node, sections, places)
        yield from _check_keys(node, model, places)
    for number, edge in enumerate(model.edges):
        yield from _check_type((str(number), "type"), edge.type, model, places)
        yield from _check_known((str(number), "of"), edge.of, model, places)
        yield from _check_known((str(number), "to"), edge.to, model, places)
    for action in model.actions.values():
        yield from _check_type((action.name, "edge"), action.edge, model, places)
        yield from _check_roles(action, model, places)
        yield from _check_edge(action, model, places)


def _check_node(node: NodeType, sections: dict[str, str], places: Places) -> Iterator[Problem]:
    path = (node.label, "section")
    if node.label in (DATASET, RETRACTED_FACT):
        yield _at([path[:1]], f"the label {node.label} is negograph's own; choose another", places)
    if not KEY.fullmatch(node.section):
        yield _at([path], f"{node.section!r} cannot be used here: a section is written like parties", places)
    if node.section in sections:
        yield _at([path], f"the section {node.section} is used by {sections[node.section]} already", places)
    sections[node.section] = node.label


def _check_type(path: tuple[str, ...], type_: str, model: Model, places: Places) -> Iterator[Problem]:
    if type_ == STANDING:
        yield _at([path], f"the relationship type {STANDING} is negograph's own; choose another", places)
    if type_ in model.nodes:
        message = f"{type_} is a relationship type too; the embedded engine cannot tell them apart: choose another"
        yield _at([(type_,), path], message, places)


def _check_keys(node: NodeType, model: Model, places: Places) -> Iterator[Problem]:
    """No key of an entry is defined twice, also as the name of a property that another becomes in the graph."""
    label = node.label
    found: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for name, type_ in node.properties.items():
        if (type_.kind == "retraction" or name == "retracted") and (label, name) != (FACT, "retracted"):
            yield _at([(label, "properties", name)], "only facts are retracted, by the key retracted; choose another", places)
        for key in {name, *type_.stored_names}:
            found[key].append((label, "properties", name))
    for number, edge in enumerate(model.edges):
        for key in edge.keys if label in edge.of else ():
            found[key].append((str(number), "key") if key == edge.key else (str(number), "properties", key))
    for key, paths in found.items():
        if key in _OF_EVERY_ENTRY:
            yield _at(paths, f"the key {key} of {label} is one that every entry has; give this one another name", places)
        elif len(paths) > 1:
            message = f"the key {key} of {label} is defined twice, here and in {_place(paths[0], places)}; give one another name"
            yield _at(paths, message, places)


def _check_roles(action: Action, model: Model, places: Places) -> Iterator[Problem]:
    name = action.name
    for role, labels in (("by", action.by), ("to", action.to), ("what", action.what)):
        yield from _check_known((name, role), labels, model, places)
        for label in labels:
            if label in model.nodes and model.nodes[label].named == "derived":
                yield _at([(name, role, label)], f"{name} cannot be about a {label}, which has no name of its own", places)
    if action.ends not in action.required:
        message = f"the edge of {name} ends at {action.ends}, so `required` must list {action.ends}"
        yield _at([(name, "required")], message, places)
    for role in sorted(set(action.required) - {"by", "to", "what"}):
        yield _at([(name, "required", role)], f"{role!r} in `required` of {name} is none of by, to, what", places)


def _check_edge(action: Action, model: Model, places: Places) -> Iterator[Problem]:
    name = action.name
    if structural := [(str(number), "type") for number, edge in enumerate(model.edges) if edge.type == action.edge]:
        message = f"{action.edge} is the type of a structural edge and of the action {name}; give one of the two another"
        yield _at([(name, "edge"), *structural], message, places)
    if set("{}[]") & set(_SENTENCE_PART.sub("", action.sentence)):
        said = "{by}, {what} and {to}, and put one of them with words around it in [ ]"
        yield _at([(name, "sentence")], f"the sentence of {name} is not understood; it can name {said}", places)


def _check_known(path: tuple[str, ...], labels: Iterable[str], model: Model, places: Places) -> Iterator[Problem]:
    for label in labels:
        if label not in model.nodes:
            message = f"there is no kind of node {label!r}{did_you_mean(label, model.nodes)}"
            yield _at([(*path, label)], message, places)


def _at(paths: Iterable[tuple[str, ...]], message: str, places: Places) -> Problem:
    """A problem between definitions, at the one that was read last: those of a project come after the shipped ones."""
    order = list(places.values())
    return Problem(max((_place(path, places) for path in paths), key=order.index), "schema", message)


def _place(path: tuple[str, ...], places: Mapping[tuple[str, ...], Position]) -> Position:
    """Where a part of a definition stands, or the nearest thing around it that stands somewhere."""
    return places[path] if path in places else _place(path[:-1], places)
