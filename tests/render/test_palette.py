"""The palette: from the model alone, with colours that everybody can tell apart and read on."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import combinations

import pytest

from negograph.model.model import Model
from negograph.render.palette import OTHER, palette_of

SEEN_BY = {
    "all cones": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "no red cones": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "no green cones": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "no blue cones": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}
"""What light becomes to the eye: Machado, Oliveira and Fernandes (2009), A Physiologically-based Model for Simulation of Color
Vision Deficiency, IEEE TVCG 15(6), severity 1, in linear RGB."""

DISTINCT = 15.0
"""A distance in CIELAB (CIE76) that is seen in small areas too; 2.3 is the least that is seen at all."""


def linear(colour: str) -> tuple[float, ...]:
    """The light of a colour: sRGB without its gamma (IEC 61966-2-1)."""
    parts = (int(colour[index : index + 2], 16) / 255 for index in (1, 3, 5))
    return tuple(part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)


def luminance(colour: str) -> float:
    red, green, blue = linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """As WCAG 2.2 defines it, from 1 to 21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def lab(colour: str, eyes: str) -> tuple[float, float, float]:
    """CIELAB, white D65."""
    r, g, b = (min(1.0, max(0.0, sum(map(float.__mul__, map(float, row), linear(colour))))) for row in SEEN_BY[eyes])
    whole = (
        (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505,
        0.2126 * r + 0.7152 * g + 0.0722 * b,
        (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089,
    )
    x, y, z = (part ** (1 / 3) if part > 0.008856 else 7.787 * part + 16 / 116 for part in whole)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def distance(one: str, other: str, eyes: str) -> float:
    return math.dist(lab(one, eyes), lab(other, eyes))


@pytest.mark.parametrize("eyes", SEEN_BY)
def test_kinds_of_nodes_and_stands_are_told_apart_by_all_eyes(model: Model, eyes: str) -> None:
    palette = palette_of(model)
    for colours in (palette.nodes.values(), set(palette.relationships.values())):
        apart = {pair: distance(*pair, eyes) for pair in combinations(colours, 2)}
        assert {pair: round(far) for pair, far in apart.items() if far < DISTINCT} == {}


def test_black_text_can_be_read_in_every_node(model: Model) -> None:
    """WCAG AA asks for 4.5."""
    assert {label: colour for label, colour in palette_of(model).nodes.items() if contrast(colour, "#000000") < 4.5} == {}


@pytest.mark.parametrize("ground", ["#ffffff", "#1b1d21"])
def test_relationships_are_seen_on_light_and_on_dark_ground(model: Model, ground: str) -> None:
    """WCAG asks for 3 of what is no text."""
    palette = palette_of(model)
    colours = {*palette.relationships.values(), palette.relationship("MEMBER_OF")}
    assert {colour for colour in colours if contrast(colour, ground) < 3} == set()


def test_what_the_model_does_not_colour_is_grey(model: Model) -> None:
    party = replace(model.nodes["Party"], label="Vessel", colour="")
    palette = palette_of(replace(model, nodes={**model.nodes, "Vessel": party}))
    assert palette.node(["Vessel"]) == palette.node(["Nothing"]) == OTHER
    assert palette.node(["Nothing", "Party"]) == model.nodes["Party"].colour


def test_a_relationship_has_the_colour_of_the_stand_that_its_action_takes(model: Model) -> None:
    palette = palette_of(model)
    assert palette.relationship("DEMANDED") == palette.relationship("ACCEPTED")  # for
    assert palette.relationship("REJECTED") == palette.relationship("CRITICISED")  # against
    assert palette.relationship("CONSIDERED") == palette.relationship("MEMBER_OF")  # neither
    assert palette.relationship("RAISED_CONCERN") == palette.relationship("CONSIDERED")  # now one, now the other
    assert len({palette.relationship(type_) for type_ in ("DEMANDED", "REJECTED", "CONSIDERED")}) == 3
