"""Where the nodes of a picture stand: near their neighbours, and no box on another."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from negograph.render.detours import around_boxes
from negograph.render.layout import Array, components, covered, lay_out
from negograph.render.placing import Wanted, Way, bends, folded, place_labels, text_width, way_between
from negograph.render.untangling import untangled

FRAME = (900.0, 600.0)
MOST = 12


def boxes(count: int, width: float = 90.0, height: float = 24.0) -> Array:
    return np.full((count, 2), (width, height))


def distance(points: Array, one: int, other: int) -> float:
    return float(np.hypot(*(points[one] - points[other])))


def test_neighbours_on_a_path_are_nearer_than_its_ends() -> None:
    points = lay_out([(0, 1), (1, 2), (2, 3), (3, 4)], boxes(5), FRAME)
    assert all(distance(points, one, one + 1) < distance(points, 0, 4) / 2 for one in range(4))
    assert abs(points[0, 0] - points[4, 0]) > abs(points[0, 1] - points[4, 1])  # the long side lies across


def test_what_hangs_together_is_one_part_the_largest_first() -> None:
    assert components(6, [(4, 5), (1, 2), (2, 3), (3, 1), (0, 0)]) == [[1, 2, 3], [4, 5], [0]]


def test_parts_lie_beside_each_other() -> None:
    links = [(0, 1), (1, 2), (2, 0), (3, 4), (4, 5), (5, 3)]
    points = lay_out(links, boxes(6), FRAME)
    one, other = points[:3], points[3:]
    apart = [(other.min(axis=0) - one.max(axis=0)).max(), (one.min(axis=0) - other.max(axis=0)).max()]
    assert max(apart) > 0


def test_a_crowd_that_has_no_room_is_told() -> None:
    crowd = boxes(40, 200.0, 100.0)
    assert covered(lay_out([], crowd, FRAME), crowd)


@settings(deadline=None, max_examples=40)
@given(
    st.integers(1, MOST).flatmap(
        lambda count: st.tuples(
            st.lists(st.tuples(st.floats(20, 160), st.floats(15, 60)), min_size=count, max_size=count),
            st.lists(st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)), max_size=25),
        )
    )
)
def test_no_box_covers_another_and_all_are_in_the_frame(drawn: tuple[list[tuple[float, float]], list[tuple[int, int]]]) -> None:
    sizes, links = np.array(drawn[0]), drawn[1]
    laid = lay_out(links, sizes, FRAME)
    for points in (laid, untangled(laid, sizes, links, FRAME)):
        assert not covered(points, sizes)
        assert (points - sizes / 2 >= 0).all()
        assert (points + sizes / 2 <= np.array(FRAME)).all()


def test_a_box_in_the_way_of_a_line_is_moved_out_of_it() -> None:
    points = np.array([(100.0, 300.0), (450.0, 300.0), (800.0, 300.0)])
    moved = untangled(points, boxes(3), [(0, 2)], FRAME)
    (left, middle, right) = moved
    on_line = left[1] + (right[1] - left[1]) * (middle[0] - left[0]) / (right[0] - left[0])
    assert abs(middle[1] - on_line) > 12


def test_lines_that_cross_without_need_are_untangled() -> None:
    points = np.array([(100.0, 100.0), (800.0, 500.0), (100.0, 500.0), (800.0, 100.0)])
    moved = untangled(points, boxes(4), [(0, 1), (2, 3)], FRAME)

    one, two, three, four = (complex(*point) for point in moved)
    parted = [((b - a).conjugate() * (p - a)).imag > 0 for a, b in ((one, two),) for p in (three, four)]
    parted_too = [((b - a).conjugate() * (p - a)).imag > 0 for a, b in ((three, four),) for p in (one, two)]
    assert parted[0] == parted[1] or parted_too[0] == parted_too[1]


def test_a_line_ends_at_the_borders_of_its_boxes() -> None:
    way = way_between((100, 100), (500, 100), ((80, 20), (60, 20)), 0, 8)
    assert way.start == pytest.approx((141.5, 100), abs=0.2)
    assert way.tip == pytest.approx((468.5, 100), abs=0.2)
    assert way.end == pytest.approx((460.5, 100), abs=0.2)


def test_lines_between_the_same_two_are_bent_apart_whichever_way_they_lead() -> None:
    assert bends([(0, 1), (1, 0), (2, 3), (0, 1)]) == [-26.0, 0.0, 0.0, 26.0]
    assert bends([(0, 1), (1, 0)]) == [-13.0, -13.0]  # seen from its own beginning, each to another side
    assert bends([(0, 1)] * 9)[0] == -4 * 26 * 4 / 9


SMALL, LARGE = Wanted(((60, 14),), must=False), Wanted(((100, 14),), must=False)


def test_a_label_stands_on_its_line_where_nothing_is_covered() -> None:
    way = Way((100, 100), (300, 100), (500, 100), (500, 100))
    free = np.zeros((0, 4))
    assert place_labels([way], [SMALL], [0], free, FRAME) == {0: (0, (300, 100))}
    taken = np.array([(270, 90, 330, 110)])
    _, (x, y) = place_labels([way], [SMALL], [0], taken, FRAME)[0]
    assert y == pytest.approx(100)
    assert x + 30 <= 270 or x - 30 >= 330
    assert place_labels([way], [SMALL], [0], np.array([(0, 0, 900, 600)]), FRAME) == {}
    (_, first), (_, second) = (place_labels([way, way], [LARGE, LARGE], [1, 0], free, FRAME)[number] for number in (1, 0))
    assert first == pytest.approx((300, 100))
    assert abs(second[0] - first[0]) >= 100


def test_a_label_that_must_be_shown_takes_a_shorter_form_a_place_beside_its_line_or_covers_what_is_there() -> None:
    way, free = Way((100, 100), (150, 100), (200, 100), (200, 100)), np.zeros((0, 4))
    wanted = Wanted(((300, 14), (90, 14), (8, 14)), must=True)
    around = np.array([(0, 0, 900, 80), (0, 120, 900, 600)])  # an aisle of 40 pixels, the line in its middle
    walls = np.array([(0, 0, 100, 600), (200, 0, 900, 600)])
    assert place_labels([way], [wanted], [0], free, FRAME)[0][0] == 0  # beside the line, which it would hide
    which, (_, y) = place_labels([way], [wanted], [0], np.vstack([around, walls]), FRAME)[0]
    assert which == 1
    assert abs(y - 100) == pytest.approx(0.6 * 14)
    assert place_labels([way], [wanted], [0], np.array([(0, 0, 900, 600)]), FRAME) == {0: (2, (150, 100))}


def test_a_line_is_bent_around_a_box_that_it_does_not_lead_to() -> None:
    points, boxes = np.array([(100.0, 300.0), (800.0, 300.0), (450.0, 300.0)]), np.array([(80.0, 20.0)] * 3)
    assert around_boxes([0.0], [(0, 1)], points[:2], boxes[:2], FRAME) == [0.0]
    (bend,) = around_boxes([0.0], [(0, 1)], points, boxes, FRAME)
    assert 14 <= abs(bend) <= 26  # half a box, four pixels more, and a step at most
    bent = around_boxes([0.0, 0.0], [(0, 1), (1, 0)], points, boxes, FRAME)
    assert bent[0] * -bent[1] != pytest.approx(bent[0] ** 2)  # seen from one end, they do not lie on each other
    wall = np.array([(80.0, 20.0), (80.0, 20.0), (80.0, 590.0)])
    assert around_boxes([5.0], [(0, 1)], points, wall, FRAME) == [5.0]  # there is no way around it


def test_a_text_is_folded_between_words_into_lines_of_about_the_same_length() -> None:
    assert folded("NATO", 10) == ("NATO",)

    lines = folded("The right of each country to choose its own security arrangements", 10)
    assert " ".join(lines) == "The right of each country to choose its own security arrangements"
    assert max(map(text_width, lines)) <= 10
    assert folded("Donaudampfschifffahrtsgesellschaft", 10) == ("Donaudampfschifffahrtsgesellschaft",)
