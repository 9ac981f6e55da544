"""The commands for those who curate: init, check, quote, where, schema."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

import negograph as package
from negograph.project import JSON_SCHEMA
from tests.cli.test_cli import negograph
from tests.conftest import CHECKOUT, FERRY


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project as `negograph init` makes it."""
    done = negograph("init", "talks", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    return tmp_path / "talks"


def break_it(project: Path) -> None:
    """One error in each of two files, and a warning, which the errors hide."""
    (project / "seeds" / "b.yaml").write_text("issues:\n  - {id: fares, name: Fares, part_of: fery}\n")
    (project / "seeds" / "a.yaml").write_text("parties:\n  - {id: east, nam: Eastbank, kind: state}\n")


def warn(project: Path) -> None:
    (project / "seeds" / "c.yaml").write_text("issues: [{id: fares, name: Fares}]\n")


FACT = """\
facts:
  - id: north-offers-night-ferry
    action: offered
    by: north
    what: night-ferry
    date: 2021-05-02
    evidence:"""


def only_text(project: Path, text: str) -> None:
    """The text of the courier, without facts that were found in another one."""
    documents = project / "seeds" / "documents.yaml"
    documents.write_text(
        re.sub(r", (sha256|characters): \w+|^ *(sha256|characters): .*\n", "", documents.read_text(), flags=re.M)
    )
    (project / "texts" / "courier.txt").write_text(text, encoding="utf-8")
    (project / "seeds" / "facts.yaml").unlink()


class TestInit:
    def test_the_project_checks_clean_loads_and_answers(self, project: Path) -> None:
        done = negograph("check", "--strict", cwd=project)
        assert (done.returncode, done.stdout) == (0, "")
        assert done.stderr == (
            "checked .: 18 entries, 5 of them facts; 5 of 5 quotes looked up\n"
            "note: 2 items only `concerns` issues: shared-wages; lower-fares; who is for them is neither for nor against these "
            "issues. `furthers` and `hinders` say more\n"
        )
        assert negograph("load", cwd=project).returncode == 0
        rows = json.loads(negograph("query", "demands", "--format", "json", cwd=project).stdout)
        assert [(row["demand"], row["status"]) for row in rows] == [("Lower fares for those who cross to work", "unanswered")]
        asked = ["query", "sequence", "-p", "action=rejected,left_unanswered", "--format", "json"]
        against = json.loads(negograph(*asked, cwd=project).stdout)
        assert [(*row["by"], row["attribution"]) for row in against] == [("Southbank", "alleged"), ("Southbank", "own")]

    def test_it_lists_what_it_wrote_and_says_what_comes_next(self, tmp_path: Path) -> None:
        done = negograph("init", "new/talks", cwd=tmp_path)
        written = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
        assert set(done.stdout.split()) == written
        assert "new/talks/.gitignore" in written
        commands = re.findall(r"negograph (.*?)(?:,|$)", done.stderr)
        assert commands == ["check new/talks", "load --project new/talks --embedded"]

    def test_in_the_current_folder_beside_other_files(self, tmp_path: Path) -> None:
        (tmp_path / "README.md").write_text("mine")
        assert negograph("init", ".", cwd=tmp_path).returncode == 0
        assert (tmp_path / "README.md").read_text() == "mine"
        assert negograph("check", cwd=tmp_path).returncode == 0

    def test_nothing_is_written_through_a_link(self, tmp_path: Path) -> None:
        (tmp_path / "outside").mkdir()
        (tmp_path / "talks").mkdir()
        (tmp_path / "talks" / "seeds").symlink_to("../outside")
        done = negograph("init", "talks", cwd=tmp_path)
        assert (done.returncode, list((tmp_path / "outside").iterdir())) == (1, [])
        assert "talks/seeds is there already" in done.stderr

    @pytest.mark.parametrize("mine", ["seeds/facts.yaml", "seeds/deep/mine.yml", ".gitignore", "texts/courier.txt"])
    def test_nothing_is_overwritten(self, tmp_path: Path, mine: str) -> None:
        (tmp_path / mine).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / mine).write_text("mine")
        done = negograph("init", ".", cwd=tmp_path)
        assert (done.returncode, done.stdout) == (1, "")
        assert "nothing is overwritten" in done.stderr
        assert [path.read_text() for path in tmp_path.rglob("*") if path.is_file()] == ["mine"]


class TestCheck:
    def test_all_problems_of_all_files_by_file_and_line_with_the_line_itself(self, project: Path) -> None:
        break_it(project)
        done = negograph("check", cwd=project)
        assert done.returncode == 1
        assert [line for line in done.stdout.splitlines() if line.startswith("seeds/")] == [
            "seeds/a.yaml:2:16: error[unknown-key]: unknown key 'nam' of Party; did you mean 'name'? "
            "(keys: id, name, kind, aliases, short, note, member_of, partner_of, participants, formerly)",
            "seeds/b.yaml:2:39: error[unknown-id]: no entry has the id 'fery'; did you mean 'ferry'?",
        ]
        assert (
            "  2 |   - {id: fares, name: Fares, part_of: fery}\n    |                                       ^^^^\n" in done.stdout
        )
        assert done.stderr.endswith("2 errors, 0 warnings\n")

    def test_warnings_end_with_0_but_not_where_they_are_errors(self, project: Path) -> None:
        warn(project)
        done = negograph("check", cwd=project)
        assert (done.returncode, done.stdout.split(":")[3].strip()) == (0, "warning[unused]")
        assert done.stderr.endswith("0 errors, 1 warning\n")
        strict = negograph("check", "--strict", cwd=project)
        assert (strict.returncode, strict.stdout.split(":")[3].strip()) == (1, "error[unused]")
        assert strict.stderr.endswith("1 error, 0 warnings\n")

    def test_a_load_says_that_there_are_warnings_and_loads(self, project: Path) -> None:
        warn(project)
        done = negograph("load", cwd=project)
        assert done.returncode == 0
        assert "note: 1 warning; `negograph check` shows it\n" in done.stderr

    def test_json_is_one_list_and_nothing_else_is_on_standard_output(self, project: Path) -> None:
        assert json.loads(negograph("check", "--format", "json", cwd=project).stdout) == []
        break_it(project)
        problems = json.loads(negograph("check", "--format", "json", cwd=project).stdout)
        assert [(problem["file"], problem["code"]) for problem in problems] == [
            ("seeds/a.yaml", "unknown-key"),
            ("seeds/b.yaml", "unknown-id"),
        ]

    def test_github_gets_annotations_with_paths_from_the_current_folder(self, project: Path) -> None:
        break_it(project)
        done = negograph("check", "--format", "github", "talks", cwd=project.parent)
        assert [line.split(",")[0] for line in done.stdout.splitlines()] == [
            "::error file=talks/seeds/a.yaml",
            "::error file=talks/seeds/b.yaml",
        ]

    @pytest.mark.parametrize(
        ("where", "paths", "shown"),
        [
            (".", ["seeds/a.yaml"], ["a.yaml"]),
            (".", ["seeds"], ["a.yaml", "b.yaml"]),
            (".", ["seeds/facts.yaml"], []),
            ("seeds", ["b.yaml"], ["b.yaml"]),
            ("..", ["talks/seeds/b.yaml", "talks/seeds/a.yaml"], ["a.yaml", "b.yaml"]),
            ("..", ["talks"], ["a.yaml", "b.yaml"]),
        ],
    )
    def test_of_what_is_named_the_problems_are_shown(self, project: Path, where: str, paths: list[str], shown: list[str]) -> None:
        break_it(project)
        done = negograph("check", "--format", "json", *paths, cwd=project / where)
        assert [Path(problem["file"]).name for problem in json.loads(done.stdout)] == shown
        assert done.returncode == (1 if shown else 0)
        for problem in json.loads(done.stdout):
            assert (project / where / problem["file"]).is_file()
        if len(shown) < 2:
            assert re.search(rf"note: {2 - len(shown)} problems? in other files", done.stderr)

    def test_several_projects_in_one_run(self, project: Path, tmp_path: Path) -> None:
        shutil.copytree(project, tmp_path / "more")
        break_it(tmp_path / "more")
        done = negograph("check", "--format", "json", "talks", "more", cwd=tmp_path)
        assert [problem["file"] for problem in json.loads(done.stdout)] == ["more/seeds/a.yaml", "more/seeds/b.yaml"]

    def test_a_link_to_itself_is_a_problem(self, project: Path) -> None:
        (project / "seeds" / "x.yaml").symlink_to("x.yaml")
        for paths in ([], ["seeds"]):
            done = negograph("check", *paths, cwd=project)
            assert done.returncode == 1
            assert done.stdout.startswith("seeds/x.yaml:1:1: error[unreadable]: cannot read the file")

    def test_what_lies_beside_the_project_is_not_taken_for_it(self, project: Path) -> None:
        (project.parent / "other").mkdir()
        (project.parent / "other" / "x.yaml").write_text("facts: [")
        done = negograph("check", "../other/x.yaml", cwd=project)
        assert (done.returncode, done.stdout) == (2, "")
        assert "is no project and in none" in done.stderr

    @pytest.mark.parametrize("path", ["seeds/facts.yaml", "seeds", ".", "texts"])
    def test_a_folder_called_seeds_in_the_seeds_is_no_project_of_its_own(self, project: Path, path: str) -> None:
        (project / "seeds" / "seeds").mkdir()
        assert "checked .: 18 entries" in negograph("check", path, cwd=project).stderr

    def test_with_project_what_is_named_must_be_in_it(self, project: Path) -> None:
        break_it(project)
        named = ["--project", "talks", "talks/seeds/b.yaml"]
        done = negograph("check", "--format", "json", *named, cwd=project.parent)
        assert [problem["file"] for problem in json.loads(done.stdout)] == ["talks/seeds/b.yaml"]
        shutil.copytree(project, project.parent / "more")
        done = negograph("check", "--project", "../more", "seeds/b.yaml", cwd=project)
        assert (done.returncode, done.stdout) == (2, "")
        assert "seeds/b.yaml is not in ../more, which --project names" in done.stderr

    @pytest.mark.parametrize(("path", "said"), [("gone", "does not exist"), ("texts", "no project")])
    def test_a_path_that_is_in_no_project_is_wrong_usage(self, tmp_path: Path, path: str, said: str) -> None:
        (tmp_path / "texts").mkdir()
        done = negograph("check", path, cwd=tmp_path)
        assert (done.returncode, done.stdout) == (2, "")
        assert said in done.stderr

    def test_a_wrong_schema_is_a_problem_too(self, project: Path) -> None:
        (project / "schema" / "own.yaml").write_text("nodes: {Party: {properties: {founded: {type: year}}}}\n")
        problems = json.loads(negograph("check", "--format", "json", cwd=project).stdout)
        assert {(problem["file"], problem["code"]) for problem in problems} == {("schema/own.yaml", "schema")}

    def test_without_the_texts_it_says_how_many_quotes_were_not_looked_up(self, project: Path) -> None:
        shutil.rmtree(project / "texts")
        done = negograph("check", cwd=project)
        assert (done.returncode, done.stdout) == (0, "")
        assert "0 of 5 quotes looked up, the other texts are not in texts\n" in done.stderr

    def test_it_is_there_for_python(self, project: Path) -> None:
        assert package.check(project) == []
        break_it(project)
        problems = package.check(project / "seeds" / "facts.yaml")
        assert [(problem.position.line, problem.code, problem.severity) for problem in problems] == [
            (2, "unknown-key", "error"),
            (2, "unknown-id", "error"),
        ]
        with pytest.raises(package.NegographError, match="no seeds/"):
            package.check(project.parent)


class TestExplain:
    def test_a_code_or_the_whole_page(self, tmp_path: Path) -> None:
        one = negograph("explain", "unknown-id", cwd=tmp_path).stdout
        assert one.startswith("### unknown-id\n\n*Error.* A reference to an id that no entry has")
        assert one in negograph("explain", cwd=tmp_path).stdout == (CHECKOUT / "docs/problems.md").read_text(encoding="utf-8")

    def test_an_unknown_code_is_wrong_usage(self, tmp_path: Path) -> None:
        done = negograph("explain", "unknown-ids", cwd=tmp_path)
        assert (done.returncode, done.stdout) == (2, "")
        assert "did you mean 'unknown-id'?" in done.stderr


class TestQuote:
    def test_the_entry_can_be_pasted(self, project: Path) -> None:
        done = negograph("quote", "courier", "the mayor said", cwd=project)
        assert done.returncode == 0
        assert done.stdout.count("# texts/courier.txt, line ") == 2
        facts = project / "seeds" / "facts.yaml"
        facts.write_text(facts.read_text(encoding="utf-8").rstrip() + "\n" + done.stdout, encoding="utf-8")
        text = facts.read_text(encoding="utf-8")
        facts.write_text(re.sub(r"^(?=[#-] ?[{t])", "      ", text, flags=re.MULTILINE), encoding="utf-8")
        assert negograph("check", "--strict", cwd=project).returncode == 0

    def test_a_document_goes_by_its_name_and_words_need_no_quotation_marks(self, project: Path) -> None:
        done = negograph("quote", "courier of 4 may", "Nobody", "needs", "a", "ferry", cwd=project)
        assert done.stdout.splitlines()[1] == "- {document: courier, quote: Nobody needs a ferry}"

    @pytest.mark.parametrize(
        ("words", "said"),
        [
            (["courier", "we would run the ferry"], "nearest passage: 'we would run a ferry"),
            (["courier", "zyx"], "nor anything like them"),
            (["courrier", "ferry"], "did you mean 'courier'?"),
            (["league-letter", "ferry"], "names no text"),
        ],
    )
    def test_what_is_not_found_ends_with_1_and_says_what_is_near(self, project: Path, words: list[str], said: str) -> None:
        done = negograph("quote", *words, cwd=project)
        assert (done.returncode, done.stdout) == (1, "")
        assert said in done.stderr

    def test_a_text_that_is_not_there_is_said_to_be_missing(self, project: Path) -> None:
        shutil.rmtree(project / "texts")
        assert "is not there" in negograph("quote", "courier", "ferry", cwd=project).stderr

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("".join(chr(0x4E00 + number) for number in range(400)), "".join(chr(0x4E00 + number) for number in range(9, 332))),
            (f"at https://a.org/{'/'.join(map(str, range(90)))} it says", f"https://a.org/{'/'.join(map(str, range(90)))}"),
            ("\n".join([" ".join(f"w{number}" for number in range(60))] * 2), "w30"),
            ("\n".join([" ".join(f"w{number}" for number in range(30))] * 3), "w15"),
            ("Ten fer\u00adries\u200e will\u2060 run\x07 at night.", "Ten ferries will run"),
        ],
    )
    def test_what_it_prints_checks_clean_in_any_text(self, project: Path, text: str, words: str) -> None:
        only_text(project, text)
        done = negograph("quote", "courier", words, cwd=project)
        assert (done.returncode, "no quote can pin" in done.stderr) == (0, False)
        evidence = [f"      {line}" for line in done.stdout.splitlines()]
        (project / "seeds" / "facts.yaml").write_text("\n".join([FACT, *evidence, ""]), encoding="utf-8")
        checked = negograph("check", cwd=project)
        assert (checked.returncode, "error" in checked.stdout) == (0, False)  # only warnings, of what is used no more

    @pytest.mark.parametrize(
        ("text", "words", "said"),
        [
            (
                f"{'a' * 100} {'b' * 100}",
                f"{'a' * 100} {'b' * 100}",
                "line 1: no quote can pin this place: its words are too long",
            ),
            (
                " ".join(map(str, range(900))),
                " ".join(map(str, range(600))),
                "has 2289 characters, and a quote spans 2000 at most",
            ),
        ],
    )
    def test_where_no_quote_can_pin_a_place_it_says_why_and_ends_with_1(
        self, project: Path, text: str, words: str, said: str
    ) -> None:
        only_text(project, text)
        done = negograph("quote", "courier", words, cwd=project)
        assert (done.returncode, done.stdout) == (1, "")
        assert said in done.stderr

    def test_of_many_places_the_first_20_are_shown(self, project: Path) -> None:
        only_text(project, " ".join(f"the w{number}" for number in range(5000)))
        done = negograph("quote", "courier", "the", cwd=project)
        assert done.returncode == 0
        assert done.stdout.count("{document: courier, quote: the, ") == 20
        assert "5000 places, of which these are the first 20" in done.stderr


class TestWhere:
    def test_the_entry_and_all_that_refers_to_it_by_file_and_line(self, project: Path) -> None:
        done = negograph("where", "night-ferry", cwd=project)
        assert done.stdout.splitlines() == [
            "seeds/facts.yaml:11:11: what of Fact north-offers-night-ferry",
            "seeds/facts.yaml:23:11: what of Fact south-rejects-night-ferry",
            "seeds/items.yaml:12:10: Proposal night-ferry (A ferry at night)",
        ]

    def test_an_entry_goes_by_its_alias_too(self, project: Path) -> None:
        assert "Party north (Northbank)" in negograph("where", "the Northern town", cwd=project).stdout

    def test_an_id_goes_in_any_case_where_none_is_written_so(self, project: Path) -> None:
        exact = negograph("where", "night-ferry", cwd=project)
        assert negograph("where", "NIGHT-Ferry", cwd=project).stdout == exact.stdout

    def test_of_a_dataset_it_is_where_it_is_described(self, project: Path) -> None:
        (project / "seeds" / "dataset.yaml").write_text("dataset:\n  id: talks\n  title: The talks\n")
        done = negograph("where", "talks", cwd=project)
        assert (done.returncode, done.stdout) == (0, "seeds/dataset.yaml:2:7: Dataset talks (The talks)\n")

    @pytest.mark.parametrize("words", [["where", "league"], ["quote", "courier", "ferry"]])
    @pytest.mark.parametrize(
        "broken", ["facts: [", "facts:\n  - {id: f, too: league}\n", "fact: [{id: f}]", "facts: [{by: league}]"]
    )
    def test_while_other_files_are_broken_it_works_and_names_them(self, project: Path, words: list[str], broken: str) -> None:
        (project / "seeds" / "a.yaml").write_text(broken)
        done = negograph(*words, cwd=project)
        assert done.returncode == 0
        assert "note: seeds/a.yaml could not be read whole; `negograph check` says why\n" in done.stderr
        assert done.stderr.count("note") == 1

    def test_an_unknown_id_ends_with_1_and_a_hint(self, project: Path) -> None:
        done = negograph("where", "leage", cwd=project)
        assert (done.returncode, done.stdout) == (1, "")
        assert "did you mean 'league'?" in done.stderr


class TestSchema:
    def test_the_codebook_lists_every_action(self, tmp_path: Path) -> None:
        done = negograph("schema", cwd=tmp_path, COLUMNS="200")
        assert done.returncode == 0
        assert "coordinated_with" in done.stdout

    def test_the_json_schema_holds_what_the_project_adds(self, project: Path) -> None:
        (project / "schema" / "own.yaml").write_text(
            "nodes: {Party: {properties: {founded: {type: integer, definition: The year of its foundation.}}}}\n"
        )
        schema = json.loads(negograph("schema", "--json", cwd=project).stdout)
        assert schema["definitions"]["Party"]["properties"]["founded"]["type"] == "integer"
        assert negograph("schema", "--json", cwd=FERRY).stdout == (CHECKOUT / JSON_SCHEMA).read_text(encoding="utf-8")
