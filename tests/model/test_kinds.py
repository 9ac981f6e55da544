"""The kinds of property: how each is decoded, and what it becomes in the graph."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from negograph.model.kinds import KINDS, Fields, Retraction, SourceFile, parse_date
from negograph.model.model import PropertyType
from negograph.parsing.reading import read_yaml
from negograph.parsing.yaml_tree import Mapping
from negograph.problems.problem import Problem


def decoded(kind: str, written: str) -> tuple[Any, list[tuple[int, str]]]:
    """What a property `p` of a kind is, and the column and code of each problem."""
    value, problems = read_yaml("any.yaml", f"p: {written}".encode())
    assert isinstance(value, Mapping)
    found: list[Problem] = [*problems]
    fields = Fields(value, ("p",), "Thing", found)
    return PropertyType("p", kind, "").decode(fields.values["p"], fields), [
        (problem.position.column, problem.code) for problem in found
    ]


@pytest.mark.parametrize(
    ("kind", "written", "value"),
    [
        ("text", "no", "no"),
        ("texts", "[a, b]", ("a", "b")),
        ("date", "2022-01", parse_date("2022-01")),
        ("flag", "true", True),
        ("integer", "-1", -1),
        ("number", "0.5", 0.5),
        ("quote", "one … two", "one … two"),
        ("source", "{file: a.txt, characters: 12}", SourceFile("a.txt", None, 12)),
        ("retraction", "{on: 2022-02, reason: wrong}", Retraction(date(2022, 2, 28), "wrong")),
    ],
)
def test_what_is_written_is_decoded(kind: str, written: str, value: object) -> None:
    assert decoded(kind, written) == (value, [])


@pytest.mark.parametrize(
    ("kind", "written", "column", "code"),
    [
        ("text", "[a]", 4, "wrong-type"),
        ("texts", "a", 4, "wrong-type"),
        ("texts", "[a, [b]]", 8, "wrong-type"),
        ("date", "yesterday", 4, "bad-date"),
        ("date", "2022-02/2022-01", 4, "backwards-interval"),
        ("flag", "yes", 4, "wrong-type"),
        ("integer", "0.5", 4, "wrong-type"),
        ("number", "half", 4, "wrong-type"),
        ("quote", "'…'", 4, "empty-value"),
        ("quote", "a b c d e f g h i j k l m", 4, "long-quote"),
        ("source", "a.txt", 4, "wrong-type"),
        ("source", "{file: a.txt, sha256: 12}", 26, "bad-value"),
        ("source", "{file: ../a.txt}", 11, "bad-value"),
        ("retraction", "{on: 2022}", 4, "missing-field"),
        ("retraction", "{on: then, reason: wrong}", 9, "bad-date"),
    ],
)
def test_a_mistake_is_told_at_its_place(kind: str, written: str, column: int, code: str) -> None:
    assert decoded(kind, written)[1] == [(column, code)]


@pytest.mark.parametrize(
    ("kind", "value", "stored"),
    [
        ("text", "a", {"p": "a"}),
        ("texts", ("a", "b"), {"p": ["a", "b"]}),
        ("date", parse_date("2022"), {"p": "2022", "p_from": date(2022, 1, 1), "p_to": date(2022, 12, 31)}),
        ("source", SourceFile("a.txt", None, 12), {"p_sha256": None, "p_characters": 12}),
        ("retraction", Retraction(date(2022, 2, 1), "wrong"), {"p_on": date(2022, 2, 1), "p_reason": "wrong"}),
    ],
)
def test_a_value_becomes_the_properties_that_its_kind_names(kind: str, value: Any, stored: dict[str, object]) -> None:
    property_type = PropertyType("p", kind, "")
    assert dict(property_type.stored(value)) == stored
    assert property_type.stored_names == list(stored)


@pytest.mark.parametrize(
    ("kind", "text", "value"), [("flag", "true", True), ("integer", "-1", -1), ("number", "0.5", 0.5), ("text", "no", "no")]
)
def test_a_word_is_decoded_without_guessing(kind: str, text: str, value: object) -> None:
    parse = KINDS[kind].parse
    assert parse is not None
    assert parse(text) == value


@pytest.mark.parametrize(
    ("kind", "text"),
    [("flag", "yes"), ("flag", "True"), ("integer", "012"), ("integer", "1e3"), ("number", "nan"), ("number", "1_0")],
)
def test_a_word_of_another_kind_is_refused(kind: str, text: str) -> None:
    parse = KINDS[kind].parse
    assert parse is not None
    with pytest.raises(ValueError, match="expected"):
        parse(text)
