"""What a query answers, as plain data without a database behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias


@dataclass(frozen=True)
class ResultNode:
    labels: tuple[str, ...]
    properties: Mapping[str, Any]


@dataclass(frozen=True)
class ResultRelationship:
    type: str
    start: ResultNode
    end: ResultNode
    properties: Mapping[str, Any]


@dataclass(frozen=True)
class ResultPath:
    nodes: tuple[ResultNode, ...]
    relationships: tuple[ResultRelationship, ...]


ResultValue: TypeAlias = (
    str | bool | int | float | date | None | ResultNode | ResultRelationship | ResultPath | list["ResultValue"] | dict[str, "ResultValue"]
)


@dataclass(frozen=True)
class Result:
    """Rows of values under named columns, in the order in which the query gave them."""

    columns: tuple[str, ...]
    rows: tuple[tuple[ResultValue, ...], ...]
