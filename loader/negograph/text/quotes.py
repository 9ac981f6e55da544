"""Quotes, and where they stand in a source text.

A quote pins a place in a text that may not be redistributed: a few words, or the first and the last words of a passage
joined by an ellipsis. It is looked up exactly but for white space, quotation marks, apostrophes, dashes, and characters
that nobody sees.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property

from negograph.text.characters import WITHOUT_INVISIBLE, lines_of

MAX_WORDS = 12
MAX_CHARACTERS = 150
MAX_PASSAGE = 2000
"""How many characters a passage with an ellipsis may span."""

_INDEX_PAYS_FROM = 20
"""How many look-ups in a text are worth an index of its words."""

_ELLIPSIS = re.compile(r"\s*(?:\[?(?:…|\.\.\.)\]?)\s*")
_FOLDED = {
    **dict.fromkeys("“”„‟«»‹›＂", '"'),
    **dict.fromkeys("‘’‚‛`´ʼ＇\u1fef\u1ffd", "'"),
    **dict.fromkeys("‐‑‒–—―−﹣－", "-"),
}
_FOLDING = {**WITHOUT_INVISIBLE, **str.maketrans(_FOLDED)}
_ASCII_FOLDING = {code: kept for code, kept in _FOLDING.items() if code < 128}
_WITHOUT_SPACES = (
    "\u0e00-\u0eff\u0f00-\u0fff\u1000-\u109f\u1780-\u17ff\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
)
"""Thai, Lao, Tibetan, Burmese, Khmer, Japanese and Chinese, which put no blanks between words."""

WORD = re.compile(rf"[^\W{_WITHOUT_SPACES}]+|[{_WITHOUT_SPACES}]")
_JOINS = re.compile(rf"[^\W{_WITHOUT_SPACES}]")

Span = tuple[int, int]


def fold(text: str) -> str:
    """The text with every run of white space as one blank, and one kind of quotation mark, apostrophe and dash.

    What nobody sees is left out, as the check leaves it out of what is written in YAML.
    """
    plain = text.translate(_ASCII_FOLDING) if text.isascii() else unicodedata.normalize("NFC", text.translate(_FOLDING))
    return " ".join(plain.split())


def word_count(quote: str) -> int:
    """How many words of the text a quote repeats."""
    return sum(len(part.split()) for part in parts_of(quote))


def parts_of(quote: str) -> list[str]:
    """The parts of a quote that an ellipsis joins; one where there is none."""
    if "…" not in quote and "..." not in quote:
        return [quote] if quote.strip() else []
    return [part for part in _ELLIPSIS.split(quote) if part.strip()]


class Text:
    """A source text, folded, in which many quotes can be looked up."""

    def __init__(self, content: str) -> None:
        self.content = content
        self.folded = fold(content)
        self._looked_up = 0

    def places(self, quote: str, prefix: str = "", suffix: str = "") -> list[Span]:
        """Where the quote stands in the folded text, as whole words, between `prefix` and `suffix` if these are given."""
        parts = parts_of(fold(quote))
        if not parts:
            return []
        following = [_Following(self.folded, part) for part in parts[1:]]
        starts = self._starts(parts[0])
        spans = [(start, end) for start in starts if (end := _end(start, len(parts[0]), following)) is not None]
        return list(self.between(spans, fold(prefix), fold(suffix)))

    def between(self, spans: Iterable[Span], prefix: str, suffix: str) -> Iterable[Span]:
        """Those of some spans that stand between `prefix` and `suffix`, both folded."""
        if prefix:
            before = (prefix, f"{prefix} ")
            spans = (span for span in spans if self.folded.endswith(before, 0, span[0]))
        if suffix:
            after = (suffix, f" {suffix}")
            spans = (span for span in spans if self.folded.startswith(after, span[1]))
        return spans

    def end_at(self, quote: str, start: int) -> int | None:
        """Where the passage of a quote ends that begins at `start`; None if the quote does not stand there."""
        parts = parts_of(fold(quote))
        if not parts or next(_found(self.folded, parts[0], start, start + len(parts[0])), None) is None:
            return None
        return _end(start, len(parts[0]), [_Following(self.folded, part) for part in parts[1:]])

    def nearest(self, quote: str) -> str:
        """The passage that is most like the quote, to show to somebody whose quote was not found; nothing if none is like it."""
        from rapidfuzz import fuzz  # takes a while to load, and is needed only where something is wrong

        wanted = fold(next(iter(parts_of(quote)), ""))
        best_score, best = 40.0, ""
        for start in self._where_words_of(wanted):
            window_start = max(0, start - len(wanted))
            window = self.folded[window_start : start + len(wanted) + 10]
            found = fuzz.partial_ratio_alignment(wanted, window, score_cutoff=best_score)
            if found is not None and found.score > best_score:
                best_score = found.score
                best = self._whole_words(window_start + found.dest_start, window_start + found.dest_end)
        return best

    def line_of(self, index: int) -> int:
        """The line of the text, counted from 1, in which a place of the folded text is."""
        return self._lines[1][bisect_right(self._lines[0], index) - 1]

    @cached_property
    def _lines(self) -> tuple[list[int], list[int]]:
        """Where each line that is not empty begins in the folded text, and its number."""
        starts, numbers = [], []
        length = 0
        for number, line in enumerate(lines_of(self.content.translate(WITHOUT_INVISIBLE)), 1):
            if folded := fold(line):
                starts.append(length)
                numbers.append(number)
                length += len(folded) + 1
        return starts or [0], numbers or [1]

    @cached_property
    def _index(self) -> dict[str, list[int]]:
        """Where each word begins."""
        index: dict[str, list[int]] = defaultdict(list)
        for match in WORD.finditer(self.folded):
            index[match[0]].append(match.start())
        return dict(index)

    def _where_words_of(self, wanted: str) -> Iterator[int]:
        """Places of the rarer words of a quote in the text."""
        rare = sorted((self._index[word] for word in dict.fromkeys(WORD.findall(wanted)) if word in self._index), key=len)
        for places in rare[:4]:
            yield from places[:20]

    def _whole_words(self, start: int, end: int) -> str:
        """The words that a span of the text touches, without the punctuation at its ends."""
        while within_word(self.folded, start):
            start -= 1
        while within_word(self.folded, end):
            end += 1
        words = list(WORD.finditer(self.folded, start, end))
        return self.folded[words[0].start() : words[-1].end()] if words else ""

    def _starts(self, part: str) -> Iterator[int]:
        """Where the part stands in the text as whole words; by the rarest of its words, where many are looked up."""
        self._looked_up += 1
        words = list(WORD.finditer(part)) if self._looked_up >= _INDEX_PAYS_FROM else []
        if not words:
            return _found(self.folded, part)
        rarest = min(words, key=lambda word: len(self._index.get(word[0], ())))
        starts = (place - rarest.start() for place in self._index.get(rarest[0], ()))
        return (start for start in starts if start >= 0 and next(_found(self.folded, part, start, start + len(part)), -1) >= 0)


class _Following:
    """Where a part behind others stands next, asked for passages in the order of the text: nothing is searched twice."""

    def __init__(self, text: str, part: str) -> None:
        self._text = text
        self._part = part
        self._found = -1
        self._searched = 0

    def end(self, first: int, last: int) -> int | None:
        """Where the part ends that stands next as whole words, from `first` on and ending by `last`; neither ever decreases."""
        if self._found < first:
            self._found = next(_found(self._text, self._part, max(first, self._searched), last), -1)
            if self._found < 0:
                self._searched = max(self._searched, last - len(self._part) + 1)
        end = self._found + len(self._part)
        return end if first <= self._found and end <= last else None


def _end(start: int, length: int, following: Iterable[_Following]) -> int | None:
    """Where a passage ends that begins at `start` with a part so long, and has the others in their order, none too far away."""
    end = start + length
    for part in following:
        following_end = part.end(end + 1, start + MAX_PASSAGE)
        if following_end is None:
            return None
        end = following_end
    return end


def _found(text: str, part: str, first: int = 0, last: int | None = None) -> Iterator[int]:
    """Where the part stands in the text as whole words, from `first` on and ending by `last`."""
    start = text.find(part, first, last)
    while start >= 0:
        if _is_whole(text, start, start + len(part)):
            yield start
        start = text.find(part, start + 1, last)


def _is_whole(text: str, start: int, end: int) -> bool:
    return not within_word(text, start) and not within_word(text, end)


def within_word(text: str, index: int) -> bool:
    """Whether a cut before the character at `index` would go through a word."""
    return 0 < index < len(text) and bool(_JOINS.match(text, index - 1)) and bool(_JOINS.match(text, index))
