"""What all commands share: options, the project, and errors as messages and exit codes."""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import click

from negograph.errors import NegographError, ProblemsFound
from negograph.text.escaping import for_terminal, in_json, in_line, visible

if TYPE_CHECKING:
    from negograph.database.store import Store
    from negograph.database.target import Target
    from negograph.project import Project
    from negograph.recipes.recipe import Recipe

_TABLE_WIDTH = 132
"""How wide a table is where the output is not a terminal."""

_LOADED_BY_THE_DRIVER = ("numpy", "pandas", "pyarrow")
"""What the driver loads where it is installed, to take and give its values. No command does; it would take as long as they do."""

_DEBUG = "NEGOGRAPH_DEBUG"

F = TypeVar("F", bound=Callable[..., Any])


_SAYS_CHANGES_BY_2 = "plan"


_NO_ARGUMENTS: Any = getattr(click.exceptions, "NoArgsIsHelpError", ())
"""What newer versions of click raise to print a help text."""


class _WrongUsage(click.UsageError):
    """Wrong usage, in a message of one line whatever it is about."""

    def __init__(self, error: click.UsageError) -> None:
        super().__init__(for_terminal(in_line(error.format_message())), error.ctx)


class _WrongUsageOfPlan(_WrongUsage):
    """Its exit code is not 2, as of wrong usage of others: of `plan` that means that there are changes."""

    exit_code = 1


@contextlib.contextmanager
def _usage_explained(command: Callable[[], str | None]) -> Iterator[None]:
    """Wrong usage of a command becomes a message that shows what was written, and does nothing else."""
    try:
        yield
    except _NO_ARGUMENTS:
        raise
    except click.UsageError as error:
        raise (_WrongUsageOfPlan if command() == _SAYS_CHANGES_BY_2 else _WrongUsage)(error) from error


class Group(click.Group):
    """A group whose commands turn the errors that users can mend into a message and an exit code."""

    def main(self, *arguments: Any, **options: Any) -> Any:
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                _take_any_character(stream)
        if "_NEGOGRAPH_COMPLETE" in os.environ:
            from negograph.cli.completion import complete_in_bash

            complete_in_bash()
        try:
            with _without(*_LOADED_BY_THE_DRIVER):
                return super().main(*arguments, **options)
        except (click.ClickException, click.Abort):
            raise  # to who calls it from Python
        except (click.exceptions.Abort, click.exceptions.Exit):
            raise  # where click is not the one to end the program
        except Exception as error:
            say(
                f"error: negograph failed unexpectedly ({type(error).__name__}: {error}); please report it, with what is shown "
                f"if {_DEBUG} is 1 in the environment"
            )
            if os.environ.get(_DEBUG) == "1":
                raise
            sys.exit(1)

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        of_plan = _SAYS_CHANGES_BY_2 in args  # now, because reading them empties the list
        with _usage_explained(lambda: _SAYS_CHANGES_BY_2 if of_plan else None):
            return super().make_context(info_name, args, parent, **extra)

    def invoke(self, context: click.Context) -> Any:
        try:
            with _usage_explained(lambda: context.invoked_subcommand):
                return super().invoke(context)
        except ProblemsFound as found:
            from negograph.cli.colours import show_problems

            with contextlib.suppress(OSError):
                show_problems(found.problems, project_folder(context), err=True)
            say(f"{counted(len(found.problems), 'problem')} found, nothing done")
            context.exit(1)
        except NegographError as error:
            say(f"error: {error}")
            context.exit(1)
        except BrokenPipeError:
            raise  # click ends quietly, as a command does whose reader went away
        except OSError as error:
            say(f"error: {os_error(error)}")
            context.exit(1)


@contextlib.contextmanager
def _without(*modules: str) -> Iterator[None]:
    """Nothing can load these modules, unless they are there already."""
    absent = {name: None for name in modules if name not in sys.modules}
    sys.modules.update(cast("dict[str, Any]", absent))
    try:
        yield
    finally:
        for name in absent:
            sys.modules.pop(name, None)


def _take_any_character(stream: io.TextIOWrapper) -> None:
    """A terminal shows what it can. A file or a pipe gets UTF-8, whatever the locale: no character of an answer is lost."""
    if stream.isatty():
        stream.reconfigure(errors="replace")
    else:
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def os_error(error: OSError) -> str:
    """What the system refused, and about which file."""
    return f"{error.strerror or error}{f': {error.filename}' if error.filename else ''}"


def say(message: str) -> None:
    """A message of one line, on standard error: standard output is for answers."""
    _show(f"{in_line(message)}\n")


def _show(text: str) -> None:
    """Lines on standard error. That they cannot be written there does not end what is being done."""
    with contextlib.suppress(OSError):
        click.echo(for_terminal(text), err=True, nl=False)


def tell(text: str) -> None:
    """An answer, of lines, on standard output."""
    click.echo(for_terminal(text), nl=not text.endswith("\n") and bool(text))


def tell_styled(parts: Iterable[tuple[str, dict[str, Any]]], *, err: bool = False) -> None:
    """Lines in parts, each with its style for `click.style`.

    Colours are left out where the output is no terminal, or NO_COLOR is set; FORCE_COLOR asks for them anywhere.
    """
    plain = bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"
    styled = (click.style(for_terminal(text), **style) if style else for_terminal(text) for text, style in parts)
    click.echo("".join(styled), err=err, nl=False, color=False if plain else bool(os.environ.get("FORCE_COLOR")) or None)


def tell_json(value: Any) -> None:
    """An answer as JSON."""
    tell(in_json(value))


def tell_github(commands: str) -> None:
    """Commands to GitHub, in whose values all is escaped."""
    click.echo(visible(commands), nl=False)


def tell_bytes(content: bytes) -> None:
    """An answer that is a file of another program."""
    click.echo(content, nl=False)


def ask(question: str) -> None:
    """Go on only if a person says so."""
    click.confirm(for_terminal(in_line(question)), abort=True, err=True)


def project_option(command: F) -> F:
    """Adds --project, before or after the command's name; `project_of` opens what it names."""

    def remember(context: click.Context, parameter: click.Parameter, value: Path | None) -> None:
        if value is not None:
            context.find_root().obj = value

    return click.option(
        "--project",
        type=click.Path(file_okay=False, path_type=Path),
        metavar="DIR",
        expose_value=False,
        callback=remember,
        help="The project folder, with seeds/ in it; the current folder without it.",
    )(command)


def target_options(command: F) -> F:
    """Adds --uri and --embedded, which say what database to use."""
    embedded = click.option("--embedded", is_flag=True, help="Use the embedded engine, whatever the environment or .env name.")
    uri = click.option(
        "--uri", metavar="URI", help="The address of a Neo4j server, instead of NEO4J_URI in the environment or .env."
    )
    return uri(embedded(command))


def format_option(choices: tuple[str, ...]) -> Callable[[F], F]:
    """Adds --format with these choices, the first by default."""
    return click.option(
        "--format", "form", type=click.Choice(choices), default=choices[0], show_default=True, help="How to print it."
    )


def project_folder(context: click.Context) -> Path:
    """The folder that --project names, else the current one."""
    return context.find_root().obj or Path()


def counted(count: int, one: str, many: str = "") -> str:
    """`1 problem`, `2 problems`; `many` where that is not `one` with an s."""
    return f"{count} {one if count == 1 else many or f'{one}s'}"


def project_of(context: click.Context) -> Project:
    """The project that the command works on; wrong usage if there is none."""
    from negograph.project import open_project

    try:
        return open_project(project_folder(context), os.environ)
    except NegographError as error:
        raise click.UsageError(str(error)) from error


def recipes_of(context: click.Context, wanted: str = "") -> dict[str, Recipe]:
    """The shipped recipes, and the project's own where the command runs in a project; it is said which cannot be read.

    Raises:
        ProblemsFound: if the `wanted` one is among these.
    """
    from negograph.recipes.files import usable_recipes

    recipes, broken = usable_recipes(recipe_folders(context))
    if wanted in broken:
        raise ProblemsFound(broken[wanted])
    for problems in broken.values():
        say(f"note: {problems[0].position.file} cannot be used; `negograph queries --check` shows why")
    return recipes


def recipe_folders(context: click.Context) -> list[Path]:
    """The folders with recipes: the shipped one, and the project's own where the command runs in a project."""
    from negograph.project import shipped

    in_project = context.find_root().obj is not None or Path("seeds").is_dir()
    return project_of(context).recipe_folders() if in_project else [shipped("queries")]


def target_of(context: click.Context, uri: str | None, embedded: bool) -> Target:
    """The database that the command works on; wrong usage if the options exclude each other."""
    from negograph.database.target import resolve_target

    if uri == "":
        raise click.UsageError("--uri is empty; write bolt://HOST:7687 or neo4j://HOST")
    if uri and embedded:
        raise click.UsageError("--uri and --embedded exclude each other")
    return resolve_target(project_of(context).folder, os.environ, uri, embedded)


@contextlib.contextmanager
def opened(target: Target, *, shared: bool = False) -> Iterator[Store]:
    """A store on the target, closed at the end; others can use the embedded engine meanwhile if it is `shared`."""
    from negograph.database.store import open_store

    with open_store(target, say, shared=shared) as store:
        yield store


def width() -> int:
    """How many columns a table may take."""
    if sys.stdout.isatty() or "COLUMNS" in os.environ:
        return shutil.get_terminal_size((_TABLE_WIDTH, 24)).columns
    return _TABLE_WIDTH
