"""Names: no two entries of a kind go by the same."""

from __future__ import annotations

from collections.abc import Iterator

from negograph.checks.subject import Subject
from negograph.problems.problem import Position, Problem
from negograph.seeds.index import names_of
from negograph.seeds.records import Record


def distinct_names(subject: Subject) -> Iterator[Problem]:
    """No two entries of a kind go by the same name."""
    owners: dict[tuple[str, str], tuple[Record, Position]] = {}
    for record in subject.entries.records:
        for name, place in names_of(record):
            owner, first = owners.setdefault((record.label, name.casefold()), (record, place))
            if owner is not record and owner.id != record.id:
                message = f"{name!r} is a name of {owner.id!r} too, in {first}; make the names differ"
                yield Problem(place, "ambiguous-name", message, first)
                break
