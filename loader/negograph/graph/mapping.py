"""Entries to the graph: a node an entry, the edges that its references and, for a fact, its action make."""

import hashlib
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from negograph.graph.plan import Edge, GraphValue, Node, NodeKey, Subgraph
from negograph.graph.standing import Items, Status, statuses
from negograph.model.kinds import PropertyValue
from negograph.model.model import (
    BY,
    FACT,
    OF_STANDING,
    RETRACTED_FACT,
    SHARED_WITH_SHORT_EDGES,
    SHORT,
    STANDING,
    TO,
    WHAT,
    Model,
    PropertyType,
)
from negograph.seeds.entries import ACTUAL, ALLEGED, Act, Dataset, Entry, acts_of, attribution, known_from

_encode = msgspec.json.Encoder(order="sorted").encode


@dataclass(frozen=True)
class Whole:
    """All that decides what becomes of an entry: the other entries and their keys by id, the model and the dataset."""

    by_id: Mapping[str, Entry]
    keys: Mapping[str, NodeKey]
    items: Items
    model: Model
    dataset: str


def whole_of(dataset: Dataset, entries: Iterable[Entry], model: Model) -> Whole:
    """Entries that passed the check, every reference of which names another of them, ready to be mapped."""
    by_id = {entry.id: entry for entry in entries}
    keys = {id_: NodeKey(RETRACTED_FACT if entry.retracted else entry.label, id_) for id_, entry in by_id.items()}
    return Whole(by_id, keys, Items(by_id), model, dataset.id)


def subgraphs(whole: Whole, ids: Iterable[str]) -> Iterator[Subgraph]:
    """What the entries with some ids become, in their order."""
    ids = tuple(ids)
    items = [id_ for id_ in ids if id_ in whole.items.parts]
    known = statuses(whole.by_id, whole.items, acts_of(_facts_about(items, whole), whole.model), items) if items else {}
    return (_subgraph(whole.by_id[id_], known.get(id_), whole) for id_ in ids)


def _facts_about(items: Iterable[str], whole: Whole) -> list[Entry]:
    """The facts about some items, what these are part of, and their parts."""
    concerned = {*items}
    concerned.update(other for item in items for others in whole.items.around(item) for other in others)
    facts = (entry for entry in whole.by_id.values() if entry.label == FACT)
    return [fact for fact in facts if not concerned.isdisjoint(fact.targets(WHAT))]


def _subgraph(entry: Entry, status: Status | None, whole: Whole) -> Subgraph:
    values = _graph_values(entry.properties, whole.model.nodes[entry.label].properties)
    properties = {"id": entry.id, "formerly": list(entry.formerly) or None, **values}
    if entry.label != FACT:  # which has its label
        properties["caption"] = values.get(SHORT) or entry.name
    edges = list(_structural_edges(entry, whole))
    for act in acts_of([entry], whole.model):
        properties |= _of_act(act, whole.by_id)
        if not entry.retracted:
            edges += _derived_edges(act, properties, whole)
    if status is not None:
        properties |= {"status": status.status, "status_by": list(status.by) or None}
        edges += _standing_edges(entry, status, whole)
    node = Node(whole.keys[entry.id], {name: value for name, value in properties.items() if value is not None})
    return Subgraph(node, tuple(edges), _digest(node, edges), entry.place("id"))


def _graph_values(values: Mapping[str, PropertyValue], types: Mapping[str, PropertyType]) -> dict[str, GraphValue]:
    """Property values as the graph stores them: some become several properties."""
    stored: dict[str, GraphValue] = {}
    for name, value in values.items():
        stored.update(types[name].stored(value) if name in types else [(name, str(value))])
    return {name: value for name, value in stored.items() if value is not None}


def _structural_edges(entry: Entry, whole: Whole) -> Iterator[Edge]:
    own, types = whole.keys[entry.id], whole.model.edges_by_key[entry.label]
    owned: dict[str, GraphValue] = {"entry": entry.id, "dataset": whole.dataset}
    for reference in entry.references:
        edge, other = types[reference.key], whole.keys[reference.target]
        start, end = (other, own) if edge.reverse else (own, other)
        properties = {**_graph_values(reference.properties, edge.properties), **owned} if reference.properties else owned
        yield Edge(edge.type, start, end, properties)


def _of_act(act: Act, by_id: Mapping[str, Entry]) -> dict[str, GraphValue]:
    """What a fact's node has beside what is written."""
    said = attribution(act, by_id)
    stance = act.entry.properties.get("stance", act.action.stance)
    assert isinstance(stance, int)
    return {
        "name": _name(act, said, by_id),
        "label": _label(act, said, by_id),
        "stance": stance,
        "attribution": said,
        "known_from": known_from(act, said, by_id),
        "effect": act.action.effect,
        "plover": act.action.plover,
    }


def _name(act: Act, said: str, by_id: Mapping[str, Entry]) -> str:
    """The name of a fact: "According to NAME, by implication – SENTENCE (WHAT IT SAYS) – if CONDITION"."""
    hedges = ", ".join([*([f"according to {_speaker(act, by_id)}"] if said == ALLEGED else []), *_hedges(act)])
    says, condition = (act.entry.properties.get(key) for key in ("says", "condition"))
    return (
        (f"{hedges[0].upper()}{hedges[1:]} – " if hedges else "")
        + _sentence(act, by_id)
        + (f" ({says})" if says else "")
        + (f" – if {condition}" if condition else "")
    )


def _label(act: Act, said: str, by_id: Mapping[str, Entry]) -> str:
    """What an act is called in short. It begins with what a reader has to know, for the end is cut off in pictures."""
    words = f"said to have {act.action.perfect} ({_speaker(act, by_id)})" if said == ALLEGED else act.action.words
    return ": ".join(filter(None, [", ".join(_hedges(act)), words]))


def _hedges(act: Act) -> list[str]:
    """What keeps an act from being read as one that the source reports in so many words."""
    implied = ["by implication"] if act.entry.properties.get("implied") else []
    return implied if act.modality == ACTUAL else [*implied, act.modality]


def _speaker(act: Act, by_id: Mapping[str, Entry]) -> str:
    return by_id[act.speaker].name if act.speaker is not None else ""


def _sentence(act: Act, by_id: Mapping[str, Entry]) -> str:
    """The sentence of a fact's action."""
    parts = {BY: _names(act.by, by_id), WHAT: _names(act.what, by_id), TO: _names(act.to, by_id)}
    optional = re.sub(r"\[([^\]]*{(\w+)}[^\]]*)\]", lambda part: part[1] if parts[part[2]] else "", act.action.sentence)
    return re.sub(r"{(\w+)}", lambda part: parts[part[1]], optional)


def _names(ids: Sequence[str], by_id: Mapping[str, Entry]) -> str:
    names = [by_id[target].name for target in ids]
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _derived_edges(act: Act, fact: Mapping[str, GraphValue], whole: Whole) -> Iterator[Edge]:
    """The short edges of a fact: from each actor to each thing it is about, or to each party it is addressed to."""
    properties: dict[str, GraphValue] = {
        "fact": act.entry.id,
        "dataset": whole.dataset,
        **{name: fact[name] for name in SHARED_WITH_SHORT_EDGES if fact.get(name) is not None},
        **dict(_first_quote(act, whole.by_id)),
    }
    if act.speaker is not None:
        properties["according_to"] = act.speaker
    ends = act.to if act.action.ends == TO else act.what
    for actor in act.by:
        for end in ends:
            yield Edge(act.action.edge, whole.keys[actor], whole.keys[end], properties)


def _first_quote(act: Act, by_id: Mapping[str, Entry]) -> Iterator[tuple[str, GraphValue]]:
    """The first quote of a fact and the name of its document, so that they are seen where the edge is."""
    written = next((reference for reference in act.entry.references if reference.quote_at is not None), None)
    if written is not None and written.properties:
        yield "quote", str(written.properties["quote"])
        yield "source", by_id[written.target].name


def _standing_edges(entry: Entry, status: Status, whole: Whole) -> Iterator[Edge]:
    """The edges from an item to the facts by which each party stands, or once stood, where it does towards it."""
    for standing in status.history:
        written: dict[str, GraphValue] = {name: getattr(standing, name) for name in OF_STANDING}
        properties = {name: value for name, value in written.items() if value is not None}
        properties |= {"entry": entry.id, "dataset": whole.dataset}
        yield Edge(STANDING, whole.keys[entry.id], whole.keys[standing.fact], properties)


def _digest(node: Node, edges: Collection[Edge]) -> str:
    """A digest of everything that the entry puts into the graph; the order in which edges are written does not matter."""
    shared = {id(edge.properties): edge.properties for edge in edges}  # several edges of an entry share theirs
    of_edges = {identity: _encode(own) for identity, own in shared.items()}
    written = sorted((edge.type, edge.start, edge.end, of_edges[id(edge.properties)]) for edge in edges)
    return hashlib.sha256(_encode((node.key, node.properties, written))).hexdigest()[:32]
