"""The guard of a local server: nobody but the browser of the person who started it gets anything."""

from __future__ import annotations

import socket

import pytest

from negograph.web.guard import Guard, listen, protecting_headers

GUARD = Guard(7476, "secret")
OURS = {"host": "127.0.0.1:7476", "x-negograph-token": "secret"}


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/", OURS),
        ("/", {**OURS, "host": "localhost:7476"}),
        ("/", {**OURS, "origin": "http://127.0.0.1:7476", "sec-fetch-site": "same-origin"}),
        ("/secret/socket.io?EIO=4", {"host": "127.0.0.1:7476", "origin": "http://127.0.0.1:7476"}),  # a websocket
        ("/secret", {"host": "127.0.0.1:7476"}),
        ("/", {**OURS, "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}),  # a link that was followed
    ],
)
def test_a_page_of_ours_is_served(path: str, headers: dict[str, str]) -> None:
    assert GUARD.refusal(path, headers) is None


@pytest.mark.parametrize(
    ("path", "headers", "reason"),
    [
        ("/", {"host": "127.0.0.1:7476"}, "token"),
        ("/", {**OURS, "x-negograph-token": "Secret"}, "token"),
        ("/", {**OURS, "x-negograph-token": ""}, "token"),
        ("/", {**OURS, "x-negograph-token": "sécret"}, "token"),
        ("/secrets/x", {"host": "127.0.0.1:7476"}, "token"),
        ("/x/secret", {"host": "127.0.0.1:7476"}, "token"),
        ("/?token=secret", {"host": "127.0.0.1:7476", "cookie": "token=secret"}, "token"),
        ("/", {**OURS, "host": "rebound.example:7476"}, "name"),
        ("/", {**OURS, "host": "127.0.0.1"}, "name"),
        ("/", {**OURS, "host": "127.0.0.1:7477"}, "name"),
        ("/", {"x-negograph-token": "secret"}, "name"),
        ("/", {**OURS, "origin": "http://127.0.0.1:7477"}, "another site"),
        ("/", {**OURS, "origin": "http://localhost:7476"}, "another site"),
        ("/", {**OURS, "origin": "null"}, "another site"),
        ("/secret/socket.io", {"host": "127.0.0.1:7476", "origin": "https://foreign.example"}, "another site"),
        ("/", {**OURS, "sec-fetch-site": "same-site", "sec-fetch-mode": "no-cors"}, "another site"),
    ],
)
def test_everybody_else_is_refused(path: str, headers: dict[str, str], reason: str) -> None:
    assert reason in str(GUARD.refusal(path, headers))


def test_what_is_no_secret_needs_no_token_but_all_else() -> None:
    assert GUARD.refusal("/", {"host": "127.0.0.1:7476"}, token=False) is None
    assert GUARD.refusal("/", {"host": "rebound.example"}, token=False) is not None
    assert GUARD.refusal("/", {"host": "127.0.0.1:7476", "origin": "https://foreign.example"}, token=False) is not None


def test_each_server_has_a_token_of_its_own_that_is_not_shown() -> None:
    first, second = Guard(1), Guard(1)
    assert len(first.token) > 40
    assert first.token != second.token
    assert first.token not in repr(first)


def test_it_listens_at_its_port_or_where_that_is_taken_at_a_free_one_and_on_loopback_alone() -> None:
    with listen(0) as first:
        host, port = first.getsockname()
        assert host == "127.0.0.1"
        with listen(port) as second:
            assert second.getsockname()[0] == "127.0.0.1"
            assert second.getsockname()[1] not in (0, port)
    with listen(port) as again, socket.create_connection(("127.0.0.1", port)):
        assert again.getsockname()[1] == port


def test_a_page_asks_nobody_but_its_own_server() -> None:
    policy = protecting_headers({"script-src": "'self' 'unsafe-inline'"})["Content-Security-Policy"]
    assert policy.startswith("default-src 'self'; ")
    assert policy.endswith("; script-src 'self' 'unsafe-inline'")
    assert "frame-ancestors 'none'" in policy
