"""Values of the driver as plain data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar

import msgspec
import neo4j
from neo4j import graph as neo4j_graph
from neo4j.time import Date

from negograph.database.results import ResultNode, ResultPath, ResultRelationship, ResultValue
from negograph.errors import StoreError

ENGINE_TAKES = 16 * 2**20
"""How many bytes of one message the embedded engine reads; it never answers a longer one."""

_PART = 4 * 2**20
"""From which size on, in bytes, rows are sent in more than one message."""

T = TypeVar("T")


def refuse_too_long(cypher: str, parameters: Mapping[str, Any]) -> None:
    """A statement fits into a message to the embedded engine.

    Raises:
        StoreError: if it does not.
    """
    size = len(cypher) + _size(dict(parameters))
    if size > ENGINE_TAKES - 2**16:
        raise StoreError(
            f"a text is too long for the embedded engine: with what belongs to it, it has {size / 2**20:.1f} MiB, and the engine "
            f"takes {ENGINE_TAKES // 2**20} MiB at once; shorten it, or use a Neo4j server"
        )


def in_parts(rows: Sequence[T]) -> Iterator[Sequence[T]]:
    """Rows in as many parts as are needed for none to be a large message."""
    if len(rows) <= 1 or _size(rows) <= _PART:
        yield rows
    else:
        yield from in_parts(rows[: len(rows) // 2])
        yield from in_parts(rows[len(rows) // 2 :])


def _size(value: object) -> int:
    """How many bytes a value takes in a message, about: MessagePack is much like the driver's own form."""
    return len(msgspec.msgpack.encode(value, enc_hook=str))


_DEEPEST = 100


def plain(value: Any, depth: int = 0) -> ResultValue:
    """A value without the driver behind it; what negograph has no type for, such as a point, becomes a text.

    Raises:
        StoreError: if it is nested too deep to be shown.
    """
    if value is None or isinstance(value, (str, bool, int, float)):  # first, because most are
        return value
    if isinstance(value, neo4j_graph.Node):
        return _node(value)
    if isinstance(value, neo4j_graph.Relationship):
        return _relationship(value)
    if isinstance(value, neo4j_graph.Path):
        return ResultPath(tuple(map(_node, value.nodes)), tuple(map(_relationship, value.relationships)))
    if isinstance(value, Date):
        return value.to_native()
    if isinstance(value, (list, dict)) and depth == _DEEPEST:
        raise StoreError(f"a value of the answer is nested more than {_DEEPEST} levels deep; return it in parts")
    if isinstance(value, list):
        return [plain(item, depth + 1) for item in value]
    if isinstance(value, dict):
        return {key: plain(item, depth + 1) for key, item in value.items()}
    return str(value)


def plain_row(record: neo4j.Record) -> tuple[ResultValue, ...]:
    """The values of a row."""
    return tuple(plain(value) for value in record.values())


def _node(node: neo4j_graph.Node | None) -> ResultNode:
    if node is None:
        return ResultNode((), {})
    return ResultNode(tuple(sorted(node.labels)), _properties(node), node.element_id)


def _relationship(relationship: neo4j_graph.Relationship) -> ResultRelationship:
    start, end = relationship.nodes
    return ResultRelationship(relationship.type, _node(start), _node(end), _properties(relationship))


def _properties(entity: neo4j_graph.Entity) -> dict[str, Any]:
    return {name: plain(value) for name, value in sorted(entity.items())}
