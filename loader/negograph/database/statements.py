"""What goes to a database and comes from it: names, rows in batches, and values as plain data."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from typing import Any, TypeVar

import msgspec
import neo4j
from neo4j import graph as neo4j_graph
from neo4j.exceptions import BrokenRecordError
from neo4j.time import Date

from negograph.database.driver import Database
from negograph.database.results import ResultNode, ResultPath, ResultRelationship, ResultValue
from negograph.errors import StoreError
from negograph.graph.plan import NodeKey

_BATCH = 2000
"""How many rows one statement reads or writes."""

_PART_BYTES = 4 * 2**20
"""From which size on rows are sent in more than one message."""

_ENVELOPE_BYTES = 2**16
"""How much of a message is left for what goes with a statement."""


K = TypeVar("K")
T = TypeVar("T")


def escape(name: str) -> str:
    """A label, relationship type or property name for use in Cypher.

    Raises:
        ValueError: if it is not of the form that the schema allows.
    """
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name):
        raise ValueError(f"not a name of the schema: {name!r}")
    return f"`{name}`"


def for_each(names: Iterable[str], statement: Callable[[str], str]) -> str:
    """One statement that answers what one for each label or relationship type does: each on its own waits for the network."""
    return " UNION ALL ".join(map(statement, names))


def as_query(text: str) -> Any:
    """A statement that was put together from names of the schema; the driver's types ask for literals."""
    return text


def in_batches(pairs: Iterable[tuple[K, T]]) -> Iterator[tuple[K, list[T]]]:
    """Values that have the same key, not too many at a time."""
    by_key: dict[K, list[T]] = defaultdict(list)
    for key, value in pairs:
        by_key[key].append(value)
    for key, values in by_key.items():
        for start in range(0, len(values), _BATCH):
            yield key, values[start : start + _BATCH]


def ids_in_batches(keys: Iterable[NodeKey]) -> Iterator[tuple[str, list[str]]]:
    """Ids that have the same label, not too many at a time."""
    return in_batches((key.label, key.id) for key in sorted(keys))


def ids_by_count(counts: Mapping[NodeKey, int]) -> Iterator[tuple[str, list[str], int]]:
    """Ids that have the same label, and the sum of their counts, which is about one batch."""
    so_far = zip(counts, accumulate(counts.values()), strict=True)
    for (label, _), keys in in_batches(((key.label, count // _BATCH), key) for key, count in so_far):
        yield label, [key.id for key in keys], sum(counts[key] for key in keys)


def in_parts(rows: Sequence[T]) -> Iterator[Sequence[T]]:
    """Rows in as many parts as are needed for none to be a large message."""
    if len(rows) <= 1 or _bytes(rows) <= _PART_BYTES:
        yield rows
    else:
        yield from in_parts(rows[: len(rows) // 2])
        yield from in_parts(rows[len(rows) // 2 :])


def refuse_too_long(cypher: str, parameters: Mapping[str, Any], database: Database) -> None:
    """Refuse a statement that is longer than a message to a database: it would never be answered.

    Raises:
        StoreError: if it is.
    """
    largest = database.largest_message
    if largest is not None and (size := len(cypher) + _bytes(dict(parameters))) > largest - _ENVELOPE_BYTES:
        raise StoreError(
            f"a text is too long for {database.place}: with what belongs to it, it has {size / 2**20:.1f} MiB, and the engine "
            f"takes {largest // 2**20} MiB at once; shorten it, or use a Neo4j server"
        )


def _bytes(value: object) -> int:
    """How many bytes a value takes in a message, about: MessagePack is much like the driver's own form."""
    return len(msgspec.msgpack.encode(value, enc_hook=str))


_DEEPEST = 100

_NOT_MADE = "BrokenHydrationObject"
"""What the driver puts in the place of a value that it cannot make; it fails only where such a value is a column of its own."""


_PLAIN = frozenset({str, bool, int, float, type(None)})
"""The types of most values: parts of lists and maps that have one of them stay as they are, without a call each."""


def plain(value: Any, depth: int = 0) -> ResultValue:
    """A value without the driver behind it; what negograph has no type for, such as a point, becomes a text.

    Raises:
        StoreError: if it is nested too deep to be shown.
    """
    if value is None or isinstance(value, (str, bool, int, float)):
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
        return [item if type(item) in _PLAIN else plain(item, depth + 1) for item in value]
    if isinstance(value, dict):
        return {key: item if type(item) in _PLAIN else plain(item, depth + 1) for key, item in value.items()}
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
