"""The commands for those who write seeds: begin and check a project, find a quote or an entry, print the codebook."""

import json
import os
from pathlib import Path

import click

from negograph.cli.exit_codes import ExitCode
from negograph.cli.options import format_option, in_project, project_of, project_option
from negograph.cli.printing import counted, say, show_problems, tell, tell_github, tell_json, width
from negograph.database.results import Result
from negograph.problems.codes import CODES, explanation, page
from negograph.problems.problem import Problem, did_you_mean
from negograph.project import Project, enclosing_project, is_inside, open_project, shipped
from negograph.render.forms import render
from negograph.render.problems import FORMATS, shown
from negograph.text.characters import in_line, some


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
    found = [(project, _problems(project, wanted, require_texts)) for project, wanted in _wanted(context, paths).items()]
    if form == "json":
        objects = [json.loads(FORMATS[form](problems, project.folder, strict)) for project, problems in found]
        tell_json([problem for some in objects for problem in some])
    for project, problems in found if form != "json" else ():
        if form == "github":
            tell_github(FORMATS[form](problems, project.folder, strict))
        else:
            show_problems(problems, project.folder, strict)
    errors = sum(strict or problem.severity == "error" for _, problems in found for problem in problems)
    warnings = sum(len(problems) for _, problems in found) - errors
    if errors or warnings:
        say(f"{counted(errors, 'error')}, {counted(warnings, 'warning')}")
    context.exit(ExitCode.FAILED if errors else ExitCode.DONE)


def _wanted(context: click.Context, paths: tuple[Path, ...]) -> dict[Project, list[Path]]:
    """The projects to check, and of each the files and folders to show; no paths for all of it."""
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
    from negograph.operations.seeds import check_seeds

    checked = check_seeds(project, require_texts=require_texts)
    problems = [problem for problem in checked.problems if _concerns(problem, project, wanted)]
    if (elsewhere := len(checked.problems) - len(problems)) > 0:
        say(f"note: {counted(elsewhere, 'problem')} in other files of {project.folder}")
    if checked.dataset is None and not checked.entries:  # such as where the project's own schema has mistakes
        return problems
    verified = f"{checked.quotes - checked.unverified} of {counted(checked.quotes, 'quote')} looked up"
    where = f", the other texts are not in {project.texts.folder}" if checked.unverified else ""
    entries = f"{len(checked.entries)} entries, {checked.fact_count} of them facts"
    say(f"checked {project.folder}: {entries}; {verified}{where}")
    if unsigned := checked.unsigned:
        items = f"{counted(len(unsigned), 'item')} only `concerns` issues: {some(unsigned)}"
        say(f"note: {items}; who is for them is neither for nor against these issues. `furthers` and `hinders` say more")
    return problems


def _concerns(problem: Problem, project: Project, wanted: list[Path]) -> bool:
    """Whether a problem is in one of the wanted files or folders, as its file is written or where links lead from it."""
    files = [project.folder / place.file for place in (problem.position, problem.also) if place]
    return not wanted or any(
        # realpath follows links as far as they lead; resolve() raises for a link to itself
        is_inside(file, path) or is_inside(Path(os.path.realpath(file)), Path(os.path.realpath(path)))
        for file in files
        for path in wanted
    )


@click.command()
@click.argument("code", required=False)
def explain(code: str | None) -> None:
    """Explain a problem code of `negograph check`, or all of them.

    \b
    Example:
      negograph explain unknown-id
    """
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
        first = f"these are the first {len(found.places)}"
        say(f"{found.count} places, of which {first}; give more words to find the one that is meant")
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

    model = load_model(project_of(context).schema_folders() if in_project(context) else [shipped("schema")])
    if as_json:
        tell(json_schema(model))
        return
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
