"""Hints that end a message: which known word is meant by one that is not known."""

from collections.abc import Iterable, Mapping

_NEAR_ENOUGH = 0.66
"""How like a word must be to another to count as a slip of the pen for it: one edit in 3 letters, two in 6, three in 9.

An edit is a letter that is missing, too many or another one, or two neighbours that changed places.
"""

_BEGINS_LIKE = 0.85
"""How like it must be by the measure of Jaro and Winkler, too, which looks at how words begin: `depend` is not for `demand`."""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A hint that ends a message: the known word nearest to `word`, or nothing where none is near."""
    near = nearest(word, {name.casefold(): name for name in known})
    return f"; did you mean {near!r}?" if near else ""


def nearest(word: str, folded: Mapping[str, str]) -> str | None:
    """What the word is most likely a slip of the pen for: a value of `folded`, whose keys are known words, case folded."""
    word = word.casefold()
    if word in folded:
        return folded[word]
    from rapidfuzz import process  # takes a while to load, and most runs have nobody to give a hint to
    from rapidfuzz.distance import OSA, JaroWinkler

    found = process.extractOne(word, folded.keys(), scorer=OSA.normalized_similarity, score_cutoff=_NEAR_ENOUGH)
    return folded[found[0]] if found and JaroWinkler.normalized_similarity(word, found[0]) > _BEGINS_LIKE else None
