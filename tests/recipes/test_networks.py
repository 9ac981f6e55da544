"""What compares positions, beside sums over arrays that are worked out from the same acts without Cypher."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from negograph.database.store import Store
from negograph.project import shipped
from negograph.recipes.check import run_recipe
from negograph.recipes.recipe import Argument
from negograph.render.forms import render
from tests.conftest import cypher, recipes_in

RECIPES = recipes_in(shipped("queries"))
ACTORS, ISSUES, ITEMS = 4, 3, 5
DAYS = ("2020-12-31", "2021-01-01", "2021-01-03", "2021-01-04", "2021-02-01", "2022-01-01")
"""The last of 2020 and the first three of 2021 are in one week, the fourth begins the next; Januaries of two years."""
SIGNS = {"FURTHERS": 1, "HINDERS": -1, "CONCERNS": None}


@dataclass(frozen=True)
class Act:
    """An act of an actor, on issues (i0, i1, ...) and items (c0, c1, ...)."""

    id: str
    actor: int
    objects: tuple[str, ...]
    stance: int
    modality: str
    attribution: str
    day: str
    known: str
    documents: tuple[str, ...]


@dataclass(frozen=True)
class World:
    """Acts, what each item does to each issue, which item is a part of which, and which counters which."""

    acts: tuple[Act, ...]
    ways: dict[tuple[str, str], str]
    part_of: frozenset[tuple[str, str]]
    counters: frozenset[tuple[str, str]]

    def wholes_of(self, part: str) -> set[str]:
        """Everything that an item is a part of."""
        above = {whole for one, whole in self.part_of if one == part}
        return above.union(*(self.wholes_of(whole) for whole in above))


_ISSUES = [f"i{n}" for n in range(ISSUES)]
_ITEMS = [f"c{n}" for n in range(ITEMS)]
_PAIRS = [(_ITEMS[n], _ITEMS[m]) for n in range(ITEMS) for m in range(n)]
_ACT = st.builds(
    Act,
    st.just(""),
    st.integers(0, ACTORS - 1),
    st.lists(st.sampled_from([*_ISSUES, *_ITEMS]), min_size=1, max_size=3, unique=True).map(tuple),
    st.sampled_from([-1, 0, 1, 1]),
    st.sampled_from(["actual", "actual", "planned", "conditional", "denied"]),
    st.sampled_from(["own", "own", "reported", "alleged"]),
    st.sampled_from(DAYS),
    st.just(""),
    st.lists(st.sampled_from(["d0", "d1", "d2"]), min_size=1, max_size=2, unique=True).map(tuple),
)


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Some acts on some items."""
    drawn = draw(st.lists(_ACT, min_size=1, max_size=25))
    acts = []
    for number, act in enumerate(drawn):
        known = max(act.day, draw(st.sampled_from(DAYS))) if act.attribution == "alleged" else act.day
        acts.append(replace(act, id=f"f{number:02}", known=known))
    ends = [(item, issue) for item in _ITEMS for issue in _ISSUES]
    ways = draw(st.dictionaries(st.sampled_from(ends), st.sampled_from(list(SIGNS)), max_size=8))
    parts = draw(st.frozensets(st.sampled_from(_PAIRS), max_size=3))
    return World(tuple(acts), ways, parts, draw(st.frozensets(st.sampled_from(_PAIRS), max_size=3)))


def options() -> st.SearchStrategy[dict[str, Any]]:
    """What the recipes that compare positions can be asked."""
    return st.fixed_dictionaries(
        {
            "concept": st.sampled_from(["issue", "item"]),
            "counters": st.sampled_from(["no", "yes"]),
            "duplicates": st.sampled_from(["include", "document", "day", "week", "month", "year", "acrossrange"]),
            "modality": st.sampled_from([["actual", "planned"], ["actual", "planned", "conditional"], ["actual"]]),
            "attribution": st.sampled_from([["own", "reported"], ["own", "reported", "alleged"], ["reported"]]),
            "since": st.sampled_from([None, None, "2021-01-03"]),
            "until": st.sampled_from([None, None, "2021-01-04"]),
        }
    )


def write(store: Store, world: World) -> None:
    """Put a world into an empty database."""
    cypher(store, "MATCH (n) DETACH DELETE n")
    cypher(
        store,
        "UNWIND range(0, $actors - 1) AS n CREATE (:Party {id: 'p' + n, name: 'Actor ' + n}), "
        "(:Person {id: 's' + n, name: 'Actor ' + n})",
        actors=ACTORS,
    )
    cypher(store, "UNWIND $ids AS id CREATE (:Issue {id: id, name: id})", ids=_ISSUES)
    cypher(store, "UNWIND $ids AS id CREATE (:Proposal {id: id, name: id})", ids=_ITEMS)
    # d1 is the earlier one, the others have no date
    cypher(store, "CREATE (:Document {id: 'd0'}), (:Document {id: 'd1', date_from: date('2021-01-01')}), (:Document {id: 'd2'})")
    edges = [(item, way, issue) for (item, issue), way in world.ways.items()]
    edges += [(one, "PART_OF", whole) for one, whole in world.part_of] + [(a, "COUNTERS", b) for a, b in world.counters]
    for act in world.acts:
        cypher(
            store,
            "CREATE (:Fact {id: $id, stance: $stance, modality: $modality, attribution: $attribution, "
            "date_from: date($day), known_from: date($known)})",
            **vars(act),
        )
        edges += [(act.id, "BY", f"p{act.actor}"), *((act.id, "ABOUT", each) for each in act.objects)]
        edges += [(act.id, "ACCORDING_TO", f"s{act.actor}")] if act.attribution != "reported" else []
        edges += [(act.id, "EVIDENCED_BY", document) for document in act.documents]
    for kind in {kind for _, kind, _ in edges}:
        ends = [[start, end] for start, type_, end in edges if type_ == kind]
        cypher(store, f"UNWIND $ends AS e MATCH (a {{id: e[0]}}) MATCH (b {{id: e[1]}}) CREATE (a)-[:{kind}]->(b)", ends=ends)


@dataclass
class Counts:
    """How often each actor spoke on each concept: against, neither, for, at all; and how often without telling a stand."""

    against: numpy.ndarray[Any, Any]
    neither: numpy.ndarray[Any, Any]
    pro: numpy.ndarray[Any, Any]
    any: numpy.ndarray[Any, Any]
    left_out: numpy.ndarray[Any, Any]


def counted(world: World, asked: dict[str, Any], nodes: str = "party", ignoring: bool = False) -> Counts:
    """The counts, by the rules as they are written in the documentation."""
    concepts = _ISSUES if asked["concept"] == "issue" else _ITEMS
    acts = [act for act in world.acts if _counts(act, asked, nodes)]
    zeros = [numpy.zeros((ACTORS, len(concepts))) for _ in range(5)]
    result = Counts(*zeros)
    for actor, place in itertools.product(range(ACTORS), range(len(concepts))):
        own = [act for act in acts if act.actor == actor]
        rows = [row for act in own for row in _stands(world, act, concepts[place], asked, ignoring)]
        rows = [row for row in rows if not any(_goes_before(world, other, row, ignoring) for other in rows)]
        units = {stance: {_unit(act, asked["duplicates"]) for act, _, s in rows if s == stance} for stance in (-1, 0, 1)}
        for array, stance in ((result.against, -1), (result.neither, 0), (result.pro, 1)):
            array[actor, place] = len(units[stance])
        result.any[actor, place] = len(set().union(*units.values()))
        certain = {act.id for act, _, stance in rows if stance is not None}
        result.left_out[actor, place] = len({act.id for act, _, _ in rows} - certain)
    return result


def _counts(act: Act, asked: dict[str, Any], nodes: str) -> bool:
    return (
        act.modality in asked["modality"]
        and act.attribution in asked["attribution"]
        and (nodes == "party" or act.attribution == "own")
        and (asked["since"] is None or act.day >= asked["since"])
        and (asked["until"] is None or act.known <= asked["until"])
    )


def _stands(world: World, act: Act, concept: str, asked: dict[str, Any], ignoring: bool) -> Iterator[tuple[Act, str, int | None]]:
    """The act, what it is about, and the stance that it so takes on a concept; None where it is not known."""
    for target in act.objects:
        if target == concept:
            yield act, target, act.stance
        if (way := world.ways.get((target, concept))) is not None:
            sign = SIGNS[way]
            yield act, target, act.stance * sign if sign else 0 if ignoring or act.stance == 0 else None
        if asked["counters"] == "yes" and act.stance > 0 and (target, concept) in world.counters:
            yield act, target, -1


def _goes_before(world: World, part: tuple[Act, str, int | None], whole: tuple[Act, str, int | None], ignoring: bool) -> bool:
    """Whether what is said of a part is the reason not to count what is said of the whole."""
    if whole[1] not in world.wholes_of(part[1]) or part[2] is None:
        return False
    return part[2] != 0 or ignoring or whole[2] == 0


def _unit(act: Act, duplicates: str) -> object:
    day = date.fromisoformat(act.day)
    return {
        "include": act.id,
        "document": "d1" if "d1" in act.documents else min(act.documents),
        "day": day,
        "week": day.isocalendar()[:2],
        "month": (day.year, day.month),
        "year": day.year,
        "acrossrange": 0,
    }[duplicates]


def answer(store: Store, name: str, asked: dict[str, Argument]) -> list[dict[str, Any]]:
    rows = json.loads(render(run_recipe(store, RECIPES[name], asked), "json", 80))
    assert isinstance(rows, list)
    return rows


_PLAIN = {"counters": "no", "duplicates": "include", "modality": ["actual"], "attribution": ["own"], "since": None, "until": None}
_SPOKE_OF = Act("f0", 0, ("c0", "c1"), 0, "actual", "own", DAYS[0], DAYS[0], ("d0",))
_NO_STANCE_ON_A_WHOLE_AND_ITS_PART = World(
    (_SPOKE_OF, replace(_SPOKE_OF, id="f1", objects=("c0",))),
    {("c0", "i0"): "FURTHERS", ("c1", "i0"): "FURTHERS"},
    frozenset({("c1", "c0")}),
    frozenset(),
)
_PART_TELLS_NO_STAND = World(
    (replace(_SPOKE_OF, objects=("c0",), stance=1), replace(_SPOKE_OF, id="f1", objects=("c1",), stance=1)),
    {("c0", "i0"): "FURTHERS", ("c1", "i0"): "CONCERNS"},
    frozenset({("c1", "c0")}),
    frozenset(),
)

trial = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
nodes = st.sampled_from(["party", "person"])
least = st.sampled_from([1, 1, 3])


@trial
@given(
    world=worlds(),
    asked=options(),
    qualifier=st.sampled_from(["ignore", "congruence", "conflict", "subtract"]),
    nodes=nodes,
    least=least,
)
def test_a_network_is_what_the_published_formulas_say(
    session_store: Store, world: World, asked: dict[str, Any], qualifier: str, nodes: str, least: int
) -> None:
    write(session_store, world)
    counts = counted(world, asked, nodes, qualifier == "ignore")
    x = counts.any[:, :, None] if qualifier == "ignore" else numpy.stack([counts.pro, counts.against], axis=2)
    activity = x.sum(axis=(1, 2))
    same = numpy.einsum("ajk,bjk->ab", x, x)
    opposite = numpy.einsum("ajk,bjk->ab", x, x[:, :, ::-1])
    weight = {"conflict": opposite, "subtract": same - opposite}.get(qualifier, same)
    met = {"conflict": opposite, "subtract": same + opposite}.get(qualifier, same)
    expected = []
    for a, b in itertools.combinations(range(ACTORS), 2):
        if met[a, b] > 0 and min(activity[a], activity[b]) >= least:
            jaccard = x[a][x[b] == 0].sum() + x[b][x[a] == 0].sum() + (x[a] * x[b]).sum()
            norms = [(activity[a] + activity[b]) / 2, jaccard, activity[a] * activity[b]]
            left_out = counts.left_out[[a, b]].sum()
            expected.append([f"Actor {a}", f"Actor {b}", weight[a, b], *(weight[a, b] / norm for norm in norms), left_out])
    found = answer(session_store, "network", {**asked, "qualifier": qualifier, "nodes": nodes, "min_statements": least})
    columns = ("actor", "other", "weight", "by_average_activity", "by_jaccard", "by_cosine", "left_out")
    same_rows([[row[column] for column in columns] for row in found], sorted(expected, key=lambda row: (-row[2], row[:2])))


@trial
@given(world=worlds(), asked=options(), qualifier=st.sampled_from(["ignore", "subtract"]), nodes=nodes, least=least)
def test_an_affiliation_is_what_the_published_formulas_say(
    session_store: Store, world: World, asked: dict[str, Any], qualifier: str, nodes: str, least: int
) -> None:
    write(session_store, world)
    counts = counted(world, asked, nodes, qualifier == "ignore")
    statements = counts.any if qualifier == "ignore" else counts.pro + counts.against
    weight = counts.any if qualifier == "ignore" else counts.pro - counts.against
    statements = statements * (statements.sum(axis=1, keepdims=True) >= least)
    activity, prominence = statements.sum(axis=1), statements.sum(axis=0)
    concepts = _ISSUES if asked["concept"] == "issue" else _ITEMS
    others = numpy.stack([counts.pro, counts.against, counts.left_out])
    expected = [
        [f"Actor {a}", concepts[j], *(weight[a, j] / norm for norm in (1, activity[a], prominence[j])), *others[:, a, j]]
        for a, j in zip(*statements.nonzero(), strict=True)
    ]
    found = answer(session_store, "affiliation", {**asked, "qualifier": qualifier, "nodes": nodes, "min_statements": least})
    columns = ("actor", "concept", "weight", "by_activity", "by_prominence", "for", "against", "left_out")
    same_rows([[row[column] for column in columns] for row in found], expected)


@trial
@given(world=worlds(), asked=options())
@example(world=_NO_STANCE_ON_A_WHOLE_AND_ITS_PART, asked={**_PLAIN, "concept": "issue"})
@example(world=_PART_TELLS_NO_STAND, asked={**_PLAIN, "concept": "issue"})
def test_the_matrix_and_the_common_ground_count_the_same_stands(
    session_store: Store, world: World, asked: dict[str, Any]
) -> None:
    write(session_store, world)
    counts = counted(world, asked)
    net, concepts = counts.pro - counts.against, _ISSUES if asked["concept"] == "issue" else _ITEMS
    known = counts.any + counts.left_out
    expected = [
        [
            f"Actor {a}",
            concepts[j],
            net[a, j],
            counts.pro[a, j],
            counts.against[a, j],
            counts.neither[a, j],
            counts.left_out[a, j],
        ]
        for a, j in zip(*known.nonzero(), strict=True)
    ]
    columns = ("party", "concept", "net", "for", "against", "neither", "left_out")
    same_rows([[row[column] for column in columns] for row in answer(session_store, "position-matrix", asked)], expected)
    ground = {
        concepts[j]: (
            [f"Actor {a}" for a in pros],
            [f"Actor {a}" for a in (net[:, j] < 0).nonzero()[0]],
            counts.left_out[:, j].sum(),
        )
        for j in range(len(concepts))
        if len(pros := (net[:, j] > 0).nonzero()[0]) > 1
    }
    found = answer(session_store, "common-ground", asked)
    assert {row["about"]: (row["for"], row["against"], row["left_out"]) for row in found} == ground


def same_rows(found: list[list[Any]], expected: list[list[Any]]) -> None:
    """The same rows in the same order, numbers but for rounding."""
    assert [row[:2] for row in found] == [row[:2] for row in expected]
    assert [row[2:] for row in found] == [pytest.approx(row[2:]) for row in expected]
