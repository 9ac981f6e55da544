"""Engine data: taken up only where negograph made it here, and where nothing was added to it."""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path

import pytest

from negograph.database.embedded.folder import mark_as_made_here, refuse_data_of_others
from negograph.database.store import open_store
from negograph.database.target import EmbeddedTarget
from negograph.errors import NegographError
from tests.conftest import FERRY, load_project

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="links and pipes need rights there")


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an engine that was loaded and has ended."""
    folder = tmp_path_factory.mktemp("loaded") / ".negograph"
    with open_store(EmbeddedTarget(folder), print) as store:
        load_project(store, FERRY)
    return folder


@pytest.fixture
def data(loaded: Path, tmp_path: Path) -> Path:
    """The data of an engine that was loaded and has ended; its folder is `project/.negograph`."""
    return shutil.copytree(loaded, tmp_path / "project" / ".negograph") / "engine"


def refusal(data: Path) -> str:
    with pytest.raises(NegographError) as error, open_store(EmbeddedTarget(data.parent), print):
        pass
    return str(error.value)


def test_what_was_made_here_is_taken_up_also_from_a_copy(data: Path, tmp_path: Path) -> None:
    shutil.copytree(data.parent.parent, tmp_path / "copy")
    for folder in (data.parent, tmp_path / "copy" / ".negograph"):
        with open_store(EmbeddedTarget(folder), print) as store:
            assert store.read("MATCH (p:Party) RETURN count(p) > 1", {}).rows == ((True,),)


@pytest.mark.parametrize("origin", [None, "", "0" * 32, "../../x", "engines"])
def test_data_that_came_with_a_project_is_refused_and_a_rebuild_named(data: Path, origin: str | None) -> None:
    (data / "origin").unlink()
    if origin is not None:
        (data / "origin").write_text(origin)
    assert "was not made by your negograph on this machine; `negograph load --rebuild`" in refusal(data)


def test_data_that_another_user_made_is_refused(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "of another user"))
    assert "was not made by your negograph on this machine" in refusal(data)


@pytest.mark.parametrize("name", ["lib/plugins/a.jar", "server.properties", "databases/other/schema.json"])
def test_what_negograph_never_makes_is_refused(data: Path, name: str) -> None:
    (data / name).parent.mkdir(parents=True, exist_ok=True)
    (data / name).write_text("")
    assert "does not belong there" in refusal(data)


@pytest.mark.parametrize("kind", ["triggers", "materializedViews", "continuousAggregates", "functions", "extensions"])
def test_a_schema_that_would_have_the_engine_run_something_is_refused(data: Path, kind: str) -> None:
    path = data / "databases" / "neo4j" / "schema.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), kind: {"t": {"sql": "IMPORT DATABASE file:///x"}}}))
    assert f"holds {kind}, which negograph never makes" in refusal(data)


def test_the_list_of_files_that_the_engine_exchanged_is_its_own(data: Path) -> None:
    """It writes that down when an index has become large, as that of some 100,000 facts does."""
    path = data / "databases" / "neo4j" / "schema.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "migratedFileIds": {"28": 61}}))
    refuse_data_of_others(data)
    path.write_text(json.dumps({**json.loads(path.read_text()), "migratedFileIds": {"28": {"sql": "IMPORT DATABASE"}}}))
    assert "holds migratedFileIds, which negograph never makes" in refusal(data)


@pytest.mark.parametrize("name", ["log/a", "version.json", "databases/neo4j/a", "../engine.log", "../lock"])
def test_a_pipe_is_not_waited_for(data: Path, name: str) -> None:
    (data / name).unlink(missing_ok=True)
    os.mkfifo(data / name)
    assert "is neither a file nor a folder" in refusal(data)


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may look into every folder")
def test_a_folder_that_cannot_be_looked_into_is_refused(data: Path) -> None:
    (data / "databases").chmod(0o300)
    try:
        assert "cannot look into" in refusal(data)
    finally:
        (data / "databases").chmod(0o700)


def test_without_a_folder_of_ones_own_it_is_said_what_to_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*name: str, **options: object) -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr("platformdirs.user_state_path", unknown)
    with pytest.raises(NegographError, match="set HOME, or XDG_STATE_HOME"):
        mark_as_made_here(tmp_path / "engine")
