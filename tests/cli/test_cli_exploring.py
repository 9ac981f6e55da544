"""report as users run it, on the embedded engine."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from negograph.database.embedded.engine import take_down
from tests.cli.test_cli import negograph
from tests.conftest import FERRY


@pytest.fixture(scope="module")
def ferry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The fictional project, loaded; its embedded engine stays until the end of the tests."""
    folder = tmp_path_factory.mktemp("exploring") / "ferry"
    shutil.copytree(FERRY, folder, ignore=shutil.ignore_patterns("answers"))
    assert negograph("up", cwd=folder).returncode == 0
    assert negograph("load", cwd=folder).returncode == 0
    yield folder
    take_down(folder / ".negograph")


class TestReport:
    def test_it_is_written_into_the_current_folder_and_never_over_another_file_unasked(self, ferry: Path) -> None:
        done = negograph("report", cwd=ferry)
        assert (done.returncode, done.stdout) == (0, "")
        assert done.stderr.endswith("the report is in report.html\n")
        assert (ferry / "report.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>\n")
        (ferry / "report.html").write_text("mine", encoding="utf-8")
        done = negograph("report", cwd=ferry)
        assert done.returncode == 1
        assert "error: report.html is there already; name another file, or add --overwrite\n" in done.stderr
        assert (ferry / "report.html").read_text(encoding="utf-8") == "mine"
        assert negograph("report", "--overwrite", cwd=ferry).returncode == 0
        assert "Ferry, tolls, dredging" in (ferry / "report.html").read_text(encoding="utf-8")

    def test_with_texts_it_is_said_that_they_may_not_be_passed_on(self, ferry: Path) -> None:
        done = negograph("report", "--with-texts", "--output", "texts.html", cwd=ferry)
        assert done.stderr.endswith("note: it holds whole source texts, which may not be passed on\n")
        assert "Few years on the river were as loud as this one." in (ferry / "texts.html").read_text(encoding="utf-8")

    def test_a_pipe_gets_the_page(self, ferry: Path) -> None:
        done = negograph("report", "--output", "/dev/stdout", cwd=ferry)
        assert (done.returncode, done.stdout[:15]) == (0, "<!DOCTYPE html>")

    def test_of_a_graph_with_nothing_in_it_there_is_none(self, tmp_path: Path) -> None:
        (tmp_path / "seeds").mkdir()
        done = negograph("report", "--embedded", cwd=tmp_path)
        assert done.returncode == 1
        assert "error: the graph is empty, so there is nothing to report; `negograph load` fills it\n" in done.stderr
        assert not (tmp_path / "report.html").exists()


def test_a_command_that_needs_numpy_gets_it_and_no_other_does() -> None:
    program = (
        "import sys\nfrom negograph.cli.heavy import kept_out, let_in_numpy\n"
        "with kept_out():\n"
        "    import neo4j; assert not sys.modules.get('numpy')\n"
        "    let_in_numpy(); import numpy; assert sys.modules['pandas'] is None\n"
        "assert sys.modules['numpy'] is numpy and 'pandas' not in sys.modules\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
