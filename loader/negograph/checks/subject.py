"""What is checked: the entries of all files and the model, with what several checks look at."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from negograph.model.kinds import DateRange
from negograph.model.model import DEMAND, FACT, PART_OF, PROPOSAL, SETS_OUT, Model
from negograph.problems.problem import Position
from negograph.seeds.entries import DENIED, Act, FileEntries, acts_of, date_of
from negograph.seeds.index import EntryIndex

ITEMS = (PROPOSAL, DEMAND)


@dataclass(frozen=True)
class Subject:
    """The files, their entries, and the model."""

    files: tuple[FileEntries, ...]
    index: EntryIndex
    model: Model

    @cached_property
    def acts(self) -> list[Act]:
        """The acts that the facts report which are not retracted."""
        return [act for act in acts_of(self.index.entries, self.model) if not act.entry.retracted]

    @cached_property
    def put_forward(self) -> dict[str, list[tuple[DateRange | None, Position]]]:
        """When, if dated, and at which place each item was put on the table, by a fact or by a document that sets it out."""
        found: dict[str, list[tuple[DateRange | None, Position]]] = defaultdict(list)
        for act in self.acts:
            if act.action.effect == "puts_forward" and act.modality != DENIED:
                for item in act.what:
                    found[item].append((act.date, act.date_place))
        for entry in self.index.entries:
            for item in entry.targets(SETS_OUT) if entry.label != FACT else ():
                found[item].append((date_of(entry), entry.place("date", "id")))
        return found

    def wholes(self, identity: str) -> Iterator[str]:
        """An item, what it is part of, what that is part of, and so on; each once."""
        seen: set[str] = set()
        waiting = [identity]
        while waiting:
            current = waiting.pop()
            if current not in seen and (entry := self.index.by_id.get(current)) is not None:
                seen.add(current)
                waiting += entry.targets(PART_OF)
                yield current
