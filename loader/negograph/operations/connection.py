"""Asking the graph from Python."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from negograph.database.ask import Limits
from negograph.database.cypher_names import Vocabulary, names_of, notes_on
from negograph.database.results import Result
from negograph.database.row_evidence import with_evidence
from negograph.database.store import Store, open_store
from negograph.database.target import resolve_target
from negograph.errors import ProblemsFound
from negograph.model.schema_files import load_model
from negograph.operations.answer import Answer, answer_of
from negograph.project import Project, open_project
from negograph.recipes.files import usable_recipes
from negograph.recipes.parameters import Given
from negograph.recipes.recipe import Recipe, find_recipe, run_recipe


@contextlib.contextmanager
def connect(project: str | Path = ".", *, uri: str | None = None, embedded: bool = False) -> Iterator[Connection]:
    """The graph of a project, open for questions until the context ends.

    Args:
        project: the project's folder.
        uri: the address of a Neo4j server; without it the one that NEO4J_URI names, in the environment or in `.env` of the
            project, else the embedded engine.
        embedded: use the embedded engine, whatever is named elsewhere.

    Raises:
        NegographError: if there is no project, or the database cannot be reached.
    """
    opened = open_project(Path(project), os.environ)
    target = resolve_target(opened.folder, os.environ, uri, embedded)
    with open_store(target, lambda message: None, shared=True) as store:
        yield Connection(store, opened)


class Connection:
    """An open graph; `connect` makes it."""

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
        found = find_recipe(recipes, recipe)
        return self._noted(run_recipe(self._store, found, parameters), found.cypher)

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
        return self._noted(self._store.ask(statement, parameters or {}, Limits(seconds, rows)), statement)

    def _noted(self, result: Result, statement: str) -> Answer:
        """An answer with notes on the names in a statement that neither the graph nor the model has."""
        return answer_of(result, notes_on(statement, self._store.names(), self._names_of_model))

    def _names_of_model(self) -> Vocabulary:
        return names_of(load_model(self._project.schema_folders()))

    def evidence(self, answer: Answer) -> Answer:
        """An answer with the facts and quotes behind each row, in a column `evidence`.

        Raises:
            NegographError: if nothing in the answer leads to a fact.
        """
        return answer_of(with_evidence(self._store, answer), answer.notes)
