"""Values of the driver as plain data."""

from typing import Any

import neo4j
from neo4j import graph as neo4j_graph
from neo4j.exceptions import BrokenRecordError
from neo4j.time import Date

from negograph.database.results import ResultNode, ResultPath, ResultRelationship, ResultValue
from negograph.errors import StoreError

_DEEPEST = 100

_NOT_MADE = "BrokenHydrationObject"
"""What the driver puts in the place of a value that it cannot make; it fails only where such a value is a column of its own."""


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
    return "(no date or time that Python knows)" if type(value).__name__ == _NOT_MADE else str(value)


def plain_row(record: neo4j.Record) -> tuple[ResultValue, ...]:
    """The values of a row.

    Raises:
        StoreError: if one of them cannot be shown.
    """
    try:
        return tuple(plain(value) for value in record.values())
    except BrokenRecordError as error:
        raise StoreError(
            "a value of the answer cannot be shown, such as a date after the year 9999 or before the year 1; return it as a "
            "text, with toString()"
        ) from error


def _node(node: neo4j_graph.Node | None) -> ResultNode:
    if node is None:
        return ResultNode((), {})
    return ResultNode(tuple(sorted(node.labels)), _properties(node), node.element_id)


def _relationship(relationship: neo4j_graph.Relationship) -> ResultRelationship:
    start, end = relationship.nodes
    return ResultRelationship(relationship.type, _node(start), _node(end), _properties(relationship))


def _properties(entity: neo4j_graph.Entity) -> dict[str, Any]:
    return {name: plain(value) for name, value in sorted(entity.items())}
