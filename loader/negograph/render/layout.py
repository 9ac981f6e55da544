"""Where the nodes of a network stand: near those that they are joined to, and no box on another.

The same network always gets the same layout.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

GAP = 10.0
"""How far boxes stay apart, in pixels."""

_STEPS, _PUSHES = 120, 400
_MOST_STRETCHED = 1.6


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
    _fit(points, boxes, size)
    return _pushed_apart(points, boxes, size)


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
        between = np.linalg.norm(points[:, None] - points[None], axis=2)
        np.fill_diagonal(between, 1.0)
        ratios = -weights * steps / np.maximum(between, 1e-9)
        np.fill_diagonal(ratios, 0.0)
        np.fill_diagonal(ratios, -ratios.sum(axis=1))
        points = inverse @ (ratios @ points)
    return _turned(points)


def _beginning(steps: Array) -> Array:
    """Where to begin: the two directions in which the steps differ most (classical scaling), no two nodes in one place."""
    count = len(steps)
    squares = steps**2
    centred = -(squares - squares.mean(axis=0) - squares.mean(axis=1)[:, None] + squares.mean()) / 2
    values, vectors = np.linalg.eigh(centred)
    points: Array = vectors[:, -2:] * np.sqrt(np.maximum(values[-2:], 0.0))
    if points.shape[1] < 2:
        points = np.hstack([points, np.zeros((count, 1))])
    angles = np.arange(count) * 2.4
    return points + 0.05 * np.column_stack([np.cos(angles), np.sin(angles)])


def _turned(points: Array) -> Array:
    """The points turned so that they spread across more than down; which end is left does not hang on the machine."""
    centred = points - points.mean(axis=0)
    _, axes = np.linalg.eigh(centred.T @ centred)
    turned = centred @ axes[:, ::-1]
    for axis in (0, 1):
        farthest = np.abs(turned[:, axis]).round(6).argmax()
        turned[:, axis] *= -1.0 if turned[farthest, axis] > 0 else 1.0
    return turned


def _pack(points: Array, parts: Sequence[Sequence[int]], size: tuple[float, float]) -> None:
    """Put the parts beside each other, in rows as the frame is wide, with a step between them."""
    spans = [points[part].max(axis=0) - points[part].min(axis=0) + 1.0 for part in parts]
    area = float(sum(span[0] * span[1] for span in spans))
    widest = max(float(max(span[0] for span in spans)), math.sqrt(area * size[0] / size[1]))
    across = down = tallest = 0.0
    for part, (width, height) in zip(parts, spans, strict=True):
        if across and across + width > widest + 1e-9:
            across, down, tallest = 0.0, down + tallest, 0.0
        points[part] += np.array([across, down]) - points[part].min(axis=0)
        across, tallest = across + width, max(tallest, height)


def _fit(points: Array, boxes: Array, size: tuple[float, float]) -> None:
    """Stretch the points to the frame, and not much more in one direction than in the other."""
    room = np.maximum(np.array(size) - boxes.max(axis=0) - GAP, 1.0)
    low, high = points.min(axis=0), points.max(axis=0)
    scale = room / np.maximum(high - low, 1e-6)
    scale = np.minimum(scale, scale.min() * _MOST_STRETCHED)
    points -= (low + high) / 2
    points *= scale
    points += np.array(size) / 2


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
        covering = (missing > 0.01).all(axis=2)
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
    covering = (missing > 0).all(axis=2)
    np.fill_diagonal(covering, False)
    return bool(covering.any())
