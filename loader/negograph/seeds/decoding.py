"""The files of a project as entries: each value in the type that the model asks for, each mistake among them at its place."""

import re
from collections.abc import Iterator

from negograph.model.kinds import Fields, PropertyValue, decode_texts, nested
from negograph.model.model import DATASET, DATASET_SECTION, FACT, EdgeType, Model, NodeType, PropertyType, decode_properties
from negograph.parsing.reading import decode_anyhow, read_yaml
from negograph.parsing.yaml_tree import Mapping as YamlMapping
from negograph.parsing.yaml_tree import Scalar, Sequence, Value
from negograph.problems.problem import Problem, did_you_mean
from negograph.seeds.entries import Dataset, Entry, FileEntries, Reference, at, position_at

_ID_IN_TEXT = re.compile(r"""\bid["']?\s*:\s*["']?(\w[\w.-]*)""")
_DATASET_IN_TEXT = re.compile(r"^[\"']?dataset[\"']?\s*:", re.MULTILINE)
_PLACED = ("id", "name", "date", "said", "says", "condition")
_UNIT = PropertyType("unit", "text", "", values={"acts": "", "statements": ""}, default="acts")


def read_content(name: str, content: bytes, model: Model) -> FileEntries:
    """What the content of a file says, and its mistakes that can be seen without the other files; never raises for that."""
    document, problems = read_yaml(name, content)
    if isinstance(document, YamlMapping):
        return _records_of(document, problems, model)
    unread = ""
    if document is not None:
        message = "a file of facts is a mapping of sections; write `parties:`, `facts:` or another above its list"
        problems.append(Problem(document.position, "not-a-mapping", message))
    elif problems:  # no valid YAML, but it can be seen what would be there
        unread = decode_anyhow(content)
    hidden, names_dataset = _ID_IN_TEXT.findall(unread), bool(_DATASET_IN_TEXT.search(unread))
    return FileEntries((), (), tuple(problems), tuple(hidden), (), names_dataset)


def _records_of(document: YamlMapping, problems: list[Problem], model: Model) -> FileEntries:
    nodes = {node.section: node for node in model.nodes.values()}
    datasets: list[Dataset] = []
    entries: list[Entry] = []
    hidden: list[str] = []
    for section, content in document.items:
        if section.text == DATASET_SECTION:
            datasets += _dataset(section, content, problems)
            continue
        problems += _section_problems(section, content, [DATASET_SECTION, *nodes])
        if isinstance(content, YamlMapping) and content.get("id") is None:
            hidden += [key.text for key, _ in content.items]  # entries seem to stand there, where a list is meant
        for entry in _entries(section, content, problems):
            if (node := nodes.get(section.text)) is not None:
                entries.append(_record(entry, node, model, problems))
            elif isinstance(identity := entry.get("id"), Scalar):
                hidden.append(identity.text)
    with_id = tuple(entry for entry in entries if entry.id)
    without_id = tuple(entry.label for entry in entries if not entry.id)
    names_dataset = any(section.text == DATASET_SECTION for section, _ in document.items)
    return FileEntries(tuple(datasets), with_id, tuple(problems), tuple(hidden), without_id, names_dataset)


def _section_problems(section: Scalar, content: Value, known: list[str]) -> Iterator[Problem]:
    """Every section is known, and a list."""
    name = section.text
    if isinstance(content, Scalar) and content.empty:
        return
    if name not in known:
        message = f"unknown section {name!r}{did_you_mean(name, known)} (sections: {', '.join(known)})"
        yield Problem(section.position, "unknown-key", message)
    elif not isinstance(content, Sequence):
        yield Problem(content.position, "wrong-type", f"{name!r} is a list of entries; write `- id: ...` for each")


def _entries(section: Scalar, content: Value, problems: list[Problem]) -> Iterator[YamlMapping]:
    """The entries of a section; one that stands there without a list is read too, so that nobody misses it."""
    if isinstance(content, YamlMapping) and content.get("id") is not None:
        yield from content.in_a_row()
    for element in content.items if isinstance(content, Sequence) else ():
        if isinstance(element, YamlMapping):
            yield from element.in_a_row()
        else:
            message = f"an entry under {section.text!r} is a mapping; write `- id: ...`"
            problems.append(Problem(element.position, "wrong-type", message))


def _dataset(section: Scalar, content: Value, problems: list[Problem]) -> Iterator[Dataset]:
    """The dataset that a section describes; its id or title is empty where it is missing."""
    if isinstance(content, YamlMapping):
        fields = Fields(content, ("id", "title", "unit"), DATASET, problems)
        identity, title = (fields.required_text(key) for key in ("id", "title"))
        place = fields.values["id"].position if "id" in fields.values else section.position
        unit = decode_properties({"unit": _UNIT}, fields).get("unit")
        yield Dataset(identity, title, section.position, place, unit == "statements")
    elif isinstance(content, Scalar) and content.empty:
        problems.append(Problem(section.position, "empty-value", "`dataset` has no value; write its `id` and `title`"))
    else:
        problems.append(Problem(content.position, "wrong-type", "'dataset' is a mapping; write `id: ...` and `title: ...`"))


def _record(entry: YamlMapping, node: NodeType, model: Model, problems: list[Problem]) -> Entry:
    """The entry with its values decoded. Its id is empty where it has none."""
    fields = Fields(entry, model.keys[node.label], node.label, problems)
    fields.places |= {key: fields.values[key].position for key in _PLACED if key in fields.values}
    identity = fields.required_text("id")
    properties: dict[str, PropertyValue] = {}
    if node.named == "entry" and (name := fields.required_text("name")):
        properties["name"] = name
    properties |= decode_properties(node.properties, fields)
    references = [reference for edge in model.edges_by_key[node.label].values() for reference in _links(edge, fields)]
    if node.label == FACT:
        _check_parts(str(properties.get("action")), fields, model)
    former = fields.values.get("formerly")
    formerly = decode_texts(former, "formerly", fields) if former is not None else None
    places = {key: at(place) for key, place in fields.places.items()}
    own = entry.position
    return Entry(node.label, identity, properties, tuple(references), formerly or (), own.file, at(own), places)


def _check_parts(name: str, fields: Fields, model: Model) -> None:
    """A fact has the parts that its action needs."""
    action = model.actions.get(name)
    for role in action.required if action else ():
        value = fields.values.get(role)
        if value is None:
            fields.missing(role, f"{name!r} needs it: {action.definition}" if action else "")
        elif isinstance(value, Sequence) and not value.items and not model.edges_by_key[FACT][role].required:
            fields.problem(value.position, "missing-field", f"{role!r} is an empty list, and {name!r} needs it")


def _links(edge: EdgeType, fields: Fields) -> list[Reference]:
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
            return [Reference(edge.key, value.text, at(value.position))]  # as most are
    if isinstance(value, Sequence) and not edge.many:
        fields.problem(value.position, "wrong-type", f"{edge.key!r} names one entry; write its id without brackets")
        return []
    items = value.items if isinstance(value, Sequence) else (value,)
    if not items and edge.required:
        fields.problem(value.position, "missing-field", f"{edge.key!r} is an empty list: {edge.definition}")
    references = [_item_link(edge, item, fields) if edge.item else _plain_link(edge, item, fields) for item in items]
    return _without_repeats([reference for reference in references if reference is not None], fields)


def _without_link(edge: EdgeType, fields: Fields) -> None:
    if edge.required:
        fields.missing(edge.key, edge.definition)
    for name in [] if edge.item or edge.required else edge.properties:
        if name in fields.values:
            fields.problem(fields.values[name].position, "missing-field", f"{name!r} needs {edge.key!r} beside it")


def _plain_link(edge: EdgeType, value: Value, fields: Fields) -> Reference | None:
    target = fields.item_text(value, edge.key)
    if not target:
        return None
    properties = decode_properties(edge.properties, fields) if edge.properties else None
    return Reference(edge.key, target, at(value.position), properties)


def _item_link(edge: EdgeType, value: Value, fields: Fields) -> Reference | None:
    assert edge.item is not None
    inner = nested(value, edge.key, (edge.item, *edge.properties), fields.problems)
    if inner is None:
        return None
    target = inner.required_text(edge.item)
    properties = decode_properties(edge.properties, inner)
    if not target:
        return None
    quotes = (name for name, type_ in edge.properties.items() if type_.kind == "quote" and name in inner.values)
    quote = next((at(inner.values[name].position) for name in quotes), None)
    return Reference(edge.key, target, at(inner.values[edge.item].position), properties, quote)


def _without_repeats(references: list[Reference], fields: Fields) -> list[Reference]:
    kept: list[Reference] = []
    for reference in references:
        first = next(
            (other for other in kept if reference.target == other.target and reference.properties == other.properties), None
        )
        if first is None:
            kept.append(reference)
            continue
        place, before = (position_at(fields.mapping.position.file, one.at) for one in (reference, first))
        fields.problem(
            place, "duplicate-reference", f"{reference.target!r} stands in {reference.key!r} twice; take one out", before
        )
    return kept
