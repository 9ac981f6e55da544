"""Other users of the same machine: they get no password, no answer and no file, and keep nobody waiting.

What needs a second user runs where the tests are root's, as in CI.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import signal
import socket
import stat
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from neo4j.exceptions import ClientError

from negograph.database.embedded.engine import running_engine, start_engine, stay_up, take_down
from negograph.database.embedded.folder import Holder, lock_of
from negograph.database.store import open_store
from negograph.database.target import Build, EmbeddedTarget
from negograph.errors import EngineError, NegographError, Unreachable
from negograph.files import own_folder
from tests.database.test_embedded_engine import build  # noqa: F401 - a fixture

STRANGER = 65534
SUCCESS = b"\x00\x17\xb1\x70\xa1\x86server\x8cNeo4j/5.26.0\x00\x00"

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="how users are kept apart is tested on Linux")
second_user = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can try what another user can do"
)


@pytest.fixture
def folder() -> Iterator[Path]:
    """The folder of an engine in one that everybody can open, as projects often are."""
    with tempfile.TemporaryDirectory() as place:
        Path(place).chmod(0o755)
        yield Path(place) / ".negograph"
        take_down(Path(place) / ".negograph")


@contextlib.contextmanager
def stranger(work: Callable[[int], None]) -> Iterator[int]:
    """Another user at work; what that one writes can be read, and the work has begun when the first byte is there."""
    result, writing = os.pipe()
    process = os.fork()
    if process == 0:
        try:
            os.setgroups([])
            os.setgid(STRANGER)
            os.setuid(STRANGER)
            work(writing)
        finally:
            os._exit(0)
    os.close(writing)
    try:
        assert os.read(result, 1) == b"!"
        yield result
    finally:
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
        os.close(result)


def pretend_to_be_the_engine(port: int) -> Callable[[int], None]:
    """Speaks as much Bolt as it takes to be told who asks, and passes on what it is told."""

    def work(tell: int) -> None:
        with socket.create_server(("127.0.0.1", port)) as listener:
            os.write(tell, b"!")
            while True:
                connection, _ = listener.accept()
                os.write(tell, connection.recv(20))
                connection.sendall(b"\x00\x00\x04\x05")
                while heard := connection.recv(4096):
                    os.write(tell, heard)
                    connection.sendall(SUCCESS)

    return work


def heard(result: int) -> bytes:
    """What a stranger has written until now."""
    os.set_blocking(result, False)
    with contextlib.suppress(BlockingIOError):
        return os.read(result, 65536)
    return b""


def kill(running: Holder, folder: Path) -> None:
    """End an engine at once, and wait until it holds nothing any more."""
    os.kill(running.process, signal.SIGKILL)
    with lock_of(folder).acquire(timeout=20):
        pass


@second_user
def test_who_takes_the_port_of_a_killed_engine_and_its_lock_is_told_nothing_and_named(folder: Path) -> None:
    """Once, the lock could be opened by everybody; who holds it keeps what an engine wrote down from being known as stale."""
    running = stay_up(folder, print)
    folder.chmod(0o755)
    (folder / "lock").chmod(0o644)
    kill(running, folder)
    pretend = pretend_to_be_the_engine(running.port)

    def work(tell: int) -> None:
        with (folder / "lock").open() as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            pretend(tell)

    with stranger(work) as result:
        began = time.monotonic()
        named = r"is held by the process \d+ of the user nobody, .*; end it, or delete that file"
        with pytest.raises(EngineError, match=named), open_store(EmbeddedTarget(folder), print):
            pass
        assert time.monotonic() - began < 20
        assert heard(result) == b""
        assert running_engine(folder) is None
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


@second_user
def test_who_takes_the_port_while_a_command_works_is_told_no_password(folder: Path) -> None:
    running = stay_up(folder, print)
    with open_store(EmbeddedTarget(folder), print) as store:
        kill(running, folder)
        with stranger(pretend_to_be_the_engine(running.port)) as result:
            with pytest.raises(Unreachable):
                store.read("RETURN 1", {})
            told = heard(result)
    greeting = b"\x60\x60\xb0\x17"
    assert told.count(greeting) >= 1  # it was connected to
    assert len(told) == 20 * told.count(greeting)


@second_user
def test_who_listens_at_the_same_port_of_another_address_disturbs_nobody(folder: Path) -> None:
    running = stay_up(folder, print)

    def work(tell: int) -> None:
        with socket.create_server(("127.0.0.2", running.port)):
            os.write(tell, b"!")
            time.sleep(60)

    with stranger(work), open_store(EmbeddedTarget(folder), print) as store:
        assert store.read("RETURN 1", {}).rows == ((1,),)


def test_a_new_engine_has_new_passwords(folder: Path) -> None:
    first = stay_up(folder, print)
    kill(first, folder)
    second = stay_up(folder, print)
    assert not {first.root, first.reader} & {second.root, second.reader}


@second_user
def test_what_belongs_to_another_user_is_refused(folder: Path) -> None:
    own_folder(folder)
    os.chown(folder, STRANGER, STRANGER)
    for ask in (running_engine, lambda place: start_engine(place, print).__enter__()):
        with pytest.raises(NegographError, match=r"belongs to the user nobody, and .*; delete it, or"):
            ask(folder)
    os.chown(folder, 0, 0)
    (folder / "running.json").write_text("{}")
    os.chown(folder / "running.json", STRANGER, STRANGER)
    with pytest.raises(NegographError, match=r"running\.json belongs to"):
        running_engine(folder)
    (folder / "running.json").unlink()


@pytest.mark.parametrize("name", ["", "lock", "running.json", "engine", "engine.log", ".gitignore", "engine/log", "rebuilding"])
def test_links_are_not_followed(folder: Path, name: str) -> None:
    goal = folder.parent / "goal"
    goal.mkdir()
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).symlink_to(goal)
    with pytest.raises((NegographError, EngineError), match="is a symbolic link"), start_engine(folder, print):
        pass
    assert not list(goal.iterdir())
    (folder / name).unlink()


def test_nobody_else_can_read_what_is_kept(folder: Path, build: Build) -> None:  # noqa: F811
    previous = os.umask(0)
    try:
        with start_engine(folder, print, build):
            kept = [folder, *folder.rglob("*")]
            assert len(kept) > 10
            assert [path for path in kept if path.stat().st_mode & 0o077] == []
    finally:
        os.umask(previous)


def test_bolt_is_all_that_listens_and_it_takes_browsers(folder: Path, build: Build) -> None:  # noqa: F811
    running = stay_up(folder, print, build)
    assert listening(running.process) == {running.port}
    with socket.create_connection(("127.0.0.1", running.port)) as connection:
        connection.sendall(
            b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
        )
        assert connection.recv(12) == b"HTTP/1.1 101"


def listening(process: int) -> set[int]:
    """The TCP ports that a process listens at."""
    links = [str(path.readlink()) for path in Path(f"/proc/{process}/fd").iterdir() if path.is_symlink()]
    sockets = {found[1] for link in links if (found := re.fullmatch(r"socket:\[(\d+)\]", link))}
    rows = [line.split() for table in ("tcp", "tcp6") for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]]
    return {int(row[1].rpartition(":")[2], 16) for row in rows if row[3] == "0A" and row[9] in sockets}


def test_nobody_reads_files_through_the_engine_not_even_root(folder: Path, build: Build) -> None:  # noqa: F811
    secret = folder.parent / "secret.csv"
    secret.write_text("secret\n")
    with open_store(EmbeddedTarget(folder, build), print) as store:
        for driver in (store.database.writer, store.database.reader):
            with pytest.raises(ClientError, match="not allowed"):
                driver.execute_query(f"LOAD CSV FROM 'file://{secret}' AS row RETURN row", database_="neo4j")
