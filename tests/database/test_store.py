"""The store, on each database in turn: loads are whole, writes are owned, reading only reads."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from neo4j.exceptions import ConstraintError

from negograph.database import planning, snapshot, stored_entries
from negograph.database import store as store_module
from negograph.database.ask import Limits
from negograph.database.statements import escape
from negograph.database.store import Store, open_store
from negograph.database.target import ServerTarget, Target
from negograph.database.writer import DELETE_FOUND
from negograph.errors import StoreError, Unreachable
from negograph.graph.plan import LoadCounts
from tests.conftest import CHECKOUT, FERRY, cypher, graph_of, load_project, whole_graph

SMALL = """\
parties: [{id: a, name: Ay, kind: state}, {id: b, name: Be, kind: state, note: old}]
documents: [{id: d, kind: article, name: D, issued_by: a}]
proposals: [{id: plan, name: The plan}]
facts:
  - {id: f, action: offered, by: a, to: b, what: plan, date: 2021, evidence: [{document: d, quote: q}]}
  - {id: g, action: rejected, by: b, what: plan, date: 2021, evidence: [{document: d, quote: r}, {document: d, quote: s}]}
"""


def facts(store: Store) -> set[str]:
    return {row[0] for row in cypher(store, "MATCH (f:Fact) RETURN f.id")}


@pytest.mark.engine
@pytest.mark.parametrize("folder", [CHECKOUT, FERRY], ids=["seeds", "ferry"])
def test_the_database_holds_exactly_the_mapped_graph(store: Store, folder: Path) -> None:
    _, graph = graph_of(folder)
    load_project(store, folder)
    labels_and_ids = {(row[0][0], row[1]) for row in cypher(store, "MATCH (n) WHERE NOT n:Dataset RETURN labels(n), n.id")}
    assert labels_and_ids == {(entry.node.key.label, entry.node.key.id) for entry in graph.entries}
    found = sorted(
        (row[0], row[1], row[2], len(row[3])) for row in cypher(store, "MATCH (a)-[r]->(b) RETURN a.id, type(r), b.id, keys(r)")
    )
    assert found == sorted((e.start.id, e.type, e.end.id, len(e.properties)) for entry in graph.entries for e in entry.edges)
    for entry in graph.entries:
        (properties,) = cypher(store, f"MATCH (n:{entry.node.key.label} {{id: $id}}) RETURN properties(n)", id=entry.node.key.id)[
            0
        ]
        stored = {name: value.to_native() if hasattr(value, "to_native") else value for name, value in properties.items()}
        wanted = {name: value for name, value in entry.node.properties.items() if value is not None}
        assert stored == {**wanted, "dataset": graph.dataset, "digest": entry.digest}


@pytest.mark.parametrize("folder", [CHECKOUT, FERRY], ids=["seeds", "ferry"])
def test_in_the_database_each_short_edge_agrees_with_its_fact(store: Store, folder: Path) -> None:
    model, _ = graph_of(folder)
    load_project(store, folder)
    short = cypher(
        store,
        "MATCH (a)-[r]->(b) WHERE r.fact IS NOT NULL "
        "RETURN r.fact, a.id, type(r), b.id, r.date, r.attribution, r.modality ORDER BY r.fact",
    )
    own = []
    for action in model.actions.values():
        own += cypher(
            store,
            f"MATCH (b)<-[:{'ABOUT' if action.ends == 'what' else 'TO'}]-(f:Fact)-[:BY]->(a) WHERE f.action = $action "
            "RETURN f.id, a.id, $edge, b.id, f.date, f.attribution, f.modality",
            action=action.name,
            edge=action.edge,
        )
    assert sorted(short) == sorted(own)
    assert {row[0] for row in short} == facts(store)


def test_a_second_load_writes_nothing(store: Store) -> None:
    written = load_project(store, FERRY)
    assert written is not None
    assert written.nodes_created > 0
    before = cypher(store, "MATCH (d:Dataset) RETURN d.revision, d.lock")
    assert load_project(store, FERRY) is None
    assert cypher(store, "MATCH (d:Dataset) RETURN d.revision, d.lock") == before == [[1, None]]


def test_a_load_tells_what_it_wrote(store: Store, project: Callable[..., Path]) -> None:
    # 4 nodes, 2 facts; ISSUED; of f: BY TO ABOUT EVIDENCED_BY and OFFERED; of g: BY ABOUT, EVIDENCED_BY twice and REJECTED;
    # the plan is put forward by f, and b stands where it does by g
    assert load_project(store, project(base=SMALL)) == LoadCounts(nodes_created=6, relationships_created=13)
    folder = project(base=SMALL.replace(", to: b", "").replace(", note: old", ""))
    # b loses its note, f its TO
    assert load_project(store, folder) == LoadCounts(nodes_updated=2, relationships_deleted=1)
    folder = project(base="\n".join(SMALL.splitlines()[:-1]) + "\n")
    # g goes with its 5 and the standing of b, which has not answered what f puts to it; f and b are as at first again
    assert load_project(store, folder) == LoadCounts(
        nodes_updated=3, nodes_deleted=1, relationships_created=2, relationships_deleted=6
    )


@pytest.mark.parametrize("most", [0, 2000])
def test_an_entry_goes_whether_its_relationships_are_counted_or_are_too_many_and_read(
    store: Store, project: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    """Fact g goes with its 5 and the standing of b, as in the test above; one of them holds something of others."""
    monkeypatch.setattr(stored_entries, "_MOST_COUNTED", most)
    load_project(store, project(base=SMALL.replace(", to: b", "").replace(", note: old", "")))
    cypher(store, "MATCH (:Fact {id: 'g'})-[r:ABOUT]->() SET r.remark = 'mine'")
    model, graph = graph_of(project(base="\n".join(SMALL.splitlines()[:-1]) + "\n"))
    plan = store.plan(graph)
    (removal,) = plan.removed
    assert removal.stored.counted == (3 if most else 0)  # BY and EVIDENCED_BY twice: not ABOUT with its remark, nor REJECTED
    assert [(lost.stored.edge.type, lost.names) for lost in plan.lost_on_edges] == [("ABOUT", ("remark",))]
    assert store.apply(plan, model, force=True) == LoadCounts(
        nodes_updated=3, nodes_deleted=1, relationships_created=2, relationships_deleted=6
    )
    assert store.plan(graph, everything=True).empty


EDITS = {
    "a property": SMALL.replace("old", "new"),
    "a name that other entries show": SMALL.replace("The plan", "The great plan"),
    "an actor": SMALL.replace("by: b, what: plan", "by: a, what: plan"),
    "a quote": SMALL.replace("quote: r", "quote: t"),
    "one quote fewer": SMALL.replace("{document: d, quote: r}, ", ""),
    "a fact fewer": "\n".join(SMALL.splitlines()[:-1]) + "\n",
    "a proposal that becomes a demand": SMALL.replace("proposals:", "demands:").replace("offered", "demanded"),
    "a fact retracted": SMALL.replace("date: 2021, evidence", "retracted: {on: 2022, reason: misread}, date: 2021, evidence", 1),
    "another id": SMALL.replace("id: plan", "id: idea").replace("what: plan", "what: idea"),
}


@pytest.mark.engine
@pytest.mark.parametrize("edit", EDITS)
def test_after_any_change_the_graph_is_what_a_fresh_load_makes(store: Store, project: Callable[..., Path], edit: str) -> None:
    load_project(store, project(base=SMALL))
    assert load_project(store, project(base=EDITS[edit])) is not None
    changed = whole_graph(store)
    cypher(store, "MATCH (n) DETACH DELETE n")
    load_project(store, project(base=EDITS[edit]))
    assert whole_graph(store) == changed


def test_edges_of_one_type_that_different_entries_own_do_not_get_mixed_up(store: Store, project: Callable[..., Path]) -> None:
    base = SMALL.replace("note: old}", "note: old, issued: d}").replace(
        "name: Ay, kind: state", "name: Ay, kind: state, members: b"
    )
    folder = project(base=base)
    (folder / "schema").mkdir()
    (folder / "schema" / "own.yaml").write_text("""
edges:
  - {type: MEMBER_OF, key: members, of: [Party], to: [Party], reverse: true, many: true, definition: Who belongs to it.}
  - {type: ISSUED, key: issued, of: [Party], to: [Document], definition: What it issued.}
""")
    load_project(store, folder)
    load_project(store, project(base=base.replace("old", "new")))
    changed = whole_graph(store)
    assert cypher(store, "MATCH (p)-[:MEMBER_OF]->(q) RETURN p.id, q.id") == [["b", "a"]]
    assert cypher(store, "MATCH (p)-[:ISSUED]->() RETURN p.id ORDER BY p.id") == [["a"], ["b"]]
    cypher(store, "MATCH (n) DETACH DELETE n")
    load_project(store, project(base=base.replace("old", "new")))
    assert whole_graph(store) == changed


def test_a_dataset_node_of_others_is_not_taken_over(store: Store, project: Callable[..., Path]) -> None:
    cypher(store, "CREATE (:Dataset {id: 'small', name: 'mine'})")
    _, graph = graph_of(project(base=SMALL))
    with pytest.raises(StoreError, match="is not negograph's"):
        store.plan(graph)
    assert cypher(store, "MATCH (n) RETURN n.name, n.revision") == [["mine", None]]


def test_a_dataset_whose_own_node_is_gone_is_told_how_to_get_it_back(store: Store, project: Callable[..., Path]) -> None:
    folder = project(base=SMALL)
    load_project(store, folder)
    before = whole_graph(store)
    cypher(store, "MATCH (d:Dataset) DELETE d")
    model, graph = graph_of(folder)
    with pytest.raises(StoreError, match=r"holds 6 nodes of the dataset 'small', but its own node .* `negograph load --repair`"):
        store.plan(graph)
    store.apply(store.plan(graph, everything=True), model)
    assert store.plan(graph).empty
    assert whole_graph(store) == before


@pytest.mark.parametrize(
    ("change", "back", "said"),
    [
        ("REMOVE p.id", "SET p.id = 'a'", r"\(:Party {id: None, name: 'Ay'}\) has no text as id"),
        ("SET p.id = 5", "SET p.id = 'a'", r"\(:Party {id: 5, name: 'Ay'}\) has no text as id"),
        ("SET p:Person", "REMOVE p:Person", r"\(:Party:Person {id: 'a', name: 'Ay'}\) has two labels of the model"),
    ],
)
def test_a_node_that_cannot_be_told_any_more_is_named(
    target: Target, store: Store, project: Callable[..., Path], change: str, back: str, said: str
) -> None:
    if "id = 5" in change and not isinstance(target, ServerTarget):
        pytest.skip("on the embedded engine an id stays a text")
    _, graph = graph_of(project(base=SMALL))
    load_project(store, project(base=SMALL))
    try:
        cypher(store, f"MATCH (p:Party {{name: 'Ay'}}) {change}")
    except ConstraintError:
        pytest.skip("the embedded engine lets nobody do that")
    with pytest.raises(StoreError, match="`negograph verify` shows which"):
        store.plan(graph)
    for _ in range(2):
        with pytest.raises(StoreError, match=said):
            store.plan(graph, everything=True)
    cypher(store, f"MATCH (p:Party {{name: 'Ay'}}) {back}")
    assert store.plan(graph, everything=True).empty


def test_ids_of_others_that_are_not_unique_are_said(target: Target, store: Store, project: Callable[..., Path]) -> None:
    if not isinstance(target, ServerTarget):
        pytest.skip("the embedded engine keeps its constraints")
    for (name,) in cypher(store, "SHOW CONSTRAINTS YIELD name, labelsOrTypes WHERE 'Party' IN labelsOrTypes RETURN name"):
        cypher(store, f"DROP CONSTRAINT {name}")
    cypher(store, "CREATE (:Party {id: 'twice'}), (:Party {id: 'twice'})")
    with pytest.raises(StoreError, match=r"cannot make ids of \(:Party\) unique; does the database hold"):
        load_project(store, project(base=SMALL))
    cypher(store, "MATCH (n) DETACH DELETE n")
    load_project(store, project(base=SMALL))


OWN_SCHEMA = """
nodes:
  Party: {properties: {weight: {type: integer, definition: How much it weighs.}}}
  Meeting: {section: meetings, definition: A meeting.}
edges:
  - {type: MET_AT, key: met_at, of: [Party], to: [Meeting], definition: Where it met.}
  - {type: HOSTED, key: hosted_by, of: [Meeting], to: [Party], reverse: true, definition: Who hosted it.}
"""


def test_what_the_schema_knows_no_more_goes_with_the_next_load(store: Store, project: Callable[..., Path]) -> None:
    folder = project(
        base=SMALL.replace("name: Ay, kind: state", "name: Ay, kind: state, weight: 3, met_at: m"),
        meetings="meetings: [{id: m, name: M, hosted_by: b}]",
    )
    (folder / "schema").mkdir()
    (folder / "schema" / "own.yaml").write_text(OWN_SCHEMA)
    load_project(store, folder)
    assert cypher(store, "MATCH (b)-[:HOSTED]->(m:Meeting)<-[:MET_AT]-(a) RETURN a.weight, b.id") == [[3, "b"]]
    (folder / "schema" / "own.yaml").unlink()
    (folder / "seeds" / "meetings.yaml").unlink()
    load_project(store, project(base=SMALL))
    shrunk = whole_graph(store)
    cypher(store, "MATCH (n) DETACH DELETE n")
    load_project(store, project(base=SMALL))
    assert shrunk == whole_graph(store)
    assert load_project(store, project(base=SMALL)) is None


def test_what_is_no_longer_written_is_cleared(store: Store, project: Callable[..., Path]) -> None:
    load_project(store, project(base=SMALL))
    load_project(store, project(base=SMALL.replace(", note: old", "")))
    assert cypher(store, "MATCH (p:Party {id: 'b'}) RETURN p.note") == [[None]]


def test_short_edges_of_facts_that_changed_change(store: Store, project: Callable[..., Path]) -> None:
    """Also those of a fact that is about nothing, and so has them where those are who it is addressed to."""
    met = "  - {id: h, action: coordinated_with, by: a, to: b, date: 2021, evidence: [{document: d, quote: t}]}\n"
    load_project(store, project(base=SMALL + met))
    later = (SMALL + met).replace("rejected, by: b, what: plan, date: 2021", "accepted, by: b, what: plan, date: 2022")
    load_project(store, project(base=later.replace("coordinated_with, by: a, to: b", "coordinated_with, by: b, to: a")))
    edges = cypher(store, "MATCH (a)-[r]->(b) WHERE r.fact IS NOT NULL RETURN a.id, type(r), b.id, r.fact")
    assert sorted(edges, key=lambda edge: str(edge[3])) == [
        ["a", "OFFERED", "plan", "f"],
        ["b", "ACCEPTED", "plan", "g"],
        ["b", "COORDINATED_WITH", "a", "h"],
    ]


def test_many_relationships_of_a_node_go_in_one_statement(store: Store) -> None:
    """The embedded engine deletes while it still goes along a node's relationships, unless it has to find all of them first."""
    cypher(
        store, "CREATE (p:Party), (d:Demand) WITH p, d UNWIND range(1, 300) AS number CREATE (p)-[:MADE {number: number}]->(d)"
    )
    rows = cypher(store, "MATCH ()-[r:MADE]->() WITH r ORDER BY r.number RETURN elementId(r)")
    statement = "UNWIND $rows AS row MATCH (:Demand)-[r:MADE]-() WHERE elementId(r) = row[0] "
    assert cypher(store, statement + DELETE_FOUND, rows=rows) == [[300]]
    assert cypher(store, "MATCH ()-[r:MADE]->() RETURN count(r)") == [[0]]


def test_what_others_added_stays(store: Store, project: Callable[..., Path]) -> None:
    load_project(store, project(base=SMALL))
    cypher(store, "MATCH (p:Party {id: 'b'}) SET p.colour = 'red' CREATE (p)-[:KNOWS]->(:Place {id: 'b', name: 'Elsewhere'})")
    cypher(store, "MATCH (a:Party {id: 'a'}), (p:Proposal) CREATE (a)-[:OFFERED {by_hand: true}]->(p)")
    load_project(store, project(base=SMALL.replace("old", "new").replace("what: plan, date: 2021", "what: plan, date: 2022")))
    assert cypher(store, "MATCH (p:Party {id: 'b'})-[:KNOWS]->(q) RETURN p.note, p.colour, q.name") == [
        ["new", "red", "Elsewhere"]
    ]
    assert cypher(store, "MATCH ()-[r:OFFERED]->() RETURN r.by_hand ORDER BY r.by_hand") == [[True], [None]]


def test_a_node_that_others_are_joined_to_is_not_removed(store: Store, project: Callable[..., Path]) -> None:
    load_project(store, project(base=SMALL, more="parties: [{id: c, name: Ce, kind: state}]"))
    cypher(store, "MATCH (p:Party {id: 'c'}) CREATE (p)-[:KNOWS]->(:Place {id: 'q', name: 'Elsewhere'})")
    before = whole_graph(store)
    with pytest.raises(StoreError, match="c -KNOWS- Elsewhere"):
        load_project(store, project(base=SMALL, more=""))
    assert whole_graph(store) == before


@pytest.mark.parametrize(("owner", "said"), [(None, "belongs to no dataset"), ("other", "belongs to the dataset 'other'")])
def test_an_id_that_is_taken_stops_the_load(store: Store, project: Callable[..., Path], owner: str | None, said: str) -> None:
    cypher(store, "CREATE (:Party {id: 'b', name: 'Mine', dataset: $owner})", owner=owner)
    before = whole_graph(store)
    with pytest.raises(StoreError, match=said):
        load_project(store, project(base=SMALL))
    assert whole_graph(store) == before


def test_a_plan_made_for_another_revision_is_not_carried_out(store: Store, project: Callable[..., Path]) -> None:
    folder = project(base=SMALL)
    load_project(store, folder)
    model, graph = graph_of(project(base=SMALL.replace("old", "new")))
    plan = store.plan(graph)
    store.apply(plan, model)
    before = whole_graph(store)
    with pytest.raises(StoreError, match="meanwhile"):
        store.apply(replace(plan, changed=()), model)
    assert whole_graph(store) == before


@pytest.mark.parametrize(
    ("by_hand", "said"),
    [
        ("MATCH (p:Party {id: 'b'}) SET p.remark = 'mine'", "changed b, which goes, since"),
        # the embedded engine makes a node that gets a label anew, with its relationships
        ("MATCH (p:Party {id: 'b'}) SET p:Starred", "changed b, which goes, since|changed relationships that go since"),
        ("MATCH (p:Party {id: 'b'}) CREATE (p)-[:NEAR]->(:Place)", "hang on nodes that would go"),
        ("MATCH (:Party {id: 'b'})-[r:MEMBER_OF]->() SET r.remark = 'mine'", "changed relationships that go since"),
    ],
)
def test_what_others_add_between_the_plan_and_the_load_is_not_lost(
    store: Store, project: Callable[..., Path], by_hand: str, said: str
) -> None:
    one = "parties:\n  - {id: a, name: A, kind: state}\n"
    model, graph = graph_of(project(base=f"{one}  - {{id: b, name: B, kind: state, member_of: a}}\n"))
    store.apply(store.plan(graph), model)
    _, without = graph_of(project(base=one))
    plan = store.plan(without)
    cypher(store, by_hand)
    before = whole_graph(store)
    with pytest.raises(StoreError, match=said):
        store.apply(plan, model, force=True)
    assert whole_graph(store) == before


@pytest.mark.engine
def test_a_load_that_fails_half_way_leaves_the_old_graph(store: Store, project: Callable[..., Path]) -> None:
    load_project(store, project(base=SMALL))
    before = whole_graph(store)
    model, graph = graph_of(
        project(base=SMALL.replace("old", "new").replace("[{document: d, quote: q}]", "[{document: d, quote: z}]"))
    )
    plan = store.plan(graph)
    not_storable: Any = {"note": (None, {"a": 1})}  # a map is no property
    wrong = replace(plan.changed[0], properties=not_storable)
    with pytest.raises(StoreError):
        store.apply(replace(plan, changed=(*plan.changed[1:], wrong)), model)
    assert whole_graph(store) == before
    assert load_project(store, project(base=SMALL)) is None


def test_a_statement_that_touches_too_few_rows_rolls_the_load_back(store: Store, project: Callable[..., Path]) -> None:
    model, graph = graph_of(project(base=SMALL))
    plan = store.plan(graph)
    without_plan = tuple(entry for entry in plan.added if entry.node.key.id != "plan")
    with pytest.raises(StoreError, match="the database touched"):
        store.apply(replace(plan, added=without_plan), model)
    assert whole_graph(store) == ([], [])


def test_two_datasets_live_side_by_side(store: Store, project: Callable[..., Path]) -> None:
    load_project(store, FERRY)
    ferry = whole_graph(store)
    load_project(store, project(base=SMALL))
    load_project(store, project(base="", dataset="dataset: {id: small, title: A small dataset}\n"))
    assert whole_graph(store) == ferry


def test_progress_goes_to_the_total(store: Store) -> None:
    model, graph = graph_of(FERRY)
    seen: list[tuple[int, int]] = []
    store.apply(store.plan(graph), model, lambda done, total: seen.append((done, total)))
    assert seen == sorted(seen)
    assert seen[-1][0] == seen[-1][1]


@pytest.mark.engine
@pytest.mark.parametrize(
    "statement",
    [
        "CREATE (:Party {id: 'x'})",
        "MATCH (p:Party) SET p.name = 'x'",
        "MATCH (p:Party) DETACH DELETE p",
        "MERGE (p:Party {id: 'x'}) RETURN p",
        "MATCH (p:Party) CALL (p) { SET p.name = 'x' } RETURN p",
        "MATCH (p:Party) FOREACH (i IN [1] | SET p.name = 'x')",
        "MATCH (p:Party) REMOVE p.name",
        "CREATE CONSTRAINT IF NOT EXISTS FOR (n:Venue) REQUIRE n.id IS UNIQUE",
    ],
)
def test_reading_cannot_write(store: Store, project: Callable[..., Path], statement: str) -> None:
    load_project(store, project(base=SMALL))
    before = whole_graph(store)
    with pytest.raises(StoreError, match="does more than read"):
        store.read(statement, {})
    assert whole_graph(store) == before


def test_values_are_parameters(store: Store, project: Callable[..., Path]) -> None:
    hostile = "'}) DETACH DELETE n //"
    quoted_name = '"Robert\'); MATCH (n) DETACH DELETE n;`"'
    load_project(store, project(base=SMALL, more=f"parties: [{{id: z, name: {quoted_name}, kind: state}}]"))
    assert store.read("MATCH (p:Party {id: 'z'}) RETURN p.name", {}).rows == (("Robert'); MATCH (n) DETACH DELETE n;`",),)
    assert store.read("MATCH (p:Party {id: $id}) RETURN p.name", {"id": hostile}).rows == ()


def test_a_question_uses_the_connection_of_an_earlier_one_that_ended_well(store: Store) -> None:
    kept = store.database.free_readers
    store.ask("RETURN 1 AS one", {})
    (driver,) = kept
    store.ask("RETURN 2 AS two", {})
    assert kept == [driver]
    with pytest.raises(StoreError):
        store.ask("RETURN 1 AS one, 1 / 0 AS none", {})
    assert kept == []
    assert store.ask("UNWIND range(1, 5) AS x RETURN x", {}, Limits(rows=2)).cut
    assert kept == []


@pytest.mark.parametrize("target", ["native"], indirect=True)
def test_what_nobody_waits_for_any_more_asks_no_further(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A plan is many statements: the one under way is the last."""
    monkeypatch.setattr(store_module, "_READ_SECONDS", 0.3)
    asked: list[str] = []

    def plan(database: object, read: Callable[..., object], *_: object, **__: object) -> object:
        while True:
            asked.append(str(read("RETURN 1", {})))
            time.sleep(0.5)

    monkeypatch.setattr(planning, "plan_settled", plan)
    with pytest.raises(Unreachable, match="it does not answer any more"):
        store.plan(SimpleNamespace(dataset="small"))  # type: ignore[arg-type]
    count = len(asked)
    time.sleep(1)
    assert len(asked) == count == 1
    store.database.left_alone.clear()  # its thread has ended


def test_a_name_that_is_not_of_the_schema_is_not_escaped() -> None:
    assert escape("MEMBER_OF") == "`MEMBER_OF`"
    for name in ("a`b", "a b", "", "1a", "a-b"):
        with pytest.raises(ValueError, match="not a name"):
            escape(name)


def test_a_wrong_password_is_said_in_one_line(target: Target) -> None:
    if not isinstance(target, ServerTarget):
        pytest.skip("the embedded engine keeps its own passwords")
    with (
        pytest.raises(StoreError, match="refuses the user name or password") as error,
        open_store(replace(target, password="wrong"), print),
    ):
        pass
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("uri", "said"),
    [
        ("bolt://127.0.0.1:1", "cannot reach bolt://127.0.0.1:1"),
        ("http://127.0.0.1:7474", "is no address"),
        ("nonsense", "is no address"),
        ("bolt://127.0.0.1:abc", "is no address"),
        ("bolt://127.0.0.1:99999", "is no address"),
    ],
)
def test_an_address_without_a_server_is_said_in_one_line(uri: str, said: str) -> None:
    with pytest.raises(StoreError, match=said) as error, open_store(ServerTarget(uri, "neo4j", "x", "neo4j", "test"), print):
        pass
    assert "\n" not in str(error.value)


def test_a_date_of_others_that_python_does_not_know_is_as_good_as_any(store: Store, project: Callable[..., Path]) -> None:
    folder = project(base=SMALL)
    load_project(store, folder)
    cypher(store, "MATCH (n {id: 'a'}) SET n.theirs = date('+10000-01-01')")
    _, graph = graph_of(folder)
    assert [part.empty for part in store.verify(graph)] == [True, True]


def test_a_dataset_that_changes_all_the_time_is_said_and_not_compared_for_ever(
    store: Store, project: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = project(base=SMALL)
    load_project(store, folder)
    _, graph = graph_of(folder)
    stored = snapshot.snapshot

    def changes(*arguments: Any) -> Any:
        found = stored(*arguments)
        cypher(store, "MATCH (d:Dataset) SET d.revision = d.revision + 1")
        return found

    monkeypatch.setattr(planning, "snapshot", changes)
    for look in (store.plan, store.verify):
        with pytest.raises(StoreError, match="the dataset 'small' in the database changes all the time"):
            look(graph)


def test_a_database_that_is_never_twice_the_same_is_not_compared_for_ever(
    store: Store, project: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = project(base=SMALL)
    load_project(store, folder)
    _, graph = graph_of(project(base=SMALL.replace("old", "new")))
    notes = iter(range(100))
    everything = stored_entries.snapshot_everything

    def changes(*arguments: Any) -> Any:
        cypher(store, "MATCH (n {id: 'b'}) SET n.note = $note", note=f"note {next(notes)}")
        return everything(*arguments)

    monkeypatch.setattr(planning, "snapshot_everything", changes)
    with pytest.raises(StoreError, match="changes all the time"):
        store.verify(graph)
