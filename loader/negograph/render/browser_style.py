"""The style of a graph in Neo4j Browser: its colours, and what it writes on nodes and relationships."""

from collections.abc import Mapping
from typing import TypeAlias

from negograph.model.model import DATASET, FACT, RETRACTED_FACT, Model
from negograph.render.palette import OTHER, palette_of

Style: TypeAlias = Mapping[str, Mapping[str, str]]
"""What a style sheet says: by selector, such as `node.Party`, the properties and their values."""

_NODE = {
    "diameter": "80px",
    "border-width": "2px",
    "font-size": "10px",
    "color": OTHER,
    "border-color": "#4a4f57",
    "text-color-internal": "#000000",
    "caption": "{caption}",
}
"""Wide enough that names are read whole; the shorter name is written where there is one."""

_RELATIONSHIP = {
    "shaft-width": "2px",
    "font-size": "10px",
    "padding": "3px",
    "text-color-external": "#000000",
    "text-color-internal": "#ffffff",
    "caption": "<type>",
}

_LONGER = {"diameter": "100px", "caption": "{label}"}
_OTHER = {FACT: _LONGER, RETRACTED_FACT: _LONGER, DATASET: {"caption": "{title}"}}
"""What acts and the dataset are called; in what an act is called, the end names whose word it is."""


def style_of(model: Model) -> Style:
    """The style of a model's graph: a colour for each kind of node and, by its stance, for each action; captions in full.

    A relationship of an act is called by its label, which begins with what has to be known of the act; any other by its type.
    """
    palette, actions = palette_of(model), {action.edge for action in model.actions.values()}
    types = sorted({edge.type for edge in model.edges} | actions)
    neither = palette.relationship("")
    return {
        "node": _NODE,
        "relationship": {**_RELATIONSHIP, "color": neither},
        **{
            f"node.{label}": {**_NODE, "color": palette.node([label]), **_OTHER.get(label, {})}
            for label in sorted({*model.nodes, RETRACTED_FACT, DATASET})
        },
        **{
            f"relationship.{type_}": {
                "color": palette.relationship(type_),
                "caption": "{label}" if type_ in actions else "<type>",
            }
            for type_ in types
        },
    }


def as_grass(style: Style) -> str:
    """A style as a file that Neo4j Browser takes when it is dropped on its window."""
    rules = (
        "".join([f"{selector} {{\n", *(f"  {name}: {_written(name, value)};\n" for name, value in properties.items()), "}\n"])
        for selector, properties in style.items()
    )
    return "\n".join(rules)


def _written(name: str, value: str) -> str:
    return f'"{value}"' if name == "caption" else value
