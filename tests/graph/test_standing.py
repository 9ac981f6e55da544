"""Status: what has become of an item, by whose word, and on which acts that rests from which day until which."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from negograph.graph.plan import Subgraph
from tests.conftest import graph_of

BASE = """\
dataset: {id: small, title: A small dataset}
parties:
  - {id: north, name: Northbank, kind: state}
  - {id: south, name: Southbank, kind: state, member_of: league}
  - {id: east, name: Eastbank, kind: state}
  - {id: league, name: The league, kind: group}
people: [{id: mayor, name: The mayor of Northbank, speaks_for: north}]
documents: [{id: d, kind: article, name: D}]
proposals: [{id: ferry, name: The ferry}, {id: fare, name: The fare, part_of: ferry}, {id: pier, name: The pier, part_of: ferry}]
"""

PUT = "proposed by north to south on 2021-01-01"


def item(make: Callable[..., Path], *acts: str, identity: str = "ferry") -> Subgraph:
    """An item after acts such as "rejected by south on 2021-02-01: fare, modality: planned"; without a thing about the ferry."""
    facts = []
    for number, act in enumerate(acts, start=1):
        words, _, more = act.partition(": ")
        action, _, rest = words.partition(" by ")
        parties, _, day = rest.partition(" on ")
        by, _, to = parties.partition(" to ")
        what, _, properties = more.partition(", ")
        fields = [f"id: f{number}, action: {action}, by: [{by}], what: {what or 'ferry'}, date: {day}", properties]
        fields += [f"to: [{to}]"] if to else []
        facts.append(f"- {{{', '.join(filter(None, fields))}, evidence: [{{document: d, quote: q{number}}}]}}")
    _, graph = graph_of(make(dataset=BASE, facts="facts:\n" + "\n".join(facts) + "\n" if facts else ""))
    return next(entry for entry in graph.entries if entry.node.key.id == identity)


def status(entry: Subgraph) -> tuple[object, object]:
    return entry.node.properties["status"], entry.node.properties["status_by"]


def history(entry: Subgraph) -> list[tuple[str, str, str, str | None]]:
    """The acts that the status rests on: which status, which fact, since when and until when."""
    rests = [(edge.end.id, edge.properties) for edge in entry.edges if edge.type == "STATUS_RESTS_ON"]
    return sorted((str(p["since"]), fact, str(p["status"]), str(p["until"]) if "until" in p else None) for fact, p in rests)


SAID = "according_to: mayor"


@pytest.mark.parametrize(
    ("acts", "expected"),
    [
        ([], ("not put forward", None)),
        (["proposed by north on 2021-01-01: ferry, modality: denied"], ("not put forward", None)),
        ([PUT], ("unanswered", None)),
        ([PUT, "criticised by south on 2021-02-01"], ("answered, open", ["Southbank"])),
        ([PUT, "accepted by south on 2021-02-01: ferry, modality: conditional"], ("answered, open", ["Southbank"])),
        ([PUT, "accepted by south on 2021-02-01"], ("accepted", ["Southbank"])),
        ([PUT, "accepted by league on 2021-02-01"], ("accepted", ["The league"])),
        ([PUT, "accepted by east on 2021-02-01"], ("unanswered", None)),
        (["proposed by north on 2021-01-01", "accepted by east on 2021-02-01"], ("accepted", ["Eastbank"])),
        ([PUT, "rejected by south on 2021-02-01"], ("rejected", ["Southbank"])),
        ([PUT, "rejected by south on 2021-02-01: ferry, modality: denied"], ("unanswered", None)),
        ([PUT, "rejected by south on 2021-02-01", "accepted by south on 2021-03-01"], ("accepted", ["Southbank"])),
        (
            [PUT, "rejected by league on 2021-02-01", "accepted by south on 2021-03-01"],
            ("accepted by some, rejected by others", ["Southbank", "The league"]),
        ),
        ([PUT, f"rejected by south on 2021-02-01: ferry, {SAID}"], ("open, said to be rejected", ["The mayor of Northbank"])),
        ([PUT, f"accepted by south on 2021-02-01: ferry, {SAID}"], ("open, said to be accepted", ["The mayor of Northbank"])),
        (
            [PUT, f"left_unanswered by south on 2021-02-01: ferry, {SAID}"],
            ("open, said to be left unanswered", ["The mayor of Northbank"]),
        ),
        (
            [PUT, f"rejected by south on 2021-02-01: ferry, {SAID}", "criticised by south on 2021-03-01"],
            ("open, said to be rejected", ["The mayor of Northbank"]),
        ),
        ([PUT, "accepted by south on 2021-02-01: fare"], ("partly accepted", ["Southbank"])),
        (
            [PUT, "accepted by south on 2021-02-01: fare", "accepted by league on 2021-02-02: pier"],
            ("accepted", ["Southbank", "The league"]),
        ),
        ([PUT, "accepted by south on 2021-02-01", "withdrew by north on 2021-03-01"], ("withdrawn", None)),
        ([PUT, "withdrew by east on 2021-03-01"], ("unanswered", None)),
        ([PUT, "withdrew by north on 2021-03-01: ferry, modality: planned"], ("unanswered", None)),
        ([PUT, "withdrew by north on 2021-03-01", "proposed by north to south on 2021-04-01"], ("unanswered", None)),
    ],
)
def test_what_becomes_of_an_item_and_by_whose_word(
    project: Callable[..., Path], acts: list[str], expected: tuple[object, object]
) -> None:
    assert status(item(project, *acts)) == expected


def test_a_part_is_put_forward_and_withdrawn_with_its_whole(project: Callable[..., Path]) -> None:
    assert status(item(project, PUT, identity="fare")) == ("unanswered", None)
    assert status(item(project, PUT, "withdrew by north on 2021-03-01", identity="fare")) == ("withdrawn", None)


def test_a_retracted_fact_decides_nothing(project: Callable[..., Path]) -> None:
    wrong = "rejected by south on 2021-02-01: ferry, retracted: {on: 2022-01-01, reason: misread}"
    assert status(item(project, PUT, wrong)) == ("unanswered", None)


def test_nothing_but_proposals_and_demands_has_a_status(project: Callable[..., Path]) -> None:
    assert "status" not in item(project, PUT, identity="north").node.properties


def test_each_status_is_kept_with_the_acts_that_it_rested_on_and_the_days_on_which_it_held(project: Callable[..., Path]) -> None:
    found = item(project, PUT, "criticised by south on 2021-02-01", "rejected by south on 2021-02-10/2021-02-20")
    assert history(found) == [
        ("2021-01-01", "f1", "unanswered", "2021-01-31"),
        ("2021-02-01", "f1", "answered, open", "2021-02-09"),
        ("2021-02-01", "f2", "answered, open", "2021-02-09"),
        ("2021-02-10", "f1", "rejected", None),
        ("2021-02-10", "f3", "rejected", None),
    ]


def test_an_act_that_changes_nothing_leaves_no_trace(project: Callable[..., Path]) -> None:
    found = item(project, PUT, "rejected by south on 2021-02-01", "criticised by south on 2021-03-01")
    assert [fact for _, fact, _, until in history(found) if until is None] == ["f1", "f2"]
    assert "f3" not in [fact for _, fact, _, _ in history(found)]


def test_what_is_put_forward_again_rests_on_the_last_time(project: Callable[..., Path]) -> None:
    assert history(item(project, PUT, "proposed by north to south on 2021-02-01")) == [
        ("2021-01-01", "f1", "unanswered", "2021-01-31"),
        ("2021-02-01", "f2", "unanswered", None),
    ]


def test_whose_word_counts_is_asked_anew_when_somebody_else_is_addressed(project: Callable[..., Path]) -> None:
    found = item(project, PUT, "accepted by east on 2021-02-01", "proposed by north to east on 2021-03-01")
    assert history(found)[-2:] == [("2021-03-01", "f2", "accepted", None), ("2021-03-01", "f3", "accepted", None)]
    assert status(found) == ("accepted", ["Eastbank"])


def test_an_edge_to_an_act_tells_whose_word_it_is_and_what_it_belongs_to(project: Callable[..., Path]) -> None:
    found = item(project, PUT, f"rejected by south on 2021-02-01: ferry, {SAID}")
    (edge,) = [edge for edge in found.edges if edge.end.id == "f2"]
    assert edge.properties == {
        "status": "open, said to be rejected",
        "status_by": ["The mayor of Northbank"],
        "since": date(2021, 2, 1),
        "entry": "ferry",
        "dataset": "small",
    }
