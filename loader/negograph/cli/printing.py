"""Printing: the only place where anything is written to the terminal, and where it is made harmless."""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import sys
from typing import Any

import click

from negograph.text.escaping import for_terminal, in_json, in_line, visible

_TABLE_WIDTH = 132
"""How wide a table is where the output is not a terminal."""


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
    say_lines(f"{in_line(message)}\n")


def say_lines(text: str) -> None:
    """Lines on standard error. That they cannot be written there does not end what is being done."""
    with contextlib.suppress(OSError):
        click.echo(for_terminal(text), err=True, nl=False)


def tell(text: str) -> None:
    """An answer, of lines, on standard output."""
    click.echo(for_terminal(text), nl=not text.endswith("\n") and bool(text))


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


def counted(count: int, one: str, many: str = "") -> str:
    """`1 problem`, `2 problems`; `many` where that is not `one` with an s."""
    return f"{count} {one if count == 1 else many or f'{one}s'}"


def width() -> int:
    """How many columns a table may take."""
    if sys.stdout.isatty() or "COLUMNS" in os.environ:
        return shutil.get_terminal_size((_TABLE_WIDTH, 24)).columns
    return _TABLE_WIDTH
