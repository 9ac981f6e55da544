"""Recipes for Neo4j Browser: its saved scripts, and the values of parameters that it keeps for all of them."""

import io
import re
import zipfile
from collections.abc import Iterable, Mapping
from itertools import pairwise

from negograph.database.cypher_text import beginnings, not_reading, tokens, unbalanced, without_end
from negograph.recipes.recipe import Recipe, Value, as_cypher, grouped

_NAME = re.compile(r"[A-Za-z_]\w*", re.ASCII)
_LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""The time of all files in an archive, so that the same recipes make the same archive."""


def saved_scripts(recipes: Iterable[Recipe]) -> list[Recipe]:
    """The recipes that Neo4j Browser gets, by group: those that are one statement, which only reads.

    Browser runs whatever it is given, on a server as a user that can write: also commands of its own, which begin with a colon.
    """
    return [recipe for recipe in grouped(recipes) if _is_one_that_reads(recipe.cypher)]


def _is_one_that_reads(cypher: str) -> bool:
    found = beginnings(cypher)
    return len(found) == 1 and cypher[found[0]] != ":" and unbalanced(cypher) is None and not_reading(cypher) is None


def as_zip(recipes: Iterable[Recipe]) -> bytes:
    """An archive of saved scripts in folders by their group, which Neo4j Browser takes when it is dropped on its window."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as files:
        for recipe in saved_scripts(recipes):
            name = f"{_file_name(recipe.group)}/{_file_name(recipe.name)}.cypher"
            files.writestr(zipfile.ZipInfo(name, _LONG_AGO), as_script(recipe), zipfile.ZIP_DEFLATED)
    return archive.getvalue()


def as_script(recipe: Recipe) -> str:
    """The Cypher of a recipe without what follows its end: Neo4j Browser takes a comment there for another statement."""
    return without_end(recipe.cypher).rstrip() + "\n"


def _file_name(words: str) -> str:
    """Words as the name of a file or a folder, which leads nowhere else."""
    return re.sub(r"[^\w ,-]", "-", words).strip() or "-"


def common_defaults(recipes: Iterable[Recipe]) -> dict[str, Value]:
    """The defaults of the parameters that have the same one in every recipe that has them."""
    found: dict[str, list[tuple[bool, Value]]] = {}
    for recipe in recipes:
        for parameter in recipe.parameters:
            found.setdefault(parameter.name, []).append((parameter.required, parameter.default))
    return {
        name: values[0][1]
        for name, values in sorted(found.items())
        if not values[0][0] and all(value == values[0] for value in values)
    }


def as_one_command(values: Mapping[str, Value]) -> str:
    """The one command that sets many parameters in Neo4j Browser, of the types that they have; nothing where there are none.

    The database works the values out: in the form with a map, Browser makes texts of days and fractions of whole numbers.
    """
    named = {name: value for name, value in values.items() if _NAME.fullmatch(name)}
    if not named:
        return ""
    returned = ", ".join(f"{as_cypher(value)} AS {name}" for name, value in named.items())
    return f":param [{{{', '.join(named)}}}] => {{RETURN {returned}}}"


def with_values(recipe: Recipe, values: Mapping[str, Value]) -> str:
    """The Cypher of a recipe with some values in the place of its parameters."""
    text = as_script(recipe)
    for before, token in reversed(list(pairwise(tokens(text)))):
        if before.text == "$" and token.name in values:
            text = text[: before.start] + as_cypher(values[token.name]) + text[token.start + len(token.text) :]
    return text


def in_address(text: str) -> str:
    """A statement as Neo4j Browser takes it from its address; what would end it there is written as Cypher escapes it."""
    return re.sub(r"[&#]|\?(?=arg=)", lambda found: f"\\u{ord(found[0]):04x}", text)
