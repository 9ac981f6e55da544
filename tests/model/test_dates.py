"""Dates: a day, a month, a year, or an interval of these."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from negograph.model.kinds import parse_date


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2022-01-26", date(2022, 1, 26), date(2022, 1, 26)),
        ("2022-02", date(2022, 2, 1), date(2022, 2, 28)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2022", date(2022, 1, 1), date(2022, 12, 31)),
        ("2022-01-26/2022-01-28", date(2022, 1, 26), date(2022, 1, 28)),
        ("2021/2022-03", date(2021, 1, 1), date(2022, 3, 31)),
        ("2022-01/2022-01-15", date(2022, 1, 1), date(2022, 1, 15)),
    ],
)
def test_a_date_means_its_first_to_its_last_day(text: str, first: date, last: date) -> None:
    parsed = parse_date(text)
    assert (parsed.first, parsed.last, parsed.text) == (first, last, text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("26.01.2022", "is not a date"),
        ("2022-1-6", "is not a date"),
        ("yesterday", "is not a date"),
        ("2022-01-26T10:00", "is not a date"),
        ("", "is not a date"),
        ("2022-01-26/", "'2022-01-26/' is not a date"),
        ("2022/01/26", "'2022/01/26' is not a date"),
        ("26/01/2022", "'26/01/2022' is not a date"),
        ("2022-02-30/2022-03-01", "no such date as '2022-02-30'"),
        ("2022-02-30", "no such date"),
        ("2022-13", "no such date"),
        ("0000", "no such date"),
        ("2021-00", "no such date"),
        ("2021-00-05", "no such date"),
        ("2021-05-00", "no such date"),
        ("2021-05-01/2021-05-00", "no such date as '2021-05-00'"),
        ("2022-01-28/2022-01-26", "ends before it begins"),
    ],
)
def test_what_is_no_date_is_refused_with_the_reason(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        parse_date(text)


@given(st.dates(), st.dates())
def test_every_interval_of_days_is_read_or_refused(one: date, other: date) -> None:
    text = f"{one.isoformat()}/{other.isoformat()}"
    if other < one:
        with pytest.raises(ValueError, match="ends before"):
            parse_date(text)
    else:
        assert (parse_date(text).first, parse_date(text).last) == (one, other)


@given(st.text())
def test_any_text_gives_a_date_or_a_value_error(text: str) -> None:
    try:
        parsed = parse_date(text)
    except ValueError:
        return
    assert parsed.first <= parsed.last
