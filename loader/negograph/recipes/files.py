"""Reading recipes: the comment lines at the top of a `.cypher` file say what it answers and takes.

Cypher of a user's own becomes a recipe too: in a file, which may have a header, or as a bare statement.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import takewhile
from pathlib import Path
from typing import Literal, NamedTuple

from negograph.database.cypher_text import parameters_used, returned_columns
from negograph.database.results import EdgeColumns
from negograph.errors import NegographError, ParameterError, ProblemsFound, RecipeError
from negograph.files import Unreadable, content_of, leads_outside
from negograph.problems.problem import Position, Problem, nearest
from negograph.recipes.recipe import TYPES, Argument, Parameter, Recipe, check_names, labels_of, value_of
from negograph.text.characters import lines_of

_PARAMETER = re.compile(
    r"(?P<name>\w+) \((?P<type>\w+), (?:(?P<required>required)|default (?P<default>[^;)]*))"
    r"(?:; one of (?P<choices>[^)]+))?\): (?P<help>.+)"
)
_FORM = "// Parameter: NAME (TYPE, required): HELP"
_EDGES = re.compile(r"(?P<start>\w+) (?P<kind>--|->) (?P<end>\w+)")
_MAX_BYTES = 2**20
"""How large a recipe may be: far more than anybody writes, and little enough to read many of them."""

_KEYS = ("Group", "Result", "Edges", "Source", "Note", "Empty", "Parameter")
_SETTING = re.compile(r"//\s*(?P<key>\w+)\s*:\s*(?P<value>.*)")


class _Said(NamedTuple):
    """Words of the header, with the line and the column where they begin."""

    text: str
    line: int
    column: int


@dataclass
class _Header:
    """What the header says as it is read, and what is wrong with it."""

    path: Path
    settings: dict[str, _Said] = field(default_factory=dict)
    description: list[str] = field(default_factory=list)
    parameters: list[Parameter] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def wrong(self, said: _Said, message: str, index: int = 0) -> None:
        """Something is wrong with what is said, from one of its characters on."""
        self.problems.append(problem_in(self.path, said.line, said.column + index, "recipe", message))


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


def recipe_in_file(path: Path, given: Mapping[str, Argument]) -> tuple[Recipe, dict[str, Argument]]:
    """The recipe in a file, and the values given for its parameters by name.

    Raises:
        ProblemsFound: if its header has mistakes.
        NegographError: if it cannot be read.
        RecipeError: if the values do not fit its parameters.
    """
    recipes, problems = read_recipes([path])
    if path.stem not in recipes:
        raise NegographError(f"{path}: {problems[0].message}")
    recipe = recipes[path.stem]
    if not recipe.parameters:
        return _undeclared(recipe, given)
    if problems:
        raise ProblemsFound(problems)
    return recipe, dict(given)


def recipe_of(name: str, cypher: str, given: Mapping[str, Argument]) -> tuple[Recipe, dict[str, Argument]]:
    """A statement that declares nothing: its parameters are texts, or of the types that `given` says as NAME:TYPE.

    Raises:
        RecipeError: if the values given are not those that it uses, or a type does not exist.
    """
    return _undeclared(Recipe(name, name, "", "", "table", (), cypher, Path(name)), given)


def _undeclared(recipe: Recipe, given: Mapping[str, Argument]) -> tuple[Recipe, dict[str, Argument]]:
    types: dict[str, str] = {}
    values: dict[str, Argument] = {}
    for word, value in given.items():
        parameter, colon, kind = word.partition(":")
        if colon and kind not in TYPES and not labels_of(kind):
            raise RecipeError(f"there is no type {kind!r}; there are {', '.join(TYPES)}")
        types[parameter] = kind or "text"
        values[parameter] = value
    used = parameters_used(recipe.cypher)
    parameters = tuple(Parameter(name, types.get(name, "text"), True, "the query uses it") for name in used)
    check_names(replace(recipe, parameters=parameters), values)
    return replace(recipe, parameters=parameters), values


def problem_in(path: Path, line: int, column: int, code: str, message: str) -> Problem:
    """A problem of a recipe, at its place in the folder of the recipes."""
    name = f"{path.parent.name}/{path.name}" if path.parent.name else path.name
    return Problem(Position(name, line, column), code, message)


def _recipe(path: Path, text: str) -> tuple[Recipe, list[Problem]]:
    first, *lines = list(takewhile(lambda line: line.startswith("//"), lines_of(text))) or ["//"]
    title = first[2:].strip()
    header = _Header(path)
    if not title or title.partition(":")[0] in _KEYS:
        header.wrong(_Said(first, 1, 1), "a recipe begins with its title, as `// Title`")
    for number, line in enumerate(lines, 2):
        _read_line(header, number, line)
    texts = {key: said.text for key, said in header.settings.items()}
    recipe = Recipe(
        name=path.stem,
        title=title or path.stem,
        description=" ".join(header.description),
        group=texts.get("Group") or "other",
        result=_result(header),
        parameters=tuple(header.parameters),
        cypher=text,
        path=path,
        edges=_edges(header, text),
        source=texts.get("Source"),
        note=texts.get("Note"),
        empty=texts.get("Empty"),
    )
    return recipe, header.problems


def _read_line(header: _Header, number: int, line: str) -> None:
    found = _SETTING.fullmatch(line)
    key = nearest(found["key"], {key.casefold(): key for key in _KEYS}) if found else None
    if found is None or key is None:
        header.description.append(line[2:].strip())
        return
    word = _Said(found["key"], number, found.start("key") + 1)
    said = _Said(found["value"].rstrip(), number, found.start("value") + 1)
    if word.text != key:
        message = f"there is no `// {word.text}:`; write `// {key}:`, or leave out the colon if it describes the recipe"
        header.wrong(word, message)
    if key == "Parameter":
        _read_parameter(header, said)
    elif key in header.settings:
        header.wrong(word, f"`// {key}:` stands in line {header.settings[key].line} already")
    else:
        header.settings[key] = said


def _read_parameter(header: _Header, said: _Said) -> None:
    found = _PARAMETER.fullmatch(said.text)
    if found is None or (found["type"] not in TYPES and not labels_of(found["type"])):
        instead = "or `default VALUE` for required, and `; one of A | B` behind it where only some words will do"
        message = f"a parameter is declared as `{_FORM}`, {instead}; types: {', '.join(TYPES)}"
        header.wrong(said, message, found.start("type") if found else 0)
        return
    if any(parameter.name == found["name"] for parameter in header.parameters):
        header.wrong(said, f"the parameter {found['name']} is declared twice")
        return
    choices = tuple(word.strip() for word in (found["choices"] or "").split("|") if word.strip())
    parameter = Parameter(found["name"], found["type"], bool(found["required"]), found["help"], None, choices)
    default = (found["default"] or "").strip()
    if default not in ("", "null"):
        try:
            parameter = replace(parameter, default=value_of(parameter, default))
        except ParameterError as error:
            header.wrong(said, f"the default does not fit: {error}", found.start("default"))
    header.parameters.append(parameter)


def _result(header: _Header) -> Literal["table", "graph"]:
    said = header.settings.get("Result")
    if said and said.text not in ("table", "graph"):
        header.wrong(said, "`// Result:` is table or graph")
    return "graph" if said and said.text == "graph" else "table"


def _edges(header: _Header, text: str) -> EdgeColumns | None:
    said = header.settings.get("Edges")
    if said is None:
        return None
    found = _EDGES.fullmatch(said.text)
    if found is None or not {found["start"], found["end"]} <= set(returned_columns(text)):
        header.wrong(said, "`// Edges:` names two of the columns, as `one -- other`, or `one -> other` if directed")
        return None
    return EdgeColumns(found["start"], found["end"], found["kind"] == "->")
