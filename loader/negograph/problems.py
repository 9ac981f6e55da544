"""What is wrong with what somebody wrote, and where."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True, order=True, slots=True)
class Position:
    """A place in a file. Lines and columns count from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, order=True, slots=True)
class Problem:
    """One mistake: its place, a stable code, and a message that says what it is and what to do."""

    position: Position
    code: str
    message: str

    def __str__(self) -> str:
        return f"{self.position}: error[{self.code}]: {self.message}"


class NegographError(Exception):
    """Something that the user can mend; its text says what and how."""


class ProblemsFound(NegographError):
    """Mistakes in files; `problems` holds all of them, sorted by place."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(set(problems))
        super().__init__("\n".join(map(str, self.problems)))


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A hint that ends a message: the known word nearest to `word`, or nothing where none is near."""
    by_folded = {name.casefold(): name for name in known}
    near = get_close_matches(word.casefold(), list(by_folded), n=1, cutoff=0.7)
    return f"; did you mean {by_folded[near[0]]!r}?" if near else ""
