"""What a load has to do: the graph that is wanted against what the store holds.

First the digests are compared, then of the entries that differ every property and edge; what is stored of these, the store
is asked for in between.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from negograph.graph.plan import (
    Change,
    Edge,
    EdgeChange,
    Graph,
    GraphValue,
    LostValues,
    NodeKey,
    Plan,
    Removal,
    Snapshot,
    StoredEdge,
    StoredSubgraph,
    Subgraph,
    TakenValue,
    contents_digest,
    names_on_edges,
)
from negograph.model.model import FACT, RETRACTED_FACT

_Owned: TypeAlias = Mapping[str, set[str]]
"""The names of the properties that are negograph's, by the label of the node, or by the type of the edge behind a -."""


def differing(graph: Graph, stored: Snapshot, *, everything: bool = False) -> frozenset[NodeKey]:
    """The keys under which graph and store do not have the same digest; `everything` asks for all, whatever their digests say."""
    wanted, held = graph.digests, stored.digests
    if not everything and wanted == held:
        return frozenset()
    return frozenset(key for key in wanted.keys() | held.keys() if everything or wanted.get(key) != held.get(key))


def given_on(graph: Graph, keys: frozenset[NodeKey], found: Mapping[NodeKey, StoredSubgraph]) -> frozenset[NodeKey]:
    """The stored nodes whose id another entry gets.

    Entries that refer to such an id mean another node from now on, though nothing in them changes.
    """
    moves, merges = _moves(graph, keys, found)
    return frozenset({*moves.values(), *merges} & graph.digests.keys())


def plan_load(
    graph: Graph,
    stored: Snapshot,
    keys: frozenset[NodeKey],
    found: Mapping[NodeKey, StoredSubgraph],
    taken_over: Iterable[TakenValue] = (),
) -> Plan:
    """The plan that makes what is stored equal to `graph`; `found` is what the store holds under the `keys` to compare."""
    moves, merges = _moves(graph, keys, found)
    renamed = {old: new for new, old in moves.items()}
    renamed |= {old: NodeKey(old.label, "") for old in merges}  # an edge at a node that goes is none at who gets its id
    ours = _owned(stored.vocabulary or graph.vocabulary)  # what the last load owned: everything else is of others
    owned = _owned(graph.vocabulary | stored.vocabulary)
    entries = {entry.node.key: entry for entry in graph.subgraphs(sorted(keys & graph.digests.keys()))}
    nodes = {key: key for key in entries if key in found and key not in renamed} | moves
    changes = (_change(entry, found[nodes[key]], renamed, owned) for key, entry in entries.items() if key in nodes)
    changed = [change for change in changes if change.differs or not stored.has(change.entry)]
    going = sorted({*(keys - graph.digests.keys() - set(moves.values())), *merges} & found.keys())
    removed = [Removal(found[key], merges.get(key), _additions(found[key], ours)) for key in going]
    contents = contents_digest(graph.digests)
    return Plan(
        dataset=graph.dataset,
        title=graph.title,
        old_title=stored.title,
        revision=stored.revision,
        added=tuple(entry for key, entry in entries.items() if key not in nodes),
        changed=tuple(changed),
        removed=tuple(removed),
        taken_over=(
            *(taken for taken in taken_over if not _has(entries.get(taken.key), taken)),
            *(taken for change in changed for taken in _taken_by_another_kind(change, ours)),
        ),
        lost_on_edges=tuple(_lost_on_edges(changed, removed, names_on_edges(stored.vocabulary or graph.vocabulary))),
        unchanged=len(stored.digests) - len(changed) - len(removed),
        vocabulary=graph.vocabulary,
        old_vocabulary=stored.vocabulary,
        contents=contents,
        pending=contents != stored.contents,
        old_commit=stored.commit,
    )


def _owned(vocabulary: Iterable[str]) -> _Owned:
    names: dict[str, set[str]] = defaultdict(set)
    for kind, _, name in (word.partition(".") for word in vocabulary):
        names[kind].add(name)
    return names


def _has(entry: Subgraph | None, taken: TakenValue) -> bool:
    """Whether an entry has the value, too."""
    return entry is not None and _same(taken.value, entry.node.properties.get(taken.name))


def _taken_by_another_kind(change: Change, ours: _Owned) -> Iterator[TakenValue]:
    """What others put on a node that becomes one of another kind, under names that are the model's on that kind alone."""
    before = change.before
    if before.label == change.entry.node.key.label:
        return
    own = {"id", *ours[before.label]}
    for name, (old, _) in change.properties.items():
        if old is not None and name not in own:
            yield TakenValue(before, name, old)


def _lost_on_edges(
    changed: Iterable[Change], removed: Iterable[Removal], ours: defaultdict[str, list[str]]
) -> Iterator[LostValues]:
    """The properties that others put on edges which go, or under names that are the model's from now on."""
    losing = [(edge, edge.edge.properties.keys()) for removal in removed for edge in removal.stored.edges]
    losing += [(edge, edge.edge.properties.keys()) for change in changed for edge in change.edges_removed]
    losing += [(edge.stored, edge.values.keys()) for change in changed for edge in change.edges_changed]
    for stored, names in losing:
        own = ours[stored.edge.type]
        lost = [name for name in sorted(names) if name not in own and stored.edge.properties.get(name) is not None]
        if lost:
            yield LostValues(stored, tuple(lost))


def _moves(
    graph: Graph, keys: frozenset[NodeKey], found: Mapping[NodeKey, StoredSubgraph]
) -> tuple[dict[NodeKey, NodeKey], dict[NodeKey, NodeKey]]:
    """Which stored node each renamed entry is (new key -> old key), and into which entry others are merged (old -> new)."""
    gone = keys - graph.digests.keys()
    claims = _without_nodes_that_stay(_claims(graph, keys, found), gone)
    claimed = {old for olds in claims.values() for old in olds}
    moves: dict[NodeKey, NodeKey] = {}
    merges: dict[NodeKey, NodeKey] = {}
    for key, olds in claims.items():
        if key not in found or key in claimed:  # it has no node of its own any more
            moves[key], *olds = olds
        merges |= dict.fromkeys(olds, key)
    by_id = {old.id: old for old in gone & found.keys() if old not in moves.values() and old not in merges}
    for key in keys - gone - found.keys() - moves.keys():  # the same entry, of another kind now, or retracted
        if key.id in by_id:
            moves[key] = by_id[key.id]
    return moves, merges


def _claims(graph: Graph, keys: frozenset[NodeKey], found: Mapping[NodeKey, StoredSubgraph]) -> dict[NodeKey, list[NodeKey]]:
    """The stored nodes that entries say they are, by their former ids; each node is one entry's.

    A former id counts that the entry's own node does not have yet: once a rename is carried out, the node remembers it. Its
    own is the node with its id, and each that it claims. An entry whose node becomes another's is asked again.
    """
    claims: dict[NodeKey, list[NodeKey]] = defaultdict(list)
    claimed: set[NodeKey] = set()
    for surely in (True, False):  # first those whose history goes on where the node's own ends
        leaving: set[NodeKey] | None = None
        while leaving != claimed:
            leaving = set(claimed)
            for key in sorted(keys & graph.formerly.keys()):
                formerly = graph.formerly[key]
                own = {key, *claims[key]} if key not in leaving else claims[key]
                for old in _sources(key, formerly, found, own):
                    if old not in claimed and (not surely or _continues(formerly, found[old])):
                        claims[key].append(old)
                        claimed.add(old)
    return claims


def _without_nodes_that_stay(claims: dict[NodeKey, list[NodeKey]], gone: Collection[NodeKey]) -> dict[NodeKey, list[NodeKey]]:
    """The claims without those on the node of an entry that stays where it is."""
    while True:
        kept = {key: [old for old in olds if old in gone or old in claims] for key, olds in claims.items() if olds}
        if kept == claims:
            return kept
        claims = kept


def _sources(
    key: NodeKey, formerly: Sequence[str], found: Mapping[NodeKey, StoredSubgraph], own: Iterable[NodeKey]
) -> list[NodeKey]:
    """The stored nodes that an entry's former ids mean, in their order; what its `own` nodes remember has been done."""
    left = list(formerly)  # an id can stand there twice, where two had it one after the other
    for former in (former for node in own if node in found for former in _remembered(found[node])):
        if former in left:
            left.remove(former)
    labels = (FACT, RETRACTED_FACT) if key.label in (FACT, RETRACTED_FACT) else (key.label,)
    candidates = [NodeKey(label, former) for former in dict.fromkeys(left) for label in labels]
    there = [candidate for candidate in candidates if candidate in found and candidate != key]
    return sorted(there, key=lambda old: not _continues(formerly, found[old]))


def _continues(formerly: Iterable[str], stored: StoredSubgraph) -> bool:
    """Whether an entry's former ids go on where a stored node's end: first those that it had, then the one that it has."""
    history = [*_remembered(stored), stored.node.key.id]
    rest = iter(formerly)
    return all(identity in rest for identity in history)


def _remembered(stored: StoredSubgraph) -> list[str]:
    """The former ids that a stored node has."""
    formerly = stored.node.properties.get("formerly")
    return [former for former in formerly if isinstance(former, str)] if isinstance(formerly, list) else []


def _change(entry: Subgraph, stored: StoredSubgraph, renamed: Mapping[NodeKey, NodeKey], owned: _Owned) -> Change:
    key, before = entry.node.key, stored.node.key
    names = {"id"} | owned[key.label] | owned[before.label] | entry.node.properties.keys()
    properties = _differences(stored.node.properties, entry.node.properties, names)
    return Change(entry, before, properties, *_edge_changes(entry.edges, stored.edges, renamed, owned))


def _differences(
    before: Mapping[str, GraphValue], after: Mapping[str, GraphValue], names: Iterable[str]
) -> dict[str, tuple[GraphValue, GraphValue]]:
    pairs = {name: (before.get(name), after.get(name)) for name in sorted(names)}
    return {name: (old, new) for name, (old, new) in pairs.items() if not _same(old, new)}


def _same(one: GraphValue, other: GraphValue) -> bool:
    return one == other and type(one) is type(other)  # 1 is not True


def _edge_changes(
    wanted: Iterable[Edge], stored: Iterable[StoredEdge], renamed: Mapping[NodeKey, NodeKey], owned: _Owned
) -> tuple[tuple[Edge, ...], tuple[EdgeChange, ...], tuple[StoredEdge, ...]]:
    """Which edges to add, to give other properties, and to remove; an edge keeps its ends when these are renamed."""
    free: dict[tuple[str, NodeKey, NodeKey], list[StoredEdge]] = defaultdict(list)
    for one in sorted(stored, key=lambda one: json.dumps(one.edge.properties, sort_keys=True, default=str)):
        ends = (renamed.get(one.edge.start, one.edge.start), renamed.get(one.edge.end, one.edge.end))
        free[one.edge.type, *ends].append(one)
    added: list[Edge] = []
    changed: list[EdgeChange] = []
    unmatched: list[Edge] = []
    for edge in wanted:
        candidates = free[edge.type, edge.start, edge.end]
        equal = next((one for one in candidates if not _edge_differences(one, edge, owned)), None)
        if equal is not None:
            candidates.remove(equal)
        else:
            unmatched.append(edge)
    for edge in unmatched:
        candidates = free[edge.type, edge.start, edge.end]
        if candidates:
            one = min(candidates, key=lambda one: len(_edge_differences(one, edge, owned)))
            candidates.remove(one)
            changed.append(EdgeChange(one, edge, {name: new for name, (_, new) in _edge_differences(one, edge, owned).items()}))
        else:
            added.append(edge)
    return tuple(added), tuple(changed), tuple(one for candidates in free.values() for one in candidates)


def _edge_differences(stored: StoredEdge, edge: Edge, owned: _Owned) -> dict[str, tuple[GraphValue, GraphValue]]:
    return _differences(stored.edge.properties, edge.properties, owned[f"-{edge.type}"] | edge.properties.keys())


def _additions(stored: StoredSubgraph, ours: _Owned) -> tuple[str, ...]:
    """What others added to a node that negograph wrote."""
    label = stored.node.key.label
    own = {"dataset", "digest", *ours[label]}
    return (
        *(f".{name}" for name in sorted(stored.node.properties.keys() - own)),
        *(f":{name}" for name in stored.labels if name != label),
    )


def by_hand(plan: Plan, stored: Snapshot) -> tuple[Plan, Plan]:
    """A plan that compared everything, in two: what somebody changed by hand, and what was curated since the last load.

    Changed by hand is an entry that is other than its digest says, and whatever differs where the seeds are as they were.
    """
    settled = replace(plan, old_title=plan.title, old_vocabulary=plan.vocabulary, pending=False)
    if not plan.pending:
        return settled, replace(plan, added=(), changed=(), removed=())
    own = tuple(change for change in plan.changed if stored.has(change.entry))
    rest = tuple(change for change in plan.changed if not stored.has(change.entry))
    return replace(settled, added=(), changed=own, removed=()), replace(plan, changed=rest)
