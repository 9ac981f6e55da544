"""Problems on the terminal: in colours where they are wanted, in its width, and without control of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from negograph.cli import main
from negograph.seeds.starter import make_project

PLAIN = """\
seeds/trap.yaml:2:23: warning[unused]: no entry refers to the Issue 'fares'; refer to it, or take it out
  2 |   - {name: Fares, id: fares}
    |                       ^^^^^
"""
COLOURED = """\
\x1b[1mseeds/trap.yaml:2:23\x1b[0m: \x1b[33m\x1b[1mwarning[unused]\x1b[0m: \
no entry refers to the Issue 'fares'; refer to it, or take it out
  2 |   - {name: Fares, id: fares}
    |                       \x1b[33m\x1b[1m^^^^^\x1b[0m
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    make_project(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def check(project: Path, seeds: str, **environment: str | None) -> str:
    (project / "seeds" / "trap.yaml").write_text(seeds, encoding="utf-8")
    wanted = {"NO_COLOR": None, "FORCE_COLOR": None, "TERM": "xterm", **environment}
    return CliRunner().invoke(main, ["check"], env=wanted).stdout


@pytest.mark.parametrize(
    ("environment", "shown"),
    [
        ({}, PLAIN),  # a pipe
        ({"FORCE_COLOR": "1"}, COLOURED),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, PLAIN),
        ({"FORCE_COLOR": "1", "TERM": "dumb"}, PLAIN),
    ],
)
def test_colours_are_there_where_they_are_wanted(project: Path, environment: dict[str, str | None], shown: str) -> None:
    assert check(project, "issues:\n  - {name: Fares, id: fares}\n", **environment) == shown


def test_an_excerpt_fits_into_the_columns(project: Path) -> None:
    seeds = "issues:\n  - {id: fares, name: Fares and prices and whatever else is paid}\n"
    assert check(project, seeds, COLUMNS="40").splitlines()[1:] == [
        "  2 |   - {id: fares, name: Fares and …",  # 6 columns for the number, and 2 for the ellipses, of which one is used
        "    |          ^^^^^",
    ]


def test_what_a_file_holds_controls_no_terminal_in_colours_either(project: Path) -> None:
    shown = check(project, 'issues:\n  - {id: "\x9b1m##[error]", name: Fares}\n', FORCE_COLOR="1")
    assert "\x9b" not in shown
    assert "##[" not in shown
    assert "<U+009B>" in shown
