"""The parts of the page: all that others wrote is escaped and seen, wherever it stands."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import networkx
import pytest

from negograph.database.exploring import ActBehind, Acting, Listed
from negograph.database.facts import FactDetail, Named, Quote
from negograph.database.results import EdgeColumns, ResultNode
from negograph.operations.ask import Answer
from negograph.operations.explore import Details, Explored
from negograph.recipes.recipe import Parameter, Recipe
from negograph.render.palette import Palette
from negograph.web.explore.address import View
from negograph.web.explore.drawing import drawn
from negograph.web.explore.form import fields_of
from negograph.web.explore.parts import (
    answer_part,
    choose_part,
    cypher_part,
    details_part,
    filters_part,
    question_part,
    recipes_part,
    said_part,
    start_part,
)
from negograph.web.explore.start import items_of, parties_of
from negograph.web.explore.table import kept, table_of

EVIL = "<script>alert(1)</script>\"'`“”</style>]]>{{ 7 * 7 }}\u202e${x}"
COLUMNS = ("item", "put_forward_by", "item_is", "party", "standing", "said_by", "since", "attribution", "fact", "facts")


def explored(*rows: tuple[object, ...], columns: tuple[str, ...] = COLUMNS) -> Explored:
    """An answer of the recipe `standing`; the last column of each row holds the ids of its facts."""
    facts = tuple(tuple(map(str, row[-1])) if isinstance(row[-1], list) else () for row in rows)
    acts = {"f": ActBehind("own", frozenset({"north"})), "g": ActBehind("alleged", frozenset({"south"}))}
    answer = Answer(columns, rows, edges=EdgeColumns("party", "item", True))  # type: ignore[arg-type]
    return Explored(answer, {}, "", facts, acts, None, 0.1)


PUT = ("Tolls", ["North"], "put forward", "North", "put forward", None, "2021-02-01", "own", "f", ["f"])
SAID = ("Tolls", ["North"], "put forward", "South", "said to reject", "Mayor", "2021-03-01", "alleged", "g", ["g"])
OPEN = ("Tolls", ["North"], "put forward", "League", "has not answered", None, "2021-02-01", None, "f", ["f"])


def test_the_first_view_tells_where_each_party_stands_and_whose_word_that_is() -> None:
    items = items_of(explored(PUT, SAID, OPEN))
    assert items is not None
    (tolls,) = items
    assert (tolls.name, tolls.said) == ("Tolls", "by North · 2021-02-01")
    assert [(stand.party, stand.says, stand.side, stand.word) for stand in tolls.stands] == [
        ("South", "said to reject (Mayor)", "against", "alleged")
    ]
    assert [stand.party for stand in tolls.open] == ["League"]


def test_a_recipe_of_ones_own_in_the_place_of_standing_is_shown_as_it_answers() -> None:
    own = explored(("x", ["f"]), columns=("anything", "facts"))
    assert items_of(own) is None
    assert "<td><button" in start_part(own, [])


def test_whose_word_is_hidden_goes_and_what_nobody_said_stays() -> None:
    left = kept(explored(PUT, SAID, OPEN), View(hidden_words=frozenset({"own"})), "")
    assert [row[3] for row in left.answer.rows] == ["South", "League"]
    assert left.facts == (("g",), ("f",))


def test_of_a_party_stays_what_it_has_a_part_in() -> None:
    left = kept(explored(PUT, SAID, OPEN), View(party="south"), "South")
    assert [row[3] for row in left.answer.rows] == ["South"]


def test_a_kind_that_is_hidden_is_not_drawn() -> None:
    network: networkx.MultiDiGraph[str] = networkx.MultiDiGraph()
    network.add_node("a", kind="Party")
    network.add_node("b", kind="Issue")
    network.add_edge("a", "b", type="X")
    left = kept(replace(explored(PUT), network=network), View(hidden_kinds=frozenset({"Issue"})), "")
    assert left.network is not None
    assert list(left.network) == []  # what is joined to nothing any more goes too


def test_a_row_shows_by_its_mark_whose_word_it_is() -> None:
    assert [(row.word, row.pick) for row in table_of(explored(PUT, SAID, OPEN)).rows] == [
        ("own", "facts:f"),
        ("alleged", "facts:g"),
        ("", "facts:f"),
    ]


def test_where_nothing_is_found_it_says_what_that_means() -> None:
    assert "Nothing is found. Nobody took a stand.</p>" in answer_part(explored(), "", "nobody took a stand")
    assert "Nothing is found.</p>" in answer_part(explored(), "")
    assert "nobody" not in answer_part(explored(PUT), "", "nobody took a stand").casefold()


def test_that_no_answer_is_told_is_not_that_there_was_none() -> None:
    assert table_of(explored(OPEN)).rows[0].cells[4] == "no answer told"
    assert "No answer told: " in start_part(explored(PUT, OPEN), [])
    assert "not answered" not in start_part(explored(PUT, OPEN), [])


def test_what_is_implied_says_so_on_the_first_view() -> None:
    items = items_of(explored((*SAID[:-1], True, ["g"]), columns=(*COLUMNS[:-1], "implied", "facts")))
    assert items is not None
    assert [stand.says for stand in items[0].stands] == ["by implication: said to reject (Mayor)"]


FACT = FactDetail(
    id=EVIL,
    name=EVIL,
    attribution="alleged",
    by=(Named("Party", EVIL, EVIL),),
    to=(),
    about=(),
    speakers=(Named("Person", "m", EVIL),),
    sides=(Named("Party", "s", EVIL),),
    done_in=(Named("Document", "d", EVIL),),
    quotes=(Quote(EVIL, Named("Document", "d", EVIL), EVIL, "javascript:alert(1)"),),
    properties={"note": EVIL, "date": EVIL, "confidence": EVIL},
)
RECIPE = Recipe(EVIL, EVIL, EVIL, EVIL, "table", (Parameter("party", "party", True, EVIL),), f"// {EVIL}\nRETURN 1", Path("x"))
NODE = ResultNode(("Party",), {"id": EVIL, "name": EVIL, "url": "javascript:alert(1)", "aliases": [EVIL], "kind": EVIL})


def evil_parts() -> dict[str, str]:
    """Each part of the page where everything is hostile."""
    row = (EVIL, [EVIL], EVIL, EVIL, EVIL, EVIL, EVIL, EVIL, EVIL, [EVIL])
    answer = explored(row)
    network: networkx.MultiDiGraph[str] = networkx.MultiDiGraph()
    network.add_node(EVIL, kind=EVIL, name=EVIL)
    network.add_edge(EVIL, EVIL, type=EVIL, label=EVIL, fact=EVIL)
    network_answer = replace(answer, network=network)
    listed = [Listed("Party", EVIL, EVIL, EVIL, (EVIL,))]
    view = View(EVIL, {"party": EVIL}, party=EVIL)
    return {
        "recipes": recipes_part([RECIPE], EVIL),
        "question": question_part(EVIL, EVIL, fields_of(RECIPE, {"party": EVIL}, listed), ("party",), ((EVIL,), 0)),
        "filters": filters_part(network_answer, view, Palette({}, {}), [Acting(EVIL, EVIL, 1)]),
        "answer": answer_part(answer, EVIL),
        "start": start_part(answer, [Acting(EVIL, EVIL, 1)]),
        "choose": choose_part(RECIPE, View(EVIL), listed),
        "said": said_part([EVIL], [EVIL]),
        "cypher": cypher_part(RECIPE, replace(answer, given={"party": EVIL}, commands=EVIL)),
        "details": details_part(Details((FACT,), {EVIL: EVIL}, {(EVIL, "d", EVIL): EVIL}), [RECIPE]),
        "entry": details_part(Details((FACT, FACT), {EVIL: EVIL}, {}, NODE, ((EVIL, EVIL, EVIL),)), [RECIPE], [EVIL]),
        "picture": drawn(network, view, Palette({}, {}), (640, 480)).svg,
    }


@pytest.mark.parametrize("part", evil_parts().items(), ids=lambda part: part[0])
def test_hostile_texts_do_no_harm_in_any_part(part: tuple[str, str]) -> None:
    name, html = part
    if name == "picture":  # its data is for programs
        html = re.sub(r'data-\w+="[^"]*"', "", html)
    assert "<script" not in html
    assert "\u202e" not in html  # it would turn round what stands behind it
    assert 'href="javascript' not in html
    assert "49" not in html.replace("&#", "")  # a template in a value is not run
    assert "alert(1)" in html  # it is shown


def test_every_quote_stands_with_its_document_its_date_and_its_place() -> None:
    quote = Quote("we would run a ferry", Named("Document", "courier", "The Courier"), "2021-05-02", "https://example.org/1")
    fact = replace(FACT, id="f", name="North offered", quotes=(quote,), properties={"date": "2021-05-02"})
    html = details_part(Details((fact,), {"f": "seeds/facts.yaml:8"}, {("f", "courier", quote.words): "seeds/facts.yaml:14"}), [])
    for told in (
        "we would run a ferry",
        "The Courier",
        "seeds/facts.yaml:14",
        "seeds/facts.yaml:8",
        'href="https://example.org/1"',
    ):
        assert told in html


def test_a_recipe_is_asked_about_an_entry_if_it_needs_nothing_else() -> None:
    north = ResultNode(("Party",), {"id": "north", "name": "North"})
    two = replace(RECIPE, name="two", title="Two", parameters=(*RECIPE.parameters, Parameter("other", "party", True, "")))
    one = replace(RECIPE, name="one", title="One")
    html = details_part(Details((), {}, {}, north), [one, two])
    assert 'href="/recipe/one?party=north"' in html
    assert "Two" not in html


def test_what_a_party_did_by_anothers_word_alone_is_not_counted_as_its_acts() -> None:
    said = [
        party.acts
        for party in parties_of([Acting("a", "A", 2, 1), Acting("b", "B", 1), Acting("c", "C", 0, 3), Acting("d", "D", 0)])
    ]
    assert said == ["2 acts, 1 alleged", "1 act", "3 alleged", ""]
