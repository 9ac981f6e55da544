"""All files of a project against the model and each other: every mistake at its place, in one run."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from negograph.cache import Cache
from negograph.evidence import verify
from negograph.fields import records_of
from negograph.model import Model
from negograph.problems import Position, Problem, in_order
from negograph.project import Project
from negograph.reading import read_bytes, read_entries
from negograph.records import Dataset, FileRecords, Record
from negograph.references import Entries, check_ids, check_names, check_references, form_of_id
from negograph.sense import Sense, check_sense, check_use


@dataclass(frozen=True)
class Checked:
    """What checking found. The dataset and the records are fit for mapping only where there are no errors."""

    dataset: Dataset | None
    records: tuple[Record, ...]
    problems: tuple[Problem, ...]
    quotes: int
    unverified: int

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems for which the facts cannot be loaded."""
        return tuple(problem for problem in self.problems if problem.severity == "error")


def check_project(project: Project, model: Model) -> Checked:
    """Read and check all files of a project, and every quote against its text.

    Files that did not change are not read again. Quotes from a text that is not there are counted as unverified.
    """
    with _without_collecting():
        cache = Cache(project.cache, repr(model))
        files = [read_records(name, path, model, cache) for name, path in project.seeds()]
        checked = check(files, model, project.texts, cache)
        cache.forget()
        return checked


def read_records(name: str, path: Path, model: Model, cache: Cache) -> FileRecords:
    """What a file holds; never raises for that."""
    content, problems = read_bytes(name, path)
    if problems:
        return FileRecords((), (), tuple(problems), (), (), names_dataset=False)
    key = name.encode(errors="surrogateescape") + b"\0" + content
    kept = cache.get(key, FileRecords)
    if kept is None:
        kept = read_content(name, content, model)
        cache.put(key, kept)
    return kept


def read_content(name: str, content: bytes, model: Model) -> FileRecords:
    """What the content of a file says; never raises for that."""
    return records_of(read_entries(name, content), model)


def check(files: Iterable[FileRecords], model: Model, texts: Path, cache: Cache) -> Checked:
    """Check the records of all files, and every quote against its text in the folder `texts`."""
    files = tuple(files)
    entries = Entries(record for file in files for record in file.records)
    hidden = {identity for file in files for identity in file.hidden}
    without_id = {label for file in files for label in file.without_id}
    datasets = [dataset for file in files for dataset in file.datasets]
    sense = Sense(entries, model)
    verified = verify(entries.records, model, texts, cache)
    problems = [
        *(problem for file in files for problem in file.problems),
        *_dataset_problems(datasets, described=any(file.names_dataset for file in files)),
        *check_ids(entries),
        *check_names(entries),
        *check_references(entries, model, hidden, without_id),
        *check_sense(sense),
        *verified.problems,
    ]
    if not any(problem.severity == "error" for problem in problems):
        problems += check_use(sense)
    return Checked(datasets[0] if datasets else None, entries.records, in_order(problems), verified.quotes, verified.unverified)


def _dataset_problems(datasets: list[Dataset], described: bool) -> list[Problem]:
    """One dataset is described, once."""
    if not datasets and not described:
        message = "no file says which dataset this is; add `dataset: {id: my-dataset, title: ...}` to seeds/dataset.yaml"
        return [Problem(Position("seeds", 1, 1), "missing-dataset", message)]
    first = datasets[0].position if datasets else None
    message = f"the dataset is described already, in {first}; keep one of the two"
    again = [Problem(second.position, "duplicate-id", message, first) for second in datasets[1:]]
    forms = [form_of_id(dataset.id, dataset.id_position) for dataset in datasets if dataset.id]
    return [*again, *(problem for problem in forms if problem is not None)]


@contextlib.contextmanager
def _without_collecting() -> Iterator[None]:
    """No garbage collection: looking for circles among millions of new values that have none takes a third of the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
