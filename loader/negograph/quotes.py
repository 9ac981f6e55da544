"""Quotes, and where they stand in a source text.

A quote pins a place in a text that may not be redistributed: a few words, or the first and the last words of a passage
joined by an ellipsis. It is looked up exactly but for white space, quotation marks, apostrophes and dashes.
"""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from pathlib import Path

MAX_WORDS = 12
MAX_GAP = 1000
"""How many characters an ellipsis can stand for."""

_ELLIPSIS = re.compile(r"\s*(?:\[?(?:…|\.\.\.)\]?)\s*")
_FOLDED = {
    **dict.fromkeys("“”„‟«»‹›＂", '"'),
    **dict.fromkeys("‘’‚‛`´ʼ＇", "'"),
    **dict.fromkeys("‐‑‒–—―−﹣－", "-"),
}
_FOLDING = str.maketrans({**_FOLDED, "\u00ad": "", "\u200b": "", "\ufeff": ""})
_SPACE = re.compile(r"\s+")


def read_text(path: Path) -> str:
    """Read a source text, folded as quotes are.

    Raises:
        OSError: if the file cannot be read.
        UnicodeDecodeError: if it is not UTF-8.
    """
    return fold(path.read_bytes().decode("utf-8-sig"))


def fold(text: str) -> str:
    """The text with every run of white space as one blank, and one kind of quotation mark, apostrophe and dash."""
    return _SPACE.sub(" ", text.translate(_FOLDING)).strip()


def word_count(quote: str) -> int:
    """How many words of the text a quote repeats."""
    return len(_ELLIPSIS.sub(" ", quote).split())


def places(text: str, quote: str, prefix: str = "", suffix: str = "") -> int:
    """How often the quote stands in a folded text, between `prefix` and `suffix` if these are given."""
    parts = [re.escape(fold(part)) for part in _ELLIPSIS.split(quote) if part]
    if not parts:
        return 0
    before = re.escape(fold(prefix)) + " ?" if prefix else ""
    after = " ?" + re.escape(fold(suffix)) if suffix else ""
    passage = f".{{1,{MAX_GAP}}}?".join(parts)
    pattern = re.compile(rf"(?<!\w)(?={before}{passage}{after}(?!\w))")
    return sum(1 for _ in pattern.finditer(text))


def nearest(text: str, quote: str) -> str:
    """The passage of a folded text that is most like the quote: what to show to somebody whose quote was not found."""
    wanted = fold(_ELLIPSIS.split(quote)[0])
    match = SequenceMatcher(None, text, wanted, autojunk=False).find_longest_match()
    start = max(0, match.a - match.b)
    return text[start : start + len(wanted)].strip()
