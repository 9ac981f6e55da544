"""The command that lists, explains and checks recipes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from negograph.cli.completion import RecipeName
from negograph.cli.options import database_options, format_option, project_of, recipes_of, target_of
from negograph.cli.printing import counted, say, tell, tell_json, width
from negograph.errors import ProblemsFound, RecipeError
from negograph.text.escaping import in_json, in_line

if TYPE_CHECKING:
    from negograph.recipes.parameters import Parameter
    from negograph.recipes.recipe import Recipe


@click.command()
@click.argument("name", required=False, type=RecipeName())
@click.option("--search", metavar="WORDS", help="Only recipes with these words in their name, title, description or parameters.")
@click.option(
    "--check", is_flag=True, help="Check all recipes, the project's own too, and ask the database whether it understands them."
)
@format_option(("table", "json"))
@database_options
@click.pass_context
def queries(
    context: click.Context, name: str | None, search: str | None, check: bool, form: str, uri: str | None, embedded: bool
) -> None:
    """List the recipes that `negograph query` runs, or explain the one with NAME.

    Those that negograph ships, and the project's own in its queries/ folder. With --check, exit code 0: all in order; 1:
    problems found.

    \b
    Example:
      negograph queries
      negograph queries congruence
      negograph queries --search demand
      negograph queries --check
    """
    if check:
        if name or search:
            raise click.UsageError("--check checks all recipes; leave out the name and --search")
        _check(context, uri, embedded)
        return
    from negograph.recipes.recipe import find_recipe, grouped
    from negograph.recipes.recipe import search as found_by

    recipes = recipes_of(context, name or "")
    if name is not None:
        try:
            recipe = find_recipe(recipes, name)
        except RecipeError as error:
            raise click.UsageError(str(error)) from error
        tell(in_json(_described(recipe)) if form == "json" else _explained(recipe))
        return
    listed = grouped(found_by(recipes.values(), search or ""))
    if form == "json":
        tell_json([_described(recipe) for recipe in listed])
    elif listed:
        tell(_list(listed))
    else:
        say(f"no recipe has {search!r} in what it says of itself; `negograph queries` lists all")


def _list(recipes: list[Recipe]) -> str:
    from negograph.database.results import Result
    from negograph.render.forms import render

    rows = tuple(
        (
            recipe.group,
            recipe.name,
            ", ".join(p.name if p.required else f"[{p.name}]" for p in recipe.parameters),
            recipe.description,
        )
        for recipe in recipes
    )
    return render(Result(("group", "name", "parameters", "answers"), rows), "table", width())


def _explained(recipe: Recipe) -> str:
    """What `queries NAME` shows."""
    lines = [f"{recipe.title} ({recipe.group})", "", recipe.description]
    if recipe.source:
        lines += ["", f"Source: {recipe.source}"]
    if recipe.note:
        lines += ["", f"Note: {recipe.note}"]
    if recipe.parameters:
        lines += ["", "Parameters:", *(f"  {p.name} ({p.described}): {p.help}" for p in recipe.parameters)]
    given = "".join(f" -p {p.name}=..." for p in recipe.parameters if p.required)
    statement = "\n".join(line for line in recipe.cypher.splitlines()[_header_lines(recipe) :]).strip()
    lines += ["", f"Run it: negograph query {recipe.name}{given}", f"It is in {recipe.path}", ""]
    return "\n".join([*map(in_line, lines), statement])


def _header_lines(recipe: Recipe) -> int:
    lines = recipe.cypher.splitlines()
    return next((number for number, line in enumerate(lines) if not line.startswith("//")), len(lines))


def _described(recipe: Recipe) -> dict[str, Any]:
    return {
        "name": recipe.name,
        "title": recipe.title,
        "description": recipe.description,
        "group": recipe.group,
        "parameters": [_described_parameter(parameter) for parameter in recipe.parameters],
        "result": recipe.result,
        "source": recipe.source,
    }


def _described_parameter(parameter: Parameter) -> dict[str, Any]:
    from negograph.recipes.parameters import as_given

    default = None if parameter.default is None else as_given(parameter.default)
    return {
        "name": parameter.name,
        "type": parameter.type,
        "required": parameter.required,
        "default": default,
        "choices": list(parameter.choices),
        "help": parameter.help,
    }


def _check(context: click.Context, uri: str | None, embedded: bool) -> None:
    from negograph.operations.ask import check_recipes_of

    project = project_of(context)
    count, problems = check_recipes_of(project, target_of(project, uri, embedded), say)
    if problems:
        raise ProblemsFound(problems)
    tell(f"{counted(count, 'recipe')}, nothing wrong")
