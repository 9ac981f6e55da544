"""Real servers for the tests: both builds of the embedded engine, Neo4j 5.26 and the newest Neo4j.

A Neo4j that NEGOGRAPH_TEST_NEO4J_URI names (one or more, as bolt://USER:PASSWORD@HOST:PORT, with ?browser=ADDRESS where it
serves Neo4j Browser, and &authority=FILE where it speaks TLS, too, with a certificate for `localhost` alone, for which the one in
the file vouches) is used, and wiped, for the tests of its version; the others are started as containers. A server of any kind
that speaks Bolt, and that NEGOGRAPH_TEST_CANDIDATE names, is used, and wiped, beside all of them. What cannot be had is skipped,
with the reason, unless NEGOGRAPH_REQUIRE lists it (neo4j, docker, texts, browser, cypher-shell, tls-5.26, tls-2026.09,
cypher-25): then its absence is a failure.
"""

from __future__ import annotations

import contextlib
import functools
import importlib.util
import os
import re
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import parse_qs, urlsplit

import neo4j
import pytest

from negograph.checks.project import CheckReport, check_project
from negograph.database.embedded.engine import BUILDS
from negograph.database.store import Store, open_store
from negograph.database.target import EmbeddedTarget, ServerTarget, Target
from negograph.graph.known_digests import map_graph
from negograph.graph.plan import Graph, LoadCounts
from negograph.model.model import Model
from negograph.model.schema_files import load_model
from negograph.project import open_project, shipped
from negograph.recipes.files import usable_recipes
from negograph.recipes.recipe import Recipe
from negograph.seeds.cache import Cache

CHECKOUT = Path(__file__).parents[1]
FERRY = Path(__file__).parent / "data" / "ferry"
LAKE = Path(__file__).parent / "data" / "lake"
REQUIRED = os.environ.get("NEGOGRAPH_REQUIRE", "").split(",")
NEO4J_VERSIONS = ("5.26", "2026.09")
QUICKLY_WARM = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
"""What a Java machine is told that runs for minutes: to compile once, and not again what is used much, and to tidy up alone."""
CANDIDATE = os.environ.get("NEGOGRAPH_TEST_CANDIDATE", "")
PASSWORD = "negograph-test"  # of servers that exist for the tests alone

os.environ.setdefault("ARCADEDB_JVM_ARGS", QUICKLY_WARM)

# Nobody's server is written to by trying: what the environment names does not reach the tests.
for variable in ("NEO4J_URI", "NEO4J_USERNAME", "NEO4J_PASSWORD", "NEO4J_DATABASE"):
    os.environ.pop(variable, None)


# Nor does the width of a terminal, which is handed on to the processes that share the tests.
os.environ.pop("COLUMNS", None)

# Nor do the texts that it names: the projects of the tests have their own. The processes that share the tests get its name.
TEXTS = Path(os.environ.setdefault("NEGOGRAPH_TEST_TEXTS", os.environ.pop("NEGOGRAPH_TEXTS", "")) or CHECKOUT / "texts")


def missing(what: str, reason: str) -> NoReturn:
    """Skip the test that needs `what`, or fail where it is required."""
    if what in REQUIRED:
        pytest.fail(f"{what} is required, but {reason}")
    pytest.skip(reason)


NOTES: list[str] = []
"""What tests found out that is worth telling, though they passed."""


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Each reason for skipping once, with how many tests it kept from running; then the notes of tests."""
    reasons = Counter(str(report.longrepr[2]) for report in terminalreporter.stats.get("skipped", []))
    for reason, count in reasons.items():
        terminalreporter.write_line(f"{count} skipped: {reason.removeprefix('Skipped: ')}")
    for note in NOTES:
        terminalreporter.write_line(note)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Where several processes share the tests, each hands on its notes when it ends."""
    NOTES.extend(getattr(node, "workeroutput", {}).get("notes", ()))


def pytest_sessionfinish(session: pytest.Session) -> None:
    if (output := getattr(session.config, "workeroutput", None)) is not None:
        output["notes"] = NOTES


LONGEST_FIRST = (
    *("neo4j-5.26", "neo4j-2026.09", "jvm", "test_faults", "test_reload", "test_explore", "test_compose", "test_cli_loading"),
    *("test_mutations", "test_reading_only", "test_wheel", "test_recipe", "test_store", "test_watching", "test_report_page"),
    *("test_browse", "test_benchmarks"),
)
"""What takes minutes, or half of one. Where several processes share the tests, none begins with one of these when the others
are done."""


def belongs_to(test: str) -> str:
    """The database that a test needs, by its id, where that takes long to start or is there only once; else its file."""
    database = re.search(r"[\[-](neo4j-5\.26|neo4j-2026\.09|jvm|candidate)[\]-]", test)
    return database[1] if database else Path(test.partition("::")[0]).stem


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> Iterator[None]:
    yield
    if not hasattr(config, "workerinput"):
        return
    ranks = {name: rank for rank, name in enumerate(LONGEST_FIRST)}
    items.sort(key=lambda item: ranks.get(belongs_to(item.nodeid), len(ranks)))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Where several processes share the tests, each database belongs to one of them, and so does what a file shares."""
    from xdist.scheduler import LoadScopeScheduling

    class InTheirOrder(LoadScopeScheduling):  # type: ignore[misc]
        def _split_scope(self, nodeid: str) -> str:
            return belongs_to(nodeid)

    config.option.loadscopereorder = False
    return InTheirOrder(config, log)


@functools.cache
def named_servers() -> dict[str, ServerTarget]:
    """The servers of NEGOGRAPH_TEST_NEO4J_URI by the version that each says it is."""
    servers = {}
    for address in os.environ.get("NEGOGRAPH_TEST_NEO4J_URI", "").split():
        target = server_at(address)
        with neo4j.GraphDatabase.driver(target.uri, auth=(target.username, target.password)) as driver:
            version = driver.execute_query("CALL dbms.components() YIELD versions").records[0]["versions"][0]
        servers[".".join(version.split(".")[:2])] = target
        told = parse_qs(urlsplit(address).query)
        BROWSERS.update((target.uri, browser) for browser in told.get("browser", ()))
        AUTHORITIES.update((target.uri, Path(file)) for file in told.get("authority", ()))
    return servers


def server_at(address: str) -> ServerTarget:
    """The server at an address that has the user and the password in it."""
    parts = urlsplit(address)
    uri = f"{parts.scheme}://{parts.hostname}:{parts.port or 7687}"
    return ServerTarget(uri, parts.username or "neo4j", parts.password or "", "neo4j", "test")


BROWSERS: dict[str, str] = {}
"""Where the servers serve Neo4j Browser, by the address of the server."""

AUTHORITIES: dict[str, Path] = {}
"""The certificate that vouches for that of a server, by the address of the server."""


@contextlib.contextmanager
def neo4j_container(version: str) -> Iterator[ServerTarget]:
    """A container with Neo4j of that version."""
    import docker
    from testcontainers.community.neo4j import Neo4jContainer

    try:
        docker.from_env().ping()
    except Exception:
        missing("neo4j", f"there is no Neo4j {version}: no Docker engine answers, and NEGOGRAPH_TEST_NEO4J_URI names none")
    try:
        container = Neo4jContainer(f"neo4j:{version}-community", password=PASSWORD).with_exposed_ports(7687, 7474)
        container = container.with_env("JAVA_TOOL_OPTIONS", QUICKLY_WARM)
        # the tests' graphs are small and change at once: plans would be made anew all the time, and for parameters of other sizes
        container = container.with_env("NEO4J_dbms_cypher_min__replan__interval", "1h")
        container = container.with_env("NEO4J_internal_cypher_use__parameter__size", "false").start()
    except Exception as error:
        missing("neo4j", f"the container of Neo4j {version} does not start: {str(error).splitlines()[0][:100]}")
    uri = container.get_connection_url()
    BROWSERS[uri] = f"http://{container.get_container_host_ip()}:{container.get_exposed_port(7474)}/browser/"
    try:
        yield ServerTarget(uri, "neo4j", PASSWORD, "neo4j", "test")
    finally:
        container.stop()


TARGETS = [*BUILDS, *(f"neo4j-{version}" for version in NEO4J_VERSIONS), *(["candidate"] if CANDIDATE else [])]


@pytest.fixture(scope="session", params=TARGETS)
def target(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    """Each database in turn."""
    kind, _, version = request.param.partition("-")
    if kind == "candidate":
        yield server_at(CANDIDATE)
    elif not version:
        if importlib.util.find_spec(BUILDS[kind]) is None:
            pytest.skip(f"the {kind} build of the embedded engine is not installed")
        yield EmbeddedTarget(tmp_path_factory.mktemp(kind), kind)
    elif version in named_servers():
        yield named_servers()[version]
    else:
        with neo4j_container(version) as server:
            yield server


@pytest.fixture(scope="session")
def session_store(target: Target) -> Iterator[Store]:
    with open_store(target, lambda message: None) as store:
        yield store


@pytest.fixture
def store(session_store: Store) -> Store:
    """A store on an empty database."""
    cypher(session_store, "MATCH (n) DETACH DELETE n")
    return session_store


def cypher(store: Store, statement: str, **parameters: Any) -> list[list[Any]]:
    """Any statement, also one that writes, as somebody at Neo4j Browser would run it beside negograph."""
    records = store.database.writer.execute_query(statement, parameters, database_=store.database.name).records
    return [list(record.values()) for record in records]


def whole_graph(store: Store) -> tuple[list[Any], list[Any]]:
    """Every node and relationship of the database, bookkeeping left out."""
    nodes = cypher(store, "MATCH (n) WHERE NOT n:Dataset RETURN labels(n), n {.*, digest: null} AS p ORDER BY n.id, labels(n)")
    edges = cypher(store, "MATCH (a)-[r]->(b) RETURN a.id, type(r), properties(r), b.id")
    return nodes, sorted(edges, key=str)


def interruptible() -> None:
    """In a new process: Ctrl-C interrupts it, also where the tests run in the background, which ignores it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.fixture(scope="session", autouse=True)
def own_folders(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The user's own folders are not used, also not by what several tests share."""
    os.environ["XDG_CACHE_HOME"] = str(tmp_path_factory.mktemp("cache"))
    os.environ["XDG_STATE_HOME"] = str(tmp_path_factory.mktemp("state"))


@pytest.fixture(autouse=True)
def fresh_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is kept from one test to the next."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))


@functools.cache
def shipped_model() -> Model:
    """The shipped model, read once."""
    return load_model([shipped("schema")])


@pytest.fixture(scope="session")
def model() -> Model:
    """The shipped model."""
    return shipped_model()


def recipes_in(*folders: Path) -> dict[str, Recipe]:
    """The recipes in some folders, none of which is broken."""
    recipes, broken = usable_recipes(folders)
    assert not broken
    return recipes


def checked_project(folder: Path, texts: Path | None = None) -> tuple[Model, CheckReport]:
    """The model of a project and what checking it finds."""
    project = open_project(folder, {"NEGOGRAPH_TEXTS": str(texts)} if texts else {})
    *_, own = project.schema_folders()
    model = load_model(project.schema_folders()) if own.exists() else shipped_model()
    return model, check_project(project, model)


def graph_of(folder: Path) -> tuple[Model, Graph]:
    """The graph of a project that checks clean."""
    model, checked = checked_project(folder)
    return model, mapped(model, checked)


def mapped(model: Model, checked: CheckReport) -> Graph:
    """The graph of what checks clean."""
    assert not checked.errors
    assert checked.dataset is not None
    return map_graph(checked.dataset, checked.files, model, Cache(None, ""))


def load_project(store: Store, folder: Path) -> LoadCounts | None:
    """Load a project as `negograph load` does; None where there is nothing to do."""
    model, graph = graph_of(folder)
    plan = store.plan(graph)
    return None if plan.empty else store.apply(plan, model)


def holding(store: Store, folder: Path, dataset: str) -> Store:
    """The store with this project alone in it; loaded only where it holds another."""
    if cypher(store, "MATCH (d:Dataset) RETURN d.id") != [[dataset]]:
        cypher(store, "MATCH (n) DETACH DELETE n")
        load_project(store, folder)
    return store


@pytest.fixture
def project(tmp_path: Path) -> Callable[..., Path]:
    """Makes a project from YAML texts: `project(facts=...)` writes seeds/facts.yaml beside a small dataset."""

    def make(**files: str) -> Path:
        seeds = tmp_path / "seeds"
        seeds.mkdir(exist_ok=True)
        for name, text in {"dataset": "dataset: {id: small, title: A small dataset}\n", **files}.items():
            (seeds / f"{name}.yaml").write_text(text, encoding="utf-8")
        return tmp_path

    return make
