"""A graph, and a plan that makes what is stored equal to it, as plain data.

What there are millions of are Structs: they are made in a third of a dataclass's time.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple, TypeAlias

import msgspec

from negograph.model.model import FACT, RETRACTED_FACT, STANDING
from negograph.problems.problem import Position

GraphValue: TypeAlias = str | bool | int | float | date | list[str] | None


class NodeKey(NamedTuple):
    """What a node is found by: its label, and its id, which is unique within the label."""

    label: str
    id: str


class Node(msgspec.Struct, frozen=True, gc=False):
    """A node."""

    key: NodeKey
    properties: Mapping[str, GraphValue]


class Edge(msgspec.Struct, frozen=True, gc=False):
    """A relationship."""

    type: str
    start: NodeKey
    end: NodeKey
    properties: Mapping[str, GraphValue]


class Subgraph(msgspec.Struct, frozen=True, gc=False):
    """What one entry of the seeds becomes: its node, the edges that it owns, one digest over all of it, and where it stands."""

    node: Node
    edges: tuple[Edge, ...]
    digest: str
    position: Position


@dataclass(frozen=True)
class Graph:
    """A dataset as a graph: the digest of every entry by label and id, and the former ids of those that have any.

    `subgraphs` gives what the entries with some of the keys become; the digests tell whether two graphs are equal. Every edge
    runs between nodes of the graph. The vocabulary is the model's.
    """

    dataset: str
    title: str
    digests: Mapping[NodeKey, str]
    formerly: Mapping[NodeKey, Sequence[str]]
    subgraphs: Callable[[Iterable[NodeKey]], Iterable[Subgraph]] = field(compare=False)
    vocabulary: frozenset[str] = frozenset()

    @property
    def entries(self) -> tuple[Subgraph, ...]:
        """All of it, by label and id."""
        return tuple(self.subgraphs(sorted(self.digests)))


_REFERRING = {"entry", "fact", "according_to"}
"""Properties of edges that hold an id: they follow when it is renamed. So does the party of a standing."""


@dataclass(frozen=True)
class Snapshot:
    """What the store holds of a dataset: its title, how often it was written, a digest an entry, and its vocabulary.

    `contents` is the digest of all that the last load left; None where there was no load. `commit` is the last one of the seeds
    that were loaded then; None where git did not know.
    """

    title: str | None
    revision: int
    digests: Mapping[NodeKey, str]
    vocabulary: frozenset[str] = frozenset()
    contents: str | None = None
    commit: str | None = None

    @property
    def tampered(self) -> bool:
        """Whether somebody added, removed or renamed nodes of the dataset by hand since the last load."""
        return self.contents is not None and self.contents != contents_digest(self.digests)

    @property
    def unfinished(self) -> bool:
        """Whether a load in several transactions began and has not ended."""
        return self.revision > 0 and self.contents is None

    def has(self, entry: Subgraph) -> bool:
        """Whether an entry is stored under its id with its digest."""
        return self.digests.get(entry.node.key) == entry.digest


def names_on_edges(vocabulary: Iterable[str]) -> defaultdict[str, list[str]]:
    """The names of the properties that relationships get from a load, by their type."""
    names: defaultdict[str, list[str]] = defaultdict(lambda: ["dataset"])
    for kind, _, name in (word.partition(".") for word in vocabulary if word.startswith("-")):
        names[kind[1:]] += [name] if name else []
    return names


def contents_digest(digests: Mapping[NodeKey, str]) -> str:
    """One digest of the digests of all entries."""
    lines = sorted(f"{label} {identity} {digest}" for (label, identity), digest in digests.items())
    return hashlib.sha256("\n".join(lines).encode("utf-8", "surrogatepass")).hexdigest()[:32]


@dataclass(frozen=True)
class StoredEdge:
    """An edge in the store; `reference` is by what the store finds it again.

    Of an edge of others, `ends` are the labels and the properties of the nodes where it starts and ends.
    """

    edge: Edge
    reference: str
    ends: tuple[tuple[tuple[str, ...], Mapping[str, GraphValue]], ...] = ()

    @property
    def anchor(self) -> NodeKey:
        """The node to seek it from: the one that owns it, else the one where it ends, where fewer edges meet."""
        return self.edge.start if self.edge.properties.get("entry") == self.edge.start.id else self.edge.end


@dataclass(frozen=True)
class StoredSubgraph:
    """A node in the store with the labels and the edges that it has there: those that its entry owns, and those of others.

    Where the entry goes, further edges of its own, which hold nothing of others, may only be counted.
    """

    node: Node
    labels: tuple[str, ...]
    edges: tuple[StoredEdge, ...]
    foreign: tuple[StoredEdge, ...] = ()
    counted: int = 0


@dataclass(frozen=True)
class EdgeChange:
    """An edge that gets other properties; `values` are the new ones, None for those that go."""

    stored: StoredEdge
    after: Edge
    values: Mapping[str, GraphValue]


@dataclass(frozen=True)
class Change:
    """An entry that is in the store and has to become another: by `properties`, the old and the new value of each."""

    entry: Subgraph
    before: NodeKey
    properties: Mapping[str, tuple[GraphValue, GraphValue]]
    edges_added: tuple[Edge, ...]
    edges_changed: tuple[EdgeChange, ...]
    edges_removed: tuple[StoredEdge, ...]

    @property
    def moved(self) -> bool:
        """Whether the node gets another id or another label."""
        return self.before != self.entry.node.key

    @property
    def differs(self) -> bool:
        """Whether anything changes but the digest."""
        return bool(self.moved or self.properties or self.edges_added or self.edges_changed or self.edges_removed)


@dataclass(frozen=True)
class Removal:
    """A node that goes. `into` is the entry that it is merged into, if it is, `additions` names what others put on the node."""

    stored: StoredSubgraph
    into: NodeKey | None
    additions: tuple[str, ...]

    @property
    def blocked(self) -> bool:
        """Whether something of others would go with the node."""
        return bool(self.stored.foreign or self.additions)


@dataclass(frozen=True)
class TakenValue:
    """A property that others put on a node, and whose name the model has from now on, with their value."""

    key: NodeKey
    name: str
    value: GraphValue


@dataclass(frozen=True)
class LostValues:
    """An edge of a dataset that goes or changes, and the names of the properties that others put on it and that go too."""

    stored: StoredEdge
    names: tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    """All that a load does, against one revision of the dataset in the store."""

    dataset: str
    title: str
    old_title: str | None
    revision: int
    added: tuple[Subgraph, ...] = ()
    changed: tuple[Change, ...] = ()
    removed: tuple[Removal, ...] = ()
    taken_over: tuple[TakenValue, ...] = ()
    lost_on_edges: tuple[LostValues, ...] = ()
    unchanged: int = 0
    vocabulary: frozenset[str] = frozenset()
    old_vocabulary: frozenset[str] = frozenset()
    contents: str = ""
    pending: bool = True
    """Whether the seeds are others than at the last load."""
    commit: str | None = None
    old_commit: str | None = None
    """The last commits of the seeds, as far as git knows: now, and at the last load."""

    @property
    def empty(self) -> bool:
        """Whether there is nothing to do."""
        retitled = self.title != self.old_title
        words = self.old_vocabulary - self.vocabulary
        return not (self.added or self.changed or self.removed or retitled or words or self.pending)

    @property
    def loses(self) -> bool:
        """Whether something goes that others put into the graph."""
        return bool(self.taken_over or self.lost_on_edges or any(removal.blocked for removal in self.removed))

    @property
    def stored(self) -> int:
        """How many entries the store holds."""
        return len(self.changed) + len(self.removed) + self.unchanged


@dataclass(frozen=True)
class LoadCounts:
    """How many nodes and relationships a load created, updated and deleted."""

    nodes_created: int = 0
    nodes_updated: int = 0
    nodes_deleted: int = 0
    relationships_created: int = 0
    relationships_updated: int = 0
    relationships_deleted: int = 0


def counts_of(plan: Plan) -> LoadCounts:
    """What carrying out a plan will touch."""
    return LoadCounts(
        nodes_created=len(plan.added),
        nodes_updated=len(plan.changed),
        nodes_deleted=len(plan.removed),
        relationships_created=sum(len(entry.edges) for entry in plan.added)
        + sum(len(change.edges_added) for change in plan.changed),
        relationships_updated=sum(len(change.edges_changed) for change in plan.changed),
        relationships_deleted=sum(len(removal.stored.edges) + removal.stored.counted for removal in plan.removed)
        + sum(len(change.edges_removed) for change in plan.changed),
    )


def totals(plan: Plan) -> dict[str, int]:
    """How many entries a plan adds, changes, renames, and so on; without those that only follow a rename."""
    kinds = Counter(kind_of(change) for change in plan.changed)
    merged = sum(removal.into is not None for removal in plan.removed)
    return {
        "added": len(plan.added),
        "changed": kinds["changed"],
        "renamed": kinds["renamed"],
        "retracted": kinds["retracted"],
        "merged": merged,
        "removed": len(plan.removed) - merged,
    }


def kind_of(change: Change) -> str:
    """What a change is: changed, renamed, retracted, or follows, where only ids that it refers to are other ones."""
    if not change.moved:
        others = change.properties or change.edges_added or change.edges_removed
        only_ids = not others and all(edge.values.keys() <= _referring(edge.after.type) for edge in change.edges_changed)
        return "follows" if only_ids else "changed"
    if change.entry.node.key.label == RETRACTED_FACT and change.before.label == FACT:
        return "retracted"
    return "renamed" if change.before.id != change.entry.node.key.id else "changed"


def _referring(type_: str) -> set[str]:
    return _REFERRING | {"party"} if type_ == STANDING else _REFERRING
