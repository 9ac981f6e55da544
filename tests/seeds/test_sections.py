"""Sections: the entries of a seed file as they stand in it, and what is no entry as a problem."""

from __future__ import annotations

import pytest

from negograph.parsing.yaml_tree import Scalar, Sequence
from negograph.seeds.sections import Entry, read_entries


def read(content: str) -> tuple[list[Entry], list[str]]:
    reading = read_entries("seeds.yaml", content.encode())
    return list(reading.entries), [f"{problem.position}: {problem.code}" for problem in reading.problems]


def test_keys_and_values_have_their_places() -> None:
    entries, problems = read("parties:\n  - id: nato\n    aliases: [one, 'two']\n")
    assert problems == []
    (entry,) = entries
    assert (entry.section.text, str(entry.section.position)) == ("parties", "seeds.yaml:1:1")
    key, value = entry.fields.items[1]
    assert str(key.position) == "seeds.yaml:3:5"
    assert isinstance(value, Sequence)
    assert [str(item.position) for item in value.items] == ["seeds.yaml:3:15", "seeds.yaml:3:20"]


@pytest.mark.parametrize(
    ("content", "problems"),
    [
        ("- id: a\n", ["seeds.yaml:1:1: not-a-mapping"]),
        ("just words\n", ["seeds.yaml:1:1: not-a-mapping"]),
        ("parties: [a, b]\n", ["seeds.yaml:1:11: wrong-type", "seeds.yaml:1:14: wrong-type"]),
    ],
)
def test_what_is_no_entry_is_a_problem_at_its_place(content: str, problems: list[str]) -> None:
    assert read(content)[1] == problems


def test_of_a_file_in_utf_16_the_ids_can_still_be_seen() -> None:
    assert "id: nato" in read_entries("seeds.yaml", "a: [{id: nato}]".encode("utf-16-le")).unread


def test_entries_whose_dash_is_missing_are_read_and_one_problem_each() -> None:
    written = "parties:\n  - id: a\n    name: A\n    id: b\n    name: B\n    id: c\n    name: C\n    name: D\n  - id: d\n"
    entries, problems = read(written)
    assert [
        (value.text, str(entry.fields.position)) for entry in entries if isinstance(value := entry.fields.get("id"), Scalar)
    ] == [
        ("a", "seeds.yaml:2:5"),
        ("b", "seeds.yaml:4:5"),
        ("c", "seeds.yaml:6:5"),
        ("d", "seeds.yaml:9:5"),
    ]
    assert sorted(problems) == [f"seeds.yaml:{line}:5: duplicate-key" for line in (4, 6, 8)]


def test_a_section_without_entries_and_an_empty_file_are_no_mistakes() -> None:
    assert read("parties:\n") == ([], [])
    assert read("") == ([], [])
    assert read("# nothing yet\n") == ([], [])
