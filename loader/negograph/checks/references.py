"""Ids, names and references over all files: every id means one entry, and every reference names one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from negograph.model.model import BY, FACT, TO, WHAT, Action, EdgeType, Model
from negograph.problems.problem import Position, Problem
from negograph.seeds.index import Entries, names_of
from negograph.seeds.records import Link, Record
from negograph.text.characters import JOINERS, named, scripts, skeleton

_ID = re.compile(r"\w[\w.-]*")


def check_ids(entries: Entries) -> Iterator[Problem]:
    """Every id is well formed, and no former id is in use."""
    for record in entries.by_id.values():
        if (problem := form_of_id(record.id, record.places["id"])) is not None:
            yield problem
        for number, former in enumerate(record.formerly):
            yield from _former_id(entries, record, former, record.places[f"formerly.{number}"])


def check_distinct(entries: Entries) -> Iterator[Problem]:
    """Every id stands for one entry, and looks like no other."""
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


def check_names(entries: Entries) -> Iterator[Problem]:
    """No two entries of a kind go by the same name."""
    owners: dict[tuple[str, str], tuple[Record, Position]] = {}
    for record in entries.records:
        for name, place in names_of(record):
            owner, first = owners.setdefault((record.label, name.casefold()), (record, place))
            if owner is not record and owner.id != record.id:
                message = f"{name!r} is a name of {owner.id!r} too, in {first}; make the names differ"
                yield Problem(place, "ambiguous-name", message, first)
                break


def check_references(entries: Entries, model: Model, hidden: set[str], without_id: set[str]) -> Iterator[Problem]:
    """Every reference names an entry, of a kind that its key and, for a fact, its action allow.

    Said of `hidden` ids, and of kinds of which an entry lacks its id, is nothing: that was said where they stand.
    """
    for record in entries.records:
        action = model.actions.get(str(record.properties.get("action"))) if record.label == FACT else None
        roles = {BY: action.by, TO: action.to, WHAT: action.what} if action else {}
        edges = model.edges_by_key(record.label)
        for link in record.links:
            target = entries.by_id.get(link.target)
            edge = edges[link.key]
            if target is None:
                if link.target not in hidden and without_id.isdisjoint(edge.to):
                    yield _unknown(entries, link)
                continue
            allowed = roles.get(link.key, edge.to)
            if (target.label in edge.to and target.label in allowed) or entries.has_twin(target, allowed):
                continue
            if target.label not in edge.to or action is None:
                yield _wrong_kind(target, link, edge)
            else:
                yield _wrong_role(target, link, action)


def _unknown(entries: Entries, link: Link) -> Problem:
    if (renamed := entries.by_former_id.get(link.target)) is not None:
        message = f"{link.target!r} was renamed to {renamed[0].id!r}, says {renamed[1]}; write {renamed[0].id!r}"
        return Problem(link.position, "renamed-id", message, renamed[1])
    return Problem(link.position, "unknown-id", f"no entry has the id {link.target!r}{entries.hint(link.target)}")


def _wrong_kind(target: Record, link: Link, edge: EdgeType) -> Problem:
    message = f"{link.target!r} is of the kind {target.label}; {link.key!r} can name {' or '.join(edge.to)}"
    return Problem(link.position, "wrong-kind", message, target.places["id"])


def _wrong_role(target: Record, link: Link, action: Action) -> Problem:
    allowed = " or ".join(getattr(action, link.key))
    message = f"{link.target!r} is of the kind {target.label}; {link.key!r} of {action.name!r} can name {allowed}"
    return Problem(link.position, "wrong-kind", message, target.places["id"])
