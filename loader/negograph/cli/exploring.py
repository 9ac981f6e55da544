"""The commands that show the graph to look at: Neo4j Browser, ready, the files that make another one so, a page, a report."""

from __future__ import annotations

import contextlib
import importlib.util
import sys
import webbrowser
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from negograph.cli.completion import RecipeName
from negograph.cli.heavy import let_in_numpy
from negograph.cli.options import in_project, project_of, project_option, recipes_of, target_options
from negograph.cli.printing import say, tell, tell_bytes
from negograph.cli.queries import asked, given_parameters, parameter_option
from negograph.database.target import EmbeddedTarget, ServerTarget, Target
from negograph.errors import NegographError, ParameterError, RecipeError
from negograph.files import refuse_to_overwrite, write_whole
from negograph.project import OWN_FOLDER, Project, shipped
from negograph.recipes.recipe import Argument, Recipe, Value, as_given, find_recipe, value_of
from negograph.web.browser.files import HOW_TO_GET, PORT, VERSION

if TYPE_CHECKING:
    from zipfile import ZipFile

    from negograph.database.store import Store
    from negograph.web.browser.given import Given

PAGE_PORT = 8475
"""Where the page to explore with is. It stays the same, so that addresses that were sent stay good."""

_HOW_TO_GET_PAGE = "pip install 'negograph[explore]'"

_WITHOUT_FILES = (
    f"the files of Neo4j Browser {VERSION} are not here: get them with `{HOW_TO_GET}` (Maven), or name the archive with --jar"
)


@click.command()
@click.argument("name", metavar="[RECIPE|FILE]", required=False, type=RecipeName())
@parameter_option
@click.option(
    "--jar",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="The archive with the files of Neo4j Browser, instead of the one in Maven's local repository.",
)
@click.option(
    "--port",
    type=click.IntRange(min=1, max=65535),
    default=PORT,
    show_default=True,
    help="Serve at this port, or where it is taken at a free one. What you keep in Browser belongs to the port.",
)
@click.option("--no-open", is_flag=True, help="Print the address alone, and open no web browser.")
@target_options
def browse(
    name: str | None,
    parameters: tuple[str, ...],
    jar: Path | None,
    port: int,
    no_open: bool,
    project: Project,
    target: Target,
) -> None:
    """Open Neo4j Browser on the graph: styled, with all recipes as saved scripts, and RECIPE in its editor.

    Serves the files of Neo4j Browser to your web browser alone, until Ctrl-C. On the embedded engine it is logged in, as a
    user that can only read; on a server it asks for the password. Your own scripts, style and settings in it stay. Get its
    files once with `mvn dependency:get -Dartifact=org.neo4j.client:neo4j-browser:5.24.0`; without them, the Browser that a
    server brings along is opened, and for the embedded engine the page of `negograph explore`, if it is installed.

    \b
    Example:
      negograph browse
      negograph browse map
      negograph browse positions -p party=russia
    """
    from negograph.database.login import http_address, login_to
    from negograph.operations.ask import open_graph
    from negograph.web.browser.files import find_browser
    from negograph.web.browser.given import given_to, own_browser

    if parameters and name is None:
        raise click.UsageError("-p is for the parameters of a recipe; name one")
    question = asked(name, parameters) if name is not None else None
    browser = find_browser(jar)
    if browser is None and isinstance(target, EmbeddedTarget):
        if not _has_page():
            raise NegographError(f"{_WITHOUT_FILES}; or explore on a page that needs none: {_HOW_TO_GET_PAGE}")
        say(f"note: {_WITHOUT_FILES}; this is the page of `negograph explore` instead")
        own = name is None or name.endswith(".cypher")
        _open_page(project, target, "" if own else str(name), {} if own else _given_for(name, parameters), PAGE_PORT, no_open)
        return
    with open_graph(target, say, shared=True) as store:
        editor, values = _in_editor(store, question)
        login = login_to(target)
        if browser is not None:
            given = given_to(login, project, editor, values)
            _serve(browser, given, port, None if no_open else project.folder / OWN_FOLDER)
        elif isinstance(target, ServerTarget):
            _lead_to(own_browser(http_address(store, target), login, editor), no_open)


def _in_editor(store: Store, question: tuple[Recipe, Mapping[str, Argument]] | None) -> tuple[str, dict[str, Value]]:
    """The text for the editor, with the values that were given, and those of them that other recipes require, too."""
    from negograph.database.ask import refuse_words_that_write
    from negograph.recipes.check import values_of
    from negograph.recipes.saved_scripts import as_script, with_values

    if question is None:
        return "", {}
    recipe, given = question
    script = as_script(recipe)
    refuse_words_that_write(script)  # Browser runs it, on a server as a user that can write
    store.check(script)
    values = values_of(store, recipe, given)
    required = {parameter.name for parameter in recipe.parameters if parameter.required}
    return (
        with_values(recipe, {name: values[name] for name in given}),
        {name: value for name, value in values.items() if name in required},
    )


def _serve(browser: ZipFile, given: Given, port: int, folder: Path | None) -> None:
    """Serve Browser until an interrupt; it is opened by way of a file in `folder`, if there is one."""
    from negograph.web.browser.given import connects_to
    from negograph.web.browser.server import Site, serve
    from negograph.web.guard import Guard, listen

    with listen(port) as listening:
        guard = Guard(listening.getsockname()[1])
        if guard.port != port:
            say(f"note: port {port} is taken; what you keep in Browser at {port} is not seen at {guard.port}")
        site = Site(guard, browser, given.as_json(), connects_to(given.login))
        tell(site.address)
        say("this address is for you alone; Ctrl-C ends it")
        with _shown(site.address, folder):
            serve(site, listening)


def _lead_to(address: str, no_open: bool) -> None:
    """Open the Browser that a server brings along; it is said what is not in it."""
    say(
        f"note: this is the server's own Browser, for the files of Neo4j Browser {VERSION} are not here; `{HOW_TO_GET}` gets them"
    )
    say("note: drop the files of `negograph export style` and `negograph export browser-scripts` on its window")
    tell(address)
    if not no_open and not webbrowser.open(address):
        say("no web browser could be started; open the address in one")


@click.command()
@click.argument("name", metavar="[RECIPE]", required=False, type=RecipeName())
@parameter_option
@click.option(
    "--port",
    type=click.IntRange(min=1, max=65535),
    default=PAGE_PORT,
    show_default=True,
    help="Serve at this port, or where it is taken at a free one. Addresses that you send to others have the port in them.",
)
@click.option("--no-open", is_flag=True, help="Print the address alone, and open no web browser.")
@target_options
def explore(name: str | None, parameters: tuple[str, ...], port: int, no_open: bool, project: Project, target: Target) -> None:
    """Explore the graph on a page of its own: tables, pictures, and from each act to its quotes.

    Serves the page to your web browser alone, until Ctrl-C. RECIPE is the question that it opens with; without one it begins
    with the parties, and with what is on the table. It needs packages that `pip install 'negograph[explore]'` installs.

    \b
    Example:
      negograph explore
      negograph explore map
      negograph explore positions -p party=Moscow
    """
    given = _given_for(name, parameters)
    if not _has_page():
        raise NegographError(f"the page needs NiceGUI, which is not installed: {_HOW_TO_GET_PAGE}")
    _open_page(project, target, name or "", given, port, no_open)


def _has_page() -> bool:
    return importlib.util.find_spec("nicegui") is not None


def _open_page(project: Project, target: Target, recipe: str, given: dict[str, str], port: int, no_open: bool) -> None:
    """Serve the page until an interrupt, and open it with a recipe."""
    let_in_numpy()
    from negograph.operations.ask import open_graph
    from negograph.web.explore.address import View, to_address
    from negograph.web.explore.server import serve_page
    from negograph.web.guard import Guard, listen

    with open_graph(target, say, shared=True) as store, listen(port) as listening:
        guard = Guard(listening.getsockname()[1])
        if guard.port != port:
            say(f"note: port {port} is taken; addresses that others sent you, with {port} in them, do not open at {guard.port}")
        address = f"{guard.origin}{to_address(View(recipe, given))}#token={guard.token}"
        tell(address)
        say("this address is for you alone; Ctrl-C ends it")
        with _shown(address, None if no_open else project.folder / OWN_FOLDER):
            serve_page(project, store, guard, listening)


@contextlib.contextmanager
def _shown(address: str, folder: Path | None) -> Iterator[None]:
    """An address, opened by way of a file in `folder`, if there is one; it is said where there is no web browser."""
    from negograph.web.opening import opened

    with opened(address, folder) if folder else contextlib.nullcontext(True) as seen:
        if not seen:
            say("no web browser could be started; open the address in one")
        yield


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


@click.command()
@click.argument("what", type=click.Choice(("style", "browser-scripts")))
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Write it to a file.")
@click.option("--overwrite", is_flag=True, help="Write the file of --output also where one is there already.")
@project_option
@click.pass_context
def export(context: click.Context, what: str, output: Path | None, overwrite: bool) -> None:
    """Give what makes any Neo4j Browser ready: its style, or the recipes as saved scripts.

    Drop the file on the window of Neo4j Browser. The style has the colours and captions of the graph, with those of the
    project's own model; the scripts are an archive with all recipes in folders, the project's own too.

    \b
    Example:
      negograph export style --output negograph.grass
      negograph export browser-scripts --output recipes.zip
    """
    if output is None and what == "browser-scripts" and sys.stdout.isatty():
        raise click.UsageError("an archive is nothing for a terminal; add --output FILE.zip")
    if output is not None:
        refuse_to_overwrite(output, overwrite=overwrite)
    content = _scripts(context) if what == "browser-scripts" else _style(context)
    if output is None:
        tell_bytes(content)
        return
    write_whole(output, content, overwrite=overwrite)
    say(f"{output} is for the window of Neo4j Browser: drop it there")


def _scripts(context: click.Context) -> bytes:
    from negograph.recipes.saved_scripts import as_zip

    return as_zip(recipes_of(context).values())


def _style(context: click.Context) -> bytes:
    from negograph.model.schema_files import load_model
    from negograph.render.browser_style import as_grass, style_of

    model = load_model(project_of(context).schema_folders() if in_project(context) else [shipped("schema")])
    return as_grass(style_of(model)).encode()


@click.command()
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("report.html"),
    show_default=True,
    metavar="FILE",
    help="Where to write the page.",
)
@click.option(
    "--with-texts",
    is_flag=True,
    help="Show the texts of the documents too, with the quotes marked. Such a page may not be passed on where a text may not.",
)
@click.option("--overwrite", is_flag=True, help="Write the file also where one is there already.")
@target_options
def report(output: Path, with_texts: bool, overwrite: bool, project: Project, target: Target) -> None:
    """Write a page of HTML that tells all that is recorded, for people who do not use negograph.

    It tells in short who negotiates about what and what has become of it, then where each party stands, what happened when,
    and every act with its quotes. It is one file, needs no network, and can be printed.

    \b
    Example:
      negograph report
      negograph report --output ferry.html
      negograph report --with-texts --output for-curators.html
    """
    let_in_numpy()
    from negograph.operations.ask import open_graph
    from negograph.operations.report import make_report

    piped = output == Path("/dev/stdout")
    if not piped:
        refuse_to_overwrite(output, overwrite=overwrite)
    with open_graph(target, say) as store:
        page = make_report(store, project, say, with_texts=with_texts)
    if piped:
        tell_bytes(page.encode())
    else:
        write_whole(output, page.encode(), overwrite=overwrite)
        say(f"the report is in {output}")
    if with_texts:
        say("note: it holds whole source texts, which may not be passed on")
