"""The graph model as data: kinds of nodes, structural edges, and the actions of the codebook."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from negograph.model.kinds import KINDS, Fields, PropertyValue, StoredValue
from negograph.parsing.yaml_tree import Scalar, Sequence, Value
from negograph.problems.problem import did_you_mean

Effect = Literal[
    "puts_forward", "accepts", "supports", "reserves", "opposes", "rejects", "answers", "leaves_unanswered", "withdraws"
]

LABEL = re.compile(r"[A-Z][A-Za-z0-9]*")

FACT, RETRACTED_FACT, DATASET = "Fact", "RetractedFact", "Dataset"
DATASET_SECTION = "dataset"
PARTY, PROPOSAL, DEMAND = "Party", "Proposal", "Demand"
BY, TO, WHAT, ACCORDING_TO, EVIDENCE = "by", "to", "what", "according_to", "evidence"
ON_BEHALF_OF, PARTICIPANTS = "on_behalf_of", "participants"
SIGNED, CONCERNS = ("furthers", "hinders"), "concerns"
"""The keys of an item that name its issues: those on which a stand towards it is one too, and those that it is only about."""

MEMBER_OF, SPEAKS_FOR, PART_OF, SETS_OUT, RESPONDS_TO = "member_of", "speaks_for", "part_of", "sets_out", "responds_to"
"""The keys of an entry whose meaning negograph knows."""

TO_EDGE, ABOUT_EDGE = "TO", "ABOUT"
"""The types of the edges of a fact by which the store finds its short edges."""

BODY = "body"
"""The kind of a party that others put things to, and that is no side itself."""

SHORT = "short"
"""The property with a shorter name for pictures; `caption` in the graph is this, or else the name."""

STANDING = "STANDING"
"""The type of the edges from an item to the facts by which a party stands, or once stood, where it does towards it."""

SHARED_WITH_SHORT_EDGES = (
    *("label", "date", "date_from", "date_to", "known_from", "attribution", "modality", "stance", "implied", "confidence"),
    *("says", "condition"),
)
"""The properties of a fact that its short edges carry too."""

OF_STANDING = ("standing", "party", "said_by", "condition", "since", "until")
"""The properties of a relationship that tells a standing; `party` holds an id."""

_OF_NODES = ("id", "name", "caption", "label", "formerly", "attribution", "known_from", "effect", "plover", "stance")
_OF_ITEMS = ("status", "status_by")
_OF_EDGES = ("entry", "dataset")
_OF_SHORT_EDGES = ("fact", "according_to", "quote", "source", "dataset", *SHARED_WITH_SHORT_EDGES)

RESERVED_PROPERTIES = frozenset({*_OF_NODES, *_OF_ITEMS, *_OF_EDGES, "digest", "fact"} - {"stance"})
"""The names of negograph's own properties, which no schema can give to one of its own."""


@dataclass(frozen=True)
class PropertyType:
    """A property of a node or an edge: its kind, the values it may take, and the value it has if none is written."""

    name: str
    kind: str
    definition: str
    required: bool = False
    values: Mapping[str, str] = field(default_factory=dict)
    default: PropertyValue | None = None
    graph: bool = True
    longest: int = 0
    colours: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def stored_names(self) -> list[str]:
        """The names of the properties that it becomes in the graph."""
        return [self.name + part for part in KINDS[self.kind].parts]

    def stored(self, value: PropertyValue) -> Iterable[tuple[str, StoredValue]]:
        """The properties that a value becomes in the graph, by name."""
        return zip(self.stored_names, KINDS[self.kind].stored(value), strict=True) if self.graph else ()

    def decode(self, value: Value, fields: Fields) -> PropertyValue | None:
        """The plain value of what is written; None, and a problem, where it is not of the kind or not allowed."""
        decoded: PropertyValue | None = KINDS[self.kind].decode(value, self.name, fields)
        if decoded is None or not self._fits(decoded, value, fields):
            return None
        return decoded if not self.values or self._allows(value, fields) else None

    def _fits(self, decoded: PropertyValue, value: Value, fields: Fields) -> bool:
        length = len(decoded) if self.longest and isinstance(decoded, str) else 0
        if length > self.longest:
            message = f"{self.name!r} has {length} characters, and {self.longest} at most are shown; shorten it"
            fields.problem(value.position, "too-long", message)
        return length <= self.longest

    def _allows(self, value: Value, fields: Fields) -> bool:
        words = value.items if isinstance(value, Sequence) else (value,)
        wrong = [word for word in words if isinstance(word, Scalar) and word.text not in self.values and not word.empty]
        for word in wrong:
            hint = f"{did_you_mean(word.text, self.values)} ({self.name}: {', '.join(self.values)})"
            code = "unknown-action" if KINDS[self.kind].codebook else "bad-value"
            fields.problem(word.position, code, f"{word.text!r} is no {self.name}{hint}")
        return not wrong


def decode_properties(types: Mapping[str, PropertyType], fields: Fields) -> dict[str, PropertyValue]:
    """The properties among the fields, with the defaults of those that are not written; a missing required one is a problem."""
    properties: dict[str, PropertyValue] = {}
    for name, type_ in types.items():
        value = fields.values.get(name)
        if value is not None:
            decoded = type_.decode(value, fields)
            if decoded is not None:
                properties[name] = decoded
        elif type_.required:
            fields.missing(name, type_.definition)
        elif type_.default is not None:
            properties[name] = type_.default
    return properties


@dataclass(frozen=True)
class NodeType:
    """A kind of node, and the section of the seeds that its entries are listed under.

    Its name is written in the entry, or derived from what the entry says.
    """

    label: str
    section: str
    definition: str
    properties: Mapping[str, PropertyType]
    named: Literal["entry", "derived"] = "entry"
    colour: str = ""


@dataclass(frozen=True)
class EdgeType:
    """A structural edge: the key of an entry that names its other end."""

    type: str
    key: str
    of: tuple[str, ...]
    to: tuple[str, ...]
    definition: str
    properties: Mapping[str, PropertyType]
    many: bool = False
    required: bool = False
    reverse: bool = False
    acyclic: bool = False
    item: str | None = None

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
    by: tuple[str, ...] = ()
    to: tuple[str, ...] = ()
    what: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    stance: Literal[-1, 0, 1] = 0
    effect: Effect | None = None
    plover: str | None = None
    participle: str = ""
    gist: bool = False
    varies: bool = False

    @property
    def words(self) -> str:
        """How the action reads: `left_unanswered` is "left unanswered"."""
        return self.name.replace("_", " ")

    @property
    def perfect(self) -> str:
        """How it reads after "said to have"."""
        return self.participle or self.words


@dataclass(frozen=True)
class Model:
    """The whole graph model."""

    nodes: Mapping[str, NodeType]
    edges: tuple[EdgeType, ...]
    actions: Mapping[str, Action]

    @cached_property
    def edges_by_key(self) -> Mapping[str, Mapping[str, EdgeType]]:
        """The structural edges that entries of each kind own, by the keys that become them."""
        return {label: {edge.key: edge for edge in self.edges if label in edge.of} for label in self.nodes}

    @cached_property
    def keys(self) -> Mapping[str, Mapping[str, None]]:
        """Every key that entries of each kind can have, in the order in which they are usually written."""
        keys: dict[str, dict[str, None]] = {}
        for label, node in self.nodes.items():
            name = ["name"] if node.named == "entry" else []
            of_edges = (key for edge in self.edges_by_key[label].values() for key in edge.keys)
            keys[label] = dict.fromkeys(["id", *name, *node.properties, *of_edges, "formerly"])
        return keys

    @property
    def labels(self) -> list[str]:
        """Every label that nodes of a dataset can have."""
        return [*self.nodes, RETRACTED_FACT]

    @property
    def edge_types(self) -> list[str]:
        """Every type that edges of a dataset can have."""
        of_actions = (action.edge for action in self.actions.values())
        return list(dict.fromkeys([*(edge.type for edge in self.edges), *of_actions, STANDING]))

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """What a load may write: labels as they are, types as `-TYPE`, properties as `Label.property` and `-TYPE.property`."""
        nodes = {**self.nodes, RETRACTED_FACT: self.nodes[FACT]}
        written = [(label, [*_OF_NODES, *stored_names(node.properties)]) for label, node in nodes.items()]
        written += [(label, [*_OF_ITEMS]) for label in (PROPOSAL, DEMAND)]
        written += [(f"-{edge.type}", [*_OF_EDGES, *stored_names(edge.properties)]) for edge in self.edges]
        written += [(f"-{action.edge}", [*_OF_SHORT_EDGES]) for action in self.actions.values()]
        written += [(f"-{STANDING}", [*OF_STANDING, *_OF_EDGES])]
        return frozenset(word for owner, names in written for word in (owner, *(f"{owner}.{name}" for name in names)))


def stored_names(types: Mapping[str, PropertyType]) -> list[str]:
    """The names of all properties that some become in the graph."""
    return [name for type_ in types.values() for name in type_.stored_names]
