"""What can be said of a Cypher statement by reading its words, without a database."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

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

AGGREGATING = frozenset(["avg", "collect", "count", "max", "min", "percentilecont", "percentiledisc", "stdev", "stdevp", "sum"])
"""The functions that make one value of many rows."""

_KEYWORDS = _words(
    "ALL AND ANY AS ASC ASCENDING BY CASE COLLECT CONTAINS COUNT DESC DESCENDING DISTINCT ELSE END ENDS EXISTS",
    "FALSE IN IS NONE NOT NULL OR REDUCE SINGLE STARTS THEN TRUE WHEN WHERE WITH XOR",
)
_OPEN, _CLOSE = "([{", ")]}"
_SUBQUERIES = frozenset(["COLLECT", "COUNT", "EXISTS"])


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


class Projection(NamedTuple):
    """What a statement returns in the end: its columns, and by what they are ordered."""

    items: tuple[tuple[Token, ...], ...]
    order: tuple[tuple[Token, ...], ...]


def tokens(cypher: str) -> list[Token]:
    """The pieces of a statement in their order, without comments."""
    found = (Token(str(match.lastgroup), match[0], match.start()) for match in _TOKEN.finditer(cypher))
    return [token for token in found if token.kind != "comment"]


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


def statements(cypher: str) -> int:
    """How many statements there are; an empty one after the last semicolon does not count."""
    count, empty = 0, True
    for token in tokens(cypher):
        if token.text == ";":
            count, empty = count + (not empty), True
        else:
            empty = False
    return count + (not empty)


def without_end(cypher: str) -> str:
    """A statement without the semicolons that end it, and what stands behind them."""
    end = len(cypher)
    for token in reversed(tokens(cypher)):
        if token.text != ";":
            break
        end = token.start
    return cypher[:end]


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
        if (words := _oddity(pieces, index) or _sequence(pieces, index)) or (
            not _is_name(pieces, index) and (words := _writing_word(token) or _foreign_call(pieces, index))
        ):
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


def _writing_word(token: Token) -> str:
    return token.word if token.word in WRITING else ""


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


def projection(cypher: str) -> Projection:
    """The columns of the last RETURN outside of all brackets, and the expressions of its ORDER BY."""
    pieces = tokens(cypher)
    clauses: dict[str, list[list[Token]]] = {"RETURN": [], "ORDER": []}
    current: list[list[Token]] | None = None
    depth = 0
    for index, token in enumerate(pieces):
        depth += (token.text in _OPEN) - (token.text in _CLOSE)
        following = pieces[index + 1].word if index + 1 < len(pieces) else ""
        word = "" if depth or _is_name(pieces, index) or _is_alias(pieces, index) else token.word
        if word == "RETURN":
            clauses = {"RETURN": [[]], "ORDER": []}
            current = clauses["RETURN"]
        elif word == "ORDER" and following == "BY" and current is not None:
            clauses["ORDER"] = current = [[]]
        elif word in ("SKIP", "LIMIT", "OFFSET", "UNION") or (depth == 0 and token.text == ";"):
            current = None
        elif current is not None and depth == 0 and token.text == ",":
            current.append([])
        elif current is not None and (pieces[index - 1].word, token.word) not in (("ORDER", "BY"), ("RETURN", "DISTINCT")):
            current[-1].append(token)
    return Projection(*(tuple(tuple(piece) for piece in clauses[clause] if piece) for clause in ("RETURN", "ORDER")))


def _is_alias(pieces: Sequence[Token], index: int) -> bool:
    """Whether a word stands behind an AS that is no name itself."""
    return index > 0 and pieces[index - 1].word == "AS" and not (index > 1 and pieces[index - 2].word == "AS")


def returned_columns(cypher: str) -> tuple[str, ...]:
    """The columns that a statement names in its last RETURN; the embedded engine names none of an empty answer."""
    return tuple(column_name(cypher, item) for item in projection(cypher).items)


def column_name(cypher: str, item: Sequence[Token]) -> str:
    """What a column is called: what stands after AS, else its expression as it is written."""
    if _is_named(item):
        return item[-1].name
    return item[0].name if len(item) == 1 else cypher[item[0].start : item[-1].start + len(item[-1].text)]


def not_in_order(cypher: str) -> list[str]:
    """The columns that may stand in another order each time, because nothing in ORDER BY settles it; empty if none can.

    A column is settled if it is ordered by, or if of each variable in it the variable itself, its `id` or its `elementId`
    is; a column that aggregates is settled by the others.
    """
    found = projection(cypher)
    keys = {_text(_without_direction(key)) for key in found.order}
    keys |= {_text(item[:-2]) for item in found.items if _is_named(item) and _text(item[-1:]) in keys}
    settled = [item for item in found.items if _settled(item, keys)]
    return [column_name(cypher, item) for item in found.items if item not in settled and not _aggregates(item)]


def _settled(item: Sequence[Token], keys: set[str]) -> bool:
    expression = item[:-2] if _is_named(item) else item
    if _text(expression) in keys or (_is_named(item) and _text(item[-1:]) in keys):
        return True
    if _text(expression) == "*":
        return False
    return all({name, f"{name}.id", f"elementId({name})"} & keys for name in _variables(expression))


def _is_named(item: Sequence[Token]) -> bool:
    return len(item) > 2 and item[-2].word == "AS"


def _without_direction(key: Sequence[Token]) -> Sequence[Token]:
    return key[:-1] if key[-1].word in ("ASC", "ASCENDING", "DESC", "DESCENDING") else key


def _text(pieces: Sequence[Token]) -> str:
    return "".join(token.name for token in pieces)


def _aggregates(item: Sequence[Token]) -> bool:
    return any(token.text.casefold() in AGGREGATING and after.text == "(" for token, after in pairwise(item))


def _variables(expression: Sequence[Token]) -> set[str]:
    """The names in an expression that mean something outside of it: no functions, properties, labels, keys, or what it binds."""
    pieces = list(_outside_of_subqueries(expression))
    names = {token.name for index, token in enumerate(pieces) if _is_variable(pieces, index)}
    bound = {token.name for index, token in enumerate(pieces) if _binds(pieces, index)}
    return names - bound


def _is_variable(pieces: Sequence[Token], index: int) -> bool:
    token = pieces[index]
    before = pieces[index - 1].text if index else ""
    after = pieces[index + 1].text if index + 1 < len(pieces) else ""
    if token.kind not in ("word", "quoted") or before in (".", "$") or after == ":" or _is_function(pieces, index):
        return False
    if before == ":" and not (index > 2 and pieces[index - 3].text in ("{", ",")):
        return False  # a label; behind a key it is a value
    if token.word in ("TRUE", "FALSE", "NULL"):
        return False
    return token.word not in _KEYWORDS or after == "." or len(pieces) == 1  # such as `count`, when it is somebody's name


def _is_function(pieces: Sequence[Token], index: int) -> bool:
    """Whether a name, or a chain of names with dots such as duration.inDays, is called."""
    after = [token.text for token in pieces[index + 1 :]]
    while after[:1] == ["."]:
        after = after[2:]
    return after[:1] == ["("]


def _binds(pieces: Sequence[Token], index: int) -> bool:
    """Whether a name is one that a list comprehension, a quantifier or `reduce` binds."""
    before = pieces[index - 1].text if index else ""
    called = pieces[index - 2].word if index > 1 else ""
    after = pieces[index + 1] if index + 1 < len(pieces) else Token("", "", 0)
    if after.text == "=":
        return called == "REDUCE"
    return after.word == "IN" and (before in ("[", ",", "|") or (before == "(" and called in ("ALL", "ANY", "NONE", "SINGLE")))


def _outside_of_subqueries(expression: Sequence[Token]) -> Iterator[Token]:
    """An expression without its subqueries, such as COLLECT { ... }."""
    inside, depth = False, 0
    following = [*(token.text for token in expression[1:]), ""]
    for token, after in zip(expression, following, strict=True):
        inside = inside or (token.word in _SUBQUERIES and after == "{")
        if not inside:
            yield token
            continue
        depth += (token.text == "{") - (token.text == "}")
        if token.text == "}" and depth == 0:
            inside = False


NO_EDGES = _words("COUNT ELEMENTID ID KEYS LENGTH PROPERTIES SIZE TYPE")
"""Functions that make something else of a relationship or a path."""


def binds_edges(cypher: str) -> set[str]:
    """The names that a statement gives to relationships and paths."""
    pieces = tokens(cypher)
    found = {token.name for index, token in enumerate(pieces) if _names_edge(pieces, index) or _names_path(pieces, index)}
    for index, token in enumerate(pieces[:-1]):  # WITH edge AS other, UNWIND relationships(path) AS edge
        if token.word == "AS":
            expression = _expression_before(pieces, index)
            if found & {piece.name for piece in expression} and expression[0].word not in NO_EDGES:
                found.add(pieces[index + 1].name)
    return found


def _names_edge(pieces: Sequence[Token], index: int) -> bool:
    """Whether a name stands as in -[name:TYPE]-."""
    if pieces[index].kind not in ("word", "quoted") or not 0 < index < len(pieces) - 1 or pieces[index - 1].text != "[":
        return False
    return pieces[index + 1].text in (":", "]", "*", "{") or pieces[index + 1].word in ("WHERE", "IS")


def _names_path(pieces: Sequence[Token], index: int) -> bool:
    """Whether a name stands as in MATCH name = (a)-->(b)."""
    if pieces[index].kind not in ("word", "quoted") or not 0 < index < len(pieces) - 1 or pieces[index + 1].text != "=":
        return False
    return pieces[index - 1].word == "MATCH" or pieces[index - 1].text == ","


def _expression_before(pieces: Sequence[Token], index: int) -> Sequence[Token]:
    """The call or the name that ends before a token."""
    start, depth = index - 1, 0
    while start >= 0:
        depth += (pieces[start].text in _CLOSE) - (pieces[start].text in _OPEN)
        if depth <= 0:
            break
        start -= 1
    return pieces[max(0, start - 1) : index]
