"""Planning: the difference between two sets of digests, and nothing more."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from negograph.graph import Graph, GraphEntry, Node, NodeKey
from negograph.planning import Stored, plan_load


def entry(identity: str, digest: str) -> GraphEntry:
    return GraphEntry(Node(NodeKey("Party", identity), {"id": identity}), (), digest)


def test_a_plan_adds_changes_and_removes() -> None:
    graph = Graph("d", "Title", (entry("new", "1"), entry("same", "1"), entry("other", "2")))
    stored = Stored("Title", 3, {NodeKey("Party", name): "1" for name in ("same", "other", "gone")})
    plan = plan_load(graph, stored)
    assert [e.node.key.id for e in plan.added] == ["new"]
    assert [e.node.key.id for e in plan.changed] == ["other"]
    assert plan.removed == (NodeKey("Party", "gone"),)
    assert plan.revision == 3
    assert not plan.empty


def test_a_new_title_alone_is_something_to_do() -> None:
    graph = Graph("d", "New title", (entry("same", "1"),))
    assert not plan_load(graph, Stored("Title", 1, {NodeKey("Party", "same"): "1"})).empty
    assert plan_load(graph, Stored("New title", 1, {NodeKey("Party", "same"): "1"})).empty


def test_an_entry_that_changes_its_label_is_removed_and_added() -> None:
    plan = plan_load(Graph("d", "T", (entry("x", "1"),)), Stored("T", 1, {NodeKey("Issue", "x"): "1"}))
    assert [e.node.key for e in plan.added] == [NodeKey("Party", "x")]
    assert plan.removed == (NodeKey("Issue", "x"),)


digests = st.dictionaries(st.sampled_from("abcdef"), st.sampled_from("12"))


@given(digests, digests)
def test_carrying_out_a_plan_leaves_nothing_to_do(wanted: dict[str, str], held: dict[str, str]) -> None:
    graph = Graph("d", "T", tuple(entry(identity, digest) for identity, digest in wanted.items()))
    before = {NodeKey("Party", identity): digest for identity, digest in held.items()}
    plan = plan_load(graph, Stored("T", 1, before))
    after = {key: digest for key, digest in before.items() if key not in plan.removed}
    after |= {e.node.key: e.digest for e in plan.written}
    assert plan_load(graph, Stored("T", 2, after)).empty
