"""The commands on the database itself: keep the embedded engine running, end it, see what is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from negograph.cli.options import project_of, project_option, target_options
from negograph.cli.printing import counted, say, tell
from negograph.text.escaping import in_line

if TYPE_CHECKING:
    from pathlib import Path

    from negograph.database.snapshot import LoadedDataset
    from negograph.database.target import Target
    from negograph.project import Project


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

    running = stay_up(_folder(context), say)
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

    tell("the embedded engine has ended" if take_down(_folder(context)) else "the embedded engine does not run")


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
    from negograph.database.target import EmbeddedTarget

    tell(in_line(f"target: {target}"))
    if isinstance(target, EmbeddedTarget):
        running = running_engine(target.folder)
        at = f"runs at bolt://127.0.0.1:{running.port} since {running.since} (process {running.process})" if running else ""
        tell(f"engine: {at or 'started by each command; `negograph up` keeps it running'}")
    with open_store(target, say) as store:
        _tell_datasets(store.datasets())


def _tell_datasets(datasets: list[LoadedDataset]) -> None:
    for dataset in datasets:
        loads = (
            f"{counted(dataset.loads, 'load')}, the last at {dataset.last}" if dataset.last else counted(dataset.loads, "load")
        )
        tell(in_line(f"dataset: {dataset.id} ({dataset.title}), {loads}"))
    if not datasets:
        tell("dataset: none; `negograph load` fills the graph")


def _folder(context: click.Context) -> Path:
    from negograph.project import OWN_FOLDER

    return project_of(context).folder / OWN_FOLDER
