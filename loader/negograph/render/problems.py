"""Problems as people and programs read them: as text with the line in question, as JSON, as annotations on GitHub."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

from wcwidth import wcswidth

from negograph.files.reading import Unreadable, content_of
from negograph.problems.problem import Position, Problem
from negograph.text.characters import lines_of
from negograph.text.escaping import in_json, in_line, in_workflow_command, visible

_SHOWN_WIDTH = 100
"""How much of a long line is shown around the place, in columns."""


def as_text(problems: Iterable[Problem], folder: Path, strict: bool = False) -> str:
    """Each problem as `file:line:col: severity[code]: message`, with the line that it is about and a caret under the place.

    Files are shown as they are reached from where the command runs: below `folder`, the project's. `strict` makes warnings
    errors.
    """
    lines_of = cache(lambda file: _lines(folder / file, folder))
    return "".join(_text(problem, folder, lines_of, strict) for problem in problems)


def as_json(problems: Iterable[Problem], folder: Path, strict: bool = False) -> str:
    """The problems as a list of objects; `also` is where the other entry of two stands."""
    return in_json([_object(problem, folder, strict) for problem in problems]) + "\n"


def as_github(problems: Iterable[Problem], folder: Path, strict: bool = False) -> str:
    """The problems as workflow commands, which GitHub shows beside the lines of a pull request."""
    return "".join(_command(problem, folder, strict) for problem in problems)


FORMATS: dict[str, Callable[[Iterable[Problem], Path, bool], str]] = {"text": as_text, "json": as_json, "github": as_github}


def shown(file: str, folder: Path) -> str:
    """A file of the project as it is reached from where the command runs."""
    return (folder / file).as_posix()


def _severity(problem: Problem, strict: bool) -> str:
    return "error" if strict else problem.severity


def _text(problem: Problem, folder: Path, lines_of: Callable[[str], list[str]], strict: bool) -> str:
    text = f"{_place(problem.position, folder)}: {_severity(problem, strict)}[{problem.code}]: {in_line(problem.message)}\n"
    text += _excerpt(problem.position, lines_of)
    if problem.also is not None:
        text += f"  {_place(problem.also, folder)}: the other place\n{_excerpt(problem.also, lines_of)}"
    return text


def _place(position: Position, folder: Path) -> str:
    return f"{in_line(shown(position.file, folder))}:{position.line}:{position.column}"


def _excerpt(position: Position, lines_of: Callable[[str], list[str]]) -> str:
    lines = lines_of(position.file)
    if not 0 < position.line <= len(lines):
        return ""
    before, after = _around(lines[position.line - 1], position.column - 1)
    indent = "".join("\t" if character == "\t" else " " * max(0, wcswidth(character)) for character in before)
    number = str(position.line)
    return f"  {number} | {before}{after}\n  {' ' * len(number)} | {indent}^\n"


def _around(line: str, index: int) -> tuple[str, str]:
    """A part of a line, before the place and from there on, so that everything in it is seen."""
    start = 0 if index < _SHOWN_WIDTH - 20 else index - _SHOWN_WIDTH // 2
    head, tail = "…" if start else "", "…" if len(line) > start + _SHOWN_WIDTH else ""
    return head + visible(line[start:index]), visible(line[index : start + _SHOWN_WIDTH]) + tail


def _lines(path: Path, folder: Path) -> list[str]:
    """The lines of a file of the project; none where it cannot be read."""
    try:
        return lines_of(content_of(path, folder).decode("utf-8-sig", "replace"))
    except Unreadable:
        return []


def _object(problem: Problem, folder: Path, strict: bool) -> dict[str, object]:
    found: dict[str, object] = {
        **_place_object(problem.position, folder),
        "severity": _severity(problem, strict),
        "code": problem.code,
        "message": problem.message,
    }
    return found if problem.also is None else {**found, "also": _place_object(problem.also, folder)}


def _place_object(position: Position, folder: Path) -> dict[str, object]:
    return {"file": shown(position.file, folder), "line": position.line, "column": position.column}


def _command(problem: Problem, folder: Path, strict: bool) -> str:
    position = problem.position
    properties = {
        "file": shown(position.file, folder),
        "line": str(position.line),
        "col": str(position.column),
        "title": f"negograph {problem.code}",
    }
    listed = ",".join(f"{name}={in_workflow_command(value, ':,')}" for name, value in properties.items())
    return f"::{_severity(problem, strict)} {listed}::{in_workflow_command(problem.message)}\n"
