"""What is kept of each item's standings is, on every day, what a slow and plain reading of the rules says of that day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from negograph.graph.standing import Items, Standing, statuses
from negograph.model.kinds import parse_date
from negograph.model.model import Model
from negograph.model.schema_files import load_model
from negograph.project import shipped
from negograph.seeds.entries import ALLEGED, Act, Entry, Reference, acts_of, attribution, known_from

FIRST, LAST, DAY = date(2021, 1, 1), date(2021, 1, 8), timedelta(days=1)

Rows = dict[str | None, set[tuple[object, ...]]]
"""Where each party stands, and the item itself."""

GROUPS = {"a": {"g", "h"}, "b": {"h"}, "g": {"h"}}
"""Who belongs to which groups; k and l are bodies, in which the following take part."""
PARTICIPANTS = {"k": {"a", "b", "d", "g"}, "l": {"b", "d"}}
WHOLES = {"p": {"w"}, "q": {"w"}, "r": {"p", "w"}, "s": {"p", "v", "w"}}
"""All that each item is a part of; v and w are wholes."""
PARTS = {"w": {"p", "q"}, "p": {"r", "s"}, "v": {"s"}}
"""The parts of an item, without those of its parts."""
PARTIES, ITEMS = ("a", "b", "c", "d", "g", "h", "k", "l"), ("p", "q", "r", "s", "v", "w")


def entry(label: str, id_: str, properties: Mapping[str, object], **keys: object) -> Entry:
    references = [Reference(key, target, 0) for key, targets in keys.items() for target in sorted(map(str, targets))]  # type: ignore[call-overload]
    return Entry(label, id_, {"name": id_, **properties}, tuple(references), (), "seeds/a.yaml", 0, {})  # type: ignore[dict-item]


ENTRIES = [
    *(entry("Party", p, {"kind": "body"}, participants={"k": ["a", "d", "g", "l"], "l": ["b", "d"]}[p]) for p in "kl"),
    *(entry("Party", p, {"kind": "state"}, member_of={"a": ["g"], "b": ["h"], "g": ["h"]}.get(p, [])) for p in "abcdgh"),
    *(entry("Proposal", i, {}, part_of=[whole for whole in PARTS if i in PARTS[whole]]) for i in ITEMS),
    *(entry("Person", f"of {p}", {}, speaks_for=[p]) for p in "ac"),
]


@cache
def codebook() -> Model:
    return load_model([shipped("schema")])


ACTIONS = (
    *("proposed", "proposed", "proposed", "accepted", "accepted", "rejected", "supported", "opposed", "reserved"),
    *("criticised", "disregarded", "withdrew", "adopted"),
)
DAYS = ("2021-01-01", "2021-01-02", "2021-01-03", "2021-01-04", "2021-01-02/2021-01-05", "2021-01-01/2021-01-03")


def some(values: str | tuple[str, ...], least: int, most: int) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(values), min_size=least, max_size=most, unique=True)


FACTS = st.fixed_dictionaries(
    {
        "action": st.sampled_from(ACTIONS),
        "date": st.sampled_from(DAYS).map(parse_date),
        "modality": st.sampled_from(("actual", "actual", "actual", "actual", "planned", "conditional", "denied")),
        "condition": st.just("x"),
        "by": some(PARTIES, 1, 2),
        "to": some(PARTIES, 0, 2),
        "what": some(ITEMS, 1, 2),
        "according_to": st.one_of(st.just([]), some(("of a", "of c"), 1, 1)),
    },
    optional={"turn": st.integers(1, 3), "said": st.sampled_from(DAYS).map(parse_date)},
)


def fact(number: int, parts: dict[str, object]) -> Entry:
    keys = {key: parts.pop(key) for key in ("by", "to", "what", "according_to")}
    return entry("Fact", f"f{number}", parts, **keys)


@settings(max_examples=200, deadline=None)
@given(st.lists(FACTS, max_size=14))
def test_on_every_day_the_standings_are_what_the_rules_say(written: list[dict[str, object]]) -> None:
    facts = [fact(number, dict(parts)) for number, parts in enumerate(written)]
    by_id = {one.id: one for one in [*ENTRIES, *facts]}
    acts = list(acts_of(facts, codebook()))
    found = statuses(by_id, Items(by_id), acts, ITEMS)
    kept: dict[tuple[str, object], set[tuple[object, ...]]] = {}
    for day in (FIRST + DAY * passed for passed in range((LAST - FIRST).days)):
        for item in ITEMS:
            morning = {party: kept.get((item, party), set()) for party in (*PARTIES, None)}
            evening = _evening(_known(acts, by_id, day), {told.fact for told in _known(acts, by_id, day - DAY)}, item, morning)
            held = {_row(one) for one in found[item].history if one.since <= day and (one.until is None or day <= one.until)}
            for party in (*PARTIES, None):
                kept[item, party] = _unless_the_same(morning[party], evening[party])
                assert {row for row in held if row[0] == party} == kept[item, party], (item, day, party)


def _evening(known: list[Told], before: set[str], item: str, rows: Rows) -> Rows:
    """The rows after a day: what became known on it is taken one act after the other."""
    for last in (told for told in known if told.fact not in before):
        told = [told for told in known if told.fact in before or told.place <= last.place]
        found = {*_of_item(told, item), *_of_parties(told, item)}
        rows = {party: _unless_the_same(kept, {row for row in found if row[0] == party}) for party, kept in rows.items()}
    return rows


def _unless_the_same(before: set[tuple[object, ...]], now: set[tuple[object, ...]]) -> set[tuple[object, ...]]:
    """To say the same again changes nothing, not even the fact."""
    without_fact = [{(*row[:2], *row[3:]) for row in rows} for rows in (before, now)]
    return before if len(before) == len(now) == 1 and without_fact[0] == without_fact[1] else now


def _row(one: Standing) -> tuple[object, ...]:
    return one.party, one.standing, one.fact, one.said_by, one.condition


class Told:
    """An act that is known, as the rules speak of it."""

    def __init__(self, act: Act, by_id: Mapping[str, Entry], day: date) -> None:
        said = attribution(act, by_id)
        since = known_from(act, said, by_id)
        self.known = since is not None and since <= day and act.modality != "denied"
        self.speaker = act.speaker if said == ALLEGED else None
        self.act, self.effect, self.modality = act, act.action.effect, act.modality
        self.place, self.fact = act.place_in_time, act.entry.id

    def decision(self) -> str | None:
        """How who speaks of a thing stands towards it, where that is more than an answer."""
        match self.effect, self.modality:
            case "accepts", "conditional":
                return "accepts if"
            case ("accepts" | "rejects", "actual") | ("supports", "actual" | "planned") | ("reserves" | "opposes", _):
                return self.effect
        return None

    def answer(self) -> bool:
        return self.effect in ("accepts", "rejects", "supports", "answers") and self.decision() is None


def _known(acts: list[Act], by_id: Mapping[str, Entry], day: date) -> list[Told]:
    return sorted((told for act in acts if (told := Told(act, by_id, day)).known), key=lambda told: told.place)


def _puts(known: list[Told], item: str) -> list[Told]:
    about = {item, *WHOLES.get(item, ())}
    return [told for told in known if told.effect == "puts_forward" and about & {*told.act.what}]


def _owners(known: list[Told], item: str) -> set[str]:
    return {party for told in _puts(known, item) for party in told.act.by}


def _of_item(known: list[Told], item: str) -> Iterator[tuple[object, ...]]:
    puts, about = _puts(known, item), {item, *WHOLES.get(item, ())}
    ends = []
    for told in known:
        first, turn, last, _ = told.place
        before = puts and (last < puts[-1].place[0] or (first == puts[-1].place[0] and turn < puts[-1].place[1]))
        if before or told.speaker or told.modality != "actual":
            continue
        for party in told.act.by:
            if told.effect == "withdraws" and party in _owners(known, item) and about & {*told.act.what}:
                ends.append((told, "withdrawn", party))
            elif told.effect == "accepts" and party in PARTICIPANTS and about & {*told.act.what}:
                ends.append((told, "adopted", party))
            elif told.effect == "rejects" and party in PARTICIPANTS and item in told.act.what:
                ends.append((told, "refused", party))
    if ends:
        standings = {standing for told, standing, _ in ends if told is ends[-1][0]}
        for told, standing, party in ends:
            if standing in standings and told.place[0] == ends[-1][0].place[0]:
                yield None, standing, told.fact, party, None
    else:
        owners: set[str] = set()
        for told in puts:
            if told.place[0] == puts[-1].place[0] and not owners.issuperset(told.act.by):
                owners.update(told.act.by)
                yield None, "put forward", told.fact, None, None


def _asking(known: list[Told], item: str, party: str) -> Told | None:
    """The act that put the item to a party last."""
    found = None
    with_an_owner = GROUPS.get(party, set()) & _owners(known, item)
    for told in _puts(known, item):
        invited = any(party in PARTICIPANTS.get(one, ()) for one in told.act.to) and not with_an_owner
        if party in told.act.to or invited:
            found = told
    return found


def _of_parties(known: list[Told], item: str) -> Iterator[tuple[object, ...]]:
    for party in PARTIES:
        if party not in PARTICIPANTS and party not in _owners(known, item) and not _through_members(known, item, party):
            yield from _of_party(known, item, party)


def _through_members(known: list[Told], item: str, group: str) -> bool:
    """Whether only members of a group were asked, so that its word is theirs."""
    members = {party for party in PARTIES if group in GROUPS.get(party, ())} - _owners(known, item)
    return not _asking(known, item, group) and any(_asking(known, item, member) for member in members)


def _voices(known: list[Told], item: str, party: str) -> set[str]:
    asked = _asking(known, item, party) is not None
    return {party, *(GROUPS.get(party, set()) - _owners(known, item) if asked else ())}


def _latest(found: list[tuple[Told, str, str]], party: str) -> tuple[Told, str, str] | None:
    """The latest word, of such that are as late the party's own."""
    return max(found, key=lambda word: (word[0].place[:3], word[1] == party, word[0].fact), default=None)


def _of_party(known: list[Told], item: str, party: str) -> Iterator[tuple[object, ...]]:
    voices = _voices(known, item, party)
    own = [(told, voice) for told in known if told.speaker is None for voice in told.act.by if voice in voices]
    alleged = [(told, voice) for told in known if told.speaker for voice in told.act.by if voice in voices]
    wholes = WHOLES.get(item, set())
    said_to = {"accepts if": "said to accept if"}
    decisive = [*_decisions(own, item, wholes)]
    accepted, all_of_it = _accepted(own, item, party) if not decisive else (set(), False)
    said = [
        (told, voice, said_to.get(s, f"said to {s.removesuffix('s')}")) for told, voice, s in _decisions(alleged, item, wholes)
    ]
    answers = [
        (told, voice, "answered")
        for told, voice in own
        if (item in told.act.what and told.answer())
        or (wholes & {*told.act.what} and (told.answer() or told.decision() not in (None, "accepts")))
    ]
    silent = [(told, voice, "leaves unanswered") for told, voice in own if _silent(told, item)]
    said_silent = [(told, voice, "said to leave unanswered") for told, voice in alleged if _silent(told, item)]
    asking = _asking(known, item, party)
    if accepted:
        for told, voice in accepted:
            yield party, "accepts" if all_of_it else "accepts in part", told.fact, None if voice == party else voice, None
    elif word := next((word for kind in (decisive, said, answers, silent, said_silent) if (word := _latest(kind, party))), None):
        told, voice, standing = word
        condition = "x" if standing.endswith("accept if") or standing == "accepts if" else None
        yield party, standing, told.fact, told.speaker or (None if voice == party else voice), condition
    elif asking:
        yield party, "has not answered", asking.fact, None, None


def _decisions(words: list[tuple[Told, str]], item: str, wholes: set[str]) -> Iterator[tuple[Told, str, str]]:
    for told, voice in words:
        decision = told.decision()
        if decision and (item in told.act.what or (decision == "accepts" and wholes & {*told.act.what})):
            yield told, voice, decision


def _silent(told: Told, item: str) -> bool:
    return told.effect == "leaves_unanswered" and bool({item, *WHOLES.get(item, ())} & {*told.act.what})


def _accepted(own: list[tuple[Told, str]], item: str, party: str) -> tuple[set[tuple[Told, str]], bool]:
    """The acts by which parts of an item were accepted, and whether all of them were."""
    found: set[tuple[Told, str]] = set()
    every = True
    for part in PARTS.get(item, ()):
        word = _latest([*_decisions(own, part, set())], party)
        if word is not None:
            found |= {word[:2]} if word[2] == "accepts" else set()
            every = every and word[2] == "accepts"
        else:
            inner, all_of_it = _accepted(own, part, party)
            found |= inner
            every = every and all_of_it
    return found, every and item in PARTS
