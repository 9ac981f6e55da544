"""Keeping lines off the boxes that they do not lead to: a line behind a box seems to begin or to end there."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np

from negograph.render.layout import Array, Mask
from negograph.render.untangling import free_spots, spots_around

_CLEAR, _APART = 4.0, 10.0
"""How far a line stays off a box, and the bends of two lines between the same two off each other, in pixels."""

_STEP, _LEAST, _FARTHEST = 10.0, 90.0, 300.0
"""By how much more a line is bent at a time, and how far at most: a short one nearly as far as it is long."""

_ROUNDS, _MOST_MOVED, _MOST_SPOTS, _MOST_LINES = 2, 10, 14, 8
"""How often boxes are moved, how many of them, to how many places each is tried, and how many lines it has at most: each of these
takes a moment."""

_MOST_LINKS = 150
"""Up to how many lines boxes are moved for them."""

_SHARES = np.linspace(0.0, 1.0, 61)[:, None]

Links = Sequence[tuple[int, int]]


def off_boxes(
    bends: Sequence[float], links: Links, points: Array, boxes: Array, size: tuple[float, float]
) -> tuple[list[float], Array]:
    """How far each line leaves the straight way, in pixels, and the middles of the boxes, so that lines keep off boxes of others.

    Lines are bent as little as it takes; where no bend will do, a box is moved to a free place near it.

    Args:
        bends: how far each line leaves the straight way to begin with.
        links: the numbers of the nodes at its ends.
        points: the middles of the boxes.
        boxes: their widths and heights.
        size: the frame, which no line leaves.
    """
    points = points.copy()
    for _ in range(_ROUNDS):
        found = around_boxes(bends, links, points, boxes, size)
        blocking = _blocking(found, links, points, boxes) if len(links) <= _MOST_LINKS else []
        for node in blocking:
            _move(node, found, bends, links, points, boxes, size)
        if not blocking:
            break
    return found, points


def _blocking(bends: Sequence[float], links: Links, points: Array, boxes: Array) -> list[int]:
    """The boxes that lines lead through, and those at the ends of these lines."""
    found: dict[int, None] = {}
    for bend, link in zip(bends, links, strict=True):
        inside = _inside(_curves(np.array([bend]), points[link[0]], points[link[1]]), link, points, boxes)[0]
        hit = np.delete(np.arange(len(points)), link)[inside]
        found |= dict.fromkeys([*map(int, hit), *(link if len(hit) else ())])
    lines = Counter(end for link in links for end in set(link))
    return [node for node in found if lines[node] <= _MOST_LINES][:_MOST_MOVED]


def _move(
    node: int, found: list[float], bends: Sequence[float], links: Links, points: Array, boxes: Array, size: tuple[float, float]
) -> None:
    """Put a box where fewer lines lead through it, and its own through fewer others, if there is such a place."""
    own = [number for number, link in enumerate(links) if node in link]
    others = [number for number, link in enumerate(links) if node not in link]
    curves = np.array([_curves(np.array([found[number]]), *points[list(links[number])])[0] for number in others]).reshape(
        len(others), -1, 2
    )
    spots = spots_around(points[node])[1:]
    spots = spots[free_spots(spots, node, points, boxes, size)]
    least = _through(curves, points[node], boxes[node])
    least += sum(_hits(np.array([found[number]]), links[number], points, boxes)[0] for number in own)
    crossed = [_through(curves, spot, boxes[node]) for spot in spots]
    for index in [index for index in range(len(spots)) if crossed[index] < least - 0.5][:_MOST_SPOTS]:
        moved = points.copy()
        moved[node] = spots[index]
        bent = around_boxes([bends[number] for number in own], [links[number] for number in own], moved, boxes, size)
        cost = crossed[index] + sum(
            _hits(np.array([bend]), links[number], moved, boxes)[0] for bend, number in zip(bent, own, strict=True)
        )
        if cost < least - 0.5:
            least, points[node] = cost, spots[index]
            for bend, number in zip(bent, own, strict=True):
                found[number] = bend
        if least < 1:
            return


def _through(curves: Array, middle: Array, box: Array) -> int:
    """How many lines lead through a box, or near it."""
    inside = np.abs(curves - middle) < box / 2 + _CLEAR
    return int((inside[:, :, 0] & inside[:, :, 1]).any(axis=1).sum())


def around_boxes(bends: Sequence[float], links: Links, points: Array, boxes: Array, size: tuple[float, float]) -> list[float]:
    """How far each line leaves the straight way: as before, or as little more as leads it around all boxes of others.

    Where no bend does that, a line keeps the one that leads through the fewest.
    """
    found = list(bends)
    hit = {
        number
        for number, link in enumerate(links)
        if link[0] != link[1] and _hits(np.array([bends[number]]), link, points, boxes)[0]
    }
    beside: dict[tuple[int, ...], list[float]] = defaultdict(list)
    for number, (one, other) in enumerate(links):
        if number not in hit:
            beside[tuple(sorted((one, other)))].append(bends[number] if one <= other else -bends[number])
    for number in sorted(hit):
        one, other = links[number]
        taken, turn = beside[tuple(sorted((one, other)))], 1 if one <= other else -1
        tried = _tried(bends[number], points[one], points[other], size, [turn * bend for bend in taken])
        found[number] = float(tried[_hits(tried, (one, other), points, boxes).argmin()])
        taken.append(turn * found[number])
    return found


def _tried(bend: float, start: Array, end: Array, size: tuple[float, float], taken: Sequence[float]) -> Array:
    """A bend, and others, the nearest first, to both sides, that keep the line within the frame and off the lines beside it."""
    farthest = min(_FARTHEST, max(_LEAST, 0.8 * float(np.hypot(*(end - start)))))
    steps = np.arange(_STEP, farthest, _STEP)
    tried = bend + np.column_stack([steps, -steps]).ravel()
    curves = _curves(tried, start, end)
    inside = np.asarray(((curves > 2) & (curves < np.array(size) - 2)).all(axis=(1, 2)))
    apart = np.asarray((np.abs(tried[:, None] - np.array(taken)[None]) >= _APART).all(axis=1))
    return np.append(bend, tried[inside & apart])


def _hits(bends: Array, link: tuple[int, int], points: Array, boxes: Array) -> Array:
    """Through how many boxes a line leads that are not at its ends; one that it only comes near counts a little."""
    curves = _curves(bends, points[link[0]], points[link[1]])
    return np.asarray(
        _inside(curves, link, points, boxes).sum(axis=1) + 0.01 * _inside(curves, link, points, boxes, _CLEAR).sum(axis=1)
    )


def _inside(curves: Array, link: tuple[int, int], points: Array, boxes: Array, clear: float = 1.0) -> Mask:
    """Which boxes some points of each line lie in, but for those at its ends."""
    middles, halves = np.delete(points, link, axis=0), np.delete(boxes, link, axis=0) / 2 + clear
    across = np.abs(curves[:, :, None, 0] - middles[None, None, :, 0]) < halves[:, 0]
    down = np.abs(curves[:, :, None, 1] - middles[None, None, :, 1]) < halves[:, 1]
    return np.asarray((across & down).any(axis=1))


def _curves(bends: Array, start: Array, end: Array) -> Array:
    """Points on lines from one middle to another."""
    way = end - start
    long = float(np.hypot(*way)) or 1.0
    controls = (start + end) / 2 + np.array([-way[1], way[0]]) * (2 * bends[:, None] / long)
    squares = (1 - _SHARES) ** 2 * start + _SHARES**2 * end
    return np.asarray(squares[None] + (2 * _SHARES * (1 - _SHARES))[None] * controls[:, None])
