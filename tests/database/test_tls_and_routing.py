"""Addresses that route or ask for TLS, and a database whose default is Cypher 25: with real servers, by the commands."""

from __future__ import annotations

import json
import logging
import re
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from neo4j.exceptions import ClientError, WriteServiceUnavailable

from negograph.database import neo4j_server
from negograph.database.store import Store, open_store
from negograph.database.target import ServerTarget
from tests.cli.test_cli import negograph
from tests.conftest import AUTHORITIES, cypher, graph_of, load_project, missing
from tests.database.test_store import SMALL

SERVERS = pytest.mark.parametrize("target", ["neo4j-5.26", "neo4j-2026.09"], indirect=True)
NEWEST = pytest.mark.parametrize("target", ["neo4j-2026.09"], indirect=True)


def at(target: ServerTarget, scheme: str, host: str | None = None) -> ServerTarget:
    """The same server by another address."""
    parts = urlsplit(target.uri)
    return replace(target, uri=f"{scheme}://{host or parts.hostname}:{parts.port}")


class Commands:
    """The commands, in a project and on a server, as users run them."""

    def __init__(self, folder: Path, target: ServerTarget) -> None:
        self.folder, self.target = folder, target

    def __call__(self, *words: str, code: int = 0) -> str:
        """What a command prints."""
        done = self.run(*words)
        assert done.returncode == code, done.stderr
        return str(done.stdout)

    def refused(self, *words: str) -> str:
        """What a command that reaches no server says of that, in one line."""
        done = self.run(*words)
        assert done.returncode == 1
        assert "Traceback" not in done.stderr
        errors = [line for line in str(done.stderr).splitlines() if not line.startswith(("target: ", "note: "))]
        assert len(errors) == 1
        return errors[0].removeprefix(f"error: cannot reach {self.target.uri}: ")

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        server = self.target
        login = {"NEO4J_URI": server.uri, "NEO4J_USERNAME": server.username, "NEO4J_PASSWORD": server.password}
        return negograph(*words, cwd=self.folder, **login)


@pytest.fixture
def small(store: Store, project: Callable[..., Path]) -> Path:
    """A project, and the server empty."""
    assert cypher(store, "MATCH (n) RETURN count(n)") == [[0]]
    return project(base=SMALL)


@NEWEST
def test_every_command_on_a_server_that_names_others(target: ServerTarget, store: Store, small: Path) -> None:
    run = Commands(small, at(target, "neo4j"))
    run("plan", "--exit-code", code=3)
    run("load")
    run("plan", "--exit-code")
    run("verify")
    offered = "MATCH (p:Party)-[:OFFERED]->(x) RETURN p.name AS party, x.name AS item"
    assert json.loads(run("cypher", offered, "--format", "json")) == [{"party": "Ay", "item": "The plan"}]
    assert len(json.loads(run("query", "evidence", "-p", "fact=g", "--format", "json"))) == 2
    cypher(store, "MATCH (p:Party {id: 'b'}) SET p.note = 'other'")
    run("verify", code=1)
    run("load", "--repair")
    run("verify")
    file = small / "seeds" / "base.yaml"
    file.write_text(SMALL.replace("note: old", "note: new"), encoding="utf-8")
    run("load", "--in-batches")
    assert cypher(store, "MATCH (p:Party {id: 'b'}) RETURN p.note") == [["new"]]
    run("plan", "--exit-code")
    assert at(target, "neo4j").uri in run("status")
    assert len(json.loads(run("history", "--format", "json"))) == 3  # the first, what was put right, and in batches


class Sent(logging.Handler):
    """What the driver sends to begin a transaction."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if re.search(r"C: (BEGIN|RUN .*'mode': |RUN .*'db': )", said := record.getMessage()):
            self.messages.append(said)


@pytest.fixture
def sent() -> Iterator[list[str]]:
    log, handler = logging.getLogger("neo4j"), Sent()
    level = log.level
    log.addHandler(handler)
    log.setLevel(logging.DEBUG)
    yield handler.messages
    log.removeHandler(handler)
    log.setLevel(level)


@SERVERS
def test_what_reads_after_a_load_waits_for_it_whichever_server_it_is_with(
    target: ServerTarget, small: Path, sent: list[str]
) -> None:
    _, graph = graph_of(small)
    with open_store(at(target, "neo4j"), print) as store:
        assert load_project(store, small) is not None
        bookmarks = store.database.bookmarks
        assert bookmarks is not None
        (loaded,) = bookmarks.get_bookmarks()
        for read in (lambda: store.plan(graph), lambda: store.ask("RETURN 1 AS x", {}), lambda: store.check("RETURN 1 AS x")):
            sent.clear()
            read()
            assert sent
            assert all(f"'bookmarks': ['{loaded}']" in message and "'mode': 'r'" in message for message in sent)
    sent.clear()
    with open_store(at(target, "neo4j"), print) as store:  # another command, to which the leader tells how far it is
        store.read("RETURN 1 AS x", {})
    leader, reader = sent
    assert "bookmarks" not in leader
    assert "'mode': 'r'" not in leader
    assert f"'bookmarks': ['{loaded}']" in reader
    assert "'mode': 'r'" in reader


@NEWEST
def test_where_no_server_leads_what_there_is_can_be_read(target: ServerTarget, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_leader(*given: object, **more: object) -> None:
        raise WriteServiceUnavailable("No write service currently available")

    monkeypatch.setattr(neo4j_server, "make_session", no_leader)
    with open_store(at(target, "neo4j"), print) as store:
        assert store.ask("RETURN 1 AS x", {}).rows == ((1,),)


@SERVERS
def test_a_server_that_names_no_others_is_not_waited_for(target: ServerTarget, small: Path, sent: list[str]) -> None:
    """It is always up to date; after a restore, the bookmarks of before would be waited for in vain."""
    with open_store(at(target, "bolt"), print) as store:
        assert load_project(store, small) is not None
        sent.clear()
        store.read("RETURN 1 AS x", {})
        assert len(sent) == 1
        assert "bookmarks" not in sent[0]


@pytest.fixture
def authority(target: ServerTarget, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The certificate that vouches for the server's; nobody has named it yet."""
    version = request.node.callspec.params["target"].removeprefix("neo4j-")
    if target.uri not in AUTHORITIES:
        missing(f"tls-{version}", f"there is no Neo4j {version} with TLS: NEGOGRAPH_TEST_NEO4J_URI names none with an authority")
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    monkeypatch.delenv("SSL_CERT_DIR", raising=False)
    return AUTHORITIES[target.uri]


@SERVERS
@pytest.mark.parametrize("scheme", ["bolt+s", "neo4j+s"])
class TestACertificate:
    def test_of_an_authority_that_is_named_is_trusted(
        self, target: ServerTarget, authority: Path, scheme: str, store: Store, small: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("SSL_CERT_FILE", str(authority))
        run = Commands(small, at(target, scheme, "localhost"))
        run("load")
        assert cypher(store, "MATCH (p:Party) RETURN p.name ORDER BY p.name") == [["Ay"], ["Be"]]
        assert json.loads(run("cypher", "MATCH (d:Document) RETURN d.name AS name", "--format", "json")) == [{"name": "D"}]

    def test_of_an_authority_that_is_not_named_is_refused(
        self, target: ServerTarget, authority: Path, scheme: str, store: Store, small: Path
    ) -> None:
        said = Commands(small, at(target, scheme, "localhost")).refused("load")
        assert re.fullmatch(
            r"its certificate is not trusted \((self-signed certificate|unable to get local issuer certificate)\); name the file "
            r"with the certificate of who issued it in SSL_CERT_FILE, or write bolt\+ssc:// or neo4j\+ssc://, which trust any, "
            r"also that of somebody in between",
            said,
        )
        assert cypher(store, "MATCH (n) RETURN count(n)") == [[0]]

    def test_is_refused_where_the_file_that_is_named_is_not_there(
        self, target: ServerTarget, authority: Path, scheme: str, small: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("SSL_CERT_FILE", str(small / "none.pem"))
        said = Commands(small, at(target, scheme, "localhost")).refused("load")
        assert said.endswith(f"; SSL_CERT_FILE names {small / 'none.pem'}, and there is no such file")

    def test_for_another_name_is_refused(
        self, target: ServerTarget, authority: Path, scheme: str, small: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("SSL_CERT_FILE", str(authority))
        assert Commands(small, at(target, scheme, "127.0.0.1")).refused("load") == (
            "its certificate is for another name (IP address mismatch, certificate is not valid for '127.0.0.1'); write the "
            "address with a name that stands in the certificate"
        )

    def test_is_not_looked_at_with_ssc(
        self, target: ServerTarget, authority: Path, scheme: str, store: Store, small: Path
    ) -> None:
        run = Commands(small, at(target, f"{scheme}sc", "127.0.0.1"))
        run("load")
        assert cypher(store, "MATCH (p:Party) RETURN count(p)") == [[2]]
        run("plan", "--exit-code")


@NEWEST
def test_the_newest_server_takes_its_statements_for_cypher_25(session_store: Store) -> None:
    """So all tests with it are tests with Cypher 25: of loads, and of every recipe, which is checked by EXPLAIN and asked."""
    ((language,),) = cypher(
        session_store, "SHOW DATABASES YIELD name, defaultLanguage AS found WHERE name = 'neo4j' RETURN found"
    )
    if language != "CYPHER 25":
        missing("cypher-25", f"Neo4j 2026.09 began with {language}, and without db.query.default_language=CYPHER_25")
    with pytest.raises(ClientError, match="Type mismatch: expected Map but was Node"):
        cypher(session_store, "MATCH (n:Party) SET n = n")
