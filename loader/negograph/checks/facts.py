"""Facts and dates: nobody acts on oneself, nothing is answered too early, and no fact repeats or contradicts another."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from functools import cache, partial
from itertools import product

from negograph.checks.subject import ITEMS, Subject
from negograph.model.kinds import DateRange
from negograph.model.model import FACT, ON_BEHALF_OF, RESPONDS_TO, TO
from negograph.problems.problem import Position, Problem
from negograph.seeds.entries import ACTUAL, ALLEGED, CONDITIONAL, DENIED, Act, Entry, attribution, date_of

_ANSWERS = ("accepts", "supports", "reserves", "opposes", "rejects", "answers", "leaves_unanswered", "withdraws")
_SAID = ("date", "said", "turn", "modality", "stance", "says", "condition")
"""What tells two facts apart, beside their parts."""


def acts_on_oneself(subject: Subject) -> Iterator[Problem]:
    """No party acts towards itself."""
    for act in subject.acts:
        for reference in act.entry.references if not set(act.to).isdisjoint(act.by) else ():
            if reference.key == TO and reference.target in act.by:
                message = f"{reference.target!r} stands in `by` and in `to`; a party does not act towards itself: take one out"
                yield Problem(act.entry.place_at(reference.at), "self-reference", message)


def early_answers(subject: Subject) -> Iterator[Problem]:
    """Answers before what they answer. What is only planned or conditional may answer what is still to come."""
    beginning = cache(partial(_beginning, subject))
    for act in subject.acts:
        if act.date is None or act.action.effect not in _ANSWERS or act.modality not in (ACTUAL, DENIED):
            continue
        for target in act.what:
            begun = beginning(target)
            if begun is not None and act.date.last < begun[0].first:
                message = (
                    f"{act.entry.id!r} is dated {act.date.text}, but {target!r}, which it answers, was not put forward before "
                    f"{begun[0].text}, says {begun[1]}; fix one of the dates"
                )
                yield Problem(act.date_place, "before-answered", message, begun[1])
                break


def _beginning(subject: Subject, identity: str) -> tuple[DateRange, Position] | None:
    """Since when there is something to answer: the earliest date of what put an item or a document forward, and its place."""
    entry = subject.index.by_id.get(identity)
    begun = [found for whole in subject.wholes(identity) for found in subject.put_forward.get(whole, ())]
    if entry is not None and entry.label not in ITEMS:
        begun = [(date_of(entry), entry.place("date"))]
    return min(((date, place) for date, place in begun if date is not None), default=None)


def late_facts(subject: Subject) -> Iterator[Problem]:
    """Facts after the document that reports them. What is planned or conditional may lie in the future."""
    for act in subject.acts:
        if act.date is None or act.modality not in (ACTUAL, DENIED):
            continue
        for target in act.documents:
            document = subject.index.by_id.get(target)
            reported = date_of(document) if document and document.label != FACT else None
            if document is None or reported is None:
                continue
            for key, written in (("date", act.date), ("said", act.said)):
                if written and reported.last < written.first:
                    place = document.place("date")
                    message = (
                        f"{act.entry.id!r} has `{key}: {written.text}`, after {target!r}, which reports it and is dated "
                        f"{reported.text} in {place}; fix one of the dates"
                    )
                    yield Problem(act.entry.place(key), "after-reported", message, place)


def early_documents(subject: Subject) -> Iterator[Problem]:
    """Documents before those that they answer."""
    for entry in subject.index.entries:
        own = date_of(entry) if entry.label != FACT else None
        for target in entry.targets(RESPONDS_TO):
            other = subject.index.by_id.get(target)
            answered = date_of(other) if other else None
            if own and other and answered and own.last < answered.first:
                place = other.place("date")
                message = (
                    f"{entry.id!r} is dated {own.text}, before {target!r}, which it answers and which is dated {answered.text} "
                    f"in {place}; fix one of the dates"
                )
                yield Problem(entry.place("date"), "before-answered", message, place)


def half_said(subject: Subject) -> Iterator[Problem]:
    """What belongs together stands together: a gist where words were the act, a condition and its modality, and so on."""
    for act in subject.acts:
        if act.action.gist and "says" not in act.entry.places:
            message = f"what was said is missing, and {act.action.name!r} alone tells little; write it: `says: ...`"
            yield Problem(act.entry.place("id"), "no-gist", message)
        if "condition" in act.entry.properties and act.modality != CONDITIONAL:
            message = f"'condition' needs `modality: {CONDITIONAL}` beside it; the modality is {act.modality}"
            yield Problem(act.entry.place("condition"), "missing-field", message)
        if act.on_behalf_of and act.speaker is None:
            message = f"{ON_BEHALF_OF!r} needs 'according_to' beside it, who speaks"
            yield Problem(_place_of(act.entry, ON_BEHALF_OF), "missing-field", message)
        if act.said and act.date and act.modality == ACTUAL and act.said.last < act.date.first:
            message = f"it was said on {act.said.text}, and is dated {act.date.text}; fix one, or write `modality: planned`"
            yield Problem(act.entry.place("said"), "said-before", message)


def _place_of(entry: Entry, key: str) -> Position:
    return entry.place_at(next((reference.at for reference in entry.references if reference.key == key), entry.at))


def duplicates(subject: Subject) -> Iterator[Problem]:
    """No two facts say the same, unless the dataset counts statements."""
    first: dict[tuple[object, ...], Entry] = {}
    for act in subject.acts if not any(dataset.counts_statements for file in subject.files for dataset in file.datasets) else ():
        other = first.setdefault(_said_by(act), act.entry)
        if other.id != act.entry.id:
            place = other.place("id")
            message = (
                f"{act.entry.id!r} says the same as {other.id!r} in {place}; keep one, with the evidence of both, or write "
                "`unit: statements` into the dataset where each statement counts by itself"
            )
            yield Problem(act.entry.place("id"), "duplicate-fact", message, place)


def _said_by(act: Act) -> tuple[object, ...]:
    """What an act says: equal for two that say the same, in whatever order."""
    parts = [frozenset(ids) for ids in (act.by, act.to, act.what, act.on_behalf_of)]
    return act.action.name, act.speaker, *parts, *map(act.entry.properties.get, _SAID)


def contradictions(subject: Subject) -> Iterator[Problem]:
    """No party accepts and rejects the same thing on the same day, not counting what others say it did."""
    answers: dict[tuple[str, str, date, date], list[Act]] = defaultdict(list)
    for act in subject.acts:
        if act.action.effect in ("accepts", "rejects") and act.modality == ACTUAL and act.date and not _alleged(subject, act):
            for party, item in product(act.by, act.what):
                answers[party, item, act.date.first, act.date.last].append(act)
    told: set[str] = set()
    for (party, item, *_), (first, *others) in answers.items():
        for act in others:
            if act.action.effect != first.action.effect and act.entry.id not in told:
                told.add(act.entry.id)
                place = first.entry.place("id")
                message = (
                    f"{party!r} {act.action.words} {item!r} here and {first.action.words} it in {first.entry.id!r} in {place}, "
                    "on the same day; look the evidence up"
                )
                yield Problem(act.entry.place("id"), "contradiction", message, place)


def _alleged(subject: Subject, act: Act) -> bool:
    known = act.speaker is None or act.speaker in subject.index.by_id
    return known and attribution(act, subject.index.by_id) == ALLEGED
