"""References: every one names an entry of a kind that may stand there."""

from __future__ import annotations

from collections.abc import Iterator

from negograph.checks.ids import meant_ids
from negograph.checks.subject import Subject
from negograph.model.model import BY, FACT, TO, WHAT, Action, EdgeType
from negograph.problems.problem import Problem
from negograph.seeds.index import Entries
from negograph.seeds.records import Link, Record


def known_references(subject: Subject) -> Iterator[Problem]:
    """Every reference names an entry, of a kind that its key and, for a fact, its action allow.

    Nothing is said of ids that could not be read, nor of kinds of which an entry lacks its id: that was said where they stand.
    """
    entries, model = subject.entries, subject.model
    hidden = {identity for file in subject.files for identity in file.hidden} | meant_ids(entries)
    without_id = {label for file in subject.files for label in file.without_id}
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
