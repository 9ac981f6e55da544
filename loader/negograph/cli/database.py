"""The commands on the database: see what a load would do, load, verify, list the loads; keep the embedded engine running."""

import contextlib
import sys
from datetime import datetime

import click

from negograph.cli.exit_codes import ExitCode
from negograph.cli.options import format_option, project_of, project_option, target_options
from negograph.cli.printing import ask, counted, progress, say, show_problems, tell, tell_json
from negograph.database.target import EmbeddedTarget, Target
from negograph.errors import said_by_system
from negograph.graph.plan import Plan
from negograph.project import OWN_FOLDER, Project
from negograph.render.plan import FORMATS
from negograph.text.characters import in_line


@click.command()
@format_option(tuple(FORMATS))
@click.option("--exit-code", is_flag=True, help="End with 3 where there are changes, instead of 0.")
@target_options
@click.pass_context
def plan(context: click.Context, form: str, exit_code: bool, project: Project, target: Target) -> None:
    """Show what a load would do, and write nothing.

    Compares the seeds with what the graph holds: + is added, ~ changed (each property, old -> new), - removed, each with the
    line of the seeds that it comes from; ! is what others put there and would be lost. With --format md as a comment for a
    pull request.

    \b
    Example:
      negograph plan
      negograph plan --format md > plan.md
    """
    from negograph.operations.load import plan_project

    found = plan_project(project, target, say)
    _show(found, project, form)
    _say_where_it_stops(found, project)
    context.exit(ExitCode.CHANGES if exit_code and not found.empty else ExitCode.DONE)


@click.command()
@click.option("--dry-run", is_flag=True, help="Show what the load would do, and write nothing.")
@click.option("--yes", is_flag=True, help="Do not ask before much is removed, or a newer state replaced.")
@click.option(
    "--force",
    is_flag=True,
    help="Remove nodes also where others put something on them; what that was is written to a file first.",
)
@click.option("--repair", is_flag=True, help="Compare the whole graph, and put right what was changed by hand.")
@click.option(
    "--rebuild", is_flag=True, help="Build the data of the embedded engine anew and put the old aside, such as another version's."
)
@click.option(
    "--in-batches", is_flag=True, help="Load in several transactions, for a server whose memory does not hold one of them all."
)
@target_options
def load(*, dry_run: bool, yes: bool, project: Project, target: Target, **how: bool) -> None:
    """Check the seeds and load them into the graph.

    All of it or nothing: if a check fails, nothing is written, and every problem is printed as file:line:col. With --in-batches,
    what interrupts a load leaves a part of it, and the next load goes on. Only what differs is written, and a load without
    changes writes nothing. Entries that you delete from the seeds are deleted from the
    graph; what others put into the same database stays. Goes to the server that --uri, NEO4J_URI in the environment or .env
    names, else to the embedded engine in .negograph/.

    \b
    Example:
      negograph load
      negograph load --dry-run
      negograph load --project my-negotiation --uri bolt://localhost:7687
    """
    from negograph.operations.load import load_project, plan_project

    if how["rebuild"] and (dry_run or not isinstance(target, EmbeddedTarget)):
        raise click.UsageError("--rebuild is for the embedded engine, and not together with --dry-run")
    if dry_run:
        found = plan_project(project, target, say, repair=how["repair"])
        _show(found, project, "text")
        _say_where_it_stops(found, project)
        return
    approve = (lambda doubt: None) if yes else _ask
    report = load_project(project, target, say, approve, progress=progress(), **how)
    try:
        tell(str(report))
    except OSError as error:
        say(f"note: the load is in, but its report could not be printed: {said_by_system(error)}")


@click.command()
@target_options
@click.pass_context
def verify(context: click.Context, project: Project, target: Target) -> None:
    """Compare the whole graph with the seeds, property by property.

    Shows what somebody changed by hand in what negograph wrote, and what was curated since the last load. What others added
    is theirs, and no difference. Where two ways of reading the database disagree, what it keeps is damaged. Exit code 0: equal;
    1: not.

    \b
    Example:
      negograph verify
      negograph load --repair
    """
    from negograph.operations.load import verify_project

    drift, pending, entries = verify_project(project, target, say)
    if drift.empty and pending.empty:
        tell(f"{in_line(drift.title)}: the graph is what the seeds say, {counted(entries, 'entry', 'entries')}")
        return
    if not drift.empty:
        tell("Changed by hand, with what `negograph load --repair` would do:\n\n")
        _show(drift, project, "text")
    if not pending.empty:
        tell("Not loaded yet:\n\n")
        _show(pending, project, "text")
    context.exit(ExitCode.FAILED)


@click.command()
@target_options
def watch(project: Project, target: Target) -> None:
    """Load whenever a file of the seeds, the schema or the texts is saved.

    Shows the problems of the seeds, or what was loaded. A save with a mistake leaves the graph as it was and waits for the
    next; so does one that would remove much of the dataset, or something that others put there. Ctrl-C ends it. Other
    commands can be used meanwhile.

    \b
    Example:
      negograph watch
    """
    from negograph.operations.load import load_at_each_save

    with contextlib.suppress(KeyboardInterrupt), contextlib.closing(load_at_each_save(project, target, say)) as saves:
        for save in saves:
            if save.problems:
                show_problems(save.problems, project.folder)
            tell(in_line(f"{datetime.now():%H:%M:%S}  {save.outcome}  ({save.seconds:.1f} s)"))


@click.command()
@format_option(("text", "json"))
@target_options
def history(form: str, project: Project, target: Target) -> None:
    """List the loads that changed the graph: when, by which version, and how many entries.

    \b
    Example:
      negograph history
    """
    from negograph.operations.load import history_of

    loads = history_of(project, target, say)
    if form == "json":
        tell_json(loads)
    for load_ in loads if form == "text" else ():
        told = ("at", "version", "commit")
        counts = ", ".join(f"{count} {kind}" for kind, count in load_.items() if kind not in told and count)
        commit = f"  commit {load_['commit'][:10]}" if load_.get("commit") else ""
        tell(in_line(f"{load_['at']}  negograph {load_['version']}{commit}  {counts or 'nothing but names'}"))
    if not loads:
        say("nothing was loaded yet")


def _show(found: Plan, project: Project, form: str) -> None:
    from negograph.seeds.git_history import last_places

    gone = {removal.stored.node.key.id for removal in found.removed}
    tell(FORMATS[form](found, last_places(project.folder, gone)))


def _say_where_it_stops(found: Plan, project: Project) -> None:
    """That a load does not simply do what the plan shows."""
    from negograph.operations.load import doubts

    if found.loses:
        say("note: `negograph load` stops at what others put there, marked with !; --force writes that to a file and goes on")
    for doubt in doubts(found, project):
        say(f"note: {doubt}; `negograph load` asks first, or needs --yes")


def _ask(doubt: str) -> None:
    from negograph.operations.load import refuse_doubtful

    if sys.stdin is None or not sys.stdin.isatty():
        refuse_doubtful(doubt)
    ask(f"{doubt}; go on?")


@click.command()
@project_option
@click.pass_context
def up(context: click.Context) -> None:
    """Start the embedded engine and let it run.

    Commands then use it without starting it each time, and several can at once. `negograph down` ends it.

    \b
    Example:
      negograph up
    """
    from negograph.database.embedded.engine import stay_up

    running = stay_up(project_of(context).folder / OWN_FOLDER, say)
    tell(f"the embedded engine runs at bolt://127.0.0.1:{running.port} (process {running.process})")


@click.command()
@project_option
@click.pass_context
def down(context: click.Context) -> None:
    """End the embedded engine that `negograph up` started.

    \b
    Example:
      negograph down
    """
    from negograph.database.embedded.engine import take_down

    tell(f"the embedded engine {'has ended' if take_down(project_of(context).folder / OWN_FOLDER) else 'does not run'}")


@click.command()
@target_options
def status(target: Target, project: Project) -> None:
    """Tell which database the commands use, whether it can be used, and what is loaded there.

    Exit code 0: it can be used; 1: not.

    \b
    Example:
      negograph status
    """
    from negograph.database.embedded.engine import running_engine
    from negograph.database.store import open_store

    tell(in_line(f"target: {target}"))
    if isinstance(target, EmbeddedTarget):
        running = running_engine(target.folder)
        at = f"runs at bolt://127.0.0.1:{running.port} since {running.since} (process {running.process})" if running else ""
        tell(f"engine: {at or 'started by each command; `negograph up` keeps it running'}")
    with open_store(target, say) as store:
        datasets = store.datasets()
    for dataset in datasets:
        last = f", the last at {dataset.last}" if dataset.last else ""
        tell(in_line(f"dataset: {dataset.id} ({dataset.title}), {counted(dataset.loads, 'load')}{last}"))
        if dataset.unfinished:
            say(f"note: {dataset.unfinished}")
    if not datasets:
        tell("dataset: none; `negograph load` fills the graph")
