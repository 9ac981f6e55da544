"""References: every one names an entry of a kind that may stand there, none leads back in a cycle, and every entry has one."""

import re
from collections import defaultdict
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter

from negograph.checks.subject import ITEMS, Subject
from negograph.model.model import BY, FACT, TO, WHAT
from negograph.problems.problem import Problem
from negograph.seeds.entries import Reference
from negograph.seeds.index import EntryIndex


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
                    yield _unknown(index, reference)
                continue
            allowed = roles.get(reference.key, edge.to)
            if (target.label in edge.to and target.label in allowed) or index.has_twin(target, allowed):
                continue
            of, can = (f" of {action.name!r}", allowed) if action and target.label in edge.to else ("", edge.to)
            message = f"{reference.target!r} is of the kind {target.label}; {reference.key!r}{of} can name {' or '.join(can)}"
            yield Problem(reference.position, "wrong-kind", message, target.places["id"])


def _unknown(index: EntryIndex, reference: Reference) -> Problem:
    if (renamed := index.by_former_id.get(reference.target)) is not None:
        message = f"{reference.target!r} was renamed to {renamed[0].id!r}, says {renamed[1]}; write {renamed[0].id!r}"
        return Problem(reference.position, "renamed-id", message, renamed[1])
    return Problem(reference.position, "unknown-id", f"no entry has the id {reference.target!r}{index.hint(reference.target)}")


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
                    yield Problem(reference.position, "self-reference", message)
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
            message = f"{key!r} leads back to where it began: {' → '.join([*around, around[0]])}; take one of these out"
            yield Problem(reference.position, "cycle", message)
        else:
            return


def unused(subject: Subject) -> Iterator[Problem]:
    """Entries that nothing refers to, and items that nobody put on the table."""
    entries = subject.index.entries
    used = {reference.target for entry in entries for reference in entry.references if reference.target != entry.id}
    for entry in entries:
        if entry.label == FACT:
            continue
        if entry.id not in used:
            message = f"no entry refers to the {entry.label} {entry.id!r}; refer to it, or take it out"
            yield Problem(entry.places["id"], "unused", message)
        elif entry.label in ITEMS and not any(whole in subject.put_forward for whole in subject.wholes(entry.id)):
            message = f"nobody puts {entry.id!r} on the table: no fact proposes, offers or demands it, no document sets it out"
            yield Problem(entry.places["id"], "never-put-forward", message)
