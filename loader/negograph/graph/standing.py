"""What has become of each item, party by party, day by day: where each party stands, by whose word, and on which acts it rests.

Of each party its latest word counts: first what it decided, then what another says that it decided, then any answer. A part is
put forward and withdrawn with its whole; who accepts a whole accepts its parts. What a body decides, the whole item is.
"""

from bisect import insort
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from graphlib import TopologicalSorter
from itertools import chain, groupby, takewhile
from typing import NamedTuple

from negograph.graph.words import (
    ACCEPTS,
    ACCEPTS_IF,
    ADOPTED,
    ANSWERED,
    ANSWERS,
    DECIDES,
    ENDS,
    LEAVES_UNANSWERED,
    PUT,
    PUTS,
    REFUSED,
    SAID_TO_BE_SILENT,
    SAID_TO_DECIDE,
    SILENT,
    UNANSWERED,
    WITHDRAWN,
    Sides,
    Word,
    for_a_part,
    reached,
    words_by_thing,
)
from negograph.model.model import DEMAND, PART_OF, PROPOSAL
from negograph.seeds.entries import Act, Entry

_IN_PART = "accepts in part"

OF_ITEMS = (PUT, WITHDRAWN, ADOPTED, REFUSED)
"""The standings of an item as a whole, whoever is asked."""

PASSIVE = {
    ACCEPTS: "accepted",
    ACCEPTS_IF: "accepted on a condition",
    _IN_PART: "accepted in part",
    "supports": "supported",
    "reserves": "reserved",
    "opposes": "opposed",
    "rejects": "rejected",
    ANSWERED: "answered, open",
    "said to accept": "said to be accepted",
    "said to accept if": "said to be accepted on a condition",
    "said to support": "said to be supported",
    "said to reserve": "said to be reserved",
    "said to oppose": "said to be opposed",
    "said to reject": "said to be rejected",
    "said to leave unanswered": "said to be left unanswered",
    LEAVES_UNANSWERED: "left unanswered",
    UNANSWERED: "unanswered",
}
"""Every standing that a party can have, and the status of an item towards which every party has it."""

NOT_PUT = "not put forward"

_IN_SUM = {
    **dict.fromkeys((ACCEPTS, "supports"), "for"),
    **dict.fromkeys((ACCEPTS_IF, _IN_PART), "on a condition"),
    "reserves": "reserved",
    **dict.fromkeys(("opposes", "rejects"), "against"),
}
_OPEN = "open"
"""What a standing counts as where the parties differ; all others count as open."""


class Standing(NamedTuple):
    """Where a party stands towards an item, or None the item itself: by a fact, from one day to another, both included.

    `said_by` names the one whose word it is where it is another's.
    """

    standing: str
    fact: str
    party: str | None
    said_by: str | None
    condition: str | None
    since: date
    until: date | None


@dataclass(frozen=True)
class Status:
    """What has become of an item, by whose word, and all that was and is known of where each party stands."""

    status: str
    by: tuple[str, ...]
    history: tuple[Standing, ...]


class _Row(NamedTuple):
    """A standing, and the fact that it rests on."""

    standing: str
    fact: str
    party: str | None = None
    said_by: str | None = None
    condition: str | None = None


class Items:
    """The proposals and demands among some entries, and which are part of which. Every reference names another entry."""

    def __init__(self, by_id: Mapping[str, Entry]) -> None:
        self.wholes = {
            entry.id: list(dict.fromkeys(entry.targets(PART_OF))) for entry in by_id.values() if entry.label in (PROPOSAL, DEMAND)
        }
        self.parts: dict[str, list[str]] = {id_: [] for id_ in self.wholes}
        for id_, wholes in self.wholes.items():
            for whole in wholes:
                self.parts[whole].append(id_)

    def around(self, item: str) -> tuple[list[str], list[str]]:
        """What an item is part of, and what that is part of, and so on; and its parts, and theirs."""
        return reached(item, self.wholes.__getitem__), reached(item, self.parts.__getitem__)


def statuses(by_id: Mapping[str, Entry], items: Items, acts: Iterable[Act], ids: Iterable[str]) -> dict[str, Status]:
    """The status of some items, by their ids. The acts are those about them, what they are part of, and their parts."""
    sides = Sides(by_id)
    words = words_by_thing(acts, by_id, sides)
    parts = items.parts
    smallest_first = {id_: place for place, id_ in enumerate(TopologicalSorter(parts).static_order())}
    found = {}
    for id_ in ids:
        wholes, inner = items.around(id_)
        inner.sort(key=smallest_first.__getitem__)
        concerning = _words_concerning(id_, wholes, inner, words)
        found[id_] = _status(_Course(sides, id_, {part: parts[part] for part in (*inner, id_)}), concerning)
    return found


def _words_concerning(item: str, wholes: Iterable[str], parts: Iterable[str], words: Mapping[str, list[Word]]) -> Iterator[Word]:
    """The words on an item, what those on wholes of it say of it, and what parties decided on parts of it."""
    yield from words.get(item, ())
    for whole in wholes:
        yield from filter(None, (for_a_part(word, item) for word in words.get(whole, ())))
    for part in parts:
        yield from (word for word in words.get(part, ()) if word.kind == DECIDES)


def _status(course: "_Course", words: Iterable[Word]) -> Status:
    """Take what was said of an item day by day, and keep what changes."""
    history: list[Standing] = []
    since: dict[_Row, date] = {}
    now: dict[str | None, tuple[_Row, ...]] = {}
    for day, todays in groupby(sorted(words, key=lambda word: (word.known, word.place)), key=lambda word: word.known):
        for party, rows in _evening(course, todays, now).items():
            before = now.get(party, ())
            now[party] = _kept(before, rows)
            history += (Standing(*row, since.pop(row), day - timedelta(days=1)) for row in before if row not in now[party])
            since.update({row: day for row in now[party] if row not in before})
    history += (Standing(*row, day, None) for row, day in since.items())
    history.sort(key=lambda one: (one.since, one.party or "", one.fact, one.standing, one.said_by or ""))
    status, counted = _in_words(now.pop(None, ()), [rows for rows in now.values() if rows])
    return Status(status, tuple(sorted(set(_whose(counted, course.sides)))), tuple(history))


def _evening(
    course: "_Course", words: Iterable[Word], morning: Mapping[str | None, tuple[_Row, ...]]
) -> dict[str | None, tuple[_Row, ...]]:
    """The rows after what became known on a day, of all whom it touches: one act after the other."""
    rows: dict[str | None, tuple[_Row, ...]] = {}
    for _, of_one_act in groupby(words, key=lambda word: word.place):
        for party in course.take(of_one_act):
            rows[party] = _kept(rows.get(party, morning.get(party, ())), course.rows(party))
    return rows


def _kept(before: tuple[_Row, ...], after: tuple[_Row, ...]) -> tuple[_Row, ...]:
    """The rows after an act. To say the same again changes nothing: the standing rests on the act that first said so."""
    same = len(before) == len(after) == 1 and before[0]._replace(fact="") == after[0]._replace(fact="")
    return before if same else after


def _in_words(item: tuple[_Row, ...], parties: list[tuple[_Row, ...]]) -> tuple[str, Iterable[_Row]]:
    """The status of an item in words, and what it rests on."""
    if not item:
        return NOT_PUT, ()
    if item[0].standing != PUT:
        return item[0].standing, item
    standings = {rows[0].standing for rows in parties} or {UNANSWERED}
    counted = [row for rows in parties for row in rows]
    if len(standings) == 1:
        return PASSIVE[standings.pop()], counted
    sums = Counter(_IN_SUM.get(rows[0].standing, _OPEN) for rows in parties)
    shown = dict.fromkeys([*_IN_SUM.values(), _OPEN])
    if sums.keys() == {_OPEN}:
        return _OPEN, ()
    return ", ".join(f"{word} {sums[word]}" for word in shown if sums[word]), counted


def _whose(rows: Iterable[_Row], sides: Sides) -> Iterator[str]:
    """The names of those whose words a status rests on."""
    for row in rows:
        if row.said_by is not None:
            yield row.said_by
        elif row.party is not None and row.standing != UNANSWERED:
            yield sides.names[row.party]


@dataclass
class _Course:
    """What is known of an item so far. `parts` has its parts, and theirs, each after its own parts; the item is the last.

    Of each party the latest word of each kind is kept, and the latest that decides on each part.
    """

    sides: Sides
    item: str
    parts: Mapping[str, list[str]]
    puts: list[Word] = field(default_factory=list)
    ends: list[Word] = field(default_factory=list)
    owners: set[str] = field(default_factory=set)
    asked: dict[str, Word] = field(default_factory=dict)
    invited: dict[str, Word] = field(default_factory=dict)
    said: dict[tuple[str, int], Word] = field(default_factory=dict)
    on_parts: dict[str, dict[str, Word]] = field(default_factory=lambda: defaultdict(dict))

    def take(self, words: Iterable[Word]) -> set[str | None]:
        """Take in what became known by an act; who may stand elsewhere now, and None where the item itself may."""
        touched: set[str | None] = set()
        for word in words:
            if word.kind in (PUTS, ENDS):
                insort(self.puts if word.kind == PUTS else self.ends, word, key=lambda one: one.place)
                touched.add(None)
            if word.kind == PUTS:
                touched.update(self._put(word))
            elif word.kind != ENDS:
                touched.update(self._answer(word))
        return touched

    def _put(self, word: Word) -> Iterable[str]:
        for put_to, parties in ((self.asked, word.to), (self.invited, word.through)):
            for party in parties:
                put_to[party] = max(word, put_to.get(party, word), key=lambda one: one.place)
        if word.party in self.owners:
            newly_asked = (*word.to, *word.through)
            return (*newly_asked, *(group for party in newly_asked for group in self.sides.groups[party]))
        self.owners.add(word.party)  # whose word counts is another question now
        return (*self.owners, *self.asked, *self.invited, *(party for party, _ in self.said), *self.on_parts)

    def _answer(self, word: Word) -> Iterable[str]:
        if word.thing == self.item:
            self.said[word.party, word.kind] = max(word, self.said.get((word.party, word.kind), word), key=lambda one: one.place)
        else:
            decided = self.on_parts[word.party]
            decided[word.thing] = max(word, decided.get(word.thing, word), key=lambda one: one.place)
        return word.party, *(party for party in self.sides.members[word.party] if self._put_to(party))

    def _put_to(self, party: str) -> Word | None:
        """What put the item to a party last. Who belongs to an owner is not asked through a body, for it is with the owner."""
        puts = [self.asked[party]] if party in self.asked else []
        if party in self.invited and self.owners.isdisjoint(self.sides.groups[party]):
            puts.append(self.invited[party])
        return max(puts, key=lambda one: one.place, default=None)

    def rows(self, party: str | None) -> tuple[_Row, ...]:
        """Where a party stands now, or the item itself; a row for each fact that this rests on."""
        if party in self.owners or (party is not None and self._through_members(party)):
            return ()
        return tuple(dict.fromkeys(self._of_item() if party is None else self._of_party(party)))

    def _through_members(self, party: str) -> bool:
        """Whether a group was not asked itself, but members of it were: what it says is theirs."""
        members = (member for member in self.sides.members[party] if member not in self.owners)
        return self._put_to(party) is None and any(self._put_to(member) for member in members)

    def _of_item(self) -> Iterator[_Row]:
        put = self.puts[-1] if self.puts else None
        counted = (word for word in reversed(self.ends) if word.standing != WITHDRAWN or word.party in self.owners)
        ends = (word for word in counted if put is None or not _before(word, put))
        if end := next(ends, None):
            for word in chain([end], takewhile(lambda word: word.place[0] == end.place[0], ends)):
                if word.standing == end.standing:
                    yield _Row(word.standing, word.fact, said_by=word.said_by)
        elif put is not None:
            of_the_day = [word for word in self.puts if word.place[0] == put.place[0]]
            first = {word.party: word for word in reversed(of_the_day)}
            yield from (_Row(PUT, word.fact) for word in of_the_day if first[word.party] is word)

    def _of_party(self, party: str) -> Iterator[_Row]:
        put = self._put_to(party)
        groups = [group for group in self.sides.groups[party] if group not in self.owners] if put else []
        voices = [party, *groups]
        if decided := self._latest(voices, DECIDES):
            yield self._row(decided, party)
        elif accepted := self._accepted_parts(voices):
            yield from accepted
        elif word := self._first_of(voices, SAID_TO_DECIDE, ANSWERS, SILENT, SAID_TO_BE_SILENT):
            yield self._row(word, party)
        elif put is not None:
            yield _Row(UNANSWERED, put.fact, party)

    def _first_of(self, voices: list[str], *kinds: int) -> Word | None:
        return next((word for kind in kinds if (word := self._latest(voices, kind))), None)

    def _latest(self, voices: list[str], kind: int) -> Word | None:
        return _latest((self.said.get((voice, kind)) for voice in voices), voices[0])

    def _accepted_parts(self, voices: list[str]) -> list[_Row]:
        """The rows of who accepted parts of the item."""
        decided = [self.on_parts[voice] for voice in voices if voice in self.on_parts]
        if not decided:
            return []
        words: dict[str, list[Word]] = {}
        whole: set[str] = set()
        for thing, parts in self.parts.items():
            word = _latest((on_parts.get(thing) for on_parts in decided), voices[0])
            if word is not None:
                words[thing] = [word] if word.standing == ACCEPTS else []
            else:
                words[thing] = [word for part in parts for word in words[part]]
            if word.standing == ACCEPTS if word else parts and whole.issuperset(parts):
                whole.add(thing)
        standing = ACCEPTS if self.item in whole else _IN_PART
        return [self._row(word._replace(standing=standing), voices[0]) for word in dict.fromkeys(words[self.item])]

    def _row(self, word: Word, party: str) -> _Row:
        of_group = self.sides.names[word.party] if word.party != party else None
        return _Row(word.standing, word.fact, party, word.said_by or of_group, word.condition)


def _latest(words: Iterable[Word | None], party: str) -> Word | None:
    """The latest word; of those that are as late, the party's own before one of a group."""
    return max(filter(None, words), key=lambda one: (one.place[:3], one.party == party, one.place[3]), default=None)


def _before(word: Word, put: Word) -> bool:
    """Whether something ended before it was put forward: surely, or by the order of the acts of the day."""
    first, turn, last, _ = word.place
    put_first, put_turn, *_ = put.place
    return last < put_first or (first == put_first and turn < put_turn)
