"""Ids and names: every id is well formed and means one entry, no two names are alike, and one dataset is described."""

import re
import unicodedata
from collections.abc import Iterator

from negograph.checks.subject import Subject
from negograph.problems.problem import Position, Problem
from negograph.seeds.entries import Entry
from negograph.seeds.index import names_of
from negograph.text.characters import JOINERS, named, scripts, skeleton

_ID = re.compile(r"\w[\w.-]*")


def one_dataset(subject: Subject) -> Iterator[Problem]:
    """One dataset is described, once, and its id is well formed."""
    datasets = [dataset for file in subject.files for dataset in file.datasets]
    if not datasets and not any(file.names_dataset for file in subject.files):
        message = "no file says which dataset this is; add `dataset: {id: my-dataset, title: ...}` to seeds/dataset.yaml"
        yield Problem(Position("seeds", 1, 1), "missing-dataset", message)
    for second in datasets[1:]:
        first = datasets[0].position
        message = f"the dataset is described already, in {first}; keep one of the two"
        yield Problem(second.position, "duplicate-id", message, first)
    for dataset in datasets:
        if dataset.id:
            yield from _form_of_id(dataset.id, dataset.id_position)


def well_formed_ids(subject: Subject) -> Iterator[Problem]:
    """Every id is well formed."""
    for entry in subject.index.by_id.values():
        yield from _form_of_id(entry.id, entry.places["id"])


def former_ids(subject: Subject) -> Iterator[Problem]:
    """No former id is in use, unless that entry has a former id too: two that change places, or a chain."""
    index = subject.index
    for entry in index.by_id.values():
        for number, former in enumerate(entry.formerly):
            place, live = entry.places[f"formerly.{number}"], index.by_id.get(former)
            if live is entry:
                message = f"{former!r} is the id of this entry itself; take it out of `formerly`"
                yield Problem(place, "former-id-in-use", message)
            elif live is not None and not live.formerly:
                its = live.places["id"]
                message = f"{former!r} is the id of the {live.label} in {its} today; take it out of `formerly`, or rename that"
                yield Problem(place, "former-id-in-use", message, its)
            elif live is None and (other := index.by_former_id[former])[1] != place:
                message = (
                    f"{other[0].id!r} had the id {former!r} too, says {other[1]}; take it out where that rename was loaded before"
                )
                yield Problem(place, "former-id-in-use", message, other[1])


def distinct_ids(subject: Subject) -> Iterator[Problem]:
    """Every id stands for one entry, and looks like no other."""
    index = subject.index
    alike: dict[str, Entry] = {}
    for entry in index.entries:
        first = index.by_id[entry.id]
        if first is not entry:
            yield _taken(entry, first)
            continue
        other = alike.setdefault(skeleton(entry.id), entry)
        if other is not entry:
            place = other.places["id"]
            message = f"{entry.id!r} looks like the id {other.id!r} in {place}; use one, or make them differ more"
            yield Problem(entry.places["id"], "look-alike-id", message, place)


def _taken(entry: Entry, first: Entry) -> Problem:
    other = first.places["id"]
    code, message = "two-kinds", f"the id {entry.id!r} is that of the {first.label} in {other}; give one of them another id"
    if entry.label == first.label:
        code = "duplicate-id"
        message = f"another {entry.label} has the id {entry.id!r}, in {other}; ids are unique: give one another id"
    return Problem(entry.places["id"], code, message, other)


def distinct_names(subject: Subject) -> Iterator[Problem]:
    """No two entries of a kind go by the same name."""
    owners: dict[tuple[str, str], tuple[Entry, Position]] = {}
    for entry in subject.index.entries:
        for name, place in names_of(entry):
            owner, first = owners.setdefault((entry.label, name.casefold()), (entry, place))
            if owner is not entry and owner.id != entry.id:
                message = f"{name!r} is a name of {owner.id!r} too, in {first}; make the names differ"
                yield Problem(place, "ambiguous-name", message, first)
                break


def _form_of_id(identity: str, place: Position) -> Iterator[Problem]:
    """What is wrong with the characters of an id, if anything."""
    if identity.isascii() and _ID.fullmatch(identity):
        return
    bare = "".join(letter for letter in identity if letter.isascii() or not unicodedata.category(letter).startswith("M"))
    if joiner := JOINERS.search(identity):
        message = f"the character {named(joiner[0])} cannot be seen; delete it"
        yield Problem(Position(place.file, place.line, place.column + joiner.start()), "invisible-character", message)
    elif not _ID.fullmatch(bare):
        message = f"{identity!r} is no id; use letters, digits, - and _, such as nato-offer"
        yield Problem(place, "bad-id", message)
    elif len(found := scripts(identity)) > 1:
        foreign = next(letter for letter in identity if scripts(letter) == [found[1]])
        message = f"{identity!r} mixes {' and '.join(found)} letters: {foreign!r} is {named(foreign)}; retype it in one script"
        yield Problem(place, "mixed-script-id", message)
