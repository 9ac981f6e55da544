"""Planning a load: what is stored is compared with a graph, as far as is needed to say what a load has to do."""

from __future__ import annotations

import time

from negograph.database.damage import find_damage
from negograph.database.interface import Database, Read
from negograph.database.snapshot import (
    owners_at,
    owners_taking_over,
    refuse_taken_ids,
    revision_of,
    snapshot,
    snapshot_entries,
    snapshot_everything,
    values_taken_over,
)
from negograph.errors import StoreError
from negograph.graph.diff import by_hand, differing, given_on, plan_load
from negograph.graph.graph import Graph
from negograph.graph.plan import Plan, Stored
from negograph.model.model import DATASET

_SETTLED_SECONDS = 3.0
"""After how long two ways of reading that disagree are damage, and no commit that is being applied."""

_ATTEMPTS = 20
"""How often it is planned anew because somebody loaded meanwhile."""


def plan(database: Database, read: Read, graph: Graph, *, everything: bool) -> Plan:
    """The plan that makes a database equal to a graph: see `Store.plan`."""
    for _ in range(_ATTEMPTS):
        found = _plan_once(read, graph, everything=everything)
        if everything:
            _refuse_damage(database, read, graph.dataset, found)
        if revision_of(read, graph.dataset) == found.revision:  # else a load came between, and this is half old, half new
            return found
    raise _changes_all_the_time(graph)


def verify(database: Database, read: Read, graph: Graph) -> tuple[Plan, Plan]:
    """Where a database differs from a graph: see `Store.verify`."""
    seen: Plan | None = None
    for _ in range(_ATTEMPTS):
        found, stored = plan(database, read, graph, everything=True), snapshot(read, graph.dataset, graph.vocabulary)
        if found.revision != stored.revision:
            continue
        if found.empty or found == seen:  # a server lets others read while it applies a commit
            return by_hand(found, stored)
        seen = found
    raise _changes_all_the_time(graph)


def _changes_all_the_time(graph: Graph) -> StoreError:
    return StoreError(f"the dataset {graph.dataset!r} in the database changes all the time; try again when nobody loads it")


def _refuse_damage(database: Database, read: Read, dataset: str, found: Plan) -> None:
    """Refuse a database that answers otherwise when it is read in another way.

    Others may load at this moment, and a server lets others read while it applies a commit: what is damaged, stays so.

    Raises:
        StoreError: if it does, and nobody loaded since the plan was made.
    """
    vocabulary = found.vocabulary | found.old_vocabulary
    end = time.monotonic() + _SETTLED_SECONDS
    while (damage := find_damage(read, dataset, vocabulary)) is not None and revision_of(read, dataset) == found.revision:
        if time.monotonic() > end:
            raise StoreError(database.damaged(damage))
        time.sleep(_SETTLED_SECONDS / 10)


def _plan_once(read: Read, graph: Graph, *, everything: bool) -> Plan:
    stored = snapshot(read, graph.dataset, graph.vocabulary)
    if not everything:
        _refuse_changed_nodes(read, graph, stored)
    difference = differing(graph, stored, everything=everything)
    former = {identity for formerly in graph.formerly.values() for identity in formerly}
    going = frozenset(key for key in difference.stored if key not in graph.digests or key.id in former)
    vocabulary = graph.vocabulary | stored.vocabulary
    if not everything or stored.revision == 0:
        refuse_taken_ids(read, graph.dataset, difference.wanted - stored.digests.keys())
    new_names = graph.vocabulary - stored.vocabulary if stored.vocabulary else ()
    taken_over = values_taken_over(read, graph.dataset, new_names)
    taken_on_edges = owners_taking_over(read, graph.dataset, new_names)
    if everything:
        found = snapshot_everything(read, graph.dataset, vocabulary, going)
        return plan_load(graph, stored, difference, found, taken_over)
    looked_at = {taken.key for taken in taken_over}
    difference = difference.with_entries([key for key in graph.digests if key in looked_at or key.id in taken_on_edges])
    found = snapshot_entries(read, graph.dataset, vocabulary, difference.stored, going)
    if given := given_on(graph, difference, found):
        owners = owners_at(read, graph.dataset, given)
        others = frozenset(key for key in graph.digests if key.id in owners and key not in difference.wanted)
        difference = difference.with_entries(others)
        found |= snapshot_entries(read, graph.dataset, vocabulary, others, ())
    return plan_load(graph, stored, difference, found, taken_over)


def _refuse_changed_nodes(read: Read, graph: Graph, stored: Stored) -> None:
    """Refuse a dataset whose nodes came or went by hand, for its digests then do not tell what is there.

    Raises:
        StoreError: if they did, and nobody loads at this moment.
    """
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
