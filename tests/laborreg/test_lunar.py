"""The lunar calendar against published dates of the Spring Festival."""

from datetime import date

import pytest

from laborreg import lunar
from laborreg.months import Month

PUBLISHED = [
    date(2020, 1, 25), date(2021, 2, 12), date(2022, 2, 1), date(2023, 1, 22), date(2024, 2, 10), date(2025, 1, 29),
    date(2026, 2, 17), date(2027, 2, 6), date(2028, 1, 26), date(2029, 2, 13), date(2030, 2, 3), date(2031, 1, 23),
    date(2032, 2, 11), date(2033, 1, 31), date(2034, 2, 19), date(2035, 2, 8),
]


def test_the_spring_festival_of_each_year_is_the_published_one():
    assert [lunar.spring_festival(day.year) for day in PUBLISHED] == PUBLISHED


def test_every_known_festival_falls_between_21_january_and_21_february():
    for year in range(lunar.FIRST, lunar.LAST + 1):
        assert date(year, 1, 21) <= lunar.spring_festival(year) <= date(year, 2, 21)


def test_the_festivals_of_a_span_of_months():
    assert lunar.festivals(Month(2024, 11), Month(2026, 1)) == [(Month(2025, 1), date(2025, 1, 29))]
    assert lunar.festivals(Month(2026, 2), Month(2026, 2)) == [(Month(2026, 2), date(2026, 2, 17))]
    assert lunar.festivals(Month(2199, 1), Month(2199, 12)) == []


def test_a_festival_late_in_january_lies_in_the_february_of_months_that_begin_on_the_21st():
    def month_of(day):
        month = Month.of(day)
        return month if day <= month.last_day(21) else month.next

    assert lunar.festivals(Month(2025, 2), Month(2025, 2), month_of) == [(Month(2025, 2), date(2025, 1, 29))]
    assert lunar.festivals(Month(2025, 1), Month(2025, 1), month_of) == []


def test_a_day_of_the_lunar_calendar():
    assert lunar.lunar_day(date(2026, 2, 16)) == (2025, 12, 29, False)
    assert lunar.lunar_day(date(2025, 7, 25)) == (2025, 6, 1, True)


def test_the_same_lunar_day_of_another_year():
    assert lunar.same_lunar_day(date(2026, 2, 17), 2025) == date(2025, 1, 29)
    # The eve of 2026 is the 29th of the twelfth month: in 2024 that month had 30 days.
    assert lunar.same_lunar_day(date(2026, 2, 16), 2024) == date(2024, 2, 8)


def test_a_thirtieth_becomes_the_twenty_ninth_and_a_leap_month_the_common_one():
    assert lunar.same_lunar_day(date(2024, 2, 9), 2025) == date(2025, 1, 28)  # both New Year's Eve
    assert lunar.same_lunar_day(date(2024, 2, 9), 2026) == date(2026, 2, 16)  # no 30th there
    assert lunar.same_lunar_day(date(2025, 7, 25), 2024) == date(2024, 7, 6)


@pytest.mark.parametrize(("month", "year", "found"), [
    (Month(2026, 2), 2025, Month(2025, 1)),    # the month of the festival
    (Month(2026, 1), 2025, Month(2024, 12)),   # the month before it
    (Month(2025, 1), 2024, Month(2024, 1)),    # its last day was the third of the year: 12 February 2024
    (Month(2026, 10), 2025, Month(2025, 10)),  # far from the festival, after the leap month of 2025
    (Month(2026, 2), 2026, Month(2026, 2)),
])
def test_the_month_of_another_year_at_the_same_distance_from_the_festival(month, year, found):
    assert lunar.same_lunar_month(month, year) == found


def test_a_report_month_that_ends_on_the_20th():
    # 20 February 2026 is the 4th day of the year; the 4th day of 2025 was 1 February: nearer to 20 January than 20 February.
    assert lunar.same_lunar_month(Month(2026, 2), 2025, lambda month: month.last_day(21)) == Month(2025, 1)


@pytest.mark.parametrize(("day", "weeks"), [
    (date(2026, 2, 17), 0), (date(2026, 2, 23), 0), (date(2026, 2, 24), 1), (date(2026, 2, 16), -1),
    (date(2026, 2, 10), -1), (date(2026, 2, 9), -2), (date(2026, 11, 4), -14), (date(2026, 7, 1), 19),
])
def test_weeks_from_the_nearest_festival(day, weeks):
    assert lunar.weeks_from_festival(day) == weeks


def test_a_year_beyond_the_calendar_is_refused():
    with pytest.raises(ValueError, match="1901 to 2099"):
        lunar.spring_festival(2150)
    with pytest.raises(ValueError, match="near 2190"):
        lunar.weeks_from_festival(date(2190, 1, 1))
