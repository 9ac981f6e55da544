"""A load in several transactions: wherever it ends, the next load ends in the graph of a fresh one, and others keep theirs."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import neo4j
import pytest
from neo4j.exceptions import TransientError

from negograph.database import statements, transactions
from negograph.database.messages import out_of_memory
from negograph.database.neo4j_server import size_in_bytes
from negograph.database.store import Store
from negograph.errors import StoreError
from negograph.graph.plan import Graph
from negograph.model.model import Model
from tests.conftest import FERRY, cypher, graph_of, whole_graph


@dataclass(frozen=True)
class Version:
    """A version of the seeds, and what a fresh load of it leaves."""

    model: Model
    graph: Graph


EDITS = [
    ("entities.yaml", r"name: Northbank\n", "name: North Bank\n"),  # the names of many facts change with it
    ("entities.yaml", r"\{id: tunnel, ", "{id: new-tunnel, formerly: [tunnel], "),
    ("entities.yaml", r"(?s)(  - \{id: quay-lights,[^\n]*\n)(.*)", r"\2"),  # of another kind from now on
    (
        "entities.yaml",
        r"\ndemands:\n",
        "  - {id: quay-lights, name: Lights on the quay, furthers: quay, part_of: quay-pact}\n\\g<0>",
    ),
    ("entities.yaml", r"  - \{id: isle-note,[^\n]*\n", ""),
    ("facts.yaml", r"(?s)  - id: isle-criticises-winter\n.*?(?=  - id: )", ""),
    ("facts.yaml", r"  - id: ferries-may-withdraw-night\n", "\\g<0>    retracted: {on: 2022-01-01, reason: misread}\n"),
]


@pytest.fixture(scope="module")
def versions(tmp_path_factory: pytest.TempPathFactory) -> tuple[Version, Version]:
    """The ferry dataset, and what it became: entries were added, changed, renamed, relabelled, retracted and removed."""
    folder = tmp_path_factory.mktemp("versions") / "ferry"
    shutil.copytree(FERRY, folder)
    before = Version(*graph_of(folder))
    for name, old, new in EDITS:
        path = folder / "seeds" / name
        text, count = re.subn(old, new, path.read_text(encoding="utf-8"), count=1)
        assert count == 1, old
        path.write_text(text, encoding="utf-8")
    return before, Version(*graph_of(folder))


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statements, "_BATCH", 30)
    monkeypatch.setattr(transactions, "_STEPS_AT_ONCE", 2)


def load(store: Store, version: Version, *, in_batches: bool = False) -> None:
    plan = store.plan(version.graph)
    if not plan.empty:
        store.apply(plan, version.model, in_batches=in_batches)


def stop_after(monkeypatch: pytest.MonkeyPatch, parts: int) -> Callable[[], int]:
    """Let so many transactions through, and fail at the next; gives how many there were."""
    done = 0
    write = transactions._write_once

    def counted(part: Any, session: neo4j.Session) -> None:
        nonlocal done
        if done == parts:
            raise KeyboardInterrupt
        write(part, session)
        done += 1

    monkeypatch.setattr(transactions, "_write_once", counted)
    return lambda: done


def of_others(store: Store) -> list[list[Any]]:
    return cypher(store, "MATCH (p:Party {id: 'guild'})-[near:NEAR]->(q:Quay) RETURN p.colour, near.km, q.name")


@pytest.fixture
def curated(store: Store, versions: tuple[Version, Version]) -> Store:
    """A database with the first version, and with what others put there."""
    load(store, versions[0])
    cypher(store, "MATCH (p:Party {id: 'guild'}) SET p.colour = 'red' CREATE (p)-[:NEAR {km: 3}]->(:Quay {name: 'Old quay'})")
    return store


def test_it_leaves_what_one_transaction_leaves(curated: Store, versions: tuple[Version, Version]) -> None:
    load(curated, versions[1], in_batches=True)
    in_batches = whole_graph(curated)
    load(curated, versions[0])
    load(curated, versions[1])
    assert whole_graph(curated) == in_batches
    assert curated.plan(versions[1].graph, everything=True).empty
    assert [dataset.unfinished for dataset in curated.datasets()] == [""]


def test_wherever_it_ends_the_next_load_finishes_it_or_takes_it_back(
    curated: Store, versions: tuple[Version, Version], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = [whole_graph(curated)]
    load(curated, versions[1])
    whole.append(whole_graph(curated))
    for parts in range(100):
        now = int(whole_graph(curated) == whole[1])
        with monkeypatch.context() as patched:
            done = stop_after(patched, parts)
            try:
                load(curated, versions[1 - now], in_batches=True)
            except KeyboardInterrupt:
                assert (done(), "has not ended" in curated.datasets()[0].unfinished) == (parts, parts > 0)
            else:
                break
        then = parts % 2
        load(curated, versions[then], in_batches=parts % 4 < 2)
        assert whole_graph(curated) == whole[then]
        assert [dataset.unfinished for dataset in curated.datasets()] == [""]
        assert of_others(curated) == [["red", 3, "Old quay"]]
    assert parts > 12


def test_of_two_at_once_the_one_that_began_earlier_stops(
    curated: Store, versions: tuple[Version, Version], monkeypatch: pytest.MonkeyPatch
) -> None:
    write, done = transactions._write_once, 0

    def interfere(part: Any, session: neo4j.Session) -> None:
        nonlocal done
        done += 1
        if done == 4:
            monkeypatch.setattr(transactions, "_write_once", write)
            load(curated, versions[0])
        write(part, session)

    monkeypatch.setattr(transactions, "_write_once", interfere)
    with pytest.raises(
        StoreError, match=r"somebody else loaded this dataset meanwhile; this batch was not written.*--in-batches"
    ):
        load(curated, versions[1], in_batches=True)
    assert curated.plan(versions[0].graph, everything=True).empty


def test_a_server_without_the_memory_for_it_is_not_asked_again() -> None:
    """It would say so again, after a minute."""
    error = TransientError("the limit is reached")
    error._neo4j_code = "Neo.TransientError.General.MemoryPoolOutOfMemoryError"
    assert error.is_retryable()
    assert out_of_memory(error)
    assert not out_of_memory(TransientError("the lock client was stopped"))


@pytest.mark.parametrize(
    ("written", "size"),
    [("278.00MiB", 278 * 2**20), ("1.40GiB", 1503238553), ("512B", 512), ("0B", 0), ("No Value", 0), ("", 0), ("70.0%", 0)],
)
def test_sizes_are_read_as_neo4j_writes_them(written: str, size: int) -> None:
    assert size_in_bytes(written) == size
