"""Hints: a word that is near enough to be meant is named, and one that is only alike is not."""

from __future__ import annotations

import pytest

from negograph.problems.problem import did_you_mean, nearest


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("norht", "north"),  # one edit in 5 letters: two neighbours changed places
        ("State", "state"),  # none: case does not count
        ("dat", "date"),  # one in 4
        ("bye", "by"),  # one in 3
        ("partys", "parties"),  # two in 7
        ("partie", "party"),  # two in 6, and it begins like it
        ("offer", "offered"),  # two in 7
        ("sha-256", "sha256"),
        ("responded to", "responded_to"),
        ("coordinated", "coordinated_with"),  # five in 16
        ("nato-no-expansoin", "nato-no-expansion"),
    ],
)
def test_a_slip_of_the_pen_is_told_with_what_is_meant(word: str, meant: str) -> None:
    assert did_you_mean(word, ["evidence", meant, "kind"]) == f"; did you mean {meant!r}?"


@pytest.mark.parametrize(
    ("word", "alike"),
    [
        ("bracketed", "accepted"),  # four edits in 9 letters
        ("demand", "depend"),  # two in 6
        ("expected", "rejected"),  # three in 8
        ("mentioned", "mediated"),  # four in 9
        ("north", "south"),  # two in 5
        ("reason", "person"),  # two in 6
        ("by", "to"),
        ("", "to"),
    ],
)
def test_another_word_that_is_only_alike_is_not_named(word: str, alike: str) -> None:
    assert did_you_mean(word, [alike]) == ""


def test_of_several_the_nearest_is_meant_and_of_equals_the_first() -> None:
    assert nearest("fact-13", {"fact-133": "a", "fact-12": "b", "fact-1": "c"}) == "a"  # one edit of 8, not of 7
    assert nearest("fact-13", {"fact-12": "b", "fact-14": "c"}) == "b"
