"""Answers in Jupyter: a graph as a picture, everything else as a table."""

from __future__ import annotations

from negograph.database.results import Result, ResultPath, ResultRelationship, ResultValue
from negograph.render.dataframe import to_dataframe
from negograph.render.forms import for_reading, render
from negograph.render.network import to_networkx
from negograph.render.picture import as_svg
from negograph.render.words import brief
from negograph.text.escaping import in_html

_WIDTH = 132
_MOST_NODES, _MOST_ROWS = 150, 200
"""Up to how many nodes a picture can be read, and how many rows a page shows."""


def shown(result: Result) -> dict[str, str]:
    """What a notebook can show, by MIME type."""
    bundle = {"text/plain": render(result, "table", _WIDTH)}
    if any(_is_graph(value) for row in result.rows for value in row):
        network = to_networkx(result)
        if len(network) <= _MOST_NODES:
            return {**bundle, "image/svg+xml": as_svg(network)}
    return {**bundle, "text/html": _html(result)}


def _is_graph(value: ResultValue) -> bool:
    """Whether a value holds relationships."""
    if isinstance(value, (list, dict)):
        return any(map(_is_graph, value.values() if isinstance(value, dict) else value))
    return isinstance(value, (ResultRelationship, ResultPath))


def _in_html(text: str) -> str:
    """A text in the form of HTML, each of its lines a line; pandas would write the ends of lines as \\n."""
    return "<br>".join(in_html(text).splitlines())


def _html(result: Result) -> str:
    """The table as HTML, its first rows where there are many."""
    readable = for_reading(result)
    texts = tuple(tuple(_in_html(brief(value)) for value in row) for row in readable.rows[:_MOST_ROWS])
    columns = tuple(map(_in_html, readable.columns))
    table = str(to_dataframe(Result(columns, texts)).to_html(index=False, escape=False))
    return table + (f"<p>{_MOST_ROWS} of {len(result.rows)} rows</p>" if len(result.rows) > _MOST_ROWS else "")
