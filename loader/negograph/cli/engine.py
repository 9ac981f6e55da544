"""The commands on the database itself: keep the embedded engine running, end it, see what is there."""

import click

from negograph.cli.options import project_of, project_option, target_options
from negograph.cli.printing import counted, say, tell
from negograph.database.target import EmbeddedTarget, Target
from negograph.project import OWN_FOLDER, Project
from negograph.text.escaping import in_line


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
    if not datasets:
        tell("dataset: none; `negograph load` fills the graph")
