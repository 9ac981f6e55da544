"""Moving nodes so that lines run through fewer boxes and cross less often."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from negograph.render.layout import GAP, Array, Mask, spread_out

_ROUNDS, _REACHES, _DIRECTIONS = 4, (25.0, 60.0, 110.0, 190.0, 300.0), 12
_THROUGH_BOX, _CROSSING, _PER_PIXEL, _TOO_SHORT, _TOO_NEAR = 8.0, 1.0, 0.003, 0.02, 0.02
"""What it costs that a line runs through a box it does not lead to, that two lines cross, and a pixel of a line; and each pixel
by which a line is too short for a label, or a box is too near to another for a line between them."""

_LABEL, _AISLE = 110.0, 40.0

_MOST_LINKS = 250
"""Up to how many lines this takes a moment only, and is worth it."""


def untangled(points: Array, boxes: Array, links: Sequence[tuple[int, int]], size: tuple[float, float]) -> Array:
    """The points, each moved to a place near it if that makes the picture clearer; no box comes to cover another."""
    pairs = np.array(sorted({(min(link), max(link)) for link in links if link[0] != link[1]})).reshape(-1, 2)
    if not len(pairs) or len(pairs) > _MOST_LINKS:
        return points
    points = points.copy()
    for _ in range(_ROUNDS):
        moved = False
        for node in range(len(points)):
            spots = spots_around(points[node])
            spots = spots[np.insert(free_spots(spots[1:], node, points, boxes, size), 0, True)]
            costs = _costs(spots, node, points, boxes, pairs)
            best = int(costs.argmin())
            if costs[best] < costs[0] - 0.3:
                points[node], moved = spots[best], True
        if not moved:
            break
    return spread_out(points, boxes, size)


def spots_around(point: Array) -> Array:
    """A point, and points around it, the nearest first."""
    angles = np.arange(_DIRECTIONS) * 2 * np.pi / _DIRECTIONS
    circle = np.column_stack([np.cos(angles), np.sin(angles)])
    return np.asarray(point + np.vstack([np.zeros((1, 2)), *(circle * reach for reach in _REACHES)]))


def free_spots(spots: Array, node: int, points: Array, boxes: Array, size: tuple[float, float]) -> Mask:
    """Which spots are within the frame, and have room for the box of a node."""
    half = boxes[node] / 2 + GAP / 2
    inside = ((spots >= half) & (spots <= np.array(size) - half)).all(axis=1)
    needed = (boxes + boxes[node]) / 2 + GAP
    covering = (np.abs(spots[:, None] - points[None]) < needed[None]).all(axis=2)
    covering[:, node] = False
    return np.asarray(inside & ~covering.any(axis=1))


def _costs(spots: Array, node: int, points: Array, boxes: Array, pairs: Array) -> Array:
    """How bad the picture is with a node at each of some spots, as far as that hangs on it."""
    own = (pairs == node).any(axis=1)
    others, beside = pairs[~own], pairs[own].sum(axis=1) - node
    starts, ends = points[others[:, 0]], points[others[:, 1]]
    costs = _THROUGH_BOX * _hit(starts[None], ends[None], spots[:, None], boxes[node] / 2).sum(axis=1)
    gaps = (np.abs(spots[:, None] - points[None]) - (boxes + boxes[node]) / 2).max(axis=2)
    gaps[:, node] = _AISLE
    costs = costs + _TOO_NEAR * np.maximum(_AISLE - gaps, 0.0).sum(axis=1)
    if len(beside):
        far = points[beside]
        lengths = np.linalg.norm(spots[:, None] - far[None], axis=2)
        costs = costs + (_PER_PIXEL * lengths + _TOO_SHORT * np.maximum(_LABEL - lengths, 0.0)).sum(axis=1)
        hits = _hit(spots[:, None, None], far[None, :, None], points[None, None], boxes[None, None] / 2)
        hits[:, :, node] = False
        hits[:, np.arange(len(beside)), beside] = False
        costs = costs + _THROUGH_BOX * hits.sum(axis=(1, 2))
        crossings = _crossing(spots[:, None, None], far[None, :, None], starts[None, None], ends[None, None])
        crossings &= (others[None] != beside[:, None, None]).all(axis=2)[None]
        costs = costs + _CROSSING * crossings.sum(axis=(1, 2))
    return np.asarray(costs)


def _hit(starts: Array, ends: Array, middles: Array, halves: Array) -> Mask:
    """Which lines run through which boxes."""
    way = ends - starts
    way = np.where(np.abs(way) < 1e-9, 1e-9, way)
    one, other = (middles - halves - 4 - starts) / way, (middles + halves + 4 - starts) / way
    entering = np.minimum(one, other).max(axis=-1)
    leaving = np.maximum(one, other).min(axis=-1)
    return np.asarray((entering < leaving) & (leaving > 0) & (entering < 1))


def _crossing(starts: Array, ends: Array, from_: Array, to: Array) -> Mask:
    """Which lines cross which."""
    return np.asarray(
        (_side(starts, ends, from_) != _side(starts, ends, to)) & (_side(from_, to, starts) != _side(from_, to, ends))
    )


def _side(start: Array, end: Array, point: Array) -> Mask:
    way, towards = end - start, point - start
    return np.asarray(way[..., 0] * towards[..., 1] > way[..., 1] * towards[..., 0])
