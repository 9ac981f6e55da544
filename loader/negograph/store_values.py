"""Values of the driver as plain data."""

from __future__ import annotations

from typing import Any

import neo4j
from neo4j import graph as neo4j_graph
from neo4j.time import Date

from negograph.results import ResultNode, ResultPath, ResultRelationship, ResultValue


def plain(value: Any) -> ResultValue:
    """A value without the driver behind it; what negograph has no type for, such as a point, becomes a text."""
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
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
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
