"""The files of a project, each read now or found as it was read before.

Large projects are read by two processes. The other one, `python -m negograph.seeds.project_files FOLDER`, begins with the last
file and leaves what it read in the cache. Who reads from the first file on finds the later half there.
"""

import contextlib
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from negograph.files import read_bytes
from negograph.model.model import Model
from negograph.model.schema_files import load_model
from negograph.project import Project, open_project
from negograph.seeds.cache import Cache, cache_folder
from negograph.seeds.decoding import read_content
from negograph.seeds.entries import FileEntries

_LARGE_BYTES = 3_000_000
"""From which size on the files of a project are read by two processes: to start the other takes as long as to read a tenth."""


def read_project(project: Project, model: Model, cache: Cache) -> dict[str, FileEntries]:
    """What every file of a project holds, in the order of their names; never raises for that."""
    seeds = project.seeds()
    with _reading_ahead(project, seeds, cache):
        return {name: _read_file(name, path, project.folder, model, cache) for name, path in seeds}


def _read_file(name: str, path: Path, root: Path, model: Model, cache: Cache) -> FileEntries:
    """What a file holds, read now or found as it was read before."""
    content, problems = read_bytes(name, path, root)
    if problems:
        anything = tuple(model.nodes)  # of every kind there may be entries in it, so that no reference is unknown for sure
        return FileEntries((), (), tuple(problems), (), anything, names_dataset=True)
    held = cache.get(_key(name, content), FileEntries)
    if held is None:
        held = msgspec.structs.replace(read_content(name, content, model), digest=_digest(name, content))
        cache.put(_key(name, content), held)
    return held


def digests_of_files(project: Project) -> Iterator[bytes]:
    """The digest of each file of a project, of its name and its content, in the order of their names."""
    for name, path in project.seeds():
        content, problems = read_bytes(name, path, project.folder)
        yield b"" if problems else _digest(name, content)


def _digest(name: str, content: bytes) -> bytes:
    return hashlib.sha256(name.encode(errors="surrogateescape") + b"\0" + content).digest()


def _key(name: str, content: bytes) -> bytes:
    return b"entries" + _digest(name, content)


@contextlib.contextmanager
def _reading_ahead(project: Project, seeds: Sequence[tuple[str, Path]], cache: Cache) -> Iterator[None]:
    """Have another process read the files of a project, too, from the last one on, where that is worth its while."""
    if not _worth_two(seeds, project.folder, cache):
        yield
        return
    command = [sys.executable, "-P", "-m", __name__, str(project.folder.absolute())]
    silent = subprocess.DEVNULL
    helper = subprocess.Popen(command, stdin=silent, stdout=silent, stderr=silent)
    try:
        yield
    finally:
        helper.kill()
        helper.wait()


def _worth_two(seeds: Sequence[tuple[str, Path]], root: Path, cache: Cache) -> bool:
    """Whether the files are large, there is a second processor, and the last file is not known yet."""
    if cache.folder is None or (os.cpu_count() or 1) == 1 or sum(_size(path) for _, path in seeds) < _LARGE_BYTES:
        return False
    name, path = seeds[-1]
    content, problems = read_bytes(name, path, root)
    return not problems and cache.get(_key(name, content), FileEntries) is None


def _size(path: Path) -> int:
    """How many bytes a file has; one that is not there has none."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _read_ahead(folder: Path) -> None:
    project = open_project(folder, {})
    model = load_model(project.schema_folders())
    cache = Cache(cache_folder(), repr(model))
    for name, path in reversed(project.seeds()):
        _read_file(name, path, project.folder, model, cache)


if __name__ == "__main__":
    _read_ahead(Path(sys.argv[1]))
