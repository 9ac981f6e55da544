"""Quotes marked in a text: in its own letters, sentence by sentence."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from negograph.text.marking import Mark, SourceText, marked
from negograph.text.quotes import Text


def shown(content: str, **quotes: str) -> list[list[str]]:
    """The paragraphs of a text in sentences: quotes in brackets with the facts that they end for, those rested on with a star."""
    text = Text(content)
    marks = [Mark(span, fact) for fact, quote in quotes.items() for span in text.places(quote)]
    return [
        [
            "".join(f"[{p.text}]{','.join(p.ends)}" if p.quoted else p.text for p in sentence.pieces) + "*" * sentence.rested_on
            for sentence in paragraph
        ]
        for paragraph in marked(text, marks)
    ]


def test_a_quote_is_marked_and_the_sentences_that_no_fact_rests_on_are_plain() -> None:
    found = shown("The mayor said no. Nobody knew why. It rained.", refusal="said no")
    assert found == [["The mayor [said no]refusal. *", "Nobody knew why. ", "It rained."]]


def test_the_text_is_shown_in_its_own_letters_though_quotes_are_found_in_plainer_ones() -> None:
    found = shown("“We\u00ad  accept\tit”, said the mayor – at\n last.", a='"We accept it"', b="mayor - at last")
    assert found == [["[“We\u00ad  accept\tit”]a, said the [mayor – at\n last]b.*"]]


def test_composed_and_decomposed_letters_are_the_same() -> None:
    assert shown("The E\u0301toile sails. Good.", boat="Étoile sails") == [["The [E\u0301toile sails]boat. *", "Good."]]


def test_quotes_that_overlap_are_each_marked_to_their_ends() -> None:
    assert shown("one two three four", a="one two three", b="two three four") == [["[one ][two three]a[ four]b*"]]


def test_a_passage_with_an_ellipsis_is_marked_whole() -> None:
    found = shown("First it rained. Then it snowed.\n\nIt ended.", weather="it rained … it snowed")
    assert found == [["First [it rained. ]*", "[Then it snowed]weather.*"], ["It ended."]]


def test_an_initial_a_title_or_a_number_ends_no_sentence_but_a_line_does() -> None:
    found = shown("Mr. Ray of the U.S. Senate came. 2. He went to B.\nThen home.")
    assert found == [["Mr. Ray of the U.S. Senate came. ", "2. He went to B.\n", "Then home."]]


def test_what_is_counted() -> None:
    text = Text("No. Yes. Perhaps.")
    source = SourceText("d", "D", marked(text, [Mark(span, "f") for span in text.places("Yes")]))
    assert (source.sentences, source.plain) == (3, 2)


@given(st.text(alphabet=st.sampled_from("aB. \n\t\r“”–e\u0301\u00ad\u200b\ufeff한ᄒ\u1161ﬁ…\u0345\u0308")))
def test_nothing_of_a_text_is_lost_but_blanks_between_paragraphs(content: str) -> None:
    text = Text(content)
    whole = "".join(piece.text for paragraph in marked(text, []) for sentence in paragraph for piece in sentence.pieces)
    kept = ("".join(one.split()) for one in (whole, content))
    alike = ("".join(one.split()) for one in (whole, text.folded))
    assert len(set(kept)) == 1 or len(set(alike)) == 1
