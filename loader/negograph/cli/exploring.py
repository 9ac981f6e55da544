"""The commands that show the graph to look at."""

import importlib.util
import webbrowser

import click

from negograph.cli.completion import ParameterValue, RecipeName
from negograph.cli.heavy import let_in_numpy
from negograph.cli.options import recipes_of, target_options
from negograph.cli.printing import say, tell
from negograph.cli.queries import given_parameters
from negograph.database.target import Target
from negograph.errors import NegographError, ParameterError, RecipeError
from negograph.project import Project
from negograph.recipes.recipe import Argument, as_given, find_recipe, value_of


@click.command()
@click.argument("name", metavar="[RECIPE]", required=False, type=RecipeName())
@click.option(
    "-p",
    "--parameter",
    "parameters",
    multiple=True,
    metavar="NAME=VALUE",
    type=ParameterValue(),
    help="A parameter of the recipe, as for `negograph query`.",
)
@click.option("--no-open", is_flag=True, help="Print the address, and do not open it in the browser.")
@target_options
def explore(name: str | None, parameters: tuple[str, ...], no_open: bool, project: Project, target: Target) -> None:
    """Explore the graph on a page of its own, in your browser, until Ctrl-C.

    Tables and pictures side by side, and from each act to its quotes. It needs the packages that
    pip install 'negograph[explore]' installs.

    \b
    Example:
      negograph explore
      negograph explore map
      negograph explore positions -p party=Moscow
    """
    given = _given_for(name, parameters)
    if importlib.util.find_spec("nicegui") is None:
        raise NegographError("the page needs NiceGUI, which is not installed: pip install 'negograph[explore]'")
    let_in_numpy()
    from negograph.operations.ask import open_graph
    from negograph.web.explore.address import View
    from negograph.web.explore.server import explore_in_browser

    def opened(address: str) -> None:
        tell(address)
        say("the page is open until Ctrl-C; the address works on this computer alone, until then")
        if not no_open:
            webbrowser.open(address)

    with open_graph(target, say, shared=True) as store:
        explore_in_browser(project, store, View(name or "", given), opened)


def _given_for(name: str | None, parameters: tuple[str, ...]) -> dict[str, str]:
    """The values of a recipe's parameters as texts; wrong usage if they do not fit. What is missing, the page asks for."""
    given = given_parameters(parameters)
    if name is None:
        if given:
            raise click.UsageError("-p needs a RECIPE that takes it")
        return {}
    try:
        recipe = find_recipe(recipes_of(click.get_current_context(), name), name)
        by_name = {parameter.name: parameter for parameter in recipe.parameters}
        unknown: dict[str, Argument] = {word: value for word, value in given.items() if word not in by_name}
        if unknown:
            takes = ", ".join(by_name) or "none"
            raise RecipeError(f"{name} has no parameter {', '.join(map(repr, unknown))} (it takes {takes})")
        return {word: as_given(value_of(by_name[word], value)) for word, value in given.items()}
    except (RecipeError, ParameterError) as error:
        raise click.UsageError(str(error)) from error
