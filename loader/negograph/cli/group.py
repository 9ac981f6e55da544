"""The command `negograph`: its commands, and what becomes of their errors."""

import contextlib
import os
import sys
from collections.abc import Iterator
from typing import Any

import click

from negograph.cli.database import down, history, load, plan, status, up, verify, watch
from negograph.cli.exit_codes import ExitCode
from negograph.cli.exploring import browse, explore, export, report
from negograph.cli.heavy import kept_out
from negograph.cli.options import project_folder, project_option
from negograph.cli.printing import counted, say, show_problems, take_any_character
from negograph.cli.queries import cypher, queries, query
from negograph.cli.seeds import check, explain, init, quote, schema, where
from negograph.errors import NegographError, ProblemsFound, said_by_system
from negograph.text.characters import for_terminal, in_line
from negograph.version import __version__

_DEBUG = "NEGOGRAPH_DEBUG"


class Group(click.Group):
    """A group whose commands turn the errors that users can fix into a message and an exit code."""

    def main(self, *arguments: Any, **options: Any) -> Any:
        take_any_character()
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


for command in (
    *(init, check, explain, quote, where, schema),
    *(plan, load, watch, verify, history),
    *(queries, query, cypher),
    *(browse, explore, export, report),
    *(up, down, status),
):
    main.add_command(command)
