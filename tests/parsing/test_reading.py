"""Reading: every value as it stands in the file, with its place; every mistake of form as a problem."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from negograph.parsing.reading import read_yaml
from negograph.parsing.yaml_tree import Mapping, Scalar, Sequence
from negograph.problems.problem import Position


def read(content: str | bytes) -> tuple[list[Mapping], list[str]]:
    """The mappings in the lists under the keys of a file, and the problems."""
    value, problems = read_yaml("seeds.yaml", content if isinstance(content, bytes) else content.encode())
    lists = [found for _, found in value.items if isinstance(found, Sequence)] if isinstance(value, Mapping) else []
    mappings = [item for found in lists for item in found.items if isinstance(item, Mapping)]
    return mappings, [f"{problem.position}: {problem.code}" for problem in problems]


@pytest.mark.parametrize("word", ["no", "NO", "on", "1e3", "012", "0x10", "2022-01-26", "12:30", "1_000", ".inf", "=", "<<"])
def test_yaml_guesses_nothing(word: str) -> None:
    entries, _ = read(f"parties: [{{id: {word}}}]")
    value = entries[0].get("id")
    assert isinstance(value, Scalar)
    assert value.text == word


def test_an_anchor_repeats_a_value() -> None:
    entries, problems = read("facts:\n  - {id: one, to: &both [a, b]}\n  - {id: two, to: *both}\n")
    assert problems == []
    assert entries[0].get("to") == entries[1].get("to")


@pytest.mark.parametrize(
    ("content", "problems"),
    [
        ("parties: [", ["seeds.yaml:1:10: yaml-syntax"]),
        ("parties:\n  - {id: a, to: [b]}\nfacts: [\n", ["seeds.yaml:3:8: yaml-syntax"]),
        ("facts:\n  - {id: a,\n     by: b\n\n", ["seeds.yaml:2:5: yaml-syntax"]),
        ("parties:\n\t- id: a\n", ["seeds.yaml:2:1: tab"]),
        ("parties:\n  - {id: a}\n  - {id: b}}\n", ["seeds.yaml:3:12: yaml-syntax"]),
        ("a: {id: *nothing}\n", ["seeds.yaml:1:9: yaml-syntax"]),
        ("a: {id: b}\n---\nc: {id: d}\n", ["seeds.yaml:2:1: yaml-syntax"]),
        (b"a:\n  - id: \xe9\n", ["seeds.yaml:2:9: not-utf-8"]),
        ('a:\n  - {id: ää, name: "äöü\x01"}\n', ["seeds.yaml:2:24: yaml-syntax"]),
        ("parties:\n  - id: a\n    id: b\n", ["seeds.yaml:3:5: duplicate-key"]),
        (
            "parties:\n  - id: a\n    name: A\n    id: a\n    name: A\n",
            ["seeds.yaml:4:5: duplicate-key", "seeds.yaml:5:5: duplicate-key"],
        ),
        ("? [a, b]\n: c\n", ["seeds.yaml:1:3: wrong-type"]),
        ("[" * 200 + "]" * 200, ["seeds.yaml:1:101: too-deep"]),
        ("a:\n  - id: b\n<<<<<<< HEAD\n    c: d\n=======\n    c: e\n>>>>>>> x\n", ["seeds.yaml:3:1: yaml-syntax"]),
        ("# top\n  - {id: a}\n  - {id: b}\n\nfacts:\n  - id: c\n", ["seeds.yaml:2:3: yaml-syntax"]),
        ("# top\n- {id: a}\nfacts:\n  - id: c\n", ["seeds.yaml:2:1: yaml-syntax"]),
        ("  - {id: a}}\nfacts:\n  - id: c\n", ["seeds.yaml:1:12: yaml-syntax"]),
        ("a:\n  - {id: ä}\n".encode("utf-16-le"), ["seeds.yaml:1:1: not-utf-8"]),
        ("a:\n  - {id: ä}\n".encode("utf-16-be"), ["seeds.yaml:1:1: not-utf-8"]),
        ("a:\n  - id: b\n    c: 2021-05 #-02\n", ["seeds.yaml:3:16: swallowed-comment"]),
        ("a:\n  - id: b\n\t# c\n\td: e\n", ["seeds.yaml:4:1: tab"]),
    ],
)
def test_each_mistake_of_form_is_one_problem_at_its_place(content: str | bytes, problems: list[str]) -> None:
    assert read(content)[1] == problems


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("a: [{id: b, note: !important note}]", "put the whole value in double quotes"),
        ("a: [{id: b, note: !!str note}]", "take it out"),
        ("a:\n  - id: b\n    note: ? x\n", "a value cannot begin with `? `; put the whole value in double quotes"),
        ("a:\n<<<<<<< HEAD\n  - id: b\n", "the mark of a merge conflict; choose one side"),
        ("  - {id: a}\nfacts:\n  - id: c\n", "a section such as `parties:` is missing above this list"),
        ("a: {b: c, d:, e: f}\n", "a value is missing here; write a blank and the value after the colon"),
        (
            "a:\n  - b: see\n      http://x\n      c: d\n",
            "indented differently from the keys above it",
        ),  # no blank is missing here
        ("a:\n  - b: 'one\n      two' three\n", "text after a closing quotation mark"),  # two lines, and no key among them
        ("a: b".encode("utf-16-le"), "encoded as UTF-16; save it as UTF-8"),
    ],
)
def test_the_message_says_the_mend(content: str | bytes, said: str) -> None:
    _, (problem,) = read_yaml("seeds.yaml", content if isinstance(content, bytes) else content.encode())
    assert said in problem.message


@pytest.mark.parametrize("line", ["\t", "    \t", "\t\r", "\t# a comment", "  \t # a comment"])
def test_a_tab_that_indents_nothing_is_harmless(line: str) -> None:
    entries, problems = read(f"{line}\nparties:\n{line}\n  - id: a\n{line}\n    name: b\n{line}\n")
    assert problems == []
    assert [key.text for key, _ in entries[0].items] == ["id", "name"]


def test_a_byte_order_mark_is_no_mistake() -> None:
    entries, problems = read(b"\xef\xbb\xbfparties: [{id: a}]")
    assert problems == []
    assert [key.text for key, _ in entries[0].items] == ["id"]


def test_aliases_that_blow_up_are_stopped() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 10)}]" for level in range(1, 12)]
    assert [problem.partition(": ")[2] for problem in read("\n".join(lines))[1]] == ["too-large"]


@pytest.mark.parametrize("escape", [r"\a", r"\e", r"\0", r"\b", r"\v", r"\f", r"\r", r"\x7f", r"\N", r"\L", r"\P", r"\uFFFE"])
@pytest.mark.parametrize("place", ["value", "key", "list"])
def test_a_character_that_nobody_sees_is_found_also_where_it_is_written_as_an_escape(escape: str, place: str) -> None:
    text = {"value": '- id: "{}"', "key": '- "i{}d": a', "list": '- id: [a, "b{}"]'}[place].replace("{}", escape)
    _, problems = read(f"a:\n  {text}\n")
    assert problems == [f"seeds.yaml:2:{text.index(chr(34)) + 3}: invisible-character"]


def test_white_space_of_a_text_of_several_lines_is_none_of_them() -> None:
    assert read('a:\n  - id: |\n      one\n      two\n    b: "one\\ttwo\\nthree"\n')[1] == []


@pytest.mark.parametrize("separator", ["\x85", "\u2028", "\u2029"])
@pytest.mark.parametrize("line", ["# a comment{}b", "  - name: one{}two", "  - name: 'one{}two'", "{}"])
def test_what_ends_a_line_for_yaml_and_for_no_editor_is_found_and_shifts_no_line(separator: str, line: str) -> None:
    content = f"a:\n{line.replace('{}', separator)}\n  - id: x\n    id: x\n"
    entries, problems = read(content)
    assert problems == [f"seeds.yaml:2:{line.index('{') + 1}: invisible-character", "seeds.yaml:4:5: duplicate-key"]
    assert [str(entry.position) for entry in entries][-1] == "seeds.yaml:3:5"


def test_what_a_comment_hides_from_an_editor_is_no_entry() -> None:
    entries, _ = read("a:\n  - id: x\n# nothing\u2028  - id: hidden\n")
    assert [str(entry.position) for entry in entries] == ["seeds.yaml:2:5"]


@given(st.binary())
def test_any_bytes_give_a_value_or_problems(content: bytes) -> None:
    value, problems = read_yaml("any.yaml", content)
    assert value is None or isinstance(value, (Scalar, Sequence, Mapping))
    assert all(problem.position.line >= 1 and problem.position.column >= 1 for problem in problems)


def test_of_many_characters_that_end_a_line_only_the_first_of_each_line_is_told() -> None:
    began = time.monotonic()
    assert read("a: # " + "\u2028" * 150_000 + "\r\n# b" + "\u2029" * 150_000)[1] == [
        "seeds.yaml:1:6: invisible-character",
        "seeds.yaml:2:4: invisible-character",
    ]
    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    ("value", "told_at"),
    [("id\u200b", "\u200b"), ('"id\\u200b"', '"id'), ("!t x", "!t")],  # an escape is told at the beginning of its value
)
@pytest.mark.parametrize("between", ["\n", " "])
def test_many_mistakes_in_values_are_each_told_with_their_place(value: str, told_at: str, between: str) -> None:
    content = "a: [" + f"{between}{value},{between}" * 20_000 + "]"
    began = time.monotonic()
    problems = read_yaml("seeds.yaml", content.encode())[1]
    assert time.monotonic() - began < 5
    assert len(problems) == 20_000
    before = content[: content.rindex(told_at)]
    assert problems[-1].position == Position("seeds.yaml", before.count("\n") + 1, len(before) - before.rfind("\n"))


yaml_like = st.text(alphabet="ab:-[]{}&*?|>'\"#!%@,\n\t <~\ufeff\x00\x85\u2028é😀", max_size=60)


@given(yaml_like)
def test_any_text_that_looks_like_yaml_gives_a_value_or_problems(text: str) -> None:
    value, problems = read_yaml("like.yaml", text.encode())
    assert value is None or isinstance(value, (Scalar, Sequence, Mapping))
    assert all(problem.message for problem in problems)
