"""Asking from Python: `negograph.connect` and what it opens."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import networkx
import pytest

import negograph
from negograph.database.results import Evidence, ResultNode
from negograph.database.store import open_store
from negograph.database.target import EmbeddedTarget
from negograph.errors import ParameterError, RecipeError, StoreError
from negograph.operations.ask import Answer, Connection
from negograph.project import OWN_FOLDER
from negograph.recipes.recipe import Argument
from negograph.render.forms import render
from tests.conftest import FERRY, load_project

NOWHERE = "bolt://127.0.0.1:1"
OWN_RECIPE = """\
// Names of a party
// Every name that the sources print for a party.
// Edges: party -> name
// Parameter: party (party, default null): whose names
// Parameter: since (date, default null): not used but taken
// Parameter: least (integer, default 0): the shortest name
// Parameter: share (number, default 0.5): not used but taken

MATCH (p:Party)
WHERE ($party IS NULL OR p.id = $party) AND $share > 0 AND ($since IS NULL OR $since > date('2000-01-01'))
UNWIND [p.name] + coalesce(p.aliases, []) AS name
WITH p, name WHERE size(name) >= $least
RETURN p.id AS party, name
ORDER BY party, name;
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The fictional project with a recipe of its own, loaded into its embedded engine."""
    folder = tmp_path_factory.mktemp("connection") / "ferry talks"
    shutil.copytree(FERRY, folder, ignore=shutil.ignore_patterns("answers"))
    (folder / "queries").mkdir()
    (folder / "queries" / "names.cypher").write_text(OWN_RECIPE, encoding="utf-8")
    with open_store(EmbeddedTarget(folder / OWN_FOLDER), lambda message: None) as store:
        load_project(store, folder)
    return folder


@pytest.fixture(scope="module")
def graph(project: Path) -> Iterator[Connection]:
    with negograph.connect(str(project)) as connection:
        yield connection


@pytest.fixture
def empty_project(tmp_path: Path) -> Path:
    (tmp_path / "seeds").mkdir()
    return tmp_path


def rows(answer: Answer) -> Any:
    return json.loads(render(answer, "json", 80))


def by_hand(name: str) -> Any:
    """The answer that was worked out by hand."""
    return json.loads((FERRY / "answers" / f"{name}.json").read_text(encoding="utf-8"))


# recipes


@pytest.mark.parametrize("party", ["northbank", "Northbank", "NORTHBANK", "the northern town"])
def test_a_recipe_takes_a_party_by_its_id_its_name_or_an_alias(graph: Connection, party: str) -> None:
    assert rows(graph.run("positions", party=party)) == by_hand("positions.party=northbank")


def test_parameters_are_texts_as_on_the_command_line_or_what_they_stand_for(graph: Connection) -> None:
    texts = graph.run("network", attribution="own,reported,alleged", since="2021-03-01", min_statements="3")
    values = graph.run("network", attribution=["own", "reported", "alleged"], since=date(2021, 3, 1), min_statements=3)
    assert texts == values
    expected = by_hand("network.attribution=own,reported,alleged.since=2021-03-01.min_statements=3")
    assert [(row["actor"], row["other"], row["weight"], row["facts"]) for row in rows(values)] == [
        (row["actor"], row["other"], row["weight"], row["facts"]) for row in expected
    ]


def test_a_recipe_without_parameters_and_one_with_defaults(graph: Connection) -> None:
    assert rows(graph.run("coordination")) == by_hand("coordination")
    assert rows(graph.run("demands", until=date(2021, 5, 10))) == by_hand("demands.until=2021-05-10")
    assert rows(graph.run("demands", until=None)) == by_hand("demands")


def test_the_projects_own_recipe_is_one_of_them(graph: Connection) -> None:
    assert {"names", "positions", "network"} <= set(graph.recipes)
    assert graph.recipes["names"].title == "Names of a party"
    assert graph.run("names", party="the isle", since=date(2021, 1, 1), least=8, share=1).rows == (
        ("middle-isle", "Middle Isle"),
        ("middle-isle", "the isle"),
    )


@pytest.mark.parametrize(
    ("recipe", "parameters", "error", "said"),
    [
        ("positons", {}, RecipeError, "there is no recipe 'positons'; did you mean 'positions'?"),
        ("positions", {}, RecipeError, "positions needs the parameter party (whose positions)"),
        ("positions", {"partie": "guild"}, RecipeError, "positions has no parameter 'partie'; did you mean 'party'?"),
        ("positions", {"party": "northbnk"}, ParameterError, "the graph has no party 'northbnk'; did you mean 'northbank'?"),
        ("positions", {"party": ["guild", "ferries"]}, ParameterError, "party takes one party, not a list"),
        ("positions", {"party": None}, ParameterError, "party cannot be nothing"),
        ("positions", {"party": "guild", "until": "May"}, ParameterError, "until cannot be 'May'; write a day"),
        ("network", {"concept": "actor"}, ParameterError, "concept cannot be 'actor'; it takes issue, item"),
    ],
)
def test_a_mistake_is_an_error_that_says_what_to_do(
    graph: Connection, recipe: str, parameters: Mapping[str, Argument], error: type[Exception], said: str
) -> None:
    assert issubclass(error, negograph.NegographError)
    with pytest.raises(error) as raised:
        graph.run(recipe, **parameters)
    assert str(raised.value).startswith(said)


# Cypher


def test_cypher_takes_values_and_gives_values(graph: Connection) -> None:
    given: dict[str, Argument] = {
        "day": date(2022, 1, 26),
        "n": 2**40,
        "x": 0.5,
        "words": ["a", "b"],
        "pair": ("c", "d"),
        "none": None,
    }
    answer = graph.cypher("RETURN $day AS day, $n AS n, $x AS x, $words AS words, $pair AS pair, $none AS none", given)
    assert answer == Answer(tuple(given), ((date(2022, 1, 26), 2**40, 0.5, ["a", "b"], ["c", "d"], None),))


@pytest.mark.parametrize(("limit", "count", "cut"), [(None, 5, False), (6, 5, False), (5, 5, False), (4, 4, True), (1, 1, True)])
def test_rows_are_cut_where_there_are_more_than_are_asked_for(
    graph: Connection, limit: int | None, count: int, cut: bool
) -> None:
    answer = graph.cypher("UNWIND range(1, 5) AS x RETURN x ORDER BY x", rows=limit)
    assert (answer.rows, answer.cut) == (tuple((number,) for number in range(1, count + 1)), cut)


def test_notes_name_what_neither_the_graph_nor_the_model_has(graph: Connection) -> None:
    assert graph.cypher("MATCH (n:Partyy) RETURN n").notes == (
        "neither the graph nor the model has the label 'Partyy'; did you mean 'Party'?",
    )
    assert graph.cypher("MATCH (n:Party) RETURN n").notes == ()
    assert graph.run("proposals").notes == ()


def test_a_statement_that_takes_too_long_is_ended_and_the_next_one_answers(graph: Connection) -> None:
    with pytest.raises(StoreError, match=r"^the query took longer than 0\.01 s and was ended"):
        graph.cypher("UNWIND range(1, 1000) AS x UNWIND range(1, 1000) AS y RETURN sum(x * y) AS s", seconds=0.01)
    assert graph.cypher("RETURN 1 AS one", seconds=60).rows == ((1,),)


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("MATCH (p:Party) SET p.name = 'x' RETURN p", "the query does more than read: SET at line 1, column 17"),
        ("MATCH (p)\nDETACH DELETE p", "the query does more than read: DETACH at line 2, column 1"),
        ("RETURN 1; RETURN 2", "there are 2 statements; write one"),
        ("  ", "there is no statement; write one"),
        ("RETUR 1", "the database says: "),
        ("RETURN $missing AS x", "the database says: "),
    ],
)
def test_cypher_only_reads_and_says_what_is_wrong(graph: Connection, statement: str, said: str) -> None:
    with pytest.raises(StoreError) as raised:
        graph.cypher(statement)
    assert str(raised.value).startswith(said)
    assert graph.cypher("MATCH (p:Party) RETURN count(p) AS c").rows == ((8,),)


@pytest.mark.parametrize(
    ("statement", "parameters"),
    [("RETURN $x AS x", {"x": "\ud800"}), ("RETURN $x AS x", {"x": ["\ud800"]}), ("RETURN '\ud800' AS x", {})],
)
def test_half_a_character_which_no_database_can_hold_is_an_error_and_no_traceback(
    graph: Connection, statement: str, parameters: Mapping[str, Argument]
) -> None:
    with pytest.raises(negograph.NegographError):
        graph.cypher(statement, parameters)


# answers


def test_an_answer_is_a_dataframe(graph: Connection) -> None:
    frame = graph.run("standing", standing=["against"]).to_pandas()
    assert frame["party"].tolist() == ["Middle Isle", "Northbank", "Southbank"]
    assert frame["according_to"].tolist() == ["The warden of Middle Isle", None, "The mayor of Southbank"]
    assert str(frame["party"].dtype) == "object"
    numbers = graph.run("network").to_pandas()
    assert [str(numbers[column].dtype) for column in ("weight", "by_jaccard")] == ["int64", "float64"]
    assert numbers.nlargest(1, "weight")["actor"].tolist() == ["Northbank"]
    empty = graph.run("standing", standing=["against"], only_party="guild").to_pandas()
    assert (list(empty.columns), len(empty)) == (list(frame.columns), 0)


def test_a_table_whose_recipe_names_the_ends_of_edges_is_a_network(graph: Connection) -> None:
    network = graph.run("standing", standing=["against"]).to_networkx()
    assert type(network) is networkx.DiGraph
    assert sorted((start, end, data["standing"]) for start, end, data in network.edges(data=True)) == [
        ("Middle Isle", "Dredging plan", "opposes"),
        ("Northbank", "Quiet nights", "rejects"),
        ("Southbank", "Summer timetable", "rejects"),
    ]
    assert set(graph.run("names", party="guild").to_networkx().edges) == {("guild", "Pilots' Guild")}


def test_a_graph_is_a_network_of_its_nodes_by_their_ids(graph: Connection) -> None:
    network = graph.run("neighbourhood", party="the isle").to_networkx()
    expected = [(start, end, kind) for _, kind, start, end, _, _ in by_hand("neighbourhood.party=middle-isle")]
    assert type(network) is networkx.MultiDiGraph
    assert sorted((start, end, data["type"]) for start, end, data in network.edges(data=True)) == sorted(expected)
    assert network.nodes["isle-warden"]["kind"] == "Person"
    assert network.nodes["middle-isle"]["of_kind"] == "state"


def test_the_evidence_behind_each_row(graph: Connection) -> None:
    answer = graph.evidence(graph.run("demands", only_party="southbank"))
    assert answer.columns[-2:] == ("fact", "evidence")
    (*_, found) = answer.rows[1]
    assert isinstance(found, list)
    assert [(fact.fact, fact.quotes) for fact in found if isinstance(fact, Evidence)] == [
        ("isle-rejects-tolls", (("On 1 May … just shrugged at lower tolls", "River Gazette"),)),
        ("southbank-demands-tolls", (("demanded lower tolls of Middle Isle", "River Gazette"),)),
    ]


def test_the_evidence_behind_nodes_and_relationships_of_the_graph(graph: Connection) -> None:
    edges = graph.cypher("MATCH (:Party {id: 'guild'})-[r:WARNED]->() RETURN r")
    paths = graph.cypher("MATCH p = (:Fact {id: 'guild-warns'})-[:BY]->(:Party) RETURN p")
    for answer in (edges, paths):
        ((_, found),) = graph.evidence(answer).rows
        assert isinstance(found, list)
        assert [fact.quotes[0][0] for fact in found if isinstance(fact, Evidence)] == [
            "threatened the company with a strike over night service"
        ]
    with pytest.raises(negograph.NegographError, match="nothing in this answer leads to facts"):
        graph.evidence(graph.cypher("RETURN 1 AS one"))


def test_nodes_come_with_all_their_properties(graph: Connection) -> None:
    ((node,),) = graph.cypher("MATCH (p:Party {id: 'guild'}) RETURN p").rows
    assert isinstance(node, ResultNode)
    assert (node.labels, node.properties["name"], node.properties["kind"]) == (("Party",), "Pilots' Guild", "movement")


# where the graph is


def test_outside_a_project_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(negograph.NegographError, match=r"is no project: it has no seeds/ folder"), negograph.connect(tmp_path):
        pass


@pytest.mark.parametrize("found_in", ["environment", ".env", "uri"])
def test_a_server_that_is_named_is_asked(empty_project: Path, monkeypatch: pytest.MonkeyPatch, found_in: str) -> None:
    monkeypatch.setenv("NEO4J_PASSWORD", "secret")
    if found_in == "environment":
        monkeypatch.setenv("NEO4J_URI", NOWHERE)
    elif found_in == ".env":
        (empty_project / ".env").write_text(f"NEO4J_URI={NOWHERE}\nNEO4J_PASSWORD=other\n", encoding="utf-8")
    uri = NOWHERE if found_in == "uri" else None
    with pytest.raises(StoreError, match=f"^cannot reach {NOWHERE}: nothing listens there"):  # noqa: SIM117 - what opens it raises
        with negograph.connect(empty_project, uri=uri):
            pass
    assert not (empty_project / OWN_FOLDER).exists()


@pytest.mark.parametrize(
    ("environment", "uri"),
    [
        ({"NEO4J_URI": "bolt://elsewhere:7687", "NEO4J_PASSWORD": "secret"}, NOWHERE),
        ({"NEO4J_URI": NOWHERE}, None),
        ({}, NOWHERE),
    ],
)
def test_the_password_of_one_server_is_not_sent_to_another(
    empty_project: Path, monkeypatch: pytest.MonkeyPatch, environment: Mapping[str, str], uri: str | None
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(negograph.NegographError, match=f"^no password for {NOWHERE}"), negograph.connect(empty_project, uri=uri):
        pass


def test_embedded_is_the_embedded_engine_whatever_is_named_elsewhere(
    empty_project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEO4J_URI", NOWHERE)
    monkeypatch.setenv("NEO4J_PASSWORD", "secret")
    with negograph.connect(empty_project, embedded=True) as graph:
        assert graph.run("proposals").rows == ()
        assert graph.run("proposals").columns[:2] == ("by", "as")


# what is loaded


def loaded_by(program: str) -> set[str]:
    """The packages that are loaded when a program has run."""
    program += "\nimport sys\nprint(*sorted({name.partition('.')[0] for name in sys.modules}))"
    done = subprocess.run([sys.executable, "-P", "-c", program], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_importing_negograph_loads_nothing_heavy() -> None:
    assert not {"neo4j", "pandas", "numpy", "networkx", "yaml", "rapidfuzz", "arcadedb"} & loaded_by("import negograph")


def test_connect_loads_the_driver_and_what_answers_become_only_where_it_is_asked_for() -> None:
    loaded = loaded_by("import negograph.operations.ask")
    assert "neo4j" in loaded
    assert not {"networkx", "openpyxl", "arcadedb"} & loaded
