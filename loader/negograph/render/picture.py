"""A network as a picture: SVG that needs nothing else, and looks the same each time.

Boxes hold names, lines tell who said or did what to whom. Whose word it is, the line tells: solid is the actor's own, dotted what
the source reports, dashed what another alleges; thin lines are structure. Where there is no room for all names, nodes are dots.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from negograph.render import picture_svg as svg
from negograph.render.detours import off_boxes
from negograph.render.layout import GAP, Array, covered, lay_out
from negograph.render.palette import Palette
from negograph.render.picture_parts import STRUCTURE, UNSAID, Parts, PictureEdge, PictureNode, parts_of
from negograph.render.placing import Point, Wanted, Way, bends, place_labels, place_names, way_between
from negograph.render.untangling import untangled

if TYPE_CHECKING:
    import networkx

_DOT = 14.0
_FULL, _READABLE, _ROOMY = 0.5, 0.3, 0.13
"""The share of a frame that boxes may take so that none covers another, so that the lines between them can be followed, and so
that these have room for their labels."""


@dataclass(frozen=True)
class _Arrangement:
    """Where everything stands: nodes, lines, and the labels and names that have room; of each label also which caption it is."""

    places: list[Point]
    crowded: bool
    ways: list[Way]
    bends: list[float]
    labels: dict[int, tuple[int, Point]]
    names: dict[int, Point]


def draw(
    network: networkx.Graph[str],
    palette: Palette,
    *,
    size: tuple[int, int] = (900, 600),
    interactive: bool = False,
    text: float = 11.0,
    link: Callable[[str], str] | None = None,
) -> str:
    """A network, as `to_networkx` gives it, as SVG.

    A label without room is left out, and told by the title of its line.

    Args:
        network: the network; its `graph["note"]` is written below.
        palette: the colours of nodes and relationships.
        size: width and height in pixels.
        interactive: whether each node and relationship can be pointed at and chosen; `picture.js` answers to that.
        text: the size of the text in pixels.
        link: the address that a relationship leads to, by the id of the fact that it rests on.
    """
    parts = parts_of(network, palette, text)
    most_left_out = "" if interactive or len(parts.nodes) < 2 else _without_room(len(parts.nodes), len(parts.edges))
    _, foot = svg.legend(parts, palette, size, text, most_left_out)
    found = _arranged(parts, (float(size[0]), max(1.0, size[1] - foot)), named=not interactive)
    nameless = len(parts.nodes) - len(found.names) if found.crowded else 0
    unlabelled = sum(edge.captions != () and not _is_told(edge, found.labels.get(n)) for n, edge in enumerate(parts.edges))
    legend, _ = svg.legend(parts, palette, size, text, "" if interactive else _without_room(nameless, unlabelled))
    return "\n".join(
        [
            svg.opening(parts, size, text, interactive, link is not None),
            '<g class="view"><g class="edges" fill="none">',
            *_lines(parts, found, interactive, link),
            '</g><g class="labels" text-anchor="middle" aria-hidden="true">',
            *_texts(parts, found, interactive, text),
            '</g><g class="nodes" text-anchor="middle">',
            *_nodes(parts, found, interactive, text),
            '</g><g class="names" text-anchor="middle" aria-hidden="true">',
            *_captions(parts, found, interactive, text),
            "</g></g>",
            legend,
            "</svg>\n",
        ]
    )


def _lines(parts: Parts, found: _Arrangement, interactive: bool, link: Callable[[str], str] | None) -> Iterator[str]:
    for edge, way, bend in zip(parts.edges, found.ways, found.bends, strict=True):
        start, end = (parts.nodes[number].key for number in edge.ends)
        yield svg.edge_element(edge, (start, end), way, bend, interactive, link(edge.facts[0]) if link and edge.facts else "")


def _texts(parts: Parts, found: _Arrangement, interactive: bool, text: float) -> Iterator[str]:
    """The labels of lines; where the picture answers, also those that wait until their line is pointed at."""
    for number, (edge, way) in enumerate(zip(parts.edges, found.ways, strict=True)):
        shown, place = found.labels.get(number, (None, way.at(0.5)))
        if interactive or shown is not None:
            yield svg.label_element(edge, place, shown, interactive, text)


def _is_told(edge: PictureEdge, label: tuple[int, Point] | None) -> bool:
    """Whether more than a mark stands at a line."""
    return label is not None and edge.captions[label[0]].lines != (UNSAID,)


def _nodes(parts: Parts, found: _Arrangement, interactive: bool, text: float) -> Iterator[str]:
    dot = (_DOT, _DOT) if found.crowded else None
    for node, place in zip(parts.nodes, found.places, strict=True):
        yield svg.node_element(node, place, dot, interactive, text)


def _captions(parts: Parts, found: _Arrangement, interactive: bool, text: float) -> Iterator[str]:
    """The names of nodes that are drawn as dots; where the picture answers, also those that wait."""
    for number, (node, place) in enumerate(zip(parts.nodes, found.places, strict=True)):
        if found.crowded and (interactive or number in found.names):
            yield svg.name_element(node, found.names.get(number, place), number in found.names, text)


def fitting(
    network: networkx.Graph[str], size: tuple[int, int] = (900, 600), text: float = 11.0
) -> tuple[networkx.Graph[str], list[str]]:
    """The part of a network whose names have room in a picture, and the names of the nodes that this leaves out.

    What an act is about or is done by is kept before documents and people, and these before what only belongs to something; of
    the same rank the most connected. A node that is joined only to such as are left out is left out, too.
    """
    parts, palette = parts_of(network, Palette(), text), Palette()
    frame = (float(size[0]), max(1.0, size[1] - svg.legend(parts, palette, size, text, "")[1]))
    degrees, keys = parts.degrees, list(network)
    ranks = _ranks(parts)
    order = sorted(range(len(keys)), key=lambda number: (ranks[number], -degrees[number], number))
    count = len(keys)
    while count:
        kept = _without_lonely(order[:count], parts, degrees)
        numbers = {number: place for place, number in enumerate(kept)}
        links = [(numbers[one], numbers[other]) for one, other in parts.links if one in numbers and other in numbers]
        if _laid_out(links, _boxes(parts, kept), frame, _READABLE) is not None:
            out = sorted(set(range(len(keys))) - set(kept), key=order.index)
            return network.subgraph([keys[number] for number in kept]), [parts.nodes[number].caption for number in out]
        count -= max(1, count // 12)
    return network.subgraph(()), [parts.nodes[number].caption for number in order]


def _ranks(parts: Parts) -> list[int]:
    """How soon each node is left out: last who acts and what is on the table, first what is in no act."""
    acts = [edge.ends for edge in parts.edges if edge.whose != STRUCTURE]
    acting, in_acts = {start for start, _ in acts}, {end for ends in acts for end in ends}
    return [_rank(node, number in acting, number in in_acts or not acts) for number, node in enumerate(parts.nodes)]


def _rank(node: PictureNode, acting: bool, in_acts: bool) -> int:
    if not in_acts:
        return 3
    if {"Document", "Person"} & set(node.labels):
        return 2
    return 0 if acting or {"Proposal", "Demand"} & set(node.labels) else 1


def roomy(network: networkx.Graph[str], widest: int, text: float = 11.0) -> tuple[int, int]:
    """The size of a picture in which the names of a network have room, no wider than `widest`, and 900 by 600 at least."""
    parts = parts_of(network, Palette(), text)
    area = float(np.prod(_boxes(parts, range(len(parts.nodes))) + GAP, axis=1).sum()) / _ROOMY
    width = min(widest, max(900, round((1.5 * area) ** 0.5)))
    return width, min(round(1.5 * width), max(600, round(area / width)))


def _without_room(names: int, labels: int) -> str:
    """What a picture tells of what it does not show."""
    counts = {"names": names, "labels": labels}
    told = " and ".join(f"{count} {thing if count > 1 else thing[:-1]}" for thing, count in counts.items() if count)
    return f"(no room for {told})" if told else ""


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
    if not crowded:
        found, points = off_boxes(found, links, points, boxes, frame)
    rooms = [(float(width), float(height)) for width, height in boxes]
    places = [(float(x), float(y)) for x, y in points]
    ways = [
        way_between(places[one], places[other], (rooms[one], rooms[other]), bend, edge.head)
        for (one, other), bend, edge in zip(links, found, parts.edges, strict=True)
    ]
    labels = {} if crowded else _labels(parts, ways, np.hstack([points - boxes / 2, points + boxes / 2]), frame)
    names = _names(parts, points, frame) if crowded and named else {}
    return _Arrangement(places, crowded, ways, found, labels, names)


def _labels(parts: Parts, ways: list[Way], taken: Array, frame: Point) -> dict[int, tuple[int, Point]]:
    """Where the labels of lines stand: those of acts that somebody else tells have room first, then those of other acts."""
    ranks = {"alleged": 0, "reported": 1, "own": 2, STRUCTURE: 3}
    wanted = [Wanted(tuple(caption.room for caption in edge.captions), edge.alleged) for edge in parts.edges]
    order = sorted(
        (number for number, edge in enumerate(parts.edges) if edge.captions),
        key=lambda number: (ranks[parts.edges[number].whose], math.prod(wanted[number].rooms[0]), number),
    )
    arrows = np.array([(x - 4, y - 4, x + 4, y + 4) for x, y in (way.tip for way in ways)]).reshape(-1, 4)
    return place_labels(ways, wanted, order, np.vstack([taken, arrows]), frame)


def _names(parts: Parts, points: Array, frame: Point) -> dict[int, Point]:
    """Where the names of the most connected nodes stand."""
    degrees = parts.degrees
    order = sorted(range(len(parts.nodes)), key=lambda number: (-degrees[number], number))
    return place_names(points, [node.room for node in parts.nodes], order, _DOT, frame)
