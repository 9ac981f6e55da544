"""Dates as curators write them: a day, a month, a year, or an interval of these (ISO 8601)."""

import re
from calendar import monthrange
from datetime import date
from functools import lru_cache

import msgspec

_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
FORMS = "write 2022-01-26, 2022-01, 2022, or an interval such as 2022-01-26/2022-01-28"


class DateRange(msgspec.Struct, frozen=True, order=True, tag=True, gc=False):
    """The first and the last day that a date can mean, and the date as it was written."""

    first: date
    last: date
    text: str


class BackwardsInterval(ValueError):
    """An interval that ends before it begins."""


@lru_cache(maxsize=10_000)
def parse_date(text: str) -> DateRange:
    """Read a date of one of the forms in `FORMS`.

    Raises:
        BackwardsInterval: if it is an interval that ends before it begins.
        ValueError: if it is of another form, or impossible.
    """
    start, slash, end = text.partition("/")
    first, last = _days(start, text)
    if slash:
        _, last = _days(end, text)
        if last < first:
            raise BackwardsInterval(f"the interval {text!r} ends before it begins; exchange its ends or fix one")
    return DateRange(first, last, text)


def _days(text: str, whole: str) -> tuple[date, date]:
    match = _DATE.fullmatch(text)
    if match is None:
        raise ValueError(f"{whole!r} is not a date: {FORMS}")
    year, month, day = match.groups()
    try:
        first = date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        raise ValueError(f"there is no such date as {text!r}; look at the month and the day") from None
    if day:
        return first, first
    last_month = first.month if month else 12
    return first, date(first.year, last_month, monthrange(first.year, last_month)[1])
