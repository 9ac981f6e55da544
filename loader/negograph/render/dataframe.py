"""Answers as tables of pandas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from negograph.database.results import Result

if TYPE_CHECKING:
    import pandas


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
    return frame
