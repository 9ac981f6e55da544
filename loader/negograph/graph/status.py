"""What has become of each item: its status, by whose word, and the acts that it rests on, day by day.

The status comes from the acts towards an item by those it was addressed to, or by a group that they belong to. An act counts
from its first day on. Of a part, its whole is put forward and withdrawn with it; of a whole, its parts can be accepted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby
from typing import NamedTuple

from negograph.model.dates import DateRange
from negograph.model.model import DEMAND, MEMBER_OF, PART_OF, PARTY, PROPOSAL, Model
from negograph.seeds.acts import ACTUAL, DENIED, Act, acts_of
from negograph.seeds.attribution import ALLEGED, attribution
from negograph.seeds.records import Record

_PUT = "put forward"
_NOT_PUT, _WITHDRAWN, _UNANSWERED = "not put forward", "withdrawn", "unanswered"
_ACCEPTED, _REJECTED, _MIXED, _PARTLY = "accepted", "rejected", "accepted by some, rejected by others", "partly accepted"
_ANSWERED, _SAID_UNANSWERED = "answered, open", "open, said to be left unanswered"
_SAID_REJECTED, _SAID_ACCEPTED = "open, said to be rejected", "open, said to be accepted"

STATUSES = (
    *(_UNANSWERED, _ANSWERED, _ACCEPTED, _REJECTED, _MIXED, _PARTLY),
    *(_SAID_REJECTED, _SAID_ACCEPTED, _SAID_UNANSWERED, _WITHDRAWN, _NOT_PUT),
)
"""Every status that an item can have."""

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


def statuses(by_id: Mapping[str, Record], model: Model) -> dict[str, Status]:
    """The status of every proposal and demand, by its id. Every reference of the records names another of them."""
    words: dict[str, list[_Word]] = defaultdict(list)
    for act in acts_of(by_id.values(), model):
        for word in _words(act, by_id):
            words[word.thing].append(word)
    parts: dict[str, set[str]] = defaultdict(set)
    for record in by_id.values():
        for whole in record.targets(PART_OF):
            parts[whole].add(record.id)
    items = (record for record in by_id.values() if record.label in (PROPOSAL, DEMAND))
    return {item.id: _status(item, parts[item.id], words) for item in items}


def _words(act: Act, by_id: Mapping[str, Record]) -> Iterator[_Word]:
    """What an act says, a word for each party and thing."""
    if act.action.effect is None or act.date is None:
        return
    alleged = attribution(act.record, by_id) == ALLEGED
    says = _SAYS.get((_effect(act), alleged))
    if says is None:
        return
    addressed = [link.target for link in act.to if by_id[link.target].label == PARTY]
    groups = [group for party in addressed for group in by_id[party].targets(MEMBER_OF)]
    for party in act.by:
        if by_id[party].label == PARTY:
            name = by_id[act.speaker if alleged and act.speaker else party].name
            for thing in act.what:
                yield _Word(act.date, act.record.id, says, thing, party, name, (*addressed, *groups))


def _effect(act: Act) -> str:
    """The effect of an act as it took place: what is only planned or conditional decides nothing."""
    if act.modality == DENIED:
        return ""
    effect = str(act.action.effect)
    if act.modality != ACTUAL:
        return {"accepts": "answers", "rejects": "answers", "withdraws": ""}.get(effect, effect)
    return effect


def _status(item: Record, parts: set[str], words: Mapping[str, list[_Word]]) -> Status:
    of_wholes = (word for whole in item.targets(PART_OF) for word in words.get(whole, ()) if word.says in (_PUT, _WITHDRAWN))
    of_parts = (word for part in parts for word in words.get(part, ()) if word.says == _ACCEPTED)
    concerned = sorted([*words.get(item.id, ()), *of_wholes, *of_parts], key=_order)
    table = _Table(item.id, len(parts))
    history: list[Basis] = []
    since: dict[tuple[str, str, tuple[str, ...]], date] = {}
    for day, todays in groupby(concerned, key=lambda word: word.date.first):
        table.add(todays)
        status, basis = table.status()
        now = {(status, fact, by) for fact, by in basis.items()}
        history += (Basis(*gone, since.pop(gone), day - timedelta(days=1)) for gone in since.keys() - now)
        since.update(dict.fromkeys(now - since.keys(), day))
    status, basis = table.status()
    history += (Basis(*held, day, None) for held, day in since.items())
    history.sort(key=lambda basis: (basis.since, basis.fact, basis.status))
    return Status(status, _united(basis.values()), tuple(history))


def _order(word: _Word) -> tuple[date, date, str, str]:
    return word.date.first, word.date.last, word.fact, word.party


def _united(names: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(sorted({name for some in names for name in some}))


@dataclass
class _Table:
    """What is known of an item by some day: who put it forward to whom and when last, and what was said of it since.

    `counted` are the facts behind each thing that may be said, with the names of those whose word they are; `decided` is the
    latest decision of each party.
    """

    item: str
    parts: int
    owners: set[str] = field(default_factory=set)
    addressees: set[str] = field(default_factory=set)
    put_on: date | None = None
    puts: dict[str, tuple[str, ...]] = field(default_factory=dict)
    others: list[_Word] = field(default_factory=list)
    counted: dict[str, dict[str, tuple[str, ...]]] = field(default_factory=lambda: defaultdict(dict))
    decided: dict[str, _Word] = field(default_factory=dict)
    accepted_parts: set[str] = field(default_factory=set)
    withdrawn_on: date | None = None

    def add(self, words: Iterable[_Word]) -> None:
        """Take in what was said on one day, which is later than all others."""
        known, new = (len(self.owners), len(self.addressees)), []
        for word in words:
            if word.says == _PUT:
                self._put(word)
            else:
                new.append(word)
        self.others += new
        if known != (len(self.owners), len(self.addressees)):  # whose word counts is another question now
            self.counted.clear()
            self.decided.clear()
            self.accepted_parts.clear()
            new = self.others
        for word in new:
            self._count(word)

    def _put(self, word: _Word) -> None:
        self.owners.add(word.party)
        self.addressees.update(word.to)
        if word.date.first != self.put_on:
            self.put_on = word.date.first
            self.puts.clear()
        self.puts[word.fact] = ()

    def _count(self, word: _Word) -> None:
        says = word.says
        if says == _WITHDRAWN:
            if word.party not in self.owners:
                return
            self.withdrawn_on = max(self.withdrawn_on or word.date.last, word.date.last)
        elif word.party not in self.addressees if self.addressees else word.party in self.owners:
            return
        elif word.thing != self.item:
            says = _PARTLY
            self.accepted_parts.add(word.thing)
        elif says in (_ACCEPTED, _REJECTED):
            self.decided[word.party] = word
            return
        self.counted[says][word.fact] = _united([self.counted[says].get(word.fact, ()), (word.name,)])

    def status(self) -> tuple[str, dict[str, tuple[str, ...]]]:
        """The status, and the facts that it rests on with the names of those whose word they are."""
        if self.put_on is None:
            return _NOT_PUT, {}
        if self.withdrawn_on is not None and self.withdrawn_on >= self.put_on:
            return _WITHDRAWN, self.puts | dict.fromkeys(self.counted[_WITHDRAWN], ())
        if self.decided:
            says = {word.says for word in self.decided.values()}
            by: dict[str, list[tuple[str, ...]]] = defaultdict(list)
            for word in self.decided.values():
                by[word.fact].append((word.name,))
            return says.pop() if len(says) == 1 else _MIXED, self.puts | {fact: _united(names) for fact, names in by.items()}
        if self.accepted_parts:
            return _ACCEPTED if len(self.accepted_parts) == self.parts else _PARTLY, self.puts | self.counted[_PARTLY]
        status = next((status for status in _OPEN if self.counted[status]), _UNANSWERED)
        return status, self.puts | self.counted[status]
