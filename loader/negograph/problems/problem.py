"""What is wrong with what somebody wrote, and where."""

from collections.abc import Iterable
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
