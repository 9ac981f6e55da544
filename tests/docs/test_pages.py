"""The pages say what is so: their commands exist, and their examples check, load, answer and run."""

from __future__ import annotations

import os
import re
import shlex
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

import negograph
from negograph.cli import main
from negograph.database.store import Store, open_store
from negograph.database.target import EmbeddedTarget
from negograph.graph.standing import OF_ITEMS, PASSIVE
from negograph.project import shipped
from negograph.recipes.check import check_recipes, run_recipe
from negograph.recipes.recipe import TYPES
from negograph.render.problems import as_text
from negograph.render.text import words
from tests.conftest import CHECKOUT, FERRY, checked_project, cypher, load_project, recipes_in
from tests.docs.pages import PAGES, fenced, inline_code, typed_lines

CONTEXT = click.Context(main, info_name="negograph")
COMMANDS = {name: main.get_command(CONTEXT, name) for name in main.list_commands(CONTEXT)}
CODE = inline_code()


def command(name: str) -> click.Command:
    found = COMMANDS.get(name)
    assert found is not None, f"there is no command {name!r}"
    return found


def options(of: click.Command) -> set[str]:
    return {"--help", "-h", *(option for parameter in of.params for option in parameter.opts)}


@pytest.fixture(scope="module")
def shipped_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with open_store(EmbeddedTarget(tmp_path_factory.mktemp("engine")), print) as store:
        load_project(store, CHECKOUT)
        yield store


@pytest.fixture
def ferry_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The fictional dataset, loaded, in a folder of the name that the pages give to a project."""
    folder = tmp_path / "my-negotiation"
    shutil.copytree(FERRY, folder, ignore=shutil.ignore_patterns("answers"))
    with open_store(EmbeddedTarget(folder / ".negograph"), print) as store:
        load_project(store, folder)
    monkeypatch.chdir(tmp_path)
    return folder


class TestCommands:
    @pytest.mark.parametrize("line", typed_lines("negograph "))
    def test_a_typed_command_is_understood(self, line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (tmp_path / "my-negotiation").mkdir()
        monkeypatch.chdir(tmp_path)
        words = shlex.split(line.split(" > ")[0])[1:]
        context = command(words[0]).make_context(words[0], words[1:], parent=click.Context(main))
        if words[0] == "query" and not context.params["name"].endswith(".cypher"):
            recipe = recipes_in(shipped("queries"))[context.params["name"]]
            given = {parameter.partition("=")[0] for parameter in context.params["parameters"]}
            assert given <= {parameter.name for parameter in recipe.parameters}

    @pytest.mark.parametrize("code", [code for code in CODE if re.match(r"negograph [a-z]", code)])
    def test_a_command_named_in_a_sentence_exists(self, code: str) -> None:
        name, *words = code.split()[1:]
        assert {word.partition("=")[0] for word in words if word.startswith("-")} <= options(command(name))

    @pytest.mark.parametrize("code", [code for code in CODE if re.fullmatch(r"--[a-z][\w-]+( .*)?", code)])
    def test_an_option_named_in_a_sentence_exists(self, code: str) -> None:
        known = set.union(*(options(command(name)) for name in COMMANDS), options(main))
        assert code.split()[0] in known

    def test_make_targets_exist(self) -> None:
        targets = re.findall(r"^(\w+):", (CHECKOUT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
        named = {line.split()[1] for line in [*typed_lines("make "), *(code for code in CODE if code.startswith("make "))]}
        assert {"demo", "test"} <= named <= set(targets)


class TestFacts:
    def test_the_example_of_a_project_checks_clean(self, project: Callable[..., Path]) -> None:
        (example,) = fenced("docs/writing-facts.md", "yaml", "dataset")
        (schema,) = fenced("docs/writing-facts.md", "yaml", "nodes")
        words = "id: m, action: mediated_between, by: north, to: south, date: 2021"
        mediated = f"facts: [{{{words}, evidence: [{{document: courier, quote: ferry}}]}}]"
        folder = project(dataset=example.replace("kind: state}", "kind: state, founded: 1900}"), more=mediated)
        (folder / "schema").mkdir()
        (folder / "schema" / "own.yaml").write_text(schema)
        (folder / "courier.txt").write_text("If Southbank pays half, we would run a ferry at night, the mayor said.")
        _, checked = checked_project(folder, folder)
        assert (checked.problems, checked.quotes, checked.unverified) == ((), 2, 0)

    def test_the_fact_in_the_readme_is_the_one_of_the_example(self) -> None:
        (fact,) = fenced("README.md", "yaml")
        (example,) = fenced("docs/writing-facts.md", "yaml", "dataset")
        assert yaml.safe_load(fact)["facts"] == yaml.safe_load(example)["facts"]

    @pytest.mark.parametrize("page", ["README.md", "docs/checking.md"])
    def test_the_problem_is_shown_as_a_check_shows_it(self, page: str, tmp_path: Path) -> None:
        shutil.copytree(CHECKOUT / "seeds", tmp_path / "seeds")
        facts = tmp_path / "seeds" / "facts.yaml"
        facts.write_text(facts.read_text(encoding="utf-8").replace("by: russia", "by: rusia", 1), encoding="utf-8")
        _, checked = checked_project(tmp_path)
        (problem,) = checked.problems
        shown = as_text([problem], tmp_path).replace(str(tmp_path) + os.sep, "")
        assert re.sub(r"^(?=.)", "    ", shown, flags=re.MULTILINE) in PAGES[page]


class TestRecipes:
    def test_the_example_of_a_recipe_is_read_and_answers(self, ferry_project: Path, tmp_path: Path) -> None:
        (example,) = fenced("docs/recipes.md", "cypher")
        (tmp_path / "aliases.cypher").write_text(example, encoding="utf-8")
        recipe = recipes_in(tmp_path)["aliases"]
        with open_store(EmbeddedTarget(ferry_project / ".negograph"), print) as store:
            answer = run_recipe(store, recipe, {"party": "northbank"})
            short = run_recipe(store, recipe, {"party": "northbank", "longest": 10})
            assert check_recipes([recipe], store.check) == ()
        assert answer.rows == (("North Quay",), ("Northbank",), ("the northern town",))
        assert short.rows == (("North Quay",), ("Northbank",))

    def test_the_types_of_parameters_are_all_of_them(self) -> None:
        listed = re.search(r"Parameters are of the types (.*?);", PAGES["docs/recipes.md"], re.DOTALL)
        assert listed is not None
        assert sorted(re.findall(r"`(\w+)`", listed[1])) == sorted([*TYPES, "Vessel"])

    def test_every_standing_is_explained(self) -> None:
        rows = re.findall(r"^\| ([^|]+) \|", PAGES["docs/recipes.md"], re.MULTILINE)
        assert {word.strip() for row in rows for word in [row, *row.split(", ")]}.issuperset([*PASSIVE, *OF_ITEMS])

    def test_the_answer_in_the_readme_is_that_of_the_recipe(self, shipped_store: Store) -> None:
        answer = run_recipe(shipped_store, recipes_in(shipped("queries"))["demands"], {})
        shown = [answer.columns.index(column) for column in ("by", "demand", "to", "standing", "said_by")]
        cells = [[words(answered[index]) for index in shown] for answered in answer.rows]
        assert [re.split(r" {2,}", row) for row in typed_lines("Russia  ")] == [
            [cell for cell in row if cell] for row in cells if "Prevention of NATO expansion" in row
        ]


class TestCypher:
    @pytest.mark.parametrize(
        "statement", [shlex.split(line)[-1].replace("\\$", "$") for line in typed_lines("negograph cypher ")]
    )
    def test_the_cypher_of_a_typed_command_runs(self, statement: str, shipped_store: Store) -> None:
        assert shipped_store.ask(statement, {"day": date(2022, 1, 26)} if "$day" in statement else {}).rows

    @pytest.mark.parametrize("statement", typed_lines("MATCH "))
    def test_cypher_for_browser_runs(self, statement: str, shipped_store: Store) -> None:
        cypher(shipped_store, statement)

    def test_the_short_relationship_says_whose_word_it_is(self, shipped_store: Store) -> None:
        (statement,) = [line for line in typed_lines("MATCH ") if "REJECTED" in line]
        assert [
            "United States",
            "by implication: said to have rejected (Sergei Lavrov)",
            "Prevention of NATO expansion",
        ] in cypher(shipped_store, statement)


class TestPython:
    @pytest.mark.parametrize("example", fenced("docs/python.md", "python"))
    def test_an_example_runs(self, example: str, ferry_project: Path) -> None:
        names: dict[str, Any] = {}
        exec(compile(example, "docs/python.md", "exec"), names)
        if "network" in names:
            assert len(names["frame"]) == 11  # as in data/ferry/answers/network.json
            assert names["network"].edges["Northbank", "Étoile Ferries"]["weight"] == 4
            assert "evidence" in names["quotes"].columns


class TestSurroundings:
    def test_the_hook_and_the_workflow_run_commands_that_exist(self) -> None:
        (hooks,) = map(yaml.safe_load, fenced("docs/checking.md", "yaml", "repos"))
        (workflow,) = map(yaml.safe_load, fenced("docs/checking.md", "yaml", "on:"))
        (offered,) = yaml.safe_load((CHECKOUT / ".pre-commit-hooks.yaml").read_text())
        (used,) = hooks["repos"][0]["hooks"]
        assert (used["id"], hooks["repos"][0]["rev"]) == (offered["id"], f"v{negograph.__version__}")
        commands = [offered["entry"], *(step["run"] for step in workflow["jobs"]["check"]["steps"] if "run" in step)]
        for program, *arguments in map(shlex.split, commands):
            if program == "negograph":
                command(arguments[0]).make_context(arguments[0], arguments[1:], parent=click.Context(main))
        assert re.search(offered["files"], "facts/seeds/deep/a.yaml")

    def test_the_environment_variables_are_those_of_the_example(self) -> None:
        named = {name for text in PAGES.values() for name in re.findall(r"NEO4J_\w+", text)}
        assert named == set(re.findall(r"^(NEO4J_\w+)=", (CHECKOUT / ".env.example").read_text(), re.MULTILINE))

    def test_the_compose_file_and_the_pages_mean_the_same_version(self) -> None:
        compose = yaml.safe_load((CHECKOUT / "docker-compose.yml").read_text())
        assert compose["services"]["neo4j"]["image"] == "neo4j:5.26-community"
        assert "5.26 or newer" in PAGES["README.md"]
        assert "5.26 or newer" in PAGES["docs/servers.md"]


def test_readme_quotes_the_ratio_that_was_measured() -> None:
    quoted = re.search(
        r"a first load of 100,000 facts into Neo4j takes ([\d.]+) times", (CHECKOUT / "README.md").read_text("utf-8")
    )
    page = (CHECKOUT / "docs" / "performance.md").read_text("utf-8").partition("## On Neo4j")[2]
    measured = re.search(r"^\| \*\*First load : the bare driver\*\* \|.*\*\*([\d.]+)\*\* \|$", page, re.MULTILINE)
    assert quoted is not None
    assert measured is not None
    assert quoted[1] == measured[1]
