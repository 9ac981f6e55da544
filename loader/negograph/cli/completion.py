"""What a shell offers to complete: recipes, their parameters, and the values that these take."""

import contextlib
import re
from collections.abc import Collection, Iterable, Iterator

import click
from click.shell_completion import BashComplete, CompletionItem, add_completion_class

from negograph.cli.options import project_of
from negograph.errors import NegographError
from negograph.project import shipped
from negograph.recipes.files import usable_recipes
from negograph.recipes.recipe import Parameter, Recipe
from negograph.text.characters import in_line


class RecipeName(click.ParamType[str]):
    """The name of a recipe, or a file with Cypher."""

    name = "recipe"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """The recipes whose names begin so, and files."""
        found = _offered((name, recipe.title) for name, recipe in _recipes(ctx).items() if name.startswith(incomplete))
        return found or [CompletionItem(incomplete, type="file")]


class ParameterValue(click.ParamType[str]):
    """NAME=VALUE: a parameter of the recipe that stands before it on the line."""

    name = "parameter"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """The parameters of the recipe whose names begin so, or behind the equals sign the values."""
        name_given = ctx.params.get("name") or next(iter(ctx.args), "")  # at a bare -p click has not got to its name
        recipe = _recipes(ctx).get(str(name_given))
        if recipe is None:
            return []
        name, equals, begun = incomplete.partition("=")
        if not equals:
            return _offered((f"{p.name}=", p.help) for p in recipe.parameters if p.name.startswith(name))
        parameter = next((p for p in recipe.parameters if p.name == name), None)
        values = _values(ctx, parameter, begun) if parameter else ()
        return _offered((f"{name}={value}", words) for value, words in values)


_SAFE = re.compile(r"[\w.,:=/@%+-]*")
"""What no shell takes for more than a word."""


def _offered(words: Iterable[tuple[str, str]]) -> list[CompletionItem]:
    """Words for a shell, each explained in one line, without those that it would run or take apart."""
    return [CompletionItem(word, help=in_line(help_)) for word, help_ in words if _SAFE.fullmatch(word)]


def _recipes(context: click.Context) -> dict[str, Recipe]:
    folders = [shipped("queries")]
    with contextlib.suppress(click.UsageError):
        folders = project_of(context).recipe_folders()
    with contextlib.suppress(NegographError, OSError):
        return usable_recipes(folders)[0]
    return {}


def _values(context: click.Context, parameter: Parameter, begun: str) -> Iterator[tuple[str, str]]:
    """The values that a parameter can take and that begin so, with a word on each: choices, or ids of the seeds, by name too."""
    *before, begun = begun.split(",") if parameter.type == "list" else [begun]
    prefix = "".join(f"{word}," for word in before)
    for choice in parameter.choices:
        if choice.startswith(begun) and choice not in before:
            yield prefix + choice, parameter.help
    if parameter.labels:
        yield from _ids(context, parameter.labels, begun.casefold())


def _ids(context: click.Context, labels: Collection[str], begun: str) -> Iterator[tuple[str, str]]:
    """The ids of the seeds' entries with such a label whose id, name or alias begins so."""
    from negograph.checks.project import check_project
    from negograph.model.schema_files import load_model
    from negograph.seeds.index import names_of

    with contextlib.suppress(NegographError, OSError, click.UsageError):
        project = project_of(context)
        for entry in check_project(project, load_model(project.schema_folders())).entries:
            words = [entry.id, *(name for name, _ in names_of(entry))]
            if entry.label in labels and any(word.casefold().startswith(begun) for word in words):
                yield entry.id, entry.name


@add_completion_class
class _Bash(BashComplete):
    """Bash takes `party=nor` apart at the equals sign; a name that a value has to follow gets no blank behind it."""

    name = "bash"
    apart = False
    """Whether bash has taken the word apart that is completed, so that it wants what stands behind the equals sign alone."""
    source_template = BashComplete.source_template.replace(
        "    return 0\n", '    [[ "${COMPREPLY[0]}" == *= ]] && compopt -o nospace\n\n    return 0\n'
    )

    def get_completion_args(self) -> tuple[list[str], str]:
        words, incomplete = super().get_completion_args()
        *before, last = re.sub("\0=\0?", "=", "\0".join([*words, incomplete])).split("\0")  # no word has a NUL in it
        self.apart = last != incomplete
        return before, last

    def format_completion(self, item: CompletionItem) -> str:
        whole = super().format_completion(item)
        kind, _, value = whole.partition(",")
        return f"{kind},{value.partition('=')[2]}" if self.apart and "=" in value else whole
