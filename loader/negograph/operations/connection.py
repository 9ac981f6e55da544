"""Asking the graph from Python."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import replace

from negograph.database.ask import Limits
from negograph.database.cypher_names import Vocabulary, names_of, notes_on
from negograph.database.results import Result
from negograph.database.row_evidence import with_evidence
from negograph.database.store import Store, open_store
from negograph.database.target import Target
from negograph.errors import ProblemsFound
from negograph.model.schema_files import load_model
from negograph.project import Project
from negograph.recipes.files import usable_recipes
from negograph.recipes.parameters import Given
from negograph.recipes.recipe import Recipe, find_recipe, run_recipe


@contextlib.contextmanager
def open_connection(project: Project, target: Target) -> Iterator[Connection]:
    """The graph of a project, open for questions until the context ends.

    Raises:
        NegographError: if the database cannot be reached.
    """
    with open_store(target, lambda message: None, shared=True) as store:
        yield Connection(store, project)


class Connection:
    """An open graph; `negograph.connect` makes it."""

    def __init__(self, store: Store, project: Project) -> None:
        self._store = store
        self._project = project

    @property
    def recipes(self) -> Mapping[str, Recipe]:
        """The recipes by name, the project's own among them; without those that cannot be read."""
        return usable_recipes(self._project.recipe_folders())[0]

    def run(self, recipe: str, /, **parameters: Given) -> Result:
        """What a recipe answers.

        Args:
            recipe: its name.
            parameters: its parameters: texts as after `-p` on the command line, or dates, numbers and lists. Entities go by
                id, name, alias or former id.

        Raises:
            NegographError: if there is no such recipe, or a parameter does not fit.
        """
        recipes, broken = usable_recipes(self._project.recipe_folders())
        if recipe in broken:
            raise ProblemsFound(broken[recipe])
        found = find_recipe(recipes, recipe)
        return self._noted(run_recipe(self._store, found, parameters), found.cypher)

    def cypher(
        self, statement: str, parameters: Mapping[str, Given] | None = None, *, seconds: float = 60.0, rows: int | None = None
    ) -> Result:
        """What a Cypher statement of your own answers; it can only read.

        Args:
            statement: the statement.
            parameters: the values of its parameters.
            seconds: how long it may take.
            rows: how many rows to take at most; the result's `cut` tells whether there were more. However many are asked for,
                an answer ends where it would take more than 256 MB.

        Raises:
            NegographError: if it does more than read, is not understood, or takes too long.
        """
        return self._noted(self._store.ask(statement, parameters or {}, Limits(seconds, rows)), statement)

    def _noted(self, answer: Result, statement: str) -> Result:
        """An answer with notes on the names in a statement that neither the graph nor the model has."""
        return replace(answer, notes=notes_on(statement, self._store.names(), self._names_of_model))

    def _names_of_model(self) -> Vocabulary:
        return names_of(load_model(self._project.schema_folders()))

    def evidence(self, result: Result) -> Result:
        """An answer with the facts and quotes behind each row, in a column `evidence`.

        Raises:
            NegographError: if nothing in the answer leads to a fact.
        """
        return with_evidence(self._store, result)
