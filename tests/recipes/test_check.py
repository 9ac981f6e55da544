"""Checking recipes: what each says of itself against what its Cypher does, and what the database says of that."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

import pytest

from negograph.database.cypher_text import Vocabulary
from negograph.database.store import Store, open_store
from negograph.database.target import EmbeddedTarget
from negograph.errors import StoreError
from negograph.project import shipped
from negograph.recipes.check import check_recipes
from negograph.recipes.files import read_recipes
from tests.conftest import recipes_in

Check: TypeAlias = Callable[..., list[str]]
CLEAN = (
    "// Towns\n"
    "// Every town, or one.\n"
    "// Parameter: party (party, default null): which one\n"
    "\n"
    "MATCH (p:Party)\n"
    "WHERE $party IS NULL OR p.id = $party\n"
    "RETURN p.name AS town, count(*) AS c\n"
    "ORDER BY town;\n"
)


def anything(cypher: str) -> None:
    """A database that understands everything."""


def complaining(*said: str) -> Callable[[str], None]:
    """A database that understands nothing, and says so."""

    def understands(cypher: str) -> None:
        raise StoreError("".join(said))

    return understands


@pytest.fixture
def check(tmp_path: Path) -> Check:
    """What is wrong with a recipe with this text, as LINE:COLUMN CODE: MESSAGE."""

    def check(text: str, understands: Callable[[str], None] = anything) -> list[str]:
        path = tmp_path / "queries" / "own.cypher"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        recipes, headers = read_recipes([path])
        assert headers == []
        problems = check_recipes(recipes.values(), understands)
        assert all(problem.position.file == "queries/own.cypher" for problem in problems)
        return [f"{p.position.line}:{p.position.column} {p.code}: {p.message}" for p in problems]

    return check


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with open_store(EmbeddedTarget(tmp_path_factory.mktemp("engine")), lambda message: None) as store:
        yield store


def test_a_recipe_in_order_has_no_problems(check: Check) -> None:
    assert check(CLEAN) == []


def test_a_name_that_one_recipe_requires_is_optional_in_none(check: Check, tmp_path: Path) -> None:
    check(CLEAN)
    own = recipes_in(tmp_path / "queries")["own"]
    between = recipes_in(shipped("queries"))["between"]
    for recipes in ([own, between], [between, own]):  # wherever they stand, the shipped recipe has its names
        (problem,) = check_recipes(recipes, anything)
        assert str(problem.position) == "queries/own.cypher:3:15"
        assert (problem.code, problem.message) == (
            "recipe-parameter",
            "$party is optional here, and required in between; give it another name, for Neo4j Browser keeps one value a name",
        )


def test_the_shipped_recipes_are_in_order(engine: Store) -> None:
    assert check_recipes(recipes_in(shipped("queries")).values(), engine.check) == ()


# one statement that returns something


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("", "1:1 recipe-cypher: there is no statement"),
        (";", "1:1 recipe-cypher: there is no statement"),
        ("RETURN 1 AS x;\nRETURN 2 AS x;", "4:1 recipe-cypher: a recipe is one statement; there are 2"),
        ("MATCH (n)", "3:10 recipe-cypher: it returns nothing; end it with RETURN, each column with a name"),
        ("CALL () { RETURN 1 AS x }; //", "3:26 recipe-cypher: it returns nothing; end it with RETURN, each column with a name"),
        ("MATCH (n)\nRETRUN n.x AS x;", "4:1 recipe-cypher: it returns nothing; did you mean RETURN by RETRUN?"),
        ("MATCH (n\nRETURN n.x AS x;", "3:7 recipe-cypher: this ( is never closed; add ) where it ends"),
        ("MATCH (n {x: 1)\nRETURN n.x AS x;", "3:10 recipe-cypher: this { is never closed; add } where it ends"),
        ("MATCH (n))\nRETURN n.x AS x;", "3:10 recipe-cypher: this ) closes nothing; take it out, or open it before"),
        ("RETURN 'x AS x;", "3:8 recipe-cypher: this ' is never closed; add another where the text or name ends"),
    ],
)
def test_a_recipe_is_one_statement_that_returns_something(check: Check, statement: str, problem: str) -> None:
    assert check(f"// T\n\n{statement}\n") == [problem]


# parameters


def test_a_parameter_that_is_used_is_declared(check: Check) -> None:
    text = (
        "// T\n// Parameter: day (date, required): which\n\n"
        "MATCH (n {id: $id})\nWHERE n.date = $day\nRETURN n.x AS x, $id AS y\nORDER BY x;"
    )
    assert check(text) == ["4:15 recipe-parameter: $id is not declared; add `// Parameter: id (text, required): ...`"]


@pytest.mark.parametrize("before", ["// ", "//", "//  "])
def test_a_parameter_that_is_declared_is_used(check: Check, before: str) -> None:
    text = (
        "// T\n// Takes $day, a day.\n// Parameter: days (integer, required): how many\n"
        f"{before}Parameter: day (date, required): which\n\nRETURN $days AS x, '$day' AS y; // $day"
    )
    assert check(text) == [f"4:{len(before) + 12} recipe-parameter: $day is declared and not used; use it or take it out"]


def test_each_parameter_is_told_once_at_its_first_place(check: Check) -> None:
    text = "// T\nRETURN $b AS x,\n       $a + $b + $a AS y;"
    assert [problem.partition(";")[0] for problem in check(text)] == [
        "2:8 recipe-parameter: $b is not declared",
        "3:8 recipe-parameter: $a is not declared",
    ]


# reading


@pytest.mark.parametrize(
    ("statement", "place", "words"),
    [
        ("MATCH (n)\n  SET n.x = 1\nRETURN 1 AS x;", "4:3", "SET"),
        ("MATCH (n)\nDETACH DELETE n\nRETURN 1 AS x;", "4:1", "DETACH"),
        ("CALL apoc.create.node(['X'], {}) YIELD node\nRETURN 1 AS x;", "3:1", "CALL apoc.create.node"),
        ("LOAD CSV FROM 'file:///x' AS line\nRETURN line[0] AS x ORDER BY line;", "3:1", "LOAD CSV"),
    ],
)
def test_a_recipe_only_reads(check: Check, statement: str, place: str, words: str) -> None:
    assert check(f"// T\n\n{statement}") == [
        f"{place} recipe-writes: {words} does more than read; a name that is such a word is written in backticks"
    ]


# the database


@pytest.mark.parametrize(
    ("said", "place"),
    [
        # in the words of Neo4j, which counts lines and columns from 1
        ("Invalid input 'RETUR': expected 'FOREACH', 'RETURN' or <EOF> (line 5, column 3 (offset: 61))", "5:3"),
        ("Variable `q` not defined (line 7, column 8 (offset: 140))", "7:8"),
        ("Type mismatch: expected a map, a node or a relationship but was Integer (line 6, column 10 (offset: 99))", "6:10"),
        # in the words of the embedded engine, which counts columns from 0
        ("Syntax error at line 5:2 - mismatched input 'RETUR', expected: an expression", "5:3"),
        ("Unexpected input 'RETUR' at line 5, column 0", "5:1"),
        # without a place
        ("UndefinedVariable: Variable 'p' not defined", "7:8"),
        ("UnknownFunction: Unknown function 'count'", "7:24"),
        ("UndefinedVariable: Variable 'q' not defined", "1:1"),
    ],
)
def test_what_the_database_does_not_understand_is_a_problem_where_it_says_so(check: Check, said: str, place: str) -> None:
    assert check(CLEAN, complaining("the database says: ", said)) == [f"{place} recipe-cypher: the database says: {said}"]


@pytest.mark.parametrize(
    "text", ["// T\nRETURN 1 AS x; RETURN 2 AS x;", "// T\nMATCH (n) SET n.x = 1 RETURN 1 AS x;", "// T\nMATCH (n);"]
)
def test_the_database_is_not_asked_about_what_is_no_statement_that_reads(check: Check, text: str) -> None:
    (problem,) = check(text, complaining("it was asked"))
    assert "it was asked" not in problem


def test_the_database_is_asked_about_the_whole_file(check: Check) -> None:
    asked: list[str] = []
    assert check(CLEAN, asked.append) == []
    assert asked == [CLEAN]


@pytest.mark.parametrize(
    ("wrong", "place"),
    [
        ("MATCH (p:Party)\nRETURN p.name ==== 1 AS x\nORDER BY x;", "4:16"),
        ("MATCH (p:Party)\nRETURN q.name AS x\nORDER BY x;", "4:8"),
        ("RETURN nonsense(1) AS x\nORDER BY x;", "3:8"),
        ("MTACH (p:Party)\nRETURN p.name AS x\nORDER BY x;", "3:1"),
    ],
)
def test_what_the_embedded_engine_does_not_understand_is_a_problem_at_its_place(
    check: Check, engine: Store, wrong: str, place: str
) -> None:
    problems = [problem for problem in check(f"// T\n\n{wrong}", engine.check) if "the database says" in problem]
    assert [problem.partition(" recipe-cypher: the database says: ")[0] for problem in problems] == [place]


def test_an_engine_that_goes_away_is_a_problem_too_and_no_traceback(check: Check) -> None:
    assert check(CLEAN, complaining("cannot reach the embedded engine: is it up?")) == [
        "1:1 recipe-cypher: cannot reach the embedded engine: is it up?"
    ]


def test_all_problems_of_all_recipes_are_told_by_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "queries").mkdir()
    (tmp_path / "queries" / "b.cypher").write_text("// T\n// Result: graph\n\nMATCH (n)\nRETURN n.x AS x, $y AS y;", "utf-8")
    (tmp_path / "queries" / "a.cypher").write_text("// T\n\nMATCH (n)\nDELETE n;", "utf-8")
    problems = check_recipes(recipes_in(tmp_path / "queries").values(), anything)
    assert [str(problem).partition("]")[0] for problem in problems] == [
        "queries/a.cypher:4:1: error[recipe-writes",
        "queries/a.cypher:4:9: error[recipe-cypher",
        "queries/b.cypher:5:18: error[recipe-parameter",
    ]


def test_a_kind_of_node_of_the_project_s_own_is_a_type_of_parameters(tmp_path: Path) -> None:
    path = tmp_path / "own.cypher"
    path.write_text(CLEAN.replace("party (party,", "party (Vessel,"), encoding="utf-8")
    recipes, headers = read_recipes([path])
    known = Vocabulary(frozenset({"Party", "Vessel"}), frozenset())
    assert headers == []
    assert check_recipes(recipes.values(), anything, known) == ()
    (problem,) = check_recipes(recipes.values(), anything, Vocabulary(frozenset({"Party", "Vessels"}), frozenset()))
    assert (problem.position.line, problem.position.column, problem.code) == (3, 22, "recipe-name")
    assert problem.message == "the parameter's type Vessel is no kind of node; did you mean 'Vessels'?"
