"""Results as people and programs read them: a table, CSV, JSON, Markdown, a pandas DataFrame."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

from negograph.results import Result, ResultNode, ResultPath, ResultRelationship, ResultValue

if TYPE_CHECKING:
    import pandas


def render(result: Result, form: str, width: int) -> str:
    """A result in one of `FORMATS`, ending in a newline; a table is at most `width` columns wide."""
    return FORMATS[form](result, width)


def to_dataframe(result: Result) -> pandas.DataFrame:
    """A DataFrame with a row a row and a column a column, all of dtype object; a missing value is None."""
    import pandas

    return pandas.DataFrame([list(row) for row in result.rows], columns=list(result.columns), dtype=object)


def _table(result: Result, width: int) -> str:
    from negograph.tables import text_table

    head = [column.replace("_", " ") for column in result.columns]
    count = len(result.rows)
    rows = [list(map(words, row)) for row in result.rows]
    return text_table(head, rows, width) + f"({count} row{'' if count == 1 else 's'})\n"


def _csv(result: Result, width: int) -> str:
    frame = to_dataframe(Result(result.columns, tuple(tuple(map(_csv_value, row)) for row in result.rows)))
    return frame.to_csv(index=False, lineterminator="\n")


def _csv_value(value: ResultValue) -> str | int | float | None:
    """Numbers stay numbers, so that nothing is quoted that need not be; everything else is words."""
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else words(value)


def _json(result: Result, width: int) -> str:
    rows = [dict(zip(result.columns, map(_json_value, row), strict=True)) for row in result.rows]
    return json.dumps(rows, ensure_ascii=False, indent=2) + "\n"


def _markdown(result: Result, width: int) -> str:
    def line(cells: list[str]) -> str:
        return "| " + " | ".join(cells) + " |"

    rows = [[_markdown_cell(words(value)) for value in row] for row in result.rows]
    head = [_markdown_cell(column.replace("_", " ")) for column in result.columns]
    return "\n".join([line(head), line(["---"] * len(head)), *map(line, rows), ""])


def _markdown_cell(text: str) -> str:
    escaped = "".join("\\" + character if character in "\\|*_`<>[]" else character for character in text)
    return "".join(filter(str.isprintable, "<br>".join(escaped.splitlines())))


FORMATS: dict[str, Callable[[Result, int], str]] = {"table": _table, "csv": _csv, "json": _json, "md": _markdown}
"""The formats by their names on the command line."""


def words(value: ResultValue) -> str:
    """A value as a person reads it: names for nodes, labels for relationships, a list by commas."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return ", ".join(map(words, value))
    if isinstance(value, dict):
        return ", ".join(f"{key}: {words(item)}" for key, item in value.items())
    if isinstance(value, ResultNode):
        return str(value.properties.get("name") or value.properties.get("id") or ":".join(value.labels))
    if isinstance(value, ResultRelationship):
        kind = value.properties.get("label") or value.type.replace("_", " ").lower()
        when = f", {value.properties['date']}" if value.properties.get("date") else ""
        return f"{words(value.start)} → {kind}{when} → {words(value.end)}"
    if isinstance(value, ResultPath):
        return "; ".join(map(words, value.relationships)) or words(value.nodes[0])
    return str(value)


def _json_value(value: ResultValue) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and not math.isfinite(value):
        return None  # JSON has no other number for it
    if isinstance(value, list):
        return [_json_value(item) for item in value]
    if isinstance(value, dict):
        return {key: _json_value(item) for key, item in value.items()}
    if isinstance(value, ResultNode):
        return {"labels": list(value.labels), "properties": _json_value(dict(value.properties))}
    if isinstance(value, ResultRelationship):
        ends = {"start": value.start.properties.get("id"), "end": value.end.properties.get("id")}
        return {"type": value.type, **ends, "properties": _json_value(dict(value.properties))}
    if isinstance(value, ResultPath):
        return {"nodes": _json_value(list(value.nodes)), "relationships": _json_value(list(value.relationships))}
    return value
