"""The commands that ask the graph: list the recipes, run one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from negograph.cli.common import format_option, project_of, project_option, say, target_of, target_options, width
from negograph.rendering import FORMATS, render

if TYPE_CHECKING:
    from negograph.recipes import Recipe


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
    target = target_of(context, uri, embedded)
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
