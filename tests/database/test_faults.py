"""Kills in the middle of a load, and two loads at once: the graph is always the old one or the new one, whole.

NEGOGRAPH_KILLS says how many loads are killed on each database, and an eighth as many rebuilds; NEGOGRAPH_RACES how many pairs
race (`make soak`: 200 and 50).
"""

from __future__ import annotations

import contextlib
import functools
import os
import pickle
import random
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

import pytest
from benchmarks.dataset import write_dataset
from neo4j.exceptions import NotALeader, WriteServiceUnavailable

from negograph.database import driver, transactions
from negograph.database.embedded.engine import start_engine, stay_up, take_down
from negograph.database.store import Store, open_store
from negograph.database.target import EmbeddedTarget, ServerTarget, Target
from negograph.errors import NegographError, StoreError
from negograph.graph.plan import Graph
from negograph.model.model import Model
from tests.conftest import CHECKOUT, NOTES, cypher, graph_of, interruptible
from tests.database.loads import How, Loading, ready_to_load

KILLS = int(os.environ.get("NEGOGRAPH_KILLS", "4"))
REBUILDS = max(3, KILLS // 8)
RACES = int(os.environ.get("NEGOGRAPH_RACES", "3"))
FACTS = int(os.environ.get("NEGOGRAPH_FACTS", "600"))
TARGETS = ["native", "neo4j-5.26"]

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="processes are killed by signals")


@dataclass(frozen=True)
class Version:
    """One of two versions of the same seeds."""

    folder: Path
    model: Model
    graph: Graph

    @property
    def pickled(self) -> Path:
        """A file with the model and the graph, which a process reads faster than the seeds."""
        return self.folder / "graph"


class Start(Protocol):
    """Starts a process that plans a load, and carries it out when it gets a line."""

    def __call__(self, version: Version, target: Target, how: How = "whole") -> Loading: ...


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
        found[-1].pickled.write_bytes(pickle.dumps((found[-1].model, found[-1].graph)))
    one, two = found
    return one, two


@pytest.fixture(scope="module")
def start() -> Iterator[Start]:
    with ready_to_load(CHECKOUT) as begin:
        yield lambda version, target, how="whole": begin(version.pickled, target, how)


@pytest.fixture
def place(target: Target, tmp_path: Path) -> Iterator[Target]:
    """An empty database that nobody else uses."""
    if isinstance(target, ServerTarget):
        with open_store(target, print) as store:
            cypher(store, "MATCH (n) DETACH DELETE n")
        yield target
    else:
        yield EmbeddedTarget(tmp_path / "engine", target.build)


def held(store: Store, versions: tuple[Version, ...]) -> int | None:
    """Which version the database holds, whole, property by property; None for an empty one.

    A commit that was under way when its process was killed may come through meanwhile: then it is looked again. A server lets
    others read while it applies a commit; what they see is neither version then, but not for long.
    """
    end = time.monotonic() + 10
    while True:
        before = store.datasets()
        likely = int(cypher(store, "MATCH (p:Party) WHERE p.name STARTS WITH 'Two' RETURN count(p) > 0") == [[True]])
        order = sorted(range(len(versions)), key=lambda number: number != likely)  # the other one is hardly ever looked at
        equal = (number for number in order if store.plan(versions[number].graph, everything=True).empty)
        found = next(equal, None)
        if store.datasets() == before and (found is not None or not before or time.monotonic() > end):
            break
    if not before:
        assert cypher(store, "MATCH (n) RETURN count(n)") == [[0]]
        return None
    assert found is not None
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
            if b"negograph.database.embedded.process" in words and any(
                word.startswith(str(target.folder).encode()) for word in words
            ):
                found.append(int(path.parent.name))
    return found


@pytest.mark.parametrize("target", TARGETS, indirect=True)
def test_a_load_that_is_killed_leaves_the_old_graph_or_the_new_one(
    place: Target, versions: tuple[Version, Version], start: Start
) -> None:
    chance = random.Random(7)
    load(place, versions[0])
    length = min(seconds_of_writing(start, place, versions[number]) for number in (1, 0))
    now, in_the_middle = 0, 0
    for number in range(KILLS):
        process = start(versions[1 - now], place)
        assert process.line() == "planned"
        process.go()
        wrote = chance.random() < 0.8 and process.line() == "writing"
        time.sleep(chance.uniform(0, length))
        if number % 2:  # the engine as well, which otherwise ends in an orderly way
            for engine in engine_of(place):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(engine, signal.SIGKILL)
        process.send(signal.SIGINT if number % 4 == 2 else signal.SIGKILL)
        lines = process.rest()
        length *= 0.7 if "committed" in lines else 1.1  # loads get faster while the server warms up
        in_the_middle += (wrote or "writing" in lines) and "committed" not in lines
        with open_store(place, lambda message: None) as store:
            after = held(store, versions)
            assert after is not None
            assert after == 1 - now or "committed" not in lines
            store.apply(store.plan(versions[1 - after].graph), versions[1 - after].model)
        now = 1 - after
    name = "Neo4j" if isinstance(place, ServerTarget) else "the embedded engine"
    NOTES.append(f"{in_the_middle} of {KILLS} loads were killed between their first write and the commit, on {name}")
    assert in_the_middle >= KILLS / 2


@pytest.mark.parametrize("target", TARGETS, indirect=True)
def test_a_load_in_batches_that_is_killed_is_finished_or_taken_back_by_the_next(
    place: Target, versions: tuple[Version, Version], start: Start
) -> None:
    chance = random.Random(11)
    with open_store(place, lambda message: None) as store:
        cypher(store, "CREATE (:Quay {name: 'Old quay'})")
    load(place, versions[0])
    with open_store(place, lambda message: None) as store:
        cypher(store, "MATCH (p:Party {id: 'party-1'}), (q:Quay) CREATE (p)-[:NEAR {km: 3}]->(q)")
    now, partly = 0, 0
    for number in range(KILLS // 2):
        process = start(versions[1 - now], place, "in batches")
        assert process.line() == "planned"
        process.go()
        assert process.line() == "writing"
        time.sleep(chance.uniform(0, 2 if number % 2 else 0.5))
        process.send(signal.SIGKILL)
        process.rest()
        then = chance.randrange(2)
        with open_store(place, lambda message: None) as store:
            partly += bool(store.datasets()[0].unfinished)
            plan = store.plan(versions[then].graph)
            if not plan.empty:
                store.apply(plan, versions[then].model)
            assert held(store, versions) == then
            assert cypher(store, "MATCH (p:Party)-[near:NEAR]->(q:Quay) RETURN p.id, near.km, q.name") == [
                ["party-1", 3, "Old quay"]
            ]
        now = then
    name = "Neo4j" if isinstance(place, ServerTarget) else "the embedded engine"
    NOTES.append(f"{partly} of {KILLS // 2} loads in batches were killed between two of them, on {name}")
    assert partly >= KILLS // 4


@pytest.mark.parametrize("target", ["native"], indirect=True)
def test_a_rebuild_that_is_killed_leaves_the_old_data_or_the_new(
    target: EmbeddedTarget, versions: tuple[Version, Version], tmp_path: Path
) -> None:
    """Nothing is lost that was drawn by hand: it is in the graph, or in the data that lies beside."""
    chance = random.Random(11)
    project = shutil.copytree(versions[1].folder, tmp_path / "project")
    place = EmbeddedTarget(project / ".negograph", target.build)
    load(place, versions[0])
    began = time.monotonic()
    assert rebuild(project).wait() == 0
    length, undone, finished = time.monotonic() - began, 0, 0
    for number in range(REBUILDS):
        draw(place, number)
        process = rebuild(project)
        time.sleep(chance.uniform(0.4, 1.1) * length)
        if number % 2:
            for engine in engine_of(place):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(engine, signal.SIGKILL)
        process.send_signal((signal.SIGKILL, signal.SIGTERM, signal.SIGHUP)[number % 3])
        process.wait()
        with open_store(place, lambda message: None) as store:
            assert held(store, versions) == 1
            in_place = cypher(store, "MATCH (n:Drawn) RETURN max(n.number)") == [[number]]
        assert not [name for name in ("rebuilding", "rebuilt") if (place.folder / name).exists()]
        if in_place:
            undone += 1
            length *= 1.1
        else:
            finished += 1
            length *= 0.9
            shutil.copytree(max(place.folder.glob("engine-*")), tmp_path / f"aside-{number}" / "engine")
            with open_store(EmbeddedTarget(tmp_path / f"aside-{number}", target.build), print) as store:
                assert cypher(store, "MATCH (n:Drawn) RETURN max(n.number)") == [[number]]
    NOTES.append(f"of {REBUILDS} rebuilds that were killed, {undone} left the old data and {finished} the new")


def rebuild(project: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-P", "-m", "negograph", "load", "--rebuild", "--embedded", "--project", str(project)]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, preexec_fn=interruptible)


def draw(target: Target, number: int) -> None:
    with open_store(target, lambda message: None) as store:
        cypher(store, f"CREATE (:Drawn {{number: {number}}})")


def seconds_of_writing(start: Start, target: Target, version: Version) -> float:
    """How long a load takes from its first write to its commit."""
    process = start(version, target)
    process.line()
    process.go()
    process.line()
    began = time.monotonic()
    assert process.line() == "committed"
    seconds = time.monotonic() - began
    process.rest()
    return seconds


@pytest.mark.parametrize("target", TARGETS, indirect=True)
def test_two_loads_at_once_do_not_mix(place: Target, versions: tuple[Version, Version], start: Start) -> None:
    """Both have planned before either writes; on the embedded engine they share one that stays."""
    if isinstance(place, EmbeddedTarget):
        stay_up(place.folder, print, place.build)
    try:
        with open_store(place, print) as store:
            for _ in range(RACES):
                processes = [start(version, place) for version in versions]
                for process in processes:
                    assert process.line() == "planned"
                for process in processes:
                    process.go()
                outcomes = [process.rest()[-1] for process in processes]
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
def test_two_loads_at_once_wait_for_the_embedded_engine(place: Target, versions: tuple[Version, Version], start: Start) -> None:
    """Where each starts the engine, the second has it once the first has ended."""
    for _ in range(RACES):
        processes = [start(version, place) for version in versions]
        for process in processes:
            process.go()
        outcomes = [process.rest()[-1] for process in processes]
        assert outcomes == ["committed", "committed"]
        with open_store(place, print) as store:
            assert held(store, versions) is not None


class Line:
    """A line to a server that can be cut: the address of a proxy, whose connections end when it is cut."""

    def __init__(self, server: ServerTarget) -> None:
        address = urlsplit(server.uri)
        self.to = (str(address.hostname), address.port or 7687)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.target = replace(server, uri=f"bolt://127.0.0.1:{self.listener.getsockname()[1]}")
        self.connections: list[socket.socket] = []
        self.mute: set[socket.socket] = set()
        self.whole = True
        self.cuts_at_commit = self.stays_away = False
        self.silent = False
        self.swallows_commit = False
        self.silent_from_commit = False
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self.listener.accept()
                if not self.whole:
                    near.close()
                    continue
                far = socket.create_connection(self.to)
                self.connections += [near, far]
                threading.Thread(target=self._pass, args=(near, far, True), daemon=True).start()
                threading.Thread(target=self._pass, args=(far, near, False), daemon=True).start()

    def _pass(self, source: socket.socket, sink: socket.socket, to_server: bool) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                if source in self.mute:
                    continue
                if self.silent:
                    continue
                at_commit = to_server and COMMIT in data
                if at_commit and (self.cuts_at_commit or self.swallows_commit or self.silent_from_commit):
                    self.mute.add(sink)  # what answers it is lost
                sink.sendall(data)
                if at_commit:
                    self._after_commit()

    def _after_commit(self) -> None:
        self.silent, self.swallows_commit = self.silent_from_commit, False
        if self.cuts_at_commit:
            self.cuts_at_commit = False
            time.sleep(1)  # so that the server has finished
            self.cut()
            self.whole = not self.stays_away

    def cut(self) -> None:
        self.whole = False
        for connection in self.connections:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            connection.close()
        self.connections.clear()

    def close(self) -> None:
        self.cut()
        self.listener.close()


COMMIT = b"\x00\x02\xb0\x12\x00\x00"
"""The message of the Bolt protocol that ends a transaction, as it goes over the line."""


@pytest.fixture
def line(place: Target) -> Iterator[Line]:
    assert isinstance(place, ServerTarget)
    made = Line(place)
    yield made
    made.close()


@pytest.mark.parametrize("target", TARGETS[1:], indirect=True)
class TestAServerThatGoesAway:
    def test_it_is_waited_for(self, place: Target, line: Line, versions: tuple[Version, Version]) -> None:
        cut: list[int] = []

        def cut_once(done: int, total: int) -> None:
            if not cut and done > total / 2:
                cut.append(done)
                line.cut()
                threading.Timer(3, setattr, (line, "whole", True)).start()

        with open_store(line.target, print) as store:
            written = store.apply(store.plan(versions[0].graph), versions[0].model, cut_once)
        assert cut
        assert written.nodes_created == len(versions[0].graph.digests)
        with open_store(place, print) as store:
            assert held(store, versions) == 0
            assert [loaded.loads for loaded in store.datasets()] == [1]

    def test_what_was_committed_before_the_answer_was_lost_is_not_loaded_twice(
        self, place: Target, line: Line, versions: tuple[Version, Version]
    ) -> None:
        with open_store(line.target, print) as store:
            plan = store.plan(versions[0].graph)
            store.apply(plan, versions[0].model)
            plan = store.plan(versions[1].graph)
            line.cuts_at_commit = True
            store.apply(plan, versions[1].model)
            assert not line.cuts_at_commit
        with open_store(place, print) as store:
            assert held(store, versions) == 1
            assert [loaded.loads for loaded in store.datasets()] == [2]

    def test_an_interrupt_does_not_wait_for_one_that_says_nothing(
        self, place: Target, line: Line, versions: tuple[Version, Version]
    ) -> None:
        load(place, versions[0])
        handler = signal.signal(signal.SIGINT, signal.default_int_handler)  # also where the tests run in the background

        def fall_silent(done: int, total: int) -> None:
            if not line.silent:
                line.silent = True
                threading.Timer(1, signal.pthread_kill, (threading.main_thread().ident, signal.SIGINT)).start()

        began = time.monotonic()
        try:
            with pytest.raises(KeyboardInterrupt), open_store(line.target, print) as store:
                store.apply(store.plan(versions[1].graph), versions[1].model, fall_silent)
        finally:
            signal.signal(signal.SIGINT, handler)
        assert time.monotonic() - began < 15
        line.cut()
        with open_store(place, print) as store:
            assert held(store, versions) == 0

    def test_one_that_stays_away_is_said_and_the_old_graph_stays(
        self, place: Target, line: Line, versions: tuple[Version, Version], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(transactions, "RETRY_SECONDS", 2.0)
        load(place, versions[0])
        with (
            pytest.raises(StoreError, match="cannot reach bolt://127") as error,
            open_store(line.target, print) as store,
        ):
            store.apply(store.plan(versions[1].graph), versions[1].model, lambda done, total: line.cut())
        assert "\n" not in str(error.value)
        with open_store(place, print) as store:
            assert held(store, versions) == 0


@pytest.fixture
def engine_line(tmp_path: Path) -> Iterator[Line]:
    """A line to an embedded engine."""
    with start_engine(tmp_path / "engine", print, "native") as engine:
        made = Line(ServerTarget(engine.uri, "root", engine.root, "neo4j", "test"))
        yield made
        made.close()


class TestACommitThatIsNotAnswered:
    """The database commits, and its answer does not come; nor does the connection end."""

    @pytest.fixture(autouse=True)
    def impatient(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(transactions, "_COMMIT_SECONDS", 1.0)
        monkeypatch.setattr(driver, "ANSWER_SECONDS", 2.0)
        monkeypatch.setattr(transactions, "ANSWER_SECONDS", 2.0)

    def test_another_connection_tells_that_the_load_is_in(self, engine_line: Line, versions: tuple[Version, Version]) -> None:
        with open_store(engine_line.target, print) as store:
            plan = store.plan(versions[0].graph)
            engine_line.swallows_commit = True
            written = store.apply(plan, versions[0].model)
            assert not engine_line.swallows_commit
        assert written.nodes_created == len(versions[0].graph.digests)
        with open_store(engine_line.target, print) as store:
            assert held(store, versions) == 0
            assert [loaded.loads for loaded in store.datasets()] == [1]

    def test_where_nothing_answers_any_more_it_is_said_that_nobody_knows(
        self, engine_line: Line, versions: tuple[Version, Version]
    ) -> None:
        with open_store(engine_line.target, print) as store:
            plan = store.plan(versions[0].graph)
            engine_line.silent_from_commit = True
            began = time.monotonic()
            with pytest.raises(StoreError, match=r"nobody knows whether the load is in\. `negograph plan` shows it") as error:
                store.apply(plan, versions[0].model)
            assert time.monotonic() - began < 30
        assert "\n" not in str(error.value)
        engine_line.silent = engine_line.silent_from_commit = False
        with open_store(engine_line.target, print) as store:
            assert store.plan(versions[0].graph).empty  # as the message says, `plan` shows it

    def test_one_that_ends_the_connection_and_stays_away(
        self, engine_line: Line, versions: tuple[Version, Version], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(transactions, "RETRY_SECONDS", 1.0)
        with open_store(engine_line.target, print) as store:
            plan = store.plan(versions[0].graph)
            engine_line.cuts_at_commit = engine_line.stays_away = True
            with pytest.raises(StoreError, match="nobody knows whether the load is in"):
                store.apply(plan, versions[0].model)


@pytest.mark.parametrize("gone", ["engine", "engine/engine/databases/neo4j"])
def test_data_that_is_deleted_during_a_load_is_noticed(tmp_path: Path, versions: tuple[Version, Version], gone: str) -> None:
    with open_store(EmbeddedTarget(tmp_path / "engine", "native"), print) as store:
        plan = store.plan(versions[0].graph)
        with pytest.raises(NegographError, match="was deleted or replaced while the embedded engine ran on it"):
            store.apply(plan, versions[0].model, once(lambda: shutil.rmtree(tmp_path / gone)))


def test_data_that_is_replaced_during_a_load_is_noticed(tmp_path: Path, versions: tuple[Version, Version]) -> None:
    """Also by a folder of the same name."""
    folder = tmp_path / "engine"

    def replace_it() -> None:
        folder.rename(tmp_path / "moved")
        shutil.copytree(tmp_path / "moved", folder)

    with open_store(EmbeddedTarget(folder, "native"), print) as store:
        plan = store.plan(versions[0].graph)
        with pytest.raises(NegographError, match="was deleted or replaced"):
            store.apply(plan, versions[0].model, once(replace_it))


def once(what: Callable[[], object]) -> Callable[[int, int], None]:
    """Does something at the first progress of a load."""
    waiting = [what]

    def tell(done: int, total: int) -> None:
        if waiting:
            waiting.pop()()

    return tell


@pytest.mark.parametrize("target", ["native"], indirect=True)
def test_a_cluster_that_has_no_leader_at_first_is_waited_for(
    store: Store, versions: tuple[Version, Version], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the driver tells of it, before anything is written and in the middle: there is no cluster to try it with."""
    errors = {
        "_make_ids_unique": WriteServiceUnavailable("No write service currently available"),
        "_write_once": NotALeader("No write operations are allowed"),
    }

    def fail_once(name: str, work: Callable[..., None], *given: object) -> None:
        if name in errors:
            raise errors.pop(name)
        work(*given)

    monkeypatch.setattr(transactions, "_FIRST_PAUSE_SECONDS", 0.01)
    for name in errors:
        monkeypatch.setattr(transactions, name, functools.partial(fail_once, name, getattr(transactions, name)))
    store.apply(store.plan(versions[0].graph), versions[0].model)
    assert errors == {}
    assert held(store, versions) == 0
