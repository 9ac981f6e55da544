"""Records to the graph: a node an entry, the edges that its references and, for a fact, its action make."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from negograph.checks.outline import Outline, all_shown
from negograph.graph.graph import Edge, Graph, GraphEntry, GraphValue, Node, NodeKey, Part
from negograph.model.dates import DateRange
from negograph.model.model import (
    ACCORDING_TO,
    BY,
    FACT,
    RETRACTED_FACT,
    SHARED_WITH_SHORT_EDGES,
    SPEAKS_FOR,
    TO,
    WHAT,
    Action,
    Model,
    PropertyType,
)
from negograph.seeds.attribution import ALLEGED, attribution
from negograph.seeds.cache import Cache
from negograph.seeds.files import SeedFile
from negograph.seeds.records import Dataset, PropertyValue, Record, Retraction, SourceFile


def map_graph(dataset: Dataset, records: Iterable[Record], model: Model) -> Graph:
    """The graph of records that passed the check: every reference names another of them."""
    by_id = {record.id: record for record in records}
    return Graph(dataset.id, dataset.title, (_part(by_id.values(), by_id, model, dataset.id),), model.vocabulary)


def map_files(dataset: Dataset, files: Sequence[SeedFile], model: Model, cache: Cache) -> Graph:
    """The graph of files that passed the check. Files whose digests are known are not read until their entries are asked for."""
    surroundings = _surroundings(dataset, [file.outline for file in files])
    by_id = _ById(files)
    parts = [_part_of_file(file, by_id, model, dataset.id, surroundings, cache) for file in files]
    return Graph(dataset.id, dataset.title, tuple(parts), model.vocabulary)


class _ById(dict[str, Record]):
    """Every record by its id: first those that outlines show, all of them once another is asked for."""

    def __init__(self, files: Sequence[SeedFile]) -> None:
        super().__init__((record.id, record) for file in files for record in file.outline.entries)
        self.files = files

    def __missing__(self, identity: str) -> Record:
        self.update((record.id, record) for file in self.files for record in file.read().records)
        if identity not in self:
            raise KeyError(identity)
        return self[identity]


class _KeptPart(msgspec.Struct, array_like=True):
    """The digests of a part as the cache keeps them: label, id and digest of each entry."""

    digests: list[tuple[str, str, str]]


def _part_of_file(
    file: SeedFile, by_id: Mapping[str, Record], model: Model, dataset: str, surroundings: bytes, cache: Cache
) -> Part:
    key = b"digests" + surroundings + file.key.encode()
    kept = cache.get(key, _KeptPart)
    if kept is None:
        part = _part(file.read().records, by_id, model, dataset)
        cache.put(key, _KeptPart([(*entry, digest) for entry, digest in part.digests.items()]))
        return part
    return Part(
        {NodeKey(label, identity): digest for label, identity, digest in kept.digests},
        {key_of(record): record.formerly for record in file.outline.entries if record.formerly},
        lambda: _part(file.read().records, by_id, model, dataset).entries(),
    )


def _surroundings(dataset: Dataset, outlines: Sequence[Outline]) -> bytes:
    """A digest of all that decides, besides a file itself, what becomes of its entries."""
    entries = [record for outline in outlines for record in outline.entries]
    if not all_shown(outlines):
        return os.urandom(32)  # facts that name facts of other files: outlines say too little of these
    content = [dataset.id, [(record.id, record.name, *key_of(record), record.targets(SPEAKS_FOR)) for record in entries]]
    return hashlib.sha256(msgspec.msgpack.encode(content)).digest()


def _part(records: Iterable[Record], by_id: Mapping[str, Record], model: Model, dataset: str) -> Part:
    entries = tuple(_entry(record, by_id, model, dataset) for record in records)
    return Part(
        {entry.node.key: entry.digest for entry in entries},
        {key_of(record): record.formerly for record in records if record.formerly},
        lambda: entries,
    )


def _entry(record: Record, by_id: Mapping[str, Record], model: Model, dataset: str) -> GraphEntry:
    properties = _node_properties(record, model)
    edges = list(_structural_edges(record, by_id, model))
    if record.label == FACT:
        action = model.actions[str(record.properties["action"])]
        properties |= _fact_properties(record, action, by_id)
        if not record.retracted:
            edges += _derived_edges(record, action, properties, by_id)
    node = Node(key_of(record), properties)
    owned = tuple(Edge(edge.type, edge.start, edge.end, {**edge.properties, "dataset": dataset}) for edge in edges)
    return GraphEntry(node, owned, _digest(node, owned), record.places["id"])


def key_of(record: Record) -> NodeKey:
    """The label and id of the node that a record becomes."""
    return NodeKey(RETRACTED_FACT if record.retracted else record.label, record.id)


def _node_properties(record: Record, model: Model) -> dict[str, GraphValue]:
    """All properties that nodes of the kind can have; those that the entry does not write are None."""
    types = model.nodes[record.label].properties
    possible = [name for kind in types.values() for name in kind.stored_names]
    formerly: dict[str, GraphValue] = {"formerly": list(record.formerly) or None}
    return {**dict.fromkeys(possible), "id": record.id, **formerly, **_graph_values(record.properties, types)}


def _graph_values(values: Mapping[str, PropertyValue], types: Mapping[str, PropertyType]) -> dict[str, GraphValue]:
    """Property values as the graph stores them: a date becomes three properties, a source text two."""
    stored: dict[str, GraphValue] = {}
    for name, value in values.items():
        if name in types and not types[name].graph:
            continue
        if isinstance(value, DateRange):
            stored |= {name: value.text, f"{name}_from": value.first, f"{name}_to": value.last}
        elif isinstance(value, SourceFile):
            stored |= {f"{name}_sha256": value.sha256, f"{name}_characters": value.characters}
        elif isinstance(value, Retraction):
            stored |= {f"{name}_on": value.on, f"{name}_reason": value.reason}
        else:
            stored[name] = list(value) if isinstance(value, tuple) else value
    return {name: value for name, value in stored.items() if value is not None}


def _structural_edges(record: Record, by_id: Mapping[str, Record], model: Model) -> Iterator[Edge]:
    own, edges = key_of(record), model.edges_by_key(record.label)
    for link in record.links:
        edge, other = edges[link.key], key_of(by_id[link.target])
        start, end = (other, own) if edge.reverse else (own, other)
        yield Edge(edge.type, start, end, {**_graph_values(link.properties or {}, edge.properties), "entry": record.id})


def _fact_properties(record: Record, action: Action, by_id: Mapping[str, Record]) -> dict[str, GraphValue]:
    stance = record.properties.get("stance", action.stance)
    assert isinstance(stance, int)
    return {
        "name": _sentence(record, action, by_id),
        "stance": stance,
        "attribution": attribution(record, by_id),
        "effect": action.effect,
        "plover": action.plover,
    }


def _sentence(record: Record, action: Action, by_id: Mapping[str, Record]) -> str:
    """The name of a fact: its action's sentence, with what qualifies it."""
    parts = {role: _names(record.targets(role), by_id) for role in (BY, WHAT, TO)}
    optional = re.sub(r"\[([^\]]*{(\w+)}[^\]]*)\]", lambda part: part[1] if parts[part[2]] else "", action.sentence)
    return re.sub(r"{(\w+)}", lambda part: parts[part[1]], optional) + _qualification(record, by_id)


def _names(ids: list[str], by_id: Mapping[str, Record]) -> str:
    names = [str(by_id[target].properties["name"]) for target in ids]
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _qualification(record: Record, by_id: Mapping[str, Record]) -> str:
    """What keeps an act that is not simply reported from being read as one: " (planned), says NAME"."""
    modality = str(record.properties["modality"])
    words = "" if modality == "actual" else f" ({modality})"
    if attribution(record, by_id) == ALLEGED:
        words += f", says {_names(record.targets(ACCORDING_TO), by_id)}"
    return words


def _derived_edges(record: Record, action: Action, fact: Mapping[str, GraphValue], by_id: Mapping[str, Record]) -> Iterator[Edge]:
    """The short edges of a fact: from each actor to each thing it is about, or to each party it is addressed to."""
    properties: dict[str, GraphValue] = {
        "fact": record.id,
        "label": action.words + _qualification(record, by_id),
        **{name: fact[name] for name in SHARED_WITH_SHORT_EDGES},
    }
    if speakers := record.targets(ACCORDING_TO):
        properties["according_to"] = speakers[0]
    for actor in record.targets(BY):
        for end in record.targets(action.ends):
            yield Edge(action.edge, key_of(by_id[actor]), key_of(by_id[end]), properties)


def _digest(node: Node, edges: tuple[Edge, ...]) -> str:
    """A digest of everything that the entry puts into the graph; the order in which edges are written does not matter."""
    written = [[edge.type, edge.start, edge.end, edge.properties] for edge in edges]
    properties = {name: value for name, value in node.properties.items() if value is not None}
    content = [node.key, properties, sorted(written, key=lambda item: json.dumps(item, sort_keys=True, default=str))]
    return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()[:32]
