"""Reading recipes: the comment lines at the top of a `.cypher` file say what it answers and takes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from negograph.database.cypher_text import returned_columns
from negograph.database.results import EdgeColumns
from negograph.errors import ParameterError
from negograph.files.reading import Unreadable, content_of, leads_outside
from negograph.problems.problem import Position, Problem
from negograph.recipes.parameters import TYPES, Parameter, value_of
from negograph.recipes.recipe import Recipe
from negograph.text.characters import lines_of

_PARAMETER = re.compile(
    r"(?P<name>\w+) \((?P<type>\w+), (?:(?P<required>required)|default (?P<default>[^;)]*))"
    r"(?:; one of (?P<choices>[^)]+))?\): (?P<help>.+)"
)
_FORM = "// Parameter: NAME (TYPE, required): HELP"
_EDGES = re.compile(r"(?P<start>\w+) (?P<kind>--|->) (?P<end>\w+)")
_MAX_BYTES = 2**20
"""How large a recipe may be: far more than anybody writes, and little enough to read many of them."""

_KEYS = ("Group", "Result", "Edges", "Source", "Note", "Parameter")


@dataclass
class _Header:
    """What the header says as it is read, and what is wrong with it."""

    path: Path
    settings: dict[str, str] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    description: list[str] = field(default_factory=list)
    parameters: list[Parameter] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def wrong(self, line: int, message: str) -> None:
        self.problems.append(problem_in(self.path, line, 1, "recipe", message))


def usable_recipes(folders: Iterable[Path]) -> tuple[dict[str, Recipe], dict[str, list[Problem]]]:
    """The recipes in some folders whose headers can be read, and of the others the problems, both by name."""
    recipes, problems = read_folders(folders)
    broken: dict[str, list[Problem]] = {}
    for problem in problems:
        broken.setdefault(Path(problem.position.file).stem, []).append(problem)
    return {name: recipe for name, recipe in recipes.items() if name not in broken}, broken


def read_folders(folders: Iterable[Path]) -> tuple[dict[str, Recipe], list[Problem]]:
    """The recipes in some folders by name, and what is wrong with their headers; of two with one name the later one wins."""
    recipes: dict[str, Recipe] = {}
    problems: list[Problem] = []
    for folder in folders:
        outside = leads_outside(folder, folder.parent)
        found, wrong = read_recipes([folder] if outside else sorted(folder.glob("*.cypher")), folder.parent)
        recipes |= found
        problems += wrong
    return dict(sorted(recipes.items())), problems


def read_recipes(paths: Iterable[Path], root: Path | None = None) -> tuple[dict[str, Recipe], list[Problem]]:
    """The recipes in some files by name, and what is wrong with their headers.

    The files are in the folder `root`, wherever links lead; None for files that the user named.
    """
    recipes: dict[str, Recipe] = {}
    problems: list[Problem] = []
    for path in paths:
        try:
            text = content_of(path, root, _MAX_BYTES).decode("utf-8-sig")
        except (Unreadable, UnicodeDecodeError) as error:
            reason = "it is not UTF-8" if isinstance(error, UnicodeDecodeError) else str(error)
            problems.append(problem_in(path, 1, 1, "recipe", f"cannot read the recipe: {reason}"))
            continue
        recipe, found = _recipe(path, text)
        problems += found
        recipes[path.stem] = recipe
    return recipes, problems


def problem_in(path: Path, line: int, column: int, code: str, message: str) -> Problem:
    """A problem of a recipe, at its place in the folder of the recipes."""
    name = f"{path.parent.name}/{path.name}" if path.parent.name else path.name
    return Problem(Position(name, line, column), code, message)


def _recipe(path: Path, text: str) -> tuple[Recipe, list[Problem]]:
    title, *lines = _comment_lines(text) or [""]
    header = _Header(path)
    if not title or title.partition(":")[0] in _KEYS:
        header.wrong(1, "a recipe begins with its title, as `// Title`")
    for number, line in enumerate(lines, 2):
        _read_line(header, number, line)
    if header.settings.get("Result", "table") not in ("table", "graph"):
        header.wrong(header.lines["Result"], "`// Result:` is table or graph")
    recipe = Recipe(
        name=path.stem,
        title=title or path.stem,
        description=" ".join(header.description),
        group=header.settings.get("Group", "other"),
        result="graph" if header.settings.get("Result") == "graph" else "table",
        parameters=tuple(header.parameters),
        cypher=text,
        path=path,
        edges=_edges(header, text),
        source=header.settings.get("Source"),
        note=header.settings.get("Note"),
    )
    return recipe, header.problems


def _comment_lines(text: str) -> list[str]:
    lines = []
    for line in lines_of(text):
        if not line.startswith("//"):
            break
        lines.append(line[2:].strip())
    return lines


def _read_line(header: _Header, number: int, line: str) -> None:
    key, colon, value = (part.strip() for part in line.partition(":"))
    if not colon or key not in _KEYS:
        header.description.append(line)
    elif key == "Parameter":
        _read_parameter(header, number, value)
    elif key in header.settings:
        header.wrong(number, f"`// {key}:` stands in line {header.lines[key]} already")
    else:
        header.settings[key], header.lines[key] = value, number


def _read_parameter(header: _Header, number: int, text: str) -> None:
    found = _PARAMETER.fullmatch(text)
    if found is None or found["type"] not in TYPES:
        instead = "or `default VALUE` for required, and `; one of A | B` behind it where only some words will do"
        header.wrong(number, f"a parameter is declared as `{_FORM}`, {instead}; types: {', '.join(TYPES)}")
        return
    if any(parameter.name == found["name"] for parameter in header.parameters):
        header.wrong(number, f"the parameter {found['name']} is declared twice")
        return
    choices = tuple(word.strip() for word in (found["choices"] or "").split("|") if word.strip())
    parameter = Parameter(found["name"], found["type"], bool(found["required"]), found["help"], None, choices)
    default = (found["default"] or "").strip()
    if default not in ("", "null"):
        try:
            value = value_of(parameter, default)
        except ParameterError as error:
            header.wrong(number, f"the default does not fit: {error}")
        else:
            parameter = Parameter(parameter.name, parameter.type, False, parameter.help, value, choices)
    header.parameters.append(parameter)


def _edges(header: _Header, text: str) -> EdgeColumns | None:
    if "Edges" not in header.settings:
        return None
    found = _EDGES.fullmatch(header.settings["Edges"])
    if found is None or not {found["start"], found["end"]} <= set(returned_columns(text)):
        header.wrong(
            header.lines["Edges"], "`// Edges:` names two of the columns, as `one -- other`, or `one -> other` if directed"
        )
        return None
    return EdgeColumns(found["start"], found["end"], found["kind"] == "->")
