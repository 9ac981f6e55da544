"""Twelve questions that a researcher asks of a multilateral conference, each answered by one recipe with parameters.

What is expected is what data/lake/answers/README.md says in words, from its reading of the texts.
"""

from __future__ import annotations

from typing import Any

import pytest

from negograph.database.store import Store
from negograph.project import shipped
from negograph.recipes.check import run_recipe
from negograph.recipes.recipe import Argument
from tests.conftest import LAKE, holding, recipes_in

RECIPES = recipes_in(shipped("queries"))


@pytest.fixture
def lake(session_store: Store) -> Store:
    return holding(session_store, LAKE, "lake")


def asked(store: Store, recipe: str, columns: str, **parameters: Argument) -> list[tuple[Any, ...]]:
    """Some columns of an answer; lists as words, dates as written."""
    answer = run_recipe(store, RECIPES[recipe], parameters)
    places = [answer.columns.index(column) for column in columns.split()]
    return [tuple(_words(row[place]) for place in places) for row in answer.rows]


def _words(value: Any) -> Any:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return value if value is None or isinstance(value, (bool, int)) else str(value)


def test_1_who_proposed_what(lake: Store) -> None:
    put = asked(lake, "sequence", "date by act what", action="proposed,offered,demanded")
    assert list(dict.fromkeys(put)) == [
        ("2024-03-12", "Fallow", "demanded", "Halt to new dams"),
        ("2024-05-20", "Fallow, Gorm", "proposed", "Level of three metres"),
        ("2024-06-03", "Fallow, Gorm", "proposed", "Level of three metres"),
        ("2024-06-03", "Group of the Springs", "proposed", "Seasonal levels"),
        ("2024-06-03", "Corvane", "proposed", "Dry-year clause"),
        ("2024-06-03", "Brenna", "proposed", "Open gauges"),
        ("2024-06-03", "Dunmarch", "proposed", "Lake fund"),
        ("2024-06-03", "Lake Bank", "offered", "Loan of the Lake Bank"),
        ("2024-06-03", "Gorm", "demanded", "Compensation for low water"),
        ("2024-06-04", "Brenna", "demanded", "Ban on drift nets"),
        ("2024-06-04", "Fallow", "proposed", "Closed season"),
        ("2024-06-04", "Chair", "proposed", "Core level"),
        ("2024-06-04", "Chair", "proposed", "Dry-year relief"),
        ("2024-06-04", "Chair", "proposed", "Merged text"),
        ("2024-06-04", "Gorm", "proposed", "Water levy"),
    ]


def test_2_who_speaks_for_whom(lake: Store) -> None:
    speakers = asked(lake, "speakers", "speaker speaks_for how own")
    assert {row[:2] for row in speakers if row[2] == "usually" and row[0] != row[1]} == {
        ("The delegate of Ardle", "Ardle"),
        ("The delegate of Brenna", "Brenna"),
        ("The minister of Corvane", "Corvane"),
        ("The delegate of Fallow", "Fallow"),
        ("The delegate of Gorm", "Gorm"),
        ("The presiding officer", "Chair"),
        ("The secretary of the Delta Union", "Delta Union"),
        ("The director of the Lake Bank", "Lake Bank"),
        ("The speaker of the Fishers' Federation", "Fishers' Federation"),
    }
    assert [(*row[:2], row[3]) for row in speakers if row[2] == "in single acts"] == [
        ("The presiding officer", "Dunmarch", 1),
        ("The delegate of Fallow", "Gorm", 1),
        ("Brenna", "Group of the Springs", 1),
        ("The delegate of Ardle", "Group of the Springs", 2),
    ]


def test_3_who_is_against_what_and_on_which_condition_would_they_agree(lake: Store) -> None:
    stand = asked(lake, "standing", "item party as standing condition", standing="against,conditional,partial")
    springs, relief = "Group of the Springs", "the relief ends after two dry years"
    assert [row[:4] for row in stand if row[3] in ("opposes", "rejects")] == [
        ("Ban on drift nets", "Fishers' Federation", None, "opposes"),
        ("Ban on drift nets", "Fallow", None, "rejects"),
        ("Closed season", "Fishers' Federation", None, "opposes"),
        ("Lake fund", "Corvane", None, "rejects"),
        *(("Level of three metres", member, springs, "opposes") for member in ("Ardle", "Brenna", "Corvane")),
        ("Seasonal levels", "Gorm", None, "rejects"),
        ("Water levy", "Corvane", None, "opposes"),
    ]
    assert {(row[0], row[1], row[4]) for row in stand if row[3] == "accepts if"} == {
        ("Open gauges", "Fallow", "the gauges of all rivers are read on one day"),
        *((item, "Fallow", relief) for item in ("Merged text", "Core level", "Dry-year relief")),
        ("Loan of the Lake Bank", "Corvane", "no interest is due for ten years"),
    }
    assert [row for row in stand if row[3] == "accepts in part"] == [
        ("Merged text", "Brenna", springs, "accepts in part", None),
        ("Merged text", "Gorm", None, "accepts in part", None),
    ]


def test_4_what_is_in_brackets(lake: Store) -> None:
    columns = "item item_is party"
    assert asked(lake, "standing", columns, standing="reserved", until="2024-06-04") == [
        ("Core level", "put forward", "Ardle"),
        ("Dry-year clause", "withdrawn", "Fallow"),
        ("Dry-year relief", "put forward", "Gorm"),
    ]
    assert asked(lake, "standing", columns, standing="reserved")[1:] == [("Dry-year relief", "adopted", "Gorm")]


def test_5_what_was_adopted_and_what_refused(lake: Store) -> None:
    assert asked(lake, "standing", "item standing party since", standing="decided") == [
        ("Ban on drift nets", "refused", "Plenary", "2024-06-05"),
        ("Compensation for low water", "withdrawn", "Gorm", "2024-06-04"),
        ("Core level", "adopted", "Plenary", "2024-06-05"),
        ("Dry-year clause", "withdrawn", "Corvane", "2024-06-04"),
        ("Dry-year relief", "adopted", "Plenary", "2024-06-05"),
        ("Merged text", "adopted", "Plenary", "2024-06-05"),
        ("Open gauges", "adopted", "Plenary", "2024-06-05"),
        ("Water levy", "refused", "Working Group II", "2024-06-04"),
    ]


def test_6_what_changed_from_one_act_to_the_next(lake: Store) -> None:
    acts = asked(lake, "sequence", "by act what answers own_act_before", issue="fixed-level")
    three, chair, clause = "Fallow and Gorm proposed", "Chair proposed", "Dry-year clause"
    steps = [
        ("Fallow, Gorm", "proposed", "Level of three metres", "", None),
        ("Group of the Springs", "opposed", "Level of three metres", three, None),
        ("Group of the Springs", "proposed", "Seasonal levels", f"{three}: Level of three metres", None),
        ("Gorm", "rejected", "Seasonal levels", "Group of the Springs proposed", None),
        ("Corvane", "proposed", clause, f"{three}: Level of three metres", None),
        ("Fallow", "reserved", clause, "Corvane proposed", None),
        (
            *("Chair", "proposed", "Merged text"),
            f"{three}: Level of three metres, Group of the Springs proposed: Seasonal levels",
            None,
        ),
        ("Gorm", "accepted", "Core level", chair, None),
        ("Ardle", "reserved", "Core level", chair, None),
        ("Corvane", "withdrew", clause, "", "proposed"),
        ("Ardle", "accepted", "Core level", chair, "reserved"),
        ("Plenary", "adopted", "Merged text", chair, None),
    ]
    assert [row for row in dict.fromkeys(acts) if row in steps] == steps
    changes = asked(lake, "changes", "item party before after", from_day="2024-06-05", to_day="2024-06-05")
    assert ("Core level", "Ardle", "reserves", "accepts") in changes


def test_7_who_agrees_with_whom(lake: Store) -> None:
    def most(**parameters: str) -> set[tuple[Any, ...]]:
        network = asked(lake, "network", "actor other weight", **parameters)
        return {row for row in network if row[2] == network[0][2]}

    assert most() == {("Fallow", "Gorm", 22), ("Corvane", "Group of the Springs", 22)}
    assert most(qualifier="conflict") == {("Gorm", "Group of the Springs", 28)}
    assert most(duplicates="document") == {("Ardle", "Corvane", 9)}
    assert most(duplicates="document", qualifier="conflict") == {("Corvane", "Gorm", 11)}
    assert most(concept="item") == {("Dunmarch", "Gorm", 6)}
    assert most(concept="item", duplicates="document") == {("Dunmarch", "Gorm", 4)}
    assert most(concept="item", qualifier="conflict") == {("Gorm", "Group of the Springs", 5)}
    assert most(concept="item", qualifier="conflict", duplicates="document") == {("Corvane", "Delta Union", 3)}


def test_8_what_is_still_open(lake: Store) -> None:
    assert asked(lake, "standing", "item item_is", standing="put forward") == [
        ("Closed season", "put forward"),
        ("Halt to new dams", "put forward"),
        ("Lake fund", "put forward"),
        ("Level of three metres", "amended by Merged text"),
        ("Level of three metres", "amended by Merged text"),
        ("Loan of the Lake Bank", "put forward"),
        ("Seasonal levels", "amended by Merged text"),
    ]


@pytest.mark.parametrize(
    ("issue", "date", "by", "what"),
    [
        ("fixed-level", "2024-05-20", "Fallow, Gorm", "Level of three metres"),
        ("river-use", "2024-03-12", "Fallow", "Halt to new dams"),
        ("shared-costs", "2024-06-03", "Dunmarch", "Lake fund"),
        ("open-data", "2024-06-03", "Brenna", "Open gauges"),
        ("fishing-limits", "2024-06-04", "Brenna", "Ban on drift nets"),
    ],
)
def test_9_who_spoke_first(lake: Store, issue: str, date: str, by: str, what: str) -> None:
    assert asked(lake, "sequence", "date by what first", issue=issue)[0] == (date, by, what, True)


def test_10_which_text_amends_which(lake: Store) -> None:
    texts = asked(lake, "lineage", "text relation other")
    assert {row for row in texts if row[1] != "part of"} == {
        ("Chair's text", "amends", "Joint draft"),
        ("Chair's text", "amends", "Paper of the Group of the Springs"),
        ("Paper of the Group of the Springs", "responds to", "Joint draft"),
        ("Dry-year clause", "amends", "Level of three metres"),
        ("Merged text", "amends", "Level of three metres"),
        ("Merged text", "amends", "Seasonal levels"),
        ("Seasonal levels", "counters", "Level of three metres"),
        ("Closed season", "counters", "Ban on drift nets"),
    }


def test_11_who_has_not_said_anything(lake: Store) -> None:
    assert asked(lake, "silent-parties", "party takes_part_in") == [("Eskil", "Plenary, Working Group II")]


def test_12_whose_word_it_rests_on_that_ardle_rejected_the_halt(lake: Store) -> None:
    claims = asked(lake, "allegations", "action what according_to speaks_for date said denied_by", only_party="ardle")
    assert claims[0] == (
        *("said to have rejected (The delegate of Gorm)", "Halt to new dams", "The delegate of Gorm", "Gorm"),
        *("2024-04", "2024-06-04", "The delegate of Ardle"),
    )
    beside = asked(lake, "said-and-done", "about own_act stances own_date", only_party="ardle")
    assert beside[:2] == [
        ("Halt to new dams", "Denied – Ardle rejected: Halt to new dams", "denied", "2024-06-04"),
        (
            "Halt to new dams",
            "Ardle warned Fallow: Halt to new dams (a halt would be the end of the talks)",
            "same",
            "2024-06-05",
        ),
    ]
