"""From words to an evidence entry: pasted, it checks clean."""

from __future__ import annotations

import unicodedata

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from negograph.text.characters import INVISIBLE
from negograph.text.quotes import MAX_CHARACTERS, MAX_WORDS, Text, fold, parts_of, word_count
from negograph.text.selectors import Place, find_words

TEXT = Text(
    "The mayor said: the ferry will not run on Sundays.\n"
    "“The harbour master’s office” called it a pity, no more. The ferry will run again in May, the mayor said.\n"
    "One two three four five six seven eight nine ten eleven twelve thirteen fourteen.\n"
)


def test_each_place_has_its_line_and_surroundings() -> None:
    (place,) = find_words("paper", TEXT, "called it a pity")
    assert (place.line, place.passage) == (2, "called it a pity")
    assert place.before.endswith("master's office\" ")
    assert place.after.startswith(", no more.")
    assert place.evidence == "- {document: paper, quote: called it a pity}"


def test_words_that_stand_twice_are_told_apart_by_what_follows_or_comes_before() -> None:
    said = find_words("paper", TEXT, "mayor said")
    assert [place.evidence for place in said] == [
        "- {document: paper, quote: mayor said, suffix: ': the'}",
        "- {document: paper, quote: mayor said, suffix: . One}",
    ]


def test_of_a_long_passage_the_ends_are_quoted() -> None:
    (place,) = find_words("paper", TEXT, "One two three four five six seven eight nine ten eleven twelve thirteen")
    assert place.evidence == "- {document: paper, quote: One two three four five … nine ten eleven twelve thirteen}"


def test_words_that_are_not_there_have_no_place() -> None:
    assert find_words("paper", TEXT, "the ferry sank") == []


def quotes_of(text: Text, words: str) -> list[dict[str, str]]:
    """The entries of all places, each without its document; empty where there is none."""
    return [dict(list(entry_of(place).items())[1:]) for place in find_words("paper", text, words)]


def entry_of(place: Place) -> dict[str, str]:
    (entry,) = yaml.safe_load(place.evidence) if place.evidence else [{}]
    return dict(entry)


def test_a_script_without_blanks_is_cut_between_its_characters() -> None:
    passage = "".join(chr(0x4E00 + number) for number in range(160))
    assert quotes_of(Text(f"前{passage}后"), passage) == [{"quote": f"{passage[:24]} … {passage[-24:]}"}]


def test_a_long_address_is_cut_at_its_punctuation() -> None:
    address = f"https://example.org/{'a' * 20}/{'b' * 120}/{'c' * 20}.html"
    assert quotes_of(Text(f"see {address} for more"), address) == [{"quote": f"https://example.org/ … {'.html'}"}]


@pytest.mark.parametrize(
    ("text", "words", "obstacle"),
    [
        (f"{'a' * 100} {'b' * 100}", None, "its words are too long for a quote of 150 characters"),
        ("a" * 151, None, "its words are too long for a quote of 150 characters"),
        (" ".join(str(number) for number in range(600)), None, "has 2289 characters, and a quote spans 2000 at most"),
        ("no " * 14, None, "its last words stand in it more than once"),
        ("so it went on. " * 300, "it went", "1000 characters before and after do not tell them apart"),
    ],
)
def test_where_no_entry_can_pin_a_place_the_reason_is_said(text: str, words: str | None, obstacle: str) -> None:
    places = find_words("paper", Text(text), words or text)
    unpinned = [place for place in places if not place.evidence]
    assert unpinned
    assert all(obstacle in place.obstacle for place in unpinned)


def line(words: int) -> str:
    return " ".join(f"w{number}" for number in range(words))


def test_in_a_repeated_line_the_context_reaches_to_where_the_lines_differ() -> None:
    """Of 60 words, w30 has 29 after it: the first line goes on with "Then" after these, the second with "So"."""
    text = Text(f"{line(60)}\nThen {line(60)}\nSo it ended.")
    rest = " ".join(f"w{number}" for number in range(31, 60))
    assert quotes_of(text, "w30") == [{"quote": "w30", "suffix": f"{rest} Then"}, {"quote": "w30", "suffix": f"{rest} So"}]


def test_a_line_between_two_like_it_is_told_from_them_by_both_sides() -> None:
    """w15 has 15 words before it and 14 after it in its line; as many are given on both sides as tell it from both."""
    first, middle, third = quotes_of(Text(f"Begin. {line(30)}\n{line(30)}\n{line(30)}\nEnd."), "w15")
    before, after = (" ".join(f"w{number}" for number in numbers) for numbers in (range(15), range(16, 30)))
    assert first == {"quote": "w15", "prefix": f"Begin. {before}"}
    assert middle == {"quote": "w15", "prefix": f"w29 {before}", "suffix": f"{after} w0 w1"}
    assert third == {"quote": "w15", "suffix": f"{after} End"}


def test_only_the_wanted_places_are_worked_out() -> None:
    spans = TEXT.places("ferry")
    assert find_words("paper", TEXT, "ferry", spans[:1]) == find_words("paper", TEXT, "ferry")[:1]


def test_an_entry_has_no_characters_that_the_check_refuses() -> None:
    text = Text("The \u200eharbour\u200f master\u2060 said no.")
    assert quotes_of(text, "harbour\u200b master … no") == [{"quote": "harbour master … no"}]


pieces = st.sampled_from(
    [
        *("a", "b", "ab", "no", "it's", "'a'", "b: c", "#d", "{e}", "- f", "012", "*g", "don’t", "x" * 60, "https://a.b/c"),
        *(
            "…",
            "...",
            "[…]",
            ".",
            ",",
            "–",
            "\n",
            "名",
            "北约",
            "ก็",
            "é",
            "q\u0303",
            "\u0301",
            "\u200b",
            "\u200f",
            "\x07",
            "\x1c",
        ),
    ]
)
texts = st.lists(pieces | st.tuples(pieces, st.just(" ")).map("".join), min_size=1, max_size=40)
repeated = st.tuples(texts, st.integers(1, 4), st.sampled_from(["", " ", "\n"]), texts).map(
    lambda drawn: [piece for _ in range(drawn[1]) for piece in [*drawn[0], drawn[2]]] + drawn[3]
)


@settings(max_examples=300, deadline=None)
@given(repeated, st.data())
def test_each_entry_pins_its_place_and_the_others_are_said_to_have_none(text: list[str], data: st.DataObject) -> None:
    whole = Text("".join(text))
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    gap = data.draw(st.integers(start + 1, end))
    sought = data.draw(st.sampled_from(["".join(text[start:end]), f"{''.join(text[start:gap])} … {''.join(text[gap:end])}"]))
    spans = whole.places(sought)
    places = find_words("d", whole, sought)
    assert [place.passage for place in places] == [whole.folded[slice(*span)] for span in spans]
    for place, span in zip(places, spans, strict=True):
        assert bool(place.evidence) != bool(place.obstacle)
        if place.obstacle:  # a few words are always told from others by all that stands around them
            short = len(place.passage) <= MAX_CHARACTERS and len(place.passage.split()) <= MAX_WORDS
            assert len(parts_of(fold(sought))) > 1 or not short or len(whole.folded) > 1000
            continue
        entry = entry_of(place)
        assert word_count(entry["quote"]) <= MAX_WORDS
        assert len(entry["quote"]) <= MAX_CHARACTERS
        assert whole.places(entry["quote"], entry.get("prefix", ""), entry.get("suffix", "")) == [span]
        assert all(not INVISIBLE.search(value) and unicodedata.is_normalized("NFC", value) for value in entry.values())
