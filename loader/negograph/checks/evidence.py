"""The texts of documents, and whether every quote stands in its text."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from negograph.files import Unreadable, content_of, leads_outside
from negograph.model.kinds import SourceFile
from negograph.model.model import Model
from negograph.problems.problem import Position, Problem, nearest
from negograph.project import Texts
from negograph.seeds.cache import Cache
from negograph.seeds.entries import Entry, Reference
from negograph.text.quotes import Text

_Quoted: TypeAlias = tuple[Entry, Reference]
"""A reference that has a quote, and the entry that it stands in."""

_ELSEWHERE = ", or name the folder of the texts in NEGOGRAPH_TEXTS"


@dataclass(frozen=True)
class QuoteReport:
    """What looking the quotes up found: the problems, how many quotes there are, and how many could not be looked up.

    `absent` are the places where texts are named that are not there, `texts` the state of each text, by its file.
    """

    problems: tuple[Problem, ...]
    quotes: int
    unverified: int
    absent: tuple[Position, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)


def verify(entries: Sequence[Entry], model: Model, texts: Texts, cache: Cache) -> QuoteReport:
    """Look every quote up in the text of its document in the folder `texts`.

    A text that is not there is no problem; its quotes are counted as unverified. Of a text that was changed, the quotes
    that are lost are part of that problem.
    """
    quoted = _quotes_of(entries)
    problems: list[Problem] = []
    absent: list[Position] = []
    states: dict[str, str] = {}
    looked_up = 0
    for document, source in _documents_with_text(entries, model):
        references, path = quoted[document.id], texts.folder / source.file
        try:
            read = read_text(source.file, texts)
        except Unreadable as error:
            problems.append(_unreadable(document, path, error))
            continue
        states[source.file] = _state(read, path, texts)
        if read is None:
            problems += _misnamed(document, path, texts)
            absent.append(_place(document, "file"))
        else:
            problems += _compared(document, source, path, *read, references, _lost(references, *read, cache))
            looked_up += len(references)
    quotes = sum(map(len, quoted.values()))
    return QuoteReport(tuple(problems), quotes, quotes - looked_up, tuple(absent), states)


def state_of_text(file: str, texts: Texts) -> str:
    """What looking quotes up in a text depends on: its digest; where it is not there, the one of nearly that name, if any."""
    try:
        return _state(read_text(file, texts), texts.folder / file, texts)
    except Unreadable as error:
        return f"{error.code}: {error}"


def _state(read: tuple[bytes, str] | None, path: Path, texts: Texts) -> str:
    return f"absent, near {_near(path, texts)!r}" if read is None else hashlib.sha256(read[0]).hexdigest()


def _documents_with_text(entries: Iterable[Entry], model: Model) -> Iterable[tuple[Entry, SourceFile]]:
    """The documents among some entries that name a text, and the text."""
    with_text = {label for label, node in model.nodes.items() if any(kind.kind == "source" for kind in node.properties.values())}
    found: dict[str, tuple[Entry, SourceFile]] = {}
    for entry in entries:
        if entry.label in with_text and (source := source_of(entry)) is not None:
            found.setdefault(entry.id, (entry, source))
    return found.values()


def _quotes_of(entries: Iterable[Entry]) -> dict[str, list[_Quoted]]:
    """The references of some entries that have a quote, by the document that they name."""
    quoted: dict[str, list[_Quoted]] = defaultdict(list)
    for entry in entries:
        for reference in entry.references:
            if reference.quote_at is not None and reference.properties and "quote" in reference.properties:
                quoted[reference.target].append((entry, reference))
    return quoted


def source_of(entry: Entry) -> SourceFile | None:
    """The text that a document names."""
    return next((value for value in entry.properties.values() if isinstance(value, SourceFile)), None)


def _place(document: Entry, key: str) -> Position:
    name = next(name for name, value in document.properties.items() if isinstance(value, SourceFile))
    return document.place(f"{name}.{key}")


def read_text(file: str, texts: Texts) -> tuple[bytes, str] | None:
    """A document's text as bytes and as characters; None if it is not in the folder.

    Raises:
        Unreadable: if it cannot be read, or leads out of the folder.
    """
    path = texts.folder / file
    way = [path, *(parent for parent in path.parents if parent.is_relative_to(texts.folder))]
    try:
        if broken := [step for step in way if step.is_symlink() and not step.exists()]:
            raise Unreadable("unreadable-text", f"the link {broken[0]} leads nowhere; fix it, or put the file itself there")
        if not leads_outside(path, texts.root) and not path.exists():
            return None
        content = content_of(path, texts.root)
        return content, content.decode("utf-8-sig")
    except OSError as error:
        raise Unreadable("unreadable-text", str(error.strerror)) from error
    except UnicodeDecodeError as error:
        raise Unreadable("unreadable-text", "it is not UTF-8; save it as UTF-8") from error


def _unreadable(document: Entry, path: Path, error: Unreadable) -> Problem:
    outside = error.code == "outward-link"
    message = f"cannot read the text {path}: {error}" + (_ELSEWHERE if outside else "")
    return Problem(_place(document, "file"), error.code if outside else "unreadable-text", message)


def _misnamed(document: Entry, path: Path, texts: Texts) -> list[Problem]:
    """The problem of a text that is not there, if one of nearly that name is."""
    near = _near(path, texts)
    message = f"there is no text {path}, but {near!r} is in that folder; if that is the one, write its name"
    return [Problem(_place(document, "file"), "misnamed-text", message)] if near else []


def _near(path: Path, texts: Texts) -> str | None:
    """The name of the file in the folder of a text that is most like the text's own, if one is like it."""
    try:
        there = {other.name.casefold(): other.name for other in path.parent.iterdir() if other.is_file()}
    except OSError:
        return None
    return None if leads_outside(path.parent, texts.root) else nearest(path.name, there)


def _compared(
    document: Entry,
    source: SourceFile,
    path: Path,
    content: bytes,
    characters: str,
    references: list[_Quoted],
    lost: list[Problem],
) -> list[Problem]:
    """What tells that a text is not the one that was curated, else the quotes that are lost from it."""
    found = hashlib.sha256(content).hexdigest()
    if source.sha256 not in (None, found):
        gone = f"; {len(lost)} of the {len(references)} quotes do not stand in it as before" if lost else ""
        message = (
            f"the text {path} is not the one that was curated{gone}. Check the quotes, then write "
            f"sha256: {found}, characters: {len(characters)}"
        )
        return [Problem(_place(document, "sha256"), "text-changed", message)]
    if source.characters in (None, len(characters)):
        return lost
    message = f"the text {path} has {len(characters)} characters; write that number if it is the right text"
    return [*lost, Problem(_place(document, "characters"), "text-changed", message)]


def _lost(references: list[_Quoted], content: bytes, characters: str, cache: Cache) -> list[Problem]:
    """The problems of the quotes from a text. Those that were found in it before are not looked up again."""
    key = b"quotes" + hashlib.sha256(content).digest()
    before = cache.get(key, frozenset[tuple[str, str, str]]) or frozenset()
    new = [quoted for quoted in references if _quote(quoted[1]) not in before] if before else references
    if not new:
        return []
    text = Text(characters)
    lost = [(quoted, problem) for quoted in new if (problem := _look_up(*quoted, text))]
    cache.put(key, before | {_quote(reference) for _, reference in new} - {_quote(reference) for (_, reference), _ in lost})
    return [problem for _, problem in lost]


def _quote(reference: Reference) -> tuple[str, str, str]:
    words = reference.properties or {}
    return str(words["quote"]), str(words.get("prefix", "")), str(words.get("suffix", ""))


def _look_up(entry: Entry, reference: Reference, text: Text) -> Problem | None:
    quote, prefix, suffix = _quote(reference)
    found = len(text.places(quote, prefix, suffix))
    if found == 1:
        return None
    if found:
        between = "between this prefix and suffix " if prefix or suffix else ""
        message = (
            f"the quote {quote!r} stands {between}{found} times in the text of {reference.target!r}; add words that come just "
            "before it as `prefix`, or just after it as `suffix`"
        )
    elif (prefix or suffix) and text.places(quote):
        where = f"in the text of {reference.target!r}, but not between this prefix and suffix"
        message = f"the quote {quote!r} stands {where}; correct them"
    else:
        near = text.nearest(quote)
        hint = f"nearest passage: {near!r}" if near else "nothing in it is like the quote: is it another document's?"
        message = f"the quote {quote!r} is not in the text of {reference.target!r}; {hint}"
    place = entry.place_at(reference.quote_at or reference.at)
    return Problem(place, "quote-not-unique" if found else "quote-not-found", message)
