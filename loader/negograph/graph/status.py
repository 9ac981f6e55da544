"""What has become of each item: its status, by whose word, and the acts that it rests on, day by day.

The status comes from the acts towards an item by those it was addressed to, or by a group that they belong to. An act counts
from its first day on. Of a part, its whole is put forward and withdrawn with it; of a whole, its parts can be accepted.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby, takewhile
from typing import NamedTuple, TypeAlias

from negograph.model.kinds import DateRange
from negograph.model.model import DEMAND, MEMBER_OF, PART_OF, PARTY, PROPOSAL
from negograph.seeds.entries import ACTUAL, ALLEGED, DENIED, Act, Entry, attribution

_PUT = "put forward"
_NOT_PUT, _WITHDRAWN, _UNANSWERED = "not put forward", "withdrawn", "unanswered"
_ACCEPTED, _REJECTED, _MIXED, _PARTLY = "accepted", "rejected", "accepted by some, rejected by others", "partly accepted"
_ANSWERED, _SAID_UNANSWERED = "answered, open", "open, said to be left unanswered"
_SAID_REJECTED, _SAID_ACCEPTED = "open, said to be rejected", "open, said to be accepted"

_OPEN = (_SAID_REJECTED, _SAID_ACCEPTED, _ANSWERED, _SAID_UNANSWERED)
"""What an item is that nobody decided on: the first of these for which there is a word."""

STATUSES = (*_OPEN, _UNANSWERED, _ACCEPTED, _REJECTED, _MIXED, _PARTLY, _WITHDRAWN, _NOT_PUT)
"""Every status that an item can have."""

_SAYS = {
    ("puts_forward", True): _PUT,
    ("puts_forward", False): _PUT,
    ("withdraws", False): _WITHDRAWN,
    ("accepts", False): _ACCEPTED,
    ("accepts", True): _SAID_ACCEPTED,
    ("rejects", False): _REJECTED,
    ("rejects", True): _SAID_REJECTED,
    ("answers", False): _ANSWERED,
    ("leaves_unanswered", True): _SAID_UNANSWERED,
}
"""What an act says of an item, by its effect and by whether it is alleged."""

_Facts: TypeAlias = dict[str, tuple[str, ...]]
"""The facts that a status rests on, with the names of those whose word they are."""


@dataclass(frozen=True)
class Basis:
    """A fact that a status rests on, by the names of those whose word it is, from one day to another, both included."""

    status: str
    fact: str
    by: tuple[str, ...]
    since: date
    until: date | None


@dataclass(frozen=True)
class Status:
    """What has become of an item, by whose word, and all that its status rests or once rested on."""

    status: str
    by: tuple[str, ...]
    history: tuple[Basis, ...]


class _Word(NamedTuple):
    """What an act of one party says of a thing. `to` are the parties it is addressed to, and the groups these belong to."""

    date: DateRange
    fact: str
    says: str
    thing: str
    party: str
    name: str
    to: tuple[str, ...]


def statuses(by_id: Mapping[str, Entry], acts: Iterable[Act]) -> dict[str, Status]:
    """The status of every proposal and demand, by its id. Every reference of the entries names another of them."""
    words: dict[str, list[_Word]] = defaultdict(list)
    for act in acts:
        if not act.entry.retracted:
            for word in _words(act, by_id):
                words[word.thing].append(word)
    parts: dict[str, set[str]] = defaultdict(set)
    for entry in by_id.values():
        for whole in entry.targets(PART_OF):
            parts[whole].add(entry.id)
    items = (entry for entry in by_id.values() if entry.label in (PROPOSAL, DEMAND))
    return {item.id: _status(item, parts[item.id], words) for item in items}


def _words(act: Act, by_id: Mapping[str, Entry]) -> Iterator[_Word]:
    """What an act says, a word for each party and thing."""
    alleged = attribution(act, by_id) == ALLEGED
    says = _SAYS.get((_effect(act), alleged))
    if says is None or act.date is None:
        return
    addressed = [target for target in act.to if by_id[target].label == PARTY]
    groups = [group for party in addressed for group in by_id[party].targets(MEMBER_OF)]
    for party in act.by:
        if by_id[party].label == PARTY:
            name = by_id[act.speaker if alleged and act.speaker else party].name
            for thing in act.what:
                yield _Word(act.date, act.entry.id, says, thing, party, name, (*addressed, *groups))


def _effect(act: Act) -> str:
    """The effect of an act as it took place: what is only planned or conditional decides nothing."""
    if act.modality == DENIED:
        return ""
    effect = str(act.action.effect)
    undecided = {"accepts": "answers", "rejects": "answers", "withdraws": ""}
    return effect if act.modality == ACTUAL else undecided.get(effect, effect)


def _status(item: Entry, parts: set[str], words: Mapping[str, list[_Word]]) -> Status:
    of_wholes = (word for whole in item.targets(PART_OF) for word in words.get(whole, ()) if word.says in (_PUT, _WITHDRAWN))
    of_parts = (word for part in parts for word in words.get(part, ()) if word.says == _ACCEPTED)
    concerned = [*words.get(item.id, ()), *of_wholes, *of_parts]
    concerned.sort(key=lambda word: (word.date.first, word.date.last, word.fact, word.party))
    status, rests_on = _NOT_PUT, _Facts()
    history: list[Basis] = []
    since: dict[tuple[str, str, tuple[str, ...]], date] = {}
    for day, puts, counted in _day_by_day(concerned):
        status, rests_on = _status_after(puts, counted, item.id, len(parts))
        now = {(status, fact, by) for fact, by in rests_on.items()}
        history += (Basis(*gone, since.pop(gone), day - timedelta(days=1)) for gone in since.keys() - now)
        since.update(dict.fromkeys(now - since.keys(), day))
    history += (Basis(*held, day, None) for held, day in since.items())
    history.sort(key=lambda basis: (basis.since, basis.fact, basis.status))
    return Status(status, tuple(sorted({name for by in rests_on.values() for name in by})), tuple(history))


def _day_by_day(words: Iterable[_Word]) -> Iterator[tuple[date, list[_Word], list[_Word]]]:
    """Each day on which something was said, what put the item forward by then, and what counts of all else."""
    puts: list[_Word] = []
    others: list[_Word] = []
    counted: list[_Word] = []
    owners: set[str] = set()
    addressees: set[str] = set()
    for day, todays in groupby(words, key=lambda word: word.date.first):
        new: list[_Word] = []
        known = len(owners), len(addressees)
        for word in todays:
            if word.says == _PUT:
                puts.append(word)
                owners.add(word.party)
                addressees.update(word.to)
            else:
                new.append(word)
        others += new
        if known != (len(owners), len(addressees)):  # whose word counts is another question now
            counted, new = [], others
        counted += (word for word in new if _counts(word, owners, addressees))
        yield day, puts, counted


def _counts(word: _Word, owners: set[str], addressees: set[str]) -> bool:
    if word.says == _WITHDRAWN:
        return word.party in owners
    return word.party in addressees if addressees else word.party not in owners


def _status_after(puts: list[_Word], counted: list[_Word], item: str, parts: int) -> tuple[str, _Facts]:
    """The status of an item that has so many parts, and the facts that it rests on."""
    if not puts:
        return _NOT_PUT, {}
    last_put = puts[-1].date.first
    facts: _Facts = {word.fact: () for word in takewhile(lambda word: word.date.first == last_put, reversed(puts))}
    if any(word.says == _WITHDRAWN and word.date.last >= last_put for word in counted):
        return _WITHDRAWN, facts | {word.fact: () for word in counted if word.says == _WITHDRAWN}
    status, decisive = _answer(counted, item, parts)
    return status, facts | _by_fact(decisive)


def _answer(words: list[_Word], item: str, parts: int) -> tuple[str, Iterable[_Word]]:
    """What the words of those who can answer make of an item, and which of them do."""
    decided = {word.party: word for word in words if word.thing == item and word.says in (_ACCEPTED, _REJECTED)}
    if decided:
        says = {word.says for word in decided.values()}
        return says.pop() if len(says) == 1 else _MIXED, decided.values()
    of_parts = [word for word in words if word.thing != item and word.says == _ACCEPTED]
    if of_parts:
        return _ACCEPTED if len({word.thing for word in of_parts}) == parts else _PARTLY, of_parts
    status = next((status for status in _OPEN if any(word.says == status for word in words)), _UNANSWERED)
    return status, [word for word in words if word.says == status]


def _by_fact(words: Iterable[_Word]) -> _Facts:
    names: dict[str, set[str]] = defaultdict(set)
    for word in words:
        names[word.fact].add(word.name)
    return {fact: tuple(sorted(found)) for fact, found in names.items()}
