"""The command line: the only place that prints and exits.

Exit codes: 0 done, 1 failed or problems found, 2 wrong usage; of `plan`: 0 nothing to do, 2 changes, 1 failed or wrong usage.
"""

from __future__ import annotations

import click

from negograph import __version__
from negograph.cli.asking import cypher, query
from negograph.cli.common import Group, project_option
from negograph.cli.curation import check, explain, init, quote, schema, where
from negograph.cli.engine import down, status, up
from negograph.cli.loading import history, load, plan, verify, watch
from negograph.cli.recipe_list import queries


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"]})
@project_option
@click.version_option(__version__, prog_name="negograph", message="%(prog)s %(version)s")
def main() -> None:
    """Curated facts about a negotiation as a Neo4j graph.

    Write who proposed, demanded, offered, accepted or rejected what as YAML in seeds/, load it, and ask.

    \b
    Example:
      negograph init my-negotiation
      negograph check
      negograph plan
      negograph load
      negograph queries
      negograph query positions -p party=russia
    """


for command in (
    *(init, check, explain, quote, where, schema),
    *(plan, load, watch, verify, history),
    *(queries, query, cypher),
    *(up, down, status),
):
    main.add_command(command)
