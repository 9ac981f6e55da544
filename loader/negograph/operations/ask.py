"""Asking the graph: a recipe or a statement to an answer, which shows itself and becomes a DataFrame, a network, a file.

From Python it is asked through a `Connection`.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from negograph.database.ask import Limits
from negograph.database.cypher_text import names_of, notes_on
from negograph.database.results import Result
from negograph.database.store import Store, open_store, with_evidence
from negograph.database.target import Target
from negograph.errors import ProblemsFound
from negograph.operations import Say
from negograph.problems.problem import Problem, in_order
from negograph.project import Project
from negograph.recipes.check import check_recipes, run_recipe
from negograph.recipes.files import read_folders, usable_recipes
from negograph.recipes.recipe import Argument, Recipe, find_recipe
from negograph.render.forms import render, render_file, to_dataframe
from negograph.render.network import to_networkx
from negograph.render.notebook import shown
from negograph.render.palette import Palette, palette_of

if TYPE_CHECKING:
    import networkx
    import pandas

    from negograph.model.model import Model


@dataclass(frozen=True)
class Answer(Result):
    """What a question is answered with. `notes` are what should be known of it, such as labels that the graph does not have."""

    notes: tuple[str, ...] = ()
    project: Project | None = field(default=None, repr=False, compare=False)

    def __str__(self) -> str:
        """The answer as a table."""
        return render(self, "table")

    def to(self, form: str) -> bytes:
        """The content of a file in one of the forms that `--format` names, such as csv or xlsx; text is in UTF-8.

        Raises:
            NegographError: if there is no such form, or the answer cannot be put into it.
        """
        return render_file(self, form, colours=self.colours)

    def colours(self) -> Palette:
        """The colours of its project's model, for pictures."""
        return palette_of(_model_of(self.project)) if self.project else Palette()

    def to_pandas(self) -> pandas.DataFrame:
        """A DataFrame with a row a row and a column a column; a missing value is None, and columns without any are of numbers.

        What a reader has to know of the answer is in its `attrs`, as `note`.
        """
        return to_dataframe(self)

    def to_networkx(self) -> networkx.Graph[str]:
        """The network of a graph, or of a table whose rows are edges: see `negograph.render.network.to_networkx`.

        Raises:
            NegographError: if there is no network in the answer.
        """
        return to_networkx(self)

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        """How a notebook shows it: a graph as a picture, everything else as a table."""
        return shown(self, self.colours)


@contextlib.contextmanager
def open_graph(target: Target, say: Say, *, shared: bool = False) -> Iterator[Store]:
    """The graph, open for questions; it is said where there is nothing in it, or more than one dataset.

    Others can use the embedded engine meanwhile if it is `shared`.
    """
    say(f"target: {target}")
    with open_store(target, say, shared=shared) as store:
        datasets = store.datasets()
        if not datasets:
            say("note: the graph is empty; `negograph load` fills it")
        if len(datasets) > 1:
            names = ", ".join(dataset.id for dataset in datasets)
            say(f"note: the graph holds {len(datasets)} datasets, {names}; the answer is from all of them")
        for dataset in datasets:
            if dataset.unfinished:
                say(f"note: {dataset.unfinished}")
        yield store


def ask_recipe(
    store: Store, project: Project, recipe: Recipe, given: Mapping[str, Argument], limits: Limits | None = None
) -> Answer:
    """What a recipe answers, with notes on the names in it that neither the graph nor the model has.

    Raises:
        NegographError: if a parameter does not fit, the database refuses the query, or it takes too long.
    """
    return with_notes(store, project, run_recipe(store, recipe, given, limits), recipe.cypher)


def with_notes(store: Store, project: Project, result: Result, statement: str) -> Answer:
    """What a statement was answered with, and notes on the names in it that neither the graph nor the model has."""
    notes = notes_on(statement, store.names(), lambda: names_of(_model_of(project)))
    return Answer(result.columns, result.rows, result.cut, result.edges, result.note, notes, project)


def _model_of(project: Project) -> Model:
    from negograph.model.schema_files import load_model  # what reads YAML takes a while to load, and most questions need none

    return load_model(project.schema_folders())


def check_recipes_of(project: Project, target: Target, say: Say) -> tuple[int, tuple[Problem, ...]]:
    """How many recipes a project can use, and what is wrong with them, by their own word and the database's."""
    recipes, problems = read_folders(project.recipe_folders())
    say(f"target: {target}")
    with open_store(target, say) as store:
        known = store.names() | names_of(_model_of(project))
        found = check_recipes(recipes.values(), store.check, known)
    return len(recipes), in_order([*problems, *found])


@contextlib.contextmanager
def open_connection(project: Project, target: Target) -> Iterator[Connection]:
    """The graph of a project, open for questions until the context ends; a NegographError if it cannot be reached."""
    with open_store(target, lambda message: None, shared=True) as store:
        yield Connection(store, project)


@dataclass(frozen=True)
class Connection:
    """An open graph; `negograph.connect` makes it."""

    _store: Store
    _project: Project

    @property
    def recipes(self) -> Mapping[str, Recipe]:
        """The recipes by name, the project's own among them; without those that cannot be read."""
        return usable_recipes(self._project.recipe_folders())[0]

    def run(self, recipe: str, /, **parameters: Argument) -> Answer:
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
        self, statement: str, parameters: Mapping[str, Argument] | None = None, *, seconds: float = 60.0, rows: int | None = None
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
