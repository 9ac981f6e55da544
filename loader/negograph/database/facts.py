"""Facts as people read them: the act in words, whose word it is, and every quote with its document."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from negograph.database.statements import in_batches
from negograph.database.store import Store
from negograph.model.model import FACT
from negograph.seeds.entries import REPORTED

_ALL = "MATCH (f:Fact) WHERE f.dataset IS NOT NULL RETURN f.id ORDER BY f.known_from, f.date_from, f.turn, f.id"

_FACTS = """
MATCH (f:Fact) WHERE f.id IN $ids AND f.dataset IS NOT NULL
RETURN f.id,
       f {.*},
       COLLECT { MATCH (f)-[end:BY|TO|ABOUT|ACCORDING_TO|ON_BEHALF_OF|DONE_IN]->(other)
                 WHERE end.dataset IS NOT NULL
                 RETURN [type(end), labels(other)[0], other.id, other.name] ORDER BY type(end), other.name, other.id },
       COLLECT { MATCH (f)-[:ACCORDING_TO]->(speaker)-[speaks:SPEAKS_FOR]->(side:Party)
                 WHERE speaks.dataset IS NOT NULL
                 RETURN ['SPEAKS_FOR', 'Party', side.id, side.name] ORDER BY side.name, side.id },
       COLLECT { MATCH (f)-[written:EVIDENCED_BY]->(source:Document)
                 WHERE written.dataset IS NOT NULL
                 RETURN [written.quote, source.id, source.name, source.date, source.url]
                 ORDER BY source.date_from, source.id, written.quote }
"""


@dataclass(frozen=True)
class Named:
    """A node by its label, its id and its name."""

    label: str
    id: str
    name: str


@dataclass(frozen=True)
class Quote:
    """Words of a document that a fact rests on. `date` is the document's, as it is written, `url` where it can be read."""

    words: str
    document: Named
    date: str | None
    url: str | None


@dataclass(frozen=True)
class FactDetail:
    """A fact for people. `name` is the act in words, with what hedges it first.

    `attribution` tells whose word it is: own (the actor's), reported (the source's) or alleged (by `speakers`, about another).
    `sides` are those for whom the speakers speak here. `properties` are all that the node has.
    """

    id: str
    name: str
    attribution: str
    by: tuple[Named, ...]
    to: tuple[Named, ...]
    about: tuple[Named, ...]
    speakers: tuple[Named, ...]
    sides: tuple[Named, ...]
    done_in: tuple[Named, ...]
    quotes: tuple[Quote, ...]
    properties: Mapping[str, Any]


def read_facts(store: Store, ids: Collection[str] | None = None) -> dict[str, FactDetail]:
    """Facts by their ids, in the order of these; all, in the order in which they became known, where no ids are given.

    An id that no fact has is left out, and so is what others put into the database.

    Raises:
        StoreError: if the database cannot be read.
    """
    wanted = [str(row[0]) for row in store.read(_ALL, {}).rows] if ids is None else list(dict.fromkeys(ids))
    found: dict[str, FactDetail] = {}
    for _, batch in in_batches((FACT, identity) for identity in wanted):
        rows: Any = store.read(_FACTS, {"ids": batch}).rows
        found |= {row[0]: _detail(*row) for row in rows}
    return {identity: found[identity] for identity in wanted if identity in found}


def _detail(
    identity: str, properties: Mapping[str, Any], ends: list[list[str]], usual: list[list[str]], quotes: list[list[Any]]
) -> FactDetail:
    named: dict[str, list[Named]] = {}
    for type_, *rest in (*ends, *usual):
        named.setdefault(type_, []).append(Named(*rest))

    def by(type_: str) -> tuple[Named, ...]:
        return tuple(named.get(type_, ()))

    return FactDetail(
        identity,
        str(properties.get("name") or identity),
        str(properties.get("attribution") or REPORTED),
        by("BY"),
        by("TO"),
        by("ABOUT"),
        by("ACCORDING_TO"),
        by("ON_BEHALF_OF") or by("SPEAKS_FOR"),
        by("DONE_IN"),
        tuple(Quote(words, Named("Document", document, name), date, url) for words, document, name, date, url in quotes),
        properties,
    )
