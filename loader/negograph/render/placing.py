"""How much room a text takes, which way a relationship takes from box to box, and where its label stands."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import wcwidth

from negograph.render.layout import Array, Mask
from negograph.render.text import wrap

LINE = 1.25
"""The height of a line, in sizes of the text."""

_WIDTHS = {0.34: " '.,:;|/\\ijlIJ", 0.42: "()[]{}!frt-", 0.56: '*_`"?cszL“”–', 0.66: "abdeghknopquvxyEFKPSTY0123456789$"}
_WIDE = dict.fromkeys("mwMW@%#+<=>^~—…→", 1.0)
_LETTERS = {letter: width for width, letters in _WIDTHS.items() for letter in letters} | _WIDE
_BOLD = 1.13

_BEND, _MARGIN = 26.0, 1.5

Point = tuple[float, float]


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


def room_of(lines: Sequence[str], text: float, *, bold: bool = False) -> Point:
    """Width and height of some lines in pixels."""
    widest = max(map(text_width, lines), default=0.0) * (_BOLD if bold else 1.0)
    return round(widest * text, 1), round(len(lines) * LINE * text, 1)


@dataclass(frozen=True)
class Way:
    """A curve from the border of one box to that of another: its ends, and the point that it is drawn to between them.

    `tip` is where an arrow ends, or would; the curve ends a little before it.
    """

    start: Point
    control: Point
    end: Point
    tip: Point

    def at(self, share: float) -> Point:
        """The point after a share of the way."""
        rest = 1 - share
        one, two, three = rest * rest, 2 * rest * share, share * share
        (ax, ay), (bx, by), (cx, cy) = self.start, self.control, self.end
        return one * ax + two * bx + three * cx, one * ay + two * by + three * cy


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


def way_between(start: Point, end: Point, boxes: tuple[Point, Point], bend: float, head: float) -> Way:
    """The way from the middle of one box to that of another, as far as it is outside both; `head` is how long its arrow is."""
    length = math.dist(start, end)
    if not length:
        return _loop(start, boxes[0], bend)
    out = 2 * bend / length
    control = (
        (start[0] + end[0]) / 2 - (end[1] - start[1]) * out,
        (start[1] + end[1]) / 2 + (end[0] - start[0]) * out,
    )
    whole = Way(start, control, end, end)
    first = _leaving(whole, boxes[0])
    last = max(first, 1 - _leaving(Way(end, control, start, start), boxes[1]))
    begin, tip, middle = whole.at(first), whole.at(last), _between(whole, first, last)
    long = math.dist(tip, middle) or 1.0
    back = min(head, math.dist(begin, tip)) / long
    return Way(begin, middle, (tip[0] - (tip[0] - middle[0]) * back, tip[1] - (tip[1] - middle[1]) * back), tip)


def _between(way: Way, first: float, last: float) -> Point:
    """The point to which the part of a way between two shares is drawn."""
    one, two, three = (1 - first) * (1 - last), first * (1 - last) + last * (1 - first), first * last
    (ax, ay), (bx, by), (cx, cy) = way.start, way.control, way.end
    return one * ax + two * bx + three * cx, one * ay + two * by + three * cy


def _leaving(way: Way, box: Point) -> float:
    """After what share of a way from the middle of a box its border is crossed; half of the way at most."""
    low, high = 0.0, 0.5
    across, down = box[0] / 2 + _MARGIN, box[1] / 2 + _MARGIN
    for _ in range(12):
        middle = (low + high) / 2
        x, y = way.at(middle)
        inside = abs(x - way.start[0]) < across and abs(y - way.start[1]) < down
        low, high = (middle, high) if inside else (low, middle)
    return high


def _loop(middle: Point, box: Point, bend: float) -> Way:
    """From the top of a box back to it."""
    x, y = middle[0], middle[1] - box[1] / 2
    return Way((x - 6, y), (x, y - 2 * (14 + abs(bend))), (x + 6, y), (x + 6, y))


_SHARES = (0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74, 0.18, 0.82)
"""Where on its line a label is tried; `picture.js` tries the same."""

_SHIFTS = ((0.0, 0.0), (-0.35, 0.0), (0.35, 0.0))
"""How far a label is shifted, in widths and heights, where it has no room else: its line runs through it all the same."""

_BESIDE = ((0.0, -0.6), (0.0, 0.6), (-0.58, 0.0), (0.58, 0.0))
"""How far one is shifted that has to be shown: its line runs along it. `picture.js` tries the same."""

_MOST_TRIED, _MOST_CROSSED = 6, 3


@dataclass(frozen=True)
class Wanted:
    """The labels that a line may have, by their rooms, the best first; one that `must` be shown has to take the last of them."""

    rooms: tuple[Point, ...]
    must: bool


def place_labels(
    ways: Sequence[Way], wanted: Sequence[Wanted], order: Iterable[int], taken: Array, size: Point
) -> dict[int, tuple[int, Point]]:
    """Which labels stand where on their lines without covering a box or each other, for those that have room.

    A label lies on three other lines at most, a shifted one on none, so that it is seen which line it belongs to. One that must
    be shown and has no room covers what is there.

    Args:
        ways: the lines.
        wanted: what labels each may have.
        order: whose label is placed first.
        taken: the boxes, each as left, top, right, bottom.
        size: the frame.
    """
    samples = _samples(ways)
    placed: dict[int, tuple[int, Point]] = {}
    for number in order:
        label = wanted[number]
        spots = (_best_spot(number, ways[number], room, samples, taken, size, label.must) for room in label.rooms)
        which, best = next(((which, spot) for which, spot in enumerate(spots) if spot is not None), (-1, None))
        if best is None and label.must:
            which, best = len(label.rooms) - 1, np.array(_box(ways[number].at(0.5), label.rooms[-1]))
        if best is not None:
            placed[number] = which, (float(best[0] + best[2]) / 2, float(best[1] + best[3]) / 2)
            taken = np.vstack([taken, best])
    return placed


def _samples(ways: Sequence[Way]) -> Array:
    """Points on each line."""
    shares = np.linspace(0.06, 0.94, 23)[:, None]
    corners = np.array([(way.start, way.control, way.end) for way in ways]).reshape(len(ways), 3, 1, 2)
    factors = ((1 - shares) ** 2, 2 * shares * (1 - shares), shares**2)
    return np.asarray(sum(factor * corners[:, corner] for corner, factor in enumerate(factors)))


def _best_spot(number: int, way: Way, room: Point, samples: Array, taken: Array, size: Point, must: bool) -> Array | None:
    """The box of a label where it lies on the fewest other lines; None where there is no room."""
    shifts = _SHIFTS + _BESIDE if must else _SHIFTS
    tried = np.array([_box(way.at(share), room, shift) for shift in shifts for share in _SHARES])
    free = [index for index, is_free in enumerate(_free(tried, taken, size)) if is_free]
    best, fewest = None, _MOST_CROSSED + 1
    for index in free if must else free[:_MOST_TRIED]:
        hidden = _hidden(samples, tried[index])
        crossed = int(hidden.any(axis=1).sum()) - int(hidden[number].any())
        shifted = index >= len(_SHARES)
        if hidden[number].mean() < 0.75 and crossed < (min(1, fewest) if shifted else fewest):
            best, fewest = tried[index], crossed
    return best


def place_names(points: Array, rooms: Sequence[Point], order: Iterable[int], dot: float, size: Point) -> dict[int, Point]:
    """Where names stand on their dots without covering another name or dot, for those that have room."""
    taken = np.hstack([points - dot / 2, points + dot / 2])
    placed: dict[int, Point] = {}
    for number in order:
        middle = (float(points[number, 0]), float(points[number, 1]))
        spot = np.array(_box(middle, rooms[number]))
        if _free(spot[None], np.delete(taken, number, axis=0), size)[0]:
            placed[number] = middle
            taken = np.vstack([taken, spot])
    return placed


_Box = tuple[float, float, float, float]


def _box(middle: Point, room: Point, shift: Point = (0.0, 0.0)) -> _Box:
    """Left, top, right and bottom of a box, shifted by a part of its width and height."""
    (x, y), (width, height) = middle, room
    x, y = x + shift[0] * width, y + shift[1] * height
    return x - width / 2, y - height / 2, x + width / 2, y + height / 2


def _free(boxes: Array, taken: Array, size: Point) -> Mask:
    """Which boxes cover nothing that is taken, and lie within the frame."""
    left, top, right, bottom = (boxes[:, side, None] for side in range(4))
    over = (taken[:, 0] < right) & (taken[:, 2] > left) & (taken[:, 1] < bottom) & (taken[:, 3] > top)
    within = (left >= 0) & (top >= 0) & (right <= size[0]) & (bottom <= size[1])
    return np.asarray(within[:, 0] & ~over.any(axis=1))


def _hidden(points: Array, box: Array) -> Mask:
    """Which points lie in a box."""
    x, y = points[..., 0], points[..., 1]
    return np.asarray((x > box[0]) & (x < box[2]) & (y > box[1]) & (y < box[3]))


def head_of(way: Way, width: float) -> list[Point]:
    """The three corners of the arrow at the end of a way."""
    (x, y), (bx, by) = way.tip, way.end
    length = math.dist(way.tip, way.end) or 1.0
    across, down = -(y - by) / length * width / 2, (x - bx) / length * width / 2
    return [(x, y), (bx + across, by + down), (bx - across, by - down)]
