"""A figure over several years: month beside month as filed, or week beside week around the Spring Festival as known now."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from laborreg import charts, clock, lunar
from laborreg.months import Month
from reports import comparing, layout, suppression, totals
from reports.analysis.cells import Cell, few, figure_url, seen_between
from reports.models import MonthlyReturn
from reports.totals import Total
from workers.daily import Days

MOST_YEARS = 6
WEEKS = range(-26, 26)
WEEK = timedelta(weeks=1)
SUNDAY = 6


@dataclass(frozen=True)
class Row:
    """A month of the year, or a week before or after the festival, with its number in each year."""

    label: str
    cells: list[Cell]
    change: comparing.Change | None = None
    # What to know of the row, in words.
    note: str = ""


@dataclass(frozen=True)
class MonthEnd:
    """The last day of a month, as filed and as known now.

    `missing`: villages that have not filed it, with those away from them as known now; `change` is of the others.
    """

    month: Month
    week: int
    filed: Cell
    now: Cell
    change: comparing.Change | None
    missing: int = 0
    missing_away: int | None = None


class Years:
    """Of an area, up to a month. `begun` is the first month that the county opened: the ledger tells nothing before it."""

    def __init__(self, county, total: Total, officer, *, begun: Month, key: str = "away"):
        self.county, self.total, self.officer, self.begun, self.key = county, total, officer, begun, key
        self.area, self.month = total.area, total.month
        self.first = Month(self.month.year - MOST_YEARS + 1, 1)
        self.seen = seen_between(total, officer, self.first)

    # As filed, by the month of the calendar.

    @cached_property
    def years(self) -> list[int]:
        """Those of which anything was filed, the oldest first."""
        return sorted({month.year for month, _code in self.seen.figures})

    def value(self, month: Month, key: str | None = None) -> comparing.Value:
        return self.seen.value(month, self.area, key or self.key) if month <= self.month else None

    def by_month(self) -> list[Row]:
        return [self._month_row(number) for number in range(1, 13)]

    def _month_row(self, number: int) -> Row:
        months = [Month(year, number) for year in self.years]
        values = [self.value(month) for month in months]
        cells = [
            Cell(value, "" if value is None or month < self.begun else figure_url(self.area, month, self.key, self.officer))
            for month, value in zip(months, values, strict=True)
        ]
        if number == self.month.number and self.total.missing:
            return Row(Month(2000, number).short_label, cells, self._change_alike(), self.missing_words)
        return Row(Month(2000, number).short_label, cells, self._change(values))

    @property
    def missing_words(self) -> str:
        """How many villages the month of the page lacks; nothing where it is complete."""
        n = self.total.missing
        return ngettext("%(n)d village missing", "%(n)d villages missing", n) % {"n": n} if n else ""

    def _change_alike(self) -> comparing.Change | None:
        """Of the villages that are in, with themselves; nothing for who could work out what the missing ones filed."""
        if not self.officer.may("see people") or len(self.area) == 12:
            return None
        alike = comparing.same_villages(self.area, self.month, at=len(self.area))
        before = alike.get((self.month.a_year_before, self.area))
        return comparing.change(self.value(self.month), before[self.key] if before else None)

    def _change(self, values) -> comparing.Change | None:
        """On the year before."""
        return comparing.change(values[-1], values[-2]) if len(values) > 1 else None

    def month_chart(self) -> str:
        lines = {str(year): [self.value(Month(year, n)) for n in range(1, 13)] for year in self.years}
        label = _("%(figure)s by month, %(first)s to %(last)s, as filed") % {
            "figure": layout.full_label(self.key), "first": self.years[0], "last": self.years[-1],
        }
        mark = (self.month.number - 1, self.missing_words) if self.total.missing else None
        return charts.years(lines, ticks=[Month(2000, n).short_label for n in range(1, 13)], label=label, mark=mark)

    # As known now, by weeks from the Spring Festival.

    @property
    def is_told(self) -> bool:
        """For who may not see people of the county alone: its townships would tell one another."""
        return self.officer.may("see people") or len(self.area) == 6

    @cached_property
    def days(self) -> Days:
        return Days(self.area)

    @cached_property
    def last_day(self) -> date:
        return min(self.county.last_day(self.month), clock.today())

    @cached_property
    def lunar_years(self) -> list[int]:
        """The years of whose weeks the ledger tells any, the oldest first."""
        first, last = self.county.first_day(self.begun), self.last_day
        around = range(first.year, last.year + 2)
        known = [year for year in around if lunar.FIRST <= year <= lunar.LAST]
        found = [year for year in known if any(first <= sunday_of(year, week) <= last for week in WEEKS)]
        return found[-MOST_YEARS:]

    def week_value(self, year: int, week: int) -> comparing.Value:
        """Away on the Sunday of a week."""
        day = sunday_of(year, week)
        if not self.is_told or not self.county.first_day(self.begun) <= day <= self.last_day:
            return None
        return self._known_now(day)

    def _known_now(self, day: date) -> comparing.Value:
        """Away on a day. Hidden where the month's own figure is, and where what was filed would tell one or two corrected."""
        month = self.county.month_of(day)
        filed, now = self.value(month, "away"), self.days.on(day)
        corrected = now - filed if isinstance(filed, int) and day == self.county.last_day(month) else 0
        is_told = self.officer.may("see people") or not 0 < abs(corrected) < suppression.SMALL
        return few(now, self.officer) if is_told and not isinstance(filed, str) else suppression.ALSO

    @cached_property
    def _weeks(self) -> dict[int, list[comparing.Value]]:
        return {year: [self.week_value(year, week) for week in WEEKS] for year in self.lunar_years}

    def by_week(self) -> list[Row]:
        rows = []
        for n, week in enumerate(WEEKS):
            values = [self._weeks[year][n] for year in self.lunar_years]
            days = [sunday_of(year, week) for year in self.lunar_years]
            rows.append(Row(week_name(week), list(map(self._day_cell, values, days)), self._change(values)))
        return rows

    def _day_cell(self, value: comparing.Value, day: date) -> Cell:
        opens = isinstance(value, int) and self.officer.may("see people")
        return Cell(value, reverse("away_on", args=[self.area, day]) if opens else "")

    def week_chart(self) -> str:
        lines = {str(year): values for year, values in self._weeks.items()}
        ticks = [f"{week:+d}".replace("-", "−") if week % 4 == 0 and week else "" for week in WEEKS]
        label = _("Away by weeks from the Spring Festival, as known now")
        return charts.years(lines, ticks=ticks, label=label, mark=(WEEKS.index(0), _("Spring Festival")))

    def month_ends(self) -> list[MonthEnd]:
        """The last twelve months, the newest first: what was filed, beside what the ledger says now."""
        if not self.is_told:
            return []
        return [self._month_end(month) for month in reversed(self.month.since(max(self.begun, self.month.plus(-11))))]

    def _month_end(self, month: Month) -> MonthEnd:
        day = self.county.last_day(month)
        filed = self.value(month, "away")
        now = self._known_now(day)
        cell = Cell(filed, "" if filed is None else figure_url(self.area, month, "away", self.officer))
        missing = self._missing(month) if filed is not None else []
        week, known = lunar.weeks_from_festival(day), self._day_cell(now, day)
        if not missing:
            return MonthEnd(month, week, cell, known, comparing.change(now, filed))
        if not self.officer.may("see people"):
            return MonthEnd(month, week, cell, known, None, len(missing))
        theirs = Days(self.area, missing).on(day)
        return MonthEnd(month, week, cell, known, comparing.change(now - theirs, filed), len(missing), theirs)

    def _missing(self, month: Month) -> list[str]:
        """The villages whose return of a month does not count, though it was expected."""
        returns = MonthlyReturn.objects.under(self.area).filter(month=month, counted__isnull=False)
        counted = set(returns.values_list("village_id", flat=True))
        return sorted(totals.expected_by(self.area, month, 12).keys() - counted)


def sunday_of(year: int, week: int) -> date:
    """The Sunday of the week that begins as many weeks after the festival of the year, on the festival's weekday."""
    first = lunar.spring_festival(year) + week * WEEK
    return first + timedelta(days=(SUNDAY - first.weekday()) % 7)


def week_name(week: int) -> str:
    if week == 0:
        return _("Week of the festival")
    if week < 0:
        return ngettext("%(n)d week before", "%(n)d weeks before", -week) % {"n": -week}
    return ngettext("%(n)d week after", "%(n)d weeks after", week) % {"n": week}
