"""docker-compose.yml, really started: healthy when Bolt answers, on loopback alone, and its data outlive a restart."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import neo4j
import pytest
import yaml

from negograph.project import shipped
from negograph.recipes.saved_scripts import as_one_command, common_defaults
from tests.cli.test_cli import negograph
from tests.conftest import CHECKOUT, FERRY, QUICKLY_WARM, missing, recipes_in

Compose = Callable[..., subprocess.CompletedProcess[str]]


def compose_command() -> list[str]:
    for command in (["docker", "compose"], ["docker-compose"]):
        if shutil.which(command[0]) and subprocess.run([*command, "version"], capture_output=True, check=False).returncode == 0:
            return command
    missing("docker", "there is no Docker Compose")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project with the compose file, and no .env yet."""
    shutil.copytree(FERRY, tmp_path / "ferry", ignore=shutil.ignore_patterns("answers"))
    for name in ("docker-compose.yml", ".env.example"):
        shutil.copy(CHECKOUT / name, tmp_path / "ferry" / name)
    warm = {"services": {"neo4j": {"environment": {"JAVA_TOOL_OPTIONS": QUICKLY_WARM}}}}
    (tmp_path / "ferry" / "docker-compose.override.yml").write_text(yaml.safe_dump(warm), encoding="utf-8")
    return tmp_path / "ferry"


@pytest.fixture
def compose(folder: Path) -> Iterator[Compose]:
    """Compose under a project name of its own, taken down with its volume at the end."""
    base = [*compose_command(), "--project-name", f"negograph-test-{uuid.uuid4().hex[:8]}"]
    if subprocess.run(["docker", "info"], capture_output=True, check=False).returncode:
        missing("docker", "no Docker engine answers")
    ports = {"NEO4J_BOLT_PORT": str(free_port()), "NEO4J_HTTP_PORT": str(free_port())}

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        env = {**os.environ, **ports}
        return subprocess.run([*base, *words], cwd=folder, env=env, capture_output=True, text=True, timeout=300, check=False)

    run.ports = ports  # type: ignore[attr-defined]
    yield run
    if (folder / ".env").exists():
        run("down", "--volumes")


def leave_out_what_the_image_sets(file: Path) -> None:
    """Neo4j takes a setting once; the official image replaces what it sets itself, a stand-in for it does not."""
    text = file.read_text(encoding="utf-8")
    image = yaml.safe_load(text)["services"]["neo4j"]["image"]
    command = ["docker", "run", "--rm", "--entrypoint", "cat", image, "/startup/docker-entrypoint.sh"]
    entry = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    if "echo dbms.usage_report.enabled=false" in entry:
        file.write_text(re.sub(r"\n +NEO4J_dbms_usage__report_enabled:.*", "", text), encoding="utf-8")


def test_neither_neo4j_nor_browser_reports_how_they_are_used() -> None:
    environment = yaml.safe_load((CHECKOUT / "docker-compose.yml").read_text())["services"]["neo4j"]["environment"]
    assert environment["NEO4J_dbms_usage__report_enabled"] == environment["NEO4J_client_allow__telemetry"] == "false"


def state(compose: Compose) -> tuple[str, str]:
    """Whether the container runs, and what its health check says."""
    (container,) = compose("ps", "-q").stdout.split()
    form = "{{.State.Status}} {{.State.Health.Status}}"
    done = subprocess.run(["docker", "inspect", "--format", form, container], capture_output=True, text=True, check=True)
    status, health = done.stdout.split()
    return status, health


def bolt_answers(port: str) -> bool:
    """Whether a Bolt server agrees on a version on that port."""
    try:
        with socket.create_connection(("127.0.0.1", int(port)), timeout=2) as connection:
            connection.sendall(b"\x60\x60\xb0\x17" + b"\x00\x00\x04\x05" + bytes(12))
            return connection.recv(4) == b"\x00\x00\x04\x05"
    except OSError:
        return False


def wait_until_healthy(compose: Compose, port: str) -> None:
    """Healthy in two minutes; and never healthy while Bolt does not answer."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        healthy = state(compose) == ("running", "healthy")
        if healthy:
            assert bolt_answers(port)
            return
        time.sleep(1)
    pytest.fail(f"not healthy in two minutes: {compose('logs').stdout[-2000:]}")


def browser_command() -> str:
    """What Browser runs at login, as the shipped recipes have it."""
    return as_one_command(common_defaults(recipes_in(shipped("queries")).values())).removeprefix(":")


def settings_told(port: str) -> dict[str, str]:
    """The settings that tell nobody anything, and Browser what to do, as the server has them."""
    names = ["browser.post_connect_cmd", "client.allow_telemetry", "dbms.usage_report.enabled", "server.http.advertised_address"]
    with neo4j.GraphDatabase.driver(f"bolt://127.0.0.1:{port}", auth=("neo4j", "compose-test")) as driver:
        statement = "SHOW SETTINGS YIELD name, value WHERE name IN $names RETURN name, value"
        records = driver.execute_query(statement, names=names).records
    return {str(record["name"]): str(record["value"]) for record in records}


def test_without_a_password_it_says_what_to_do(folder: Path, compose: Compose) -> None:
    done = compose("config")
    assert done.returncode != 0
    assert "NEO4J_PASSWORD" in done.stderr
    assert "cp .env.example .env" in done.stderr


def test_ports_are_on_loopback_alone() -> None:
    service = yaml.safe_load((CHECKOUT / "docker-compose.yml").read_text())["services"]["neo4j"]
    assert [port.split(":")[0] for port in service["ports"]] == ["127.0.0.1", "127.0.0.1"]


def test_it_starts_is_loaded_into_by_way_of_env_and_outlives_a_restart(folder: Path, compose: Compose) -> None:
    ports: dict[str, str] = compose.ports  # type: ignore[attr-defined]
    example = (folder / ".env.example").read_text()
    settings = re.sub(r"^NEO4J_PASSWORD=.*", "NEO4J_PASSWORD=compose-test", example, flags=re.MULTILINE)
    (folder / ".env").write_text(settings.replace(":7687", f":{ports['NEO4J_BOLT_PORT']}"))
    leave_out_what_the_image_sets(folder / "docker-compose.yml")
    started = compose("up", "-d")
    assert started.returncode == 0, started.stderr
    wait_until_healthy(compose, ports["NEO4J_BOLT_PORT"])

    first = negograph("load", cwd=folder)
    assert first.returncode == 0, first.stderr
    assert first.stderr.startswith(f"target: Neo4j at bolt://localhost:{ports['NEO4J_BOLT_PORT']}, database neo4j (.env)\n")
    assert " added, 0 changed" in first.stdout
    assert not (folder / ".negograph" / "passwords.json").exists()  # no embedded engine was started

    assert settings_told(ports["NEO4J_BOLT_PORT"]) == {
        "browser.post_connect_cmd": browser_command(),
        "client.allow_telemetry": "false",
        "dbms.usage_report.enabled": "false",
        "server.http.advertised_address": f"localhost:{ports['NEO4J_HTTP_PORT']}",
    }

    assert compose("restart").returncode == 0
    wait_until_healthy(compose, ports["NEO4J_BOLT_PORT"])
    assert negograph("load", cwd=folder).stdout.endswith("nothing changed, nothing written\n")

    assert compose("down").returncode == 0
    assert compose("up", "-d").returncode == 0
    wait_until_healthy(compose, ports["NEO4J_BOLT_PORT"])
    assert negograph("load", cwd=folder).stdout.endswith("nothing changed, nothing written\n")
