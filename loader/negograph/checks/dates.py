"""Dates: nothing is answered before it was put forward, and nothing is reported before it happened."""

from __future__ import annotations

from collections.abc import Iterator

from negograph.checks.subject import ITEMS, Beginning, Subject
from negograph.model.dates import DateRange
from negograph.model.model import FACT, RESPONDS_TO
from negograph.problems.problem import Position, Problem
from negograph.seeds.acts import ACTUAL, DENIED, date_of

_ANSWERS = ("accepts", "rejects", "answers", "leaves_unanswered", "withdraws")


def early_answers(subject: Subject) -> Iterator[Problem]:
    """Answers before what they answer. What is only planned or conditional may answer what is still to come."""
    known: dict[str, tuple[DateRange, Position] | None] = {}
    for act in subject.acts:
        if act.date is None or act.action.effect not in _ANSWERS or act.modality not in (ACTUAL, DENIED):
            continue
        for target in act.what:
            if target not in known:
                known[target] = _beginning(subject, target)
            begun = known[target]
            if begun is not None and act.date.last < begun[0].first:
                message = (
                    f"{act.record.id!r} is dated {act.date.text}, but {target!r}, which it answers, was not put forward before "
                    f"{begun[0].text}, says {begun[1]}; mend one of the dates"
                )
                yield Problem(act.date_place, "before-answered", message, begun[1])
                break


def _beginning(subject: Subject, identity: str) -> tuple[DateRange, Position] | None:
    """Since when there is something to answer: the earliest date of what put an item or a document forward, and its place."""
    record = subject.record(identity)
    begun: list[Beginning] = []
    if record is not None and record.label in ITEMS:
        begun = [found for whole in subject.wholes(identity) for found in subject.put_forward.get(whole, ())]
    elif record is not None:
        begun = [(date_of(record), record.places.get("date", record.position))]
    return min(((date, place) for date, place in begun if date is not None), default=None)


def late_facts(subject: Subject) -> Iterator[Problem]:
    """Facts after the document that reports them. What is planned or conditional may lie in the future."""
    reported = {
        record.id: date for record in subject.entries.by_id.values() if record.label != FACT and (date := date_of(record))
    }
    for act in subject.acts:
        if act.date is None or act.modality not in (ACTUAL, DENIED):
            continue
        for target in act.documents:
            if target in reported and reported[target].last < act.date.first:
                place = subject.entries.by_id[target].places["date"]
                message = (
                    f"{act.record.id!r} is dated {act.date.text}, after {target!r}, which reports it and is dated "
                    f"{reported[target].text} in {place}; mend one of the dates"
                )
                yield Problem(act.date_place, "after-reported", message, place)
                break


def early_documents(subject: Subject) -> Iterator[Problem]:
    """Documents before those that they answer."""
    for record in subject.entries.records:
        if record.label == FACT:
            continue
        date = date_of(record)
        for target in record.targets(RESPONDS_TO):
            other = subject.record(target)
            answered = date_of(other) if other else None
            if date and other and answered and date.last < answered.first:
                place = other.places["date"]
                message = (
                    f"{record.id!r} is dated {date.text}, before {target!r}, which it answers and which is dated {answered.text}"
                )
                yield Problem(record.places["date"], "before-answered", f"{message} in {place}; mend one of the dates", place)
