"""Exploring the graph: an answer with the acts behind it and its network, and what is known of one act, entry or line."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from negograph.database.ask import Limits
from negograph.database.exploring import (
    ActBehind,
    Listed,
    facts_about,
    read_acts,
    read_entry,
    read_names,
    ties_of,
)
from negograph.database.facts import FactDetail, read_facts
from negograph.database.results import FACT_COLUMN, Result, ResultNode, ResultRelationship, graph_parts
from negograph.database.store import Store, facts_behind
from negograph.errors import NegographError
from negograph.model.model import FACT, Model
from negograph.model.schema_files import load_model
from negograph.operations.ask import Answer, with_notes
from negograph.operations.seeds import read_index
from negograph.problems.problem import Position
from negograph.project import Project
from negograph.recipes.check import values_of
from negograph.recipes.recipe import Recipe, Value, as_commands, as_given
from negograph.render.network import to_networkx
from negograph.render.text import words
from negograph.seeds.index import EntryIndex

if TYPE_CHECKING:
    import networkx

_MOST_FACTS = 60
"""How many facts are told in full at a time; nobody reads more of them at once."""


@dataclass(frozen=True)
class Explored:
    """An answer, and what is shown beside it.

    `given` are the values that were meant, as texts; `commands` the lines that set them. `facts` are the ids behind each row,
    `acts` what is known of each of these, `network` None where nothing in the answer joins anything.
    """

    answer: Answer
    given: Mapping[str, str]
    commands: str
    facts: tuple[tuple[str, ...], ...]
    acts: Mapping[str, ActBehind]
    network: networkx.Graph[str] | None
    seconds: float


@dataclass(frozen=True)
class Details:
    """What is known of what was picked: facts in full, and of an entry what it is, what it is tied to, and where it is written.

    `places` tell where facts and entries are written, by id; `quoted` where quotes are, by fact, document and words. Both as
    file:line of the seeds, as far as the seeds at hand have them. `more` counts the facts that are left out.
    """

    facts: tuple[FactDetail, ...]
    places: Mapping[str, str]
    quoted: Mapping[tuple[str, str, str], str]
    entry: ResultNode | None = None
    ties: tuple[tuple[str, str, str], ...] = ()
    more: int = 0


def explore(store: Store, project: Project, recipe: Recipe, given: Mapping[str, str], limits: Limits) -> Explored:
    """What a recipe answers, with what a page shows beside it.

    Raises:
        NegographError: if a parameter does not fit, the database refuses the query, it takes too long, or is not wanted any more.
    """
    began = time.monotonic()
    values = values_of(store, recipe, given)
    asked = store.ask(recipe.cypher, values, limits)
    result = Result(asked.columns, asked.rows, asked.cut, recipe.edges, recipe.note)
    answer = with_notes(store, project, result, recipe.cypher)
    unfinished = tuple(dataset.unfinished for dataset in store.datasets() if dataset.unfinished)
    answer = replace(answer, notes=(*answer.notes, *unfinished))
    facts = tuple(tuple(dict.fromkeys(facts_behind(answer.columns, row))) for row in answer.rows)
    acts, known = read_acts(store, {fact for row in facts for fact in row})
    network = _network(store, load_model(project.schema_folders()), answer, acts)
    return Explored(answer, _as_meant(given, values), as_commands(values), facts, known, network, time.monotonic() - began)


def _as_meant(given: Mapping[str, str], values: Mapping[str, Value]) -> dict[str, str]:
    return {name: as_given(values[name]) for name in given}


def _network(store: Store, model: Model, answer: Answer, acts: Result) -> networkx.Graph[str] | None:
    """What an answer joins: what it returned of the graph, or the ends that its rows name, or else the acts behind it."""
    if answer.edges is not None:
        return _with_entries(to_networkx(answer), read_names(store, _labels(model)), acts)
    for joined in (answer, acts):
        if any(isinstance(part, ResultRelationship) for part in graph_parts(joined.rows)):
            return to_networkx(joined)
    return None


def _labels(model: Model) -> list[str]:
    return [label for label in model.nodes if label != FACT]


def _with_entries(network: networkx.Graph[str], entries: Iterable[Listed], acts: Result) -> networkx.Graph[str]:
    """A network of names with what the graph knows of them, and on each line the type of the act that it stands for."""
    by_name: dict[str, Listed | None] = {}
    for entry in entries:
        by_name[entry.name] = None if entry.name in by_name else entry  # a name of several tells nothing
    for name, data in network.nodes(data=True):
        if (found := by_name.get(name)) is not None:
            data |= {"kind": found.label, "id": found.id, "name": found.name, "short": found.short}
    drawn = (part for part in graph_parts(acts.rows) if isinstance(part, ResultRelationship))
    types = {(words(edge.start), str(edge.properties.get(FACT_COLUMN))): edge.type for edge in drawn}
    for start, _, data in network.edges(data=True):
        if not data.get("standing"):
            data["label"] = data.get("label") or data.get("how")
        data["type"] = types.get((start, str(data.get(FACT_COLUMN))), "")
    return network


def details_of_facts(store: Store, project: Project, facts: Collection[str]) -> Details:
    """What is known of some facts; those that the graph does not have are left out."""
    ids = list(facts)
    return _details(store, read_index(project), ids)


def details_of_entry(store: Store, project: Project, identity: str) -> Details:
    """What is known of an entry, and the facts that name it.

    Raises:
        NegographError: if the graph has no such entry.
    """
    node = read_entry(store, identity, load_model(project.schema_folders()).labels)
    if node is None:
        raise NegographError(f"the graph has no entry {identity!r}")
    return _details(store, read_index(project), facts_about(store, node), node, tuple(ties_of(store, node)))


def _details(
    store: Store, index: EntryIndex, ids: list[str], entry: ResultNode | None = None, ties: tuple[tuple[str, str, str], ...] = ()
) -> Details:
    facts = tuple(read_facts(store, ids[:_MOST_FACTS]).values())
    shown = [fact.id for fact in facts] + ([str(entry.properties["id"])] if entry else [])
    places = {identity: _place(index.by_id[identity].position) for identity in shown if identity in index.by_id}
    return Details(facts, places, dict(_quoted(index, shown)), entry, ties, max(0, len(ids) - _MOST_FACTS))


def _quoted(index: EntryIndex, ids: Iterable[str]) -> Iterable[tuple[tuple[str, str, str], str]]:
    """Where each quote of some facts is written."""
    for entry in (index.by_id[identity] for identity in ids if identity in index.by_id):
        for reference in entry.references:
            quote: Any = (reference.properties or {}).get("quote")
            if quote is not None:
                yield (entry.id, reference.target, str(quote)), _place(entry.place_at(reference.quote_at or reference.at))


def _place(position: Position) -> str:
    return f"{position.file}:{position.line}"
