"""`negograph watch` as a process: it loads at each save, and a save with a mistake leaves the graph as it was."""

from __future__ import annotations

import queue
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

import negograph.project as watching
from negograph.database.store import open_store
from negograph.database.target import EmbeddedTarget
from negograph.project import open_project
from tests.cli.test_cli import negograph
from tests.conftest import FERRY, interruptible

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is sent as a signal")

_SECONDS = 30  # far more than it takes, for machines that are busy


class Watch:
    """A running `negograph watch` on a copy of the ferry's project."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        command = [sys.executable, "-u", "-P", "-m", "negograph", "watch", "--project", str(folder), "--embedded"]
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, preexec_fn=interruptible
        )
        self.lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.put(line)

    def until(self, words: str) -> list[str]:
        """What it says, up to a line with these words."""
        said: list[str] = []
        while True:
            try:
                said.append(self.lines.get(timeout=_SECONDS))
            except queue.Empty:
                raise AssertionError(f"it never said {words!r}, but {said}") from None
            if words in said[-1]:
                return said

    def end(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(_SECONDS)


@pytest.fixture
def watch(tmp_path: Path) -> Iterator[Watch]:
    folder = tmp_path / "ferry"
    shutil.copytree(FERRY, folder, ignore=shutil.ignore_patterns("answers", ".negograph"))
    watching = Watch(folder)
    try:
        watching.until("87 added")
        yield watching
    finally:
        watching.process.kill()
        watching.process.wait()


def edit(folder: Path, old: str, new: str) -> None:
    path = folder / "seeds" / "entities.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_save_is_loaded_and_one_with_a_mistake_is_not(watch: Watch) -> None:
    edit(watch.folder, "name: Tunnel", "name: A tunnel")
    watch.until("0 added, 1 changed, 0 removed")
    edit(watch.folder, "name: A tunnel", "nam: A tunnel")
    said = watch.until("nothing loaded")
    assert any("error[unknown-key]: unknown key 'nam'" in line for line in said)
    edit(watch.folder, "nam: A tunnel", "name: The tunnel")
    watch.until("0 added, 1 changed, 0 removed")
    assert watch.end() == 0
    with open_store(EmbeddedTarget(watch.folder / ".negograph"), print) as store:
        assert store.read("MATCH (p:Proposal {id: 'tunnel'}) RETURN p.name", {}).rows == (("The tunnel",),)


def test_the_ways_in_which_editors_and_git_save(watch: Watch) -> None:
    path = watch.folder / "seeds" / "entities.yaml"
    text = path.read_text(encoding="utf-8")
    beside = path.with_name(".entities.yaml.swp")
    beside.write_text(text.replace("name: Tunnel", "name: One"), encoding="utf-8")
    beside.replace(path)  # as a rename over the old file
    watch.until("1 changed")
    backup = path.with_name("entities.yaml~")
    path.rename(backup)  # as a new file, the old one kept aside
    path.write_text(text.replace("name: Tunnel", "name: Two"), encoding="utf-8")
    watch.until("1 changed")
    for number in range(20):  # as many saves in a row
        path.write_text(text.replace("name: Tunnel", f"name: Burst {number}"), encoding="utf-8")
    watch.until("1 changed")
    folder = path.parent
    shutil.copytree(folder, watch.folder / "new")
    folder.rename(watch.folder / "old")  # as another folder in its place
    (watch.folder / "new").rename(folder)
    edit(watch.folder, "name: Burst 19", "name: Last")
    watch.until("1 changed")
    edit(watch.folder, "name: Last", "name: Very last")
    watch.until("1 changed")


def test_other_commands_can_be_used_meanwhile(watch: Watch) -> None:
    done = negograph("status", cwd=watch.folder)
    assert (done.returncode, "waiting" in done.stderr, "engine: runs at" in done.stdout) == (0, False, True)
    assert negograph("query", "overview", cwd=watch.folder).returncode == 0
    edit(watch.folder, "name: Tunnel", "name: A tunnel")
    watch.until("0 added, 1 changed, 0 removed")
    assert watch.end() == 0
    assert "started by each command" in negograph("status", cwd=watch.folder).stdout


def test_an_engine_that_is_ended_meanwhile_is_started_again(watch: Watch) -> None:
    assert negograph("down", cwd=watch.folder).stdout == "the embedded engine has ended\n"
    edit(watch.folder, "name: Tunnel", "name: A tunnel")
    assert "nothing loaded: the embedded engine is gone" in watch.until("nothing loaded")[-1]
    watch.until("0 added, 1 changed, 0 removed")
    assert negograph("verify", cwd=watch.folder).returncode == 0


def test_seeds_that_are_moved_away_are_said(watch: Watch) -> None:
    (watch.folder / "seeds").rename(watch.folder / "elsewhere")
    assert "Errno" not in watch.until("nothing loaded")[-1]
    (watch.folder / "elsewhere").rename(watch.folder / "seeds")
    watch.until("nothing to do")


def test_a_save_that_empties_the_project_waits_for_a_load_by_hand(watch: Watch) -> None:
    (watch.folder / "seeds" / "facts.yaml").write_text("", encoding="utf-8")
    said = watch.until("nothing loaded")
    assert "the load would remove 44 of 87 entries" in said[-1]


@pytest.mark.parametrize("linked", [["texts"], ["seeds"], ["schema"], ["seeds", "schema", "texts"]])
def test_folders_that_links_lead_out_of_the_project_are_not_looked_into(tmp_path: Path, linked: list[str]) -> None:
    outside, folder = tmp_path / "outside", tmp_path / "project"
    outside.mkdir()
    folder.mkdir()
    (outside / "secret.yaml").touch()
    own = {"seeds", "schema", "texts"} - set(linked)
    for name in own:
        (folder / name).mkdir()
        (folder / name / "a.yaml").touch()
    for name in linked:
        (folder / name).symlink_to(outside)
    assert set(watching._state(open_project(folder, {}))) == {str(folder / name / "a.yaml") for name in own}


def test_links_below_are_not_followed_but_texts_that_the_user_names_are_watched_wherever_they_are(tmp_path: Path) -> None:
    for name in ("project/seeds/deep", "named", "outside"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "a.yaml").touch()
    (tmp_path / "project" / "seeds" / "deep" / "link").symlink_to(tmp_path / "outside")
    project = open_project(tmp_path / "project", {"NEGOGRAPH_TEXTS": str(tmp_path / "named")})
    assert set(watching._state(project)) == {str(tmp_path / name / "a.yaml") for name in ("project/seeds/deep", "named")}
