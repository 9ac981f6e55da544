"""Planning: what is wanted against what is stored, first by digests, then property by property and edge by edge."""

from __future__ import annotations

from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from negograph.graph.diff import differing, plan_load
from negograph.graph.plan import (
    Edge,
    Graph,
    GraphValue,
    Node,
    NodeKey,
    Plan,
    Snapshot,
    StoredEdge,
    StoredSubgraph,
    Subgraph,
    contents_digest,
    kind_of,
    totals,
)
from negograph.problems.problem import Position

VOCABULARY = frozenset(
    {"Party", "Fact", "RetractedFact", "Party.id", "Party.name", "Party.note", "Party.formerly", "-KNOWS", "-KNOWS.entry"}
)


def party(identity: str, *, formerly: tuple[str, ...] = (), label: str = "Party", **properties: GraphValue) -> Subgraph:
    """An entry; its digest is what it says."""
    values = {"id": identity, **({"formerly": list(formerly)} if formerly else {}), **properties}
    return Subgraph(Node(NodeKey(label, identity), values), (), repr(sorted(values.items())), Position("seeds/a.yaml", 1, 1))


def knows(entry: Subgraph, *others: str) -> Subgraph:
    edges = tuple(Edge("KNOWS", entry.node.key, NodeKey("Party", other), {"entry": entry.node.key.id}) for other in others)
    return Subgraph(entry.node, edges, f"{entry.digest} {others}", entry.position)


def graph(*entries: Subgraph, title: str = "T") -> Graph:
    by_key = {entry.node.key: entry for entry in entries}
    formerly = {key: former for key, entry in by_key.items() if isinstance(former := entry.node.properties.get("formerly"), list)}
    digests = {key: entry.digest for key, entry in by_key.items()}
    return Graph("d", title, digests, formerly, lambda keys: [by_key[key] for key in keys], VOCABULARY)


def held(entry: Subgraph, **foreign: GraphValue) -> StoredSubgraph:
    """An entry as the store has it after a load."""
    properties = {name: value for name, value in entry.node.properties.items() if value is not None}
    edges = tuple(StoredEdge(edge, f"{edge.start.id}-{edge.end.id}") for edge in entry.edges)
    node = Node(entry.node.key, {**properties, "dataset": "d", "digest": entry.digest, **foreign})
    return StoredSubgraph(node, (entry.node.key.label,), edges)


def plan(wanted: Graph, entries: Mapping[NodeKey, StoredSubgraph], *, title: str = "T", everything: bool = False) -> Plan:
    digests = {key: str(entry.node.properties["digest"]) for key, entry in entries.items()}
    stored = Snapshot(title, 3, digests, VOCABULARY, contents_digest(digests))
    keys = differing(wanted, stored, everything=everything)
    return plan_load(wanted, stored, keys, {key: entries[key] for key in keys & stored.digests.keys()})


def store(*entries: Subgraph) -> dict[NodeKey, StoredSubgraph]:
    return {entry.node.key: held(entry) for entry in entries}


def moves(found: Plan) -> dict[str, str]:
    """Old id -> new id of the nodes that stay under another id."""
    return {change.before.id: change.entry.node.key.id for change in found.changed if change.moved}


def merges(found: Plan) -> dict[str, str]:
    return {removal.stored.node.key.id: removal.into.id for removal in found.removed if removal.into}


def test_a_plan_adds_changes_and_removes() -> None:
    found = plan(
        graph(party("new"), party("same"), party("other", note="y")),
        store(party("same"), party("other", note="x"), party("gone")),
    )
    assert [entry.node.key.id for entry in found.added] == ["new"]
    assert [(change.entry.node.key.id, change.properties) for change in found.changed] == [("other", {"note": ("x", "y")})]
    assert [removal.stored.node.key.id for removal in found.removed] == ["gone"]
    assert (found.revision, found.unchanged, found.stored) == (3, 1, 3)
    assert not found.empty


def test_a_new_title_alone_is_something_to_do() -> None:
    assert not plan(graph(party("same"), title="New"), store(party("same"))).empty
    assert plan(graph(party("same")), store(party("same"))).empty


def test_only_the_edges_that_differ_are_written() -> None:
    found = plan(graph(knows(party("a"), "b", "c")), store(knows(party("a"), "b", "e")))
    (change,) = found.changed
    assert [edge.end.id for edge in change.edges_added] == ["c"]
    assert [stored.reference for stored in change.edges_removed] == ["a-e"]
    assert (change.edges_changed, change.properties) == ((), {})


def test_what_others_put_on_a_node_is_no_difference() -> None:
    entries = {NodeKey("Party", "a"): held(party("a", note="x"), colour="red")}
    (change,) = plan(graph(party("a", note="y")), entries).changed
    assert change.properties == {"note": ("x", "y")}
    (removal,) = plan(graph(), entries).removed
    assert removal.additions == (".colour",)
    assert removal.blocked


def test_drift_is_seen_where_everything_is_compared_and_only_there() -> None:
    entries = {NodeKey("Party", "a"): held(party("a", note="x"), note="by hand")}
    assert plan(graph(party("a", note="x")), entries).empty
    (change,) = plan(graph(party("a", note="x")), entries, everything=True).changed
    assert change.properties == {"note": ("by hand", "x")}


def test_values_that_python_takes_for_equal_are_not_the_same() -> None:
    (change,) = plan(graph(party("a", note=True)), store(party("a", note=1))).changed
    assert change.properties == {"note": (1, True)}


def test_a_rename_keeps_the_node_and_is_planned_once() -> None:
    found = plan(graph(party("new", formerly=("old",))), store(party("old")))
    assert moves(found) == {"old": "new"}
    assert (found.added, found.removed) == ((), ())
    assert plan(graph(party("new", formerly=("old",), note="x")), store(party("new", formerly=("old",)), party("old"))).removed


def test_two_entries_that_change_places_and_a_chain() -> None:
    swapped = graph(party("a", formerly=("b",)), party("b", formerly=("a",)))
    assert moves(plan(swapped, store(party("a"), party("b")))) == {"a": "b", "b": "a"}
    assert plan(swapped, store(party("a", formerly=("b",)), party("b", formerly=("a",)))).empty
    edited = graph(party("a", formerly=("b",), note="x"), party("b", formerly=("a",), note="x"))
    assert moves(plan(edited, store(party("a", formerly=("b",)), party("b", formerly=("a",))))) == {}
    chain = graph(party("b", formerly=("a",)), party("c", formerly=("b",)))
    assert moves(plan(chain, store(party("a"), party("b")))) == {"a": "b", "b": "c"}


def test_entries_whose_ids_move_up_by_one_twice_keep_their_nodes_though_only_the_last_id_is_told() -> None:
    once = [party("b", formerly=("a",), note="Ay"), party("c", formerly=("b",), note="Be")]
    assert moves(plan(graph(*once), store(party("a", note="Ay"), party("b", note="Be")))) == {"a": "b", "b": "c"}
    twice = graph(party("c", formerly=("b",), note="Ay"), party("d", formerly=("c",), note="Be"))
    found = plan(twice, store(*once))
    assert (moves(found), found.added, found.removed) == ({"b": "c", "c": "d"}, (), ())


def test_a_former_id_that_a_claimed_node_remembers_means_nobody_else() -> None:
    """The node of c was b once; b is another now, which takes in what was d, and c gets the id d."""
    before = store(party("b", formerly=("a",)), party("c", formerly=("b",)), party("d", formerly=("x",)))
    found = plan(graph(party("b", formerly=("a", "x", "d")), party("d", formerly=("b", "c"))), before)
    assert (moves(found), merges(found)) == ({"c": "d"}, {"d": "b"})


def test_who_took_in_an_id_can_take_in_the_next_that_has_it() -> None:
    before = store(party("a", formerly=("c",)), party("c", formerly=("d",)), party("e", formerly=("b",)))
    found = plan(graph(party("a", formerly=("c", "d", "c")), party("c", formerly=("b", "e"))), before)
    assert (moves(found), merges(found)) == ({"e": "c"}, {"c": "a"})


def test_an_edge_to_a_node_that_is_merged_away_is_none_to_the_one_that_gets_its_id() -> None:
    before = store(party("a"), party("b"), party("c"), knows(party("e"), "b"))
    after = graph(party("a", formerly=("b",)), party("b", formerly=("c",)), knows(party("e"), "b"))
    found = plan(after, before, everything=True)
    assert (moves(found), merges(found)) == ({"c": "b"}, {"b": "a"})
    (change,) = [change for change in found.changed if change.entry.node.key.id == "e"]
    assert [edge.end.id for edge in change.edges_added] == ["b"]
    assert [stored.reference for stored in change.edges_removed] == ["e-b"]


def test_a_merge_takes_the_other_node_away() -> None:
    found = plan(graph(party("a", formerly=("b",))), store(party("a"), party("b")))
    assert (moves(found), merges(found)) == ({}, {"b": "a"})
    found = plan(graph(party("c", formerly=("a", "b"))), store(party("a"), party("b")))
    assert (moves(found), merges(found)) == ({"a": "c"}, {"b": "c"})


def test_the_node_of_an_entry_that_stays_is_not_anothers() -> None:
    found = plan(graph(party("b", formerly=("a",)), party("c", formerly=("b",))), store(party("b", formerly=("a",))))
    assert moves(found) == {}
    assert [entry.node.key.id for entry in found.added] == ["c"]


def test_entries_that_refer_to_a_renamed_one_only_follow() -> None:
    before = store(party("old"), knows(party("x"), "old"))
    found = plan(graph(party("new", formerly=("old",)), knows(party("x"), "new")), before)
    assert {change.entry.node.key.id: kind_of(change) for change in found.changed} == {"new": "renamed", "x": "follows"}
    assert totals(found) == {"added": 0, "changed": 0, "renamed": 1, "retracted": 0, "merged": 0, "removed": 0}


def test_a_fact_that_is_retracted_keeps_its_node() -> None:
    found = plan(graph(party("f", label="RetractedFact")), store(party("f", label="Fact")))
    (change,) = found.changed
    assert (change.before.label, change.entry.node.key.label, kind_of(change)) == ("Fact", "RetractedFact", "retracted")


names = st.sampled_from("abcdef")
entries = st.dictionaries(names, st.tuples(st.lists(names, max_size=2, unique=True), st.sampled_from(["x", "y", None])))


def parties(drawn: dict[str, tuple[list[str], str | None]]) -> list[Subgraph]:
    return [party(identity, formerly=tuple(former), note=note) for identity, (former, note) in sorted(drawn.items())]


@given(entries, entries)
def test_carrying_out_a_plan_leaves_nothing_to_do(
    wanted: dict[str, tuple[list[str], str | None]], before: dict[str, tuple[list[str], str | None]]
) -> None:
    """Whatever stands under `formerly`: every stored node is moved, removed or stays, once, and every entry gets one."""
    target, entries_before = graph(*parties(wanted)), store(*parties(before))
    found = plan(target, entries_before)
    after = dict(entries_before)
    gone = [removal.stored.node.key for removal in found.removed] + [change.before for change in found.changed]
    assert len(gone) == len(set(gone))
    for key in gone:
        del after[key]
    written = [*found.added, *(change.entry for change in found.changed)]
    for entry in written:
        assert entry.node.key not in after
        after[entry.node.key] = held(entry)
    assert plan(target, after).empty
