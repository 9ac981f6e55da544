"""What of a network is drawn: nodes with their names in lines, relationships with whose word they are."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from negograph.graph.words import UNANSWERED
from negograph.render.placing import folded, room_of
from negograph.render.text import brief, standing_in_words, words
from negograph.seeds.entries import ALLEGED

if TYPE_CHECKING:
    import networkx

    from negograph.render.palette import Palette

STRUCTURE = "structure"
UNSAID = "?"
"""What stands at a line that another tells where not even the name has room."""

_SAID_TO = re.compile(r"(?:(?P<hedges>[^:]+): )?said to (?:have )?(?P<does>.+?) \((?P<who>.+)\)")
_WIDEST_NAME, _WIDEST_SENTENCE, _WIDEST_LABEL = 10.0, 17.0, 11.0
"""How wide a name is before it is folded, in sizes of the text; a name that is a sentence; and the label of a line."""

_SENTENCE = 60
_WIDTHS = {"own": 2.0, "reported": 2.6, "alleged": 2.0, STRUCTURE: 1.1}
_THICKEST = 8.0
"""How wide lines are by whose word they are; and that of the greatest weight."""


@dataclass(frozen=True)
class PictureNode:
    """A node: its caption in lines with the room of its box, and all that is said of it."""

    key: str
    labels: tuple[str, ...]
    name: str
    lines: tuple[str, ...]
    room: tuple[float, float]
    colour: str
    said: str

    @property
    def caption(self) -> str:
        """What stands in its box."""
        return " ".join(self.lines)

    @property
    def strong(self) -> bool:
        """Whether it is one of those that act."""
        return "Party" in self.labels


@dataclass(frozen=True)
class Caption:
    """What stands at a line, in lines of text with their room."""

    lines: tuple[str, ...]
    room: tuple[float, float]


@dataclass(frozen=True)
class PictureEdge:
    """A relationship: what may stand at its line, the longest first, whose word it is, and all that is said of it."""

    ends: tuple[int, int]
    type: str
    facts: tuple[str, ...]
    whose: str
    captions: tuple[Caption, ...]
    said: str
    colour: str
    width: float
    negative: bool
    directed: bool

    @property
    def alleged(self) -> bool:
        """Whether it is told by another, so that it must not be taken for what took place."""
        return self.whose == ALLEGED

    @property
    def head(self) -> float:
        """How long its arrow is."""
        return 5.0 + 1.5 * self.width if self.directed else 0.0


@dataclass(frozen=True)
class Parts:
    """What is drawn of a network."""

    nodes: tuple[PictureNode, ...]
    edges: tuple[PictureEdge, ...]
    note: str

    @property
    def degrees(self) -> list[int]:
        """How many relationships each node has."""
        degrees = [0] * len(self.nodes)
        for edge in self.edges:
            for end in set(edge.ends):
                degrees[end] += 1
        return degrees

    @property
    def links(self) -> list[tuple[int, int]]:
        """The ends of each relationship."""
        return [edge.ends for edge in self.edges]


def parts_of(network: networkx.Graph[str], palette: Palette, text: float) -> Parts:
    """What is drawn of a network, with text of that size. Where nothing is told, nothing is drawn."""
    nodes = tuple(_node(str(key), data, palette, text) for key, data in network.nodes(data=True))
    numbers = {key: number for number, key in enumerate(network)}
    weights = [weight for *_, data in network.edges(data=True) if (weight := _weight(data)) is not None]
    weighted = (max(map(abs, weights), default=0.0) or 1.0, any(weight < 0 for weight in weights))
    edges = tuple(
        _edge((numbers[start], numbers[end]), data, network.is_directed(), weighted, nodes, palette, text)
        for start, end, data in network.edges(data=True)
        if data.get("standing") != UNANSWERED
    )
    return Parts(nodes, edges, _line(str(network.graph.get("note") or "")))


def _node(key: str, data: dict[str, Any], palette: Palette, text: float) -> PictureNode:
    labels = tuple(filter(None, str(data.get("kind") or "").split(":")))
    name = _line(str(data.get("name") or "")) or _line(key) or "?"
    caption = _line(str(data.get("short") or "")) or name
    lines = folded(caption, _WIDEST_NAME if len(caption) < _SENTENCE else _WIDEST_SENTENCE)
    width, height = room_of(lines, text, bold="Party" in labels)
    status = f" ({standing_in_words(words(data['status']))})" if data.get("status") else ""
    said = f"{_line(', '.join(labels))}: {name}{status}" if labels else f"{name}{status}"
    colour = palette.node([word for label in labels for word in (label, label.capitalize())])
    return PictureNode(key, labels, name, lines, (round(width + 1.3 * text, 1), round(height + 0.7 * text, 1)), colour, said)


def _edge(
    ends: tuple[int, int],
    data: dict[str, Any],
    directed: bool,
    weighted: tuple[float, bool],
    nodes: tuple[PictureNode, ...],
    palette: Palette,
    text: float,
) -> PictureEdge:
    weight, type_, whose = _weight(data), str(data.get("type") or ""), str(data.get("attribution"))
    whose = whose if whose in _WIDTHS else STRUCTURE
    label = _label(data)
    facts = data.get("fact") or data.get("facts") or ()
    return PictureEdge(
        ends=ends,
        type=type_,
        facts=(facts,) if isinstance(facts, str) else tuple(map(str, facts)),
        whose=whose,
        captions=tuple(_caption(words, text) for words in (_in_short(label) if whose == ALLEGED else [label]) if words),
        said=_sentence(nodes[ends[0]].name, label, data, nodes[ends[1]].name, " → " if directed else " – "),
        colour=_colour(data, type_, weight, weighted[1], palette),
        width=_width(weight, weighted[0], whose),
        negative=(weight or 0) < 0,
        directed=directed,
    )


def _weight(data: dict[str, Any]) -> float | None:
    weight = data.get("weight")
    if isinstance(weight, bool) or not isinstance(weight, (int, float)) or not math.isfinite(weight):
        return None
    return float(weight)


def _width(weight: float | None, heaviest: float, whose: str) -> float:
    return _WIDTHS[whose] if weight is None else round(1 + (_THICKEST - 1) * abs(weight) / heaviest, 1)


def _colour(data: dict[str, Any], type_: str, weight: float | None, signed: bool, palette: Palette) -> str:
    """By the stand that an act tells, its own before that of its action; what is denied tells none.

    A weight tells one where there are weights below nothing.
    """
    stance = 0 if data.get("modality") == "denied" else data.get("stance")
    if signed and weight:
        stance = 1 if weight > 0 else -1
    own = palette.stances.get(stance) if isinstance(stance, int) else None
    return own or palette.relationship(type_)


def _label(data: dict[str, Any]) -> str:
    type_ = str(data.get("type") or "").replace("_", " ").lower()
    return _line(str(data.get("label") or _standing(data) or type_ or brief(data.get("weight"))))


def _standing(data: dict[str, Any]) -> str:
    """Where a party stands, with what keeps it from being read as said outright."""
    standing = words(data.get("standing"))
    said_by = f" ({words(data['said_by'])})" if data.get("said_by") else ""
    return f"{'by implication: ' if data.get('implied') else ''}{standing}{said_by}" if standing else ""


def _in_short(label: str) -> list[str]:
    """What an act is called that another tells, and ever shorter: whose word it is stays as long as it can."""
    found = _SAID_TO.fullmatch(label)
    if found is None:
        return [label, UNSAID]
    who = ", ".join(filter(None, (found["who"], found["hedges"])))
    return [label, f"{who}: {found['does']}?", f"{found['who']}?", UNSAID]


def _caption(label: str, text: float) -> Caption:
    lines = folded(label, _WIDEST_LABEL)
    width, height = room_of(lines, text)
    return Caption(lines, (round(width + 5, 1), round(height + 2, 1)))


def _sentence(start: str, label: str, data: dict[str, Any], end: str, joint: str) -> str:
    """A relationship in one line, as other forms tell it."""
    condition = f", if {words(data['condition'])}" if data.get("condition") else ""
    says = f" ({words(data['says'])})" if data.get("says") else ""
    when = f", {words(data['date'])}" if data.get("date") else ""
    return _line(f"{start}{joint}{label}{condition}{says}{when}{joint}{end}")


def _line(text: str) -> str:
    return " ".join(text.split())
