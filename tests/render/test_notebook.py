"""Answers in a notebook: a graph as a picture, everything else as a table, and always as text."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from negograph.database.results import Evidence, Result, ResultNode, ResultPath, ResultRelationship, ResultValue
from negograph.render.forms import render
from negograph.render.notebook import shown
from negograph.text.characters import visible

GUILD = ResultNode(("Party",), {"id": "guild", "name": "Pilots' Guild"}, "1")
BOAT = ResultNode(("Proposal",), {"id": "boat", "name": "Pilot boat"}, "2")
OFFERED = ResultRelationship("OFFERED", GUILD, BOAT, {"label": "offered"})


def cells(html: str) -> list[list[str]]:
    """The texts of a table in HTML, its head first."""
    page = ET.fromstring(f"<div>{html}</div>")
    return [["".join(cell.itertext()) for cell in row] for row in page.iter("tr")]


def star(points: int) -> Result:
    """A graph with that many nodes around one."""
    nodes = [ResultNode(("Party",), {"id": f"n{number}", "name": f"N {number}"}, f"n{number}") for number in range(points)]
    return Result(("edge",), tuple((ResultRelationship("MEMBER_OF", node, GUILD, {}),) for node in nodes))


def test_a_table_is_text_and_html() -> None:
    result = Result(
        ("by", "according_to", "share", "day", "sure", "on"),
        (("Étoile", None, 0.123456, date(2022, 1, 26), True, ["tolls", "quay"]), ("Guild", "x", 2, None, False, [])),
    )
    bundle = shown(result)
    assert sorted(bundle) == ["text/html", "text/plain"]
    assert bundle["text/plain"] == render(result, "table", 132)
    assert cells(bundle["text/html"]) == [
        ["by", "according_to", "share", "day", "sure", "on"],
        ["Étoile", "", "0.1235", "2022-01-26", "yes", "tolls, quay"],
        ["Guild", "x", "2", "", "no", ""],
    ]


def test_a_graph_is_a_picture() -> None:
    edge_in_a_path = ResultPath((GUILD, BOAT), (OFFERED,))
    values: list[ResultValue] = [OFFERED, edge_in_a_path, [OFFERED], {"edge": OFFERED}]
    for value in values:
        bundle = shown(Result(("party", "edge"), ((GUILD, value),)))
        assert sorted(bundle) == ["image/svg+xml", "text/plain"]
        assert "Pilots&#x27; Guild" in bundle["image/svg+xml"]
        assert bundle["text/plain"].endswith("(1 row)\n")


def test_nodes_without_relationships_are_a_table() -> None:
    bundle = shown(Result(("party", "others"), ((GUILD, [BOAT]),)))
    assert cells(bundle["text/html"]) == [["party", "others"], ["Pilots' Guild", "Pilot boat"]]


def test_a_graph_that_is_too_large_to_be_read_as_a_picture_is_a_table() -> None:
    assert sorted(shown(star(149))) == ["image/svg+xml", "text/plain"]  # with the one in the middle 150
    bundle = shown(star(150))
    assert sorted(bundle) == ["text/html", "text/plain"]
    assert cells(bundle["text/html"])[:2] == [["edge"], ["N 0 → member of → Pilots' Guild"]]


def test_a_page_shows_the_first_200_rows_and_says_how_many_there_are() -> None:
    all_shown = shown(Result(("n",), tuple((number,) for number in range(200))))["text/html"]
    assert len(cells(all_shown)) == 201
    assert "rows" not in all_shown
    some_shown = shown(Result(("n",), tuple((number,) for number in range(201))))["text/html"]
    assert cells(some_shown)[-1] == ["199"]
    assert len(cells(some_shown)) == 201
    assert some_shown.endswith("<p>200 of 201 rows</p>")


def test_an_empty_answer_is_its_columns() -> None:
    bundle = shown(Result(("by", "what"), ()))
    assert cells(bundle["text/html"]) == [["by", "what"]]
    assert bundle["text/plain"] == "by  what\n──  ────\n(0 rows)\n"


def test_the_ids_of_facts_behind_each_row_are_not_for_reading() -> None:
    bundle = shown(Result(("by", "facts"), (("Guild", ["guild-offers-boat"]),)))
    assert cells(bundle["text/html"]) == [["by"], ["Guild"]]
    assert "guild-offers-boat" not in bundle["text/plain"]


def test_names_are_text_and_nothing_else() -> None:
    html = shown(Result(("<b>by</b>",), (("<script>alert('x')</script> & &amp;",),)))["text/html"]
    assert "<script" not in html
    assert "<b>" not in html
    assert cells(html) == [["<b>by</b>"], ["<script>alert('x')</script> & &amp;"]]


def test_each_fact_of_the_evidence_is_a_line_of_its_own() -> None:
    facts: list[ResultValue] = [Evidence("a", "A act", (("one", "Doc"),)), Evidence("b", "B act", (("two", "Doc"),))]
    html = shown(Result(("by", "evidence"), (("Guild", facts),)))["text/html"]
    assert "\\n" not in html
    assert [line for line in ("a: “one” (Doc)", "b: “two” (Doc)") if line in html] == ["a: “one” (Doc)", "b: “two” (Doc)"]


def test_a_quote_is_shown_whole() -> None:
    quote = " ".join(["word"] * 60)
    assert cells(shown(Result(("quote",), ((quote,),)))["text/html"]) == [["quote"], [quote]]


@settings(deadline=None, max_examples=50)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"], exclude_characters="\ufffe\uffff"))))
def test_whatever_things_are_called_the_page_says_it(words: list[str]) -> None:
    result = Result(("by",), tuple((word,) for word in words))
    said = [[cell.strip() for cell in row] for row in cells(shown(result)["text/html"])]
    assert said == [["by"], *([visible(word).strip()] for word in words)]
