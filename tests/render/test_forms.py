"""Rendering: one result as a table, CSV, JSON, Markdown, a spreadsheet and a DataFrame."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import date

import openpyxl
from hypothesis import example, given, settings
from hypothesis import strategies as st
from wcwidth import wcswidth

from negograph.database.results import Result, ResultNode, ResultPath, ResultRelationship
from negograph.render.forms import FORMATS, render, render_file, to_dataframe
from negograph.render.text import text_table
from tests.conftest import CHECKOUT

A = ResultNode(("Party",), {"id": "a", "name": "Ay"})
B = ResultNode(("Place",), {})
EDGE = ResultRelationship("MEMBER_OF", A, B, {})
OFFER = ResultRelationship("OFFERED", A, A, {"label": "offered, says B", "date": "2021"})
RESULT = Result(
    ("name", "according_to", "count"),
    (('A, "b" | c', None, 2), (["one", "two"], date(2022, 1, 26), None), (True, {"x": [date(2021, 1, 1)]}, 1.5)),
)


def test_a_table_names_its_columns_and_counts_its_rows() -> None:
    assert render(RESULT, "table", 80) == (
        "name        according to   count\n"
        "──────────  ─────────────  ─────\n"
        'A, "b" | c                 2\n'
        "one, two    2022-01-26\n"
        "yes         x: 2021-01-01  1.5\n"
        "(3 rows)\n"
    )


def test_csv_is_read_back_by_a_csv_reader() -> None:
    rows = list(csv.reader(io.StringIO(render(RESULT, "csv", 80))))
    assert rows == [
        ["name", "according_to", "count"],
        ['A, "b" | c', "", "2"],
        ["one, two", "2022-01-26", ""],
        ["yes", "x: 2021-01-01", "1.5"],
    ]


def test_json_is_a_list_of_row_objects() -> None:
    assert json.loads(render(RESULT, "json", 80)) == [
        {"name": 'A, "b" | c', "according_to": None, "count": 2},
        {"name": ["one", "two"], "according_to": "2022-01-26", "count": None},
        {"name": True, "according_to": {"x": ["2021-01-01"]}, "count": 1.5},
    ]


def test_json_has_no_numbers_that_json_has_not() -> None:
    assert json.loads(render(Result(("x",), ((float("nan"),), (float("-inf"),))), "json", 80)) == [{"x": None}, {"x": None}]


def test_markdown_keeps_a_pipe_inside_its_cell() -> None:
    assert render(RESULT, "md", 80).splitlines()[:3] == [
        "| name | according to | count |",
        "| --- | --- | --- |",
        '| A, "b" \\| c |  | 2 |',
    ]
    assert render(Result(("x",), (("two\nlines *here*",),)), "md", 80).splitlines()[2] == "| two<br>lines \\*here\\* |"


@settings(deadline=None)  # the first spreadsheet waits for openpyxl to be loaded
@given(st.text(max_size=20))
@example("a\uffffb\ufffe\x00\x1b\ud800")
@example("one\r\ntwo\rthree\n")
@example("=1+1")
def test_a_spreadsheet_can_be_opened_whatever_the_text(text: str) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(render_file(Result(("text",), ((text,),)), "xlsx", 80))).active
    assert sheet is not None
    kept = "".join(
        letter
        for letter in text
        if letter in "\t\n\r" or " " <= letter < "\ud800" or "\ue000" <= letter < "\ufffe" or letter > "\uffff"
    )
    assert (sheet["A2"].value or "") == kept.replace("\r\n", "\n").replace("\r", "\n")


def test_an_empty_answer_is_clean_in_every_format() -> None:
    empty = Result(("a", "b"), ())
    assert render(empty, "json", 80) == "[]\n"
    assert render(empty, "csv", 80) == "a,b\n"
    assert render(empty, "md", 80) == "| a | b |\n| --- | --- |\n"
    assert render(empty, "table", 80) == "a  b\n─  ─\n(0 rows)\n"


def test_nodes_relationships_and_paths_read_as_names() -> None:
    result = Result(("n", "r", "p"), ((A, OFFER, ResultPath((A, B), (EDGE,))), (B, EDGE, ResultPath((A,), ()))))
    assert render(result, "csv", 80).splitlines()[1:] == [
        'Ay,"Ay → offered, says B, 2021 → Ay",Ay → member of → Place',
        "Place,Ay → member of → Place,Ay",
    ]
    assert json.loads(render(result, "json", 80))[1]["r"] == {"type": "MEMBER_OF", "start": "a", "end": None, "properties": {}}
    assert json.loads(render(result, "json", 80))[0]["p"]["nodes"][0] == {
        "labels": ["Party"],
        "properties": {"id": "a", "name": "Ay"},
    }


def test_a_dataframe_keeps_values_and_gaps() -> None:
    frame = to_dataframe(RESULT)
    assert list(frame.columns) == ["name", "according_to", "count"]
    assert frame["count"].tolist() == [2, None, 1.5]
    assert frame["according_to"][1] == date(2022, 1, 26)


def test_a_wide_table_wraps_at_blanks_slashes_and_hyphens_first() -> None:
    rows = [["2022-01-26/2022-01-28", "nato-offers-arms-consultations", "Serious consultations on arms control"]]
    assert text_table(["date", "fact", "what"], rows, 50) == (
        "date         fact              what\n"
        "───────────  ────────────────  ───────────────────\n"
        "2022-01-26/  nato-offers-      Serious\n"
        "2022-01-28   arms-             consultations on\n"
        "             consultations     arms control\n"
    )


cells = st.text(alphabet="abc de/-_é漢字\u0301😀\n\t\x1b\x00", max_size=30)


@given(
    st.integers(1, 5).flatmap(lambda n: st.lists(st.lists(cells, min_size=n, max_size=n), min_size=1, max_size=4)),
    st.integers(20, 100),
)
@example(table=[["", "", "\x00", "", ""], ["", "_____", "", "___", "___"]], width=20)
def test_a_table_fits_its_width_and_loses_no_letter(table: list[list[str]], width: int) -> None:
    text = text_table(table[0], table[1:], width)
    assert all(0 <= wcswidth(line) <= width for line in text.splitlines())
    letters = sorted("".join(character for row in table for cell in row for character in cell if character in "abcde漢字😀"))
    assert sorted(character for character in text if character in "abcde漢字😀") == letters


def test_every_form_is_named_in_the_documentation() -> None:
    pages = "".join(page.read_text(encoding="utf-8") for page in [CHECKOUT / "README.md", *CHECKOUT.glob("docs/*.md")])
    assert [name for name in FORMATS if f"`{name}`" not in pages] == []


SAYS = Result(
    ("by", "attribution", "implied", "fact"),
    (("Northbank", "own", False, "f1"), ("Southbank", "own", True, "f2")),
)


def test_a_qualifier_that_is_the_same_in_all_rows_is_told_once() -> None:
    assert render(SAYS, "table") == (
        "by         implied  fact\n─────────  ───────  ────\nNorthbank  no       f1\nSouthbank  yes      f2\n"
        "(in all rows: attribution own)\n(2 rows)\n"
    )
    assert render(SAYS, "md") == (
        "| by | implied | fact |\n| --- | --- | --- |\n| Northbank | no | f1 |\n| Southbank | yes | f2 |\n"
        "\nin all rows: attribution own\n"
    )


def test_in_full_and_in_data_every_column_is_there() -> None:
    assert render(SAYS, "table", full=True).splitlines()[0].split() == ["by", "attribution", "implied", "fact"]
    assert render(SAYS, "csv").splitlines()[0] == "by,attribution,implied,fact"
    assert list(json.loads(render(SAYS, "json"))[0]) == ["by", "attribution", "implied", "fact"]


def test_one_row_shows_its_qualifiers() -> None:
    assert render(replace(SAYS, rows=SAYS.rows[:1]), "table").splitlines()[0].split() == ["by", "attribution", "implied", "fact"]
