"""The codes: each is what its example shows, and the page that documents them is made from them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import negograph
from negograph.problems.codes import CODES, page
from negograph.seeds.starter import make_project
from tests.conftest import CHECKOUT


def test_the_page_is_current() -> None:
    assert (CHECKOUT / "docs" / "problems.md").read_text(encoding="utf-8") == page(), "run `make docs`"


@pytest.mark.parametrize("code", [code for code, kind in CODES.items() if kind.example is not None])
def test_each_example_is_reported_by_its_code_alone(tmp_path: Path, code: str) -> None:
    kind = CODES[code]
    make_project(tmp_path)
    assert negograph.check(tmp_path) == []
    path = tmp_path / kind.file
    example = kind.example if isinstance(kind.example, bytes) else (kind.example or "").encode()
    path.write_bytes(example)
    (problem,) = negograph.check(tmp_path)
    assert (problem.code, problem.severity) == (code, kind.severity)


def test_every_code_that_the_package_uses_is_one_of_them_and_every_one_is_used() -> None:
    sources = [path.read_text(encoding="utf-8") for path in (CHECKOUT / "loader" / "negograph").rglob("*.py")]
    used = {
        word for source in sources for word in re.findall(r'"([a-z0-9]+(?:-[a-z0-9]+)*)"', source) if "ProblemCode" not in source
    }
    assert set(CODES) <= used


def test_every_code_without_an_example_says_what_it_takes() -> None:
    without = {code for code, kind in CODES.items() if kind.example is None}
    recipes = {code for code in CODES if code.split("-")[0] == "recipe"}  # these are found by `negograph queries --check`
    assert without == {"unreadable", "outward-link", "too-large", "missing-text"} | recipes  # links, 64 MiB, an option
