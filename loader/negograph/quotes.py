"""Quotes, and where they stand in a source text.

A quote pins a place in a text that may not be redistributed: a few words, or the first and the last words of a passage
joined by an ellipsis. It is looked up exactly but for white space, quotation marks, apostrophes and dashes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from difflib import SequenceMatcher

MAX_WORDS = 12
MAX_CHARACTERS = 150
MAX_PASSAGE = 2000
"""How many characters a passage with an ellipsis may span."""

_ELLIPSIS = re.compile(r"\s*(?:\[?(?:…|\.\.\.)\]?)\s*")
_FOLDED = {
    **dict.fromkeys("“”„‟«»‹›＂", '"'),
    **dict.fromkeys("‘’‚‛`´ʼ＇", "'"),
    **dict.fromkeys("‐‑‒–—―−﹣－", "-"),
}
_FOLDING = str.maketrans({**_FOLDED, "\u00ad": "", "\u200b": "", "\ufeff": ""})
_SPACE = re.compile(r"\s+")
_WITHOUT_SPACES = ("CJK", "HIRAGANA", "KATAKANA", "THAI", "LAO", "KHMER", "MYANMAR", "TIBETAN")
"""Scripts that put no blanks between words, as the names of their characters begin."""


def fold(text: str) -> str:
    """The text with every run of white space as one blank, and one kind of quotation mark, apostrophe and dash."""
    return _SPACE.sub(" ", text.translate(_FOLDING)).strip()


def word_count(quote: str) -> int:
    """How many words of the text a quote repeats."""
    return len(_ELLIPSIS.sub(" ", quote).split())


def places(text: str, quote: str, prefix: str = "", suffix: str = "") -> int:
    """How often the quote stands in a folded text, as whole words, between `prefix` and `suffix` if these are given."""
    parts = [fold(part) for part in _ELLIPSIS.split(quote) if part.strip()]
    if not parts:
        return 0
    spans = [(start, end) for start in _starts(text, parts[0]) if (end := _end(text, parts, start)) is not None]
    return sum(1 for span in spans if _between(text, span, fold(prefix), fold(suffix)))


def nearest(text: str, quote: str) -> str:
    """The passage of a folded text that is most like the quote: what to show to somebody whose quote was not found."""
    wanted = fold(_ELLIPSIS.split(quote)[0])
    match = SequenceMatcher(None, text, wanted, autojunk=False).find_longest_match()
    start = max(0, match.a - match.b)
    return text[start : start + len(wanted)].strip()


def _starts(text: str, part: str, first: int = 0, last: int | None = None) -> Iterator[int]:
    """Where the part stands in the text as whole words, from `first` on and ending by `last`."""
    start = text.find(part, first, last)
    while start >= 0:
        if not _within_word(text, start) and not _within_word(text, start + len(part)):
            yield start
        start = text.find(part, start + 1, last)


def _end(text: str, parts: list[str], start: int) -> int | None:
    """Where a passage ends that begins at `start` and has all the parts in their order, none too far away."""
    end = start + len(parts[0])
    for part in parts[1:]:
        following = next(_starts(text, part, end + 1, start + MAX_PASSAGE), None)
        if following is None:
            return None
        end = following + len(part)
    return end


def _within_word(text: str, index: int) -> bool:
    """Whether a cut before the character at `index` would go through a word."""
    return 0 < index < len(text) and all(map(_joins, text[index - 1 : index + 1]))


def _joins(character: str) -> bool:
    return (character.isalnum() or character == "_") and not unicodedata.name(character, "").startswith(_WITHOUT_SPACES)


def _between(text: str, span: tuple[int, int], prefix: str, suffix: str) -> bool:
    before = text[max(0, span[0] - len(prefix) - 1) : span[0]].rstrip()
    after = text[span[1] : span[1] + len(suffix) + 1].lstrip()
    return before.endswith(prefix) and after.startswith(suffix)
