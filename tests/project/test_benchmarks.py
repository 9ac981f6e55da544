"""The benchmarks run, and their page has all that it promises."""

from __future__ import annotations

import os
import re
import subprocess
import sys

from tests.conftest import CHECKOUT


def test_the_page_of_a_small_run_has_every_figure() -> None:
    environment = {**os.environ, "SIZES": "30", "ROUNDS": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", "--embedded"],
        check=False,
        capture_output=True,
        text=True,
        cwd=CHECKOUT,
        env=environment,
    )
    assert done.returncode == 0, done.stderr
    rows = dict(re.findall(r"^\| (.+?) \| (.+?) \|$", done.stdout, re.MULTILINE))
    expected = ["The bare driver", "First check", "First load", "Load, a tenth removed", "Load, half changed", "Statements, s"]
    figures = [float(rows[name].partition(" ")[0]) for name in expected]
    assert all(figure > 0 for figure in figures)
    assert rows["First load"].endswith("(100%)")
    assert len(re.findall(r"^\| `[\w-]+` \| [\d,]+ \|", done.stdout, re.MULTILINE)) == len(
        list((CHECKOUT / "queries").glob("*.cypher"))
    )
