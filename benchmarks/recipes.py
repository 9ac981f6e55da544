"""How long each recipe takes to answer with its default parameters, on a generated dataset.

    python -m benchmarks.recipes [FACTS] [FILES]

On the embedded engine, and on the Neo4j that NEGOGRAPH_TEST_NEO4J_URI names (bolt://USER:PASSWORD@HOST:PORT), which is wiped.
Parameters that have no default take the first party, the one that it acts towards, the first fact and
item, and the first month. The first time is
that of an answer that nothing is prepared for, the second of the same again; both end when the last row has arrived.
`timeline` hands over a row a fact: what another recipe takes beside it tells what is the query's.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.dataset import write_dataset
from benchmarks.reload import environment_of
from negograph.database.store import Store, open_store
from negograph.database.target import resolve_target
from negograph.project import shipped
from negograph.recipes.check import run_recipe
from negograph.recipes.files import usable_recipes
from negograph.recipes.recipe import Recipe, grouped

GIVEN = {
    **{"party": "party-0", "other": "party-1", "fact": "fact-000000", "item": "item-0"},
    **{"since": "2000-01-01", "until": "2000-01-31"},
}
LIMIT_SECONDS = 2.0


def main(facts: int = 100_000, files: int = 200) -> None:
    """Print the times of each recipe on each database, the slowest last."""
    named = os.environ.get("NEGOGRAPH_TEST_NEO4J_URI", "").split()
    for database in ["", *named[:1]]:
        with tempfile.TemporaryDirectory() as folder:
            project = Path(folder) / "project"
            write_dataset(project, facts, files)
            print(f"{facts:,} facts, {'Neo4j' if database else 'embedded engine'}")
            environment = environment_of(database)
            os.environ.update({name: value for name, value in environment.items() if name.startswith("NEO4J_")})
            _load(project)
            with open_store(resolve_target(project, environment), print) as store:
                _measure(store)


def _load(project: Path) -> None:
    from negograph.cli import main as negograph

    negograph(["load", "--project", str(project)], standalone_mode=False)


def _measure(store: Store) -> None:
    times = []
    for recipe in grouped(usable_recipes([shipped("queries")])[0].values()):
        first, rows = _seconds(store, recipe)
        again, _ = _seconds(store, recipe)
        times.append((again, first, rows, recipe.name))
    for again, first, rows, name in sorted(times):
        mark = "" if max(first, again) < LIMIT_SECONDS else f"  more than {LIMIT_SECONDS:g} s"
        print(f"{name:26} {rows:8,} rows  first {first:6.2f} s  again {again:6.2f} s{mark}")


def _seconds(store: Store, recipe: Recipe) -> tuple[float, int]:
    given = {parameter.name: GIVEN[parameter.name] for parameter in recipe.parameters if parameter.required}
    began = time.perf_counter()
    answer = run_recipe(store, recipe, given)
    return time.perf_counter() - began, len(answer.rows)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
