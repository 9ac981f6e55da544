"""The acts that facts report, with their parts at hand, and whose word they are. Retracted facts report none."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

import msgspec

from negograph.model.dates import DateRange
from negograph.model.model import ACCORDING_TO, BY, EVIDENCE, FACT, SPEAKS_FOR, TO, WHAT, Action, Model
from negograph.problems.problem import Position
from negograph.seeds.records import Link, Record

ACTUAL, DENIED = "actual", "denied"
OWN, ALLEGED, REPORTED = "own", "alleged", "reported"


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
    parts: dict[str, list[Link]] = defaultdict(list)
    for link in record.links:
        parts[link.key].append(link)
    by, what, speakers, documents = ([link.target for link in parts[key]] for key in (BY, WHAT, ACCORDING_TO, EVIDENCE))
    modality = str(record.properties.get("modality", ACTUAL))
    return Act(record, action, by, parts[TO], what, speakers[0] if speakers else None, documents, date_of(record), modality)


def date_of(record: Record) -> DateRange | None:
    """The date of an entry, if it has one."""
    date = record.properties.get("date")
    return date if isinstance(date, DateRange) else None


def attribution(record: Record, by_id: Mapping[str, Record]) -> str:
    """Whose word a fact is: the actor's own, another's (alleged), or, where nobody is named, the source's (reported).

    Of a joint act one actor's word is not the other's: it is own only if the speaker belongs to every actor.
    """
    speakers = record.targets(ACCORDING_TO)
    if not speakers:
        return REPORTED
    belongs_to = {speakers[0], *by_id[speakers[0]].targets(SPEAKS_FOR)}
    return OWN if belongs_to.issuperset(record.targets(BY)) else ALLEGED
