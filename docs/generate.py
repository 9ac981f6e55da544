"""Writes what is made from the code: pages and parts of pages, the JSON Schema, the picture in README, lines that recipes share.

    make docs                               writes them all
    python docs/generate.py --check         writes nothing, and ends with 1 if a file is not what the code says

To add one, write a function that gives its text, and name it in GENERATED.
"""

from __future__ import annotations

import inspect
import json
import re
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

import click

from negograph.checks.project import check_project
from negograph.cli import main
from negograph.cli.exit_codes import ExitCode
from negograph.graph.known_digests import map_graph
from negograph.graph.plan import Edge, NodeKey
from negograph.model.json_schema import json_schema
from negograph.model.model import FACT
from negograph.model.schema_files import load_model
from negograph.problems.codes import page
from negograph.project import open_project
from negograph.recipes.files import usable_recipes
from negograph.recipes.recipe import grouped
from negograph.recipes.saved_scripts import as_one_command, common_defaults
from negograph.render.palette import Palette, palette_of
from negograph.seeds.cache import Cache

CHECKOUT = Path(__file__).parents[1]
PICTURED = ("prevention-of-expansion", "lavrov-says-usa-rejected-prevention-of-expansion")
"""The ids in the shipped seeds whose relationships the picture shows: an item, and a fact about it."""


class Generated(NamedTuple):
    """A generated file, or the part of it between the lines `PART: begin` and `PART: end`."""

    file: str
    make: Callable[[], str]
    part: str = ""

    def current(self) -> str:
        """The whole text that the file should have."""
        if not self.part:
            return self.make()
        text = (CHECKOUT / self.file).read_text(encoding="utf-8")
        lines = re.compile(rf"(?<=\b{self.part}: begin)([^\n]*\n).*?(?=^[^\n]*\b{self.part}: end\b)", re.DOTALL | re.MULTILINE)
        return lines.sub(lambda found: found[1] + self.make(), text, count=1)


def commands_page() -> str:
    """Every command with its arguments, its options and what it does."""
    context = click.Context(main, info_name="negograph")
    codes = ["| exit code | means |", "|---|---|", *(f"| {code.value} | {code.meaning} |" for code in ExitCode)]
    parts = [_COMMANDS_INTRODUCTION.format(exit_codes="\n".join(codes))]
    for name in main.list_commands(context):
        command = main.get_command(context, name)
        if command is not None:
            parts.append(_command(click.Context(command, parent=context, info_name=name)))
    return "\n".join(parts)


_COMMANDS_INTRODUCTION = """\
# Commands

Every command prints this help with `--help`. `--project DIR` can stand before or after the command's name.

Answers go to standard output, messages to standard error.

{exit_codes}

Where a command says more with its exit code, its help tells. [In scripts](checking.md#in-scripts) has the details.
"""


def _command(context: click.Context) -> str:
    words, _, example = inspect.cleandoc(context.command.help or "").partition("\b\nExample:\n")
    usage = " ".join([context.command_path, *context.command.collect_usage_pieces(context)])
    lines = [f"## {context.command_path}\n", f"`{usage}`\n", f"{words.strip()}\n"]
    if example:
        lines += ["Example:\n", *(f"    {line.strip()}" for line in example.strip().splitlines()), ""]
    records = [option.get_help_record(context) for option in context.command.params if isinstance(option, click.Option)]
    lines += [f"- `{record[0]}`: {' '.join(record[1].split())}" for record in records if record]
    return "\n".join(lines) + "\n"


def recipes_table() -> str:
    """The shipped recipes by group, with their parameters."""
    recipes, _ = usable_recipes([CHECKOUT / "queries"])
    lines = ["| group | recipe | answers |", "|---|---|---|"]
    for recipe in grouped(recipes.values()):
        takes = "".join(f" `{p.name}`" if p.required else f" [`{p.name}`]" for p in recipe.parameters)
        lines.append(f"| {recipe.group} | `{recipe.name}`{takes} | {recipe.description} |")
    return "\n".join(lines) + "\n"


def seeds_schema() -> str:
    """The JSON Schema of the shipped model."""
    return json_schema(load_model([CHECKOUT / "schema"])).rstrip("\n") + "\n"


def picture() -> str:
    """A part of the graph of the shipped seeds as a Mermaid diagram."""
    project = open_project(CHECKOUT, {})
    model = load_model(project.schema_folders())
    checked = check_project(project, model)
    assert checked.dataset is not None, "the shipped seeds name their dataset"
    graph = map_graph(checked.dataset, checked.files, model, Cache(None, ""))
    entries = {entry.node.key: entry for entry in graph.entries}
    edges = [edge for entry in entries.values() for edge in entry.edges if _pictured(edge)]
    names = {end: str(entries[end].node.properties["name"]) for edge in edges for end in (edge.start, edge.end)}
    return "\n".join(_mermaid(names, edges, palette_of(model))) + "\n"


def _pictured(edge: Edge) -> bool:
    """Whether a relationship has the pictured item or fact at one end, and no other fact at the other."""
    ends = (edge.start, edge.end)
    return any(end.id in PICTURED for end in ends) and all(end.id in PICTURED for end in ends if end.label == FACT)


def _mermaid(names: dict[NodeKey, str], edges: list[Edge], palette: Palette) -> Iterator[str]:
    yield "```mermaid"
    yield "graph LR"
    for key, name in names.items():
        yield f'  {key.id}["{key.label}<br><b>{name}</b>"]:::{key.label}'
    for edge in dict.fromkeys((edge.start.id, _words(edge), edge.end.id) for edge in edges):
        yield f'  {edge[0]} -->|"{edge[1]}"| {edge[2]}'
    for label in dict.fromkeys(key.label for key in names):
        yield f"  classDef {label} fill:{palette.node([label])},stroke:#666,color:#000"
    yield "```"


def _words(edge: Edge) -> str:
    """What to write at an arrow: the type, and the label where it says more."""
    label = str(edge.properties.get("label") or edge.properties.get("standing", ""))
    return edge.type if label.replace(" ", "_").upper() in ("", edge.type) else f"{edge.type}<br>{label}"


SHARED = {
    "denied": ("allegations", "standing", "shared/put-forward"),
    "stands": ("affiliation", "common-ground", "network", "position-matrix"),
    "put-forward": ("proposals", "demands"),
    "near": ("item", "sequence"),
    "asked": ("proposals", "demands", "standing", "sequence", "changes"),
    "groups": ("allegations", "between", "positions", "said-and-done", "timeline"),
    "said-of": ("allegations", "said-and-done"),
    "speaking": ("between", "evidence"),
}
"""The lines of Cypher in queries/shared that several recipes have, and which recipes."""


def shared(lines: str) -> str:
    """Lines of Cypher that recipes share."""
    return (CHECKOUT / "queries" / "shared" / f"{lines}.cypher").read_text(encoding="utf-8")


_COPIES = [Generated(f"queries/{name}.cypher", partial(shared, part), part) for part, names in SHARED.items() for name in names]


def parameter_defaults() -> str:
    """The setting by which Neo4j Browser sets, at login, the parameters that have the same default in every recipe."""
    recipes = usable_recipes([CHECKOUT / "queries"])[0].values()
    command = as_one_command(common_defaults(recipes)).removeprefix(":").replace("$", "$$")
    return f"      NEO4J_browser_post__connect__cmd: {json.dumps(command)}\n"


GENERATED = (
    Generated("docs/problems.md", page),
    Generated("docs/commands.md", commands_page),
    Generated("docs/recipes.md", recipes_table, "recipes"),
    Generated("schema/seeds.schema.json", seeds_schema),
    Generated("README.md", picture, "picture"),
    Generated("docker-compose.yml", parameter_defaults, "defaults"),
    *_COPIES,
)


def write() -> None:
    """Write every generated file."""
    for generated in GENERATED:
        (CHECKOUT / generated.file).write_text(generated.current(), encoding="utf-8", newline="\n")


def outdated() -> list[str]:
    """The generated files that are not what the code says."""
    return [each.file for each in GENERATED if (CHECKOUT / each.file).read_text(encoding="utf-8") != each.current()]


if __name__ == "__main__":
    if "--check" not in sys.argv:
        write()
    elif names := outdated():
        sys.exit(f"not what the code says: {', '.join(names)}; `make docs` writes them again")
