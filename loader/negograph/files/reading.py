"""The files of a project: found and read, and never outside of it, wherever links lead."""

import os
from pathlib import Path

from negograph.problems.problem import Position, Problem

MAX_BYTES = 64 * 2**20


class Unreadable(Exception):
    """A file that is not read: the code of the problem, and in words why and what to do."""

    def __init__(self, code: str, reason: str) -> None:
        self.code = code
        super().__init__(reason)


def leads_outside(path: Path, root: Path) -> bool:
    """Whether a path, links followed, ends outside of a folder."""
    return not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(root))


def content_of(path: Path, root: Path | None, most: int = MAX_BYTES) -> bytes:
    """The content of a file of so many bytes at most.

    It is in the folder `root`, links followed; None for one that the user named.

    Raises:
        Unreadable: if it is elsewhere, no regular file, too large, or the system does not let it be read.
    """
    if root is not None and leads_outside(path, root):
        raise Unreadable("outward-link", f"a link leads out of {root}, to {os.path.realpath(path)}; put the file itself there")
    try:
        if path.exists() and not path.is_file():  # reading a pipe would wait for ever
            raise Unreadable("unreadable", "it is no regular file; take it out of the folder")
        if path.stat().st_size > most:
            raise Unreadable("too-large", f"it has more than {most // 2**20} MiB, and negograph reads no more; split it")
        return path.read_bytes()
    except OSError as error:
        raise Unreadable("unreadable", str(error.strerror)) from error


def read_bytes(name: str, path: Path, root: Path | None) -> tuple[bytes, list[Problem]]:
    """The content of a file; nothing, and a problem, where it cannot be read or leads out of `root`."""
    try:
        return content_of(path, root), []
    except Unreadable as error:
        return b"", [Problem(Position(name, 1, 1), error.code, f"cannot read the file: {error}")]


def yaml_files(folder: Path) -> list[Path]:
    """Every YAML file in a folder and the folders below it, links followed, hidden files and folders left out; sorted.

    A folder behind a link that leads out of the one which holds `folder` is not looked into: its link is listed, for reading
    it tells why.
    """
    found: list[Path] = []
    seen: set[Path] = set()
    waiting = [folder]
    while waiting:
        current = waiting.pop()
        if leads_outside(current, folder.parent):
            found.append(current)
        elif current.resolve() not in seen:
            seen.add(current.resolve())
            there = [path for path in current.iterdir() if not path.name.startswith(".")]
            waiting += (path for path in there if path.is_dir())
            found += (path for path in there if path.suffix.lower() in (".yaml", ".yml") and not path.is_dir())
    return sorted(found)
