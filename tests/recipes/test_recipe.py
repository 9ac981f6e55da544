"""The recipes: each answers as worked out by hand, the same on every database.

The expected answers are in data/ferry/answers and data/lake/answers, worked out from the fictional datasets beside them;
README.md there says how.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml

from negograph.database.cypher_text import returned_columns
from negograph.database.store import Store
from negograph.errors import ParameterError, RecipeError
from negograph.project import shipped
from negograph.recipes.check import find_entity, run_recipe
from negograph.recipes.recipe import GROUPS, Argument, Recipe, find_recipe
from negograph.render.forms import render
from tests.conftest import CHECKOUT, FERRY, LAKE, cypher, graph_of, holding, load_project, recipes_in

ANSWERS, OF_LAKE = (sorted((folder / "answers").glob("*.json")) for folder in (FERRY, LAKE))
RECIPES = recipes_in(shipped("queries"))


def answer(store: Store, name: str, **parameters: Argument) -> list[dict[str, Any]]:
    rows = json.loads(render(replace(run_recipe(store, RECIPES[name], parameters), note=None), "json", 80))
    assert isinstance(rows, list)
    return rows


@pytest.fixture
def ferry(session_store: Store) -> Store:
    return holding(session_store, FERRY, "ferry")


@pytest.fixture
def seeds(session_store: Store) -> Store:
    return holding(session_store, CHECKOUT, "security-guarantees-2022")


def test_every_recipe_has_an_answer_worked_out_by_hand_with_at_least_one_row() -> None:
    answered = {path.name.split(".")[0] for path in ANSWERS if json.loads(path.read_text(encoding="utf-8"))}
    assert answered == set(RECIPES)


@pytest.mark.engine
@pytest.mark.parametrize("path", [*ANSWERS, *OF_LAKE], ids=lambda path: f"{path.parents[1].name}-{path.stem}")
def test_a_recipe_answers_as_worked_out_by_hand(session_store: Store, path: Path) -> None:
    store = holding(session_store, path.parents[1], path.parents[1].name)
    assert _as_written(store, path) == _worked_out(path)


def _as_written(store: Store, path: Path) -> list[Any]:
    rows = _rounded(_outlined(path.stem, _answer_of(store, path)))
    assert isinstance(rows, list)
    return rows


def _worked_out(path: Path) -> Any:
    return _rounded(json.loads(path.read_text(encoding="utf-8")))


def _outlined(stem: str, rows: list[dict[str, Any]]) -> list[Any]:
    """Rows as the expectations write them: of graphs only what is joined to what."""
    outline = OUTLINES.get(stem.partition(".")[0])
    return [outline(row) for row in rows] if outline else rows


def _rounded(value: Any) -> Any:
    """A fraction is worked out by hand to four digits."""
    if isinstance(value, list):
        return [_rounded(item) for item in value]
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    return round(value, 4) if isinstance(value, float) else value


def _neighbour(row: dict[str, Any]) -> list[str | None]:
    """A row of `neighbourhood` or `item` as the expectations write it: what is joined to what, by which relationship."""
    edge, middle = row["edge"], row["party"] if "party" in row else row["item"]
    label = edge["properties"].get("label")
    return [
        middle["properties"]["id"],
        edge["type"],
        edge["start"],
        edge["end"],
        label,
        row["neighbour"]["properties"]["id"],
    ]


def _chain(row: dict[str, Any]) -> list[str]:
    """A path as the expectations write it: a node, the type of an edge and what owns it, the next node, and so on."""
    steps = [row["chain"]["nodes"][0]["properties"]["id"]]
    for edge, node in zip(row["chain"]["relationships"], row["chain"]["nodes"][1:], strict=True):
        owner = edge["properties"].get("fact") or edge["properties"]["entry"]
        steps += [edge["type"], owner, node["properties"]["id"]]
    return steps


def _line(row: dict[str, Any]) -> list[str | None]:
    """A row of `map` as the expectations write it: a line with its ends and its label, or what no line reaches."""
    if (edge := row["edge"]) is None:
        return [None, row["start"]["properties"]["id"], None, None]
    return [edge["type"], edge["start"], edge["end"], edge["properties"].get("label")]


def _without_act(row: dict[str, Any]) -> dict[str, Any]:
    """A row without the sentence that a fact is called by, which the mapping makes and its tests know."""
    return {name: value for name, value in row.items() if name != "act"}


OUTLINES = {
    "neighbourhood": _neighbour,
    "item": _neighbour,
    "map": _line,
    "chain": _chain,
    "single-source": _without_act,
}


def test_the_seeds_answer_who_demanded_what_of_whom_and_where_each_stands(seeds: Store) -> None:
    rows = answer(seeds, "demands")
    assert {
        (r["demand"], *r["by"], *r["to"], r["standing"], r["said_by"], r["how"], r["attribution"], r["implied"]) for r in rows
    } == {
        (demand, "Russia", party, *stands)
        for demand in (
            "Prevention of NATO expansion",
            "Prevention of the deployment of offensive weapons that could threaten Russia",
        )
        for party, *stands in (
            ("NATO", "answered", None, "responded to", "reported", False),
            (
                *("United States", "said to reject", "Sergei Lavrov"),
                *("by implication: said to have rejected (Sergei Lavrov)", "alleged", True),
            ),
        )
    }


def test_the_seeds_answer_what_each_party_put_forward_under_one_rule(seeds: Store) -> None:
    rows = answer(seeds, "proposals")
    assert {(*r["by"], r["put_as"], r["attribution"], r["standing"]) for r in rows} == {
        ("Russia", "proposed", "reported", "answered"),
        ("United States", "offered", None, "has not answered"),
        ("NATO", "offered", None, "has not answered"),
    }
    assert len(rows) == 6


def test_a_rejection_that_rests_on_anothers_word_begins_with_that(seeds: Store) -> None:
    rows = answer(seeds, "standing", only_item="Prevention of NATO expansion")
    assert {r["party"]: (r["standing"], r["how"]) for r in rows} == {
        "Russia": ("put forward", "demanded"),
        "NATO": ("answered", "responded to"),
        "United States": ("said to reject", "by implication: said to have rejected (Sergei Lavrov)"),
    }


@pytest.mark.parametrize("paths", [ANSWERS, OF_LAKE], ids=["ferry", "lake"])
def test_no_answer_depends_on_the_order_in_which_rows_were_written(store: Store, paths: list[Path]) -> None:
    model, graph = graph_of(paths[0].parents[1])
    plan = store.plan(graph)
    added = tuple(msgspec.structs.replace(entry, edges=entry.edges[::-1]) for entry in plan.added[::-1])
    store.apply(replace(plan, added=added), model)
    assert {path.stem: _as_written(store, path) for path in paths} == {path.stem: _worked_out(path) for path in paths}


def _answer_of(store: Store, path: Path) -> list[dict[str, Any]]:
    recipe, parameters = recipe_and_parameters(path)
    return answer(store, recipe.name, **parameters)


def recipe_and_parameters(path: Path) -> tuple[Recipe, dict[str, Argument]]:
    """What the name of a file of answers says: RECIPE.json, or RECIPE.PARAMETER=VALUE.json with any number of these."""
    name, *parameters = path.stem.split(".")
    given: dict[str, Argument] = {name: value for name, _, value in (parameter.partition("=") for parameter in parameters)}
    return RECIPES[name], given


@pytest.mark.parametrize("word", ["northbank", "NORTHBANK", "Northbank"])
def test_an_entry_is_meant_by_its_id_its_name_or_an_alias_in_any_case(ferry: Store, word: str) -> None:
    assert answer(ferry, "positions", party=word) == answer(ferry, "positions", party="northbank") != []


def test_an_item_is_a_proposal_or_a_demand(ferry: Store) -> None:
    assert [find_entity(ferry, "item", name) for name in ("Night ferry", "QUIET NIGHTS")] == ["night-ferry", "quiet-nights"]
    with pytest.raises(ParameterError, match="the graph has no item 'night-fery'; did you mean 'night-ferry'"):
        find_entity(ferry, "item", "night-fery")


def test_an_unknown_entry_is_named_with_a_hint(ferry: Store) -> None:
    with pytest.raises(ParameterError, match="no party 'northbnk'; did you mean 'northbank'"):
        answer(ferry, "positions", party="northbnk")


@pytest.mark.parametrize("recipe", RECIPES.values(), ids=lambda recipe: recipe.name)
def test_an_answer_has_its_columns_also_where_it_has_no_rows(ferry: Store, recipe: Recipe) -> None:
    path = next(path for path in ANSWERS if path.stem.split(".")[0] == recipe.name)
    full = run_recipe(ferry, *recipe_and_parameters(path))
    assert returned_columns(recipe.cypher) == full.columns


def test_a_name_of_several_is_not_taken_for_one(store: Store) -> None:
    cypher(
        store,
        "CREATE (:Party {id: 'a', name: 'Ay', aliases: ['the town']}), (:Party {id: 'b', name: 'Be', aliases: ['the town']})",
    )
    with pytest.raises(ParameterError, match="is a name of several: a, b"):
        answer(store, "positions", party="the town")


def test_an_empty_graph_answers_with_columns_and_without_rows(store: Store) -> None:
    answer = run_recipe(store, RECIPES["proposals"], {})
    assert (answer.columns[:4], answer.rows) == (("by", "as", "put_as", "proposal"), ())


def test_parameters_must_be_those_of_the_recipe(ferry: Store) -> None:
    with pytest.raises(RecipeError, match="positions needs the parameter party"):
        answer(ferry, "positions")
    with pytest.raises(RecipeError, match="no parameter 'only_partie'; did you mean 'only_party'"):
        answer(ferry, "timeline", only_partie="x")


def test_a_hostile_value_is_only_a_value(ferry: Store) -> None:
    with pytest.raises(ParameterError, match="the graph has no party"):
        answer(ferry, "positions", party="x'}) DETACH DELETE n //")


def test_an_unknown_recipe_is_named_with_a_hint() -> None:
    with pytest.raises(RecipeError, match="did you mean 'demands'"):
        find_recipe(RECIPES, "demnds")


@pytest.mark.parametrize("recipe", RECIPES.values(), ids=lambda recipe: recipe.name)
def test_a_recipe_is_described(recipe: Recipe) -> None:
    assert recipe.title
    assert recipe.description.endswith(".")
    assert recipe.group in GROUPS
    assert all(parameter.help for parameter in recipe.parameters)


def test_a_parameter_of_one_name_means_the_same_in_every_recipe() -> None:
    of_networks = ("attribution", "modality", "min_statements", "concept", "counters", "duplicates", "nodes")
    shared = ("until", "since", *of_networks)
    parameters = [replace(p, required=False) for recipe in RECIPES.values() for p in recipe.parameters if p.name in shared]
    assert all(p == next(first for first in parameters if first.name == p.name) for p in parameters)


def test_every_recipe_about_acts_can_look_at_an_earlier_day() -> None:
    # what is written, not what happened
    timeless = {"overview", "evidence", "lineage", "speakers", "neighbourhood", "map", "chain", "changes"}
    timeless |= {recipe.name for recipe in RECIPES.values() if recipe.group == "the curation itself"} - {"contradictions"}
    assert {name for name, recipe in RECIPES.items() if "until" not in [p.name for p in recipe.parameters]} == timeless


def test_formulas_name_their_source() -> None:
    assert {name for name, recipe in RECIPES.items() if recipe.source} == {
        "affiliation",
        "brokers",
        "network",
    }


@pytest.mark.parametrize("folder", [FERRY, LAKE], ids=lambda folder: folder.name)
def test_the_status_of_an_item_is_the_sum_of_what_its_parties_stand_for(session_store: Store, folder: Path) -> None:
    store = holding(session_store, folder, folder.name)
    stand: dict[str, list[dict[str, Any]]] = {}
    for row in answer(store, "standing"):
        stand.setdefault(row["item"], []).append(row)
    for name, status in cypher(store, "MATCH (n:Proposal|Demand) RETURN n.name, n.status"):
        rows = stand.get(name, [])
        parties = [row["standing"] for row in rows if row["addressed"] is not None]
        if status[-1].isdigit():
            sums = dict(part.rsplit(" ", 1) for part in status.split(", "))
            assert sum(map(int, sums.values())) == len(parties)
            assert len(set(parties)) > 1
        elif status != "open":
            whole = {row["standing"] for row in rows if row["addressed"] is None} - {"put forward"}
            assert len(whole or set(parties)) == (status != "not put forward")
        else:
            assert all(row["standing"] in ("put forward", "answered", "has not answered") or row["said_by"] for row in rows)


@pytest.mark.parametrize("path", sorted((CHECKOUT / "queries" / "shared").glob("*.cypher")), ids=lambda path: path.stem)
def test_lines_that_recipes_share_are_written_once(path: Path) -> None:
    lines = re.compile(rf"// {path.stem}: begin.*?\n(.*)// {path.stem}: end\n", re.DOTALL)
    copies = [found[1] for recipe in RECIPES.values() if (found := lines.search(recipe.cypher))]
    assert len(copies) > 1
    assert set(copies) == {path.read_text(encoding="utf-8")}, "run `make docs`"


@pytest.mark.parametrize(("folder", "days"), [(FERRY, ("2021-03-01", "2021-05-10", "2021-08-31")), (LAKE, ("2024-06-04",))])
def test_an_earlier_day_sees_what_a_dataset_without_the_later_acts_shows(
    session_store: Store, tmp_path: Path, folder: Path, days: tuple[str, ...]
) -> None:
    asked = [recipe_and_parameters(path) for path in (ANSWERS if folder == FERRY else OF_LAKE)]
    dated = [(recipe, given) for recipe, given in asked if "until" in [p.name for p in recipe.parameters]]

    def answers(seeds: Path, *days: str) -> dict[str, list[Any]]:
        cypher(session_store, "MATCH (n) DETACH DELETE n")
        load_project(session_store, seeds)
        return {
            day: [
                (r.name, given, _outlined(r.name, answer(session_store, r.name, **{**given, "until": day}))) for r, given in dated
            ]
            for day in days
        }

    of_all = answers(folder, *days)
    for day in days:
        assert answers(_known_by(day, folder, tmp_path / day), day)[day] == of_all[day]


def _known_by(day: str, folder: Path, copy: Path) -> Path:
    """The project without the facts that were not known by a day."""
    shutil.copytree(folder / "seeds", copy / "seeds")
    path = copy / "seeds" / "facts.yaml"
    facts = yaml.safe_load(path.read_text(encoding="utf-8"))["facts"]
    known = {entry.node.key.id: entry.node.properties.get("known_from") for entry in graph_of(folder)[1].entries}
    early = [fact for fact in facts if str(known[fact["id"]] or day) <= day]
    assert 0 < len(early) < len(facts)
    path.write_text(yaml.safe_dump({"facts": early}, allow_unicode=True), encoding="utf-8")
    return copy


def test_a_renamed_entry_still_goes_by_its_former_id_and_a_retracted_fact_is_said(
    store: Store, project: Callable[..., Path]
) -> None:
    fact = "id: f, action: offered, by: new, what: plan, date: 2021, evidence: [{document: d, quote: q}]"
    load_project(
        store,
        project(
            base="parties: [{id: new, name: Ay, kind: state, formerly: [old]}]\nproposals: [{id: plan, name: The plan}]\n"
            "documents: [{id: d, kind: article, name: D}]\n"
            f"facts: [{{{fact}, retracted: {{on: 2022-03-01, reason: misread}}}}]\n"
        ),
    )
    assert find_entity(store, "party", "old") == "new"
    with pytest.raises(ParameterError, match="the graph has no fact 'f'; it was retracted on 2022-03-01: misread"):
        find_entity(store, "fact", "f")


def test_a_projects_own_recipe_wins_over_a_shipped_one(tmp_path: Path) -> None:
    (tmp_path / "demands.cypher").write_text("// My demands\n// Mine.\n\nRETURN 1 AS one\nORDER BY one;\n")
    recipes = recipes_in(shipped("queries"), tmp_path)
    assert (recipes["demands"].title, recipes["demands"].group) == ("My demands", "other")
    assert len(recipes) == len(RECIPES)
