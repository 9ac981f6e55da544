"""The corpus of broken projects: each mistake is found, at its place, and nothing else is reported beside it."""

from __future__ import annotations

import csv
import shutil
from collections import Counter
from pathlib import Path

import pytest

import negograph
from negograph.problems.codes import CODES

CORPUS = Path(__file__).parents[1] / "data" / "broken"
with (CORPUS / "expected.csv").open(encoding="utf-8", newline="") as file:
    EXPECTED = {row["case"]: row for row in csv.DictReader(file, restval="")}
MADE_BY_TESTS = {
    "unreadable",
    "too-large",
    "outward-link",
    "missing-text",
    "schema",
    *(code for code in CODES if code.split("-")[0] == "recipe"),
}
"""Codes of what is no file of seeds, or too large to keep: other tests make it."""


def test_the_base_is_without_problems() -> None:
    assert negograph.check(CORPUS / "base") == []


@pytest.mark.parametrize("case", EXPECTED)
def test_the_one_mistake_is_found_at_its_place_and_nothing_else(tmp_path: Path, case: str) -> None:
    shutil.copytree(CORPUS / "base", tmp_path / "project")
    shutil.copytree(CORPUS / "cases" / case, tmp_path / "project", dirs_exist_ok=True)
    problems = negograph.check(tmp_path / "project")
    found = [
        (problem.position.file, problem.position.line, problem.position.column, problem.code, problem.severity)
        for problem in problems
    ]
    expected = EXPECTED[case]
    assert found == [
        (expected["file"], int(expected["line"]), int(expected["column"]), expected["code"], expected["severity"])
    ], expected["trap"]
    assert expected["says"] in problems[0].message


def test_every_code_is_in_the_corpus() -> None:
    assert {row["code"] for row in EXPECTED.values()} == set(CODES) - MADE_BY_TESTS
    assert sorted(path.name for path in (CORPUS / "cases").iterdir()) == sorted(EXPECTED)
    assert Counter(row["severity"] for row in EXPECTED.values())["warning"] > 10
