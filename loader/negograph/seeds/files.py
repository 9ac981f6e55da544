"""The files of a project, read now or found as they were read before."""

from __future__ import annotations

import hashlib
from pathlib import Path

from negograph.files.reading import read_bytes
from negograph.model.model import Model
from negograph.project import Project
from negograph.seeds.cache import Cache
from negograph.seeds.decoding import records_of
from negograph.seeds.records import FileRecords
from negograph.seeds.sections import read_entries


def read_project(project: Project, model: Model, cache: Cache) -> dict[str, FileRecords]:
    """What every file of a project holds, in the order of their names; never raises for that."""
    return {name: _read_file(name, path, project.folder, model, cache) for name, path in project.seeds()}


def _read_file(name: str, path: Path, root: Path, model: Model, cache: Cache) -> FileRecords:
    content, problems = read_bytes(name, path, root)
    if problems:
        anything = tuple(model.nodes)  # of every kind there may be entries in it, so that no reference is unknown for sure
        return FileRecords((), (), tuple(problems), (), anything, names_dataset=True)
    key = b"records" + hashlib.sha256(name.encode(errors="surrogateescape") + b"\0" + content).digest()
    held = cache.get(key, FileRecords)
    if held is None:
        held = read_content(name, content, model)
        cache.put(key, held)
    return held


def read_content(name: str, content: bytes, model: Model) -> FileRecords:
    """What the content of a file says; never raises for that."""
    return records_of(read_entries(name, content), model)
