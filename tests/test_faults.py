"""Kills in the middle of a load, and two loads at once: the graph is always the old one or the new one, whole.

NEGOGRAPH_KILLS says how many loads are killed on each database, NEGOGRAPH_RACES how many pairs race (`make soak`: 200 and 50).
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from benchmarks.dataset import write_dataset

from negograph.graph import Graph
from negograph.local_engine import stay_up, take_down
from negograph.model import Model
from negograph.store import Store, open_store
from negograph.target import EmbeddedTarget, ServerTarget, Target

from .conftest import NOTES, cypher, graph_of

KILLS = int(os.environ.get("NEGOGRAPH_KILLS", "4"))
RACES = int(os.environ.get("NEGOGRAPH_RACES", "3"))
FACTS = 600
TARGETS = ["native", "neo4j-5.26"]

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="processes are killed by signals")

LOADER = """
    import sys
    from pathlib import Path
    from tests.conftest import graph_of
    from negograph.store import open_store
    from negograph.store_errors import StoreError
    from negograph.target import EmbeddedTarget, ServerTarget

    model, graph = graph_of(Path(sys.argv[1]))
    target = eval(sys.argv[2])
    began = False

    def tell(done, total):
        global began
        if not began:
            began = True
            print("writing", flush=True)

    try:
        with open_store(target, lambda message: None) as store:
            plan = store.plan(graph)
            print("planned", flush=True)
            sys.stdin.readline()
            store.apply(plan, model, tell)
            print("committed", flush=True)
    except StoreError as error:
        print("refused:", error, flush=True)
"""


@dataclass(frozen=True)
class Version:
    """One of two versions of the same seeds."""

    folder: Path
    model: Model
    graph: Graph


@pytest.fixture(scope="module")
def versions(tmp_path_factory: pytest.TempPathFactory) -> tuple[Version, Version]:
    """The same facts in two versions: every note and each party's name differ, and another fourth of the facts is there."""
    found = []
    for name in ("one", "two"):
        folder = tmp_path_factory.mktemp(name) / "project"
        write_dataset(folder, FACTS, 4)
        for path in (folder / "seeds").glob("*.yaml"):
            text = path.read_text(encoding="utf-8").replace("name: Party", f"name: {name.title()} party")
            path.write_text(text.replace("A remark", f"Remark {name}"), encoding="utf-8")
        (folder / "seeds" / f"facts-00{('one', 'two').index(name)}.yaml").unlink()
        found.append(Version(folder, *graph_of(folder)))
    one, two = found
    return one, two


@pytest.fixture
def place(target: Target, tmp_path: Path) -> Iterator[Target]:
    """An empty database that nobody else uses."""
    if isinstance(target, ServerTarget):
        with open_store(target, print) as store:
            cypher(store, "MATCH (n) DETACH DELETE n")
        yield target
    else:
        yield EmbeddedTarget(tmp_path / "engine", target.build)


def start(version: Version, target: Target) -> subprocess.Popen[str]:
    """A process that plans a load, and carries it out when it gets a line."""
    shown = (
        f"EmbeddedTarget(Path({str(target.folder)!r}), {target.build!r})"
        if isinstance(target, EmbeddedTarget)
        else f"ServerTarget({target.uri!r}, {target.username!r}, {target.password!r}, {target.database!r}, 'test')"
    )
    command = [sys.executable, "-c", textwrap.dedent(LOADER), str(version.folder), shown]
    root = Path(__file__).parents[1]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=root)
    return process


def go(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("go\n")
    process.stdin.flush()


def said(process: subprocess.Popen[str]) -> list[str]:
    """The rest of what a process prints, once it has ended."""
    assert process.stdout is not None
    lines = process.stdout.read().splitlines()
    process.wait()
    return lines


def held(store: Store, versions: tuple[Version, ...]) -> int | None:
    """Which version the database holds, whole, property by property; None for an empty one."""
    if not store.datasets():
        assert cypher(store, "MATCH (n) RETURN count(n)") == [[0]]
        return None
    (found,) = [n for n, version in enumerate(versions) if store.plan(version.graph, everything=True).empty]
    return found


def load(target: Target, version: Version) -> None:
    with open_store(target, lambda message: None) as store:
        plan = store.plan(version.graph)
        if not plan.empty:
            store.apply(plan, version.model)


def engine_of(target: Target) -> list[int]:
    """The processes of an embedded engine."""
    if not isinstance(target, EmbeddedTarget):
        return []
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            words = path.read_bytes().split(b"\0")
            if b"negograph.engine_process" in words and str(target.folder).encode() in words:
                found.append(int(path.parent.name))
    return found


@pytest.mark.parametrize("target", TARGETS, indirect=True)
def test_a_load_that_is_killed_leaves_the_old_graph_or_the_new_one(place: Target, versions: tuple[Version, Version]) -> None:
    chance = random.Random(7)
    load(place, versions[0])
    length = min(seconds_of_writing(place, versions[number]) for number in (1, 0))
    now, in_the_middle = 0, 0
    for number in range(KILLS):
        process = start(versions[1 - now], place)
        assert process.stdout is not None
        assert process.stdout.readline() == "planned\n"
        go(process)
        wrote = chance.random() < 0.8 and process.stdout.readline() == "writing\n"
        time.sleep(chance.uniform(0, length))
        if number % 2:  # the engine as well, which otherwise ends in an orderly way
            for engine in engine_of(place):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(engine, signal.SIGKILL)
        process.kill()
        lines = said(process)
        length *= 0.7 if "committed" in lines else 1.1  # loads get faster while the server warms up
        in_the_middle += (wrote or "writing" in lines) and "committed" not in lines
        with open_store(place, lambda message: None) as store:
            after = held(store, versions)
        assert after is not None
        assert after == 1 - now or "committed" not in lines
        load(place, versions[1 - after])
        now = 1 - after
    name = "Neo4j" if isinstance(place, ServerTarget) else "the embedded engine"
    NOTES.append(f"{in_the_middle} of {KILLS} loads were killed between their first write and the commit, on {name}")
    assert in_the_middle >= KILLS / 2


def seconds_of_writing(target: Target, version: Version) -> float:
    """How long a load takes from its first write to its commit."""
    process = start(version, target)
    assert process.stdout is not None
    process.stdout.readline()
    go(process)
    process.stdout.readline()
    began = time.monotonic()
    assert process.stdout.readline() == "committed\n"
    seconds = time.monotonic() - began
    said(process)
    return seconds


@pytest.mark.parametrize("target", TARGETS, indirect=True)
def test_two_loads_at_once_do_not_mix(place: Target, versions: tuple[Version, Version]) -> None:
    """Both have planned before either writes; on the embedded engine they share one that stays."""
    if isinstance(place, EmbeddedTarget):
        stay_up(place.folder, print, place.build)
    try:
        with open_store(place, print) as store:
            for _ in range(RACES):
                processes = [start(version, place) for version in versions]
                for process in processes:
                    assert process.stdout is not None
                    assert process.stdout.readline() == "planned\n"
                for process in processes:
                    go(process)
                outcomes = [said(process)[-1] for process in processes]
                done = [number for number, outcome in enumerate(outcomes) if outcome == "committed"]
                refused = [outcome for outcome in outcomes if outcome.startswith("refused:")]
                assert len(done) + len(refused) == 2, outcomes
                assert all("somebody else loaded this dataset meanwhile" in outcome for outcome in refused), refused
                assert done
                assert held(store, versions) in done
    finally:
        if isinstance(place, EmbeddedTarget):
            take_down(place.folder)


@pytest.mark.parametrize("target", ["native"], indirect=True)
def test_two_loads_at_once_wait_for_the_embedded_engine(place: Target, versions: tuple[Version, Version]) -> None:
    """Where each starts the engine, the second has it once the first has ended."""
    for _ in range(RACES):
        processes = [start(version, place) for version in versions]
        for process in processes:
            go(process)
        outcomes = [said(process)[-1] for process in processes]
        assert outcomes == ["committed", "committed"]
        with open_store(place, print) as store:
            assert held(store, versions) is not None
