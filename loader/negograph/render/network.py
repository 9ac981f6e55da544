"""Answers as networks: for networkx, and as GraphML for Gephi and others."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from negograph.database.results import EdgeColumns, Result, ResultNode, ResultRelationship, graph_parts
from negograph.errors import NegographError
from negograph.render.text import words
from negograph.text.characters import in_xml, xml_for_logs

if TYPE_CHECKING:
    import networkx

_BOOKKEEPING = ("dataset", "digest")


def to_networkx(result: Result) -> networkx.Graph[str]:
    """The network in an answer.

    Of an answer with nodes, relationships or paths: a MultiDiGraph of these. A node's key is its id; it carries `kind` (its
    label) and its properties, a relationship its `type` and its properties.

    Of a table whose recipe says which columns are the ends of edges: a graph, directed or not as the recipe says, a row an
    edge, with parallel edges where rows have the same ends. A node's key is what stands in the column; its `kind` is the
    column where it first stands, or the first of the two where edges have no direction. An edge carries the other columns,
    and as `weight` the first one that holds numbers.

    Raises:
        NegographError: if the answer is neither.
    """
    if result.edges is not None:
        return _of_table(result, result.edges)
    parts = list(graph_parts(result.rows))
    if not parts and result.rows:
        raise NegographError(
            "there is no network in this answer: return relationships or paths, or name the columns of the ends in the recipe "
            "with `// Edges: one -- other`"
        )
    return _of_graph(parts)


def _of_table(result: Result, edges: EdgeColumns) -> networkx.Graph[str]:
    import networkx

    start, end = result.columns.index(edges.start), result.columns.index(edges.end)
    others = [index for index in range(len(result.columns)) if index not in (start, end)]
    weight = next((index for index in others if result.rows and all(_is_number(row[index]) for row in result.rows)), None)
    network: networkx.Graph[str] = networkx.MultiDiGraph() if edges.directed else networkx.MultiGraph()
    for row in result.rows:
        if row[start] is None or row[end] is None:
            continue
        for index, column in ((start, edges.start), (end, edges.end)):
            if str(row[index]) not in network:
                network.add_node(str(row[index]), kind=column if edges.directed else edges.start)
        values = {} if weight is None else {"weight": row[weight]}
        values |= {result.columns[index]: row[index] for index in others}
        network.add_edges_from([(str(row[start]), str(row[end]), values)])
    plain: networkx.Graph[str] = networkx.DiGraph(network) if edges.directed else networkx.Graph(network)
    return plain if plain.number_of_edges() == network.number_of_edges() else network


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _of_graph(parts: list[ResultNode | ResultRelationship]) -> networkx.Graph[str]:
    import networkx

    network: networkx.MultiDiGraph[str] = networkx.MultiDiGraph()
    nodes: dict[str, ResultNode] = {}
    edges: dict[tuple[str, str, str, str], ResultRelationship] = {}  # one that stands in several rows or paths is one
    for part in parts:
        if isinstance(part, ResultRelationship):
            told = _reference(part.start), _reference(part.end), part.type, repr(sorted(part.properties.items(), key=str))
            edges[told] = part
        elif part.properties or _reference(part) not in nodes:
            nodes[_reference(part)] = part
    shared = {key for key, count in Counter(map(_key, nodes.values())).items() if count > 1}
    keys: dict[str, str] = {}
    for reference, node in nodes.items():
        kind = ":".join(node.labels)
        keys[reference] = f"{kind} {reference}" if _key(node) in shared else _key(node)
        network.add_node(keys[reference], kind=kind, **_own(node.properties))
    for (start, end, *_), edge in edges.items():
        network.add_edge(keys[start], keys[end], type=edge.type, **_own(edge.properties))
    return network


def _reference(node: ResultNode) -> str:
    return node.reference or _key(node)


def _key(node: ResultNode) -> str:
    return str(node.properties.get("id") or node.properties.get("name") or node.reference)


def _own(properties: Mapping[str, Any]) -> dict[str, Any]:
    """What is worth showing of properties, under names that networkx can take."""
    taken = {"kind": "of_kind", "type": "of_type", "key": "of_key"}
    return {taken.get(name, name): value for name, value in properties.items() if name not in _BOOKKEEPING}


def to_graphml(result: Result) -> bytes:
    """The network in an answer as GraphML, or a NegographError. Lists are parted by semicolons, what is missing is left out."""
    import networkx

    network = to_networkx(result)
    network.graph.update({"note": in_xml(result.note)} if result.note else {})
    for values in (*(data for _, data in network.nodes(data=True)), *(data for *_, data in network.edges(data=True))):
        plain = {name: _plain(value) for name, value in values.items() if value is not None}
        values.clear()
        values.update(plain)
    names: dict[str, str] = {}
    for node in network:
        name = in_xml(node)
        while name in names.values():
            name += "'"
        names[node] = name
    written = io.BytesIO()
    networkx.write_graphml(networkx.relabel_nodes(network, names), written, infer_numeric_types=True)
    return xml_for_logs(written.getvalue().decode()).encode() + b"\n"


def _plain(value: Any) -> str | bool | int | float:
    if isinstance(value, (bool, float)):
        return value
    if isinstance(value, int):
        return value if -(2**31) <= value < 2**31 else float(value)
    return in_xml("; ".join(words(item) for item in value) if isinstance(value, list) else words(value))
