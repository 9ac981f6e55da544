"""What a page that shows the graph asks besides recipes: what there is by name, the days, and the acts behind an answer."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from negograph.database.results import Result, ResultNode
from negograph.database.statements import escape
from negograph.database.store import Store
from negograph.model.model import FACT

_MOST_NAMES = 5_000
"""How many entries of a kind are offered by name at most."""

_MOST_ACTS = 2_000
"""How many acts behind an answer are looked at; no picture shows more."""


@dataclass(frozen=True)
class Listed:
    """An entry by its names; `short` and `aliases` may be empty."""

    label: str
    id: str
    name: str
    short: str = ""
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class ActBehind:
    """Whose word a fact behind an answer is, and the ids of the parties that acted or were addressed or spoken of."""

    attribution: str
    parties: frozenset[str]


@dataclass(frozen=True)
class Summary:
    """How much there is in the graph: the entries by their kind, the facts by whose word they are, the first and the last day."""

    entries: Mapping[str, int]
    words: Mapping[str, int]
    first: date | None
    last: date | None


def read_names(store: Store, labels: Collection[str]) -> list[Listed]:
    """The entries of some kinds, by name."""
    if not labels:
        return []
    statement = (
        f"MATCH (n:{'|'.join(map(escape, labels))}) RETURN labels(n)[0], n.id, n.name, n.short, n.aliases "
        f"ORDER BY n.name, n.id LIMIT {_MOST_NAMES}"
    )
    return [
        Listed(str(label), str(identity), str(name or identity), str(short or ""), _texts(aliases))
        for label, identity, name, short, aliases in store.read(statement, {}).rows
    ]


def _texts(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, list) else ()


def read_days(store: Store) -> list[date]:
    """The days from which acts count, in their order: on each of them the record changed."""
    statement = "MATCH (f:Fact) WHERE f.known_from IS NOT NULL RETURN DISTINCT f.known_from AS day ORDER BY day"
    return [day for (day,) in store.read(statement, {}).rows if isinstance(day, date)]


def read_summary(store: Store, labels: Collection[str]) -> Summary:
    """How much there is of these kinds."""
    counts = store.read(f"MATCH (n:{'|'.join(map(escape, labels))}) RETURN labels(n)[0] AS label, count(*)", {}).rows
    words = store.read("MATCH (f:Fact) RETURN f.attribution AS word, count(*)", {}).rows
    ((first, last),) = store.read("MATCH (f:Fact) RETURN min(f.date_from), max(f.date_to)", {}).rows
    return Summary(
        {str(label): _whole(count) for label, count in counts},
        {str(word): _whole(count) for word, count in words},
        first if isinstance(first, date) else None,
        last if isinstance(last, date) else None,
    )


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 0


def read_acts(store: Store, facts: Collection[str]) -> tuple[Result, dict[str, ActBehind]]:
    """The short relationships of some facts as a graph, and by the id of each fact whose word it is and who takes part in it."""
    ids = sorted(facts)[:_MOST_ACTS]
    known: dict[str, tuple[str, set[str]]] = {}
    statement = (
        "MATCH (f:Fact)-[:BY|TO|ABOUT]->(p) WHERE f.id IN $ids RETURN f.id, f.attribution, CASE WHEN p:Party THEN p.id END"
    )
    for identity, attribution, party in store.read(statement, {"ids": ids}).rows:
        known.setdefault(str(identity), (str(attribution), set()))[1].update([str(party)] if party else [])
    statement = (
        "MATCH (f:Fact)-[:BY]->(start:Party) WHERE f.id IN $ids MATCH (start)-[edge]->(end) WHERE edge.fact = f.id "
        "RETURN DISTINCT start, edge, end"
    )
    acts = store.read(statement, {"ids": ids})
    return acts, {identity: ActBehind(word, frozenset(parties)) for identity, (word, parties) in known.items()}


def read_entry(store: Store, identity: str, labels: Collection[str]) -> ResultNode | None:
    """The entry with this id, of one of these kinds."""
    statement = f"MATCH (n:{'|'.join(map(escape, labels))} {{id: $id}}) RETURN n"
    found = [node for (node,) in store.read(statement, {"id": identity}).rows if isinstance(node, ResultNode)]
    return found[0] if found else None


def facts_about(store: Store, node: ResultNode) -> list[str]:
    """The ids of the facts that name an entry in any way, by their days; of a fact that one."""
    identity = str(node.properties.get("id"))
    if FACT in node.labels:
        return [identity]
    statement = (
        f"MATCH (n:{escape(node.labels[0])} {{id: $id}})<-[:BY|TO|ABOUT|ACCORDING_TO|EVIDENCED_BY|DONE_IN]-(f:Fact) "
        "WITH DISTINCT f RETURN f.id ORDER BY f.date_from, coalesce(f.turn, 1000000), f.id"
    )
    return [str(found) for (found,) in store.read(statement, {"id": identity}).rows]


def ties_of(store: Store, node: ResultNode) -> list[tuple[str, str, str]]:
    """What an entry belongs to and what belongs to it, without acts: the two ends and the type of each relationship."""
    statement = (
        f"MATCH (n:{escape(node.labels[0])} {{id: $id}})-[edge]-(other) WHERE edge.fact IS NULL AND NOT other:Fact "
        "AND NOT other:Dataset RETURN DISTINCT startNode(edge).name AS start, type(edge) AS type, endNode(edge).name AS end "
        "ORDER BY type, start, end LIMIT 200"
    )
    rows = store.read(statement, {"id": str(node.properties.get("id"))}).rows
    return [(str(start), str(type_), str(end)) for start, type_, end in rows]


@dataclass(frozen=True)
class Acting:
    """A party, and how many acts it has done, by its own word or the source's report; and how many by another's word alone."""

    id: str
    name: str
    acts: int
    alleged: int = 0


def read_parties(store: Store) -> list[Acting]:
    """The parties, those first that did most."""
    statement = (
        "MATCH (p:Party) OPTIONAL MATCH (p)<-[:BY]-(f:Fact) WHERE f.modality <> 'denied' "
        "WITH p, count(CASE WHEN f.attribution <> 'alleged' THEN 1 END) AS acts, "
        "count(CASE WHEN f.attribution = 'alleged' THEN 1 END) AS alleged "
        "RETURN p.id, p.name, acts, alleged ORDER BY acts DESC, alleged DESC, p.name, p.id LIMIT 200"
    )
    return [
        Acting(str(identity), str(name), _whole(acts), _whole(alleged))
        for identity, name, acts, alleged in store.read(statement, {}).rows
    ]
