"""The cache: what was found out once is found again, and never where anything that it depends on has changed."""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import time
from collections.abc import Callable
from pathlib import Path

import pytest

import negograph
from negograph.model.model import Model
from negograph.model.schema_files import load_model
from negograph.project import open_project, shipped
from negograph.seeds import cache as cache_module
from negograph.seeds import project_files
from negograph.seeds.cache import Cache, cache_folder
from negograph.seeds.decoding import read_content
from negograph.seeds.entries import FileEntries
from tests.conftest import FERRY, checked_project

EMPTY = FileEntries((), (), (), ("x",), (), names_dataset=False)


def kept(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.name != ".gitignore")


def test_a_value_is_found_again_under_its_key_alone(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "kept", "model")
    cache.put(b"key", EMPTY)
    assert Cache(tmp_path / "kept", "model").get(b"key", FileEntries) == EMPTY
    assert cache.get(b"other", FileEntries) is None
    assert Cache(tmp_path / "kept", "another model").get(b"key", FileEntries) is None


def test_another_state_of_the_code_or_of_a_library_finds_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Cache(tmp_path / "kept", "model").put(b"key", EMPTY)
    for name, value in (("yaml.__version__", "7.0"), ("msgspec.__version__", "1.0"), ("unicodedata.unidata_version", "99")):
        with monkeypatch.context() as changed:
            changed.setattr(f"negograph.seeds.cache.{name}", value)
            cache_module._own_code.cache_clear()
            assert Cache(tmp_path / "kept", "model").get(b"key", FileEntries) is None
    package = tmp_path / "package"
    shutil.copytree(cache_module._PACKAGE, package)
    module = package / "seeds" / "decoding.py"
    module.write_text(module.read_text() + "\n")
    monkeypatch.setattr(cache_module, "_PACKAGE", package)
    cache_module._own_code.cache_clear()
    assert Cache(tmp_path / "kept", "model").get(b"key", FileEntries) is None
    monkeypatch.undo()
    cache_module._own_code.cache_clear()
    assert Cache(tmp_path / "kept", "model").get(b"key", FileEntries) == EMPTY


@pytest.mark.parametrize("damage", [b"", b"x" * 10, b"x" * 100])
def test_what_was_damaged_is_not_there(tmp_path: Path, damage: bytes) -> None:
    cache = Cache(tmp_path / "kept", "model")
    cache.put(b"key", EMPTY)
    (path,) = kept(tmp_path / "kept")
    content = path.read_bytes()
    for broken in (damage, content[:-1], content[:40] + bytes([content[40] ^ 1]) + content[41:], damage + content):
        path.write_bytes(broken)
        assert (broken == content) == (cache.get(b"key", FileEntries) is not None)


def test_what_is_kept_for_one_type_is_no_answer_for_another(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "kept", "model")
    cache.put(b"key", ["text"])
    assert cache.get(b"key", FileEntries) is None


def test_a_folder_that_cannot_be_written_keeps_nothing_and_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    cache = Cache(tmp_path / "file" / "kept", "model")
    cache.put(b"key", EMPTY)
    cache.forget()
    assert cache.get(b"key", FileEntries) is None


def test_what_was_not_used_for_a_week_goes(tmp_path: Path) -> None:
    old = Cache(tmp_path / "kept", "model")
    for key in (b"used", b"unused", b"fresh"):
        old.put(key, EMPTY)
    for path in kept(tmp_path / "kept"):
        os.utime(path, (time.time() - 8 * 24 * 3600,) * 2)
    cache = Cache(tmp_path / "kept", "model")
    cache.put(b"fresh", EMPTY)
    assert cache.get(b"used", FileEntries) == EMPTY
    cache.forget()
    assert len(kept(tmp_path / "kept")) == 2
    assert cache.get(b"unused", FileEntries) is None


def facts_of(folder: Path) -> set[tuple[str, str]]:
    _, checked = checked_project(folder)
    assert not checked.errors
    return {(entry.id, str(entry.properties["action"])) for entry in checked.entries if entry.label == "Fact"}


@pytest.mark.parametrize("place", [".negograph/read", ".cache/negograph"])
def test_what_a_project_brings_along_says_nothing_of_its_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    honest = tmp_path / "honest"
    shutil.copytree(FERRY, honest, ignore=shutil.ignore_patterns(".negograph"))
    forged = honest / "seeds" / "facts.yaml"
    written = forged.read_text(encoding="utf-8")
    forged.write_text(written.replace("action: rejected", "action: accepted"), encoding="utf-8")
    assert facts_of(honest) != facts_of(FERRY)
    lying = Cache(honest / place, repr(load_model([shipped("schema")])))
    for name, path in open_project(honest, {}).seeds():
        lie = read_content(name, path.read_bytes(), load_model([shipped("schema")]))
        key = hashlib.sha256(name.encode() + b"\0" + (FERRY / name).read_bytes()).hexdigest().encode()
        lying.put(b"records" + key, lie)
    forged.write_text(written, encoding="utf-8")
    monkeypatch.chdir(honest)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CACHE_HOME", ".cache")  # a relative one would be the project's
    assert facts_of(honest) == facts_of(FERRY)


@pytest.mark.skipif(os.name == "nt", reason="a user's folders are kept for the user there")
def test_a_folder_that_others_can_write_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    folder = cache_folder()
    assert folder is not None
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    folder.chmod(0o722)
    assert cache_folder() is None
    folder.chmod(0o700)
    if os.geteuid() == 0:
        os.chown(folder, 65534, 65534)
        assert cache_folder() is None


@pytest.mark.skipif(os.name == "nt", reason="homes are found in another way there")
def test_without_a_home_nothing_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import pwd

    def unknown(user: int) -> object:
        raise KeyError(user)

    monkeypatch.delenv("HOME", raising=False)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(pwd, "getpwuid", unknown)
    monkeypatch.chdir(tmp_path)
    assert cache_folder() is None
    assert list(tmp_path.iterdir()) == []


def test_a_text_is_not_taken_for_what_is_kept_of_a_file(project: Callable[..., Path]) -> None:
    folder = project(base="documents: [{id: d, kind: article, name: D, text: {file: d.txt}}]\n")
    seeds = (folder / "seeds" / "base.yaml").read_bytes()
    (folder / "texts").mkdir()
    key = hashlib.sha256(b"seeds/base.yaml\0" + seeds).hexdigest()
    (folder / "texts" / "d.txt").write_text(f"records{key}")
    assert [problem.code for problem in negograph.check(folder)] == ["unused"]
    assert [problem.code for problem in negograph.check(folder)] == ["unused"]


def test_files_that_did_not_change_are_not_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(FERRY, tmp_path / "ferry", ignore=shutil.ignore_patterns(".negograph"))
    read: list[str] = []

    def entry(name: str, content: bytes, model: Model) -> FileEntries:
        read.append(name)
        return read_content(name, content, model)

    monkeypatch.setattr(project_files, "read_content", entry)
    first = negograph.check(tmp_path / "ferry")
    assert read == ["seeds/dataset.yaml", "seeds/entities.yaml", "seeds/facts.yaml"]
    read.clear()
    assert negograph.check(tmp_path / "ferry") == first
    assert read == []
    facts = tmp_path / "ferry" / "seeds" / "facts.yaml"
    facts.write_text(facts.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    negograph.check(tmp_path / "ferry")
    assert read == ["seeds/facts.yaml"]


def test_a_change_of_the_projects_schema_or_texts_is_seen(project: Callable[..., Path]) -> None:
    folder = project(
        base="parties: [{id: a, name: Ay, kind: state, founded: 1900}]\n"
        "documents: [{id: d, kind: article, name: D, text: {file: d.txt}}]\n"
        "facts: [{id: f, action: supported, by: a, what: a, date: 2021, evidence: [{document: d, quote: the plan}]}]"
    )
    (folder / "texts").mkdir()
    (folder / "texts" / "d.txt").write_text("the plan")
    assert [problem.code for problem in negograph.check(folder)] == ["unknown-key"]
    (folder / "schema").mkdir()
    (folder / "schema" / "own.yaml").write_text("nodes: {Party: {properties: {founded: {type: integer, definition: The year.}}}}")
    assert negograph.check(folder) == []
    (folder / "texts" / "d.txt").write_text("another plan, the plans")
    assert [problem.code for problem in negograph.check(folder)] == ["quote-not-found"]
    (folder / "texts" / "d.txt").write_text("the plan, the plan")
    assert [problem.code for problem in negograph.check(folder)] == ["quote-not-unique"]
