"""Ids: every id is well formed, means one entry, and looks like no other."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from negograph.checks.subject import Subject
from negograph.problems.problem import Position, Problem
from negograph.seeds.index import Entries
from negograph.seeds.records import Record
from negograph.text.characters import JOINERS, named, scripts, skeleton

_ID = re.compile(r"\w[\w.-]*")


def well_formed_ids(subject: Subject) -> Iterator[Problem]:
    """Every id is well formed."""
    for record in subject.entries.by_id.values():
        if (problem := form_of_id(record.id, record.places["id"])) is not None:
            yield problem


def former_ids(subject: Subject) -> Iterator[Problem]:
    """No former id is in use."""
    for record in subject.entries.by_id.values():
        for number, former in enumerate(record.formerly):
            yield from _former_id(subject.entries, record, former, record.places[f"formerly.{number}"])


def distinct_ids(subject: Subject) -> Iterator[Problem]:
    """Every id stands for one entry, and looks like no other."""
    entries = subject.entries
    alike: dict[str, Record] = {}
    for record in entries.records:
        first = entries.by_id[record.id]
        if first is not record:
            yield _taken(record, first)
            continue
        other = alike.setdefault(skeleton(record.id), record)
        if other is not record:
            place = other.places["id"]
            message = f"{record.id!r} looks like the id {other.id!r} in {place}; use one, or make them differ more"
            yield Problem(record.places["id"], "look-alike-id", message, place)


def _taken(record: Record, first: Record) -> Problem:
    place, other = record.places["id"], first.places["id"]
    if record.label == first.label:
        message = f"another {record.label} has the id {record.id!r}, in {other}; ids are unique: give one another id"
        return Problem(place, "duplicate-id", message, other)
    message = f"the id {record.id!r} is that of the {first.label} in {other}; give one of them another id"
    return Problem(place, "two-kinds", message, other)


def meant_ids(entries: Entries) -> set[str]:
    """The ids that those with characters that no id has are probably meant to be."""
    return {re.sub(r"[^\w.-]", "", identity) for identity in entries.by_id if not _ID.fullmatch(identity)}


def form_of_id(identity: str, place: Position) -> Problem | None:
    """What is wrong with the characters of an id, if anything."""
    if identity.isascii() and _ID.fullmatch(identity):
        return None
    if joiner := JOINERS.search(identity):
        message = f"the character {named(joiner[0])} cannot be seen; delete it"
        where = Position(place.file, place.line, place.column + joiner.start())
        return Problem(where, "invisible-character", message)
    bare = "".join(letter for letter in identity if letter.isascii() or not unicodedata.category(letter).startswith("M"))
    if not _ID.fullmatch(bare):
        message = f"{identity!r} is no id; use letters, digits, - and _, such as nato-offer"
        return Problem(place, "bad-id", message)
    if not identity.isascii() and len(found := scripts(identity)) > 1:
        foreign = next(letter for letter in identity if scripts(letter) == [found[1]])
        message = f"{identity!r} mixes {' and '.join(found)} letters: {foreign!r} is {named(foreign)}; retype it in one script"
        return Problem(place, "mixed-script-id", message)
    return None


def _former_id(entries: Entries, record: Record, former: str, place: Position) -> Iterator[Problem]:
    """A former id is nobody's today, unless that entry has a former id too: two that change places, or a chain."""
    live = entries.by_id.get(former)
    if live is record:
        yield Problem(place, "former-id-in-use", f"{former!r} is the id of this entry itself; take it out of `formerly`")
    elif live is not None and not live.formerly:
        message = (
            f"{former!r} is the id of the {live.label} in {live.places['id']} today; take it out of `formerly`, or rename that"
        )
        yield Problem(place, "former-id-in-use", message, live.places["id"])
    elif live is None and (other := entries.by_former_id[former])[1] != place:
        message = f"{other[0].id!r} had the id {former!r} too, says {other[1]}; take it out where that rename was loaded before"
        yield Problem(place, "former-id-in-use", message, other[1])
