"""Problems as people and programs read them: as text with the line in question, as JSON, as annotations on GitHub."""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from itertools import accumulate, takewhile
from pathlib import Path
from typing import Literal, TypeAlias

from wcwidth import wcswidth

from negograph.files import Unreadable, content_of
from negograph.problems.problem import Position, Problem, Severity
from negograph.text.characters import in_json, in_line, in_workflow_command, lines_of, visible

WIDTH = 100
"""How many columns an excerpt takes at most where nobody says how wide the terminal is."""

_LOOKED_BACK = 1000
"""How much of a line before a place is looked at for brackets that are open."""

_QUOTED = r""""(?:[^"\\]|\\.)*"?|'(?:[^']|'')*'?"""
_ALONE = r"[\[\]{},:|>\s\ufffd]|[-?](?=\s|$)|\\.|#.*"
_IN_BLOCK = re.compile(rf"{_QUOTED}|{_ALONE}|(?:[^\s:#]|(?<=\S)#|:(?=\S)|\s+(?![#\s]))+")
_IN_FLOW = re.compile(rf"{_QUOTED}|{_ALONE}|(?:[^\s:#,\[\]{{}}]|(?<=\S)#|:(?=\S)|\s+(?![#\s]))+")
_IN_CYPHER = re.compile(r"\$?\w+|.")
"""What can begin at a place: a value in quotation marks, what stands for itself, or words."""

Role: TypeAlias = Literal["", "place", "error", "warning"]
Piece: TypeAlias = tuple[str, Role]
"""A part of a text, and what it is, so that it can be coloured."""


def as_text(problems: Iterable[Problem], folder: Path, strict: bool = False) -> str:
    """Each problem as `file:line:col: severity[code]: message`, with the line that it is about, in which the place is marked.

    Files are shown as they are reached from where the command runs: below `folder`, the project's. `strict` makes warnings
    errors.
    """
    return "".join(text for text, _ in pieces(problems, folder, strict))


def pieces(problems: Iterable[Problem], folder: Path, strict: bool = False, width: int = WIDTH) -> Iterator[Piece]:
    """What `as_text` gives, in pieces; excerpts fit into so many columns."""
    lines_of = cache(lambda file: _lines(folder / file, folder))
    for problem in problems:
        severity = _severity(problem, strict)
        yield _place(problem.position, folder), "place"
        yield ": ", ""
        yield f"{severity}[{problem.code}]", severity
        yield f": {in_line(problem.message)}\n", ""
        yield from _excerpt(problem.position, lines_of, severity, width)
        if problem.also is not None:
            yield f"  {_place(problem.also, folder)}", "place"
            yield ": the other place\n", ""
            yield from _excerpt(problem.also, lines_of, "place", width)


def as_json(problems: Iterable[Problem], folder: Path, strict: bool = False) -> str:
    """The problems as a list of objects; `also` is where the other entry of two stands."""
    objects = []
    for problem in problems:
        said = {"severity": _severity(problem, strict), "code": problem.code, "message": problem.message}
        also = {} if problem.also is None else {"also": _place_object(problem.also, folder)}
        objects.append({**_place_object(problem.position, folder), **said, **also})
    return in_json(objects) + "\n"


def as_github(problems: Iterable[Problem], folder: Path, strict: bool = False) -> str:
    """The problems as workflow commands, which GitHub shows beside the lines of a pull request."""
    commands = []
    for problem in problems:
        position, file = problem.position, in_workflow_command(shown(problem.position.file, folder), ":,")
        place = f"file={file},line={position.line},col={position.column},title=negograph {problem.code}"
        commands.append(f"::{_severity(problem, strict)} {place}::{in_workflow_command(problem.message)}\n")
    return "".join(commands)


FORMATS: dict[str, Callable[[Iterable[Problem], Path, bool], str]] = {"text": as_text, "json": as_json, "github": as_github}


def shown(file: str, folder: Path) -> str:
    """A file of the project as it is reached from where the command runs."""
    return (folder / file).as_posix()


def _severity(problem: Problem, strict: bool) -> Severity:
    return "error" if strict else problem.severity


def _place(position: Position, folder: Path) -> str:
    return f"{in_line(shown(position.file, folder))}:{position.line}:{position.column}"


def _excerpt(position: Position, lines_of: Callable[[str], list[str]], role: Role, width: int) -> Iterator[Piece]:
    """The line of a place with a mark below: around the place as much of it as fits."""
    lines = lines_of(position.file)
    if not 0 < position.line <= len(lines):
        return
    line, start, number = lines[position.line - 1], position.column - 1, str(position.line)
    room = max(20, width - len(f"  {number} | "))
    first, last = _part(line, start, room)
    head, tail = "…" if first else "", "…" if last < len(line) else ""
    before, marked = line[first:start], line[start : min(last, start + _length(position.file, line, start, room))]
    indent = "".join("\t" if character == "\t" else " " * _columns(character) for character in head + before)
    yield f"  {number} | {head}{visible(line[first:last])}{tail}\n  {' ' * len(number)} | {indent}", ""
    yield "^" * max(1, sum(map(_columns, marked))), role
    yield "\n", ""


def _part(line: str, start: int, room: int) -> tuple[int, int]:
    """From where to where a line is shown: all of it, or from a third of the room before the place on."""
    if len(line) <= room and sum(map(_columns, line)) + (start >= len(line)) <= room:  # a mark behind the end needs a column
        return 0, len(line)
    before, after = line[:start], line[start:]
    left = room - 2  # an ellipsis on both sides
    shown_before = _fitting(reversed(before), left - room * 2 // 3)
    shown_after = _fitting(after, left - sum(map(_columns, before[len(before) - shown_before :])))
    shown_before = _fitting(reversed(before), left - sum(map(_columns, after[:shown_after])))  # more, if the line ended before
    return len(before) - shown_before, len(before) + shown_after


def _fitting(characters: Iterable[str], room: int) -> int:
    """How many of some characters fit into so many columns."""
    return sum(1 for _ in takewhile(lambda taken: taken <= room, accumulate(map(_columns, characters))))


def _columns(character: str) -> int:
    return 8 if character == "\t" else max(0, wcswidth(visible(character)))


def _length(file: str, line: str, start: int, room: int) -> int:
    """How many characters belong to the key, value or word that begins at a place."""
    if not line[start : start + 1].isprintable():
        return 1
    before = line[max(0, start - _LOOKED_BACK) : start]
    opened = sum(map(before.count, "[{")) > sum(map(before.count, "]}"))
    in_flow = opened or line.rstrip().endswith((",", "]", "}"))
    token = _IN_CYPHER if file.endswith(".cypher") else _IN_FLOW if in_flow else _IN_BLOCK
    found = token.match(line, start, start + room)
    return len(found[0].rstrip()) if found else 1


def _lines(path: Path, folder: Path) -> list[str]:
    try:
        return lines_of(content_of(path, folder).decode("utf-8-sig", "replace"))
    except Unreadable:
        return []


def _place_object(position: Position, folder: Path) -> dict[str, object]:
    return {"file": shown(position.file, folder), "line": position.line, "column": position.column}
