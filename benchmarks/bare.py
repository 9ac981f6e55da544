"""The bare driver: a plain script that writes rows which are ready, with UNWIND by 10,000, in one session and one transaction.

    python -m benchmarks.bare ROWS URI USER PASSWORD

ROWS is a file of `rows_of`. Prints the seconds from the first statement to the end of the commit; the uniqueness constraints are
there before.
"""

from __future__ import annotations

import pickle
import sys
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import neo4j

from negograph.graph.plan import Graph

_BATCH = 10_000
_BOOKKEEPING = {"dataset", "digest", "entry"}
"""The properties by which negograph knows what is its own, and whether it changed."""


@dataclass
class Rows:
    """The nodes by label, and the relationships by type and the labels of their ends."""

    nodes: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    edges: dict[tuple[str, str, str], list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))

    @property
    def counts(self) -> tuple[int, int]:
        """How many nodes and how many relationships there are."""
        return sum(map(len, self.nodes.values())), sum(map(len, self.edges.values()))


def rows_of(graph: Graph, *, bookkeeping: bool) -> Rows:
    """What a first load writes, as rows; without `bookkeeping`, only what the facts say."""
    rows = Rows()
    for entry in graph.entries:
        own = {"dataset": graph.dataset, "digest": entry.digest}
        rows.nodes[entry.node.key.label].append(_kept({**entry.node.properties, **own}, bookkeeping=bookkeeping))
        for edge in entry.edges:
            properties = _kept(edge.properties, bookkeeping=bookkeeping)
            row = {"start": edge.start.id, "end": edge.end.id, "properties": properties}
            rows.edges[edge.type, edge.start.label, edge.end.label].append(row)
    return rows


def _kept(properties: Any, *, bookkeeping: bool) -> dict[str, Any]:
    return {name: value for name, value in properties.items() if value is not None and (bookkeeping or name not in _BOOKKEEPING)}


def main(file: str, uri: str, user: str, password: str) -> None:
    """Write the rows into an empty database and print how long that took."""
    rows: Rows = pickle.loads(Path(file).read_bytes())
    with neo4j.GraphDatabase.driver(uri, auth=(user, password)) as driver, driver.session(database="neo4j") as session:
        for label in rows.nodes:
            _run(session, f"CREATE CONSTRAINT IF NOT EXISTS FOR (n:`{label}`) REQUIRE n.id IS UNIQUE")
        began = time.perf_counter()
        with session.begin_transaction() as transaction:
            for label, nodes in rows.nodes.items():
                _write(transaction, f"UNWIND $rows AS row CREATE (n:`{label}`) SET n = row", nodes)
            for (kind, start, end), edges in rows.edges.items():
                ends = f"MATCH (a:`{start}` {{id: row.start}}) MATCH (b:`{end}` {{id: row.end}})"
                _write(transaction, f"UNWIND $rows AS row {ends} CREATE (a)-[r:`{kind}`]->(b) SET r = row.properties", edges)
            transaction.commit()
        print(time.perf_counter() - began)


def _write(transaction: neo4j.Transaction, statement: str, rows: list[dict[str, Any]]) -> None:
    for start in range(0, len(rows), _BATCH):
        _run(transaction, statement, rows=rows[start : start + _BATCH])


def _run(where: neo4j.Session | neo4j.Transaction, statement: Any, **parameters: Any) -> None:
    where.run(statement, parameters).consume()


if __name__ == "__main__":
    main(*sys.argv[1:])
