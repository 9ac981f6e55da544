"""What is wrong with what somebody wrote, and where; and hints at what was meant."""

from collections.abc import Iterable, Mapping
from typing import Literal, TypeAlias

import msgspec

from negograph.problems.codes import CODES

Severity: TypeAlias = Literal["error", "warning"]


class Position(msgspec.Struct, frozen=True, order=True, array_like=True, gc=False):
    """A place in a file, which is named from the project's folder. Lines and columns count from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


class Problem(msgspec.Struct, frozen=True, array_like=True):
    """One mistake: its place, a stable code, a message that says what it is and what to do, and where else to look."""

    position: Position
    code: str
    message: str
    also: Position | None = None

    @property
    def severity(self) -> Severity:
        """Whether it keeps the facts from being loaded (error) or is worth a look (warning)."""
        return CODES[self.code].severity

    def __str__(self) -> str:
        return f"{self.position}: {self.severity}[{self.code}]: {self.message}"


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Each problem once, by file, line and column."""
    return tuple(sorted(set(problems), key=lambda problem: (problem.position, problem.code, problem.message)))


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
