"""Telling when the files of a project change."""

import contextlib
import os
import time
from collections.abc import Iterator
from pathlib import Path

from negograph.files.reading import leads_outside
from negograph.project import Project

_PAUSE_SECONDS = 0.4
"""How long after one look at the files the next is taken."""

_QUIET_SECONDS = 0.06
"""How long nothing more may change before a change is told; editors make several of a save."""

State = dict[str, tuple[int, int, int]]


def changes(project: Project) -> Iterator[None]:
    """Once at the beginning, then each time that the seeds, the schema or the texts of a project are not as they were; for ever.

    The files are looked at again and again. So nothing is missed while somebody else works with the last change, nor where a
    whole folder is put in the place of another, nor on a disk of the network, whose changes the system does not tell.
    """
    told = seen = _state(project)
    yield
    while True:
        time.sleep(_PAUSE_SECONDS if seen == told else _QUIET_SECONDS)
        before, seen = seen, _state(project)
        if before == seen != told:
            told = seen
            yield


def _state(project: Project) -> State:
    """What tells whether a file is as it was: when it was written, its size, and which file it is. Hidden ones do not count.

    Folders that links lead out of the project are not looked into; they are not read either.
    """
    own = [(project.folder / name, project.folder) for name in ("seeds", "schema")]
    found: State = {}
    for top, root in (*own, (project.texts.folder, project.texts.root)):
        for folder, folders, files in () if leads_outside(top, root) else os.walk(top):
            folders[:] = [name for name in folders if not name.startswith(".")]
            for path in (Path(folder, name) for name in files if not name.startswith(".")):
                with contextlib.suppress(OSError):  # it may be gone already
                    status = path.stat()
                    found[str(path)] = (status.st_mtime_ns, status.st_size, status.st_ino)
    return found
