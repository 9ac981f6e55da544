"""The entries of all files by id, former id and name, and where each is referred to."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property

from negograph.problems.hints import nearest
from negograph.problems.problem import Position
from negograph.seeds.records import Record
from negograph.text.characters import named, skeleton


class Entries:
    """All entries by id, former id and name. Where several have the same, the first counts."""

    def __init__(self, records: Iterable[Record]) -> None:
        self.records = tuple(records)
        self.by_id: dict[str, Record] = {}
        for record in self.records:
            self.by_id.setdefault(record.id, record)

    @cached_property
    def by_former_id(self) -> dict[str, tuple[Record, Position]]:
        """Who had an id before, and where that is written."""
        found: dict[str, tuple[Record, Position]] = {}
        for record in self.records:
            for number, former in enumerate(record.formerly):
                found.setdefault(former, (record, record.places[f"formerly.{number}"]))
        return found

    @cached_property
    def by_name(self) -> dict[str, str]:
        """The id of each entry by its names and aliases, case folded."""
        found: dict[str, str] = {}
        for record in self.records:
            for name, _ in names_of(record):
                found.setdefault(name.casefold(), record.id)
        return found

    def has_twin(self, record: Record, labels: Iterable[str]) -> bool:
        """Whether another entry, of one of these kinds, has the same id; that is a problem of its own."""
        return any((record.id, label) in self._ids_of_kinds for label in labels)

    def find(self, word: str) -> str | None:
        """The id of the entry that a word means: by its id, or else by a name, an alias or an id in any case."""
        if word in self.by_id or word in self.by_former_id:
            return word
        return self.by_name.get(word.casefold()) or self._by_word.get(word.casefold())

    @cached_property
    def _ids_of_kinds(self) -> set[tuple[str, str]]:
        return {(record.id, record.label) for record in self.records}

    @cached_property
    def _by_word(self) -> dict[str, str]:
        return {**self.by_name, **{identity.casefold(): identity for identity in self.by_id}}

    @cached_property
    def _by_skeleton(self) -> dict[str, str]:
        return {skeleton(identity): identity for identity in reversed(self.by_id)}

    @cached_property
    def hint(self) -> Callable[[str], str]:
        """What ends a message about a word that is no id: which id is meant. Remembers what it said of a word."""
        return cache(self._hint)

    def _hint(self, word: str) -> str:
        if (meant := self.by_name.get(word.casefold())) is not None:
            return f"; it is a name of {meant!r}: write the id"
        if (alike := self._by_skeleton.get(skeleton(word))) is not None:
            foreign = next((letter for letter, own in zip(word, alike, strict=False) if letter != own), "")
            why = f", and the letter {named(foreign)} looks like another" if foreign and not foreign.isascii() else ""
            return f"; did you mean {alike!r}?{why}"
        near = nearest(word, self._by_word)
        if near is None:
            return "; add the entry, or write the id of another"
        is_like_the_id = nearest(word, {near.casefold(): near}) is not None
        return f"; did you mean {near!r}{'' if is_like_the_id else f' ({self.by_id[near].name})'}?"


@dataclass(frozen=True)
class Mention:
    """A place where an id is written, and as what."""

    position: Position
    role: str


def mentions(entries: Entries, identity: str) -> list[Mention]:
    """Where an id is defined, and everything that refers to it, by file and line."""
    found = (mention for record in entries.records for name, mention in _mentions_in(record) if name == identity)
    return sorted(found, key=lambda mention: mention.position)


def _mentions_in(record: Record) -> Iterator[tuple[str, Mention]]:
    """Every id that is written in an entry, with its place."""
    entry = f"{record.label} {record.id}"
    yield record.id, Mention(record.places["id"], f"{entry} ({record.name})" if record.name else entry)
    for number, former in enumerate(record.formerly):
        yield former, Mention(record.places[f"formerly.{number}"], f"formerly of {entry}")
    for link in record.links:
        yield link.target, Mention(link.position, f"{link.key} of {entry}")


def names_of(record: Record) -> Iterator[tuple[str, Position]]:
    """The name and the aliases of an entry, each with its place."""
    if record.name:
        yield record.name, record.places["name"]
    aliases = record.properties.get("aliases")
    if isinstance(aliases, tuple):
        for number, alias in enumerate(aliases):
            yield alias, record.places[f"aliases.{number}"]
