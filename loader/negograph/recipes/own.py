"""Cypher of a user's own, as a recipe: in a file, which may have a header, or as a bare statement."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from negograph.database.cypher_text import parameters_used
from negograph.errors import NegographError, ProblemsFound, RecipeError
from negograph.recipes.files import read_recipes
from negograph.recipes.parameters import TYPES, Given, Parameter
from negograph.recipes.recipe import Recipe, check_names


def recipe_in_file(path: Path, given: Mapping[str, Given]) -> tuple[Recipe, dict[str, Given]]:
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
    if not (recipe.cypher.lstrip().startswith("//") and recipe.parameters):
        plain, values = recipe_of(path.stem, recipe.cypher, given)
        return replace(plain, path=path, title=recipe.title, edges=recipe.edges), values
    if problems:
        raise ProblemsFound(problems)
    return recipe, dict(given)


def recipe_of(name: str, cypher: str, given: Mapping[str, Given]) -> tuple[Recipe, dict[str, Given]]:
    """A statement that declares nothing: its parameters are texts, or of the types that `given` says as NAME:TYPE.

    Raises:
        RecipeError: if the values given are not those that it uses, or a type does not exist.
    """
    types: dict[str, str] = {}
    values: dict[str, Given] = {}
    for word, value in given.items():
        parameter, colon, kind = word.partition(":")
        if colon and kind not in TYPES:
            raise RecipeError(f"there is no type {kind!r}; there are {', '.join(TYPES)}")
        types[parameter] = kind or "text"
        values[parameter] = value
    parameters = tuple(
        Parameter(parameter, types.get(parameter, "text"), True, "the query uses it") for parameter in parameters_used(cypher)
    )
    recipe = Recipe(name, name, "", "", "table", parameters, cypher, Path(name))
    check_names(recipe, values)
    return recipe, values
