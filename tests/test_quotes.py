"""Quotes: found exactly, but for white space, quotation marks, apostrophes and dashes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from negograph.quotes import fold, nearest, places, word_count

TEXT = fold(
    "The mayor said the ferry\u00a0will not\nrun on Sundays. The harbour master’s office called it “a pity” – no more.\n"
    "The ferry will run again in May, the mayor said."
)


@pytest.mark.parametrize(
    ("quote", "times"),
    [
        ("the ferry will not run", 1),
        ("the ferry will\u00a0not\u2009run", 1),
        ("master's office", 1),
        ('called it "a pity" - no more', 1),
        ("The mayor said", 1),  # "the mayor said" differs in its first letter
        ("mayor said", 2),
        ("The mayor … on Sundays", 1),
        ("The mayor ... on Sundays", 1),
        ("The mayor [...] on Sundays", 1),
        ("on Sundays … The mayor", 0),  # the order counts
        ("the ferry will run", 0),
        ("ferr", 0),  # no part of a word
        ("erry will", 0),
        ("", 0),
        ("…", 0),
        (".*", 0),  # a quote is no pattern
        ("The … the … the … missing", 0),
    ],
)
def test_how_often_a_quote_stands_in_a_text(quote: str, times: int) -> None:
    assert places(TEXT, quote) == times


def test_a_prefix_or_a_suffix_tells_two_places_apart() -> None:
    assert places(TEXT, "mayor said", prefix="The") == 1
    assert places(TEXT, "mayor said", suffix="the ferry") == 1
    assert places(TEXT, "mayor said", suffix=".") == 1
    assert places(TEXT, "mayor said", prefix="in May") == 0
    assert places(TEXT, "mayor said", prefix="in May, the") == 1


def test_the_nearest_passage_of_a_quote_that_is_not_there() -> None:
    assert nearest(TEXT, "the ferry will not swim") == "the ferry will not run"


def test_a_script_without_blanks_has_no_whole_words() -> None:
    assert places(fold("俄罗斯要求北约不扩张到东方。"), "北约不扩张") == 1


def test_many_gaps_in_a_long_text_need_no_backtracking() -> None:
    """Sought as a pattern, this took minutes."""
    text = fold("the cat and the dog and the bird saw the man. " * 20_000)
    assert places(text, "the … the … the … the … the … missing") == 0


def test_an_ellipsis_is_no_word() -> None:
    assert word_count("The mayor … on Sundays") == 4


words = st.lists(st.text(alphabet="abcdé'’-", min_size=1, max_size=5), min_size=3, max_size=20)


@given(words, st.data())
def test_any_run_of_words_of_a_text_is_found_in_it(text: list[str], data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    assert places(fold(" \n".join(text)), "\u00a0".join(text[start:end])) >= 1
