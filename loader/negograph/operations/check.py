"""Checking: every mistake in the seeds of a project."""

from __future__ import annotations

from negograph.checks.project import Checked, check_project
from negograph.errors import ProblemsFound
from negograph.model.schema_files import load_model
from negograph.project import Project


def check_seeds(project: Project, *, require_texts: bool = False) -> Checked:
    """What checking a project finds; where its own schema has mistakes, these alone, for nothing else can be said then."""
    try:
        model = load_model(project.schema_folders())
    except ProblemsFound as schema:
        return Checked(None, (), schema.problems, 0, 0, ())
    return check_project(project, model, require_texts=require_texts)
