"""Recipes for Neo4j Browser: the archive of saved scripts, the values that it keeps, and a recipe in its address."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from pathlib import Path
from urllib.parse import unquote

import pytest

from negograph.project import shipped
from negograph.recipes.files import read_recipes
from negograph.recipes.recipe import Recipe, Value
from negograph.recipes.saved_scripts import (
    as_one_command,
    as_script,
    as_zip,
    common_defaults,
    in_address,
    saved_scripts,
    with_values,
)
from tests.conftest import recipes_in

SHIPPED = recipes_in(shipped("queries"))


def recipe(folder: Path, cypher: str, *parameters: str, name: str = "own", group: str = "mine") -> Recipe:
    lines = ["// Title", f"// Says so. Group: {group}", *(f"// Parameter: {parameter}: help" for parameter in parameters)]
    path = folder / f"{name}.cypher"
    path.write_text("\n".join([*lines, f"// Group: {group}", "", cypher]), encoding="utf-8")
    recipes, problems = read_recipes([path])
    assert problems == []
    return recipes[name]


def test_the_archive_has_every_recipe_in_the_folder_of_its_group() -> None:
    with zipfile.ZipFile(io.BytesIO(as_zip(SHIPPED.values()))) as archive:
        assert sorted(archive.namelist()) == sorted(f"{recipe.group}/{name}.cypher" for name, recipe in SHIPPED.items())
        text = archive.read("positions/demands.cypher").decode()
        assert text.startswith("// Demands\n")  # by which Browser calls it
    assert as_zip(SHIPPED.values()) == as_zip(reversed(SHIPPED.values()))


@pytest.mark.parametrize(
    "cypher",
    [
        "MATCH (n) DETACH DELETE n;",
        "LOAD CSV FROM 'file:///x' AS row RETURN row;",
        "CALL apoc.load.json('http://x') YIELD value RETURN value;",
        ":play http://foreign.example RETURN",
        "RETURN 1 AS one; RETURN 2 AS two;",
        "RETURN 1 AS one; :style http://foreign.example;",
        "RETURN 'one AS one;",
    ],
)
def test_what_does_more_than_read_is_no_saved_script(tmp_path: Path, cypher: str) -> None:
    good = recipe(tmp_path, "RETURN 1 AS one;", name="good")
    assert saved_scripts([recipe(tmp_path, cypher), good]) == [good]


def test_a_group_leads_to_no_other_folder(tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(as_zip([recipe(tmp_path, "RETURN 1 AS one;", group="../../x\\y:z")]))) as archive:
        (name,) = archive.namelist()
        assert name == "------x-y-z/own.cypher"


def test_what_follows_the_end_of_a_recipe_is_left_out(tmp_path: Path) -> None:
    assert as_script(recipe(tmp_path, "RETURN ';' AS one; // the end")).endswith("\nRETURN ';' AS one\n")


def test_a_default_is_common_if_all_recipes_have_it_that_have_the_parameter(tmp_path: Path) -> None:
    first = recipe(tmp_path, "RETURN 1 AS one;", "a (text, default x)", "b (date, default null)", "c (text, default x)", name="f")
    second = recipe(
        tmp_path, "RETURN 1 AS one;", "a (text, default x)", "c (text, default y)", "d (integer, default 7)", name="s"
    )
    third = recipe(tmp_path, "RETURN 1 AS one;", "e (party, required)", name="t")
    assert common_defaults([first, second, third]) == {"a": "x", "b": None, "d": 7}


def test_of_the_shipped_parameters_only_qualifier_has_two_defaults() -> None:
    optional = {p.name for recipe in SHIPPED.values() for p in recipe.parameters if not p.required}
    assert optional - common_defaults(SHIPPED.values()).keys() == {"qualifier"}


def test_one_command_sets_values_of_every_type() -> None:
    values: dict[str, Value] = {"a": "it's", "b": None, "c": date(2022, 1, 26), "d": ["x", "y"], "e": 7, "no word": 1}
    assert as_one_command(values) == (
        ":param [{a, b, c, d, e}] => {RETURN 'it\\'s' AS a, null AS b, date('2022-01-26') AS c, ['x', 'y'] AS d, 7 AS e}"
    )
    assert as_one_command({}) == ""


def test_values_take_the_place_of_parameters_wherever_these_are_used(tmp_path: Path) -> None:
    own = recipe(
        tmp_path,
        "MATCH (p {id: $who}) WHERE $who <> '$who' AND $until IS NULL // $who\nRETURN `$who`, $`who` AS x;",
        "who (text, required)",
    )
    assert with_values(own, {"who": "O'Neill"}).endswith(
        "MATCH (p {id: 'O\\'Neill'}) WHERE 'O\\'Neill' <> '$who' AND $until IS NULL // $who\nRETURN `$who`, 'O\\'Neill' AS x\n"
    )


@pytest.mark.parametrize("text", ["a & b # c", "'?arg=x&cmd=play'", "100% + 1", "why?"])
def test_nothing_in_an_address_ends_a_statement(text: str) -> None:
    written = in_address(text)
    assert not {"&", "#"} & set(written)
    assert "?arg=" not in written
    assert written.encode().decode("unicode_escape") == text == unquote(text)
