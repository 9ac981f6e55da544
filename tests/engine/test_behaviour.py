"""What negograph rests on besides single statements: unique ids, transactions, two loads at once, the user that only reads."""

from __future__ import annotations

import threading
from typing import Any

import neo4j
import pytest
from neo4j.exceptions import ConstraintError, DatabaseError, Neo4jError

from negograph.database.store import Store
from negograph.errors import StoreError
from tests.conftest import cypher

pytestmark = pytest.mark.engine

LOCK = (
    "MERGE (d:Dataset {id: 'small'}) ON CREATE SET d.revision = 0 WITH d, d.load AS load SET d.load = $token "
    "RETURN d.revision AS revision"
)


@pytest.fixture
def parties(store: Store) -> Store:
    """Two parties that are joined, whose ids are unique."""
    for label in ("Party", "Dataset"):
        cypher(store, f"CREATE CONSTRAINT IF NOT EXISTS FOR (n:{label}) REQUIRE n.id IS UNIQUE")
    cypher(store, "CREATE (:Party {id: 'ardle'})-[:PARTNER_OF]->(:Party {id: 'bree'})")
    return store


def ids(store: Store) -> list[Any]:
    return [row[0] for row in cypher(store, "MATCH (p:Party) RETURN p.id AS id ORDER BY id")]


@pytest.mark.parametrize("statement", ["CREATE (:Party {id: 'bree'})", "MATCH (p:Party {id: 'ardle'}) SET p.id = 'bree'"])
def test_an_id_is_not_given_twice(parties: Store, statement: str) -> None:
    with pytest.raises(ConstraintError):
        cypher(parties, statement)
    assert ids(parties) == ["ardle", "bree"]


def test_nodes_without_an_id_are_no_matter(parties: Store) -> None:
    for _ in range(2):
        cypher(parties, "CREATE (:Party {name: 'nameless'})")
    assert ids(parties) == ["ardle", "bree", None, None]


def test_ids_that_are_double_already_cannot_be_made_unique(store: Store) -> None:
    for _ in range(2):
        cypher(store, "CREATE (:Quay {id: 'old'})")
    with pytest.raises((ConstraintError, DatabaseError)):
        cypher(store, "CREATE CONSTRAINT IF NOT EXISTS FOR (n:Quay) REQUIRE n.id IS UNIQUE")
    cypher(store, "MATCH (n:Quay) DELETE n")


def test_a_node_on_which_relationships_hang_does_not_go(parties: Store) -> None:
    with pytest.raises(Neo4jError, match="still has relationships"):
        cypher(parties, "MATCH (p:Party {id: 'ardle'}) DELETE p")
    assert cypher(parties, "MATCH (a)-[r]->(b) RETURN a.id, b.id") == [["ardle", "bree"]]


def test_what_is_not_committed_is_not_seen(parties: Store) -> None:
    with parties.database.writer.session(database=parties.database.name) as session:
        transaction = session.begin_transaction()
        transaction.run("CREATE (:Party {id: 'council'})").consume()
        before = parties.read("MATCH (p:Party {id: 'council'}) RETURN count(p)", {}).rows
        transaction.commit()
    after = parties.read("MATCH (p:Party {id: 'council'}) RETURN count(p)", {}).rows
    assert (before, after) == (((0,),), ((1,),))


@pytest.mark.parametrize("there", [False, True], ids=["the first load", "a later one"])
def test_of_two_loads_at_once_no_two_are_in_on_the_same_state(parties: Store, there: bool) -> None:
    """One waits for the other and sees what it did, or fails."""
    if there:
        cypher(parties, "CREATE (:Dataset {id: 'small', revision: 0})")
    in_on: list[int] = []

    def load(token: str, locked: threading.Event, go_on: threading.Event) -> None:
        try:
            with parties.database.writer.session(database=parties.database.name) as session:
                transaction = session.begin_transaction()
                revision = _lock(transaction, token)
                locked.set()
                go_on.wait(20)
                transaction.run("MATCH (d:Dataset {id: 'small'}) SET d.revision = d.revision + 1").consume()
                transaction.commit()
                in_on.append(revision)
        except Neo4jError:
            locked.set()

    first_locked, second_locked, go_on = threading.Event(), threading.Event(), threading.Event()
    first = threading.Thread(target=load, args=("first", first_locked, go_on))
    first.start()
    assert first_locked.wait(20)
    second = threading.Thread(target=load, args=("second", second_locked, go_on))
    second.start()
    second_locked.wait(1)  # where it waits for the first, it does not get there
    go_on.set()
    for thread in (first, second):
        thread.join(20)
    assert sorted(in_on) == list(range(len(in_on)))
    assert in_on
    assert cypher(parties, "MATCH (d:Dataset) RETURN d.revision") == [[len(in_on)]]


def _lock(transaction: neo4j.Transaction, token: str) -> int:
    ((revision,),) = transaction.run(LOCK, token=token)
    return int(revision)


def test_the_user_that_reads_is_refused_by_the_database_itself(parties: Store) -> None:
    """Past all that negograph looks for in a statement: what it says of one that only reads is taken for granted here."""
    with parties.database.reader.session(database=parties.database.name, default_access_mode=neo4j.READ_ACCESS) as session:
        for statement in ("CREATE (:Party {id: 'x'})", "MATCH (p:Party) SET p.id = 'x'", "MATCH (p:Party) DETACH DELETE p"):
            with pytest.raises(Neo4jError):
                session.run(statement).consume()
    assert ids(parties) == ["ardle", "bree"]


def test_a_statement_that_is_wrong_is_refused_and_one_that_is_right_is_not_run(parties: Store) -> None:
    parties.check("MATCH (p:Party) RETURN 1 / size('') AS never")
    with pytest.raises(StoreError, match="the database says"):
        parties.check("MATCH (p:Party RETURN p")
