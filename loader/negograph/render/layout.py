"""Where the nodes of a network stand: near those that they are joined to, and no box on another.

The same network always gets the same layout.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

GAP = 10.0
"""How far boxes stay apart, in pixels."""

_PIVOTS, _STEPS, _STILL, _PUSHES = 12, 120, 0.002, 300
_MOST_STRETCHED = 2.2


def lay_out(links: Sequence[tuple[int, int]], boxes: Array, size: tuple[float, float]) -> Array:
    """The middle of each node in a frame that begins at 0, 0.

    Args:
        links: which nodes are joined, by their numbers.
        boxes: width and height of what is drawn of each node, in pixels.
        size: width and height of the frame.
    """
    points = np.zeros((len(boxes), 2))
    if not len(boxes):
        return points
    parts = components(len(boxes), links)
    for part in parts:
        points[part] = _spread(_distances(part, links))
    _pack(points, parts, size)
    return spread_out(points, boxes, size)


def spread_out(points: Array, boxes: Array, size: tuple[float, float]) -> Array:
    """The points, stretched over the frame, and moved as little as is needed for no box to cover another."""
    for _ in range(3):  # what is pushed apart takes more room where it is crowded, and may leave some elsewhere
        points = _pushed_apart(_fitted(points, boxes, size), boxes, size)
    return points


def components(count: int, links: Sequence[tuple[int, int]]) -> list[list[int]]:
    """The nodes by what hangs together, the largest part first."""
    beside: list[set[int]] = [set() for _ in range(count)]
    for one, other in links:
        beside[one].add(other)
        beside[other].add(one)
    parts: list[list[int]] = []
    seen: set[int] = set()
    for first in range(count):
        part, reached = [], [] if first in seen else [first]
        seen.add(first)
        while reached:
            part.append(reached.pop())
            found = sorted(beside[part[-1]] - seen)
            seen.update(found)
            reached += found
        parts += [sorted(part)] if part else []
    return sorted(parts, key=lambda part: (-len(part), part))


def _distances(part: Sequence[int], links: Sequence[tuple[int, int]]) -> Array:
    """How many steps it is from each node of a part to each other."""
    numbers = {node: number for number, node in enumerate(part)}
    steps = np.full((len(part), len(part)), np.inf)
    np.fill_diagonal(steps, 0.0)
    for one, other in links:
        if one != other and one in numbers:
            steps[numbers[one], numbers[other]] = steps[numbers[other], numbers[one]] = 1.0
    for middle in range(len(part)):
        np.minimum(steps, steps[:, middle, None] + steps[None, middle, :], out=steps)
    return steps


def _spread(steps: Array) -> Array:
    """Points whose distances are as near to the steps between them as can be had (stress majorisation), the long side across."""
    count = len(steps)
    if count == 1:
        return np.zeros((1, 2))
    weights = 1.0 / np.maximum(steps, 1e-9) ** 2
    np.fill_diagonal(weights, 0.0)
    laplacian = np.diag(weights.sum(axis=1)) - weights
    inverse = np.linalg.inv(laplacian + 1.0 / count)
    points = _beginning(steps)
    for _ in range(_STEPS):
        between = np.hypot(points[:, 0, None] - points[None, :, 0], points[:, 1, None] - points[None, :, 1])
        np.fill_diagonal(between, 1.0)
        ratios = -weights * steps / np.maximum(between, 1e-9)
        np.fill_diagonal(ratios, 0.0)
        np.fill_diagonal(ratios, -ratios.sum(axis=1))
        old, points = points, inverse @ (ratios @ points)
        if np.abs(points - old).max() < _STILL:
            break
    return _turned(np.asarray(points))


def _beginning(steps: Array) -> Array:
    """Where to begin: along the two directions in which the steps to far nodes differ most (pivot MDS), no two in one place."""
    pivots = [0]
    while len(pivots) < min(_PIVOTS, len(steps)):
        pivots.append(int(steps[pivots].min(axis=0).argmax()))
    squares = steps[:, pivots] ** 2
    centred = squares.mean(axis=0) + squares.mean(axis=1)[:, None] - squares - squares.mean()
    _, vectors = np.linalg.eigh(centred.T @ centred)
    points = centred @ vectors[:, -2:]
    points *= steps.max() / max(float(np.abs(points).max()), 1e-9) / 2
    angles = np.arange(len(steps)) * 2.4
    return np.asarray(points + 0.05 * np.column_stack([np.cos(angles), np.sin(angles)]))


def _turned(points: Array) -> Array:
    """The points turned so that they spread across more than down; which end is left does not hang on the machine."""
    centred = points - points.mean(axis=0)
    _, axes = np.linalg.eigh(centred.T @ centred)
    turned = centred @ axes[:, ::-1]
    for axis in (0, 1):
        farthest = np.abs(turned[:, axis]).round(6).argmax()
        turned[:, axis] *= -1.0 if turned[farthest, axis] > 0 else 1.0
    return np.asarray(turned)


def _pack(points: Array, parts: Sequence[Sequence[int]], size: tuple[float, float]) -> None:
    """Put the parts beside each other: each, from the largest on, where the picture grows least, a step from the others."""
    placed = np.zeros((0, 2))
    for part in parts:
        own = points[part] - (points[part].min(axis=0) + points[part].max(axis=0)) / 2
        if len(placed):
            own = own + _nearest_free(own, placed, size[0] / size[1])
        points[part] = own
        placed = np.vstack([placed, own])


def _nearest_free(own: Array, placed: Array, aspect: float) -> Array:
    """By how much to move a part to be a step from all that are placed, in a picture that is about as wide as the frame."""
    reach = np.abs(placed).max(axis=0) + np.abs(own).max(axis=0) + 1.0
    ways = np.stack(np.meshgrid(*(np.linspace(-far, far, 2 * math.ceil(far) + 1) for far in reach)), axis=2).reshape(-1, 2)
    low = np.minimum(placed.min(axis=0), own.min(axis=0) + ways)
    high = np.maximum(placed.max(axis=0), own.max(axis=0) + ways)
    sides = (high - low + 1.0) / np.array([aspect, 1.0])
    ways = ways[np.argsort(sides.max(axis=1) + 0.1 * sides.min(axis=1), kind="stable")]
    for way in ways:
        if (np.abs((own + way)[:, None] - placed[None]).max(axis=2) >= 0.99).all():
            return np.asarray(way)
    return np.asarray(reach)


def _fitted(points: Array, boxes: Array, size: tuple[float, float]) -> Array:
    """The points stretched to the frame, and not much more in one direction than in the other."""
    low, high = points.min(axis=0), points.max(axis=0)
    scale = np.maximum(np.array(size) - boxes.max(axis=0) - GAP, 1.0) / np.maximum(high - low, 1e-6)
    scale = np.minimum(scale, scale.min() * _MOST_STRETCHED)
    return np.asarray((points - (low + high) / 2) * scale + np.array(size) / 2)


def _pushed_apart(points: Array, boxes: Array, size: tuple[float, float]) -> Array:
    """The points, moved as little as is needed for no box to cover another, within the frame; crowds stay crowded."""
    needed = (boxes[:, None] + boxes[None]) / 2 + GAP
    low = np.minimum(boxes / 2 + GAP / 2, np.array(size) / 2)
    high = np.array(size) - low
    order = np.sign(np.arange(len(points))[:, None] - np.arange(len(points))[None])
    points = np.clip(points, low, high)
    for _ in range(_PUSHES):
        apart = points[:, None] - points[None]
        missing = needed - np.abs(apart)
        covering = np.asarray((missing > 0.01).all(axis=2))
        np.fill_diagonal(covering, False)
        if not covering.any():
            break
        towards = np.where(apart == 0, order[:, :, None], np.sign(apart))
        axis = missing[..., 0] > missing[..., 1]
        pushes = np.stack([np.where(covering & ~axis, missing[..., 0], 0), np.where(covering & axis, missing[..., 1], 0)], axis=2)
        points = np.clip(points + (pushes * towards).sum(axis=1) * 0.4, low, high)
    return points


def covered(points: Array, boxes: Array) -> bool:
    """Whether any box covers another."""
    missing = (boxes[:, None] + boxes[None]) / 2 - np.abs(points[:, None] - points[None])
    covering = np.asarray((missing > 0).all(axis=2))
    np.fill_diagonal(covering, False)
    return bool(covering.any())
