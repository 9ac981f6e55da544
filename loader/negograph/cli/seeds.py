"""The commands for those who write seeds: find the words of a quote, the places of an entry, the codebook."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from negograph.cli.exit_codes import ExitCode
from negograph.cli.options import in_project, project_of, project_option
from negograph.cli.printing import say, tell, width
from negograph.render.problems import shown
from negograph.text.escaping import in_line

if TYPE_CHECKING:
    from negograph.model.model import Model


@click.command()
@click.argument("document")
@click.argument("words", nargs=-1, required=True)
@project_option
@click.pass_context
def quote(context: click.Context, document: str, words: tuple[str, ...]) -> None:
    """Find WORDS in the text of DOCUMENT and print the evidence to paste.

    DOCUMENT is the id, the name or an alias of a document whose text is in the texts folder. Each place is shown with its
    line and what stands around it, and with the entry that pins it; of a long passage that has its first and last words.
    Of many places, the first 20 are shown. Ends with 1 if the words are not there, or if no quote can pin their places.

    \b
    Example:
      negograph quote courier "we would run a ferry"
    """
    from negograph.operations.seeds import find_quote

    found = find_quote(project_of(context), document, " ".join(words), say)
    for place in found.places:
        at = f"{found.file.as_posix()}, line {place.line}"
        if place.obstacle:
            say(f"{at}: no quote can pin this place: {place.obstacle}")
            continue
        tell(in_line(f"# {at}: {place.before}»{place.passage}«{place.after}"))
        tell(place.evidence)
    if all(place.obstacle for place in found.places):
        context.exit(ExitCode.FAILED)
    if found.count > len(found.places):
        shown_ = len(found.places)
        say(f"{found.count} places, of which these are the first {shown_}; give more words to find the one that is meant")
    elif found.count > 1:
        say(f"{found.count} places; take the one that is meant")


@click.command()
@click.argument("identity", metavar="ID")
@project_option
@click.pass_context
def where(context: click.Context, identity: str) -> None:
    """Print where an entry is written and everything that refers to it.

    ID is an id, also that of the dataset, a name or an alias. Each place is a line `file:line:col: as what`.

    \b
    Example:
      negograph where russia
    """
    from negograph.operations.seeds import find_mentions

    project = project_of(context)
    for mention in find_mentions(project, identity, say):
        place = mention.position
        tell(in_line(f"{shown(place.file, project.folder)}:{place.line}:{place.column}: {mention.role}"))


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON Schema, for editors.")
@project_option
@click.pass_context
def schema(context: click.Context, as_json: bool) -> None:
    """Print the codebook: what each action means and takes.

    With --json it is the whole model as JSON Schema, by which editors complete and explain what you write; with the
    additions of the project's own schema/ folder, where the command runs in a project.

    \b
    Example:
      negograph schema
      negograph schema --json > schema/seeds.schema.json
    """
    from negograph.model.json_schema import json_schema
    from negograph.model.schema_files import load_model
    from negograph.project import shipped

    model = load_model(project_of(context).schema_folders() if in_project(context) else [shipped("schema")])
    tell(json_schema(model) if as_json else _codebook(model))


def _codebook(model: Model) -> str:
    from negograph.database.results import Result
    from negograph.render.forms import render

    rows = tuple(
        (
            action.name,
            ", ".join(action.required),
            "/".join(action.what) if len(action.what) < len(model.nodes) else "",
            action.definition,
        )
        for action in model.actions.values()
    )
    return render(Result(("action", "needs", "what", "definition"), rows), "table", width())
