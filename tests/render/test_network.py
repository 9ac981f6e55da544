"""Networks: what of an answer becomes nodes and edges, and GraphML that other programs read back."""

from __future__ import annotations

import io
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from datetime import date
from typing import Any

import networkx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from negograph.database.results import EdgeColumns, Evidence, Result, ResultNode, ResultPath, ResultRelationship, ResultValue
from negograph.errors import NegographError
from negograph.render.network import to_graphml, to_networkx

BETWEEN = EdgeColumns("party", "other", directed=False)
TOWARDS = EdgeColumns("party", "other", directed=True)
GRAPHML = "{http://graphml.graphdrawing.org/xmlns}"


def table(ends: EdgeColumns, columns: tuple[str, ...], *rows: tuple[ResultValue, ...]) -> Result:
    return Result(("party", "other", *columns), rows, edges=ends)


def nodes(network: networkx.Graph[str]) -> dict[str, dict[str, Any]]:
    return {node: dict(data) for node, data in network.nodes(data=True)}


def edges(network: networkx.Graph[str]) -> list[tuple[str, str, dict[str, Any]]]:
    """The edges in a definite order; one without direction begins with the end that sorts first."""
    found = [(start, end, dict(data)) for start, end, data in network.edges(data=True)]
    if not network.is_directed():
        found = [(min(start, end), max(start, end), data) for start, end, data in found]
    return sorted(found, key=repr)


def read_back(result: Result) -> networkx.Graph[str]:
    """The network that a program reads from the GraphML of an answer; the numbers that GraphML gives edges are left out."""
    network: networkx.Graph[str] = networkx.read_graphml(io.BytesIO(to_graphml(result)))
    for *_, data in network.edges(data=True):
        data.pop("id", None)
    return network


# tables


def test_a_row_is_an_edge_with_the_other_columns_and_the_first_number_as_its_weight() -> None:
    network = to_networkx(
        table(
            BETWEEN, ("on", "agree", "share"), ("Northbank", "Southbank", "tolls", 3, 0.5), ("Guild", "Northbank", None, 1, 0.1)
        )
    )
    assert type(network) is networkx.Graph
    assert nodes(network) == {"Northbank": {"kind": "party"}, "Southbank": {"kind": "party"}, "Guild": {"kind": "party"}}
    assert edges(network) == [
        ("Guild", "Northbank", {"on": None, "agree": 1, "share": 0.1, "weight": 1}),
        ("Northbank", "Southbank", {"on": "tolls", "agree": 3, "share": 0.5, "weight": 3}),
    ]


@pytest.mark.parametrize(
    ("ends", "pairs", "kind"),
    [
        (BETWEEN, ["ab", "bc"], networkx.Graph),
        (BETWEEN, ["ab", "ba"], networkx.MultiGraph),
        (BETWEEN, ["ab", "bc", "ab"], networkx.MultiGraph),
        (TOWARDS, ["ab", "bc"], networkx.DiGraph),
        (TOWARDS, ["ab", "ba"], networkx.DiGraph),
        (TOWARDS, ["ab", "bc", "ab"], networkx.MultiDiGraph),
        (BETWEEN, ["aa"], networkx.Graph),
        (TOWARDS, [], networkx.DiGraph),
    ],
)
def test_edges_have_a_direction_where_the_recipe_says_so_and_are_parallel_where_rows_have_the_same_ends(
    ends: EdgeColumns, pairs: list[str], kind: type
) -> None:
    network = to_networkx(table(ends, (), *((pair[0], pair[1]) for pair in pairs)))
    assert type(network) is kind
    assert network.number_of_edges() == len(pairs)


def test_parallel_edges_keep_their_own_values() -> None:
    network = to_networkx(table(TOWARDS, ("on",), ("a", "b", "tolls"), ("a", "b", "quay"), ("b", "a", "tolls")))
    assert edges(network) == [("a", "b", {"on": "quay"}), ("a", "b", {"on": "tolls"}), ("b", "a", {"on": "tolls"})]


def test_a_row_without_one_of_its_ends_is_no_edge() -> None:
    network = to_networkx(table(TOWARDS, ("n",), ("a", None, 1), (None, "b", 2), (None, None, 3), ("c", "d", 4)))
    assert (list(network), edges(network)) == (["c", "d"], [("c", "d", {"n": 4, "weight": 4})])


def test_ends_may_be_any_columns_and_anything_that_can_be_written() -> None:
    result = Result(("n", "to", "from"), ((1, date(2022, 1, 26), 5),), edges=EdgeColumns("from", "to", directed=True))
    network = to_networkx(result)
    assert nodes(network) == {"5": {"kind": "from"}, "2022-01-26": {"kind": "to"}}
    assert edges(network) == [("5", "2022-01-26", {"n": 1, "weight": 1})]


@pytest.mark.parametrize(
    ("columns", "rows", "weights"),
    [
        (("yes", "n"), [(True, 2)], [2]),
        (("n", "m"), [(None, 1), (1, 2)], [1, 2]),
        (("n", "m"), [(1, 0.5), (0.5, 1)], [1, 0.5]),
        (("text",), [("5",)], [None]),
        (("n", "weight"), [("x", 7)], [7]),
        (("weight",), [(7,)], [7]),
    ],
)
def test_the_weight_is_of_the_first_column_with_numbers_in_all_rows(
    columns: tuple[str, ...], rows: list[tuple[ResultValue, ...]], weights: list[float | None]
) -> None:
    network = to_networkx(table(TOWARDS, columns, *(("a", str(number), *row) for number, row in enumerate(rows))))
    assert [data.get("weight") for _, _, data in edges(network)] == weights


@pytest.mark.parametrize("ends", [BETWEEN, TOWARDS])
def test_a_column_may_be_called_key(ends: EdgeColumns) -> None:
    network = to_networkx(table(ends, ("key", "kind", "type"), ("a", "b", "k", "x", "y"), ("a", "b", "k", "x", "z")))
    assert edges(network) == [
        ("a", "b", {"key": "k", "kind": "x", "type": "y"}),
        ("a", "b", {"key": "k", "kind": "x", "type": "z"}),
    ]


# graphs

NORTHBANK = ResultNode(
    ("Party",), {"id": "northbank", "name": "Northbank", "kind": "state", "dataset": "ferry", "digest": "d"}, "1"
)
GUILD = ResultNode(("Party",), {"id": "guild", "name": "Pilots' Guild"}, "2")
BOAT = ResultNode(("Proposal",), {"id": "boat", "name": "Pilot boat"}, "3")
OFFERED = ResultRelationship("OFFERED", GUILD, BOAT, {"fact": "guild-offers-boat", "type": "a", "key": "b", "kind": "c"})
IGNORED = ResultRelationship("IGNORED", NORTHBANK, BOAT, {"fact": "northbank-ignores-boat", "entry": "x", "dataset": "ferry"})


def bare(node: ResultNode) -> ResultNode:
    """A node as it is at the end of a relationship where it is not returned itself."""
    return ResultNode((), {}, node.reference)


def test_nodes_have_their_label_and_properties_and_relationships_their_type_and_properties() -> None:
    network = to_networkx(Result(("edge",), ((OFFERED,), (IGNORED,))))
    assert type(network) is networkx.MultiDiGraph
    assert nodes(network) == {
        "guild": {"kind": "Party", "id": "guild", "name": "Pilots' Guild"},
        "boat": {"kind": "Proposal", "id": "boat", "name": "Pilot boat"},
        "northbank": {"kind": "Party", "id": "northbank", "name": "Northbank", "of_kind": "state"},
    }
    assert edges(network) == [
        ("guild", "boat", {"type": "OFFERED", "fact": "guild-offers-boat", "of_type": "a", "of_key": "b", "of_kind": "c"}),
        ("northbank", "boat", {"type": "IGNORED", "fact": "northbank-ignores-boat", "entry": "x"}),
    ]


@pytest.mark.parametrize(
    "row",
    [
        (GUILD, OFFERED, BOAT),
        (OFFERED,),
        (ResultPath((GUILD, BOAT), (OFFERED,)),),
        ([[OFFERED]],),
        ({"edge": OFFERED, "n": 1},),
        ("words", [ResultPath((GUILD, BOAT), (OFFERED,)), None], GUILD),
    ],
    ids=["columns", "relationship", "path", "lists", "map", "mixture"],
)
def test_nodes_and_relationships_may_stand_anywhere_in_a_row(row: tuple[ResultValue, ...]) -> None:
    network = to_networkx(Result(tuple(f"c{number}" for number in range(len(row))), (row,)))
    assert (sorted(network), network.number_of_edges()) == (["boat", "guild"], 1)


@pytest.mark.parametrize("known_first", [True, False])
def test_the_ends_of_a_relationship_are_known_from_anywhere_in_the_answer(known_first: bool) -> None:
    edge = ResultRelationship("OFFERED", bare(GUILD), bare(BOAT), {})
    rows: list[tuple[ResultValue, ...]] = [(edge, None), (None, GUILD)]
    network = to_networkx(Result(("edge", "node"), tuple(rows[::-1] if known_first else rows)))
    assert nodes(network) == {
        "guild": {"kind": "Party", "id": "guild", "name": "Pilots' Guild"},
        "3": {"kind": ""},
    }
    assert edges(network) == [("guild", "3", {"type": "OFFERED"})]


def test_an_id_that_two_kinds_of_nodes_share_does_not_make_them_one() -> None:
    party, proposal = ResultNode(("Party",), {"id": "ferry"}, "11"), ResultNode(("Proposal",), {"id": "ferry"}, "12")
    network = to_networkx(Result(("edge",), ((ResultRelationship("OFFERED", party, proposal, {}),), (OFFERED,))))
    assert [data["kind"] for _, data in network.nodes(data=True)] == ["Party", "Proposal", "Party", "Proposal"]
    assert network.number_of_edges() == 2
    assert len({key for key in network if "ferry" in str(nodes(network)[key].get("id"))}) == 2
    assert {"guild", "boat"} < set(network)


def test_a_node_goes_by_its_name_where_it_has_no_id_else_by_what_the_database_calls_it() -> None:
    named, nameless = ResultNode(("Place",), {"name": "Quay"}, "7"), ResultNode(("Place", "River"), {}, "8")
    assert nodes(to_networkx(Result(("a", "b"), ((named, nameless),)))) == {
        "Quay": {"kind": "Place", "name": "Quay"},
        "8": {"kind": "Place:River"},
    }


def test_a_relationship_that_stands_in_several_rows_or_paths_is_one_edge() -> None:
    path = ResultPath((GUILD, BOAT, NORTHBANK), (OFFERED, IGNORED))
    again = ResultRelationship("OFFERED", bare(GUILD), bare(BOAT), {"fact": "guild-offers-boat-again"})
    network = to_networkx(Result(("p", "e"), ((path, OFFERED), (ResultPath((GUILD, BOAT), (OFFERED,)), again))))
    assert [(start, end, data["fact"]) for start, end, data in edges(network)] == [
        ("guild", "boat", "guild-offers-boat"),
        ("guild", "boat", "guild-offers-boat-again"),
        ("northbank", "boat", "northbank-ignores-boat"),
    ]


# answers without a network


@pytest.mark.parametrize("value", ["words", 1, None, date(2022, 1, 26), ["a", "b"], {"a": 1}, [Evidence("f", "act", ())]])
def test_an_answer_without_a_network_says_what_to_return(value: ResultValue) -> None:
    for make in (to_networkx, to_graphml):
        with pytest.raises(NegographError, match=r"^there is no network in this answer: return relationships or paths, or name"):
            make(Result(("x",), ((value,),)))


def test_an_answer_without_rows_is_an_empty_network() -> None:
    assert len(to_networkx(Result(("edge",), ()))) == 0
    assert len(read_back(Result(("edge",), ()))) == 0
    assert len(read_back(table(BETWEEN, ("n",)))) == 0


# GraphML


def test_graphml_has_texts_for_lists_and_days_and_leaves_out_what_is_missing() -> None:
    network = read_back(
        table(
            BETWEEN,
            ("on", "day", "agree", "share", "sure", "note", "behind"),
            (
                "Étoile",
                "Guild",
                ["tolls", "quay"],
                date(2022, 1, 26),
                3,
                0.5,
                True,
                None,
                [Evidence("f", "act", (("q", "doc"),))],
            ),
        )
    )
    assert nodes(network) == {"Étoile": {"kind": "party"}, "Guild": {"kind": "party"}}
    assert edges(network) == [
        (
            "Guild",
            "Étoile",
            {
                **{"on": "tolls; quay", "day": "2022-01-26", "agree": 3, "share": 0.5, "sure": True, "weight": 3},
                "behind": "f: “q” (doc)",
            },
        )
    ]


@pytest.mark.parametrize("numbers", [(1, 0.5), (0.5, 1), (1, 2**40), (2**62, -1), (0, -(2**31) - 1)])
def test_whole_numbers_fractions_and_large_numbers_in_one_column_are_read_back(numbers: tuple[float, float]) -> None:
    network = read_back(table(TOWARDS, ("n",), ("a", "b", numbers[0]), ("b", "c", numbers[1])))
    assert [data["n"] for _, _, data in edges(network)] == [*numbers]


def test_a_property_of_nodes_and_one_of_relationships_may_have_one_name_and_two_types() -> None:
    start = ResultNode(("Party",), {"id": "a", "founded": "in spring", "rank": 1}, "1")
    end = ResultNode(("Party",), {"id": "b", "rank": 2}, "2")
    result = Result(("edge",), ((ResultRelationship("MET", start, end, {"founded": 1999, "rank": "high"}),),))
    network = read_back(result)
    assert nodes(network)["a"] == {"kind": "Party", "id": "a", "founded": "in spring", "rank": 1}
    assert edges(network) == [("a", "b", {"type": "MET", "founded": 1999, "rank": "high"})]


def test_each_key_of_a_graphml_file_has_an_id_of_its_own() -> None:
    start, end = (
        ResultNode(("Party",), {"id": "a", "date": "2021"}, "1"),
        ResultNode(("Party",), {"id": "b", "date": "2022"}, "2"),
    )
    file = to_graphml(Result(("edge",), ((ResultRelationship("MET", start, end, {"date": "2023"}),),)))
    ids = [key.get("id") for key in ET.fromstring(file).iter(f"{GRAPHML}key")]
    assert len(ids) == len(set(ids)) == 5  # of nodes: kind, id, date; of edges: type, date


def test_a_carriage_return_is_read_back() -> None:
    assert edges(read_back(table(TOWARDS, ("note",), ("a\rb", "c", "two\r\nlines"))))[0][2] == {"note": "two\r\nlines"}


def test_characters_that_xml_has_not_are_left_out_and_no_two_nodes_become_one() -> None:
    network = read_back(table(TOWARDS, ("note",), ("a\x01", "a", "b\x00\x1b\ud800\uffff!"), ("a\x02", "a", "c")))
    assert len(network) == 3
    assert sorted(data["note"] for _, _, data in edges(network)) == ["b!", "c"]


names = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff", include_characters="\t\n"))
VALUES: Mapping[str, st.SearchStrategy[Any]] = {
    "text": names,
    "whole": st.integers(-(2**31), 2**31 - 1),
    "fraction": st.floats(allow_nan=False, allow_infinity=False),
    "sure": st.booleans(),
    "day": st.dates(),
    "list": st.lists(names.filter(bool), min_size=1, max_size=3),
}


def expected(values: Mapping[str, Any]) -> dict[str, Any]:
    """What GraphML has for values."""
    plain = {name: value for name, value in values.items() if value is not None}
    plain |= {name: value.isoformat() for name, value in plain.items() if isinstance(value, date)}
    return plain | {name: "; ".join(value) for name, value in plain.items() if isinstance(value, list)}


@st.composite
def tables(draw: st.DrawFn) -> Result:
    """Tables of edges, each column with values of one type, under any names."""
    own = draw(
        st.dictionaries(names.filter(lambda name: name not in ("party", "other", "id", "key", "weight")), kinds, max_size=3)
    )
    row = st.tuples(ends, ends, *(st.none() | VALUES[kind] for kind in own.values()))
    return table(draw(st.sampled_from([BETWEEN, TOWARDS])), tuple(own), *draw(st.lists(row, max_size=4)))


kinds = st.sampled_from(sorted(VALUES))
ends = st.sampled_from(["a", "b", "c"]) | names


@given(tables())
def test_the_network_of_a_table_is_read_back_from_its_graphml(result: Result) -> None:
    network, again = to_networkx(result), read_back(result)
    assert again.is_directed() == network.is_directed()
    assert nodes(again) == nodes(network)
    assert edges(again) == sorted([(start, end, expected(data)) for start, end, data in edges(network)], key=repr)


@st.composite
def graphs(draw: st.DrawFn) -> Result:
    """Answers with nodes and relationships under any names, with properties of any type."""
    properties = st.fixed_dictionaries({}, optional={name: VALUES[name] for name in VALUES})
    found = [
        ResultNode((draw(names),), {"id": name, **draw(properties)}, str(number))
        for number, name in enumerate(draw(st.lists(names.filter(bool), min_size=1, max_size=4)))
    ]
    end = st.sampled_from(found)
    relationships = st.builds(ResultRelationship, names, end, end, properties)
    rows: list[tuple[ResultValue, ...]] = [(node, [*draw(st.lists(relationships, max_size=2))]) for node in found]
    return Result(("node", "edges"), tuple(rows))


@given(graphs())
def test_the_network_of_a_graph_is_read_back_from_its_graphml(result: Result) -> None:
    network, again = to_networkx(result), read_back(result)
    assert nodes(again) == {node: expected(data) for node, data in nodes(network).items()}
    assert edges(again) == sorted([(start, end, expected(data)) for start, end, data in edges(network)], key=repr)
