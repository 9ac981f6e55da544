"""Reporting: problems as text with the line in question, as JSON, and as annotations on GitHub."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wcwidth import wcswidth

from negograph.problems.problem import Position, Problem
from negograph.render.problems import as_github, as_json, as_text, pieces

ERROR = Problem(Position("seeds/a.yaml", 2, 7), "unknown-id", "no entry has the id 'x'")
WARNING = Problem(Position("seeds/a.yaml", 1, 1), "duplicate-fact", "twice", Position("seeds/a.yaml", 2, 3))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "a.yaml").write_text("first\n  by: x\n", encoding="utf-8")
    return tmp_path


def test_text_shows_place_code_message_and_the_line_with_a_mark(folder: Path) -> None:
    assert as_text([ERROR], folder) == (
        f"{folder.as_posix()}/seeds/a.yaml:2:7: error[unknown-id]: no entry has the id 'x'\n  2 |   by: x\n    |       ^\n"
    )


def test_a_file_is_shown_as_it_is_reached_from_the_current_folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder.parent)
    assert as_text([ERROR], Path(folder.name)).startswith(f"{folder.name}/seeds/a.yaml:2:7: ")
    monkeypatch.chdir(folder)
    assert as_text([ERROR], Path()).startswith("seeds/a.yaml:2:7: ")


def test_of_two_places_both_are_shown(folder: Path) -> None:
    text = as_text([WARNING], folder)
    assert "1 | first\n    | ^^^^^\n" in text
    assert "seeds/a.yaml:2:3: the other place\n  2 |   by: x\n    |   ^^\n" in text


@pytest.mark.parametrize(
    ("line", "column", "excerpt"),
    [
        ("\tab", 2, "  1 | \tab\n    | \t^^\n"),  # a tab stays one, so that the mark stands right whatever its width
        ("名前: x", 5, "  1 | 名前: x\n    |       ^\n"),  # two wide characters, a colon and a blank: six columns
        ("e\u0301: x", 5, "  1 | e\u0301: x\n    |    ^\n"),  # a combining accent takes no column
        ("a\x1b[31mb", 7, "  1 | a<U+001B>[31mb\n    |              ^\n"),  # nothing in a file controls the terminal
        ("Fa\u200bres", 3, "  1 | Fa<U+200B>res\n    |   ^^^^^^^^\n"),
        # 100 columns less 6 for the number and 2 for the ellipses are 92: a third of the room before the place, the rest behind
        ("x" * 300, 200, "  1 | …" + "x" * 92 + "…\n    | " + " " * 31 + "^" * 62 + "\n"),
        ("x" * 300, 300, "  1 | …" + "x" * 92 + "\n    | " + " " * 92 + "^\n"),  # nothing behind it: all of them before
        ("short", 6, "  1 | short\n    |      ^\n"),  # just behind the end
    ],
)
def test_the_mark_stands_under_the_place(folder: Path, line: str, column: int, excerpt: str) -> None:
    (folder / "seeds" / "a.yaml").write_text(line + "\r\n", encoding="utf-8", newline="")
    assert as_text([Problem(Position("seeds/a.yaml", 1, column), "bad-id", "m")], folder).partition("\n")[2] == excerpt


@pytest.mark.parametrize(
    ("line", "column", "marked"),
    [
        ("  by: rusia", 3, "by"),
        ("  by: rusia  # as written", 7, "rusia"),
        ("  quote: we would, if asked, run", 10, "we would, if asked, run"),
        ("  - {id: a, name: Oil, gas and coal, kind: x}", 24, "gas and coal"),  # in braces, a comma ends a value
        ("  - {name: 'Oil, gas', kind: x}", 12, "'Oil, gas'"),
        ("  - {name: 'It''s', kind: x}", 12, "'It''s'"),
        ("     kind: state, name: x}", 12, "state"),  # the brace is in the line before
        ("name: Fares: who pays", 12, ":"),
        ("note: As in letter #2", 20, "#2"),
        ("to: [a, b", 5, "["),
        ("url: http://a.org/#b c: d", 6, "http://a.org/#b c"),
    ],
)
def test_the_whole_key_or_value_is_marked(folder: Path, line: str, column: int, marked: str) -> None:
    (folder / "seeds" / "a.yaml").write_text(line, encoding="utf-8")
    text = as_text([Problem(Position("seeds/a.yaml", 1, column), "bad-id", "m")], folder)
    assert text.splitlines()[-1] == "    | " + " " * (column - 1) + "^" * len(marked)
    assert line[column - 1 :].startswith(marked)


def test_of_a_recipe_a_word_is_marked(folder: Path) -> None:
    (folder / "a.cypher").write_text("MATCH (n) RETRUN n", encoding="utf-8")
    text = as_text([Problem(Position("a.cypher", 1, 11), "bad-id", "m")], folder)
    assert text.splitlines()[-1] == "    | " + " " * 10 + "^^^^^^"


@given(line=st.text(alphabet="ab :,'[#名\x1b\u0301", max_size=120), column=st.integers(1, 130), width=st.integers(40, 100))
def test_an_excerpt_fits_the_terminal(tmp_path_factory: pytest.TempPathFactory, line: str, column: int, width: int) -> None:
    folder = tmp_path_factory.mktemp("project")
    (folder / "a.yaml").write_text(line, encoding="utf-8")
    problem = Problem(Position("a.yaml", 1, min(column, len(line) + 1)), "bad-id", "m")
    excerpt = "".join(text for text, _ in pieces([problem], folder, width=width)).splitlines()[1:]
    assert len(excerpt) == 2
    assert all(0 <= wcswidth(shown) <= width for shown in excerpt)
    assert "^" in excerpt[1]


def test_pieces_say_what_can_be_coloured(folder: Path) -> None:
    roles = {text: role for text, role in pieces([WARNING], folder) if role}
    assert roles == {
        f"{folder.as_posix()}/seeds/a.yaml:1:1": "place",
        "warning[duplicate-fact]": "warning",
        "^^^^^": "warning",
        f"  {folder.as_posix()}/seeds/a.yaml:2:3": "place",
        "^^": "place",
    }


def test_a_place_whose_line_is_not_there_is_shown_without_it(folder: Path) -> None:
    problems = [Problem(Position("seeds", 1, 1), "missing-dataset", "m"), Problem(Position("seeds/a.yaml", 9, 1), "bad-id", "m")]
    assert len(as_text(problems, folder).splitlines()) == 2


def test_strict_makes_warnings_errors(folder: Path) -> None:
    assert ": warning[duplicate-fact]" in as_text([WARNING], folder)
    assert ": error[duplicate-fact]" in as_text([WARNING], folder, strict=True)
    assert json.loads(as_json([WARNING], folder, strict=True))[0]["severity"] == "error"
    assert as_github([WARNING], folder, strict=True).startswith("::error ")


def test_json_is_a_list_of_objects(folder: Path) -> None:
    file = f"{folder.as_posix()}/seeds/a.yaml"
    assert json.loads(as_json([ERROR, WARNING], folder)) == [
        {
            "file": file,
            "line": 2,
            "column": 7,
            "severity": "error",
            "code": "unknown-id",
            "message": "no entry has the id 'x'",
        },
        {
            "file": file,
            "line": 1,
            "column": 1,
            "severity": "warning",
            "code": "duplicate-fact",
            "message": "twice",
            "also": {"file": file, "line": 2, "column": 3},
        },
    ]


def test_github_gets_workflow_commands_in_which_nothing_ends_them_early() -> None:
    problem = Problem(Position("seeds/a,b:c.yaml", 3, 4), "bad-id", "100% wrong:\nmend it")
    assert as_github([problem], Path()) == (
        "::error file=seeds/a%2Cb%3Ac.yaml,line=3,col=4,title=negograph bad-id::100%25 wrong:%0Amend it\n"
    )
