"""Recipes: canned Cypher queries, one `.cypher` file each, whose comment header says what they answer and take."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from negograph.database.results import EdgeColumns
from negograph.errors import RecipeError
from negograph.problems.hints import did_you_mean
from negograph.recipes.parameters import Given, Parameter, Value, value_of

GROUPS = ("the record", "positions", "relations", "the curation itself")
"""The groups of the shipped recipes, in the order in which they are listed; those of others follow."""


@dataclass(frozen=True)
class Recipe:
    """A canned query. `cypher` is the whole file, header included, as any Neo4j tool runs it, and `path` where it is.

    `edges` are the columns of a table that are the ends of a network, `source` says where its formula is published,
    `note` what a reader of the answer has to know.
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


def read_values(recipe: Recipe, given: Mapping[str, Given]) -> dict[str, Value]:
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
