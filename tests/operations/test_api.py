"""The Python API: what the command line does, without printing."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import negograph
from tests.conftest import FERRY


@pytest.fixture
def ferry(tmp_path: Path) -> Path:
    """The fictional project."""
    folder = tmp_path / "ferry"
    shutil.copytree(FERRY, folder, ignore=shutil.ignore_patterns("answers"))
    return folder


def write(folder: Path, name: str, text: str) -> None:
    (folder / "seeds" / f"{name}.yaml").write_text(text, encoding="utf-8")


def test_a_project_is_checked_planned_loaded_and_asked(ferry: Path) -> None:
    said: list[str] = []
    assert {problem.severity for problem in negograph.check(ferry)} == {"warning"}
    planned = negograph.plan(ferry, embedded=True, say=said.append)
    report = negograph.load(ferry, embedded=True, say=said.append)
    assert said.count(f"target: embedded engine in {ferry / '.negograph'}") == 2
    assert report.written is not None
    assert len(planned.added) == len(report.plan.added) == report.entries == report.written.nodes_created > 0
    with negograph.connect(ferry, embedded=True) as graph:
        assert len(graph.run("timeline")) > 0
    again = negograph.load(ferry, embedded=True)
    assert (again.plan.empty, again.written, again.saved) == (True, None, None)


def test_seeds_with_errors_are_not_loaded_and_every_problem_is_told(ferry: Path) -> None:
    write(ferry, "wrong", "issues:\n  - {id: x, nam: X}\n")
    with pytest.raises(negograph.ProblemsFound) as found:
        negograph.load(ferry, embedded=True)
    assert [problem.code for problem in found.value.problems] == ["unknown-key"]
    assert not (ferry / ".negograph").exists()


def test_a_load_that_removes_much_needs_yes(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    write(tmp_path, "dataset", "dataset: {id: small, title: Small}\n")
    write(tmp_path, "parties", "parties:\n" + "".join(f"  - {{id: p{n}, name: P{n}, kind: state}}\n" for n in range(4)))
    negograph.load(tmp_path, embedded=True)
    write(tmp_path, "parties", "parties: [{id: p0, name: P0, kind: state}]\n")
    with pytest.raises(negograph.NegographError, match="would remove 3 of 4 entries of 'small'"):
        negograph.load(tmp_path, embedded=True)
    report = negograph.load(tmp_path, embedded=True, yes=True)
    assert report.written is not None
    assert report.written.nodes_deleted == 3


def test_a_folder_without_seeds_is_no_project(tmp_path: Path) -> None:
    for use in (negograph.check, negograph.plan, negograph.load):
        with pytest.raises(negograph.NegographError, match="is no project: it has no seeds/ folder"):
            use(tmp_path)


def test_what_is_imported_only_when_it_is_asked_for_is_there_like_the_rest() -> None:
    assert negograph.Problem(negograph.Position("seeds/a.yaml", 1, 2), "unknown-id", "?").severity == "error"
    assert {*negograph.__all__, "Problem", "Position", "load"} <= set(dir(negograph))
    with pytest.raises(AttributeError, match="module 'negograph' has no attribute 'chek'"):
        getattr(negograph, "chek")  # noqa: B009 - a type checker would not let it pass
