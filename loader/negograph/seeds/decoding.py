"""The entries of one file as records: each value in the type that the model asks for, each mistake among them at its place."""

from __future__ import annotations

import re
from collections.abc import Iterator

from negograph.model.fields import Fields
from negograph.model.kinds import PropertyValue, decode_texts
from negograph.model.model import DATASET, DATASET_SECTION, FACT, EdgeType, Model, NodeType, decode_properties
from negograph.parsing.yaml_tree import Mapping as YamlMapping
from negograph.parsing.yaml_tree import Scalar, Sequence, Value
from negograph.problems.hints import did_you_mean
from negograph.problems.problem import Problem
from negograph.seeds.records import Dataset, FileRecords, Link, Record
from negograph.seeds.sections import Entry, Reading

_ID_IN_TEXT = re.compile(r"""\bid["']?\s*:\s*["']?(\w[\w.-]*)""")
_DATASET_IN_TEXT = re.compile(r"^[\"']?dataset[\"']?\s*:", re.MULTILINE)
_PLACED = ("id", "name", "date")


def records_of(reading: Reading, model: Model) -> FileRecords:
    """What a file's entries say, and its mistakes that can be seen without the other files."""
    sections = {node.section: node for node in model.nodes.values()}
    problems = list(reading.problems)
    datasets: list[Dataset] = []
    records: list[Record] = []
    hidden = _ID_IN_TEXT.findall(reading.unread)
    without_id: list[str] = []
    names_dataset = bool(_DATASET_IN_TEXT.search(reading.unread))
    for section, content in reading.sections:
        names_dataset |= section.text == DATASET_SECTION
        problems += _section_problems(section, content, [DATASET_SECTION, *sections])
        if isinstance(content, YamlMapping) and content.get("id") is None and section.text != DATASET_SECTION:
            hidden += [key.text for key, _ in content.items]  # entries seem to stand there, where a list is meant
    for entry in reading.entries:
        if entry.section.text == DATASET_SECTION:
            datasets.append(_dataset(entry, problems))
        elif (node := sections.get(entry.section.text)) is None:
            identity = entry.fields.get("id")
            hidden += [identity.text] if isinstance(identity, Scalar) else []
        else:
            record = _record(entry, node, model, problems)
            if record.id:
                records.append(record)
            else:
                without_id.append(record.label)
    return FileRecords(tuple(datasets), tuple(records), tuple(problems), tuple(hidden), tuple(without_id), names_dataset)


def _section_problems(section: Scalar, content: Value, known: list[str]) -> Iterator[Problem]:
    """Every section is known, and but for the dataset a list."""
    name = section.text
    if isinstance(content, Scalar) and content.empty:
        return
    if name not in known:
        message = f"unknown section {name!r}{did_you_mean(name, known)} (sections: {', '.join(known)})"
        yield Problem(section.position, "unknown-key", message)
    elif name != DATASET_SECTION and not isinstance(content, Sequence):
        yield Problem(content.position, "wrong-type", f"{name!r} is a list of entries; write `- id: ...` for each")


def _dataset(entry: Entry, problems: list[Problem]) -> Dataset:
    """The dataset that an entry describes; its id or title is empty where it is missing."""
    fields = Fields(entry.fields, ("id", "title"), DATASET, problems)
    identity, title = (fields.required_text(key) for key in ("id", "title"))
    place = fields.values["id"].position if "id" in fields.values else entry.section.position
    return Dataset(identity, title, entry.section.position, place)


def _record(entry: Entry, node: NodeType, model: Model, problems: list[Problem]) -> Record:
    """The entry as a record. Its id is empty where the entry has none."""
    fields = Fields(entry.fields, model.keys_of(node.label), node.label, problems)
    fields.places |= {key: fields.values[key].position for key in _PLACED if key in fields.values}
    identity = fields.required_text("id")
    properties: dict[str, PropertyValue] = {}
    if node.named == "entry" and (name := fields.required_text("name")):
        properties["name"] = name
    properties |= decode_properties(node.properties, fields)
    links = [link for edge in model.edges_of(node.label) for link in _links(edge, fields)]
    if node.label == FACT:
        _check_parts(str(properties.get("action")), fields, model)
    former = fields.values.get("formerly")
    formerly = decode_texts(former, "formerly", fields) if former is not None else None
    return Record(node.label, identity, properties, tuple(links), formerly or (), entry.fields.position, fields.places)


def _check_parts(name: str, fields: Fields, model: Model) -> None:
    """A fact has the parts that its action needs."""
    action = model.actions.get(name)
    for role in action.required if action else ():
        value = fields.values.get(role)
        if value is None:
            fields.missing(role, f"{name!r} needs it: {action.definition}" if action else "")
        elif isinstance(value, Sequence) and not value.items and not model.edges_by_key(FACT)[role].required:
            fields.problem(value.position, "missing-field", f"{role!r} is an empty list, and {name!r} needs it")


def _links(edge: EdgeType, fields: Fields) -> list[Link]:
    """The references that stand under the key of an edge."""
    value = fields.values.get(edge.key)
    if value is None:
        _without_link(edge, fields)
        return []
    if isinstance(value, Scalar) and not edge.item:
        if "," in value.text and edge.many:
            message = f"{value.text!r} is no id; several ids are a list: write `{edge.key}: [{value.text}]`"
            fields.problem(value.position, "unknown-id", message)
            return []
        if not edge.properties:
            return [Link(edge.key, value.text, value.position)]
    elif isinstance(value, Sequence):
        if not edge.many:
            fields.problem(value.position, "wrong-type", f"{edge.key!r} names one entry; write its id without brackets")
            return []
        if not value.items and edge.required:
            fields.problem(value.position, "missing-field", f"{edge.key!r} is an empty list: {edge.definition}")
    items = value.items if isinstance(value, Sequence) else (value,)
    links = [_item_link(edge, item, fields) if edge.item else _plain_link(edge, item, fields) for item in items]
    found = [link for link in links if link is not None]
    return _without_repeats(found, fields) if len(found) > 1 else found


def _without_link(edge: EdgeType, fields: Fields) -> None:
    if edge.required:
        fields.missing(edge.key, edge.definition)
    for name in [] if edge.item or edge.required else edge.properties:
        if name in fields.values:
            fields.problem(fields.values[name].position, "missing-field", f"{name!r} needs {edge.key!r} beside it")


def _plain_link(edge: EdgeType, value: Value, fields: Fields) -> Link | None:
    target = fields.item_text(value, edge.key)
    if not target:
        return None
    return Link(edge.key, target, value.position, decode_properties(edge.properties, fields) if edge.properties else None)


def _item_link(edge: EdgeType, value: Value, fields: Fields) -> Link | None:
    assert edge.item is not None
    inner = fields.nested(value, edge.key, (edge.item, *edge.properties))
    if inner is None:
        return None
    target = inner.required_text(edge.item)
    properties = decode_properties(edge.properties, inner)
    if not target:
        return None
    quotes = (name for name, type_ in edge.properties.items() if type_.kind == "quote" and name in inner.values)
    quote = next((inner.values[name].position for name in quotes), None)
    return Link(edge.key, target, inner.values[edge.item].position, properties, quote)


def _without_repeats(links: list[Link], fields: Fields) -> list[Link]:
    kept: list[Link] = []
    for link in links:
        first = next((other for other in kept if link.target == other.target and link.properties == other.properties), None)
        if first is None:
            kept.append(link)
            continue
        message = f"{link.target!r} stands in {link.key!r} twice; take one out"
        fields.problem(link.position, "duplicate-reference", message, first.position)
    return kept
