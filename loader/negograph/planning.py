"""What a load has to do: the graph that is wanted against the digests that the store holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from negograph.graph import Graph, GraphEntry, NodeKey


@dataclass(frozen=True)
class Plan:
    """The entries to write and the nodes to take away, against one revision of the dataset in the store.

    `dropped` is what earlier loads may have written and the model knows no more.
    """

    dataset: str
    title: str
    retitled: bool
    revision: int
    added: tuple[GraphEntry, ...]
    changed: tuple[GraphEntry, ...]
    removed: tuple[NodeKey, ...]
    vocabulary: frozenset[str]
    dropped: frozenset[str]

    @property
    def empty(self) -> bool:
        return not (self.added or self.changed or self.removed or self.retitled or self.dropped)

    @property
    def written(self) -> tuple[GraphEntry, ...]:
        return self.added + self.changed


@dataclass(frozen=True)
class Stored:
    """What the store holds of a dataset: its title, how often it was written, a digest an entry, and its vocabulary."""

    title: str | None
    revision: int
    digests: Mapping[NodeKey, str]
    vocabulary: frozenset[str] = frozenset()


def plan_load(graph: Graph, stored: Stored) -> Plan:
    """The plan that makes what is stored equal to `graph`."""
    wanted = {entry.node.key for entry in graph.entries}
    return Plan(
        dataset=graph.dataset,
        title=graph.title,
        retitled=graph.title != stored.title,
        revision=stored.revision,
        added=tuple(entry for entry in graph.entries if entry.node.key not in stored.digests),
        changed=tuple(entry for entry in graph.entries if stored.digests.get(entry.node.key, entry.digest) != entry.digest),
        removed=tuple(sorted(stored.digests.keys() - wanted)),
        vocabulary=graph.vocabulary,
        dropped=stored.vocabulary - graph.vocabulary,
    )
