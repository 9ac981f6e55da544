"""Writing files: all at once, over nothing that is there, and through no link."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest

from negograph.errors import NegographError
from negograph.files import write_own, write_whole


def test_a_file_is_written_and_nothing_else_is_left(tmp_path: Path) -> None:
    write_whole(tmp_path / ("n" * 250), b"new")
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("n" * 250, b"new")]


def test_one_that_is_there_stays_as_it_is_unless_it_is_to_be_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"old")
    with pytest.raises(NegographError, match=r"a\.csv is there already; name another file, or add --overwrite"):
        write_whole(path, b"new")
    assert path.read_bytes() == b"old"
    write_whole(path, b"new", overwrite=True)
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"new"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes, links and devices")
class TestOnPosix:
    def test_the_mode_is_what_the_user_asks_for_and_stays_that_of_the_old_file(self, tmp_path: Path) -> None:
        old = os.umask(0o027)
        try:
            write_whole(tmp_path / "new", b"")
        finally:
            os.umask(old)
        assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o640
        (tmp_path / "new").chmod(0o600)
        write_whole(tmp_path / "new", b"x", overwrite=True)
        assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o600

    def test_an_own_file_is_the_users_alone_and_takes_the_place_of_a_link(self, tmp_path: Path) -> None:
        (tmp_path / "target").write_bytes(b"theirs")
        (tmp_path / "own").symlink_to(tmp_path / "target")
        for text in ("first", "ä"):
            write_own(tmp_path / "own", text)
            assert (tmp_path / "own").read_text(encoding="utf-8") == text
            assert stat.S_IMODE((tmp_path / "own").lstat().st_mode) == 0o600
        assert (tmp_path / "target").read_bytes() == b"theirs"
        assert sorted(path.name for path in tmp_path.iterdir()) == ["own", "target"]

    @pytest.mark.parametrize("overwrite", [False, True])
    def test_nothing_is_written_through_a_link_or_to_a_device(self, tmp_path: Path, overwrite: bool) -> None:
        (tmp_path / "target").write_bytes(b"theirs")
        (tmp_path / "link").symlink_to(tmp_path / "target")
        (tmp_path / "dangling").symlink_to(tmp_path / "nothing")
        os.mkfifo(tmp_path / "pipe")
        for name, said in (("link", "is a symbolic link"), ("dangling", "is a symbolic link"), ("pipe", "is no regular file")):
            with pytest.raises(NegographError, match=said):
                write_whole(tmp_path / name, b"new", overwrite=overwrite)
        with pytest.raises(NegographError, match="is no regular file"):
            write_whole(Path(os.devnull), b"new", overwrite=overwrite)
        assert (tmp_path / "target").read_bytes() == b"theirs"
        assert sorted(path.name for path in tmp_path.iterdir()) == ["dangling", "link", "pipe", "target"]

    @pytest.mark.parametrize("overwrite", [False, True])
    def test_a_folder_of_a_project_that_is_a_link_out_of_it_is_not_written_to(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, overwrite: bool
    ) -> None:
        project, elsewhere = tmp_path / "project", tmp_path / "elsewhere"
        (project / "own").mkdir(parents=True)
        (elsewhere / "deep").mkdir(parents=True)
        (project / "results").symlink_to(elsewhere)
        (project / "inner").symlink_to("own")
        monkeypatch.chdir(project)
        for name in ("results/a.csv", "results/deep/a.csv"):
            with pytest.raises(
                NegographError, match=r"^results is a symbolic link that leads out of the current folder, to /.*/else"
            ):
                write_whole(Path(name), b"new", overwrite=overwrite)
        assert [path.name for path in elsewhere.rglob("*")] == ["deep"]
        for path in (Path("a.csv"), Path("inner/a.csv"), Path("../elsewhere/b.csv"), project / "results" / "c.csv"):
            write_whole(path, b"new", overwrite=overwrite)
            assert path.read_bytes() == b"new"


@pytest.mark.parametrize("overwrite", [False, True])
def test_where_writing_fails_the_old_file_is_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, overwrite: bool) -> None:
    path = tmp_path / "a.csv"
    if overwrite:
        path.write_bytes(b"old")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match=r"No space left on device: '.*a\.csv'"):
        write_whole(path, b"new", overwrite=overwrite)
    assert [found.read_bytes() for found in tmp_path.iterdir()] == ([b"old"] if overwrite else [])


def test_who_was_faster_keeps_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.csv"
    monkeypatch.setattr(os, "fsync", lambda descriptor: path.write_bytes(b"theirs"))
    with pytest.raises(NegographError, match="is there already"):
        write_whole(path, b"new")
    assert [found.read_bytes() for found in tmp_path.iterdir()] == [b"theirs"]


def test_a_file_system_without_hard_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_links(*names: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", no_links)
    write_whole(tmp_path / "a.csv", b"new")
    assert [found.read_bytes() for found in tmp_path.iterdir()] == [b"new"]
