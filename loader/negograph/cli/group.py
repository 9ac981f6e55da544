"""The command `negograph`: the list of its commands, each loaded when it is used, and what becomes of their errors."""

import contextlib
import os
import sys
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import click

from negograph.cli.exit_codes import ExitCode
from negograph.cli.heavy import kept_out
from negograph.cli.options import project_folder, project_option
from negograph.cli.printing import counted, say, show_problems, take_any_character
from negograph.errors import NegographError, ProblemsFound, said_by_system
from negograph.text.characters import for_terminal, in_line
from negograph.version import __version__

COMMANDS = {
    "init": ("seeds", "Begin a project of your own in DIR."),
    "check": ("seeds", "Find every mistake in the seeds."),
    "explain": ("seeds", "Explain a problem code of `negograph check`, or all of them."),
    "quote": ("seeds", "Find WORDS in the text of DOCUMENT and print the evidence to paste."),
    "where": ("seeds", "Print where an entry is written and everything that refers to it."),
    "schema": ("seeds", "Print the codebook: what each action means and takes."),
    "plan": ("database", "Show what a load would do, and write nothing."),
    "load": ("database", "Check the seeds and load them into the graph."),
    "watch": ("database", "Load whenever a file of the seeds, the schema or the texts is saved."),
    "verify": ("database", "Compare the whole graph with the seeds, property by property."),
    "history": ("database", "List the loads that changed the graph: when, by which version, and how many entries."),
    "queries": ("queries", "List the recipes that `negograph query` runs, or explain the one with NAME."),
    "query": ("queries", "Run a recipe, or the Cypher in a FILE that ends in .cypher, and give its answer."),
    "cypher": ("queries", "Run a Cypher STATEMENT of your own, and give its answer; `-` reads it from standard input."),
    "browse": (
        "exploring",
        "Open Neo4j Browser on the graph: styled, with all recipes as saved scripts, and RECIPE in its editor.",
    ),
    "explore": ("exploring", "Explore the graph on a page of its own: tables, pictures, and from each act to its quotes."),
    "export": ("exploring", "Give what makes any Neo4j Browser ready: its style, or the recipes as saved scripts."),
    "report": ("exploring", "Write a page of HTML that tells all that is recorded, for people who do not use negograph."),
    "up": ("database", "Start the embedded engine and let it run."),
    "down": ("database", "End the embedded engine that `negograph up` started."),
    "status": ("database", "Tell which database the commands use, whether it can be used, and what is loaded there."),
}
"""Each command: the file in this folder that has it, and the first sentence of its help."""

_COMPLETION = "_NEGOGRAPH_COMPLETE"
"""Where a shell says that it wants to know what it can offer."""

_DEBUG = "NEGOGRAPH_DEBUG"


class Group(click.Group):
    """A group that loads a command when it is used, and turns the errors that users can fix into a message and an exit code."""

    def __init__(self, **options: Any) -> None:
        listed = {name: click.Command(name, help=help_) for name, (_, help_) in COMMANDS.items()}
        super().__init__(commands=listed, **options)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """A command itself; `commands` has only what the list of all shows of it."""
        if name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(f"negograph.cli.{COMMANDS[name][0]}"), name)
        return command

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of all commands, none of which it loads."""
        click.Group(commands=self.commands).format_commands(context, formatter)

    def main(self, *arguments: Any, **options: Any) -> Any:
        take_any_character()
        if _COMPLETION in os.environ:  # click asks for what a shell can offer before it loads a command
            import_module("negograph.cli.completion")
        try:
            with kept_out():
                return super().main(*arguments, **options)
        except (click.ClickException, click.Abort, click.exceptions.Exit):
            raise  # to who calls it from Python
        except Exception as error:
            say(
                f"error: negograph failed unexpectedly ({type(error).__name__}: {error}); please report it, with what is shown "
                f"if {_DEBUG} is 1 in the environment"
            )
            if os.environ.get(_DEBUG) == "1":
                raise
            sys.exit(ExitCode.FAILED)

    def make_context(self, *arguments: Any, **options: Any) -> click.Context:
        with _usage_in_one_line():
            return super().make_context(*arguments, **options)

    def invoke(self, context: click.Context) -> Any:
        try:
            with _usage_in_one_line():
                return super().invoke(context)
        except ProblemsFound as found:
            with contextlib.suppress(OSError):
                show_problems(found.problems, project_folder(context), err=True)
            say(f"{counted(len(found.problems), 'problem')} found, nothing done")
        except NegographError as error:
            say(f"error: {error}")
        except BrokenPipeError:
            raise  # click ends quietly, as a command does whose reader went away
        except OSError as error:
            say(f"error: {said_by_system(error)}")
        return context.exit(ExitCode.FAILED)


@contextlib.contextmanager
def _usage_in_one_line() -> Iterator[None]:
    """Wrong usage becomes a message of one line, whatever was written, that controls no terminal."""
    try:
        yield
    except click.exceptions.NoArgsIsHelpError:  # it prints the help text
        raise
    except click.UsageError as error:
        raise click.UsageError(for_terminal(in_line(error.format_message())), error.ctx) from error


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"]})
@project_option
@click.version_option(__version__, prog_name="negograph", message="%(prog)s %(version)s")
def main() -> None:
    """Curated facts about a negotiation as a Neo4j graph.

    Write who proposed, demanded, offered, accepted or rejected what as YAML in seeds/, load it, and ask.

    \b
    Example:
      negograph init my-negotiation
      negograph check
      negograph plan
      negograph load
      negograph queries
      negograph query positions -p party=russia
    """
