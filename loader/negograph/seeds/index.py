"""The entries of all files by id, former id and name, and where each is referred to."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property

from negograph.problems.problem import Position, nearest
from negograph.seeds.entries import Entry
from negograph.text.characters import named, skeleton


class EntryIndex:
    """All entries by id, former id and name. Where several have the same, the first counts."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.entries = tuple(entries)
        self.by_id: dict[str, Entry] = {}
        for entry in self.entries:
            self.by_id.setdefault(entry.id, entry)

    @cached_property
    def by_former_id(self) -> dict[str, tuple[Entry, Position]]:
        """Who had an id before, and where that is written."""
        found: dict[str, tuple[Entry, Position]] = {}
        for entry in self.entries:
            for number, former in enumerate(entry.formerly):
                found.setdefault(former, (entry, entry.place(f"formerly.{number}")))
        return found

    @cached_property
    def by_name(self) -> dict[str, str]:
        """The id of each entry by its names and aliases, case folded."""
        found: dict[str, str] = {}
        for entry in self.entries:
            for name, _ in names_of(entry):
                found.setdefault(name.casefold(), entry.id)
        return found

    def has_twin(self, entry: Entry, labels: Iterable[str]) -> bool:
        """Whether another entry, of one of these kinds, has the same id; that is a problem of its own."""
        return any((entry.id, label) in self._ids_of_kinds for label in labels)

    def find(self, word: str) -> str | None:
        """The id of the entry that a word means: by its id, or else by a name, an alias or an id in any case."""
        if word in self.by_id or word in self.by_former_id:
            return word
        return self.by_name.get(word.casefold()) or self._by_word.get(word.casefold())

    @cached_property
    def _ids_of_kinds(self) -> set[tuple[str, str]]:
        return {(entry.id, entry.label) for entry in self.entries}

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


def mentions(index: EntryIndex, identity: str) -> list[Mention]:
    """Where an id is defined, and everything that refers to it, by file and line."""
    found = (mention for entry in index.entries for name, mention in _mentions_in(entry) if name == identity)
    return sorted(found, key=lambda mention: mention.position)


def _mentions_in(entry: Entry) -> Iterator[tuple[str, Mention]]:
    """Every id that is written in an entry, with its place."""
    shown = f"{entry.label} {entry.id}"
    yield entry.id, Mention(entry.place("id"), f"{shown} ({entry.name})" if entry.name else shown)
    for number, former in enumerate(entry.formerly):
        yield former, Mention(entry.place(f"formerly.{number}"), f"formerly of {shown}")
    for reference in entry.references:
        yield reference.target, Mention(entry.place_at(reference.at), f"{reference.key} of {shown}")


def names_of(entry: Entry) -> Iterator[tuple[str, Position]]:
    """The name and the aliases of an entry, each with its place."""
    if entry.name:
        yield entry.name, entry.place("name")
    aliases = entry.properties.get("aliases")
    if isinstance(aliases, tuple):
        for number, alias in enumerate(aliases):
            yield alias, entry.place(f"aliases.{number}")
