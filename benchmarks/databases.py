"""The databases that are measured: the embedded engine, and a Neo4j that NEGOGRAPH_TEST_NEO4J_URI names, else a container."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

import neo4j

from negograph.database.embedded.engine import start_engine
from negograph.database.store import open_store
from negograph.database.target import EmbeddedTarget, ServerTarget, Target


@dataclass(frozen=True)
class Measured:
    """A database: its name and version, and its address, user and password; none where it is the engine of a project."""

    name: str
    version: str
    server: tuple[str, str, str] | None = field(default=None, repr=False)

    def environment(self) -> dict[str, str]:
        """What makes the commands use it."""
        ours = {name: value for name, value in os.environ.items() if not name.startswith("NEO4J_")}
        if self.server is None:
            return ours
        uri, user, password = self.server
        return {**ours, "NEO4J_URI": uri, "NEO4J_USERNAME": user, "NEO4J_PASSWORD": password, "NEO4J_DATABASE": "neo4j"}

    def target(self, project: Path) -> Target:
        """It as the store opens it."""
        if self.server is None:
            return EmbeddedTarget(project / ".negograph", "native")
        return ServerTarget(*self.server, "neo4j", "the benchmark")

    @contextlib.contextmanager
    def emptied(self, folder: Path) -> Iterator[tuple[str, str, str]]:
        """It without data, open to a driver by the address, user and password; an engine has its data in the folder."""
        if self.server is not None:
            self.empty(folder)
            yield self.server
            return
        shutil.rmtree(folder, ignore_errors=True)
        with start_engine(folder, print, "native") as engine:
            yield engine.uri, "root", engine.root

    def empty(self, folder: Path) -> None:
        """Take away all its data, and the folder."""
        shutil.rmtree(folder, ignore_errors=True)
        if self.server is not None:
            self._run("MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 10000 ROWS")

    def most_memory(self) -> float | None:
        """The most heap in MB of a server since its start: the peaks, at different times, of the pools of its virtual machine."""
        if self.server is None:
            return None
        pools = self._run("CALL dbms.queryJmx('java.lang:type=MemoryPool,*') YIELD attributes RETURN attributes")
        heap = [pool[0] for pool in pools if pool[0]["Type"]["value"] == "HEAP"]
        return float(sum(pool["PeakUsage"]["value"]["properties"]["used"] for pool in heap)) / 2**20

    def _run(self, statement: Any) -> list[list[Any]]:
        assert self.server is not None
        uri, user, password = self.server
        with neo4j.GraphDatabase.driver(uri, auth=(user, password)) as driver, driver.session(database="neo4j") as session:
            return [list(record.values()) for record in session.run(statement)]


@contextlib.contextmanager
def databases(say: Callable[[str], None], *, embedded: bool) -> Iterator[list[Measured]]:
    """Those that can be had, or the `embedded` engine alone; `say` gets why one cannot."""
    found = [Measured("the embedded engine", f"ArcadeDB {version('arcadedb')}")]
    if embedded:
        yield found
        return
    with contextlib.ExitStack() as stack:
        try:
            server = _named() or stack.enter_context(_container())
        except Exception as error:  # the libraries of containers raise many kinds
            say(f"Neo4j is not measured: NEGOGRAPH_TEST_NEO4J_URI names none, and no container starts ({str(error)[:200]})")
        else:
            target = ServerTarget(*server, "neo4j", "the benchmark")
            with open_store(target, say) as store:
                rows = store.read("CALL dbms.components() YIELD name, versions, edition RETURN versions[0], edition", {}).rows
            found.append(Measured("Neo4j", f"Neo4j {rows[0][0]} {rows[0][1]}", server))
        yield found


def _named() -> tuple[str, str, str] | None:
    from tests.conftest import named_servers

    return next(((target.uri, target.username, target.password) for target in named_servers().values()), None)


@contextlib.contextmanager
def _container() -> Iterator[tuple[str, str, str]]:
    from tests.conftest import neo4j_container

    with neo4j_container("5.26") as target:
        yield target.uri, target.username, target.password
