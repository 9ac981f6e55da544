"""negograph: curated facts about a negotiation as a Neo4j graph."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from negograph.errors import NegographError
from negograph.problems.problem import Position, Problem

__version__ = "0.1.0"
__all__ = ["NegographError", "Position", "Problem", "check", "connect"]

if TYPE_CHECKING:
    from negograph.operations.connection import connect


def __getattr__(name: str) -> Any:
    if name == "connect":  # it loads the driver, which most commands do without
        from negograph.operations.connection import connect

        return connect
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def check(path: str | Path = ".", *, require_texts: bool = False) -> list[Problem]:
    """Every mistake in the seeds of a project, errors and warnings, by file and line; none if it can be loaded as it is.

    Args:
        path: the project's folder, or a file or folder in the project; all of the project is checked.
        require_texts: that the text of a document is not there is an error.

    Raises:
        NegographError: if there is no project.
    """
    import os

    from negograph.checks.project import check_project
    from negograph.errors import ProblemsFound
    from negograph.model.schema_files import load_model
    from negograph.project import enclosing_project, open_project

    project = open_project(enclosing_project(Path(path)) or Path(path), os.environ)
    try:
        model = load_model(project.schema_folders())
    except ProblemsFound as schema:
        return list(schema.problems)
    return list(check_project(project, model, require_texts=require_texts).problems)
