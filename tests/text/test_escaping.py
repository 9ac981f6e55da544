"""Escaping: what others wrote is shown as it is in each kind of output, and controls none."""

from __future__ import annotations

import ast
import csv
import io
import json
import re
import shutil
import subprocess
import sys
import time
import unicodedata
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree

import click
import pytest
import yaml
from click.shell_completion import CompletionItem
from click.testing import CliRunner, Result
from hypothesis import example, given
from hypothesis import strategies as st

from negograph.cli import completion, main, printing
from negograph.database.results import EdgeColumns
from negograph.database.results import Result as Answer
from negograph.graph.plan import Plan
from negograph.problems.problem import Position, Problem
from negograph.render.forms import render
from negograph.render.network import to_graphml
from negograph.render.plan import as_markdown, as_text
from negograph.render.problems import as_github
from negograph.render.problems import as_text as problems_as_text
from negograph.text.characters import (
    for_terminal,
    in_csv,
    in_html,
    in_json,
    in_line,
    in_markdown,
    in_markdown_code,
    in_workflow_command,
    xml_for_logs,
)
from tests.conftest import CHECKOUT, FERRY

EVIL = (
    *("\x1b[31m", "\x9b31m", "\x1b]0;title\x07", "\r", "\x08", "\x7f", "\x00", "\u202e", "\u2066", "\u2028", "\u200b", "\ud800"),
    *("\n::add-mask::x", " \u00a0::stop-commands::x", "##[error]x", "##vso[task.setvariable]", "##teamcity[x]"),
    *("::", "#", "["),
    *("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\uff1d1", ";=1", "\n=1", '"', ","),
    *(
        "[a](http://evil)",
        "![a](b)",
        "<img src=x>",
        "|",
        "@somebody",
        "#12",
        "https://evil",
        "www.evil.example",
        "`",
        "``",
        "\n\n",
    ),
    *("&#64;", "%0A", "%", ":", "\n", "\t", " ", "a", "é", "名", "\u200d"),
)
texts = st.one_of(st.lists(st.sampled_from(EVIL), max_size=6).map("".join), st.text(max_size=30))


def harmless(output: str) -> bool:
    """Whether a terminal shows an output, and a CI system prints it, by what GitHub, Azure and TeamCity look for in a line."""
    controls = [letter for letter in output if letter not in "\n\t" and unicodedata.category(letter) in ("Cc", "Zl", "Zp", "Cs")]
    directions = re.search("[\u061c\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069]", output)
    commands = [line for line in re.split(r"\r\n?|\n", output) if line.strip().startswith("::") or re.search(r"##\w*\[", line)]
    return not controls and not directions and not commands


@given(texts)
def test_no_text_controls_a_terminal_or_a_log(text: str) -> None:
    assert harmless(for_terminal(text))
    assert for_terminal(for_terminal(text)) == for_terminal(text)
    line = in_line(text)
    assert len(line.splitlines()) <= 1
    assert "\t" not in line


VARIATION_SELECTORS = "\u180b\u180c\u180d" + "".join(map(chr, range(0xE0100, 0xE01F0)))


@given(
    st.text(
        st.characters(
            categories=["L", "N", "Mn", "Zs", "Sm", "Sc"],
            exclude_characters="\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0" + VARIATION_SELECTORS,
        )
    )
)
@example("نام‌ها 👩‍🚀 e\u0301 \u00a0|\\")
@example("std::vector a::b ## [x] #[x]")
def test_what_harms_nothing_is_shown_as_it_is(text: str) -> None:
    assert for_terminal(text) == text


@given(
    st.recursive(
        texts | st.integers() | st.none(), lambda values: st.lists(values) | st.dictionaries(texts, values), max_leaves=5
    )
)
def test_json_has_the_same_values(value: Any) -> None:
    for indent in (2, None):
        written = in_json(value, indent=indent)
        assert harmless(written)
        assert json.loads(written) == value


@given(st.lists(st.tuples(texts, texts), max_size=3))
def test_csv_has_no_formulas_and_is_read_back(rows: list[tuple[str, str]]) -> None:
    written = render(Answer(("=a", "b"), tuple(rows)), "csv", 80)
    assert harmless(written)
    read = list(csv.reader(io.StringIO(written)))
    assert len(read) == 1 + len(rows)
    for cell in (cell for row in read for cell in row):
        for part in re.split("[;\n\t]", cell):  # where a spreadsheet of another country begins a cell
            assert not re.match(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20]", part)
    shown = [[in_csv(cell) for cell in row] for row in rows]
    assert read[1:] == shown


def test_blanks_before_what_may_be_a_formula_are_read_once() -> None:
    began = time.monotonic()
    assert in_csv("a" + "\t" * 60_000) == "a" + "\t" * 60_000
    assert in_csv("a" + ";" * 60_000 + " " * 60_000) == "a" + ";" * 60_000 + " " * 60_000
    assert in_csv("a; \t \n=") == "a;' \t' \n'="
    assert in_csv("\t =") == "'\t' ="
    assert time.monotonic() - began < 5


def test_numbers_of_csv_stay_numbers_and_texts_that_look_like_formulas_get_an_apostrophe() -> None:
    answer = Answer(("n", "t"), ((-1, "-1"), (-0.5, "=HYPERLINK(A1)"), (None, "1-2"), (2, "a; b")))
    assert render(answer, "csv", 80) == "n,t\n-1,'-1\n-0.5,'=HYPERLINK(A1)\n,1-2\n2,a; b\n"


@given(texts, texts)
def test_markdown_links_nothing_calls_nobody_and_stays_in_its_line(text: str, other: str) -> None:
    written = in_markdown(text)
    assert not re.search(r"[\n\r|<\[`*_](?<!\\.)", re.sub(r"\\.|<br>", "", written))
    assert not re.search(r"@(?!&#8203;)|://|www\.[^&\s]", written.replace("\\", ""))
    table = render(Answer(("a", "b"), ((text, other),)), "md", 80)
    assert len(table.splitlines()) == 3
    assert len(re.findall(r"(?<!\\)\|", table.replace("\\\\", "").splitlines()[2])) == 3
    assert harmless(for_terminal(table))


@given(texts)
def test_code_in_markdown_ends_where_the_text_ends(text: str) -> None:
    written = in_markdown_code(text)
    if text:
        found = re.fullmatch(r"(`+)(.+?)(?<!`)\1(?!`)", written, re.DOTALL)
        assert found is not None
        assert found[2].strip() == in_markdown_code(text).strip("`").strip()
    assert len(written.splitlines()) <= 1
    assert harmless(written.replace("::", ""))


@given(texts, texts)
def test_a_command_to_github_is_one_whatever_a_file_is_called(file: str, message: str) -> None:
    written = as_github([Problem(Position(file, 1, 2), "bad-id", message)], Path())
    command = re.fullmatch(r"::error file=([^,:\n\r]*),line=1,col=2,title=negograph bad-id::([^\n\r]*)\n", written)
    assert command is not None
    assert harmless(written.removeprefix("::error file="))
    assert unquote(command[2], errors="strict") == unquote(in_workflow_command(message), errors="strict")
    assert ":" not in in_workflow_command(file, ":,")


@given(texts)
def test_html_and_xml_have_the_same_text_and_no_tags(text: str) -> None:
    assert harmless(for_terminal(in_html(text)))
    assert not re.search("[<>\"']", in_html(text))
    kept = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]", "", text)  # what XML has not
    document = f"<a>{kept.replace('&', '&amp;').replace('<', '&lt;')}</a>"
    assert harmless(xml_for_logs(document))
    assert ElementTree.fromstring(xml_for_logs(document)).text == (kept or None)


def test_graphml_holds_a_name_that_a_log_would_take_for_a_command() -> None:
    edges = EdgeColumns("a", "b", directed=True)
    written = to_graphml(Answer(("a", "b"), (("x\n::add-mask::y", "##[error]\x9b"),), edges=edges)).decode()
    assert harmless(written)
    assert "x\n::add-mask::y" in {node.get("id") for node in ElementTree.fromstring(written).iter() if node.tag.endswith("node")}


@given(texts, texts)
def test_a_table_shows_everything_and_controls_nothing(head: str, cell: str) -> None:
    assert harmless(render(Answer((head, "b"), ((cell, "c"),)), "table", 60))


# what prints


def test_only_one_place_prints() -> None:
    """A command that is new cannot forget to escape: there is one way to print, and it does."""
    printing = {"echo", "secho", "print", "echo_via_pager", "confirm", "prompt", "write"}
    found = set()
    for path in (CHECKOUT / "loader").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                function = node.func
                name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
                owner = ast.unparse(function.value) if isinstance(function, ast.Attribute) else ""
                if name in printing and (name != "write" or "std" in owner):
                    found.add((path.name, f"{owner}.{name}".strip(".")))
    assert found == {
        ("printing.py", "click.echo"),
        ("printing.py", "click.confirm"),
        ("process.py", "print"),  # to the process that started it, in JSON
    }


@given(texts)
@example("x\n::add-mask::y")
def test_whatever_a_command_says_is_harmless(text: str) -> None:
    for way in (printing.say, printing.tell, printing.tell_json, lambda said: printing.tell(in_line(said))):
        done = CliRunner().invoke(click.Command("x", callback=lambda way=way: way(text)))
        assert done.exit_code == 0, done.exception
        assert harmless(done.output)


@given(texts)
@example("##vso[task.setvariable variable=x]y")
@example("::add-mask::y")
def test_whatever_a_person_is_asked_is_harmless(text: str) -> None:
    done = CliRunner().invoke(click.Command("x", callback=lambda: printing.ask(text)), input="y\n")
    assert done.exit_code == 0, done.exception
    assert harmless(done.output)


def test_nothing_is_said_twice_or_in_two_lines() -> None:
    done = CliRunner().invoke(click.Command("x", callback=lambda: printing.say("note: a\n::add-mask::b")))
    assert done.stderr == "note: a<U+000A>::add-mask::b\n"


def negograph(*words: str, **options: Any) -> Result:
    return CliRunner().invoke(main, list(words), **options)


HIDDEN = "\x1b[31mRed\x9b0m \u202e"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with a name, a title, a file name and a recipe that would control a terminal, a log, or a shell."""
    folder = tmp_path / "talks"
    shutil.copytree(FERRY, folder, ignore=shutil.ignore_patterns("answers"))
    (folder / "queries").mkdir()
    recipe = (
        f"// Title {HIDDEN}\n// What {HIDDEN} it answers\n// Group: the record\n// Note: {HIDDEN}\n"
        f"// Parameter: town (text, default {HIDDEN}): {HIDDEN} ::add-mask::x\n\n"
        f"MATCH (n) // {HIDDEN}\n::add-mask::x\n  ##[error]x\nRETURN n.name AS name, $town AS town ORDER BY name;\n"
    )
    (folder / "queries" / "evil.cypher").write_text(recipe, encoding="utf-8")
    (folder / "queries" / "$(touch owned).cypher").write_text(recipe, encoding="utf-8")
    return folder


@pytest.mark.parametrize("form", ["table", "json"])
def test_a_recipe_of_others_is_shown_and_controls_nothing(project: Path, form: str) -> None:
    for words in (["queries", "evil"], ["queries"]):
        done = negograph(*words, "--project", str(project), "--format", form)
        assert done.exit_code == 0
        assert harmless(done.output)
        assert "evil" in done.output
    if form == "table":
        assert "Title <U+001B>[31mRed<U+009B>0m <U+202E>" in negograph("queries", "evil", "--project", str(project)).output


@pytest.mark.parametrize(
    "words",
    [
        ["query", f"none{HIDDEN}\n::add-mask::x"],
        ["query", "overview", "-p", f"x{HIDDEN}\n::add-mask::x"],
        ["nothing\n::add-mask::x"],
        ["check", f"not there {HIDDEN}\n::add-mask::x"],
        ["plan", f"--option{HIDDEN}\n::add-mask::x"],
        ["explain", f"none{HIDDEN}\n##[error]x"],
        ["check", "--format", "\n::add-mask::x"],
        ["where", f"nobody{HIDDEN}\n::add-mask::x"],
        ["--project", f"nowhere{HIDDEN}\n::add-mask::x", "check"],
    ],
)
def test_a_message_about_what_was_written_repeats_it_and_does_nothing_else(project: Path, words: list[str]) -> None:
    done = negograph(*words, *([] if "--project" in words else ["--project", str(project)]))
    assert done.exit_code == (1 if words[0] == "where" else 2)
    assert harmless(done.output), done.output
    assert done.output


def test_wrong_usage_repeats_a_recipe_of_others_and_is_no_command(project: Path) -> None:
    recipe = (
        "// Title\n// What it answers\n// Group: the record\n// Note: none\n"
        "// Parameter: town (text, required): ##vso[task.setvariable variable=x]y\n\nRETURN $town AS town;\n"
    )
    (project / "queries" / "asking.cypher").write_text(recipe, encoding="utf-8")
    done = negograph("query", "asking", "--project", str(project))
    assert done.exit_code == 2, done.output
    assert "needs the parameter town (<U+0023>#vso[task" in done.stderr
    assert harmless(done.output)


def test_problems_and_places_in_files_with_odd_names(project: Path) -> None:
    odd = project / "seeds" / "\n::add-mask::x \x1b[31m\u202e.yaml"
    odd.write_text(
        "parties:\n  - {id: odd, name: Odd}\n  - {id: odd, name: '\x1b[31m\u202e'}\nfacts: ::add-mask::\n", encoding="utf-8"
    )
    for form in ("text", "json", "github"):
        done = negograph("check", str(project), "--format", form)
        assert done.exit_code == 1
        assert harmless(done.stderr)
        assert harmless(re.sub("^::(error|warning) file=", "", done.stdout, flags=re.MULTILINE))
    assert harmless(negograph("where", "odd", "--project", str(project)).output)
    assert "seeds/<U+000A>::add-mask::x" in negograph("check", str(project)).output


def test_a_text_of_problems_keeps_each_message_in_its_line(tmp_path: Path) -> None:
    problem = Problem(Position("a\n::b.yaml", 1, 1), "bad-id", "one\n::stop-commands::x")
    assert len(problems_as_text([problem], tmp_path).splitlines()) == 1


def test_a_plan_shows_what_is_stored_and_begins_no_line_with_it() -> None:
    plan = Plan("d", "Title\n::add-mask::x \x1b[31m @me", "Old\n", 1)
    for written in (as_text(plan, {}), as_markdown(plan, {})):
        assert harmless(written)
        assert not any(line.startswith("::") for line in written.splitlines())
    assert "@me" not in as_markdown(plan, {}).splitlines()[0]


def test_a_shell_is_offered_words_alone(project: Path) -> None:
    offered = completion.RecipeName().shell_complete(_context(project), main, "")  # type: ignore[arg-type]
    assert "evil" in {item.value for item in offered}
    assert not any("touch" in item.value for item in offered)
    helps = [item.help or "" for item in offered]
    assert all(harmless(text) and "\n" not in text and "\t" not in text for text in helps)


@given(texts, texts)
def test_no_shell_is_offered_what_it_would_run(value: str, words: str) -> None:
    found: list[CompletionItem] = completion._offered([(value, words)])
    for item in found:
        assert not re.search(r"[\s$`;&|<>(){}*?!~#'\"\\\[\]^]", item.value)
        assert harmless(for_terminal(item.help or ""))
        assert not re.search("[\n\t]", item.help or "")


def _context(project: Path) -> Any:
    context = click.Context(main)
    context.obj = project
    return context


def test_an_answer_in_a_log_on_github(project: Path) -> None:
    """All together, as a process: the log has no commands but ours."""
    seeds = project / "seeds" / "more.yaml"
    seeds.write_text(yaml.safe_dump({"parties": [{"id": "odd", "name": "::add-mask::x", "kind": "state"}]}), encoding="utf-8")
    command = [sys.executable, "-P", "-m", "negograph"]
    for words in (
        ["load"],
        ["query", "silent-parties"],
        ["query", "silent-parties", "--format", "csv"],
        ["cypher", "RETURN 1 AS `::a`"],
    ):
        done = subprocess.run(
            [*command, *words, "--embedded"], cwd=project, capture_output=True, text=True, check=False, timeout=120
        )
        assert done.returncode == 0, done.stderr
        assert harmless(done.stdout)
        assert harmless(done.stderr)
