"""An answer as the rows of a table, and what is left of them and of its network where something is hidden."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from negograph.database.results import FACT_COLUMN, FACTS, ResultValue, graph_parts
from negograph.operations.ask import Answer
from negograph.operations.explore import Explored
from negograph.render.forms import for_reading
from negograph.seeds.entries import ALLEGED, OWN, REPORTED
from negograph.web.explore.address import View

if TYPE_CHECKING:
    import networkx

WORDS = {OWN: "own words", REPORTED: "reported by the source", ALLEGED: "alleged by another"}
"""Whose word an act is, as the page says it."""

_MOST_ROWS = 500
_QUALIFYING = ("attribution", "implied", "confidence", "modality", "addressed", "turn")


@dataclass(frozen=True)
class Row:
    """A row: its cells, whose word it is where that is one, and what is looked at by a click on it."""

    cells: tuple[str, ...]
    word: str
    pick: str


@dataclass(frozen=True)
class Table:
    """Rows under columns. `remarks` say what is the same in all rows; `left_out` how many rows more there are."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    remarks: tuple[str, ...] = ()
    left_out: int = 0


def kept(explored: Explored, view: View, party: str) -> Explored:
    """What is left of an answer where a view hides whose word, kinds of nodes, and what a party, of this name, has no part in."""
    if not (view.hidden_words or view.party or view.hidden_kinds):
        return explored
    stays = [_stays(explored, index, view, party) for index in range(len(explored.answer))]
    rows = tuple(row for row, stay in zip(explored.answer.rows, stays, strict=True) if stay)
    facts = tuple(row for row, stay in zip(explored.facts, stays, strict=True) if stay)
    network = explored.network and _kept_network(explored.network, explored.acts, view)
    return replace(explored, answer=replace(explored.answer, rows=rows), facts=facts, network=network)


def _stays(explored: Explored, index: int, view: View, party: str) -> bool:
    said = _words(explored, index)
    if said and said <= view.hidden_words:
        return False
    row = explored.answer.rows[index]
    acts = [explored.acts[fact] for fact in explored.facts[index] if fact in explored.acts]
    takes_part = any(view.party in act.parties for act in acts) or any(value == party or _lists(value, party) for value in row)
    return not view.party or takes_part


def _lists(value: ResultValue, name: str) -> bool:
    return isinstance(value, list) and name in value


def _words(explored: Explored, index: int) -> set[str]:
    """Whose words a row rests on: as it says itself, else those of the facts behind it."""
    columns = [at for at, column in enumerate(explored.answer.columns) if column.endswith("attribution")]
    if columns:
        return {str(explored.answer.rows[index][at]) for at in columns if explored.answer.rows[index][at] is not None}
    return {explored.acts[fact].attribution for fact in explored.facts[index] if fact in explored.acts}


def _kept_network(network: networkx.Graph[str], acts: Mapping[str, Any], view: View) -> networkx.Graph[str]:
    left = network.copy()
    left.remove_nodes_from([node for node, data in network.nodes(data=True) if set(_kinds(data)) & view.hidden_kinds])
    party = next((node for node, data in network.nodes(data=True) if view.party and data.get("id", node) == view.party), None)
    gone = [
        edge
        for edge in _edges(left)
        if edge[-1].get("attribution") in view.hidden_words or (view.party and not _has_part(edge, party, acts, view.party))
    ]
    left.remove_edges_from([edge[:-1] for edge in gone])
    left.remove_nodes_from([node for node in list(left) if not left.degree(node) and node != party and network.degree(node)])
    return left


def _edges(network: Any) -> list[Any]:
    return list(network.edges(keys=True, data=True) if network.is_multigraph() else network.edges(data=True))


def _has_part(edge: Any, party: str | None, acts: Mapping[str, Any], identity: str) -> bool:
    act = acts.get(str(edge[-1].get(FACT_COLUMN)))
    return party in edge[:2] or (act is not None and identity in act.parties)


def _kinds(data: Mapping[str, Any]) -> list[str]:
    return str(data.get("kind") or "").split(":")


def kinds_in(network: networkx.Graph[str] | None) -> list[str]:
    """The kinds of the nodes of a network."""
    return sorted({kind for _, data in network.nodes(data=True) for kind in _kinds(data) if kind}) if network is not None else []


def table_of(explored: Explored) -> Table:
    """The rows of an answer: of a graph, a row a line of it."""
    answer = explored.answer
    if explored.network is not None and answer.edges is None and not any(map(bool, _plain_columns(explored))):
        return _of_network(explored.network)
    shown = _least_at_end(answer.without([FACTS, *(column for column in answer.columns if _is_id(column))]))
    (head, *cells), remarks = for_reading(replace(shown, note=None), math.inf)  # the note stands above
    rows = [Row(tuple(line), _word(explored, index), pick_of(explored.facts[index])) for index, line in enumerate(cells)]
    return Table(tuple(head), tuple(rows[:_MOST_ROWS]), tuple(remarks), max(0, len(rows) - _MOST_ROWS))


def _least_at_end(answer: Answer) -> Answer:
    """The columns that qualify the others behind these: whose word it is, each row shows at its beginning."""
    order = sorted(range(len(answer.columns)), key=lambda index: answer.columns[index].endswith(_QUALIFYING))
    rows = tuple(tuple(row[index] for index in order) for row in answer.rows)
    return replace(answer, columns=tuple(answer.columns[index] for index in order), rows=rows)


def _plain_columns(explored: Explored) -> Iterable[bool]:
    """Whether each cell of the first rows is a plain value, and nothing of the graph."""
    return (not any(graph_parts(value)) for row in explored.answer.rows[:5] for value in row)


def _is_id(column: str) -> bool:
    return column == FACT_COLUMN or column.endswith((f"_{FACT_COLUMN}", f"_{FACTS}"))


def _word(explored: Explored, index: int) -> str:
    words = _words(explored, index)
    return words.pop() if len(words) == 1 else ""


def pick_of(facts: Iterable[str]) -> str:
    """What is looked at by a click on something with these facts behind it; nothing where there are none."""
    told = ",".join(quote(fact, safe="") for fact in list(facts)[:40])
    return f"facts:{told}" if told else ""


def _of_network(network: networkx.Graph[str]) -> Table:
    names = {node: str(data.get("name") or node) for node, data in network.nodes(data=True)}
    rows = sorted((_line(names, edge) for edge in _edges(network)), key=lambda row: (not row.word, row.cells[3]))
    dated = any(row.cells[3] for row in rows)
    columns = ("from", "does or is", "to", *(["date"] if dated else []))
    rows = [row if dated else replace(row, cells=row.cells[:3]) for row in rows]
    return Table(columns, tuple(rows[:_MOST_ROWS]), (), max(0, len(rows) - _MOST_ROWS))


def _line(names: Mapping[str, str], edge: Any) -> Row:
    start, end, data = edge[0], edge[1], edge[-1]
    says = str(data.get("label") or str(data.get("type") or "").replace("_", " ").lower())
    fact = data.get(FACT_COLUMN)
    pick = pick_of([str(fact)]) if fact else f"edge:{quote(start, safe='')}:{data.get('type')}:{quote(end, safe='')}"
    return Row((names[start], says, names[end], str(data.get("date") or "")), str(data.get("attribution") or ""), pick)
