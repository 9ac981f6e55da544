"""The files of a project: two processes that share the work read what one reads, and each helps the other."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from negograph.model.schema_files import load_model
from negograph.project import open_project
from negograph.seeds import project_files
from negograph.seeds.cache import Cache, cache_folder
from negograph.seeds.entries import FileEntries
from tests.conftest import LAKE


def read(folder: Path) -> dict[str, FileEntries]:
    project = open_project(folder, {})
    model = load_model(project.schema_folders())
    return project_files.read_project(project, model, Cache(cache_folder(), repr(model)))


def forget_all() -> None:
    for path in Path(os.environ["XDG_CACHE_HOME"]).rglob("*"):
        if path.is_file():
            path.unlink()


def test_what_the_helping_process_read_is_not_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """It has the folder in full, whoever asks names it as they like."""
    alone = read(LAKE)
    helper = [sys.executable, "-P", "-m", "negograph.seeds.project_files", str(LAKE)]
    forget_all()
    assert subprocess.run(helper, check=False, capture_output=True, text=True).stderr == ""
    monkeypatch.chdir(LAKE)
    monkeypatch.delattr(project_files, "read_content")
    assert read(Path()) == alone


def test_a_large_project_is_read_by_two_a_known_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    started = []

    class Watched(subprocess.Popen[bytes]):
        def __init__(self, command: list[str], **options: int) -> None:
            started.append(command)
            super().__init__(command, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(subprocess, "Popen", Watched)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    alone = read(LAKE)
    assert not started
    forget_all()
    monkeypatch.setattr(project_files, "_LARGE_BYTES", 0)
    assert read(LAKE) == alone
    assert read(LAKE) == alone
    assert [command[-1] for command in started] == [str(LAKE)]
