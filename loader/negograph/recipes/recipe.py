"""Recipes: canned Cypher queries, one `.cypher` file each, and their parameters, whose values are given as texts."""

import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias, cast

import msgspec

from negograph.database.results import EdgeColumns
from negograph.errors import ParameterError, RecipeError
from negograph.model.model import LABEL
from negograph.problems.problem import did_you_mean

_SHIPPED_LABELS = ("Party", "Person", "Issue", "Proposal", "Demand", "Document", "Fact")

_READ_AS: Mapping[str, tuple[Any, str]] = {
    "date": (date, "a day, such as 2022-01-26"),
    "integer": (Annotated[int, msgspec.Meta(ge=-(2**63), le=2**63 - 1)], "a whole number"),  # what the database can hold
    "number": (Annotated[float, msgspec.Meta(ge=-sys.float_info.max, le=sys.float_info.max)], "a number, such as 0.5"),
}
"""Parameter types that are read from a text, and how such a text is written."""

_ITEM = ("Proposal", "Demand")

TYPES = (*(label.lower() for label in _SHIPPED_LABELS), "item", *_READ_AS, "text", "list")
"""The types of parameters that are always there; a label of the project's own model, such as Vessel, is one too."""

Value: TypeAlias = str | int | float | date | list[str] | None
"""A value of a parameter, as the database gets it."""

Argument: TypeAlias = str | int | float | date | list[str] | tuple[str, ...] | None
"""A value of a parameter as a user gives it: on the command line a text, from Python also what it stands for."""


@dataclass(frozen=True)
class Parameter:
    """A parameter that a recipe takes; one that is not required has a default. `choices` are all words that it takes, if any."""

    name: str
    type: str
    required: bool
    help: str
    default: Value = None
    choices: tuple[str, ...] = ()

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels of the entries that it can name, by id, name, alias or former id; none where it names no entry."""
        return labels_of(self.type)

    @property
    def described(self) -> str:
        """Its type, its default and its choices, in words."""
        default = "required" if self.required else f"default {as_given(self.default)}"
        return f"{self.type}, {default}" + (f"; one of {', '.join(self.choices)}" if self.choices else "")


def labels_of(kind: str) -> tuple[str, ...]:
    """The labels that a type of parameters stands for: several for an item, none for one that names no entry."""
    if kind == "item":
        return _ITEM
    return (kind,) if LABEL.fullmatch(kind) else (kind.capitalize(),) if kind.capitalize() in _SHIPPED_LABELS else ()


def value_of(parameter: Parameter, given: Argument) -> Value:
    """The value that was meant; a text is read by the parameter's type, the id of an entity is not looked up here.

    Raises:
        ParameterError: if it is none of the type, or none of the choices.
    """
    if given is None or (given == "null" and not parameter.required and parameter.type not in ("text", "list")):
        if parameter.required:
            raise ParameterError(f"{parameter.name} cannot be nothing")
        return None
    value = _read(parameter, given)
    if value == [] and parameter.choices:
        raise ParameterError(f"{parameter.name} cannot be empty; it takes {', '.join(parameter.choices)}")
    for word in value if isinstance(value, list) else [value]:
        if parameter.choices and str(word) not in parameter.choices:
            hint = did_you_mean(str(word), parameter.choices)
            raise ParameterError(f"{parameter.name} cannot be {str(word)!r}{hint}; it takes {', '.join(parameter.choices)}")
    return value


def _read(parameter: Parameter, given: Argument) -> Value:
    if parameter.type == "list":
        items = given.split(",") if isinstance(given, str) else given if isinstance(given, (list, tuple)) else [str(given)]
        return [_text(parameter, item).strip() for item in items if str(item).strip()]
    if isinstance(given, (list, tuple)):
        raise ParameterError(f"{parameter.name} takes one {parameter.type}, not a list")
    if parameter.type not in _READ_AS:
        return _text(parameter, given)
    form, words = _READ_AS[parameter.type]
    plain = given if isinstance(given, (int, float, date)) else str(given).strip()
    try:
        return cast(Value, msgspec.convert(plain, form, strict=False))
    except msgspec.ValidationError:
        raise ParameterError(f"{parameter.name} cannot be {str(given)!r}; write {words}") from None


def _text(parameter: Parameter, given: object) -> str:
    """A text that can be sent: half a character, as a terminal of another encoding hands it over, cannot."""
    text = str(given)
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ParameterError(f"{parameter.name} cannot be {text!a}; write it in UTF-8") from None
    return text


def as_given(value: Value) -> str:
    """A value as it is written after `-p NAME=`; nothing is `null`."""
    if value is None:
        return "null"
    return ",".join(value) if isinstance(value, list) else str(value)


def as_commands(values: Mapping[str, Value]) -> str:
    """The lines that set parameters in Neo4j Browser and in cypher-shell; nothing where there are none to set.

    A line each: all in one map, which both take too, Browser makes texts of days and fractions of whole numbers.
    """
    return "\n".join(f":param {_key(name)} => {as_cypher(value)};" for name, value in values.items())


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z_]\w*", name, re.ASCII) else f"`{name.replace('`', '``')}`"


def as_cypher(value: Value) -> str:
    """A value as a literal of Cypher."""
    if value is None:
        return "null"
    if isinstance(value, list):
        return f"[{', '.join(map(as_cypher, value))}]"
    if isinstance(value, date):
        return f"date('{value.isoformat()}')"
    if isinstance(value, (bool, int, float)):
        return str(value).lower()
    return f"'{''.join(map(_escaped, value))}'"


def _escaped(letter: str) -> str:
    """A character in a text of Cypher; one that cannot be seen is written in UTF-16."""
    if letter.isprintable():
        return f"\\{letter}" if letter in "\\'" else letter
    units = letter.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[index : index + 2].hex()}" for index in range(0, len(units), 2))


GROUPS = ("the record", "positions", "relations", "the curation itself")
"""The groups of the shipped recipes, in the order in which they are listed; those of others follow."""


@dataclass(frozen=True)
class Recipe:
    """A canned query. `cypher` is the whole file, header included, as any Neo4j tool runs it, and `path` where it is.

    `edges` are the columns of a table that are the ends of a network, `source` says where its formula is published,
    `note` what a reader of the answer has to know, `empty` what it means that there is no row.
    """

    name: str
    title: str
    description: str
    group: str
    result: Literal["table", "graph"]
    parameters: tuple[Parameter, ...]
    cypher: str
    path: Path
    edges: EdgeColumns | None = None
    source: str | None = None
    note: str | None = None
    empty: str | None = None


def find_recipe(recipes: Mapping[str, Recipe], name: str) -> Recipe:
    """The recipe of that name; a RecipeError if there is none."""
    if name not in recipes:
        raise RecipeError(f"there is no recipe {name!r}{did_you_mean(name, recipes)} (`negograph queries` lists them)")
    return recipes[name]


def grouped(recipes: Iterable[Recipe]) -> list[Recipe]:
    """Recipes in the order in which they are listed: by group, then by name."""
    order = {group: index for index, group in enumerate(GROUPS)}
    return sorted(recipes, key=lambda recipe: (order.get(recipe.group, len(order)), recipe.group, recipe.name))


def found_by(recipes: Iterable[Recipe], words: str) -> list[Recipe]:
    """The recipes with all of these words in their name, title, description, group or parameters, in any case."""

    def text(recipe: Recipe) -> str:
        parts = [recipe.name, recipe.title, recipe.description, recipe.group, recipe.source or ""]
        return " ".join([*parts, *(f"{parameter.name} {parameter.help}" for parameter in recipe.parameters)]).casefold()

    return [recipe for recipe in recipes if all(word in text(recipe) for word in words.casefold().split())]


def read_values(recipe: Recipe, given: Mapping[str, Argument]) -> dict[str, Value]:
    """The values of all parameters as far as the graph is not needed; a RecipeError or ParameterError if they do not fit."""
    check_names(recipe, given)
    return {
        parameter.name: value_of(parameter, given[parameter.name]) if parameter.name in given else parameter.default
        for parameter in recipe.parameters
    }


def check_names(recipe: Recipe, given: Iterable[str]) -> None:
    """Raises a RecipeError that names all parameters that are not those of the recipe, or that are missing."""
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
