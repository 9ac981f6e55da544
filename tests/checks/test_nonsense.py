"""A server that answers nonsense: every command ends with one sentence that names it, and exit code 1."""

from __future__ import annotations

import contextlib
import shutil
import socket
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from negograph.cli import main
from negograph.database import driver, neo4j_server
from tests.conftest import FERRY
from tests.database.test_messages import listening
from tests.text.test_escaping import harmless

HELLO, RUN, PULL, SUCCESS, RECORD, FAILURE = 0x01, 0x10, 0x3F, 0x70, 0x71, 0x7F
VERSION = b"\x00\x00\x04\x05"


def packed(value: Any) -> bytes:
    """A value in the form of the Bolt protocol."""
    if value is None or isinstance(value, bool):
        return {None: b"\xc0", True: b"\xc3", False: b"\xc2"}[value]
    if isinstance(value, int):
        return b"\xcb" + struct.pack(">q", value)
    if isinstance(value, str):
        return b"\xd2" + struct.pack(">I", len(value.encode())) + value.encode()
    if isinstance(value, list):
        return b"\xd6" + struct.pack(">I", len(value)) + b"".join(map(packed, value))
    return b"\xda" + struct.pack(">I", len(value)) + b"".join(packed(key) + packed(item) for key, item in value.items())


def message(tag: int, *values: Any) -> bytes:
    return chunked(bytes((0xB0 + len(values), tag)) + b"".join(map(packed, values)))


def chunked(content: bytes) -> bytes:
    parts = [content[start : start + 0xFFFF] for start in range(0, len(content), 0xFFFF)]
    return b"".join(struct.pack(">H", len(part)) + part for part in parts) + b"\x00\x00"


def rows(*values: Any) -> bytes:
    return b"".join(message(RECORD, list(row)) for row in values) + message(SUCCESS, {"has_more": False})


@dataclass(frozen=True)
class Nonsense:
    """What a server sends: at the handshake, to HELLO, to RUN (None for what makes sense), and as rows."""

    handshake: bytes = VERSION
    hello: bytes | None = None
    run: bytes | None = None
    pull: bytes = rows()

    def serve(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError, EOFError), connection:
            connection.settimeout(20)
            exactly(connection, 20)
            connection.sendall(self.handshake)
            if self.handshake != VERSION:
                return
            while True:
                tag = received(connection)[1]
                sent = {HELLO: self.hello, RUN: self.run, PULL: self.pull}.get(tag)
                if sent is None:
                    known = {"server": "Neo4j/5.26.0", "connection_id": "one", "fields": ["a"], "db": "neo4j", "hints": {}}
                    sent = message(SUCCESS, known)
                connection.sendall(sent)
                if not sent.endswith(b"\x00\x00"):
                    return


def exactly(connection: socket.socket, count: int) -> bytes:
    found = b""
    while len(found) < count:
        if not (part := connection.recv(count - len(found))):
            raise EOFError
        found += part
    return found


def received(connection: socket.socket) -> bytes:
    """One message."""
    found = b""
    while (size := int.from_bytes(exactly(connection, 2), "big")) or not found:
        found += exactly(connection, size)
    return found


CASES = {
    "no version": Nonsense(handshake=b"\x00\x00\x00\x00"),
    "a version that there is not": Nonsense(handshake=b"\xff\xff\xff\xff"),
    "two bytes": Nonsense(handshake=b"\x00\x00"),
    "a list of versions that does not end": Nonsense(handshake=b"\x00\x00\x01\xff" + b"\xff" * 40),
    "something else": Nonsense(handshake=b"220 mail.example ESMTP\r\n"),
    "nothing": Nonsense(handshake=b""),
    "hello is answered by noise": Nonsense(hello=chunked(b"\xde\xad\xbe\xef" * 8)),
    "hello is answered by a number": Nonsense(hello=chunked(b"\xb1\x70\x01")),
    "hello is answered by a message that there is not": Nonsense(hello=message(0x55, {})),
    "hello is answered by half a message": Nonsense(hello=b"\xff\xff\xb1\x70"),
    "hello is answered by a text longer than the message": Nonsense(hello=chunked(b"\xb1\x70\xa1\xd2\xff\xff\xff\xff")),
    "the version of the server is a list": Nonsense(hello=message(SUCCESS, {"server": [1], "connection_id": 3, "hints": "x"})),
    "hello fails with nothing": Nonsense(hello=message(FAILURE, {})),
    "hello fails with noise": Nonsense(hello=message(FAILURE, {"code": 7, "message": ["\x1b[31m"]})),
    "it closes at a query": Nonsense(run=b"\x00"),
    "a query is answered by noise": Nonsense(run=chunked(b"\xb1\x70\xc1" + b"\x00" * 3)),
    "the columns are a number": Nonsense(run=message(SUCCESS, {"fields": 7})),
    "the columns are numbers": Nonsense(run=message(SUCCESS, {"fields": [1, None]}), pull=rows([1, 2])),
    "no columns": Nonsense(run=message(SUCCESS, {}), pull=rows([1])),
    "rows of another width": Nonsense(pull=rows([], [1, 2, 3])),
    "numbers": Nonsense(pull=rows([1])),
    "texts": Nonsense(pull=rows(["\x1b[31m\n::add-mask::x"])),
    "lists in lists": Nonsense(pull=rows([[[1], {"a": [None]}]])),
    "a row that is no list": Nonsense(pull=message(RECORD, 1) + message(SUCCESS, {})),
    "a text that is not UTF-8": Nonsense(pull=chunked(b"\xb1\x71\x91\x82\xff\xfe") + message(SUCCESS, {})),
    "a node without properties": Nonsense(pull=chunked(b"\xb1\x71\x91\xb1\x4e\x01") + message(SUCCESS, {})),
    "a date that there is not": Nonsense(pull=chunked(b"\xb1\x71\x91\xb1\x44\xcb\x7f" + b"\xff" * 7) + message(SUCCESS, {})),
    "half a row": Nonsense(pull=b"\xff\xff\xb1\x71\x91"),
    "a query fails in an odd way": Nonsense(run=message(FAILURE, {"code": None, "message": "\x1b[31m\n::add-mask::x"})),
}

COMMANDS = {
    "load": ["load"],
    "plan": ["plan"],
    "verify": ["verify"],
    "query": ["query", "overview"],
    "cypher": ["cypher", "MATCH (n) RETURN n"],
    "status": ["status"],
    "history": ["history"],
    "queries": ["queries", "--check"],
}

MAY_BE_TRUE = {"no columns", "rows of another width", "numbers", "texts", "lists in lists", "the columns are numbers"}
"""What a command that asks for less than others can take for an answer."""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("nonsense") / "ferry"
    shutil.copytree(FERRY, folder, ignore=shutil.ignore_patterns("answers"))
    return folder


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(neo4j_server, "RETRY_SECONDS", 0.1)
    monkeypatch.setattr(driver, "ANSWER_SECONDS", 3.0)


EACH = [(command, case) for command in ("load", "cypher") for case in CASES]
OTHERS = [
    (command, case)
    for command in COMMANDS
    if command not in ("load", "cypher")
    for case in ("something else", "it closes at a query", "no columns", "texts", "lists in lists", "a query fails in an odd way")
]


@pytest.mark.parametrize(("command", "case"), EACH + OTHERS)
def test_each_command_ends_with_one_sentence(project: Path, command: str, case: str) -> None:
    with listening(CASES[case].serve) as port:
        words = [*COMMANDS[command], "--project", str(project), "--uri", f"bolt://127.0.0.1:{port}"]
        done = CliRunner().invoke(main, words, env={"NEO4J_USERNAME": "a", "NEO4J_PASSWORD": "b"})
    assert harmless(done.output)
    assert "failed unexpectedly" not in done.output
    assert isinstance(done.exception, SystemExit | None), done.exception
    if done.exit_code == 0 or (done.exit_code, command) == (2, "plan"):
        assert case in MAY_BE_TRUE
        return
    assert done.exit_code == 1
    last = done.stderr.splitlines()[-1]
    assert last.startswith("error: ") or command == "queries", done.stderr
    assert f"127.0.0.1:{port}" in done.output
