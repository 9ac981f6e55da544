"""Reading recipes: the comment lines at the top of a `.cypher` file say what it answers and takes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import takewhile
from pathlib import Path
from typing import Literal, NamedTuple

from negograph.database.cypher_text import returned_columns
from negograph.database.results import EdgeColumns
from negograph.errors import ParameterError
from negograph.files.reading import Unreadable, content_of, leads_outside
from negograph.problems.hints import nearest
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
_SETTING = re.compile(r"//\s*(?P<key>\w+)\s*:\s*(?P<value>.*)")


class _Said(NamedTuple):
    """What stands behind a key of the header, with the line and the column where it begins."""

    text: str
    line: int
    column: int

    def at(self, index: int) -> tuple[int, int]:
        """The line and the column of one of its characters."""
        return self.line, self.column + index


@dataclass
class _Header:
    """What the header says as it is read, and what is wrong with it."""

    path: Path
    settings: dict[str, _Said] = field(default_factory=dict)
    description: list[str] = field(default_factory=list)
    parameters: list[Parameter] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def wrong(self, place: tuple[int, int], message: str) -> None:
        self.problems.append(problem_in(self.path, *place, "recipe", message))

    def setting(self, key: str) -> str | None:
        """What is said behind a key; None if it is not there."""
        return self.settings[key].text if key in self.settings else None


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
    first, *lines = list(takewhile(lambda line: line.startswith("//"), lines_of(text))) or ["//"]
    title = first[2:].strip()
    header = _Header(path)
    if not title or title.partition(":")[0] in _KEYS:
        header.wrong((1, 1), "a recipe begins with its title, as `// Title`")
    for number, line in enumerate(lines, 2):
        _read_line(header, number, line)
    recipe = Recipe(
        name=path.stem,
        title=title or path.stem,
        description=" ".join(header.description),
        group=header.setting("Group") or "other",
        result=_result(header),
        parameters=tuple(header.parameters),
        cypher=text,
        path=path,
        edges=_edges(header, text),
        source=header.setting("Source"),
        note=header.setting("Note"),
    )
    return recipe, header.problems


def _read_line(header: _Header, number: int, line: str) -> None:
    found = _SETTING.fullmatch(line)
    key = found and _key(header, found["key"], (number, found.start("key") + 1))
    if not found or not key:
        header.description.append(line[2:].strip())
        return
    said = _Said(found["value"].rstrip(), number, found.start("value") + 1)
    if key == "Parameter":
        _read_parameter(header, said)
    elif key in header.settings:
        header.wrong((number, found.start("key") + 1), f"`// {key}:` stands in line {header.settings[key].line} already")
    else:
        header.settings[key] = said


def _key(header: _Header, word: str, place: tuple[int, int]) -> str | None:
    """The key that a word before a colon is, or is a slip of the pen for; None for a word of the description."""
    if word in _KEYS:
        return word
    key = nearest(word, {key.casefold(): key for key in _KEYS})
    if key is not None:
        header.wrong(place, f"there is no `// {word}:`; write `// {key}:`, or leave out the colon if it describes the recipe")
    return key


def _read_parameter(header: _Header, said: _Said) -> None:
    found = _PARAMETER.fullmatch(said.text)
    if found is None or found["type"] not in TYPES:
        instead = "or `default VALUE` for required, and `; one of A | B` behind it where only some words will do"
        place = said.at(found.start("type") if found else 0)
        header.wrong(place, f"a parameter is declared as `{_FORM}`, {instead}; types: {', '.join(TYPES)}")
        return
    if any(parameter.name == found["name"] for parameter in header.parameters):
        header.wrong(said.at(0), f"the parameter {found['name']} is declared twice")
        return
    choices = tuple(word.strip() for word in (found["choices"] or "").split("|") if word.strip())
    parameter = Parameter(found["name"], found["type"], bool(found["required"]), found["help"], None, choices)
    default = (found["default"] or "").strip()
    if default not in ("", "null"):
        try:
            parameter = replace(parameter, default=value_of(parameter, default))
        except ParameterError as error:
            header.wrong(said.at(found.start("default")), f"the default does not fit: {error}")
    header.parameters.append(parameter)


def _result(header: _Header) -> Literal["table", "graph"]:
    said = header.settings.get("Result")
    if said and said.text not in ("table", "graph"):
        header.wrong(said.at(0), "`// Result:` is table or graph")
    return "graph" if said and said.text == "graph" else "table"


def _edges(header: _Header, text: str) -> EdgeColumns | None:
    said = header.settings.get("Edges")
    if said is None:
        return None
    found = _EDGES.fullmatch(said.text)
    if found is None or not {found["start"], found["end"]} <= set(returned_columns(text)):
        header.wrong(said.at(0), "`// Edges:` names two of the columns, as `one -- other`, or `one -> other` if directed")
        return None
    return EdgeColumns(found["start"], found["end"], found["kind"] == "->")
