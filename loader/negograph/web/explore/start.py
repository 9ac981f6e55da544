"""The first view: who takes part, and what is on the table and where each party stands on it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from negograph.database.exploring import Acting
from negograph.graph.words import PUT, UNANSWERED
from negograph.operations.explore import Explored
from negograph.render.text import standing_in_words, words
from negograph.web.explore.table import pick_of

RECIPE = "standing"
"""The recipe whose answer the first view is made of."""

_NEEDED = ("item", "put_forward_by", "item_is", "party", "standing", "said_by", "since")

_SIDES = {"accept": "for", "support": "for", "adopt": "for", "oppose": "against", "reject": "against", "refuse": "against"}


@dataclass(frozen=True)
class Stand:
    """Where a party stands on an item, in words, whose word that is, and what is looked at by a click on it."""

    party: str
    says: str
    side: str
    word: str
    date: str
    pick: str


@dataclass(frozen=True)
class Item:
    """A proposal or demand, what is said of it as a whole, and where the parties stand that answered, and those that did not."""

    name: str
    said: str
    pick: str
    stands: tuple[Stand, ...]
    open: tuple[Stand, ...]


@dataclass(frozen=True)
class Party:
    """A party, how many acts it has done, in words, and what is looked at by a click on it."""

    name: str
    acts: str
    pick: str


def parties_of(parties: Iterable[Acting]) -> list[Party]:
    """The parties as the first view shows them."""
    return [Party(party.name, _acts(party), f"node:{quote(party.id, safe='')}") for party in parties]


def _acts(party: Acting) -> str:
    acts = f"{party.acts} {'act' if party.acts == 1 else 'acts'}" if party.acts else ""
    return ", ".join(filter(None, (acts, f"{party.alleged} alleged" if party.alleged else "")))


def items_of(explored: Explored) -> list[Item] | None:
    """The items in an answer of the recipe, by the day on which they were put forward; None where its columns are others."""
    if not set(_NEEDED) <= set(explored.answer.columns):
        return None
    found: dict[str, list[tuple[dict[str, Any], tuple[str, ...]]]] = {}
    for row, facts in zip(explored.answer.rows, explored.facts, strict=True):
        told = dict(zip(explored.answer.columns, row, strict=True))
        found.setdefault(str(told["item"]), []).append((told, facts))
    first = {name: min(words(told["since"]) or "9" for told, _ in rows) for name, rows in found.items()}
    return [_item(explored, name, found[name]) for name in sorted(found, key=lambda name: (first[name], name))]


def _item(explored: Explored, name: str, rows: list[tuple[dict[str, Any], tuple[str, ...]]]) -> Item:
    told = rows[0][0]
    data = explored.network.nodes[name] if explored.network is not None and name in explored.network else {}
    own = next((row for row, _ in rows if row["standing"] == "put forward"), told)
    parts = [
        str(data.get("kind") or "").capitalize(),
        f"by {words(told['put_forward_by'])}" if told["put_forward_by"] else "",
        words(own.get("date") or own["since"]),
        standing_in_words(words(told["item_is"])) if told["item_is"] != "put forward" else "",
    ]
    return Item(
        name,
        " · ".join(filter(None, parts)),
        f"node:{quote(str(data.get('id') or name), safe='')}",
        tuple(_stand(explored, row, facts) for row, facts in rows if row["standing"] not in (UNANSWERED, PUT)),
        tuple(_stand(explored, row, facts) for row, facts in rows if row["standing"] == UNANSWERED),
    )


def _stand(explored: Explored, told: dict[str, Any], facts: tuple[str, ...]) -> Stand:
    standing, said_by = words(told["standing"]), words(told["said_by"])
    condition = f" {words(told.get('condition'))}" if told.get("condition") else ""
    denied = f"; denied by {words(told['denied_by'])}" if told.get("denied_by") else ""
    as_ = f" (as {words(told['as'])})" if told.get("as") else ""
    hedge = "by implication: " if told.get("implied") else ""
    says = f"{hedge}{standing}{condition}" + (f" ({said_by})" if said_by else "") + denied
    word = next((explored.acts[fact].attribution for fact in facts if fact in explored.acts), "")
    plain = standing.removeprefix("said to ")
    side = next((side for verb, side in _SIDES.items() if plain.startswith(verb)), "")
    return Stand(words(told["party"]) + as_, says, side, word, words(told.get("date")), pick_of(facts))
