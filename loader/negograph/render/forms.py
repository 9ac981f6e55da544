"""The forms of an answer: a table, CSV, JSON, Markdown, a spreadsheet, GraphML.

Another form is a function, and an entry in `TEXTS` or `FILES`: `--format`, `--output` and Python take their names from there.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Callable
from datetime import date
from typing import Any

from negograph.database.results import FACTS, Evidence, Result, ResultNode, ResultPath, ResultRelationship, ResultValue
from negograph.errors import NegographError
from negograph.problems.hints import did_you_mean
from negograph.render.network import to_graphml
from negograph.render.spreadsheet import to_spreadsheet
from negograph.render.words import brief, words
from negograph.text.escaping import for_terminal, in_csv, in_json, in_markdown


def render(result: Result, form: str, width: int) -> str:
    """A result in one of `TEXTS`, ending in a newline; a table is at most `width` columns wide."""
    return TEXTS[form](result, width)


def render_file(result: Result, form: str, width: int) -> bytes:
    """A result in any of `FORMATS`, as the content of a file.

    Raises:
        NegographError: if there is no such form, or the result cannot be put into it.
    """
    if form not in FORMATS:
        raise NegographError(f"there is no format {form!r}{did_you_mean(form, FORMATS)} (there are {', '.join(FORMATS)})")
    return FILES[form](result) if form in FILES else render(result, form, width).encode()


def _table(result: Result, width: int) -> str:
    from negograph.render.tables import text_table

    shown = for_reading(result)
    head = [column.replace("_", " ") for column in shown.columns]
    count = len(result.rows)
    rows = [list(map(brief, row)) for row in shown.rows]
    more = "; --evidence shows the facts and quotes behind each" if shown is not result and count else ""
    return for_terminal(text_table(head, rows, width)) + f"({count} row{'' if count == 1 else 's'}{more})\n"


def for_reading(result: Result) -> Result:
    """The result without the ids of the facts behind each row, which are many and which nobody reads off a page."""
    kept = [index for index, column in enumerate(result.columns) if column != FACTS]
    if len(kept) == len(result.columns):
        return result
    rows = tuple(tuple(row[index] for index in kept) for row in result.rows)
    return Result(tuple(result.columns[index] for index in kept), rows)


def _csv(result: Result, width: int) -> str:
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(map(in_csv, result.columns))
    writer.writerows(map(_csv_value, row) for row in result.rows)
    return written.getvalue()


def _csv_value(value: ResultValue) -> str | int | float | None:
    """Numbers stay numbers, so that nothing is quoted that need not be; everything else is words."""
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else in_csv(words(value))


def _json(result: Result, width: int) -> str:
    rows = [dict(zip(result.columns, map(_json_value, row), strict=True)) for row in result.rows]
    return in_json(rows) + "\n"


def _markdown(result: Result, width: int) -> str:
    def line(cells: list[str]) -> str:
        return "| " + " | ".join(cells) + " |"

    shown = for_reading(result)
    rows = [[in_markdown(brief(value)) for value in row] for row in shown.rows]
    head = [in_markdown(column.replace("_", " ")) for column in shown.columns]
    return "\n".join([line(head), line(["---"] * len(head)), *map(line, rows), ""])


TEXTS: dict[str, Callable[[Result, int], str]] = {"table": _table, "csv": _csv, "json": _json, "md": _markdown}
"""The formats that a terminal can show, by their names on the command line."""

FILES: dict[str, Callable[[Result], bytes]] = {"xlsx": to_spreadsheet, "graphml": to_graphml}
"""The formats that are files for other programs."""

FORMATS = (*TEXTS, *FILES)


def _json_value(value: ResultValue) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and not math.isfinite(value):
        return None  # JSON has no other number for it
    if isinstance(value, list):
        return [_json_value(item) for item in value]
    if isinstance(value, dict):
        return {key: _json_value(item) for key, item in value.items()}
    if isinstance(value, Evidence):
        quotes = [{"quote": quote, "document": document} for quote, document in value.quotes]
        return {"fact": value.fact, "act": value.act, "quotes": quotes}
    if isinstance(value, ResultNode):
        return {"labels": list(value.labels), "properties": _json_value(dict(value.properties))}
    if isinstance(value, ResultRelationship):
        ends = {"start": value.start.properties.get("id"), "end": value.end.properties.get("id")}
        return {"type": value.type, **ends, "properties": _json_value(dict(value.properties))}
    if isinstance(value, ResultPath):
        return {"nodes": _json_value(list(value.nodes)), "relationships": _json_value(list(value.relationships))}
    return value
