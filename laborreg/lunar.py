"""The lunar calendar, as far as work away from home goes by it: who works away comes home for the Spring Festival.

Days are days of the usual calendar. `lunardate` knows the lunar years 1901 to 2099; asked for any other, everything here
raises ValueError, except `festivals`, which has none there.
"""

from collections.abc import Callable
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import NamedTuple

from lunardate import LunarDate

from laborreg.months import Month

FIRST, LAST = 1901, 2099


class LunarDay(NamedTuple):
    """Such as the 8th of the twelfth month of the year that began with the Spring Festival of 2025."""

    year: int
    month: int
    day: int
    is_leap_month: bool = False


@cache
def spring_festival(year: int) -> date:
    """The first day of the first lunar month, always between 21 January and 21 February."""
    _must_know(year)
    return LunarDate(year, 1, 1).to_solar_date()


def festivals(first: Month, last: Month, month_of: Callable[[date], Month] = Month.of) -> list[tuple[Month, date]]:
    """The Spring Festivals within the months first … last, each with its month.

    `month_of` says to which report month of a county a day belongs; without it months are those of the calendar.
    """
    years = range(max(first.year, FIRST), min(last.year, LAST) + 1)
    found = [(month_of(day), day) for day in map(spring_festival, years)]
    return [(month, day) for month, day in found if first <= month <= last]


@lru_cache(maxsize=10_000)
def lunar_day(day: date) -> LunarDay:
    _must_know(day.year)
    found = LunarDate.from_solar_date(day.year, day.month, day.day)
    return LunarDay(found.year, found.month, found.day, found.is_leap_month)


@lru_cache(maxsize=10_000)
def same_lunar_day(day: date, year: int) -> date:
    """The day of the same lunar month and day, as many lunar years away as `year` is from the day's year.

    So a day before the festival of its year stays before the festival of the other, even where that is in December.
    A leap month answers to the month whose name it repeats, a 30th to the 29th where the month has no more.
    """
    here = lunar_day(day)
    there = here.year + year - day.year
    _must_know(there)
    try:
        return LunarDate(there, here.month, here.day).to_solar_date()
    except ValueError:
        return LunarDate(there, here.month, here.day - 1).to_solar_date()


def same_lunar_month(month: Month, year: int, last_day: Callable[[Month], date] = Month.last_day) -> Month:
    """The month of another year whose last day lies nearest to the lunar date of this month's last day.

    `last_day` says on which day a report month of a county ends; without it months are those of the calendar. Then the
    settings of each month count, those of last year for last year's. The month found may be the December before `year`:
    the festival of 2026 was on 17 February and that of 2025 on 29 January, so January 2026 compares with December 2024.
    """
    wanted = same_lunar_day(last_day(month), year)
    middle = Month.of(wanted)
    return min((middle.previous, middle, middle.next), key=lambda found: abs(last_day(found) - wanted))


@lru_cache(maxsize=10_000)
def weeks_from_festival(day: date) -> int:
    """Whole weeks from the nearest Spring Festival: 0 is the festival's own week, −1 the seven days before it."""
    known = [spring_festival(year) for year in range(day.year - 1, day.year + 2) if FIRST <= year <= LAST]
    if not known:
        raise ValueError(f"No Spring Festival is known near {day}.")
    return (day - min(known, key=lambda festival: abs(day - festival))) // timedelta(weeks=1)


def _must_know(year: int):
    if not FIRST <= year <= LAST:
        raise ValueError(f"The lunar calendar is known for {FIRST} to {LAST}, not for {year}.")
