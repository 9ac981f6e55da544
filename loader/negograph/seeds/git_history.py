"""What git knows of the seeds: their last commit, and where ids were written that are in the files no more.

A project, and with it its repository, may come from somebody else, and the settings of a repository can name programs that
git runs. So git reads its objects from an empty repository beside, which has no settings.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from negograph.project import is_inside

_SECONDS = 20
_SECONDS_WITH_SETTINGS = 5
"""How long git may take where it reads the settings of a project, which may name a pipe that nobody writes to."""

_SEARCHED_LONG = 20
"""How many ids are searched for in the whole history, one after the other, where the last commit does not have them."""

_COMMIT = re.compile("[0-9a-f]{40}|[0-9a-f]{64}")

_ID = re.compile(r"""\bid:\s*["']?([^\s"',}#]+)""")


def last_places(folder: Path, ids: Collection[str]) -> dict[str, str]:
    """The file and line where each id was written last; those that git does not know are not among them.

    Nothing where the folder is in no git repository, or git is not installed.
    """
    with _git_of(folder) if ids else contextlib.nullcontext() as git:
        return {} if git is None else _last_places(git, ids)


def last_commit(folder: Path) -> str | None:
    """The last commit that changed the seeds or the schema of a project; None where git knows of none."""
    with _git_of(folder) as git:
        if git is None:
            return None
        paths = (f"{git.prefix}seeds", f"{git.prefix}schema")
        return git.run("log", "-1", "--format=%H", git.head, "--", *paths).strip() or None


def lacks(folder: Path, commit: str) -> bool:
    """Whether the history of a project is known not to have a commit; a part of a history, and no history, tell nothing."""
    with _git_of(folder) as git:
        if git is None or _COMMIT.fullmatch(commit) is None:
            return False
        common = git.run("merge-base", commit, git.head).strip()
        return common != commit and bool(common or git.run("rev-list", "--count", git.head))


@contextlib.contextmanager
def _git_of(folder: Path) -> Iterator[_Git | None]:
    """Git for the repository that a folder is in; None where it is in none, or git is not installed."""
    program = shutil.which("git")
    if program is None or is_inside(Path(program), folder):  # Windows looks into the current folder first
        yield None
        return
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    environment |= {"GIT_ALLOW_PROTOCOL": "", "GIT_NO_LAZY_FETCH": "1"}  # older versions know the first alone
    with tempfile.TemporaryDirectory() as empty:
        yield _objects_of(folder, _Git(program, environment), empty)


@dataclass(frozen=True)
class _Git:
    """git in an environment, with the last commit of a repository, and the path from its top to the project."""

    program: str
    environment: dict[str, str]
    head: str = ""
    prefix: str = ""

    def run(self, *words: str, seconds: float = _SECONDS) -> str:
        """What git prints; nothing where it fails or takes too long."""
        command = [self.program, *words]
        try:
            done = subprocess.run(
                command, env=self.environment, timeout=seconds, check=True, stdin=subprocess.DEVNULL, capture_output=True
            )
        except (OSError, subprocess.SubprocessError):
            return ""
        return done.stdout.decode("utf-8", "replace")


def _objects_of(folder: Path, git: _Git, empty: str) -> _Git | None:
    """What a repository holds, without its settings. To tell where that is, git runs no program that settings name."""
    # What HEAD names is not looked up here: for a missing object git would run what the settings name to fetch it.
    asked = ("--show-object-format", "--show-prefix", "--path-format=absolute", "--git-path", "objects", "HEAD")
    found = git.run("-C", str(folder), "rev-parse", *asked, seconds=_SECONDS_WITH_SETTINGS)
    lines = found.removesuffix("\n").split("\n")
    if len(lines) != 4:
        return None
    form, prefix, objects, head = lines
    git.run("init", "--quiet", "--bare", "--template=", f"--object-format={form}", empty)
    alone = {"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull, "GIT_LITERAL_PATHSPECS": "1"}
    git = _Git(git.program, git.environment | alone | {"GIT_DIR": empty, "GIT_OBJECT_DIRECTORY": objects}, head, prefix)
    return git if git.run("rev-parse", "--verify", "--quiet", f"{head}^{{commit}}") else None


def _last_places(git: _Git, ids: Collection[str]) -> dict[str, str]:
    found = {identity: place for identity, place in _ids_of(git, git.head).items() if identity in ids}
    for identity in sorted(set(ids) - found.keys())[:_SEARCHED_LONG]:
        written = f"id: *[\"']?{re.escape(identity)}([\"' ,}}#]|$)"
        search = ("log", "-1", "--format=%H %h", "--no-textconv", "--pickaxe-regex", f"-S{written}", git.head)
        commit = git.run(*search, "--", f"{git.prefix}seeds").split()
        if commit and (place := _ids_of(git, f"{commit[0]}^").get(identity)):
            found[identity] = f"{place}, before commit {commit[1]}"
    return found


def _ids_of(git: _Git, commit: str) -> dict[str, str]:
    """The places of all ids that a commit has in seeds/."""
    found: dict[str, str] = {}
    for line in git.run("grep", "-z", "-n", "--no-textconv", "-E", r"\bid:", commit, "--", f"{git.prefix}seeds").split("\n"):
        if line.count("\0") < 2:
            continue
        file, number, text = line.removeprefix(f"{commit}:{git.prefix}").split("\0", 2)
        for match in _ID.finditer(text):
            found.setdefault(match[1], f"{file}:{number}")
    return found
