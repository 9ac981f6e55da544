"""What is well formed and cannot be so: rounds, impossible orders of dates, facts that contradict or repeat each other.

Retracted facts take no part: the curator has said already that they are wrong.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from typing import TypeAlias

import msgspec

from negograph.model.dates import DateRange
from negograph.model.model import (
    ACCORDING_TO,
    BY,
    DEMAND,
    EVIDENCE,
    FACT,
    PART_OF,
    PROPOSAL,
    RESPONDS_TO,
    SETS_OUT,
    TO,
    WHAT,
    Action,
    Model,
)
from negograph.problems.problem import Position, Problem
from negograph.seeds.attribution import ALLEGED, attribution
from negograph.seeds.index import Entries
from negograph.seeds.records import Link, Record

ACTUAL, DENIED = "actual", "denied"
_ANSWERS = ("accepts", "rejects", "answers", "leaves_unanswered", "withdraws")
_ITEMS = (PROPOSAL, DEMAND)


class Act(msgspec.Struct):
    """A fact that is not retracted, and its parts."""

    record: Record
    action: Action
    by: list[str]
    to: list[Link]
    what: list[str]
    speaker: str | None
    documents: list[str]
    date: DateRange | None
    modality: str

    @property
    def date_place(self) -> Position:
        return self.record.places.get("date", self.record.position)


Beginning: TypeAlias = tuple[DateRange | None, Position]
"""When an item was put on the table, if that is dated, and where it is written."""


class Sense:
    """The entries with what the checks below share; `elsewhere` are items that facts besides these put on the table."""

    def __init__(self, entries: Entries, model: Model, elsewhere: Mapping[str, Iterable[Beginning]]) -> None:
        self.entries = entries
        self.model = model
        self.elsewhere = elsewhere
        self._beginnings: dict[str, tuple[DateRange, Position] | None] = {}
        self.acts = acts_of(entries.records, model)

    def record(self, identity: str) -> Record | None:
        return self.entries.by_id.get(identity)

    @cached_property
    def put_forward(self) -> dict[str, list[Beginning]]:
        """When each item was put on the table, by a fact or by a document that sets it out, and where that is written."""
        found = put_forward_by(self.acts)
        for item, beginnings in self.elsewhere.items():
            found[item].extend(beginnings)
        for record in self.entries.records:
            for item in record.targets(SETS_OUT) if record.label != FACT else ():
                found[item].append((_date_of(record), record.places.get("date", record.places["id"])))
        return found

    def beginning(self, identity: str) -> tuple[DateRange, Position] | None:
        """Since when there is something to answer: the earliest date of what put an item or a document forward, and its place."""
        if identity not in self._beginnings:
            record = self.record(identity)
            begun: list[Beginning] = []
            if record is not None and record.label in _ITEMS:
                begun = [found for whole in self.wholes(identity) for found in self.put_forward.get(whole, ())]
            elif record is not None:
                begun = [(_date_of(record), record.places.get("date", record.position))]
            self._beginnings[identity] = min(((date, place) for date, place in begun if date is not None), default=None)
        return self._beginnings[identity]

    def wholes(self, identity: str) -> Iterator[str]:
        """An item, what it is part of, what that is part of, and so on; each once."""
        seen: set[str] = set()
        waiting = [identity]
        while waiting:
            current = waiting.pop()
            if current not in seen and (record := self.record(current)) is not None:
                seen.add(current)
                waiting += record.targets(PART_OF)
                yield current


def check_sense(sense: Sense) -> Iterator[Problem]:
    """Everything that cannot be so, whatever else is wrong, but for what two facts say."""
    yield from _rounds(sense)
    yield from _acts_on_themselves(sense)
    yield from _too_early(sense)
    yield from _too_late(sense)
    yield from _early_documents(sense)


def check_agreement(sense: Sense) -> Iterator[Problem]:
    """Facts that say the same as another, or the opposite."""
    yield from _duplicates(sense)
    yield from _contradictions(sense)


def check_use(sense: Sense, used_elsewhere: Iterable[str] = ()) -> Iterator[Problem]:
    """Entries that nothing refers to, and items that nobody put on the table; sound only where there are no errors."""
    used = {*used_elsewhere, *_used(sense)}
    for record in sense.entries.records:
        if record.label == FACT:
            continue
        if record.id not in used:
            message = f"no entry refers to the {record.label} {record.id!r}; refer to it, or take it out"
            yield Problem(record.places["id"], "unused", message)
        elif record.label in _ITEMS and not any(whole in sense.put_forward for whole in sense.wholes(record.id)):
            message = f"nobody puts {record.id!r} on the table: no fact proposes, offers or demands it, no document sets it out"
            yield Problem(record.places["id"], "never-put-forward", message)


def _used(sense: Sense) -> Iterator[str]:
    return (link.target for record in sense.entries.records for link in record.links if link.target != record.id)


def acts_of(records: Iterable[Record], model: Model) -> list[Act]:
    """The acts that the facts among some records report."""
    return [act for record in records if (act := _act(record, model)) is not None]


def put_forward_by(acts: Iterable[Act]) -> dict[str, list[Beginning]]:
    """When acts put each item on the table, and where that is written."""
    found: dict[str, list[Beginning]] = defaultdict(list)
    for act in acts:
        if act.action.effect == "puts_forward" and act.modality != DENIED:
            for item in act.what:
                found[item].append((act.date, act.date_place))
    return found


def said_by(act: Act) -> str:
    """What an act says: equal for two that say the same."""
    days = f"{act.date.first}/{act.date.last}" if act.date else ""
    to = [link.target for link in act.to]
    return "\0".join((act.action.name, _set(act.by), _set(to), _set(act.what), days, act.speaker or "", act.modality))


def answers_by(act: Act) -> list[str]:
    """What an act accepts or rejects, by whom and on what day: equal for two acts that do."""
    if act.action.effect not in ("accepts", "rejects") or act.modality != ACTUAL or act.date is None:
        return []
    return [f"{party}\0{item}\0{act.date.first}/{act.date.last}" for party in act.by for item in act.what]


def _act(record: Record, model: Model) -> Act | None:
    action = model.actions.get(str(record.properties.get("action")))
    if record.label != FACT or action is None or record.retracted:
        return None
    act = Act(record, action, [], [], [], None, [], _date_of(record), str(record.properties.get("modality", ACTUAL)))
    for link in record.links:
        if link.key == BY:
            act.by.append(link.target)
        elif link.key == TO:
            act.to.append(link)
        elif link.key == WHAT:
            act.what.append(link.target)
        elif link.key == EVIDENCE:
            act.documents.append(link.target)
        elif link.key == ACCORDING_TO:
            act.speaker = link.target
    return act


def _date_of(record: Record) -> DateRange | None:
    date = record.properties.get("date")
    return date if isinstance(date, DateRange) else None


def _rounds(sense: Sense) -> Iterator[Problem]:
    """Members, parts, answers and counters that come back to themselves."""
    by_key: dict[str, dict[str, dict[str, Link]]] = defaultdict(dict)
    acyclic = {label: {edge.key for edge in sense.model.edges_of(label) if edge.acyclic} for label in sense.model.nodes}
    for record in sense.entries.by_id.values():
        for link in record.links if acyclic[record.label] else ():
            if link.key in acyclic[record.label]:
                if link.target == record.id:
                    message = f"{record.id!r} stands in its own {link.key!r}; write the entry that is meant"
                    yield Problem(link.position, "self-reference", message)
                else:
                    by_key[link.key].setdefault(record.id, {})[link.target] = link
    for key, links in by_key.items():
        yield from _cycles(sense, key, links)


def _cycles(sense: Sense, key: str, links: dict[str, dict[str, Link]]) -> Iterator[Problem]:
    """Each round once, at the reference of its first entry; that one is left out for finding the next."""
    while True:
        try:
            TopologicalSorter(links).prepare()
        except CycleError as error:
            targets_first: list[str] = error.args[1]
            around = targets_first[:0:-1]
            begin = min(range(len(around)), key=lambda index: sense.entries.by_id[around[index]].position)
            around = around[begin:] + around[:begin]
            link = links[around[0]].pop(around[1])
            message = f"{key!r} leads back to where it began: {' → '.join([*around, around[0]])}; take one of these out"
            yield Problem(link.position, "cycle", message)
        else:
            return


def _acts_on_themselves(sense: Sense) -> Iterator[Problem]:
    for act in sense.acts:
        for link in act.to:
            if link.target in act.by:
                message = f"{link.target!r} stands in `by` and in `to`; a party does not act towards itself: take one out"
                yield Problem(link.position, "self-reference", message)


def _too_early(sense: Sense) -> Iterator[Problem]:
    """Answers before what they answer. What is only planned or conditional may answer what is still to come."""
    for act in sense.acts:
        if act.date is None or act.action.effect not in _ANSWERS or act.modality not in (ACTUAL, DENIED):
            continue
        for target in act.what:
            begun = sense.beginning(target)
            if begun is not None and act.date.last < begun[0].first:
                message = (
                    f"{act.record.id!r} is dated {act.date.text}, but {target!r}, which it answers, was not put forward before "
                    f"{begun[0].text}, says {begun[1]}; mend one of the dates"
                )
                yield Problem(act.date_place, "before-answered", message, begun[1])
                break


def _too_late(sense: Sense) -> Iterator[Problem]:
    """Facts after the document that reports them. What is planned or conditional may lie in the future."""
    reported = {record.id: date for record in sense.entries.by_id.values() if record.label != FACT and (date := _date_of(record))}
    for act in sense.acts:
        if act.date is None or act.modality not in (ACTUAL, DENIED):
            continue
        for target in act.documents:
            if target in reported and reported[target].last < act.date.first:
                place = sense.entries.by_id[target].places["date"]
                message = (
                    f"{act.record.id!r} is dated {act.date.text}, after {target!r}, which reports it and is dated "
                    f"{reported[target].text} in {place}; mend one of the dates"
                )
                yield Problem(act.date_place, "after-reported", message, place)
                break


def _early_documents(sense: Sense) -> Iterator[Problem]:
    for record in sense.entries.records:
        if record.label == FACT:
            continue
        date = _date_of(record)
        for target in record.targets(RESPONDS_TO):
            other = sense.record(target)
            answered = _date_of(other) if other else None
            if date and other and answered and date.last < answered.first:
                place = other.places["date"]
                message = (
                    f"{record.id!r} is dated {date.text}, before {target!r}, which it answers and which is dated {answered.text}"
                )
                yield Problem(record.places["date"], "before-answered", f"{message} in {place}; mend one of the dates", place)


def _duplicates(sense: Sense) -> Iterator[Problem]:
    first: dict[str, Record] = {}
    for act in sense.acts:
        other = first.setdefault(said_by(act), act.record)
        if other is not act.record and other.id != act.record.id:
            place = other.places["id"]
            message = f"{act.record.id!r} says the same as {other.id!r} in {place}; keep one, with the evidence of both"
            yield Problem(act.record.places["id"], "duplicate-fact", message, place)


def _set(ids: list[str]) -> str:
    """The ids whatever their order."""
    return ids[0] if len(ids) == 1 else ",".join(sorted(set(ids)))


def _contradictions(sense: Sense) -> Iterator[Problem]:
    """A party that accepts and rejects the same thing on the same day, not counting what others say it did."""
    answers: dict[str, list[Act]] = defaultdict(list)
    for act in sense.acts:
        for answer in answers_by(act):
            answers[answer].append(act)
    told: set[str] = set()
    for answer, acts in answers.items():
        own = [act for act in acts if not _alleged(sense, act)] if len(acts) > 1 else []
        for act in own[1:]:
            first = own[0]
            if act.action.effect != first.action.effect and act.record.id not in told:
                told.add(act.record.id)
                party, item, _ = answer.split("\0")
                place = first.record.places["id"]
                message = (
                    f"{party!r} {act.action.words} {item!r} here and {first.action.words} it in {first.record.id!r} in {place}, "
                    "on the same day; look the evidence up"
                )
                yield Problem(act.record.places["id"], "contradiction", message, place)


def _alleged(sense: Sense, act: Act) -> bool:
    known = act.speaker is None or act.speaker in sense.entries.by_id
    return known and attribution(act.record, sense.entries.by_id) == ALLEGED
