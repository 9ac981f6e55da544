"""Facts as people read them, on every database."""

from __future__ import annotations

from negograph.database.facts import FactDetail, Named, read_facts
from negograph.database.store import Store
from tests.conftest import FERRY, LAKE, holding


def one(store: Store, identity: str) -> FactDetail:
    return read_facts(store, [identity])[identity]


def test_a_fact_says_who_did_what_towards_whom_and_in_which_words_it_is_written(session_store: Store) -> None:
    store = holding(session_store, FERRY, "ferry")
    fact = one(store, "ferries-propose-summer")
    assert fact.name == "Étoile Ferries proposed to Northbank and Southbank: Summer timetable"
    assert fact.attribution == "reported"
    assert fact.by == (Named("Party", "ferries", "Étoile Ferries"),)
    assert fact.to == (Named("Party", "northbank", "Northbank"), Named("Party", "southbank", "Southbank"))
    assert fact.about == (Named("Proposal", "summer-timetable", "Summer timetable"),)
    assert fact.speakers == fact.sides == fact.done_in == ()
    assert [(quote.words, quote.document.id) for quote in fact.quotes] == QUOTES
    assert fact.properties["date"] == "2021-03-01"
    assert fact.properties["modality"] == "actual"


QUOTES = [
    ("The summer timetable adds two boats", "gazette"),
    ("Étoile Ferries proposed a summer timetable to both towns", "gazette"),
    ("the summer timetable of 1 March, made by Étoile Ferries", "minutes"),
]
"""By the day of the document, then by their words."""


def test_who_speaks_does_so_for_their_party_or_for_whom_the_fact_says(session_store: Store) -> None:
    store = holding(session_store, LAKE, "lake")
    told = {identity: one(store, identity) for identity in ("springs-oppose-three-metres", "corvane-proposes-dry-year-clause")}
    assert {identity: [side.id for side in fact.sides] for identity, fact in told.items()} == {
        "springs-oppose-three-metres": ["springs"],  # a delegate of Ardle says it on behalf of the group
        "corvane-proposes-dry-year-clause": ["corvane"],
    }
    assert told["springs-oppose-three-metres"].speakers == (Named("Person", "ardle-delegate", "The delegate of Ardle"),)


def test_facts_come_in_the_order_of_the_ids_and_all_in_the_order_in_which_they_became_known(session_store: Store) -> None:
    store = holding(session_store, LAKE, "lake")
    asked = ["springs-oppose-three-metres", "nothing", "fallow-and-gorm-present-three-metres"]
    assert list(read_facts(store, asked)) == ["springs-oppose-three-metres", "fallow-and-gorm-present-three-metres"]
    everything = read_facts(store)
    known = [fact.properties["known_from"] for fact in everything.values()]
    assert known == sorted(known)
    assert len(everything) == 66
    assert read_facts(store, []) == {}
