"""All files of a project against the model and each other: every mistake at its place, in one run."""

from __future__ import annotations

import contextlib
import gc
import hashlib
import os
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import msgspec

from negograph.checks.consistency import Beginning, Sense, check_agreement, check_sense, check_use
from negograph.checks.evidence import Verified, digest_of_text, documents_with_text, verify
from negograph.checks.outline import Outline, all_distinct, all_shown
from negograph.checks.references import check_distinct, check_ids, check_names, check_references, form_of_id, meant_ids
from negograph.model.model import FACT, Model
from negograph.problems.problem import Position, Problem, in_order
from negograph.project import Project, Texts
from negograph.seeds.cache import Cache, cache_folder
from negograph.seeds.files import SeedFile, read_project
from negograph.seeds.index import Entries
from negograph.seeds.records import Dataset, FileRecords, Record


@dataclass(frozen=True)
class Checked:
    """What checking found. The dataset and the records are fit for mapping only where there are no errors.

    `quotes` counts all of them, `unverified` those that could not be looked up, and `absent` are the places where texts are
    named that are not there.
    """

    dataset: Dataset | None
    files: tuple[SeedFile, ...]
    problems: tuple[Problem, ...]
    quotes: int
    unverified: int
    absent: tuple[Position, ...]

    def with_texts_required(self) -> Checked:
        """The same, where each text that is not there is an error."""
        message = "this text is not there; put it into the folder of the texts, or name that in NEGOGRAPH_TEXTS"
        missing = (Problem(place, "missing-text", message) for place in self.absent)
        return replace(self, problems=in_order([*self.problems, *missing]))

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems for which the facts cannot be loaded."""
        return tuple(problem for problem in self.problems if problem.severity == "error")

    @property
    def records(self) -> tuple[Record, ...]:
        """The entries of all files."""
        return tuple(record for file in self.files for record in file.read().records)

    @property
    def entry_count(self) -> int:
        """How many entries there are."""
        return sum(len(file.outline.entries) + len(file.outline.facts) for file in self.files)

    @property
    def fact_count(self) -> int:
        """How many of the entries are facts."""
        others = sum(record.label != FACT for file in self.files for record in file.outline.entries)
        return self.entry_count - others


@dataclass(frozen=True)
class Elsewhere:
    """What is known of the facts of files that need not be looked at again, and whether no two facts at all collide."""

    begun: Mapping[str, Iterable[Beginning]]
    used: frozenset[str]
    quotes: Mapping[str, int]
    distinct: bool


NOTHING_KNOWN = Elsewhere({}, frozenset(), {}, distinct=False)


def check_project(project: Project, model: Model, *, require_texts: bool = False) -> Checked:
    """Read and check all files of a project, and every quote against its text.

    Files that did not change are not read again, nor looked at again where nothing changed that they depend on. Quotes from
    a text that is not there are counted as unverified; with `require_texts`, that a text is not there is an error.
    """
    with _without_collecting():
        cache = Cache(cache_folder(), repr(model))
        checked = check_files(read_project(project, model, cache), model, project.texts, cache)
        cache.forget()
        return checked.with_texts_required() if require_texts else checked


def check_files(files: Sequence[SeedFile], model: Model, texts: Texts, cache: Cache) -> Checked:
    """Check files against each other; `cache` tells which of them were found in order before and need no second look."""
    outlines = [file.outline for file in files]
    depends_on = surroundings(outlines, model, texts)
    in_order_before = cache.get(depends_on, frozenset[str]) or frozenset()
    distinct = all_distinct(outlines)
    looked_at = [file for file in files if file.key not in in_order_before]
    if not distinct or not all_shown(outlines):
        looked_at = list(files)
    known = [file.outline for file in files if file not in looked_at]
    elsewhere = Elsewhere(
        begun=_begun(known),
        used=frozenset(target for outline in known for target in outline.targets),
        quotes=sum((Counter(outline.quotes) for outline in known), Counter()),
        distinct=distinct,
    )
    contents = [*(file.read() for file in looked_at), *(outline.without_facts() for outline in known)]
    dataset, problems, verified = check(contents, model, texts, cache, elsewhere)
    cache.put(depends_on, _in_order(files, problems))
    return Checked(dataset, tuple(files), problems, verified.quotes, verified.unverified, verified.absent)


def _begun(outlines: Iterable[Outline]) -> dict[str, list[Beginning]]:
    begun: dict[str, list[Beginning]] = defaultdict(list)
    for outline in outlines:
        for item, beginning in outline.begun.items():
            begun[item].append(beginning)
    return begun


def _in_order(files: Iterable[SeedFile], problems: Sequence[Problem]) -> frozenset[str]:
    """The files that no problem is about; none where a text changed, for that problem counts the quotes of all files."""
    if any(problem.code == "text-changed" for problem in problems):
        return frozenset()
    places = [place for problem in problems for place in (problem.position, problem.also) if place is not None]
    concerned = {place.file for place in places}
    return frozenset(file.key for file in files if file.name not in concerned)


def surroundings(outlines: Sequence[Outline], model: Model, texts: Texts) -> bytes:
    """A digest of all that decides, besides a file itself, whether its facts are in order: what they can name, and the texts.

    Where in its file something stands decides nothing.
    """
    entries = [record for outline in outlines for record in outline.entries]
    shown = {record.id for record in entries}
    begun = sorted((item, min((date for date, _ in found if date), default=None)) for item, found in _begun(outlines).items())
    content = (
        [(record.label, record.id, record.properties, record.formerly, _named(record)) for record in entries],
        begun,
        sorted({target for outline in outlines for target in outline.targets} - shown),
        sorted({word for outline in outlines for word in (*outline.hidden, *outline.without_id)}),
        [digest_of_text(document, texts) for document in documents_with_text(entries, model).values()],
    )
    try:
        return b"surroundings" + hashlib.sha256(msgspec.msgpack.encode(content)).digest()
    except UnicodeEncodeError:  # half a character, which is a problem of its own
        return os.urandom(32)


def _named(record: Record) -> list[object]:
    return [(link.key, link.target, link.properties) for link in record.links]


def check(
    files: Iterable[FileRecords], model: Model, texts: Texts, cache: Cache, elsewhere: Elsewhere = NOTHING_KNOWN
) -> tuple[Dataset | None, tuple[Problem, ...], Verified]:
    """Check the records of some files, and every quote against its text in the folder `texts`."""
    files = tuple(files)
    entries = Entries(record for file in files for record in file.records)
    hidden = {identity for file in files for identity in file.hidden} | meant_ids(entries)
    without_id = {label for file in files for label in file.without_id}
    datasets = [dataset for file in files for dataset in file.datasets]
    sense = Sense(entries, model, elsewhere.begun)
    verified = verify(entries.records, model, texts, cache, elsewhere.quotes)
    problems = [
        *(problem for file in files for problem in file.problems),
        *_dataset_problems(datasets, described=any(file.names_dataset for file in files)),
        *check_ids(entries),
        *(() if elsewhere.distinct else (*check_distinct(entries), *check_agreement(sense))),
        *check_names(entries),
        *check_references(entries, model, hidden, without_id),
        *check_sense(sense),
        *verified.problems,
    ]
    if not any(problem.severity == "error" for problem in problems):
        problems += check_use(sense, elsewhere.used)
    return datasets[0] if datasets else None, in_order(problems), verified


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
