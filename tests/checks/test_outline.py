"""Outlines: what is known of files that are not looked at again never changes what a check finds."""

from __future__ import annotations

import random
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from negograph.checks import project as checking
from negograph.checks.project import Checked, check_project
from negograph.graph.mapping import map_files, map_graph
from negograph.model.model import Model
from negograph.model.schema_files import load_model
from negograph.project import open_project
from negograph.seeds.cache import Cache, cache_folder
from negograph.seeds.records import FileRecords
from tests.checks.test_mutations import MUTATIONS, mutated
from tests.conftest import FERRY


def in_files_of_two_facts(folder: Path) -> None:
    """The ferry's project with its facts spread over many files."""
    shutil.copytree(FERRY, folder, ignore=shutil.ignore_patterns(".negograph"))
    facts = folder / "seeds" / "facts.yaml"
    entries = re.split(r"^(?=  - id:)", facts.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    facts.unlink()
    for number in range(0, len(entries), 2):
        written = "facts:\n" + "".join(entries[number : number + 2])
        (folder / "seeds" / f"facts-{number:02}.yaml").write_text(written, encoding="utf-8")


def found(checked: Checked) -> tuple[object, ...]:
    return checked.problems, checked.quotes, checked.unverified, checked.entry_count, checked.fact_count


@pytest.fixture
def looked_at(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Which files each check looks at in full."""
    seen: list[list[str]] = []
    check = checking.check

    def counting(files: list[FileRecords], *rest: object) -> object:
        seen.append([record.id for file in files for record in file.records if record.label == "Fact"])
        return check(files, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(checking, "check", counting)
    return seen


def test_the_facts_of_a_file_in_order_are_not_looked_at_again(tmp_path: Path, model: Model, looked_at: list[list[str]]) -> None:
    folder = tmp_path / "ferry"
    in_files_of_two_facts(folder)
    project = open_project(folder, {})
    first = check_project(project, model)
    assert not first.errors
    assert found(check_project(project, model)) == found(first)
    changed = sorted((folder / "seeds").glob("facts-*"))[1]
    changed.write_text(changed.read_text(encoding="utf-8") + "# changed\n", encoding="utf-8")
    assert found(check_project(project, model)) == found(first)
    assert [len(facts) for facts in looked_at] == [first.fact_count, 0, 2]


FOLLOWS_ON = """\
edges:
  - {type: FOLLOWS_ON, key: follows_on, of: [Fact, Proposal], to: [Fact], definition: The earlier act.}
"""
FACT = "{{id: {0}, action: offered, by: a, what: plan, date: {1}, evidence: [{{document: d, quote: {0}}}]}}"


@pytest.mark.parametrize("naming", ["proposal", "fact"])
def test_a_reference_to_a_fact_is_checked_where_only_the_file_of_the_fact_changes(
    project: Callable[..., Path], naming: str
) -> None:
    base = "parties: [{id: a, name: Ay, kind: state}]\ndocuments: [{id: d, kind: article, name: D}]\n"
    own = ", follows_on: f" if naming == "proposal" else ""
    later = FACT.format("g", 2022).replace("date:", "follows_on: f, date:") if naming == "fact" else FACT.format("g", 2022)
    folder = project(
        base=f"{base}proposals: [{{id: plan, name: The plan{own}}}]\n",
        later=f"facts: [{later}]\n",
        first=f"facts: [{FACT.format('f', 2021)}]\n",
    )
    (folder / "schema").mkdir()
    (folder / "schema" / "own.yaml").write_text(FOLLOWS_ON, encoding="utf-8")
    opened = open_project(folder, {})
    own_model = load_model(opened.schema_folders())
    for _ in range(2):
        checked = check_project(opened, own_model)
        assert not checked.errors
        assert checked.dataset is not None
        graph = map_files(checked.dataset, checked.files, own_model, Cache(cache_folder(), repr(own_model)))
        assert graph.digests == map_graph(checked.dataset, checked.records, own_model).digests
    (folder / "seeds" / "first.yaml").write_text(f"facts: [{FACT.format('ff', 2021)}]\n", encoding="utf-8")
    assert [problem.code for problem in check_project(opened, own_model).errors] == ["unknown-id"]


def test_whatever_changes_a_check_that_remembers_finds_what_one_that_does_not_finds(tmp_path: Path, model: Model) -> None:
    folder = tmp_path / "ferry"
    in_files_of_two_facts(folder)
    project = open_project(folder, {})
    cache = cache_folder()
    assert cache is not None
    before = {path: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
    spared = 0
    for number in range(max(100, MUTATIONS // 20)):
        chance = random.Random(number)
        path = chance.choice(list(before))
        if path.suffix == ".yaml" or path.suffix == ".txt":
            path.write_bytes(chance.choice((before[path], mutated(path.read_bytes() or before[path], chance))))
        if chance.random() < 0.5:  # mostly a few mistakes at a time, so that there is something to be spared
            for other, content in before.items():
                other.write_bytes(content)
        remembering = check_project(project, model)
        shutil.move(cache, tmp_path / "kept")
        assert found(check_project(project, model)) == found(remembering), f"after change {number}, of {path.name}"
        shutil.rmtree(cache)
        shutil.move(tmp_path / "kept", cache)
        spared += not remembering.errors
    assert spared > 10
