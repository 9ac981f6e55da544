"""Repeats: facts that say the same as another, or the opposite."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from itertools import product

from negograph.checks.subject import Subject
from negograph.problems.problem import Problem
from negograph.seeds.acts import ACTUAL, Act
from negograph.seeds.attribution import ALLEGED, attribution
from negograph.seeds.records import Record


def duplicates(subject: Subject) -> Iterator[Problem]:
    """No two facts say the same."""
    first: dict[str, Record] = {}
    for act in subject.acts:
        other = first.setdefault(_said_by(act), act.record)
        if other is not act.record and other.id != act.record.id:
            place = other.places["id"]
            message = f"{act.record.id!r} says the same as {other.id!r} in {place}; keep one, with the evidence of both"
            yield Problem(act.record.places["id"], "duplicate-fact", message, place)


def _said_by(act: Act) -> str:
    """What an act says: equal for two that say the same."""
    days = f"{act.date.first}/{act.date.last}" if act.date else ""
    to = [link.target for link in act.to]
    return "\0".join((act.action.name, _set(act.by), _set(to), _set(act.what), days, act.speaker or "", act.modality))


def _set(ids: list[str]) -> str:
    """The ids whatever their order."""
    return ids[0] if len(ids) == 1 else ",".join(sorted(set(ids)))


def contradictions(subject: Subject) -> Iterator[Problem]:
    """No party accepts and rejects the same thing on the same day, not counting what others say it did."""
    answers: dict[tuple[str, str, date, date], list[Act]] = defaultdict(list)
    for act in subject.acts:
        if act.action.effect in ("accepts", "rejects") and act.modality == ACTUAL and act.date is not None:
            for party, item in product(act.by, act.what):
                answers[party, item, act.date.first, act.date.last].append(act)
    told: set[str] = set()
    for (party, item, *_), acts in answers.items():
        own = [act for act in acts if not _alleged(subject, act)] if len(acts) > 1 else []
        for act in own[1:]:
            first = own[0]
            if act.action.effect != first.action.effect and act.record.id not in told:
                told.add(act.record.id)
                place = first.record.places["id"]
                message = (
                    f"{party!r} {act.action.words} {item!r} here and {first.action.words} it in {first.record.id!r} in {place}, "
                    "on the same day; look the evidence up"
                )
                yield Problem(act.record.places["id"], "contradiction", message, place)


def _alleged(subject: Subject, act: Act) -> bool:
    known = act.speaker is None or act.speaker in subject.entries.by_id
    return known and attribution(act.record, subject.entries.by_id) == ALLEGED
