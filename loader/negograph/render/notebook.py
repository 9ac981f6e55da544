"""Answers in Jupyter: a graph as a picture, which is SVG laid out by networkx, everything else as a table."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from negograph.database.results import FACTS, Result, ResultRelationship, graph_parts
from negograph.render.forms import render, to_dataframe
from negograph.render.network import to_networkx
from negograph.render.text import brief
from negograph.text.characters import in_html

if TYPE_CHECKING:
    import networkx

COLOURS = {
    "Party": "#4c8eda",
    "Person": "#8dcc93",
    "Document": "#d9c8ae",
    "Issue": "#f79767",
    "Proposal": "#57c7e3",
    "Demand": "#f16667",
    "Fact": "#ecb5c9",
}
"""The colour of each kind of node; others are grey."""

_MOST_NODES, _MOST_ROWS = 150, 200
"""Up to how many nodes a picture can be read, and how many rows a page shows."""

_OTHER = "#a5abb6"
_WIDTH, _HEIGHT, _MARGIN, _RADIUS = 900, 600, 100, 12
_LONGEST_LABEL = 32


def shown(result: Result) -> dict[str, str]:
    """What a notebook can show, by MIME type."""
    bundle = {"text/plain": render(result, "table")}
    if any(isinstance(part, ResultRelationship) for part in graph_parts(result.rows)):
        network = to_networkx(result)
        if len(network) <= _MOST_NODES:
            return {**bundle, "image/svg+xml": as_svg(network)}
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


def as_svg(network: networkx.Graph[str]) -> str:
    """A network as an SVG image of 900 by 600 points; the same network always looks the same."""
    import networkx

    apart = 1.6 / max(1, len(network)) ** 0.5
    places = networkx.spring_layout(network, seed=1, weight=None, k=apart, iterations=100) if network else {}
    across, down = _WIDTH / 2 - _MARGIN, _HEIGHT / 2 - _MARGIN
    points = {
        node: (round(_WIDTH / 2 + float(x) * across, 1), round(_HEIGHT / 2 + float(y) * down, 1))
        for node, (x, y) in places.items()  # each from -1 to 1
    }
    labels, directed = _labels(network), network.is_directed()
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" width="{_WIDTH}" height="{_HEIGHT}" '
            'font-family="sans-serif" font-size="11">',
            '<defs><marker id="arrow" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
            '<path d="M0 0 L8 4 L0 8 z" fill="#8a8f98"/></marker></defs>',
            *(_edge(points[start], points[end], label, directed) for (start, end), label in labels.items()),
            *(_node(points[node], str(node), data) for node, data in network.nodes(data=True)),
            "</svg>\n",
        ]
    )


def _labels(network: networkx.Graph[str]) -> dict[tuple[str, str], str]:
    """What is written at each line: the labels of all edges between the same ends, each once, so that none covers another."""
    found: dict[tuple[str, str], dict[str, None]] = {}
    for start, end, data in network.edges(data=True):
        label = data.get("label") or str(data.get("type") or "").replace("_", " ").lower() or brief(data.get("weight"))
        found.setdefault((start, end), {})[str(label)] = None
    return {ends: "; ".join(filter(None, labels)) for ends, labels in found.items()}


def _edge(start: tuple[float, float], end: tuple[float, float], label: str, directed: bool) -> str:
    """A line from point to point, ending at the circle that it leads to, with its label."""
    (x1, y1), (x2, y2) = start, end
    inset = (_RADIUS + 2) / (math.dist(start, end) or 1.0)
    x2, y2 = x2 - (x2 - x1) * inset, y2 - (y2 - y1) * inset
    arrow = ' marker-end="url(#arrow)"' if directed else ""
    middle = f'x="{(x1 + x2) / 2:.1f}" y="{(y1 + y2) / 2 - 3:.1f}"'
    return (
        f'<line x1="{x1}" y1="{y1}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="#8a8f98"{arrow}/>'
        f'<text {middle} text-anchor="middle" fill="#6b7078" font-size="9">{_text(label)}</text>'
    )


def _node(point: tuple[float, float], key: str, data: dict[str, Any]) -> str:
    kind = str(data.get("kind") or "")
    colour = next((COLOURS[label] for label in kind.split(":") if label in COLOURS), _OTHER)
    name = str(data.get("name") or key)
    caption = _text(str(data.get("short") or name))
    x, y = point
    return (
        f"<g><title>{_text(f'{kind} {name}'.strip(), None)}</title>"
        f'<circle cx="{x}" cy="{y}" r="{_RADIUS}" fill="{colour}" stroke="#ffffff"/>'
        f'<text x="{x}" y="{y + _RADIUS + 12:.1f}" text-anchor="middle" fill="#222222">{caption}</text></g>'
    )


def _text(text: str, longest: int | None = _LONGEST_LABEL) -> str:
    """A text in the form of XML; one that is too long to be read in a picture is cut."""
    line = " ".join(text.split())
    return in_html(line if longest is None or len(line) <= longest else line[: longest - 1] + "…")
