"""What a disk may do: a byte of the engine's files is another one. Then nobody is told that all is as the seeds say.

NEGOGRAPH_FLIPS says how many bytes are changed, one at a time (`make soak`: 300).
"""

from __future__ import annotations

import os
import random
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from negograph.database import planning
from negograph.database import planning as store_damage
from negograph.database.store import Store, open_store
from negograph.database.target import EmbeddedTarget, ServerTarget, Target
from negograph.errors import NegographError, StoreError
from negograph.graph.plan import Graph
from negograph.project import shipped
from negograph.recipes.check import run_recipe
from tests.conftest import FERRY, NOTES, graph_of, load_project, recipes_in

FLIPS = int(os.environ.get("NEGOGRAPH_FLIPS", "6"))
RECIPES = recipes_in(shipped("queries"))
FILES = "engine/databases/neo4j"


@pytest.fixture(autouse=True)
def _nobody_loads(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is awaited to settle."""
    monkeypatch.setattr(planning, "_SETTLED_SECONDS", 0.2)


@pytest.fixture(scope="module")
def ferry(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an engine that holds the fictional dataset."""
    folder = tmp_path_factory.mktemp("ferry") / ".negograph"
    with open_store(EmbeddedTarget(folder), print) as store:
        load_project(store, FERRY)
    return folder


def answers(store: Store) -> dict[str, str]:
    """What each recipe answers, or how it fails."""
    found = {}
    for name, recipe in RECIPES.items():
        try:
            found[name] = repr(run_recipe(store, recipe, {}).rows)
        except NegographError as error:
            found[name] = str(error)
    return found


def verified(store: Store, graph: Graph) -> str:
    """What `negograph verify` says."""
    try:
        return "equal" if all(plan.empty for plan in store.verify(graph)) else "drift"
    except NegographError as error:
        return str(error)


def changed(ferry: Path, place: Path, file: str, offset: int, bit: int) -> EmbeddedTarget:
    """A copy of an engine's folder in which one bit is another one."""
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(ferry, place)
    content = bytearray((place / file).read_bytes())
    content[offset] ^= 1 << bit
    (place / file).write_bytes(content)
    return EmbeddedTarget(place)


def written_bytes(ferry: Path, pattern: str) -> Iterator[tuple[str, int]]:
    """The bytes of the engine's files that are not empty space."""
    for path in sorted((ferry / FILES).glob(pattern)):
        for offset, byte in enumerate(path.read_bytes()):
            if byte:
                yield str(path.relative_to(ferry)), offset


def test_whatever_byte_is_changed_no_answer_differs_while_all_seems_well(ferry: Path, tmp_path: Path) -> None:
    _, graph = graph_of(FERRY)
    with open_store(EmbeddedTarget(ferry), print) as store:
        right = answers(store)
        assert verified(store, graph) == "equal"
    chance = random.Random(5)
    places = [list(written_bytes(ferry, pattern)) for pattern in ("*_edges.*", "*idx", "*")]
    found: Counter[str] = Counter()
    for number in range(FLIPS):
        file, offset = chance.choice(places[number % len(places)])
        try:
            with open_store(changed(ferry, tmp_path / "changed", file, offset, chance.randrange(8)), print) as store:
                same, said = answers(store) == right, verified(store, graph)
        except NegographError as error:  # it does not start
            same, said = False, str(error)
        assert same or said != "equal", (file, offset)
        assert not said.startswith("the database says"), (file, offset)
        found[
            "damage" if "is damaged" in said or "does not start" in said else said if said in ("equal", "drift") else "odd"
        ] += 1
    NOTES.append(f"of {FLIPS} changed bytes of the embedded engine, verify says {dict(found)}")
    assert found["damage"]


def test_a_node_that_an_index_does_not_find_any_more_is_damage(ferry: Path, tmp_path: Path) -> None:
    """Its label still leads to it, and so do its relationships: only who asks by the id gets no answer."""
    _, graph = graph_of(FERRY)
    (index,) = {file for file, _ in written_bytes(ferry, "Party_*idx") if b"northbank" in (ferry / file).read_bytes()}
    offset = (ferry / index).read_bytes().rindex(b"northbank")
    with open_store(changed(ferry, tmp_path / "changed", index, offset, 1), print) as store:
        assert store.read("MATCH (p:Party {id: 'northbank'}) RETURN p.id", {}).rows == ()
        said = "by their ids, other nodes are found than by their labels: northbank. `negograph load --rebuild` builds it anew"
        for ask in (store.verify, lambda graph: store.plan(graph, everything=True)):
            with pytest.raises(StoreError, match="is damaged") as error:
                ask(graph)
            assert said in str(error.value)


def test_where_two_ways_of_reading_disagree_it_is_said_what_to_do(
    store: Store, target: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, graph = graph_of(FERRY)
    load_project(store, FERRY)
    around = store_damage._around

    def lose_one(*arguments: object) -> Iterator[tuple[str, ...]]:
        found = list(around(*arguments))  # type: ignore[arg-type]
        return iter(found[1:] if arguments[3] == "end" else found)

    monkeypatch.setattr(store_damage, "_around", lose_one)
    fix = "neo4j-admin database check` tells more" if isinstance(target, ServerTarget) else "`negograph load --rebuild`"
    with pytest.raises(StoreError, match="from where they end, other relationships are found") as error:
        store.verify(graph)
    assert fix in str(error.value)
