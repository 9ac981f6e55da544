"""The graph of a project: known where no file and no text is another than before, and found out again where one is."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from negograph.checks.project import CheckReport, check_project
from negograph.errors import NegographError, ProblemsFound
from negograph.graph.plan import Graph
from negograph.model.model import Model
from negograph.operations import project_graph
from negograph.operations.project_graph import graph_of_project
from negograph.project import Project, open_project
from tests.conftest import FERRY, graph_of

TEXT = "gazette.txt"


@pytest.fixture
def ferry(tmp_path: Path) -> Path:
    shutil.copytree(FERRY, tmp_path / "ferry")
    return tmp_path / "ferry"


@pytest.fixture
def checks(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Gets the folder of a project each time that one is checked."""
    folders: list[Path] = []

    def told(project: Project, model: Model) -> CheckReport:
        folders.append(project.folder)
        return check_project(project, model)

    monkeypatch.setattr(project_graph, "check_project", told)
    return folders


def graph_and_notes(folder: Path) -> tuple[Graph, list[str]]:
    notes: list[str] = []
    return graph_of_project(open_project(folder, {}), notes.append)[1], notes


def test_an_unchanged_project_is_known_and_not_checked_again(ferry: Path, checks: list[Path]) -> None:
    first, notes = graph_and_notes(ferry)
    again, notes_again = graph_and_notes(ferry)
    assert checks == [ferry]
    assert (again.dataset, again.title, again.vocabulary) == (first.dataset, first.title, first.vocabulary)
    assert (again.digests, notes_again) == (first.digests, notes)
    assert {key: [*ids] for key, ids in again.formerly.items()} == {key: [*ids] for key, ids in first.formerly.items()}


def test_it_is_read_where_more_than_its_digests_is_asked_for(ferry: Path, checks: list[Path]) -> None:
    graph_and_notes(ferry)
    graph, _ = graph_and_notes(ferry)
    assert list(graph.subgraphs([])) == []
    assert checks == [ferry]
    assert graph.entries == graph_of(ferry)[1].entries
    assert graph.entries == graph.entries
    assert checks == [ferry]


def test_a_project_that_changes_at_that_moment_is_refused(ferry: Path) -> None:
    graph_and_notes(ferry)
    graph, _ = graph_and_notes(ferry)
    entities = ferry / "seeds" / "entities.yaml"
    entities.write_text(entities.read_text(encoding="utf-8").replace("name: ", "name: New ", 1), encoding="utf-8")
    with pytest.raises(NegographError, match="changed at this moment"):
        graph.subgraphs(graph.digests)


def add_a_file(folder: Path) -> None:
    (folder / "seeds" / "more.yaml").write_text("parties: [{id: late, name: Late, kind: state}]\n", encoding="utf-8")


def rename_a_file(folder: Path) -> None:
    first = sorted((folder / "seeds").rglob("*.yaml"))[0]
    first.rename(first.with_name("zz.yaml"))


def remove_the_texts(folder: Path) -> None:
    shutil.rmtree(folder / "texts")


def write_own_schema(folder: Path) -> None:
    (folder / "schema").mkdir(exist_ok=True)
    (folder / "schema" / "own.yaml").write_text(
        "nodes: {Party: {properties: {founded: {type: integer, definition: The year.}}}}\n", encoding="utf-8"
    )


@pytest.mark.parametrize("change", [add_a_file, rename_a_file, remove_the_texts, write_own_schema])
def test_whatever_is_other_than_before_is_checked(ferry: Path, checks: list[Path], change: Callable[[Path], None]) -> None:
    graph_and_notes(ferry)
    change(ferry)
    graph, notes = graph_and_notes(ferry)
    assert checks == [ferry, ferry]
    assert graph.digests == graph_of(ferry)[1].digests
    assert any("not verified" in note for note in notes) == (change is remove_the_texts)


def test_a_text_that_changed_is_an_error_each_time_and_that_it_is_back_is_seen(ferry: Path) -> None:
    graph, _ = graph_and_notes(ferry)
    text = ferry / "texts" / TEXT
    content = text.read_text(encoding="utf-8")
    text.write_text(f"{content} And more.", encoding="utf-8")
    for _ in range(2):
        with pytest.raises(ProblemsFound, match="text-changed"):
            graph_and_notes(ferry)
    text.write_text(content, encoding="utf-8")
    assert graph_and_notes(ferry)[0].digests == graph.digests


def test_a_text_that_is_not_there_and_one_of_nearly_that_name_are_told_apart(ferry: Path) -> None:
    text = ferry / "texts" / TEXT
    content = text.read_bytes()
    text.unlink()
    _, without = graph_and_notes(ferry)
    text.with_name(TEXT.capitalize()).write_bytes(content)
    _, misnamed = graph_and_notes(ferry)
    assert [notes[0] for notes in (without, misnamed)] == [f"note: {n} warnings; `negograph check` shows them" for n in (6, 7)]


def test_the_same_files_in_another_folder_are_a_project_of_their_own(ferry: Path, tmp_path: Path, checks: list[Path]) -> None:
    shutil.copytree(ferry, tmp_path / "copy")
    for folder in (ferry, tmp_path / "copy", ferry, tmp_path / "copy"):
        graph_and_notes(folder)
    assert checks == [ferry, tmp_path / "copy"]
