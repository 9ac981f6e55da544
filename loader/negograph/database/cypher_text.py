"""What can be said of a Cypher statement by reading its words, without a database."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, NamedTuple

from negograph.model.model import DATASET, Model
from negograph.problems.problem import did_you_mean

_TOKEN = re.compile(
    r"""(?P<comment>//[^\r\n]*|/\*.*?(?:\*/|\Z))
    |(?P<string>(?<!\\)(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"))
    |(?P<quoted>`(?:[^`]|``)*`)
    |(?P<word>[^\W\d]\w*)
    |(?P<number>0[xX][0-9a-fA-F]+|0[oO][0-7]+|[0-9][0-9_]*(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)
    |(?P<symbol>\S)""",
    re.VERBOSE | re.DOTALL,
)
"""The kinds of pieces.

No string begins behind a backslash, which has no use outside of one: else the end of a string that is never closed would be
sought from each escaped quotation mark in it.
"""


def _words(*lines: str) -> frozenset[str]:
    return frozenset(word for line in lines for word in line.split())


WRITING = _words("ALTER CREATE DEALLOCATE DELETE DENY DETACH DROP DRYRUN FOREACH GRANT INSERT MERGE REALLOCATE REMOVE REVOKE SET")
"""Words that begin a clause or a command which does more than read."""

WRITING_BEFORE = {
    "ENABLE": _words("SERVER"),
    "LOAD": _words("CSV"),
    "RENAME": _words("ROLE SERVER USER"),
    "START": _words("DATABASE TRANSACTION"),
    "STOP": _words("DATABASE"),
    "TERMINATE": _words("TRANSACTION TRANSACTIONS"),
}
"""Words that do so before these others, wherever they stand; alone they are names that people give."""

_ASCII_ESCAPE = re.compile(r"(?<!\\)(?:\\\\)*(?P<escape>\\u+00[0-7][0-9a-fA-F])")
"""A character of ASCII that is written as \\u: Neo4j reads it before it looks for strings, comments and names."""

_ESCAPED = "a character that is written as \\u"

READING_PROCEDURES = _words(
    "db.index.fulltext.querynodes db.index.fulltext.queryrelationships db.index.vector.querynodes",
    "db.index.vector.queryrelationships db.info db.labels db.ping db.propertykeys db.relationshiptypes",
    "db.schema.nodetypeproperties db.schema.reltypeproperties db.schema.visualization",
)
"""The procedures that a query may call, in small letters. Of any other it is not known that it only reads."""

_AFTER_RETURN = _words("LIMIT OFFSET SKIP UNION")
"""Words that end what a RETURN names; ORDER does only before BY."""

_PAIRS = {"(": ")", "[": "]", "{": "}"}


class Token(NamedTuple):
    """A piece of a statement: its kind (a group of the pattern above), its text, and the index where it begins."""

    kind: str
    text: str
    start: int

    @property
    def word(self) -> str:
        """A word in capitals; nothing for what is no word, such as a name in backticks."""
        return self.text.upper() if self.kind == "word" else ""

    @property
    def name(self) -> str:
        """A name as the statement means it, be it in backticks or not."""
        return self.text[1:-1].replace("``", "`") if self.kind == "quoted" else self.text


@functools.lru_cache(maxsize=4)  # a question is taken apart for several reasons; a long one may take megabytes
def tokens(cypher: str) -> tuple[Token, ...]:
    """The pieces of a statement in their order, without comments."""
    found = (Token(str(match.lastgroup), match[0], match.start()) for match in _TOKEN.finditer(cypher))
    return tuple(token for token in found if token.kind != "comment")


def position(cypher: str, index: int) -> tuple[int, int]:
    """The line and the column of a character, from 1."""
    return cypher.count("\n", 0, index) + 1, index - (cypher.rfind("\n", 0, index) + 1) + 1


def parameters_used(cypher: str) -> dict[str, int]:
    """The names of the parameters in a statement, each with the index where it stands first."""
    found: dict[str, int] = {}
    pieces = tokens(cypher)
    for before, token in pairwise(pieces):
        if before.text == "$" and token.kind in ("word", "quoted", "number"):
            found.setdefault(token.name, before.start)
    return found


def beginnings(cypher: str) -> list[int]:
    """The index where each statement begins; an empty one, as after the last semicolon, does not count."""
    before = [";", *(token.text for token in tokens(cypher))]
    return [token.start for ended, token in zip(before, tokens(cypher), strict=False) if ended == ";" and token.text != ";"]


def unbalanced(cypher: str) -> tuple[str, int] | None:
    """What is wrong with the first quotation mark or bracket that nothing closes or that closes nothing, and where it stands."""
    opened: list[Token] = []
    for token in tokens(cypher):
        if token.text in ("'", '"', "`"):
            return f"this {token.text} is never closed; add another where the text or name ends", token.start
        if token.text in _PAIRS:
            opened.append(token)
        elif token.text in _PAIRS.values():
            if opened and _PAIRS[opened[-1].text] == token.text:
                opened.pop()
            elif any(_PAIRS[bracket.text] == token.text for bracket in opened):
                return _never_closed(opened[-1])
            else:
                return f"this {token.text} closes nothing; take it out, or open it before", token.start
    return _never_closed(opened[0]) if opened else None


def _never_closed(bracket: Token) -> tuple[str, int]:
    return f"this {bracket.text} is never closed; add {_PAIRS[bracket.text]} where it ends", bracket.start


def without_end(cypher: str) -> str:
    """A statement without the semicolons that end it, and what stands behind them."""
    end = len(cypher)
    for token in reversed(tokens(cypher)):
        if token.text != ";":
            break
        end = token.start
    return cypher[:end]


@functools.lru_cache(maxsize=64)
def not_reading(cypher: str) -> tuple[str, int] | None:
    """The first words that make a statement more than a reading one, and where they begin; None if there are none.

    A name that is one of these words is told from it by its place, where no clause can begin: see `_is_name`; else it is
    written in backticks. What databases part into words in different ways is refused too: a number that runs into a word, a
    character that Cypher has no use for, one that is written as \\u where nobody has to.
    """
    if (found := _ASCII_ESCAPE.search(cypher)) is not None:
        return _ESCAPED, found.start("escape")
    pieces = tokens(cypher)
    for index, token in enumerate(pieces):
        words = _oddity(pieces, index) or _sequence(pieces, index)
        if not words and not _is_name(pieces, index):
            words = token.word if token.word in WRITING else _foreign_call(pieces, index)
        if words:
            return words, token.start
    return None


def _oddity(pieces: Sequence[Token], index: int) -> str:
    """What is wrong with the characters of a piece; nothing if nothing is."""
    token = pieces[index]
    after = pieces[index + 1] if index + 1 < len(pieces) else Token("", "", -1)
    if token.text == "\\":
        return _ESCAPED
    if token.kind == "symbol" and not (token.text.isascii() and token.text.isprintable()):
        return f"the character U+{ord(token.text):04X}"
    if token.kind != "symbol" and after.text == "$" and after.start == token.start + len(token.text):
        return f"{token.text}$, which some read as one name"
    if token.kind == "number" and after.kind in ("word", "number") and after.start == token.start + len(token.text):
        return f"{token.text}{after.text} without a space between"
    return ""


def _sequence(pieces: Sequence[Token], index: int) -> str:
    """Two words that do more than read together; nothing if they do not."""
    word, following = pieces[index].word, pieces[index + 1].word if index + 1 < len(pieces) else ""
    return f"{word} {following}" if following in WRITING_BEFORE.get(word, ()) else ""


def _foreign_call(pieces: Sequence[Token], index: int) -> str:
    """The call of a procedure of which it is not known that it only reads; nothing for one that does, and for a subquery."""
    procedure = _called(pieces, index) if pieces[index].word == "CALL" else ""
    return f"CALL {procedure}" if procedure and procedure.casefold() not in READING_PROCEDURES else ""


def _called(pieces: Sequence[Token], index: int) -> str:
    """The name of the procedure that a CALL calls; nothing for a subquery."""
    parts: list[str] = []
    for token in pieces[index + 1 :]:
        if token.kind in ("word", "quoted") and (not parts or parts[-1] == "."):
            parts.append(token.name)
        elif token.text == "." and parts:
            parts.append(".")
        else:
            break
    return "".join(parts)


def _is_name(pieces: Sequence[Token], index: int) -> bool:
    """Whether a word stands where no clause can begin: as a property, a label, a parameter, or before what ends a name.

    What stands before it decides only where it leaves no choice: a dot behind a number or another dot is no property's, and AS
    may itself be somebody's name.
    """
    after = pieces[index + 1].text if index + 1 < len(pieces) else ""
    before = pieces[index - 1].text if index else ""
    if before == ".":
        return index > 1 and pieces[index - 2].kind != "number" and pieces[index - 2].text != "."
    return before in (":", "$") or after in (":", ",", ";", ")", "]", "}", "")


def returned_columns(cypher: str) -> tuple[str, ...]:
    """The columns that a statement names in its last RETURN; the embedded engine names none of an empty answer."""
    return tuple(_column_name(cypher, item) for item in _last_return(tokens(cypher)) if item)


def _last_return(pieces: Sequence[Token]) -> list[list[Token]]:
    """What stands behind the last RETURN outside of all brackets, parted by its commas."""
    items: list[list[Token]] = []
    depth, inside = 0, False
    for index, token in enumerate(pieces):
        depth += (token.text in _PAIRS) - (token.text in _PAIRS.values())
        following = pieces[index + 1].word if index + 1 < len(pieces) else ""
        word = "" if depth or _is_name(pieces, index) or _is_alias(pieces, index) else token.word
        if word == "RETURN":
            items, inside = [[]], True
        elif word in _AFTER_RETURN or (word, following) == ("ORDER", "BY") or (not depth and token.text == ";"):
            inside = False
        elif inside and not depth and token.text == ",":
            items.append([])
        elif inside and (pieces[index - 1].word, token.word) != ("RETURN", "DISTINCT"):
            items[-1].append(token)
    return items


def _is_alias(pieces: Sequence[Token], index: int) -> bool:
    """Whether a word stands behind an AS that is no name itself."""
    return index > 0 and pieces[index - 1].word == "AS" and not (index > 1 and pieces[index - 2].word == "AS")


def _column_name(cypher: str, item: Sequence[Token]) -> str:
    """What a column is called: what stands after AS, else its expression as it is written."""
    if len(item) > 2 and item[-2].word == "AS":
        return item[-1].name
    return item[0].name if len(item) == 1 else cypher[item[0].start : item[-1].start + len(item[-1].text)]


Kind = Literal["label", "relationship type", "label or relationship type"]

_NO_LABELS = frozenset(["FALSE", "NFC", "NFD", "NFKC", "NFKD", "NORMALIZED", "NOT", "NULL", "TRUE", "TYPED", "UNKNOWN"])
"""Words behind an IS that do not name a label."""

_SUBQUERIES = frozenset(["CALL", "COLLECT", "COUNT", "EXISTS"])


@dataclass(frozen=True)
class Vocabulary:
    """The labels and the relationship types that there are."""

    labels: frozenset[str]
    types: frozenset[str]

    def __or__(self, other: Vocabulary) -> Vocabulary:
        return Vocabulary(self.labels | other.labels, self.types | other.types)

    def of(self, kind: Kind) -> frozenset[str]:
        """The names of a kind."""
        return {"label": self.labels, "relationship type": self.types}.get(kind, self.labels | self.types)


@dataclass(frozen=True)
class Named:
    """A label or a relationship type that stands in a statement, as far as its place tells which, and where."""

    kind: Kind
    name: str
    index: int


def names_of(model: Model) -> Vocabulary:
    """What a question can name of a model: its labels and types, and the label of a dataset's own node."""
    return Vocabulary(frozenset([*model.labels, DATASET]), frozenset(model.edge_types))


def unknown_names(cypher: str, known: Vocabulary) -> list[Named]:
    """The names in a statement that are not known, each once, in their order."""
    found = {(named.kind, named.name): named for named in reversed(list(names(cypher))) if named.name not in known.of(named.kind)}
    return sorted(found.values(), key=lambda named: named.index)


def said_of(named: Named, known: Vocabulary) -> str:
    """What is said of a name that is not known."""
    other = "relationship type" if named.kind == "label" else "label"
    if named.kind != "label or relationship type" and named.name in known.labels | known.types:
        return f"{named.name} is a {other}; neither the graph nor the model has such a {named.kind}"
    return f"neither the graph nor the model has the {named.kind} {named.name!r}{did_you_mean(named.name, known.of(named.kind))}"


def notes_on(cypher: str, graph: Vocabulary, model: Callable[[], Vocabulary]) -> tuple[str, ...]:
    """What is said of the names that neither the graph nor the model has; the model is looked at only if it has to be."""
    if not unknown_names(cypher, graph):
        return ()
    known = graph | model()
    return tuple(said_of(named, known) for named in unknown_names(cypher, known))


def names(cypher: str) -> Iterator[Named]:
    """Every label and relationship type that a statement names; those that it makes from values are not among them."""
    pieces = tokens(cypher)
    opened: list[int] = []
    for index, token in enumerate(pieces):
        if token.text in ("(", "[", "{"):
            opened.append(index)
        elif token.text in (")", "]", "}") and opened:
            opened.pop()
        elif _begins_names(pieces, index, opened):
            kind = _kind(pieces, index, opened)
            in_list = bool(opened) and pieces[opened[-1]].text == "[" and kind != "relationship type"
            for found in _expression(pieces, index + 1, "&" if in_list else "&|"):
                yield Named(kind, found.name, found.start)


def _begins_names(pieces: Sequence[Token], index: int, opened: Sequence[int]) -> bool:
    """Whether labels or types follow a piece: a colon that is no map's and no type's, or an IS."""
    if index + 1 == len(pieces) or ":" in (pieces[index - 1].text if index else "", pieces[index + 1].text):
        return False
    if pieces[index].word == "IS":
        return pieces[index + 1].kind in ("word", "quoted") and pieces[index + 1].word not in _NO_LABELS
    if pieces[index].text != ":":
        return False
    if index and pieces[index - 1].text in ("|", "&"):
        return False  # `:A|:B`, as `:A:B` below, belongs to the expression that begins at the first colon
    if index > 1 and pieces[index - 2].text in ("|", "&", ":") and pieces[index - 1].kind in ("word", "quoted"):
        return False
    return not (opened and pieces[opened[-1]].text == "{" and _is_map(pieces, opened[-1]))


def _is_map(pieces: Sequence[Token], index: int) -> bool:
    """Whether a brace begins a map, not a subquery."""
    return index == 0 or not (pieces[index - 1].word in _SUBQUERIES or pieces[index - 1].text == ")")


def _kind(pieces: Sequence[Token], index: int, opened: Sequence[int]) -> Kind:
    """What follows: a type in `-[r:`, a label in `(n:`, and elsewhere, as behind WHERE, either."""
    if not opened or index - opened[-1] > 2:
        return "label or relationship type"
    bracket = opened[-1]
    if pieces[bracket].text == "[":
        return "relationship type" if bracket and pieces[bracket - 1].text == "-" else "label or relationship type"
    before = pieces[bracket - 1] if bracket else Token("", "", 0)
    in_pattern = before.word == "MATCH" or before.text in ("-", ">", ",", "=", "(", "{", "[")
    return "label" if in_pattern else "label or relationship type"


def _expression(pieces: Sequence[Token], index: int, joins: str) -> Iterator[Token]:
    """The names of a label expression such as `A|!(B&C)` or `A:B`; in a list, | ends it."""
    depth, wanted = 0, True
    for token in pieces[index:]:
        if wanted and token.text in ("(", "!"):
            depth += token.text == "("
        elif wanted and token.kind in ("word", "quoted"):
            yield token
            wanted = False
        elif not wanted and token.text == ")" and depth:
            depth -= 1
        elif (not wanted and token.text in joins) or token.text == ":":
            wanted = True
        elif wanted and token.text == "%":
            wanted = False
        else:
            return
