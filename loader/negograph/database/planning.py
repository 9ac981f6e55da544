"""Planning a load: what is stored is compared with a graph, as far as is needed, and in two ways of reading for damage."""

import time
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from negograph.database.driver import Database, Read
from negograph.database.snapshot import (
    labels_of,
    refuse_changes_by_hand,
    refuse_taken_ids,
    revision_of,
    snapshot,
    types_of,
)
from negograph.database.statements import escape, for_each, ids_in_batches
from negograph.database.stored_entries import snapshot_entries, snapshot_everything
from negograph.errors import StoreError
from negograph.graph.diff import by_hand, differing, given_on, plan_load
from negograph.graph.plan import Graph, NodeKey, Plan, Snapshot, StoredSubgraph, TakenValue
from negograph.model.model import DATASET
from negograph.text.characters import some

_PATTERNS = {"start": "(n:{})-[r:{}]->(m)", "end": "(n:{})<-[r:{}]-(m)"}
"""The relationships at a node, by which side of them it is on."""


def find_damage(read: Read, dataset: str, vocabulary: Collection[str]) -> str | None:
    """Where two ways of reading a dataset disagree, in words; None if they do not."""
    labels, types = labels_of(vocabulary), types_of(vocabulary)
    node = {label: _collected(f"'{label}'", "n.id", "elementId(n)") for label in labels}
    statement = for_each(labels, lambda label: f"MATCH (n:{escape(label)}) WHERE n.dataset = $dataset {node[label]}")
    nodes, by_id = set(_rows(read, statement, {"dataset": dataset})), set()
    for label, ids in ids_in_batches(NodeKey(label, identity) for label, identity, _ in nodes):
        by_id |= {*_rows(read, f"UNWIND $ids AS id MATCH (n:{escape(label)} {{id: id}}) {node[label]}", {"ids": ids})}
    if lost := nodes ^ by_id:
        return f"by their ids, other nodes are found than by their labels: {some(sorted({node[1] for node in lost}))}"
    return _damaged_edges(read, dataset, labels, types, {reference: identity for _, identity, reference in nodes})


def _damaged_edges(
    read: Read, dataset: str, labels: Collection[str], types: Collection[str], ids: Mapping[str, str]
) -> str | None:
    """Where the relationships at some nodes (their ids by their references) are others than those of their types."""
    ends = _collected("elementId(r)", "elementId(startNode(r))", "elementId(endNode(r))")
    edges = _rows(read, for_each(types, lambda kind: f"MATCH ()-[r:{escape(kind)}]->() {ends}"), {})
    for side in _PATTERNS:
        expected = [(r, n, m) for r, *ends in edges for n, m in [ends if side == "start" else reversed(ends)] if n in ids]
        for things in (("r", "n", "m"), ("n", "m")):
            found = Counter(_around(read, dataset, labels, side, types, things))
            wanted = Counter(edge[-len(things) :] for edge in expected)
            if other := (found - wanted) + (wanted - found):
                at = some(sorted({ids[row[-2]] for row in other if row[-2] in ids}))
                return f"from where they {side}, other relationships are found than by their types: at {at}"
    return None


def _around(
    read: Read, dataset: str, labels: Iterable[str], side: str, types: Iterable[str], things: tuple[str, ...]
) -> list[tuple[str, ...]]:
    """The relationships that start or end at the nodes n with labels, by some of n, the relationship r and its other end m.

    Where r is not asked for, a database may go to m without it.
    """
    names, references = "|".join(map(escape, types)), _collected(*(f"elementId({thing})" for thing in things))
    statement = for_each(
        labels,
        lambda label: f"MATCH {_PATTERNS[side].format(escape(label), names)} WHERE n.dataset = $dataset {references}",
    )
    return _rows(read, statement, {"dataset": dataset})


def _collected(*values: str) -> str:
    """The end of a statement that gives some values of all that is found as columns: a row a node takes ten times as long."""
    return "RETURN " + ", ".join(f"collect({value}) AS column_{number}" for number, value in enumerate(values))


def _rows(read: Read, statement: str, parameters: Mapping[str, Any]) -> list[tuple[str, ...]]:
    """The values that a statement gives as columns."""
    return [tuple(map(str, row)) for lists in read(statement, parameters) for row in zip(*lists, strict=True)]


_SETTLED_SECONDS = 3.0
"""After how long two ways of reading that disagree are damage, and no commit that is being applied."""

_ATTEMPTS = 20
"""How often it is planned anew because somebody loaded meanwhile."""


def verify(database: Database, read: Read, graph: Graph) -> tuple[Plan, Plan]:
    """Where a database differs from a graph: see `Store.verify`."""
    seen: Plan | None = None
    for _ in range(_ATTEMPTS):
        found, stored = plan_settled(database, read, graph, everything=True)
        if found.empty or found == seen:  # a server lets others read while it applies a commit
            return by_hand(found, stored)
        seen = found
    raise _changes_all_the_time(graph)


def plan_settled(database: Database, read: Read, graph: Graph, *, everything: bool) -> tuple[Plan, Snapshot]:
    """The plan that makes a database equal to a graph, and what it was made against: see `Store.plan`."""
    for _ in range(_ATTEMPTS):
        stored = snapshot(read, graph.dataset, graph.vocabulary)
        found = _plan_against(stored, read, graph, everything=everything)
        if everything:
            _refuse_damage(database, read, graph.dataset, found)
        if revision_of(read, graph.dataset) == found.revision:  # else a load came between, and this is half old, half new
            return found, stored
    raise _changes_all_the_time(graph)


def _changes_all_the_time(graph: Graph) -> StoreError:
    return StoreError(f"the dataset {graph.dataset!r} in the database changes all the time; try again when nobody loads it")


def _refuse_damage(database: Database, read: Read, dataset: str, found: Plan) -> None:
    """Refuse a database that answers otherwise when it is read in another way.

    Others may load at this moment, and a server lets others read while it applies a commit: what is damaged, stays so.
    """
    vocabulary = found.vocabulary | found.old_vocabulary
    end = time.monotonic() + _SETTLED_SECONDS
    while (damage := find_damage(read, dataset, vocabulary)) is not None and revision_of(read, dataset) == found.revision:
        if time.monotonic() > end:
            raise StoreError(database.damaged(damage))
        time.sleep(_SETTLED_SECONDS / 10)


def _plan_against(stored: Snapshot, read: Read, graph: Graph, *, everything: bool) -> Plan:
    if not everything:
        _refuse_changed_nodes(read, graph, stored)
    keys = differing(graph, stored, everything=everything)
    former = {identity for formerly in graph.formerly.values() for identity in formerly}
    going = frozenset(key for key in keys & stored.digests.keys() if key not in graph.digests or key.id in former)
    others = former | {key.id for key in graph.digests} if going else former
    leaving = frozenset(key for key in going if key.id not in others)
    vocabulary = graph.vocabulary | stored.vocabulary
    if not everything or stored.revision == 0:
        refuse_taken_ids(read, graph.dataset, keys - stored.digests.keys())
    new = frozenset(word for word in graph.vocabulary - stored.vocabulary if "." in word and stored.vocabulary)
    if everything:
        refuse_changes_by_hand(read, graph.dataset, vocabulary, {key.id for key in stored.digests})
    whole = bool(everything or new or stored.unfinished)  # in what is half written, edges may name an entry that has another id
    found = (
        snapshot_everything(read, graph.dataset, vocabulary, going)
        if whole
        else snapshot_entries(read, graph.dataset, vocabulary, keys & stored.digests.keys(), going, leaving)
    )
    if (given := given_on(graph, keys, found)) and not whole:
        found = snapshot_everything(read, graph.dataset, vocabulary, going)
    concerned = [key for key, entry in found.items() if key in graph.digests and _is_concerned(entry, given, new)]
    return plan_load(graph, stored, keys.union(concerned), found, _taken_over(found, new))


def _is_concerned(entry: StoredSubgraph, given: Collection[NodeKey], new: Collection[str]) -> bool:
    """Whether an entry is to be compared though its digest is the same.

    It refers to a node that is `given` to another entry, or has values under names that are `new` in the model.
    """
    return any(
        edge.start in given or edge.end in given or any(f"-{edge.type}.{name}" in new for name in edge.properties)
        for edge in (stored.edge for stored in entry.edges)
    ) or bool(_taken_over({entry.node.key: entry}, new))


def _taken_over(found: Mapping[NodeKey, StoredSubgraph], new: Collection[str]) -> list[TakenValue]:
    """Values that nodes have under names that the model gets only now; a name is a `Label.property`."""
    values = ((key, *value) for key, entry in found.items() for value in entry.node.properties.items())
    return [TakenValue(key, name, value) for key, name, value in values if f"{key.label}.{name}" in new]


def _refuse_changed_nodes(read: Read, graph: Graph, stored: Snapshot) -> None:
    """Refuse a dataset whose nodes came or went by hand, for its digests then do not tell what is there."""
    lost = len(stored.digests) if stored.revision == 0 else 0
    if not (stored.tampered or lost) or revision_of(read, graph.dataset) != stored.revision:
        return
    if stored.tampered:
        raise StoreError(
            f"nodes of the dataset {graph.dataset!r} were added, removed or renamed by hand since the last load; "
            "`negograph verify` shows which, `negograph load --repair` puts it right"
        )
    raise StoreError(
        f"the database holds {lost} nodes of the dataset {graph.dataset!r}, but its own node (:{DATASET}) is gone; "
        "`negograph load --repair` makes it anew and compares everything"
    )
