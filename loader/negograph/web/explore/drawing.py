"""The picture beside an answer: what of its network has room for its names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from markupsafe import Markup

from negograph.render import picture
from negograph.render.picture import draw, fitting
from negograph.text.characters import visible
from negograph.web.explore.address import View, to_address

if TYPE_CHECKING:
    import networkx

    from negograph.render.palette import Palette

PICTURE_SCRIPT = Path(picture.__file__).with_suffix(".js")
"""What makes pictures answer to pointers and keys."""

_TEXT = 11.0
"""The least size at which a picture opens, in pixels."""


@dataclass(frozen=True)
class Drawn:
    """A picture, empty where there is nothing to draw, and what is said above it, both as HTML."""

    svg: str
    note: str = ""


def drawn(network: networkx.Graph[str] | None, view: View, palette: Palette, room: tuple[int, int]) -> Drawn:
    """The picture of a network that fits into the room; where not all names do, of what is in acts and most connected."""
    if network is None or not len(network):
        return Drawn("")
    shown, left_out = (network, []) if view.whole else fitting(network, room, _TEXT)
    if not len(shown):  # not even one name has room
        shown, left_out = network, []
    svg = draw(shown, palette, size=room, interactive=True, text=_TEXT)
    return Drawn(svg, _note(len(shown), left_out, view))


_ZOOM = Markup(
    '<span class="zoom"><button type="button" data-zoom="1.3" aria-label="Zoom in">+</button>'
    '<button type="button" data-zoom="0.77" aria-label="Zoom out">−</button>'
    '<button type="button" data-zoom="0">All</button></span>'
)


_MOST_NAMED, _MOST_TOLD = 8, 60
"""How many of the names that are left out stand above a picture, and how many are told when that is pointed at."""


def _note(count: int, left_out: Sequence[str], view: View) -> str:
    if not left_out and not view.whole:
        return _ZOOM
    other = to_address(replace(view, whole=not view.whole))
    words = "Draw only those whose names have room" if view.whole else "Draw all, as dots where names have no room"
    said = f"All {count} are drawn."
    if left_out:
        counted = f"{count} of {count + len(left_out)} are drawn, those in acts and the most connected first"
        said = f"{counted}. Left out: {_named(left_out, _MOST_NAMED)}."
    told = Markup('<span title="{}">{}</span>').format(_named(left_out, _MOST_TOLD), said)
    return told + Markup(' <a href="{}" data-go>{}</a>').format(other, words) + _ZOOM


def _named(names: Sequence[str], most: int) -> str:
    more = len(names) - most
    return visible(", ".join(names[:most])) + (f" and {more} more" if more > 0 else "")
