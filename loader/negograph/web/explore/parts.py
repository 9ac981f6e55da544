"""The parts of the page as HTML. All that others wrote is escaped, and everything in it is seen."""

from __future__ import annotations

import re
import shlex
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import jinja2
from markupsafe import Markup

from negograph.database.exploring import Acting, Listed
from negograph.database.facts import FactDetail, Named, Quote
from negograph.database.results import ResultNode
from negograph.model.model import FACT
from negograph.operations.explore import Details, Explored
from negograph.recipes.recipe import Recipe, grouped
from negograph.render.palette import Palette
from negograph.render.text import standing_in_words, words
from negograph.text.characters import visible
from negograph.web.explore.address import View, to_address
from negograph.web.explore.form import Field, missing
from negograph.web.explore.start import items_of, parties_of
from negograph.web.explore.table import WORDS, kinds_in, table_of

FILES = Path(__file__).parent / "files"

_ELSEWHERE = re.compile(r"https?://[^\s]+", re.IGNORECASE)
"""The addresses that are made links."""

_DAYS = re.compile(r"\d{4}-\d\d-\d\d(/\d{4}-\d\d-\d\d)?")

_MOST_OFFERED = 100
"""How many entries are offered to choose from, where one is needed."""

_NOT_TOLD = ("id", "name", "label", "short", "url", "aliases", "formerly", "digest", "dataset", "status", "status_by", "file")


@cache
def _templates() -> jinja2.Environment:
    files = jinja2.FileSystemLoader(FILES)
    made = jinja2.Environment(loader=files, autoescape=True, trim_blocks=True, lstrip_blocks=True, finalize=_seen)
    made.tests["day"] = _DAYS.fullmatch
    return made


def _seen(value: Any) -> Any:
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _part(name: str, **values: Any) -> str:
    return _templates().get_template(f"{name}.html.j2").render(values)


def recipes_part(recipes: Collection[Recipe], current: str) -> str:
    """The recipes by group, each with the words by which it is found."""
    groups: dict[str, list[dict[str, str]]] = {}
    for recipe in grouped(recipes):
        said = (recipe.name, recipe.title, recipe.description, *(f"{p.name} {p.help}" for p in recipe.parameters))
        told = {"words": " ".join(said).casefold(), "address": to_address(View(recipe.name))}
        groups.setdefault(recipe.group, []).append(
            {"name": recipe.name, "title": recipe.title, "description": recipe.description, **told}
        )
    return _part("recipes", groups=list(groups.items()), current=current)


def question_part(
    title: str, description: str, fields: Sequence[Field] = (), wrong: Collection[str] = (), slider: Any = None
) -> str:
    """What is asked, the form of its parameters, and the slider over the days."""
    days, at = slider or ((), 0)
    return _part("question", title=title, description=description, fields=fields, wrong=wrong, days=days, at=at)


def filters_part(explored: Explored, view: View, palette: Palette, parties: Iterable[Acting]) -> str:
    """What of an answer is shown: whose word, which kinds of nodes, and of which party."""
    kinds = [(kind, palette.node([kind, kind.capitalize()])) for kind in kinds_in(explored.network)]
    named = sorted(((party.id, party.name) for party in parties), key=lambda party: party[1])
    return _part(
        "filters",
        words=list(WORDS.items()),
        kinds=kinds,
        parties=named,
        party=view.party,
        hidden_words=view.hidden_words,
        hidden_kinds=view.hidden_kinds,
    )


def answer_part(explored: Explored, picked: str, empty: str | None = None) -> str:
    """The rows of an answer; `empty` says what it means that there is none."""
    table = table_of(explored)
    count = len(table.rows) + table.left_out
    counted = (
        f"{count} {'row' if count == 1 else 'rows'}"
        if count
        else " ".join(filter(None, ("Nothing is found.", empty and f"{empty[:1].upper()}{empty[1:]}.")))
    )
    return _part("table", table=table, picked=picked, words=WORDS, count=counted)


def choose_part(recipe: Recipe, view: View, listed: Iterable[Listed]) -> str:
    """What has to be chosen before a recipe can be asked, and what there is to choose from where that is one of a few entries."""
    needed = missing(recipe, view.given)
    offered = [entry for entry in listed if set(needed[0].labels) & {entry.label}]
    links = [
        {"name": entry.name, "address": to_address(replace(view, given={**view.given, needed[0].name: entry.id}))}
        for entry in offered[:_MOST_OFFERED]
    ]
    return _part("choose", needed=needed, links=links)


def start_part(explored: Explored, parties: Iterable[Acting]) -> str:
    """The parties, and the items with where each party stands; the rows where the recipe is a project's own."""
    items = items_of(explored)
    return answer_part(explored, "") if items is None else _part("start", parties=parties_of(parties), items=items)


def said_part(errors: Iterable[str] = (), notes: Iterable[str] = ()) -> str:
    """What has to be known beside an answer, or is wrong with the question."""
    lines = [f'<p class="said error">{Markup.escape(visible(error))}</p>' for error in errors]
    return "".join([*lines, *(f'<p class="said">{Markup.escape(visible(note))}</p>' for note in notes)])


def cypher_part(recipe: Recipe, explored: Explored) -> str:
    """The query of what is shown, with the lines that set its parameters, and the command that asks the same."""
    given = [f"{name}={value}" for name, value in explored.given.items()]
    command = shlex.join(["negograph", "query", recipe.name, *(part for value in given for part in ("-p", value))])
    return _part("cypher", commands=explored.commands, cypher=recipe.cypher.strip(), command=command)


def details_part(details: Details, recipes: Iterable[Recipe], lines: Sequence[str] = ()) -> str:
    """What is known of what was picked: the acts in words, whose word they are, and their quotes with their places."""
    entry = details.entry
    one = details.facts[0].name if len(details.facts) == 1 and entry is None else ""
    title = _name(entry) if entry else one or (f"{len(details.facts)} facts" if details.facts else "What joins them")
    acts = [_act(fact, details) for fact in details.facts]
    told = _entry(entry, details, recipes) if entry else None
    return _part("details", title=title, entry=told, acts=acts, lines=lines, more=details.more)


def _name(node: ResultNode) -> str:
    return str(node.properties.get("name") or node.properties.get("id"))


def _entry(node: ResultNode, details: Details, recipes: Iterable[Recipe]) -> dict[str, Any]:
    known = node.properties
    return {
        "kind": ", ".join(node.labels),
        "place": details.places.get(str(known.get("id"))),
        "told": list(_properties(known)),
        "url": _link(known.get("url")),
        "ask": [] if FACT in node.labels else _questions(node, recipes),
        "ties": [(start, type_.replace("_", " ").lower(), end) for start, type_, end in details.ties],
    }


def _properties(known: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The properties of an entry that people read: its other names, its status and whose word that is, then the others."""
    for key, says in (("aliases", "also called"), ("formerly", "former ids")):
        if known.get(key):
            yield says, words(known[key])
    if known.get("status"):
        yield "status", " – ".join(filter(None, (standing_in_words(words(known["status"])), words(known.get("status_by")))))
    for key, value in known.items():
        if key not in _NOT_TOLD and not key.endswith(("_from", "_to")) and value not in (None, ""):
            yield key.replace("_", " "), words(value)


def _questions(node: ResultNode, recipes: Iterable[Recipe]) -> list[dict[str, str]]:
    """The recipes that need nothing but an entry of this kind, or take one."""
    found = []
    for recipe in grouped(recipes):
        takes = next((p for p in recipe.parameters if set(node.labels) & set(p.labels)), None)
        if takes and all(p is takes or not p.required for p in recipe.parameters):
            given = {takes.name: str(node.properties.get("id"))}
            found.append({"title": recipe.title, "address": to_address(View(recipe.name, given))})
    return found


def _link(url: object) -> str:
    return url if isinstance(url, str) and _ELSEWHERE.fullmatch(url) else ""


def _act(fact: FactDetail, details: Details) -> dict[str, Any]:
    known = fact.properties
    return {
        "id": fact.id,
        "name": fact.name,
        "word": fact.attribution if fact.attribution in WORDS else "",
        "whose": _whose(fact),
        "told": _told(fact),
        "quotes": [_quote(fact, quote, details) for quote in fact.quotes],
        "note": words(known.get("note")),
        "place": details.places.get(fact.id),
        "ends": [_end(end) for end in dict.fromkeys((*fact.by, *fact.to, *fact.about, *fact.speakers))],
    }


def _whose(fact: FactDetail) -> str:
    """Whose word it is, in words: who says so, and for whom."""
    speakers = ", ".join(named.name for named in fact.speakers)
    sides = ", ".join(named.name for named in fact.sides)
    said_by = f"{speakers} for {sides}" if sides else speakers
    if fact.attribution == "own":
        return f"own words: {said_by}" if speakers else "own words"
    return f"said by {said_by}" if fact.attribution == "alleged" else "reported by the source"


def _told(fact: FactDetail) -> list[str]:
    known = fact.properties
    date, said = words(known.get("date")), words(known.get("said"))
    parts = [
        date,
        f"said {said}" if said and said != date else "",
        "by implication" if known.get("implied") else "",
        f"confidence {words(known.get('confidence'))}" if known.get("confidence") else "",
        words(known.get("modality")) if known.get("modality") not in (None, "actual") else "",
        f"done in {', '.join(named.name for named in fact.done_in)}" if fact.done_in else "",
    ]
    return [part for part in parts if part]


def _quote(fact: FactDetail, quoted: Quote, details: Details) -> dict[str, Any]:
    place = details.quoted.get((fact.id, quoted.document.id, quoted.words))
    told: Mapping[str, Any] = {"words": quoted.words, "document": quoted.document.name, "date": words(quoted.date)}
    return {**told, "url": _link(quoted.url), "place": place, "pick": _end(quoted.document)["pick"]}


def _end(named: Named) -> dict[str, str]:
    return {"name": named.name, "pick": f"node:{quote(named.id, safe='')}"}
