"""A command of negograph, with how long each stage of it takes: `python -m benchmarks.staged RESULT COMMAND ...`.

RESULT is the file that gets them, as JSON: seconds by stage, and the most memory in MB of this process and of the embedded
engine.
"""

from __future__ import annotations

import functools
import importlib
import json
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

STAGES = {
    "reading": "negograph.checks.project:read_project",
    "checking": "negograph.checks.project:check_files",
    "mapping": "negograph.operations.project_graph:map_graph",
    "planning": "negograph.database.store:Store.plan",
    "store": "negograph.database.transactions:_write_once",
    "commit": "neo4j:Transaction.commit",
}
"""The function that each stage is. The store's part is from the first statement of a load to the end of its commit."""


def main(result: str, *command: str) -> None:
    """Run the command."""
    from negograph.cli import main as negograph

    seconds: dict[str, float] = defaultdict(float)
    for stage, where in STAGES.items():
        _watch(stage, where, seconds)
    if code := negograph(list(command), standalone_mode=False):
        sys.exit(code)
    Path(result).write_text(json.dumps({"seconds": seconds, "memory": _most_memory()}), encoding="utf-8")


def _watch(stage: str, where: str, seconds: dict[str, float]) -> None:
    module, _, name = where.partition(":")
    *parents, last = name.split(".")
    owner = functools.reduce(getattr, parents, importlib.import_module(module))
    setattr(owner, last, _timed(getattr(owner, last), stage, seconds))


def _timed(run: Callable[..., Any], stage: str, seconds: dict[str, float]) -> Callable[..., Any]:
    @functools.wraps(run)
    def timed(*arguments: Any, **options: Any) -> Any:
        began = time.perf_counter()
        try:
            return run(*arguments, **options)
        finally:
            seconds[stage] += time.perf_counter() - began

    return timed


def _most_memory() -> list[float]:
    """The most memory in MB that this process had, and the largest that it started; nothing where the system does not tell."""
    try:
        import resource
    except ImportError:
        return []
    unit = 2**20 if sys.platform == "darwin" else 2**10
    own, engine = (resource.getrusage(who).ru_maxrss / unit for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    status = Path("/proc/self/status")
    if status.exists():  # on Linux, what a process has at most begins with what the one had that started it
        own = next(int(line.split()[1]) / 2**10 for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
    return [own, engine]


if __name__ == "__main__":
    main(*sys.argv[1:])
