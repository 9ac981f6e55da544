"""A text with the places in it that are rested on: in its own letters, though quotes are looked up in the folded text."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from negograph.text.quotes import FOLDING, Span, Text

_CLUSTER = re.compile(r"\s+|\S", re.DOTALL)
_PARAGRAPH = re.compile(r"\S.*?(?=\n[^\S\n]*\n|\Z)", re.DOTALL)
_NO_END = "".join(rf"(?<!\b{word})" for word in ("[A-Z]", r"\d", r"\d\d", "Mr", "Mrs", "Ms", "Dr", "St"))
_CLOSING = r"[\"'”’»)\]]*"
_SENTENCE_END = re.compile(
    rf"(?:[.!?…]+{_CLOSING}(?=[^\S\n]*\n)|{_NO_END}[.!?…]+{_CLOSING}(?=\s+[^\sa-z])|[。！？]+[”’」』]*)\s*"
)
"""Where one sentence ends and another begins: not after an initial, a title or a number, nor before a small letter; but where
a line ends."""


@dataclass(frozen=True)
class Piece:
    """Some letters of a text. `quoted` are part of a quote; `ends` are those whose quote ends here."""

    text: str
    quoted: bool
    ends: tuple[str, ...]


@dataclass(frozen=True)
class Sentence:
    """A sentence in pieces; `rested_on` tells that a quote stands in it, or a part of one."""

    pieces: tuple[Piece, ...]
    rested_on: bool


@dataclass(frozen=True)
class Mark:
    """A quote by its place in the folded text, and the fact that rests on it."""

    span: Span
    fact: str


def marked(text: Text, marks: Iterable[Mark]) -> tuple[tuple[Sentence, ...], ...]:
    """The paragraphs of a text in sentences, with the quotes marked."""
    places, shown = _places(text)
    spans = sorted((places[start][0], places[end - 1][1], mark.fact) for mark in marks for start, end in [mark.span])
    return tuple(
        tuple(_sentence(shown, span, spans) for span in _sentences(shown, paragraph)) for paragraph in _paragraphs(shown)
    )


def _places(text: Text) -> tuple[list[Span], str]:
    """Where each character of the folded text stands, from and to, and in what: the text, or as a last resort its folded form.

    Folding leaves characters out, joins blanks and composes letters; what is left is looked up again from character to
    character. Where that does not give the same, the folded text is shown instead, which says the same in plainer signs.
    """
    content = text.content.replace("\r\n", "\n").replace("\r", "\n")
    folded: list[str] = []
    places: list[Span] = []
    for start, end in _clusters(content):
        piece = unicodedata.normalize("NFC", content[start:end].translate(FOLDING))
        plain = " " if piece and piece.isspace() else piece
        if plain != " " or (folded and folded[-1] != " "):
            folded += plain
            places += [(start, end)] * len(plain)
    if "".join(folded).rstrip() == text.folded:
        return places, content
    return [(index, index + 1) for index in range(len(text.folded))], text.folded


def _clusters(content: str) -> Iterator[Span]:
    """Runs of blanks, and each other character with the marks that belong to it."""
    start, end = 0, 0
    for match in _CLUSTER.finditer(content):
        if unicodedata.combining(match[0][0]) and end:
            end = match.end()
            continue
        if end:
            yield start, end
        start, end = match.span()
    if end:
        yield start, end


def _paragraphs(content: str) -> list[Span]:
    return [match.span() for match in _PARAGRAPH.finditer(content)]


def _sentences(content: str, paragraph: Span) -> Iterator[Span]:
    start, end = paragraph
    for match in _SENTENCE_END.finditer(content, start, end):
        yield start, match.end()
        start = match.end()
    if start < end:
        yield start, end


def _sentence(content: str, sentence: Span, spans: Sequence[tuple[int, int, str]]) -> Sentence:
    start, end = sentence
    inside = [(max(start, first), min(end, last), last, fact) for first, last, fact in spans if first < end and last > start]
    cuts = sorted({start, end, *(first for first, *_ in inside), *(last for _, last, *_ in inside)})
    pieces = []
    for first, last in pairwise(cuts):
        quoted = any(begin <= first and last <= stop for begin, stop, *_ in inside)
        ends = tuple(dict.fromkeys(fact for *_, stop, fact in inside if stop == last))
        pieces.append(Piece(content[first:last], quoted, ends))
    return Sentence(tuple(pieces), bool(inside))


@dataclass(frozen=True)
class SourceText:
    """The text of a document with its quotes marked.

    `remark` says what is wrong with it, or why it is not shown; `lost` are the quotes that do not stand in it, with their facts.
    """

    document: str
    name: str
    paragraphs: tuple[tuple[Sentence, ...], ...] = ()
    lost: tuple[tuple[str, str], ...] = ()
    remark: str = ""

    @property
    def sentences(self) -> int:
        """How many sentences it has."""
        return sum(map(len, self.paragraphs))

    @property
    def plain(self) -> int:
        """How many of its sentences no fact rests on."""
        return sum(not sentence.rested_on for paragraph in self.paragraphs for sentence in paragraph)
