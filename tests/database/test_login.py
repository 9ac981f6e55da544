"""How Neo4j Browser connects: where to, as whom, and where a server has its own Browser."""

from __future__ import annotations

from typing import Any

import pytest

from negograph.database.login import Login, http_address, login_to
from negograph.database.results import Result
from negograph.database.target import EmbeddedTarget, ServerTarget
from negograph.errors import EngineError, StoreError
from negograph.web.browser.given import connects_to, own_browser


class Told:
    """A store that tells some settings, or refuses to."""

    def __init__(self, **settings: str) -> None:
        self.settings = settings

    def read(self, cypher: str, parameters: dict[str, Any]) -> Result:
        if not self.settings:
            raise StoreError("not allowed")
        return Result(
            ("name", "value"), tuple((f"server.{name.replace('__', '.')}", value) for name, value in self.settings.items())
        )


SERVER = ServerTarget("bolt://host:7687", "me", "secret", "neo4j", "test")


@pytest.mark.parametrize(
    ("settings", "address"),
    [
        ({}, "http://host:7474"),
        ({"http__enabled": "true", "http__advertised_address": "localhost:8080"}, "http://host:8080"),
        ({"http__advertised_address": ":7474", "http__listen_address": "127.0.0.1:17474"}, "http://host:17474"),
        ({"http__enabled": "false", "https__advertised_address": "localhost:7473"}, "https://host:7473"),
        ({"http__advertised_address": "nonsense"}, "http://host:7474"),
    ],
)
def test_a_server_tells_at_which_port_its_own_browser_is(settings: dict[str, str], address: str) -> None:
    assert http_address(Told(**settings), SERVER) == address  # type: ignore[arg-type]


def test_the_password_of_a_server_is_given_to_nobody(tmp_path: Any) -> None:
    assert login_to(SERVER) == Login("bolt://host:7687", "me", "", "neo4j")
    with pytest.raises(EngineError, match="does not run"):
        login_to(EmbeddedTarget(tmp_path / "none"))


@pytest.mark.parametrize(
    ("uri", "allowed"),
    [
        ("bolt://127.0.0.1:17687", "'self' ws://127.0.0.1:17687"),
        ("bolt://host", "'self' ws://host:7687"),
        ("bolt+s://host:7687", "'self' wss://host:7687"),
        ("bolt+ssc://[::1]:7687", "'self' wss://[::1]:7687"),
        ("neo4j+s://x.databases.neo4j.io", "'self' wss:"),  # it names the servers to connect to itself
        ("neo4j://host", "'self' ws:"),
    ],
)
def test_browser_may_connect_to_its_database_alone(uri: str, allowed: str) -> None:
    assert connects_to(Login(uri, "me", "", "neo4j")) == allowed


def test_the_browser_of_a_server_gets_the_form_filled_in_and_the_statement_where_no_server_sees_it() -> None:
    login = Login("neo4j+s://host:7687", "me@x", "", "other")
    assert own_browser("http://host:7474", login, "RETURN '&' AS x") == (
        "http://host:7474/browser/?dbms=neo4j%2Bs%3A%2F%2Fme%2540x%40host%3A7687&db=other#?cmd=edit&arg=RETURN%20%27%5Cu0026%27%20AS%20x"
    )
    assert own_browser("http://host:7474", Login("bolt://host", "neo4j", "", "neo4j"), "") == (
        "http://host:7474/browser/?dbms=bolt%3A%2F%2Fneo4j%40host"
    )
