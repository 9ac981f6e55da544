"""Looking into the seeds and the texts: every mistake, the places of words in a text, and of an entry in the seeds."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from negograph.checks.evidence import read_text, source_of
from negograph.checks.project import CheckReport, check_project
from negograph.errors import NegographError, ProblemsFound
from negograph.files import Unreadable
from negograph.model.schema_files import load_model
from negograph.operations import Say
from negograph.project import Project
from negograph.render.problems import shown
from negograph.seeds.cache import Cache, cache_folder
from negograph.seeds.entries import Entry, FileEntries
from negograph.seeds.index import EntryIndex, Mention, mentions
from negograph.seeds.project_files import read_project
from negograph.text.quotes import Text
from negograph.text.selectors import Place, find_words

_HIDING = {
    *("unreadable", "not-utf-8", "too-large", "too-deep", "yaml-syntax", "tab", "duplicate-key", "not-a-mapping"),
    *("wrong-type", "unknown-key"),
}
"""The codes of problems for which an entry or a reference may not have been read."""

_MOST_PLACES = 20
"""How many places of words are given; whoever wants more of them searches by more words."""


@dataclass(frozen=True)
class Quotes:
    """Where words stand in a text: the file, how many places there are, and the first of them."""

    file: Path
    count: int
    places: Sequence[Place]


def check_seeds(project: Project, *, require_texts: bool = False) -> CheckReport:
    """What checking a project finds; where its own schema has mistakes, these alone, for nothing else can be said then."""
    try:
        model = load_model(project.schema_folders())
    except ProblemsFound as schema:
        return CheckReport(None, (), schema.problems, 0, 0, ())
    return check_project(project, model, require_texts=require_texts)


def find_quote(project: Project, document: str, words: str, say: Say) -> Quotes:
    """Where words stand in the text of a document, which goes by id, name or alias.

    Raises:
        NegographError: if there is no such document, its text cannot be read, or the words are not in it.
    """
    entry, text, file = _text_of(project, document, say)
    spans = text.places(words)
    if not spans:
        near = text.nearest(words)
        hint = f"; nearest passage: {near!r}" if near else ", nor anything like them"
        raise NegographError(f"the words {words!r} are not in {file}{hint}")
    return Quotes(file, len(spans), find_words(entry.id, text, words, spans[:_MOST_PLACES]))


def _text_of(project: Project, document: str, say: Say) -> tuple[Entry, Text, Path]:
    index = EntryIndex(entry for file in read_files(project, say) for entry in file.entries)
    entry = index.by_id.get(index.find(document) or "")
    if entry is None:
        raise NegographError(f"no document is called {document!r}{index.hint(document)}")
    source = source_of(entry)
    if source is None:
        raise NegographError(f"{entry.id!r} names no text; add `text: {{file: ...}}` to {entry.place('id')}")
    file = project.texts.folder / source.file
    try:
        read = read_text(source.file, project.texts)
    except Unreadable as error:
        raise NegographError(f"cannot read the text {file}: {error}") from error
    if read is None:
        raise NegographError(f"the text {file} is not there; put it there, or set NEGOGRAPH_TEXTS")
    return entry, Text(read[1]), file


def find_mentions(project: Project, identity: str, say: Say) -> list[Mention]:
    """Where what goes by this id, name or alias is written, and what refers to it; a NegographError if nothing does."""
    files = read_files(project, say)
    index = EntryIndex(entry for file in files for entry in file.entries)
    datasets = [
        Mention(dataset.id_position, f"Dataset {dataset.id} ({dataset.title})")
        for file in files
        for dataset in file.datasets
        if dataset.id.casefold() == identity.casefold()
    ]
    found = index.find(identity)
    if found is None and not datasets:
        raise NegographError(f"no entry is called {identity!r}{index.hint(identity)}")
    return [*datasets, *(mentions(index, found) if found else [])]


def read_index(project: Project) -> EntryIndex:
    """All entries of the seeds that can be read, by id and name."""
    return EntryIndex(entry for file in read_files(project, lambda message: None) for entry in file.entries)


def read_files(project: Project, say: Say) -> list[FileEntries]:
    """What the files hold; each that may hold more than could be read is said."""
    model = load_model(project.schema_folders())
    files = read_project(project, model, Cache(cache_folder(), repr(model)))
    for name, held in files.items():
        if held.hidden or held.without_id or any(problem.code in _HIDING for problem in held.problems):
            say(f"note: {shown(name, project.folder)} could not be read whole; `negograph check` says why")
    return list(files.values())
