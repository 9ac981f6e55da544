"""How much room a text takes, which way a relationship takes from box to box, and where its label stands."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import wcwidth

from negograph.render.layout import Array
from negograph.render.text import wrap

LINE = 1.25
"""The height of a line, in sizes of the text."""

_WIDTHS = {0.34: " '.,:;|/\\ijlIJ", 0.42: "()[]{}!frt-", 0.56: '*_`"?cszL“”–', 0.66: "abdeghknopquvxyEFKPSTY0123456789$"}
_WIDE = dict.fromkeys("mwMW@%#+<=>^~—…→", 1.0)
_LETTERS = {letter: width for width, letters in _WIDTHS.items() for letter in letters} | _WIDE
_BOLD = 1.13

_BEND = 26.0
_HEAD = 8.0


@lru_cache(maxsize=10_000)
def text_width(text: str) -> float:
    """How wide a text is at most, in sizes of the text: as wide as in DejaVu Sans or Verdana, than which few are wider."""
    return sum(_letter_width(letter) for letter in text)


def _letter_width(letter: str) -> float:
    if letter in _LETTERS or letter.isascii():
        return _LETTERS.get(letter, 0.8)
    columns = wcwidth.wcwidth(letter)
    return (0.0, 0.85, 1.3)[columns] if 0 <= columns <= 2 else 0.85


@lru_cache(maxsize=10_000)
def folded(text: str, widest: float) -> tuple[str, ...]:
    """A text in lines that are about equally long, broken between words; the widest word may be wider than `widest`."""
    longest = min(2.5 * widest, max((text_width(word) for word in text.split()), default=0.0))
    limit = max(widest, longest)
    lines = wrap(text, limit, text_width)
    narrow = max(longest, text_width(text) / len(lines))
    while len(lines) > 1 and narrow < limit and len(tried := wrap(text, narrow, text_width)) >= len(lines):
        if len(tried) == len(lines):
            return tuple(tried)
        narrow += 0.5
    return tuple(lines)


def room_of(lines: Sequence[str], text: float, *, bold: bool = False) -> tuple[float, float]:
    """Width and height of some lines in pixels."""
    widest = max(map(text_width, lines), default=0.0) * (_BOLD if bold else 1.0)
    return round(widest * text, 1), round(len(lines) * LINE * text, 1)


@dataclass(frozen=True)
class Way:
    """A curve from the border of one box to that of another: its ends, and the point that it is drawn to between them.

    `tip` is where an arrow ends, or would; the curve ends a little before it.
    """

    start: tuple[float, float]
    control: tuple[float, float]
    end: tuple[float, float]
    tip: tuple[float, float]

    def at(self, share: float) -> tuple[float, float]:
        """The point after a share of the way."""
        rest = 1 - share
        factors = (rest * rest, 2 * rest * share, share * share)
        ways = (self.start, self.control, self.end)
        return sum(f * x for f, (x, _) in zip(factors, ways, strict=True)), sum(
            f * y for f, (_, y) in zip(factors, ways, strict=True)
        )


def bends(links: Sequence[tuple[int, int]]) -> list[float]:
    """How far each line leaves the straight way, in pixels, so that those between the same two do not lie on each other."""
    counts = Counter(frozenset(link) for link in links)
    seen: Counter[frozenset[int]] = Counter()
    found = []
    for one, other in links:
        ends = frozenset((one, other))
        beside = min(_BEND, 4 * _BEND / counts[ends])
        bend = (seen[ends] - (counts[ends] - 1) / 2) * beside
        seen[ends] += 1
        found.append(bend if one <= other else -bend)
    return found


def way_between(start: Array, end: Array, boxes: tuple[Array, Array], bend: float, head: float) -> Way:
    """The way from box to box; `head` is the length of the arrow at its end."""
    if not (start != end).any():
        return _loop(start, boxes[0], bend)
    across = (end - start) / (np.hypot(*(end - start)) or 1.0)
    control = (start + end) / 2 + np.array([-across[1], across[0]]) * 2 * bend
    first, last = _leaving(start, control, end, boxes[0]), 1 - _leaving(end, control, start, boxes[1])
    last = max(last, first)
    begin, tip = _point(start, control, end, first), _point(start, control, end, last)
    middle = (1 - first) * (1 - last) * start + (first * (1 - last) + last * (1 - first)) * control + first * last * end
    towards = tip - middle
    base = tip - towards / (np.hypot(*towards) or 1.0) * min(head, float(np.hypot(*(tip - begin))))
    return Way(_pair(begin), _pair(middle), _pair(base), _pair(tip))


def _point(start: Array, control: Array, end: Array, share: float) -> Array:
    rest = 1 - share
    return rest * rest * start + 2 * rest * share * control + share * share * end


def _leaving(start: Array, control: Array, end: Array, box: Array) -> float:
    """After what share of the way from the middle of a box its border is crossed; half of the way at most."""
    low, high, half = 0.0, 0.5, box / 2 + 1.5
    for _ in range(12):
        middle = (low + high) / 2
        inside = bool((np.abs(_point(start, control, end, middle) - start) < half).all())
        low, high = (middle, high) if inside else (low, middle)
    return high


def _loop(middle: Array, box: Array, bend: float) -> Way:
    """From the top of a box back to it."""
    x, y = float(middle[0]), float(middle[1] - box[1] / 2)
    out = 14 + abs(bend)
    return Way((x - 6, y), (x, y - 2 * out), (x + 6, y), (x + 6, y))


def _pair(point: Array) -> tuple[float, float]:
    return float(point[0]), float(point[1])


_SHARES = (0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74)


def place_labels(
    ways: Sequence[Way], rooms: Sequence[tuple[float, float]], order: Iterable[int], taken: Array, size: tuple[float, float]
) -> dict[int, tuple[float, float]]:
    """Where labels stand on their lines without covering a box or each other, for those that have room.

    Args:
        ways: the lines.
        rooms: width and height of the label of each.
        order: whose label is placed first.
        taken: the boxes, each as left, top, right, bottom.
        size: the frame.
    """
    shares = np.linspace(0.06, 0.94, 23)
    samples = np.array([[way.at(float(share)) for share in shares] for way in ways]).reshape(len(ways), len(shares), 2)
    placed: dict[int, tuple[float, float]] = {}
    for number in order:
        spots = [spot for share in _SHARES if (spot := _fits(ways[number].at(share), rooms[number], taken, size))]
        found = [spot for spot in spots if _hidden(samples[number], spot).mean() < 0.75]
        if found:
            best = min(found, key=lambda spot: int(_hidden(samples, spot).any(axis=1).sum()))
            placed[number] = ((best[0] + best[2]) / 2, (best[1] + best[3]) / 2)
            taken = np.vstack([taken, best])
    return placed


def _fits(
    middle: tuple[float, float], room: tuple[float, float], taken: Array, size: tuple[float, float]
) -> tuple[float, float, float, float] | None:
    """The box of that room round a point, where it covers nothing that is taken and lies within the frame."""
    (x, y), (width, height) = middle, (room[0] + 4, room[1] + 2)
    left, top, right, bottom = box = (x - width / 2, y - height / 2, x + width / 2, y + height / 2)
    if left < 0 or top < 0 or right > size[0] or bottom > size[1]:
        return None
    over = (taken[:, 0] < right) & (taken[:, 2] > left) & (taken[:, 1] < bottom) & (taken[:, 3] > top)
    return None if over.any() else box


def _hidden(points: Array, box: tuple[float, float, float, float]) -> Array:
    """Which points lie in a box."""
    x, y = points[..., 0], points[..., 1]
    return (x > box[0]) & (x < box[2]) & (y > box[1]) & (y < box[3])


def head_of(way: Way, width: float) -> list[tuple[float, float]]:
    """The three corners of the arrow at the end of a way."""
    (x, y), (bx, by) = way.tip, way.end
    length = math.dist(way.tip, way.end) or 1.0
    across, down = -(y - by) / length * width / 2, (x - bx) / length * width / 2
    return [(x, y), (bx + across, by + down), (bx - across, by - down)]
