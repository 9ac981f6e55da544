"""The report: what it tells of the datasets, worked out by hand, and that its figures lead to their facts."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from negograph.database.store import Store
from negograph.errors import NegographError
from negograph.operations.report import make_report
from negograph.project import open_project
from tests.conftest import CHECKOUT, FERRY, LAKE, cypher, holding, load_project
from tests.operations.pages import Element, read_page

pytestmark = pytest.mark.parametrize("target", ["native"], indirect=True)

DATASETS = {"ferry": (FERRY, "ferry"), "lake": (LAKE, "lake"), "shipped": (CHECKOUT, "security-guarantees-2022")}


def report_on(store: Store, folder: Path, *, with_texts: bool = False) -> str:
    return make_report(store, open_project(folder, {}), lambda message: None, with_texts=with_texts)


@pytest.fixture(scope="module")
def pages(session_store: Store) -> dict[str, tuple[str, str]]:
    """The report on each dataset, and the same with its texts."""
    found = {}
    for name, (folder, dataset) in DATASETS.items():
        store = holding(session_store, folder, dataset)
        found[name] = (report_on(store, folder), report_on(store, folder, with_texts=True))
    return found


@pytest.fixture
def read(pages: dict[str, tuple[str, str]]) -> Callable[..., Element]:
    """Reads the report on one of the datasets."""
    return lambda dataset, with_texts=False: read_page(pages[dataset][with_texts])


@pytest.mark.parametrize("dataset", DATASETS)
class TestEveryReport:
    def test_it_has_one_headline_and_no_level_is_left_out(self, read: Callable[..., Element], dataset: str) -> None:
        levels = [int(head.name[1]) for head in read(dataset).all("h1", "h2", "h3", "h4")]
        assert levels.count(1) == 1
        assert all(after <= before + 1 for before, after in zip([0, *levels], levels, strict=False))

    def test_every_link_leads_somewhere(self, read: Callable[..., Element], dataset: str) -> None:
        page = read(dataset, with_texts=True)
        ids = [element.attributes["id"] for element in page.all() if "id" in element.attributes]
        links = {link.attributes["href"] for link in page.all("a")}
        assert len(ids) == len(set(ids))
        assert {link[1:] for link in links if link.startswith("#")} <= set(ids)
        assert all(link.startswith(("#", "https://", "http://")) for link in links)
        assert {
            element.attributes["aria-labelledby"] for element in page.all() if "aria-labelledby" in element.attributes
        } <= set(ids)

    def test_it_needs_nothing_beside_itself(self, read: Callable[..., Element], dataset: str) -> None:
        page = read(dataset)
        assert not list(page.all("script", "link", "img", "iframe", "object", "form"))
        assert not [element for element in page.all() if {"src", "srcset", "onclick", "onload"} & element.attributes.keys()]
        assert "url(" not in "".join(str(style.content) for style in page.all("style"))

    def test_it_can_be_found_through_by_landmarks_and_tables_by_their_heads(
        self, read: Callable[..., Element], dataset: str
    ) -> None:
        page = read(dataset)
        assert next(page.all("html")).attributes["lang"] == "en"
        assert [element.name for element in page.all("header", "nav", "main")] == ["header", "nav", "main"]
        for table in page.all("table"):
            assert len(list(table.all("caption"))) == 1
            assert all(head.attributes.get("scope") in ("col", "row") for head in table.all("th"))

    def test_each_act_has_its_quotes_and_its_number(self, read: Callable[..., Element], dataset: str) -> None:
        acts = list(read(dataset).by_id("acts").all("article"))
        assert [int(act.text.split(".")[0]) for act in acts] == list(range(1, len(acts) + 1))
        assert all(list(act.all("blockquote")) for act in acts)


def test_the_same_record_gives_the_same_page(session_store: Store, pages: dict[str, tuple[str, str]]) -> None:
    assert report_on(holding(session_store, LAKE, "lake"), LAKE) == pages["lake"][0]


class TestTheShippedDataset:
    def test_in_short(self, read: Callable[..., Element]) -> None:
        text = read("shipped").by_id("in-short").text
        assert "32 acts with 46 quotes from 1 document" in text
        assert "17 Dec 2021 to 28 Jan 2022" in text
        assert "Russia 11 acts and 2 only said by others" in text
        assert "NATO 7 acts and 1 only said by others" in text
        assert "The West 2 only said by others" in text
        assert "of 5 other parties no act is recorded" in text
        assert "20 acts own word" in text
        assert "8 acts said by another" in text

    def test_whose_word_comes_before_what_it_says(self, read: Callable[..., Element]) -> None:
        text = read("shipped").by_id("item-prevention-of-expansion").text
        assert "own word act 1 Russia demanded of United States and NATO: Prevention of NATO expansion" in text
        assert "reported answered: NATO [11]" in text
        assert "said by Sergei Lavrov by implication – said to reject: United States low confidence [9]" in text

    def test_an_act_of_another_says_so_with_its_words_and_their_source(self, read: Callable[..., Element]) -> None:
        act = read("shipped").by_id("fact-lavrov-says-usa-rejected-prevention-of-expansion")
        assert act.text.startswith(
            "9. According to Sergei Lavrov, by implication – United States rejected: Prevention of NATO exp"
        )
        assert "said by another low confidence Sergei Lavrov, for Russia · 26 Jan 2022" in act.text
        assert "in Written response of the United States" in act.text
        assert "“document presented by the United States did not contain a positive reaction”" in act.text
        assert next(act.all("footer")).text.startswith(
            "Russia is not satisfied with the US and NATO security responses, 28–30 Jan"
        )

    def test_what_others_say_of_nato_stands_beside_what_it_did(self, read: Callable[..., Element]) -> None:
        (table,) = (table for table in read("shipped").by_id("beside").all("table") if "say of NATO," in table.text)
        row = list(table.all("tr"))[1]
        said, own = row.all("td")
        assert "According to Sergei Lavrov – NATO considered: Agreements on security guarantees" in said.text
        assert own.text.startswith("reported act 11 NATO responded to: Agreements on security guarantees")

    def test_beside_what_is_said_of_a_group_stand_the_acts_of_its_members(self, read: Callable[..., Element]) -> None:
        (table,) = (table for table in read("shipped").by_id("beside").all("table") if "say of The West," in table.text)
        considerations, concerns = (list(row.all("td"))[1].text for row in list(table.all("tr"))[1:])
        assert considerations == "none by the group as such, and none by its members on the same thing"
        assert concerns.startswith("none by the group as such; by its members:")
        assert "own word act 14 United States considered: Russia's concerns" in concerns

    def test_where_no_answer_is_told_it_says_until_when_the_record_runs(self, read: Callable[..., Element]) -> None:
        page = read("shipped")
        assert "no answer told: Russia (the record ends on 28 Jan 2022)" in page.by_id("item-us-proposals").text
        assert "has not answered" not in page.text
        assert "unanswered" not in page.by_id("in-short").text

    def test_it_says_first_by_how_many_sources_it_is_told(self, read: Callable[..., Element]) -> None:
        page = read("shipped")
        header = next(page.all("header")).text
        assert "As told by 1 source: Russia is not satisfied with the US and NATO security responses." in header
        assert "no more certain than whose word it is" in header
        quoted, spoken_of = page.by_id("documents").text.split("Only spoken of, or what acts were done in:")
        assert "46 quotes for 32 acts" in quoted
        assert "Written response of NATO" in spoken_of

    def test_the_map_has_every_actor_and_says_what_its_lines_mean(self, read: Callable[..., Element]) -> None:
        figure = read("shipped").by_id("map")
        assert {g.attributes["data-key"] for g in figure.all("g") if "data-key" in g.attributes} >= {
            "russia",
            "usa",
            "nato",
            "west",
        }
        assert "as another alleges" in figure.text

    def test_a_line_of_the_map_leads_to_its_act(self, read: Callable[..., Element]) -> None:
        (line,) = (
            link for link in read("shipped").by_id("map").all("a") if "Military aid" in link.attributes.get("aria-label", "")
        )
        assert line.attributes["href"] == "#fact-usa-pledges-military-aid"


class TestTheLake:
    def test_where_each_stands_on_the_open_gauges(self, read: Callable[..., Element]) -> None:
        text = read("lake").by_id("item-open-gauges").text
        assert "Proposal · adopted (Plenary)" in text
        assert "reported accepts: Gorm (in Plenary and Working Group I)" in text
        assert "accepts if the gauges of all rivers are read on one day: Fallow" in text
        assert "no answer told: Ardle, Corvane and Eskil (in Plenary and Working Group I) (the record ends on 6 Jun 2024)" in text

    def test_a_denial_stands_beside_what_is_denied(self, read: Callable[..., Element]) -> None:
        (table,) = (table for table in read("lake").by_id("beside").all("table") if "say of Ardle," in table.text)
        assert "According to The delegate of Gorm – Ardle rejected: Halt to new dams" in table.text
        assert "Denied by The delegate of Ardle." in table.text
        assert "Denied – Ardle rejected: Halt to new dams 4 Jun 2024 It denies that." in table.text

    def test_the_index_lists_the_acts_by_their_numbers(self, read: Callable[..., Element]) -> None:
        assert "said by another: 6 [2, 3, 5, 9, 41, 57]" in read("lake").by_id("index").text


class TestWithTexts:
    def test_the_page_says_at_its_top_that_it_may_not_be_passed_on(self, read: Callable[..., Element]) -> None:
        header = next(read("ferry", with_texts=True).all("header"))
        assert "This page holds whole source texts, which may not be passed on." in header.text
        assert "source texts" not in next(read("ferry").all("header")).text

    def test_a_text_has_its_quotes_marked_and_the_rest_left_plain(self, read: Callable[..., Element]) -> None:
        text = read("ferry", with_texts=True).by_id("text-gazette")
        assert "demanded an earlier first ferry" in [mark.text for mark in text.all("mark")]
        plain = " ".join(p.text for p in text.all("p"))
        assert "The pact has two parts, the repair of the quay and lights on it." in plain
        assert not [rested for rested in text.all("span") if "two parts" in rested.text]

    def test_a_text_that_was_changed_or_is_not_there_says_so(self, session_store: Store, tmp_path: Path) -> None:
        store = holding(session_store, FERRY, "ferry")
        folder = tmp_path / "ferry"
        shutil.copytree(FERRY, folder, ignore=shutil.ignore_patterns("answers"))
        gazette, minutes = folder / "texts" / "gazette.txt", folder / "texts" / "minutes.txt"
        gazette.write_text(gazette.read_text(encoding="utf-8").replace("an earlier first ferry", "<b>a late one</b>"), "utf-8")
        minutes.unlink()
        page = read_page(report_on(store, folder, with_texts=True))
        changed, absent = page.by_id("text-gazette").text, page.by_id("text-minutes").text
        assert "This text is not the one that was curated" in changed
        assert "Not found in it: “demanded an earlier first ferry” [2]" in changed
        assert "<b>a late one</b>" in changed
        assert absent == "Minutes of the river council This text is not at hand."


class TestWhatIsNotThere:
    def test_of_an_empty_graph_there_is_no_report(self, store: Store) -> None:
        with pytest.raises(NegographError, match="the graph is empty"):
            report_on(store, FERRY)

    def test_a_dataset_without_acts_has_a_page(self, store: Store, project: Callable[..., Path]) -> None:
        folder = project(parties="parties:\n  - {id: a, name: Isle, kind: state}\n")
        load_project(store, folder)
        page = read_page(report_on(store, folder))
        assert "No act is recorded yet." in page.text
        assert [link.text for link in next(page.all("nav")).all("a")] == ["In short", "Parties"]

    def test_a_load_that_has_not_ended_is_told_at_the_top(self, store: Store, project: Callable[..., Path]) -> None:
        load_project(store, folder := project(parties="parties:\n  - {id: a, name: Isle, kind: state}\n"))
        cypher(store, "MATCH (d:Dataset) SET d.loading = '2026-01-02T03:04:05Z'")
        header = next(read_page(report_on(store, folder)).all("header")).text
        assert "This page is not to be relied on: a load of 'small' in batches began at 2026-01-02T03:04:05Z" in header

    def test_several_datasets_are_told_together(self, store: Store, project: Callable[..., Path]) -> None:
        load_project(store, FERRY)
        load_project(store, project(parties="parties:\n  - {id: small-isle, name: Small Isle, kind: state}\n"))
        page = read_page(report_on(store, FERRY))
        assert "This page tells of 2 datasets together" in next(page.all("header")).text
        assert "Small Isle" in page.by_id("parties").text


HOSTILE = "<script>alert(1)</script> \\\" ' ` ]]> </style> --> {{ 7*7 }} {% raw %} &lt; javascript:alert(1)"


def hostile_project(folder: Path) -> Path:
    """A project each of whose names and texts would do harm where it is not escaped."""
    (folder / "seeds").mkdir(parents=True)
    (folder / "texts").mkdir()
    written = f"""
dataset: {{id: hostile, title: "TITLE {HOSTILE}"}}
parties:
  - {{id: a, name: "Party {HOSTILE}", kind: state, note: "{HOSTILE}"}}
  - {{id: b, name: "B{"x" * 300}", kind: state}}
documents:
  - id: d
    name: "Document {HOSTILE}"
    kind: article
    url: "javascript:alert(1)"
    publisher: "{HOSTILE}"
    text: {{file: d.txt}}
issues:
  - {{id: i, name: "Issue {HOSTILE}"}}
proposals:
  - {{id: p, name: "Item {HOSTILE}", concerns: i}}
facts:
  - id: f
    action: proposed
    by: a
    to: b
    what: p
    date: 2022-01-26
    says: "{HOSTILE}"
    note: "{HOSTILE}"
    date_note: "{HOSTILE}"
    evidence: [{{document: d, quote: "<script>alert(1)</script>"}}]
"""
    (folder / "seeds" / "all.yaml").write_text(written, encoding="utf-8")
    text = 'He said <script>alert(1)</script> loudly. <img src="http://127.0.0.1:9/x" onerror="alert(2)">'
    (folder / "texts" / "d.txt").write_text(text, encoding="utf-8")
    return folder


def test_hostile_names_are_words_and_nothing_else(store: Store, tmp_path: Path) -> None:
    folder = hostile_project(tmp_path / "hostile")
    load_project(store, folder)
    page = read_page(report_on(store, folder, with_texts=True))
    assert not list(page.all("script", "img", "iframe"))
    assert "{{ 7*7 }} {% raw %} &lt; javascript:alert(1)" in page.by_id("fact-f").text
    assert not [link for link in page.all("a") if not link.attributes["href"].startswith("#")]
    assert "javascript:alert(1)" in page.by_id("document-d").text
    assert [mark.text for mark in page.by_id("text-d").all("mark")] == ["<script>alert(1)</script>"]


def test_what_was_written_by_hand_is_seen(store: Store) -> None:
    load_project(store, FERRY)
    cypher(store, "MATCH (p:Party {id: 'northbank'}) SET p.name = 'North\u202ebank'")
    assert "North<U+202E>bank" in read_page(report_on(store, FERRY)).by_id("party-northbank").text


def test_what_others_put_into_the_database_does_no_harm(store: Store) -> None:
    load_project(store, FERRY)
    before = report_on(store, FERRY)
    cypher(store, "CREATE (:Party), (:Party {name: 'Stranger'}), (:Issue {id: 'odd'}), (:Fact {id: 'odd'}), (:Fact), (:Document)")
    cypher(
        store, "MATCH (f:Fact {id: 'odd'}), (p:Party {id: 'northbank'}) CREATE (f)-[:BY]->(p), (p)-[:DOODLE {fact: 'odd'}]->(f)"
    )
    after = report_on(store, FERRY)
    acts = [len(list(read_page(page).by_id("acts").all("article"))) for page in (before, after)]
    assert acts[0] == acts[1]


def test_what_was_damaged_by_hand_is_told_as_it_is(store: Store) -> None:
    load_project(store, FERRY)
    cypher(
        store,
        "MATCH (f:Fact {id: 'northbank-demands-early'}) REMOVE f.name, f.label, f.confidence SET f.date = 7, f.says = ['a']",
    )
    cypher(store, "MATCH (p:Party {id: 'middle-isle'}) SET p.name = 12, p.kind = true, p.note = ['x', 'y']")
    page = read_page(report_on(store, FERRY))
    assert "northbank-demands-early" in page.by_id("fact-northbank-demands-early").text
    assert page.by_id("party-middle-isle").text.startswith("12 ")
