"""The commands for those who curate: begin a project, check it, find words and ids."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from negograph.cli.colours import show_problems
from negograph.cli.common import counted, format_option, project_of, project_option, say, tell, tell_github
from negograph.errors import NegographError, ProblemsFound
from negograph.problems.codes import CODES
from negograph.problems.hints import did_you_mean
from negograph.problems.problem import Problem
from negograph.render.problems import FORMATS, shown
from negograph.text.escaping import in_json, in_line

if TYPE_CHECKING:
    from negograph.checks.project import Checked
    from negograph.project import Project
    from negograph.seeds.records import FileRecords, Record
    from negograph.text.quotes import Text

_HIDING = {
    *("unreadable", "not-utf-8", "too-large", "too-deep", "yaml-syntax", "tab", "duplicate-key", "not-a-mapping"),
    *("wrong-type", "unknown-key"),
}
"""The codes of problems for which an entry or a reference may not have been read."""

_MOST_PLACES = 20
"""How many places of words are shown; whoever sees more of them searches by more words."""


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
def init(folder: Path) -> None:
    """Begin a project of your own in DIR.

    Writes a small fictional negotiation with comments that explain how facts are written: replace it by yours. Nothing
    that is there already is overwritten.

    \b
    Example:
      negograph init my-negotiation
    """
    from negograph.seeds.starter import make_project

    for path in make_project(folder):
        tell(in_line(path.as_posix()))
    inside = "" if folder == Path() else f" --project {folder}"
    say(f"next: negograph check {'' if folder == Path() else folder}".rstrip() + f", then negograph load{inside} --embedded")


@click.command()
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--strict", is_flag=True, help="Take warnings for errors.")
@click.option("--require-texts", is_flag=True, help="Take it for an error that the text of a document is not there.")
@format_option(tuple(FORMATS))
@project_option
@click.pass_context
def check(context: click.Context, paths: tuple[Path, ...], strict: bool, require_texts: bool, form: str) -> None:
    """Find every mistake in the seeds.

    PATH is a project, or files or folders in one. The whole project is checked, since its files refer to each other; the
    problems of what you name are shown. Without PATH it is the project in the current folder. Needs no database. Each
    problem has a code, which `negograph explain CODE` explains. Ends with 0 if there are no errors, with 1 if there are.

    \b
    Example:
      negograph check
      negograph check --strict my-negotiation
      negograph check --format github
    """
    found: list[tuple[Project, list[Problem]]] = []
    for project, wanted in _wanted(context, paths).items():
        found.append((project, _problems(project, wanted, require_texts)))
    if form == "json":
        tell(_as_one_list([FORMATS[form](problems, project.folder, strict) for project, problems in found]))
    for project, problems in found:
        if form == "text":
            show_problems(problems, project.folder, strict)
        elif form == "github":
            tell_github(FORMATS[form](problems, project.folder, strict))
    errors = sum(strict or problem.severity == "error" for _, problems in found for problem in problems)
    warnings = sum(len(problems) for _, problems in found) - errors
    if errors or warnings:
        say(f"{counted(errors, 'error')}, {counted(warnings, 'warning')}")
    context.exit(1 if errors else 0)


def _wanted(context: click.Context, paths: tuple[Path, ...]) -> dict[Project, list[Path]]:
    """The projects to check, and of each the files and folders to show; no paths for all of it."""
    from negograph.project import enclosing_project, is_inside, open_project

    if not paths or context.find_root().obj is not None:
        project = project_of(context)
        for path in paths:
            if not is_inside(path, project.folder):
                raise click.UsageError(f"{path} is not in {project.folder}, which --project names; leave one of them out")
        return {project: list(paths)}
    wanted: dict[Project, list[Path]] = {}
    for path in paths:
        folder = enclosing_project(path)
        if folder is None:
            raise click.UsageError(f"{path} is no project and in none: no folder above it has seeds/")
        wanted.setdefault(open_project(folder, os.environ), []).append(path)
    return wanted


def _problems(project: Project, wanted: list[Path], require_texts: bool) -> list[Problem]:
    """The problems of a project in the wanted files; what was checked is said besides."""
    from negograph.checks.project import check_project
    from negograph.model.schema_files import load_model

    try:
        checked = check_project(project, load_model(project.schema_folders()), require_texts=require_texts)
    except ProblemsFound as schema:  # without a model, nothing else can be said
        return list(schema.problems)
    problems = [problem for problem in checked.problems if _concerns(problem, project, wanted)]
    if (elsewhere := len(checked.problems) - len(problems)) > 0:
        say(f"note: {counted(elsewhere, 'problem')} in other files of {project.folder}")
    say(_summary(project, checked))
    return problems


def _concerns(problem: Problem, project: Project, wanted: list[Path]) -> bool:
    """Whether a problem is in one of the wanted files or folders, as its file is written or where links lead from it."""
    from negograph.project import is_inside

    places = [problem.position, *([problem.also] if problem.also else [])]
    files = [project.folder / place.file for place in places]
    return not wanted or any(
        is_inside(file, path) or _real(file).is_relative_to(_real(path)) for file in files for path in wanted
    )


def _real(path: Path) -> Path:
    """Where a path leads, links followed as far as they lead: resolve() raises for a link to itself."""
    return Path(os.path.realpath(path))


def _summary(project: Project, checked: Checked) -> str:
    verified = f"{checked.quotes - checked.unverified} of {counted(checked.quotes, 'quote')} looked up"
    where = f", the other texts are not in {project.texts.folder}" if checked.unverified else ""
    entries = f"{checked.entry_count} entries, {checked.fact_count} of them facts"
    return f"checked {project.folder}: {entries}; {verified}{where}"


def _as_one_list(lists: list[str]) -> str:
    import json

    return in_json([problem for one in lists for problem in json.loads(one)]) + "\n"


@click.command()
@click.argument("code", required=False)
def explain(code: str | None) -> None:
    """Explain a problem code of `negograph check`, or all of them.

    \b
    Example:
      negograph explain unknown-id
    """
    from negograph.problems.page import explanation, page

    if code is not None and code not in CODES:
        raise click.UsageError(f"there is no code {code!r}{did_you_mean(code, CODES)}")
    tell(page() if code is None else explanation(code))


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
    from negograph.text.selectors import find_words

    project = project_of(context)
    record, text, file = _text_of(project, document)
    sought = " ".join(words)
    spans = text.places(sought)
    if not spans:
        near = text.nearest(sought)
        hint = f"; nearest passage: {near!r}" if near else ", nor anything like them"
        raise NegographError(f"the words {sought!r} are not in {file}{hint}")
    places = find_words(record.id, text, sought, spans[:_MOST_PLACES])
    for place in places:
        if place.obstacle:
            say(f"{file.as_posix()}, line {place.line}: no quote can pin this place: {place.obstacle}")
            continue
        tell(in_line(f"# {file.as_posix()}, line {place.line}: {place.before}»{place.passage}«{place.after}"))
        tell(place.evidence)
    if all(place.obstacle for place in places):
        context.exit(1)
    if len(spans) > len(places):
        say(f"{len(spans)} places, of which these are the first {len(places)}; give more words to find the one that is meant")
    elif len(spans) > 1:
        say(f"{len(spans)} places; take the one that is meant")


def _text_of(project: Project, document: str) -> tuple[Record, Text, Path]:
    from negograph.checks.evidence import read_text, source_of
    from negograph.files.reading import Unreadable
    from negograph.seeds.index import Entries
    from negograph.text.quotes import Text

    entries = Entries(record for file in _files(project) for record in file.records)
    record = entries.by_id.get(entries.find(document) or "")
    if record is None:
        raise NegographError(f"no document is called {document!r}{entries.hint(document)}")
    source = source_of(record)
    if source is None:
        raise NegographError(f"{record.id!r} names no text; add `text: {{file: ...}}` to {record.places['id']}")
    file = project.texts.folder / source.file
    try:
        read = read_text(source, project.texts)
    except Unreadable as error:
        raise NegographError(f"cannot read the text {file}: {error}") from error
    if read is None:
        raise NegographError(f"the text {file} is not there; put it there, or set NEGOGRAPH_TEXTS")
    return record, Text(read[1]), file


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
    from negograph.seeds.index import Entries, Mention, mentions

    project = project_of(context)
    files = _files(project)
    entries = Entries(record for file in files for record in file.records)
    described = [
        Mention(dataset.id_position, f"Dataset {dataset.id} ({dataset.title})")
        for file in files
        for dataset in file.datasets
        if dataset.id.casefold() == identity.casefold()
    ]
    found = entries.find(identity)
    if found is None and not described:
        raise NegographError(f"no entry is called {identity!r}{entries.hint(identity)}")
    for mention in [*described, *(mentions(entries, found) if found else [])]:
        place = mention.position
        tell(in_line(f"{shown(place.file, project.folder)}:{place.line}:{place.column}: {mention.role}"))


def _files(project: Project) -> list[FileRecords]:
    """What the files hold; each that may hold more than could be read is named on standard error."""
    from negograph.model.schema_files import load_model
    from negograph.seeds.cache import Cache, cache_folder
    from negograph.seeds.files import read_project

    model = load_model(project.schema_folders())
    files: list[FileRecords] = []
    for file in read_project(project, model, Cache(cache_folder(), repr(model))):
        held = file.read()
        files.append(held)
        if held.hidden or held.without_id or any(problem.code in _HIDING for problem in held.problems):
            say(f"note: {shown(file.name, project.folder)} could not be read whole; `negograph check` says why")
    return files


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
    from negograph.model.schema_files import load_model
    from negograph.project import shipped

    in_project = context.find_root().obj is not None or Path("seeds").is_dir()
    model = load_model(project_of(context).schema_folders() if in_project else [shipped("schema")])
    if as_json:
        from negograph.model.json_schema import json_schema

        tell(json_schema(model))
        return
    from negograph.cli.common import width
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
    tell(render(Result(("action", "needs", "what", "definition"), rows), "table", width()))
