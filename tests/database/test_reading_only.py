"""A user's own Cypher only reads: on each database in turn it answers what it asks for, and changes nothing.

What writes or acts is refused in one line that says what was wrong; what reads is not. Each statement is one line of the
lists below; the answers are worked out by hand on the small graph that begins here.
"""

from __future__ import annotations

import contextlib
import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import neo4j
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from negograph.database.ask import Limits, refuse_words_that_write
from negograph.database.cypher_text import not_reading
from negograph.database.embedded.engine import running_engine, stay_up, take_down
from negograph.database.statements import as_query
from negograph.database.store import Store, open_store
from negograph.database.target import EmbeddedTarget, ServerTarget, Target
from negograph.errors import StoreError
from tests.conftest import cypher, load_project

CURATED = """\
dataset: {id: small, title: A small dataset}
parties: [{id: a, name: Ay, kind: state}, {id: b, name: Be, kind: state}]
documents: [{id: d, kind: article, name: D}]
proposals: [{id: plan, name: The plan}]
facts: [{id: f, action: offered, by: a, to: b, what: plan, date: 2021, evidence: [{document: d, quote: q}]}]
"""

STOPS = """
CREATE (north:Stop {id: 'north', name: 'North', lines: 3, opened: date('1901-05-01'), aliases: ['N', 'Nord']}),
       (mid:Stop {id: 'mid', name: 'Mid', lines: 1}),
       (east:Stop {id: 'east', name: 'East', lines: 1}),
       (south:Stop {id: 'south', name: 'South', lines: 2}),
       (word:Delete {id: 'word', set: 1, load: 'full', call: true, name: 'DELETE it; CREATE (n) SET n.x = 1'}),
       (north)-[:LEADS_TO {minutes: 5}]->(mid), (mid)-[:LEADS_TO {minutes: 7}]->(south),
       (north)-[:LEADS_TO {minutes: 4}]->(east), (east)-[:LEADS_TO {minutes: 9}]->(south),
       (south)-[:SET {remove: 2}]->(word),
       (:Lonely {id: 'lonely'})
"""
"""From north to south there are two ways, by mid in 12 minutes and by east in 13; names that are words of Cypher."""

PARAMETERS: dict[str, Any] = {
    **{"list": [1, 2, 3], "by": 10, "id": "mid", "map": {"set": 1, "inner": [5, 6]}, "as": 3},
    **{"set": 7, "create": "x", "call": [1], "load": None, "merge": 2},
}

# What reads.

READING: list[tuple[str, list[tuple[Any, ...]]]] = [
    # MATCH and OPTIONAL MATCH
    ("MATCH (s:Stop) RETURN s.id AS id ORDER BY id", [("east",), ("mid",), ("north",), ("south",)]),
    ("match (s:Stop) where s.lines > 1 return s.id as id order by id", [("north",), ("south",)]),
    ("MATCH (s:Stop WHERE s.lines > 2) RETURN s.id AS id", [("north",)]),
    ("MATCH (s:Stop {id: 'north'})-[r:LEADS_TO]->(t) RETURN t.id AS id, r.minutes AS m ORDER BY id", [("east", 4), ("mid", 5)]),
    ("MATCH (a)-[r:LEADS_TO WHERE r.minutes < 5]->(b) RETURN b.id AS id", [("east",)]),
    ("MATCH (s:Stop)<-[r]-(t) RETURN count(r) AS n", [(4,)]),
    ("MATCH (a:Stop), (b:Stop) WHERE a.lines = b.lines AND a.id < b.id RETURN a.id AS a, b.id AS b", [("east", "mid")]),
    ("MATCH (n:Stop|Lonely) RETURN count(n) AS n", [(5,)]),
    ("MATCH (n:!Stop&Lonely) RETURN n.id AS id", [("lonely",)]),
    ("MATCH (s:Stop) WHERE s.aliases IS NOT NULL AND 'Nord' IN s.aliases RETURN s.id AS id", [("north",)]),
    ("OPTIONAL MATCH (s:Stop {id: 'nowhere'}) RETURN s.id AS id", [(None,)]),
    ("MATCH (s:Stop {id: 'south'}) OPTIONAL MATCH (s)-[:LEADS_TO]->(t) RETURN s.id AS id, t.id AS t", [("south", None)]),
    # WITH, UNWIND, UNION, FINISH
    ("WITH 1 AS one WITH one + 1 AS two RETURN two", [(2,)]),
    ("MATCH (s:Stop {id: 'mid'}) WITH * RETURN s.name AS name", [("Mid",)]),
    ("MATCH (s:Stop) WITH s.lines AS lines, count(*) AS n WHERE n > 1 RETURN lines, n", [(1, 2)]),
    ("MATCH (s:Stop) WITH s ORDER BY s.lines DESC, s.id LIMIT 2 RETURN collect(s.id) AS ids", [(["north", "south"],)]),
    ("WITH 1 AS as RETURN as", [(1,)]),
    ("UNWIND [3, 1, 2] AS i RETURN i ORDER BY i DESC", [(3,), (2,), (1,)]),
    ("UNWIND [] AS i RETURN i", []),
    ("WITH [1, 2] AS l UNWIND l AS a UNWIND l AS b WITH a, b WHERE a <> b RETURN a, b ORDER BY a", [(1, 2), (2, 1)]),
    ("RETURN 1 AS x UNION RETURN 2 AS x", [(1,), (2,)]),
    ("RETURN 1 AS x UNION RETURN 1 AS x", [(1,)]),
    ("RETURN 1 AS x UNION ALL RETURN 1 AS x", [(1,), (1,)]),
    ("MATCH (s:Stop) FINISH", []),
    # subqueries
    ("CALL () { MATCH (s:Stop) RETURN count(s) AS n } RETURN n", [(4,)]),
    ("CALL { MATCH (s:Stop) RETURN max(s.lines) AS most } RETURN most", [(3,)]),
    ("MATCH (s:Stop {id: 'north'}) CALL { WITH s RETURN s.name AS name } RETURN name", [("North",)]),
    ("MATCH (s:Stop {id: 'north'}) CALL (*) { RETURN s.name AS name } RETURN name", [("North",)]),
    (
        "MATCH (s:Stop) CALL (s) { MATCH (s)-[:LEADS_TO]->(t) RETURN count(t) AS n } RETURN s.id AS id, n ORDER BY id",
        [("east", 1), ("mid", 1), ("north", 2), ("south", 0)],
    ),
    ("CALL () { RETURN 1 AS x UNION RETURN 2 AS x } RETURN sum(x) AS x", [(3,)]),
    ("CALL () { CALL () { RETURN 1 AS x } RETURN x + 1 AS y } RETURN y", [(2,)]),
    ("OPTIONAL CALL () { MATCH (s:Stop {id: 'nowhere'}) RETURN s.id AS id } RETURN id", [(None,)]),
    (
        "MATCH (s:Stop) RETURN s.id AS id, COUNT { (s)-[:LEADS_TO]->() } AS n ORDER BY id",
        [("east", 1), ("mid", 1), ("north", 2), ("south", 0)],
    ),
    (
        "MATCH (s:Stop) WHERE EXISTS { (s)-[:LEADS_TO]->(:Stop {id: 'south'}) } RETURN s.id AS id ORDER BY id",
        [("east",), ("mid",)],
    ),
    ("MATCH (s:Stop) WHERE NOT EXISTS { MATCH (s)-[:LEADS_TO]->(t) WHERE t.lines > 0 } RETURN s.id AS id", [("south",)]),
    ("MATCH (s:Stop {id: 'north'}) RETURN COLLECT { MATCH (s)-->(t) RETURN t.id ORDER BY t.id } AS ids", [(["east", "mid"],)]),
    # lists, comprehensions, paths
    ("RETURN [x IN range(1, 5) WHERE x % 2 = 1 | x * x] AS x", [([1, 9, 25],)]),
    ("MATCH (s:Stop {id: 'north'}) RETURN [(s)-[r:LEADS_TO]->(t) WHERE r.minutes > 4 | t.id] AS ids", [(["mid"],)]),
    ("RETURN [1, 2, 3, 4][1..3] AS a, [1, 2, 3][-1] AS b, [1, 2, 3][..2] AS c", [([2, 3], 3, [1, 2])]),
    ("RETURN reduce(all = '', x IN ['a', 'b'] | all + x) AS x", [("ab",)]),
    (
        "RETURN all(x IN [1, 2] WHERE x > 0) AS a, any(x IN [1, 2] WHERE x > 2) AS b, none(x IN [1] WHERE x > 1) AS c",
        [(True, False, True)],
    ),
    ("MATCH (s:Stop) WHERE (s)-[:LEADS_TO]->(:Stop {id: 'mid'}) RETURN s.id AS id", [("north",)]),
    ("MATCH p = shortestPath((a:Stop {id: 'north'})-[:LEADS_TO*]->(b:Stop {id: 'south'})) RETURN length(p) AS n", [(2,)]),
    (
        "MATCH p = allShortestPaths((:Stop {id: 'north'})-[*]->(:Stop {id: 'south'})) RETURN nodes(p)[1].id AS id ORDER BY id",
        [("east",), ("mid",)],
    ),
    (
        "MATCH (a:Stop {id: 'north'})-[:LEADS_TO*1..2]->(b) RETURN b.id AS id, count(*) AS n ORDER BY id",
        [("east", 1), ("mid", 1), ("south", 2)],
    ),
    (
        "MATCH p = ({id: 'north'})-[*2]->() RETURN reduce(t = 0, r IN relationships(p) | t + r.minutes) AS t ORDER BY t",
        [(12,), (13,)],
    ),
    ("MATCH (a:Stop {id: 'north'}) ((x)-[:LEADS_TO]->(y)){2} (b) RETURN count(*) AS n", [(2,)]),
    ("MATCH (a:Stop {id: 'north'})-[:LEADS_TO]->{1,2}(b) RETURN count(*) AS n", [(4,)]),
    # aggregating, CASE, ORDER BY, SKIP, LIMIT
    (
        "MATCH (s:Stop) RETURN count(*) AS n, sum(s.lines) AS s, avg(s.lines) AS a, min(s.lines) AS b, max(s.lines) AS c",
        [(4, 7, 1.75, 1, 3)],
    ),
    (
        "MATCH (s:Stop) WITH s.lines AS l ORDER BY l RETURN collect(l) AS a, collect(DISTINCT l) AS b, count(DISTINCT l) AS c",
        [([1, 1, 2, 3], [1, 2, 3], 3)],
    ),
    ("MATCH (s:Stop) RETURN DISTINCT s.lines AS lines ORDER BY lines", [(1,), (2,), (3,)]),
    ("UNWIND [1, 2, 3] AS x RETURN percentileDisc(x, 0.5) AS x", [(2,)]),
    (
        "MATCH (s:Stop) RETURN s.id AS id, CASE s.lines WHEN 1 THEN 'one' WHEN 2 THEN 'two' ELSE 'many' END AS n ORDER BY id",
        [("east", "one"), ("mid", "one"), ("north", "many"), ("south", "two")],
    ),
    ("RETURN CASE WHEN 1 > 2 THEN 'a' WHEN 2 > 1 THEN 'b' END AS x", [("b",)]),
    ("MATCH (s:Stop) RETURN s.id AS id ORDER BY id DESC SKIP 1 LIMIT 2", [("north",), ("mid",)]),
    # parameters, maps, whole entries
    ("MATCH (s:Stop {id: $id}) RETURN s.name AS name", [("Mid",)]),
    ("UNWIND $list AS i RETURN i * $by AS x ORDER BY x", [(10,), (20,), (30,)]),
    ("RETURN $map.inner[1] AS a, $map['set'] AS b, $map AS c", [(6, 1, {"set": 1, "inner": [5, 6]})]),
    ("RETURN $set AS a, $create AS b, $call AS c, $load AS d, $merge AS e, $as AS f", [(7, "x", [1], None, 2, 3)]),
    (
        "MATCH (s:Stop {id: 'mid'}) RETURN s {.id, .name, next: [(s)-->(t) | t.id]} AS s",
        [({"id": "mid", "name": "Mid", "next": ["south"]},)],
    ),
    ("MATCH (s:Stop {id: 'mid'}) RETURN s {.*} AS s", [({"id": "mid", "name": "Mid", "lines": 1},)]),
    (
        "MATCH (s:Stop {id: 'mid'}) RETURN properties(s) AS p, labels(s) AS l",
        [({"id": "mid", "name": "Mid", "lines": 1}, ["Stop"])],
    ),
    ("MATCH (:Stop)-[r]->(:Delete) RETURN type(r) AS t, properties(r) AS p", [("SET", {"remove": 2})]),
    ("RETURN [[1, 2], [3]] AS x, {a: {b: [null, true]}} AS y", [([[1, 2], [3]], {"a": {"b": [None, True]}})]),
    # functions and operators
    ("MATCH (s:Stop {id: 'north'}) RETURN s.opened AS d, s.opened.year AS y", [(date(1901, 5, 1), 1901)]),
    (
        "RETURN date('2021-05-01') + duration({days: 31}) AS a, date.truncate('month', date('2021-05-17')) AS b",
        [(date(2021, 6, 1), date(2021, 5, 1))],
    ),
    (
        "RETURN duration.inDays(date('2021-01-01'), date('2021-03-02')).days AS a, datetime('2021-05-17T10:00:00Z').hour AS b",
        [(60, 10)],
    ),
    ("RETURN toString(date({year: 2021, month: 5, day: 1})) AS d", [("2021-05-01",)]),
    (
        "RETURN toUpper('ab') AS a, replace('abc', 'b', 'x') AS b, substring('abcd', 1, 2) AS c, split('a,b', ',') AS d",
        [("AB", "axc", "bc", ["a", "b"])],
    ),
    (
        "RETURN trim(' a ') AS a, reverse('abc') AS b, left('abc', 2) AS c, 'abc' =~ 'a.*' AS d, 'a' + 1 AS e",
        [("a", "cba", "ab", True, "a1")],
    ),
    (
        "RETURN 'abc' STARTS WITH 'a' AS a, 'abc' ENDS WITH 'c' AS b, 'abc' CONTAINS 'x' AS c, 2 IN [1, 2] AS d",
        [(True, True, False, True)],
    ),
    (
        "RETURN toInteger('7') AS a, toFloat('1.5') AS b, abs(-2) AS c, sign(-3) AS d, 7 / 2 AS e, 7 % 2 AS f, 2 ^ 3 AS g",
        [(7, 1.5, 2, -1, 3, 1, 8.0)],
    ),
    (
        "RETURN coalesce(null, 1) AS a, null IS NULL AS b, head([1, 2]) AS c, last([1, 2]) AS d, size([1]) AS e",
        [(1, True, 1, 2, 1)],
    ),
    ("RETURN 1e3 AS a, 0x1F AS b, 0o17 AS c, .5 AS d", [(1000.0, 31, 15, 0.5)]),
    # comments, white space, a semicolon at the end
    ("// how many CREATE\nMATCH (s:Stop) // SET s.name = 'x'\nRETURN count(s) AS n // DELETE", [(4,)]),
    ("/* DETACH DELETE all; */ MATCH (s:Stop) /* SET\n s.name */ RETURN count(s) AS n /* ; CREATE */", [(4,)]),
    ("RETURN 8 / 2 AS x /* a * b */ // ' \" `", [(4,)]),
    ("RETURN 1 AS x // caf\\u00e9, \\\\u0043REATE", [(1,)]),
    (" \n\tRETURN\n1\tAS\r\nx\n", [(1,)]),
    ("RETURN 1 AS x;", [(1,)]),
    ("RETURN 1 AS x ;\n", [(1,)]),
    ("RETURN 1 AS x; // the end", [(1,)]),
    ("EXPLAIN MATCH (s:Stop) RETURN s.id AS id", []),
    # words that write, as names and in texts
    ("RETURN 'CREATE (n) SET n.x = 1; MATCH (n) DETACH DELETE n' AS x", [("CREATE (n) SET n.x = 1; MATCH (n) DETACH DELETE n",)]),
    ('RETURN "it\'s a \'SET\' and a \\"DELETE\\"" AS x', [("it's a 'SET' and a \"DELETE\"",)]),
    ("RETURN 'it\\'s /* no comment */ // LOAD CSV' AS x", [("it's /* no comment */ // LOAD CSV",)]),
    ("RETURN '\\\\' AS a, 'CALL db.clearQueryCaches()' AS b, '`DROP`' AS c", [("\\", "CALL db.clearQueryCaches()", "`DROP`")]),
    ("WITH '\\\\u0027 AS x CREATE (:Hostile) //' AS y RETURN 1 AS z", [(1,)]),
    ("RETURN 'caf\\u00e9' AS a, 'Zürich – 東京 🚋' AS b", [("café", "Zürich – 東京 🚋")]),
    ("MATCH (n) WHERE n.name CONTAINS 'DELETE it; CREATE' RETURN n.id AS id", [("word",)]),
    ("MATCH (`create`:Stop {id: 'mid'}) RETURN `create`.name AS `delete`", [("Mid",)]),
    ("WITH 1 AS `set`, 2 AS `load csv`, 3 AS `CALL` RETURN `set` + `load csv` + `CALL` AS `MERGE`", [(6,)]),
    (
        "RETURN 1 AS set, 2 AS create, 3 AS delete, 4 AS merge, 5 AS drop, 6 AS load, 7 AS call, 8 AS remove;",
        [(1, 2, 3, 4, 5, 6, 7, 8)],
    ),
    (
        "RETURN {set: 1, create: 2, delete: 3, load: 4, call: 5, merge: 6, remove: 7, drop: 8} AS m",
        [({"set": 1, "create": 2, "delete": 3, "load": 4, "call": 5, "merge": 6, "remove": 7, "drop": 8},)],
    ),
    (
        "MATCH (n:Delete {set: 1, load: 'full', call: true}) RETURN n.set AS a, n.load AS b, n.call AS c, n.drop AS d",
        [(1, "full", True, None)],
    ),
    (
        "MATCH (n:Delete) WHERE n.set = 1 AND n.call RETURN n {.set, .load, .call} AS n ORDER BY n.set",
        [({"set": 1, "load": "full", "call": True},)],
    ),
    ("MATCH (n) WHERE n:Delete RETURN n.id AS id", [("word",)]),
    ("MATCH (n:Lonely|Delete) RETURN count(n) AS n", [(2,)]),
    ("MATCH (:Stop)-[r:SET {remove: 2}]->(n:Delete) RETURN r.remove AS x", [(2,)]),
    ("MATCH ()-[r:LEADS_TO|SET]->() RETURN count(r) AS n", [(5,)]),
    ("MATCH (set:Stop {id: 'mid'}) RETURN count(*) AS n", [(1,)]),
    ("MATCH (reset:Stop {id: 'mid'}) RETURN reset.name AS `Create Index`", [("Mid",)]),
    ("WITH 1 AS settled, 2 AS created, 3 AS deleted, 4 AS recall RETURN settled + created + deleted + recall AS x", [(10,)]),
    ("WITH 1 AS loader, 2 AS merged, 3 AS dropped, 4 AS removed RETURN loader + merged + dropped + removed AS x", [(10,)]),
    # what the database itself tells
    ("CALL db.labels() YIELD label WHERE label IN ['Stop', 'Delete'] RETURN label ORDER BY label", [("Delete",), ("Stop",)]),
    ("CALL db.labels() YIELD label WITH collect(label) AS all RETURN 'Dataset' IN all AS x", [(True,)]),
    ("CALL /* all */ `db` . labels ( ) YIELD label WHERE label = 'Stop' RETURN label AS x", [("Stop",)]),
    ("CALL db.labels() YIELD label MATCH (s:Stop {id: 'mid'}) RETURN DISTINCT s.name AS x", [("Mid",)]),
    (
        "CALL db.relationshipTypes() YIELD relationshipType AS t WHERE t IN ['SET', 'LEADS_TO'] RETURN t ORDER BY t",
        [("LEADS_TO",), ("SET",)],
    ),
    ("CALL db.propertyKeys() YIELD propertyKey RETURN count(propertyKey) < 1000 AS x", [(True,)]),
    ("USE neo4j MATCH (s:Stop) RETURN count(s) AS n", [(4,)]),
]

HOSTILE: list[str] = [
    # the clauses that write
    "CREATE (:Hostile {id: 'x'})",
    "MATCH (a:Stop {id: 'north'}) CREATE (a)-[:HOSTILE]->(:Hostile)",
    "CREATE (:$('Hostile'))",
    "CREATE (:Stop {id: 'p'})-[:$('HOST' + 'ILE')]->(:Stop {id: 'q'})",
    "MERGE (n:Hostile {id: 'x'}) RETURN n",
    "MERGE (n:Stop {id: 'north'}) ON MATCH SET n.name = 'x' ON CREATE SET n.name = 'y'",
    "MATCH (n:Stop) SET n.name = 'x'",
    "MATCH (n:Stop) SET n += {name: 'x'}",
    "MATCH (n:Stop) SET n = {}",
    "MATCH (n:Stop) SET n:Hostile",
    "MATCH (n:Stop) SET n IS Hostile",
    "MATCH (n:Stop) SET n['name'] = 'x'",
    "MATCH (n:Stop) SET n:$('Hostile')",
    "MATCH ()-[r:LEADS_TO]->() SET r.minutes = 0",
    "MATCH (n:Stop) SET (CASE WHEN n.id = 'north' THEN n END).name = 'x'",
    "MATCH (n:Stop) REMOVE n.name",
    "MATCH (n:Stop) REMOVE n:Stop",
    "MATCH (n:Stop) REMOVE n['name']",
    "MATCH (n:Stop) REMOVE n:$(labels(n))",
    "MATCH ()-[r]->() DELETE r",
    "MATCH (n) DETACH DELETE n",
    "MATCH (n:Lonely) DELETE n",
    "MATCH (n:Lonely) NODETACH DELETE n",
    "MATCH p = (:Stop)-->(:Stop) DETACH DELETE p",
    "MATCH (n:Stop) FOREACH (i IN [1, 2] | SET n.name = 'x')",
    "FOREACH (i IN range(1, 3) | CREATE (:Hostile {id: i}))",
    "INSERT (:Hostile {id: 'x'})",
    "MATCH (a:Stop {id: 'north'}), (b:Stop {id: 'south'}) INSERT (a)-[:HOSTILE]->(b)",
    # in subqueries
    "MATCH (n:Stop) CALL (n) { SET n.name = 'x' } RETURN n",
    "CALL { CREATE (n:Hostile) RETURN n } RETURN n",
    "CALL () { CREATE (n:Hostile) } RETURN 1",
    "MATCH (n:Stop) CALL { WITH n SET n.name = 'x' RETURN 1 AS one } RETURN one",
    "OPTIONAL CALL () { CREATE (n:Hostile) RETURN n } RETURN n",
    "CALL () { CALL () { CALL () { MERGE (n:Hostile) RETURN n } RETURN n } RETURN n } RETURN n",
    "UNWIND [1, 2] AS i CALL (i) { WITH i AS j MERGE (:Hostile {id: j}) RETURN j } RETURN j",
    # in branches of UNION
    "RETURN 1 AS n UNION CREATE (h:Hostile) RETURN 2 AS n",
    "CREATE (h:Hostile) RETURN 2 AS n UNION ALL RETURN 1 AS n",
    "CALL () { RETURN 1 AS n UNION MATCH (s:Stop) SET s.name = 'x' RETURN 2 AS n } RETURN n",
    # in EXISTS, COUNT, COLLECT, CASE, and in what only the newest versions know
    "MATCH (n) WHERE EXISTS { CREATE (h:Hostile) } RETURN n",
    "RETURN EXISTS { MATCH (n) SET n.name = 'x' RETURN n } AS x",
    "RETURN COUNT { MATCH (n) DETACH DELETE n RETURN 1 } AS x",
    "RETURN COLLECT { CREATE (n:Hostile) RETURN n.id } AS x",
    "MATCH (n:Stop) RETURN CASE WHEN EXISTS { MERGE (h:Hostile) RETURN h } THEN 1 ELSE 2 END AS x",
    "WHEN true THEN CREATE (:Hostile) ELSE RETURN 1",
    "RETURN 1 AS x NEXT CREATE (:Hostile)",
    "DEFINE PROCEDURE harm() { CREATE (:Hostile) } CALL harm()",
    # in transactions of their own
    "MATCH (n:Stop) CALL (n) { SET n.name = 'x' } IN TRANSACTIONS",
    "CALL () { CREATE (:Hostile) } IN TRANSACTIONS OF 1 ROW",
    "MATCH (n:Stop) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 1 ROWS ON ERROR CONTINUE REPORT STATUS AS s RETURN s",
    "MATCH (n:Stop) CALL (n) { SET n.name = 'x' } IN 2 CONCURRENT TRANSACTIONS ON ERROR BREAK REPORT STATUS AS s RETURN s",
    "MATCH (n:Stop) CALL (n) { CREATE (:Hostile) } IN TRANSACTIONS ON ERROR RETRY FOR 1 SECONDS THEN FAIL",
    "CALL { LOAD CSV FROM 'DOOR' AS row CREATE (:Hostile) } IN TRANSACTIONS",
    # after something harmless
    "RETURN 1 CREATE (:Hostile)",
    "MATCH (n) RETURN n.id LIMIT 1 SET n.id = 'x'",
    "MATCH (n) WITH n LIMIT 1 DETACH DELETE n",
    "RETURN 1; CREATE (:Hostile)",
    "RETURN 1;\nMATCH (n) DETACH DELETE n;",
    "; CREATE (:Hostile)",
    ";;;CREATE (:Hostile);;;",
    "MATCH (n:Stop) RETURN n; SHOW USERS;",
    "RETURN 1;RETURN 2",
    "RETURN ';' AS x; CREATE (:Hostile)",
    "RETURN 1 /* ; */ ; /* ; */ CREATE (:Hostile)",
    "BEGIN; CREATE (:Hostile); COMMIT",
    # behind comments
    "// only reads\nCREATE (:Hostile)",
    "/* only reads */ CREATE (:Hostile)",
    "/**/CREATE/**/(:Hostile)",
    "/* /* */ CREATE (:Hostile) /* */",
    "/* /* */ CREATE (:Hostile) */",
    "/* // */ CREATE (:Hostile)",
    "// /*\nCREATE (:Hostile) // */",
    "RETURN 1 // '\nCREATE (:Hostile) // '",
    "RETURN 1 /* ' */ CREATE (:Hostile) /* ' */",
    "MATCH (n:Stop) /* SET */ SET /* SET */ n.name = 'x'",
    "RETURN 1 /* never closed CREATE (:Hostile)",
    "MATCH (n:Stop) // a line\r\nSET n.name = 'x'",
    "-- a line\nCREATE (:Hostile)",
    "MATCH (n:Stop) WHERE n.id = 'a' /* it's */ SET n.name = 'it''s'",
    # behind comments that end with another line break than \n, or do not
    "MATCH (n:Stop) // a line\rSET n.name = 'x'",
    "// a line\rLOAD CSV FROM 'DOOR' AS row RETURN row",
    "// a line\rCALL db.clearQueryCaches() YIELD value RETURN value",
    "//\rCREATE (:Hostile)",
    "RETURN 1 AS x // a line\rUNION LOAD CSV FROM 'DOOR' AS row RETURN row AS x",
    "WITH 1 AS x // a line\rCALL db.clearQueryCaches() YIELD value RETURN value",
    "WITH 1 AS x // a line\rCALL do.when(true, 'CREATE (:Hostile)', '', {}) YIELD value RETURN value",
    "MATCH (n:Stop) // a line\rWITH collect(n) AS l CALL refactor.cloneNodesWithRelationships(l) YIELD output RETURN 1",
    "SHOW TRANSACTIONS YIELD transactionId AS id // a line\rTERMINATE TRANSACTIONS 'none' YIELD message RETURN message",
    "MATCH (n:Stop) // a line\u2028SET n.name = 'x'",
    "MATCH (n:Stop) // a line\x85SET n.name = 'x'",
    # behind texts and names in backticks
    "RETURN 'it\\'s' AS x CREATE (:Hostile {id: 'x'})",
    'RETURN "a\\\\" CREATE (:Hostile {id: "x"})',
    "RETURN 'a\\\\' CREATE (:Hostile)//'",
    "WITH 'a\"b' AS x CREATE (:Hostile {id: \"'\"})",
    "WITH '//' AS x CREATE (:Hostile)",
    "WITH '/*' AS x CREATE (:Hostile) WITH '*/' AS y RETURN y",
    "WITH '`' AS x CREATE (:Hostile) WITH '`' AS y RETURN y",
    "WITH 'never closed AS x CREATE (:Hostile)",
    'WITH "never closed AS x CREATE (:Hostile)',
    "WITH 'a'' AS x CREATE (:Hostile) //'",
    "WITH `'` AS x CREATE (:Hostile) //`",
    "WITH 1 AS `a``b` CREATE (:Hostile)",
    "WITH 1 AS `never closed CREATE (:Hostile)",
    # behind a name that is the word before a name
    "WITH 1 AS as ORDER BY as LOAD CSV FROM 'DOOR' AS row RETURN row",
    "WITH 1 AS as ORDER BY as TERMINATE TRANSACTIONS 'none' YIELD message RETURN message",
    "WITH 1 AS as ORDER BY as CALL db.clearQueryCaches() YIELD value RETURN value",
    "WITH 1 AS as ORDER BY as CALL meta.stats() YIELD nodeCount RETURN nodeCount",
    "MATCH (n:Stop) WITH n, 1 AS as ORDER BY as SET n.name = 'x'",
    "MATCH (n:Stop) WITH n, 1 AS as WHERE as > 0 AND as SET n.name = 'x'",
    "MATCH (n:Stop) WITH n, n.lines AS as ORDER BY n.as, as DETACH DELETE n",
    "WITH 1 AS as RETURN CASE WHEN true THEN COLLECT { WITH 1 AS as ORDER BY as LOAD CSV FROM 'DOOR' AS r RETURN r } END AS x",
    "WITH 1 AS x RETURN CASE x WHEN 1 THEN COLLECT { LOAD /**/ CSV FROM 'DOOR' AS row RETURN row } END AS x",
    "RETURN CASE WHEN true THEN COLLECT { LOAD // a line\n CSV FROM 'DOOR' AS row RETURN row } END AS x",
    "RETURN CASE WHEN true THEN COLLECT { MATCH (n) WHERE n. load = 1 LOAD CSV FROM 'DOOR' AS row RETURN row } END AS x",
    "RETURN CASE WHEN true THEN COLLECT { WITH {load: 1} AS m WITH m AS csv LOAD CSV FROM 'DOOR' AS row RETURN row } END AS x",
    "RETURN CASE WHEN true THEN COUNT { LOAD CSV FROM 'DOOR' AS row RETURN row } END AS x",
    "RETURN CASE WHEN true THEN EXISTS { LOAD CSV FROM 'DOOR' AS row RETURN row } END AS x",
    "RETURN CASE WHEN true THEN COLLECT { CALL db.clearQueryCaches() YIELD value RETURN value } END AS x",
    "RETURN CASE WHEN true THEN COLLECT { WITH 1 AS as ORDER BY as CALL dbms.listConfig() YIELD name RETURN name } END AS x",
    # behind an escape that only some versions read before everything else, where the plan does not show what follows
    "WITH '\\u0027 AS x RETURN CASE WHEN true THEN COLLECT { LOAD CSV FROM \"DOOR\" AS r RETURN r } END AS x //' AS y RETURN 1",
    "WITH '\\\\\\u0027 AS x RETURN CASE WHEN 1>0 THEN COLLECT { LOAD CSV FROM \"DOOR\" AS r RETURN r } END //' AS y RETURN 1",
    "RETURN 1 AS x // \\u000aUNION RETURN CASE WHEN true THEN COLLECT { LOAD CSV FROM 'DOOR' AS row RETURN row } END AS x",
    "WITH 1 AS `\\u0060 RETURN CASE WHEN true THEN COLLECT { LOAD CSV FROM 'DOOR' AS row RETURN row } END AS x //` RETURN 1 AS x",
    # with characters written as \u, everywhere
    "\\u0043REATE (:Hostile)",
    "C\\u0052EATE (:Hostile)",
    "CREAT\\u0045 (:Hostile)",
    "\\u0043\\u0052\\u0045\\u0041\\u0054\\u0045 (:Hostile)",
    "\\u0063reate (:Hostile)",
    "\\uu0043REATE (:Hostile)",
    "\\U0043REATE (:Hostile)",
    "\\U00000043REATE (:Hostile)",
    "MATCH (n:Stop) \\u0053ET n.name = 'x'",
    "MATCH (n:Stop) S\\u0045T n.name = 'x' RETURN n",
    "MATCH (n:Stop) DETACH DELET\\u0045 n",
    "\\u0043ALL db.clearQueryCaches()",
    "CALL \\u0064b.clearQueryCaches()",
    "L\\u004fAD CSV FROM 'DOOR' AS row RETURN row",
    "RETURN 1\\u003b CREATE (:Hostile)",
    "MATCH (n:Stop)\\u0020SET n.name = 'x'",
    "\\u002f\\u002f a line\nCREATE (:Hostile)",
    "/* \\u002a/ CREATE (:Hostile) //*/ RETURN 1",
    "// \\u000aCREATE (:Hostile)\nRETURN 1",
    "RETURN 1 /* \\u002a\\u002f CREATE (:Hostile) /* */",
    "WITH '\\u0027 AS x CREATE (:Hostile) //' AS y RETURN 1",
    "WITH '\\u0027 AS x LOAD CSV FROM \"DOOR\" AS row RETURN row //' AS y RETURN 1",
    "WITH '\\u0027 AS x CALL db.clearQueryCaches() YIELD value RETURN value //' AS y RETURN 1",
    "WITH 1 AS `\\u0060 CREATE (:Hostile) //` RETURN 1",
    "WITH '\\uuu0027 AS x CREATE (:Hostile) //' AS y RETURN 1 AS z",
    "RETURN 'a\\u005c' AS x CREATE (:Hostile) //'",
    # with characters that only look like others, and numbers that words grow together with
    "&#67;REATE (:Hostile)",
    "%43REATE (:Hostile)",
    "\uff23\uff32\uff25\uff21\uff34\uff25 (:Hostile)",
    "\u0421REATE (:Hostile)",
    "MATCH (n:Stop) \u017fET n.name = 'x'",
    "CRÉATÉ (:Hostile)",
    "MATCH (n:Stop) \xb2SET n.name = 'x'",
    "MATCH (n:Stop) WITH n LIMIT 1SET n.name = 'x'",
    "MATCH (n:Stop) WITH n LIMIT 0SET n.name = 'x'",
    "MATCH (n:Stop) WITH n LIMIT 1.0SET n.name = 'x'",
    "MATCH (n:Stop) WITH n LIMIT 1_SET n.name = 'x'",
    "MATCH (n:Stop) WITH n LIMIT 0x1SET n.name = 'x'",
    "MATCH (n:Stop) WITH n LIMIT 1.SET n.name = 'x'",
    *(
        f"RETURN CASE WHEN true THEN COLLECT {{ WITH 1 AS {name}$ CALL db.stats.collect('QUERIES') YIELD section RETURN 1 }} END"
        for name in ("x", "x$", "$x", "`x`", "1")
    ),
    "MATCH (n:Stop) WITH n, 1 AS x$ SET n.name = 'x'",
    "WITH 1 AS x WHERE x > 0LOAD CSV FROM 'DOOR' AS row RETURN row",
    "RETURN CASE WHEN true THEN COLLECT { WITH 1 AS x WHERE x > 0LOAD CSV FROM 'DOOR' AS row RETURN row } END AS x",
    "RETURN CASE WHEN true THEN COLLECT { WITH 1 AS x WHERE x > 1.LOAD CSV FROM 'DOOR' AS row RETURN row } END AS x",
    "RETURN CASE WHEN true THEN COLLECT { WITH 1 AS x WHERE x > 1.0LOAD CSV FROM 'DOOR' AS row RETURN row } END AS x",
    "RETURN CASE WHEN true THEN COLLECT { WITH 1 AS x WHERE x > .5LOAD CSV FROM 'DOOR' AS row RETURN row } END AS x",
    "RETURN CASE WHEN true THEN COLLECT { WITH 1 AS x WHERE x > 1e5LOAD CSV FROM 'DOOR' AS row RETURN row } END AS x",
    "RETURN CASE WHEN true THEN COLLECT { WITH 1 AS x WHERE x > 0xFFload CSV FROM 'DOOR' AS row RETURN row } END AS x",
    "RETURN CASE WHEN true THEN COLLECT { WITH 1 AS x WHERE x > 1_000LOAD CSV FROM 'DOOR' AS row RETURN row } END AS x",
    "RETURN CASE WHEN true THEN COLLECT { WITH 1 AS x WHERE x > 0o7LOAD CSV FROM 'DOOR' AS row RETURN row } END AS x",
    "WITH 1 AS x WHERE x > 0CALL db.clearQueryCaches() YIELD value RETURN value",
    "WITH 1 AS x WHERE x > 1e5CALL meta.stats() YIELD nodeCount RETURN nodeCount",
    "WITH 1 AS x WHERE x > 0TERMINATE TRANSACTIONS 'none' YIELD message RETURN message",
    "WITH [1] AS x WITH x[0..1]CALL db.clearQueryCaches() YIELD value RETURN value",
    "MATCH (n:Stop) WHERE n.lines > 1.SET n.name = 'x'",
    "MATCH (n:Stop) WHERE n.lines > 1\u200b.SET n.name = 'x'",
    "MATCH (n:Stop) WHERE n.lines IN [1]..SET n.name = 'x'",
    # with odd white space
    "LOAD\u180eCSV FROM 'DOOR' AS row RETURN row",
    "LOAD\u200bCSV FROM 'DOOR' AS row RETURN row",
    "LOAD\x00CSV FROM 'DOOR' AS row RETURN row",
    "TERMINATE\ufeffTRANSACTIONS 'none'",
    "TERMINATE\xa7TRANSACTIONS 'none'",
    "\xa0CREATE\xa0(:Hostile)",
    "MATCH (n:Stop)\x0bSET\x0bn.name\x0b=\x0b'x'",
    "MATCH (n:Stop)\x0cSET\x0cn.name = 'x'",
    "CREATE\u200b(:Hostile)",
    "\u200bCREATE (:Hostile)",
    "CR\u200bEATE (:Hostile)",
    "CREATE\u200d (:Hostile)",
    "CREATE\xad (:Hostile)",
    "\ufeffCREATE (:Hostile)",
    "CREATE\ufeff(:Hostile)",
    "MATCH (n:Stop)\u2028SET\u2029n.name = 'x'",
    "MATCH (n:Stop)\rSET n.name = 'x'",
    "MATCH (n:Stop)\u3000SET\u3000n.name = 'x'",
    "MATCH (n:Stop)\u1680SET\u1680n.name = 'x'",
    "MATCH (n:Stop)\u180eSET\u180en.name = 'x'",
    "MATCH (n:Stop)\x85SET\x85n.name = 'x'",
    "MATCH (n:Stop)\x1cSET\x1fn.name = 'x'",
    "MATCH (n:Stop)\x00SET\x00n.name = 'x'",
    "MATCH (n:Stop)\u202eSET\u202en.name = 'x'",
    "   \n\t\r\n  CREATE (:Hostile)   \n",
    "MATCH(n:Stop)SET n.name='x'",
    "MATCH (n:Stop) WITH n WHERE n.id='north'SET n.name='x'RETURN n",
    # in odd case
    "cReAtE (:Hostile)",
    "mErGe (:Hostile)",
    "match (n:Stop) sEt n.name = 'x'",
    "MATCH (n) dEtAcH dElEtE n",
    "lOaD cSv FROM 'DOOR' AS row RETURN row",
    "foreach (i in [1] | create (:Hostile))",
    "call DB.CLEARQUERYCACHES()",
    "CALL Db.CreateLabel('Hostile')",
    # beside names that are words
    "MATCH (as:Stop) WITH as AS as SET as.name = 'x'",
    "MATCH (n:Stop) WITH n, 1 AS as SET n.name = 'x' RETURN n",
    "WITH 1 AS as CREATE (:Hostile)",
    "WITH 1 AS as CREATE (:Hostile) RETURN 1 AS x",
    "WITH 1 AS `as` CREATE (:Hostile)",
    "UNWIND [1] AS as MERGE (:Hostile) RETURN 1 AS x",
    "MATCH (n) WITH n, 1 AS as DETACH DELETE n",
    "WITH 1 AS as LOAD CSV FROM 'DOOR' AS row RETURN row",
    "WITH 1 AS as CALL db.clearQueryCaches() YIELD value RETURN value",
    "WITH 1 AS as CALL do.when(true, 'CREATE (:Hostile)', '', {}) YIELD value RETURN value",
    "MATCH (n:Stop) WITH n ORDER BY n.as SET n.name = 'x'",
    "CREATE (`CREATE`:`CREATE`)",
    "`CALL` db.clearQueryCaches()",
    "MATCH (`set`:Stop) SET `set`.name = 'x'",
    "MATCH (set:Stop) SET set.name = 'x'",
    "MATCH (create:Stop) DETACH DELETE create",
    "CREATE (create:create {create: 'create'})",
    "MATCH (n:Stop) WHERE n.set = 1 OR n.create = 1 SET n.set = 2",
    "MATCH (n:Stop) WHERE n:Set SET n:Set",
    "MATCH (n) RETURN [x IN [1] | x] SET n.name = 'x'",
    "MATCH (n:Stop) WHERE n.id = $as SET n.name = 'x'",
    "WITH 1 AS as CALL algo.pagerank() YIELD node RETURN node",
    "WITH 1 AS as CALL meta.stats() YIELD nodeCount RETURN nodeCount",
    "MATCH (n:Stop) WITH collect(n) AS as CALL refactor.mergeNodes(as) YIELD node RETURN node",
    "MATCH (n:Stop) WITH collect(n) AS as CALL refactor.cloneNodesWithRelationships(as) YIELD output RETURN output",
    "WITH 1 AS as CALL db.migrateLegacyTemporals() YIELD typeName RETURN 1",
    "SHOW TRANSACTIONS YIELD transactionId AS as TERMINATE TRANSACTIONS 'none'",
    # with prefixes
    "CYPHER CREATE (:Hostile)",
    "CYPHER 5 CREATE (:Hostile)",
    "CYPHER 25 CREATE (:Hostile)",
    "CYPHER 25 runtime=slotted CREATE (:Hostile)",
    "CYPHER runtime=slotted MATCH (n:Stop) SET n.name = 'x'",
    "EXPLAIN CREATE (:Hostile)",
    "PROFILE CREATE (:Hostile)",
    "PROFILE MATCH (n:Stop) SET n.name = 'x' RETURN n",
    "EXPLAIN PROFILE CREATE (:Hostile)",
    "PROFILE EXPLAIN MATCH (n) DETACH DELETE n",
    "PROFILE CYPHER 5 CREATE (:Hostile)",
    "PROFILE CALL db.clearQueryCaches()",
    "CYPHER 5 LOAD CSV FROM 'DOOR' AS row RETURN row",
    "PROFILE LOAD CSV FROM 'DOOR' AS row RETURN row",
    "EXPLAIN;CREATE (:Hostile)",
    "CYPHER 25 DEFINE PROCEDURE harm() { CREATE (:Hostile) } CALL harm()",
    "CYPHER 25 WHEN true THEN CREATE (:Hostile) ELSE RETURN 1",
    "CYPHER 25 RETURN 1 AS x NEXT CREATE (:Hostile)",
    "CYPHER 25 LET x = 1 CREATE (:Hostile) FINISH",
    "CYPHER 25 FILTER true MATCH (n:Stop) SET n.name = 'x'",
    # that reach for files and the network
    "LOAD CSV FROM 'file:///etc/hostname' AS row RETURN row",
    "LOAD CSV FROM 'file:///etc/passwd' AS row FIELDTERMINATOR ':' RETURN row",
    "LOAD CSV FROM 'DOOR' AS row RETURN row",
    "LOAD CSV WITH HEADERS FROM 'DOOR' AS row RETURN row",
    "LOAD CSV WITH HEADERS FROM 'http://127.0.0.1:1/' AS row RETURN row",
    "MATCH (n:Stop) LOAD CSV FROM 'DOOR?' + n.id AS row RETURN row",
    "CALL () { LOAD CSV FROM 'DOOR' AS row RETURN row } RETURN row",
    "RETURN COLLECT { LOAD CSV FROM 'DOOR' AS row RETURN row } AS x",
    "RETURN EXISTS { LOAD CSV FROM 'DOOR' AS row RETURN row } AS x",
    "RETURN COUNT { LOAD CSV FROM 'DOOR' AS row RETURN row } AS x",
    "LOAD\nCSV FROM $where AS row RETURN row",
    "USING PERIODIC COMMIT 1 LOAD CSV FROM 'DOOR' AS row CREATE (:Hostile)",
    # of the schema
    "CREATE INDEX hostile FOR (n:Stop) ON (n.name)",
    "CREATE INDEX IF NOT EXISTS FOR ()-[r:LEADS_TO]-() ON (r.minutes)",
    "CREATE RANGE INDEX hostile FOR (n:Stop) ON (n.name)",
    "CREATE TEXT INDEX hostile FOR (n:Stop) ON (n.name)",
    "CREATE POINT INDEX hostile FOR (n:Stop) ON (n.place)",
    "CREATE LOOKUP INDEX hostile FOR (n) ON EACH labels(n)",
    "CREATE FULLTEXT INDEX hostile FOR (n:Stop) ON EACH [n.name]",
    "CREATE VECTOR INDEX hostile FOR (n:Stop) ON (n.v) OPTIONS {indexConfig: {`vector.dimensions`: 2}}",
    "CREATE OR REPLACE INDEX hostile FOR (n:Stop) ON (n.name)",
    "CREATE INDEX ON :Stop(name)",
    "DROP INDEX ON :Stop(name)",
    "DROP INDEX hostile IF EXISTS",
    "CREATE CONSTRAINT hostile FOR (n:Stop) REQUIRE n.name IS UNIQUE",
    "CREATE CONSTRAINT hostile IF NOT EXISTS FOR (n:Stop) REQUIRE n.name IS NOT NULL",
    "CREATE CONSTRAINT hostile FOR (n:Stop) REQUIRE (n.id, n.name) IS NODE KEY",
    "CREATE CONSTRAINT hostile FOR (n:Stop) REQUIRE n.name IS :: STRING",
    "CREATE CONSTRAINT hostile FOR ()-[r:LEADS_TO]-() REQUIRE r.minutes IS RELATIONSHIP UNIQUE",
    "CREATE CONSTRAINT ON (n:Stop) ASSERT n.name IS UNIQUE",
    "DROP CONSTRAINT hostile IF EXISTS",
    "DROP CONSTRAINT ON (n:Party) ASSERT n.id IS UNIQUE",
    "ALTER CURRENT GRAPH TYPE SET { (:Hostile => {id :: STRING}) }",
    "ALTER CURRENT GRAPH TYPE ADD { (:Hostile => {id :: STRING}) }",
    # that look behind the graph
    "SHOW USERS",
    "SHOW CURRENT USER",
    "SHOW ROLES",
    "SHOW PRIVILEGES",
    "SHOW DATABASES",
    "SHOW DEFAULT DATABASE",
    "SHOW HOME DATABASE",
    "SHOW ALIASES FOR DATABASE",
    "SHOW SERVERS",
    "SHOW SETTINGS",
    "SHOW TRANSACTIONS",
    "SHOW FUNCTIONS",
    "SHOW PROCEDURES",
    "SHOW INDEXES",
    "SHOW CONSTRAINTS",
    # of the administrator
    "CREATE USER hostile SET PASSWORD 'hostile-hostile' CHANGE NOT REQUIRED",
    "CREATE OR REPLACE USER hostile SET PLAINTEXT PASSWORD 'hostile-hostile'",
    "ALTER USER neo4j SET PASSWORD 'hostile-hostile'",
    "ALTER USER neo4j SET STATUS SUSPENDED",
    "ALTER CURRENT USER SET PASSWORD FROM $password TO 'hostile-hostile'",
    "RENAME USER neo4j TO hostile",
    "DROP USER neo4j",
    "DROP USER hostile IF EXISTS",
    "CREATE ROLE hostile",
    "GRANT ROLE admin TO neo4j",
    "REVOKE ROLE admin FROM neo4j",
    "DROP ROLE admin",
    "RENAME ROLE admin TO hostile",
    "GRANT ALL ON DBMS TO PUBLIC",
    "GRANT WRITE ON GRAPH * TO PUBLIC",
    "DENY TRAVERSE ON GRAPH * TO PUBLIC",
    "REVOKE ACCESS ON DATABASE neo4j FROM PUBLIC",
    "CREATE DATABASE hostile",
    "CREATE DATABASE hostile IF NOT EXISTS WAIT",
    "CREATE COMPOSITE DATABASE hostile",
    "ALTER DATABASE neo4j SET ACCESS READ ONLY",
    "STOP DATABASE neo4j",
    "START DATABASE neo4j",
    "DROP DATABASE neo4j DUMP DATA",
    "DROP DATABASE neo4j DESTROY DATA WAIT",
    "CREATE ALIAS hostile FOR DATABASE neo4j",
    "ALTER ALIAS hostile SET DATABASE TARGET neo4j",
    "DROP ALIAS hostile FOR DATABASE",
    "ENABLE SERVER 'hostile'",
    "ALTER SERVER 'hostile' SET OPTIONS {modeConstraint: 'PRIMARY'}",
    "RENAME SERVER 'hostile' TO 'x'",
    "DEALLOCATE DATABASES FROM SERVER 'hostile'",
    "DRYRUN REALLOCATE DATABASES",
    "REALLOCATE DATABASES",
    "DROP SERVER 'hostile'",
    "CREATE AUTH RULE hostile SET CONDITION true",
    "TERMINATE TRANSACTIONS 'neo4j-transaction-1'",
    "TERMINATE TRANSACTION 'neo4j-transaction-1' YIELD *",
    "SHOW TRANSACTIONS YIELD transactionId AS id TERMINATE TRANSACTIONS id YIELD message RETURN message",
    "SHOW TRANSACTIONS YIELD transactionId AS as TERMINATE TRANSACTIONS as YIELD message RETURN message",
    "SET DATABASE neo4j ACCESS READ ONLY",
    # procedures that write or act, or of which that is not known
    "CALL db.createLabel('Hostile')",
    "CALL db.createProperty('hostile')",
    "CALL db.createRelationshipType('HOSTILE')",
    "CALL db.clearQueryCaches()",
    "CALL db.clearQueryCaches",
    "CALL db.clearQueryCaches() YIELD value RETURN value",
    "CALL `db.clearQueryCaches`()",
    "CALL `db`.`clearQueryCaches`()",
    "CALL db.`clearQueryCaches`()",
    "CALL\xa0db.clearQueryCaches()",
    "CALL\ndb\n.\nclearQueryCaches\n()",
    "CALL /* */ db /* */ . /* */ clearQueryCaches /* */ ()",
    "CALL // x\n db. // y\n clearQueryCaches()",
    "CALL db.`clear\\u0051ueryCaches`()",
    "OPTIONAL CALL db.clearQueryCaches() YIELD value RETURN value",
    "MATCH (n:Stop) CALL db.createLabel(n.id) RETURN n",
    "CALL db.prepareForReplanning()",
    "CALL db.resampleIndex('hostile')",
    "CALL db.resampleOutdatedIndexes()",
    "CALL db.awaitIndexes(1)",
    "CALL db.index.fulltext.awaitEventuallyConsistentIndexRefresh()",
    "CALL db.index.fulltext.createNodeIndex('hostile', ['Stop'], ['name'])",
    "CALL db.index.fulltext.drop('hostile')",
    "CALL db.index.vector.createNodeIndex('hostile', 'Stop', 'v', 2, 'cosine')",
    "MATCH (n:Stop) CALL db.create.setNodeVectorProperty(n, 'v', [1.0, 2.0]) RETURN n",
    "MATCH ()-[r:LEADS_TO]->() CALL db.create.setRelationshipVectorProperty(r, 'v', [1.0, 2.0]) RETURN r",
    "CALL db.stats.collect('QUERIES')",
    "CALL db.stats.clear('QUERIES')",
    "CALL db.checkpoint()",
    "CALL db.schema.visualization() CALL db.clearQueryCaches() YIELD value RETURN value",
    "CALL db.labels() YIELD label CALL db.createLabel('Hostile') RETURN label",
    "CALL db.labelsx()",
    "CALL db.labels.x()",
    "CALL tx.setMetaData({hostile: true})",
    "CALL dbms.setConfigValue('db.logs.query.enabled', 'OFF')",
    "CALL dbms.killConnection('bolt-0')",
    "CALL dbms.killConnections(['bolt-0'])",
    "CALL dbms.killQuery('query-1')",
    "CALL dbms.killTransaction('neo4j-transaction-1')",
    "CALL dbms.listConfig()",
    "CALL dbms.listConnections()",
    "CALL dbms.queryJmx('*:*')",
    "CALL dbms.routing.getRoutingTable({})",
    "CALL dbms.security.createUser('hostile', 'hostile-hostile', false)",
    "CALL dbms.security.changePassword('hostile-hostile')",
    "CALL dbms.upgrade()",
    "CALL dbms.cluster.checkConnectivity()",
    "CALL dbms.quarantineDatabase('neo4j', true, 'x')",
    "CALL dbms.clientConfig()",
    "CALL apoc.cypher.doIt('CREATE (:Hostile)', {})",
    "CALL apoc.cypher.runWrite('CREATE (:Hostile)', {})",
    "CALL apoc.create.node(['Hostile'], {})",
    "CALL apoc.periodic.iterate('MATCH (n) RETURN n', 'DELETE n', {})",
    "CALL apoc.export.csv.all('hostile.csv', {})",
    "CALL apoc.load.json('DOOR')",
    "CALL apoc.do.when(true, 'CREATE (:Hostile)', '', {})",
    "CALL",
    "CALL ()",
    "CALL `",
    "CALL ``()",
    # on other databases
    "USE system CREATE USER hostile SET PASSWORD 'hostile-hostile'",
    "USE system SHOW USERS",
    "USE system CALL dbms.security.createUser('hostile', 'x', false)",
    "USE neo4j CREATE (:Hostile)",
    "USE hostile MATCH (n) RETURN n",
    "USE hostile CREATE (:Hostile)",
    "USE system MATCH (n) RETURN n",
    "USE graph.byName('system') MATCH (n) RETURN n",
    "USE `neo4j` MATCH (n) SET n.name = 'x'",
    "CALL () { USE system MATCH (n) RETURN n } RETURN n",
    ":use system",
    # in the embedded engine's other languages
    "SELECT FROM Stop",
    "INSERT INTO Stop SET id = 'x'",
    "UPDATE Stop SET name = 'x'",
    "DELETE FROM Stop",
    "DELETE VERTEX Stop",
    "CREATE VERTEX Stop SET id = 'x'",
    "CREATE VERTEX TYPE Hostile",
    "CREATE DOCUMENT TYPE Hostile",
    "CREATE PROPERTY Stop.hostile STRING",
    "ALTER TYPE Stop NAME Hostile",
    "DROP TYPE Stop UNSAFE",
    "DROP PROPERTY Stop.name",
    "TRUNCATE TYPE Stop UNSAFE",
    "REBUILD INDEX *",
    "EXPORT DATABASE file://hostile.jsonl.tgz",
    "IMPORT DATABASE DOOR",
    "BACKUP DATABASE",
    "CHECK DATABASE FIX",
    "ALIGN DATABASE",
    "ALTER DATABASE `arcadedb.readOnly` true",
    'DEFINE FUNCTION hostile.harm "CREATE (:Hostile)" LANGUAGE opencypher',
    "sql: INSERT INTO Stop SET id = 'x'",
    "{sql} INSERT INTO Stop SET id = 'x'",
    "sqlscript: BEGIN; INSERT INTO Stop SET id = 'x'; COMMIT",
    "MOVE VERTEX Stop TO TYPE:Hostile",
    "CREATE TRIGGER hostile BEFORE CREATE ON TYPE Stop EXECUTE SQL 'DELETE FROM Stop'",
    "g.addV('Hostile')",
    "db.Stop.insert({id: 1})",
    # procedures, functions and sessions of the embedded engine
    "CALL sql('INSERT INTO Stop SET id = 1')",
    "CALL sql('DELETE FROM Stop') YIELD value RETURN value",
    "CALL do.when(true, 'CREATE (:Hostile)', '', {}) YIELD value RETURN value",
    "CALL merge.node(['Hostile'], {id: 'x'}) YIELD node RETURN node",
    "MATCH (a:Stop), (b:Lonely) CALL merge.relationship(a, 'HOSTILE', {}, {}, b, {}) YIELD rel RETURN rel",
    "MATCH (n:Stop) WITH collect(n) AS all CALL refactor.mergeNodes(all) YIELD node RETURN node",
    "MATCH (n:Stop) WITH collect(n) AS all CALL refactor.cloneNodesWithRelationships(all) YIELD output RETURN output",
    "CALL db.migrateLegacyTemporals() YIELD * RETURN 1",
    "CALL algo.pagerank() YIELD node, score RETURN node",
    "CALL algo.graphSAGE() YIELD node RETURN node",
    "CALL meta.stats() YIELD * RETURN 1",
    "CALL path.expand(null, '', '', 1, 1)",
    "SESSION SET VALUE $x = 1",
    "SESSION SET PARAMETER $x = 1",
    "SESSION RESET",
    "SESSION CLOSE",
    "START TRANSACTION",
    "COMMIT",
    "ROLLBACK",
    "RETURN sql('DELETE FROM Stop') AS x",
    "RETURN apoc.cypher.runFirstColumnSingle('CREATE (n:Hostile) RETURN n', {}) AS x",
    "RETURN apoc.load.json('DOOR') AS x",
    "MATCH (n:Stop) RETURN move(n, 'Hostile') AS x",
    # no Cypher at all
    ":param x => 1",
    ":params {x: 1}",
    ":exit",
    "",
    ";",
    "// nothing",
    "/* CREATE (:Hostile) */",
    "exit",
    ":source hostile.cypher",
    "!touch hostile",
    "$(touch hostile)",
    "`touch hostile`",
]
"""What must not happen, each statement in a group that a comment names; DOOR is an address at which nobody may call."""

_LOOKS = "it lists what there is"
_COMMENT = "to this engine it is all a comment"

ONLY_READS: dict[str, dict[str, str]] = {
    "embedded": {
        "SHOW CURRENT USER": _LOOKS,
        "SHOW DATABASES": _LOOKS,
        "SHOW TRANSACTIONS": _LOOKS,
        "SHOW FUNCTIONS": _LOOKS,
        "SHOW PROCEDURES": _LOOKS,
        "SHOW INDEXES": _LOOKS,
        "SHOW CONSTRAINTS": _LOOKS,
        "MATCH (n:Stop) // a line\u2028SET n.name = 'x'": _COMMENT,
        "MATCH (n:Stop) // a line\x85SET n.name = 'x'": _COMMENT,
    },
    "neo4j": {
        "SHOW SETTINGS": _LOOKS,
        "SHOW TRANSACTIONS": _LOOKS,
        "SHOW FUNCTIONS": _LOOKS,
        "SHOW PROCEDURES": _LOOKS,
        "SHOW INDEXES": _LOOKS,
        "SHOW CONSTRAINTS": _LOOKS,
    },
}
"""Statements of the list above that a database answers, because there they only read, and why that is so."""

CLEAR = re.compile(
    r"the query does more than read|there (is no statement|are \d+ statements)|[A-Z]+ is not for here|the database says: \S"
    r"|\S+ has no such database"
)
"""What a refusal says: what it was, or the database's own word."""


@dataclass
class Watch:
    """A database that nothing may happen to, and an address at which nobody may call."""

    store: Store
    door: socket.socket
    seen: list[Any] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.door.getsockname()[1]}/hostile.csv"

    def changes(self) -> list[tuple[Any, Any]]:
        """What was, and is now, otherwise than when it was looked at last."""
        before, self.seen = self.seen, everything(self.store)
        return [pair for pair in zip(before, self.seen, strict=False) if pair[0] != pair[1]]

    def callers(self) -> int:
        """How many called since this was asked last."""
        found = 0
        with contextlib.suppress(BlockingIOError):
            while True:
                self.door.accept()[0].close()
                found += 1
        return found


OF_ANY = [
    "MATCH (n) RETURN labels(n), properties(n)",
    "MATCH (a)-[r]->(b) RETURN a.id, type(r), properties(r), b.id",
    *(f"CALL {procedure}()" for procedure in ("db.labels", "db.relationshipTypes", "db.propertyKeys")),
]
OF_THE_ENGINE = ["SHOW INDEXES", "SHOW CONSTRAINTS"]
OF_A_SERVER = [
    "SHOW INDEXES YIELD name, type, labelsOrTypes, properties, state",
    "SHOW CONSTRAINTS YIELD name, type, labelsOrTypes, properties",
    "SHOW USERS",
    "SHOW DATABASES YIELD name, access, currentStatus",
]


def everything(store: Store) -> list[Any]:
    """All that there is in the database, and on a Neo4j server beside it; asked on one connection, for it is asked often."""
    statements = [*OF_ANY, *(OF_THE_ENGINE if is_embedded(store) else OF_A_SERVER)]
    with store.database.writer.session(database=store.database.name) as session:
        return [sorted((record.values() for record in session.run(as_query(text))), key=str) for text in statements]


def is_embedded(store: Store) -> bool:
    return store.database.reader is not store.database.writer


@pytest.fixture(scope="module")
def graph(session_store: Store, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A store with a curated dataset and, put there by hand, the stops."""
    seeds = tmp_path_factory.mktemp("curated") / "seeds"
    seeds.mkdir()
    (seeds / "curated.yaml").write_text(CURATED, encoding="utf-8")
    cypher(session_store, "MATCH (n) DETACH DELETE n")
    load_project(session_store, seeds.parent)
    cypher(session_store, STOPS)
    return session_store


@pytest.fixture(scope="module")
def watch(graph: Store) -> Iterator[Watch]:
    with socket.create_server(("127.0.0.1", 0)) as door:
        door.setblocking(False)
        watch = Watch(graph, door)
        watch.changes()
        yield watch


@pytest.mark.parametrize(("statement", "rows"), READING, ids=[ascii(statement) for statement, _ in READING])
def test_what_reads_is_answered(graph: Store, statement: str, rows: list[tuple[Any, ...]]) -> None:
    assert list(graph.ask(statement, PARAMETERS).rows) == rows


@pytest.mark.parametrize("statement", HOSTILE, ids=ascii)
def test_what_does_more_is_refused_in_one_line_and_nothing_happens(watch: Watch, statement: str) -> None:
    only_reads = ONLY_READS["embedded" if is_embedded(watch.store) else "neo4j"]
    refused: contextlib.AbstractContextManager[Any] = pytest.raises(StoreError)
    with contextlib.nullcontext() if statement in only_reads else refused as error:
        watch.store.ask(statement.replace("DOOR", watch.address), {"where": watch.address, "as": "north", "password": "x"})
    assert watch.changes() == []
    assert watch.callers() == 0
    if error is not None:
        said = str(error.value)
        assert said.splitlines() == [said]
        assert CLEAR.match(said)


def test_the_lists_are_as_long_as_they_should_be_and_hold_nothing_twice() -> None:
    assert len(set(HOSTILE)) == len(HOSTILE) > 110
    assert len({statement for statement, _ in READING}) == len(READING) > 55
    for only_reads in ONLY_READS.values():
        assert only_reads.keys() <= set(HOSTILE)


def test_after_all_that_the_password_is_the_same(watch: Watch, target: Target) -> None:
    if not isinstance(target, ServerTarget):
        pytest.skip("the embedded engine keeps its own passwords")
    with open_store(target, print) as again:
        assert again.ask("RETURN 1 AS x", {}).rows == ((1,),)


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("CREATE (:Hostile)", "CREATE at line 1, column 1."),
        ("MATCH (n)\n  SET n.x = 1", "SET at line 2, column 3."),
        ("MATCH (n) /* SET */ dEtAcH DELETE n", "DETACH at line 1, column 21."),
        ("RETURN 'SET' AS x, `DROP` MERGE (n)", "MERGE at line 1, column 27."),
        ("CALL () { LOAD CSV FROM 'x' AS row RETURN row } RETURN row", "LOAD CSV at line 1, column 11."),
        ("CALL db . `createLabel`('Hostile')", "CALL db.createLabel at line 1, column 1."),
        ("MATCH (n) \\u0053ET n.x = 1", "a character that is written as \\u at line 1, column 11."),
        ("WITH 1 AS as CREATE (:Hostile)", "CREATE at line 1, column 14."),
        ("WITH 1 AS as CALL db.createLabel('Hostile')", "CALL db.createLabel at line 1, column 14."),
        ("MATCH (n) WHERE n.id = $as SET n.x = 1", "SET at line 1, column 28."),
        ("MATCH (n) // a line\rSET n.x = 1", "SET at line"),
        ("MATCH (n) // a line\rCALL db.createLabel('Hostile')", "CALL db.createLabel at line"),
    ],
)
def test_what_was_wrong_is_named_with_its_place(statement: str, words: str) -> None:
    with pytest.raises(StoreError, match=f"^the query does more than read: {re.escape(words)}"):
        refuse_words_that_write(statement)


def test_what_a_server_finds_wrong_has_its_place_in_the_query_as_it_was_written(graph: Store) -> None:
    with pytest.raises(StoreError, match=r"nonsense") as error:
        graph.ask("RETURN nonsense(1) AS x", {})
    assert re.search(r"column (?!8\b)", str(error.value)) is None


def test_a_query_that_is_to_be_profiled_is_answered_or_refused_for_that(graph: Store) -> None:
    try:
        said = str(graph.ask("PROFILE RETURN 1 AS x", {}).rows)
    except StoreError as error:
        said = str(error)
    assert said == "((1,),)" or "PROFILE" in said


# How long, and how many rows.

FOR_HOURS = [
    "UNWIND range(1, 10000) AS a UNWIND range(1, 10000) AS b UNWIND range(1, 10000) AS c RETURN max(a + b + c) AS x",
    "UNWIND range(1, 10000) AS a UNWIND range(1, 10000) AS b UNWIND range(1, 10000) AS c WITH a WHERE a < 0 RETURN a",
    "MATCH (a), (b), (c), (d), (e), (f), (g), (h) RETURN count(DISTINCT [a.id, b.id, c.id, d.id, e.id]) AS n",
]


@pytest.fixture
def quiet(graph: Store) -> Iterator[Store]:
    """A store whose engine has nothing left to do afterwards."""
    yield graph
    end_everything(graph)


def end_everything(store: Store) -> None:
    """End the queries that an embedded engine still works at; a server ends them itself."""
    if is_embedded(store):
        for transaction, _ in running(store):
            cypher(store, f"TERMINATE TRANSACTION '{transaction}'")


def running(store: Store) -> list[list[Any]]:
    found = cypher(store, "SHOW TRANSACTIONS YIELD transactionId, currentQuery")
    return [[transaction, query] for transaction, query in found if not query.startswith("SHOW TRANSACTIONS")]


@pytest.mark.parametrize("statement", FOR_HOURS, ids=["aggregate", "no rows", "many nodes"])
def test_a_query_that_takes_too_long_ends_and_the_store_still_answers(quiet: Store, statement: str) -> None:
    began = time.monotonic()
    with pytest.raises(StoreError, match=r"^the query took longer than 1 s and was ended"):
        quiet.ask(statement, {}, Limits(seconds=1))
    assert quiet.ask("MATCH (s:Stop) RETURN count(s) AS n", {}, Limits(seconds=5)).rows == ((4,),)
    assert time.monotonic() - began < 5


def test_a_query_that_is_not_wanted_any_more_ends_before_its_time(quiet: Store) -> None:
    unwanted = threading.Event()
    threading.Timer(0.5, unwanted.set).start()
    began = time.monotonic()
    with pytest.raises(StoreError, match=r"^the answer is not wanted any more$"):
        quiet.ask(FOR_HOURS[0], {}, Limits(seconds=30, unwanted=unwanted))
    assert running(quiet) == []
    assert time.monotonic() - began < 5


def test_the_time_that_a_query_is_planned_for_counts_too(quiet: Store) -> None:
    everyone_to_everyone = ", ".join(f"(s{i})-[:LEADS_TO]-(s{j})" for i in range(11) for j in range(i))
    never_asked_before = f"n{time.time_ns()}"
    began = time.monotonic()
    with contextlib.suppress(StoreError):  # or it is answered, where planning is quick
        quiet.ask(f"MATCH {everyone_to_everyone} RETURN count(*) AS {never_asked_before}", {}, Limits(seconds=1))
    assert time.monotonic() - began < 15  # a busy machine takes seconds to stop planning


def test_time_that_suffices_is_no_limit(graph: Store) -> None:
    assert graph.ask("UNWIND range(1, 1000) AS x RETURN sum(x) AS x", {}, Limits(seconds=30)).rows == ((500500,),)


@pytest.mark.parametrize(
    ("there", "wanted", "given", "cut"),
    [
        (3_000_000, 5, 5, True),
        (6, 5, 5, True),
        (5, 5, 5, False),
        (4, 5, 4, False),
        (0, 5, 0, False),
        (1, 0, 0, True),
        (2000, None, 2000, False),
    ],
)
def test_so_many_rows_are_given_as_are_wanted(quiet: Store, there: int, wanted: int | None, given: int, cut: bool) -> None:
    answer = quiet.ask("UNWIND range(1, $there) AS x RETURN x", {"there": there}, Limits(seconds=30, rows=wanted))
    assert (answer.rows, answer.cut) == (tuple((row,) for row in range(1, given + 1)), cut)
    assert answer.columns == ("x",)


def too_long(store: Store) -> None:
    with pytest.raises(StoreError, match=r"took longer than 0\.5 s"):
        store.ask(FOR_HOURS[0], {}, Limits(seconds=0.5))


def cut_short(store: Store) -> None:
    assert store.ask("UNWIND range(1, 3000000) AS x RETURN x", {}, Limits(seconds=30, rows=1)).cut


@pytest.mark.parametrize("left", [too_long, cut_short])
def test_a_store_closes_at_once_whatever_its_engine_is_still_doing(
    target: Target, tmp_path: Path, left: Callable[[Store], None]
) -> None:
    own = EmbeddedTarget(tmp_path, target.build) if isinstance(target, EmbeddedTarget) else target
    with open_store(own, print) as store:
        left(store)
        began = time.monotonic()
    assert time.monotonic() - began < 3


UNHEEDING = {
    "embedded": "RETURN size([x IN range(1, 60000) WHERE any(y IN range(1, 60000) WHERE y = -x)]) AS x",
    "neo4j": "RETURN reduce(s = 0, x IN range(1, 1000000000) | s + x) AS x",
}
"""Queries that go on for a while though the database tells them to end."""


def test_of_a_query_that_does_not_heed_its_end_it_is_said_and_others_are_answered(target: Target, tmp_path: Path) -> None:
    if isinstance(target, ServerTarget):
        with (
            open_store(target, print) as store,
            pytest.raises(StoreError, match=r"does not heed .* so the server goes on with it"),
        ):
            store.ask(UNHEEDING["neo4j"], {}, Limits(seconds=0.5))
        with open_store(target, print) as store:
            assert store.ask("RETURN 1 AS x", {}, Limits(seconds=10)).rows == ((1,),)
        return
    own = EmbeddedTarget(tmp_path, target.build)
    stay_up(own.folder, print, own.build)
    with open_store(own, print) as store:
        store.ask("RETURN 1 AS x", {}, Limits(seconds=10))  # there is a connection now, so that the next query begins in its time
        for said in ("does not heed .* so the embedded engine is ended", "is gone"):
            with pytest.raises(StoreError, match=said):
                store.ask(UNHEEDING["embedded"], {}, Limits(seconds=2))
    began = time.monotonic()
    with open_store(own, print) as again:
        assert again.ask("RETURN 1 AS x", {}, Limits(seconds=10)).rows == ((1,),)
    assert running_engine(own.folder) is None
    assert time.monotonic() - began < 20


@pytest.mark.engine
@pytest.mark.parametrize("statement", FOR_HOURS, ids=["aggregate", "no rows", "many nodes"])
@pytest.mark.parametrize("length", [0, 1100, 10_000])  # the embedded engine shows the first 1,024 characters of a query
def test_what_is_said_to_be_ended_is_gone(quiet: Store, statement: str, length: int) -> None:
    if length and statement != FOR_HOURS[0]:
        return
    with pytest.raises(StoreError, match="was ended; narrow it"):
        quiet.ask(f"// {'x' * length}\n{statement}", {}, Limits(seconds=0.5))
    assert not any(statement[:20] in query or "xxx" in query for _, query in running(quiet))


def test_what_was_ended_before_there_was_a_connection_does_not_begin(quiet: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    connect, ended, connected = neo4j.Driver.verify_connectivity, threading.Event(), threading.Event()

    def connect_late(driver: neo4j.Driver) -> None:
        ended.wait(20)
        connect(driver)
        connected.set()

    with monkeypatch.context() as patched:
        patched.setattr(neo4j.Driver, "verify_connectivity", connect_late)
        with pytest.raises(StoreError, match="was ended; narrow it"):
            quiet.ask(FOR_HOURS[0], {}, Limits(seconds=0.2))
        ended.set()
        assert connected.wait(20)
    time.sleep(0.5)
    assert not any(FOR_HOURS[0] in query for _, query in running(quiet))


def test_what_the_database_begins_late_is_ended_too(quiet: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    quiet.ask("RETURN 1 AS x", {}, Limits(seconds=10))
    run, execute_read = neo4j.Session.run, neo4j.Session.execute_read

    def run_late(session: neo4j.Session, query: Any, *rest: Any) -> neo4j.Result:
        if FOR_HOURS[0] in getattr(query, "text", query):
            time.sleep(0.6)
        return run(session, query, *rest)

    def execute_late(session: neo4j.Session, work: Any) -> Any:
        time.sleep(0.6)
        return execute_read(session, work)

    with monkeypatch.context() as patched:
        patched.setattr(neo4j.Session, "run", run_late)
        patched.setattr(neo4j.Session, "execute_read", execute_late)
        with pytest.raises(StoreError, match="was ended; narrow it"):
            quiet.ask(FOR_HOURS[0], {}, Limits(seconds=0.2))
    time.sleep(0.5)
    assert not any(FOR_HOURS[0] in query for _, query in running(quiet))


def test_a_statement_of_any_length_takes_no_time_to_refuse(quiet: Store) -> None:
    with pytest.raises(StoreError, match="the query has 600,001 characters, and negograph asks 65,536 at most"):
        quiet.ask("CALL (" * 100_000 + ")", {}, Limits(seconds=1))


def test_a_date_that_python_does_not_know_is_said_and_can_be_had_as_a_text(quiet: Store) -> None:
    for year in ("+10000", "-0001"):
        with pytest.raises(StoreError, match=r"a date after the year 9999 or before the year 1; return it as a text"):
            quiet.ask(f"RETURN date('{year}-01-01') AS x", {})
    ((text,),) = quiet.ask("RETURN toString(date('+10000-01-01')) AS x", {}).rows
    assert str(text).lstrip("+") == "10000-01-01"
    assert quiet.ask("RETURN [date('+10000-01-01'), 1] AS x", {}).rows == ((["(no date or time that Python knows)", 1],),)


def test_an_answer_that_is_nested_too_deep_is_said(quiet: Store) -> None:
    with pytest.raises(StoreError, match="nested more than 100 levels deep"):
        quiet.ask("RETURN reduce(l = {a: 1}, x IN range(1, 200) | {a: l}) AS x", {}, Limits(seconds=10))


def test_an_answer_is_cut_by_its_size_too(quiet: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("negograph.database.ask._MOST_BYTES", 1_000_000)
    answer = quiet.ask("UNWIND range(1, 1000) AS x RETURN x, [y IN range(1, 1000) | y + x] AS list", {}, Limits(seconds=30))
    assert answer.cut
    assert 10 < len(answer) < 100


def test_a_row_that_fills_the_memory_is_not_waited_for(quiet: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    memory = iter([0, *(n * 100_000_000 for n in range(100))])
    monkeypatch.setattr("negograph.database.ask._most_memory", lambda: next(memory))
    with pytest.raises(StoreError, match="a row of the answer takes more memory than 1,024 MB; return less in a row"):
        quiet.ask(FOR_HOURS[0], {}, Limits(seconds=30))
    assert not any(FOR_HOURS[0] in query for _, query in running(quiet))


LARGE = """
import resource, sys
from pathlib import Path
from negograph.database import ask
from negograph.database.ask import Limits
from negograph.database.store import open_store
from negograph.database.target import EmbeddedTarget
from negograph.errors import StoreError

ask._MOST_GROWTH = 256 * 1024 * 1024
with open_store(EmbeddedTarget(Path(sys.argv[1]), sys.argv[2]), print) as store:
    try:
        store.ask("RETURN range(1, 20000000) AS x", {}, Limits(seconds=60))
    except StoreError as error:
        print(error)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def test_a_row_of_gigabytes_is_refused_before_it_is_here(target: Target, tmp_path: Path) -> None:
    if isinstance(target, ServerTarget) or target.build == "jvm":
        pytest.skip("only the native build lets a query make such a row here")
    command = [sys.executable, "-c", LARGE, str(tmp_path), str(target.build)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    said, memory = done.stdout.splitlines()[-2:]
    assert "takes more memory than" in said
    assert int(memory) < 1200  # without the limit it is twice that


CLOSINGS = int(os.environ.get("NEGOGRAPH_CLOSINGS", "1"))
"""How often a store is closed on a busy machine."""


@pytest.fixture
def up(target: Target, tmp_path: Path) -> Iterator[Target]:
    """A database that stays; the embedded engine is one of its own."""
    if isinstance(target, ServerTarget):
        yield target
        return
    stay_up(tmp_path, print, target.build)
    yield EmbeddedTarget(tmp_path, target.build)
    take_down(tmp_path)


@pytest.mark.parametrize("left", [too_long, cut_short])
def test_a_store_closes_without_a_word_on_a_busy_machine(
    up: Target, left: Callable[[Store], None], capfd: pytest.CaptureFixture[str]
) -> None:
    load = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(2 * (os.cpu_count() or 1))]
    try:
        for _ in range(CLOSINGS):
            with open_store(up, print) as store:
                left(store)
    finally:
        for process in load:
            process.kill()
            process.wait()
    assert capfd.readouterr().err == ""


# Any text at all.


@given(st.text(max_size=40))
@example("SET n.x = 1")
@example("it's \\")
@example("\\u0027 CREATE (n) //")
@example("*/ CREATE (n)")
@settings(max_examples=200)
def test_a_text_says_nothing_whatever_is_in_it(text: str) -> None:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    assert not_reading(f"RETURN '{escaped}' AS x") is None
    assert not_reading('RETURN "{}" AS x'.format(text.replace("\\", "\\\\").replace('"', '\\"'))) is None
    assert not_reading("RETURN 1 AS `{}`".format(text.replace("`", "``").replace("\\", "\\\\"))) is None


@given(st.text(max_size=40))
@example("SET n.x = 1")
@example("' \" `")
@example("\\u002a CALL db.createLabel('x')")
@settings(max_examples=200)
def test_a_comment_says_nothing_whatever_is_in_it(text: str) -> None:
    text = text.replace("\\", "/")  # Neo4j reads an escape in a comment, too
    assert not_reading(f"RETURN 1 /* {text.replace('*/', '')} */ AS x") is None
    line = re.sub(r"[\r\n]", " ", text)
    assert not_reading(f"RETURN 1 AS x // {line}\nORDER BY x // {line}") is None


@given(st.text(max_size=40))
@example("it's \\")
@settings(max_examples=200)
def test_a_word_after_any_text_and_comment_is_seen(text: str) -> None:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    found = not_reading(f"MATCH (n) WHERE n.x = '{escaped}' /* {text.replace('*/', '')} */ SET n.x = 1")
    assert found is not None
    assert found[0] == "SET"
