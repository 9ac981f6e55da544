"""The commands that bring the seeds into the graph: see what a load would do, load, verify, and what was loaded when."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from negograph.cli.common import (
    ask,
    counted,
    format_option,
    opened,
    os_error,
    project_of,
    project_option,
    say,
    target_of,
    target_options,
    tell,
    tell_json,
)
from negograph.errors import NegographError, ProblemsFound
from negograph.files.writing import write_whole
from negograph.render.plan import FORMATS, summary
from negograph.text.escaping import in_line

if TYPE_CHECKING:
    from negograph.checks.project import Checked
    from negograph.database.store import Store
    from negograph.database.target import Target
    from negograph.database.writer import Written
    from negograph.graph.graph import Graph
    from negograph.graph.plan import Plan
    from negograph.model.model import Model
    from negograph.project import Project

_PROGRESS_AFTER_SECONDS = 1.0

_ASKS_FROM = 0.2
"""A load that removes a larger share of the dataset than this asks first."""


@dataclass(frozen=True)
class Wanted:
    """The seeds of a project that passed the check, and the graph that they become."""

    project: Project
    model: Model
    graph: Graph


@click.command()
@format_option(tuple(FORMATS))
@project_option
@target_options
@click.pass_context
def plan(context: click.Context, form: str, uri: str | None, embedded: bool) -> None:
    """Show what a load would do, and write nothing.

    Compares the seeds with what the graph holds: + is added, ~ changed (each property, old -> new), - removed, each with the
    line of the seeds that it comes from; ! is what others put there and would be lost. With --format md as a comment for a
    pull request. Exit code 0: nothing to do; 2:
    there are changes; 1: it failed.

    \b
    Example:
      negograph plan
      negograph plan --format md > plan.md
    """
    project, target = project_of(context), target_of(context, uri, embedded)
    say(f"target: {target}")
    wanted = wanted_by(project)
    with opened(target) as store:
        found = store.plan(wanted.graph)
        _say_what_is_odd(store, found)
    show(found, project, form)
    _say_where_it_stops(found)
    context.exit(0 if found.empty else 2)


@click.command()
@click.option("--dry-run", is_flag=True, help="Show what the load would do, and write nothing.")
@click.option("--yes", is_flag=True, help="Do not ask before a large part of the dataset is removed.")
@click.option(
    "--force",
    is_flag=True,
    help="Remove nodes also where others put something on them; what that was is written to a file first.",
)
@click.option("--repair", is_flag=True, help="Compare the whole graph, and put right what was changed by hand.")
@click.option(
    "--rebuild", is_flag=True, help="Build the data of the embedded engine anew and put the old aside, such as another version's."
)
@project_option
@target_options
@click.pass_context
def load(
    context: click.Context,
    dry_run: bool,
    yes: bool,
    force: bool,
    repair: bool,
    rebuild: bool,
    uri: str | None,
    embedded: bool,
) -> None:
    """Check the seeds and load them into the graph.

    All of it or nothing: if a check fails, nothing is written, and every problem is printed as file:line:col. Only what
    differs is written, and a load without changes writes nothing. What is in the seeds no more is removed; what others put
    into the same database stays. Goes to the server that --uri, NEO4J_URI in the environment or .env names, else to the
    embedded engine in .negograph/.

    \b
    Example:
      negograph load
      negograph load --dry-run
      negograph load --project my-negotiation --uri bolt://localhost:7687
    """
    project, target = project_of(context), target_of(context, uri, embedded)
    say(f"target: {target}")
    wanted = wanted_by(project)
    written: Written | None = None
    with _rebuilding(target, dry_run=dry_run) if rebuild else contextlib.nullcontext(target) as place, opened(place) as store:
        found = store.plan(wanted.graph, everything=repair)
        _say_what_is_odd(store, found)
        if dry_run:
            show(found, project, "text")
            _say_where_it_stops(found)
        elif found.empty:
            tell(f"{in_line(found.title)}\nentries: {len(wanted.graph.digests)}, nothing changed, nothing written")
        else:
            _ask(found, yes=yes)
            written = carry_out(store, found, wanted, force=force)
    if written is not None:
        _report(found, written)


@contextmanager
def _rebuilding(target: Target, *, dry_run: bool) -> Iterator[Target]:
    """The embedded engine with new data, which takes the place of the old at the end."""
    from negograph.database.embedded.folder import rebuilding
    from negograph.database.target import EmbeddedTarget

    if not isinstance(target, EmbeddedTarget) or dry_run:
        raise click.UsageError("--rebuild is for the embedded engine, and not together with --dry-run")
    with rebuilding(target.folder, say) as folder:
        yield EmbeddedTarget(folder, target.build)


def _say_what_is_odd(store: Store, found: Plan) -> None:
    """What a load does by the book, and what is mostly not meant."""
    others = [dataset.id for dataset in store.datasets() if dataset.id != found.dataset]
    if others:
        held = f"{'another dataset' if len(others) == 1 else 'other datasets'}, {', '.join(others)}"
        say(f"note: the database holds {held}; recipes answer from all of them")
    if found.old_title is None:
        return
    unmet = [entry.node.key.id for entry in found.added if entry.node.properties.get("formerly")]
    if unmet:
        more = f" and {len(unmet) - 5} more" if len(unmet) > 5 else ""
        say(f"note: added as new, because nothing of their kind has an id of their `formerly`: {', '.join(unmet[:5])}{more}")


def _say_where_it_stops(found: Plan) -> None:
    """That a load does not simply do what the plan shows."""
    if found.loses:
        say("note: `negograph load` stops at what others put there, marked with !; --force writes that to a file and goes on")
    if _removes_much(found):
        say(f"note: {_removal(found)}; it asks first, or needs --yes")


@click.command()
@project_option
@target_options
@click.pass_context
def verify(context: click.Context, uri: str | None, embedded: bool) -> None:
    """Compare the whole graph with the seeds, property by property.

    Shows what somebody changed by hand in what negograph wrote, and what was curated since the last load. What others added
    is theirs, and no difference. Where two ways of reading the database disagree, what it keeps is damaged. Exit code 0: equal;
    1: not.

    \b
    Example:
      negograph verify
      negograph load --repair
    """
    project, target = project_of(context), target_of(context, uri, embedded)
    say(f"target: {target}")
    wanted = wanted_by(project)
    with opened(target) as store:
        drift, pending = store.verify(wanted.graph)
    if drift.empty and pending.empty:
        tell(f"{in_line(drift.title)}: the graph is what the seeds say, {counted(len(wanted.graph.digests), 'entry', 'entries')}")
        return
    if not drift.empty:
        tell("Changed by hand, with what `negograph load --repair` would do:\n\n")
        show(drift, project, "text")
    if not pending.empty:
        tell("Not loaded yet:\n\n")
        show(pending, project, "text")
    context.exit(1)


@click.command()
@project_option
@target_options
@click.pass_context
def watch(context: click.Context, uri: str | None, embedded: bool) -> None:
    """Load whenever a file of the seeds, the schema or the texts is saved.

    Shows the problems of the seeds, or what was loaded. A save with a mistake leaves the graph as it was and waits for the
    next; so does one that would remove much of the dataset, or something that others put there. Ctrl-C ends it. Other
    commands can be used meanwhile.

    \b
    Example:
      negograph watch
    """
    project, target = project_of(context), target_of(context, uri, embedded)
    say(f"target: {target}")
    with contextlib.suppress(KeyboardInterrupt):
        _load_at_each_save(target, project)


def _load_at_each_save(target: Target, project: Project) -> None:
    """Load now and at each save, for ever. A database that was lost is sought at once, and then at each save.

    Raises:
        NegographError: if the database cannot be used at the beginning.
    """
    from negograph.seeds.watching import changes

    saves = changes(project)
    next(saves)
    began = False
    while True:
        worked = False
        try:
            with opened(target, shared=True) as store:
                if not began:
                    say(f"watching {project.folder}; Ctrl-C ends it")
                while True:
                    _load_and_tell(store, project)
                    began = worked = True
                    next(saves)
        except NegographError as error:
            if not began:
                raise
            _tell(f"nothing loaded: {error}")
            if not worked:
                next(saves)


def _load_and_tell(store: Store, project: Project) -> None:
    """One load of `watch`: whatever is wrong is said, and nothing is raised but that the database is gone.

    Raises:
        Unreachable: if the database is gone.
    """
    from negograph.cli.colours import show_problems
    from negograph.errors import Unreachable

    began = time.monotonic()
    try:
        wanted = wanted_by(project)
        found = store.plan(wanted.graph)
        if not found.empty:
            if _removes_much(found):
                raise NegographError(f"{_removal(found)}; `negograph load` does it, if that is meant")
            carry_out(store, found, wanted)
    except ProblemsFound as problems:
        show_problems(problems.problems, project.folder)
        outcome = f"{counted(len(problems.problems), 'problem')}, nothing loaded"
    except Unreachable:
        raise
    except NegographError as error:
        outcome = f"nothing loaded: {error}"
    except OSError as error:
        outcome = f"nothing loaded: {os_error(error)}"
    else:
        outcome = "nothing to do" if found.empty else summary(found)
    _tell(f"{outcome}  ({time.monotonic() - began:.1f} s)")


def _tell(outcome: str) -> None:
    tell(in_line(f"{datetime.now():%H:%M:%S}  {outcome}"))


@click.command()
@format_option(("text", "json"))
@project_option
@target_options
@click.pass_context
def history(context: click.Context, form: str, uri: str | None, embedded: bool) -> None:
    """List the loads that changed the graph: when, by which version, and how many entries.

    \b
    Example:
      negograph history
    """
    from negograph.checks.project import check_project
    from negograph.model.schema_files import load_model

    project, target = project_of(context), target_of(context, uri, embedded)
    say(f"target: {target}")
    dataset = check_project(project, load_model(project.schema_folders())).dataset
    if dataset is None:
        raise NegographError("no file says which dataset this is; `negograph check` shows where to write it")
    with opened(target) as store:
        loads = store.history(dataset.id)
    if form == "json":
        tell_json(loads)
    for load_ in loads if form == "text" else ():
        counts = ", ".join(f"{count} {kind}" for kind, count in load_.items() if kind not in ("at", "version") and count)
        tell(in_line(f"{load_['at']}  negograph {load_['version']}  {counts or 'nothing but names'}"))
    if not loads:
        say("nothing was loaded yet")


def wanted_by(project: Project) -> Wanted:
    """The graph that the seeds of a project become.

    Raises:
        ProblemsFound: if they have errors.
    """
    from negograph.checks.project import check_project
    from negograph.graph.mapping import map_files
    from negograph.model.schema_files import load_model
    from negograph.seeds.cache import Cache, cache_folder

    model = load_model(project.schema_folders())
    checked = check_project(project, model)
    if checked.errors:
        raise ProblemsFound(checked.errors)
    _say_what_was_not_checked(checked, project)
    assert checked.dataset is not None
    graph = map_files(checked.dataset, checked.files, model, Cache(cache_folder(), repr(model)))
    return Wanted(project, model, graph)


def _say_what_was_not_checked(checked: Checked, project: Project) -> None:
    if checked.problems:
        shown = "it" if len(checked.problems) == 1 else "them"
        say(f"note: {counted(len(checked.problems), 'warning')}; `negograph check` shows {shown}")
    if checked.unverified:
        say(f"note: {checked.unverified} of {checked.quotes} quotes not verified: their texts are not in {project.texts.folder}")


def show(found: Plan, project: Project, form: str) -> None:
    """Print a plan."""
    from negograph.seeds.git_history import last_places

    gone = {removal.stored.node.key.id for removal in found.removed}
    tell(FORMATS[form](found, last_places(project.folder, gone)))


def _ask(found: Plan, *, yes: bool) -> None:
    """Ask before a large part of the dataset goes."""
    if yes or not _removes_much(found):
        return
    if sys.stdin is None or not sys.stdin.isatty():
        raise NegographError(f"{_removal(found)}; see `negograph plan`, and load with --yes if that is meant")
    ask(f"{_removal(found)}; go on?")


def _removes_much(found: Plan) -> bool:
    return sum(removal.into is None for removal in found.removed) > _ASKS_FROM * found.stored


def _removal(found: Plan) -> str:
    removed = sum(removal.into is None for removal in found.removed)
    return f"the load would remove {removed} of {found.stored} entries of {found.dataset!r}"


def carry_out(store: Store, found: Plan, wanted: Wanted, *, force: bool = False) -> Written:
    """Load what a plan says. What others put on nodes that go stops it, or is written to a file first.

    Raises:
        NegographError: if something of others would be lost, or the database refuses the load.
    """
    saved = _save_losses(found, wanted.project, force=force)
    try:
        with _progress() as progress:
            return store.apply(found, wanted.model, progress, force=force)
    except KeyboardInterrupt:
        say("interrupted while the load was written; `negograph plan` shows whether it is in")
        raise
    finally:  # also where it failed: it may have been committed, and only the answer was lost
        if saved is not None:
            say(f"what others had put there is in {saved}")


def _save_losses(found: Plan, project: Project, *, force: bool) -> Path | None:
    """The file with what others put into the graph and the load takes away; None where that is nothing."""
    from negograph.render.plan import additions_to, losses, losses_as_json

    if not found.loses:
        return None
    if not force:
        blocked = [removal for removal in found.removed if removal.blocked]
        things = [f"{removal.stored.node.key.id} {addition}" for removal in blocked for addition in additions_to(removal)]
        things += losses(found)
        more = f" and {len(things) - 5} more" if len(things) > 5 else ""
        raise NegographError(
            f"what others put into the graph would be lost, nothing was written: {'; '.join(things[:5])}{more}. Take it away in "
            "the database first, or load with --force, which writes it to a file"
        )
    path = project.folder / f"removed-{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}.json"
    write_whole(path, losses_as_json(found).encode())
    return path


def _report(plan: Plan, written: Written) -> None:
    """Print what a load did. That this fails does not make the load fail, which is committed."""
    nodes = f"nodes: {written.nodes_created} created, {written.nodes_updated} updated, {written.nodes_deleted} deleted"
    edges = (
        f"relationships: {written.relationships_created} created, {written.relationships_updated} updated, "
        f"{written.relationships_deleted} deleted"
    )
    try:
        tell(f"{in_line(plan.title)}\nentries: {summary(plan)}\n{nodes}; {edges}")
    except OSError as error:
        say(f"note: the load is in, but its report could not be printed: {os_error(error)}")


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None]]:
    """A progress bar on standard error, once the work has taken a while and if a person is watching."""
    started = time.monotonic()
    bar: Any = None

    def advance(done: int, total: int) -> None:
        nonlocal bar
        with contextlib.suppress(OSError):  # that a bar cannot be drawn ends no load
            if bar is None and sys.stderr.isatty() and time.monotonic() - started > _PROGRESS_AFTER_SECONDS:
                bar = click.progressbar(length=total, label="writing", file=sys.stderr)
                bar.__enter__()
            if bar is not None:
                bar.update(done - bar.pos)

    try:
        yield advance
    finally:
        with contextlib.suppress(OSError):
            if bar is not None:
                bar.render_finish()
