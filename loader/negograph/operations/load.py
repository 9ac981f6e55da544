"""Bringing the seeds into the graph: see what a load would do, load, verify, what was loaded when, and load at each save."""

import contextlib
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from negograph.checks.project import check_project, without_collecting
from negograph.database.embedded.folder import rebuilding
from negograph.database.store import Store, open_store
from negograph.database.target import EmbeddedTarget, Target
from negograph.database.writer import Progress
from negograph.errors import NegographError, ProblemsFound, Unreachable, said_by_system
from negograph.files import write_whole
from negograph.graph.plan import Graph, LoadCounts, Plan
from negograph.model.model import Model
from negograph.model.schema_files import load_model
from negograph.operations import Say
from negograph.operations.project_graph import graph_of_project
from negograph.problems.problem import Problem
from negograph.project import Project, changes
from negograph.render.plan import additions_to, losses, losses_as_json, summary
from negograph.seeds.git_history import lacks, last_commit
from negograph.text.characters import in_line, some

_LARGE_PART = 0.2
"""A load that removes a larger share of the dataset than this has to be confirmed."""


@dataclass(frozen=True)
class LoadReport:
    """What a load did.

    `written` counts the nodes and relationships in the database that it touched, None where there was nothing to do; `saved` is
    the file with what others had put there and that went, None where that is nothing.
    """

    plan: Plan
    written: LoadCounts | None = None
    saved: Path | None = None

    @property
    def entries(self) -> int:
        """How many entries the seeds have."""
        return self.plan.unchanged + len(self.plan.changed) + len(self.plan.added)

    def __str__(self) -> str:
        """What the load did, in the words of the command line."""
        title, written = in_line(self.plan.title), self.written
        if written is None:
            return f"{title}\nentries: {self.entries}, nothing changed, nothing written"
        return (
            f"{title}\nentries: {summary(self.plan)}\n"
            f"nodes: {written.nodes_created} created, {written.nodes_updated} updated, {written.nodes_deleted} deleted; "
            f"relationships: {written.relationships_created} created, {written.relationships_updated} updated, "
            f"{written.relationships_deleted} deleted"
        )


def plan_project(project: Project, target: Target, say: Say, *, repair: bool = False) -> Plan:
    """What a load would do; `repair` compares everything.

    Raises:
        ProblemsFound: if the seeds have errors.
        NegographError: if the database cannot be used.
    """
    say(f"target: {target}")
    _, graph = graph_of_project(project, say)
    with open_store(target, say) as store:
        return _plan(store, graph, project, say, repair=repair)


def load_project(
    project: Project,
    target: Target,
    say: Say,
    approve: Callable[[str], None],
    *,
    progress: Progress = lambda done, total: None,
    force: bool = False,
    repair: bool = False,
    rebuild: bool = False,
    in_batches: bool = False,
) -> LoadReport:
    """Load the seeds of a project. What others put on nodes that go stops it, or with `force` is written to a file first.

    One transaction does it all, or `in_batches` several.

    `approve` gets each reason to doubt that the load is meant, and raises to stop it. `progress` gets the rows done and their
    total. `repair` compares everything; `rebuild` makes the data of the embedded engine anew.

    Raises:
        ProblemsFound: if the seeds have errors.
        NegographError: if the database cannot be used or refuses the load, or something of others would be lost.
    """
    say(f"target: {target}")
    model, graph = graph_of_project(project, say)
    with _place(target, say, rebuild=rebuild) as place, open_store(place, say) as store:
        plan = _plan(store, graph, project, say, repair=repair)
        return _carry_out(store, plan, project, model, say, approve, progress, force=force, in_batches=in_batches)


def verify_project(project: Project, target: Target, say: Say) -> tuple[Plan, Plan, int]:
    """Where the graph differs from the seeds: by hand, and by what was curated since the last load; how many entries there are.

    Raises:
        ProblemsFound: if the seeds have errors.
        NegographError: if the database cannot be used, or what it keeps is damaged.
    """
    say(f"target: {target}")
    _, graph = graph_of_project(project, say)
    with open_store(target, say) as store:
        return *store.verify(graph), len(graph.digests)


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


def _plan(store: Store, graph: Graph, project: Project, say: Say, *, repair: bool = False) -> Plan:
    """The plan that makes the database equal to the seeds; what is mostly not meant is said."""
    with without_collecting():
        plan = replace(store.plan(graph, everything=repair), commit=last_commit(project.folder))
    datasets = store.datasets()
    for dataset in datasets:
        if dataset.unfinished:
            say(f"note: {dataset.unfinished}")
    others = [dataset.id for dataset in datasets if dataset.id != plan.dataset]
    if others:
        held = f"{'another dataset' if len(others) == 1 else 'other datasets'}, {', '.join(others)}"
        say(f"note: the database holds {held}; recipes answer from all of them")
    unmet = [entry.node.key.id for entry in plan.added if entry.node.properties.get("formerly")]
    if unmet and plan.old_title is not None:
        say(f"note: added as new, because nothing of their kind has an id of their `formerly`: {some(unmet)}")
    return plan


@contextlib.contextmanager
def _place(target: Target, say: Say, *, rebuild: bool) -> Iterator[Target]:
    """The target, or with `rebuild` the embedded engine with new data, which takes the place of the old at the end."""
    if rebuild:
        assert isinstance(target, EmbeddedTarget)  # `cli` refuses it for a server
        with rebuilding(target.folder, say) as folder:
            yield EmbeddedTarget(folder, target.build)
    else:
        yield target


def doubts(plan: Plan, project: Project) -> Iterator[str]:
    """What makes it doubtful that a load is meant, in words: it removes much, or what is loaded is newer than the seeds."""
    removed = sum(gone.into is None for gone in plan.removed)
    if removed > _LARGE_PART * plan.stored:
        yield f"the load would remove {removed} of {plan.stored} entries of {plan.dataset!r}"
    if plan.old_commit is not None and not plan.empty and lacks(project.folder, plan.old_commit):
        yield f"the graph was loaded from a newer state, commit {plan.old_commit[:10]}, which this checkout does not contain"


def refuse_doubtful(doubt: str) -> None:
    """Stop a load that may not be meant: raises a NegographError."""
    raise NegographError(f"{doubt}; see `negograph plan`, and load with --yes if that is meant")


def _carry_out(
    store: Store,
    plan: Plan,
    project: Project,
    model: Model,
    say: Say,
    approve: Callable[[str], None],
    progress: Progress = lambda done, total: None,
    *,
    force: bool = False,
    in_batches: bool = False,
) -> LoadReport:
    if plan.empty:
        return LoadReport(plan)
    for doubt in doubts(plan, project):
        approve(doubt)
    if not in_batches and (doubt := store.too_large(plan)):
        say(f"note: {doubt}")
    saved = _save_losses(plan, project, force=force)
    try:
        return LoadReport(plan, store.apply(plan, model, progress, force=force, in_batches=in_batches), saved)
    except KeyboardInterrupt:
        say("interrupted while the load was written; `negograph plan` shows what is in")
        raise
    finally:  # also where it failed: it may have been committed, and only the answer was lost
        if saved is not None:
            say(f"what others had put there is in {saved}")


def _save_losses(plan: Plan, project: Project, *, force: bool) -> Path | None:
    """The file with what others put into the graph and the load takes away; None where that is nothing."""
    if not plan.loses:
        return None
    if not force:
        blocked = [gone for gone in plan.removed if gone.blocked]
        things = [f"{gone.stored.node.key.id} {addition}" for gone in blocked for addition in additions_to(gone)]
        raise NegographError(
            f"what others put into the graph would be lost, nothing was written: {some([*things, *losses(plan)])}. "
            "Take it away in the database first, or load with --force, which writes it to a file"
        )
    path = project.folder / f"removed-{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}.json"
    write_whole(path, losses_as_json(plan).encode())
    return path


@dataclass(frozen=True)
class Save:
    """What a save came to: the problems of the seeds, else what was loaded or why nothing was, and how many seconds it took."""

    problems: tuple[Problem, ...]
    outcome: str
    seconds: float


def load_at_each_save(project: Project, target: Target, say: Say) -> Generator[Save, None, None]:
    """Load now and at each save, for ever. A database that was lost is sought at once, and then at each save.

    Raises:
        NegographError: if the database cannot be used at the beginning.
    """
    say(f"target: {target}")
    saves = changes(project)
    next(saves)
    began = False
    while True:
        worked = False
        try:
            with open_store(target, say, shared=True) as store:
                if not began:
                    say(f"watching {project.folder}; Ctrl-C ends it")
                while True:
                    yield _load_a_save(store, project, say)
                    began = worked = True
                    next(saves)
        except NegographError as error:
            if not began:
                raise
            yield Save((), f"nothing loaded: {error}", 0.0)
            if not worked:
                next(saves)


def _load_a_save(store: Store, project: Project, say: Say) -> Save:
    """One load; whatever is wrong is its outcome, and nothing is raised but Unreachable, if the database is gone."""
    began = time.monotonic()
    problems: tuple[Problem, ...] = ()
    try:
        model, graph = graph_of_project(project, say)
        plan = replace(store.plan(graph), commit=last_commit(project.folder))
        report = _carry_out(store, plan, project, model, say, refuse_doubtful)
        outcome = summary(report.plan) if report.written else "nothing to do"
    except ProblemsFound as found:
        problems = found.problems
        outcome = f"{len(problems)} {'problem' if len(problems) == 1 else 'problems'}, nothing loaded"
    except Unreachable:
        raise
    except (NegographError, OSError) as error:
        outcome = f"nothing loaded: {said_by_system(error) if isinstance(error, OSError) else error}"
    return Save(problems, outcome, time.monotonic() - began)
