"""Planning a load: what is stored is compared with a graph, as far as is needed to say what a load has to do."""

import time
from collections.abc import Collection, Mapping

from negograph.database.damage import find_damage
from negograph.database.interface import Database, Read
from negograph.database.snapshot import (
    refuse_changes_by_hand,
    refuse_taken_ids,
    revision_of,
    snapshot,
    snapshot_entries,
    snapshot_everything,
)
from negograph.errors import StoreError
from negograph.graph.diff import by_hand, differing, given_on, plan_load
from negograph.graph.graph import Graph, NodeKey
from negograph.graph.plan import Plan, Snapshot, StoredSubgraph, TakenValue
from negograph.model.model import DATASET

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
    difference = differing(graph, stored, everything=everything)
    former = {identity for formerly in graph.formerly.values() for identity in formerly}
    going = frozenset(key for key in difference.stored if key not in graph.digests or key.id in former)
    vocabulary = graph.vocabulary | stored.vocabulary
    if not everything or stored.revision == 0:
        refuse_taken_ids(read, graph.dataset, difference.wanted - stored.digests.keys())
    new = frozenset(word for word in graph.vocabulary - stored.vocabulary if "." in word and stored.vocabulary)
    if everything:
        refuse_changes_by_hand(read, graph.dataset, vocabulary, {key.id for key in stored.digests})
    found = (
        snapshot_everything(read, graph.dataset, vocabulary, going)
        if everything or new
        else snapshot_entries(read, graph.dataset, vocabulary, difference.stored, going)
    )
    if (given := given_on(graph, difference, found)) and not (everything or new):
        found = snapshot_everything(read, graph.dataset, vocabulary, going)
    concerned = [key for key, entry in found.items() if key in graph.digests and _is_concerned(entry, given, new)]
    return plan_load(graph, stored, difference.with_entries(concerned), found, _taken_over(found, new))


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
