"""The page that says what was measured: tables of medians, their ratios, and a picture for each database."""

from __future__ import annotations

import os
import platform
import statistics
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import neo4j

from benchmarks.databases import Measured
from benchmarks.recipes import Times
from negograph.version import __version__

DOCS = Path(__file__).parents[1] / "docs"
BARE, PLAIN, FIRST = "the bare driver", "the bare driver, without bookkeeping", "first load"
STORE = "first load, the store's part"
STAGES = ("reading", "checking", "mapping", "planning", "commit")


@dataclass
class Run:
    """What was measured with so many facts on a database: seconds, one a round, and MB of memory, by what was done."""

    database: str
    facts: int
    nodes: int = 0
    edges: int = 0
    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    memory: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    server_memory: float | None = None
    recipes: dict[str, Times | str] = field(default_factory=dict)

    def add(self, name: str, seconds: float) -> None:
        """Keep how long something took."""
        self.seconds[name].append(seconds)

    def add_stages(self, name: str, stages: dict[str, float], memory: Sequence[float]) -> None:
        """Keep how long the stages of a command took, and how much memory it and its engine had at most."""
        if name != FIRST:
            return
        for stage, seconds in stages.items():
            self.add(STORE if stage == "store" else stage, seconds)
        for whose, most in zip(("negograph", "engine"), memory, strict=False):
            self.memory[whose].append(most)

    def median(self, name: str) -> float:
        """The median of all rounds."""
        return statistics.median(self.seconds[name])


def write_page(runs: Sequence[Run], found: Sequence[Measured], seconds: float, *, save: bool) -> str:
    """The page, in Markdown; with `save` it is written into docs/, with pictures."""
    parts = [_head(runs, found, seconds)]
    for database in found:
        own = [run for run in runs if run.database == database.name]
        if not own:
            continue
        picture = f"pictures/performance-{database.name.split()[-1].lower()}.svg"
        shown = f"![Seconds by facts, {database.name}]({picture})\n" if save else ""
        parts += [f"## On {database.name}\n", shown, _times(own), _stages(own), _recipes(own[-1])]
        if save:
            _draw(own, DOCS / picture)
    page = "\n".join(filter(None, parts))
    if save:
        (DOCS / "performance.md").write_text(page, encoding="utf-8")
    return page


def _head(runs: Sequence[Run], found: Sequence[Measured], seconds: float) -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30 if hasattr(os, "sysconf") else 0
    machine = f"{os.cpu_count()} processors ({platform.machine()}), {memory:.0f} GB of memory, {platform.system()}"
    versions = [database.version for database in found]
    versions += [f"Python {platform.python_version()}", f"neo4j driver {neo4j.__version__}", f"negograph {__version__}"]
    most = max(runs, key=lambda run: run.facts)
    return f"""# Performance

`make bench` measures negograph beside the bare driver, in one run, and `python -m benchmarks --page` writes this page from it.
This run was on {datetime.now(UTC).date()} and took {seconds / 60:.0f} minutes. Machine: {machine}.
Versions: {", ".join(versions)}.
Each figure is the median of some rounds. Compare figures of one run alone; the ratios are what counts.

- A command is timed as a whole process, its start included. On the embedded engine, the start and the end of the engine too.
- **The bare driver** is a script with one session. It writes rows that are ready in memory: `UNWIND` by 10,000, in one
  transaction, the commit included, with the uniqueness constraints in place. The rows are those of a first load: {most.nodes:,}
  nodes and {most.edges:,} relationships at {most.facts:,} facts. Without bookkeeping they lack the properties by which negograph
  knows what is its own, and whether it changed.
- **The store's part** of a first load is from its first statement to the end of its commit.
- The facts are generated. They are spread over up to 200 files, 40 parties and 400 proposals.
"""


def _times(runs: Sequence[Run]) -> str:
    """A row for each thing that was done, with its ratio to the first load."""
    names = [name for name in runs[-1].seconds if name not in STAGES]
    rows = [[name.capitalize(), *(_with_ratio(run, name) for run in runs)] for name in names]
    rows.append(["**The store's part : the bare driver**", *(f"**{run.median(STORE) / run.median(BARE):.2f}**" for run in runs)])
    rows.append(["**First load : the bare driver**", *(f"**{run.median(FIRST) / run.median(BARE):.2f}**" for run in runs)])
    return _table(["Seconds (and part of a first load)", *map(_size, runs)], rows)


def _size(run: Run) -> str:
    rounds = len(run.seconds[FIRST])
    return f"{run.facts:,} facts, {rounds} round{'s' if rounds > 1 else ''}"


def _with_ratio(run: Run, name: str) -> str:
    return f"{run.median(name):.2f} ({run.median(name) / run.median(FIRST):.0%})"


def _stages(runs: Sequence[Run]) -> str:
    """The stages of a first load, and the most memory."""
    rows = [[f"{stage.capitalize()}, s", *(f"{run.median(stage):.2f}" for run in runs)] for stage in STAGES]
    statements = [f"{run.median(STORE) - run.median('commit'):.2f}" for run in runs]
    rows.insert(-1, ["Statements, s", *statements])
    rows.append(["Most memory of negograph, MB", *(_memory(run.memory["negograph"]) for run in runs)])
    if runs[-1].server_memory is None:
        rows.append(["Most memory of the engine, MB", *(_memory(run.memory["engine"]) for run in runs)])
    else:
        rows.append(
            ["Heap of the server so far, the peaks of its pools added, MB", *(f"{run.server_memory:,.0f}" for run in runs)]
        )
    return _table(["A first load", *map(_size, runs)], rows)


def _memory(figures: Sequence[float]) -> str:
    return f"{statistics.median(figures):,.0f}" if figures else "unknown"


def _recipes(run: Run) -> str:
    answered = {name: times for name, times in run.recipes.items() if not isinstance(times, str)}
    rows = [[f"`{name}`", f"**{reason}**", "", ""] for name, reason in run.recipes.items() if isinstance(reason, str)]
    for name, (first, again, count) in sorted(answered.items(), key=lambda item: -item[1][1]):
        rows.append([f"`{name}`", f"{count:,}", f"{first:.2f}", f"{again:.2f}"])
    return _table([f"Recipe, at {run.facts:,} facts", "Rows", "First answer, s", "Again, s"], rows)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---", *("---:" for _ in head[1:])], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def _draw(runs: Sequence[Run], path: Path) -> None:
    """Draw seconds by facts, both on logarithmic scales."""
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams.update({"svg.hashsalt": "negograph", "svg.fonttype": "none", "font.size": 10})
    import matplotlib.pyplot as plots

    figure, axes = plots.subplots(figsize=(8, 4.5), layout="constrained")
    lines: list[Any] = [FIRST, BARE, "load, half changed", "first check", "load, a tenth removed", "load, one fact changed"]
    for name in lines:
        axes.plot([run.facts for run in runs], [run.median(name) for run in runs], marker="o", label=name)
    axes.set(xscale="log", yscale="log", xlabel="facts", ylabel="seconds")
    axes.grid(alpha=0.3)
    figure.legend(loc="outside right upper", frameon=False)
    figure.savefig(path, metadata={"Date": None})
    plots.close(figure)
