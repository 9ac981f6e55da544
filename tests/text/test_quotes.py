"""Quotes: found exactly, but for white space, quotation marks, apostrophes, dashes and what nobody sees."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from negograph.text import quotes
from negograph.text.characters import INVISIBLE
from negograph.text.quotes import Text, fold, word_count

TEXT = Text(
    "The mayor said the ferry\u00a0will not\nrun on Sundays. The harbour master’s office called it “a pity” – no more.\n"
    "The ferry will run again in May, the mayor said."
)


def by_index(text: Text) -> Text:
    """The same text, in which so many quotes were looked up before that it goes by the index of its words."""
    indexed = Text(text.content)
    indexed._looked_up = quotes._INDEX_PAYS_FROM
    return indexed


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
    assert len(TEXT.places(quote)) == times
    assert by_index(TEXT).places(quote) == TEXT.places(quote)


def test_a_prefix_or_a_suffix_tells_two_places_apart() -> None:
    assert len(TEXT.places("mayor said", prefix="The")) == 1
    assert len(TEXT.places("mayor said", suffix="the ferry")) == 1
    assert len(TEXT.places("mayor said", suffix=".")) == 1
    assert len(TEXT.places("mayor said", prefix="in May")) == 0
    assert len(TEXT.places("mayor said", prefix="in May, the")) == 1


def test_the_nearest_passage_of_a_quote_that_is_not_there() -> None:
    assert TEXT.nearest("the ferry will not swim") == "the ferry will not run"
    assert TEXT.nearest("nothing alike anywhere") == ""


def test_of_passages_that_are_as_near_the_first_rare_word_of_the_quote_decides() -> None:
    """So it is the same in every run: the order of a set of words would change."""
    text = Text("11111 alpha 22222. 33333 33333 33333. 44444 gamma 55555.")
    assert "alpha" in text.nearest("alpha gamma")
    assert "gamma" in text.nearest("gamma alpha")


def test_a_script_without_blanks_has_no_whole_words() -> None:
    text = Text("俄罗斯要求北约不扩张到东方。")
    assert text.places("北约不扩张") == by_index(text).places("北约不扩张") == [(5, 10)]


def test_many_gaps_in_a_long_text_need_no_backtracking() -> None:
    """Sought as a pattern, this took minutes."""
    text = Text("the cat and the dog and the bird saw the man. " * 20_000)
    assert text.places("the … the … the … the … the … missing") == []


def test_the_end_of_a_passage_is_not_sought_anew_from_each_of_its_beginnings() -> None:
    text = Text("b xa " * 200_000)
    began = time.monotonic()
    assert text.places("b … a") == []
    assert time.monotonic() - began < 5


@given(
    st.text(alphabet="ab xé", max_size=60),
    st.lists(st.text(alphabet="ab ", min_size=1, max_size=3).filter(str.strip), min_size=2, max_size=4),
)
def test_a_passage_ends_where_it_ends_when_it_is_looked_up_alone(words: str, parts: list[str]) -> None:
    text, quote = Text(words), " … ".join(parts)
    alone = [(start, text.end_at(quote, start)) for start in range(len(text.folded))]
    assert text.places(quote) == [(start, end) for start, end in alone if end is not None]


def test_an_ellipsis_is_no_word() -> None:
    assert word_count("The mayor … on Sundays") == 4


words = st.lists(st.text(alphabet="abcdé'’-", min_size=1, max_size=5), min_size=3, max_size=20)


@given(words, st.data())
def test_any_run_of_words_of_a_text_is_found_in_it(text: list[str], data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    whole, quote = Text(" \n".join(text)), "\u00a0".join(text[start:end])
    found = whole.places(quote)
    assert (len(fold(" ".join(text[:start]) + " ")) + bool(start), fold(quote)) in [(a, whole.folded[a:b]) for a, b in found]
    assert by_index(whole).places(quote) == found


def test_a_place_of_the_folded_text_is_in_a_line_of_the_text() -> None:
    text = Text("one\n\n  two  three\r\nfour\u2028\f\x85five")  # what editors take for one line
    assert text.folded == "one two three four five"
    assert [text.line_of(text.folded.index(word)) for word in ("one", "two", "three", "four", "five")] == [1, 3, 3, 4, 4]


def test_a_text_in_another_normalisation_form_is_the_same_text() -> None:
    assert len(Text("the cafe\u0301 on the quay").places("the café on")) == 1


@pytest.mark.parametrize(
    "unseen", ["\u200e", "\u200f", "\u2060", "\u00ad", "\u200b", "\ufeff", "\x00", "\x1c", "\x7f", "\U000e0041"]
)
def test_characters_that_nobody_sees_count_neither_in_the_text_nor_in_the_quote(unseen: str) -> None:
    text = Text(f"The fer{unseen}ry {unseen}will run.\n{unseen}\n{unseen}In May{unseen} it stops – no more.")
    assert text.folded == "The ferry will run. In May it stops - no more."
    for whole in (text, Text(f"The fer{unseen}ry {unseen}will run in May.")):  # the second in ASCII, if the character is
        assert whole.places(f"ferry will{unseen} run") == [(4, 18)]
    assert [text.line_of(text.folded.index(word)) for word in ("ferry", "In", "stops")] == [1, 3, 3]


@given(
    st.text(
        st.one_of(st.sampled_from("ab \n\x07\x1c`´\u1fef\u1ffd\u200b\u0301\u1100\u1160\u1161…"), st.characters(codec="utf-8"))
    )
)
def test_folding_what_is_folded_changes_nothing_and_leaves_nothing_that_the_check_refuses(text: str) -> None:
    folded = fold(text)
    assert fold(folded) == folded
    assert not INVISIBLE.search(folded)
    assert unicodedata.is_normalized("NFC", folded)
