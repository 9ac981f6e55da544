"""The options that commands share, and what they stand for: the project, the database, the format.

Every command has them, so that what only some commands need is imported when it is used.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from negograph.cli.printing import say
from negograph.errors import NegographError, ProblemsFound

if TYPE_CHECKING:
    from negograph.database.target import Target
    from negograph.project import Project
    from negograph.recipes.recipe import Recipe

F = TypeVar("F", bound=Callable[..., Any])


def _remember(context: click.Context, parameter: click.Parameter, value: Path | None) -> None:
    if value is not None:
        context.find_root().obj = value


project_option = click.option(
    "--project",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    expose_value=False,
    callback=_remember,
    help="The project folder, with seeds/ in it; the current folder without it.",
)
"""Adds --project, before or after the command's name; `project_of` opens what it names."""


def together(*options: Callable[[Any], Any]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Several options as one, in the order in which the help lists them."""
    return lambda command: functools.reduce(lambda decorated, option: option(decorated), reversed(options), command)


database_options = together(
    project_option,
    click.option("--uri", metavar="URI", help="The address of a Neo4j server, instead of NEO4J_URI in the environment or .env."),
    click.option("--embedded", is_flag=True, help="Use the embedded engine, whatever the environment or .env name."),
)
"""Adds --project, --uri and --embedded; `target_of` opens what they name."""


def target_options(command: Callable[..., None]) -> Callable[..., None]:
    """Adds --project, --uri and --embedded; the command gets the `project` and the `target` that they name."""

    @functools.wraps(command)
    def with_target(*arguments: Any, uri: str | None, embedded: bool, **others: Any) -> None:
        project = project_of(click.get_current_context())
        command(*arguments, project=project, target=target_of(project, uri, embedded), **others)

    return database_options(with_target)


def target_of(project: Project, uri: str | None, embedded: bool) -> Target:
    """The database that the command works on; wrong usage if the options exclude each other."""
    from negograph.database.target import resolve_target

    if uri == "":
        raise click.UsageError("--uri is empty; write bolt://HOST:7687 or neo4j://HOST")
    if uri and embedded:
        raise click.UsageError("--uri and --embedded exclude each other")
    return resolve_target(project.folder, os.environ, uri, embedded)


def format_option(choices: tuple[str, ...]) -> Callable[[F], F]:
    """Adds --format with these choices, the first by default."""
    return click.option(
        "--format", "form", type=click.Choice(choices), default=choices[0], show_default=True, help="How to print it."
    )


def project_folder(context: click.Context) -> Path:
    """The folder that --project names, else the current one."""
    return context.find_root().obj or Path()


def in_project(context: click.Context) -> bool:
    """Whether the command runs in a project, or --project names one."""
    return context.find_root().obj is not None or Path("seeds").is_dir()


def project_of(context: click.Context) -> Project:
    """The project that the command works on; wrong usage if there is none."""
    from negograph.project import open_project

    try:
        return open_project(project_folder(context), os.environ)
    except NegographError as error:
        raise click.UsageError(str(error)) from error


def recipes_of(context: click.Context, wanted: str = "") -> dict[str, Recipe]:
    """The recipes that the command can use; it is said which cannot be read. ProblemsFound if the `wanted` one is among these."""
    from negograph.project import shipped
    from negograph.recipes.files import usable_recipes

    recipes, broken = usable_recipes(project_of(context).recipe_folders() if in_project(context) else [shipped("queries")])
    if wanted in broken:
        raise ProblemsFound(broken[wanted])
    for problems in broken.values():
        say(f"note: {problems[0].position.file} cannot be used; `negograph queries --check` shows why")
    return recipes
