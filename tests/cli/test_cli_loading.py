"""plan, load, verify, history, up, down and status, as users and scripts run them, on the embedded engine."""

from __future__ import annotations

import json
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest

from negograph.cli import main
from negograph.database.embedded.engine import start_engine, stay_up, take_down
from negograph.database.embedded.folder import lock_of
from negograph.database.store import Store, open_store
from negograph.database.target import EmbeddedTarget
from negograph.graph.plan import LoadCounts
from tests.cli.test_cli import negograph
from tests.conftest import cypher, interruptible

BASE = """\
parties:
  - {id: a, name: Ay, kind: state}
  - {id: b, name: Be, kind: state, note: old}
  - {id: c, name: Ce, kind: state}
documents: [{id: d, kind: article, name: D}]
proposals:
  - {id: plan, name: The plan}
facts:
  - {id: f, action: offered, by: a, to: b, what: plan, date: 2021, evidence: [{document: d, quote: q}]}
  - {id: g, action: rejected, by: b, what: plan, date: 2021, evidence: [{document: d, quote: r}]}
"""


class Curated:
    """A project with its embedded engine, on which the commands run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = folder / "seeds" / "base.yaml"

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        return negograph(*words, cwd=self.folder)

    def edit(self, old: str, new: str) -> None:
        text = self.file.read_text(encoding="utf-8")
        assert old in text
        self.file.write_text(text.replace(old, new), encoding="utf-8")

    def by_hand(self, statement: str) -> list[list[object]]:
        with open_store(EmbeddedTarget(self.folder / ".negograph"), print) as store:
            return cypher(store, statement)

    def git(self, *words: str) -> None:
        identity = ["-c", "user.name=Curator", "-c", "user.email=curator@example.org"]
        subprocess.run(["git", "-C", self.folder, *identity, *words], check=True, capture_output=True)


@pytest.fixture(scope="module")
def kept_up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Curated]:
    """One project for the tests of this file: its engine runs, so that commands need not start it."""
    made = Curated(tmp_path_factory.mktemp("loading") / "project")
    made.folder.mkdir()
    yield made
    take_down(made.folder / ".negograph")


@pytest.fixture
def curated(kept_up: Curated) -> Curated:
    """A project that was loaded, into an engine that held nothing before."""
    for path in kept_up.folder.iterdir():
        if path.name != ".negograph":
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    stay_up(kept_up.folder / ".negograph", print)
    kept_up.by_hand("MATCH (n) DETACH DELETE n")
    return in_its_first_state(kept_up)


def in_its_first_state(made: Curated) -> Curated:
    (made.folder / "seeds").mkdir()
    made.file.write_text(BASE, encoding="utf-8")
    (made.folder / "seeds" / "dataset.yaml").write_text("dataset: {id: small, title: A small dataset}\n", encoding="utf-8")
    assert made.run("load").returncode == 0
    return made


class TestPlan:
    def test_it_ends_with_0_and_where_it_is_asked_with_3_for_changes_and_with_1_if_it_failed(self, curated: Curated) -> None:
        done = curated.run("plan")
        assert (done.returncode, done.stdout) == (0, "A small dataset: nothing to do\n")
        assert curated.run("plan", "--exit-code").returncode == 0
        curated.edit("note: old", "note: new")
        assert curated.run("plan").returncode == 0
        assert curated.run("plan", "--exit-code").returncode == 3
        curated.edit("by: a,", "by: x,")
        assert curated.run("plan", "--exit-code").returncode == 1

    def test_it_shows_each_entry_with_its_line_and_what_changes(self, curated: Curated) -> None:
        curated.edit("note: old", "note: new")
        curated.edit("{id: c, name: Ce, kind: state}", "{id: e, name: Ee, kind: state}")
        curated.edit("id: plan, name: The plan", "id: idea, name: The plan, formerly: [plan]")
        curated.edit("what: plan", "what: idea")
        curated.edit("to: b, ", "")
        curated.edit("date: 2021, evidence: [{document: d, quote: r}]", DATE_2022)
        done = curated.run("plan")
        assert done.stdout == PLAN
        assert curated.run("load").stdout.splitlines()[1] == "entries: 1 added, 3 changed, 1 renamed, 1 removed"
        assert curated.run("plan").returncode == 0

    def test_what_goes_is_shown_where_git_knows_it_last(self, curated: Curated) -> None:
        curated.git("init", "-q")
        curated.git("add", "seeds")
        curated.git("commit", "-qm", "one")
        curated.edit("  - {id: c, name: Ce, kind: state}\n", "")
        assert "  - c (Ce)  was in seeds/base.yaml:4\n" in curated.run("plan").stdout
        curated.git("commit", "-qam", "two")
        assert re.search(r"  - c \(Ce\)  was in seeds/base\.yaml:4, before commit [0-9a-f]+\n", curated.run("plan").stdout)
        curated.edit("  - {id: b,", "  - {id: c-2, name: Ce, kind: state}\n  - {id: b,")
        curated.git("commit", "-qam", "an id that begins like it")
        assert "  - c (Ce)  was in seeds/base.yaml:4, before commit" in curated.run("plan").stdout

    def test_an_id_in_quotation_marks_is_found_in_git_too(self, curated: Curated) -> None:
        curated.edit("id: c,", 'id: "c",')
        for words in (["init", "-q"], ["add", "seeds"], ["commit", "-qm", "one"]):
            curated.git(*words)
        curated.edit('  - {id: "c", name: Ce, kind: state}\n', "")
        curated.git("commit", "-qam", "two")
        assert "  - c (Ce)  was in seeds/base.yaml:4, before commit" in curated.run("plan").stdout

    def test_as_json_it_has_whole_values(self, curated: Curated) -> None:
        curated.edit("note: old", f"note: {'very ' * 30}new")
        content = json.loads(curated.run("plan", "--format", "json").stdout)
        assert content["totals"] == {"added": 0, "changed": 1, "renamed": 0, "retracted": 0, "merged": 0, "removed": 0}
        (entry,) = content["entries"]
        assert (entry["change"], entry["label"], entry["id"], entry["place"]) == ("changed", "Party", "b", "seeds/base.yaml:3:10")
        assert entry["properties"] == {"note": ["old", "very " * 30 + "new"]}

    def test_as_markdown_names_cannot_break_it(self, curated: Curated) -> None:
        curated.edit("name: Ce", "name: 'C|e <b>`x`</b>'")
        lines = curated.run("plan", "--format", "md").stdout.splitlines()
        assert lines[0] == "### A small dataset: 0 added, 1 changed, 0 removed"
        assert "- **~** `c` C\\|e \\<b\\>\\`x\\`\\</b\\> — `seeds/base.yaml:4:10`" in lines

    def test_it_shows_why_the_status_of_an_item_changes(self, curated: Curated) -> None:
        curated.edit("quote: r}]}\n", f"quote: r}}]}}\n  - {{id: h, action: accepted, by: b, what: plan, {DATE_2022}}}\n")
        assert curated.run("plan").stdout.partition("Proposal (1)\n")[2].splitlines()[:4] == [
            "  ~ plan (The plan)  seeds/base.yaml:7:10",
            '      status: "rejected" -> "accepted"',
            "      ~ -STANDING-> g, until: (none) -> 2021-12-31",
            '      + -STANDING-> h, standing: "accepts", party: "b", since: 2022-01-01',
        ]
        entries = json.loads(curated.run("plan", "--format", "json").stdout)["entries"]
        (added,) = [edge for one in entries if one["id"] == "plan" for edge in one["edges"] if edge["change"] == "added"]
        assert added["properties"] == {"standing": [None, "accepts"], "party": [None, "b"], "since": [None, "2022-01-01"]}

    def test_what_tells_a_standing_of_a_renamed_party_follows(self, curated: Curated) -> None:
        curated.edit("{id: b, ", "{id: bb, formerly: [b], ")
        curated.edit("to: b,", "to: bb,")
        curated.edit("by: b,", "by: bb,")
        assert "0 added, 0 changed, 1 renamed, 0 removed; 3 that refer to these follow" in curated.run("plan").stdout

    def test_as_markdown_names_call_nobody_and_link_nowhere(self, curated: Curated) -> None:
        curated.edit("name: Ce", "name: 'Ce (@ce, #1)'")
        lines = curated.run("plan", "--format", "md").stdout.splitlines()
        assert "- **~** `c` Ce (@&#8203;ce, \\#&#8203;1) — `seeds/base.yaml:4:10`" in lines
        assert '  - `name: "Ce" -> "Ce (@ce, #1)"`' in lines

    def test_it_says_where_a_load_stops(self, curated: Curated) -> None:
        curated.edit("  - {id: c, name: Ce, kind: state}\n", "")
        assert "negograph load" not in curated.run("plan").stderr
        curated.by_hand("MATCH (p:Party {id: 'c'}) SET p.colour = 'red'")
        assert "note: `negograph load` stops at what others put there, marked with !" in curated.run("plan").stderr
        curated.edit("  - {id: g, action: rejected, by: b, what: plan, date: 2021, evidence: [{document: d, quote: r}]}\n", "")
        assert "`negograph load` asks first, or needs --yes" in curated.run("load", "--dry-run").stderr

    def test_a_slip_in_a_former_id_is_said(self, curated: Curated) -> None:
        curated.edit("{id: c, name: Ce", "{id: e, name: Ce, formerly: [cc]")
        said = "note: added as new, because nothing of their kind has an id of their `formerly`: e\n"
        assert said in curated.run("plan").stderr
        curated.edit("formerly: [cc]", "formerly: [c]")
        assert "added as new" not in curated.run("plan").stderr

    def test_another_dataset_in_the_same_database_is_said(self, curated: Curated) -> None:
        (curated.folder / "seeds" / "dataset.yaml").write_text("dataset: {id: other, title: Another}\n", encoding="utf-8")
        for old, new in (("id: a,", "id: a2,"), ("id: b,", "id: b2,"), ("id: c,", "id: c2,"), ("id: d,", "id: d2,")):
            curated.edit(old, new)
        text = curated.file.read_text(encoding="utf-8").replace("by: a,", "by: a2,").replace("by: b,", "by: b2,")
        text = text.replace("to: b,", "to: b2,").replace("document: d,", "document: d2,").replace("plan", "plan2")
        curated.file.write_text(text.replace("id: f,", "id: f2,").replace("id: g,", "id: g2,"), encoding="utf-8")
        done = curated.run("load")
        assert (done.returncode, "the database holds another dataset, small; recipes answer from all" in done.stderr) == (0, True)
        assert "note: the graph holds 2 datasets, other, small" in curated.run("query", "overview").stderr

    def test_it_writes_nothing(self, curated: Curated) -> None:
        before = curated.by_hand("MATCH (n) RETURN properties(n) ORDER BY n.id")
        curated.edit("note: old", "note: new")
        curated.run("plan")
        curated.run("load", "--dry-run")
        assert curated.by_hand("MATCH (n) RETURN properties(n) ORDER BY n.id") == before


DATE_2022 = "date: 2022, evidence: [{document: d, quote: s}]"

PLAN = """\
Fact (2)
  ~ f (Ay offered: The plan)  seeds/base.yaml:9:10
      name: "Ay offered to Be: The plan" -> "Ay offered: The plan"
      - -TO-> b
  ~ g (Be rejected: The plan)  seeds/base.yaml:10:10
      date: "2021" -> "2022"
      date_from: 2021-01-01 -> 2022-01-01
      date_to: 2021-12-31 -> 2022-12-31
      known_from: 2021-01-01 -> 2022-01-01
      ~ -EVIDENCED_BY-> d, quote: "r" -> "s"
      ~ b -REJECTED-> idea, date: "2021" -> "2022", date_from: 2021-01-01 -> 2022-01-01, date_to: 2021-12-31 -> 2022-12-31, \
known_from: 2021-01-01 -> 2022-01-01, quote: "r" -> "s"

Party (3)
  ~ b (Be)  seeds/base.yaml:3:10
      note: "old" -> "new"
  - c (Ce)  no longer in the seeds
  + e (Ee)  seeds/base.yaml:4:10

Proposal (1)
  ~ idea (The plan), was plan  seeds/base.yaml:7:10
      formerly: (none) -> ["plan"]
      ~ -STANDING-> f, entry: "plan" -> "idea"
      ~ -STANDING-> g, entry: "plan" -> "idea", since: 2021-01-01 -> 2022-01-01

A small dataset: 1 added, 3 changed, 1 renamed, 1 removed
"""


class TestLoad:
    def test_a_large_removal_needs_to_be_meant(self, curated: Curated) -> None:
        curated.file.write_text(BASE.partition("facts:")[0], encoding="utf-8")
        done = curated.run("load")
        assert done.returncode == 1
        assert "the load would remove 2 of 7 entries of 'small'; see `negograph plan`, and load with --yes" in done.stderr
        done = curated.run("load", "--yes")
        assert (done.returncode, done.stdout.splitlines()[1]) == (0, "entries: 0 added, 1 changed, 2 removed")

    def test_a_state_that_the_checkout_does_not_contain_is_not_undone_unasked(self, curated: Curated) -> None:
        def git(*words: str) -> None:
            who = ("-c", "user.name=curator", "-c", "user.email=curator@example.org")
            subprocess.run(["git", "-C", str(curated.folder), *who, *words], check=True, capture_output=True)

        git("init", "-q")
        git("add", "seeds")
        git("commit", "-qm", "the beginning")
        curated.edit("note: old", "note: new")
        git("commit", "-qam", "a colleague's note")
        assert curated.run("load").returncode == 0
        git("checkout", "-q", "HEAD~1")  # a checkout that was not brought up to date
        newer = "the graph was loaded from a newer state, commit "
        assert newer in curated.run("plan").stderr
        done = curated.run("load")
        assert (done.returncode, newer in done.stderr, "load with --yes if that is meant" in done.stderr) == (1, True, True)
        assert curated.by_hand("MATCH (p:Party {id: 'b'}) RETURN p.note") == [["new"]]
        assert curated.run("load", "--yes").returncode == 0
        assert curated.by_hand("MATCH (p:Party {id: 'b'}) RETURN p.note") == [["old"]]
        git("checkout", "-q", "-")
        done = curated.run("load")
        assert (done.returncode, done.stdout.splitlines()[1]) == (0, "entries: 0 added, 1 changed, 0 removed")

    def test_what_others_put_on_a_node_that_goes_stops_it_or_is_written_to_a_file(self, curated: Curated) -> None:
        curated.by_hand(
            "MATCH (p:Party {id: 'c'}) SET p.colour = 'red' CREATE (p)-[:NEAR {km: 3}]->(:Place {id: 'q', name: 'Quay'})"
        )
        curated.edit("  - {id: c, name: Ce, kind: state}\n", "")
        shown = curated.run("plan").stdout
        assert "! added by hand: -NEAR-> q\n" in shown
        assert "! added by hand: .colour\n" in shown
        done = curated.run("load")
        assert done.returncode == 1
        assert "nothing was written: c -NEAR-> q; c .colour." in done.stderr
        done = curated.run("load", "--force")
        assert done.returncode == 0, done.stderr
        (saved,) = curated.folder.glob("removed-*.json")
        assert f"what others had put there is in {saved.name}" in done.stderr
        (node,) = json.loads(saved.read_text(encoding="utf-8"))
        assert (node["id"], node["properties"]["colour"], node["added"]) == ("c", "red", [".colour"])
        (edge,) = node["relationships"]
        assert (edge["type"], edge["properties"]) == ("NEAR", {"km": 3})
        assert edge["start"]["properties"]["id"] == "c"
        assert edge["end"] == {"labels": ["Place"], "properties": {"id": "q", "name": "Quay"}}
        assert curated.by_hand("MATCH (p:Place) RETURN p.name") == [["Quay"]]

    def test_a_node_of_others_without_an_id_is_written_to_the_file_with_all_that_it_is(self, curated: Curated) -> None:
        curated.by_hand("MATCH (p:Party {id: 'c'}) CREATE (:Note {text: 'mine'})-[:ON]->(p)")
        curated.edit("  - {id: c, name: Ce, kind: state}\n", "")
        assert "! added by hand: <-ON- (:Note)\n" in curated.run("plan").stdout
        assert curated.run("load", "--force").returncode == 0
        (saved,) = curated.folder.glob("removed-*.json")
        (node,) = json.loads(saved.read_text(encoding="utf-8"))
        assert node["relationships"][0]["start"] == {"labels": ["Note"], "properties": {"text": "mine"}}

    def test_what_others_put_on_an_edge_that_goes_stops_it_or_is_written_to_a_file(self, curated: Curated) -> None:
        curated.by_hand("MATCH ()-[r:REJECTED]->() SET r.remark = 'mine'")
        curated.edit("action: rejected", "action: accepted")
        lost = 'b -REJECTED-> plan .remark = "mine" was added by hand'
        assert f"! {lost}\n" in curated.run("plan").stdout
        assert json.loads(curated.run("plan", "--format", "json").stdout)["losses"] == [lost]
        assert f"- **!** `{lost}`\n" in curated.run("plan", "--format", "md").stdout
        done = curated.run("load")
        assert (done.returncode, f"nothing was written: {lost}." in done.stderr) == (1, True)
        assert curated.run("load", "--force").returncode == 0
        (saved,) = curated.folder.glob("removed-*.json")
        (edge,) = json.loads(saved.read_text(encoding="utf-8"))
        assert (edge["type"], edge["start"], edge["added"]) == ("REJECTED", {"label": "Party", "id": "b"}, [".remark"])
        assert edge["properties"]["remark"] == "mine"

    def test_the_file_stays_where_a_load_was_interrupted_after_it_was_committed(
        self, curated: Curated, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        curated.by_hand("MATCH (p:Party {id: 'c'}) SET p.colour = 'red'")
        curated.edit("  - {id: c, name: Ce, kind: state}\n", "")
        commit = Store.apply

        def interrupted(store: Store, *arguments: Any, **options: Any) -> LoadCounts:
            commit(store, *arguments, **options)
            raise KeyboardInterrupt

        monkeypatch.setattr(Store, "apply", interrupted)
        monkeypatch.delenv("NEGOGRAPH_TEXTS", raising=False)
        with pytest.raises((KeyboardInterrupt, click.Abort)):
            main(["load", "--force", "--embedded", "--project", str(curated.folder)], standalone_mode=False)
        assert curated.by_hand("MATCH (p:Party {id: 'c'}) RETURN p") == []
        (saved,) = curated.folder.glob("removed-*.json")
        assert f"what others had put there is in {saved}" in capsys.readouterr().err

    def test_a_merge_stops_like_a_removal(self, curated: Curated) -> None:
        curated.by_hand("MATCH (p:Party {id: 'c'}) CREATE (:Place {id: 'q'})-[:NEAR]->(p)")
        curated.edit("  - {id: c, name: Ce, kind: state}\n", "")
        curated.edit("id: a, name: Ay", "id: a, name: Ay, formerly: [c]")
        assert "  - c (Ce), merged into a  no longer in the seeds\n" in curated.run("plan").stdout
        done = curated.run("load")
        assert done.returncode == 1
        assert "c <-NEAR- q" in done.stderr

    def test_a_merge_whose_id_another_entry_takes_is_carried_out_whole(self, curated: Curated) -> None:
        curated.by_hand("MATCH (p:Party {id: 'b'}) CREATE (p)-[:NEAR]->(:Place {id: 'q'})")
        curated.edit("id: a, name: Ay", "id: a, name: Ay, formerly: [b]")
        curated.edit("  - {id: b, name: Be, kind: state, note: old}\n", "")
        curated.edit("id: c, name: Ce", "id: b, name: Ce, formerly: [c]")
        done = curated.run("load", "--yes")
        assert done.returncode == 1
        assert "nothing was written: b -NEAR-> q." in done.stderr
        shown = curated.run("plan").stdout
        assert "! added by hand: -NEAR-> q" in shown
        assert "      + -BY-> b\n      - -BY-> b (now a)\n" in shown
        assert curated.run("load", "--yes", "--force").returncode == 0
        (written,) = curated.folder.glob("removed-*.json")
        assert json.loads(written.read_text(encoding="utf-8"))[0]["relationships"][0]["type"] == "NEAR"
        assert curated.by_hand("MATCH (:Fact {id: 'g'})-[:BY]->(p)-[r:REJECTED]->(i) RETURN p.name, i.id") == [["Ce", "plan"]]
        assert curated.run("verify").returncode == 0

    def test_references_mean_the_entry_that_has_the_id_now(self, curated: Curated) -> None:
        curated.edit("  - {id: c, name: Ce, kind: state}", "  - {id: c, name: Ce, kind: state, member_of: a}")
        curated.run("load")
        curated.edit("id: a, name: Ay", "id: x, name: Be, formerly: [b]")
        curated.edit("id: b, name: Be", "id: b, name: Ay, formerly: [a]")
        curated.edit("id: x,", "id: a,")
        curated.edit(", note: old", "")
        assert curated.run("load").returncode == 0
        assert curated.run("plan").returncode == 0
        assert curated.run("verify").returncode == 0
        assert curated.by_hand("MATCH (:Party {id: 'c'})-[:MEMBER_OF]->(p) RETURN p.id, p.name") == [["a", "Be"]]

    def test_a_property_of_others_that_the_schema_takes_over_is_not_lost(self, curated: Curated) -> None:
        curated.by_hand("MATCH (p:Party) WHERE p.id IN ['a', 'c'] SET p.founded = 1900")
        (curated.folder / "schema").mkdir()
        own = "nodes: {Party: {properties: {founded: {type: integer, definition: The year.}}}}"
        (curated.folder / "schema" / "own.yaml").write_text(own, encoding="utf-8")
        curated.edit("id: a, name: Ay, kind: state", "id: a, name: Ay, kind: state, founded: 1850")
        done = curated.run("load")
        assert done.returncode == 1
        assert "nothing was written: a.founded = 1900 was added by hand; c.founded = 1900 was added by hand." in done.stderr
        assert curated.run("load", "--repair").returncode == 1
        assert curated.run("load", "--force").returncode == 0
        (saved,) = curated.folder.glob("removed-*.json")
        assert [(node["id"], node["properties"]) for node in json.loads(saved.read_text(encoding="utf-8"))] == [
            ("a", {"founded": 1900}),
            ("c", {"founded": 1900}),
        ]
        assert curated.run("verify").returncode == 0

    def test_a_property_of_others_on_a_relationship_that_the_schema_takes_over_is_not_lost(self, curated: Curated) -> None:
        (curated.folder / "schema").mkdir()
        own = curated.folder / "schema" / "own.yaml"
        edge = "edges:\n  - {type: ALLIED_WITH, key: allied_with, of: [Party], to: [Party], many: true, definition: Allies."
        own.write_text(f"{edge}}}\n", encoding="utf-8")
        curated.edit("name: Ay, kind: state}", "name: Ay, kind: state, allied_with: [c]}")
        assert curated.run("load").returncode == 0
        curated.by_hand("MATCH ()-[r:ALLIED_WITH]->() SET r.treaty = 'of 1949'")
        own.write_text(f"{edge}, properties: {{treaty: {{type: text, definition: By what.}}}}}}\n", encoding="utf-8")
        curated.edit("note: old", "note: new")
        done = curated.run("load")
        assert done.returncode == 1
        assert 'a -ALLIED_WITH-> c .treaty = "of 1949" was added by hand' in done.stderr
        assert curated.run("load", "--force").returncode == 0
        (written,) = curated.folder.glob("removed-*.json")
        assert json.loads(written.read_text(encoding="utf-8"))[0]["properties"]["treaty"] == "of 1949"
        assert curated.run("verify").returncode == 0

    def test_a_fact_whose_actor_was_taken_off_by_hand_gets_no_second_short_edge(self, curated: Curated) -> None:
        curated.by_hand("MATCH (:Fact {id: 'f'})-[r:BY]->() DELETE r")
        curated.edit(
            "what: plan, date: 2021, evidence: [{document: d, quote: q}]",
            "what: plan, date: 2020, evidence: [{document: d, quote: q}]",
        )
        assert curated.run("load").returncode == 0
        assert curated.by_hand("MATCH ()-[r:OFFERED]->() RETURN r.date") == [["2020"]]
        assert curated.run("verify").returncode == 0

    def test_a_property_of_others_whose_name_another_kind_has_is_not_lost_with_the_kind(self, curated: Curated) -> None:
        (curated.folder / "schema").mkdir()
        own = "nodes: {Demand: {properties: {deadline: {type: text, definition: Until when.}}}}"
        (curated.folder / "schema" / "own.yaml").write_text(own, encoding="utf-8")
        curated.run("load")
        curated.by_hand("MATCH (p:Proposal {id: 'plan'}) SET p.deadline = 'mine'")
        curated.edit("proposals:", "demands:")
        curated.edit("action: offered", "action: demanded")
        done = curated.run("load")
        assert (done.returncode, 'plan.deadline = "mine" was added by hand' in done.stderr) == (1, True)
        assert curated.by_hand("MATCH (p:Proposal {id: 'plan'}) RETURN p.deadline") == [["mine"]]
        assert curated.run("load", "--force").returncode == 0
        assert len(list(curated.folder.glob("removed-*.json"))) == 1

    def test_another_dataset_id_is_refused_by_the_plan_too(self, curated: Curated) -> None:
        (curated.folder / "seeds" / "dataset.yaml").write_text("dataset: {id: other, title: T}\n", encoding="utf-8")
        for command in ("plan", "load", "verify"):
            done = curated.run(command)
            assert (done.returncode, done.stdout) == (1, "")
            assert "(:Party {id: 'a'}) belongs to the dataset 'small'" in done.stderr

    def test_a_change_of_kind_says_what_it_was(self, curated: Curated) -> None:
        curated.edit("proposals:", "demands:")
        curated.edit("action: offered", "action: demanded")
        assert "  ~ plan (The plan), was of the kind Proposal  seeds/base.yaml:7:10\n" in curated.run("plan").stdout

    def test_without_anybody_to_ask_it_does_not_ask(self, curated: Curated) -> None:
        curated.file.write_text(BASE.partition("facts:")[0], encoding="utf-8")
        command = f"{sys.executable} -m negograph load --embedded <&-"
        done = subprocess.run(command, shell=True, cwd=curated.folder, capture_output=True, text=True, check=False)
        assert done.returncode == 1
        assert done.stderr.splitlines()[-1].endswith("load with --yes if that is meant")


class TestVerify:
    def test_what_was_changed_by_hand_is_listed_and_repaired(self, curated: Curated) -> None:
        done = curated.run("verify")
        assert (done.returncode, done.stdout) == (0, "A small dataset: the graph is what the seeds say, 7 entries\n")
        curated.by_hand("MATCH (p:Party {id: 'b'}) SET p.note = 'mine', p.colour = 'red'")
        curated.by_hand("MATCH (:Fact {id: 'g'})-[r:EVIDENCED_BY]->() DELETE r")
        curated.by_hand("MATCH (f:Fact {id: 'f'})-[r:BY]->() SET r.weight = 1")
        assert curated.run("plan").returncode == 0
        done = curated.run("verify")
        assert done.returncode == 1
        assert '      note: "mine" -> "old"\n' in done.stdout
        assert "      + -EVIDENCED_BY-> d\n" in done.stdout
        assert "colour" not in done.stdout
        assert "weight" not in done.stdout
        assert "Not loaded yet" not in done.stdout
        assert curated.run("load", "--repair").returncode == 0
        assert curated.run("verify").returncode == 0
        assert curated.by_hand("MATCH (p:Party {id: 'b'}) RETURN p.note, p.colour") == [["old", "red"]]

    def test_nodes_that_came_or_went_by_hand_stop_a_load_until_it_is_told_to_repair(self, curated: Curated) -> None:
        curated.by_hand("MATCH (p:Proposal) DETACH DELETE p")
        curated.by_hand("CREATE (:Party {id: 'z', name: 'Zed', dataset: 'small', digest: 'x'})")
        for command in ("plan", "load"):
            done = curated.run(command)
            assert done.returncode == 1
            assert "were added, removed or renamed by hand since the last load; `negograph verify` shows which" in done.stderr
        shown = curated.run("verify").stdout
        assert "  + plan (The plan)" in shown
        assert "  - z (Zed)" in shown
        assert curated.run("load", "--repair").returncode == 0
        assert curated.run("verify").returncode == 0

    def test_without_the_node_of_the_dataset_one_repair_does_all(self, curated: Curated) -> None:
        curated.by_hand("MATCH (p:Party {id: 'c'}) CREATE (p)-[:NEAR]->(:Place {id: 'q'})")
        curated.by_hand("MATCH (d:Dataset) DETACH DELETE d")
        curated.edit("id: c, name: Ce", "id: e, name: Ce, formerly: [c]")
        curated.edit("proposals:\n  - {id: plan", "proposals:\n  - {id: idea, name: The idea}\n  - {id: plan")
        assert curated.run("load", "--repair").returncode == 0
        assert curated.by_hand("MATCH (p:Party)-[:NEAR]->(q) RETURN p.id, q.id") == [["e", "q"]]
        assert curated.run("plan").returncode == 0
        assert curated.run("verify").returncode == 0

    def test_a_relationship_that_lost_its_mark_is_named_and_not_written_twice(self, curated: Curated) -> None:
        curated.by_hand("MATCH (:Fact {id: 'f'})-[r:BY]->() REMOVE r.dataset")
        for command in (["verify"], ["load", "--repair"]):
            done = curated.run(*command)
            assert done.returncode == 1
            assert "lost their property `dataset` by hand: f -BY-> a of f; put it back" in done.stderr
        curated.by_hand("MATCH (:Fact {id: 'f'})-[r:BY]->() SET r.dataset = 'small'")
        assert curated.run("verify").returncode == 0

    @pytest.mark.parametrize("other", [":Thing {name: 'x'}", ":`My Thing` {id: 'x'}", ":Thing {id: 7}", "{name: 'x'}"])
    def test_a_copy_of_a_relationship_to_a_node_of_others_is_taken_away(self, curated: Curated, other: str) -> None:
        copy = "CREATE (a)-[copy:OFFERED]->(t) SET copy = properties(r)"
        curated.by_hand(f"MATCH (a:Party)-[r:OFFERED]->() CREATE (t {other}) {copy}")
        assert curated.run("verify").returncode == 1
        assert curated.run("load", "--repair").returncode == 0
        assert curated.run("verify").returncode == 0
        assert curated.by_hand("MATCH ()-[r:OFFERED]->(x) RETURN x.id") == [["plan"]]

    def test_what_was_written_by_hand_on_the_dataset_s_node_is_put_right_or_left_out(self, curated: Curated) -> None:
        curated.by_hand("MATCH (d:Dataset) SET d.contents = 'x', d.history = d.history + ['y']")
        assert "by hand" in curated.run("plan").stderr
        assert curated.run("load", "--repair").returncode == 0
        assert curated.run("plan").returncode == 0
        assert len(curated.run("history").stdout.splitlines()) == 2
        curated.by_hand("CREATE (:Dataset {id: 'theirs', name: 'Theirs', revision: '2022-01'})")
        done = curated.run("status")
        assert (done.returncode, "theirs" in done.stdout) == (0, False)

    def test_a_list_of_days_put_in_by_hand_is_shown(self, curated: Curated) -> None:
        curated.by_hand("MATCH (p:Party {id: 'a'}) SET p.aliases = [date('2022-01-26')]")
        assert 'aliases: ["2022-01-26"] -> (none)' in curated.run("verify").stdout

    def test_what_makes_a_node_negographs_can_be_put_back(self, curated: Curated) -> None:
        curated.by_hand("MATCH (p:Proposal) REMOVE p:Proposal")
        for command in (["verify"], ["load", "--repair"]):
            said = "({id: 'plan', name: 'The plan'}) has no label of the model; put the label or the id back"
            assert said in curated.run(*command).stderr
        curated.by_hand("MATCH (p {id: 'plan'}) SET p:Proposal")
        assert curated.run("verify").returncode == 0
        curated.by_hand("MATCH (p:Proposal) SET p.dataset = null")
        done = curated.run("load", "--repair")
        assert "(:Proposal {id: 'plan'}) lost its property `dataset` by hand; put the property back" in done.stderr
        curated.by_hand("MATCH (p:Proposal) SET p.dataset = 'small'")
        assert curated.run("verify").returncode == 0

    def test_what_was_curated_since_is_told_apart(self, curated: Curated) -> None:
        curated.by_hand("MATCH (p:Party {id: 'c'}) SET p.name = 'Cee'")
        curated.edit("note: old", "note: new")
        done = curated.run("verify")
        by_hand, _, pending = done.stdout.partition("Not loaded yet:")
        assert 'name: "Cee" -> "Ce"' in by_hand
        assert "note" not in by_hand
        assert 'note: "old" -> "new"' in pending


def test_history_lists_the_loads_that_changed_something(curated: Curated) -> None:
    curated.run("load")
    curated.edit("note: old", "note: new")
    curated.run("load")
    lines = curated.run("history").stdout.splitlines()
    assert [re.sub(r"^\S+", "WHEN", line) for line in lines] == [
        "WHEN  negograph 0.1.0  7 added",
        "WHEN  negograph 0.1.0  1 changed",
    ]
    loads = json.loads(curated.run("history", "--format", "json").stdout)
    assert [load["changed"] for load in loads] == [0, 1]


class TestEngineThatStays:
    @pytest.fixture
    def curated(self, tmp_path: Path) -> Iterator[Curated]:
        """A project that was loaded, with an engine of its own, which does not run."""
        yield in_its_first_state(Curated(tmp_path))
        take_down(tmp_path / ".negograph")

    def test_up_is_used_by_commands_and_down_ends_it(self, curated: Curated) -> None:
        done = curated.run("up")
        address = re.search(r"bolt://127\.0\.0\.1:\d+ \(process \d+\)", done.stdout)
        assert address is not None
        assert address[0] in curated.run("up").stdout
        with start_engine(curated.folder / ".negograph", pytest.fail):  # nobody waits for the folder
            status = curated.run("status")
        assert (status.returncode, address[0].split()[0] in status.stdout) == (0, True)
        assert "dataset: small (A small dataset), 1 load, the last at" in status.stdout
        curated.edit("note: old", "note: new")
        assert curated.run("load").returncode == 0
        assert curated.run("down").stdout == "the embedded engine has ended\n"
        assert curated.run("down").stdout == "the embedded engine does not run\n"
        assert "started by each command" in curated.run("status").stdout
        assert curated.run("verify").returncode == 0

    @pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is a signal")
    def test_an_interrupt_while_it_starts_leaves_no_engine_and_takes_no_time(self, curated: Curated) -> None:
        command = [sys.executable, "-P", "-m", "negograph", "up"]
        process = subprocess.Popen(command, cwd=curated.folder, preexec_fn=interruptible, stderr=subprocess.PIPE)
        with lock_of(curated.folder / ".negograph"):
            assert process.stderr is not None
            assert b"waiting for another negograph process" in process.stderr.readline()
            process.send_signal(signal.SIGINT)
            began = time.monotonic()
            assert process.wait(15) != 0
            assert time.monotonic() - began < 10
        assert curated.run("down").stdout == "the embedded engine does not run\n"
        assert curated.run("plan").returncode == 0

    def test_a_damaged_note_of_where_it_runs_is_said(self, curated: Curated) -> None:
        assert curated.run("up").returncode == 0
        note = curated.folder / ".negograph" / "running.json"
        content = note.read_text(encoding="utf-8")
        note.write_text("{", encoding="utf-8")
        for command in ("down", "plan", "status"):
            done = curated.run(command)
            assert (done.returncode, "running.json is damaged" in done.stderr) == (1, True)
        note.write_text(content, encoding="utf-8")
        assert curated.run("down").stdout == "the embedded engine has ended\n"

    def test_one_that_was_killed_blocks_nobody(self, curated: Curated) -> None:
        process = re.search(r"process (\d+)", curated.run("up").stdout)
        assert process is not None
        subprocess.run(["kill", "-9", process[1]], check=True)
        with lock_of(curated.folder / ".negograph").acquire(timeout=20):
            pass  # the system takes a moment to end it
        assert curated.run("load").returncode == 0
        assert curated.run("down").stdout == "the embedded engine does not run\n"
        assert curated.run("up").returncode == 0

    def test_data_of_another_version_is_recognised_and_built_anew_when_asked(self, curated: Curated) -> None:
        version = curated.folder / ".negograph" / "engine" / "version.json"
        version.write_text(json.dumps({"version": "arcadedb 1.0"}))
        done = curated.run("load")
        assert done.returncode == 1
        assert "was written by arcadedb 1.0, and this is arcadedb" in done.stderr
        done = curated.run("load", "--rebuild")
        assert (done.returncode, done.stdout.splitlines()[1]) == (0, "entries: 7 added, 0 changed, 0 removed")
        (aside,) = (curated.folder / ".negograph").glob("engine-*")
        assert aside.name in done.stderr
        assert (aside / "version.json").read_text() == json.dumps({"version": "arcadedb 1.0"})

    def test_a_rebuild_that_fails_leaves_the_old_data_in_place(self, curated: Curated, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(*arguments: object, **options: object) -> LoadCounts:
            raise KeyboardInterrupt

        before = curated.by_hand("MATCH (n) RETURN n.id, n.digest ORDER BY n.id")
        monkeypatch.setattr(Store, "apply", refuse)
        monkeypatch.chdir(curated.folder)
        with pytest.raises(click.exceptions.Abort):
            main(["load", "--rebuild", "--embedded"], standalone_mode=False)
        assert not list((curated.folder / ".negograph").glob("engine-*"))
        assert curated.by_hand("MATCH (n) RETURN n.id, n.digest ORDER BY n.id") == before

    def test_an_engine_ends_when_its_folder_is_deleted(self, curated: Curated) -> None:
        process = re.search(r"process (\d+)", curated.run("up").stdout)
        assert process is not None
        shutil.rmtree(curated.folder / ".negograph", ignore_errors=True)
        assert curated.run("load").returncode == 0
