"""The elements of a picture as SVG. Every text in it is escaped; what programs read is told as it is, in `data-` attributes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path

from negograph.render.palette import Palette
from negograph.render.picture_parts import STRUCTURE, Caption, Parts, PictureEdge, PictureNode
from negograph.render.placing import LINE, Point, Way, folded, head_of, text_width
from negograph.text.characters import in_html, in_xml

STYLE = Path(__file__).with_name("picture.css")
_INK, _RIM, _PAPER = "#1b1e23", "#565c66", "#ffffff"
"""The colours of a program that knows SVG and not its styles; the style has them for a light and a dark ground."""

_DASHES = {"alleged": ' stroke-dasharray="7 5"', "reported": ' stroke-dasharray="0.1 4.5" stroke-linecap="round"'}
_WHOSE = {
    "own": "own word",
    "reported": "as the source reports",
    "alleged": "as another alleges",
    STRUCTURE: "how things belong together",
}
_STANDS, _SIGNS = {1: "for", -1: "against"}, {1: "more than 0", -1: "less than 0"}


def opening(parts: Parts, size: tuple[int, int], text: float, interactive: bool, linked: bool) -> str:
    """How the picture begins: what it is, its style, its ground."""
    width, height = size
    said = f"Network of {len(parts.nodes)} nodes and {len(parts.edges)} relationships"
    role = 'role="group" tabindex="0"' if interactive else 'role="group"' if linked else 'role="img"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="negograph-picture{" interactive" if interactive else ""}" '
        f'viewBox="0 0 {width} {height}" width="{width}" height="{height}" font-family="Helvetica, Arial, sans-serif" '
        f'font-size="{text:g}" {role} aria-label="{said}">\n<style>{STYLE.read_text(encoding="utf-8")}</style>\n'
        f'<rect class="paper" width="{width}" height="{height}" fill="{_PAPER}"/>'
    )


def edge_element(edge: PictureEdge, ends: tuple[str, str], way: Way, bend: float, interactive: bool, link: str = "") -> str:
    """A relationship: its line, an arrow where it has a direction, and the address that it leads to, if any."""
    path, said = f"M{_xy(way.start)}Q{_xy(way.control)} {_xy(way.end)}", in_html(edge.said)
    facts = f' data-fact="{_data(" ".join(edge.facts))}"' if edge.facts else ""
    for_programs = f' data-bend="{bend:g}" data-head="{edge.head:g}"{_focus(said)}' if interactive else ""
    return (
        (f'<a href="{_data(link)}" aria-label="{said}">' if link else "")
        + f'<g class="edge {edge.whose}{" negative" if edge.negative else ""}" data-start="{_data(ends[0])}" '
        f'data-end="{_data(ends[1])}" data-type="{_data(edge.type)}"{facts} stroke="{edge.colour}"{for_programs}>'
        f"<title>{said}</title>"
        + (f'<path class="hit" d="{path}"/>' if interactive or link else "")
        + f'<path class="line" d="{path}" stroke-width="{edge.width:g}"{_DASHES.get(edge.whose, "")}/>'
        + (f'<path class="core" d="{path}" stroke="{_PAPER}" stroke-width="{edge.width / 3:.1f}"/>' if edge.negative else "")
        + (_arrow(edge, way) if edge.directed else "")
        + ("</g></a>" if link else "</g>")
    )


def _arrow(edge: PictureEdge, way: Way) -> str:
    corners = " ".join(map(_xy, head_of(way, edge.head)))
    return f'<polygon class="head" points="{corners}" data-width="{edge.head:g}" fill="{edge.colour}" stroke="none"/>'


def label_element(edge: PictureEdge, at: Point, shown: int | None, interactive: bool, text: float) -> str:
    """What stands at a line: of its captions the one that is shown; where the picture answers, the others wait."""
    kind = f"label {edge.whose}{'' if shown is not None else ' off'}"
    captions = [
        _caption(caption, number == (shown or 0), text)
        for number, caption in enumerate(edge.captions)
        if interactive or number == shown
    ]
    return f'<g class="{kind}" transform="translate({_xy(at, " ")})">{"".join(captions)}</g>'


def _caption(caption: Caption, shown: bool, text: float) -> str:
    width, height = caption.room
    return (
        f'<g class="caption{"" if shown else " off"}" data-room="{width:g} {height:g}"><rect x="{-width / 2:.1f}" '
        f'y="{-height / 2:.1f}" width="{width:g}" height="{height:g}" rx="2" fill="{_PAPER}" fill-opacity="0.85"/>'
        f'<text fill="{_INK}">{_lines(caption.lines, text)}</text></g>'
    )


def node_element(node: PictureNode, at: Point, room: Point | None, interactive: bool, text: float) -> str:
    """A node: a box with its name, or a dot where there is no room for that, whose size is `room`."""
    labels = "".join(f" {label}" for label in node.labels if re.fullmatch("[A-Za-z][A-Za-z0-9_-]*", label))
    width, height = room or node.room
    for_programs = f' data-room="{width:g} {height:g}"{_focus(in_html(node.said))}' if interactive else ""
    dot = f'<circle class="shape" r="{width / 2 - 1:g}" fill="{node.colour}" stroke="{_RIM}"/>'
    return (
        f'<g class="node{labels}" data-key="{_data(node.key)}" transform="translate({_xy(at, " ")})"{for_programs}>'
        f"<title>{in_html(node.said)}</title>{dot if room else _box(node, text)}</g>"
    )


def name_element(node: PictureNode, at: Point, shown: bool, text: float) -> str:
    """The name of a node that is drawn as a dot."""
    width, height = node.room
    kind = "name" if shown else "name off"
    return f'<g class="{kind}" data-room="{width:g} {height:g}" transform="translate({_xy(at, " ")})">{_box(node, text)}</g>'


def _box(node: PictureNode, text: float) -> str:
    """A box with a name: round for those that act, with corners for what is written."""
    width, height = node.room
    corner = min(height / 2, 1.1 * text) if node.strong else 0 if "Document" in node.labels else 4
    bold = ' font-weight="bold"' if node.strong else ""
    return (
        f'<rect class="shape" x="{-width / 2:.1f}" y="{-height / 2:.1f}" width="{width:g}" height="{height:g}" rx="{corner:g}" '
        f'fill="{node.colour}" stroke="{_RIM}"/><text{bold}>{_lines(node.lines, text)}</text>'
    )


def _lines(lines: Sequence[str], text: float) -> str:
    """Lines of text, the middle of all at 0, 0."""
    first = (0.5 - len(lines) / 2) * LINE * text + 0.36 * text
    spans = (f'<tspan x="0" y="{first + row * LINE * text:.1f}">{in_html(line)}</tspan>' for row, line in enumerate(lines))
    return "".join(spans)


def _focus(said: str) -> str:
    return f' tabindex="0" role="button" aria-label="{said}"'


def _data(text: str) -> str:
    """A value that programs read, as it is but for what XML cannot hold."""
    return re.sub("[\t\n\r]", lambda found: f"&#{ord(found[0])};", escape(in_xml(text)))


def _xy(point: Point, joint: str = ",") -> str:
    return f"{point[0]:.1f}{joint}{point[1]:.1f}"


def legend(parts: Parts, palette: Palette, size: tuple[int, int], text: float, left_out: str) -> tuple[str, float]:
    """What colours and lines mean, what is left out, and the note, in rows at the foot; and how much room that takes."""
    rows: list[list[str]] = []
    room = 0.0
    for sample, said in [*_samples(parts, palette, text), *([("", left_out)] if left_out else [])]:
        width = 26 + text_width(said) * text + 12
        if not rows or width > room:
            rows.append([])
            room = size[0] - 20.0
        at = size[0] - 10 - room
        rows[-1].append(f'<g transform="translate({at:.1f} 0)">{sample}<text x="26">{in_html(said)}</text></g>')
        room -= width
    rows += [[f'<text x="10">{in_html(line)}</text>'] for line in folded(parts.note, (size[0] - 20) / text) if line]
    height = LINE * text + 3
    foot = len(rows) * height + 8 if rows else 0.0
    placed = (
        f'<g transform="translate(0 {size[1] - foot + (row + 1) * height:.1f})">{"".join(items)}</g>'
        for row, items in enumerate(rows)
    )
    ground = f'<rect class="paper" y="{size[1] - foot:.1f}" width="{size[0]}" height="{foot:.1f}" fill="{_PAPER}"/>'
    return f'<g class="legend" fill="{_INK}" aria-hidden="true">{ground}{"".join(placed)}</g>' if rows else "", foot


def _samples(parts: Parts, palette: Palette, text: float) -> Iterator[tuple[str, str]]:
    ranks = {label: rank for rank, label in enumerate(palette.nodes)}
    kinds = dict.fromkeys((node.labels, node.colour) for node in parts.nodes if node.labels)
    for labels, colour in sorted(kinds, key=lambda kind: ranks.get(kind[0][0], len(ranks))):
        box = f'<rect y="{-0.8 * text:.1f}" width="20" height="{text:g}" rx="3" fill="{colour}" stroke="{_RIM}"/>'
        yield box, " ".join(", ".join(labels).split())
    whose = {edge.whose for edge in parts.edges}
    for word, said in _WHOSE.items():
        if word in whose and whose != {STRUCTURE}:
            width = 1.1 if word == STRUCTURE else 2
            line = f'<path class="line" d="M0,-4H20" stroke="#7a7a7a" stroke-width="{width}" fill="none"{_DASHES.get(word, "")}/>'
            yield f'<g class="{word}">{line}</g>', said
    colours = {edge.colour for edge in parts.edges}
    for stance, said in (_SIGNS if any(edge.negative for edge in parts.edges) else _STANDS).items():
        if palette.stances.get(stance) in colours:
            yield f'<path d="M0,-4H20" stroke="{palette.stances[stance]}" stroke-width="3" fill="none"/>', said
