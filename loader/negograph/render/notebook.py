"""Answers in Jupyter: a graph as a picture, everything else as a table."""

from __future__ import annotations

from negograph.database.results import FACTS, Result, ResultNode, ResultRelationship, graph_parts
from negograph.render.forms import Colours, render, to_dataframe, to_svg
from negograph.render.palette import Palette
from negograph.render.text import brief
from negograph.text.characters import in_html

_MOST_NODES, _MOST_ROWS = 150, 200
"""Up to how many nodes a picture can be read, and how many rows a page shows."""

_WIDTH = 900
"""How wide a picture is."""


def shown(result: Result, colours: Colours = Palette) -> dict[str, str]:
    """What a notebook can show, by MIME type; a picture has the given colours."""
    bundle = {"text/plain": render(result, "table")}
    parts = list(graph_parts(result.rows))
    nodes = {part.reference or str(part.properties) for part in parts if isinstance(part, ResultNode)}
    if len(nodes) <= _MOST_NODES and any(isinstance(part, ResultRelationship) for part in parts):
        return {**bundle, "image/svg+xml": to_svg(result, colours, widest=_WIDTH).decode()}
    return {**bundle, "text/html": _html(result)}


def _in_html(text: str) -> str:
    """A text in the form of HTML, each of its lines a line; pandas would write the ends of lines as \\n."""
    return "<br>".join(in_html(text).splitlines())


def _html(result: Result) -> str:
    """The table as HTML, its first rows where there are many."""
    readable = result.without([FACTS])
    texts = tuple(tuple(_in_html(brief(value)) for value in row) for row in readable.rows[:_MOST_ROWS])
    columns = tuple(map(_in_html, readable.columns))
    table = str(to_dataframe(Result(columns, texts)).to_html(index=False, escape=False))
    table += f"<p>{_in_html(result.note)}</p>" if result.note and result.rows else ""
    return table + (f"<p>{_MOST_ROWS} of {len(result.rows)} rows</p>" if len(result.rows) > _MOST_ROWS else "")
