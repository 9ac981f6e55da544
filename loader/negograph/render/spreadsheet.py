"""Answers as sheets for a spreadsheet program."""

from __future__ import annotations

import io
import math
from datetime import date

from negograph.database.results import Result, ResultValue
from negograph.render.words import words
from negograph.text.characters import in_xml

_LONGEST_CELL = 32_767


def to_spreadsheet(result: Result) -> bytes:
    """A sheet of xlsx: texts as texts also where they look like formulas, days as days, the head stays in view."""
    from openpyxl import Workbook
    from openpyxl.utils import get_column_letter

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "answer"
    for number, row in enumerate([result.columns, *result.rows], 1):
        for place, value in enumerate(row, 1):
            cell = sheet.cell(number, place)
            cell.value = _cell(value)
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
