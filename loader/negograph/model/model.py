"""The graph model as data: kinds of nodes, structural edges, and the actions of the codebook."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, TypeAlias

PropertyKind = Literal["text", "texts", "date", "flag", "integer", "number", "source", "action", "retraction", "quote"]
Effect = Literal["puts_forward", "accepts", "rejects", "answers", "leaves_unanswered", "withdraws"]
Default: TypeAlias = str | bool | int | float | None

FACT, RETRACTED_FACT, DATASET = "Fact", "RetractedFact", "Dataset"
DATASET_SECTION = "dataset"
PARTY, PROPOSAL, DEMAND = "Party", "Proposal", "Demand"
BY, TO, WHAT, ACCORDING_TO, EVIDENCE = "by", "to", "what", "according_to", "evidence"
MEMBER_OF, SPEAKS_FOR, PART_OF, SETS_OUT, RESPONDS_TO = "member_of", "speaks_for", "part_of", "sets_out", "responds_to"
"""The keys of an entry whose meaning negograph knows."""

TO_EDGE, ABOUT_EDGE = "TO", "ABOUT"
"""The types of the edges of a fact by which the store finds its short edges."""

RESTS_ON = "STATUS_RESTS_ON"
"""The type of the edges from an item to the facts that its status rests or once rested on."""

SHARED_WITH_SHORT_EDGES = ("date", "date_from", "date_to", "attribution", "modality", "stance", "implied", "confidence")
"""The properties of a fact that its short edges carry too."""

_OF_NODES = ("id", "name", "formerly", "attribution", "effect", "plover", "stance")
_OF_ITEMS = ("status", "status_by")
_OF_EDGES = ("entry", "dataset")
_OF_RESTS_ON = (*_OF_ITEMS, "since", "until", *_OF_EDGES)
_OF_SHORT_EDGES = ("fact", "label", "according_to", "dataset", *SHARED_WITH_SHORT_EDGES)


@dataclass(frozen=True)
class PropertyType:
    """A property of a node or an edge: its kind, the values it may take, and the value it has if none is written."""

    name: str
    kind: PropertyKind
    definition: str
    required: bool = False
    values: Mapping[str, str] = field(default_factory=dict)
    default: Default = None
    graph: bool = True

    @property
    def stored_names(self) -> list[str]:
        """The names of the properties that it becomes in the graph."""
        parts = {"date": ["", "_from", "_to"], "source": ["_sha256", "_characters"], "retraction": ["_on", "_reason"]}
        return [self.name + part for part in parts.get(self.kind, [""])]


@dataclass(frozen=True)
class NodeType:
    """A kind of node, and the section of the seeds that its entries are listed under."""

    label: str
    section: str
    definition: str
    properties: Mapping[str, PropertyType]
    names_itself: bool


@dataclass(frozen=True)
class EdgeType:
    """A structural edge: the key of an entry that names its other end."""

    type: str
    key: str
    of: tuple[str, ...]
    to: tuple[str, ...]
    definition: str
    many: bool
    required: bool
    reverse: bool
    item: str | None
    properties: Mapping[str, PropertyType]
    acyclic: bool = False

    @property
    def keys(self) -> list[str]:
        """The keys that it adds to an entry of its kinds."""
        return [self.key, *(() if self.item else self.properties)]


@dataclass(frozen=True)
class Action:
    """An action of the codebook, and the short edge that is derived from each fact of it."""

    name: str
    definition: str
    sentence: str
    edge: str
    ends: Literal["what", "to"]
    by: tuple[str, ...]
    to: tuple[str, ...]
    what: tuple[str, ...]
    required: tuple[str, ...]
    stance: int
    effect: Effect | None
    plover: str | None

    @property
    def words(self) -> str:
        """How the action reads: `left_unanswered` is "left unanswered"."""
        return self.name.replace("_", " ")


@dataclass(frozen=True)
class Model:
    """The whole graph model."""

    nodes: Mapping[str, NodeType]
    edges: tuple[EdgeType, ...]
    actions: Mapping[str, Action]

    def edges_of(self, label: str) -> list[EdgeType]:
        """The structural edges that an entry of this kind owns."""
        return self._edges[label]

    def edges_by_key(self, label: str) -> Mapping[str, EdgeType]:
        """The structural edges that an entry of this kind owns, by the keys that become them."""
        return self._edges_by_key[label]

    def keys_of(self, label: str) -> Mapping[str, None]:
        """Every key that an entry of this kind can have, in the order in which they are usually written."""
        return self._keys[label]

    @cached_property
    def _edges(self) -> dict[str, list[EdgeType]]:
        return {label: [edge for edge in self.edges if label in edge.of] for label in self.nodes}

    @cached_property
    def _edges_by_key(self) -> dict[str, dict[str, EdgeType]]:
        return {label: {edge.key: edge for edge in edges} for label, edges in self._edges.items()}

    @cached_property
    def _keys(self) -> dict[str, dict[str, None]]:
        return {
            label: dict.fromkeys(
                [
                    *["id", *([] if node.names_itself else ["name"]), *node.properties],
                    *(key for edge in self._edges[label] for key in edge.keys),
                    "formerly",
                ]
            )
            for label, node in self.nodes.items()
        }

    @property
    def labels(self) -> list[str]:
        """Every label that nodes of a dataset can have."""
        return [*self.nodes, RETRACTED_FACT]

    @property
    def edge_types(self) -> list[str]:
        """Every type that edges of a dataset can have."""
        of_actions = (action.edge for action in self.actions.values())
        return list(dict.fromkeys([*(edge.type for edge in self.edges), *of_actions, RESTS_ON]))

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """What a load may write: labels as they are, types as `-TYPE`, properties as `Label.property` and `-TYPE.property`."""
        stored = {**self.nodes, RETRACTED_FACT: self.nodes[FACT]}
        of_nodes = {
            f"{label}.{name}"
            for label, node in stored.items()
            for name in [*_OF_NODES, *(name for kind in node.properties.values() for name in kind.stored_names)]
        }
        of_items = {f"{label}.{name}" for label in (PROPOSAL, DEMAND) for name in _OF_ITEMS}
        of_rests_on = {f"-{RESTS_ON}.{name}" for name in _OF_RESTS_ON}
        of_edges = {
            f"-{edge.type}.{name}"
            for edge in self.edges
            for name in [*_OF_EDGES, *(name for kind in edge.properties.values() for name in kind.stored_names)]
        }
        of_short_edges = {f"-{action.edge}.{name}" for action in self.actions.values() for name in _OF_SHORT_EDGES}
        types = {f"-{type_}" for type_ in self.edge_types}
        return frozenset({*self.labels, *of_nodes, *of_items, *types, *of_edges, *of_rests_on, *of_short_edges})
