"""What is wrong with a recipe: what it says of itself against what its Cypher does, and what a database says of that."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from negograph.database.cypher_names import Vocabulary, said_of, unknown_names
from negograph.database.cypher_text import (
    NO_EDGES,
    Token,
    binds_edges,
    column_name,
    not_in_order,
    not_reading,
    parameters_used,
    position,
    projection,
    statements,
)
from negograph.errors import StoreError
from negograph.problems.problem import Problem, in_order
from negograph.recipes.files import problem_in
from negograph.recipes.recipe import Recipe

_PLACE = re.compile(r"line (?P<line>\d+)(?:, column |:)(?P<column>\d+)(?P<neo4j> \(offset)?")
"""Where a database says that it stumbled, in the words of Neo4j and of the embedded engine, which counts columns from 0."""


def check_recipes(
    recipes: Iterable[Recipe], understands: Callable[[str], None], known: Vocabulary | None = None
) -> tuple[Problem, ...]:
    """Every problem of some recipes, by file and line. `understands` asks the database about a statement, without running it.

    `known` are the labels and relationship types that there are; without it they are not looked at.

    Raises nothing of its own; what `understands` raises as a StoreError is a problem of the recipe.
    """
    return in_order(problem for recipe in recipes for problem in _problems(recipe, understands, known))


def _problems(recipe: Recipe, understands: Callable[[str], None], known: Vocabulary | None) -> Iterator[Problem]:
    found = [*_statement(recipe), *_parameters(recipe)]
    yield from found
    if known is not None:
        yield from _names_unknown(recipe, known)
    if not any(problem.code in ("recipe-cypher", "recipe-writes") for problem in found):
        yield from _what_the_database_says(recipe, understands)
    if projection(recipe.cypher).items:
        yield from _order(recipe)
        yield from _result(recipe)


def _names_unknown(recipe: Recipe, known: Vocabulary) -> Iterator[Problem]:
    for named in unknown_names(recipe.cypher, known):
        yield _at(recipe, named.index, "recipe-name", said_of(named, known))


def _at(recipe: Recipe, index: int, code: str, message: str) -> Problem:
    return problem_in(recipe.path, *position(recipe.cypher, index), code, message)


def _statement(recipe: Recipe) -> Iterator[Problem]:
    count = statements(recipe.cypher)
    if count != 1:
        yield _at(
            recipe, 0, "recipe-cypher", f"a recipe is one statement; there are {count}" if count else "there is no statement"
        )
    elif not projection(recipe.cypher).items:
        yield _at(recipe, 0, "recipe-cypher", "it returns nothing; end it with RETURN, each column with a name")
    if (found := not_reading(recipe.cypher)) is not None:
        words, index = found
        yield _at(
            recipe, index, "recipe-writes", f"{words} does more than read; a name that is such a word is written in backticks"
        )


def _parameters(recipe: Recipe) -> Iterator[Problem]:
    declared = {parameter.name for parameter in recipe.parameters}
    used = parameters_used(recipe.cypher)
    for name, index in used.items():
        if name not in declared:
            yield _at(
                recipe, index, "recipe-parameter", f"${name} is not declared; add `// Parameter: {name} (text, required): ...`"
            )
    for name in sorted(declared - used.keys()):
        line = re.search(rf"^//\s*Parameter:\s*{name} ", recipe.cypher, re.MULTILINE)
        yield _at(
            recipe,
            line.start() if line else 0,
            "recipe-parameter",
            f"${name} is declared and not used; use it or take it out",
        )


def _what_the_database_says(recipe: Recipe, understands: Callable[[str], None]) -> Iterator[Problem]:
    try:
        understands(recipe.cypher)
    except StoreError as error:
        found = _PLACE.search(str(error))
        line, column = (int(found["line"]), int(found["column"]) + (0 if found["neo4j"] else 1)) if found else (1, 1)
        yield problem_in(recipe.path, line, column, "recipe-cypher", str(error))


def _order(recipe: Recipe) -> Iterator[Problem]:
    columns = not_in_order(recipe.cypher)
    for item in projection(recipe.cypher).items:
        name = column_name(recipe.cypher, item)
        if name in columns:
            yield _at(
                recipe,
                item[0].start,
                "recipe-order",
                f"rows that differ in {name} may change places; add {name}, or the ids of what it is made of, to ORDER BY",
            )


def _result(recipe: Recipe) -> Iterator[Problem]:
    items = projection(recipe.cypher).items
    edges = binds_edges(recipe.cypher)
    if recipe.result == "graph" and not any(_names(item) & edges for item in items):
        yield _at(
            recipe,
            items[0][0].start,
            "recipe-result",
            "a graph recipe returns relationships or paths; return them, or say `// Result: table`",
        )


def _names(item: Sequence[Token]) -> set[str]:
    """The names in a column, but not those of which only a property or the type is taken."""
    following = [*(token.text for token in item[1:]), ""]
    called = ["", "", *(token.word for token in item)]
    return {
        token.name
        for token, after, function in zip(item, following, called, strict=False)
        if token.kind in ("word", "quoted") and after != "." and function not in NO_EDGES
    }
