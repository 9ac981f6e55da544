"""Files: found and read, and never outside of the project, wherever links lead."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import negograph as package
from negograph.files import read_bytes, yaml_files
from negograph.problems.codes import CODES
from negograph.project import open_project
from negograph.recipes.files import usable_recipes
from tests.cli.test_cli import negograph

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")


def test_a_file_that_cannot_be_read_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "itself.yaml").symlink_to(tmp_path / "itself.yaml")
    (tmp_path / "large.yaml").write_bytes(b"")
    os.truncate(tmp_path / "large.yaml", 100_000_000)
    for name, code in (("gone", "unreadable"), ("itself", "unreadable"), ("large", "too-large")):
        content, problems = read_bytes(f"{name}.yaml", tmp_path / f"{name}.yaml", tmp_path)
        assert (content, [f"{problem.position}: {problem.code}" for problem in problems]) == (b"", [f"{name}.yaml:1:1: {code}"])


def test_yaml_files_are_found_in_folders_below_and_behind_links_and_hidden_ones_are_not(tmp_path: Path) -> None:
    for name in ("a.yaml", "b.YML", "c.txt", ".d.yaml", "below/e.yaml", ".hidden/f.yaml"):
        (tmp_path / "seeds" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "seeds" / name).write_text("")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "g.yaml").write_text("")
    (tmp_path / "seeds" / "link").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "seeds" / "loop").symlink_to(tmp_path / "seeds")
    (tmp_path / "seeds" / "gone.yaml").symlink_to(tmp_path / "nowhere.yaml")
    found = [path.relative_to(tmp_path / "seeds").as_posix() for path in yaml_files(tmp_path / "seeds")]
    assert found == ["a.yaml", "b.YML", "below/e.yaml", "gone.yaml", "link/g.yaml"]


SECRET = "parties: [{id: token, name: the secret, kind: state}]\n# the secret\n"


@pytest.fixture
def folder(project: Callable[..., Path], tmp_path: Path) -> Path:
    """A project beside which lies a folder with a secret: links to `../outside` lead there."""
    inside = project().rename(tmp_path.parent / f"{tmp_path.name}-project")
    tmp_path.mkdir()
    (inside.parent / "outside").mkdir(exist_ok=True)
    for name in ("secret.yaml", "secret.cypher", "secret.txt"):
        (inside.parent / "outside" / name).write_text(SECRET)
    return inside


def problems(folder: Path) -> list[str]:
    return [f"{problem.position}: {problem.code}" for problem in package.check(folder)]


@pytest.mark.parametrize(
    ("link", "goal", "found"),
    [
        ("seeds/x.yaml", "../../outside/secret.yaml", "seeds/x.yaml:1:1: outward-link"),
        ("seeds/below", "../../outside", "seeds/below:1:1: outward-link"),
        ("seeds/x.yaml", "/etc/passwd", "seeds/x.yaml:1:1: outward-link"),
        ("seeds/x.yaml", "/dev/zero", "seeds/x.yaml:1:1: outward-link"),
        ("schema", "../outside", "schema:1:1: outward-link"),
        ("schema/own.yaml", "../../outside/secret.yaml", "schema/own.yaml:1:1: outward-link"),
    ],
)
def test_a_link_that_leads_out_of_the_project_is_named_and_not_followed(folder: Path, link: str, goal: str, found: str) -> None:
    (folder / link).parent.mkdir(exist_ok=True)
    (folder / link).symlink_to(goal)
    assert problems(folder) == [found]
    for arguments in ([], [str(folder)], [str(folder / found.partition(":")[0])]):
        done = negograph("check", *arguments, cwd=folder)
        assert done.returncode == 1
        assert "a link leads out of" in done.stdout
        assert "secret" not in (done.stdout + done.stderr).replace("outside/secret.yaml", "")
        assert "root:" not in done.stdout + done.stderr


def test_seeds_behind_a_link_out_of_the_project_are_not_read(folder: Path) -> None:
    (folder / "seeds").rename(folder / "other")
    (folder / "seeds").symlink_to("../outside")
    assert "seeds:1:1: outward-link" in problems(folder)


@pytest.mark.parametrize(("link", "goal"), [("seeds/x.yaml", "../more/x.yaml"), ("seeds/below", "../more")])
@pytest.mark.parametrize("named", [".", "seeds", "{project}", "{project}/seeds"])
def test_a_link_within_the_project_works_and_its_mistakes_are_told(folder: Path, link: str, goal: str, named: str) -> None:
    (folder / "more").mkdir()
    (folder / "more" / "x.yaml").write_text("parties: [{id: east, nam: Eastbank, kind: state}]\n")
    (folder / link).symlink_to(goal)
    done = negograph("check", named.format(project=folder), cwd=folder)
    assert done.returncode == 1
    assert "error[unknown-key]" in done.stdout


@pytest.mark.parametrize("target", ["seeds", "elsewhere"])
def test_a_mistake_is_told_whichever_of_two_names_of_its_file_is_named(folder: Path, target: str) -> None:
    (folder / "more").mkdir()
    (folder / "more" / "x.yaml").write_text("parties: [{id: east, nam: Eastbank, kind: state}]\n")
    (folder / "seeds" / "x.yaml").symlink_to("../more/x.yaml")
    (folder / "elsewhere").symlink_to("more")
    assert negograph("check", target, cwd=folder).returncode == 1


def test_a_project_behind_a_link_is_one_like_others(folder: Path, tmp_path: Path) -> None:
    (folder / "seeds" / "x.yaml").write_text("parties: [{id: east, nam: Eastbank, kind: state}]\n")
    (tmp_path / "link").symlink_to(folder)
    assert negograph("check", "link", cwd=tmp_path).returncode == 1
    assert negograph("check", "link/seeds", cwd=tmp_path).returncode == 1


@pytest.mark.parametrize(("link", "goal"), [("queries", "../outside"), ("queries/secret.cypher", "../../outside/secret.cypher")])
def test_a_recipe_behind_a_link_out_of_the_project_is_not_read(folder: Path, link: str, goal: str) -> None:
    (folder / link).parent.mkdir(exist_ok=True)
    (folder / link).symlink_to(goal)
    recipes, broken = usable_recipes(open_project(folder, {}).recipe_folders())
    assert "secret" not in recipes
    assert ["a link leads out of" in problem.message for found in broken.values() for problem in found] == [True]
    assert "the secret" not in str(broken)


TEXT = "documents: [{id: d, kind: article, name: D, text: {file: d.txt}}]\n"
WITH_TEXT = f"{TEXT}parties: [{{id: a, name: Ay, kind: state}}]\n" + (
    "facts: [{id: f, action: supported, by: a, what: a, date: 2021, evidence: [{document: d, quote: the plan}]}]"
)


@pytest.mark.parametrize(
    ("link", "goal", "code"),
    [
        ("texts/d.txt", "../../outside/secret.txt", "outward-link"),
        ("texts/d.txt", "/etc/passwd", "outward-link"),
        ("texts", "../outside", "outward-link"),
        ("texts/d.txt", "gone.txt", "unreadable-text"),
        ("texts/d.txt", "d.txt", "unreadable-text"),
        ("texts", "gone", "unreadable-text"),
    ],
)
def test_a_text_behind_a_link_to_nothing_or_out_of_the_project_is_an_error(
    project: Callable[..., Path], folder: Path, link: str, goal: str, code: str
) -> None:
    (folder / "seeds" / "base.yaml").write_text(WITH_TEXT)
    (folder.parent / "outside" / "d.txt").write_text("the secret")
    (folder / link).parent.mkdir(exist_ok=True)
    (folder / link).symlink_to(goal)
    assert problems(folder) == [f"seeds/base.yaml:1:58: {code}"]
    done = negograph("check", cwd=folder)
    assert ("NEGOGRAPH_TEXTS" in done.stdout) == (code == "outward-link")
    assert "the secret" not in done.stdout
    assert "root:" not in done.stdout


def test_the_texts_that_the_user_names_may_be_anywhere_and_links_in_them_lead_no_further(folder: Path, tmp_path: Path) -> None:
    (folder / "seeds" / "base.yaml").write_text(WITH_TEXT)
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "d.txt").write_text("Ay spoke of the plan.")
    done = negograph("check", "--require-texts", cwd=folder, NEGOGRAPH_TEXTS=str(tmp_path / "corpus"))
    assert done.returncode == 0, done.stdout
    (tmp_path / "corpus" / "d.txt").rename(tmp_path / "d.txt")
    (tmp_path / "corpus" / "d.txt").symlink_to("../d.txt")
    done = negograph("check", cwd=folder, NEGOGRAPH_TEXTS=str(tmp_path / "corpus"))
    assert "error[outward-link]" in done.stdout


@pytest.mark.parametrize("strict", [[], ["--strict"]])
def test_a_text_that_is_merely_absent_is_counted_and_an_error_only_where_texts_are_required(
    folder: Path, strict: list[str]
) -> None:
    (folder / "seeds" / "base.yaml").write_text(WITH_TEXT)
    for _ in range(2):  # also of files that were found in order before
        done = negograph("check", *strict, cwd=folder)
        assert (done.returncode, done.stdout) == (0, "")
        assert "0 of 1 quote looked up" in done.stderr
        done = negograph("check", "--require-texts", *strict, cwd=folder)
        assert done.returncode == 1
        assert done.stdout.startswith("seeds/base.yaml:1:58: error[missing-text]: ")


def test_the_codes_of_what_is_not_read_are_explained() -> None:
    assert {"outward-link", "missing-text", "unreadable", "too-large"} <= CODES.keys()
