"""Telling when the files of a project change."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from negograph.files.reading import leads_outside
from negograph.project import Project

_TOGETHER = 400
"""Changes within so many milliseconds count as one; editors make several of a save."""

_QUIET = 60
"""How many milliseconds nothing may change before what changed is told."""

_LOOK_AGAIN = 1000
"""After how many milliseconds it is looked for changes that the system did not tell."""

State = dict[str, tuple[int, int, int]]


def changes(project: Project) -> Iterator[None]:
    """Once at the beginning, then each time that the seeds, the schema or the texts of a project are not as they were; for ever.

    The system tells when to look. What counts is what the files are then: so nothing is missed while somebody else works
    with the last change, nor where a whole folder is put in the place of another, as a checkout of another branch does.
    """
    seen = _state(project)
    yield
    for _ in _wakes(project):
        if (state := _state(project)) != seen:
            seen = state
            yield


def _wakes(project: Project) -> Iterator[None]:
    """Whenever something happens in the folders, and every second."""
    from watchfiles import watch

    while True:
        identities = _identities(project)
        folders = list(identities)
        for _ in watch(
            *(folders or [project.folder]),
            watch_filter=None,
            recursive=_can_be_watched_whole(folders),
            debounce=_TOGETHER,
            step=_QUIET,
            rust_timeout=_LOOK_AGAIN,
            yield_on_timeout=True,
        ):
            yield
            if _identities(project) != identities:
                break  # a folder came, went, or is another one now


def _can_be_watched_whole(folders: list[Path]) -> bool:
    """Whether the system can be told to watch what is below, too: it would follow links, and one may lead to the whole disk."""
    below = (Path(folder, name) for top in folders for folder, names, _ in os.walk(top) for name in names)
    return bool(folders) and not any(path.is_symlink() for path in below)


def _folders(project: Project) -> list[Path]:
    """The folders that are looked into; not those that links lead out of the project, which are not read either."""
    own = [(project.folder / name, project.folder) for name in ("seeds", "schema")]
    return [folder for folder, root in (*own, (project.texts.folder, project.texts.root)) if not leads_outside(folder, root)]


def _identities(project: Project) -> dict[Path, tuple[int, int]]:
    """The folders that are there, and what tells each from another that takes its place."""
    found = {}
    for folder in _folders(project):
        with contextlib.suppress(OSError):
            status = folder.stat()
            found[folder] = (status.st_dev, status.st_ino)
    return found


def _state(project: Project) -> State:
    """What tells whether a file is as it was: when it was written, its size, and which file it is. Hidden ones do not count."""
    found: State = {}
    for top in _folders(project):
        for folder, folders, files in os.walk(top):
            folders[:] = [name for name in folders if not name.startswith(".")]
            for name in files:
                path = Path(folder) / name
                if not name.startswith("."):
                    with contextlib.suppress(OSError):  # it may be gone already
                        status = path.stat()
                        found[str(path)] = (status.st_mtime_ns, status.st_size, status.st_ino)
    return found
