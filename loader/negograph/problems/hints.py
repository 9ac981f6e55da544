"""Hints that end a message: which known word is meant by one that is not known."""

from collections.abc import Iterable, Mapping

_NEAR_ENOUGH, _OF_SHORT = 0.68, 0.66
"""How like a word must be to another to count as a slip of the pen for it: one edit in 3 or 4 letters, two in 7, three in 10.

An edit is a letter that is missing, too many or another one, or two neighbours that changed places.
"""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A hint that ends a message: the known word nearest to `word`, or nothing where none is near."""
    near = nearest(word, {name.casefold(): name for name in known})
    return f"; did you mean {near!r}?" if near else ""


def nearest(word: str, folded: Mapping[str, str]) -> str | None:
    """What the word is most likely a slip of the pen for: a value of `folded`, whose keys are known words, case folded."""
    from rapidfuzz import process  # takes a while to load, and most runs have nobody to give a hint to
    from rapidfuzz.distance import OSA

    enough = _NEAR_ENOUGH if len(word) > 3 else _OF_SHORT
    found = process.extractOne(word.casefold(), folded.keys(), scorer=OSA.normalized_similarity, score_cutoff=enough)
    return folded[found[0]] if found else None
