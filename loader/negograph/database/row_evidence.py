"""The facts and quotes behind the rows of an answer."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import TypeVar

from negograph.database.results import (
    FACT_COLUMN,
    FACTS,
    Evidence,
    Result,
    ResultNode,
    ResultRelationship,
    ResultValue,
    graph_parts,
)
from negograph.database.statements import in_batches
from negograph.database.store import Store
from negograph.errors import NegographError
from negograph.model.model import FACT

_EVIDENCE = "evidence"
_R = TypeVar("_R", bound=Result)


def with_evidence(store: Store, result: _R) -> _R:
    """The answer with a column `evidence`: the facts behind each row, with their quotes. It takes the place of `facts`.

    What is behind a row are the ids in its columns `facts`, `fact` and `..._fact`, its Fact nodes, and the facts of its
    relationships.

    Raises:
        NegographError: if nothing in the answer leads to a fact, or a column of it is called so.
    """
    if _EVIDENCE in result.columns and not all(_is_ours(row[result.columns.index(_EVIDENCE)]) for row in result.rows):
        raise NegographError(f"the answer has a column `{_EVIDENCE}` already; give it another name")
    behind = [sorted(set(_facts(result.columns, row))) for row in result.rows]
    if result.rows and not any(behind):
        raise NegographError("nothing in this answer leads to facts; return their ids in a column `facts` or `fact`")
    known = _evidence(store, {identity for ids in behind for identity in ids})
    kept = result.without((FACTS, _EVIDENCE))
    found: list[list[ResultValue]] = [[known[identity] for identity in ids if identity in known] for ids in behind]
    rows = tuple((*row, evidence) for row, evidence in zip(kept.rows, found, strict=True))
    return replace(kept, columns=(*kept.columns, _EVIDENCE), rows=rows)


def _is_ours(value: ResultValue) -> bool:
    return isinstance(value, list) and all(isinstance(item, Evidence) for item in value)


def _facts(columns: Collection[str], row: tuple[ResultValue, ...]) -> Iterator[str]:
    for column, value in zip(columns, row, strict=True):
        if column == FACTS and isinstance(value, list):
            yield from (str(item) for item in value if item is not None)
        elif (column == FACT_COLUMN or column.endswith(f"_{FACT_COLUMN}")) and isinstance(value, str):
            yield value
        else:
            for part in graph_parts(value):
                if isinstance(part, ResultNode) and FACT in part.labels:
                    yield str(part.properties.get("id"))
                elif isinstance(part, ResultRelationship) and "fact" in part.properties:
                    yield str(part.properties["fact"])


def _evidence(store: Store, ids: Collection[str]) -> dict[str, Evidence]:
    statement = (
        "MATCH (f:Fact)-[written:EVIDENCED_BY]->(source:Document) WHERE f.id IN $ids "
        "RETURN f.id, f.name, written.quote, source.name ORDER BY f.id, source.name, written.quote"
    )
    acts: dict[str, str] = {}
    quotes: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for _, wanted in in_batches((FACT, identity) for identity in sorted(ids)):
        for identity, act, quote, source in store.read(statement, {"ids": wanted}).rows:
            acts[str(identity)] = str(act)
            quotes[str(identity)].append((str(quote), str(source)))
    return {identity: Evidence(identity, act, tuple(quotes[identity])) for identity, act in acts.items()}
