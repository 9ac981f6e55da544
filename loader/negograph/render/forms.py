"""The forms of an answer: a table, CSV, JSON, Markdown, a spreadsheet, GraphML, a picture; in Python also a DataFrame.

Another form is a function, and an entry in `TEXTS` or `FILES`: `--format`, `--output` and Python take their names from there.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Callable
from datetime import date
from itertools import chain
from typing import TYPE_CHECKING, Any

from negograph.database.results import FACTS, Evidence, Result, ResultNode, ResultPath, ResultRelationship, ResultValue
from negograph.errors import NegographError
from negograph.problems.problem import did_you_mean
from negograph.render.network import to_graphml, to_networkx
from negograph.render.palette import Palette
from negograph.render.text import brief, natural_width, readable_width, standing_in_words, text_table, words, wrap
from negograph.text.characters import for_terminal, in_csv, in_json, in_markdown, in_xml

if TYPE_CHECKING:
    import pandas

Colours = Callable[[], Palette]
"""Gives the colours of a picture, when one is drawn."""

WIDTH = 132
"""How wide a table is where nobody says how much room there is: as wide as a notebook."""

_LONGEST_CELL = 32_767
"""How many characters a cell of a spreadsheet can hold."""


_QUALIFIERS = ("attribution", "implied", "confidence", "modality")
"""The columns that a reader needs where they tell rows apart; where they are the same in all rows, a line says so.

Here and below, a column such as `own_attribution` is meant with `attribution`.
"""

_IDS = ("answered_facts", "fact")
"""The columns of ids, which a table leaves out rather than break its lines: what they name is told in words."""

_LEAST_NEEDED = ("modality", "attribution", "implied", "confidence", "kind", "turn", "addressed", "according_to", "says")
"""The columns that a table leaves out where it has no room for all, the first of these first: acts are hedged in words, too."""


def render(result: Result, form: str, width: int = WIDTH, *, full: bool = False) -> str:
    """A result in one of `TEXTS`, ending in a newline; a table is at most `width` columns wide, and `full` with all columns."""
    return TEXTS[form](result, width, full)


def render_file(result: Result, form: str, width: int = WIDTH, *, full: bool = False, colours: Colours = Palette) -> bytes:
    """A result in any of `FORMATS`, as the content of a file; a NegographError if it cannot be put into that."""
    if form not in FORMATS:
        raise NegographError(f"there is no format {form!r}{did_you_mean(form, FORMATS)} (there are {', '.join(FORMATS)})")
    return FILES[form](result, colours) if form in FILES else render(result, form, width, full=full).encode()


def _table(result: Result, width: int, full: bool) -> str:
    (head, *rows), remarks = for_reading(result, None if full else width)
    count = len(rows)
    more = "; --evidence shows the facts and quotes behind each" if FACTS in result.columns and count else ""
    text = text_table(head, rows, width) + "".join(f"{line}\n" for remark in remarks for line in wrap(f"({remark})", width))
    return for_terminal(text) + f"({count} row{'' if count == 1 else 's'}{more})\n"


def for_reading(result: Result, width: float | None) -> tuple[list[list[str]], list[str]]:
    """Head and rows without the ids of the facts behind each row, which nobody reads off a page; with remarks on the rest.

    Of an answer for a page of some width, also what is the same in all rows is left out, and what there is no room for.
    """
    told = result.without([FACTS])
    note = [f"note: {result.note}"] if result.note and result.rows else []
    if width is None:
        return _cells(told), note
    same, empty = _same_in_all(told), _empty(told)
    told = told.without([*same, *empty])
    left_out: list[str] = []
    for names, measured in ((_IDS, natural_width), (_LEAST_NEEDED, readable_width)):
        for column in (column for name in names for column in reversed(result.columns) if _is(column, name)):
            if column in told.columns and len(told.columns) > 1 and measured(_cells(told)) > width:
                told = told.without([column])
                left_out.append(column)
    remarks = {
        "in all rows: ": [f"{column} {brief(value)}" for column, value in same.items()],
        "in no row: ": empty,
        "no room, --full shows: ": left_out,
    }
    said = [words + ", ".join(those).replace("_", " ") for words, those in remarks.items() if those]
    return _cells(told), [*said, *note]


def _is(column: str, name: str) -> bool:
    return column == name or column.endswith(f"_{name}")


def _cells(result: Result) -> list[list[str]]:
    return [
        [column.replace("_", " ") for column in result.columns],
        *([standing_in_words(brief(value)) for value in row] for row in result.rows),
    ]


def _same_in_all(result: Result) -> dict[str, ResultValue]:
    """The qualifiers that have the same value in every row, where there are several."""
    places = {column: index for index, column in enumerate(result.columns) if any(_is(column, q) for q in _QUALIFIERS)}
    first = result.rows[0] if len(result) > 1 else ()
    return {column: first[at] for column, at in places.items() if first and all(row[at] == first[at] for row in result.rows)}


def _empty(result: Result) -> list[str]:
    """The columns without a value in any row, where there are several."""
    columns = enumerate(result.columns)
    return [column for at, column in columns if len(result) > 1 and all(row[at] in (None, []) for row in result.rows)]


def _csv(result: Result, width: int, full: bool) -> str:
    result = result.with_note_in_rows()
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(map(in_csv, result.columns))
    writer.writerows(map(_csv_value, row) for row in result.rows)
    return written.getvalue()


def _csv_value(value: ResultValue) -> str | int | float | None:
    """Numbers stay numbers, so that nothing is quoted that need not be; everything else is words."""
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else in_csv(words(value))


def _json(result: Result, width: int, full: bool) -> str:
    result = result.with_note_in_rows()
    rows = [dict(zip(result.columns, map(_json_value, row), strict=True)) for row in result.rows]
    return in_json(rows) + "\n"


def _markdown(result: Result, width: int, full: bool) -> str:
    cells, remarks = for_reading(result, None if full else math.inf)
    head, *rows = [list(map(in_markdown, line)) for line in cells]
    table = "".join(f"| {' | '.join(line)} |\n" for line in [head, ["---"] * len(head), *rows])
    return table + "".join(f"\n{in_markdown(remark)}\n" for remark in remarks)


def to_dataframe(result: Result) -> pandas.DataFrame:
    """A DataFrame with a row a row and a column a column; a missing value is None.

    Columns that hold numbers alone, or truth values alone, have their dtypes; all others are of dtype object.
    """
    import pandas

    frame = pandas.DataFrame([list(row) for row in result.rows], columns=list(result.columns), dtype=object)
    for column in frame.columns:
        kinds = set(map(type, frame[column]))
        if kinds in ({bool}, {int}, {float}, {int, float}):  # beside a gap pandas would make fractions of whole numbers
            frame[column] = frame[column].infer_objects()
    frame.attrs |= {"note": result.note} if result.note else {}
    return frame


def to_svg(result: Result, colours: Colours, widest: int = 2400) -> bytes:
    """The network in an answer as a picture, as large as its names need, but not wider than `widest` pixels.

    Raises:
        NegographError: if there is no network in the answer.
    """
    from negograph.render.picture import draw, roomy

    network = to_networkx(result)
    network.graph.update({"note": result.note} if result.note else {})
    return draw(network, colours(), size=roomy(network, widest)).encode()


def to_spreadsheet(result: Result) -> bytes:
    """A sheet of xlsx: texts as texts also where they look like formulas, days as days, the head stays in view."""
    from openpyxl import Workbook
    from openpyxl.utils import get_column_letter

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "answer"
    result = result.with_note_in_rows()
    for row in (result.columns, *result.rows):
        sheet.append([_cell(value) for value in row])
    for cell in chain(*sheet.iter_rows()):
        if isinstance(cell.value, str):
            cell.data_type = "s"
    sheet.freeze_panes = "A2"
    for place, column in enumerate(result.columns, 1):
        longest = max([len(column), *(len(line) for row in result.rows for line in words(row[place - 1]).split("\n"))])
        sheet.column_dimensions[get_column_letter(place)].width = min(60, longest + 2)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _cell(value: ResultValue) -> str | bool | int | float | date | None:
    """A value that a spreadsheet has a type for; a text without what it cannot hold, and not longer than it can."""
    if value is None or isinstance(value, (bool, date)):
        return value
    if isinstance(value, (int, float)):
        return value if math.isfinite(value) and abs(value) < 2**53 else str(value)
    return in_xml(words(value)).replace("\r\n", "\n").replace("\r", "\n")[:_LONGEST_CELL]


TEXTS: dict[str, Callable[[Result, int, bool], str]] = {"table": _table, "csv": _csv, "json": _json, "md": _markdown}
"""The formats that a terminal can show, by their names on the command line."""

FILES: dict[str, Callable[[Result, Colours], bytes]] = {
    "xlsx": lambda result, colours: to_spreadsheet(result),
    "graphml": lambda result, colours: to_graphml(result),
    "svg": to_svg,
}
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
