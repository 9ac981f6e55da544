"""Use: every entry is referred to, and every item was put on the table."""

from __future__ import annotations

from collections.abc import Iterator

from negograph.checks.subject import ITEMS, Subject
from negograph.model.model import FACT
from negograph.problems.problem import Problem


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
