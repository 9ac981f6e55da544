"""The commands that ask the graph: list, explain and check recipes, run one, run Cypher of one's own."""

import sys
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from itertools import dropwhile
from pathlib import Path
from typing import Any

import click

from negograph.cli.completion import ParameterValue, RecipeName
from negograph.cli.heavy import let_in_numpy
from negograph.cli.options import database_options, format_option, project_of, recipes_of, target_of, target_options, together
from negograph.cli.printing import counted, say, tell, tell_bytes, tell_json, width
from negograph.database.results import Result
from negograph.database.target import Target
from negograph.errors import ParameterError, ProblemsFound, RecipeError
from negograph.files import refuse_to_overwrite, write_whole
from negograph.project import Project, shipped
from negograph.recipes.files import recipe_in_file, recipe_of
from negograph.recipes.recipe import Argument, Recipe, as_commands, as_given, find_recipe, found_by, grouped, read_values
from negograph.render.forms import FILES, FORMATS, render, render_file
from negograph.text.characters import in_json, in_line


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
      negograph queries network
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
    for key, said in (("Source", recipe.source), ("Note", recipe.note), ("Empty", recipe.empty)):
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


_FILE = ".cypher"
"""How the name of a file with a recipe ends."""

_MOST_ROWS = 1000
"""How many rows of an own query are taken unless --limit says another number."""


parameter_option = click.option(
    "-p",
    "--parameter",
    "parameters",
    multiple=True,
    metavar="NAME=VALUE",
    type=ParameterValue(),
    help="A parameter; `negograph queries NAME` lists those of a recipe. Entries go by id, former id, name or alias; "
    "commas part lists. Cypher that declares none takes texts, or with NAME:TYPE=VALUE a date, integer, party and so on.",
)
"""Adds -p, which `asked` reads."""


_answer_options = together(
    parameter_option,
    click.option(
        "--format", "form", type=click.Choice(FORMATS), help="How to give the answer; by the name of --output, else table."
    ),
    click.option("--output", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Write the answer to a file."),
    click.option("--overwrite", is_flag=True, help="Write the file of --output also where one is there already."),
    click.option("--evidence", is_flag=True, help="Add the facts and quotes behind each row."),
    click.option("--full", is_flag=True, help="Show columns also that are the same in all rows, such as whose word counts."),
    click.option(
        "--timeout",
        type=click.FloatRange(min=0, min_open=True),
        default=60.0,
        show_default=True,
        help="Wait so many seconds at most, then end the query; it is said where the database does not heed that.",
    ),
    click.option(
        "--limit",
        type=click.IntRange(min=1),
        help=f"Take so many rows at most; without it all of a recipe, {_MOST_ROWS:,} of Cypher of your own.",
    ),
    target_options,
)
"""Adds what decides how a question is asked and answered, which `_answer` takes."""


@click.command()
@click.argument("name", metavar="NAME|FILE", type=RecipeName())
@_answer_options
@click.option(
    "--params", is_flag=True, help="Print the lines that set the parameters in Neo4j Browser and cypher-shell, and run nothing."
)
def query(name: str, parameters: tuple[str, ...], params: bool, target: Target, **answering: Any) -> None:
    """Run a recipe, or the Cypher in a FILE that ends in .cypher, and give its answer.

    The Cypher can only read. The parameters that a file of your own does not declare are texts; -p NAME:TYPE=VALUE gives
    another type.

    \b
    Example:
      negograph query positions -p party=russia
      negograph query network -p concept=item --evidence
      negograph query proposals --output proposals.xlsx
      negograph query network --output network.graphml
      negograph query map --output map.svg
      negograph query evidence -p fact=nato-offers-dialogue --params
    """
    recipe, given = asked(name, parameters)
    values = read_values(recipe, given)
    if not params:
        _answer(recipe, values, name.endswith(_FILE), target, **answering)
    elif not values:
        say(f"{recipe.name} takes no parameters")
    else:
        from negograph.operations.ask import open_graph
        from negograph.recipes.check import values_of

        with open_graph(target, say) as store:
            tell(as_commands(values_of(store, recipe, values)))


@click.command()
@click.argument("statement")
@_answer_options
def cypher(statement: str, parameters: tuple[str, ...], target: Target, **answering: Any) -> None:
    """Run a Cypher STATEMENT of your own, and give its answer; `-` reads it from standard input. It can only read.

    \b
    Example:
      negograph cypher "MATCH (p:Party)-[r:REJECTED]->(d:Demand) RETURN p.name, r.label, d.name"
      negograph cypher -p day:date=2022-01-26 "MATCH (f:Fact) WHERE f.date_from >= \\$day RETURN f.id, f.name"
    """
    text = sys.stdin.read() if statement == "-" else statement
    try:
        recipe, given = recipe_of("statement", text, given_parameters(parameters))
    except RecipeError as error:
        raise click.UsageError(str(error)) from error
    _answer(recipe, given, True, target, **answering)


def asked(name: str, parameters: tuple[str, ...]) -> tuple[Recipe, dict[str, Argument]]:
    """The recipe of that name, or in a file, and what is given for its parameters; wrong usage if they do not fit."""
    given = given_parameters(parameters)
    try:
        recipe, given = recipe_in_file(Path(name), given) if name.endswith(_FILE) else (_recipe(name), given)
        read_values(recipe, given)
    except (RecipeError, ParameterError) as error:
        raise click.UsageError(str(error)) from error
    return recipe, given


def _recipe(name: str) -> Recipe:
    recipe = find_recipe(recipes_of(click.get_current_context(), name), name)
    hidden = shipped("queries") / recipe.path.name
    if hidden.is_file() and recipe.path.resolve() != hidden.resolve():
        say(f"note: {name} is this project's own recipe, in the place of the shipped one")
    return recipe


def given_parameters(parameters: tuple[str, ...]) -> dict[str, Argument]:
    """What -p gives, by name; wrong usage where it is of another form, or one is given twice."""
    given: dict[str, Argument] = {}
    for parameter in parameters:
        name, equals, value = parameter.partition("=")
        if not equals or not name:
            raise click.UsageError(f"{parameter!r} is no parameter; write -p NAME=VALUE")
        if name in given:
            raise click.UsageError(f"the parameter {name!r} is given twice")
        given[name] = value
    return given


def _form(form: str | None, output: Path | None) -> str:
    """The format that is asked for: by --format, or by the end of the file's name."""
    if output is None:
        found = form or "table"
        if found in FILES and sys.stdout.isatty():
            raise click.UsageError(f"{found} is nothing for a terminal; add --output FILE.{found}")
        return found
    ending = output.suffix.lstrip(".").lower()
    if form is None and ending not in FORMATS:
        raise click.UsageError(f"{output} does not tell the format by its name; add --format, one of {', '.join(FORMATS)}")
    return form or ending


def _answer(
    recipe: Recipe,
    given: Mapping[str, Argument],
    own: bool,
    target: Target,
    *,
    project: Project,
    form: str | None,
    output: Path | None,
    overwrite: bool,
    evidence: bool,
    full: bool,
    timeout: float,
    limit: int | None,
) -> None:
    """Ask, and print the answer or write it to a file; say what should be known of it."""
    from negograph.database.ask import Limits
    from negograph.database.store import with_evidence
    from negograph.operations.ask import ask_recipe, open_graph

    form = _form(form, output)
    output = None if output == Path("/dev/stdout") else output
    if output is not None:
        refuse_to_overwrite(output, overwrite=overwrite)
    rows = limit or (_MOST_ROWS if own else None)
    with open_graph(target, say) as store:
        answer = ask_recipe(store, project, recipe, given, Limits(timeout, rows))
        if evidence:
            answer = with_evidence(store, answer)
    if form == "svg":
        let_in_numpy()
    content = render_file(answer, form, width(), full=full, colours=answer.colours)
    if output is not None:
        write_whole(output, content, overwrite=overwrite)
        say(f"{counted(len(answer), 'row')} in {output}")
    elif form in FILES:
        tell_bytes(content)
    else:
        tell(content.decode())
    for note in (*_notes(answer, recipe, given, rows), *answer.notes):
        say(f"note: {note}")


def _notes(answer: Result, recipe: Recipe, given: Mapping[str, Argument], rows: int | None) -> Iterator[str]:
    values = read_values(recipe, given).items()
    shown = ", ".join(f"{name}={as_given(value)}" for name, value in values if value is not None)
    if shown and not answer.rows:
        yield f"nothing is found with {shown}"
    if not answer.rows:
        yield from filter(None, (recipe.empty, recipe.note))
    if answer.cut:
        limit = "--limit takes another number"
        way = limit if len(answer) == rows else "more would not fit into the memory that is set aside"
        yield f"only the first {counted(len(answer), 'row')}, there are more; {way}"
