"""What the acts of parties say of proposals and demands: a word for each actor and thing."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import NamedTuple

from negograph.model.model import BODY, MEMBER_OF, PARTICIPANTS, PARTY
from negograph.seeds.entries import ACTUAL, ALLEGED, CONDITIONAL, DENIED, Act, Entry, attribution, known_from

PUTS, ENDS, DECIDES, SAID_TO_DECIDE, ANSWERS, SILENT, SAID_TO_BE_SILENT = range(7)
"""The kinds of words: those of owners, those that end a thing, and those of who answers, what weighs most first."""

PUT, WITHDRAWN, ADOPTED, REFUSED = "put forward", "withdrawn", "adopted", "refused"
ACCEPTS, ACCEPTS_IF, ANSWERED = "accepts", "accepts if", "answered"
LEAVES_UNANSWERED, UNANSWERED = "leaves unanswered", "has not answered"

_SAID_TO = {
    ACCEPTS: "said to accept",
    ACCEPTS_IF: "said to accept if",
    "supports": "said to support",
    "reserves": "said to reserve",
    "opposes": "said to oppose",
    "rejects": "said to reject",
}
"""How a standing reads that rests on the word of another."""

_OF_BODIES = {ACCEPTS: ADOPTED, "rejects": REFUSED}

_DECIDING = {"accepts": (ACTUAL, CONDITIONAL), "supports": (ACTUAL, "planned"), "rejects": (ACTUAL,)}
"""The modalities in which an act of this effect is more than an answer; all other effects are in any."""


class Word(NamedTuple):
    """What an act of one party says of a thing.

    `place` is the act's place in time, `known` the day from which it counts. `said_by` names who else says so, or who ended
    the thing. Of what puts a thing forward, `to` are the parties that it is put to, `through` those who take part in a body
    that it is put to.
    """

    known: date
    place: tuple[date, int, date, str]
    kind: int
    standing: str
    thing: str
    party: str
    said_by: str | None
    condition: str | None
    to: tuple[str, ...]
    through: tuple[str, ...]

    @property
    def fact(self) -> str:
        """The id of the fact that reports the act."""
        return self.place[3]


class Sides:
    """The parties among some entries: which are bodies, who takes part in them, and which groups each belongs to."""

    def __init__(self, by_id: Mapping[str, Entry]) -> None:
        self.names = {entry.id: entry.name for entry in by_id.values() if entry.label == PARTY}
        self._parties = {id_: by_id[id_] for id_ in self.names}
        self.bodies = {id_ for id_, party in self._parties.items() if party.properties.get("kind") == BODY}
        self._participants: dict[str, tuple[str, ...]] = {}
        self.groups = {id_: self._sides_reached(id_, MEMBER_OF) for id_ in self.names}
        self.members: dict[str, list[str]] = defaultdict(list)
        for party, groups in self.groups.items():
            for group in groups:
                self.members[group].append(party)

    def participants(self, body: str) -> tuple[str, ...]:
        """Who takes part in a body, also in a body that takes part in it."""
        if body not in self._participants:
            self._participants[body] = self._sides_reached(body, PARTICIPANTS)
        return self._participants[body]

    def _sides_reached(self, party: str, key: str) -> tuple[str, ...]:
        found = reached(party, lambda one: self._parties[one].targets(key))
        return tuple(one for one in found if one not in self.bodies)


def reached(start: str, following: Callable[[str], Iterable[str]]) -> list[str]:
    """All that is reached by one or more steps."""
    found: dict[str, None] = {}
    left = list(following(start))
    while left:
        one = left.pop()
        if one not in found:
            found[one] = None
            left += following(one)
    return list(found)


def words_by_thing(acts: Iterable[Act], by_id: Mapping[str, Entry], sides: Sides) -> Mapping[str, list[Word]]:
    """The words of acts that are not taken back, by what they are about."""
    words: dict[str, list[Word]] = defaultdict(list)
    for act in acts:
        if not act.entry.retracted:
            for word in _words(act, by_id, sides):
                words[word.thing].append(word)
    return words


def _words(act: Act, by_id: Mapping[str, Entry], sides: Sides) -> Iterator[Word]:
    said = attribution(act, by_id)
    known = known_from(act, said, by_id)
    says = _says(act, alleged=said == ALLEGED)
    if known is None or says is None:
        return
    speaker = by_id[act.speaker].name if said == ALLEGED and act.speaker else None
    conditional = says[1] in (ACCEPTS_IF, _SAID_TO[ACCEPTS_IF])
    condition = str(act.entry.properties.get("condition", "")) if conditional else ""
    addressed = [party for party in act.to if party in sides.names]
    to = tuple(party for party in addressed if party not in sides.bodies)
    through = tuple(one for body in addressed if body in sides.bodies for one in sides.participants(body))
    for party in act.by:
        kind, standing = _of_body(*says) if party in sides.bodies else says
        if party in sides.names and standing:
            said_by = sides.names[party] if kind == ENDS else speaker
            for thing in act.what:
                yield Word(known, act.place_in_time, kind, standing, thing, party, said_by, condition or None, to, through)


def _says(act: Act, *, alleged: bool) -> tuple[int, str] | None:
    """The kind of an act's words, and the standing that they give; None where it says nothing."""
    effect = act.action.effect
    if effect is None or act.modality == DENIED:
        return None
    if effect == "puts_forward":
        return PUTS, PUT
    if effect == "withdraws":
        return (ENDS, WITHDRAWN) if act.modality == ACTUAL and not alleged else None
    if effect == "leaves_unanswered":
        return (SAID_TO_BE_SILENT, "said to leave unanswered") if alleged else (SILENT, LEAVES_UNANSWERED)
    if effect == "answers" or act.modality not in _DECIDING.get(effect, (act.modality,)):
        return None if alleged else (ANSWERS, ANSWERED)
    standing = ACCEPTS_IF if effect == "accepts" and act.modality == CONDITIONAL else str(effect)
    return (SAID_TO_DECIDE, _SAID_TO[standing]) if alleged else (DECIDES, standing)


def _of_body(kind: int, standing: str) -> tuple[int, str]:
    """What a body says: it is no side, but can put forward, withdraw and decide."""
    if kind in (PUTS, ENDS):
        return kind, standing
    return ENDS, _OF_BODIES.get(standing, "") if kind == DECIDES else ""


def for_a_part(word: Word, part: str) -> Word | None:
    """What a word on a whole says of a part of it; None where it says nothing."""
    if word.kind in (DECIDES, SAID_TO_DECIDE) and word.standing not in (ACCEPTS, _SAID_TO[ACCEPTS]):
        answered = word._replace(thing=part, kind=ANSWERS, standing=ANSWERED, condition=None)
        return answered if word.kind == DECIDES else None
    return None if word.standing == REFUSED else word._replace(thing=part)
