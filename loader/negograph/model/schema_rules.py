"""What must hold between the definitions of a model, each mistake at the place in the schema that has to change."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

from negograph.model.model import DATASET, FACT, RESTS_ON, RETRACTED_FACT, Action, Model, NodeType
from negograph.problems.problem import Position, Problem, did_you_mean

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
    if type_ == RESTS_ON:
        yield _at([path], f"the relationship type {RESTS_ON} is negograph's own; choose another", places)
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
