"""References: every one names an entry of a kind that may stand there, none leads back in a cycle, and every entry has one."""

import re
from collections import defaultdict
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter

from negograph.checks.subject import ITEMS, Subject
from negograph.model.model import BY, FACT, TO, WHAT
from negograph.problems.problem import Problem
from negograph.seeds.index import Entries
from negograph.seeds.records import Link


def known_references(subject: Subject) -> Iterator[Problem]:
    """Every reference names an entry, of a kind that its key and, for a fact, its action allow.

    Nothing is said of ids that could not be read, nor of kinds of which an entry lacks its id: that was said where they stand.
    """
    entries, model = subject.entries, subject.model
    hidden = {identity for file in subject.files for identity in file.hidden}
    hidden |= {re.sub(r"[^\w.-]", "", identity) for identity in entries.by_id}  # what those with other characters are meant to be
    without_id = {label for file in subject.files for label in file.without_id}
    for record in entries.records:
        action = model.actions.get(str(record.properties.get("action"))) if record.label == FACT else None
        roles = {BY: action.by, TO: action.to, WHAT: action.what} if action else {}
        edges = model.edges_by_key[record.label]
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
            of, can = (f" of {action.name!r}", allowed) if action and target.label in edge.to else ("", edge.to)
            message = f"{link.target!r} is of the kind {target.label}; {link.key!r}{of} can name {' or '.join(can)}"
            yield Problem(link.position, "wrong-kind", message, target.places["id"])


def _unknown(entries: Entries, link: Link) -> Problem:
    if (renamed := entries.by_former_id.get(link.target)) is not None:
        message = f"{link.target!r} was renamed to {renamed[0].id!r}, says {renamed[1]}; write {renamed[0].id!r}"
        return Problem(link.position, "renamed-id", message, renamed[1])
    return Problem(link.position, "unknown-id", f"no entry has the id {link.target!r}{entries.hint(link.target)}")


def cycles(subject: Subject) -> Iterator[Problem]:
    """No entry comes back to itself by references of a kind that has a direction."""
    by_key: dict[str, dict[str, dict[str, Link]]] = defaultdict(dict)
    owned = subject.model.edges_by_key
    acyclic = {label: {edge.key for edge in edges.values() if edge.acyclic} for label, edges in owned.items()}
    for record in subject.entries.by_id.values():
        for link in record.links if acyclic[record.label] else ():
            if link.key in acyclic[record.label]:
                if link.target == record.id:
                    message = f"{record.id!r} stands in its own {link.key!r}; write the entry that is meant"
                    yield Problem(link.position, "self-reference", message)
                else:
                    by_key[link.key].setdefault(record.id, {})[link.target] = link
    for key, links in by_key.items():
        yield from _cycles(subject, key, links)


def _cycles(subject: Subject, key: str, links: dict[str, dict[str, Link]]) -> Iterator[Problem]:
    """Each round once, at the reference of its first entry; that one is left out for finding the next."""
    while True:
        try:
            TopologicalSorter(links).prepare()
        except CycleError as error:
            targets_first: list[str] = error.args[1]
            around = targets_first[:0:-1]
            begin = min(range(len(around)), key=lambda index: subject.entries.by_id[around[index]].position)
            around = around[begin:] + around[:begin]
            link = links[around[0]].pop(around[1])
            message = f"{key!r} leads back to where it began: {' → '.join([*around, around[0]])}; take one of these out"
            yield Problem(link.position, "cycle", message)
        else:
            return


def unused(subject: Subject) -> Iterator[Problem]:
    """Entries that nothing refers to, and items that nobody put on the table."""
    records = subject.entries.records
    used = {link.target for record in records for link in record.links if link.target != record.id}
    for record in records:
        if record.label == FACT:
            continue
        if record.id not in used:
            message = f"no entry refers to the {record.label} {record.id!r}; refer to it, or take it out"
            yield Problem(record.places["id"], "unused", message)
        elif record.label in ITEMS and not any(whole in subject.put_forward for whole in subject.wholes(record.id)):
            message = f"nobody puts {record.id!r} on the table: no fact proposes, offers or demands it, no document sets it out"
            yield Problem(record.places["id"], "never-put-forward", message)
