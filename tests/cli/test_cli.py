"""The command line: what others script against."""

from __future__ import annotations

import contextlib
import csv
import inspect
import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from negograph import __version__
from negograph.cli import main
from negograph.cli.group import COMMANDS
from negograph.database.embedded.engine import stay_up, take_down
from negograph.project import shipped
from tests.conftest import CHECKOUT, FERRY, recipes_in


def negograph(*words: str | Path, cwd: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    """The command as a user runs it, in the process of the tests: nothing has to start."""
    command = [*map(str, words)]
    with contextlib.chdir(cwd or Path()):
        done = CliRunner().invoke(main, command, prog_name="negograph", env={"NEGOGRAPH_TEXTS": "", **environment})
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return subprocess.CompletedProcess(command, done.exit_code, done.stdout, done.stderr)


def negograph_process(*words: str | Path, cwd: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    """The command as a process of its own, for what only a process has: an encoding, open files, a system that it runs on."""
    env = {**os.environ, "NEGOGRAPH_TEXTS": "", **environment}
    command = [sys.executable, "-P", "-m", "negograph", *map(str, words)]
    return subprocess.run(
        command, cwd=cwd, env=env, capture_output=True, text=True, timeout=120, stdin=subprocess.DEVNULL, check=False
    )


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The fictional project, loaded into its embedded engine, which does not run: to be copied."""
    folder = tmp_path_factory.mktemp("cli") / "loaded"
    shutil.copytree(FERRY, folder, ignore=shutil.ignore_patterns("answers"))
    done = negograph("load", "--project", folder)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="module")
def ferry(loaded: Path) -> Iterator[Path]:
    """That project in a folder with a blank in its name; its engine runs, so that no command needs to start it."""
    folder = shutil.copytree(loaded, loaded.parent / "ferry talks")
    stay_up(folder / ".negograph", print)
    yield folder
    take_down(folder / ".negograph")


def test_version() -> None:
    assert negograph_process("--version").stdout == f"negograph {__version__}\n"


@pytest.mark.parametrize("command", [None, *COMMANDS])
def test_every_command_has_help_with_an_example_and_every_option_is_explained(command: str | None) -> None:
    done = negograph(*([command] if command else []), "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert "Example:\n" in done.stdout
    assert re.search(rf"^ +negograph {command or ''}", done.stdout, re.MULTILINE)
    explained = main.get_command(click.Context(main), command) if command else main
    assert explained is not None
    assert all(option.help for option in explained.params if isinstance(option, click.Option))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nonsense"], "No such command 'nonsense'"),
        (["load", "--nonsense"], "No such option"),
        (["load", "--uri", "bolt://x", "--embedded"], "exclude each other"),
        (["query"], "Missing argument"),
        (["query", "demnds"], "did you mean 'demands'"),
        (["query", "positions"], "needs the parameter party"),
        (["query", "demands", "-p", "parti=x"], "no parameter 'parti'"),
        (["query", "positions", "-p", "party"], "write -p NAME=VALUE"),
        (["query", "positions", "-p", "party=a", "-p", "party=b"], "given twice"),
        (["query", "demands", "--format", "xml"], "is not one of"),
    ],
)
def test_wrong_usage_ends_with_2_and_says_what_is_wrong(ferry: Path, words: list[str], said: str) -> None:
    done = negograph(*words, cwd=ferry)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_outside_a_project_it_says_where_to_run(tmp_path: Path) -> None:
    done = negograph("load", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "it has no seeds/ folder. Run in a project folder or add --project DIR" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_load_prints_its_target_first_and_what_it_wrote(tmp_path: Path) -> None:
    shutil.copytree(FERRY, tmp_path / "ferry")
    first = negograph("load", cwd=tmp_path / "ferry")
    assert first.returncode == 0
    assert first.stderr.splitlines()[0] == "target: embedded engine in .negograph"
    assert re.search(
        r"entries: (\d+) added, 0 changed, 0 removed\nnodes: \1 created, 0 updated, 0 deleted; relationships: \d+ created",
        first.stdout,
    )
    second = negograph("load", cwd=tmp_path / "ferry")
    assert (second.returncode, second.stderr) == (0, first.stderr)
    assert second.stdout.endswith("nothing changed, nothing written\n")


def test_problems_are_printed_as_file_line_column_and_nothing_is_written(loaded: Path, tmp_path: Path) -> None:
    shutil.copytree(loaded, tmp_path / "p")
    before = negograph("query", "overview", "--format", "json", cwd=tmp_path / "p").stdout
    (tmp_path / "p" / "seeds" / "wrong.yaml").write_text("issues:\n  - {id: x, nam: X}\nfacts: [\n")
    (tmp_path / "p" / "seeds" / "wrong2.yaml").write_text("issues: [{id: y, name: Y, part_of: z}]\n")
    done = negograph("load", cwd=tmp_path / "p")
    assert (done.returncode, done.stdout) == (1, "")
    assert [line.split(": ")[0] for line in done.stderr.splitlines() if " error[" in line] == [
        "seeds/wrong.yaml:3:8",
        "seeds/wrong2.yaml:1:36",
    ]
    assert done.stderr.endswith("2 problems found, nothing done\n")
    assert negograph("query", "overview", "--format", "json", cwd=tmp_path / "p").stdout == before


def test_quotes_that_cannot_be_verified_are_counted(tmp_path: Path) -> None:
    shutil.copytree(FERRY, tmp_path / "ferry", ignore=shutil.ignore_patterns("texts"))
    done = negograph("load", cwd=tmp_path / "ferry")
    assert done.returncode == 0
    assert re.search(r"note: (\d+) of \1 quotes not verified: their texts are not in texts", done.stderr)


def test_json_on_standard_output_is_clean(ferry: Path) -> None:
    done = negograph("query", "demands", "--format", "json", "--project", ferry)
    rows = json.loads(done.stdout)
    assert done.returncode == 0
    assert rows
    assert list(rows[0])[:4] == ["by", "as", "put_as", "demand"]
    assert list(rows[0])[-2:] == ["fact", "facts"]
    assert done.stderr == f"target: embedded engine in {ferry / '.negograph'}\n"


def test_the_list_of_recipes_as_json(tmp_path: Path) -> None:
    done = negograph("queries", "--format", "json", cwd=tmp_path)
    recipes = json.loads(done.stdout)
    assert (done.returncode, done.stderr) == (0, "")
    assert {recipe["name"] for recipe in recipes} == set(recipes_in(shipped("queries")))
    for recipe in recipes:
        assert {"name", "title", "parameters", "result"} <= set(recipe)
    positions = next(recipe for recipe in recipes if recipe["name"] == "positions")
    assert positions["parameters"][0] == {
        "name": "party",
        "type": "party",
        "required": True,
        "default": None,
        "choices": [],
        "help": "whose positions",
    }
    assert {recipe["result"] for recipe in recipes} == {"table", "graph"}


@pytest.mark.parametrize("form", ["table", "csv", "md"])
def test_every_format_has_every_row(ferry: Path, form: str) -> None:
    rows = json.loads(negograph("query", "timeline", "--format", "json", cwd=ferry).stdout)
    done = negograph("query", "timeline", "--format", form, cwd=ferry)
    if form == "csv":
        assert [row["fact"] for row in csv.DictReader(io.StringIO(done.stdout))] == [row["fact"] for row in rows]
    elif form == "md":
        table = [line for line in done.stdout.splitlines() if line.startswith("|")]
        assert [line.split(" | ")[-1].strip("| ") for line in table[2:]] == [row["fact"] for row in rows]
    else:
        assert done.stdout.endswith(f"({len(rows)} rows)\n")
        assert max(map(len, done.stdout.splitlines())) <= 132


def test_a_table_keeps_to_the_width_of_the_terminal(ferry: Path) -> None:
    done = negograph("query", "timeline", cwd=ferry, COLUMNS="90")
    assert max(map(len, done.stdout.splitlines())) <= 90


def test_an_unknown_party_ends_with_1_and_a_hint(ferry: Path) -> None:
    done = negograph("query", "positions", "-p", "party=nrthbank", cwd=ferry)
    assert (done.returncode, done.stdout) == (1, "")
    assert "did you mean" in done.stderr


def test_a_query_before_the_first_load_says_that_the_graph_is_empty(tmp_path: Path) -> None:
    shutil.copytree(FERRY / "seeds", tmp_path / "seeds")
    done = negograph("query", "contradictions", "--format", "csv", cwd=tmp_path)
    assert (done.returncode, len(done.stdout.splitlines())) == (0, 1)
    assert done.stderr.endswith("note: the graph is empty; `negograph load` fills it\n")


def test_the_project_option_stands_before_or_after_the_command(ferry: Path) -> None:
    after = negograph("query", "demands", "--format", "json", "--project", ferry)
    before = negograph("--project", ferry, "query", "demands", "--format", "json")
    assert before.stdout == after.stdout != ""


def test_a_server_that_cannot_be_reached_is_one_line(ferry: Path) -> None:
    done = negograph("load", cwd=ferry, NEO4J_URI="bolt://127.0.0.1:1", NEO4J_PASSWORD="x")
    assert done.returncode == 1
    assert done.stderr.splitlines()[0] == "target: Neo4j at bolt://127.0.0.1:1, database neo4j (environment)"
    assert re.fullmatch(r"error: cannot reach bolt://127\.0\.0\.1:1: nothing listens there; .*", done.stderr.splitlines()[-1])
    assert "Traceback" not in done.stderr


def test_embedded_ignores_a_server_that_the_environment_names(ferry: Path) -> None:
    done = negograph("query", "demands", "--embedded", cwd=ferry, NEO4J_URI="bolt://127.0.0.1:1", NEO4J_PASSWORD="x")
    assert done.returncode == 0


def test_a_projects_own_recipe_is_listed_and_answers(loaded: Path, tmp_path: Path) -> None:
    shutil.copytree(loaded, tmp_path / "p")
    (tmp_path / "p" / "queries").mkdir()
    recipe = "// Who is there\n// Every party.\n// Result: table\n\nMATCH (p:Party)\nRETURN p.id AS id\nORDER BY id;\n"
    (tmp_path / "p" / "queries" / "parties.cypher").write_text(recipe)
    assert "parties" in [r["name"] for r in json.loads(negograph("queries", "--format", "json", cwd=tmp_path / "p").stdout)]
    rows = json.loads(negograph("query", "parties", "--format", "json", cwd=tmp_path / "p").stdout)
    assert {"id": "northbank"} in rows


def test_a_recipe_that_the_database_does_not_understand_is_one_message(loaded: Path, tmp_path: Path) -> None:
    shutil.copytree(loaded, tmp_path / "p")
    (tmp_path / "p" / "queries").mkdir()
    (tmp_path / "p" / "queries" / "broken.cypher").write_text("// Broken\n\nMATCH (n RETURN n;\n")
    done = negograph("query", "broken", cwd=tmp_path / "p")
    assert done.returncode == 1
    assert "error: the database says:" in done.stderr
    assert "Traceback" not in done.stderr


def imported_by(*words: str, cwd: Path | None = None) -> set[str]:
    """The modules that a process has imported by the time a command has ended."""
    program = (
        "import json, sys\nfrom negograph.__main__ import run\ntry: run()\n"
        "except SystemExit as end: assert not end.code\n"
        "print(json.dumps([name for name, module in sys.modules.items() if module]), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-P", "-c", program, *words], cwd=cwd, capture_output=True, text=True, check=True)
    return set(json.loads(done.stderr.splitlines()[-1]))


def test_help_imports_click_and_what_every_command_needs_and_nothing_else() -> None:
    imported = imported_by("--help")
    installed = (
        "arcadedb arcadedb_embedded dotenv filelock jinja2 msgspec neo4j networkx nicegui numpy openpyxl pandas platformdirs"
    )
    assert not imported & {*installed.split(), "pyarrow", "rapidfuzz", "wcwidth", "yaml", "asyncio", "ssl"}
    own = "cli cli.exit_codes cli.group cli.heavy cli.options cli.printing errors text text.characters version __main__"
    assert {name for name in imported if name.startswith("negograph.")} == {f"negograph.{name}" for name in own.split()}


def test_a_query_imports_the_driver_and_nothing_that_checks_writes_or_draws(ferry: Path) -> None:
    imported = imported_by("query", "positions", "-p", "party=northbank", cwd=ferry)
    assert {"neo4j", "negograph.database.store", "negograph.render.forms"} <= imported
    installed = "arcadedb arcadedb_embedded jinja2 networkx nicegui numpy openpyxl pandas pyarrow rapidfuzz yaml"
    assert not imported & {*installed.split(), "webbrowser", "importlib.metadata"}
    own = "checks seeds.decoding seeds.cache web operations.load database.planning database.writer graph.diff"
    assert not imported & {f"negograph.{name}" for name in (*own.split(), "model.schema_files", "render.picture")}


@pytest.mark.parametrize("name", COMMANDS)
def test_the_list_of_commands_says_the_first_sentence_of_each_ones_help(name: str) -> None:
    command = main.get_command(click.Context(main), name)
    assert command is not None
    words = " ".join(inspect.cleandoc(command.help or "").partition("\n\n")[0].split())
    assert (command.name, f"{words} ".partition(". ")[0]) == (name, COMMANDS[name][1].rstrip("."))


def test_the_checkout_is_a_project_that_finds_nothing_twice() -> None:
    names = [r["name"] for r in json.loads(negograph("queries", "--format", "json", cwd=CHECKOUT).stdout)]
    assert len(names) == len(set(names)) == len(list((CHECKOUT / "queries").glob("*.cypher")))


@pytest.mark.parametrize("encoding", ["cp1252", "cp437", "ascii"])
@pytest.mark.parametrize(
    "words",
    [["explain"], ["schema"], ["query", "timeline", "--format", "csv"], ["query", "timeline", "--format", "json"]],
    ids=lambda words: words[-1],
)
def test_a_file_or_a_pipe_gets_utf_8_whatever_the_locale(ferry: Path, words: list[str], encoding: str) -> None:
    usual = negograph(*words, cwd=ferry)
    done = negograph_process(*words, cwd=ferry, PYTHONIOENCODING=encoding)
    assert not usual.stdout.isascii()
    assert (done.returncode, done.stdout, done.stderr) == (0, usual.stdout, usual.stderr)


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")
def test_a_terminal_shows_what_its_encoding_has(ferry: Path) -> None:
    import pty

    ours, theirs = pty.openpty()
    command = [sys.executable, "-P", "-m", "negograph", "explain", "long-quote"]
    done = subprocess.run(command, stdout=theirs, cwd=ferry, env={**os.environ, "PYTHONIOENCODING": "latin-1"}, check=False)
    os.close(theirs)
    shown = os.read(ours, 100_000)
    os.close(ours)
    assert done.returncode == 0
    assert b"an ellipsis (`?`)" in shown


def test_what_nobody_thought_of_is_one_line_and_a_traceback_only_where_it_is_asked_for(
    monkeypatch: pytest.MonkeyPatch, ferry: Path
) -> None:
    def fail(*arguments: object) -> None:
        raise TypeError("not\n::add-mask:: this \x1b[31m")

    words = ["quote", "courier", "ferry", "--project", str(ferry)]
    monkeypatch.setattr("negograph.operations.seeds._text_of", fail)
    done = CliRunner().invoke(main, words)
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr == (
        "error: negograph failed unexpectedly (TypeError: not<U+000A>::add-mask:: this <U+001B>[31m); please report it, with "
        "what is shown if NEGOGRAPH_DEBUG is 1 in the environment\n"
    )
    assert isinstance(CliRunner().invoke(main, words, env={"NEGOGRAPH_DEBUG": "1"}).exception, TypeError)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
def test_a_load_that_is_in_has_not_failed_where_its_report_cannot_be_printed(tmp_path: Path) -> None:
    """Neither on a full disk, nor where nobody reads it; nor does a full disk for messages end one."""
    shutil.copytree(FERRY, tmp_path / "ferry", ignore=shutil.ignore_patterns("answers"))
    command = [sys.executable, "-P", "-m", "negograph", "load", "--embedded"]
    seeds = tmp_path / "ferry" / "seeds" / "more.yaml"
    for number, (out, error) in enumerate((("/dev/full", ""), ("closed", ""), ("", "/dev/full"))):
        seeds.write_text(f"parties: [{{id: odd, name: Odd {number}, kind: state}}]\n")
        reads, writes = os.pipe()
        os.close(reads)  # so that nobody reads
        with open("/dev/full", "w") as full:  # noqa: PTH123
            done = subprocess.run(
                command,
                cwd=tmp_path / "ferry",
                stdout=full if out == "/dev/full" else writes if out == "closed" else subprocess.PIPE,
                stderr=full if error else subprocess.PIPE,
                text=True,
                check=False,
                timeout=120,
            )
        os.close(writes)
        assert done.returncode == 0, done.stderr
        assert error or "note: the load is in, but its report could not be printed: " in done.stderr
    shown = json.loads(negograph("history", "--embedded", "--format", "json", cwd=tmp_path / "ferry").stdout)
    assert len(shown) == 3
