"""Asking the graph: a recipe or a statement to an answer, with what should be known of it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping

from negograph.database.ask import Limits
from negograph.database.cypher_names import names_of, notes_on
from negograph.database.results import Result
from negograph.database.store import Store, open_store
from negograph.database.target import Target
from negograph.model.schema_files import load_model
from negograph.operations.answer import Answer
from negograph.operations.load import Say
from negograph.problems.problem import Problem, in_order
from negograph.project import Project
from negograph.recipes.check import check_recipes
from negograph.recipes.files import read_folders
from negograph.recipes.parameters import Given
from negograph.recipes.recipe import Recipe, run_recipe


@contextlib.contextmanager
def open_graph(target: Target, say: Say) -> Iterator[Store]:
    """The graph, open for questions; it is said where there is nothing in it, or more than one dataset.

    Raises:
        NegographError: if the database cannot be used.
    """
    say(f"target: {target}")
    with open_store(target, say) as store:
        datasets = [dataset.id for dataset in store.datasets()]
        if not datasets:
            say("note: the graph is empty; `negograph load` fills it")
        if len(datasets) > 1:
            say(f"note: the graph holds {len(datasets)} datasets, {', '.join(datasets)}; the answer is from all of them")
        yield store


def ask_recipe(
    store: Store, project: Project, recipe: Recipe, given: Mapping[str, Given], limits: Limits | None = None
) -> Answer:
    """What a recipe answers, with notes on the names in it that neither the graph nor the model has.

    Raises:
        NegographError: if a parameter does not fit, the database refuses the query, or it takes too long.
    """
    return with_notes(store, project, run_recipe(store, recipe, given, limits), recipe.cypher)


def with_notes(store: Store, project: Project, result: Result, statement: str) -> Answer:
    """What a statement was answered with, and notes on the names in it that neither the graph nor the model has."""
    notes = notes_on(statement, store.names(), lambda: names_of(load_model(project.schema_folders())))
    return Answer(result.columns, result.rows, result.cut, result.edges, notes)


def check_recipes_of(project: Project, target: Target, say: Say) -> tuple[int, tuple[Problem, ...]]:
    """How many recipes a project can use, and what is wrong with them, by their own word and the database's.

    Raises:
        NegographError: if the database cannot be used.
    """
    recipes, problems = read_folders(project.recipe_folders())
    say(f"target: {target}")
    with open_store(target, say) as store:
        known = store.names() | names_of(load_model(project.schema_folders()))
        found = check_recipes(recipes.values(), store.check, known)
    return len(recipes), in_order([*problems, *found])
