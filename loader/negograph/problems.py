"""What is wrong with what somebody wrote, and where."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal, TypeAlias

import msgspec

from negograph.problem_codes import CODES

Severity: TypeAlias = Literal["error", "warning"]

_NEAR_ENOUGH = 70.0
"""From which likeness on (0 to 100, by insertions and deletions) a word counts as a slip of the pen for another."""


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


class NegographError(Exception):
    """Something that the user can mend; its text says what and how."""


class ProblemsFound(NegographError):
    """Mistakes in files; `problems` holds all of them, sorted by place."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = in_order(problems)
        super().__init__("\n".join(map(str, self.problems)))


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A hint that ends a message: the known word nearest to `word`, or nothing where none is near."""
    near = nearest(word, {name.casefold(): name for name in known})
    return f"; did you mean {near!r}?" if near else ""


def nearest(word: str, folded: Mapping[str, str]) -> str | None:
    """What the word is most likely a slip of the pen for: a value of `folded`, whose keys are known words, case folded."""
    from rapidfuzz import fuzz, process  # takes a while to load, and most runs have nobody to give a hint to

    found = process.extractOne(word.casefold(), folded.keys(), scorer=fuzz.ratio, score_cutoff=_NEAR_ENOUGH)
    return folded[found[0]] if found else None
