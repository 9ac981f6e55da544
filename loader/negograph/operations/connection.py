"""Asking the graph from Python."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping

from negograph.database.ask import Limits
from negograph.database.row_evidence import with_evidence
from negograph.database.store import Store, open_store
from negograph.database.target import Target
from negograph.errors import ProblemsFound
from negograph.operations.answer import Answer
from negograph.operations.ask import ask_recipe, with_notes
from negograph.project import Project
from negograph.recipes.files import usable_recipes
from negograph.recipes.parameters import Given
from negograph.recipes.recipe import Recipe, find_recipe


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

    def run(self, recipe: str, /, **parameters: Given) -> Answer:
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
        return ask_recipe(self._store, self._project, find_recipe(recipes, recipe), parameters)

    def cypher(
        self, statement: str, parameters: Mapping[str, Given] | None = None, *, seconds: float = 60.0, rows: int | None = None
    ) -> Answer:
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
        result = self._store.ask(statement, parameters or {}, Limits(seconds, rows))
        return with_notes(self._store, self._project, result, statement)

    def evidence(self, answer: Answer) -> Answer:
        """An answer with the facts and quotes behind each row, in a column `evidence`.

        Raises:
            NegographError: if nothing in the answer leads to a fact.
        """
        return with_evidence(self._store, answer)
