"""Running recipes: entries go by what users call them, an id, a name, an alias or a former id, in any case."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace

from negograph.database.ask import Limits
from negograph.database.results import Result
from negograph.database.statements import escape
from negograph.database.store import Store
from negograph.errors import ParameterError
from negograph.model.model import RETRACTED_FACT
from negograph.problems.problem import did_you_mean
from negograph.recipes.recipe import ENTITY_LABELS, Argument, Recipe, Value, read_values


def run_recipe(store: Store, recipe: Recipe, given: Mapping[str, Argument], limits: Limits | None = None) -> Result:
    """Run a recipe with the parameter values given: texts, or from Python also dates, numbers and lists.

    Raises:
        RecipeError: if parameters are missing, or not those of the recipe.
        ParameterError: if a value is none of its type, or names nothing in the graph.
        StoreError: if the database refuses the query, or it takes too long.
    """
    answer = store.ask(recipe.cypher, values_of(store, recipe, given), limits or Limits())
    return replace(answer, edges=recipe.edges)


def values_of(store: Store, recipe: Recipe, given: Mapping[str, Argument]) -> dict[str, Value]:
    """The value of every parameter; names of entities become their ids. It raises what `run_recipe` raises of parameters."""
    values = read_values(recipe, given)
    for parameter in recipe.parameters:
        if parameter.type in ENTITY_LABELS and values[parameter.name] is not None:
            values[parameter.name] = find_entity(store, parameter.type, str(values[parameter.name]))
    return values


def find_entity(store: Store, kind: str, text: str) -> str:
    """The id of the one entry of a kind that a text means, else a ParameterError. An id as it is written goes first."""
    label = ENTITY_LABELS[kind]
    if store.read(f"MATCH (n:{escape(label)} {{id: $id}}) RETURN n.id", {"id": text}).rows:
        return text
    names = _names(store, label)
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


def _names(store: Store, label: str) -> dict[str, set[str]]:
    """Every id, name, alias and former id of the nodes with a label, with the ids that it stands for."""
    rows = store.read(f"MATCH (n:{escape(label)}) RETURN n.id, n.name, n.aliases, n.formerly ORDER BY n.id", {}).rows
    names: dict[str, set[str]] = defaultdict(set)
    for identity, name, *others in rows:
        for word in [name, *(word for words in others if isinstance(words, list) for word in words), identity]:
            names[str(word)].add(str(identity))
    return names
