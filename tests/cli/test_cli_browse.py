"""`negograph browse` and `negograph export`: what they refuse, and the files that they write. Browser itself: tests/web."""

from __future__ import annotations

import io
import sys
import zipfile
from pathlib import Path

import pytest

from negograph.model.schema_files import load_model
from negograph.project import shipped
from negograph.render.browser_style import as_grass, style_of
from tests.cli.test_cli import ferry, loaded, negograph, negograph_process
from tests.conftest import FERRY

__all__ = ["ferry", "loaded"]


@pytest.fixture(autouse=True)
def nothing_served(monkeypatch: pytest.MonkeyPatch) -> None:
    """What should be refused and is not ends at once, and does not wait for Ctrl-C."""

    def serve(*given: object) -> None:
        pytest.fail("it is served")

    monkeypatch.setattr("negograph.web.browser.server.serve", serve)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["demnds"], "did you mean 'demands'"),
        (["positions"], "needs the parameter party"),
        (["positions", "-p", "party"], "write -p NAME=VALUE"),
        (["timeline", "-p", "until=soon"], "until cannot be 'soon'; write a day"),
        (["-p", "party=x"], "-p is for the parameters of a recipe; name one"),
        (["--port", "0"], "0 is not in the range"),
    ],
)
def test_wrong_usage_ends_as_with_query(words: list[str], said: str) -> None:
    done = negograph("browse", *words, cwd=FERRY)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr


def test_what_the_graph_does_not_have_is_said(ferry: Path, tmp_path: Path) -> None:
    done = negograph("browse", "positions", "-p", "party=nrthbank", "--no-open", cwd=ferry)
    assert done.returncode == 1
    assert "did you mean 'northbank'" in done.stderr


def test_a_recipe_that_writes_is_not_put_into_the_editor(ferry: Path, tmp_path: Path) -> None:
    (tmp_path / "own.cypher").write_text("// Own\n// It writes.\n\nCREATE (n:Party) RETURN n;\n")
    done = negograph("browse", tmp_path / "own.cypher", "--no-open", cwd=ferry)
    assert (done.returncode, done.stdout) == (1, "")
    assert "more than read" in done.stderr


@pytest.mark.parametrize(
    ("content", "said"), [(None, "cannot read"), (b"PK another", "is not the archive of Neo4j Browser 5.24.0, by its SHA-256")]
)
def test_only_the_known_files_of_browser_are_served(tmp_path: Path, content: bytes | None, said: str) -> None:
    jar = tmp_path / "browser.jar"
    if content is not None:
        jar.write_bytes(content)
    done = negograph("browse", "--jar", jar, "--embedded", "--no-open", cwd=FERRY)
    assert (done.returncode, done.stdout) == (1, "")
    assert f"{jar}" in done.stderr
    assert said in done.stderr
    assert "mvn dependency:get -Dartifact=org.neo4j.client:neo4j-browser:5.24.0" in done.stderr


def test_without_the_files_the_embedded_engine_has_no_browser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "nicegui", None)  # as if it were not installed
    done = negograph("browse", "--embedded", "--no-open", cwd=FERRY, HOME=str(tmp_path))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.endswith("or explore on a page that needs none: pip install 'negograph[explore]'\n")
    assert "get them with `mvn dependency:get -Dartifact=org.neo4j.client:neo4j-browser:5.24.0`" in done.stderr
    assert not (FERRY / ".negograph").exists()


def test_style_and_scripts_are_written_to_files_and_to_standard_output(tmp_path: Path) -> None:
    style = as_grass(style_of(load_model([shipped("schema")])))
    assert negograph("export", "style", cwd=tmp_path).stdout == style
    done = negograph("export", "style", "--output", "a.grass", cwd=tmp_path)
    assert (done.returncode, done.stdout, (tmp_path / "a.grass").read_text()) == (0, "", style)
    again = negograph("export", "style", "--output", "a.grass", cwd=tmp_path)
    assert again.returncode == 1
    assert "add --overwrite" in again.stderr
    assert negograph("export", "style", "--output", "a.grass", "--overwrite", cwd=tmp_path).returncode == 0

    negograph("export", "browser-scripts", "--output", "a.zip", cwd=tmp_path)
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert "positions/demands.cypher" in archive.namelist()


def test_the_files_of_a_project_have_its_own_recipes_and_kinds(tmp_path: Path) -> None:
    for folder in ("seeds", "schema", "queries"):
        (tmp_path / folder).mkdir()
    (tmp_path / "schema" / "own.yaml").write_text(
        'nodes: {Vessel: {section: vessels, colour: "#123456", definition: A ship., properties: {}}}\n'
    )
    (tmp_path / "queries" / "ships.cypher").write_text("// Ships\n// All ships.\n\nMATCH (v:Vessel) RETURN v;\n")
    assert "node.Vessel {" in negograph("export", "style", cwd=tmp_path).stdout
    assert "  color: #123456;" in negograph("export", "style", cwd=tmp_path).stdout
    negograph("export", "browser-scripts", "--output", "a.zip", cwd=tmp_path)
    with zipfile.ZipFile(io.BytesIO((tmp_path / "a.zip").read_bytes())) as archive:
        assert archive.read("other/ships.cypher").decode() == "// Ships\n// All ships.\n\nMATCH (v:Vessel) RETURN v\n"


def test_an_export_is_the_same_in_a_pipe() -> None:
    assert negograph_process("export", "style").stdout.startswith("node {\n")
