"""The commands on the graph: load it, list the recipes, ask."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from negograph.cli.common import counted, format_option, project_of, project_option, say, target_options, width
from negograph.problems import ProblemsFound
from negograph.rendering import FORMATS, render

if TYPE_CHECKING:
    from negograph.checking import Checked
    from negograph.model import Model
    from negograph.planning import Plan
    from negograph.project import Project
    from negograph.recipes import Recipe
    from negograph.store_load import Written
    from negograph.target import Target

_PROGRESS_AFTER_SECONDS = 1.0


@click.command()
@project_option
@target_options
@click.pass_context
def load(context: click.Context, uri: str | None, embedded: bool) -> None:
    """Check the seeds and load them into the graph.

    All of it or nothing: if a check fails, nothing is written, and every problem is printed as file:line:col. A load
    without changes writes nothing. Goes to the server that --uri, NEO4J_URI in the environment or .env names, else to
    the embedded engine in .negograph/.

    \b
    Example:
      negograph load
      negograph load --project my-negotiation --uri bolt://localhost:7687
    """
    from negograph.mapping import map_graph
    from negograph.schema import load_model
    from negograph.store import open_store

    project, target = _project_and_target(context, uri, embedded)
    say(f"target: {target}")
    model = load_model(project.schema_folders())
    checked = _checked(project, model)
    assert checked.dataset is not None
    graph = map_graph(checked.dataset, checked.records, model)
    with open_store(target, say) as store:
        plan = store.plan(graph)
        if plan.empty:
            click.echo(f"{graph.title}\nentries: {len(graph.entries)}, nothing changed, nothing written")
            return
        with _progress() as progress:
            written = store.apply(plan, model, progress)
    click.echo(_report(plan, written))


def _project_and_target(context: click.Context, uri: str | None, embedded: bool) -> tuple[Project, Target]:
    from negograph.target import resolve_target

    if uri == "":
        raise click.UsageError("--uri is empty; write bolt://HOST:7687 or neo4j://HOST")
    if uri and embedded:
        raise click.UsageError("--uri and --embedded exclude each other")
    project = project_of(context)
    return project, resolve_target(project.folder, os.environ, uri, embedded)


def _checked(project: Project, model: Model) -> Checked:
    from negograph.checking import check_project

    checked = check_project(project, model)
    if checked.errors:
        raise ProblemsFound(checked.errors)
    if checked.problems:
        say(f"note: {counted(len(checked.problems), 'warning')}; `negograph check` shows them")
    if checked.unverified:
        say(f"note: {checked.unverified} of {checked.quotes} quotes not verified: their texts are not in {project.texts}")
    return checked


def _report(plan: Plan, written: Written) -> str:
    entries = f"entries: {len(plan.added)} added, {len(plan.changed)} changed, {len(plan.removed)} removed"
    nodes = f"nodes: {written.nodes_created} created, {written.nodes_updated} updated, {written.nodes_deleted} deleted"
    edges = (
        f"relationships: {written.relationships_created} created, {written.relationships_updated} updated, "
        f"{written.relationships_deleted} deleted"
    )
    return f"{plan.title}\n{entries}\n{nodes}; {edges}"


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None]]:
    """A progress bar on standard error, once the work has taken a while and if a person is watching."""
    started = time.monotonic()
    with ExitStack() as stack:
        bar: Any = None

        def advance(done: int, total: int) -> None:
            nonlocal bar
            if bar is None and sys.stderr.isatty() and time.monotonic() - started > _PROGRESS_AFTER_SECONDS:
                bar = stack.enter_context(click.progressbar(length=total, label="writing", file=sys.stderr))
            if bar is not None:
                bar.update(done - bar.pos)

        yield advance


@click.command()
@project_option
@format_option(("table", "json"))
@click.pass_context
def queries(context: click.Context, form: str) -> None:
    """List the recipes that `negograph query` runs.

    Those that negograph ships, and the project's own in its queries/ folder.

    \b
    Example:
      negograph queries
      negograph queries --format json
    """
    recipes = list(_recipes(context).values())
    if form == "json":
        import json

        click.echo(json.dumps([_described(recipe) for recipe in recipes], ensure_ascii=False, indent=2))
        return
    from negograph.results import Result

    rows = tuple(
        (
            recipe.group,
            recipe.name,
            ", ".join(p.name if p.required else f"[{p.name}]" for p in recipe.parameters),
            recipe.description,
        )
        for recipe in sorted(recipes, key=lambda recipe: (recipe.group, recipe.name))
    )
    click.echo(render(Result(("group", "name", "parameters", "answers"), rows), "table", width()), nl=False)


def _recipes(context: click.Context) -> dict[str, Recipe]:
    """The shipped recipes, and the project's own where the command runs in a project."""
    from negograph.project import shipped
    from negograph.recipes import load_recipes

    in_project = context.find_root().obj is not None or Path("seeds").is_dir()
    return load_recipes(project_of(context).recipe_folders() if in_project else [shipped("queries")])


def _described(recipe: Recipe) -> dict[str, Any]:
    return {
        "name": recipe.name,
        "title": recipe.title,
        "description": recipe.description,
        "group": recipe.group,
        "parameters": [{"name": p.name, "type": p.type, "required": p.required, "help": p.help} for p in recipe.parameters],
        "result": recipe.result,
    }


@click.command()
@click.argument("name")
@click.option(
    "-p",
    "--parameter",
    "parameters",
    multiple=True,
    metavar="NAME=VALUE",
    help="A parameter of the recipe; `negograph queries` shows which it takes. Entries go by id, name or alias.",
)
@format_option(tuple(FORMATS))
@project_option
@target_options
@click.pass_context
def query(context: click.Context, name: str, parameters: tuple[str, ...], form: str, uri: str | None, embedded: bool) -> None:
    """Run a recipe and print its answer.

    \b
    Example:
      negograph query positions -p party=russia
      negograph query offers --format csv > offers.csv
    """
    from negograph.recipes import RecipeError, check_names, find_recipe, run_recipe
    from negograph.store import open_store

    given = _given(parameters)
    _, target = _project_and_target(context, uri, embedded)
    try:
        recipe = find_recipe(_recipes(context), name)
        check_names(recipe, given)
    except RecipeError as error:
        raise click.UsageError(str(error)) from error
    say(f"target: {target}")
    with open_store(target, say) as store:
        if store.empty():
            say("note: the graph is empty; `negograph load` fills it")
        answer = run_recipe(store, recipe, given)
    click.echo(render(answer, form, width()), nl=False)


def _given(parameters: tuple[str, ...]) -> dict[str, str]:
    given: dict[str, str] = {}
    for parameter in parameters:
        name, equals, value = parameter.partition("=")
        if not equals or not name:
            raise click.UsageError(f"{parameter!r} is no parameter; write -p NAME=VALUE")
        if name in given:
            raise click.UsageError(f"the parameter {name!r} is given twice")
        given[name] = value
    return given
