"""The year, or the month of a year, that a page is asked for."""

from datetime import date

from django.utils.translation import gettext as _

from laborreg.months import Month
from workers import led

YEARS = 5


class Chosen:
    """A year of the last few, and one of its months or all; what is unknown or still to come is this year.

    Whole years only for whom small numbers are hidden: the months of a year add up to it, and would tell each other.
    """

    def __init__(self, asked, officer, county, today: date):
        by_month = officer.may("see people")
        self.now = county.month_of(today)
        self.years = [self.now.year - back for back in range(YEARS)]
        self.year = _number(asked.get("year"), self.years) or self.now.year
        self.months = [month for month in Month(self.year, 12).since(Month(self.year, 1)) if by_month and month <= self.now]
        number = _number(asked.get("month"), [month.number for month in self.months])
        self.month = Month(self.year, number) if number else None
        self.period = led.month(county, self.month, today) if number else led.year(county, self.year, today)

    @property
    def label(self) -> str:
        return self.month.label if self.month else _("Year %(year)s") % {"year": self.year}

    @property
    def days(self) -> dict[str, str]:
        """The days as the address of the names says them."""
        return {"from": self.period.first.isoformat(), "to": self.period.last.isoformat()}


def _number(text, known) -> int | None:
    """One of the known numbers, as the address says it."""
    return next((number for number in known if str(number) == text), None)


def between(asked, county, today: date) -> led.Period:
    """From one day to another; this year where they are no days, or none of this county's records."""
    first, last = _day(asked.get("from")), _day(asked.get("to"))
    if first and last and first <= last and first <= today:
        return led.period(county, first, last, today)
    return led.year(county, county.month_of(today).year, today)


def _day(text) -> date | None:
    try:
        found = date.fromisoformat(text or "")
    except ValueError:
        return None
    return found if 2000 <= found.year < 2200 else None
