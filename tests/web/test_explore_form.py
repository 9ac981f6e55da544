"""The form of a recipe: made of the parameters that it declares, filled in with names, and read again."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from negograph.database.exploring import Listed
from negograph.recipes.recipe import Parameter, Recipe
from negograph.web.explore.form import Field, fields_of, missing, read_form, slider

PARAMETERS = (
    Parameter("party", "party", True, "whose"),
    Parameter("item", "item", False, "on what"),
    Parameter("members", "text", False, "too", "no", ("yes", "no")),
    Parameter("modality", "list", False, "which", ["actual", "planned"], ("actual", "planned", "conditional")),
    Parameter("until", "date", False, "by then"),
    Parameter("least", "integer", False, "so many", 1),
    Parameter("about", "text", False, "on this"),
)
RECIPE = Recipe("r", "R", "", "", "table", PARAMETERS, "", Path("r.cypher"))
RUSSIA = Listed("Party", "russia", "Russia", "", ("Moscow",))
TWINS = (Listed("Demand", "a", "Talks"), Listed("Proposal", "b", "Talks"))


def form(**given: str) -> dict[str, Field]:
    return {field.name: field for field in fields_of(RECIPE, given, (RUSSIA, *TWINS))}


def test_each_type_of_parameter_has_its_control() -> None:
    controls = [field.control for field in form().values()]
    assert controls == ["entry", "entry", "choice", "choices", "date", "number", "text"]


def test_an_entry_is_offered_by_name_and_alias() -> None:
    assert form()["party"].options == (("Russia", "Party"), ("Moscow", "Russia"))


def test_entries_of_one_name_are_offered_by_id() -> None:
    assert form()["item"].options == (("a", "Talks"), ("b", "Talks"))


def test_a_name_is_shown_where_an_id_is_given() -> None:
    assert form(party="russia")["party"].shown == "Russia"
    assert form(item="a")["item"].shown == "a"
    assert form(party="nobody")["party"].shown == "nobody"


def test_what_is_needed_or_given_is_seen_at_once_and_the_rest_on_request() -> None:
    assert [name for name, field in form(about="x").items() if not field.main] == ["members", "modality", "least"]


def test_defaults_are_filled_in() -> None:
    fields = form()
    assert (fields["members"].value, fields["least"].value, fields["until"].value) == ("no", "1", "")
    assert fields["modality"].chosen == ("actual", "planned")


def test_what_is_filled_in_is_given_where_it_is_no_default() -> None:
    defaults = [("item", ""), ("members", "no"), ("modality", "actual"), ("modality", "planned"), ("least", "1")]
    filled = [("party", " Moscow "), *defaults]
    assert read_form(RECIPE, filled) == {"party": "Moscow"}
    changed = [("modality", "conditional"), ("until", "2022-01-26"), ("members", "yes"), ("foreign", "x")]
    assert read_form(RECIPE, changed) == {"modality": "conditional", "until": "2022-01-26", "members": "yes"}


def test_where_no_choice_is_ticked_the_list_is_empty() -> None:
    assert read_form(RECIPE, [("members", "no")])["modality"] == ""


def test_a_parameter_that_is_needed_and_empty_is_missing() -> None:
    assert [parameter.name for parameter in missing(RECIPE, {})] == ["party"]
    assert not missing(RECIPE, {"party": "x"})


DAYS = [date(2021, 12, 17), date(2022, 1, 26), date(2022, 1, 28)]


@pytest.mark.parametrize(
    ("until", "at"), [("", 3), ("2022-01-28", 2), ("2022-01-27", 1), ("2022-01-26", 1), ("2021-12-17", 0), ("2021-01-01", 0)]
)
def test_the_slider_stands_at_the_last_day_of_the_record_until_then(until: str, at: int) -> None:
    found = slider(RECIPE, {"until": until} if until else {}, DAYS)
    assert found == (("2021-12-17", "2022-01-26", "2022-01-28"), at)


def test_there_is_no_slider_without_days_or_until() -> None:
    assert slider(RECIPE, {}, DAYS[:1]) is None
    assert slider(Recipe("r", "R", "", "", "table", (), "", Path("r")), {}, DAYS) is None
