"""Errors that the user can fix, as one tree. The text of each says what is wrong and what to do.

NegographError
├── ProblemsFound     mistakes in files, all at once, each with its place
├── EngineError       the embedded engine cannot be used
├── NotMadeHere       data of the embedded engine that negograph did not make on this machine
├── StoreError        the database refuses something, or holds what a load must not touch
│   └── Unreachable   the database is not there, or not any more
├── RecipeError       a recipe that does not exist, or parameters that it does not have
└── ParameterError    a value that a parameter cannot take
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from negograph.problems.problem import Problem


class NegographError(Exception):
    """Something that the user can fix; its text says what and how."""


class ProblemsFound(NegographError):
    """Mistakes in files; `problems` holds all of them, sorted by place."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        from negograph.problems.problem import in_order

        self.problems = in_order(problems)
        super().__init__("\n".join(map(str, self.problems)))


class ParameterError(NegographError):
    """A value that a parameter cannot take."""


class RecipeError(NegographError):
    """A recipe that does not exist, or parameters that do not fit it."""


class StoreError(NegographError):
    """The database refused something, cannot be reached, or holds what the load must not touch."""


class Unreachable(StoreError):
    """The database is not there, or not any more."""


class EngineError(NegographError):
    """The embedded engine is not installed, does not start, or its folder cannot be used."""


class NotMadeHere(NegographError):
    """The engine's data was not made by negograph here, or holds what negograph does not write."""


def said_by_system(error: OSError) -> str:
    """What the system refused, and about which file."""
    return f"{error.strerror or error}{f': {error.filename}' if error.filename else ''}"
