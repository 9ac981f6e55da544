"""Whose word a fact is."""

from __future__ import annotations

from collections.abc import Mapping

from negograph.model.model import ACCORDING_TO, BY, SPEAKS_FOR
from negograph.seeds.records import Record

OWN, ALLEGED, REPORTED = "own", "alleged", "reported"


def attribution(record: Record, by_id: Mapping[str, Record]) -> str:
    """Whose word a fact is: the actor's own, another's (alleged), or, where nobody is named, the source's (reported).

    Of a joint act one actor's word is not the other's: it is own only if the speaker belongs to every actor.
    """
    speakers = record.targets(ACCORDING_TO)
    if not speakers:
        return REPORTED
    belongs_to = {speakers[0], *by_id[speakers[0]].targets(SPEAKS_FOR)}
    return OWN if belongs_to.issuperset(record.targets(BY)) else ALLEGED
