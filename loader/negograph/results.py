"""What a query answers, as plain data without a database behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias


@dataclass(frozen=True)
class ResultNode:
    """A node that a query returned."""

    labels: tuple[str, ...]
    properties: Mapping[str, Any]


@dataclass(frozen=True)
class ResultRelationship:
    """A relationship that a query returned, with the nodes at its ends."""

    type: str
    start: ResultNode
    end: ResultNode
    properties: Mapping[str, Any]


@dataclass(frozen=True)
class ResultPath:
    """A path that a query returned."""

    nodes: tuple[ResultNode, ...]
    relationships: tuple[ResultRelationship, ...]


Scalar: TypeAlias = str | bool | int | float | date | None
ResultValue: TypeAlias = Scalar | ResultNode | ResultRelationship | ResultPath | list["ResultValue"] | dict[str, "ResultValue"]


@dataclass(frozen=True)
class Result:
    """Rows of values under named columns, in the order in which the query gave them."""

    columns: tuple[str, ...]
    rows: tuple[tuple[ResultValue, ...], ...]
