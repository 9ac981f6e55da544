"""The commands that ask the graph: run a recipe, run Cypher of one's own."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from negograph.cli.completion import ParameterValue, RecipeName
from negograph.cli.options import recipes_of, target_options
from negograph.cli.printing import counted, say, tell, tell_bytes, width
from negograph.errors import ParameterError, RecipeError
from negograph.files.writing import refuse_to_overwrite, write_whole
from negograph.render.forms import FILES, FORMATS, render_file

if TYPE_CHECKING:
    from negograph.database.target import Target
    from negograph.operations.answer import Answer
    from negograph.project import Project
    from negograph.recipes.parameters import Given
    from negograph.recipes.recipe import Recipe

_STANDARD_OUTPUT = Path("/dev/stdout")

_MOST_ROWS = 1000
"""How many rows of an own query are taken unless --limit says another number."""


@dataclass(frozen=True)
class _Asking:
    """The project, which database to ask, how long and for how many rows, and how to give the answer."""

    project: Project
    target: Target
    form: str
    output: Path | None
    overwrite: bool
    evidence: bool
    seconds: float
    rows: int | None


_ASKING_OPTIONS: tuple[Callable[..., Any], ...] = (
    click.option(
        "--format", "form", type=click.Choice(FORMATS), help="How to give the answer; by the name of --output, else table."
    ),
    click.option("--output", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Write the answer to a file."),
    click.option("--overwrite", is_flag=True, help="Write the file of --output also where one is there already."),
    click.option("--evidence", is_flag=True, help="Add the facts and quotes behind each row."),
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


def _asking_options(command: Callable[..., None]) -> Callable[..., None]:
    """Adds what decides how a question is asked and answered, as `asking`: an _Asking."""

    @functools.wraps(command)
    def with_asking(
        context: click.Context,
        form: str | None,
        output: Path | None,
        overwrite: bool,
        evidence: bool,
        timeout: float,
        limit: int | None,
        project: Project,
        target: Target,
        **others: Any,
    ) -> None:
        form = _form(form, output)
        if output == _STANDARD_OUTPUT:
            output = None
        if output is not None:
            refuse_to_overwrite(output, overwrite=overwrite)
        asking = _Asking(project, target, form, output, overwrite, evidence, timeout, limit)
        command(context, asking=asking, **others)

    asked: Callable[..., None] = click.pass_context(with_asking)
    for option in reversed(_ASKING_OPTIONS):
        asked = option(asked)
    return asked


@click.command()
@click.argument("name", metavar="NAME|FILE", type=RecipeName())
@click.option(
    "-p",
    "--parameter",
    "parameters",
    multiple=True,
    metavar="NAME=VALUE",
    type=ParameterValue(),
    help="A parameter of the recipe, as `negograph queries NAME` lists them. Entries go by id, former id, name or alias; commas "
    "part lists.",
)
@click.option(
    "--params", is_flag=True, help="Print the lines that set the parameters in Neo4j Browser and cypher-shell, and run nothing."
)
@_asking_options
def query(
    context: click.Context,
    name: str,
    parameters: tuple[str, ...],
    params: bool,
    asking: _Asking,
) -> None:
    """Run a recipe, or the Cypher in a FILE that ends in .cypher, and give its answer.

    The Cypher can only read. The parameters that a file of your own does not declare are texts; -p NAME:TYPE=VALUE gives
    another type.

    \b
    Example:
      negograph query positions -p party=russia
      negograph query congruence -p concept=item --evidence
      negograph query offers --output offers.xlsx
      negograph query congruence --output network.graphml
      negograph query evidence -p fact=usa-rejects-no-nato-expansion --params
    """
    from negograph.recipes.own import recipe_in_file
    from negograph.recipes.recipe import read_values

    given = _given(parameters)
    own = name.endswith(".cypher")
    try:
        recipe, given = recipe_in_file(Path(name), given) if own else (_recipe(context, name), given)
        values = read_values(recipe, given)
    except (RecipeError, ParameterError) as error:
        raise click.UsageError(str(error)) from error
    if params:
        _print_parameters(asking, recipe, values)
    else:
        _answer(asking, recipe, values, own=own)


@click.command()
@click.argument("statement")
@click.option(
    "-p",
    "--parameter",
    "parameters",
    multiple=True,
    metavar="NAME[:TYPE]=VALUE",
    help="A parameter of the statement: a text, or of the TYPE date, integer, number, list, party and so on.",
)
@_asking_options
def cypher(
    context: click.Context,
    statement: str,
    parameters: tuple[str, ...],
    asking: _Asking,
) -> None:
    """Run a Cypher STATEMENT of your own, and give its answer; `-` reads it from standard input. It can only read.

    \b
    Example:
      negograph cypher "MATCH (p:Party)-[r:REJECTED]->(d:Demand) RETURN p.name, r.label, d.name"
      negograph cypher -p day:date=2022-01-26 "MATCH (f:Fact) WHERE f.date_from >= \\$day RETURN f.id, f.name"
    """
    from negograph.recipes.own import recipe_of

    text = sys.stdin.read() if statement == "-" else statement
    try:
        recipe, given = recipe_of("statement", text, _given(parameters))
    except RecipeError as error:
        raise click.UsageError(str(error)) from error
    _answer(asking, recipe, given, own=True)


def _recipe(context: click.Context, name: str) -> Recipe:
    from negograph.project import shipped
    from negograph.recipes.recipe import find_recipe

    recipe = find_recipe(recipes_of(context, name), name)
    hidden = shipped("queries") / recipe.path.name
    if hidden.is_file() and recipe.path.resolve() != hidden.resolve():
        say(f"note: {name} is this project's own recipe, in the place of the shipped one")
    return recipe


def _given(parameters: tuple[str, ...]) -> dict[str, Given]:
    given: dict[str, Given] = {}
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


def _print_parameters(asking: _Asking, recipe: Recipe, given: Mapping[str, Given]) -> None:
    from negograph.operations.ask import open_graph
    from negograph.recipes.parameters import as_commands
    from negograph.recipes.recipe import values_of

    with open_graph(asking.target, say) as store:
        values = values_of(store, recipe, given)
    if values:
        tell(as_commands(values))
    else:
        say(f"{recipe.name} takes no parameters")


def _answer(asking: _Asking, recipe: Recipe, given: Mapping[str, Given], *, own: bool) -> None:
    """Ask, and print the answer or write it to a file; say what should be known of it."""
    from negograph.database.ask import Limits
    from negograph.database.row_evidence import with_evidence
    from negograph.operations.ask import ask_recipe, open_graph

    rows = asking.rows if asking.rows is not None or not own else _MOST_ROWS
    with open_graph(asking.target, say) as store:
        answer = ask_recipe(store, asking.project, recipe, given, Limits(asking.seconds, rows))
        if asking.evidence:
            answer = with_evidence(store, answer)
    _give(render_file(answer, asking.form, width()), asking, len(answer.rows))
    for note in _notes(answer, recipe, given, rows):
        say(f"note: {note}")


def _notes(answer: Answer, recipe: Recipe, given: Mapping[str, Given], rows: int | None) -> Iterator[str]:
    from negograph.recipes.parameters import as_given
    from negograph.recipes.recipe import read_values

    if not answer.rows and (values := read_values(recipe, given)):
        shown = ", ".join(f"{name}={as_given(value)}" for name, value in values.items() if value is not None)
        if shown:
            yield f"nothing is found with {shown}"
    if recipe.note and answer.rows:
        yield recipe.note
    yield from answer.notes
    if answer.cut:
        limit = "--limit takes another number"
        way = limit if len(answer.rows) == rows else "more would not fit into the memory that is set aside"
        yield f"only the first {counted(len(answer.rows), 'row')}, there are more; {way}"


def _give(content: bytes, asking: _Asking, rows: int) -> None:
    if asking.output is not None:
        write_whole(asking.output, content, overwrite=asking.overwrite)
        say(f"{counted(rows, 'row')} in {asking.output}")
    elif asking.form in FILES:
        tell_bytes(content)
    else:
        tell(content.decode())
