"""Quotes, and where they stand in a source text.

A quote pins a place in a text that may not be redistributed: a few words, or the first and the last words of a passage
joined by an ellipsis. It is looked up exactly but for white space, quotation marks, apostrophes, dashes, and characters
that nobody sees.
"""

import re
import unicodedata
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property, partial
from operator import itemgetter

from negograph.text.characters import WITHOUT_INVISIBLE, lines_of

MAX_WORDS = 12
MAX_CHARACTERS = 150
MAX_PASSAGE = 2000
"""How many characters a passage with an ellipsis may span."""

_INDEX_PAYS_FROM = 20
"""How many look-ups in a text are worth an index of its words."""

_RARER_WORDS, _PLACES_OF_EACH = 4, 20
"""Around how many words of a quote that is not there, and how many places of each, the nearest passage is looked for."""

_ELLIPSIS = re.compile(r"\s*(?:\[?(?:…|\.\.\.)\]?)\s*")
_FOLDED = {
    **dict.fromkeys("“”„‟«»‹›＂", '"'),
    **dict.fromkeys("‘’‚‛`´ʼ＇\u1fef\u1ffd", "'"),
    **dict.fromkeys("‐‑‒–—―−﹣－", "-"),
}
FOLDING = {**WITHOUT_INVISIBLE, **str.maketrans(_FOLDED)}
_ASCII_FOLDING = {code: kept for code, kept in FOLDING.items() if code < 128}
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
    plain = text.translate(_ASCII_FOLDING) if text.isascii() else unicodedata.normalize("NFC", text.translate(FOLDING))
    return " ".join(plain.split())


def word_count(quote: str) -> int:
    """How many words of the text a quote repeats."""
    return sum(len(part.split()) for part in parts_of(quote))


def fits(quote: str) -> bool:
    """Whether a quote is short enough to be one."""
    return word_count(quote) <= MAX_WORDS and len(quote) <= MAX_CHARACTERS


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
        spans = [(start, start + len(parts[0])) for start in self._starts(parts[0])] if parts else []
        for part in parts[1:] if spans else ():
            spans = list(_continued(spans, self._starts(part), len(part)))
        return self.between(spans, fold(prefix), fold(suffix))

    def between(self, spans: list[Span], prefix: str, suffix: str) -> list[Span]:
        """Those of some spans that stand between `prefix` and `suffix`, both folded; either may be empty."""
        if not prefix and not suffix:
            return spans
        before, after = (prefix, f"{prefix} "), (suffix, f" {suffix}")
        return [span for span in spans if self.folded.endswith(before, 0, span[0]) and self.folded.startswith(after, span[1])]

    def nearest(self, quote: str) -> str:
        """The passage that is most like the quote, to show to somebody whose quote was not found; nothing if none is like it."""
        from rapidfuzz import fuzz  # takes a while to load, and is needed only where something is wrong

        wanted = fold(next(iter(parts_of(quote)), ""))
        places = filter(None, map(self._index.get, dict.fromkeys(WORD.findall(wanted))))
        best_score, best = 40.0, ""
        for start in (start for starts in sorted(places, key=len)[:_RARER_WORDS] for start in starts[:_PLACES_OF_EACH]):
            window_start = max(0, start - len(wanted))
            window = self.folded[window_start : start + len(wanted) + 10]
            found = fuzz.partial_ratio_alignment(wanted, window, score_cutoff=best_score)
            if found is not None and found.score > best_score:
                best_score = found.score
                best = self._whole_words(window_start + found.dest_start, window_start + found.dest_end)
        return best

    def line_of(self, index: int) -> int:
        """The line of the text, counted from 1, in which a place of the folded text is."""
        return self._lines[bisect_right(self._lines, index, key=itemgetter(0)) - 1][1]

    @cached_property
    def _lines(self) -> list[tuple[int, int]]:
        """Where each line that is not empty begins in the folded text, and its number."""
        lines: list[tuple[int, int]] = []
        length = 0
        for number, line in enumerate(lines_of(self.content.translate(WITHOUT_INVISIBLE)), 1):
            if folded := fold(line):
                lines.append((length, number))
                length += len(folded) + 1
        return lines

    @cached_property
    def _index(self) -> dict[str, list[int]]:
        index: dict[str, list[int]] = defaultdict(list)
        for match in WORD.finditer(self.folded):
            index[match[0]].append(match.start())
        return index

    def _whole_words(self, start: int, end: int) -> str:
        """The words that a span of the text touches, without the punctuation at its ends."""
        while within_word(self.folded, start):
            start -= 1
        while within_word(self.folded, end):
            end += 1
        words = list(WORD.finditer(self.folded, start, end))
        return self.folded[words[0].start() : words[-1].end()] if words else ""

    def _starts(self, part: str) -> list[int]:
        """Where the part stands in the text as whole words; by the rarest of its words, where many are looked up."""
        self._looked_up += 1
        starts: Iterable[int] = _found(self.folded, part)
        if self._looked_up >= _INDEX_PAYS_FROM and (words := [(word.start(), word[0]) for word in WORD.finditer(part)]):
            index = self._index
            _, offset, rarest = min((len(index.get(word, ())), start, word) for start, word in words)
            places = (place - offset for place in index.get(rarest, ()))
            starts = (start for start in places if start >= 0 and self.folded.startswith(part, start))
        cut = partial(within_word, self.folded)
        return [start for start in starts if not cut(start) and not cut(start + len(part))]


def _continued(spans: list[Span], starts: list[int], length: int) -> Iterator[Span]:
    """The passages up to the next place of a part so long, of those where it stands; none is longer than a passage may be."""
    for start, end in spans:
        following = bisect_right(starts, end)
        if following < len(starts) and starts[following] + length <= start + MAX_PASSAGE:
            yield start, starts[following] + length


def _found(text: str, part: str) -> Iterator[int]:
    start = text.find(part)
    while start >= 0:
        yield start
        start = text.find(part, start + 1)


def within_word(text: str, index: int) -> bool:
    """Whether a cut before the character at `index` would go through a word."""
    return 0 < index < len(text) and bool(_JOINS.match(text, index - 1)) and bool(_JOINS.match(text, index))
