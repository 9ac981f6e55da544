"""Cycles: members, parts, answers and counters that come back to themselves, and parties that act on themselves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter

from negograph.checks.subject import Subject
from negograph.problems.problem import Problem
from negograph.seeds.records import Link


def cycles(subject: Subject) -> Iterator[Problem]:
    """No entry comes back to itself by references of a kind that has a direction."""
    by_key: dict[str, dict[str, dict[str, Link]]] = defaultdict(dict)
    acyclic = {label: {edge.key for edge in subject.model.edges_of(label) if edge.acyclic} for label in subject.model.nodes}
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


def acts_on_oneself(subject: Subject) -> Iterator[Problem]:
    """No party acts towards itself."""
    for act in subject.acts:
        for link in act.to:
            if link.target in act.by:
                message = f"{link.target!r} stands in `by` and in `to`; a party does not act towards itself: take one out"
                yield Problem(link.position, "self-reference", message)
