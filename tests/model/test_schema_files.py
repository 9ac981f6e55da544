"""The model: shipped as YAML, extended by YAML, and refused with reasons where it is wrong."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from negograph.errors import ProblemsFound
from negograph.model.model import Model
from negograph.model.schema_files import load_model
from negograph.project import shipped
from tests.conftest import checked_project, graph_of

ACTIONS = [
    "proposed",
    "demanded",
    "offered",
    "accepted",
    "adopted",
    "reserved",
    "rejected",
    "withdrew",
    "supported",
    "opposed",
    "criticised",
    "responded_to",
    "left_unanswered",
    "disregarded",
    "raised_concern",
    "considered",
    "coordinated_with",
    "pledged",
    "warned",
    "engaged_in",
    "stated",
]

PLOVER = {
    *("AGREE", "CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "AID", "RETREAT", "REQUEST"),
    *("ACCUSE", "REJECT", "THREATEN", "PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT"),
}


def test_the_codebook_has_the_actions_of_a_negotiation(model: Model) -> None:
    assert list(model.actions) == ACTIONS
    assert all(action.definition.endswith(".") for action in model.actions.values())


def test_actions_map_to_event_types_of_plover_where_one_fits(model: Model) -> None:
    assert {action.plover for action in model.actions.values()} - {None} < PLOVER


def test_everything_in_the_model_is_defined(model: Model) -> None:
    definitions = [kind.definition for kind in model.nodes.values()] + [edge.definition for edge in model.edges]
    assert all(definitions)
    properties = [kind.properties for kind in model.nodes.values()] + [edge.properties for edge in model.edges]
    assert all(prop.definition for of_kind in properties for prop in of_kind.values())


def extended(tmp_path: Path, text: str) -> Model:
    (tmp_path / "schema").mkdir()
    (tmp_path / "schema" / "own.yaml").write_text(text)
    return load_model([shipped("schema"), tmp_path / "schema"])


def test_a_project_adds_values_to_a_property_that_lists_them(tmp_path: Path, model: Model) -> None:
    own = extended(tmp_path, "nodes: {Party: {properties: {kind: {values: {company: A firm that takes part.}}}}}")
    kinds = own.nodes["Party"].properties["kind"]
    assert kinds.values == {**model.nodes["Party"].properties["kind"].values, "company": "A firm that takes part."}
    assert kinds.required


def test_a_value_that_is_there_cannot_mean_something_else(tmp_path: Path) -> None:
    with pytest.raises(ProblemsFound) as found:
        extended(tmp_path, "nodes: {Party: {properties: {kind: {values: {state: A mood.}}}}}")
    (problem,) = found.value.problems
    assert (problem.position.column, problem.code) == (46, "schema")
    assert "the value state of kind is there already" in problem.message


def test_a_project_adds_an_action_a_property_and_a_kind_of_node_without_python(project: Callable[..., Path]) -> None:
    folder = project(
        facts="""
parties: [{id: a, name: A, kind: state, founded: 1949}, {id: b, name: B, kind: state}]
venues: [{id: hall, name: The hall, seats: 200, lies_in: a}]
documents: [{id: d, kind: article, name: D}]
proposals: [{id: plan, name: The plan}]
facts:
  - {id: f, action: tabled, by: a, to: b, what: [plan, hall], date: 2021, evidence: [{document: d, quote: some words}]}
""",
    )
    (folder / "schema").mkdir()
    (folder / "schema" / "own.yaml").write_text(
        """
nodes:
  Party: {properties: {founded: {type: integer, definition: The year of its foundation.}}}
  Venue: {section: venues, definition: A place., properties: {seats: {type: integer, definition: How many sit there.}}}
edges:
  - {type: LIES_IN, key: lies_in, of: [Venue], to: [Party], definition: Whose place it is.}
actions:
  tabled:
    definition: Lays something on the table.
    sentence: "{by} tabled[ before {to}]: {what}"
    edge: TABLED
    ends: what
    what: [Proposal, Venue]
    required: [what]
    stance: 1
    effect: puts_forward
"""
    )
    _, graph = graph_of(folder)
    nodes = {entry.node.key.id: entry.node.properties for entry in graph.entries}
    assert nodes["a"]["founded"] == 1949
    assert "founded" not in nodes["b"]
    assert nodes["hall"]["seats"] == 200
    assert nodes["f"]["name"] == "A tabled before B: The plan and The hall"
    edges = {(edge.start.id, edge.type, edge.end.id) for entry in graph.entries for edge in entry.edges}
    assert {("hall", "LIES_IN", "a"), ("a", "TABLED", "plan"), ("a", "TABLED", "hall")} <= edges


def test_a_property_of_the_project_is_checked_like_a_shipped_one(project: Callable[..., Path]) -> None:
    folder = project(parties="parties:\n  - {id: a, name: A, kind: state, founded: long ago}\n")
    (folder / "schema").mkdir()
    (folder / "schema" / "own.yaml").write_text("nodes: {Party: {properties: {founded: {type: integer, definition: The year.}}}}")
    _, checked = checked_project(folder)
    assert [(str(p.position), p.code) for p in checked.problems] == [("seeds/parties.yaml:2:44", "wrong-type")]


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        ("node: {}", "1:1", "unknown key 'node' of a schema; did you mean 'nodes'"),
        ("nodes: {Party: {definition: x}}", "1:29", "Party is defined already"),
        ("nodes: {Party: {properties: {kind: {type: text, definition: x}}}}", "1:61", "the property kind is there already"),
        ("nodes: {Party: {properties: {digest: {type: text, definition: x}}}}", "1:30", "the property digest is there already"),
        ("nodes: {Demand: {properties: {status: {type: text, definition: x}}}}", "1:31", "the property status is there already"),
        ("edges: [{type: STANDING, key: on, of: [Demand], to: [Fact], definition: x}]", "1:16", "negograph's own"),
        (
            "actions: {a: {definition: x, sentence: x, edge: STANDING, ends: to, required: [to]}}",
            "1:49",
            "negograph's own",
        ),
        ("nodes: {Party: {properties: {a: {type: txt, definition: x}}}}", "1:40", "did you mean 'text'"),
        ("nodes: {Party: {properties: {a: {type: integer, definition: x, default: two}}}}", "1:73", "expected a whole number"),
        (
            "nodes: {Party: {properties: {member_of: {type: text, definition: x}}}}",
            "1:30",
            "the key member_of of Party is defined twice",
        ),
        ("nodes: {Venue: {section: parties, definition: x}}", "1:26", "the section parties is used by Party already"),
        ("nodes: {Venue: {section: venues}}", "1:16", "the key 'definition' is missing"),
        ("nodes: {'my venue': {section: venues, definition: x}}", "1:9", "a label is written like Party"),
        ("edges: [{type: IN, key: in, of: [Venue], to: [Party], definition: x}]", "1:34", "there is no kind of node 'Venue'"),
        ("edges: [{type: 'IN`', key: in, of: [Party], to: [Party], definition: x}]", "1:16", "written like MEMBER_OF"),
        ("actions: {offered: {definition: x, sentence: x, edge: X, ends: what, required: [what]}}", "1:33", "is defined already"),
        ("actions: {a: {definition: x, sentence: x, edge: X, ends: what}}", "1:11", "`required` must list what"),
        (
            "actions: {a: {definition: x, sentence: x, edge: MEMBER_OF, ends: to, required: [to]}}",
            "1:49",
            "MEMBER_OF is the type of a structural edge",
        ),
        ("actions: {a: {definition: x, sentence: '{x}', edge: X, ends: to, required: [to]}}", "1:40", "is not understood"),
        (
            "actions: {a: {definition: x, sentence: x, edge: X, ends: to, required: [to], stance: 2}}",
            "1:86",
            "'2' is no stance (stance: -1, 0, 1)",
        ),
        ("actions: {a: {definition: x, sentence: '{by.x} met', edge: X, ends: to, required: [to]}}", "1:40", "is not understood"),
        ("actions: {a: {definition: x, sentence: '{by met', edge: X, ends: to, required: [to]}}", "1:40", "is not understood"),
        (
            "actions: {a: {definition: x, sentence: '[{by} {to}]', edge: X, ends: to, required: [to]}}",
            "1:40",
            "is not understood",
        ),
        ("actions: {a: {definition: x, sentence: x, edge: X, ends: to, required: [to, foo]}}", "1:77", "'foo' in `required`"),
        ("nodes: {Dataset: {section: sets, definition: x}}", "1:9", "negograph's own"),
        ("nodes: {Venue: {section: Venues, definition: x}}", "1:26", "a section is written like parties"),
        (
            "nodes: {Document: {properties: {date_to: {type: text, definition: x}}}}",
            "1:33",
            "date_to of Document is defined twice",
        ),
        ("nodes: {Party: {properties: {a: {type: date, definition: x, default: gestern}}}}", "1:70", "date takes no `default`"),
        ("nodes: {Venue: {section: venues, definition: x, colour: red}}", "1:57", "a colour is written like '#9cc0ee'"),
        (
            "nodes: {Party: {properties: {a: {type: text, definition: x, values: {b: x}, colours: {b: '#FFF'}}}}}",
            "1:90",
            "a colour is written like '#9cc0ee'",
        ),
        (
            "nodes: {Party: {properties: {a: {type: text, definition: x, values: {b: x}, colours: {c: '#ffffff'}}}}}",
            "1:87",
            "'c' is no value of a",
        ),
        ("edges: [{type: IN, key: name, of: [Party], to: [Party], definition: x}]", "1:25", "the key name of Party"),
        ("nodes: {Party: {properties: {a: {type: retraction, definition: x}}}}", "1:30", "only facts are retracted"),
        ("nodes: {Party: {properties: {a: {type: text, definition: x, required: true, default: y}}}}", "1:30", "never holds"),
        ("edges: [{type: Meet, key: meet, of: [Party], to: [Party], definition: x}]", "1:16", "written like MEMBER_OF"),
        ("nodes: {OFFERED: {section: offers, definition: x}}", "1:9", "is a relationship type too"),
        (
            "actions: {a: {definition: x, sentence: x, edge: X, ends: what, required: [what], what: [Fact]}}",
            "1:89",
            "no name of its own",
        ),
        (
            "nodes: {Party: {properties: {a: {type: integer, definition: x, values: {low: x, 1: y}}}}}",
            "1:73",
            "expected a whole number",
        ),
        ("nodes: {Party: {properties: {a: {type: number, definition: x, values: {1e3: x}}}}}", "1:72", "expected a number"),
        (
            "nodes: {Party: {properties: {a: {type: flag, definition: x, values: {yes: x}}}}}",
            "1:70",
            "expected true or false",
        ),
        ("nodes: {Party: {properties: {a: {type: date, definition: x, values: {2022: x}}}}}", "1:69", "takes no `values`"),
        ("nodes: [", "1:8", "never closed"),
        ("[nodes]", "1:1", "a schema is a mapping"),
        ("nodes:", "1:1", "'nodes' has no value"),
        ("nodes: {Venue: {section: '', definition: x}}", "1:17", "'section' has no value"),
        ("edges: [{type: OFFERED, key: in, of: [Party], to: [Party], definition: x}]", "1:16", "OFFERED is the type of a"),
        ("nodes: {Issue: {properties: {retracted: {type: retraction, definition: x}}}}", "1:30", "only facts are retracted"),
        ("nodes: {Party: {properties: {a: {type: texts, definition: x, values: {b: y}, default: b}}}}", "1:87", "is a list"),
    ],
)
def test_a_wrong_schema_is_refused_with_place_and_reason(tmp_path: Path, text: str, place: str, said: str) -> None:
    with pytest.raises(ProblemsFound) as found:
        extended(tmp_path, text)
    (problem,) = found.value.problems
    assert str(problem.position) == f"schema/own.yaml:{place}"
    assert problem.code == ("yaml-syntax" if text == "nodes: [" else "schema")
    assert said in problem.message


def test_a_schema_that_repeats_what_is_shipped_says_nothing_new(tmp_path: Path, model: Model) -> None:
    shutil.copytree(shipped("schema"), tmp_path / "schema")
    own = "nodes: {Party: {section: parties, properties: {founded: {type: integer, definition: The year.}}}}"
    (tmp_path / "schema" / "own.yaml").write_text(own)
    widened = load_model([shipped("schema"), tmp_path / "schema"])
    assert (widened.edges, widened.actions) == (model.edges, model.actions)
    assert list(widened.nodes) == list(model.nodes)
    assert list(widened.nodes["Party"].properties) == [*model.nodes["Party"].properties, "founded"]


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("nodes.yaml", "section: people", "section: persons", "Person is defined already, in {}, with another `section`"),
        (
            "nodes.yaml",
            "default: high",
            "default: low",
            "the property confidence is there already, in {}, with another `default`",
        ),
        ("nodes.yaml", "      kind:\n        type: text", "      kind:\n        type: texts", "in {}, with another `type`"),
        ("edges.yaml", "type: COUNTERS", "type: COUNTER", "the key counters of Proposal is defined twice, here and in {}"),
        (
            "actions.yaml",
            "plover: THREATEN",
            "plover: PROTEST",
            "the action warned is defined already, in {}, with another `plover`",
        ),
    ],
)
def test_a_definition_that_differs_from_the_shipped_one_says_where(
    tmp_path: Path, file: str, old: str, new: str, said: str
) -> None:
    text = (shipped("schema") / file).read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "schema").mkdir()
    (tmp_path / "schema" / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ProblemsFound) as found:
        load_model([shipped("schema"), tmp_path / "schema"])
    before, after = said.split("{}")
    assert {problem.position.file for problem in found.value.problems} == {f"schema/{file}"}
    assert any(f"{before}negograph's own schema/{file}:" in str(p) and after in str(p) for p in found.value.problems)
