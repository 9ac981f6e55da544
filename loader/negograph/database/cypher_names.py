"""The labels and relationship types that a Cypher statement names, and those among them that are not known."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from negograph.database.cypher_text import Token, tokens
from negograph.model.model import DATASET, Model
from negograph.problems.problem import did_you_mean

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
