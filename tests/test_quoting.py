"""From words to an evidence entry: pasted, it checks clean."""

from __future__ import annotations

import yaml
from hypothesis import given
from hypothesis import strategies as st

from negograph.quotes import MAX_CHARACTERS, MAX_WORDS, Text, word_count
from negograph.quoting import find_words

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


words = st.lists(
    st.sampled_from(["no", "the", "it's", '"a"', "b: c", "#d", "{e}", "- f", "012", "*g", "名", "é", "…", "don’t"]), min_size=1
)


@given(words, st.data())
def test_the_entry_of_each_place_pins_that_place(text: list[str], data: st.DataObject) -> None:
    whole = Text(" ".join(text))
    start = data.draw(st.integers(0, len(text) - 1))
    sought = " ".join(text[start : data.draw(st.integers(start + 1, len(text)))])
    for place in find_words("d", whole, sought):
        (entry,) = yaml.safe_load(place.evidence)
        assert word_count(entry["quote"]) <= MAX_WORDS
        assert len(entry["quote"]) <= MAX_CHARACTERS
        found = whole.places(entry["quote"], entry.get("prefix", ""), entry.get("suffix", ""))
        assert found
        if not {"prefix", "suffix"}.isdisjoint(entry):
            assert len(found) == 1
