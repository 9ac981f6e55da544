"""Parameters: what each type takes, from a text and from Python, and how Neo4j's tools are told of the values."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from negograph.database.store import Store, open_store
from negograph.database.target import EmbeddedTarget
from negograph.errors import ParameterError
from negograph.recipes.recipe import TYPES, Argument, Parameter, Value, as_commands, as_cypher, as_given, labels_of, value_of

DAY = date(2022, 1, 26)


def parameter(kind: str, *choices: str, default: Value = None, required: bool = False) -> Parameter:
    return Parameter("it", kind, required, "what it is for", default, choices)


# values


@pytest.mark.parametrize(
    ("kind", "given", "value"),
    [
        ("date", "2022-01-26", DAY),
        ("date", " 2022-01-26 ", DAY),
        ("date", DAY, DAY),
        ("integer", "12", 12),
        ("integer", " -12 ", -12),
        ("integer", 12, 12),
        ("integer", 12.0, 12),
        ("integer", str(2**63 - 1), 2**63 - 1),
        ("integer", -(2**63), -(2**63)),
        ("number", "0.5", 0.5),
        ("number", "-1e3", -1000.0),
        ("number", "2", 2.0),
        ("number", 0.5, 0.5),
        ("number", 2, 2.0),
        ("text", "as it is, with 'quotes' ", "as it is, with 'quotes' "),
        ("text", "", ""),
        ("text", 5, "5"),
        ("text", DAY, "2022-01-26"),
        ("list", "own", ["own"]),
        ("list", "own, reported ,alleged", ["own", "reported", "alleged"]),
        ("list", "own,,reported,", ["own", "reported"]),
        ("list", "", []),
        ("list", ["with, a comma", " blanks "], ["with, a comma", "blanks"]),
        ("list", ("own", "reported"), ["own", "reported"]),
        ("list", 5, ["5"]),
        ("list", [], []),
    ],
)
def test_a_value_is_read_by_the_type_of_its_parameter(kind: str, given: Argument, value: Value) -> None:
    read = value_of(parameter(kind), given)
    assert (read, type(read)) == (value, type(value))


@pytest.mark.parametrize("kind", [*(kind for kind in TYPES if labels_of(kind)), "Vessel"])
def test_an_entity_is_taken_as_it_is_called(kind: str) -> None:
    assert value_of(parameter(kind), "the northern town") == "the northern town"


@pytest.mark.parametrize(
    ("kind", "given", "said"),
    [
        ("date", "26.1.2022", "it cannot be '26.1.2022'; write a day, such as 2022-01-26"),
        ("date", "2022-01", "it cannot be '2022-01'; write a day, such as 2022-01-26"),
        ("date", "2022-02-30", "it cannot be '2022-02-30'; write a day, such as 2022-01-26"),
        ("date", "", "it cannot be ''; write a day, such as 2022-01-26"),
        ("date", 2022, "it cannot be '2022'; write a day, such as 2022-01-26"),
        ("date", datetime(2022, 1, 26, 9), "it cannot be '2022-01-26 09:00:00'; write a day, such as 2022-01-26"),
        ("integer", "many", "it cannot be 'many'; write a whole number"),
        ("integer", "1.5", "it cannot be '1.5'; write a whole number"),
        ("integer", 1.5, "it cannot be '1.5'; write a whole number"),
        ("integer", float("inf"), "it cannot be 'inf'; write a whole number"),
        ("number", "0,5", "it cannot be '0,5'; write a number, such as 0.5"),
        ("number", "nan", "it cannot be 'nan'; write a number, such as 0.5"),
        ("number", "1e999", "it cannot be '1e999'; write a number, such as 0.5"),
        ("number", float("-inf"), "it cannot be '-inf'; write a number, such as 0.5"),
        ("number", DAY, "it cannot be '2022-01-26'; write a number, such as 0.5"),
        ("text", ["a", "b"], "it takes one text, not a list"),
        ("date", [DAY], "it takes one date, not a list"),
        ("party", ("northbank", "southbank"), "it takes one party, not a list"),
    ],
)
def test_a_value_of_another_type_is_refused_with_what_to_write(kind: str, given: Any, said: str) -> None:
    with pytest.raises(ParameterError, match=f"^{re.escape(said)}$"):
        value_of(parameter(kind), given)


@pytest.mark.parametrize("given", [2**63, -(2**63) - 1, str(2**63), 1e30, "9" * 5000])
def test_an_integer_that_the_database_cannot_hold_is_refused(given: Argument) -> None:
    with pytest.raises(ParameterError, match=r"^it cannot be"):
        value_of(parameter("integer"), given)


@pytest.mark.parametrize("kind", ["text", "list"])
def test_a_text_with_half_a_character_which_no_database_can_hold_is_refused(kind: str) -> None:
    with pytest.raises(ParameterError, match=r"^it cannot be"):
        value_of(parameter(kind), "a\ud800b")


def test_nothing_is_a_value_of_what_is_not_required() -> None:
    assert [value_of(parameter(kind), None) for kind in TYPES] == [None] * len(TYPES)
    with pytest.raises(ParameterError, match=r"^it cannot be nothing$"):
        value_of(parameter("party", required=True), None)


@given(st.sampled_from(["date", "integer", "number"]), st.text())
def test_any_text_is_a_value_of_its_type_or_refused(kind: str, text: str) -> None:
    value: Value = None
    with contextlib.suppress(ParameterError):
        value = value_of(parameter(kind), text)
    assert value is None or isinstance(value, {"date": date, "integer": int, "number": float}[kind])


@pytest.mark.parametrize(
    ("asked", "given", "value"),
    [
        (parameter("text", "issue", "item"), "item", "item"),
        (parameter("list", "own", "reported", "alleged"), "own, alleged", ["own", "alleged"]),
        (parameter("list", "own", "reported"), ["own"], ["own"]),
        (parameter("integer", "1", "2"), "2", 2),
        (parameter("integer", "1", "2"), 2, 2),
        (parameter("text", "issue", "item"), None, None),
    ],
)
def test_choices_are_words_that_it_takes(asked: Parameter, given: Argument, value: Value) -> None:
    assert value_of(asked, given) == value


@pytest.mark.parametrize(
    ("asked", "given", "said"),
    [
        (parameter("text", "issue", "item"), "party", "it cannot be 'party'; it takes issue, item"),
        (parameter("text", "issue", "item"), "isue", "it cannot be 'isue'; did you mean 'issue'?; it takes issue, item"),
        (parameter("list", "own", "reported"), "own,none", "it cannot be 'none'; it takes own, reported"),
        (parameter("integer", "1", "2"), "3", "it cannot be '3'; it takes 1, 2"),
        (parameter("text", "issue", "item"), "", "it cannot be ''; it takes issue, item"),
    ],
)
def test_another_word_than_the_choices_is_refused_with_all_of_them(asked: Parameter, given: Argument, said: str) -> None:
    with pytest.raises(ParameterError, match=f"^{re.escape(said)}$"):
        value_of(asked, given)


# in words


@pytest.mark.parametrize(
    ("described", "said"),
    [
        (parameter("party", required=True), "party, required"),
        (parameter("date"), "date, default null"),
        (parameter("date", default=DAY), "date, default 2022-01-26"),
        (parameter("integer", default=0), "integer, default 0"),
        (parameter("text", "issue", "item", default="issue"), "text, default issue; one of issue, item"),
        (parameter("list", "own", "reported", default=["own", "reported"]), "list, default own,reported; one of own, reported"),
        (parameter("text", "issue", "item", required=True), "text, required; one of issue, item"),
    ],
)
def test_a_parameter_says_its_type_its_default_and_its_choices(described: Parameter, said: str) -> None:
    assert described.described == said


words_of_lists = st.text(st.characters(exclude_characters=",", exclude_categories=["Cs", "Cc", "Z"]), min_size=1)
values_by_type = st.one_of(
    st.tuples(st.just("date"), st.dates()),
    st.tuples(st.just("integer"), st.integers(-(2**63), 2**63 - 1)),
    st.tuples(st.just("number"), st.floats(allow_nan=False, allow_infinity=False)),
    st.tuples(st.just("text"), st.text(st.characters(exclude_categories=["Cs"]))),
    st.tuples(st.just("list"), st.lists(words_of_lists)),
)


@given(values_by_type)
def test_what_a_value_is_written_as_is_read_as_that_value(typed: tuple[str, Value]) -> None:
    kind, value = typed
    assert value_of(parameter(kind), as_given(value)) == value


# for Neo4j's tools


@pytest.mark.parametrize(
    ("value", "literal"),
    [
        (None, "null"),
        (True, "true"),
        (-5, "-5"),
        (0.5, "0.5"),
        (DAY, "date('2022-01-26')"),
        ("Northbank", "'Northbank'"),
        ("Étoile 😀", "'Étoile 😀'"),
        ('Pilots\' "Guild"', "'Pilots\\' \"Guild\"'"),
        ("a\\b", "'a\\\\b'"),
        ("two\nlines\x00", "'two\\u000alines\\u0000'"),
        ("\U000e0001", "'\\udb40\\udc01'"),
        ([], "[]"),
        (["a", "it's"], "['a', 'it\\'s']"),
    ],
)
def test_a_value_as_a_literal_of_cypher(value: Value, literal: str) -> None:
    assert as_cypher(value) == literal


@pytest.mark.parametrize(
    ("values", "lines"),
    [
        ({}, []),
        ({"party": "northbank"}, [":param party => 'northbank';"]),
        (
            {"since": DAY, "until": None, "of": ["a", "b"]},
            [":param since => date('2022-01-26');", ":param until => null;", ":param of => ['a', 'b'];"],
        ),
        ({"two words": 1, "a`b": 2, "1": 3}, [":param `two words` => 1;", ":param `a``b` => 2;", ":param `1` => 3;"]),
    ],
)
def test_a_line_each_sets_the_parameters_in_browser_and_cypher_shell(values: dict[str, Value], lines: list[str]) -> None:
    assert as_commands(values).splitlines() == lines


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with open_store(EmbeddedTarget(tmp_path_factory.mktemp("engine")), lambda message: None) as store:
        yield store


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
texts_like_cypher = st.text(
    alphabet="'\"\\u0041nrt{}$`/*-;\n\r\t\x00\x1b\x7f\xa0\u200b\u2028\ufeff\uffffé😀\U000e0001 ", max_size=30
)
values = st.one_of(
    st.none(),
    texts,
    texts_like_cypher,
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    st.dates(),
    st.lists(st.one_of(texts, texts_like_cypher), max_size=4),
)


@settings(deadline=None, max_examples=300)
@given(values)
@example("\\")
@example("\\'")
@example("\\u0027")
@example("'}) DETACH DELETE n //")
@example(-0.0)
@example(5e-324)
@example(-(2**63))
@example(date.min)
@example(date.max)
def test_the_database_reads_a_literal_as_the_value_that_it_stands_for(engine: Store, value: Value) -> None:
    ((read,),) = engine.read(f"RETURN {as_cypher(value)} AS x", {}).rows
    assert (read, type(read)) == (value, type(value))


names = st.from_regex(r"\w+", fullmatch=True) | st.sampled_from(["two words", "a`b", "`", "1", "a-b"])


@settings(deadline=None, max_examples=200)
@given(st.dictionaries(names, values, min_size=1, max_size=4))
def test_each_line_names_its_parameter_as_the_database_reads_it(engine: Store, given: dict[str, Value]) -> None:
    lines = as_commands(given).split("\n")
    assert len(lines) == len(given)
    for line, (name, value) in zip(lines, given.items(), strict=True):
        literal = as_cypher(value)
        assert line.startswith(":param ")
        assert line.endswith(f" => {literal};")
        key = line.removeprefix(":param ").removesuffix(f" => {literal};")
        answer = engine.read(f"RETURN {literal} AS {key}", {})
        assert (answer.columns, answer.rows) == ((name,), ((value,),))
