"""Digests that are known from before: they are what mapping anew gives, and only what changed is mapped."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from negograph.graph import known_digests
from negograph.graph.known_digests import map_graph
from negograph.graph.mapping import Whole, subgraphs
from negograph.graph.plan import Graph, Subgraph
from negograph.seeds.cache import Cache
from tests.conftest import checked_project

FILES = {
    "dataset": "dataset: {id: small, title: A small dataset}\n",
    "parties": """parties:
- {id: a, name: A, kind: state, member_of: union}
- {id: b, name: B, kind: state}
- {id: c, name: C, kind: state}
- {id: union, name: The union, kind: organisation}
- {id: council, name: The council, kind: body, participants: [a, b]}
people:
- {id: envoy, name: The envoy, speaks_for: a}
""",
    "documents": """documents:
- {id: paper, kind: article, name: A paper, date: 2021-03}
- {id: letter, kind: letter, name: A letter, date: 2021-05}
""",
    "items": """proposals:
- {id: plan, name: The plan}
- {id: part, name: A part of it, part_of: plan}
""",
    "others": """facts:
- {id: asks, action: proposed, by: b, to: [council, c], what: plan, date: 2021-01-01, evidence: [{document: paper, quote: q}]}
""",
    "answers": """facts:
- {id: no, action: rejected, by: a, what: plan, according_to: envoy, date: 2021-02, evidence: [{document: letter, quote: r}]}
- {id: yes, action: accepted, by: c, what: part, turn: 1, date: 2021-02, evidence: [{document: letter, quote: s}]}
""",
}

EDITS = [
    ("parties", "name: A,", "name: Ay,"),
    ("parties", "name: C,", "name: Cee, short: C,"),
    ("parties", "{id: b, name: B, kind: state}", "{id: b, name: B, kind: state, member_of: union}"),
    ("parties", "participants: [a, b]", "participants: [b]"),
    ("parties", "name: The envoy, speaks_for: a", "name: The envoy, speaks_for: b"),
    ("parties", "name: The envoy", "name: An envoy"),
    ("documents", "name: A letter, date: 2021-05", "name: A letter, date: 2021-06"),
    ("documents", "name: A letter", "name: The letter"),
    ("items", "name: The plan", "name: Plan A"),
    ("items", ", part_of: plan", ""),
    ("others", "to: [council, c]", "to: council"),
    ("others", "action: proposed", "action: demanded"),
    ("others", "date: 2021-01-01", "date: 2021-01-02"),
    ("answers", "action: rejected", "action: supported"),
    ("answers", "date: 2021-02, evidence: [{document: letter, quote: r}]", "evidence: [{document: letter, quote: r}]"),
    ("answers", "what: part, turn: 1", "what: plan, turn: 2"),
    ("answers", "quote: s", "quote: t"),
    ("answers", "quote: s}]}", "quote: s}], retracted: {on: 2022-01-01, reason: misread}}"),
    ("answers", "according_to: envoy, ", ""),
    ("answers", "quote: r}]}", "quote: r}], retracted: {on: 2022-01-01, reason: misread}}"),
]


def written(edits: Iterable[tuple[str, str, str]]) -> dict[str, str]:
    files = dict(FILES)
    for name, old, new in edits:
        files[name] = files[name].replace(old, new)
    return files


def graph_of(folder: Path, cache: Cache) -> Graph | None:
    """The graph of a project, None where it has errors."""
    model, checked = checked_project(folder)
    if checked.errors or checked.dataset is None:
        return None
    return map_graph(checked.dataset, checked.files, model, cache)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sets(st.sampled_from(EDITS), max_size=4), min_size=2, max_size=5))
def test_after_any_edits_they_are_what_mapping_anew_gives(
    project: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory, states: list[set[tuple[str, str, str]]]
) -> None:
    cache = Cache(tmp_path_factory.mktemp("known"), "model")
    for edits in states:
        folder = project(**written(sorted(edits)))
        anew, known = graph_of(folder, Cache(None, "")), graph_of(folder, cache)
        if anew is None or known is None:
            assert anew is known
            continue
        assert known == anew
        assert known.entries == anew.entries


@pytest.fixture
def mapped(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Gets the ids of the entries that are mapped."""
    ids: list[str] = []

    def told(whole: Whole, wanted: Iterable[str]) -> Iterator[Subgraph]:
        wanted = tuple(wanted)
        ids.extend(wanted)
        return subgraphs(whole, wanted)

    monkeypatch.setattr(known_digests, "subgraphs", told)
    return ids


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        ("others", "proposed", "proposed", ""),
        ("answers", "quote: s", "quote: t", "no yes part plan"),
        ("documents", "date: 2021-05", "date: 2021-06", "paper letter no yes"),
        ("items", "name: A part of it", "name: A part", "no yes part plan"),
        (
            "parties",
            "{id: union, name: The union",
            "{id: union, note: It is, name: The union",
            "a b c union council envoy part plan",
        ),
    ],
)
def test_an_edit_maps_its_file_what_refers_to_it_and_the_items_that_it_concerns(
    project: Callable[..., Path], tmp_path: Path, mapped: list[str], file: str, old: str, new: str, expected: str
) -> None:
    cache = Cache(tmp_path / "known", "model")
    assert graph_of(project(**FILES), cache) is not None
    assert sorted(mapped) == sorted(re.findall(r"{id: (\w+), (?!title)", "".join(FILES.values())))
    mapped.clear()
    assert graph_of(project(**written([(file, old, new)])), cache) is not None
    assert sorted(mapped) == sorted(expected.split())


def test_what_is_asked_for_is_mapped_then(project: Callable[..., Path], tmp_path: Path, mapped: list[str]) -> None:
    folder, cache = project(**FILES), Cache(tmp_path / "known", "model")
    graph_of(folder, cache)
    mapped.clear()
    graph = graph_of(folder, cache)
    assert graph is not None
    wanted = [key for key in graph.digests if key.id in ("plan", "no")]
    assert [found.digest for found in graph.subgraphs(wanted)] == [graph.digests[key] for key in wanted]
    assert [found.digest for found in graph.subgraphs(wanted)] == [graph.digests[key] for key in wanted]
    assert sorted(mapped) == ["no", "plan"]


def test_who_takes_part_in_a_body_decides_who_has_not_answered(project: Callable[..., Path], tmp_path: Path) -> None:
    cache, silent = Cache(tmp_path / "known", "model"), ("answers", "by: a, what: plan", "by: c, what: plan")
    before = graph_of(project(**written([silent])), cache)
    after = graph_of(project(**written([silent, ("parties", "participants: [a, b]", "participants: [b]")])), cache)
    assert [_who_stands(graph) for graph in (before, after)] == [({"a", "c"}, True), ({"c"}, True)]


def _who_stands(graph: Graph | None) -> tuple[set[object], bool]:
    """Who stands somewhere towards the plan, and whether its digest is the one that is known of it."""
    assert graph is not None
    (plan,) = graph.subgraphs(key for key in graph.digests if key.id == "plan")
    parties: set[object] = {edge.properties.get("party") for edge in plan.edges if edge.type == "STANDING"}
    return parties - {None}, graph.digests[plan.node.key] == plan.digest


def test_what_is_known_of_one_dataset_is_not_used_for_another(project: Callable[..., Path], tmp_path: Path) -> None:
    cache = Cache(tmp_path / "known", "model")
    small = graph_of(project(**FILES), cache)
    other = graph_of(project(**{**FILES, "dataset": "dataset: {id: other, title: A small dataset}\n"}), cache)
    assert small is not None
    assert other is not None
    assert small.digests.keys() == other.digests.keys()
    assert small.digests["Fact", "no"] != other.digests["Fact", "no"]  # type: ignore[index]
