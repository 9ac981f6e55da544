"""Printing: the only place where anything is written to the terminal, and where it is made harmless."""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from negograph.text.characters import for_terminal, in_json, in_line, visible

if TYPE_CHECKING:
    from negograph.problems.problem import Problem

_TABLE_WIDTH = 132
"""How wide a table is where the output is not a terminal."""

_PROGRESS_AFTER_SECONDS = 1.0

_STYLES: dict[str, dict[str, Any]] = {
    "place": {"bold": True},
    "error": {"fg": "red", "bold": True},
    "warning": {"fg": "yellow", "bold": True},
}
"""How the parts of a problem look on a terminal."""


def take_any_character() -> None:
    """A terminal shows what it can. A file or a pipe gets UTF-8, whatever the locale: no character of an answer is lost."""
    for stream in (sys.stdout, sys.stderr):
        if not isinstance(stream, io.TextIOWrapper):
            continue
        if stream.isatty():
            stream.reconfigure(errors="replace")
        else:
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def say(message: str) -> None:
    """A message of one line, on standard error: standard output is for answers."""
    with contextlib.suppress(OSError):  # that it cannot be written there does not end what is being done
        click.echo(for_terminal(in_line(message)), err=True)


def tell(text: str) -> None:
    """An answer, of lines, on standard output."""
    click.echo(for_terminal(text), nl=not text.endswith("\n") and bool(text))


def show_problems(problems: Iterable[Problem], folder: Path, strict: bool = False, *, err: bool = False) -> None:
    """Problems of a project in `folder`, with the lines that they are about; they fit into the width of a terminal.

    Colours are left out where the output is no terminal, or NO_COLOR is set; FORCE_COLOR asks for them anywhere.
    """
    from negograph.render.problems import WIDTH, pieces  # most commands have none to show

    plain = bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"
    found = pieces(problems, folder, strict, width(WIDTH, err=err))
    styled = (click.style(for_terminal(text), **_STYLES[role]) if role else for_terminal(text) for text, role in found)
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


def progress() -> Callable[[int, int], None]:
    """Shows on standard error how far a work is, once it has taken a while and if a person is watching."""
    started = time.monotonic()

    def advance(done: int, total: int) -> None:
        if sys.stderr.isatty() and time.monotonic() - started > _PROGRESS_AFTER_SECONDS:
            with contextlib.suppress(OSError):  # that it cannot be shown ends no work
                click.echo(f"writing {done:,} of {total:,}" + ("\n" if done == total else "\r"), err=True, nl=False)

    return advance


def counted(count: int, one: str, many: str = "") -> str:
    """`1 problem`, `2 problems`; `many` where that is not `one` with an s."""
    return f"{count} {one if count == 1 else many or f'{one}s'}"


def width(otherwise: int = _TABLE_WIDTH, *, err: bool = False) -> int:
    """How many columns the terminal has, or may be taken where the output is none."""
    if (sys.stderr if err else sys.stdout).isatty() or "COLUMNS" in os.environ:
        return shutil.get_terminal_size((otherwise, 24)).columns
    return otherwise
