"""negograph: curated facts about a negotiation as a Neo4j graph.

What the command line does, Python can do: `check` the seeds of a project, `plan` and `load` them, `connect` to ask the graph.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

from negograph.errors import NegographError, ProblemsFound
from negograph.version import __version__

if TYPE_CHECKING:
    from negograph.database.target import Target
    from negograph.graph.plan import Plan
    from negograph.operations.ask import Connection
    from negograph.operations.load import LoadReport
    from negograph.problems.problem import Position, Problem
    from negograph.project import Project

__all__ = ["NegographError", "Position", "Problem", "ProblemsFound", "__version__", "check", "connect", "load", "plan"]

# What is not an error or the version is imported when it is asked for: every command begins by importing this module, and the
# driver alone takes longer to load than a check of small seeds.

if not TYPE_CHECKING:  # else a type checker would take any name for one of this module's

    def __getattr__(name: str) -> object:
        if name not in ("Position", "Problem"):
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from negograph.problems import problem

        return getattr(problem, name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


def check(path: str | Path = ".", *, require_texts: bool = False) -> list[Problem]:
    """Every mistake in the seeds of a project, errors and warnings, by file and line; none if it can be loaded as it is.

    Args:
        path: the project's folder, or a file or folder in the project; all of the project is checked.
        require_texts: that the text of a document is not there is an error.

    Raises:
        NegographError: if there is no project.
    """
    from negograph.operations.seeds import check_seeds
    from negograph.project import enclosing_project, open_project

    project = open_project(enclosing_project(Path(path)) or Path(path), os.environ)
    return list(check_seeds(project, require_texts=require_texts).problems)


def plan(
    project: str | Path = ".",
    *,
    uri: str | None = None,
    embedded: bool = False,
    repair: bool = False,
    say: Callable[[str], None] = lambda message: None,
) -> Plan:
    """What a load would do. Nothing is written.

    Args:
        project: the project's folder.
        uri: the address of a Neo4j server; without it the one that NEO4J_URI names, in the environment or in `.env` of the
            project, else the embedded engine.
        embedded: use the embedded engine, whatever is named elsewhere.
        repair: compare the whole graph property by property, as `load` with `repair` does.
        say: gets each note, as the command line prints it on standard error.

    Raises:
        ProblemsFound: if the seeds have errors.
        NegographError: if there is no project, or the database cannot be reached.
    """
    from negograph.operations.load import plan_project

    return plan_project(*_opened(project, uri, embedded), say, repair=repair)


def load(
    project: str | Path = ".",
    *,
    uri: str | None = None,
    embedded: bool = False,
    yes: bool = False,
    force: bool = False,
    repair: bool = False,
    in_batches: bool = False,
    say: Callable[[str], None] = lambda message: None,
) -> LoadReport:
    """Check the seeds and load them into the graph: all of it or nothing. `plan` explains the other arguments.

    With `yes` it also removes a large part of the dataset, or replaces a state that this checkout does not contain. With `force`
    it also removes what others put on nodes that go; that is written to a file first. With `repair` it compares the whole graph,
    and puts right what was changed by hand. With `in_batches` it takes several transactions, for a server whose memory does not
    hold one; wherever that ends, the next load goes on.

    Returns:
        The plan, the number of nodes and relationships that were written (None where there was nothing to do), and the file
        with what others had put there (None where nothing of theirs went).

    Raises:
        ProblemsFound: if the seeds have errors.
        NegographError: if there is no project, the database cannot be reached or refuses the load, or something would be
            lost that neither `yes` nor `force` allows.
    """
    from negograph.operations.load import load_project, refuse_doubtful

    approve = (lambda doubt: None) if yes else refuse_doubtful
    return load_project(*_opened(project, uri, embedded), say, approve, force=force, repair=repair, in_batches=in_batches)


def connect(project: str | Path = ".", *, uri: str | None = None, embedded: bool = False) -> AbstractContextManager[Connection]:
    """The graph of a project, open for questions until the context ends. `plan` explains the arguments.

    Raises:
        NegographError: if there is no project, or the database cannot be reached.
    """
    from negograph.operations.ask import open_connection

    return open_connection(*_opened(project, uri, embedded))


def _opened(folder: str | Path, uri: str | None, embedded: bool) -> tuple[Project, Target]:
    from negograph.database.target import resolve_target
    from negograph.project import open_project

    project = open_project(Path(folder), os.environ)
    return project, resolve_target(project.folder, os.environ, uri, embedded)
