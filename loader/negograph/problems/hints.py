"""Hints that end a message: which known word is meant by one that is not known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

_NEAR_ENOUGH = 70.0
"""From which likeness on (0 to 100, by insertions and deletions) a word counts as a slip of the pen for another."""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A hint that ends a message: the known word nearest to `word`, or nothing where none is near."""
    near = nearest(word, {name.casefold(): name for name in known})
    return f"; did you mean {near!r}?" if near else ""


def nearest(word: str, folded: Mapping[str, str]) -> str | None:
    """What the word is most likely a slip of the pen for: a value of `folded`, whose keys are known words, case folded."""
    from rapidfuzz import fuzz, process  # takes a while to load, and most runs have nobody to give a hint to

    found = process.extractOne(word.casefold(), folded.keys(), scorer=fuzz.ratio, score_cutoff=_NEAR_ENOUGH)
    return folded[found[0]] if found else None
