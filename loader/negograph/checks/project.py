"""All files of a project against the model and each other: every mistake at its place, in one run."""

import contextlib
import gc
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from negograph.checks.evidence import verify
from negograph.checks.facts import (
    acts_on_oneself,
    contradictions,
    duplicates,
    early_answers,
    early_documents,
    half_said,
    late_facts,
)
from negograph.checks.references import (
    cycles,
    distinct_ids,
    distinct_names,
    former_ids,
    known_references,
    one_dataset,
    participants_of_no_body,
    signed_twice,
    unused,
    well_formed_ids,
)
from negograph.checks.subject import ITEMS, Subject
from negograph.model.model import CONCERNS, FACT, SIGNED, Model
from negograph.problems.problem import Position, Problem, in_order
from negograph.project import Project, Texts
from negograph.seeds.cache import Cache, cache_folder
from negograph.seeds.entries import Dataset, Entry, FileEntries
from negograph.seeds.index import EntryIndex
from negograph.seeds.project_files import read_project

CHECKS: tuple[Callable[[Subject], Iterable[Problem]], ...] = (
    one_dataset,
    well_formed_ids,
    former_ids,
    distinct_ids,
    distinct_names,
    known_references,
    cycles,
    acts_on_oneself,
    early_answers,
    late_facts,
    early_documents,
    half_said,
    signed_twice,
    participants_of_no_body,
    duplicates,
    contradictions,
)
"""Every check across entries but `unused`. What can be seen in one file alone is found when it is decoded."""


@dataclass(frozen=True)
class CheckReport:
    """What checking found. The dataset and the files are fit for mapping only where there are no errors.

    `quotes` counts all of them, `unverified` those that could not be looked up, and `absent` are the places where texts are
    named that are not there, `texts` the state of each text by its file.
    """

    dataset: Dataset | None
    files: tuple[FileEntries, ...]
    problems: tuple[Problem, ...]
    quotes: int
    unverified: int
    absent: tuple[Position, ...]
    texts: Mapping[str, str] = field(default_factory=dict)

    @property
    def entries(self) -> Sequence[Entry]:
        """The entries of all files."""
        return [entry for file in self.files for entry in file.entries]

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems for which the facts cannot be loaded."""
        return tuple(problem for problem in self.problems if problem.severity == "error")

    @property
    def unsigned(self) -> list[str]:
        """The items that are only about their issues: no stand on these follows from a stand towards them."""
        items = (entry for entry in self.entries if entry.label in ITEMS)
        return [item.id for item in items if item.targets(CONCERNS) and not any(map(item.targets, SIGNED))]

    @property
    def fact_count(self) -> int:
        """How many of the entries are facts."""
        return sum(entry.label == FACT for entry in self.entries)


def check_project(project: Project, model: Model, *, require_texts: bool = False) -> CheckReport:
    """Read and check all files of a project, and every quote against its text.

    Files that did not change are not parsed again. Quotes from a text that is not there are counted as unverified; with
    `require_texts`, that a text is not there is an error.
    """
    with without_collecting():
        cache = Cache(cache_folder(), repr(model))
        checked = check_files(read_project(project, model, cache).values(), model, project.texts, cache)
        cache.forget()
    message = "this text is not there; put it into the folder of the texts, or name that in NEGOGRAPH_TEXTS"
    missing = [Problem(place, "missing-text", message) for place in checked.absent if require_texts]
    return replace(checked, problems=in_order([*checked.problems, *missing]))


def check_files(files: Iterable[FileEntries], model: Model, texts: Texts, cache: Cache) -> CheckReport:
    """Check what some files hold, and every quote against its text in the folder `texts`."""
    files = tuple(files)
    index = EntryIndex(entry for file in files for entry in file.entries)
    verified = verify(index.entries, model, texts, cache)
    subject = Subject(files, index, model)
    problems = [*(problem for file in files for problem in file.problems), *verified.problems]
    for check in CHECKS:
        problems += check(subject)
    if not any(problem.severity == "error" for problem in problems):  # else what looks unused may be what was meant
        problems += unused(subject)
    dataset = next((dataset for file in files for dataset in file.datasets), None)
    return CheckReport(dataset, files, in_order(problems), verified.quotes, verified.unverified, verified.absent, verified.texts)


@contextlib.contextmanager
def without_collecting() -> Iterator[None]:
    """No garbage collection: looking for cycles among millions of new values that have none takes a third of the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
