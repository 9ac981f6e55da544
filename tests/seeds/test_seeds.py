"""The shipped dataset: what the article says and nothing else, clean, and with quotes that stand in the article.

What is expected here was read in the article, sentence by sentence, and not in the seeds.
"""

from __future__ import annotations

import functools
import hashlib
from pathlib import Path

import pytest

from negograph.graph.plan import Edge, GraphValue
from negograph.model.kinds import SourceFile
from negograph.text.quotes import Text
from tests.conftest import CHECKOUT, TEXTS, checked_project, graph_of, missing

ARTICLE = "russia-not-satisfied-with-responses.txt"

ACTS: dict[str, list[tuple[str, str, str, int, str, str | None]]] = {
    "headline, and Russia has expressed its dissatisfaction": [
        ("russia-criticises-responses", "Russia", "criticised", -1, "reported", None),
        ("russia-will-analyse-responses", "Russia", "considered, planned", 0, "own", "Russia"),
    ],
    "no reason to be optimistic": [
        ("russia-sees-no-reason-for-optimism", "Russia", "stated, implied", -1, "own", "Dmitry Peskov"),
    ],
    "in his opinion, it cannot be said": [
        ("peskov-says-west-disregarded-considerations", "The West", "disregarded, implied", -1, "alleged", "Dmitry Peskov"),
        ("peskov-says-west-unwilling-to-consider-concerns", "The West", "disregarded, implied", -1, "alleged", "Dmitry Peskov"),
    ],
    "on January 26": [
        ("russia-proposes-security-guarantees", "Russia", "proposed", 1, "reported", None),
        ("usa-responds-to-proposals", "United States", "responded_to", 0, "reported", None),
        ("nato-responds-to-proposals", "NATO", "responded_to", 0, "reported", None),
    ],
    "Lavrov warned that the document did not contain a positive reaction": [
        ("russia-demands-prevention-of-expansion", "Russia", "demanded", 1, "own", "Sergei Lavrov"),
        ("russia-demands-prevention-of-weapons", "Russia", "demanded", 1, "own", "Sergei Lavrov"),
        (
            "lavrov-says-usa-rejected-prevention-of-expansion",
            "United States",
            "rejected, implied",
            -1,
            "alleged",
            "Sergei Lavrov",
        ),
        ("lavrov-says-usa-rejected-prevention-of-weapons", "United States", "rejected, implied", -1, "alleged", "Sergei Lavrov"),
        ("russia-criticises-us-response", "Russia", "criticised", -1, "own", "Sergei Lavrov"),
    ],
    "ironically": [
        ("russia-criticises-us-position", "Russia", "criticised, implied", -1, "own", "Sergei Lavrov"),
    ],
    "the response includes the concerns of the White House": [
        ("usa-raises-concerns", "United States", "raised_concern", -1, "own", "Antony Blinken"),
        ("blinken-says-russia-undermines-security", "Russia", "engaged_in, implied", 0, "alleged", "Antony Blinken"),
    ],
    "an assessment of the concerns raised by Moscow, and US proposals": [
        ("usa-assesses-russian-concerns", "United States", "considered", 0, "own", "Antony Blinken"),
        ("blinken-says-russia-raised-concerns", "Russia", "raised_concern", 1, "alleged", "Antony Blinken"),
        ("usa-offers-discussion", "United States", "offered", 1, "own", "Antony Blinken"),
    ],
    "coordinated with Kiev, and military aid": [
        ("usa-coordinates-with-ukraine", "United States", "coordinated_with", 0, "own", "Antony Blinken"),
        ("usa-pledges-military-aid", "United States", "pledged", 1, "own", "Antony Blinken"),
    ],
    "the military bloc wants to": [
        ("nato-offers-dialogue", "NATO", "offered", 1, "own", "Jens Stoltenberg"),
        ("nato-offers-to-reopen-offices", "NATO", "offered", 1, "own", "Jens Stoltenberg"),
        ("nato-offers-to-reactivate-channels", "NATO", "offered", 1, "own", "Jens Stoltenberg"),
    ],
    "consultations on arms control": [
        ("nato-offers-arms-consultations", "NATO", "offered", 1, "own", "Jens Stoltenberg"),
    ],
    "NATO will continue to coordinate": [
        ("nato-will-coordinate-with-partners", "NATO", "coordinated_with, planned", 0, "own", "Jens Stoltenberg"),
        ("nato-supports-choice-of-arrangements", "NATO", "supported, implied", 1, "own", "Jens Stoltenberg"),
    ],
    "on Friday": [
        ("russia-does-not-want-wars", "Russia", "stated", 1, "own", "Sergei Lavrov"),
        ("russia-warns-about-its-interests", "Russia", "warned", -1, "own", "Sergei Lavrov"),
    ],
    "talks were not over, and more than a month": [
        ("russia-says-talks-are-not-over", "Russia", "stated", 0, "own", "Sergei Lavrov"),
        ("lavrov-says-usa-studied-proposals", "United States", "considered", 0, "alleged", "Sergei Lavrov"),
        ("lavrov-says-nato-studied-proposals", "NATO", "considered", 0, "alleged", "Sergei Lavrov"),
    ],
}
"""By sentence: each act with its actor, its action and hedges, the actor's stand, and whose word it is."""

NO_ACTS = ("See also", "Leave a Reply", "Your email address")
"""How the lines of the page begin that tell nothing of the negotiation."""


def texts() -> Path:
    if not (TEXTS / ARTICLE).is_file():
        missing("texts", f"the article's text is not in {TEXTS}")
    return TEXTS


@functools.cache
def nodes(label: str) -> dict[str, dict[str, GraphValue]]:
    _, graph = graph_of(CHECKOUT)
    return {entry.node.key.id: dict(entry.node.properties) for entry in graph.entries if entry.node.key.label == label}


@functools.cache
def edges(type_: str) -> list[Edge]:
    _, graph = graph_of(CHECKOUT)
    return [edge for entry in graph.entries for edge in entry.edges if edge.type == type_]


def ends(type_: str, start: str) -> list[str]:
    return sorted(edge.end.id for edge in edges(type_) if edge.start.id == start)


def pairs(type_: str) -> set[tuple[str, str]]:
    return {(edge.start.id, edge.end.id) for edge in edges(type_)}


def test_the_seeds_check_clean() -> None:
    _, checked = checked_project(CHECKOUT)
    assert checked.problems == ()


def test_every_quote_stands_in_the_article() -> None:
    _, checked = checked_project(CHECKOUT, texts())
    assert checked.problems == ()
    assert (checked.quotes, checked.unverified) == (46, 0)


def test_the_article_is_the_text_that_was_curated() -> None:
    _, checked = checked_project(CHECKOUT)
    (source,) = [r.properties["text"] for r in checked.entries if r.id == "article"]
    assert isinstance(source, SourceFile)
    content = (texts() / source.file).read_bytes()
    assert (source.sha256, source.characters) == (hashlib.sha256(content).hexdigest(), len(content.decode()))


def test_every_paragraph_that_tells_of_the_negotiation_is_quoted() -> None:
    _, checked = checked_project(CHECKOUT)
    quotes = [str(r.properties["quote"]) for entry in checked.entries for r in entry.references if r.properties and r.quote_at]
    unquoted = [
        paragraph
        for paragraph in (texts() / ARTICLE).read_text(encoding="utf-8").splitlines()
        if paragraph.strip() and not any(Text(paragraph).places(quote) for quote in quotes)
    ]
    assert [paragraph for paragraph in unquoted if not paragraph.startswith(NO_ACTS)] == []
    assert len(unquoted) == len(NO_ACTS)


@pytest.mark.parametrize("sentence", ACTS)
def test_a_sentence_is_coded_as_it_reads(sentence: str) -> None:
    for fact, actor, action, stance, attribution, speaker in ACTS[sentence]:
        node = nodes("Fact")[fact]
        hedges = [*(["implied"] if node["implied"] else []), *({str(node["modality"])} - {"actual"})]
        names = {id_: str(entry["name"]) for label in ("Party", "Person") for id_, entry in nodes(label).items()}
        assert [names[party] for party in ends("BY", fact)] == [actor]
        assert ", ".join([str(node["action"]), *hedges]) == action
        assert (node["stance"], node["attribution"]) == (stance, attribution)
        assert [names[who] for who in ends("ACCORDING_TO", fact)] == ([speaker] if speaker else [])


def test_no_other_act_is_coded() -> None:
    assert sorted(nodes("Fact")) == sorted(fact for acts in ACTS.values() for fact, *_ in acts)


def test_the_id_of_what_one_says_of_another_begins_with_who_says_so() -> None:
    alleged = {id_ for id_, fact in nodes("Fact").items() if fact["attribution"] == "alleged"}
    speakers = {edge.start.id: edge.end.id for edge in edges("ACCORDING_TO")}
    assert {id_ for id_ in alleged if id_.startswith(f"{speakers[id_]}-says-")} == alleged
    assert {id_ for id_ in nodes("Fact") if "-says-" in id_} - alleged == {"russia-says-talks-are-not-over"}


def test_nobody_but_lavrov_says_that_anything_was_rejected_and_he_only_by_implication() -> None:
    assert pairs("REJECTED") == {("usa", "prevention-of-expansion"), ("usa", "prevention-of-weapons")}
    for edge in edges("REJECTED"):
        assert edge.properties["label"] == "by implication: said to have rejected (Sergei Lavrov)"
        assert edge.properties["confidence"] == "low"
        assert edge.properties["quote"] == "document presented by the United States did not contain a positive reaction"
    for item in ("prevention-of-expansion", "prevention-of-weapons"):
        assert nodes("Demand")[item]["status"] == "open"
        stood = [edge.properties for edge in edges("STANDING") if edge.start.id == item]
        now = {of["party"]: of["standing"] for of in stood if "party" in of and "until" not in of}
        assert now == {"usa": "said to reject", "nato": "answered"}


def test_the_irony_about_minor_issues_is_a_criticism_and_no_support() -> None:
    assert pairs("SUPPORTED") == {("nato", "choice-of-arrangements")}
    irony = nodes("Fact")["russia-criticises-us-position"]
    assert irony["says"] == "With irony: one can be confident of a serious conversation, on minor issues only"
    assert "confident in initiating a serious conversation on minor issues only" in {
        edge.properties["quote"] for edge in edges("EVIDENCED_BY") if edge.start.id == "russia-criticises-us-position"
    }


def test_what_is_put_forward_is_told_by_one_rule_for_both_who_answered() -> None:
    assert pairs("PROPOSED") == {("russia", "security-guarantees")}
    assert pairs("DEMANDED") == {("russia", "prevention-of-expansion"), ("russia", "prevention-of-weapons")}
    assert pairs("OFFERED") == {
        ("usa", "us-proposals"),
        ("nato", "resumed-dialogue"),
        ("nato", "reopened-offices"),
        ("nato", "reactivated-channels"),
        ("nato", "arms-consultations"),
    }
    answered = {id_: item["status"] for label in ("Proposal", "Demand") for id_, item in nodes(label).items()}
    assert {id_ for id_, status in answered.items() if status == "unanswered"} == {item for _, item in pairs("OFFERED")}
    assert answered["security-guarantees"] == "answered, open"


def test_who_demands_that_something_be_prevented_is_against_it() -> None:
    assert pairs("HINDERS") == {
        ("prevention-of-expansion", "nato-expansion"),
        ("prevention-of-weapons", "offensive-weapons"),
    }
    assert pairs("FURTHERS") == {
        ("us-proposals", "talks"),
        ("resumed-dialogue", "nato-russia-dialogue"),
        ("reopened-offices", "offices"),
        ("reactivated-channels", "military-channels"),
        ("arms-consultations", "arms-control"),
    }
    assert pairs("CONCERNS") == {
        ("arms-consultations", "nuclear-weapons"),
        ("arms-consultations", "intermediate-range-missiles"),
    }


def test_the_american_charge_is_an_allegation_about_the_conduct_complained_of() -> None:
    assert pairs("RAISED_CONCERN") == {("usa", "russian-actions"), ("russia", "russian-concerns")}
    assert pairs("ENGAGED_IN") == {("russia", "russian-actions")}
    (charge,) = edges("ENGAGED_IN")
    assert charge.properties["label"] == "by implication: said to have engaged in (Antony Blinken)"


def test_acts_done_in_the_responses_and_in_the_drafts_name_them() -> None:
    done = {document: {edge.start.id for edge in edges("DONE_IN") if edge.end.id == document} for document in nodes("Document")}
    assert done == {
        "article": set(),
        "russian-drafts": {
            "russia-proposes-security-guarantees",
            "russia-demands-prevention-of-expansion",
            "russia-demands-prevention-of-weapons",
        },
        "us-response": {
            "usa-responds-to-proposals",
            "lavrov-says-usa-rejected-prevention-of-expansion",
            "lavrov-says-usa-rejected-prevention-of-weapons",
            "usa-raises-concerns",
            "usa-assesses-russian-concerns",
            "usa-offers-discussion",
        },
        "nato-response": {"nato-responds-to-proposals"},
    }


def test_the_days_of_the_acts_and_of_the_words_about_them() -> None:
    facts = nodes("Fact")
    day = {id_: str(fact["date"]) for id_, fact in facts.items()}
    assert {id_ for id_ in day if day[id_] == "2021-12-17"} == {
        edge.start.id for edge in edges("DONE_IN") if edge.end.id == "russian-drafts"
    }
    on_friday = [id_ for id_ in sorted(facts, key=lambda id_: int(str(facts[id_].get("turn") or 9))) if day[id_] == "2022-01-28"]
    assert on_friday == ["russia-does-not-want-wars", "russia-warns-about-its-interests", "russia-says-talks-are-not-over"]
    said = {id_: fact["said"] for id_, fact in facts.items() if fact.get("said")}
    assert set(said) == {id_ for id_, fact in facts.items() if fact["attribution"] == "alleged"}
    assert {id_ for id_ in said if said[id_] == "2022-01-28"} == {
        "lavrov-says-usa-studied-proposals",
        "lavrov-says-nato-studied-proposals",
    }
    assert set(said.values()) == {"2022-01-28", "2022-01-26/2022-01-28"}
    assert min(str(facts[id_]["known_from"]) for id_ in said) == "2022-01-26"


def test_four_partners_are_printed_and_two_make_up_the_west() -> None:
    assert pairs("PARTNER_OF") == {(party, "nato") for party in ("finland", "sweden", "georgia", "eu")}
    assert pairs("MEMBER_OF") == {("usa", "west"), ("nato", "west")}
    assert ends("TO", "nato-will-coordinate-with-partners") == ["eu", "finland", "georgia", "sweden", "ukraine"]


def test_running_talks_and_the_dialogue_to_be_resumed_are_two_things() -> None:
    assert ends("ABOUT", "russia-says-talks-are-not-over") == ["talks"]
    assert ends("FURTHERS", "resumed-dialogue") == ["nato-russia-dialogue"]


def test_what_words_were_the_act_of_says_them() -> None:
    silent = {id_ for id_, fact in nodes("Fact").items() if not fact.get("says")}
    assert silent == {"usa-offers-discussion", "blinken-says-russia-raised-concerns"}


def test_a_name_that_a_picture_would_cut_has_a_short_one() -> None:
    for label in ("Party", "Person", "Document", "Issue", "Proposal", "Demand"):
        cut = [id_ for id_, entry in nodes(label).items() if len(str(entry["name"])) > 16 and not entry.get("short")]
        assert cut == []


def test_no_name_of_an_item_turns_round_what_is_said_of_it() -> None:
    names = [str(entry["name"]) for label in ("Proposal", "Demand") for entry in nodes(label).values()]
    assert [name for name in names if name.split()[0].casefold() in ("no", "not", "without", "against")] == []


def test_an_entry_that_was_called_otherwise_is_known_by_its_old_id() -> None:
    former = {
        old: id_
        for label in ("Party", "Person", "Document", "Issue", "Proposal", "Demand", "Fact")
        for id_, entry in nodes(label).items()
        for old in (entry.get("formerly") or [])  # type: ignore[union-attr]
    }
    assert former == {
        "no-nato-expansion": "prevention-of-expansion",
        "no-offensive-weapons": "prevention-of-weapons",
        "nato-enlargement": "nato-expansion",
        "dialogue": "talks",
        "western-concerns": "russian-actions",
        "war": "avoiding-war",
        "west-disregards-russian-considerations": "peskov-says-west-disregarded-considerations",
        "west-unwilling-to-consider-concerns": "peskov-says-west-unwilling-to-consider-concerns",
        "russia-demands-no-nato-expansion": "russia-demands-prevention-of-expansion",
        "russia-demands-no-offensive-weapons": "russia-demands-prevention-of-weapons",
        "usa-rejects-no-nato-expansion": "lavrov-says-usa-rejected-prevention-of-expansion",
        "usa-rejects-no-offensive-weapons": "lavrov-says-usa-rejected-prevention-of-weapons",
        "usa-open-to-minor-issues": "russia-criticises-us-position",
        "russia-raises-concerns": "blinken-says-russia-raised-concerns",
        "usa-proposes-discussion": "usa-offers-discussion",
        "usa-studies-proposals": "lavrov-says-usa-studied-proposals",
        "nato-studies-proposals": "lavrov-says-nato-studied-proposals",
    }


def test_no_text_of_a_source_is_in_the_project() -> None:
    assert not (CHECKOUT / "seeds" / ARTICLE).exists()
    assert "/texts/" in (CHECKOUT / ".gitignore").read_text().split()
