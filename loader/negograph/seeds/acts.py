"""The acts that facts report, with their parts at hand. Retracted facts report none."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from negograph.model.dates import DateRange
from negograph.model.model import ACCORDING_TO, BY, EVIDENCE, FACT, TO, WHAT, Action, Model
from negograph.problems.problem import Position
from negograph.seeds.records import Link, Record

ACTUAL, DENIED = "actual", "denied"


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
        """Where its date is written, or the fact where it has none."""
        return self.record.places.get("date", self.record.position)


def acts_of(records: Iterable[Record], model: Model) -> list[Act]:
    """The acts that the facts among some records report."""
    return [act for record in records if (act := _act(record, model)) is not None]


def _act(record: Record, model: Model) -> Act | None:
    action = model.actions.get(str(record.properties.get("action")))
    if record.label != FACT or action is None or record.retracted:
        return None
    act = Act(record, action, [], [], [], None, [], date_of(record), str(record.properties.get("modality", ACTUAL)))
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


def date_of(record: Record) -> DateRange | None:
    """The date of an entry, if it has one."""
    date = record.properties.get("date")
    return date if isinstance(date, DateRange) else None
