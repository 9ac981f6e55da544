"""The labels and relationship types of a statement, and what is said of those that nobody knows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from negograph.database.cypher_text import Vocabulary, names, names_of, notes_on
from negograph.database.store import Store
from negograph.model.model import Model
from negograph.project import shipped
from negograph.recipes.check import check_recipes
from tests.conftest import FERRY, cypher, load_project, recipes_in

KNOWN = Vocabulary(frozenset(["Party", "Demand"]), frozenset(["OFFERED", "REJECTED"]))
LABEL, TYPE, EITHER = "label", "relationship type", "label or relationship type"


def unused() -> Vocabulary:
    raise AssertionError("the model was looked at")


@pytest.mark.parametrize(
    ("cypher", "found"),
    [
        (
            "MATCH (n:A|B&!C)-[r:X|Y|:Z*1..2]->(:D:E {id: 1})",
            [*[(LABEL, n) for n in "ABC"], *[(TYPE, n) for n in "XYZ"], *[(LABEL, n) for n in "DE"]],
        ),
        ("MATCH (n:(A|B)&C)<-[:X {b: c}]-(`n`:`D E`)", [*[(LABEL, n) for n in "ABC"], (TYPE, "X"), (LABEL, "D E")]),
        ("MATCH (n) WHERE n:A AND n.x IS NOT NULL RETURN n:B", [(EITHER, "A"), (EITHER, "B")]),
        ("MATCH ()-[r:X WHERE r.y = 1 AND r:Y]->() RETURN 1", [(TYPE, "X"), (EITHER, "Y")]),
        ("MATCH (n IS A) WHERE n.x IS NULL RETURN [y IN n.l WHERE y:B | y {.id, k: v}]", [(LABEL, "A"), (EITHER, "B")]),
        ("MATCH (a)-[r]-(b) WHERE (r:X) AND (a:A) RETURN 1", [(EITHER, "X"), (EITHER, "A")]),
        ("RETURN EXISTS { (a)-[:X]->(:A) } AS x, COUNT { MATCH (b) WHERE b:B } AS y", [(TYPE, "X"), (LABEL, "A"), (EITHER, "B")]),
        ("CALL (a) { MATCH (a) WHERE a:A RETURN 1 AS x } RETURN x", [(EITHER, "A")]),
        ("MATCH p = shortestPath((a:A)-[:X*]->(b)) RETURN 1", [(LABEL, "A"), (TYPE, "X")]),
        ("RETURN [(s)-[:Y]->(t:T) | t.id]", [(TYPE, "Y"), (LABEL, "T")]),
        # no names of the graph
        ("RETURN {a: b, c: d}, m {.x, y: z}, x IS :: INTEGER, y :: STRING, $p.l[1..2], duration({days: n})", []),
        ("MATCH (n:$($label))-[:$any($types)]->(:%) RETURN ':A' AS x // (n:B)", []),
        ("MATCH (n:", []),
    ],
)
def test_the_names_in_a_statement(cypher: str, found: list[tuple[str, str]]) -> None:
    assert [(named.kind, named.name) for named in names(cypher)] == found


@pytest.mark.parametrize(
    ("cypher", "notes"),
    [
        ("MATCH (p:Party)-[:OFFERED|REJECTED]->(:Demand) WHERE p:Party RETURN p", []),
        ("MATCH (p:Partyy) RETURN p", ["the label 'Partyy'; did you mean 'Party'?"]),
        ("MATCH ()-[:OFERED]->() RETURN 1", ["the relationship type 'OFERED'; did you mean 'OFFERED'?"]),
        ("MATCH (:Party)-[:offered]->() RETURN 1", ["the relationship type 'offered'; did you mean 'OFFERED'?"]),
        ("MATCH (n:Zebra), (m:Zebra) WHERE n:Horse RETURN 1", ["the label 'Zebra'", "the label or relationship type 'Horse'"]),
    ],
)
def test_what_is_not_known_is_named_once_with_what_may_be_meant(cypher: str, notes: list[str]) -> None:
    nothing = Vocabulary(frozenset(), frozenset())
    assert notes_on(cypher, KNOWN, lambda: nothing) == tuple(f"neither the graph nor the model has {note}" for note in notes)


def test_a_name_in_the_wrong_place_is_told_what_it_is() -> None:
    assert notes_on("MATCH (:REJECTED) RETURN 1", KNOWN, lambda: KNOWN) == (
        "REJECTED is a relationship type; neither the graph nor the model has such a label",
    )


def test_what_the_model_knows_needs_not_be_in_the_graph(model: Model) -> None:
    nothing = Vocabulary(frozenset(), frozenset())
    assert notes_on("MATCH (:Party)-[:CRITICISED]->(:Dataset) RETURN 1", nothing, lambda: names_of(model)) == ()
    assert notes_on("MATCH (:Party) RETURN 1", KNOWN, unused) == ()


def test_the_database_tells_its_names(store: Store) -> None:
    load_project(store, FERRY)
    cypher(store, "CREATE (:Harbour)-[:NEAR]->(:Harbour)")
    found = store.names()
    assert {"Party", "Fact", "Harbour"} <= found.labels
    assert {"BY", "NEAR"} <= found.types
    assert notes_on("MATCH (:Harbour)-[:NEAR]->(:Party) RETURN 1", found, unused) == ()
    assert len(notes_on("MATCH (:Harbor)-[:NAER]->(:Party) RETURN 1", found, lambda: KNOWN)) == 2


def test_the_shipped_recipes_name_nothing_that_the_model_does_not_know(model: Model) -> None:
    recipes = recipes_in(shipped("queries"))
    assert all(notes_on(recipe.cypher, names_of(model), unused) == () for recipe in recipes.values())
    assert any(list(names(recipe.cypher)) for recipe in recipes.values())


def test_checking_names_each_at_its_place(tmp_path: Path, model: Model) -> None:
    (tmp_path / "own.cypher").write_text("// T\n\nMATCH (p:Partyy)-[:BY]-(f:Fact)\nRETURN p.name AS x\nORDER BY x;", "utf-8")
    understands: Callable[[str], None] = lambda statement: None  # noqa: E731
    (problem,) = check_recipes(recipes_in(tmp_path).values(), understands, names_of(model))
    assert (problem.code, problem.position.line, problem.position.column) == ("recipe-name", 3, 10)
    assert problem.message == "neither the graph nor the model has the label 'Partyy'; did you mean 'Party'?"
