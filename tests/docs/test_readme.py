"""README.md says what is so: its commands exist, its example loads, its list of recipes is complete."""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from negograph import __version__
from negograph.cli import main
from negograph.database.store import Store, open_store
from negograph.database.target import EmbeddedTarget
from negograph.graph.status import STATUSES
from negograph.project import shipped
from negograph.recipes.check import check_recipes
from negograph.recipes.parameters import TYPES
from negograph.recipes.recipe import grouped, run_recipe
from tests.conftest import CHECKOUT, FERRY, checked_project, load_project, recipes_in

README = (CHECKOUT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"(?:^    .*\n(?:\n(?=    ))?)+", README, re.MULTILINE)
COMMANDS = [line.split("#")[0].strip() for block in BLOCKS for line in block.splitlines()]


@pytest.fixture
def ferry_store(tmp_path: Path) -> Iterator[Store]:
    with open_store(EmbeddedTarget(tmp_path / "engine"), print) as store:
        load_project(store, FERRY)
        yield store


def recipe_list() -> str:
    """The list of recipes as README shows it."""
    recipes = recipes_in(shipped("queries")).values()
    lines = ["| group | recipe | answers |", "|---|---|---|"]
    for recipe in grouped(recipes):
        takes = "".join(f" `{p.name}`" if p.required else f" [`{p.name}`]" for p in recipe.parameters)
        lines.append(f"| {recipe.group} | `{recipe.name}`{takes} | {recipe.description} |")
    return "\n".join(lines)


def test_the_list_of_recipes_is_current() -> None:
    shown = re.search(r"<!-- recipes: begin -->\n(.*?)<!-- recipes: end -->", README, re.DOTALL)
    assert shown is not None
    assert shown[1].strip() == recipe_list(), f"README.md should show:\n{recipe_list()}"


@pytest.mark.parametrize("line", [line for line in COMMANDS if line.startswith("negograph ")])
def test_every_command_in_the_readme_is_understood(line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "my-negotiation").mkdir()
    monkeypatch.chdir(tmp_path)
    words = shlex.split(line.split(" > ")[0])[1:]
    command = main.commands[words[0]]
    context = command.make_context(words[0], words[1:], parent=click.Context(main))
    if words[0] == "query" and not context.params["name"].endswith(".cypher"):
        recipe = recipes_in(shipped("queries"))[context.params["name"]]
        assert {given.partition("=")[0] for given in context.params["parameters"]} <= {p.name for p in recipe.parameters}


def test_make_targets_in_the_readme_exist() -> None:
    makefile = (CHECKOUT / "Makefile").read_text()
    targets = [line.split()[1] for line in COMMANDS if line.startswith("make ")]
    assert targets == ["demo", "test"]
    assert all(re.search(rf"^{target}:", makefile, re.MULTILINE) for target in targets)


def test_every_command_and_status_is_in_the_readme() -> None:
    assert all(f"negograph {name}" in README for name in main.commands)
    explained = {word.strip() for row in re.findall(r"^\| ([^|]+) \|", README, re.MULTILINE) for word in [row, *row.split(", ")]}
    assert explained.issuperset(STATUSES)


def test_the_example_of_a_project_checks_clean(project: Callable[..., Path]) -> None:
    example, schema = (block for block in re.findall(r"```yaml\n(.*?)```", README, re.DOTALL) if re.match("dataset|nodes", block))
    words = "id: m, action: mediated_between, by: north, to: south, date: 2021"
    mediated = f"facts: [{{{words}, evidence: [{{document: courier, quote: ferry}}]}}]"
    folder = project(dataset=example.replace("kind: state}", "kind: state, founded: 1900}"), more=mediated)
    (folder / "schema").mkdir()
    (folder / "schema" / "own.yaml").write_text(schema)
    (folder / "courier.txt").write_text("If Southbank pays half, we would run a ferry at night, the mayor said.")
    _, checked = checked_project(folder, folder)
    assert (checked.problems, checked.quotes, checked.unverified) == ((), 2, 0)


def test_the_hook_and_the_workflow_run_commands_that_exist() -> None:
    hooks, workflow = (
        yaml.safe_load(block) for block in re.findall(r"```yaml\n(.*?)```", README, re.DOTALL) if re.match("repos|on:", block)
    )
    (offered,) = yaml.safe_load((CHECKOUT / ".pre-commit-hooks.yaml").read_text())
    (used,) = hooks["repos"][0]["hooks"]
    assert (used["id"], hooks["repos"][0]["rev"]) == (offered["id"], f"v{__version__}")
    commands = [offered["entry"], *(step["run"] for step in workflow["jobs"]["check"]["steps"] if "run" in step)]
    for command in commands:
        words = shlex.split(command)
        if words[0] == "negograph":
            main.commands[words[1]].make_context(words[1], words[2:], parent=click.Context(main))
    assert re.search(offered["files"], "facts/seeds/deep/a.yaml")


def test_the_example_of_a_recipe_is_read_and_answers(ferry_store: Store, tmp_path: Path) -> None:
    example = re.search(r"```cypher\n(.*?)```", README, re.DOTALL)
    assert example is not None
    (tmp_path / "aliases.cypher").write_text(example[1], encoding="utf-8")
    answer = run_recipe(ferry_store, recipes_in(tmp_path)["aliases"], {"party": "northbank"})
    assert answer.rows == (("North Quay",), ("Northbank",), ("the northern town",))
    short = run_recipe(ferry_store, recipes_in(tmp_path)["aliases"], {"party": "northbank", "longest": 10})
    assert short.rows == (("North Quay",), ("Northbank",))
    assert check_recipes(recipes_in(tmp_path).values(), ferry_store.understands) == ()


def test_the_example_of_asking_from_python_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    example = re.search(r"```python\n(.*?)```", README, re.DOTALL)
    assert example is not None
    shutil.copytree(FERRY, tmp_path / "my-negotiation", ignore=shutil.ignore_patterns("answers"))
    with open_store(EmbeddedTarget(tmp_path / "my-negotiation" / ".negograph"), print) as store:
        load_project(store, tmp_path / "my-negotiation")
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    exec(compile(example[1], "README.md", "exec"), names)
    assert len(names["frame"]) == 12  # as in data/ferry/answers/congruence.json
    assert names["network"].edges["Northbank", "Étoile Ferries"]["weight"] == 11
    assert "evidence" in names["quotes"].columns


def test_the_types_of_parameters_in_the_readme_are_all_of_them() -> None:
    listed = re.search(r"Parameters are of the types (.*?);", README, re.DOTALL)
    assert listed is not None
    assert re.findall(r"`(\w+)`", listed[1]) == list(TYPES)


def test_paths_in_the_readme_exist() -> None:
    for path in re.findall(r"\]\(([^)#]+)\)", README):
        assert path.startswith("http") or (CHECKOUT / path).exists()
    for path in re.findall(r"^\| `([\w/]+/)` \|", README, re.MULTILINE):
        assert (CHECKOUT / path).is_dir()


def test_each_promise_of_the_security_page_names_the_tests_that_keep_it() -> None:
    page = (CHECKOUT / "SECURITY.md").read_text(encoding="utf-8")
    promised = page.partition("## What is promised\n")[2].partition("## What is not promised\n")[0]
    named = re.findall(r"`(tests/\w+\.py)`", promised)
    assert len(named) > 10
    assert [path for path in named if not (CHECKOUT / path).is_file()] == []
    for promise in re.split(r"\n\n|\n(?=- )", promised.strip()):
        assert re.search(r"`tests/", promise) or promise.endswith("nothing outside of it.**"), promise


def test_the_environment_variables_in_the_readme_are_those_of_the_example() -> None:
    named = set(re.findall(r"NEO4J_\w+", README))
    assert named == set(re.findall(r"^(NEO4J_\w+)=", (CHECKOUT / ".env.example").read_text(), re.MULTILINE))


def test_the_compose_file_and_the_readme_mean_the_same_versions() -> None:
    compose = yaml.safe_load((CHECKOUT / "docker-compose.yml").read_text())
    assert compose["services"]["neo4j"]["image"] == "neo4j:5.26-community"
    assert "5.26 or newer" in README
