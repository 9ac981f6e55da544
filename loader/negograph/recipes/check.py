"""Recipes and the database: looking up what parameters name, running, and what is wrong with a recipe."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import pairwise

from negograph.database.ask import Limits
from negograph.database.cypher_text import (
    Vocabulary,
    beginnings,
    not_reading,
    parameters_used,
    position,
    returned_columns,
    said_of,
    tokens,
    unbalanced,
    unknown_names,
)
from negograph.database.results import Result
from negograph.database.statements import escape
from negograph.database.store import Store
from negograph.errors import ParameterError, StoreError
from negograph.model.model import RETRACTED_FACT
from negograph.problems.problem import Problem, did_you_mean, in_order
from negograph.project import shipped
from negograph.recipes.files import problem_in
from negograph.recipes.recipe import Argument, Recipe, Value, labels_of, read_values


def run_recipe(store: Store, recipe: Recipe, given: Mapping[str, Argument], limits: Limits | None = None) -> Result:
    """Run a recipe with the parameter values given: texts, or from Python also dates, numbers and lists.

    Raises:
        RecipeError: if parameters are missing, or not those of the recipe.
        ParameterError: if a value is none of its type, or names nothing in the graph.
        StoreError: if the database refuses the query, or it takes too long.
    """
    answer = store.ask(recipe.cypher, values_of(store, recipe, given), limits or Limits())
    return replace(answer, edges=recipe.edges, note=recipe.note)


def values_of(store: Store, recipe: Recipe, given: Mapping[str, Argument]) -> dict[str, Value]:
    """The value of every parameter; names of entities become their ids. It raises what `run_recipe` raises of parameters."""
    values = read_values(recipe, given)
    for parameter in recipe.parameters:
        if parameter.labels and values[parameter.name] is not None:
            values[parameter.name] = find_entity(store, parameter.type, str(values[parameter.name]))
    return values


def find_entity(store: Store, kind: str, text: str) -> str:
    """The id of the one entry of a kind that a text means, else a ParameterError. An id as it is written goes first."""
    labels = "|".join(map(escape, labels_of(kind) or (kind,)))
    if store.read(f"MATCH (n:{labels} {{id: $id}}) RETURN n.id", {"id": text}).rows:
        return text
    names = _names(store, labels)
    matches = {identity for name, identities in names.items() if name.casefold() == text.casefold() for identity in identities}
    if len(matches) > 1:
        raise ParameterError(f"{text!r} is a name of several: {', '.join(sorted(matches))}; give the id of one")
    if not matches:
        raise ParameterError(f"the graph has no {kind} {text!r}{_retracted(store, text) or did_you_mean(text, names)}")
    return matches.pop()


def _retracted(store: Store, text: str) -> str:
    """A hint that ends a message where a fact with this id was retracted."""
    statement = f"MATCH (n:{escape(RETRACTED_FACT)} {{id: $id}}) RETURN n.retracted_on, n.retracted_reason"
    rows = store.read(statement, {"id": text}).rows
    return "".join(f"; it was retracted on {day}: {reason}" for day, reason in rows)


def _names(store: Store, labels: str) -> dict[str, set[str]]:
    """Every id, name, alias and former id of the nodes with one of these labels, with the ids that it stands for."""
    rows = store.read(f"MATCH (n:{labels}) RETURN n.id, n.name, n.aliases, n.formerly ORDER BY n.id", {}).rows
    names: dict[str, set[str]] = defaultdict(set)
    for identity, name, *others in rows:
        for word in [name, *(word for words in others if isinstance(words, list) for word in words), identity]:
            names[str(word)].add(str(identity))
    return names


_PLACE = re.compile(r"line (?P<line>\d+)(?:, column |:)(?P<column>\d+)(?P<neo4j> \(offset)?")
"""Where a database says that it stumbled, in the words of Neo4j and of the embedded engine, which counts columns from 0."""

_QUOTED = re.compile(r"['`](\w+)['`]")
"""A name in what a database says."""


def check_recipes(
    recipes: Iterable[Recipe], understands: Callable[[str], None], known: Vocabulary | None = None
) -> tuple[Problem, ...]:
    """Every problem of some recipes, by file and line. `understands` asks the database about a statement, without running it.

    `known` are the labels and relationship types that there are; without it they are not looked at.

    Raises nothing of its own; what `understands` raises as a StoreError is a problem of the recipe.
    """
    recipes = list(recipes)
    found = [problem for recipe in recipes for problem in _problems(recipe, understands, known)]
    return in_order([*found, *_parameters_of_two_sorts(recipes)])


def _problems(recipe: Recipe, understands: Callable[[str], None], known: Vocabulary | None) -> Iterator[Problem]:
    found = [*_statement(recipe), *_parameters(recipe)]
    yield from found
    if known is not None:
        for named in unknown_names(recipe.cypher, known):
            yield _at(recipe, named.index, "recipe-name", said_of(named, known))
        wanted = {(label, parameter.type) for parameter in recipe.parameters for label in parameter.labels}
        for label, kind in ((label, kind) for label, kind in wanted if label not in known.labels):
            index = recipe.cypher.index(f"({kind},")
            message = f"the parameter's type {label} is no kind of node{did_you_mean(str(label), known.labels)}"
            yield _at(recipe, index + 1, "recipe-name", message)
    if not any(problem.code in ("recipe-cypher", "recipe-writes") for problem in found):
        try:
            understands(recipe.cypher)
        except StoreError as error:
            yield problem_in(recipe.path, *_place(str(error), recipe.cypher), "recipe-cypher", str(error))


def _at(recipe: Recipe, index: int, code: str, message: str) -> Problem:
    return problem_in(recipe.path, *position(recipe.cypher, index), code, message)


def _statement(recipe: Recipe) -> Iterator[Problem]:
    starts = beginnings(recipe.cypher)
    if (open_ended := unbalanced(recipe.cypher)) is not None:
        yield _at(recipe, open_ended[1], "recipe-cypher", open_ended[0])
    elif len(starts) != 1:
        message = f"a recipe is one statement; there are {len(starts)}" if starts else "there is no statement"
        yield _at(recipe, starts[1] if starts else 0, "recipe-cypher", message)
    elif not returned_columns(recipe.cypher):
        yield _returns_nothing(recipe)
    if (found := not_reading(recipe.cypher)) is not None:
        words, index = found
        yield _at(
            recipe, index, "recipe-writes", f"{words} does more than read; a name that is such a word is written in backticks"
        )


def _returns_nothing(recipe: Recipe) -> Problem:
    """That a statement has no RETURN, at the word that is a slip of the pen for it, else at its end."""
    pieces = [token for token in tokens(recipe.cypher) if token.text != ";"]
    for token in pieces:
        if token.word not in ("", "RETURN") and did_you_mean(token.word, ["RETURN"]):
            return _at(recipe, token.start, "recipe-cypher", f"it returns nothing; did you mean RETURN by {token.text}?")
    end = pieces[-1].start + len(pieces[-1].text)
    return _at(recipe, end, "recipe-cypher", "it returns nothing; end it with RETURN, each column with a name")


def _parameters(recipe: Recipe) -> Iterator[Problem]:
    declared = {parameter.name for parameter in recipe.parameters}
    used = parameters_used(recipe.cypher)
    for name, index in used.items():
        if name not in declared:
            yield _at(
                recipe, index, "recipe-parameter", f"${name} is not declared; add `// Parameter: {name} (text, required): ...`"
            )
    for name in sorted(declared - used.keys()):
        yield _at(recipe, _declared(recipe, name), "recipe-parameter", f"${name} is declared and not used; use it or take it out")


def _declared(recipe: Recipe, name: str) -> int:
    """Where a parameter is declared, if it is."""
    line = re.search(rf"^//\s*(?i:parameters?)\s*:\s*({name}) ", recipe.cypher, re.MULTILINE)
    return line.start(1) if line else 0


def _parameters_of_two_sorts(recipes: Iterable[Recipe]) -> Iterator[Problem]:
    """Names of parameters that one recipe requires and another does not: Neo4j Browser has one value a name for all queries.

    The shipped recipes have their names; the others are to take different ones.
    """
    first: dict[str, tuple[bool, str]] = {}
    for recipe in sorted(recipes, key=lambda recipe: not recipe.path.is_relative_to(shipped("queries"))):
        for parameter in recipe.parameters:
            required, other = first.setdefault(parameter.name, (parameter.required, recipe.name))
            if parameter.required != required:
                here, there = ("required", "optional") if parameter.required else ("optional", "required")
                message = (
                    f"${parameter.name} is {here} here, and {there} in {other}; give it another name, for Neo4j Browser keeps "
                    "one value a name"
                )
                yield _at(recipe, _declared(recipe, parameter.name), "recipe-parameter", message)


def _place(said: str, cypher: str) -> tuple[int, int]:
    """Where a database stumbled: where it says, else at the last use of a name that it quotes, else at the beginning."""
    if found := _PLACE.search(said):
        return int(found["line"]), int(found["column"]) + (0 if found["neo4j"] else 1)
    quoted = set(_QUOTED.findall(said))
    used = [token.start for before, token in pairwise(tokens(cypher)) if token.name in quoted and before.text != "."]
    return position(cypher, used[-1] if used else 0)
