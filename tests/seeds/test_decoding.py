"""The entries of a seed file as records with their places, and what is no entry as a problem."""

from __future__ import annotations

import pytest

from negograph.model.model import Model
from negograph.seeds.decoding import read_content
from negograph.seeds.entries import FileEntries


def read(content: str, model: Model) -> tuple[FileEntries, list[str]]:
    held = read_content("seeds.yaml", content.encode(), model)
    return held, [f"{problem.position}: {problem.code}" for problem in held.problems]


def test_entries_and_values_have_their_places(model: Model) -> None:
    held, problems = read("parties:\n  - id: nato\n    name: N\n    kind: state\n    aliases: [one, 'two']\n", model)
    assert problems == []
    (entry,) = held.entries
    assert (entry.label, entry.id, str(entry.position)) == ("Party", "nato", "seeds.yaml:2:5")
    assert {key: str(entry.place(key)) for key in entry.places} == {
        "id": "seeds.yaml:2:9",
        "name": "seeds.yaml:3:11",
        "aliases.0": "seeds.yaml:5:15",
        "aliases.1": "seeds.yaml:5:20",
    }


@pytest.mark.parametrize(
    ("content", "problems"),
    [
        ("- id: a\n", ["seeds.yaml:1:1: not-a-mapping"]),
        ("just words\n", ["seeds.yaml:1:1: not-a-mapping"]),
        ("parties: [a, b]\n", ["seeds.yaml:1:11: wrong-type", "seeds.yaml:1:14: wrong-type"]),
        ("dataset:\n", ["seeds.yaml:1:1: empty-value"]),
        ("dataset: [a]\n", ["seeds.yaml:1:10: wrong-type"]),
    ],
)
def test_what_is_no_entry_is_a_problem_at_its_place(model: Model, content: str, problems: list[str]) -> None:
    assert read(content, model)[1] == problems


def test_of_a_file_in_utf_16_the_ids_can_still_be_seen(model: Model) -> None:
    assert read_content("seeds.yaml", "a: [{id: nato}]".encode("utf-16-le"), model).hidden == ("nato",)


def test_entries_whose_dash_is_missing_are_read_and_one_problem_each(model: Model) -> None:
    written = (
        "issues:\n  - id: a\n    name: A\n    id: b\n    name: B\n    id: c\n    name: C\n    name: D\n  - id: d\n    name: E\n"
    )
    held, problems = read(written, model)
    assert [(entry.id, str(entry.position)) for entry in held.entries] == [
        ("a", "seeds.yaml:2:5"),
        ("b", "seeds.yaml:4:5"),
        ("c", "seeds.yaml:6:5"),
        ("d", "seeds.yaml:9:5"),
    ]
    assert sorted(problems) == [f"seeds.yaml:{line}:5: duplicate-key" for line in (4, 6, 8)]


def test_a_section_without_entries_and_an_empty_file_are_no_mistakes(model: Model) -> None:
    for content in ("parties:\n", "", "# nothing yet\n"):
        held, problems = read(content, model)
        assert (held.entries, problems) == ((), [])
