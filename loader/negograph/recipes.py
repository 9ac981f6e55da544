"""Recipes: canned Cypher queries, one `.cypher` file each, whose comment header says what they answer and take."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from negograph.problems import NegographError, Position, Problem, ProblemsFound, did_you_mean
from negograph.results import Result
from negograph.store import Store
from negograph.store_load import quoted

ENTITY_LABELS = {
    "party": "Party",
    "person": "Person",
    "issue": "Issue",
    "proposal": "Proposal",
    "demand": "Demand",
    "document": "Document",
    "fact": "Fact",
}
"""Parameter types that name an entry of the graph, by its id, its name or an alias."""

TYPES = (*ENTITY_LABELS, "text")
_PARAMETER = re.compile(r"(?P<name>\w+) \((?P<type>\w+), (?P<use>required|default null)\): (?P<help>.+)")
_COMMENT = re.compile(r"^\s*//.*$", re.MULTILINE)
_RETURN_TOKEN = re.compile(
    r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|`[^`]*`|[(\[{)\]},;]|\b(?:RETURN|ORDER\s+BY|SKIP|LIMIT|UNION)\b""", re.IGNORECASE
)
_ALIAS = re.compile(r"(?s).*\bAS\s+(\w+|`[^`]+`)$", re.IGNORECASE)
_SETTINGS = ("Group", "Result", "Parameter")


class RecipeError(NegographError):
    """A recipe that does not exist, or parameters that do not fit it."""


@dataclass(frozen=True)
class Parameter:
    """A parameter that a recipe takes; one that is not required is null unless given."""

    name: str
    type: str
    required: bool
    help: str


@dataclass(frozen=True)
class Recipe:
    """A canned query. `cypher` is the whole file, header included, as any Neo4j tool runs it."""

    name: str
    title: str
    description: str
    group: str
    result: Literal["table", "graph"]
    parameters: tuple[Parameter, ...]
    cypher: str


def load_recipes(folders: Iterable[Path]) -> dict[str, Recipe]:
    """The recipes in some folders by name; of two with one name the later folder's wins.

    Raises:
        ProblemsFound: with every header that cannot be read.
    """
    recipes: dict[str, Recipe] = {}
    problems: list[Problem] = []
    for folder in folders:
        for path in sorted(folder.glob("*.cypher")):
            try:
                recipe, found = _read_recipe(path)
            except (OSError, UnicodeDecodeError) as error:
                reason = "it is not UTF-8" if isinstance(error, UnicodeDecodeError) else error.strerror
                problems.append(_wrong(path, 1, f"cannot read the recipe: {reason}"))
                continue
            problems += found
            recipes[path.stem] = recipe
    if problems:
        raise ProblemsFound(problems)
    return dict(sorted(recipes.items()))


def find_recipe(recipes: Mapping[str, Recipe], name: str) -> Recipe:
    """The recipe of that name.

    Raises:
        RecipeError: if there is none.
    """
    if name not in recipes:
        raise RecipeError(f"there is no recipe {name!r}{did_you_mean(name, recipes)} (`negograph queries` lists them)")
    return recipes[name]


def run_recipe(store: Store, recipe: Recipe, given: Mapping[str, str]) -> Result:
    """Run a recipe with the parameter values given as text.

    Raises:
        RecipeError: if a value is missing, too many, or names nothing in the graph.
        StoreError: if the database refuses the query.
    """
    check_names(recipe, given)
    values = {parameter.name: _value(store, parameter, given.get(parameter.name)) for parameter in recipe.parameters}
    answer = store.read(recipe.cypher, values)
    return answer if answer.columns else replace(answer, columns=returned_columns(recipe.cypher))


def returned_columns(cypher: str) -> tuple[str, ...]:
    """The columns that a statement names in its last RETURN; the embedded engine names none of an empty answer."""
    text = _COMMENT.sub("", cypher)
    depth = 0
    begin = 0
    returning = False
    columns: list[str] = []
    for token in _RETURN_TOKEN.finditer(text):
        word = token[0].upper()
        if word in "([{":
            depth += 1
        elif word in ")]}":
            depth -= 1
        elif depth == 0 and word == "RETURN":
            returning, begin, columns = True, token.end(), []
        elif depth == 0 and returning and word[0] not in "'\"`":
            columns.append(text[begin : token.start()])
            returning, begin = word == ",", token.end()
    columns += [text[begin:]] if returning else []
    return tuple(_ALIAS.sub(r"\1", column.strip()).strip("`") for column in columns)


def check_names(recipe: Recipe, given: Iterable[str]) -> None:
    """Whether the parameters given are those that the recipe takes, and none that it needs is missing.

    Raises:
        RecipeError: naming all that are wrong.
    """
    names = [parameter.name for parameter in recipe.parameters]
    takes = f"it takes {', '.join(names)}" if names else "it takes none"
    given = list(given)
    wrong = [
        f"{recipe.name} has no parameter {name!r}{did_you_mean(name, names)} ({takes})" for name in given if name not in names
    ]
    missing = [p for p in recipe.parameters if p.required and p.name not in given]
    wrong += [f"{recipe.name} needs the parameter {p.name} ({p.help}): add -p {p.name}=..." for p in missing]
    if wrong:
        raise RecipeError("; ".join(wrong))


def _value(store: Store, parameter: Parameter, text: str | None) -> str | None:
    if text is None or parameter.type not in ENTITY_LABELS:
        return text
    names = _names(store, ENTITY_LABELS[parameter.type])
    if any(text in identities for identities in names.values()):
        return text
    matches = {identity for name, identities in names.items() if name.casefold() == text.casefold() for identity in identities}
    if len(matches) > 1:
        raise RecipeError(f"{text!r} is a name of several: {', '.join(sorted(matches))}; give the id of one")
    if not matches:
        raise RecipeError(f"the graph has no {parameter.type} {text!r}{did_you_mean(text, names)}")
    return matches.pop()


def _names(store: Store, label: str) -> dict[str, set[str]]:
    """Every id, name and alias of the nodes with a label, with the ids that it stands for."""
    rows = store.read(f"MATCH (n:{quoted(label)}) RETURN n.id, n.name, n.aliases ORDER BY n.id", {}).rows
    names: dict[str, set[str]] = defaultdict(set)
    for identity, name, aliases in rows:
        for word in [name, *(aliases if isinstance(aliases, list) else []), identity]:
            names[str(word)].add(str(identity))
    return names


def _read_recipe(path: Path) -> tuple[Recipe, list[Problem]]:
    text = path.read_text(encoding="utf-8-sig")
    header = _header(text)
    problems: list[Problem] = []
    settings: dict[str, str] = {}
    parameters: list[Parameter] = []
    description: list[str] = []
    for number, line in enumerate(header[1:], 2):
        key, colon, value = line.partition(": ")
        if not colon or key not in _SETTINGS:
            description.append(line)
        elif key != "Parameter":
            settings[key] = value
        elif (parameter := _PARAMETER.fullmatch(value)) and parameter["type"] in TYPES:
            parameters.append(Parameter(parameter["name"], parameter["type"], parameter["use"] == "required", parameter["help"]))
        else:
            form = "// Parameter: NAME (TYPE, required): HELP, or `default null` for required"
            problems.append(_wrong(path, number, f"a parameter is declared as `{form}`; types: {', '.join(TYPES)}"))
    if not header:
        problems.append(_wrong(path, 1, "a recipe begins with its title, as `// Title`"))
    result: Literal["table", "graph"] = "graph" if settings.get("Result") == "graph" else "table"
    if settings.get("Result", result) != result:
        problems.append(_wrong(path, 1, "`// Result:` is table or graph"))
    title = header[0] if header else path.stem
    group = settings.get("Group", "other")
    return Recipe(path.stem, title, " ".join(description), group, result, tuple(parameters), text), problems


def _header(text: str) -> list[str]:
    lines = []
    for line in text.splitlines():
        if not line.startswith("//"):
            break
        lines.append(line[2:].strip())
    return lines


def _wrong(path: Path, line: int, message: str) -> Problem:
    return Problem(Position(f"{path.parent.name}/{path.name}", line, 1), "recipe", message)
