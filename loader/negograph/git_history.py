"""Where ids were written that are in the files no more, as far as git knows."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Collection
from pathlib import Path

_SECONDS = 20
_SEARCHED_LONG = 20
"""How many ids are searched for in the whole history, one after the other, where the last commit does not have them."""

_ID = re.compile(r"""\bid:\s*["']?([^\s"',}#]+)""")


def last_places(folder: Path, ids: Collection[str]) -> dict[str, str]:
    """The file and line where each id was written last; those that git does not know are not among them.

    Nothing where the folder is in no git repository, or git is not installed.
    """
    if not ids:
        return {}
    found = {identity: place for identity, place in _ids_of(folder, "HEAD").items() if identity in ids}
    for identity in sorted(set(ids) - found.keys())[:_SEARCHED_LONG]:
        written = f"id: *[\"']?{re.escape(identity)}([\"' ,}}#]|$)"
        commit = _git(folder, "log", "-1", "--format=%H %h", "--pickaxe-regex", f"-S{written}", "--", "seeds").split()
        if commit and (place := _ids_of(folder, f"{commit[0]}^").get(identity)):
            found[identity] = f"{place}, before commit {commit[1]}"
    return found


def _ids_of(folder: Path, commit: str) -> dict[str, str]:
    """The places of all ids that a commit has in seeds/."""
    found: dict[str, str] = {}
    for line in _git(folder, "grep", "-z", "-n", "-E", r"\bid:", commit, "--", "seeds").split("\n"):
        if line.count("\0") < 2:
            continue
        file, number, text = line.removeprefix(f"{commit}:").split("\0", 2)
        for match in _ID.finditer(text):
            found.setdefault(match[1], f"{file}:{number}")
    return found


def _git(folder: Path, *words: str) -> str:
    """What git prints; nothing where it fails."""
    command = ["git", "-C", str(folder), "-c", "core.quotePath=false", *words]
    try:
        done = subprocess.run(command, capture_output=True, timeout=_SECONDS, check=False, stdin=subprocess.DEVNULL)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else ""
