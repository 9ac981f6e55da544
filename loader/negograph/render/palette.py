"""The colours of a graph, by the model: the same in Neo4j Browser, in pictures and on pages.

A kind of node is told by its colour; black text can be read in it. A relationship is told by the stand that its action takes.
Both can be seen on a light ground and on a dark one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from negograph.model.model import FACT, Model

OTHER = "#a5abb6"
"""The colour of a kind of node that names none."""

_NEITHER = "#7a7a7a"


@dataclass(frozen=True)
class Palette:
    """Colours as #rrggbb: of nodes by label, of relationships by type, and of the stands that these tell: 1, 0, -1."""

    nodes: Mapping[str, str] = field(default_factory=dict)
    relationships: Mapping[str, str] = field(default_factory=dict)
    stances: Mapping[int, str] = field(default_factory=dict)

    def node(self, labels: Iterable[str]) -> str:
        """The colour of a node with these labels."""
        return next((self.nodes[label] for label in labels if label in self.nodes), OTHER)

    def relationship(self, type_: str) -> str:
        """The colour of a relationship of this type; one that tells no stand is grey."""
        return self.relationships.get(type_, _NEITHER)


def palette_of(model: Model) -> Palette:
    """The palette of a model: kinds of nodes by their own colours, short relationships by the stance of their action.

    One whose facts take now this stance, now that, is told by none: its own stance tells it where it is known.
    """
    colours = model.nodes[FACT].properties["stance"].colours
    stances = {stance: colours.get(str(stance), _NEITHER) for stance in (1, 0, -1)}
    return Palette(
        {label: node.colour or OTHER for label, node in model.nodes.items()},
        {action.edge: stances[0 if action.varies else action.stance] for action in model.actions.values()},
        stances,
    )
