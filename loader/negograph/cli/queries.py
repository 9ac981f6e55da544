"""The command that lists, explains and checks recipes."""

from dataclasses import asdict
from itertools import dropwhile
from typing import Any

import click

from negograph.cli.completion import RecipeName
from negograph.cli.options import database_options, format_option, project_of, recipes_of, target_of
from negograph.cli.printing import counted, say, tell, tell_json, width
from negograph.database.results import Result
from negograph.errors import ProblemsFound, RecipeError
from negograph.recipes.parameters import as_given
from negograph.recipes.recipe import Recipe, find_recipe, found_by, grouped
from negograph.render.forms import render
from negograph.text.escaping import in_json, in_line


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
    lines = [f"{recipe.title} ({recipe.group})", "", recipe.description]
    for key, said in (("Source", recipe.source), ("Note", recipe.note)):
        lines += ["", f"{key}: {said}"] if said else []
    if recipe.parameters:
        lines += ["", "Parameters:", *(f"  {p.name} ({p.described}): {p.help}" for p in recipe.parameters)]
    given = "".join(f" -p {p.name}=..." for p in recipe.parameters if p.required)
    statement = "\n".join(dropwhile(lambda line: line.startswith("//"), recipe.cypher.splitlines())).strip()
    lines += ["", f"Run it: negograph query {recipe.name}{given}", f"It is in {recipe.path}", ""]
    return "\n".join([*map(in_line, lines), statement])


def _described(recipe: Recipe) -> dict[str, Any]:
    shown = ("name", "title", "description", "group", "result", "source")
    parameters = [{**asdict(p), "default": None if p.default is None else as_given(p.default)} for p in recipe.parameters]
    return {**{key: getattr(recipe, key) for key in shown}, "parameters": parameters}


def _check(context: click.Context, uri: str | None, embedded: bool) -> None:
    from negograph.operations.ask import check_recipes_of

    project = project_of(context)
    count, problems = check_recipes_of(project, target_of(project, uri, embedded), say)
    if problems:
        raise ProblemsFound(problems)
    tell(f"{counted(count, 'recipe')}, nothing wrong")
