"""The shipped dataset: complete, clean, and its quotes stand in the article."""

from __future__ import annotations

import hashlib
from collections import Counter
from pathlib import Path

from negograph.model.kinds import SourceFile
from tests.conftest import CHECKOUT, TEXTS, checked_project, graph_of, missing

ARTICLE = "russia-not-satisfied-with-responses.txt"


def texts() -> Path:
    if not (TEXTS / ARTICLE).is_file():
        missing("texts", f"the article's text is not in {TEXTS}")
    return TEXTS


def test_the_seeds_check_clean() -> None:
    _, checked = checked_project(CHECKOUT)
    assert checked.problems == ()


def test_every_quote_stands_in_the_article() -> None:
    _, checked = checked_project(CHECKOUT, texts())
    assert checked.problems == ()
    assert (checked.quotes, checked.unverified) == (45, 0)


def test_the_article_is_the_text_that_was_curated() -> None:
    _, checked = checked_project(CHECKOUT)
    (source,) = [r.properties["text"] for r in checked.entries if r.id == "article"]
    assert isinstance(source, SourceFile)
    content = (texts() / source.file).read_bytes()
    assert (source.sha256, source.characters) == (hashlib.sha256(content).hexdigest(), len(content.decode()))


def test_acts_by_action_are_those_that_the_article_reports() -> None:
    _, graph = graph_of(CHECKOUT)
    facts = [entry.node.properties for entry in graph.entries if entry.node.key.label == "Fact"]
    assert Counter(fact["action"] for fact in facts) == {
        "proposed": 2,  # Russia's security guarantees; the American proposals
        "demanded": 2,  # no expansion of NATO, no offensive weapons
        "offered": 4,  # NATO: dialogue, offices, channels, arms control
        "supported": 2,  # NATO: the choice of arrangements; Lavrov of the United States: minor issues
        "rejected": 2,  # both demands, as Lavrov has it
        "criticised": 2,  # the dissatisfaction; Lavrov on minor issues only
        "responded_to": 2,  # the United States and NATO, on 26 January
        "disregarded": 2,  # Russia's considerations and concerns, as Peskov has it
        "raised_concern": 2,  # the Western concerns; those raised by Moscow
        "considered": 4,  # Russia will analyse; the assessment; a month of study by two
        "coordinated_with": 2,  # with Kiev; with NATO's partners
        "pledged": 1,  # military aid
        "warned": 1,  # security interests
        "stated": 3,  # no optimism; no wars; talks not over
    }


def test_what_one_side_says_about_the_other_is_alleged() -> None:
    _, graph = graph_of(CHECKOUT)
    facts = [entry.node.properties for entry in graph.entries if entry.node.key.label == "Fact"]
    assert sorted(str(fact["id"]) for fact in facts if fact["attribution"] == "alleged") == [
        "nato-studies-proposals",
        "russia-raises-concerns",
        "usa-open-to-minor-issues",
        "usa-rejects-no-nato-expansion",
        "usa-rejects-no-offensive-weapons",
        "usa-studies-proposals",
        "west-disregards-russian-considerations",
        "west-unwilling-to-consider-concerns",
    ]


def test_no_text_of_a_source_is_in_the_project() -> None:
    assert not (CHECKOUT / "seeds" / ARTICLE).exists()
    assert "/texts/" in (CHECKOUT / ".gitignore").read_text().split()
