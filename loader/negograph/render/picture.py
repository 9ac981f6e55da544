"""A network as a picture: SVG that needs nothing else, and looks the same each time.

Boxes hold names, lines tell who said or did what to whom. Whose word it is, the line tells: solid is the actor's own, dotted what
the source reports, dashed what another alleges; thin lines are structure. Where there is no room for all names, nodes are dots.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from negograph.render import picture_svg as svg
from negograph.render.layout import GAP, Array, covered, lay_out
from negograph.render.palette import Palette
from negograph.render.picture_parts import STRUCTURE, Parts, parts_of
from negograph.render.placing import Point, Way, bends, place_labels, place_names, way_between
from negograph.render.untangling import untangled

if TYPE_CHECKING:
    import networkx

_DOT = 14.0
_FULL, _READABLE = 0.5, 0.3
"""The share of a frame that boxes may take so that none covers another, and so that the lines between them can be followed."""


@dataclass(frozen=True)
class _Arrangement:
    """Where everything stands: nodes, lines, and the labels and names that have room."""

    places: list[Point]
    crowded: bool
    ways: list[Way]
    bends: list[float]
    labels: dict[int, Point]
    names: dict[int, Point]


def draw(
    network: networkx.Graph[str],
    palette: Palette,
    *,
    size: tuple[int, int] = (900, 600),
    interactive: bool = False,
    text: float = 11.0,
) -> str:
    """A network, as `to_networkx` gives it, as SVG.

    A label without room is left out, and told by the title of its line.

    Args:
        network: the network; its `graph["note"]` is written below.
        palette: the colours of nodes and relationships.
        size: width and height in pixels.
        interactive: whether each node and relationship can be pointed at and chosen; `picture.js` answers to that.
        text: the size of the text in pixels.
    """
    parts = parts_of(network, palette, text)
    legend, foot = svg.legend(parts, palette, size, text)
    found = _arranged(parts, (float(size[0]), max(1.0, size[1] - foot)), named=not interactive)
    keys = [node.key for node in parts.nodes]
    edges = list(enumerate(zip(parts.edges, found.ways, strict=True)))
    dot = (_DOT, _DOT) if found.crowded else None
    lines = [
        svg.opening(parts, size, text, interactive),
        '<g class="view"><g class="edges" fill="none">',
        *(
            svg.edge_element(edge, (keys[edge.ends[0]], keys[edge.ends[1]]), way, found.bends[number], interactive)
            for number, (edge, way) in edges
        ),
        '</g><g class="labels" text-anchor="middle" aria-hidden="true">',
        *(
            svg.label_element(edge, found.labels.get(number, way.at(0.5)), number in found.labels, text)
            for number, (edge, way) in edges
            if interactive or number in found.labels
        ),
        '</g><g class="nodes" text-anchor="middle">',
        *(svg.node_element(node, at, dot, interactive, text) for node, at in zip(parts.nodes, found.places, strict=True)),
        '</g><g class="names" text-anchor="middle" aria-hidden="true">',
        *(
            svg.name_element(node, found.names.get(number, found.places[number]), number in found.names, text)
            for number, node in enumerate(parts.nodes)
            if found.crowded and (interactive or number in found.names)
        ),
        "</g></g>",
        legend,
        "</svg>\n",
    ]
    return "\n".join(lines)


def fitting(
    network: networkx.Graph[str], size: tuple[int, int] = (900, 600), text: float = 11.0
) -> tuple[networkx.Graph[str], int]:
    """The most connected part of a network whose names have room in a picture, and how many nodes that leaves out.

    A node that is joined only to such as are left out is left out, too.
    """
    parts, palette = parts_of(network, Palette(), text), Palette()
    frame = (float(size[0]), max(1.0, size[1] - svg.legend(parts, palette, size, text)[1]))
    degrees, keys = parts.degrees, list(network)
    order = sorted(range(len(keys)), key=lambda number: (-degrees[number], number))
    count = len(keys)
    while count:
        kept = _without_lonely(order[:count], parts, degrees)
        numbers = {number: place for place, number in enumerate(kept)}
        links = [(numbers[one], numbers[other]) for one, other in parts.links if one in numbers and other in numbers]
        if _laid_out(links, _boxes(parts, kept), frame, _READABLE) is not None:
            return network.subgraph([keys[number] for number in kept]), len(keys) - len(kept)
        count -= max(1, count // 12)
    return network.subgraph(()), len(keys)


def _without_lonely(kept: list[int], parts: Parts, degrees: list[int]) -> list[int]:
    chosen = set(kept)
    joined = {end for ends in parts.links if set(ends) <= chosen for end in ends}
    return sorted(number for number in chosen if number in joined or not degrees[number])


def _boxes(parts: Parts, numbers: list[int] | range) -> Array:
    return np.array([parts.nodes[number].room for number in numbers]).reshape(len(numbers), 2)


def _laid_out(links: list[tuple[int, int]], boxes: Array, frame: Point, share: float = _FULL) -> Array | None:
    """The middles of the boxes, none of which covers another; None where that cannot be, or they take more of the frame."""
    if len(boxes) and (np.prod(boxes + GAP, axis=1).sum() > share * frame[0] * frame[1] or (boxes > np.array(frame)).any()):
        return None
    points = lay_out(links, boxes, frame)
    return None if covered(points, boxes) else points


def _arranged(parts: Parts, frame: Point, *, named: bool) -> _Arrangement:
    """Where everything stands in a frame. Nodes without room for their names are dots; `named` names as many as can be."""
    links, boxes = parts.links, _boxes(parts, range(len(parts.nodes)))
    points = _laid_out(links, boxes, frame)
    crowded = points is None
    if points is None:
        boxes = np.full((len(parts.nodes), 2), _DOT)
        points = lay_out(links, boxes, frame)
    else:
        points = untangled(points, boxes, links, frame)
    found = bends(links)
    rooms = [(float(width), float(height)) for width, height in boxes]
    places = [(float(x), float(y)) for x, y in points]
    ways = [
        way_between(places[one], places[other], (rooms[one], rooms[other]), bend, edge.head)
        for (one, other), bend, edge in zip(links, found, parts.edges, strict=True)
    ]
    labels = {} if crowded else _labels(parts, ways, np.hstack([points - boxes / 2, points + boxes / 2]), frame)
    names = _names(parts, points, frame) if crowded and named else {}
    return _Arrangement(places, crowded, ways, found, labels, names)


def _labels(parts: Parts, ways: list[Way], taken: Array, frame: Point) -> dict[int, Point]:
    """Where the labels of lines stand: those of acts that somebody else tells are placed first, then other acts."""
    ranks = {"alleged": 0, "reported": 0, "own": 1, STRUCTURE: 2}
    rooms = [edge.room for edge in parts.edges]
    order = sorted(
        (number for number, edge in enumerate(parts.edges) if edge.lines),
        key=lambda number: (ranks[parts.edges[number].whose], rooms[number][0] * rooms[number][1], number),
    )
    arrows = np.array([(x - 4, y - 4, x + 4, y + 4) for x, y in (way.tip for way in ways)]).reshape(-1, 4)
    return place_labels(ways, rooms, order, np.vstack([taken, arrows]), frame)


def _names(parts: Parts, points: Array, frame: Point) -> dict[int, Point]:
    """Where the names of the most connected nodes stand."""
    degrees = parts.degrees
    order = sorted(range(len(parts.nodes)), key=lambda number: (-degrees[number], number))
    return place_names(points, [node.room for node in parts.nodes], order, _DOT, frame)
