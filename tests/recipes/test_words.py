"""What recipes say of parties and their words, on a small negotiation of several sides: each answer is worked out by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from negograph.database.store import Store
from negograph.project import shipped
from negograph.recipes.check import run_recipe
from negograph.recipes.recipe import Argument
from tests.conftest import cypher, load_project, recipes_in

RECIPES = recipes_in(shipped("queries"))

SEEDS = """\
dataset: {id: words, title: A negotiation in which a group speaks through a member}
parties:
  - {id: union, name: Union, kind: group}
  - {id: ay, name: Ay, kind: state, member_of: union}
  - {id: be, name: Be, kind: state, member_of: [union, club]}
  - {id: ce, name: Ce, kind: state, member_of: club}
  - {id: de, name: De, kind: state}
  - {id: club, name: Club, kind: organisation}
  - {id: blank, name: Blank, kind: group}
  - {id: em, name: Em, kind: state, member_of: blank}
  - {id: table, name: Round table, kind: body, participants: [ay, de, em, ef]}
  - {id: ef, name: Ef, kind: state}
people:
  - {id: ann, name: Ann, speaks_for: ay, office: Envoy}
  - {id: dan, name: Dan, speaks_for: de}
documents: [{id: d, kind: report, name: Minutes, date: 2022-05-31}, {id: paper, kind: draft, name: Paper of De, issued_by: de}]
issues: [{id: peace, name: Peace, aliases: [Quiet]}]
proposals: [{id: plan, name: Plan}, {id: pact, name: Pact}]
facts:
  - {id: de-proposes, action: proposed, by: de, to: [union, table], what: plan, in: paper, date: 2022-01-01,
     evidence: &e [{document: d, quote: q}]}
  - {id: dan-says-union-rejects, action: rejected, by: union, to: de, what: plan, according_to: dan,
     date: 2022-01-10, said: 2022-03-01, evidence: *e}
  - {id: ann-for-union, action: accepted, by: union, what: plan, according_to: ann, on_behalf_of: union,
     modality: conditional, condition: De pays, date: 2022-02-01, turn: 2, evidence: *e}
  - {id: zeroth, action: stated, by: de, what: peace, says: it wants peace, according_to: dan,
     date: 2022-02-01, turn: 1, evidence: *e}
  - {id: ann-for-ay, action: opposed, by: ay, what: plan, according_to: ann, date: 2022-02-02, evidence: *e}
  - {id: de-criticises-ay, action: criticised, by: de, what: ay, says: Ay threatens peace, according_to: dan,
     date: 2022-02-03, evidence: *e}
  - {id: be-for-union, action: opposed, by: union, what: pact, according_to: be, on_behalf_of: union,
     date: 2022-02-04, evidence: *e}
  - {id: dan-says-ay-accepts, action: accepted, by: ay, to: ce, what: pact, according_to: dan, date: 2022-02-05, evidence: *e}
  - {id: ann-for-ce, action: supported, by: ce, what: pact, according_to: ann, on_behalf_of: ce,
     date: 2022-02-06, evidence: *e}
  - {id: ef-is-silent, action: left_unanswered, by: ef, what: plan, date: 2022-02-07, evidence: *e}
  - {id: dan-says-em-accepts, action: accepted, by: em, what: plan, according_to: dan, date: 2022-02-08, evidence: *e}
  - {id: club-to-union, action: pledged, by: club, to: union, what: peace, date: 2022-02-09, evidence: *e}
"""


@pytest.fixture
def talks(session_store: Store, tmp_path: Path) -> Store:
    if cypher(session_store, "MATCH (d:Dataset) RETURN d.id") != [["words"]]:
        (tmp_path / "seeds").mkdir()
        (tmp_path / "seeds" / "all.yaml").write_text(SEEDS, encoding="utf-8")
        cypher(session_store, "MATCH (n) DETACH DELETE n")
        load_project(session_store, tmp_path)
    return session_store


def answer(store: Store, name: str, columns: str, **parameters: Argument) -> list[tuple[Any, ...]]:
    """Some columns of an answer."""
    found = run_recipe(store, RECIPES[name], parameters)
    places = [found.columns.index(column) for column in columns.split()]
    return [tuple(row[place] for place in places) for row in found.rows]


def test_what_is_said_of_a_group_is_found_for_its_members(talks: Store) -> None:
    assert answer(talks, "allegations", "about as by fact", only_party="ay") == [
        ("Ay", ["Union"], ["Union"], "dan-says-union-rejects"),
        ("Ay", [], ["De"], "de-criticises-ay"),
        ("Ay", [], ["Ay"], "dan-says-ay-accepts"),
    ]
    assert ("against", ["Union"], "dan-says-union-rejects") in answer(talks, "positions", "stance as fact", party="be")
    assert (["Union"], "de-proposes") in answer(talks, "timeline", "as fact", only_party="be")
    assert (["Union"], "dan-says-union-rejects") in answer(talks, "between", "as fact", party="be", other="de")


def test_an_act_counts_from_the_day_on_which_somebody_tells_it(talks: Store) -> None:
    assert answer(talks, "allegations", "fact", only_party="union", until="2022-02-28") == []
    assert answer(talks, "allegations", "fact date said", only_party="union", until="2022-03-01") == [
        ("dan-says-union-rejects", "2022-01-10", "2022-03-01")
    ]
    assert "dan-says-ay-accepts" not in dict(answer(talks, "timeline", "fact date", until="2022-05-30"))
    assert "dan-says-ay-accepts" in dict(answer(talks, "timeline", "fact date", until="2022-05-31"))


def test_within_a_day_acts_stand_in_their_turns(talks: Store) -> None:
    assert [fact for (fact,) in answer(talks, "timeline", "fact")][2:4] == ["zeroth", "ann-for-union"]


def test_what_is_said_stands_beside_the_own_words_of_the_party_and_its_groups(talks: Store) -> None:
    assert answer(talks, "said-and-done", "as about fact own_fact stances", only_party="ay") == [
        (["Union"], "Plan", "dan-says-union-rejects", "ann-for-union", "opposite"),
        (["Union"], "Plan", "dan-says-union-rejects", "ann-for-ay", "same"),
        ([], "Ay", "de-criticises-ay", None, None),
        ([], "Pact", "dan-says-ay-accepts", "be-for-union", "opposite"),
    ]


def test_of_a_group_it_is_told_what_its_members_did_only_where_that_is_asked_for(talks: Store) -> None:
    assert answer(talks, "said-and-done", "as fact own_fact", only_party="union") == [
        ([], "dan-says-union-rejects", "ann-for-union")
    ]
    assert answer(talks, "said-and-done", "as fact own_fact", only_party="union", members="yes") == [
        ([], "dan-says-union-rejects", "ann-for-union"),
        ([], "dan-says-union-rejects", "ann-for-ay"),
        (["Ay"], "de-criticises-ay", None),
        (["Ay"], "dan-says-ay-accepts", None),
    ]


def test_words_come_with_the_hedge_first(talks: Store) -> None:
    words = dict(answer(talks, "timeline", "fact action"))
    assert (words["dan-says-ay-accepts"], words["ann-for-union"]) == ("said to have accepted (Dan)", "conditional: accepted")
    said = {
        fact: (said, own) for fact, said, own in answer(talks, "said-and-done", "fact said_of_it own_act", only_party="union")
    }
    assert said == {
        "dan-says-union-rejects": ("According to Dan – Union rejected: Plan", "Conditional – Union accepted: Plan – if De pays")
    }


def test_who_speaks_for_whom_is_told_of_single_acts_too(talks: Store) -> None:
    assert answer(talks, "speakers", "speaker office speaks_for how own alleged facts") == [
        ("Ann", "Envoy", "Ay", "usually", 1, 0, ["ann-for-ay"]),
        ("Ann", None, "Ce", "in single acts", 1, 0, ["ann-for-ce"]),
        ("Dan", None, "De", "usually", 2, 3, [
            "dan-says-ay-accepts", "dan-says-em-accepts", "dan-says-union-rejects", "de-criticises-ay", "zeroth",
        ]),
        ("Ann", None, "Union", "in single acts", 1, 0, ["ann-for-union"]),
        ("Be", None, "Union", "in single acts", 1, 0, ["be-for-union"]),
    ]  # fmt: skip


def test_a_party_is_silent_of_which_neither_a_word_nor_an_act_is_recorded(talks: Store) -> None:
    """Be and Ce act through their groups or another's mouth; Em acts by another's word alone, and Ef by saying nothing."""
    assert answer(talks, "silent-parties", "party member_of takes_part_in addressed spoken_of said_of_it facts") == [
        ("Blank", [], [], 0, 0, 0, []),
        ("Ef", [], ["Round table"], 0, 0, 0, ["ef-is-silent"]),
        ("Em", ["Blank"], ["Round table"], 0, 0, 1, ["dan-says-em-accepts"]),
        ("Round table", [], [], 1, 0, 0, ["de-proposes"]),
    ]
    early = [party for (party,) in answer(talks, "silent-parties", "party", until="2022-01-31")]
    assert early == ["Ay", "Be", "Blank", "Ce", "Club", "Ef", "Em", "Round table", "Union"]


def test_what_one_party_said_about_another_is_told_by_one_recipe(talks: Store) -> None:
    rows = answer(talks, "between", "action says as speaks_for fact", party="de", other="ay", whose="party")
    assert rows == [
        ("proposed", None, ["Union"], [], "de-proposes"),
        ("said to have rejected (Dan)", None, ["Union"], ["De"], "dan-says-union-rejects"),
        ("criticised", "Ay threatens peace", [], ["De"], "de-criticises-ay"),
        ("said to have accepted (Dan)", None, [], ["De"], "dan-says-ay-accepts"),
    ]
    assert answer(talks, "positions", "says stance", party="de", about="quiet") == [("it wants peace", "neither")]


def test_a_group_of_both_stands_for_neither(talks: Store) -> None:
    """Club, to which Be belongs as Ce does, acted towards Union."""
    assert answer(talks, "between", "fact", party="ay", other="be") == []
    assert answer(talks, "between", "as fact", party="ce", other="ay") == [
        ([], "dan-says-ay-accepts"),
        (["Club", "Union"], "club-to-union"),
    ]


def test_evidence_tells_for_whom_a_speaker_speaks_and_where_the_act_was_done(talks: Store) -> None:
    assert answer(talks, "evidence", "according_to speaks_for", fact="be-for-union") == [("Be", ["Union"])]
    assert answer(talks, "evidence", "done_in attribution", fact="de-proposes") == [(["Paper of De"], "reported")]
    assert ("Paper of De", 0, 1) in answer(talks, "coverage", "document fact_count done_in_it")


def test_a_neighbourhood_holds_what_groups_acted_on(talks: Store) -> None:
    found = run_recipe(talks, RECIPES["neighbourhood"], {"party": "be"})
    assert {(row[0].properties["id"], row[1].type, row[2].properties["id"]) for row in found.rows} == {  # type: ignore[union-attr]
        ("be", "MEMBER_OF", "union"),
        ("be", "MEMBER_OF", "club"),
        ("union", "REJECTED", "plan"),
        ("union", "ACCEPTED", "plan"),
        ("union", "OPPOSED", "pact"),
        ("club", "PLEDGED", "peace"),
    }


DENIALS = """\
parties: [{id: a, name: Ay, kind: state}, {id: b, name: Be, kind: state}]
people: [{id: ann, name: The word of Ay, speaks_for: a}, {id: ben, name: The word of Be, speaks_for: b}]
documents: [{id: d, kind: article, name: D}]
proposals: [{id: plan, name: The plan}]
facts:
  - {id: said, action: ALLEGED, by: b, what: plan, according_to: ann, date: 2021, evidence: [{document: d, quote: q}]}
  - {id: own, action: OWN, by: b, what: plan, modality: MODALITY, according_to: ben, date: 2022,
     evidence: [{document: d, quote: r}]}
"""


@pytest.mark.parametrize(
    ("alleged", "own", "modality", "stances"),
    [
        ("rejected", "rejected", "actual", "same"),
        ("rejected", "opposed", "actual", "same"),
        ("rejected", "rejected", "denied", "denied"),  # to deny what is alleged is not to say the same
        ("left_unanswered", "left_unanswered", "denied", "denied"),
        ("accepted", "rejected", "denied", None),  # who denies a no has not said yes
        ("accepted", "accepted", "conditional", "same, but for a condition"),
        ("accepted", "rejected", "actual", "opposite"),
        ("rejected", "considered", "actual", None),  # that takes no stand
        ("considered", "considered", "actual", None),
    ],
)
def test_an_allegation_is_compared_with_the_own_word(
    store: Store, tmp_path: Path, alleged: str, own: str, modality: str, stances: str | None
) -> None:
    (tmp_path / "seeds").mkdir()
    text = DENIALS.replace("ALLEGED", alleged).replace("OWN", own).replace("MODALITY", modality)
    (tmp_path / "seeds" / "all.yaml").write_text("dataset: {id: denials, title: Denials}\n" + text, encoding="utf-8")
    load_project(store, tmp_path)
    assert answer(store, "said-and-done", "fact own_fact stances") == [("said", "own", stances)]


HEARD = """\
dataset: {id: heard, title: What is said of others and what is left unanswered}
parties: [{id: ay, name: Ay, kind: state}, {id: be, name: Be, kind: state}, {id: ce, name: Ce, kind: state}]
people: [{id: bo, name: Bo, speaks_for: be}]
documents: [{id: d, kind: report, name: Minutes, date: 2022-05-31}]
issues: [{id: peace, name: Peace}, {id: trade, name: Trade}]
proposals: [{id: whole, name: Whole}, {id: part, name: Part, part_of: whole}]
facts:
  - {id: bo-says-ay-disregards, action: disregarded, by: ay, what: peace, according_to: bo, date: 2022-01-26/2022-01-28,
     said: 2022-01-28, evidence: &e [{document: d, quote: q}]}
  - {id: ay-is-silent, action: left_unanswered, by: ay, what: peace, date: 2022-02-01, evidence: *e}
  - {id: ay-states, action: stated, by: ay, what: peace, says: it wants peace, date: 2022-02-02, evidence: *e}
  - {id: bo-says-ay-states, action: stated, by: ay, what: trade, says: it wants trade, according_to: bo,
     date: 2022-02-03, evidence: *e}
  - {id: bo-says-ay-rejects, action: rejected, by: ay, what: whole, according_to: bo, date: 2022-02-04, evidence: *e}
  - {id: ce-proposes, action: proposed, by: ce, to: ay, what: part, date: 2022-02-05, evidence: *e}
  - {id: ay-denies, action: rejected, by: ay, what: whole, modality: denied, date: 2022-02-06, evidence: *e}
"""


def test_who_speaks_first_does_so_by_its_own_word_or_the_report_of_the_source(session_store: Store, tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "all.yaml").write_text(HEARD, encoding="utf-8")
    cypher(session_store, "MATCH (n) DETACH DELETE n")
    load_project(session_store, tmp_path)
    assert answer(session_store, "sequence", "fact first own_act_before") == [
        ("bo-says-ay-disregards", False, None),
        ("ay-is-silent", False, None),
        ("ay-states", True, "left unanswered"),
        ("bo-says-ay-states", False, None),
        ("bo-says-ay-rejects", False, None),
        ("ce-proposes", True, None),
        ("ay-denies", True, None),
    ]
