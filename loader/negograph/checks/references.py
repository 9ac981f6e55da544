"""Ids, names and references over all files: every id means one entry, and every reference names one."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter

from negograph.checks.subject import ITEMS, Subject
from negograph.model.model import BODY, BY, CONCERNS, FACT, PARTICIPANTS, PARTY, SIGNED, TO, WHAT
from negograph.problems.problem import Position, Problem
from negograph.seeds.entries import Entry, Reference
from negograph.seeds.index import EntryIndex, names_of
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
        if dataset.id and not _is_plain(dataset.id):
            yield from _form_of_id(dataset.id, dataset.id_position)


def well_formed_ids(subject: Subject) -> Iterator[Problem]:
    """Every id is well formed."""
    for entry in subject.index.by_id.values():
        if not _is_plain(entry.id):
            yield from _form_of_id(entry.id, entry.place("id"))


def former_ids(subject: Subject) -> Iterator[Problem]:
    """No former id is in use, unless that entry has a former id too: two that change places, or a chain."""
    index = subject.index
    for entry in index.by_id.values():
        for number, former in enumerate(entry.formerly):
            place, live = entry.place(f"formerly.{number}"), index.by_id.get(former)
            if live is entry:
                message = f"{former!r} is the id of this entry itself; take it out of `formerly`"
                yield Problem(place, "former-id-in-use", message)
            elif live is not None and not live.formerly:
                its = live.place("id")
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
            place = other.place("id")
            message = f"{entry.id!r} looks like the id {other.id!r} in {place}; use one, or make them differ more"
            yield Problem(entry.place("id"), "look-alike-id", message, place)


def _taken(entry: Entry, first: Entry) -> Problem:
    other = first.place("id")
    code, message = "two-kinds", f"the id {entry.id!r} is that of the {first.label} in {other}; give one of them another id"
    if entry.label == first.label:
        code = "duplicate-id"
        message = f"another {entry.label} has the id {entry.id!r}, in {other}; ids are unique: give one another id"
    return Problem(entry.place("id"), code, message, other)


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


def _is_plain(identity: str) -> bool:
    return identity.isascii() and _ID.fullmatch(identity) is not None


def _form_of_id(identity: str, place: Position) -> Iterator[Problem]:
    """What is wrong with the characters of an id that is not plain, if anything."""
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


def known_references(subject: Subject) -> Iterator[Problem]:
    """Every reference names an entry, of a kind that its key and, for a fact, its action allow.

    Nothing is said of ids that could not be read, nor of kinds of which an entry lacks its id: that was said where they stand.
    """
    index, model = subject.index, subject.model
    hidden = {identity for file in subject.files for identity in file.hidden}
    hidden |= {re.sub(r"[^\w.-]", "", identity) for identity in index.by_id}  # what those with other characters are meant to be
    without_id = {label for file in subject.files for label in file.without_id}
    for entry in index.entries:
        action = model.actions.get(str(entry.properties.get("action"))) if entry.label == FACT else None
        roles = {BY: action.by, TO: action.to, WHAT: action.what} if action else {}
        edges = model.edges_by_key[entry.label]
        for reference in entry.references:
            target = index.by_id.get(reference.target)
            edge = edges[reference.key]
            if target is None:
                if reference.target not in hidden and without_id.isdisjoint(edge.to):
                    yield _unknown(index, entry, reference)
                continue
            allowed = roles.get(reference.key, edge.to)
            if (target.label in edge.to and target.label in allowed) or index.has_twin(target, allowed):
                continue
            of, can = (f" of {action.name!r}", allowed) if action and target.label in edge.to else ("", edge.to)
            message = f"{reference.target!r} is of the kind {target.label}; {reference.key!r}{of} can name {' or '.join(can)}"
            yield Problem(entry.place_at(reference.at), "wrong-kind", message, target.place("id"))


def _unknown(index: EntryIndex, entry: Entry, reference: Reference) -> Problem:
    place = entry.place_at(reference.at)
    if (renamed := index.by_former_id.get(reference.target)) is not None:
        message = f"{reference.target!r} was renamed to {renamed[0].id!r}, says {renamed[1]}; write {renamed[0].id!r}"
        return Problem(place, "renamed-id", message, renamed[1])
    return Problem(place, "unknown-id", f"no entry has the id {reference.target!r}{index.hint(reference.target)}")


def cycles(subject: Subject) -> Iterator[Problem]:
    """No entry comes back to itself by references of a kind that has a direction."""
    by_key: dict[str, dict[str, dict[str, Reference]]] = defaultdict(dict)
    owned = subject.model.edges_by_key
    acyclic = {label: {edge.key for edge in edges.values() if edge.acyclic} for label, edges in owned.items()}
    for entry in subject.index.by_id.values():
        for reference in entry.references if acyclic[entry.label] else ():
            if reference.key in acyclic[entry.label]:
                if reference.target == entry.id:
                    message = f"{entry.id!r} stands in its own {reference.key!r}; write the entry that is meant"
                    yield Problem(entry.place_at(reference.at), "self-reference", message)
                else:
                    by_key[reference.key].setdefault(entry.id, {})[reference.target] = reference
    for key, references in by_key.items():
        yield from _cycles(subject, key, references)


def _cycles(subject: Subject, key: str, references: dict[str, dict[str, Reference]]) -> Iterator[Problem]:
    """Each round once, at the reference of its first entry; that one is left out for finding the next."""
    while True:
        try:
            TopologicalSorter(references).prepare()
        except CycleError as error:
            targets_first: list[str] = error.args[1]
            around = targets_first[:0:-1]
            begin = min(range(len(around)), key=lambda index: subject.index.by_id[around[index]].position)
            around = around[begin:] + around[:begin]
            reference = references[around[0]].pop(around[1])
            place = subject.index.by_id[around[0]].place_at(reference.at)
            message = f"{key!r} leads back to where it began: {' → '.join([*around, around[0]])}; take one of these out"
            yield Problem(place, "cycle", message)
        else:
            return


def signed_twice(subject: Subject) -> Iterator[Problem]:
    """An item furthers an issue, or hinders it, or is only about it."""
    for entry in subject.index.entries:
        if entry.label in ITEMS:
            first: dict[str, Reference] = {}
            of_issues = (reference for reference in entry.references if reference.key in (*SIGNED, CONCERNS))
            for reference in sorted(of_issues, key=lambda reference: reference.at):
                other = first.setdefault(reference.target, reference)
                if other.key != reference.key:
                    place, before = entry.place_at(reference.at), entry.place_at(other.at)
                    message = f"{reference.target!r} stands under `{other.key}` too, in {before}; take one of the two out"
                    yield Problem(place, "signed-twice", message, before)


def participants_of_no_body(subject: Subject) -> Iterator[Problem]:
    """Only what others put things to has participants."""
    for entry in subject.index.entries:
        if entry.label == PARTY and entry.properties.get("kind") != BODY and (there := entry.targets(PARTICIPANTS)):
            place = next(entry.place_at(reference.at) for reference in entry.references if reference.key == PARTICIPANTS)
            instead = f"write `kind: {BODY}`, or `member_of: {entry.id}` in {there[0]!r}"
            message = f"{entry.id!r} has participants and is no body; {instead}"
            yield Problem(place, "not-a-body", message)


def unused(subject: Subject) -> Iterator[Problem]:
    """Entries that nothing refers to, and items that nobody put on the table."""
    entries = subject.index.entries
    used = {reference.target for entry in entries for reference in entry.references if reference.target != entry.id}
    for entry in entries:
        if entry.label == FACT:
            continue
        if entry.id not in used:
            message = f"no entry refers to the {entry.label} {entry.id!r}; refer to it, or take it out"
            yield Problem(entry.place("id"), "unused", message)
        elif entry.label in ITEMS and not any(whole in subject.put_forward for whole in subject.wholes(entry.id)):
            message = f"nobody puts {entry.id!r} on the table: no fact proposes, offers or demands it, no document sets it out"
            yield Problem(entry.place("id"), "never-put-forward", message)
