"""What is made from the code is what the code says."""

from __future__ import annotations

import runpy
from typing import Any

import pytest

from tests.conftest import CHECKOUT

GENERATOR = runpy.run_path(str(CHECKOUT / "docs" / "generate.py"))


@pytest.mark.parametrize("generated", GENERATOR["GENERATED"], ids=lambda generated: generated.file)
def test_a_generated_file_is_what_the_code_says(generated: Any) -> None:
    assert (CHECKOUT / generated.file).read_text(encoding="utf-8") == generated.current(), "`make docs` writes it again"


def test_a_part_of_a_file_is_changed_between_its_lines_alone(tmp_path: Any) -> None:
    page = tmp_path / "page.md"
    page.write_text("above\n<!-- list: begin (made) -->\nold\n<!-- list: end -->\nbelow\n")
    part = GENERATOR["Generated"](str(page), lambda: "new \\1\n", "list")
    assert part.current() == "above\n<!-- list: begin (made) -->\nnew \\1\n<!-- list: end -->\nbelow\n"
