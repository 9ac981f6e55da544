"""Mapping: what becomes of records in the graph."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from negograph.graph.plan import NodeKey, Subgraph
from tests.conftest import CHECKOUT, FERRY, graph_of

BASE = """\
parties:
  - {id: a, name: Ay, kind: state}
  - {id: b, name: Be, kind: state}
  - {id: c, name: Ce, kind: state}
people: [{id: speaker, name: The speaker of Ay, speaks_for: a, office: Speaker}]
documents: [{id: d, kind: article, name: D, date: 2021-05, issued_by: [b, c]}]
issues: [{id: i, name: War}]
proposals: [{id: plan, name: The plan, concerns: i}]
"""


def entry(folder: Path, identity: str) -> Subgraph:
    _, graph = graph_of(folder)
    return next(entry for entry in graph.entries if entry.node.key.id == identity)


def test_a_node_is_called_by_its_shorter_name_or_else_by_its_name(project: Callable[..., Path]) -> None:
    folder = project(base=BASE.replace("name: The plan,", "name: The plan, short: Plan,"))
    assert [entry(folder, id_).node.properties.get("caption") for id_ in ("plan", "a", "d", "speaker")] == [
        "Plan",
        "Ay",
        "D",
        "The speaker of Ay",
    ]


def fact(project: Callable[..., Path], words: str) -> Subgraph:
    text = f"facts: [{{id: f, {words}, date: 2021-05-01, evidence: [{{document: d, quote: q}}]}}]"
    return entry(project(base=BASE, facts=text), "f")


@pytest.mark.parametrize(
    ("words", "attribution", "label", "name"),
    [
        ("action: offered, by: a, to: b, what: plan", "reported", "offered", "Ay offered to Be: The plan"),
        ("action: offered, by: a, what: plan", "reported", "offered", "Ay offered: The plan"),
        ("action: offered, by: a, what: plan, according_to: speaker", "own", "offered", "Ay offered: The plan"),
        ("action: offered, by: a, what: plan, according_to: a", "own", "offered", "Ay offered: The plan"),
        (
            "action: rejected, by: b, what: plan, according_to: speaker",
            "alleged",
            "said to have rejected (The speaker of Ay)",
            "According to The speaker of Ay – Be rejected: The plan",
        ),
        (
            "action: rejected, by: b, what: plan, according_to: c",
            "alleged",
            "said to have rejected (Ce)",
            "According to Ce – Be rejected: The plan",
        ),
        (
            "action: supported, by: [a, b], what: plan, according_to: speaker",
            "alleged",
            "said to have supported (The speaker of Ay)",
            "According to The speaker of Ay – Ay and Be supported: The plan",
        ),
        (
            "action: coordinated_with, by: a, to: [b, c], what: i, modality: planned",
            "reported",
            "planned: coordinated with",
            "Planned – Ay coordinated with Be and Ce: War",
        ),
        ("action: coordinated_with, by: a, to: b", "reported", "coordinated with", "Ay coordinated with Be"),
        (
            "action: stated, by: [a, b, c], what: i, says: it will not start one",
            "reported",
            "stated",
            "Ay, Be and Ce made a statement: War (it will not start one)",
        ),
        (
            "action: stated, by: b, what: i, according_to: speaker",
            "alleged",
            "said to have made a statement (The speaker of Ay)",
            "According to The speaker of Ay – Be made a statement: War",
        ),
        (
            "action: accepted, by: b, what: plan, modality: conditional, condition: it is free, implied: true",
            "reported",
            "by implication, conditional: accepted",
            "By implication, conditional – Be accepted: The plan – if it is free",
        ),
        (
            "action: withdrew, by: c, what: plan, according_to: speaker",
            "alleged",
            "said to have withdrawn (The speaker of Ay)",
            "According to The speaker of Ay – Ce withdrew: The plan",
        ),
        (
            "action: accepted, by: b, what: plan, according_to: c, on_behalf_of: b",
            "own",
            "accepted",
            "Be accepted: The plan",
        ),
        (
            "action: accepted, by: a, what: plan, according_to: speaker, on_behalf_of: b",
            "alleged",
            "said to have accepted (The speaker of Ay)",
            "According to The speaker of Ay – Ay accepted: The plan",
        ),
        (
            "action: warned, by: b, to: a, what: i, modality: denied, according_to: speaker",
            "alleged",
            "denied: said to have warned (The speaker of Ay)",
            "According to The speaker of Ay, denied – Be warned Ay: War",
        ),
    ],
)
def test_whose_word_a_fact_is_and_how_it_reads(
    project: Callable[..., Path], words: str, attribution: str, label: str, name: str
) -> None:
    found = fact(project, words)
    labels = {edge.properties["label"] for edge in found.edges if "label" in edge.properties}
    assert (found.node.properties["attribution"], labels, found.node.properties["name"]) == (attribution, {label}, name)


@pytest.mark.parametrize(
    ("words", "known_from"),
    [
        ("date: 2021-05-01", date(2021, 5, 1)),
        ("date: 2021-05-01, according_to: speaker, by: a", date(2021, 5, 1)),
        ("date: 2021-05-01, according_to: speaker, by: b", date(2021, 6, 2)),
        ("date: 2021-05-01, according_to: speaker, by: b, said: 2021-05-20/2021-05-22", date(2021, 5, 20)),
        ("date: 2021-07-01, according_to: speaker, by: b, said: 2021-05-20, modality: planned", date(2021, 7, 1)),
    ],
)
def test_an_act_counts_from_its_own_day_or_from_that_on_which_another_told_it(
    project: Callable[..., Path], words: str, known_from: date
) -> None:
    by = "" if "by:" in words else ", by: b"
    facts = f"facts: [{{id: f, action: supported, what: plan, {words}{by}, evidence: [{{document: dated, quote: q}}]}}]"
    documents = "documents: [{id: dated, name: D, kind: report, date: 2021-06-02}]"
    found = entry(project(base=BASE, facts=facts, documents=documents), "f")
    assert found.node.properties["known_from"] == known_from


def test_a_fact_becomes_its_own_edges_and_one_short_edge_for_each_pair(project: Callable[..., Path]) -> None:
    found = fact(project, "action: criticised, by: [a, b], to: c, what: [plan, i], according_to: speaker")
    assert sorted((edge.start.id, edge.type, edge.end.id) for edge in found.edges) == [
        ("a", "CRITICISED", "i"),
        ("a", "CRITICISED", "plan"),
        ("b", "CRITICISED", "i"),
        ("b", "CRITICISED", "plan"),
        ("f", "ABOUT", "i"),
        ("f", "ABOUT", "plan"),
        ("f", "ACCORDING_TO", "speaker"),
        ("f", "BY", "a"),
        ("f", "BY", "b"),
        ("f", "EVIDENCED_BY", "d"),
        ("f", "TO", "c"),
    ]


def test_a_short_edge_carries_what_tells_it_from_a_plain_claim(project: Callable[..., Path]) -> None:
    found = fact(project, "action: rejected, by: b, what: plan, according_to: speaker, implied: true, confidence: low")
    (edge,) = [edge for edge in found.edges if edge.type == "REJECTED"]
    assert edge.properties == {
        "fact": "f",
        "label": "by implication: said to have rejected (The speaker of Ay)",
        "date": "2021-05-01",
        "date_from": date(2021, 5, 1),
        "date_to": date(2021, 5, 1),
        "known_from": date(2021, 5, 1),
        "attribution": "alleged",
        "according_to": "speaker",
        "modality": "actual",
        "stance": -1,
        "implied": True,
        "confidence": "low",
        "quote": "q",
        "source": "D",
        "dataset": "small",
    }


def test_a_retracted_fact_is_kept_aside_without_short_edges(project: Callable[..., Path]) -> None:
    found = fact(project, "action: offered, by: a, what: plan, retracted: {on: 2021-06-01, reason: misread}")
    assert found.node.key == NodeKey("RetractedFact", "f")
    assert found.node.properties["retracted_on"] == date(2021, 6, 1)
    assert found.node.properties["retracted_reason"] == "misread"
    assert sorted(edge.type for edge in found.edges) == ["ABOUT", "BY", "EVIDENCED_BY"]


def test_a_stance_is_the_actions_own_unless_the_fact_says_otherwise(project: Callable[..., Path]) -> None:
    assert fact(project, "action: rejected, by: a, what: plan").node.properties["stance"] == -1
    assert fact(project, "action: rejected, by: a, what: plan, stance: 0").node.properties["stance"] == 0


def test_a_date_becomes_its_text_and_its_first_and_last_day(project: Callable[..., Path]) -> None:
    properties = entry(project(base=BASE), "d").node.properties
    assert (properties["date"], properties["date_from"], properties["date_to"]) == (
        "2021-05",
        date(2021, 5, 1),
        date(2021, 5, 31),
    )


def test_a_reversed_edge_runs_to_the_entry_and_is_owned_by_it(project: Callable[..., Path]) -> None:
    edges = [(edge.start.id, edge.type, edge.end.id) for edge in entry(project(base=BASE), "d").edges]
    assert edges == [("b", "ISSUED", "d"), ("c", "ISSUED", "d")]


def test_an_office_stands_on_the_edge_to_the_party(project: Callable[..., Path]) -> None:
    (edge,) = entry(project(base=BASE), "speaker").edges
    assert (edge.type, edge.properties) == ("SPEAKS_FOR", {"office": "Speaker", "entry": "speaker", "dataset": "small"})


def digests(folder: Path) -> dict[str, str]:
    return {entry.node.key.id: entry.digest for entry in graph_of(folder)[1].entries}


def test_a_digest_does_not_depend_on_files_order_or_comments(project: Callable[..., Path]) -> None:
    before = digests(project(base=BASE))
    lines = BASE.replace("issued_by: [b, c]", "issued_by: [c, b]").splitlines()
    folder = project(base="# a comment\n" + "\n".join(lines[5:]) + "\n", parties="\n".join(lines[:5]) + "\n")
    assert digests(folder) == before


def test_a_digest_changes_with_the_entry_and_with_the_names_that_its_edges_show(project: Callable[..., Path]) -> None:
    words = "action: rejected, by: b, what: plan, according_to: speaker, date: 2021"
    facts = f"facts: [{{id: f, {words}, evidence: [{{document: d, quote: q}}]}}]"
    before = digests(project(base=BASE, facts=facts))
    after = digests(project(base=BASE.replace("The speaker of Ay", "Ay's speaker"), facts=facts))
    assert {identity for identity in before if before[identity] != after[identity]} == {"speaker", "f", "plan"}


@pytest.mark.parametrize("folder", [CHECKOUT, FERRY], ids=["seeds", "ferry"])
def test_for_every_fact_the_short_edges_and_its_own_edges_agree(folder: Path) -> None:
    model, graph = graph_of(folder)
    facts = [entry for entry in graph.entries if entry.node.key.label == "Fact"]
    assert facts
    for found in facts:
        action = model.actions[str(found.node.properties["action"])]
        own = {kind: {edge.end for edge in found.edges if edge.type == kind} for kind in ("BY", "TO", "ABOUT")}
        short = [edge for edge in found.edges if "fact" in edge.properties]
        ends = own["ABOUT" if action.ends == "what" else "TO"]
        assert {(edge.start, edge.type, edge.end) for edge in short} == {
            (by, action.edge, end) for by in own["BY"] for end in ends
        }
        assert len(short) == len(own["BY"]) * len(ends) > 0
        shared = {"date", "date_from", "date_to", "attribution", "modality", "stance", "implied", "confidence"}
        for edge in short:
            assert {name: edge.properties[name] for name in shared} == {name: found.node.properties[name] for name in shared}
            speakers = [edge.end.id for edge in found.edges if edge.type == "ACCORDING_TO"]
            assert [edge.properties["according_to"]] == speakers if speakers else "according_to" not in edge.properties
