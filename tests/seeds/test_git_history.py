"""Where ids were written last, asked of git, whose settings in a project run nothing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from negograph.seeds.git_history import lacks, last_commit, last_places

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


def git(folder: Path, *words: str, given: str = "") -> str:
    identity = ("-c", "user.name=curator", "-c", "user.email=curator@example.org")
    command = ["git", "-C", str(folder), *identity, *words]
    return subprocess.run(command, check=True, capture_output=True, text=True, input=given).stdout.strip()


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project below the top of a repository; `east` went before the last commit, `south` with it, `west` is there."""
    folder = tmp_path / "repository" / "talks"
    (folder / "seeds").mkdir(parents=True)
    git(folder, "init", "-q", "..")
    for ids in (("east", "south", "west"), ("south", "west"), ("west",)):
        (folder / "seeds" / "parties.yaml").write_text("parties:\n" + "".join(f"  - {{id: {one}}}\n" for one in ids))
        git(folder, "add", ".")
        git(folder, "commit", "-qm", "a change")
    return folder


def test_an_id_is_found_in_the_last_commit_or_before_the_one_that_took_it_out(project: Path) -> None:
    found = last_places(project, {"west", "east", "south", "north"})
    assert found == {
        "west": "seeds/parties.yaml:2",
        "east": f"seeds/parties.yaml:2, before commit {git(project, 'rev-parse', '--short', 'HEAD~1')}",
        "south": f"seeds/parties.yaml:2, before commit {git(project, 'rev-parse', '--short', 'HEAD')}",
    }


def test_a_repository_of_longer_digests_is_read_too(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    git(tmp_path, "init", "-q", "--object-format=sha256")
    (tmp_path / "seeds" / "a.yaml").write_text("parties:\n  - id: west\n")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "one")
    assert last_places(tmp_path, {"west"}) == {"west": "seeds/a.yaml:2"}


def test_the_last_commit_is_the_last_that_changed_seeds_or_schema(project: Path, tmp_path: Path) -> None:
    seeds = git(project, "rev-parse", "HEAD")
    (project / "README").write_text("More.\n")
    git(project, "add", ".")
    git(project, "commit", "-qm", "a page")
    assert last_commit(project) == seeds
    (project / "schema").mkdir()
    (project / "schema" / "own.yaml").write_text("nodes: {}\n")
    git(project, "add", ".")
    git(project, "commit", "-qm", "a schema")
    assert last_commit(project) == git(project, "rev-parse", "HEAD")
    assert last_commit(tmp_path) is None  # in no repository


def test_a_history_lacks_what_comes_later_or_from_elsewhere(project: Path, tmp_path: Path) -> None:
    newest, before = git(project, "rev-parse", "HEAD"), git(project, "rev-parse", "HEAD~1")
    assert not lacks(project, newest)
    assert not lacks(project, before)
    git(project, "checkout", "-q", "HEAD~1")
    assert lacks(project, newest)
    assert lacks(project, "0" * 40)
    assert not lacks(tmp_path, newest)  # in no repository: nothing is known


def test_what_is_no_commit_is_not_looked_for(project: Path) -> None:
    assert not lacks(project, "--output=here")


def test_a_shallow_clone_does_not_tell_what_it_lacks(project: Path, tmp_path: Path) -> None:
    before = git(project, "rev-parse", "HEAD~1")
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{project.parent}", "shallow")
    assert not lacks(tmp_path / "shallow" / "talks", before)
    git(tmp_path, "clone", "-q", f"file://{project.parent}", "whole")
    assert not lacks(tmp_path / "whole" / "talks", before)
    assert lacks(tmp_path / "whole" / "talks", "0" * 40)


def test_without_a_repository_or_a_commit_nothing_is_known(tmp_path: Path) -> None:
    assert last_places(tmp_path, {"west"}) == {}
    git(tmp_path, "init", "-q")
    assert last_places(tmp_path, {"west"}) == {}


def _by_textconv(folder: Path, trap: str) -> None:
    (folder.parent / ".gitattributes").write_text("*.yaml diff=trap\n")
    git(folder, "add", "..")
    git(folder, "commit", "-qm", "attributes")
    git(folder, "config", "diff.trap.textconv", trap)
    git(folder, "config", "diff.trap.command", trap)
    git(folder, "config", "diff.external", trap)


def _by_signatures(folder: Path, trap: str) -> None:
    git(folder, "config", "log.showSignature", "true")
    git(folder, "config", "gpg.program", trap)
    whole = git(folder, "cat-file", "commit", "HEAD")
    head, _, message = whole.partition("\n\n")
    signed = f"{head}\ngpgsig -----BEGIN PGP SIGNATURE-----\n x\n -----END PGP SIGNATURE-----\n\n{message}"
    git(folder, "reset", "-q", "--soft", git(folder, "hash-object", "-t", "commit", "-w", "--stdin", given=signed))


def _by_fetching(folder: Path, trap: str) -> None:
    for name, value in {
        "core.repositoryFormatVersion": "1",
        "extensions.partialClone": "origin",
        "remote.origin.url": f"ext::{trap}",
        "remote.origin.promisor": "true",
        "protocol.ext.allow": "always",
    }.items():
        git(folder, "config", name, value)
    tree = git(folder, "rev-parse", "HEAD~2:")
    (folder.parent / ".git" / "objects" / tree[:2] / tree[2:]).unlink()


def _by_fetching_the_last_commit(folder: Path, trap: str) -> None:
    branch = folder.parent / ".git" / git(folder, "symbolic-ref", "HEAD")
    for name, value in {
        "core.repositoryFormatVersion": "1",
        "extensions.partialClone": "origin",
        "remote.origin.url": str(folder.parent),
        "remote.origin.uploadpack": trap,
        "remote.origin.promisor": "true",
    }.items():
        git(folder, "config", name, value)
    branch.write_text(f"{'1234567890' * 4}\n")


def _by_watching(folder: Path, trap: str) -> None:
    git(folder, "config", "core.fsmonitor", trap)
    git(folder, "config", "core.pager", trap)
    git(folder, "config", "core.alternateRefsCommand", trap)
    git(folder, "config", "core.hooksPath", str(Path(trap).parent))


@pytest.mark.skipif(sys.platform == "win32", reason="the trap is a script for a shell")
@pytest.mark.parametrize("way", [_by_textconv, _by_signatures, _by_fetching, _by_fetching_the_last_commit, _by_watching])
def test_what_the_settings_of_a_project_name_is_not_run(project: Path, tmp_path: Path, way: Callable[[Path, str], None]) -> None:
    trap = tmp_path / "trap" / "post-index-change"
    trap.parent.mkdir()
    trap.write_text(f'#!/bin/sh\ntouch {tmp_path}/run\ncat "$1" 2>/dev/null\n')
    trap.chmod(0o755)
    way(project, str(trap))
    (tmp_path / "run").unlink(missing_ok=True)  # by git, when the trap was set
    last_places(project, {"east", "nowhere"})
    assert not (tmp_path / "run").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such pipes")
def test_settings_in_a_pipe_that_nobody_writes_to_are_waited_for_once(project: Path) -> None:
    os.mkfifo(project / "pipe")
    git(project, "config", "include.path", str(project / "pipe"))
    began = time.monotonic()
    assert last_places(project, {"west"}) == {}
    assert time.monotonic() - began < 15


def test_a_program_called_git_in_the_project_is_not_run(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (project / "git").write_text("#!/bin/sh\nexit 0\n")
    (project / "git").chmod(0o755)
    monkeypatch.setenv("PATH", f"{project}{os.pathsep}{os.environ['PATH']}")
    assert last_places(project, {"west"}) == {}
