"""The texts of documents, and whether every quote stands in its text."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from negograph.files.reading import Unreadable, content_of, leads_outside
from negograph.model.kinds import SourceFile
from negograph.model.model import Model
from negograph.problems.hints import nearest
from negograph.problems.problem import Position, Problem
from negograph.project import Texts
from negograph.seeds.cache import Cache
from negograph.seeds.records import Link, Record
from negograph.text.quotes import Text

_ELSEWHERE = ", or name the folder of the texts in NEGOGRAPH_TEXTS"


@dataclass(frozen=True)
class Verified:
    """What looking the quotes up found: the problems, how many quotes there are, and how many could not be looked up.

    `absent` are the places where texts are named that are not there.
    """

    problems: tuple[Problem, ...]
    quotes: int
    unverified: int
    absent: tuple[Position, ...] = ()


def verify(records: Iterable[Record], model: Model, texts: Texts, cache: Cache) -> Verified:
    """Look every quote up in the text of its document in the folder `texts`.

    A text that is not there is no problem; its quotes are counted as unverified. Of a text that was changed, the quotes
    that are lost are part of that problem.
    """
    records = tuple(records)
    documents = _documents_with_text(records, model)
    quoted = _quotes_of(records)
    problems: list[Problem] = []
    absent: list[Position] = []
    unverified = sum(len(links) for target, links in quoted.items() if target not in documents)
    for identity, document in documents.items():
        found = _verify_document(document, quoted[identity], texts, cache)
        if isinstance(found, Problem) or found is None:
            problems += [found] if found else _misnamed(document, texts)
            absent += [] if found else [_place(document, "file")]
            unverified += len(quoted[identity])
        else:
            problems += found
    return Verified(tuple(problems), sum(map(len, quoted.values())), unverified, tuple(absent))


def _documents_with_text(records: Iterable[Record], model: Model) -> dict[str, Record]:
    """The documents among some records that name a text."""
    with_text = {label for label, node in model.nodes.items() if any(kind.kind == "source" for kind in node.properties.values())}
    found: dict[str, Record] = {}
    for record in records:
        if record.label in with_text and source_of(record) is not None:
            found.setdefault(record.id, record)
    return found


def _quotes_of(records: Iterable[Record]) -> dict[str, list[Link]]:
    """The references of some records that have a quote, by the document that they name."""
    quoted: dict[str, list[Link]] = defaultdict(list)
    for record in records:
        for link in record.links:
            if link.quote_position is not None and link.properties and "quote" in link.properties:
                quoted[link.target].append(link)
    return quoted


def source_of(record: Record) -> SourceFile | None:
    """The text that a document names."""
    return next((value for value in record.properties.values() if isinstance(value, SourceFile)), None)


def _place(document: Record, key: str) -> Position:
    """Where something is written about the text of a document."""
    name = next(name for name, value in document.properties.items() if isinstance(value, SourceFile))
    return document.places[f"{name}.{key}"]


def read_text(source: SourceFile, texts: Texts) -> tuple[bytes, str] | None:
    """A document's text as bytes and as characters; None if it is not in the folder.

    Raises:
        Unreadable: if it cannot be read, or leads out of the folder.
    """
    path = texts.folder / source.file
    try:
        if (broken := _broken_link(path, texts)) is not None:
            raise Unreadable("unreadable-text", f"the link {broken} leads nowhere; mend it, or put the file itself there")
        if not leads_outside(path, texts.root) and not path.exists():
            return None
        content = content_of(path, texts.root)
        return content, content.decode("utf-8-sig")
    except OSError as error:
        raise Unreadable("unreadable-text", str(error.strerror)) from error
    except UnicodeDecodeError as error:
        raise Unreadable("unreadable-text", "it is not UTF-8; save it as UTF-8") from error


def _broken_link(path: Path, texts: Texts) -> Path | None:
    """The link to nothing on the way to a text."""
    way = [path, *(parent for parent in path.parents if parent.is_relative_to(texts.folder))]
    return next((step for step in way if step.is_symlink() and not step.exists()), None)


def _misnamed(document: Record, texts: Texts) -> list[Problem]:
    """The problem of a text that is not there, if one of nearly that name is."""
    source = source_of(document)
    assert source is not None
    path = texts.folder / source.file
    try:
        there = {other.name.casefold(): other.name for other in path.parent.iterdir() if other.is_file()}
    except OSError:
        return []
    near = None if leads_outside(path.parent, texts.root) else nearest(path.name, there)
    if near is None:
        return []
    message = f"there is no text {path}, but {near!r} is in that folder; if that is the one, write its name"
    return [Problem(_place(document, "file"), "misnamed-text", message)]


def _verify_document(document: Record, links: list[Link], texts: Texts, cache: Cache) -> list[Problem] | Problem | None:
    """The problems of a text and of the quotes from it; the one problem for which it is unreadable; None if it is absent."""
    source = source_of(document)
    assert source is not None
    path = texts.folder / source.file
    try:
        read = read_text(source, texts)
    except Unreadable as error:
        outside = error.code == "outward-link"
        message = f"cannot read the text {path}: {error}" + (_ELSEWHERE if outside else "")
        return Problem(_place(document, "file"), error.code if outside else "unreadable-text", message)
    if read is None:
        return None
    content, characters = read
    lost = _lost(links, content, characters, cache)
    found = hashlib.sha256(content).hexdigest()
    if source.sha256 not in (None, found):
        gone = f"; {len(lost)} of the {len(links)} quotes do not stand in it as before" if lost else ""
        message = (
            f"the text {path} is not the one that was curated{gone}. Check the quotes, then write "
            f"sha256: {found}, characters: {len(characters)}"
        )
        return [Problem(_place(document, "sha256"), "text-changed", message)]
    if source.characters not in (None, len(characters)):
        message = f"the text {path} has {len(characters)} characters; write that number if it is the right text"
        lost.append(Problem(_place(document, "characters"), "text-changed", message))
    return lost


def _lost(links: list[Link], content: bytes, characters: str, cache: Cache) -> list[Problem]:
    """The problems of the quotes from a text. Those that were found in it before are not looked up again."""
    key = b"quotes" + hashlib.sha256(content).digest()
    before = cache.get(key, frozenset[tuple[str, str, str]]) or frozenset()
    new = [link for link in links if _quote(link) not in before] if before else links
    if not new:
        return []
    text = Text(characters)
    lost = [(link, problem) for link in new if (problem := _look_up(link, text))]
    cache.put(key, before | {_quote(link) for link in new} - {_quote(link) for link, _ in lost})
    return [problem for _, problem in lost]


def _quote(link: Link) -> tuple[str, str, str]:
    words = link.properties or {}
    return str(words["quote"]), str(words.get("prefix", "")), str(words.get("suffix", ""))


def _look_up(link: Link, text: Text) -> Problem | None:
    quote, prefix, suffix = _quote(link)
    found = len(text.places(quote, prefix, suffix))
    if found == 1:
        return None
    position = link.quote_position or link.position
    if found > 1:
        between = "between this prefix and suffix " if prefix or suffix else ""
        message = (
            f"the quote {quote!r} stands {between}{found} times in the text of {link.target!r}; add words that come just before "
            "it as `prefix`, or just after it as `suffix`"
        )
        return Problem(position, "quote-not-unique", message)
    if (prefix or suffix) and text.places(quote):
        message = (
            f"the quote {quote!r} stands in the text of {link.target!r}, but not between this prefix and suffix; correct them"
        )
        return Problem(position, "quote-not-found", message)
    near = text.nearest(quote)
    hint = f"nearest passage: {near!r}" if near else "nothing in it is like the quote: is it another document's?"
    return Problem(position, "quote-not-found", f"the quote {quote!r} is not in the text of {link.target!r}; {hint}")
