"""A network as a picture: SVG that needs nothing else, and looks the same each time.

Boxes hold names, lines tell who said or did what to whom. Whose word it is, the line tells: solid is the actor's own, dotted what
the source reports, dashed what somebody else alleges.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from negograph.render.layout import GAP, Array, covered, lay_out
from negograph.render.placing import LINE, Way, bends, folded, head_of, place_labels, room_of, text_width, way_between
from negograph.render.text import brief, words
from negograph.text.characters import in_html, in_xml

if TYPE_CHECKING:
    import networkx

    from negograph.render.palette import Palette

_STYLE = Path(__file__).with_name("picture.css")
_ATTRIBUTIONS = ("own", "reported", "alleged")
_DASHES = {"alleged": ' stroke-dasharray="7 5"', "reported": ' stroke-dasharray="0.1 4.5" stroke-linecap="round"'}
_WIDEST_NAME, _WIDEST_SENTENCE, _WIDEST_LABEL = 10.0, 17.0, 11.0
"""How wide a name is before it is folded, in sizes of the text; one of many words; and the label of a line."""

_DOT = 14.0
_THIN, _THICK = 1.6, 8.0


@dataclass(frozen=True)
class _Node:
    """A node, and how it is drawn."""

    key: str
    kind: str
    name: str
    lines: tuple[str, ...]
    room: tuple[float, float]
    colour: str
    said: str


@dataclass(frozen=True)
class _Edge:
    """A relationship, and how it is drawn."""

    ends: tuple[int, int]
    type: str
    facts: tuple[str, ...]
    whose: str
    label: tuple[str, ...]
    said: str
    colour: str
    width: float
    negative: bool


def draw(
    network: networkx.Graph[str],
    palette: Palette,
    *,
    size: tuple[int, int] = (900, 600),
    interactive: bool = False,
    text: float = 11.0,
) -> str:
    """A network, as `to_networkx` gives it, as SVG.

    Args:
        network: the network; its `graph["note"]` is written below.
        palette: the colours of nodes and relationships.
        size: width and height in pixels.
        interactive: whether each node and relationship can be pointed at and chosen; `picture.js` answers to that.
        text: the size of the text in pixels.
    """
    nodes = _nodes(network, palette, text)
    edges = _edges(network, palette, nodes)
    legend, foot = _legend(nodes, edges, str(network.graph.get("note") or ""), size, text)
    frame = (float(size[0]), max(1.0, size[1] - foot))
    boxes = np.array([node.room for node in nodes]).reshape(len(nodes), 2)
    links = [edge.ends for edge in edges]
    points = lay_out(links, boxes, frame) if _may_fit(boxes, frame) else np.zeros((0, 2))
    crowded = len(points) < len(nodes) or covered(points, boxes)
    if crowded:
        boxes = np.full((len(nodes), 2), _DOT)
        points = lay_out(links, boxes, frame)
    ways = [
        way_between(points[one], points[other], (boxes[one], boxes[other]), bend, _head(edge, network.is_directed()))
        for (one, other), bend, edge in zip(links, bends(links), edges, strict=True)
    ]
    taken = np.hstack([points - boxes / 2, points + boxes / 2])
    names = _placed_names(nodes, points, taken, _degrees(nodes, edges), frame) if crowded and not interactive else {}
    labels = {} if crowded else _placed_labels(edges, ways, taken, frame, text)
    kind = "negograph-picture interactive" if interactive else "negograph-picture"
    said = f"{len(nodes)} nodes, {len(edges)} relationships"
    role = (
        f'role="group" tabindex="0" aria-label="Network: {said}"' if interactive else f'role="img" aria-label="Network: {said}"'
    )
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" class="{kind}" viewBox="0 0 {size[0]} {size[1]}" width="{size[0]}" '
            f'height="{size[1]}" font-family="Helvetica, Arial, sans-serif" font-size="{text:g}" {role}>',
            f"<style>{_STYLE.read_text(encoding='utf-8')}</style>",
            f'<rect class="paper" width="{size[0]}" height="{size[1]}" fill="#ffffff"/>',
            '<g class="view"><g class="edges" fill="none">',
            *(_edge_element(edge, nodes, way, interactive) for edge, way in zip(edges, ways, strict=True)),
            '</g><g class="labels" text-anchor="middle" aria-hidden="true">',
            *(
                _label_element(edge, labels.get(number), ways[number], interactive, text)
                for number, edge in enumerate(edges)
                if interactive or number in labels
            ),
            '</g><g class="nodes" text-anchor="middle">',
            *(
                _node_element(node, point, boxes[number], crowded, interactive, text)
                for number, (node, point) in enumerate(zip(nodes, points, strict=True))
            ),
            '</g><g class="names" text-anchor="middle" aria-hidden="true">',
            *(
                _name_element(node, names.get(number, _pair(points[number])), number in names, text)
                for number, node in enumerate(nodes)
                if crowded and (interactive or number in names)
            ),
            "</g></g>",
            legend,
            "</svg>\n",
        ]
    )


def fitting(
    network: networkx.Graph[str], size: tuple[int, int] = (900, 600), text: float = 11.0
) -> tuple[networkx.Graph[str], int]:
    """The most connected part of a network whose names have room in a picture, and how many nodes that leaves out.

    A node that is joined only to such as are left out is left out, too.
    """
    from negograph.render.palette import Palette

    nodes = _nodes(network, Palette({}, {}), text)
    edges = _edges(network, Palette({}, {}), nodes)
    degrees = _degrees(nodes, edges)
    frame = (float(size[0]), max(1.0, size[1] - _legend(nodes, edges, "", size, text)[1]))
    order = sorted(range(len(nodes)), key=lambda number: (-degrees[number], number))
    count = len(nodes)
    while count:
        kept = _without_lonely(order[:count], edges, degrees)
        boxes = np.array([nodes[number].room for number in kept]).reshape(len(kept), 2)
        if _may_fit(boxes, frame):
            numbers = {number: place for place, number in enumerate(kept)}
            links = [(numbers[a], numbers[b]) for a, b in (edge.ends for edge in edges) if a in numbers and b in numbers]
            if not covered(lay_out(links, boxes, frame), boxes):
                keys = list(network)
                return network.subgraph(keys[number] for number in kept), len(nodes) - len(kept)
        count -= max(1, count // 12)
    return network.subgraph(()), len(nodes)


def _without_lonely(kept: list[int], edges: list[_Edge], degrees: list[int]) -> list[int]:
    chosen = set(kept)
    joined = {end for edge in edges if set(edge.ends) <= chosen for end in edge.ends}
    return sorted(number for number in chosen if number in joined or not degrees[number])


def _may_fit(boxes: Array, frame: tuple[float, float]) -> bool:
    """Whether boxes could have room in a frame: they take less than half of it."""
    return not len(boxes) or bool(
        ((boxes[:, 0] + GAP) * (boxes[:, 1] + GAP)).sum() < 0.5 * frame[0] * frame[1]
        and (boxes.max(axis=0) + GAP <= np.array(frame)).all()
    )


def _degrees(nodes: list[_Node], edges: list[_Edge]) -> list[int]:
    degrees = [0] * len(nodes)
    for edge in edges:
        for end in edge.ends:
            degrees[end] += 1
    return degrees


def _nodes(network: networkx.Graph[str], palette: Palette, text: float) -> list[_Node]:
    return [_node(str(key), data, palette, text) for key, data in network.nodes(data=True)]


def _node(key: str, data: dict[str, Any], palette: Palette, text: float) -> _Node:
    kind = str(data.get("kind") or "")
    labels = [label for part in kind.split(":") for label in (part, part.capitalize())]
    name = _line(str(data.get("name") or key))
    caption = _line(str(data.get("short") or "")) or name
    lines = folded(caption, _WIDEST_NAME if len(caption) < 60 else _WIDEST_SENTENCE)
    width, height = room_of(lines, text, bold=_is_party(kind))
    status = f" ({words(data['status'])})" if data.get("status") else ""
    said = f"{_line(kind.replace(':', ', '))}: {name}{status}" if kind else f"{name}{status}"
    return _Node(key, kind, name, lines, (width + text * 1.3, height + text * 0.7), palette.node(labels), said)


def _is_party(kind: str) -> bool:
    return "Party" in kind.split(":")


def _edges(network: networkx.Graph[str], palette: Palette, nodes: list[_Node]) -> list[_Edge]:
    numbers = {key: number for number, key in enumerate(network)}
    weights = [abs(weight) for *_, data in network.edges(data=True) if (weight := _weight(data)) is not None]
    signed = any((_weight(data) or 0) < 0 for *_, data in network.edges(data=True))
    heaviest = max(weights, default=0.0) or 1.0
    return [
        _edge((numbers[start], numbers[end]), data, palette, nodes, (heaviest, signed, network.is_directed()))
        for start, end, data in network.edges(data=True)
    ]


def _weight(data: dict[str, Any]) -> float | None:
    weight = data.get("weight")
    fits = isinstance(weight, (int, float)) and not isinstance(weight, bool) and math.isfinite(weight)
    return float(weight) if fits else None  # type: ignore[arg-type]


def _edge(
    ends: tuple[int, int], data: dict[str, Any], palette: Palette, nodes: list[_Node], others: tuple[float, bool, bool]
) -> _Edge:
    heaviest, _, directed = others
    weight, type_ = _weight(data), str(data.get("type") or "")
    label = data.get("label") or data.get("standing") or type_.replace("_", " ").lower() or brief(data.get("weight"))
    label = _line(str(label))
    whose = str(data.get("attribution") or "")
    facts = data.get("fact") or data.get("facts") or ()
    return _Edge(
        ends,
        type_,
        (facts,) if isinstance(facts, str) else tuple(map(str, facts)),
        whose if whose in _ATTRIBUTIONS else "structure",
        folded(label, _WIDEST_LABEL) if label else (),
        _sentence(nodes[ends[0]].name, label, data, nodes[ends[1]].name, " → " if directed else " – "),
        palette.relationship(type_),
        _THIN if weight is None else round(1 + (_THICK - 1) * abs(weight) / heaviest, 1),
        (weight or 0) < 0,
    )


def _sentence(start: str, label: str, data: dict[str, Any], end: str, joint: str) -> str:
    """A relationship in one line, as other forms tell it."""
    condition = f", if {words(data['condition'])}" if data.get("condition") else ""
    says = f" ({words(data['says'])})" if data.get("says") else ""
    when = f", {words(data['date'])}" if data.get("date") else ""
    return _line(f"{start}{joint}{label}{condition}{says}{when}{joint}{end}")


def _line(text: str) -> str:
    return " ".join(text.split())


def _head(edge: _Edge, directed: bool) -> float:
    return 6.0 + 1.5 * edge.width if directed else 0.0


def _placed_labels(
    edges: list[_Edge], ways: list[Way], taken: Array, frame: tuple[float, float], text: float
) -> dict[int, tuple[float, float]]:
    rooms = [room_of(edge.label, text) for edge in edges]
    order = sorted(
        (number for number, edge in enumerate(edges) if edge.label),
        key=lambda number: (edges[number].whose == "structure", rooms[number][0] * rooms[number][1], number),
    )
    return place_labels(ways, rooms, order, taken, frame)


def _placed_names(
    nodes: list[_Node], points: Array, taken: Array, degrees: list[int], frame: tuple[float, float]
) -> dict[int, tuple[float, float]]:
    """Where the names of the most connected nodes stand, in place of their dots."""
    placed: dict[int, tuple[float, float]] = {}
    for number in sorted(range(len(nodes)), key=lambda number: (-degrees[number], number)):
        x, y = points[number]
        width, height = nodes[number].room
        x, y = float(np.clip(x, width / 2, frame[0] - width / 2)), float(np.clip(y, height / 2, frame[1] - height / 2))
        box = np.array([x - width / 2, y - height / 2, x + width / 2, y + height / 2])
        over = (taken[:, 0] < box[2]) & (taken[:, 2] > box[0]) & (taken[:, 1] < box[3]) & (taken[:, 3] > box[1])
        over[number] = False
        if not over.any():
            placed[number] = (x, y)
            taken = np.vstack([taken, box])
    return placed


def _pair(point: Array) -> tuple[float, float]:
    return float(point[0]), float(point[1])


def _attribute(text: str) -> str:
    """A value that programs read, as it is but for what XML cannot hold."""
    return re.sub("[\t\n\r]", lambda found: f"&#{ord(found[0])};", escape(in_xml(text)))


def _edge_element(edge: _Edge, nodes: list[_Node], way: Way, interactive: bool) -> str:
    start, end = nodes[edge.ends[0]].key, nodes[edge.ends[1]].key
    path = f"M{_xy(way.start)}Q{_xy(way.control)} {_xy(way.end)}"
    facts = f' data-fact="{_attribute(" ".join(edge.facts))}"' if edge.facts else ""
    kind = f"edge {edge.whose}{' negative' if edge.negative else ''}"
    said = in_html(edge.said)
    focus = f' tabindex="0" role="button" aria-label="{said}"' if interactive else ""
    parts = [
        f'<g class="{kind}" data-start="{_attribute(start)}" data-end="{_attribute(end)}" data-type="{_attribute(edge.type)}"{facts}'
        f' stroke="{edge.colour}"{focus}><title>{said}</title>',
        f'<path class="hit" d="{path}"/>' if interactive else "",
        f'<path class="line" d="{path}" stroke-width="{edge.width:g}"{_DASHES.get(edge.whose, "")}/>',
        f'<path class="core" d="{path}" stroke="#ffffff" stroke-width="{edge.width / 3:.1f}"/>' if edge.negative else "",
        _head_element(edge, way),
        "</g>",
    ]
    return "".join(parts)


def _head_element(edge: _Edge, way: Way) -> str:
    if way.tip == way.end:
        return ""
    corners = " ".join(map(_xy, head_of(way, 5.0 + 1.5 * edge.width)))
    return f'<polygon class="head" points="{corners}" fill="{edge.colour}" stroke="none"/>'


def _xy(point: tuple[float, float]) -> str:
    return f"{point[0]:.1f},{point[1]:.1f}"


def _label_element(edge: _Edge, at: tuple[float, float] | None, way: Way, interactive: bool, text: float) -> str:
    x, y = at or way.at(0.5)
    return (
        f'<text class="label{"" if at else " off"}" transform="translate({x:.1f} {y:.1f})" fill="#1b1e23" stroke="#ffffff" '
        f'stroke-width="3" stroke-linejoin="round" paint-order="stroke">{_tspans(edge.label, text)}</text>'
    )


def _tspans(lines: tuple[str, ...], text: float) -> str:
    """Lines of text, their middle at 0, 0."""
    first = (0.5 - len(lines) / 2) * LINE * text + 0.35 * text
    return "".join(
        f'<tspan x="0" y="{first + number * LINE * text:.1f}">{in_html(line)}</tspan>' for number, line in enumerate(lines)
    )


def _class(kind: str) -> str:
    """The labels of a node that can be classes."""
    return "".join(f" {label}" for label in kind.split(":") if re.fullmatch("[A-Za-z][A-Za-z0-9_-]*", label))


def _node_element(node: _Node, point: Array, box: Array, crowded: bool, interactive: bool, text: float) -> str:
    said = in_html(node.said)
    focus = f' tabindex="0" role="button" aria-label="{said}"' if interactive else ""
    head = (
        f'<g class="node{_class(node.kind)}" data-key="{_attribute(node.key)}" transform="translate({point[0]:.1f} {point[1]:.1f})"'
        f"{focus}><title>{said}</title>"
    )
    if crowded:
        return f'{head}<circle class="shape" r="{_DOT / 2 - 1:g}" fill="{node.colour}" stroke="#565c66"/></g>'
    return f"{head}{_box(node, (float(box[0]), float(box[1])), text, 'shape')}</g>"


def _box(node: _Node, room: tuple[float, float], text: float, kind: str) -> str:
    width, height = room
    round_ = min(height / 2, text) if _is_party(node.kind) else 0 if "Document" in node.kind.split(":") else 4
    bold = ' font-weight="bold"' if _is_party(node.kind) else ""
    return (
        f'<rect class="{kind}" x="{-width / 2:.1f}" y="{-height / 2:.1f}" width="{width:.1f}" height="{height:.1f}" '
        f'rx="{round_:g}" fill="{node.colour}" stroke="#565c66"/><text{bold}>{_tspans(node.lines, text)}</text>'
    )


def _name_element(node: _Node, at: tuple[float, float], shown: bool, text: float) -> str:
    off = "" if shown else " off"
    return f'<g class="name{off}" transform="translate({at[0]:.1f} {at[1]:.1f})">{_box(node, node.room, text, "frame")}</g>'


_WHOSE = {"own": "own word", "reported": "reported by the source", "alleged": "alleged by another"}


def _legend(nodes: list[_Node], edges: list[_Edge], note: str, size: tuple[int, int], text: float) -> tuple[str, float]:
    """What colours and lines mean, and the note, in rows at the foot of the picture; and how much room that takes."""
    items = [*_kinds_shown(nodes, text), *_lines_shown(edges)]
    rows, placed, across = 1 if items else 0, [], 10.0
    for sample, words_ in items:
        width = 26 + text_width(words_) * text + 14
        if across > 10 and across + width > size[0]:
            rows, across = rows + 1, 10.0
        placed.append((across, rows, sample, words_))
        across += width
    written = [line for line in folded(_line(note), (size[0] - 20) / text)] if note else []
    height, top = LINE * text + 3, 0.0
    foot = (rows + len(written)) * height + (8 if rows or written else 0)
    top = size[1] - foot
    parts = [
        f'<g transform="translate({x:.1f} {top + row * height - 4:.1f})">{sample}<text x="26">{in_html(said)}</text></g>'
        for x, row, sample, said in placed
    ]
    parts += [
        f'<text x="10" y="{top + (rows + number + 1) * height - 4:.1f}">{in_html(line)}</text>'
        for number, line in enumerate(written)
    ]
    return f'<g class="legend" aria-hidden="true">{"".join(parts)}</g>', foot


def _kinds_shown(nodes: list[_Node], text: float) -> Iterator[tuple[str, str]]:
    for kind, colour in dict.fromkeys((node.kind, node.colour) for node in nodes if node.kind):
        yield f'<rect y="{-0.8 * text:.1f}" width="20" height="{text:g}" rx="3" fill="{colour}" stroke="#565c66"/>', _line(kind)


def _lines_shown(edges: list[_Edge]) -> Iterator[tuple[str, str]]:
    shown = {edge.whose for edge in edges}
    for whose, said in _WHOSE.items():
        if whose in shown:
            line = f'<path class="line" d="M0,-4H20" stroke="#565c66" stroke-width="2" fill="none"{_DASHES.get(whose, "")}/>'
            yield f'<g class="{whose}">{line}</g>', said
