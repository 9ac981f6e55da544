"""The target: option before environment before .env before the embedded engine."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from negograph.database.target import EmbeddedTarget, ServerTarget, resolve_target
from negograph.errors import NegographError

ENV_FILE = "# Aura\nNEO4J_URI=neo4j+s://file.example\nNEO4J_USERNAME=someone\nNEO4J_PASSWORD='se cret$x'\nNEO4J_DATABASE=db\n"


def test_without_anything_it_is_the_embedded_engine_in_the_project(tmp_path: Path) -> None:
    assert resolve_target(tmp_path, {}) == EmbeddedTarget(tmp_path / ".negograph")


def test_the_env_file_names_a_server(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(ENV_FILE)
    assert resolve_target(tmp_path, {}) == ServerTarget("neo4j+s://file.example", "someone", "se cret$x", "db", ".env")


def test_the_environment_goes_before_the_env_file(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(ENV_FILE)
    target = resolve_target(tmp_path, {"NEO4J_URI": "bolt://env.example", "NEO4J_PASSWORD": "other", "HOME": "/"})
    assert target == ServerTarget("bolt://env.example", "neo4j", "other", "neo4j", "environment")


@pytest.mark.parametrize("names", [["NEO4J_PASSWORD"], ["NEO4J_PASSWORD", "NEO4J_USERNAME", "NEO4J_DATABASE"]])
def test_what_the_environment_holds_is_not_sent_to_a_server_that_only_a_project_names(tmp_path: Path, names: list[str]) -> None:
    environment = dict.fromkeys(names, "users-own")
    (tmp_path / ".env").write_text(ENV_FILE)
    assert resolve_target(tmp_path, environment) == ServerTarget("neo4j+s://file.example", "someone", "se cret$x", "db", ".env")
    (tmp_path / ".env").write_text("NEO4J_URI=bolt://file.example\n")
    with pytest.raises(NegographError, match=r"beside the address in \.env; the one in the environment is not sent") as error:
        resolve_target(tmp_path, environment)
    assert "users-own" not in str(error.value)


def test_what_the_env_file_holds_for_no_server_goes_to_none(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("NEO4J_PASSWORD=projects\nNEO4J_DATABASE=of-others\n")
    target = resolve_target(tmp_path, {"NEO4J_URI": "bolt://env.example", "NEO4J_PASSWORD": "own"})
    assert target == ServerTarget("bolt://env.example", "neo4j", "own", "neo4j", "environment")


def test_an_address_that_the_user_types_goes_with_the_password_of_the_environment(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(ENV_FILE)
    target = resolve_target(tmp_path, {"NEO4J_PASSWORD": "own"}, uri="neo4j+s://file.example")
    assert target == ServerTarget("neo4j+s://file.example", "someone", "own", "db", "--uri")


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
@pytest.mark.parametrize(
    ("lay", "said"),
    [
        (lambda path: path.symlink_to("../secret"), "a link leads out of "),
        (lambda path: path.symlink_to(".env"), ""),  # the system says why, in its own words
        (lambda path: path.symlink_to("nothing"), ""),
        (os.mkfifo if sys.platform != "win32" else None, "it is no regular file"),  # reading it would wait for ever
    ],
    ids=["link out", "link to itself", "dangling link", "pipe"],
)
def test_an_env_file_that_cannot_be_read_or_leads_out_of_the_project_is_said_and_nothing_else_used_instead(
    tmp_path: Path, lay: Callable[[Path], object], said: str
) -> None:
    (tmp_path / "project").mkdir()
    (tmp_path / "secret").write_text("NEO4J_URI=bolt://x\nNEO4J_PASSWORD=y\n")
    lay(tmp_path / "project" / ".env")
    with pytest.raises(NegographError, match=rf"cannot read .*\.env: {said}"):
        resolve_target(tmp_path / "project", {})
    assert isinstance(resolve_target(tmp_path / "project", {}, embedded=True), EmbeddedTarget)


def test_a_folder_called_env_is_a_virtual_environment_and_names_no_server(tmp_path: Path) -> None:
    (tmp_path / ".env").mkdir()
    assert isinstance(resolve_target(tmp_path, {}), EmbeddedTarget)


def test_what_is_meant_for_one_server_is_not_sent_to_another(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(ENV_FILE)
    for environment in ({"NEO4J_URI": "bolt://env.example"}, {"NEO4J_URI": "bolt://env.example", "NEO4J_PASSWORD": "other"}):
        with pytest.raises(NegographError, match="no password for bolt://option"):
            resolve_target(tmp_path, environment, uri="bolt://option.example")


def test_a_password_in_the_address_is_refused_and_not_repeated(tmp_path: Path) -> None:
    with pytest.raises(NegographError) as error:
        resolve_target(tmp_path, {"NEO4J_PASSWORD": "x"}, uri="bolt://user:secret@somewhere")
    assert "secret" not in str(error.value)


def test_an_option_goes_before_all(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(ENV_FILE)
    environment = {"NEO4J_PASSWORD": "other"}
    target = resolve_target(tmp_path, environment, uri="bolt://option.example")
    assert isinstance(target, ServerTarget)
    assert (target.uri, target.source) == ("bolt://option.example", "--uri")
    assert resolve_target(tmp_path, environment, embedded=True) == EmbeddedTarget(tmp_path / ".negograph")


def test_an_empty_value_counts_as_none(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("NEO4J_URI=\n")
    assert isinstance(resolve_target(tmp_path, {"NEO4J_URI": ""}), EmbeddedTarget)


def test_a_server_without_password_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NegographError, match="set NEO4J_PASSWORD"):
        resolve_target(tmp_path, {"NEO4J_URI": "bolt://env.example"})


def test_a_target_is_shown_without_its_password(tmp_path: Path) -> None:
    target = ServerTarget("bolt://x", "u", "hidden", "neo4j", ".env")
    assert "hidden" not in f"{target} {target!r}"


@pytest.mark.parametrize(("text", "line"), [("NEO4J_URI: bolt://x\n", 1), ('A=1\nB="open\n', 2)])
def test_an_env_file_that_cannot_be_understood_is_said_and_nothing_else_used_instead(
    tmp_path: Path, text: str, line: int
) -> None:
    (tmp_path / ".env").write_text(text)
    with pytest.raises(NegographError, match=rf"\.env:{line}: this is not of the form NAME=VALUE"):
        resolve_target(tmp_path, {})
