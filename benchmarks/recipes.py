"""How long each recipe takes to answer with its default parameters.

Parameters that have no default take the first party, the one that it acts towards, the first fact and item, and the first month.
"""

from __future__ import annotations

import statistics
import time
from typing import TypeAlias

from negograph.database.store import Store, open_store
from negograph.database.target import Target
from negograph.errors import NegographError
from negograph.project import shipped
from negograph.recipes.check import run_recipe
from negograph.recipes.files import usable_recipes
from negograph.recipes.recipe import Recipe, grouped

GIVEN = {
    **{"party": "party-0", "other": "party-1", "fact": "fact-000000", "item": "item-0"},
    **{"from_day": "2000-01-01", "to_day": "2000-01-31"},
}
_TIMES = 3


Times: TypeAlias = tuple[float, float, int]
"""Seconds of the first answer, the median of some more, and the rows of each."""


def seconds_of_recipes(target: Target) -> dict[str, Times | str]:
    """How long each recipe takes, by its name, or why there is no answer."""
    with open_store(target, print) as store:
        return {recipe.name: _measured(store, recipe) for recipe in grouped(usable_recipes([shipped("queries")])[0].values())}


def _measured(store: Store, recipe: Recipe) -> Times | str:
    given = {parameter.name: GIVEN[parameter.name] for parameter in recipe.parameters if parameter.required}
    try:
        first, rows = _seconds(store, recipe, given)
    except NegographError as error:
        return str(error)
    return first, statistics.median(_seconds(store, recipe, given)[0] for _ in range(_TIMES)), rows


def _seconds(store: Store, recipe: Recipe, given: dict[str, str]) -> tuple[float, int]:
    began = time.perf_counter()
    answer = run_recipe(store, recipe, given)
    return time.perf_counter() - began, len(answer.rows)
