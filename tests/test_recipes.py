"""The recipes: each answers as worked out by hand, the same on every database.

The expected answers are in data/ferry/answers, worked out from the fictional dataset beside them; README.md there says how.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from negograph.problems import ProblemsFound
from negograph.project import shipped
from negograph.recipes import Recipe, RecipeError, find_recipe, load_recipes, returned_columns, run_recipe
from negograph.rendering import render
from negograph.store import Store

from .conftest import CHECKOUT, FERRY, cypher, graph_of, load_project

ANSWERS = sorted((FERRY / "answers").glob("*.json"))
RECIPES = load_recipes([shipped("queries")])

FIRST_TWELVE = [
    "overview",
    "timeline",
    "positions",
    "proposals",
    "offers",
    "demands",
    "rejections",
    "coordination",
    "evidence",
    "speakers",
    "allegations",
    "neighbourhood",
]


def answer(store: Store, name: str, **parameters: str) -> list[dict[str, Any]]:
    rows = json.loads(render(run_recipe(store, RECIPES[name], parameters), "json", 80))
    assert isinstance(rows, list)
    return rows


@pytest.fixture
def ferry(session_store: Store) -> Store:
    return holding(session_store, FERRY, "ferry")


@pytest.fixture
def seeds(session_store: Store) -> Store:
    return holding(session_store, CHECKOUT, "security-guarantees-2022")


def holding(store: Store, folder: Path, dataset: str) -> Store:
    """The store with this project alone in it; loaded only where it holds another."""
    if cypher(store, "MATCH (d:Dataset) RETURN d.id") != [[dataset]]:
        cypher(store, "MATCH (n) DETACH DELETE n")
        load_project(store, folder)
    return store


def test_every_recipe_has_an_answer_worked_out_by_hand_with_at_least_one_row() -> None:
    answered = {path.name.split(".")[0] for path in ANSWERS if json.loads(path.read_text(encoding="utf-8"))}
    assert answered == set(RECIPES) == set(FIRST_TWELVE)


@pytest.mark.parametrize("path", ANSWERS, ids=lambda path: path.stem)
def test_a_recipe_answers_as_worked_out_by_hand(ferry: Store, path: Path) -> None:
    rows = _answer_of(ferry, path)
    expected = json.loads(path.read_text(encoding="utf-8"))
    assert (list(map(_outline, rows)) if path.stem.startswith("neighbourhood") else rows) == expected


def _outline(row: dict[str, Any]) -> list[str | None]:
    """A row of a graph recipe as the expectations write it: what is joined to what, by which relationship."""
    edge = row["edge"]
    label = edge["properties"].get("label")
    return [
        row["party"]["properties"]["id"],
        edge["type"],
        edge["start"],
        edge["end"],
        label,
        row["neighbour"]["properties"]["id"],
    ]


def test_the_seeds_answer_who_demanded_what_and_what_became_of_it(seeds: Store) -> None:
    rows = answer(seeds, "demands")
    assert [(r["by"], r["demand"], r["to"], r["date"], r["status"], r["status_by"]) for r in rows] == [
        (
            "Russia",
            "No deployment of offensive weapons that could threaten Russia",
            ["NATO", "United States"],
            "2021-12-17",
            "open, said to be rejected",
            ["Sergei Lavrov"],
        ),
        (
            "Russia",
            "No expansion of NATO",
            ["NATO", "United States"],
            "2021-12-17",
            "open, said to be rejected",
            ["Sergei Lavrov"],
        ),
    ]


def test_the_seeds_answer_who_offered_what(seeds: Store) -> None:
    rows = answer(seeds, "offers")
    assert [(r["by"], r["offer"], r["attribution"], r["according_to"], r["status"]) for r in rows] == [
        ("NATO", "Reactivating the existing military communication channels", "own", "Jens Stoltenberg", "unanswered"),
        ("NATO", "Reopening the offices in Moscow and Brussels", "own", "Jens Stoltenberg", "unanswered"),
        ("NATO", "Resuming dialogue", "own", "Jens Stoltenberg", "unanswered"),
        ("NATO", "Serious consultations on arms control", "own", "Jens Stoltenberg", "unanswered"),
    ]


def test_the_seeds_answer_what_was_turned_down_and_by_whose_word(seeds: Store) -> None:
    rows = answer(seeds, "rejections")
    assert [(r["by"], r["how"], r["what"], r["according_to"]) for r in rows] == [
        ("The West", "left unanswered, by another's word", "Russia's concerns", "Dmitry Peskov"),
        ("The West", "left unanswered, by another's word", "Russia's considerations", "Dmitry Peskov"),
        (
            "United States",
            "rejected, by another's word",
            "No deployment of offensive weapons that could threaten Russia",
            "Sergei Lavrov",
        ),
        ("United States", "rejected, by another's word", "No expansion of NATO", "Sergei Lavrov"),
        ("Russia", "criticised", "Written response of NATO", None),
        ("Russia", "criticised", "Written response of the United States", None),
        ("Russia", "criticised", "Written response of the United States", "Sergei Lavrov"),
    ]


def test_no_answer_depends_on_the_order_in_which_rows_were_written(ferry: Store) -> None:
    before = {path.stem: _answer_of(ferry, path) for path in ANSWERS}
    cypher(ferry, "MATCH (n) DETACH DELETE n")
    model, graph = graph_of(FERRY)
    plan = ferry.plan(graph)
    ferry.apply(replace(plan, added=tuple(replace(entry, edges=entry.edges[::-1]) for entry in plan.added[::-1])), model)
    assert {path.stem: _answer_of(ferry, path) for path in ANSWERS} == before


def _answer_of(store: Store, path: Path) -> list[dict[str, Any]]:
    recipe, parameters = _recipe_and_parameters(path)
    return answer(store, recipe.name, **parameters)


def _recipe_and_parameters(path: Path) -> tuple[Recipe, dict[str, str]]:
    """What the name of a file of answers says: RECIPE.json or RECIPE.PARAMETER=VALUE.json."""
    name, _, parameter = path.stem.partition(".")
    return RECIPES[name], dict([parameter.split("=")] if parameter else [])


@pytest.mark.parametrize("word", ["northbank", "NORTHBANK", "Northbank"])
def test_an_entry_is_meant_by_its_id_its_name_or_an_alias_in_any_case(ferry: Store, word: str) -> None:
    assert answer(ferry, "positions", party=word) == answer(ferry, "positions", party="northbank") != []


def test_an_unknown_entry_is_named_with_a_hint(ferry: Store) -> None:
    with pytest.raises(RecipeError, match="no party 'northbnk'; did you mean 'northbank'"):
        answer(ferry, "positions", party="northbnk")


@pytest.mark.parametrize("recipe", RECIPES.values(), ids=lambda recipe: recipe.name)
def test_an_answer_has_its_columns_also_where_it_has_no_rows(ferry: Store, recipe: Recipe) -> None:
    path = next(path for path in ANSWERS if path.stem.split(".")[0] == recipe.name)
    full = run_recipe(ferry, *_recipe_and_parameters(path))
    assert returned_columns(recipe.cypher) == full.columns


@pytest.mark.parametrize(
    ("cypher", "columns"),
    [
        ("MATCH (d) RETURN d.id AS id, d.name AS name;", ("id", "name")),
        ("match (d) return d.id as id, count(d)\nlimit 3", ("id", "count(d)")),
        ("RETURN COLLECT { MATCH (n) RETURN n.x AS y ORDER BY y } AS all, 'a, b RETURN' AS `two words`", ("all", "two words")),
        ("CALL () { MATCH (a) RETURN a } // RETURN\nRETURN [x IN [1, 2] | x] AS l ORDER BY l", ("l",)),
        ("MATCH (n) CREATE (m)", ()),
    ],
)
def test_columns_are_read_off_a_statement(cypher: str, columns: tuple[str, ...]) -> None:
    assert returned_columns(cypher) == columns


def test_a_name_of_several_is_not_taken_for_one(store: Store) -> None:
    cypher(
        store,
        "CREATE (:Party {id: 'a', name: 'Ay', aliases: ['the town']}), (:Party {id: 'b', name: 'Be', aliases: ['the town']})",
    )
    with pytest.raises(RecipeError, match="is a name of several: a, b"):
        answer(store, "positions", party="the town")


def test_an_empty_graph_answers_with_columns_and_without_rows(store: Store) -> None:
    answer = run_recipe(store, RECIPES["offers"], {})
    assert (answer.columns[:3], answer.rows) == (("by", "offer", "to"), ())


def test_parameters_must_be_those_of_the_recipe(ferry: Store) -> None:
    with pytest.raises(RecipeError, match="positions needs the parameter party"):
        answer(ferry, "positions")
    with pytest.raises(RecipeError, match="no parameter 'partie'; did you mean 'party'"):
        answer(ferry, "timeline", partie="x")


def test_a_hostile_value_is_only_a_value(ferry: Store) -> None:
    with pytest.raises(RecipeError, match="the graph has no party"):
        answer(ferry, "positions", party="x'}) DETACH DELETE n //")


def test_an_unknown_recipe_is_named_with_a_hint() -> None:
    with pytest.raises(RecipeError, match="did you mean 'offers'"):
        find_recipe(RECIPES, "offer")


@pytest.mark.parametrize("recipe", RECIPES.values(), ids=lambda recipe: recipe.name)
def test_a_recipe_is_described_declares_its_parameters_and_orders_its_rows(recipe: Recipe) -> None:
    statement = re.sub(r"^//.*$", "", recipe.cypher, flags=re.MULTILINE)
    assert recipe.title
    assert recipe.description.endswith(".")
    assert set(re.findall(r"\$(\w+)", statement)) == {parameter.name for parameter in recipe.parameters}
    last = statement[statement.rindex("\nRETURN ") :]
    assert re.search(r"ORDER BY [\w., ()]+;\s*$", last)
    assert not re.search(r"\b(CREATE|MERGE|SET|DELETE|REMOVE|LOAD|FOREACH)\b", statement)
    if recipe.result == "graph":
        assert "edge" in last


def test_the_status_of_an_item_is_worked_out_by_the_same_lines_in_every_recipe() -> None:
    blocks = [
        re.search(r"// The status of an item.*?// Here the status ends\.", recipe.cypher, re.DOTALL)
        for recipe in RECIPES.values()
    ]
    texts = [block[0] for block in blocks if block]
    assert (
        len(texts) == sum("AS status," in recipe.cypher or "       status," in recipe.cypher for recipe in RECIPES.values()) == 3
    )
    assert len(set(texts)) == 1


def test_a_projects_own_recipe_wins_over_a_shipped_one(tmp_path: Path) -> None:
    (tmp_path / "offers.cypher").write_text("// My offers\n// Mine.\n\nRETURN 1 AS one\nORDER BY one;\n")
    recipes = load_recipes([shipped("queries"), tmp_path])
    assert (recipes["offers"].title, recipes["offers"].group) == ("My offers", "other")
    assert len(recipes) == len(RECIPES)


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("// T\n// caf\xe9".encode("latin-1"), ["1: cannot read the recipe: it is not UTF-8"]),
        ("RETURN 1;", ["1: a recipe begins with its title"]),
        ("// T\n// Parameter: party\nRETURN 1;", ["2: a parameter is declared as"]),
        ("// T\n// Parameter: party (state, required): which\nRETURN 1;", ["2: a parameter is declared as"]),
        ("// T\n// Result: picture\nRETURN 1;", ["1: `// Result:` is table or graph"]),
    ],
)
def test_a_header_that_cannot_be_read_is_a_problem_at_its_line(tmp_path: Path, text: str | bytes, problems: list[str]) -> None:
    (tmp_path / "own.cypher").write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(ProblemsFound) as found:
        load_recipes([tmp_path])
    said = [f"{problem.position.line}: {problem.message}" for problem in found.value.problems]
    assert [line.startswith(start) for line, start in zip(said, problems, strict=True)] == [True] * len(problems)
