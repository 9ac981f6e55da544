"""Networks as pictures: SVG, laid out by networkx."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from negograph.text.escaping import in_html

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

_OTHER = "#a5abb6"
_WIDTH, _HEIGHT, _MARGIN, _RADIUS = 900, 600, 100, 12
_LONGEST_LABEL = 32


def as_svg(network: networkx.Graph[str]) -> str:
    """A network as an SVG image of 900 by 600 points; the same network always looks the same."""
    import networkx

    apart = 1.6 / max(1, len(network)) ** 0.5
    places = networkx.spring_layout(network, seed=1, weight=None, k=apart, iterations=100) if network else {}
    points = {node: _point(place) for node, place in places.items()}
    lines = [_edge(points, start, end, label) for (start, end), label in _labels(network).items()]
    circles = [_node(points[node], str(node), data) for node, data in network.nodes(data=True)]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" width="{_WIDTH}" height="{_HEIGHT}" '
            'font-family="sans-serif" font-size="11">',
            '<defs><marker id="arrow" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
            '<path d="M0 0 L8 4 L0 8 z" fill="#8a8f98"/></marker></defs>',
            *(_drawn(line, network.is_directed()) for line in lines),
            *circles,
            "</svg>\n",
        ]
    )


def _point(place: Any) -> tuple[float, float]:
    """A place of the layout, from -1 to 1 each way, as points of the picture."""
    across, down = float(place[0]), float(place[1])
    return (
        round(_WIDTH / 2 + across * (_WIDTH / 2 - _MARGIN), 1),
        round(_HEIGHT / 2 + down * (_HEIGHT / 2 - _MARGIN), 1),
    )


def _labels(network: networkx.Graph[str]) -> dict[tuple[str, str], str]:
    """What is written at each line: the labels of all edges between the same ends, each once, so that none covers another."""
    found: dict[tuple[str, str], dict[str, None]] = {}
    for start, end, data in network.edges(data=True):
        label = data.get("label") or str(data.get("type") or "").replace("_", " ").lower() or _number(data.get("weight"))
        found.setdefault((start, end), {})[str(label)] = None
    return {ends: "; ".join(filter(None, labels)) for ends, labels in found.items()}


def _edge(points: dict[str, tuple[float, float]], start: str, end: str, label: str) -> tuple[float, float, float, float, str]:
    """A line from point to point, ending at the circle that it leads to, with its label."""
    (x1, y1), (x2, y2) = points[start], points[end]
    length = ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5 or 1.0
    inset = (_RADIUS + 2) / length
    return x1, y1, x2 - (x2 - x1) * inset, y2 - (y2 - y1) * inset, label


def _number(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, (int, float)) else ""


def _drawn(line: tuple[float, float, float, float, str], directed: bool) -> str:
    x1, y1, x2, y2, label = line
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
    x, y = point
    return (
        f"<g><title>{_text(f'{kind} {name}'.strip(), None)}</title>"
        f'<circle cx="{x}" cy="{y}" r="{_RADIUS}" fill="{colour}" stroke="#ffffff"/>'
        f'<text x="{x}" y="{y + _RADIUS + 12:.1f}" text-anchor="middle" fill="#222222">{_text(name)}</text></g>'
    )


def _text(text: str, longest: int | None = _LONGEST_LABEL) -> str:
    """A text in the form of XML; one that is too long to be read in a picture is cut."""
    line = " ".join(text.split())
    return in_html(line if longest is None or len(line) <= longest else line[: longest - 1] + "…")
