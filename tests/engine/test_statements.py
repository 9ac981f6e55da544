"""The statements that negograph rests on, one form of Cypher a case, each with an answer worked out by hand.

They are what a database has to understand to be used: those by which a load reads and writes, and those of which the recipes
are made. A test that fails with a candidate for an engine tells which form it lacks. CONTRIBUTING.md says how to run them
against one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import neo4j
import pytest

from negograph.database.embedded.engine import engine_version
from negograph.database.statements import as_query, plain_row
from negograph.database.store import Store
from negograph.database.target import EmbeddedTarget, Target
from tests.conftest import NOTES, cypher
from tests.engine import SUITE

pytestmark = pytest.mark.engine

DAY, LATER = date(2022, 1, 3), date(2022, 2, 14)
"""A Monday in the first week of its year, and 42 days later a Monday in the seventh."""

NODES: list[tuple[str, dict[str, Any]]] = [
    ("Party", {"id": "ardle", "name": "Ardle", "kind": "state", "aliases": ["The Isle"]}),
    ("Party", {"id": "bree", "name": "Bree", "kind": "state"}),
    ("Party", {"id": "council", "name": "Council", "kind": "body"}),
    ("Proposal", {"id": "ferry", "name": "Ferry"}),
    ("Demand", {"id": "tolls", "name": "Lower tolls"}),
    ("Fact", {"id": "f1", "action": "proposes", "attribution": "own", "stance": 1, "date_from": DAY}),
    ("Fact", {"id": "f2", "action": "demands", "attribution": "alleged", "stance": -1, "date_from": LATER, "turn": 2}),
]
EDGES = [
    ("ardle", "MEMBER_OF", "council", {}),
    ("bree", "MEMBER_OF", "council", {}),
    ("tolls", "PART_OF", "ferry", {}),
    ("f1", "BY", "ardle", {"entry": "f1"}),
    ("f1", "ABOUT", "ferry", {"entry": "f1"}),
    ("f2", "BY", "bree", {"entry": "f2"}),
    ("f2", "TO", "ardle", {"entry": "f2"}),
    ("f2", "ABOUT", "tolls", {"entry": "f2"}),
    ("ardle", "PROPOSED", "ferry", {"fact": "f1"}),
    ("bree", "DEMANDED", "tolls", {"fact": "f2"}),
]
"""Ardle proposes a ferry; it is said that Bree then demands of Ardle lower tolls, as a part of it. Both are of the Council."""

Rows = Sequence[Sequence[Any]]


@dataclass(frozen=True)
class Step:
    """A statement with its parameters, and the rows that it answers."""

    statement: str
    answer: Rows
    parameters: Mapping[str, Any] = field(default_factory=dict)


def asks(statement: str, answer: Rows, /, **parameters: Any) -> Step:
    return Step(statement, answer, parameters)


READING = {
    "a label of several": asks(
        "MATCH (n:Proposal|Demand) RETURN labels(n)[0], n.id ORDER BY n.id", [["Proposal", "ferry"], ["Demand", "tolls"]]
    ),
    "a type of several, and how often": asks(
        "MATCH (f:Fact)-[:BY|TO|ABOUT]->(p) RETURN f.id, count(*) ORDER BY f.id", [["f1", 2], ["f2", 3]]
    ),
    "a label in a condition": asks(
        "MATCH (f:Fact {id: 'f2'})-[:TO|ABOUT]->(n) RETURN CASE WHEN n:Party THEN n.id END AS party ORDER BY party",
        [["ardle"], [None]],
    ),
    "nodes by a list of ids": asks(
        "UNWIND $ids AS id MATCH (n:Party {id: id}) WHERE n.kind = 'state' RETURN n.id, labels(n)",
        [["bree", ["Party"]], ["ardle", ["Party"]]],
        ids=["bree", "nobody", "ardle", "council"],
    ),
    "all properties with their types": asks(
        "MATCH (n:Fact {id: 'f2'}) RETURN properties(n)",
        [[{"id": "f2", "action": "demands", "attribution": "alleged", "stance": -1, "date_from": LATER, "turn": 2}]],
    ),
    "all properties as a map, and one instead": asks(
        "MATCH (n:Party {id: 'ardle'}) RETURN n {.*, kind: null}",
        [[{"id": "ardle", "name": "Ardle", "kind": None, "aliases": ["The Isle"]}]],
    ),
    "a relationship with a property of its node, in any direction": asks(
        "MATCH (n:Fact {id: 'f2'}) MATCH (n)-[r {entry: n.id}]-() RETURN type(r) ORDER BY type(r)", [["ABOUT"], ["BY"], ["TO"]]
    ),
    "relationships whose properties all are in a list of their type": asks(
        "MATCH (n:Fact)-[r]-() WHERE all(name IN keys(r) WHERE name IN coalesce($names[type(r)], [])) "
        "RETURN n.id, type(r) ORDER BY n.id",
        [["f1", "BY"], ["f2", "BY"]],
        names={"BY": ["dataset", "entry"], "TO": ["dataset"]},
    ),
    "relationships by whether a map of their row has one of their properties": asks(
        "UNWIND $rows AS row MATCH (n:Demand|Proposal {id: row.id})<-[r]-() WHERE r.fact IS NOT NULL AND row.facts[r.fact] "
        "RETURN r.fact, collect([type(r), startNode(r).id])",
        [["f2", [["DEMANDED", "bree"]]]],
        rows=[{"id": "ferry", "facts": {"f2": True}}, {"id": "tolls", "facts": {"f2": True, "f3": True}}],
    ),
    "columns of all nodes with each of some labels": asks(
        "MATCH (n:Proposal) WHERE n.id IS NOT NULL RETURN 'Proposal' AS label, collect(n.id) AS ids UNION ALL "
        "MATCH (n:Place) WHERE n.id IS NOT NULL RETURN 'Place' AS label, collect(n.id) AS ids UNION ALL "
        "MATCH (n:Demand) WHERE n.id IS NOT NULL RETURN 'Demand' AS label, collect(n.id) AS ids",
        [["Proposal", ["ferry"]], ["Demand", ["tolls"]]],
    ),
    "which of some labels a node has": asks(
        "MATCH (:Fact) RETURN 'Fact' AS label LIMIT 1 UNION ALL MATCH (:Place) RETURN 'Place' AS label LIMIT 1 UNION ALL "
        "MATCH (:Party) RETURN 'Party' AS label LIMIT 1",
        [["Fact"], ["Party"]],
    ),
    "rows of all relationships of each of some types": asks(
        "MATCH ()-[r:PROPOSED]->() WHERE r.fact <> '' RETURN coalesce(r.entry, r.fact), type(r), labels(startNode(r)) UNION ALL "
        "MATCH ()-[r:PART_OF]->() WHERE r.fact IS NULL RETURN coalesce(r.entry, r.fact), type(r), labels(startNode(r))",
        [["f1", "PROPOSED", ["Party"]], [None, "PART_OF", ["Demand"]]],
    ),
    "a path that turns": asks(
        "UNWIND $ids AS id MATCH (n:Fact {id: id}) MATCH (n)-[:ABOUT]->()<-[r {fact: n.id}]-() RETURN n.id, type(r)",
        [["f1", "PROPOSED"], ["f2", "DEMANDED"]],
        ids=["f1", "f2"],
    ),
    "the ends of a relationship": asks(
        "MATCH (n:Demand {id: 'tolls'})-[edge]-(other) WHERE edge.fact IS NULL AND NOT other:Fact "
        "RETURN DISTINCT startNode(edge).name AS start, type(edge) AS type, endNode(edge).name AS end, startNode(edge) = n",
        [["Lower tolls", "PART_OF", "Ferry", True]],
    ),
    "node and relationship by their references": asks(
        "MATCH (a:Party {id: 'ardle'})-[r:PROPOSED]->(b) WITH elementId(a) AS node, elementId(r) AS edge "
        "MATCH (n:Party {id: 'ardle'})-[s]-() WHERE elementId(s) = edge AND elementId(n) = node AND elementId(s) IN [edge] "
        "RETURN type(s), elementId(startNode(s)) = node",
        [["PROPOSED", True]],
    ),
    "what may be missing": asks(
        "MATCH (f:Fact) OPTIONAL MATCH (f)-[:TO]->(p:Party) RETURN f.id, p.name, coalesce(p.id, '') ORDER BY f.id",
        [["f1", None, ""], ["f2", "Ardle", "ardle"]],
    ),
    "null in conditions": asks(
        "MATCH (f:Fact) WHERE ($since IS NULL OR f.date_from >= $since) AND NOT coalesce(f.turn = 2, false) RETURN f.id",
        [["f1"]],
        since=None,
    ),
    "nothing is sorted last, and first in the other direction": asks(
        "MATCH (f:Fact) WITH collect(f.turn) AS turns MATCH (f:Fact) WITH turns, f ORDER BY f.turn "
        "WITH turns, collect(f.id) AS up MATCH (f:Fact) WITH turns, up, f ORDER BY f.turn DESC RETURN turns, up, collect(f.id)",
        [[[2], ["f2", "f1"], ["f1", "f2"]]],
    ),
    "an order by cases and by several": asks(
        "MATCH (p:Party) RETURN p.id ORDER BY CASE WHEN p.id = $first THEN 0 ELSE 1 END, p.kind DESC, p.name LIMIT 2",
        [["council"], ["ardle"]],
        first="council",
    ),
    "a day as a parameter": asks("MATCH (f:Fact) WHERE f.date_from > $day RETURN f.id, f.date_from", [["f2", LATER]], day=DAY),
    "the parts of a day": asks(
        "MATCH (f:Fact) RETURN f.date_from.weekYear + ' ' + f.date_from.week, substring(toString(f.date_from), 0, 7) "
        "ORDER BY f.date_from",
        [["2022 1", "2022-01"], ["2022 7", "2022-02"]],
    ),
    "the days between": asks(
        "MATCH (f:Fact) WITH min(f.date_from) AS first, max(f.date_from) AS last RETURN duration.inDays(first, last).days", [[42]]
    ),
    "counts, sums and lists of what is not there": asks(
        "MATCH (n:Fact {id: 'none'}) RETURN count(n), sum(n.stance), collect(n.id), max(n.stance)", [[0, 0, [], None]]
    ),
    "counts of what is different": asks(
        "MATCH (f:Fact)-[by:BY|TO]->(p) RETURN count(DISTINCT p), count(DISTINCT CASE WHEN type(by) = 'TO' THEN p.id END), "
        "sum(CASE WHEN f.stance < 0 THEN 1 ELSE 0 END)",
        [[2, 1, 2]],
    ),
    "whole numbers and others": asks("RETURN 7 / 2, 7 / 2.0, 7 / toFloat(2), 2 * 3 - 1", [[3, 3.5, 3.5, 5]]),
    "cases of a value": asks(
        "UNWIND ['once', 'day', null] AS unit RETURN CASE unit WHEN 'day' THEN 1 WHEN 'once' THEN 2 ELSE 3 END", [[2], [1], [3]]
    ),
    "lists: parts, ends, places": asks(
        "WITH [1, 2, 3] AS some RETURN some[0], some[-1], some[9], some[0..2], head(some), last(some), tail(some), size(some), "
        "range(0, 2), [1] + 2 + some",
        [[1, 3, None, [1, 2], 1, 3, [2, 3], 3, [0, 1, 2], [1, 2, 1, 2, 3]]],
    ),
    "lists: some, none, all, folded": asks(
        "WITH $some AS some RETURN any(n IN some WHERE n = 2), none(n IN some WHERE n = 2), all(n IN some WHERE n > 0), "
        "[n IN some WHERE n > 1 | n * 10], reduce(total = 0, n IN some | total + n), 2 IN some, 9 IN some",
        [[True, False, True, [20, 30], 6, True, False]],
        some=[1, 2, 3],
    ),
    "lists of maps": asks(
        "UNWIND $acts AS act WITH collect({id: act.id, stance: -act.stance}) AS acts "
        "RETURN [act IN acts WHERE act.stance <> 0 | act.id], acts[0].stance",
        [[["x"], -1]],
        acts=[{"id": "x", "stance": 1}, {"id": "y", "stance": 0}],
    ),
    "texts": asks(
        "RETURN toLower('Äb'), replace('a_b_c', '_', ' '), substring('2022-01-03', 0, 4), toString(12), 'it\\'s', "
        "\"\\u00e9\", size('Äb')",
        [["äb", "a b c", "2022", "12", "it's", "é", 2]],
    ),
    "a subquery that collects": asks(
        "MATCH (f:Fact) RETURN f.id, COLLECT { MATCH (f)-[:BY|TO]->(p:Party) RETURN DISTINCT p.name ORDER BY p.name } "
        "ORDER BY f.id",
        [["f1", ["Ardle"]], ["f2", ["Ardle", "Bree"]]],
    ),
    "a subquery that collects from a list": asks(
        "WITH ['b', 'a', 'b'] AS names RETURN COLLECT { UNWIND names AS name RETURN DISTINCT name ORDER BY name } AS sorted, "
        "COLLECT { UNWIND names AS name RETURN name ORDER BY name }[0] AS first",
        [[["a", "b"], "a"]],
    ),
    "a subquery that collects lists": asks(
        "MATCH (f:Fact {id: 'f2'}) RETURN COLLECT { MATCH (f)-[end:BY|TO]->(p) RETURN [type(end), labels(p)[0], p.id] "
        "ORDER BY type(end) }",
        [[[["BY", "Party", "bree"], ["TO", "Party", "ardle"]]]],
    ),
    "a subquery that collects, within an aggregation": asks(
        "MATCH (f:Fact)-[:ABOUT]->(item) WITH collect({id: f.id, parts: COLLECT { MATCH (item)<-[:PART_OF*1..]-(part) "
        "RETURN part.id }}) AS acts UNWIND acts AS act RETURN act.id, act.parts ORDER BY act.id",
        [["f1", ["tolls"]], ["f2", []]],
    ),
    "whether a pattern is there": asks(
        "MATCH (p:Party) RETURN p.id, EXISTS { (p)<-[:BY]-(:Fact) }, NOT EXISTS { MATCH (p)<-[:TO]-(f:Fact) WHERE f.stance < 0 } "
        "ORDER BY p.id",
        [["ardle", True, False], ["bree", True, True], ["council", False, True]],
    ),
    "whether a pattern is there within another": asks(
        "MATCH (f:Fact) WHERE NOT EXISTS { MATCH (f)-[:ABOUT]->(n) WHERE NOT EXISTS { (n)-[:PART_OF]->() } } RETURN f.id",
        [["f2"]],
    ),
    "a subquery for each row": asks(
        "MATCH (asked:Party) CALL (asked) { MATCH (asked)-[:MEMBER_OF*0..]->(party:Party) RETURN party UNION "
        "MATCH (asked)<-[:MEMBER_OF*1..]-(party:Party) WHERE $members = 'yes' RETURN party } "
        "WITH asked, party ORDER BY party.id RETURN asked.id, collect(party.id) ORDER BY asked.id",
        [["ardle", ["ardle", "council"]], ["bree", ["bree", "council"]], ["council", ["ardle", "bree", "council"]]],
        members="yes",
    ),
    "a subquery for each row, also where nothing is found": asks(
        "OPTIONAL MATCH (asked:Party {id: $party}) CALL (asked) { MATCH (asked)-[:MEMBER_OF*0..]->(party:Party) RETURN party } "
        "WITH collect(party.id) AS side RETURN side",
        [[[]]],
        party="nobody",
    ),
    "a subquery of its own": asks(
        "CALL () { MATCH (p:Proposal) RETURN p.id AS id, 1 AS part UNION ALL MATCH (d:Demand) RETURN d.id AS id, 2 AS part } "
        "RETURN part, id ORDER BY part",
        [[1, "ferry"], [2, "tolls"]],
    ),
    "a way of some length": asks(
        "MATCH way = (item:Proposal|Demand)-[:PART_OF|COUNTERS*0..1]->(whole) RETURN item.id, whole.id, "
        "coalesce([step IN relationships(way) | type(step)][0], 'itself') AS by ORDER BY item.id, whole.id",
        [["ferry", "ferry", "itself"], ["tolls", "ferry", "PART_OF"], ["tolls", "tolls", "itself"]],
    ),
    "all shortest ways": asks(
        "MATCH (a:Party {id: 'ardle'}), (b:Party {id: 'bree'}) MATCH way = allShortestPaths((a)-[*..8]-(b)) "
        "RETURN [n IN nodes(way) | n.id] AS ids ORDER BY ids",
        [[["ardle", "council", "bree"]], [["ardle", "f2", "bree"]]],
    ),
    "everything that is there so far": asks(
        "MATCH (f:Fact) WITH *, f.stance AS stance WITH DISTINCT f, stance WHERE stance > 0 RETURN f.id, stance", [["f1", 1]]
    ),
    "the first of each group": asks(
        "MATCH (f:Fact)-[edge]->(p:Party) WITH p, f ORDER BY f.date_from DESC WITH p, collect(f)[0] AS latest "
        "RETURN p.id, latest.id ORDER BY p.id",
        [["ardle", "f2"], ["bree", "f2"]],
    ),
    "the same as in a list of nodes": asks(
        "MATCH (asked:Party {id: 'bree'}) MATCH (whom:Party) WHERE NOT whom IN [asked] RETURN whom.id ORDER BY whom.id",
        [["ardle"], ["council"]],
    ),
    "a name in backticks": asks("MATCH (`the one`:`Party` {`id`: 'bree'}) RETURN `the one`.`name` AS `a name`", [["Bree"]]),
}

_LOCK = (
    "MERGE (d:Dataset {id: $id}) ON CREATE SET d.revision = 0 WITH d, d.load AS load SET d.load = $token "
    "RETURN d.revision AS revision, load"
)

WRITING = {
    "nodes from rows": (
        asks(
            "UNWIND $rows AS row CREATE (n:Party) SET n = row RETURN count(n) AS rows",
            [[2]],
            rows=[{"id": "x", "since": DAY, "words": ["a", "b"], "share": 0.5, "large": 2**62, "own": True}, {"id": "y"}],
        ),
        asks("MATCH (n:Party {id: 'x'}) RETURN n.since, n.words, n.share, n.large, n.own", [[DAY, ["a", "b"], 0.5, 2**62, True]]),
        asks("MATCH (n:Party {id: 'y'}) RETURN properties(n)", [[{"id": "y"}]]),
    ),
    "some properties of nodes": (
        asks(
            "UNWIND $rows AS row MATCH (n:Party {id: row.id}) SET n += row.values RETURN count(n) AS rows",
            [[2]],
            rows=[
                {"id": "ardle", "values": {"kind": None, "name": "Ardle Isle"}},
                {"id": "bree", "values": {"aliases": ["B"]}},
                {"id": "nobody", "values": {"name": "?"}},
            ],
        ),
        asks(
            "MATCH (n:Party) RETURN properties(n) ORDER BY n.id LIMIT 2",
            [
                [{"id": "ardle", "name": "Ardle Isle", "aliases": ["The Isle"]}],
                [{"id": "bree", "name": "Bree", "kind": "state", "aliases": ["B"]}],
            ],
        ),
    ),
    "relationships from rows": (
        asks(
            "UNWIND $rows AS row MATCH (a:Fact {id: row.start}) MATCH (b:Party {id: row.end}) CREATE (a)-[r:TO]->(b) "
            "SET r = row.properties RETURN count(r) AS rows",
            [[2]],
            rows=[
                {"start": "f1", "end": "bree", "properties": {"entry": "f1", "day": DAY}},
                {"start": "f1", "end": "council", "properties": {"entry": "f1"}},
            ],
        ),
        asks(
            "MATCH (:Fact {id: 'f1'})-[r:TO]->(p) RETURN p.id, properties(r) ORDER BY p.id",
            [["bree", {"entry": "f1", "day": DAY}], ["council", {"entry": "f1"}]],
        ),
    ),
    "some properties of relationships, found at a node by their references": (
        asks(
            "MATCH (:Fact {id: 'f2'})-[found:TO]->() WITH [{id: 'f2', reference: elementId(found), values: {note: 'x'}}] AS rows "
            "UNWIND rows AS row MATCH (n:Fact {id: row.id})-[r:TO]-() WHERE elementId(r) = row.reference AND r.entry = 'f2' "
            "WITH DISTINCT r, row SET r += row.values RETURN count(r) AS rows",
            [[1]],
        ),
        asks("MATCH (:Fact {id: 'f2'})-[r:TO]-() RETURN properties(r)", [[{"entry": "f2", "note": "x"}]]),
    ),
    "relationships that go, found from both ends": (
        asks("MATCH (:Party)-[r:MEMBER_OF]-() WITH DISTINCT r DELETE r RETURN count(*) AS rows", [[2]]),
        asks("MATCH ()-[r:MEMBER_OF]->() RETURN count(r)", [[0]]),
        asks("MATCH (n:Party) RETURN count(n)", [[3]]),
    ),
    "nodes that go once nothing hangs on them": (
        asks("MATCH (n:Party {id: 'council'})-[r]-() DELETE r RETURN count(*) AS rows", [[2]]),
        asks("UNWIND $rows AS id MATCH (n:Party {id: id}) DELETE n RETURN count(*) AS rows", [[1]], rows=["council"]),
        asks("MATCH (n:Party) RETURN n.id ORDER BY n.id", [["ardle"], ["bree"]]),
    ),
    "nodes that go with what hangs on them": (
        asks("MATCH (n:Fact {id: 'f2'}) DETACH DELETE n", []),
        asks("MATCH (:Party {id: 'bree'})-[r]-() RETURN type(r) ORDER BY type(r)", [["DEMANDED"], ["MEMBER_OF"]]),
    ),
    "a node that goes and comes again": (
        asks("MATCH (n:Fact {id: 'f2'}) DETACH DELETE n", []),
        asks("CREATE (n:Fact {id: 'f2', stance: 0}) RETURN n.stance", [[0]]),
        asks("MATCH (n:Fact {id: 'f2'}) RETURN n.stance, EXISTS { (n)--() }", [[0, False]]),
    ),
    "two nodes that change ids": (
        asks(
            "UNWIND $rows AS row MATCH (n:Party {id: row[0]}) SET n.id = row[1] RETURN count(n) AS rows",
            [[2]],
            rows=[["ardle", "mark 0"], ["bree", "mark 1"]],
        ),
        asks(
            "UNWIND $rows AS row MATCH (n:Party {id: row[0]}) SET n.id = row[1] RETURN count(n) AS rows",
            [[2]],
            rows=[["mark 0", "bree"], ["mark 1", "ardle"]],
        ),
        asks(
            "MATCH (n:Party)<-[:BY]-(f) RETURN n.id, n.name, f.id ORDER BY n.id",
            [["ardle", "Bree", "f2"], ["bree", "Ardle", "f1"]],
        ),
    ),
    "a node that changes its label and keeps its relationships": (
        asks(
            "UNWIND $marks AS mark MATCH (n:Demand {id: mark}) SET n.digest = mark, n.id = null RETURN count(n)",
            [[1]],
            marks=["tolls"],
        ),
        asks("MATCH (n:Demand) WHERE n.digest IN $marks SET n:Proposal REMOVE n:Demand RETURN count(n)", [[1]], marks=["tolls"]),
        asks(
            "MATCH (n:Proposal) WHERE n.digest IN $marks SET n.id = $ids[n.digest] RETURN count(n)",
            [[1]],
            marks=["tolls"],
            ids={"tolls": "no-tolls"},
        ),
        asks(
            "MATCH (n:Proposal {id: 'no-tolls'})-[r]-() RETURN labels(n), type(r) ORDER BY type(r)",
            [[["Proposal"], "ABOUT"], [["Proposal"], "DEMANDED"], [["Proposal"], "PART_OF"]],
        ),
        asks("MATCH (n:Demand) RETURN count(n)", [[0]]),
    ),
    "a node that is made once, with what it held before": (
        asks(_LOCK, [[0, None]], id="small", token="first"),
        asks(_LOCK, [[0, "first"]], id="small", token="second"),
        asks("MATCH (d:Dataset) RETURN d.id, d.revision, d.load", [["small", 0, "second"]]),
    ),
    "a list that grows": (
        asks("CREATE (d:Dataset {id: 'small'})", []),
        *(
            asks(
                "MATCH (d:Dataset {id: $id}) SET d += $values, d.history = coalesce(d.history, []) + [$entry], "
                "d.loading = coalesce(d.loading, $entry)",
                [],
                id="small",
                values={"revision": revision, "contents": None},
                entry=f"load {revision}",
            )
            for revision in (1, 2)
        ),
        asks(
            "MATCH (d:Dataset) RETURN properties(d)",
            [[{"id": "small", "revision": 2, "history": ["load 1", "load 2"], "loading": "load 1"}]],
        ),
    ),
    "a text of any characters and of some length": (
        asks("CREATE (p:Party {id: $id, name: $name})", [], id="x'\\\"`\n", name="Ардль \u200d 🛥 " * 5000),
        asks("MATCH (p:Party {id: $id}) RETURN p.name", [["Ардль \u200d 🛥 " * 5000]], id="x'\\\"`\n"),
    ),
}


@pytest.fixture(scope="module")
def graph(session_store: Store, target: Target) -> Store:
    """The small graph alone, with ids that are unique by a constraint, as those of a loaded one are."""
    NOTES.append(f"version {SUITE} of the engine suite ran on {_name(session_store, target)}")
    cypher(session_store, "MATCH (n) DETACH DELETE n")
    for label in ("Party", "Proposal", "Demand", "Fact", "Dataset"):
        cypher(session_store, f"CREATE CONSTRAINT IF NOT EXISTS FOR (n:{label}) REQUIRE n.id IS UNIQUE")
    for label, properties in NODES:
        cypher(session_store, f"CREATE (n:{label}) SET n = $properties", properties=properties)
    for start, kind, end, properties in EDGES:
        statement = f"MATCH (a {{id: $start}}), (b {{id: $end}}) CREATE (a)-[r:{kind}]->(b) SET r = $properties"
        cypher(session_store, statement, start=start, end=end, properties=properties)
    return session_store


def _name(store: Store, target: Target) -> str:
    if isinstance(target, EmbeddedTarget) and target.build:
        return engine_version(target.build)
    name, versions = cypher(store, "CALL dbms.components() YIELD name, versions")[0]  # with Cypher 25, others follow
    return f"{name} {versions[0]}"


@pytest.fixture
def transaction(graph: Store) -> Iterator[neo4j.Transaction]:
    """A transaction that may write, and leaves nothing."""
    with graph.database.writer.session(database=graph.database.name) as session:
        begun = session.begin_transaction()
        yield begun
        begun.rollback()


@pytest.mark.parametrize("name", READING)
def test_who_may_only_read_is_answered(graph: Store, name: str) -> None:
    step = READING[name]
    assert [list(row) for row in graph.ask(step.statement, step.parameters).rows] == step.answer


def test_labels_and_types_are_listed(graph: Store) -> None:
    """Others may be listed, too, that nothing has any more."""
    names = graph.names()
    assert {"Demand", "Fact", "Party", "Proposal"} <= names.labels
    assert {"ABOUT", "BY", "DEMANDED", "MEMBER_OF", "PART_OF", "PROPOSED", "TO"} <= names.types


@pytest.mark.parametrize("name", WRITING)
def test_a_transaction_sees_what_it_wrote(transaction: neo4j.Transaction, name: str) -> None:
    for step in WRITING[name]:
        found = [list(plain_row(row)) for row in transaction.run(as_query(step.statement), dict(step.parameters))]
        assert found == step.answer


def test_what_was_rolled_back_left_nothing(graph: Store) -> None:
    """After all that was written in the tests before."""
    nodes = cypher(graph, "MATCH (n) RETURN labels(n)[0] AS label, properties(n) AS properties, n.id AS id ORDER BY id")
    assert [
        (label, {**p, **({"date_from": p["date_from"].to_native()} if "date_from" in p else {})}) for label, p, _ in nodes
    ] == (sorted(NODES, key=lambda node: str(node[1]["id"])))
    edges = cypher(graph, "MATCH (a)-[r]->(b) RETURN a.id, type(r), b.id, properties(r)")
    assert sorted(map(tuple, edges), key=str) == sorted(EDGES, key=str)
