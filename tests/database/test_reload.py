"""Reloading: after any sequence of edits the graph is what a fresh load of the same seeds makes, and what others drew is there.

NEGOGRAPH_RELOADS says how many sequences are tried on each database (`make soak`: 100).
"""

from __future__ import annotations

import copy
import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test

from negograph.database.store import Store
from negograph.graph.plan import Graph
from tests.conftest import checked_project, cypher, load_project, mapped

RELOADS = int(os.environ.get("NEGOGRAPH_RELOADS", "5"))
STEPS = 20
FILES = ("one", "two/deep", "three")
SECTIONS = ("parties", "proposals", "facts")


@dataclass
class Entry:
    """An entry as a curator has it: where it is, and what stands in it."""

    section: str
    file: str
    fields: dict[str, Any] = field(default_factory=dict)


def content_of(store: Store) -> tuple[list[Any], list[Any]]:
    """All nodes and edges that negograph owns, without their digests."""
    nodes = cypher(store, "MATCH (n) WHERE n.dataset = 'small' AND NOT n:Dataset RETURN labels(n), properties(n)")
    edges = cypher(
        store,
        "MATCH (a)-[r]->(b) WHERE r.dataset = 'small' RETURN labels(a), a.id, type(r), labels(b), b.id, properties(r)",
    )
    return in_order(nodes), in_order(edges)


def in_order(rows: list[Any]) -> list[Any]:
    """Rows that end in properties, in an order that is the same on every database; a property that is None is not there."""
    plain = ((*row[:-1], sorted((name, as_text(value)) for name, value in row[-1].items() if value is not None)) for row in rows)
    return sorted(plain, key=repr)


def as_text(value: Any) -> str:
    return repr(value.to_native() if hasattr(value, "to_native") else value)


class Curation(RuleBasedStateMachine):
    """A curator's edits, each followed by a load."""

    store: Store
    folder: Path

    def __init__(self) -> None:
        super().__init__()
        self.entries: dict[str, Entry] = {}
        self.count = 0
        self.kept = {"party": "", "fact": ""}
        self.good = (self.entries, self.kept)
        self.looked_at: tuple[Graph, dict[str, str]] | None = None

    # helpers of the rules

    def new_id(self, kind: str) -> str:
        self.count += 1
        return f"{kind}{self.count}"

    def ids(self, section: str) -> list[str]:
        return [identity for identity, entry in self.entries.items() if entry.section == section]

    def pick(self, data: st.DataObject, section: str) -> str:
        return data.draw(st.sampled_from(self.ids(section)))

    def add(self, section: str, identity: str, file: str, **fields: Any) -> None:
        self.entries[identity] = Entry(section, file, fields)

    def replace(self, ids: dict[str, str], *, in_references: bool = True) -> None:
        """Other ids, everywhere; or in the entries alone, so that what refers to them means others."""
        for entry in self.entries.values() if in_references else ():
            for key in ("by", "to", "what", "member_of"):
                if entry.fields.get(key) in ids:
                    entry.fields[key] = ids[entry.fields[key]]
        self.entries = {ids.get(identity, identity): entry for identity, entry in self.entries.items()}
        self.kept = {kind: ids.get(identity, identity) for kind, identity in self.kept.items()}

    def remove(self, identity: str) -> None:
        del self.entries[identity]
        for entry in self.entries.values():
            if entry.fields.get("member_of") == identity:
                del entry.fields["member_of"]

    def write(self) -> None:
        shutil.rmtree(self.folder / "seeds", ignore_errors=True)
        content: dict[str, dict[str, Any]] = {file: {} for file in FILES}
        for identity, entry in self.entries.items():
            content[entry.file].setdefault(entry.section, []).append({"id": identity, **entry.fields})
        content["base"] = {
            "dataset": {"id": "small", "title": "A small dataset"},
            "documents": [{"id": "d", "kind": "article", "name": "D"}],
        }
        for file, sections in content.items():
            path = self.folder / "seeds" / f"{file}.yaml"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(yaml.safe_dump(sections, sort_keys=False) if sections else "", encoding="utf-8")

    # what a curator does

    @initialize()
    def begin(self) -> None:
        cypher(self.store, "MATCH (n) DETACH DELETE n")
        for _ in range(3):
            self.add("parties", self.new_id("p"), "one", name=f"Party {self.count}", kind="state")
        self.add("proposals", self.new_id("i"), "two/deep", name="Item")
        party, other, _, item = self.entries
        self.add_fact_between(party, other, item, "three")
        self.kept = {"party": party, "fact": self.ids("facts")[0]}
        self.write()
        load_project(self.store, self.folder)
        cypher(
            self.store,
            "MATCH (p:Party {id: $party}) MATCH (f:Fact {id: $fact}) CREATE (x:Place {id: 'elsewhere', name: 'Elsewhere'}) "
            "CREATE (x)-[:NEAR {km: 3}]->(p) CREATE (f)-[:ON_FILE]->(x) CREATE (p)-[:OFFERED {by_hand: true}]->(x) "
            "SET p.colour = 'red'",
            **self.kept,
        )

    def add_fact_between(self, by: str, to: str, what: str, file: str) -> None:
        fields = {"by": by, "to": to} if by != to else {"by": by}
        evidence = [{"document": "d", "quote": f"q {self.count}"}]
        self.add("facts", self.new_id("f"), file, action="offered", **fields, what=what, date="2021", evidence=evidence)

    @rule(data=st.data(), file=st.sampled_from(FILES))
    def add_party(self, data: st.DataObject, file: str) -> None:
        member = data.draw(st.sampled_from([None, *self.ids("parties")]))
        self.add("parties", self.new_id("p"), file, name=f"Party {self.count}", kind="state")
        if member is not None:
            self.entries[f"p{self.count}"].fields["member_of"] = member

    @rule(data=st.data(), file=st.sampled_from(FILES))
    def add_fact(self, data: st.DataObject, file: str) -> None:
        by, to, what = (self.pick(data, section) for section in ("parties", "parties", "proposals"))
        self.add_fact_between(by, to, what, file)

    @rule(data=st.data(), word=st.sampled_from(["old", "new", "é", ""]))
    def change(self, data: st.DataObject, word: str) -> None:
        entry = self.entries[data.draw(st.sampled_from(list(self.entries)))]
        if not word:
            entry.fields.pop("note", None)
        elif entry.section != "facts" and data.draw(st.booleans()):
            entry.fields["name"] = f"{word} {data.draw(st.integers(0, 10**6))} {self.count}"
        else:
            entry.fields["note"] = word

    @rule(data=st.data())
    def change_a_fact(self, data: st.DataObject) -> None:
        fields = self.entries[self.pick(data, "facts")].fields
        fields["action"] = data.draw(st.sampled_from(["offered", "rejected", "supported"]))
        fields["evidence"] = [
            {"document": "d", "quote": quote} for quote in data.draw(st.sets(st.sampled_from("qrs"), min_size=1))
        ]
        if data.draw(st.booleans()):
            fields.pop("to", None)

    @precondition(lambda self: len(self.ids("facts")) > 1)
    @rule(data=st.data())
    def remove_a_fact(self, data: st.DataObject) -> None:
        self.remove(data.draw(st.sampled_from([identity for identity in self.ids("facts") if identity != self.kept["fact"]])))

    @rule(data=st.data())
    def remove_a_party(self, data: st.DataObject) -> None:
        party = self.pick(data, "parties")
        uses = [identity for identity, entry in self.entries.items() if party in (entry.fields.get("by"), entry.fields.get("to"))]
        if party != self.kept["party"] and self.kept["fact"] not in uses:
            for identity in [*uses, party]:
                self.remove(identity)

    @rule(data=st.data())
    def rename(self, data: st.DataObject) -> None:
        old = data.draw(st.sampled_from(list(self.entries)))
        entry = self.entries[old]
        entry.fields["formerly"] = [*entry.fields.get("formerly", []), old]
        self.replace({old: self.new_id(entry.section[0])})

    @rule(data=st.data(), in_references=st.booleans())
    def swap(self, data: st.DataObject, in_references: bool) -> None:
        one, other = self.pick(data, "parties"), self.pick(data, "parties")
        histories = [self.entries[identity].fields.get("formerly", []) for identity in (one, other)]
        if one != other and one not in histories[1] and other not in histories[0]:
            self.entries[one].fields["formerly"] = [*histories[0], one]
            self.entries[other].fields["formerly"] = [*histories[1], other]
            self.replace({one: other, other: one}, in_references=in_references)

    @rule(data=st.data())
    def chain(self, data: st.DataObject) -> None:
        """One takes the id of another, which gets a new one."""
        one, other = self.pick(data, "parties"), self.pick(data, "parties")
        history = self.entries[one].fields.get("formerly", [])
        if one != other and other not in history:
            self.entries[one].fields["formerly"] = [*history, one]
            self.entries[other].fields["formerly"] = [*self.entries[other].fields.get("formerly", []), other]
            if one not in self.entries[other].fields["formerly"]:
                self.replace({one: other, other: self.new_id("p")})

    @rule(data=st.data())
    def merge(self, data: st.DataObject) -> None:
        one, other = self.pick(data, "parties"), self.pick(data, "parties")
        if self.can_be_merged(one, other):
            self.take_in(one, other)
            self.tidy_after_a_merge()

    @precondition(lambda self: len(self.ids("parties")) > 2)
    @rule(data=st.data(), in_references=st.booleans())
    def merge_and_take_the_id(self, data: st.DataObject, in_references: bool) -> None:
        """One takes in another, whose id a third gets; what refers to that id means the third, or the one."""
        one, other, third = data.draw(st.permutations(self.ids("parties")))[:3]
        if self.can_be_merged(one, other):
            self.take_in(one, other, in_references=in_references)
            fields = self.entries[third].fields
            fields["formerly"] = [*fields.get("formerly", []), third]
            self.replace({third: other})
            self.tidy_after_a_merge()

    def can_be_merged(self, one: str, other: str) -> bool:
        """Whether no id would stand twice under the former ones; then the curator forgets them first, as README says."""
        own, others = (self.entries[identity].fields.get("formerly", []) for identity in (one, other))
        return one != other and other != self.kept["party"] and not {one, *own} & {other, *others}

    def take_in(self, one: str, other: str, *, in_references: bool = True) -> None:
        gone = self.entries.pop(other)
        fields = self.entries[one].fields
        fields["formerly"] = [*fields.get("formerly", []), *gone.fields.get("formerly", []), other]
        self.replace({other: one}, in_references=in_references)

    def tidy_after_a_merge(self) -> None:
        for identity, entry in self.entries.items():
            if entry.fields.get("by") == entry.fields.get("to"):
                entry.fields.pop("to", None)
            if entry.fields.get("member_of") == identity:
                del entry.fields["member_of"]
        self.break_circles()

    def break_circles(self) -> None:
        for identity in self.ids("parties"):
            seen, current = {identity}, self.entries[identity].fields.get("member_of")
            while current is not None and current not in seen:
                seen.add(current)
                current = self.entries[current].fields.get("member_of")
            if current is not None:
                del self.entries[identity].fields["member_of"]

    @rule()
    def forget_former_ids(self) -> None:
        """The renames are loaded: their traces go, so that ids can change hands again."""
        for entry in self.entries.values():
            entry.fields.pop("formerly", None)

    @rule(data=st.data())
    def retract_or_not(self, data: st.DataObject) -> None:
        fields = self.entries[self.pick(data, "facts")].fields
        if fields.pop("retracted", None) is None:
            fields["retracted"] = {"on": "2022-01-01", "reason": "misread"}

    @rule(data=st.data(), file=st.sampled_from(FILES))
    def move_to_another_file(self, data: st.DataObject, file: str) -> None:
        self.entries[data.draw(st.sampled_from(list(self.entries)))].file = file

    # what holds after each of them

    @invariant()
    def the_graph_is_what_a_fresh_load_makes(self) -> None:
        if not self.entries:
            return
        self.write()
        model, checked = checked_project(self.folder)
        if checked.errors:  # such as a former id that two entries claim: the curator takes it back
            self.entries, self.kept = copy.deepcopy(self.good)
            self.write()
            model, checked = checked_project(self.folder)
        self.good = copy.deepcopy((self.entries, self.kept))
        graph = mapped(model, checked)
        plan = self.store.plan(graph)
        if plan.empty and self.looked_at == (graph, self.kept):
            return  # nothing was written since all of what follows was looked at, and the same is expected
        if not plan.empty:
            self.store.apply(plan, model)
            assert self.store.plan(graph).empty
        assert self.store.plan(graph, everything=True).empty
        assert content_of(self.store) == self.fresh(graph)
        assert self.foreign() == [[self.kept["party"], 3, "red", self.kept["fact"], True]]
        self.looked_at = (graph, dict(self.kept))

    def fresh(self, graph: Graph) -> tuple[list[Any], list[Any]]:
        """What the mapping says, which a test of the store shows to be what a load into an empty database leaves."""
        nodes = [
            [
                [entry.node.key.label],
                {
                    **entry.node.properties,
                    "colour": "red" if entry.node.key.id == self.kept["party"] else None,
                    "dataset": "small",
                    "digest": entry.digest,
                },
            ]
            for entry in graph.entries
        ]
        edges = [
            [[edge.start.label], edge.start.id, edge.type, [edge.end.label], edge.end.id, edge.properties]
            for entry in graph.entries
            for edge in entry.edges
        ]
        return in_order(nodes), in_order(edges)

    def foreign(self) -> list[list[Any]]:
        return cypher(
            self.store,
            "MATCH (p:Party)<-[near:NEAR]-(x:Place)<-[:ON_FILE]-(f) MATCH (p)-[hand:OFFERED]->(x) "
            "RETURN p.id, near.km, p.colour, f.id, hand.by_hand",
        )


def test_any_sequence_of_edits(store: Store, tmp_path: Path) -> None:
    class OnThisStore(Curation):
        pass

    OnThisStore.store, OnThisStore.folder = store, tmp_path
    options = settings(
        max_examples=RELOADS,
        stateful_step_count=STEPS,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=set(Phase) - {Phase.shrink},  # with a database behind each step, that would take an hour
        print_blob=True,
    )
    run_state_machine_as_test(OnThisStore, settings=options)
