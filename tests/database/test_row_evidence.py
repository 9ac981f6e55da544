"""The evidence behind the rows of an answer: every fact that a row leads to, with its quotes as the seeds have them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from negograph.database.results import EdgeColumns, Evidence, Result, ResultNode, ResultPath, ResultRelationship, ResultValue
from negograph.database.store import Store, open_store, with_evidence
from negograph.database.target import EmbeddedTarget
from negograph.errors import NegographError
from tests.conftest import FERRY, load_project

GAZETTE, MINUTES = "River Gazette", "Minutes of the river council"
SUMMER = Evidence(
    "ferries-propose-summer",
    "Étoile Ferries proposed to Northbank and Southbank: Summer timetable",
    (
        ("the summer timetable of 1 March, made by Étoile Ferries", MINUTES),
        ("The summer timetable adds two boats", GAZETTE),
        ("Étoile Ferries proposed a summer timetable to both towns", GAZETTE),
    ),
)
REJECTED = Evidence(
    "southbank-rejects-summer",
    "Southbank rejected: Summer timetable",
    (("We cannot live with it", GAZETTE),),
)
TOLLS = Evidence(
    "isle-rejects-tolls",
    "According to The mayor of Southbank, by implication – Middle Isle rejected: Lower tolls",
    (("On 1 May … just shrugged at lower tolls", GAZETTE),),
)
FERRIES = ResultNode(("Party",), {"id": "ferries", "name": "Étoile Ferries"}, "1")
TIMETABLE = ResultNode(("Proposal",), {"id": "summer-timetable", "name": "Summer timetable"}, "2")
FACT = ResultNode(("Fact",), {"id": "southbank-rejects-summer"}, "3")
PROPOSED = ResultRelationship("PROPOSED", FERRIES, TIMETABLE, {"fact": "ferries-propose-summer"})
BY = ResultRelationship("BY", FACT, FERRIES, {})
MEMBER = ResultRelationship("MEMBER_OF", FERRIES, ResultNode(("Party",), {"id": "league"}, "4"), {"entry": "ferries"})


@pytest.fixture(scope="module")
def ferry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with open_store(EmbeddedTarget(tmp_path_factory.mktemp("engine")), lambda message: None) as store:
        load_project(store, FERRY)
        yield store


def evidence(store: Store, columns: tuple[str, ...], *rows: tuple[ResultValue, ...]) -> list[ResultValue]:
    """What is behind each row."""
    answer = with_evidence(store, Result(columns, rows))
    assert answer.columns[-1] == "evidence"
    return [row[-1] for row in answer.rows]


def acts(found: list[ResultValue]) -> list[list[str]]:
    """The facts behind each row, by id."""
    return [[fact.fact for fact in facts if isinstance(fact, Evidence)] for facts in found if isinstance(facts, list)]


def test_the_column_fact_leads_to_each_quote_with_its_document(ferry: Store) -> None:
    answer = with_evidence(ferry, Result(("by", "fact"), (("Étoile Ferries", SUMMER.fact), ("Southbank", REJECTED.fact))))
    assert answer.columns == ("by", "fact", "evidence")
    assert answer.rows == (("Étoile Ferries", SUMMER.fact, [SUMMER]), ("Southbank", REJECTED.fact, [REJECTED]))


def test_an_act_says_by_whose_word_it_is_told(ferry: Store) -> None:
    assert evidence(ferry, ("fact",), (TOLLS.fact,)) == [[TOLLS]]


@pytest.mark.parametrize(
    ("columns", "row", "facts"),
    [
        (("demanded_fact", "rejected_fact"), ("southbank-demands-tolls", "isle-rejects-tolls"), None),
        (("rejected_fact", "demanded_fact"), ("isle-rejects-tolls", "southbank-demands-tolls"), None),
        (("demanded_fact", "rejected_fact"), (None, "isle-rejects-tolls"), ["isle-rejects-tolls"]),
        (("fact", "other_fact"), ("guild-warns", "guild-warns"), ["guild-warns"]),
        (("facts",), (["isle-rejects-tolls", None, "guild-warns", "guild-warns"],), ["guild-warns", "isle-rejects-tolls"]),
        (("facts", "fact"), (["guild-warns"], "isle-rejects-tolls"), ["guild-warns", "isle-rejects-tolls"]),
        (("edge",), (PROPOSED,), ["ferries-propose-summer"]),
        (("edges",), ([PROPOSED, BY, MEMBER],), ["ferries-propose-summer", "southbank-rejects-summer"]),
        (("node",), (FACT,), ["southbank-rejects-summer"]),
        (
            ("path",),
            (ResultPath((FACT, FERRIES, TIMETABLE), (BY, PROPOSED)),),
            ["ferries-propose-summer", "southbank-rejects-summer"],
        ),
        (("map",), ({"node": FACT, "list": [PROPOSED]},), ["ferries-propose-summer", "southbank-rejects-summer"]),
    ],
)
def test_every_way_that_leads_to_a_fact_is_followed_once(
    ferry: Store, columns: tuple[str, ...], row: tuple[ResultValue, ...], facts: list[str] | None
) -> None:
    assert acts(evidence(ferry, columns, row)) == [facts or ["isle-rejects-tolls", "southbank-demands-tolls"]]


def test_a_row_without_facts_has_no_evidence_beside_one_with(ferry: Store) -> None:
    rows: list[tuple[ResultValue, ...]] = [(MEMBER, None), (None, REJECTED.fact), ("guild-warns", None)]
    assert evidence(ferry, ("what", "fact"), *rows) == [[], [REJECTED], []]


def test_the_ids_in_facts_make_room_for_the_evidence(ferry: Store) -> None:
    answer = with_evidence(ferry, Result(("by", "facts", "n"), (("Southbank", [REJECTED.fact], 1),)))
    assert answer == Result(("by", "n", "evidence"), (("Southbank", 1, [REJECTED]),))


def test_nothing_else_of_the_answer_changes(ferry: Store) -> None:
    ends = EdgeColumns("by", "to", directed=True)
    answer = with_evidence(ferry, Result(("by", "to", "fact"), (("a", "b", REJECTED.fact),), cut=True, edges=ends))
    assert (answer.cut, answer.edges) == (True, ends)


def test_evidence_that_is_there_already_is_not_told_twice(ferry: Store) -> None:
    once = with_evidence(ferry, Result(("by", "fact"), (("Southbank", REJECTED.fact),)))
    assert with_evidence(ferry, once) == once


def test_a_column_of_somebody_elses_that_is_called_so_is_not_lost(ferry: Store) -> None:
    with pytest.raises(NegographError, match="has a column `evidence` already"):
        with_evidence(ferry, Result(("evidence", "fact"), (("mine", REJECTED.fact),)))


@pytest.mark.parametrize("identity", ["nobody", "ferries-reject-refund", "northbank"])
def test_what_is_no_fact_of_the_graph_or_was_retracted_has_no_evidence(ferry: Store, identity: str) -> None:
    assert evidence(ferry, ("fact",), (identity,)) == [[]]


@pytest.mark.parametrize(
    ("columns", "row"),
    [
        (("by",), ("Southbank",)),
        (("facts",), ("guild-warns",)),
        (("artefact",), ("guild-warns",)),
        (("node",), (FERRIES,)),
        (("edge",), (MEMBER,)),
        (("fact",), (None,)),
    ],
)
def test_an_answer_that_leads_to_no_fact_says_what_to_return(
    ferry: Store, columns: tuple[str, ...], row: tuple[ResultValue, ...]
) -> None:
    with pytest.raises(
        NegographError, match=r"^nothing in this answer leads to facts; return their ids in a column `facts` or `fact`$"
    ):
        with_evidence(ferry, Result(columns, (row,)))


def test_an_answer_without_rows_has_a_column_without_evidence(ferry: Store) -> None:
    assert with_evidence(ferry, Result(("by", "facts"), ())) == Result(("by", "evidence"), ())


def test_the_evidence_of_very_many_rows_is_asked_for_in_parts(ferry: Store) -> None:
    strangers: list[tuple[ResultValue, ...]] = [(f"stranger-{number:05}",) for number in range(12_000)]
    found = evidence(ferry, ("fact",), *strangers, (REJECTED.fact,))
    assert found[-1] == [REJECTED]
    assert not any(found[:-1])
