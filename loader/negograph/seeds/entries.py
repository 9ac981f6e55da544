"""Entries with their values typed, plain data that checking and mapping take, and the acts that the facts among them report.

They are Structs because there are millions of them, and because what a file held can be kept and read again as it is.
"""

import sys
from collections.abc import Iterable, Iterator, Mapping
from datetime import date as day
from typing import TypeAlias

import msgspec

from negograph.model.kinds import DateRange, PropertyValue
from negograph.model.model import ACCORDING_TO, BY, EVIDENCE, FACT, ON_BEHALF_OF, SPEAKS_FOR, TO, WHAT, Action, Model
from negograph.problems.problem import Position, Problem

ACTUAL, CONDITIONAL, DENIED = "actual", "conditional", "denied"
OWN, ALLEGED, REPORTED = "own", "alleged", "reported"


_COLUMN_BITS = 20

At: TypeAlias = int
"""A line and a column in the file of an entry, in one number: there are ten million of them in large projects."""


def at(position: Position) -> At:
    """A place as entries keep it."""
    return position.line << _COLUMN_BITS | min(position.column, (1 << _COLUMN_BITS) - 1)


def position_at(file: str, at: At) -> Position:
    """A place in a file that `at` made a number of."""
    return Position(file, at >> _COLUMN_BITS, at & ((1 << _COLUMN_BITS) - 1))


class Reference(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A reference of one entry to another by a key, where it and its quote stand, and what the edge carries, if anything."""

    key: str
    target: str
    at: At
    properties: dict[str, PropertyValue] | None = None
    quote_at: At | None = None


class Entry(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """An entry whose values have the types that the model asks for. Nothing is said yet of the entries it names.

    `places` tells where in its file its values stand, by key; those of a list as `aliases.0`, those inside a mapping as
    `text.sha256`.
    """

    label: str
    id: str
    properties: dict[str, PropertyValue]
    references: tuple[Reference, ...]
    formerly: tuple[str, ...]
    file: str
    at: At
    places: dict[str, At]

    @property
    def position(self) -> Position:
        """Where it stands."""
        return self.place_at(self.at)

    def place(self, *keys: str) -> Position:
        """Where the value under the first of some keys stands that there is; where the entry does, if there is none."""
        return self.place_at(next((self.places[key] for key in keys if key in self.places), self.at))

    def place_at(self, at: At) -> Position:
        """A place in its file."""
        return position_at(self.file, at)

    @property
    def retracted(self) -> bool:
        """Whether the curator took the fact back."""
        return "retracted" in self.properties

    @property
    def name(self) -> str:
        """The name that is written in the entry; facts have none."""
        return str(self.properties.get("name", ""))

    def targets(self, key: str) -> list[str]:
        """The ids that stand under a key, in their order."""
        return [reference.target for reference in self.references if reference.key == key]


class Dataset(msgspec.Struct, frozen=True, array_like=True):
    """The curated whole that the entries belong to, and where it and its id are written.

    One that counts statements has a fact for each time that something was said.
    """

    id: str
    title: str
    position: Position
    id_position: Position
    counts_statements: bool = False


class FileEntries(msgspec.Struct, frozen=True, array_like=True):
    """What one file holds: its entries and the mistakes that can be seen without the other files.

    `hidden` are the ids of entries that could not be read or have no kind, `without_id` the kinds of the entries that have
    no id; `names_dataset` tells that a dataset is described here, be it in a way that could not be read. `digest` is that of
    its name and content; a file that could not be read has none.
    """

    datasets: tuple[Dataset, ...]
    entries: tuple[Entry, ...]
    problems: tuple[Problem, ...]
    hidden: tuple[str, ...]
    without_id: tuple[str, ...]
    names_dataset: bool
    digest: bytes = b""


class Act(msgspec.Struct):
    """What a fact reports, and its parts."""

    entry: Entry
    action: Action
    by: list[str]
    to: list[str]
    what: list[str]
    speaker: str | None
    on_behalf_of: list[str]
    documents: list[str]
    date: DateRange | None
    modality: str

    @property
    def said(self) -> DateRange | None:
        """When somebody said so, where that is written."""
        return date_of(self.entry, "said")

    @property
    def place_in_time(self) -> tuple[day, int, day, str]:
        """Orders dated acts: by the first day, within it by their turns, those without one at the end."""
        assert self.date is not None
        turn = self.entry.properties.get("turn")
        return self.date.first, turn if isinstance(turn, int) else sys.maxsize, self.date.last, self.entry.id

    @property
    def date_place(self) -> Position:
        """Where its date is written, or the fact where it has none."""
        return self.entry.place("date")


def acts_of(entries: Iterable[Entry], model: Model) -> Iterator[Act]:
    """The acts that the facts among some entries report, of those too that are retracted."""
    return (act for entry in entries if entry.label == FACT and (act := _act(entry, model)) is not None)


def _act(entry: Entry, model: Model) -> Act | None:
    action = model.actions.get(str(entry.properties.get("action")))
    if action is None:
        return None
    parts: dict[str, list[str]] = {BY: [], TO: [], WHAT: [], ACCORDING_TO: [], ON_BEHALF_OF: [], EVIDENCE: []}
    for reference in entry.references:
        if reference.key in parts:
            parts[reference.key].append(reference.target)
    by, to, what, speakers, on_behalf_of, documents = parts.values()
    modality = str(entry.properties.get("modality", ACTUAL))
    speaker = speakers[0] if speakers else None
    return Act(entry, action, by, to, what, speaker, on_behalf_of, documents, date_of(entry), modality)


def date_of(entry: Entry, key: str = "date") -> DateRange | None:
    """The date of an entry under a key, if it has one."""
    written = entry.properties.get(key)
    return written if isinstance(written, DateRange) else None


def attribution(act: Act, by_id: Mapping[str, Entry]) -> str:
    """Whose word an act is: the actor's own, another's (alleged), or, where nobody is named, the source's (reported).

    Of a joint act one actor's word is not the other's: it is own only if the speaker speaks for every actor. For whom that is
    says the act, or else the speaker's own entry.
    """
    if act.speaker is None:
        return REPORTED
    speaks_for = {act.speaker, *(act.on_behalf_of or by_id[act.speaker].targets(SPEAKS_FOR))}
    return OWN if speaks_for.issuperset(act.by) else ALLEGED


def known_from(act: Act, said: str, by_id: Mapping[str, Entry]) -> day | None:
    """The day from which an act of this attribution counts, None where it has no date.

    It is the act's first day, and for an alleged one not before somebody said so: on the first day of `said`, or where that is
    not known, of the earliest dated document of its evidence.
    """
    if act.date is None:
        return None
    if said != ALLEGED:
        return act.date.first
    documents = (date_of(by_id[document]) for document in act.documents)
    days = [act.said.first] if act.said else [written.first for written in documents if written]
    return max(act.date.first, min(days, default=act.date.first))
