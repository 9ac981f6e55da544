"""A report: one page of HTML that tells all that is recorded, for people who will never write Cypher.

It needs nothing beside itself: no script, no font, no picture of others. The same record always gives the same page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from negograph.database.facts import FactDetail
from negograph.database.results import Result, ResultRelationship, graph_parts
from negograph.graph.words import PUT, UNANSWERED
from negograph.render.network import to_networkx
from negograph.render.palette import Palette
from negograph.render.picture import draw, fitting
from negograph.render.text import NO_ANSWER_TOLD, day_in_words, standing_in_words
from negograph.text.characters import visible
from negograph.text.marking import SourceText

if TYPE_CHECKING:
    from markupsafe import Markup

MOST_IN_SHORT = 12
"""How many things are named in short; the others are told further below."""

_MOST_STANDS = 3
_SILENT = (UNANSWERED, PUT)

_WAYS = {"furthers": "Furthered by", "hinders": "Hindered by", "concerns": "Subject of"}


@dataclass(frozen=True)
class Stand:
    """Where some parties stand on an item: `hedge` keeps it from being read as said outright, `facts` are what it rests on.

    `through` are the bodies that it was put to, in which the parties take part. `attribution` is whose word it is, if it is one.
    """

    parties: tuple[str, ...]
    through: tuple[str, ...]
    standing: str
    condition: str | None
    hedge: str
    said_by: str | None
    denied_by: tuple[str, ...]
    confidence: str | None
    attribution: str | None
    facts: tuple[str, ...]


@dataclass(frozen=True)
class Put:
    """The fact by which an item was put forward, and where those stand who were asked or answered."""

    fact: str
    stands: tuple[Stand, ...]


@dataclass(frozen=True)
class Item:
    """A proposal or a demand: what has become of it, how it was put forward, and the facts about it."""

    id: str
    name: str
    kind: str
    status: str
    note: str | None
    puts: tuple[Put, ...]
    facts: tuple[str, ...]


@dataclass(frozen=True)
class SaidOf:
    """What another says of a party, beside the party's own acts on the same thing, each with how the two compare.

    Of a group that has none, `by_members` are those of its members; it is None of a party that has no members.
    """

    party: str
    fact: str
    own: tuple[tuple[str, str | None], ...]
    denied_by: tuple[str, ...]
    by_members: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Speaker:
    """Who speaks for a party, in which office."""

    name: str
    office: str | None


@dataclass(frozen=True)
class Party:
    """A party: the facts of its acts, of those that another alleges, and of those that were addressed to it."""

    id: str
    name: str
    kind: str | None
    note: str | None
    speakers: tuple[Speaker, ...]
    facts: tuple[str, ...]
    alleged: tuple[str, ...]
    towards: tuple[str, ...]


@dataclass(frozen=True)
class Issue:
    """An issue: the items that are tied to it, each with how, its id and its name, and the facts about it or these."""

    id: str
    name: str
    note: str | None
    part_of: str | None
    items: tuple[tuple[str, str, str], ...]
    facts: tuple[str, ...]


@dataclass(frozen=True)
class Document:
    """A document: the facts that are written in it, and the acts that were done in it."""

    id: str
    name: str
    kind: str | None
    date: str | None
    url: str | None
    publisher: str | None
    note: str | None
    issued_by: tuple[str, ...]
    quotes: int
    facts: tuple[str, ...]
    done: tuple[str, ...]


@dataclass(frozen=True)
class Group:
    """Facts that have something in common, such as whose word they are."""

    of: str
    name: str
    facts: tuple[str, ...]


@dataclass(frozen=True)
class Report:
    """All that a report tells; the facts are in the order of their days, in which they are numbered.

    `unfinished` says of each load in batches that has not ended that the graph is partly old and partly new.
    """

    datasets: tuple[str, ...]
    unfinished: tuple[str, ...]
    facts: tuple[FactDetail, ...]
    items: tuple[Item, ...]
    said_of: tuple[SaidOf, ...]
    parties: tuple[Party, ...]
    issues: tuple[Issue, ...]
    documents: tuple[Document, ...]
    groups: tuple[Group, ...]
    network: Result
    texts: tuple[SourceText, ...] | None = None


def render_report(report: Report, palette: Palette) -> str:
    """The page, as a whole HTML document."""
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )
    numbers = {fact.id: number for number, fact in enumerate(report.facts, 1)}
    environment.filters.update(
        {
            "anchor": anchor,
            "day": lambda written: day_in_words(None if written is None else str(written)),
            "numbered": lambda ids: sorted((numbers[id_], id_) for id_ in dict.fromkeys(ids) if id_ in numbers),
            "other_sides": other_sides,
            "standing": standing_in_words,
            "telling": telling,
            "ways": ways,
            "web": web_address,
        }
    )
    environment.globals.update({"many": many, "most": MOST_IN_SHORT, "no_answer": NO_ANSWER_TOLD, "numbers": numbers})
    return environment.get_template("report.html.j2").render(_context(report, palette))


def _shown(value: Any) -> Any:
    """A value on the page: in a text that somebody wrote everything is seen, and nothing stands for what is missing."""
    if value is None:
        return ""
    return visible(value) if type(value) is str else value


def _context(report: Report, palette: Palette) -> dict[str, Any]:
    """What the template takes beside the report: what its numbers, days and first lines are made of."""
    days = [day for fact in report.facts for key in ("date_from", "date_to") if (day := fact.properties.get(key)) is not None]
    picture = _picture(report, palette)
    titled = report.datasets[0] if len(report.datasets) == 1 else f"{len(report.datasets)} datasets"
    return {
        "report": report,
        "title": titled,
        "facts": {fact.id: fact for fact in report.facts},
        "first": str(min(days)) if days else None,
        "last": str(max(days)) if days else None,
        "quotes": sum(len(fact.quotes) for fact in report.facts),
        "sources": [document for document in report.documents if document.facts],
        "spoken_of_only": [document for document in report.documents if not document.facts],
        "actors": [party for party in report.parties if party.facts or party.alleged],
        "others": [party for party in report.parties if not party.facts and not party.alleged],
        "by_word": [(name, [fact.id for fact in report.facts if fact.attribution == name]) for name in WHOSE],
        "words_for": WHOSE,
        "meaning": _MEANING,
        "comparisons": _COMPARED,
        "spoken_of": [issue for issue in report.issues if issue.facts],
        "put": [item for item in report.items if item.puts],
        "weighty": _weightiest(report.items),
        "timeline": _by_day(report.facts),
        "beside": _by_party(report.said_of, report.parties),
        "with_text": {text.document for text in report.texts or ()},
        "picture": picture,
        "parts": _parts(report, has_picture=picture is not None),
    }


WHOSE = {"own": "own word", "reported": "reported", "alleged": "said by another"}
"""Whose word a fact is, in words."""

_MEANING = {
    "own": "By its own side: the party, or who speaks for it, says so, as the source tells it.",
    "reported": "The source says so, and names nobody.",
    "alleged": "Somebody else says so of the party. It need not be true.",
}


_COMPARED = {
    "same": "The same stand.",
    "same, but for a condition": "The same stand, but for a condition.",
    "opposite": "The opposite stand.",
    "denied": "It denies that.",
}
"""How what is said of a party compares with its own act, in words."""


def _weightiest(items: Sequence[Item]) -> list[Item]:
    """The items that are named in short, in their order: those put forward; where they are many, those with the most acts."""
    put = [item for item in items if item.puts]
    kept = sorted(put, key=lambda item: -len(item.facts))[:MOST_IN_SHORT]
    return [item for item in put if item in kept]


def _by_day(facts: Iterable[FactDetail]) -> list[tuple[str, list[FactDetail]]]:
    days: dict[str, list[FactDetail]] = {}
    for fact in facts:
        days.setdefault(str(fact.properties.get("date") or ""), []).append(fact)
    return list(days.items())


def _by_party(said_of: Iterable[SaidOf], parties: Iterable[Party]) -> list[tuple[str, list[SaidOf]]]:
    """What is said of each party, in the order in which the parties are told."""
    found: dict[str, list[SaidOf]] = {party.name: [] for party in parties}
    for said in said_of:
        found.setdefault(said.party, []).append(said)
    return [(party, told) for party, told in found.items() if told]


_PICTURE, _TEXT = (900, 840), 13.0
"""The size of the map and of the text in it, in pixels: 7.3 points on A4, where it is as wide as the page."""


@dataclass(frozen=True)
class _Picture:
    svg: Markup
    shown: int
    left_out: list[str]


def _picture(report: Report, palette: Palette) -> _Picture | None:
    """The acts of the map as a picture, as many as have room; None where there is none.

    How things belong together is told in words: with that, most of the lines would not be acts.
    """
    from markupsafe import Markup

    facts = {fact.id for fact in report.facts}
    relationships = (part for part in graph_parts(report.network.rows) if isinstance(part, ResultRelationship))
    parts = [part for part in relationships if part.properties.get("fact") in facts]
    if not parts:
        return None
    network = to_networkx(Result(("act",), tuple((part,) for part in parts)))
    shown, left_out = fitting(network, _PICTURE, _TEXT)
    svg = draw(shown, palette, size=_PICTURE, text=_TEXT, link=lambda fact: f"#fact-{anchor(fact)}")
    return _Picture(Markup(svg), len(shown), left_out)  # noqa: S704 - every text in it is escaped


_PARTS = {
    "in-short": "In short",
    "map": "Map",
    "standing": "Standing",
    "timeline": "Timeline",
    "beside": "Said by others",
    "parties": "Parties",
    "issues": "Issues",
    "acts": "Every act",
    "documents": "Documents",
    "index": "Index",
    "texts": "Source texts",
}
"""The parts of the page that there can be, by the names of their places."""


def _parts(report: Report, *, has_picture: bool) -> list[tuple[str, str]]:
    there = {
        "map": has_picture,
        "standing": report.items,
        "timeline": report.facts,
        "beside": report.said_of,
        "parties": report.parties,
        "issues": report.issues,
        "acts": report.facts,
        "documents": report.documents,
        "index": report.groups,
        "texts": report.texts is not None,
    }
    return [(place, name) for place, name in _PARTS.items() if there.get(place, True)]


_OUTSIDE_ANCHORS = re.compile(r"[^\w.-]")


def anchor(identity: str) -> str:
    """An id as a part of the name of a place on the page."""
    return _OUTSIDE_ANCHORS.sub(lambda found: f"~{ord(found[0]):x}~", identity)


def web_address(address: str | None) -> str | None:
    """An address that a page may link to: of the web, and nothing that only looks like it."""
    if not address or visible(address) != address or re.search(r"\s", address):
        return None
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    return address if parts.scheme in ("http", "https") and parts.hostname else None


def many(count: int, one: str, several: str = "") -> str:
    """`1 act`, `2 acts`, `4,000 acts`."""
    return f"{count:,} {one if count == 1 else several or f'{one}s'}"


def telling(item: Item) -> list[Stand]:
    """What to say in short of where the parties stand: the few words of who did more than answer; nothing where they are many."""
    stands = [stand for put in item.puts for stand in put.stands if stand.parties and stand.standing not in _SILENT]
    return stands if len(stands) <= _MOST_STANDS else []


def ways(items: Iterable[tuple[str, str, str]]) -> list[tuple[str, list[tuple[str, str]]]]:
    """The items that are tied to an issue by how they are, in words; each by its id and its name."""
    found: dict[str, list[tuple[str, str]]] = {}
    for way, id_, name in items:
        found.setdefault(_WAYS.get(way, way), []).append((id_, name))
    return list(found.items())


def other_sides(fact: FactDetail) -> list[str]:
    """For whom the speakers of a fact speak, where these are others than they themselves and the actors."""
    known = {one.id for one in (*fact.speakers, *fact.by)}
    return [side.name for side in fact.sides if side.id not in known]
