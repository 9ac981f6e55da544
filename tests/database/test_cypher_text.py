"""Cypher read by its words: its pieces, what it returns and whether it only reads."""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from negograph.database.cypher_text import (
    beginnings,
    not_reading,
    parameters_used,
    position,
    returned_columns,
    tokens,
    unbalanced,
)
from negograph.database.store import Store

FRAGMENTS = [
    *("RETURN", "return", "ORDER", "BY", "AS", "DISTINCT", "UNION", "LIMIT", "CALL", "SET", "IN", "COLLECT", "count", "COUNT"),
    *(
        "n",
        "n.id",
        "r",
        "x",
        "é",
        "`a b`",
        "``",
        "$p",
        "$",
        "1",
        "1.5",
        "'text'",
        '"text"',
        "'",
        '"',
        "`",
        "\\",
        "\\'",
        "\\u0053",
    ),
    *(
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        ",",
        ".",
        ":",
        ";",
        "=",
        "|",
        "*",
        "-",
        ">",
        "//",
        "/*",
        "*/",
        "\n",
        "\r",
        "\t",
        " ",
        "\ufeff",
    ),
]
statements_of_all_kinds = st.one_of(
    st.text(st.characters(), max_size=40),
    st.lists(st.sampled_from(FRAGMENTS), max_size=25).map(" ".join),
    st.lists(st.sampled_from(FRAGMENTS), max_size=25).map("".join),
)


# pieces


@pytest.mark.parametrize(
    ("cypher", "pieces"),
    [
        ("", []),
        ("RETURN n.id", [("word", "RETURN"), ("word", "n"), ("symbol", "."), ("word", "id")]),
        ("'it\\'s // no comment'", [("string", "'it\\'s // no comment'")]),
        ("\"/* no */ 'comment'\"", [("string", "\"/* no */ 'comment'\"")]),
        ("'ends in a backslash \\\\' x", [("string", "'ends in a backslash \\\\'"), ("word", "x")]),
        ("'two\nlines'", [("string", "'two\nlines'")]),
        ("`a `` b`.c", [("quoted", "`a `` b`"), ("symbol", "."), ("word", "c")]),
        ("`'`x`\"`", [("quoted", "`'`"), ("word", "x"), ("quoted", '`"`')]),
        ("a // rest ' of the line\nb", [("word", "a"), ("word", "b")]),
        ("a /* two\nlines ` */ b", [("word", "a"), ("word", "b")]),
        ("a /* not closed b", [("word", "a")]),
        ("a // the last line", [("word", "a")]),
        ("'not closed", [("symbol", "'"), ("word", "not"), ("word", "closed")]),
        ("x1 = 1.5e3", [("word", "x1"), ("symbol", "="), ("number", "1.5e3")]),
        ("été_2", [("word", "été_2")]),
        ("a//*b\n*/", [("word", "a"), ("symbol", "*"), ("symbol", "/")]),
    ],
)
def test_a_statement_comes_apart_into_words_numbers_strings_and_signs(cypher: str, pieces: list[tuple[str, str]]) -> None:
    assert [(token.kind, token.text) for token in tokens(cypher)] == pieces


def test_a_comment_ends_where_the_database_has_it_end_also_at_a_carriage_return() -> None:
    assert [token.text for token in tokens("RETURN 1 // one\r+ 2")] == ["RETURN", "1", "+", "2"]


def test_a_piece_has_its_word_in_capitals_and_its_name_without_backticks() -> None:
    word, quoted, string = tokens("return `Re``turn` 'return'")
    assert (word.word, word.name) == ("RETURN", "return")
    assert (quoted.word, quoted.name) == ("", "Re`turn")
    assert string.word == ""


@given(statements_of_all_kinds)
@example("a /* b */ c // d\n'e' /* f")
def test_nothing_is_lost_between_the_pieces_but_white_space_and_comments(cypher: str) -> None:
    end = 0
    for token in tokens(cypher):
        assert cypher[token.start : token.start + len(token.text)] == token.text
        assert _is_white_space_or_comment(cypher[end : token.start])
        end = token.start + len(token.text)
    assert _is_white_space_or_comment(cypher[end:])


def _is_white_space_or_comment(text: str) -> bool:
    """Each comment is taken off by itself: one that two slashes begin to the end of its line, another to where it is closed."""
    while text := text.lstrip():
        if text.startswith("//"):
            text = text.partition("\n")[2]
        elif text.startswith("/*"):
            text = text[2:].partition("*/")[2]
        else:
            return False
    return True


@given(statements_of_all_kinds)
@example("RETURN")
@example("RETURN ORDER BY")
@example("RETURN , , AS")
@example("CALL .")
@example(")]}")
def test_any_text_can_be_read(cypher: str) -> None:
    assert len(returned_columns(cypher)) <= len(tokens(cypher))
    assert all(cypher[index] == "$" for index in parameters_used(cypher).values())
    assert beginnings(cypher) is not None
    found = not_reading(cypher)
    assert found is None or 0 <= found[1] < len(cypher)


@pytest.mark.parametrize(
    ("index", "place"), [(0, (1, 1)), (3, (1, 4)), (4, (2, 1)), (5, (3, 1)), (7, (3, 3))], ids=lambda value: str(value)
)
def test_a_place_is_a_line_and_a_column_from_1(index: int, place: tuple[int, int]) -> None:
    assert position("abc\n\nde\n", index) == place


@given(st.text(alphabet="ab\n", max_size=30), st.data())
def test_a_place_leads_back_to_its_character(cypher: str, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(cypher)))
    line, column = position(cypher, index)
    lines = cypher.split("\n")
    assert sum(len(before) + 1 for before in lines[: line - 1]) + column - 1 == index


# parameters and statements


@pytest.mark.parametrize(
    ("cypher", "used"),
    [
        ("RETURN 1", {}),
        ("RETURN $b, $a, $b", {"b": 7, "a": 11}),
        ("RETURN $`two words` + $1", {"two words": 7, "1": 22}),
        ("RETURN $`a``b`", {"a`b": 7}),
        ("RETURN $party.name", {"party": 7}),
        ("RETURN $ party", {"party": 7}),
        ("RETURN '$a', \"$b\", `$c` // $d\n/* $e */ LIMIT $f", {"f": 45}),
        ("RETURN $", {}),
        ("MATCH (n {id: $id}) RETURN {id: $return}", {"id": 14, "return": 32}),
    ],
)
def test_a_parameter_is_used_where_it_stands_first(cypher: str, used: dict[str, int]) -> None:
    assert parameters_used(cypher) == used


@pytest.mark.parametrize(
    ("cypher", "count"),
    [
        ("", 0),
        (" \n// nothing\n;", 0),
        (";;", 0),
        ("RETURN 1", 1),
        ("RETURN 1;", 1),
        ("RETURN 1;\n;\n// the end", 1),
        ("RETURN ';' AS `;` /* ; */ // ;", 1),
        ("RETURN 1; RETURN 2", 2),
        ("RETURN 1; RETURN 2; // RETURN 3;", 2),
    ],
)
def test_statements_are_counted_and_empty_ones_are_not(cypher: str, count: int) -> None:
    assert len(beginnings(cypher)) == count


@pytest.mark.parametrize(
    ("cypher", "piece", "index"),
    [
        ("MATCH (n {x: [1]}) RETURN n.`(`, '[' // {", "", -1),
        ("MATCH (n RETURN n", "(", 6),
        ("MATCH (n {x: 1) RETURN n", "{", 9),
        ("MATCH (n {x: [1, 2}) RETURN n", "[", 13),
        ("MATCH ((n RETURN (n)", "(", 6),
        ("MATCH (n)) RETURN n", ")", 9),
        ("MATCH (n x: 1}) RETURN n", "}", 13),
        ("RETURN 'it''s'', (", "'", 14),
        ("RETURN `n", "`", 7),
    ],
)
def test_the_bracket_or_quotation_mark_that_stands_alone_is_found(cypher: str, piece: str, index: int) -> None:
    found = unbalanced(cypher)
    assert (found is None) == (not piece)
    assert found is None or (found[0].startswith(f"this {piece} "), found[1]) == (True, index)


def test_many_brackets_are_read_once() -> None:
    began = time.monotonic()
    assert unbalanced("[" * 60_000 + "()" * 60_000) == ("this [ is never closed; add ] where it ends", 0)
    assert time.monotonic() - began < 5


# what is returned

COLUMNS: list[tuple[str, tuple[str, ...]]] = [
    ("RETURN 1 AS one, 2 AS two", ("one", "two")),
    ("return 1 as one", ("one",)),
    ("WITH {id: 1} AS n RETURN n.id, n . id, n['id']", ("n.id", "n . id", "n['id']")),
    ("RETURN DISTINCT 1 AS one, 2 AS two", ("one", "two")),
    ("RETURN 1 AS x UNION RETURN 2 AS x", ("x",)),
    ("RETURN 1 AS x, 2 AS y UNION ALL RETURN 2 AS x, 3 AS y", ("x", "y")),
    ("RETURN 1 AS x ORDER BY x DESC SKIP 0 LIMIT 3", ("x",)),
    ("RETURN 1 AS x LIMIT 3;", ("x",)),
    ("CALL () { RETURN 1 AS inner LIMIT 1 } RETURN inner AS outer, 2 AS two", ("outer", "two")),
    ("CALL () { CALL () { RETURN 1 AS a } RETURN a AS b } RETURN b", ("b",)),
    ("RETURN [1, 2] AS l, {a: 1, b: 2} AS m, coalesce(1, 2) AS c", ("l", "m", "c")),
    ("RETURN [1, 2], {a: 1, b: 2}, coalesce(1, 2)", ("[1, 2]", "{a: 1, b: 2}", "coalesce(1, 2)")),
    ("RETURN COLLECT { UNWIND [2, 1] AS x RETURN x ORDER BY x LIMIT 1 } AS least, 'a, b' AS t", ("least", "t")),
    ("RETURN 1 AS `two words`, 2 AS `a``b`, 3 AS `RETURN`", ("two words", "a`b", "RETURN")),
    ("WITH 1 AS `two words` RETURN `two words`", ("two words",)),
    ("WITH {`two words`: 1} AS n RETURN n.`two words`", ("n.`two words`",)),
    ("RETURN 1 AS one // , 2 AS two\n, 3 AS three /* , 4 AS four */", ("one", "three")),
    ("RETURN CASE WHEN true THEN 1 ELSE 2 END AS x, 'RETURN 1 AS y' AS z", ("x", "z")),
    ("RETURN 'text', 1.5, true", ("'text'", "1.5", "true")),
    ("WITH 1 AS x ORDER BY x LIMIT 1 RETURN x", ("x",)),
    ("WITH {x: 1, y: 2} AS n ORDER BY n.x RETURN n.x AS x, n.x + n.y ORDER BY x DESC, n.x + 1", ("x", "n.x + n.y")),
    ("WITH 1 AS by, 2 AS what RETURN by, what ORDER BY by", ("by", "what")),
    # words of clauses as names of properties, parameters, columns and keys
    ("WITH {limit: 1, skip: 2, return: 3, union: 4} AS n RETURN n.limit, n.skip AS s", ("n.limit", "s")),
    ("WITH {return: 1} AS n RETURN n.return AS r, 2 AS two", ("r", "two")),
    ("WITH {union: 1} AS n RETURN n.union AS u, 2 AS two", ("u", "two")),
    ("RETURN 1 AS skip, 2 AS limit, 3 AS offset, 4 AS x", ("skip", "limit", "offset", "x")),
    ("RETURN 1 AS return, 2 AS union, 3 AS x", ("return", "union", "x")),
    ("RETURN 1 AS order, 2 AS x ORDER BY order, x", ("order", "x")),
    ("RETURN $limit AS l, $return AS r, $x AS x", ("l", "r", "x")),
    ("RETURN {limit: 1, order: 2, return: 3} AS m, 4 AS x", ("m", "x")),
]


@pytest.mark.parametrize(("cypher", "columns"), COLUMNS)
def test_the_columns_are_those_of_the_last_return(cypher: str, columns: tuple[str, ...]) -> None:
    assert returned_columns(cypher) == columns


@pytest.mark.parametrize(("cypher", "columns"), COLUMNS)
def test_the_database_gives_the_columns_the_same_names(session_store: Store, cypher: str, columns: tuple[str, ...]) -> None:
    assert session_store.ask(cypher, {"limit": 1, "return": 2, "x": 3}).columns == columns


@pytest.mark.parametrize(
    "cypher", ["", "MATCH (n) DELETE n", "CALL () { RETURN 1 AS x }", "// RETURN 1 AS x", "MATCH (n:RETURN)"]
)
def test_what_returns_nothing_has_no_columns(cypher: str) -> None:
    assert returned_columns(cypher) == ()


# whether it only reads


@pytest.mark.parametrize(
    "cypher",
    [
        "MATCH (n) RETURN n",
        "MATCH (n) RETURN n.set, n . create, n.call",
        "MATCH (n:Set)-[r:MERGE]->(:Drop) RETURN n",
        "MATCH (n:A|Set)-[r:X|REMOVE]->(:A&Drop) RETURN n",
        "MATCH (n:!Set) RETURN n",
        "RETURN $create, $set + $load",
        "RETURN 1 AS delete, 2 AS start",
        "RETURN {merge: 1, start: date('2022-01-26')} AS m, duration({start: 1})",
        "MATCH (`set`)-->(`start`) RETURN `set`.x AS `create`",
        "MATCH (start)-[load]->(stop:Party) RETURN start, load.name, stop",
        "RETURN 'CREATE (n)', \"SET n.x = 1\", 'it\\'s DELETE'",
        "RETURN 1 // CREATE (n)\n/* SET n.x = 1 */",
        "CALL () { MATCH (n) RETURN n } RETURN n",
        "MATCH (n) CALL (n) { RETURN 1 AS x } RETURN x",
        "CALL db.labels() YIELD label RETURN label",
        "call DB . Labels() yield label return label",
        "CALL db.index.fulltext.queryNodes('names', 'x') YIELD node RETURN node",
        "MATCH (n) RETURN n.settings, n.created, reset(n)",
        "",
    ],
)
def test_what_only_reads_may_have_names_that_are_writing_words(cypher: str) -> None:
    assert not_reading(cypher) is None


@pytest.mark.parametrize(
    ("cypher", "found"),
    [
        ("CREATE (n)", ("CREATE", 0)),
        ("MATCH (n) SET n.x = 1", ("SET", 10)),
        ("match (n) set n.x = 1", ("SET", 10)),
        ("MATCH (n) SET n:Party", ("SET", 10)),
        ("MATCH (n) DETACH DELETE n", ("DETACH", 10)),
        ("MATCH (n) REMOVE n.x RETURN n", ("REMOVE", 10)),
        ("MERGE (n {id: 1}) RETURN n", ("MERGE", 0)),
        ("INSERT (n)", ("INSERT", 0)),
        ("FOREACH (x IN [1] | CREATE (n))", ("FOREACH", 0)),
        ("LOAD CSV FROM 'file:///etc/passwd' AS line RETURN line", ("LOAD CSV", 0)),
        ("CALL () { CREATE (n) RETURN n } RETURN n", ("CREATE", 10)),
        ("RETURN 1 UNION\nMATCH (n) DELETE n", ("DELETE", 25)),
        ("DROP INDEX names", ("DROP", 0)),
        ("ALTER USER neo4j SET PASSWORD 'x'", ("ALTER", 0)),
        ("TERMINATE TRANSACTIONS 'x'", ("TERMINATE TRANSACTIONS", 0)),
        ("STOP DATABASE neo4j", ("STOP DATABASE", 0)),
        ("WITH 1 AS as CREATE (n)", ("CREATE", 13)),
        ("/* it */ CREATE (n) // only reads", ("CREATE", 9)),
        ("RETURN 'x' SET n.x = 1", ("SET", 11)),
        ("RETURN n.x /* , */ SET n.x = 1", ("SET", 19)),
        ("RETURN 'not closed SET n.x = 1", ("SET", 19)),
        ("MATCH (n) RETURN [set IN n.x | set]", ("SET", 18)),
        ("CALL apoc.create.node(['X'], {})", ("CALL apoc.create.node", 0)),
        ("CALL `apoc`.`create`.node(['X'], {})", ("CALL apoc.create.node", 0)),
        ("CALL apoc /* . */ . create.node(['X'], {})", ("CALL apoc.create.node", 0)),
        ("MATCH (n) CALL custom(n) YIELD x RETURN x", ("CALL custom", 10)),
        ("CALL dbms.security.createUser('x')", ("CALL dbms.security.createUser", 0)),
        ("MATCH (n) \\u0053ET n.x = 1", ("a character that is written as \\u", 10)),
        ("RETURN 1 // one\rSET n.x = 1", ("SET", 16)),
    ],
)
def test_the_first_words_that_do_more_than_read_are_named_with_their_place(cypher: str, found: tuple[str, int]) -> None:
    assert not_reading(cypher) == found


@pytest.mark.parametrize("mark", ["'", '"'])
def test_a_string_that_is_never_closed_is_read_once(mark: str) -> None:
    began = time.monotonic()
    assert not_reading(f"RETURN {mark}" + f"\\{mark}" * 60_000) == ("a character that is written as \\u", 8)
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("hidden", ["'SET'", '"SET"', "'SET"])
def test_behind_a_backslash_outside_of_a_string_nothing_is_taken_for_reading(hidden: str) -> None:
    assert not_reading(f"RETURN 1 \\{hidden}") == ("a character that is written as \\u", 9)
