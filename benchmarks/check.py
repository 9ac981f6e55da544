"""How long a check of 50,000 facts takes, beside the bare event stream of the YAML parser over the same bytes.

    python -m benchmarks.check [FACTS] [FILES]

Every figure is the time of a whole process, start included; each round runs them one after the other, so that a busy machine
slows all of them. The ratios are what counts.
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.dataset import write_dataset

ROUNDS = 3
BARE = """
import sys, pathlib, yaml
for path in sorted(pathlib.Path(sys.argv[1]).glob("*.yaml")):
    for event in yaml.parse(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader):
        pass
"""


def main(facts: int = 50_000, files: int = 200) -> None:
    """Print the medians of all rounds."""
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder) / "project"
        size = write_dataset(project, facts, files)
        rounds = [_round(project) for _ in range(ROUNDS)]
    bare, first, unchanged, changed = (statistics.median(times) for times in zip(*rounds, strict=True))
    print(f"{facts:,} facts in {files} files of {size / 1e6:.1f} MB; medians of {ROUNDS} rounds")
    print(f"bare event stream          {bare:6.2f} s")
    print(f"first check                {first:6.2f} s   {first / bare:.2f} times the bare stream")
    print(f"again, nothing changed     {unchanged:6.2f} s   1/{first / unchanged:.1f} of the first")
    print(f"again, one file changed    {changed:6.2f} s   1/{first / changed:.1f} of the first")


def _round(project: Path) -> tuple[float, float, float, float]:
    shutil.rmtree(project / ".negograph", ignore_errors=True)
    bare = _seconds("-c", BARE, str(project / "seeds"))
    first = _seconds("-m", "negograph", "check", str(project))
    unchanged = _seconds("-m", "negograph", "check", str(project))
    with next((project / "seeds").glob("facts-*.yaml")).open("a", encoding="utf-8") as file:
        file.write("# changed\n")
    return bare, first, unchanged, _seconds("-m", "negograph", "check", str(project))


def _seconds(*arguments: str) -> float:
    began = time.perf_counter()
    done = subprocess.run([sys.executable, *arguments], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[:500] + done.stderr[:500]
    return time.perf_counter() - began


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
