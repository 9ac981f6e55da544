"""The commands for exploring: what shows the graph to people who do not write Cypher."""

from pathlib import Path

import click

from negograph.cli.heavy import let_in_numpy
from negograph.cli.options import target_options
from negograph.cli.printing import say, tell_bytes
from negograph.database.target import Target
from negograph.files import refuse_to_overwrite, write_whole
from negograph.project import Project


@click.command()
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("report.html"),
    show_default=True,
    metavar="FILE",
    help="Where to write the page.",
)
@click.option(
    "--with-texts",
    is_flag=True,
    help="Show the texts of the documents too, with the quotes marked. Such a page may not be passed on where a text may not.",
)
@click.option("--overwrite", is_flag=True, help="Write the file also where one is there already.")
@target_options
def report(output: Path, with_texts: bool, overwrite: bool, project: Project, target: Target) -> None:
    """Write a page of HTML that tells all that is recorded, for people who do not use negograph.

    It tells in short who negotiates about what and what has become of it, then where each party stands, what happened when,
    and every act with its quotes. It is one file, needs no network, and can be printed.

    \b
    Example:
      negograph report
      negograph report --output ferry.html
      negograph report --with-texts --output for-curators.html
    """
    let_in_numpy()
    from negograph.operations.ask import open_graph
    from negograph.operations.report import make_report

    piped = output == Path("/dev/stdout")
    if not piped:
        refuse_to_overwrite(output, overwrite=overwrite)
    with open_graph(target, say) as store:
        page = make_report(store, project, say, with_texts=with_texts)
    if piped:
        tell_bytes(page.encode())
    else:
        write_whole(output, page.encode(), overwrite=overwrite)
        say(f"the report is in {output}")
    if with_texts:
        say("note: it holds whole source texts, which may not be passed on")
