"""Recipe files: what the comment lines at the top say, and what is wrong with them, at file and line."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from negograph.database.results import EdgeColumns
from negograph.recipes.files import read_recipes, usable_recipes
from negograph.recipes.recipe import TYPES, Parameter, Recipe, as_given
from tests.conftest import recipes_in

Read: TypeAlias = Callable[[str | bytes], tuple[Recipe, list[str]]]
STATEMENT = "\nMATCH (n)\nRETURN n.one AS one, n.other AS other, n.weight AS weight\nORDER BY one, other, weight;\n"
FORM = (
    "a parameter is declared as `// Parameter: NAME (TYPE, required): HELP`, or `default VALUE` for required, and "
    f"`; one of A | B` behind it where only some words will do; types: {', '.join(TYPES)}"
)
ENDS = "`// Edges:` names two of the columns, as `one -- other`, or `one -> other` if directed"


def slip(word: str, key: str) -> str:
    return f"there is no `// {word}:`; write `// {key}:`, or leave out the colon if it describes the recipe"


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Reads a recipe with this header (or these bytes): the recipe, and its problems as LINE: MESSAGE."""

    def read(header: str | bytes) -> tuple[Recipe, list[str]]:
        path = tmp_path / "own.cypher"
        path.write_bytes(header if isinstance(header, bytes) else (header + STATEMENT).encode())
        recipes, problems = read_recipes([path])
        return recipes["own"], [f"{problem.position.line}: {problem.message}" for problem in problems]

    return read


def test_a_recipe_is_what_its_header_says_and_its_whole_file(tmp_path: Path) -> None:
    text = (
        "// Ties between towns\n"
        "// How often two towns met,\n"
        "// and where: by the ferry, or not.\n"
        "// Group: relations\n"
        "// Result: table\n"
        "// Edges: one -- other\n"
        "// Source: A. Author, A Title: And More, 2021\n"
        "// Parameter: since (date, default null): only meetings from that day on\n"
        f"{STATEMENT}"
    )
    path = tmp_path / "town-ties.cypher"
    path.write_text(text, encoding="utf-8")
    assert read_recipes([path]) == (
        {
            "town-ties": Recipe(
                name="town-ties",
                title="Ties between towns",
                description="How often two towns met, and where: by the ferry, or not.",
                group="relations",
                result="table",
                parameters=(Parameter("since", "date", False, "only meetings from that day on"),),
                cypher=text,
                path=path,
                edges=EdgeColumns("one", "other", directed=False),
                source="A. Author, A Title: And More, 2021",
            )
        },
        [],
    )


def test_a_title_is_enough(read: Read) -> None:
    recipe, problems = read("//Towns")
    assert (recipe.title, recipe.description, recipe.group, recipe.result) == ("Towns", "", "other", "table")
    assert (recipe.parameters, recipe.edges, recipe.source, problems) == ((), None, None, [])


def test_the_header_ends_at_the_first_line_that_is_no_comment(read: Read) -> None:
    recipe, problems = read("// Towns\n// All of them.\n\n// Group: relations\n// Parameter: nonsense")
    assert (recipe.description, recipe.group, recipe.parameters, problems) == ("All of them.", "other", (), [])


def test_a_byte_order_mark_and_line_ends_of_windows_do_not_matter(read: Read) -> None:
    recipe, problems = read(b"\xef\xbb\xbf// Towns\r\n// Group: relations\r\n\r\nRETURN 1 AS x;\r\n")
    assert (recipe.title, recipe.group, problems) == ("Towns", "relations", [])


@pytest.mark.parametrize(
    ("declared", "parameter"),
    [
        ("party (party, required): whose", Parameter("party", "party", True, "whose")),
        ("x (text, required): a (b): c; one of d", Parameter("x", "text", True, "a (b): c; one of d")),
        ("until (date, default null): up to it", Parameter("until", "date", False, "up to it")),
        ("until (date, default 2022-01-26): up to it", Parameter("until", "date", False, "up to it", date(2022, 1, 26))),
        ("least (integer, default 1): so many", Parameter("least", "integer", False, "so many", 1)),
        ("share (number, default 0.5): so much", Parameter("share", "number", False, "so much", 0.5)),
        ("word (text, default two words): it", Parameter("word", "text", False, "it", "two words")),
        ("party (party, default northbank): whose", Parameter("party", "party", False, "whose", "northbank")),
        ("of (list, default own, reported): whose", Parameter("of", "list", False, "whose", ["own", "reported"])),
        (
            "of (list, default own; one of own | reported|alleged): whose",
            Parameter("of", "list", False, "whose", ["own"], ("own", "reported", "alleged")),
        ),
        ("on (text, required; one of issue | item): what", Parameter("on", "text", True, "what", None, ("issue", "item"))),
        ("on (text, default null; one of a b | c): what", Parameter("on", "text", False, "what", None, ("a b", "c"))),
    ],
)
def test_the_forms_of_a_parameter(read: Read, declared: str, parameter: Parameter) -> None:
    recipe, problems = read(f"// T\n// Parameter: {declared}")
    assert (recipe.parameters, problems) == ((parameter,), [])


words = st.from_regex(r"[a-z][a-z0-9 .-]{0,8}[a-z0-9]", fullmatch=True).filter(lambda word: word != "null")
parameters = st.one_of(
    st.builds(
        Parameter,
        name=st.from_regex(r"[a-z_]\w*", fullmatch=True),
        type=st.sampled_from(TYPES),
        required=st.just(True),
        help=words,
        choices=st.lists(words, unique=True, max_size=3).map(tuple),
    ),
    *(
        st.builds(Parameter, name=st.just("it"), type=st.just(kind), required=st.just(False), help=words, default=values)
        for kind, values in (
            ("text", st.none() | words),
            ("date", st.none() | st.dates()),
            ("integer", st.none() | st.integers(-(2**63), 2**63 - 1)),
            ("number", st.none() | st.floats(allow_nan=False, allow_infinity=False)),
            ("list", st.none() | st.lists(words, min_size=1)),
        )
    ),
)


@given(parameters)
def test_a_parameter_is_read_as_it_was_declared(tmp_path_factory: pytest.TempPathFactory, parameter: Parameter) -> None:
    default = "required" if parameter.required else f"default {as_given(parameter.default)}"
    choices = f"; one of {' | '.join(parameter.choices)}" if parameter.choices else ""
    path = tmp_path_factory.getbasetemp() / "declared.cypher"
    path.write_text(f"// T\n// Parameter: {parameter.name} ({parameter.type}, {default}{choices}): {parameter.help}\n", "utf-8")
    recipes, problems = read_recipes([path])
    assert (recipes["declared"].parameters, problems) == ((parameter,), [])


@pytest.mark.parametrize(
    ("said", "ends"),
    [
        ("one -- other", EdgeColumns("one", "other", directed=False)),
        ("other -> weight", EdgeColumns("other", "weight", directed=True)),
    ],
)
def test_the_ends_of_edges_are_two_columns(read: Read, said: str, ends: EdgeColumns) -> None:
    recipe, problems = read(f"// T\n// Edges: {said}")
    assert (recipe.edges, problems) == (ends, [])


@pytest.mark.parametrize(
    ("header", "problems"),
    [
        ("", ["1: a recipe begins with its title, as `// Title`"]),
        ("//", ["1: a recipe begins with its title, as `// Title`"]),
        ("\n// T", ["1: a recipe begins with its title, as `// Title`"]),
        ("// Parameter: party (party, required): whose", ["1: a recipe begins with its title, as `// Title`"]),
        ("// T\n// D.\n// Result: picture", ["3: `// Result:` is table or graph"]),
        ("// T\n// Result: Graph", ["2: `// Result:` is table or graph"]),
        (
            "// T\n// Group: a\n// Result: graph\n// Group: a\n// Result: table",
            ["4: `// Group:` stands in line 2 already", "5: `// Result:` stands in line 3 already"],
        ),
        ("// T\n// Source: a\n// Source: b", ["3: `// Source:` stands in line 2 already"]),
        ("// T\n// Edges: one -- other\n// Edges: other -- one", ["3: `// Edges:` stands in line 2 already"]),
        ("// T\n// Edges: one -- nobody", [f"2: {ENDS}"]),
        ("// T\n// Edges: one - other", [f"2: {ENDS}"]),
        ("// T\n// Edges: one", [f"2: {ENDS}"]),
        ("// T\n// Parameter: party", [f"2: {FORM}"]),
        ("// T\n// Parameter: party (party): whose", [f"2: {FORM}"]),
        ("// T\n// Parameter: party (party, required)", [f"2: {FORM}"]),
        ("// T\n// Parameter: party (state, required): whose", [f"2: {FORM}"]),
        ("// T\n// Parameter: the party (party, required): whose", [f"2: {FORM}"]),
        ("// T\n// Parameter: party (party, optional): whose", [f"2: {FORM}"]),
        (
            "// T\n// Parameter: x (text, required): a\n// Parameter: x (date, default null): b",
            ["3: the parameter x is declared twice"],
        ),
        (
            "// T\n// Parameter: x (date, default soon): a",
            ["2: the default does not fit: x cannot be 'soon'; write a day, such as 2022-01-26"],
        ),
        (
            "// T\n// Parameter: x (list, default a, c; one of a | b): d",
            ["2: the default does not fit: x cannot be 'c'; it takes a, b"],
        ),
        (
            "//\n// Result: picture\n// Parameter: x",
            ["1: a recipe begins with its title, as `// Title`", f"3: {FORM}", "2: `// Result:` is table or graph"],
        ),
    ],
)
def test_what_is_wrong_with_a_header_is_told_with_its_line(read: Read, header: str, problems: list[str]) -> None:
    assert read(header)[1] == problems


@pytest.mark.parametrize(
    ("line", "column", "message"),
    [
        ("// Edges: one -- nobody", 11, ENDS),
        ("//Parameter: party (state, required): whose", 21, FORM),
        (
            "// Parameter:  x (date, default soon): a",
            33,
            "the default does not fit: x cannot be 'soon'; write a day, such as 2022-01-26",
        ),
        ("// Parameters: party (party, required): whose", 4, slip("Parameters", "Parameter")),
        ("// Groups: the record", 4, slip("Groups", "Group")),
        ("//edge: one -- other", 3, slip("edge", "Edges")),
        ("// Who: those who spoke. Parameters: none.", None, None),
    ],
)
def test_what_is_wrong_with_a_line_is_told_at_its_column(
    tmp_path: Path, line: str, column: int | None, message: str | None
) -> None:
    (tmp_path / "own.cypher").write_text(f"// T\n{line}{STATEMENT}", encoding="utf-8")
    _, problems = read_recipes([tmp_path / "own.cypher"])
    found = [(problem.position.line, problem.position.column, problem.message) for problem in problems]
    assert found == ([] if column is None else [(2, column, message)])


def test_a_key_that_is_a_slip_of_the_pen_is_read_as_what_is_meant(read: Read) -> None:
    recipe, _ = read("// T\n// Parameters: party (party, required): whose\n// Groups: the record")
    assert ([parameter.name for parameter in recipe.parameters], recipe.group) == (["party"], "the record")
    assert recipe.description == ""


@pytest.mark.parametrize(
    ("line", "result"), [("// Result: graph", "graph"), ("//Result: graph", "graph"), ("// Result:graph", "graph")]
)
def test_blanks_around_a_setting_do_not_matter(read: Read, line: str, result: str) -> None:
    recipe, problems = read(f"// T\n{line}")
    assert (recipe.result, recipe.description, problems) == (result, "", [])


@given(
    st.lists(st.sampled_from(["// ", "//", "T", "Parameter: ", "Edges: ", "x (text, required): y", "one -- other", "\n", "é"]))
)
def test_any_header_is_a_recipe_or_has_problems_at_its_lines(tmp_path_factory: pytest.TempPathFactory, parts: list[str]) -> None:
    path = tmp_path_factory.getbasetemp() / "any.cypher"
    text = "".join(parts) + STATEMENT
    path.write_text(text, encoding="utf-8")
    recipes, problems = read_recipes([path])
    assert recipes["any"].cypher == text
    assert all(1 <= problem.position.line <= text.count("\n") + 1 for problem in problems)


def test_problems_are_at_the_file_in_its_folder_and_keep_nobody_from_using_the_other_recipes(tmp_path: Path) -> None:
    folder = tmp_path / "queries"
    folder.mkdir()
    (folder / "b.cypher").write_text("// T\n// Result: picture\nRETURN 1 AS x;", encoding="utf-8")
    (folder / "a.cypher").write_text("RETURN 1 AS x;", encoding="utf-8")
    (folder / "c.cypher").write_bytes(b"// caf\xe9\nRETURN 1 AS x;")
    (folder / "no-recipe.txt").write_text("RETURN 1;", encoding="utf-8")
    (folder / "d.cypher").write_text("// T\nRETURN 1 AS x;", encoding="utf-8")
    recipes, broken = usable_recipes([folder])
    assert list(recipes) == ["d"]
    assert list(broken) == ["a", "b", "c"]
    assert [str(problem) for problems in broken.values() for problem in problems] == [
        "queries/a.cypher:1:1: error[recipe]: a recipe begins with its title, as `// Title`",
        "queries/b.cypher:2:12: error[recipe]: `// Result:` is table or graph",
        "queries/c.cypher:1:1: error[recipe]: cannot read the recipe: it is not UTF-8",
    ]


def test_a_file_in_the_current_folder_is_named_as_it_was_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("own.cypher").write_text("RETURN 1 AS x;", encoding="utf-8")
    _, (problem,) = read_recipes([Path("own.cypher")])
    assert str(problem.position) == "own.cypher:1:1"


def test_of_two_recipes_with_one_name_the_later_one_wins(tmp_path: Path) -> None:
    for folder in ("ours", "own"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "towns.cypher").write_text(f"// {folder}\nRETURN 1 AS x;", encoding="utf-8")
    (tmp_path / "ours" / "boats.cypher").write_text("// boats\nRETURN 1 AS x;", encoding="utf-8")
    recipes = recipes_in(tmp_path / "ours", tmp_path / "own")
    assert [(name, recipe.title) for name, recipe in recipes.items()] == [("boats", "boats"), ("towns", "own")]


def test_a_folder_without_recipes_has_none(tmp_path: Path) -> None:
    assert recipes_in(tmp_path, tmp_path / "missing") == {}


def test_a_recipe_that_nobody_can_have_written_is_not_read(tmp_path: Path) -> None:
    paths = [tmp_path / f"r{number}.cypher" for number in range(25)]
    for path in paths:
        with path.open("wb") as file:
            file.truncate(60 * 2**20)
    began = time.monotonic()
    recipes, problems = read_recipes(paths)
    assert time.monotonic() - began < 5
    assert recipes == {}
    assert {problem.message for problem in problems} == {
        "cannot read the recipe: it has more than 1 MiB, and negograph reads no more; split it"
    }
