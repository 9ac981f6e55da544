"""Checking: every mistake in the entries is one problem, at its exact place, and nothing else is reported beside it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import FERRY, checked_project

BASE = """\
parties: [{id: a, name: Ay, kind: state, aliases: [Alpha]}, {id: b, name: Be, kind: state}]
people: [{id: speaker, name: The speaker of Ay, speaks_for: a}]
documents: [{id: d, kind: article, name: D, text: {file: d.txt}}]
issues: [{id: i, name: I}]
proposals: [{id: plan, name: Plan}]
demands: [{id: wish, name: Wish}]
"""

FACT = "- {id: f, action: offered, by: a, what: plan, date: 2021, evidence: [{document: d, quote: the plan}]}"


def problems(folder: Path) -> list[str]:
    return [f"{problem.position}: {problem.code}" for problem in checked_project(folder, folder)[1].problems]


def test_the_base_of_these_tests_is_without_problems(project: Callable[..., Path]) -> None:
    folder = project(base=BASE, facts=f"facts:\n{FACT}\n")
    (folder / "d.txt").write_text("Ay spoke of the plan. It said so twice: it said so.")
    _, checked = checked_project(folder, folder)
    assert checked.errors == ()
    assert (len(checked.entries), checked.quotes, checked.unverified) == (8, 1, 0)


CASES = {
    "unknown section": ("parts: [{id: x}]", "1:1: unknown-key"),
    "unknown key": ("issues: [{id: x, name: X, concern: i}]", "1:27: unknown-key"),
    "unknown key of evidence": (
        "facts:\n- {id: f, action: opposed, by: a, what: i, date: 2021,\n   evidence: [{document: d, quote: the plan, page: 3}]}",
        "3:46: unknown-key",
    ),
    "missing id": ("issues:\n  - {name: X}", "2:5: missing-field"),
    "missing name": ("issues:\n  - {id: x}", "2:5: missing-field"),
    "missing action": (FACT.replace("action: offered, ", ""), "2:3: missing-field"),
    "missing date": (FACT.replace("date: 2021, ", ""), "2:3: missing-field"),
    "missing actor": (FACT.replace("by: a, ", ""), "2:3: missing-field"),
    "missing evidence": (FACT.replace(", evidence: [{document: d, quote: the plan}]", ""), "2:3: missing-field"),
    "empty evidence": (FACT.replace("[{document: d, quote: the plan}]", "[]"), "2:69: missing-field"),
    "missing quote": (FACT.replace(", quote: the plan", ""), "2:70: missing-field"),
    "missing object of the action": (FACT.replace("what: plan, ", ""), "2:3: missing-field"),
    "missing addressee of the action": (FACT.replace("offered", "coordinated_with"), "2:3: missing-field"),
    "office without party": ("people: [{id: x, name: X, office: Mayor}]", "1:10: missing-field"),
    "empty value": ("issues: [{id: x, name: }]", "1:18: empty-value"),
    "empty text": ('issues: [{id: x, name: ""}]', "1:18: empty-value"),
    "blank text": ('issues: [{id: x, name: "  "}]', "1:18: empty-value"),
    "empty id": ('issues: [{id: "", name: X}]', "1:11: empty-value"),
    "empty action": (FACT.replace("offered", '""'), "2:11: empty-value"),
    "empty actor": (FACT.replace("by: a", 'by: ""'), "2:28: empty-value"),
    "empty actor in a list": (FACT.replace("by: a", 'by: [a, ""]'), "2:36: empty-value"),
    "empty element": ("issues: [{id: x, name: X, aliases: [~, one]}]", "1:37: empty-value"),
    "empty retraction": (FACT.replace("date:", 'retracted: {on: 2022, reason: ""}, date:'), "2:69: empty-value"),
    "quote without words": (FACT.replace("the plan", "…"), "2:91: empty-value"),
    "mistyped key that is required": (FACT.replace("by: a", "bye: a"), "2:28: unknown-key"),
    "mistyped section": ("isues: [{id: x, name: X}]\nproposals: [{id: y, name: Y, concerns: x}]", "1:1: unknown-key"),
    "broken file": ("issues: [{id: x, name: X}\n", "1:9: yaml-syntax"),
    "unknown action": (FACT.replace("offered", "ofered"), "2:19: unknown-action"),
    "unknown id": (FACT.replace("by: a", "by: c"), "2:32: unknown-id"),
    "alias instead of id": (FACT.replace("by: a", "by: alpha"), "2:32: unknown-id"),
    "unknown id in a list": (FACT.replace("by: a", "by: [a, c]"), "2:36: unknown-id"),
    "unknown document": (FACT.replace("document: d", "document: e"), "2:81: unknown-id"),
    "duplicate id": ("issues: [{id: x, name: X}]\nproposals: [{id: x, name: X}]", "2:18: two-kinds"),
    "id used in another file": ("issues: [{id: plan, name: X}]", "1:15: two-kinds"),
    "id with a blank": ("issues: [{id: my issue, name: X}]", "1:15: bad-id"),
    "id with a slip, and references to what was meant": (
        "issues: [{id: 'i!x', name: X}]\nproposals: [{id: y, name: Y, concerns: ix}]",
        "1:15: bad-id",
    ),
    "second dataset": ("dataset: {id: other, title: Other}", "1:1: duplicate-id"),
    "wrong kind of reference": ("proposals: [{id: x, name: X, concerns: a}]", "1:40: wrong-kind"),
    "wrong kind of actor": (FACT.replace("by: a", "by: speaker"), "2:32: wrong-kind"),
    "wrong kind of object for the action": (FACT.replace("what: plan", "what: wish"), "2:41: wrong-kind"),
    "list where one is meant": ("people: [{id: x, name: X, speaks_for: [a, b]}]", "1:39: wrong-type"),
    "text where a list is meant": ("issues: [{id: x, name: X, aliases: one}]", "1:36: wrong-type"),
    "mapping where a text is meant": ("issues: [{id: x, name: {en: X}}]", "1:24: wrong-type"),
    "text where a mapping is meant": (FACT.replace("[{document: d, quote: the plan}]", "d"), "2:69: wrong-type"),
    "the same id twice": (FACT.replace("what: plan", "what: [plan, plan]"), "2:48: duplicate-reference"),
    "impossible date": (FACT.replace("2021", "2021-02-30"), "2:53: bad-date"),
    "date of unclear form": (FACT.replace("2021", "3 May 2021"), "2:53: bad-date"),
    "interval that ends before it begins": (FACT.replace("2021", "2021/2020"), "2:53: backwards-interval"),
    "bad value": ("parties: [{id: x, name: X, kind: country}]", "1:34: bad-value"),
    "bad flag": (FACT.replace("date:", "implied: yes, date:"), "2:56: wrong-type"),
    "bad stance": (FACT.replace("date:", "stance: 2, date:"), "2:55: bad-value"),
    "retraction without reason": (FACT.replace("date:", "retracted: {on: 2022}, date:"), "2:58: missing-field"),
    "quote that is not in the text": (FACT.replace("the plan", "a plan"), "2:91: quote-not-found"),
    "quote that stands there twice": (FACT.replace("the plan", "said so"), "2:91: quote-not-unique"),
    "quote that is too long": (FACT.replace("the plan", "a b c d e f g h i j k l m"), "2:91: long-quote"),
    "text outside the texts folder": ("documents: [{id: x, name: X, kind: article, text: {file: ../x.txt}}]", "1:58: bad-value"),
    "text with a NUL in its name": (
        'documents: [{id: x, name: X, kind: article, text: {file: "a\\0"}}]',
        "1:58: invisible-character",
    ),
    **{
        f"text named as {file}": (f"documents: [{{id: x, name: X, kind: article, text: {{file: '{file}'}}}}]", "1:58: bad-value")
        for file in (
            *("texts/d.txt", "./texts/d.txt", "Texts/d.txt", "sub\\d.txt", "C:/d.txt", "/d.txt", "sub/../../d.txt"),
            *("https://example.org/d.txt", "file:/d.txt", "www.example.org/d.txt", "doi:10.1000/d"),
        )
    },
    "text that is a folder": ("documents: [{id: x, name: X, kind: article, text: {file: seeds}}]", "1:58: unreadable-text"),
    "text that was changed": (
        f"documents: [{{id: x, name: X, kind: article, text: {{file: d.txt, sha256: {'0' * 64}, characters: 5}}}}]",
        "1:73: text-changed",
    ),
    "SHA-256 that is none": ("documents: [{id: x, name: X, kind: article, text: {file: x, sha256: abc}}]", "1:69: bad-value"),
}


@pytest.mark.parametrize("name", CASES)
def test_each_mistake_is_one_problem_at_its_place(project: Callable[..., Path], name: str) -> None:
    text, expected = CASES[name]
    folder = project(base=BASE, mistake=f"facts:\n{text}\n" if text.startswith("- ") else text)
    (folder / "d.txt").write_text("Ay spoke of the plan. It said so twice: it said so.")
    places = [expected] if isinstance(expected, str) else expected
    assert problems(folder) == [f"seeds/mistake.yaml:{place}" for place in places]


def test_all_mistakes_of_all_files_are_found_in_one_run(project: Callable[..., Path]) -> None:
    folder = project(
        base=BASE, one="issues: [{id: x, nam: X}]", two="parties: [", three=f"facts:\n{FACT.replace('by: a', 'by: q')}"
    )
    assert problems(folder) == [
        "seeds/one.yaml:1:18: unknown-key",
        "seeds/three.yaml:2:32: unknown-id",
        "seeds/two.yaml:1:10: yaml-syntax",
    ]


@pytest.mark.parametrize(
    ("mistake", "hint"),
    [
        (FACT.replace("by: a", "by: alpha"), "it is a name of 'a': write the id"),
        (FACT.replace("by: a", "by: Ay"), "it is a name of 'a': write the id"),
        (FACT.replace("what: plan", "what: plann"), "did you mean 'plan'?"),
        (FACT.replace("offered", "ofered"), "did you mean 'offered'?"),
        (FACT.replace("evidence", "evidense"), "did you mean 'evidence'?"),
        (FACT.replace("the plan", "of the plans"), "nearest passage: 'of the plan'"),
    ],
)
def test_a_near_miss_gets_a_hint(project: Callable[..., Path], mistake: str, hint: str) -> None:
    folder = project(base=BASE, mistake=f"facts:\n{mistake}\n")
    (folder / "d.txt").write_text("Ay spoke of the plan.")
    assert hint in "\n".join(problem.message for problem in checked_project(folder, folder)[1].problems)


def test_a_project_without_a_dataset_is_told_how_to_name_it(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "base.yaml").write_text(BASE)
    assert problems(tmp_path) == ["seeds:1:1: missing-dataset"]


def test_quotes_of_an_absent_text_are_counted_not_reported(project: Callable[..., Path]) -> None:
    _, checked = checked_project(project(base=BASE, facts=f"facts:\n{FACT}\n"))
    assert (checked.errors, checked.quotes, checked.unverified) == ((), 1, 1)


def test_two_that_change_places_and_a_chain_of_ids_are_no_problem(project: Callable[..., Path]) -> None:
    swap = "issues: [{id: x, name: X, formerly: [y]}, {id: y, name: Y, formerly: [x]}]"
    assert not checked_project(project(base=BASE, more=swap))[1].errors
    chain = "issues: [{id: x, name: X, formerly: [w]}, {id: y, name: Y, formerly: [x]}]"
    assert not checked_project(project(base=BASE, more=chain))[1].errors
    again = "issues: [{id: x, name: X}, {id: y, name: Y, formerly: [x]}]"
    assert [problem.code for problem in checked_project(project(base=BASE, more=again))[1].errors] == ["former-id-in-use"]


def test_a_prefix_tells_a_repeated_quote_apart(project: Callable[..., Path]) -> None:
    folder = project(base=BASE, facts=f"facts:\n{FACT.replace('quote: the plan', 'quote: said so, suffix: twice')}\n")
    (folder / "d.txt").write_text("Ay spoke of the plan. It said so twice: it said so.")
    assert checked_project(folder, folder)[1].errors == ()


def test_the_fictional_dataset_is_without_problems_and_its_quotes_stand_in_its_texts() -> None:
    _, checked = checked_project(FERRY)
    assert (checked.errors, checked.unverified) == ((), 0)
