"""Bringing the seeds into the graph: see what a load would do, load, verify, and what was loaded when."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from negograph.checks.project import Checked, check_project, without_collecting
from negograph.database.embedded.folder import rebuilding
from negograph.database.store import Store, open_store
from negograph.database.target import EmbeddedTarget, Target
from negograph.database.writer import LoadCounts, Progress
from negograph.errors import NegographError, ProblemsFound
from negograph.files.writing import write_whole
from negograph.graph.graph import Graph
from negograph.graph.mapping import map_graph
from negograph.graph.plan import Plan
from negograph.model.model import Model
from negograph.model.schema_files import load_model
from negograph.project import Project
from negograph.render.plan import additions_to, losses, losses_as_json

Say = Callable[[str], None]
"""Gets what the user should know besides the answer, a line at a time."""

_LARGE_PART = 0.2
"""A load that removes a larger share of the dataset than this has to be confirmed."""

_MOST_SHOWN = 5


@dataclass(frozen=True)
class SeedsGraph:
    """The seeds of a project that passed the check, and the graph that they become."""

    project: Project
    model: Model
    graph: Graph


@dataclass(frozen=True)
class LoadReport:
    """What a load did.

    `entries` is how many the seeds have. `written` counts the nodes and relationships in the database that it touched, None
    where there was nothing to do; `saved` is the file with what others had put there and that went, None where that is nothing.
    """

    plan: Plan
    entries: int
    written: LoadCounts | None = None
    saved: Path | None = None


def plan_project(project: Project, target: Target, say: Say, *, repair: bool = False) -> Plan:
    """What a load would do; `repair` compares everything.

    Raises:
        ProblemsFound: if the seeds have errors.
        NegographError: if the database cannot be used.
    """
    say(f"target: {target}")
    seeds = graph_of(project, say)
    with open_store(target, say) as store:
        return plan_seeds(store, seeds, say, repair=repair)


def load_project(
    project: Project,
    target: Target,
    say: Say,
    approve: Callable[[str], None],
    *,
    progress: contextlib.AbstractContextManager[Progress] | None = None,
    force: bool = False,
    repair: bool = False,
    rebuild: bool = False,
) -> LoadReport:
    """Load the seeds of a project. `approve` gets what would be removed where that is much, and raises to stop the load.

    Raises:
        ProblemsFound: if the seeds have errors.
        NegographError: if the database cannot be used or refuses the load, or something of others would be lost.
    """
    say(f"target: {target}")
    seeds = graph_of(project, say)
    with _place(target, say, rebuild=rebuild) as place, open_store(place, say) as store:
        plan = plan_seeds(store, seeds, say, repair=repair)
        if plan.empty:
            return LoadReport(plan, len(seeds.graph.digests))
        if removes_much(plan):
            approve(removal(plan))
        return carry_out(store, plan, seeds, say, progress, force=force)


def verify_project(project: Project, target: Target, say: Say) -> tuple[Plan, Plan, int]:
    """Where the graph differs from the seeds: by hand, and by what was curated since the last load; how many entries there are.

    Raises:
        ProblemsFound: if the seeds have errors.
        NegographError: if the database cannot be used, or what it keeps is damaged.
    """
    say(f"target: {target}")
    seeds = graph_of(project, say)
    with open_store(target, say) as store:
        return *store.verify(seeds.graph), len(seeds.graph.digests)


def history_of(project: Project, target: Target, say: Say) -> list[dict[str, Any]]:
    """The loads that changed something, the oldest first.

    Raises:
        NegographError: if the seeds do not say which dataset they are, or the database cannot be used.
    """
    say(f"target: {target}")
    dataset = check_project(project, load_model(project.schema_folders())).dataset
    if dataset is None:
        raise NegographError("no file says which dataset this is; `negograph check` shows where to write it")
    with open_store(target, say) as store:
        return store.history(dataset.id)


def graph_of(project: Project, say: Say) -> SeedsGraph:
    """The graph that the seeds of a project become.

    Raises:
        ProblemsFound: if they have errors.
    """
    model = load_model(project.schema_folders())
    with without_collecting():
        checked = check_project(project, model)
        if checked.errors:
            raise ProblemsFound(checked.errors)
        for note in _notes_on(checked, project):
            say(note)
        assert checked.dataset is not None
        return SeedsGraph(project, model, map_graph(checked.dataset, checked.records, model))


def _notes_on(checked: Checked, project: Project) -> Iterator[str]:
    if count := len(checked.problems):
        yield f"note: {count} {'warning' if count == 1 else 'warnings'}; `negograph check` shows {'it' if count == 1 else 'them'}"
    if checked.unverified:
        texts = project.texts.folder
        yield f"note: {checked.unverified} of {checked.quotes} quotes not verified: their texts are not in {texts}"


def plan_seeds(store: Store, seeds: SeedsGraph, say: Say, *, repair: bool = False) -> Plan:
    """The plan that makes the database equal to the seeds; what is mostly not meant is said."""
    plan = store.plan(seeds.graph, everything=repair)
    others = [dataset.id for dataset in store.datasets() if dataset.id != plan.dataset]
    if others:
        held = f"{'another dataset' if len(others) == 1 else 'other datasets'}, {', '.join(others)}"
        say(f"note: the database holds {held}; recipes answer from all of them")
    unmet = [entry.node.key.id for entry in plan.added if entry.node.properties.get("formerly")]
    if unmet and plan.old_title is not None:
        say(f"note: added as new, because nothing of their kind has an id of their `formerly`: {_some(unmet, ', ')}")
    return plan


@contextlib.contextmanager
def _place(target: Target, say: Say, *, rebuild: bool) -> Iterator[Target]:
    """The target, or with `rebuild` the embedded engine with new data, which takes the place of the old at the end."""
    if not rebuild:
        yield target
    elif isinstance(target, EmbeddedTarget):
        with rebuilding(target.folder, say) as folder:
            yield EmbeddedTarget(folder, target.build)
    else:
        raise NegographError("only the data of the embedded engine can be rebuilt")


def removes_much(plan: Plan) -> bool:
    """Whether a plan removes so much that this may not be meant."""
    return sum(gone.into is None for gone in plan.removed) > _LARGE_PART * plan.stored


def removal(plan: Plan) -> str:
    """How much a plan removes, in words."""
    removed = sum(gone.into is None for gone in plan.removed)
    return f"the load would remove {removed} of {plan.stored} entries of {plan.dataset!r}"


def refuse_removal(words: str) -> None:
    """Stop a load that would remove much.

    Raises:
        NegographError: always.
    """
    raise NegographError(f"{words}; see `negograph plan`, and load with --yes if that is meant")


def carry_out(
    store: Store,
    plan: Plan,
    seeds: SeedsGraph,
    say: Say,
    progress: contextlib.AbstractContextManager[Progress] | None = None,
    *,
    force: bool = False,
) -> LoadReport:
    """Load what a plan says. What others put on nodes that go stops it, or is written to a file first.

    Raises:
        NegographError: if something of others would be lost, or the database refuses the load.
    """
    saved = _save_losses(plan, seeds.project, force=force)
    try:
        with progress or contextlib.nullcontext(lambda done, total: None) as advance:
            written = store.apply(plan, seeds.model, advance, force=force)
    except KeyboardInterrupt:
        say("interrupted while the load was written; `negograph plan` shows whether it is in")
        raise
    finally:  # also where it failed: it may have been committed, and only the answer was lost
        if saved is not None:
            say(f"what others had put there is in {saved}")
    return LoadReport(plan, len(seeds.graph.digests), written, saved)


def _save_losses(plan: Plan, project: Project, *, force: bool) -> Path | None:
    """The file with what others put into the graph and the load takes away; None where that is nothing."""
    if not plan.loses:
        return None
    if not force:
        blocked = [gone for gone in plan.removed if gone.blocked]
        things = [f"{gone.stored.node.key.id} {addition}" for gone in blocked for addition in additions_to(gone)]
        raise NegographError(
            f"what others put into the graph would be lost, nothing was written: {_some([*things, *losses(plan)], '; ')}. "
            "Take it away in the database first, or load with --force, which writes it to a file"
        )
    path = project.folder / f"removed-{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}.json"
    write_whole(path, losses_as_json(plan).encode())
    return path


def _some(things: list[str], between: str) -> str:
    more = f" and {len(things) - _MOST_SHOWN} more" if len(things) > _MOST_SHOWN else ""
    return between.join(things[:_MOST_SHOWN]) + more
