"""How long a plan and a load take after one fact of 100,000 changed, beside the first load of them all.

    python -m benchmarks.reload [FACTS] [FILES]

On the embedded engine, and on the Neo4j that NEGOGRAPH_TEST_NEO4J_URI names (bolt://USER:PASSWORD@HOST:PORT), which is wiped.
Every figure is the time of a whole process, start and end of the embedded engine included; the ratios are what counts.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit

import neo4j

from benchmarks.dataset import write_dataset


def main(facts: int = 100_000, files: int = 200) -> None:
    """Print the times of each step on each database."""
    named = os.environ.get("NEGOGRAPH_TEST_NEO4J_URI", "").split()
    for database in ["", *named[:1]]:
        with tempfile.TemporaryDirectory() as folder:
            project = Path(folder) / "project"
            size = write_dataset(project, facts, files)
            print(f"{facts:,} facts in {files} files of {size / 1e6:.1f} MB, {'Neo4j' if database else 'embedded engine'}")
            _measure(project, environment_of(database))


def environment_of(database: str) -> dict[str, str]:
    """What makes the commands use a database; it is emptied before."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("NEO4J_")}
    if not database:
        return ours
    parts = urlsplit(database)
    uri, user, password = f"bolt://{parts.hostname}:{parts.port}", str(parts.username), str(parts.password)
    with neo4j.GraphDatabase.driver(uri, auth=(user, password)) as driver, driver.session() as session:
        session.run("MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 10000 ROWS").consume()
    return {**ours, "NEO4J_URI": uri, "NEO4J_USERNAME": user, "NEO4J_PASSWORD": password}


def _measure(project: Path, environment: dict[str, str]) -> None:
    reading = _seconds(project, environment, "check")
    first = _seconds(project, environment, "load")
    unchanged = _seconds(project, environment, "load")
    file = project / "seeds" / "facts-007.yaml"
    content = file.read_text(encoding="utf-8")
    file.write_text(re.sub(r"note: .*", "note: Another remark.", content, count=1), encoding="utf-8")
    again = _seconds(project, environment, "check")
    with file.open("a", encoding="utf-8") as opened:
        opened.write("# so that the check of this state is not known yet\n")
    planned = _seconds(project, environment, "plan")
    loaded = _seconds(project, environment, "load")
    whole = reading + first
    print(f"first load                    {whole:7.2f} s, reading and checking {reading / whole:4.0%} of it")
    print(f"load, nothing changed         {unchanged:7.2f} s, {unchanged / whole:.1%}")
    print(f"check, one fact changed       {again:7.2f} s, {again / whole:.1%}")
    print(f"plan, one fact changed        {planned:7.2f} s, {planned / whole:.1%}")
    print(f"load, one fact changed        {loaded:7.2f} s, {loaded / whole:.1%}; plan and load {(planned + loaded) / whole:.1%}")


def _seconds(project: Path, environment: dict[str, str], command: str) -> float:
    began = time.perf_counter()
    words = [sys.executable, "-m", "negograph", command, "--project", str(project)]
    done = subprocess.run(words, check=False, capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stdout[:500] + done.stderr[:500]
    return time.perf_counter() - began


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
