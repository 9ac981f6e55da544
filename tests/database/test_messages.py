"""What is wrong with a server is said in one line, with what to do about it; each case with a real server of that kind."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from benchmarks.dataset import write_dataset
from neo4j.exceptions import Neo4jError, NotALeader, WriteServiceUnavailable

from negograph.database import driver
from negograph.database.embedded.connection import unreachable
from negograph.database.embedded.engine import take_down
from negograph.database.messages import explain_errors, not_reached
from negograph.database.store import Store, open_store
from negograph.database.target import EmbeddedTarget, ServerTarget, Target
from negograph.errors import NegographError, StoreError, Unreachable
from tests.conftest import cypher, graph_of, load_project, whole_graph
from tests.database.test_store import SMALL


def what_is_said(uri: str, database: str = "neo4j") -> str:
    """The message for a server that cannot be used; one line."""
    target = ServerTarget(uri, "neo4j", "x", database, "test")
    with pytest.raises(StoreError) as error, open_store(target, print):
        pass
    assert "\n" not in str(error.value)
    return str(error.value)


@contextlib.contextmanager
def listening(serve: Callable[[socket.socket], None]) -> Iterator[int]:
    """The port of a server that does `serve` with each connection."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def accept() -> None:
            with contextlib.suppress(OSError):
                while True:
                    threading.Thread(target=serve, args=(server.accept()[0],), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        yield server.getsockname()[1]


def test_a_host_that_is_not_there() -> None:
    assert "no host has that name; check the address" in what_is_said("bolt://negograph.invalid")
    assert "no host has that name; check the address" in what_is_said("neo4j://negograph.invalid")


def test_an_embedded_engine_that_is_gone_is_told_from_one_that_ended_the_connection() -> None:
    assert unreachable(runs=False) == (
        "the embedded engine is gone; did somebody end it, as `negograph down` does? Run the command again"
    )
    assert unreachable(runs=True) == (
        "the embedded engine runs, but ended the connection or makes none; does it fail at what it was asked, or does another "
        "program hold all its connections? Change the query, or run the command again"
    )


def test_a_query_at_which_the_embedded_engine_ends_the_connection(tmp_path: Path) -> None:
    with open_store(EmbeddedTarget(tmp_path, "native"), print, shared=True) as store:
        with pytest.raises(StoreError, match="the embedded engine runs, but ended the connection"):
            store.ask("RETURN reduce(l = [1], i IN range(1, 100000) | [l]) AS x", {})
        assert store.ask("RETURN 1 AS x", {}).rows == ((1,),)
        assert take_down(tmp_path)
        with pytest.raises(StoreError, match="the embedded engine is gone"):
            store.ask("RETURN 1 AS x", {})


def test_a_port_where_nothing_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    assert "nothing listens there; start the server" in what_is_said(f"bolt://127.0.0.1:{port}")
    assert "nothing listens there; start the server" in what_is_said(f"neo4j://127.0.0.1:{port}")


def test_a_web_server() -> None:
    with listening(lambda connection: connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")) as port:
        assert "there is a web server; write the Bolt port" in what_is_said(f"bolt://127.0.0.1:{port}")


def test_a_server_that_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(driver, "ANSWER_SECONDS", 0.5)
    kept: list[socket.socket] = []
    with listening(kept.append) as port:
        assert "it does not answer" in what_is_said(f"bolt://127.0.0.1:{port}")


def test_a_server_without_tls() -> None:
    def read_and_close(connection: socket.socket) -> None:
        with connection:
            connection.recv(10_000)

    with listening(read_and_close) as port:
        assert "it does not speak TLS there" in what_is_said(f"bolt+s://127.0.0.1:{port}")


@contextlib.contextmanager
def demanding_tls(folder: Path) -> Iterator[int]:
    """The port of a server that speaks TLS alone, with a certificate for which nobody vouches."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl, which makes the certificate for this test, is not installed")
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    subprocess.run([*command, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)

    def greet(connection: socket.socket) -> None:
        with contextlib.suppress(OSError), connection:
            context.wrap_socket(connection, server_side=True)

    with listening(greet) as port:
        yield port


def test_a_certificate_that_nobody_vouches_for(tmp_path: Path) -> None:
    with demanding_tls(tmp_path) as port:
        said = what_is_said(f"bolt+s://localhost:{port}")
    assert "its certificate is not trusted (self-signed certificate" in said
    assert "bolt+ssc://" in said


@pytest.mark.parametrize("scheme", ["bolt", "neo4j"])
def test_a_server_that_demands_tls(tmp_path: Path, scheme: str) -> None:
    with demanding_tls(tmp_path) as port:
        said = what_is_said(f"{scheme}://localhost:{port}")
    assert "it ends the connection; is it a Neo4j server, and up? If it demands TLS, write bolt+s:// or neo4j+s://" in said


@pytest.mark.parametrize(
    ("code", "reason", "said"),
    [
        (9, "not yet valid", "its certificate does not hold at this time (not yet valid); have the server get another"),
        (10, "has expired", "its certificate does not hold at this time (has expired); have the server get another"),
        (62, "not valid for 'x'.", "its certificate is for another name (not valid for 'x'); write the address with a name"),
        (64, "not valid for '::1'.", "its certificate is for another name (not valid for '::1'); write the address with a name"),
    ],
)
def test_a_certificate_that_does_not_hold_whoever_vouches_for_it(code: int, reason: str, said: str) -> None:
    error = ssl.SSLCertVerificationError()
    error.verify_code, error.verify_message = code, reason
    assert said in not_reached("bolt+s://x", error)
    assert "SSL_CERT_FILE" not in not_reached("bolt+s://x", error)


@pytest.mark.parametrize("target", ["native"], indirect=True)
def test_a_cluster_that_takes_no_writes_or_not_there(session_store: Store) -> None:
    """As the driver tells of it: there is no cluster to try it with."""
    place = "bolt://two:7687"
    database = replace(session_store.database, place=place, unreachable=lambda error: not_reached(place, error))
    said = r"bolt://two:7687 does not lead its cluster, and nothing was written; write neo4j:// for bolt://"
    with pytest.raises(StoreError, match=said), explain_errors(database):
        raise NotALeader("No write operations are allowed directly on this database.")
    said = "cannot reach bolt://two:7687: no server of its cluster takes writes at present"
    with pytest.raises(Unreachable, match=said), explain_errors(database):
        raise WriteServiceUnavailable("No write service currently available") from ConnectionRefusedError()


def test_a_database_that_is_not_there(target: Target, project: Callable[..., Path]) -> None:
    if not isinstance(target, ServerTarget):
        pytest.skip("the embedded engine has one database")
    with (
        pytest.raises(StoreError, match="has no such database; check NEO4J_DATABASE"),
        open_store(replace(target, database="nope"), print) as store,
    ):
        load_project(store, project(base=SMALL))


def test_a_user_that_may_only_read(store: Store, target: Target, project: Callable[..., Path]) -> None:
    if isinstance(target, ServerTarget):
        pytest.skip("a Neo4j without a licence has no users that may only read")
    reading = Store(replace(store.database, writer=store.database.reader))
    with pytest.raises(StoreError, match="the user may not write, and nothing was written"):
        load_project(reading, project(base=SMALL))
    assert whole_graph(store) == ([], [])


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A folder on a disk of 30 MB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if not sys.platform.startswith("linux") or os.geteuid() != 0 or mount("-t", "tmpfs", "-o", "size=30m", "none", folder) != 0:
        pytest.skip("only root can make the small disk for this test")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


def mount(*words: str | Path) -> int:
    return subprocess.run(["mount", *words], capture_output=True, check=False).returncode


def test_a_disk_that_is_full(small_disk: Path, tmp_path: Path) -> None:
    """The old graph stays, and the next load is whole."""
    write_dataset(tmp_path / "project", 2000, 4)
    model, graph = graph_of(tmp_path / "project")
    target = EmbeddedTarget(small_disk / "engine", "native")
    (tmp_path / "small" / "seeds").mkdir(parents=True)
    shutil.copy(tmp_path / "project" / "seeds" / "entries.yaml", tmp_path / "small" / "seeds")
    with open_store(target, print) as store:
        load_project(store, tmp_path / "small")
        before = whole_graph(store)
    filling = fill(small_disk, 1000)
    with pytest.raises(StoreError, match="nothing was written; is its disk full"), open_store(target, print) as store:
        store.apply(store.plan(graph), model)
    filling.unlink()
    assert mount("-o", "remount,size=300m", small_disk) == 0
    with open_store(target, print) as store:
        assert whole_graph(store) == before
        store.apply(store.plan(graph), model)
        assert store.plan(graph, everything=True).empty


def test_a_dataset_that_a_newer_negograph_wrote(store: Store, project: Callable[..., Path]) -> None:
    folder = project(base=SMALL)
    load_project(store, folder)
    cypher(store, "MATCH (d:Dataset) SET d.format = 99, d.version = '9.1.0'")
    with pytest.raises(StoreError, match=r"was written by negograph 9\.1\.0; install that or a newer one"):
        store.plan(graph_of(folder)[1])


def fill(disk: Path, left: int) -> Path:
    """Leave so many KiB on a disk; the file that takes the rest."""
    filling = disk / "filling"
    with contextlib.suppress(OSError), filling.open("wb") as file:
        while True:
            file.write(b"x" * 65536)
            file.flush()
    os.truncate(filling, max(0, filling.stat().st_size - left * 1024))
    return filling


@pytest.mark.parametrize("left", [0, 100, 300, 2000])
def test_a_disk_that_is_full_at_the_start(small_disk: Path, tmp_path: Path, left: int) -> None:
    """The disk is named, wherever the engine gets to; building the graph anew would not help."""
    project = tmp_path / "project"
    write_dataset(project, 50, 4)
    fill(small_disk, left)
    with pytest.raises(NegographError) as error, open_store(EmbeddedTarget(small_disk / "engine", "native"), print) as store:
        load_project(store, project)
    assert "No space left" in str(error.value) or "is full" in str(error.value)
    assert "--rebuild" not in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("target", ["native"], indirect=True)
def test_a_text_that_is_too_long_for_the_engine_is_said(store: Store, project: Callable[..., Path]) -> None:
    """Many that are long, and together longer than a message, are loaded."""
    note = "x" * 60_000
    entries = "".join(f"  - {{id: p{number}, name: P{number}, kind: state, note: {note}}}\n" for number in range(300))
    folder = project(base=f"parties:\n{entries}")
    load_project(store, folder)
    assert cypher(store, "MATCH (p:Party) RETURN count(p), sum(size(p.note))") == [[300, 300 * len(note)]]
    before = whole_graph(store)
    project(base=f"parties:\n  - {{id: p0, name: P0, kind: state, note: {'x' * 17 * 2**20}}}\n")
    said = r"a text is too long for the embedded engine: .* 17\.0 MiB, and the engine takes 16 MiB at once"
    with pytest.raises(StoreError, match=said):
        load_project(store, folder)
    assert whole_graph(store) == before
    with pytest.raises(StoreError, match=said):
        store.ask("RETURN size($x)", {"x": "x" * 17 * 2**20})


def test_a_query_that_needs_more_memory_than_the_engine_gives_to_one_is_to_be_narrowed(store: Store) -> None:
    """The words are those of the embedded engine at 100,000 facts; to make it say them takes minutes and gigabytes."""
    said = "Query heap budget exceeded: the in-heap ORDER BY needs 125.88KB more, and its query would hold more than the budget"
    narrow = f"^{re.escape(store.database.place)} has too little memory for this query; narrow it$"
    with pytest.raises(StoreError, match=narrow), explain_errors(store.database, reading=True):
        raise Neo4jError._hydrate_neo4j(code="Neo.DatabaseError.General.UnknownError", message=said)
