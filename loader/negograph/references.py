"""Ids, names and references over all files: every id means one entry, and every reference names one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from negograph.characters import JOINERS, named, scripts, skeleton
from negograph.model import BY, FACT, TO, WHAT, Action, EdgeType, Model
from negograph.problems import Position, Problem, nearest
from negograph.records import Link, Record

_ID = re.compile(r"\w[\w.-]*")


class Entries:
    """All entries by id, former id and name. Where several have the same, the first counts."""

    def __init__(self, records: Iterable[Record]) -> None:
        self.records = tuple(records)
        self.by_id: dict[str, Record] = {}
        for record in self.records:
            self.by_id.setdefault(record.id, record)

    @cached_property
    def by_former_id(self) -> dict[str, tuple[Record, Position]]:
        """Who had an id before, and where that is written."""
        found: dict[str, tuple[Record, Position]] = {}
        for record in self.records:
            for number, former in enumerate(record.formerly):
                found.setdefault(former, (record, record.places[f"formerly.{number}"]))
        return found

    @cached_property
    def by_name(self) -> dict[str, str]:
        """The id of each entry by its names and aliases, case folded."""
        found: dict[str, str] = {}
        for record in self.records:
            for name, _ in names_of(record):
                found.setdefault(name.casefold(), record.id)
        return found

    def has_twin(self, record: Record, labels: Iterable[str]) -> bool:
        """Whether another entry, of one of these kinds, has the same id; that is a problem of its own."""
        return any((record.id, label) in self._ids_of_kinds for label in labels)

    def find(self, word: str) -> str | None:
        """The id of the entry that a word means: by its id, or else by a name, an alias or an id in any case."""
        if word in self.by_id or word in self.by_former_id:
            return word
        return self.by_name.get(word.casefold()) or self._by_word.get(word.casefold())

    @cached_property
    def _ids_of_kinds(self) -> set[tuple[str, str]]:
        return {(record.id, record.label) for record in self.records}

    @cached_property
    def _by_word(self) -> dict[str, str]:
        return {**self.by_name, **{identity.casefold(): identity for identity in self.by_id}}

    @cached_property
    def _by_skeleton(self) -> dict[str, str]:
        return {skeleton(identity): identity for identity in reversed(self.by_id)}

    @cached_property
    def hint(self) -> Callable[[str], str]:
        """What ends a message about a word that is no id: which id is meant. Remembers what it said of a word."""
        said: dict[str, str] = {}

        def hint(word: str) -> str:
            if word not in said:
                said[word] = self._hint(word)
            return said[word]

        return hint

    def _hint(self, word: str) -> str:
        if (meant := self.by_name.get(word.casefold())) is not None:
            return f"; it is a name of {meant!r}: write the id"
        if (alike := self._by_skeleton.get(skeleton(word))) is not None:
            foreign = next((letter for letter, own in zip(word, alike, strict=False) if letter != own), "")
            why = f", and the letter {named(foreign)} looks like another" if foreign and not foreign.isascii() else ""
            return f"; did you mean {alike!r}?{why}"
        near = nearest(word, self._by_word)
        if near is None:
            return "; add the entry, or write the id of another"
        is_like_the_id = nearest(word, {near.casefold(): near}) is not None
        return f"; did you mean {near!r}{'' if is_like_the_id else f' ({self.by_id[near].name})'}?"


@dataclass(frozen=True)
class Mention:
    """A place where an id is written, and as what."""

    position: Position
    role: str


def mentions(entries: Entries, identity: str) -> list[Mention]:
    """Where an id is defined, and everything that refers to it, by file and line."""
    found: list[Mention] = []
    for record in entries.records:
        if record.id == identity:
            found.append(
                Mention(record.places["id"], f"{record.label} {record.id}" + (f" ({record.name})" if record.name else ""))
            )
        for number, former in enumerate(record.formerly):
            if former == identity:
                found.append(Mention(record.places[f"formerly.{number}"], f"formerly of {record.label} {record.id}"))
        found += [
            Mention(link.position, f"{link.key} of {record.label} {record.id}")
            for link in record.links
            if link.target == identity
        ]
    return sorted(found, key=lambda mention: mention.position)


def names_of(record: Record) -> Iterator[tuple[str, Position]]:
    """The name and the aliases of an entry, each with its place."""
    if record.name:
        yield record.name, record.places["name"]
    aliases = record.properties.get("aliases")
    if isinstance(aliases, tuple):
        for number, alias in enumerate(aliases):
            yield alias, record.places[f"aliases.{number}"]


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
