"""The embedded engine's process: it starts, keeps quiet, belongs to one at a time, and goes with whoever started it."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from negograph.database.embedded import folder as engine_folder
from negograph.database.embedded.engine import BUILDS, running_engine, start_engine, stay_up, take_down
from negograph.database.embedded.folder import lock_of, rebuilding
from negograph.database.store import open_store
from negograph.database.target import Build, EmbeddedTarget
from negograph.errors import EngineError, NegographError


@pytest.fixture(params=BUILDS)
def build(request: pytest.FixtureRequest) -> Build:
    if importlib.util.find_spec(BUILDS[request.param]) is None:
        pytest.skip(f"the {request.param} build of the embedded engine is not installed")
    return request.param  # type: ignore[no-any-return]


def _start_and_stop(folder: Path, say: Callable[[str], None], build: Build) -> None:
    with start_engine(folder, say, build):
        pass


def silent(message: str) -> None:
    raise AssertionError(f"nothing should be said, but: {message}")


@pytest.mark.engine
def test_it_starts_again_on_the_same_data_and_prints_nothing(
    tmp_path: Path, build: Build, capfd: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "a folder" / "engine"
    target = EmbeddedTarget(folder, build)
    with open_store(target, silent) as store:
        store.database.writer.execute_query("CREATE (:Party {id: 'x'})", database_="neo4j")
    with open_store(target, silent) as store:
        assert store.read("MATCH (p:Party) RETURN p.id", {}).rows == (("x",),)
    assert capfd.readouterr() == ("", "")


@pytest.mark.engine
@pytest.mark.parametrize("since", ["the beginning", "an earlier version"])
def test_a_record_that_grows_after_the_first_one_of_its_file_went_is_kept_whole(tmp_path: Path, build: Build, since: str) -> None:
    """The engine continues a long record in gaps; in that of the first record it would not find the rest again."""
    target = EmbeddedTarget(tmp_path, build)
    grown = "MATCH (p:Party) WHERE p.number IN range(500, 510)"

    def run(*statements: str) -> None:
        with open_store(target, silent) as store:
            for statement in statements:
                store.database.writer.execute_query(statement, database_="neo4j", value="x" * 200)

    run("UNWIND range(1, 1200) AS number CREATE (:Party {number: number, name: $value, note: 'short'})")
    if since == "an earlier version":
        (tmp_path / "engine" / "databases" / "neo4j" / "configuration.json").write_text('{"configuration": {}}')
    run(
        "MATCH (p:Party) WHERE p.number IN range(2, 100) DELETE p",
        f"{grown} SET p.note = $value + $value",
        "MATCH (p:Party {number: 1}) DELETE p",
        f"{grown} SET p.note = $value + $value + $value + $value",
    )
    with open_store(target, silent) as store:
        found = store.read(f"{grown} RETURN p.number, size(p.note)", {}).rows
    assert sorted(found) == [(number, 800) for number in range(500, 511)]


@pytest.mark.engine
def test_a_killed_engine_kept_what_was_committed_and_nothing_else(tmp_path: Path, build: Build) -> None:
    target, engine = EmbeddedTarget(tmp_path, build), stay_up(tmp_path, silent, build)
    with open_store(target, silent) as store:
        writer = store.database.writer
        writer.execute_query("UNWIND range(1, 2000) AS number CREATE (:Party {id: number})", database_="neo4j")
        transaction = writer.session(database="neo4j").begin_transaction()
        transaction.run("MATCH (p:Party) SET p.id = -p.id").consume()
        os.kill(engine.process, getattr(signal, "SIGKILL", signal.SIGTERM))
    end = time.monotonic() + 30
    while running_engine(tmp_path) is not None and time.monotonic() < end:
        time.sleep(0.05)
    with open_store(target, lambda message: None) as store:
        assert store.read("MATCH (p:Party) RETURN count(p), min(p.id), max(p.id)", {}).rows == ((2000, 1, 2000),)


def test_it_listens_on_loopback_alone_and_its_passwords_are_the_owners(tmp_path: Path, build: Build) -> None:
    with start_engine(tmp_path, silent, build) as engine:
        assert engine.uri.startswith("bolt://127.0.0.1:")
        assert len({engine.root, engine.reader}) == 2
        assert min(len(engine.root), len(engine.reader)) >= 24
    assert (tmp_path / ".gitignore").read_text() == "*\n"


def test_a_second_process_waits_for_the_first_and_says_so(tmp_path: Path, build: Build) -> None:
    said: list[str] = []
    holder = _hold_engine(tmp_path, build)
    try:
        with ThreadPoolExecutor() as pool:
            second = pool.submit(_start_and_stop, tmp_path, said.append, build)
            while not said and not second.done():
                time.sleep(0.05)
            assert not second.done()
            holder.kill()
            second.result(timeout=60)
    finally:
        holder.kill()
        holder.communicate()
    assert said == [f"waiting for another negograph process that uses {tmp_path}"]


def test_a_killed_process_takes_its_engine_with_it_and_blocks_nobody(tmp_path: Path, build: Build) -> None:
    holder = _hold_engine(tmp_path, build)
    holder.kill()
    holder.communicate()
    with start_engine(tmp_path, lambda message: None, build):
        pass
    assert _engine_processes(tmp_path) == []


def test_others_use_a_shared_engine_and_it_goes_with_whoever_started_it(tmp_path: Path, build: Build) -> None:
    holder = _hold_engine(tmp_path, build, shared=True)
    with start_engine(tmp_path, silent, build) as engine, start_engine(tmp_path, silent, build) as again:
        assert engine == again
    holder.kill()
    holder.communicate()
    end = time.monotonic() + 30
    while running_engine(tmp_path) is not None and time.monotonic() < end:
        time.sleep(0.05)
    with start_engine(tmp_path, lambda message: None, build) as other:
        assert other.uri != engine.uri
    assert _engine_processes(tmp_path) == []


def test_whoever_waits_for_an_engine_that_comes_to_stay_uses_that(tmp_path: Path, build: Build) -> None:
    said: list[str] = []
    with ThreadPoolExecutor() as pool:
        staying = pool.submit(stay_up, tmp_path, said.append, build)
        other = pool.submit(_start_and_stop, tmp_path, said.append, build)
        assert other.result(timeout=60) is None
        running = staying.result(timeout=60)
    assert running_engine(tmp_path) == running
    assert take_down(tmp_path)


def test_an_engine_whose_starter_goes_while_it_waits_never_starts(tmp_path: Path, build: Build) -> None:
    program = f"""
        from pathlib import Path
        from negograph.database.embedded.engine import stay_up
        stay_up(Path({str(tmp_path)!r}), lambda message: print(message, flush=True), {build!r})
    """
    with lock_of(tmp_path):
        waiting = subprocess.Popen([sys.executable, "-c", textwrap.dedent(program)], stdout=subprocess.PIPE, text=True)
        assert waiting.stdout is not None
        assert waiting.stdout.readline().startswith("waiting")
        waiting.kill()
        waiting.communicate()
        end = time.monotonic() + 30
        while _engine_processes(tmp_path) and time.monotonic() < end:
            time.sleep(0.05)
        assert _engine_processes(tmp_path) == []


def test_an_engine_that_does_not_start_points_to_its_log(tmp_path: Path, build: Build) -> None:
    with start_engine(tmp_path, silent, build):
        pass
    shutil.rmtree(tmp_path / "engine" / "databases")
    (tmp_path / "engine" / "databases").write_text("no folder")
    with pytest.raises(EngineError, match=r"does not start.*engine\.log.*--rebuild"), start_engine(tmp_path, silent, build):
        pass


def test_a_folder_that_cannot_be_made_is_explained(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(NegographError, match="cannot use"), start_engine(tmp_path / "file" / "folder", silent):
        pass


def _hold_engine(folder: Path, build: Build, *, shared: bool = False) -> subprocess.Popen[str]:
    """A process that starts the engine and keeps it until it is killed."""
    program = f"""
        import time
        from pathlib import Path
        from negograph.database.embedded.engine import start_engine
        with start_engine(Path({str(folder)!r}), print, {build!r}, shared={shared}):
            print("ready", flush=True)
            time.sleep(60)
    """
    process = subprocess.Popen([sys.executable, "-c", textwrap.dedent(program)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def _engine_processes(folder: Path) -> list[str]:
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes().split(b"\0")
        except OSError:
            continue
        if b"negograph.database.embedded.process" in words and str(folder).encode() in words:
            found.append(path.parent.name)
    return found


class Interrupted(BaseException):
    """What ends a program wherever it is."""


@pytest.mark.parametrize("renames", range(4))
def test_a_rebuild_is_whole_wherever_it_is_interrupted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, renames: int) -> None:
    """It ends before the first rename, or between two, or after the last; the next start goes on from there, and says so."""
    _keep(EmbeddedTarget(tmp_path), "old")
    rename, done = Path.replace, 0

    def rename_some(self: Path, goal: Path) -> Path:
        nonlocal done
        if "rebuilding" not in self.name and self.name in ("engine", "rebuilt"):
            done += 1
            if done > renames:
                raise Interrupted
        return rename(self, goal)

    with (
        monkeypatch.context() as patched,
        contextlib.suppress(Interrupted),
        rebuilding(tmp_path, lambda message: None) as folder,
    ):
        _keep(EmbeddedTarget(folder), "new")
        patched.setattr(Path, "replace", rename_some)
        patched.setattr(engine_folder, "_discard", lambda folder: None)  # nor does it come to that
    said: list[str] = []
    assert _kept(EmbeddedTarget(tmp_path), said.append) == ("old" if renames == 0 else "new")
    assert [message.partition(";")[0] for message in said] == [
        ["`negograph load --rebuild` was interrupted"],
        ["`negograph load --rebuild` was interrupted when the new graph was whole"],
        ["`negograph load --rebuild` was interrupted when the new graph was whole"],
        [],
    ][renames]
    assert not (tmp_path / "rebuilding").exists()
    for aside in tmp_path.glob("engine-*"):
        assert renames == 3 or aside.name in said[0]
        (tmp_path / "again").mkdir()
        aside.rename(tmp_path / "again" / "engine")
        assert _kept(EmbeddedTarget(tmp_path / "again"), silent) == "old"
    assert renames == 0 or (tmp_path / "again").exists()


def _keep(target: EmbeddedTarget, what: str) -> None:
    with open_store(target, silent) as store:
        store.database.writer.execute_query("CREATE (:Note {text: $text})", text=what, database_="neo4j")


def _kept(target: EmbeddedTarget, say: Callable[[str], None]) -> str:
    with open_store(target, say) as store:
        ((text,),) = store.read("MATCH (n:Note) RETURN n.text", {}).rows
        return str(text)
