"""Gathering what a report tells: the answers of the shipped recipes, the facts in words, and, if asked for, the source texts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from negograph.database.facts import FactDetail, read_facts
from negograph.database.results import Result, ResultNode, ResultRelationship, graph_parts
from negograph.database.store import Store
from negograph.errors import NegographError
from negograph.model.schema_files import load_model
from negograph.operations import Say
from negograph.operations.texts import source_texts
from negograph.project import Project, shipped
from negograph.recipes.check import run_recipe
from negograph.recipes.files import usable_recipes
from negograph.render.palette import palette_of
from negograph.render.report import (
    Document,
    Group,
    Issue,
    Item,
    Party,
    Put,
    Report,
    SaidOf,
    Speaker,
    Stand,
    render_report,
)
from negograph.seeds.entries import ALLEGED, CONDITIONAL
from negograph.text.marking import SourceText

Row = Mapping[str, Any]


def make_report(store: Store, project: Project, say: Say, *, with_texts: bool = False) -> str:
    """A page that tells all that the graph holds, and with `with_texts` shows the texts of the project's documents.

    Raises:
        NegographError: if the graph is empty or cannot be read, or the project's own schema has mistakes.
    """
    model = load_model(project.schema_folders())
    texts = source_texts(project, say) if with_texts else None
    return render_report(gather(store, texts), palette_of(model))


def gather(store: Store, texts: tuple[SourceText, ...] | None = None) -> Report:
    """All that a report tells of the graph; a NegographError if there is nothing in it.

    The recipes are those that negograph ships: a project's own of the same name may answer something else.
    """
    datasets = store.datasets()
    if not datasets:
        raise NegographError("the graph is empty, so there is nothing to report; `negograph load` fills it")
    asked = _Asked(store)
    facts = read_facts(store, [str(row["fact"]) for row in asked.rows("timeline")])
    network = asked.answer("map")
    rests_on = {(row["item"], row["party"], row["standing"]): row["fact"] for row in asked.rows("standing")}
    items = _items([*asked.rows("proposals"), *asked.rows("demands")], facts, network, rests_on)
    return Report(
        datasets=tuple(dataset.title for dataset in datasets),
        unfinished=tuple(dataset.unfinished for dataset in datasets if dataset.unfinished),
        facts=tuple(facts.values()),
        items=items,
        said_of=_said_of(asked.rows("allegations"), asked.rows("said-and-done"), facts, _members(network)),
        parties=_parties(network, facts, asked.rows("speakers")),
        issues=_issues(network, facts),
        documents=_documents(network, facts),
        groups=tuple(Group(row["kind"], row["name"], tuple(row["facts"])) for row in asked.rows("overview") if row["facts"]),
        network=network,
        texts=texts,
    )


class _Asked:
    """The shipped recipes, and the graph that they are asked of."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._recipes = usable_recipes([shipped("queries")])[0]

    def answer(self, recipe: str) -> Result:
        return run_recipe(self._store, self._recipes[recipe], {})

    def rows(self, recipe: str) -> list[Row]:
        answer = self.answer(recipe)
        return [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]


def _is_ours(properties: Mapping[str, Any]) -> bool:
    """Whether negograph loaded it; what others put into the database is not told."""
    return None not in (properties.get("dataset"), properties.get("id"), properties.get("name"))


def _nodes(network: Result, *labels: str) -> dict[str, Mapping[str, Any]]:
    """The properties of the nodes of some kinds in an answer, by id, ordered by name."""
    found = {
        str(part.properties["id"]): part.properties
        for part in graph_parts(network.rows)
        if isinstance(part, ResultNode) and part.labels[0] in labels and _is_ours(part.properties)
    }
    return dict(sorted(found.items(), key=lambda one: (str(one[1].get("name")).casefold(), one[0])))


def _ties(network: Result, *types: str) -> Iterator[tuple[str, Mapping[str, Any], Mapping[str, Any]]]:
    """The relationships of some types in an answer: the type, and the properties of the nodes at its ends."""
    for part in graph_parts(network.rows):
        if isinstance(part, ResultRelationship) and part.type in types and part.properties.get("dataset") is not None:
            yield part.type, part.start.properties, part.end.properties


def _items(
    rows: Sequence[Row], facts: Mapping[str, FactDetail], network: Result, rests_on: Mapping[tuple[str, str, str], str]
) -> tuple[Item, ...]:
    """What was put on the table, as the recipes tell it, in the order in which it was; then what nobody put there."""
    nodes = _nodes(network, "Proposal", "Demand")
    kinds = {id_: kind for kind in ("Proposal", "Demand") for id_ in _nodes(network, kind)}
    puts: dict[str, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        name = row.get("proposal", row.get("demand"))
        if (fact := facts.get(row["fact"])) is not None:
            for thing in (thing for thing in fact.about if thing.name == name):
                puts[thing.id][fact.id].append(row)
    about = _by_thing(facts.values())
    order = {fact: number for number, fact in enumerate(facts)}
    first = sorted(puts, key=lambda id_: (min(map(order.__getitem__, puts[id_])), id_))
    found = []
    for id_ in (id_ for id_ in [*first, *(id_ for id_ in nodes if id_ not in puts)] if id_ in nodes):
        node = nodes[id_]
        told = sorted(puts[id_].items(), key=lambda put: order[put[0]])
        status = next((row["status"] for _, rows in told for row in rows), node.get("status"))
        stands = [Put(fact, tuple(_stand(row, rests_on) for row in rows)) for fact, rows in told]
        found.append(
            Item(id_, str(node["name"]), kinds[id_], str(status or ""), node.get("note"), tuple(stands), tuple(about[id_]))
        )
    return tuple(found)


def _stand(row: Row, rests_on: Mapping[tuple[str, str, str], str]) -> Stand:
    """Where those stand that a row of the recipes on proposals and demands is about, by the acts that it rests on."""
    parties, item = tuple(row["who"] or row["to"]), row.get("proposal", row.get("demand"))
    found = [rests_on.get((item, party, row["standing"])) for party in parties if row["attribution"] is not None]
    return Stand(
        parties=parties,
        through=tuple(row["to"]) if row["who"] else (),
        standing=str(row["standing"] or ""),
        condition=row["condition"],
        hedge=_hedge(row),
        said_by=row["said_by"],
        denied_by=tuple(row["denied_by"]),
        confidence=row["confidence"],
        attribution=row["attribution"],
        facts=tuple(fact for fact in found if fact is not None),
    )


def _hedge(row: Row) -> str:
    """What stands before the act in words: by implication, planned. A condition is told with the standing."""
    before, colon, _ = str(row["how"] or "").partition(": ")
    return ", ".join(one for one in before.split(", ") if one != CONDITIONAL) if colon else ""


def _by_thing(facts: Iterable[FactDetail]) -> Mapping[str, list[str]]:
    """The ids of the facts about each thing."""
    found: dict[str, list[str]] = defaultdict(list)
    for fact in facts:
        for thing in fact.about:
            found[thing.id].append(fact.id)
    return found


def _said_of(
    allegations: Sequence[Row], beside: Sequence[Row], facts: Mapping[str, FactDetail], members: Mapping[str, set[str]]
) -> tuple[SaidOf, ...]:
    """What is said of each party by others, and what it did and said itself on the same thing, or else its members did."""
    denied = {(row["about"], row["fact"]): tuple(row["denied_by"]) for row in allegations}
    own: dict[tuple[str, str], dict[str, str | None]] = {key: {} for key in denied}
    for row in beside:
        found = own.setdefault((row["party"], row["fact"]), {})
        if row["own_fact"] in facts:
            found[row["own_fact"]] = row["stances"]
    told = (key for key in own if key[1] in facts)
    return tuple(
        SaidOf(
            party,
            fact,
            tuple(own[party, fact].items()),
            denied.get((party, fact), ()),
            _by_members(facts, fact, members.get(party)),
        )
        for party, fact in told
    )


def _members(network: Result) -> Mapping[str, set[str]]:
    """The ids of the members of each group, by its name, and of the groups in it."""
    ties = [(str(member["id"]), group) for _, member, group in _ties(network, "MEMBER_OF")]
    direct: dict[str, set[str]] = defaultdict(set)
    for member, group in ties:
        direct[str(group["id"])].add(member)
    found: dict[str, set[str]] = {}
    for _, group in ties:
        reached, open_ = set[str](), set(direct[str(group["id"])])
        while open_:
            reached |= open_
            open_ = {below for member in open_ for below in direct.get(member, ())} - reached
        found[str(group["name"])] = reached
    return found


def _by_members(facts: Mapping[str, FactDetail], said: str, members: set[str] | None) -> tuple[str, ...] | None:
    """The acts of some members on the same thing as a fact, by their own word or by the report of a source."""
    if members is None:
        return None
    things = {thing.id for thing in facts[said].about}
    by_them = (fact for fact in facts.values() if fact.attribution != ALLEGED and members & {party.id for party in fact.by})
    return tuple(fact.id for fact in by_them if fact.id != said and things & {thing.id for thing in fact.about})


def _parties(network: Result, facts: Mapping[str, FactDetail], speakers: Sequence[Row]) -> tuple[Party, ...]:
    """The parties, those first of which the most acts are told."""
    said: dict[str, list[str]] = defaultdict(list)
    alleged: dict[str, list[str]] = defaultdict(list)
    towards: dict[str, list[str]] = defaultdict(list)
    for fact in facts.values():
        for party in fact.by:
            (alleged if fact.attribution == ALLEGED else said)[party.id].append(fact.id)
        for party in fact.to:
            towards[party.id].append(fact.id)
    people: dict[str, list[Speaker]] = defaultdict(list)
    for row in speakers:
        if row["speaker"] != row["speaks_for"]:
            people[str(row["speaks_for"])].append(Speaker(str(row["speaker"]), row["office"]))
    found = [
        Party(
            id=id_,
            name=str(node["name"]),
            kind=node.get("kind"),
            note=node.get("note"),
            speakers=tuple(people[str(node["name"])]),
            facts=tuple(said[id_]),
            alleged=tuple(alleged[id_]),
            towards=tuple(towards[id_]),
        )
        for id_, node in _nodes(network, "Party").items()
    ]
    return tuple(sorted(found, key=lambda party: (-len(party.facts), -len(party.alleged), -len(party.towards))))


def _issues(network: Result, facts: Mapping[str, FactDetail]) -> tuple[Issue, ...]:
    """The issues, those first that the most acts are about, also by way of the proposals and demands that are tied to them."""
    about = _by_thing(facts.values())
    tied: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    for way, item, issue in _ties(network, "FURTHERS", "HINDERS", "CONCERNS"):
        tied[str(issue["id"])].append((way.lower(), str(item["id"]), str(item["name"])))
    parts = {str(part["id"]): str(whole["name"]) for _, part, whole in _ties(network, "PART_OF")}
    found = []
    for id_, node in _nodes(network, "Issue").items():
        ids = dict.fromkeys([*about[id_], *(fact for _, item, _ in tied[id_] for fact in about[item])])
        order = tuple(fact for fact in facts if fact in ids)
        found.append(Issue(id_, str(node["name"]), node.get("note"), parts.get(id_), tuple(dict.fromkeys(tied[id_])), order))
    return tuple(sorted(found, key=lambda issue: -len(issue.facts)))


def _documents(network: Result, facts: Mapping[str, FactDetail]) -> tuple[Document, ...]:
    """The documents by day: what is written in each, and what was done in it."""
    nodes = _nodes(network, "Document")
    written: dict[str, list[str]] = defaultdict(list)
    done: dict[str, list[str]] = defaultdict(list)
    for fact in facts.values():
        for quote in fact.quotes:
            written[quote.document.id].append(fact.id)
            told = {"name": quote.document.name, "date": quote.date, "url": quote.url}
            nodes.setdefault(quote.document.id, told)
        for document in fact.done_in:
            done[document.id].append(fact.id)
            nodes.setdefault(document.id, {"name": document.name})
    issued: dict[str, list[str]] = defaultdict(list)
    for _, party, document_ in _ties(network, "ISSUED"):
        issued[str(document_["id"])].append(str(party["name"]))
    ordered = sorted(nodes.items(), key=lambda one: (str(one[1].get("date") or "9999"), str(one[1].get("name")), one[0]))
    return tuple(
        Document(
            id=id_,
            name=str(node["name"]),
            kind=node.get("kind"),
            date=node.get("date"),
            url=node.get("url"),
            publisher=node.get("publisher"),
            note=node.get("note"),
            issued_by=tuple(dict.fromkeys(issued[id_])),
            quotes=len(written[id_]),
            facts=tuple(dict.fromkeys(written[id_])),
            done=tuple(done[id_]),
        )
        for id_, node in ordered
    )
