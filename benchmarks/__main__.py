"""Measures negograph beside the bare driver, in one run, on the embedded engine and on Neo4j: `make bench`.

    SIZES="1000 10000 100000" ROUNDS=3 python -m benchmarks [--page] [--embedded]

Prints a page of tables, the medians of all rounds; with --page it becomes docs/performance.md, with pictures. Neo4j is what
NEGOGRAPH_TEST_NEO4J_URI names (bolt://USER:PASSWORD@HOST:PORT), which is wiped, else a container; with --embedded, none.
"""

from __future__ import annotations

import json
import os
import pickle
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.bare import rows_of
from benchmarks.databases import Measured, databases
from benchmarks.dataset import write_dataset
from benchmarks.page import Run, write_page
from benchmarks.recipes import seconds_of_recipes
from negograph.checks.project import check_project
from negograph.graph.known_digests import map_graph
from negograph.model.schema_files import load_model
from negograph.project import open_project
from negograph.seeds.cache import Cache

FILES = 200


@dataclass(frozen=True)
class _Bench:
    """Where one size is measured on one database, and what was found."""

    database: Measured
    run: Run
    made: Path
    work: Path
    environment: dict[str, str] = field(repr=False)

    @property
    def project(self) -> Path:
        return self.work / "project"

    def renew(self) -> None:
        """Lay the project out anew, with nothing known of it, beside an empty database."""
        for folder in (self.project, self.work / "cache"):
            shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.made, self.project)
        self.database.empty(self.work / "engine")

    def command(self, name: str, *words: str) -> None:
        """Run a command of negograph, and keep how long it took."""
        result = self.work / "result.json"
        began = time.perf_counter()
        _run([sys.executable, "-m", "benchmarks.staged", str(result), *words, "--project", str(self.project)], self.environment)
        self.run.add(name, time.perf_counter() - began)
        told = json.loads(result.read_text(encoding="utf-8"))
        self.run.add_stages(name, told["seconds"], told["memory"])


def main(*options: str) -> None:
    """Measure all sizes on each database."""
    sizes = [int(size) for size in os.environ.get("SIZES", "1000 10000 100000").split()]
    rounds, began = int(os.environ.get("ROUNDS", "3")), time.perf_counter()
    runs: list[Run] = []
    with databases(_say, embedded="--embedded" in options) as found, tempfile.TemporaryDirectory() as folder:
        try:
            for size in sizes:
                for database in reversed(found):  # the quicker one first
                    runs.append(_measure(database, size, rounds, Path(folder)))
        finally:  # also where it was interrupted, or fails: it takes an hour
            if runs:
                print(write_page(runs, found, time.perf_counter() - began, save="--page" in options))


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def _measure(database: Measured, facts: int, rounds: int, folder: Path) -> Run:
    made, work = folder / f"made-{facts}", folder / "work"
    if not made.exists():
        write_dataset(made, facts, min(FILES, facts // 5))
    run = Run(database.name, facts)
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    _write_rows(made, work, run)
    environment = {**database.environment(), "XDG_CACHE_HOME": str(work / "cache")}
    bench = _Bench(database, run, made, work, environment)
    for number in range(rounds):
        _say(f"{facts:,} facts, {database.name}, round {number + 1} of {rounds}")
        for part in (_bare, _first, _again, _one_changed, _tenth_removed, _half_changed):
            part(bench)
    run.server_memory = database.most_memory()
    run.recipes = seconds_of_recipes(database.target(bench.project))
    return run


def _write_rows(made: Path, work: Path, run: Run) -> None:
    """The rows that the bare driver writes, in files."""
    project = open_project(made, {})
    model = load_model(project.schema_folders())
    checked = check_project(project, model)
    assert checked.dataset is not None
    graph = map_graph(checked.dataset, checked.files, model, Cache(None, ""))
    for name, bookkeeping in (("all", True), ("plain", False)):
        rows = rows_of(graph, bookkeeping=bookkeeping)
        (work / name).write_bytes(pickle.dumps(rows))
        run.nodes, run.edges = rows.counts


def _bare(bench: _Bench) -> None:
    for rows, name in (("all", "the bare driver"), ("plain", "the bare driver, without bookkeeping")):
        with bench.database.emptied(bench.work / "engine") as (uri, user, password):
            command = [sys.executable, "-m", "benchmarks.bare", str(bench.work / rows), uri, user, password]
            bench.run.add(name, float(_run(command, dict(os.environ))))


def _first(bench: _Bench) -> None:
    bench.renew()
    bench.command("first check", "check")
    bench.renew()
    bench.command("first load", "load")


def _again(bench: _Bench) -> None:
    bench.command("load, nothing changed", "load")


def _one_changed(bench: _Bench) -> None:
    _edit(bench.project, lambda number: number == 0, lambda text: re.sub("A remark", "Another remark", text, count=1))
    bench.command("plan, one fact changed", "plan")
    bench.command("load, one fact changed", "load")


def _tenth_removed(bench: _Bench) -> None:
    removed = sorted((bench.project / "seeds").glob("facts-*.yaml"))[1::10]
    texts = {path: path.read_text(encoding="utf-8") for path in removed}
    for path in removed:
        path.unlink()
    bench.command("load, a tenth removed", "load", "--yes")
    for path, text in texts.items():
        path.write_text(text, encoding="utf-8")
    bench.command("load, a ninth added", "load")


def _half_changed(bench: _Bench) -> None:
    _edit(bench.project, lambda number: number % 2 == 0, lambda text: text.replace("A remark", "Yet another remark"))
    bench.command("load, half changed", "load")


def _edit(project: Path, which: Callable[[int], bool], change: Callable[[str], str]) -> None:
    for number, path in enumerate(sorted((project / "seeds").glob("facts-*.yaml"))):
        if which(number):
            path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")


def _run(command: list[str], environment: dict[str, str]) -> str:
    """What a process prints."""
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=environment)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stdout[-500:]}{done.stderr[-2000:]}")
    return done.stdout


if __name__ == "__main__":
    main(*sys.argv[1:])
