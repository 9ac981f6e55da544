"""queries, query and cypher as users and scripts run them, on the embedded engine."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import networkx
import openpyxl
import pytest

from negograph.database.embedded.engine import take_down
from negograph.model.model import Model
from tests.cli.test_cli import negograph, negograph_process
from tests.conftest import FERRY

DEMANDS = [
    ("River League", "Lights on the quay", "league-proposes-pact"),
    ("Northbank", "Earlier first ferry", "northbank-demands-early"),
    ("Southbank", "Lower tolls", "southbank-demands-tolls"),
    ("Middle Isle", "Quiet nights", "isle-demands-quiet"),
    ("Southbank", "Refund of tolls", "southbank-demands-refund"),
    ("Northbank", "Halt to the tolls", "northbank-denies-halt"),
]


@pytest.fixture(scope="module")
def ferry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The fictional project, loaded; its embedded engine stays until the end of the tests."""
    folder = tmp_path_factory.mktemp("asking") / "ferry"
    shutil.copytree(FERRY, folder, ignore=shutil.ignore_patterns("answers"))
    assert negograph("up", cwd=folder).returncode == 0
    assert negograph("load", cwd=folder).returncode == 0
    yield folder
    take_down(folder / ".negograph")


class TestQueries:
    def test_it_lists_all_by_group_in_the_order_of_the_record_first(self, ferry: Path) -> None:
        names = [recipe["group"] for recipe in json.loads(negograph("queries", "--format", "json", cwd=ferry).stdout)]
        assert list(dict.fromkeys(names)) == ["the record", "positions", "relations", "the curation itself"]

    def test_it_finds_recipes_by_words_of_what_they_say(self, ferry: Path) -> None:
        found = json.loads(negograph("queries", "--search", "Network DISAGREE", "--format", "json", cwd=ferry).stdout)
        assert [recipe["name"] for recipe in found] == ["network"]
        done = negograph("queries", "--search", "nothing like it", cwd=ferry)
        assert (done.returncode, done.stdout) == (0, "")
        assert "no recipe has 'nothing like it'" in done.stderr

    def test_it_explains_one_with_its_parameters_its_source_and_its_cypher(self, ferry: Path) -> None:
        said = negograph("queries", "network", cwd=ferry).stdout
        assert said.startswith("Network of agreement or disagreement (relations)\n")
        assert "  concept (text, default issue; one of issue, item): what is spoken to" in said
        assert "  since (date, default null): " in said
        assert "Source: Philip Leifeld, Discourse Network Analysis" in said
        assert "Run it: negograph query network\n" in said
        assert "\nMATCH (f:Fact)-[by:BY|ACCORDING_TO]->(who)" in said
        assert said.rstrip().endswith(";")
        done = negograph("queries", "netwrok", cwd=ferry)
        assert (done.returncode, "did you mean 'network'" in done.stderr) == (2, True)

    def test_it_checks_all_recipes_the_projects_own_too(self, ferry: Path) -> None:
        assert negograph("queries", "--check", cwd=ferry).stdout == "28 recipes, nothing wrong\n"
        own = ferry / "queries" / "own.cypher"
        own.parent.mkdir()
        own.write_text(BAD_RECIPE, encoding="utf-8")
        done = negograph("queries", "--check", cwd=ferry)
        shutil.rmtree(own.parent)
        assert (done.returncode, done.stdout) == (1, "")
        lines = [line for line in done.stderr.splitlines() if ": error[" in line]
        assert [line.partition("]")[0] + "]" for line in lines] == [
            "queries/own.cypher:3:15: error[recipe-parameter]",
            "queries/own.cypher:5:21: error[recipe-parameter]",
        ]
        assert "  5 | MATCH (p:Party {id: $partie})<-[:BY]-(f)\n" in done.stderr


BAD_RECIPE = """\
// What is wrong with it
// Result: graph
// Parameter: party (party, required): which

MATCH (p:Party {id: $partie})<-[:BY]-(f)
RETURN p.name AS name, count(*) AS number
ORDER BY number;
"""


class TestAnswers:
    def test_a_file_is_of_the_format_that_its_name_tells(self, ferry: Path, tmp_path: Path) -> None:
        done = negograph("query", "demands", "--output", tmp_path / "demands.csv", cwd=ferry)
        assert (done.returncode, done.stdout) == (0, "")
        assert f"6 rows in {tmp_path / 'demands.csv'}" in done.stderr
        rows = list(csv.DictReader(io.StringIO((tmp_path / "demands.csv").read_text(encoding="utf-8"))))
        assert [(row["by"], row["demand"], row["fact"]) for row in rows] == DEMANDS

    def test_a_spreadsheet_has_texts_numbers_and_days_as_such(self, ferry: Path, tmp_path: Path) -> None:
        statement = "RETURN '=1+1' AS text, 2 AS number, date('2021-03-01') AS day, ['a', 'b'] AS list, null AS nothing"
        assert negograph("cypher", statement, "--output", tmp_path / "x.xlsx", cwd=ferry).returncode == 0
        sheet = openpyxl.load_workbook(tmp_path / "x.xlsx").active
        assert sheet is not None
        head, row = sheet.iter_rows(values_only=True)
        assert head == ("text", "number", "day", "list", "nothing")
        assert row[:2] == ("=1+1", 2)
        assert sheet["A2"].data_type == "s"
        assert str(row[2]).startswith(date(2021, 3, 1).isoformat())
        assert row[3:] == ("a, b", None)

    def test_a_network_is_a_picture_in_the_colours_of_the_model(self, ferry: Path, tmp_path: Path, model: Model) -> None:
        done = negograph("query", "map", "--output", tmp_path / "map.svg", cwd=ferry)
        assert (done.returncode, "map.svg" in done.stderr) == (0, True)
        picture = (tmp_path / "map.svg").read_text(encoding="utf-8")
        boxes = re.findall(r'<g class="node (\w+)".*?<rect[^>]*fill="(#\w+)"', picture)
        assert dict(boxes) == {label: model.nodes[label].colour for label in ("Party", "Proposal", "Demand", "Document", "Issue")}
        refused = negograph("query", "timeline", "--format", "svg", cwd=ferry)
        assert (refused.returncode, "there is no network in this answer" in refused.stderr) == (1, True)

    def test_a_network_opens_in_networkx(self, ferry: Path, tmp_path: Path) -> None:
        assert negograph("query", "network", "--output", tmp_path / "c.graphml", cwd=ferry).returncode == 0
        network = networkx.read_graphml(tmp_path / "c.graphml")
        assert not network.is_directed()
        assert network.number_of_edges() == 11
        edge = network.edges["Northbank", "Étoile Ferries"]
        assert (edge["weight"], edge["concepts"]) == (4, "Night service; The ferry's timetable")
        neighbours = ["query", "neighbourhood", "-p", "party=the league", "--format", "graphml"]
        read = networkx.parse_graphml(negograph(*neighbours, cwd=ferry).stdout)
        assert read.nodes["league"]["name"] == "River League"
        assert {data["type"] for _, _, data in read.edges(data=True)} >= {"MEMBER_OF", "PROPOSED", "SPEAKS_FOR"}

    def test_evidence_stands_behind_each_row_with_its_quotes(self, ferry: Path) -> None:
        words = ["query", "network", "-p", "concept=item", "--evidence", "--format", "json"]
        rows = json.loads(negograph(*words, cwd=ferry).stdout)
        row = next(row for row in rows if (row["actor"], row["other"]) == ("Pilots' Guild", "Étoile Ferries"))
        assert row["evidence"] == [
            {
                "fact": "guild-accepts-ticket",
                "act": "Pilots' Guild accepted: e-ticket",
                "quotes": [{"quote": "it takes the e-ticket", "document": "Minutes of the river council"}],
            },
            {
                "fact": "league-proposes-ticket",
                "act": "Étoile Ferries and River League proposed: e-ticket",
                "quotes": [
                    {"quote": "They asked nobody in particular", "document": "Minutes of the river council"},
                    {"quote": "proposed an e-ticket for all boats", "document": "Minutes of the river council"},
                ],
            },
        ]
        table = negograph("query", "sequence", "-p", "action=pledged", "--evidence", cwd=ferry, COLUMNS="900").stdout
        assert "ferries-pledge: “gave the isle to hope for more night service” (Minutes of the river council)" in table

    def test_the_ids_behind_a_row_are_in_every_format_but_those_for_reading(self, ferry: Path) -> None:
        for form in ("table", "md"):
            assert "northbank-accepts-night" not in negograph("query", "network", "--format", form, cwd=ferry).stdout
        for form in ("csv", "json"):
            assert "northbank-accepts-night" in negograph("query", "network", "--format", form, cwd=ferry).stdout

    def test_a_table_tells_how_to_see_what_is_behind_it(self, ferry: Path) -> None:
        done = negograph("query", "network", cwd=ferry, COLUMNS="300")
        assert done.stdout.endswith("(11 rows; --evidence shows the facts and quotes behind each)\n")
        assert "Northbank        Étoile Ferries   4       1                    0.6667" in done.stdout

    def test_an_empty_answer_says_with_what_nothing_was_found(self, ferry: Path) -> None:
        done = negograph("query", "network", "-p", "until=2021-01-20", cwd=ferry)
        assert (done.returncode, "(0 rows)" in done.stdout) == (0, True)
        parameters = (
            "qualifier=congruence, nodes=party, concept=issue, counters=no, duplicates=include, modality=actual,planned, "
            "attribution=own,reported, until=2021-01-20, min_statements=1"
        )
        assert f"note: nothing is found with {parameters}\n" in done.stderr

    def test_an_answer_that_leads_to_no_facts_says_what_to_return(self, ferry: Path) -> None:
        done = negograph("cypher", "RETURN 1 AS one", "--evidence", cwd=ferry)
        assert (done.returncode, done.stdout) == (1, "")
        assert "return their ids in a column `facts` or `fact`" in done.stderr

    @pytest.mark.parametrize(
        ("words", "said"),
        [
            (["query", "demands", "--output", "demands.txt"], "demands.txt does not tell the format by its name; add --format"),
            (["query", "demands", "--limit", "0"], "0 is not in the range x>=1"),
            (["query", "demands", "--timeout", "0"], "0.0 is not in the range x>0"),
            (["cypher", "RETURN $x"], "needs the parameter x"),
            (["cypher", "-p", "x:day=1", "RETURN $x"], "there is no type 'day'"),
            (["queries", "demands", "--check"], "leave out the name"),
        ],
    )
    def test_wrong_usage_is_said(self, ferry: Path, words: list[str], said: str) -> None:
        done = negograph(*words, cwd=ferry)
        assert (done.returncode, done.stdout) == (2, "")
        assert said in done.stderr

    def test_a_file_that_is_there_stays_unless_it_is_to_be_overwritten(self, ferry: Path, tmp_path: Path) -> None:
        path = tmp_path / "demands.csv"
        path.write_text("mine")
        done = negograph("query", "demands", "--output", path, cwd=ferry)
        assert done.returncode == 1
        assert done.stderr == f"error: {path} is there already; name another file, or add --overwrite\n"
        assert path.read_text() == "mine"
        assert negograph("query", "demands", "--output", path, "--overwrite", cwd=ferry).returncode == 0
        assert len(path.read_text(encoding="utf-8").splitlines()) == 7

    @pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such file")
    def test_the_standard_output_can_be_named_as_a_file(self, ferry: Path) -> None:
        done = negograph_process("query", "demands", "--output", "/dev/stdout", "--format", "csv", cwd=ferry)
        assert (done.returncode, len(done.stdout.splitlines())) == (0, 7)

    def test_where_the_file_cannot_be_written_it_is_said(self, ferry: Path, tmp_path: Path) -> None:
        done = negograph("query", "demands", "--output", tmp_path / "nowhere" / "x.csv", cwd=ferry)
        assert (done.returncode, "Traceback" in done.stderr) == (1, False)
        assert "error: No such file or directory" in done.stderr


class TestParameters:
    def test_the_lines_for_other_tools_have_ids_and_defaults(self, ferry: Path) -> None:
        done = negograph("query", "chain", "-p", "party=The Isle", "-p", "other=guild", "--params", cwd=ferry)
        assert done.stdout == ":param party => 'middle-isle';\n:param other => 'guild';\n:param chains => 10;\n"
        done = negograph("query", "network", "-p", "until=2021-05-01", "--params", cwd=ferry)
        assert done.stdout.splitlines() == [
            ":param qualifier => 'congruence';",
            ":param nodes => 'party';",
            ":param concept => 'issue';",
            ":param counters => 'no';",
            ":param duplicates => 'include';",
            ":param modality => ['actual', 'planned'];",
            ":param attribution => ['own', 'reported'];",
            ":param since => null;",
            ":param until => date('2021-05-01');",
            ":param min_statements => 1;",
        ]
        done = negograph("query", "lineage", "--params", cwd=ferry)
        assert (done.stdout, "lineage takes no parameters" in done.stderr) == ("", True)

    @pytest.mark.parametrize(
        ("given", "said"),
        [
            ("until=2021", "until cannot be '2021'; write a day, such as 2022-01-26"),
            ("min_statements=few", "min_statements cannot be 'few'; write a whole number"),
            ("concept=isue", "concept cannot be 'isue'; did you mean 'issue'?; it takes issue, item"),
            ("attribution=own,told", "attribution cannot be 'told'"),
            ("attribution=", "attribution cannot be empty; it takes own, reported, alleged"),
        ],
    )
    def test_a_value_of_another_type_is_wrong_usage_and_says_what_to_write(self, ferry: Path, given: str, said: str) -> None:
        done = negograph("query", "network", "-p", given, cwd=ferry)
        assert (done.returncode, done.stdout) == (2, "")
        assert said in done.stderr


class TestOwnCypher:
    def test_a_statement_and_its_parameters(self, ferry: Path) -> None:
        words = ["cypher", "-p", "day:date=2021-11-10", "-p", "name=x", "--format", "json"]
        statement = "MATCH (f:Fact) WHERE f.date_from >= $day RETURN f.id AS fact, $name AS name ORDER BY fact"
        assert json.loads(negograph(*words, statement, cwd=ferry).stdout) == [
            {"fact": "ferries-accept-refund", "name": "x"},
            {"fact": "league-states", "name": "x"},
        ]

    def test_a_file_with_or_without_a_header(self, ferry: Path, tmp_path: Path) -> None:
        plain, recipe = tmp_path / "plain.cypher", tmp_path / "recipe.cypher"
        plain.write_text("MATCH (p:Party {id: $party}) RETURN p.name AS name;\n", encoding="utf-8")
        header = "// A name\n// Result: table\n// Parameter: party (party, required): whose\n\n"
        recipe.write_text(header + plain.read_text(encoding="utf-8"), encoding="utf-8")
        done = negograph("query", plain, "-p", "party=league", "--format", "csv", cwd=ferry)
        assert done.stdout == "name\nRiver League\n"
        done = negograph("query", recipe, "-p", "party=the league", "--format", "csv", cwd=ferry)
        assert done.stdout == "name\nRiver League\n"
        done = negograph("query", tmp_path / "missing.cypher", cwd=ferry)
        assert (done.returncode, "cannot read the recipe: No such file" in done.stderr) == (1, True)

    def test_what_writes_is_refused_and_says_where(self, ferry: Path) -> None:
        done = negograph("cypher", "MATCH (n)\nSET n.x = 1", cwd=ferry)
        assert (done.returncode, done.stdout) == (1, "")
        assert "error: the query does more than read: SET at line 2, column 1." in done.stderr

    def test_rows_are_cut_and_it_says_so(self, ferry: Path) -> None:
        done = negograph("cypher", "UNWIND range(1, 2000) AS n RETURN n", "--format", "csv", cwd=ferry)
        assert len(done.stdout.splitlines()) == 1 + 1000
        assert "note: only the first 1000 rows, there are more; --limit takes another number" in done.stderr
        done = negograph("cypher", "UNWIND range(1, 5) AS n RETURN n", "--limit", "5", "--format", "csv", cwd=ferry)
        assert (len(done.stdout.splitlines()), "note" in done.stderr) == (6, False)

    def test_what_takes_too_long_is_ended(self, ferry: Path) -> None:
        endless = "UNWIND range(1, 20000) AS a UNWIND range(1, 20000) AS b RETURN max(a * b) AS m"
        done = negograph("cypher", endless, "--timeout", "1", cwd=ferry)
        assert (done.returncode, done.stdout) == (1, "")
        assert "error: the query took longer than 1 s and was ended; narrow it, or give it more time" in done.stderr

    def test_a_name_that_nobody_knows_is_said(self, ferry: Path) -> None:
        misspelt = negograph("cypher", "MATCH (p:Party)-[:OFERED]->(x) RETURN p.name", cwd=ferry)
        assert misspelt.returncode == 0
        assert (
            "note: neither the graph nor the model has the relationship type 'OFERED'; did you mean 'OFFERED'?" in misspelt.stderr
        )
        of_the_model = negograph("cypher", "MATCH (p:Party)-[:CRITICISED|OFFERED]->(x) RETURN p.name", cwd=ferry)
        assert "note" not in of_the_model.stderr
        own = ferry / "queries" / "own.cypher"
        own.parent.mkdir()
        own.write_text("// T\n\nMATCH (p:Partyy)\nRETURN p.name AS x ORDER BY x;", encoding="utf-8")
        checked = negograph("queries", "--check", cwd=ferry)
        shutil.rmtree(own.parent)
        assert checked.returncode == 1
        assert (
            "queries/own.cypher:3:10: error[recipe-name]: neither the graph nor the model has the label 'Partyy'"
            in checked.stderr
        )

    def test_a_query_that_does_not_heed_its_end_takes_nobody_elses_time(self, ferry: Path) -> None:
        unheeding = "RETURN size([x IN range(1, 60000) WHERE any(y IN range(1, 60000) WHERE y = -x)]) AS x"
        began = time.monotonic()
        done = negograph("cypher", unheeding, "--timeout", "1", cwd=ferry)
        assert (
            "error: the query took longer than 1 s and does not heed that it is ended, so the embedded engine is" in done.stderr
        )
        assert negograph("cypher", "RETURN 1 AS x", "--format", "csv", cwd=ferry).stdout == "x\n1\n"
        assert time.monotonic() - began < 20

    def test_a_statement_from_standard_input_is_read_whole(self, ferry: Path) -> None:
        done = negograph("cypher", "-", cwd=ferry)  # the input of the tests is empty
        assert (done.returncode, "there is no statement; write one" in done.stderr) == (1, True)


def test_a_recipe_that_cannot_be_read_keeps_nobody_from_asking_others(ferry: Path) -> None:
    bad = ferry / "queries" / "bad.cypher"
    bad.parent.mkdir()
    bad.write_text("// Bad\n// Result: tabel\n\nRETURN 1 AS one\nORDER BY one;\n", encoding="utf-8")
    asked, wanted = negograph("query", "demands", "--format", "csv", cwd=ferry), negograph("query", "bad", cwd=ferry)
    shutil.rmtree(bad.parent)
    assert (asked.returncode, len(asked.stdout.splitlines())) == (0, 7)
    assert "note: queries/bad.cypher cannot be used; `negograph queries --check` shows why" in asked.stderr
    assert (wanted.returncode, "queries/bad.cypher:2:12: error[recipe]" in wanted.stderr) == (1, True)


def test_what_a_reader_has_to_know_of_an_answer_is_in_every_form(ferry: Path, tmp_path: Path) -> None:
    note = "the column left out counts the acts that give no stand"
    timetable = [row for row in asked_as_csv(ferry) if row["concept"] == "The ferry's timetable"]
    (row,) = [row for row in timetable if row["party"] == "Étoile Ferries"]
    assert (row["net"], row["left_out"], row["facts"]) == ("1", "2", "ferries-propose-summer, ferries-withdraw-winter")
    assert row["note"].startswith(note)
    assert all(row["note"].startswith(note) for row in json.loads(asked_in(ferry, "json")))
    for form in ("table", "md"):
        assert f"note: {note}" in asked_in(ferry, form).replace("\\_", "_")
    for form in ("xlsx", "graphml"):
        path = tmp_path / f"matrix.{form}"
        assert negograph("query", "position-matrix", "--output", path, cwd=ferry).returncode == 0
    assert openpyxl.load_workbook(tmp_path / "matrix.xlsx")["answer"]["I1"].value == "note"
    assert networkx.read_graphml(tmp_path / "matrix.graphml").graph["note"].startswith(note)
    picture = negograph("query", "network", "--format", "svg", cwd=ferry).stdout
    assert "the acts that give no stand" in " ".join(re.findall(r"<text[^>]*>([^<]*)</text>", picture))
    assert "Note: the column left out counts the acts" in negograph("queries", "position-matrix", cwd=ferry).stdout
    nothing = negograph("query", "network", "-p", "until=2021-01-20", cwd=ferry)
    assert "the position matrix counts them also for those who have no row here\n" in nothing.stderr
    assert "that does not mean that they agree, or that they disagree" in nothing.stderr


def asked_in(ferry: Path, form: str) -> str:
    return str(negograph("query", "position-matrix", "--format", form, cwd=ferry).stdout)


def asked_as_csv(ferry: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(asked_in(ferry, "csv"))))


def test_a_recipe_that_takes_the_place_of_a_shipped_one_is_named(ferry: Path) -> None:
    own = ferry / "queries" / "demands.cypher"
    own.parent.mkdir()
    own.write_text("// Mine\n// My demands.\n\nRETURN 1 AS one\nORDER BY one;\n", encoding="utf-8")
    done = negograph("query", "demands", "--format", "csv", cwd=ferry)
    shutil.rmtree(own.parent)
    assert done.stdout == "one\n1\n"
    assert "note: demands is this project's own recipe, in the place of the shipped one" in done.stderr
