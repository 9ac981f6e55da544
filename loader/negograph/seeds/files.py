"""The files of a project, read now or found as they were read before."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from negograph.checks.outline import Outline, outline_of
from negograph.files.reading import read_bytes
from negograph.model.model import Model
from negograph.project import Project
from negograph.seeds.cache import Cache
from negograph.seeds.decoding import records_of
from negograph.seeds.records import FileRecords
from negograph.seeds.sections import read_entries


@dataclass(frozen=True, eq=False)
class SeedFile:
    """A file of a project: `key` identifies its name and content, `read` gives all that it holds."""

    name: str
    key: str
    outline: Outline
    read: Callable[[], FileRecords]


def read_project(project: Project, model: Model, cache: Cache) -> list[SeedFile]:
    """Every file of a project, in the order of their names; never raises for what they hold."""
    return [_read_file(name, path, project.folder, model, cache) for name, path in project.seeds()]


def _read_file(name: str, path: Path, root: Path, model: Model, cache: Cache) -> SeedFile:
    content, problems = read_bytes(name, path, root)
    if problems:
        anything = tuple(model.nodes)  # of every kind there may be entries in it, so that no reference is unknown for sure
        nothing = FileRecords((), (), tuple(problems), (), anything, names_dataset=True)
        return SeedFile(name, "", outline_of(nothing, model), lambda: nothing)
    key = hashlib.sha256(name.encode(errors="surrogateescape") + b"\0" + content).hexdigest()

    def read() -> FileRecords:
        kept = cache.get(b"records" + key.encode(), FileRecords)
        if kept is None:
            kept = read_content(name, content, model)
            cache.put(b"records" + key.encode(), kept)
        return kept

    outline = cache.get(b"outline" + key.encode(), Outline)
    if outline is not None:
        return SeedFile(name, key, outline, read)
    held = read()
    outline = outline_of(held, model)
    cache.put(b"outline" + key.encode(), outline)
    return SeedFile(name, key, outline, lambda: held)


def read_content(name: str, content: bytes, model: Model) -> FileRecords:
    """What the content of a file says; never raises for that."""
    return records_of(read_entries(name, content), model)
