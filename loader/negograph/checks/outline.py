"""What the other files have to know of a file, so that they can be checked without reading its facts again.

Entries that others name stand in an outline in full. Of a fact, which mostly nothing names, there is what shows whether it
repeats or contradicts another.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import msgspec

from negograph.checks.consistency import Act, Beginning, acts_of, answers_by, put_forward_by, said_by
from negograph.model.model import FACT, Model
from negograph.problems.problem import Problem
from negograph.seeds.records import Dataset, FileRecords, Record
from negograph.text.characters import skeleton


class Outline(msgspec.Struct, frozen=True, array_like=True):
    """A file without most of its facts.

    `facts` are the ids of the facts that `entries` lacks, `looks` what these look like, `begun` since when they put items on
    the table, `targets` what they name, `quotes` how many quotes they have by document. `said` is what all facts of the file
    say, `accepted` and `rejected` whom they have answer what and when.
    """

    datasets: tuple[Dataset, ...]
    entries: tuple[Record, ...]
    problems: tuple[Problem, ...]
    hidden: tuple[str, ...]
    without_id: tuple[str, ...]
    names_dataset: bool
    facts: tuple[str, ...]
    looks: tuple[str, ...]
    said: tuple[str, ...]
    accepted: tuple[str, ...]
    rejected: tuple[str, ...]
    begun: dict[str, Beginning]
    targets: tuple[str, ...]
    quotes: dict[str, int]

    def without_facts(self) -> FileRecords:
        """The file as if it had no other entries than those that stand here."""
        return FileRecords(self.datasets, self.entries, self.problems, self.hidden, self.without_id, self.names_dataset)


def outline_of(file: FileRecords, model: Model) -> Outline:
    """The outline of what a file holds."""
    tied = {edge.key for edge in model.edges_of(FACT) if edge.acyclic}
    entries: list[Record] = []
    facts: list[Record] = []
    for record in file.records:
        named = record.label != FACT or record.formerly or any(link.key in tied for link in record.links)
        (entries if named else facts).append(record)
    acts = acts_of(file.records, model)
    ids = {record.id for record in facts}
    begun = put_forward_by(act for act in acts if act.record.id in ids)
    return Outline(
        *(file.datasets, tuple(entries), file.problems, file.hidden, file.without_id, file.names_dataset),
        facts=tuple(record.id for record in facts),
        looks=tuple(skeleton(record.id) for record in facts),
        said=tuple(map(said_by, acts)),
        accepted=_answers(acts, "accepts"),
        rejected=_answers(acts, "rejects"),
        begun={item: _earliest(beginnings) for item, beginnings in begun.items()},
        targets=tuple({link.target for record in facts for link in record.links}),
        quotes=dict(Counter(link.target for record in facts for link in record.links if link.quote_position is not None)),
    )


def _answers(acts: Iterable[Act], effect: str) -> tuple[str, ...]:
    return tuple(answer for act in acts if act.action.effect == effect for answer in answers_by(act))


def _earliest(beginnings: list[Beginning]) -> Beginning:
    dated = [(date, place) for date, place in beginnings if date is not None]
    return min(dated) if dated else beginnings[0]


def all_distinct(outlines: Sequence[Outline]) -> bool:
    """Whether no two entries have one id or look alike, no two facts say the same, and none may contradict another."""
    entries = [record for outline in outlines for record in outline.entries]
    ids = [*(record.id for record in entries), *(identity for outline in outlines for identity in outline.facts)]
    looks = [*(skeleton(record.id) for record in entries), *(look for outline in outlines for look in outline.looks)]
    said = [statement for outline in outlines for statement in outline.said]
    accepted = {answer for outline in outlines for answer in outline.accepted}
    return (
        all(len(set(values)) == len(values) for values in (ids, looks, said))
        and accepted.isdisjoint(answer for outline in outlines for answer in outline.rejected)
        and set(ids).isdisjoint(former for record in entries for former in record.formerly)
    )


def all_shown(outlines: Sequence[Outline]) -> bool:
    """Whether nothing names a fact that the outlines do not show."""
    entries = [record for outline in outlines for record in outline.entries]
    named = {target for outline in outlines for target in outline.targets}
    named.update(link.target for record in entries for link in record.links)
    return named.issubset(record.id for record in entries)
