"""The source texts of a project as a curator reads them: with every quote marked, and what no fact rests on left plain."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence

from negograph.checks.evidence import read_text, source_of
from negograph.files import Unreadable
from negograph.model.kinds import SourceFile
from negograph.model.model import FACT
from negograph.operations import Say
from negograph.operations.seeds import read_files
from negograph.project import Project, Texts
from negograph.seeds.entries import Entry
from negograph.text.marking import Mark, SourceText, marked
from negograph.text.quotes import Text

_CHANGED = "This text is not the one that was curated: its SHA-256 is another. Quotes may stand elsewhere in it, or not at all."

Quoted = tuple[str, str, str, str]
"""The words of a quote, what stands before and after it, and the fact that rests on it."""


def source_texts(project: Project, say: Say) -> tuple[SourceText, ...]:
    """The text of each document of the seeds that names one; a text that cannot be read says why."""
    entries = [entry for file in read_files(project, say) for entry in file.entries]
    quoted = _quoted(entries)
    documents = {entry.id: (entry, source) for entry in entries if (source := source_of(entry)) is not None}
    return tuple(_source_text(entry, source, project.texts, quoted[entry.id]) for entry, source in documents.values())


def _quoted(entries: Iterable[Entry]) -> dict[str, list[Quoted]]:
    """The quotes of facts that are not taken back, by document."""
    quoted: dict[str, list[Quoted]] = defaultdict(list)
    for entry in entries:
        for reference in entry.references if entry.label == FACT and not entry.retracted else ():
            if reference.properties and "quote" in reference.properties:
                quote, prefix, suffix = (str(reference.properties.get(key, "")) for key in ("quote", "prefix", "suffix"))
                quoted[reference.target].append((quote, prefix, suffix, entry.id))
    return quoted


def _source_text(document: Entry, source: SourceFile, texts: Texts, quotes: Sequence[Quoted]) -> SourceText:
    try:
        read = read_text(source.file, texts)
    except Unreadable as error:
        return SourceText(document.id, document.name, remark=f"This text cannot be read: {error}.")
    if read is None:
        return SourceText(document.id, document.name, remark="This text is not at hand.")
    content, characters = read
    text = Text(characters)
    marks, lost = [], []
    for quote, prefix, suffix, fact in quotes:
        spans = text.places(quote, prefix, suffix)
        marks += [Mark(span, fact) for span in spans]
        lost += [] if spans else [(quote, fact)]
    remark = "" if source.sha256 in (None, hashlib.sha256(content).hexdigest()) else _CHANGED
    return SourceText(document.id, document.name, marked(text, marks), tuple(lost), remark)
