"""The built wheel, in an environment of its own: complete, typed, and at work away from the checkout."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from tests.conftest import CHECKOUT, FERRY


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy of what git would hold, so that nothing lying about gets into it."""
    source = tmp_path_factory.mktemp("source")
    for name in ("pyproject.toml", "README.md", "LICENSE", "loader", "schema", "queries"):
        copy = shutil.copytree if (CHECKOUT / name).is_dir() else shutil.copy
        copy(CHECKOUT / name, source / name)
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", folder, source)
    (built,) = folder.glob("*.whl")
    return built


def run(*command: str | Path, cwd: Path | None = None) -> str:
    env = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(list(map(str, command)), env=env, capture_output=True, text=True, check=False, cwd=cwd)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_wheel_holds_the_schema_the_recipes_and_the_type_marker(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    for folder in ("schema", "queries"):
        assert {f"negograph/{path.relative_to(CHECKOUT).as_posix()}" for path in (CHECKOUT / folder).rglob("*.*")} <= names
    template = CHECKOUT / "loader" / "negograph" / "template"
    files = [path for path in template.rglob("*") if path.is_file()]
    assert {f"negograph/template/{path.relative_to(template).as_posix()}" for path in files} <= names
    assert {"negograph/py.typed", "negograph/render/report.html.j2", "negograph/render/report.css"} <= names
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert {name.split("/")[0].partition("-")[0] for name in names} == {"negograph"}


def test_installed_in_an_empty_environment_it_loads_a_project_and_answers(wheel: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "empty env")
    scripts = tmp_path / "empty env" / ("Scripts" if os.name == "nt" else "bin")
    into = (sys.executable, "-m", "pip", "--python", scripts / "python", "install", "--quiet")
    run(*into, "--no-compile", "--constraint", CHECKOUT / "constraints.txt", wheel)  # what is used is compiled then
    shutil.copytree(FERRY, tmp_path / "project", ignore=shutil.ignore_patterns("answers"))
    run(scripts / "negograph", "init", tmp_path / "own")
    assert run(scripts / "negograph", "check", "--strict", tmp_path / "own") == ""
    report = run(scripts / "negograph", "load", cwd=tmp_path / "project")
    assert " added, 0 changed" in report
    rows = json.loads(run(scripts / "negograph", "query", "demands", "--format", "json", cwd=tmp_path / "project"))
    expected = json.loads((FERRY / "answers" / "demands.json").read_text(encoding="utf-8"))
    assert rows == expected
