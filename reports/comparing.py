"""An area's figures beside those of other months and of its parts, as the reader may see them.

A value is an integer, None where nobody filed (silence is no zero), or the sign of a hidden number.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from django.utils.translation import gettext as _

from laborreg.months import Month
from laborreg.rounding import percent
from officers.models import Officer
from reports import derived, suppression, totals
from reports.history import history
from reports.totals import Total
from workers.ledger import BY_KEY, KEYS, YEAR

Figures = dict[str, int]
Value = int | str | None
Marks = dict[tuple[Month, str, str], str]
# What a derived figure is worked out from: hidden with any of them.
BASES: dict[Callable, tuple[str, ...]] = {
    derived.share_transferred: ("transferred.in_force", "labor_force"),
    derived.degree_of_organization: ("trips.organized", "trips"),
    derived.income_per_person: ("income", "transferred"),
    derived.income_per_trip: ("income", "trips"),
    derived.names_behind: ("unnamed", "away"),
}


@dataclass(frozen=True)
class Change:
    """Now less then; `share` of then. Rising is no praise and falling no blame."""

    amount: int
    share: float | None

    @property
    def direction(self) -> str:
        return "up" if self.amount > 0 else "down" if self.amount < 0 else "flat"

    @property
    def distance(self) -> int:
        return abs(self.amount)

    @property
    def percent(self) -> str:
        """How far, without the sign: the arrow has it."""
        return "–" if self.share is None else percent(abs(self.share))


@dataclass(frozen=True)
class Points:
    """A share less an earlier one; both between 0 and 1."""

    amount: float

    @property
    def points(self) -> float:
        return round(self.amount * 100, 1)

    @property
    def direction(self) -> str:
        return "up" if self.points > 0 else "down" if self.points < 0 else "flat"

    @property
    def text(self) -> str:
        """Shares change by percentage points: from 40% to 50% is 10 of them, not 25%."""
        return _("%(n)s pp") % {"n": f"{abs(self.points):.1f}"}


def points(now: float | None, before: float | None) -> Points | None:
    return None if now is None or before is None else Points(now - before)


def change(now: Value, before: Value) -> Change | None:
    """None where either is hidden or not there: the one that is shown would tell the other."""
    if not isinstance(now, int) or not isinstance(before, int):
        return None
    return Change(now - before, derived.change(now, before) if before > 0 else None)


def largest_first(values: Mapping[str, Value]) -> list[str]:
    """The codes of a list, the largest number first. Hidden ones stand last by their codes: their place tells nothing."""
    return sorted(values, key=lambda code: (0, -values[code], code) if isinstance(values[code], int) else (1, 0, code))


@dataclass
class Figured:
    """The figures of areas over months; what the reader may not see is a sign."""

    figures: dict[tuple[Month, str], Figures]
    marks: Marks = field(default_factory=dict)
    # Of an incomplete month: what the villages that are in filed a month and a year before.
    alike: dict[tuple[Month, str], Figures] | None = None
    # Areas that are not compared, since villages of theirs are missing.
    incomplete: frozenset[str] = frozenset()
    # Nobody waits for those any more.
    is_sealed: bool = False

    def row(self, month: Month, code: str) -> Figures | None:
        return self.figures.get((month, code))

    def value(self, month: Month, code: str, key: str) -> Value:
        return self._shown(self.row(month, code), month, code, key)

    def _shown(self, row, month, code, key) -> Value:
        """Nothing where the row is not there, or the figure was not among those that were typed."""
        known = row[key] if row else None
        return None if known is None else self.marks.get((month, code, key), known)

    def derived(self, work_out: Callable, month: Month, code: str) -> float | None:
        return self._worked_out(work_out, self.row(month, code), month, code)

    def derived_before(self, work_out: Callable, month: Month, code: str) -> float | None:
        return self._worked_out(work_out, self.row_before(month, code), month, code)

    def _worked_out(self, work_out, row, month, code):
        is_hidden = any((month, code, key) in self.marks for key in BASES[work_out])
        is_known = row and all(row[key] is not None for key in BASES[work_out])
        return work_out(row) if is_known and not is_hidden else None

    def this_year(self, month: Month, code: str, key: str) -> Value:
        """A year figure as it stands; a flow that adds over months, from January on; nothing for the others.

        Nor for a flow while villages are missing: of the earlier months they would be in the sum, of this one not yet.
        """
        if BY_KEY[key].kind == YEAR:
            return self.value(month, code, key)
        is_awaited = not self.is_sealed and (self.alike is not None or code in self.incomplete)
        if not BY_KEY[key].adds_over_months or is_awaited:
            return None
        parts = [self.value(m, code, key) for m in month.since(month.january)]
        if hidden := next((part for part in parts if isinstance(part, str)), None):
            return hidden if month == month.january else suppression.ALSO
        known = [part for part in parts if part is not None]
        return sum(known) if known else None

    def before(self, month: Month, code: str, key: str) -> Value:
        """What a month is compared with: like with like."""
        return self._shown(self.row_before(month, code), month, code, key)

    def row_before(self, month: Month, code: str) -> Figures | None:
        """The row that a month is compared with."""
        return self.row(month, code) if self.alike is None else self.alike.get((month, code))

    def change(self, month: Month, before: Month, code: str, key: str) -> Change | None:
        if code in self.incomplete:
            return None
        return change(self.value(month, code, key), self.before(before, code, key))


def of_area(total: Total, before: Iterable[str] = ()) -> dict[tuple[Month, str], Figures]:
    """The figures of an area over the two years up to a month.

    `before`: villages that became part of this one, whose months are added.
    """
    area, month = total.area, total.month
    figures = history(area, month.plus(-23), month, at=len(area))
    if total.received or total.sealed or total.source == totals.LEDGER:
        figures[month, area] = total.figures
    if before:
        _add_before(figures, total, before)
    return figures


def _add_before(figures, total, before):
    """A village that files in the month and is not in yet stays as known now."""
    area, month = total.area, total.month
    for when, filed in totals.of_villages([area, *before], month.plus(-23), month).items():
        if filed:
            figures[when, area] = filed
        elif when != month or not total.expected or total.received:
            figures.pop((when, area), None)


def of_parts(area: str, month: Month, *, at: int) -> dict[tuple[Month, str], Figures]:
    """The figures of the areas of a level inside another, over the year up to a month."""
    return history(area, month.plus(-12), month, at=at)


def same_villages(area: str, month: Month, *, at: int) -> dict[tuple[Month, str], Figures]:
    """Last month and the same month last year, of the villages that are in by now."""
    return totals.sums_between(area, month.a_year_before, month.previous, at=at, in_by=month, ends_alone=True)


def added(figures: dict[tuple[Month, str], Figures], area: str) -> dict[tuple[Month, str], Figures]:
    """The figures of an area's parts added up to the area's, month by month."""
    months = {month for month, _code in figures}
    return {(month, area): totals.add(row for (when, _code), row in figures.items() if when == month) for month in months}


def hidden_from(officer: Officer, county: str, month: Month, first: Month | None = None) -> Marks:
    """What the officer may not see of a county in the months first … month: the same on every page.

    Who may see people may see small numbers.
    """
    if officer.may("see people"):
        return {}
    return small_numbers(county, month, first)


def small_numbers(county: str, month: Month, first: Month | None = None) -> Marks:
    """What no paper that leaves the office says of a county in the months first … month; else in the year up to it."""
    return dict(_hidden(county, month.since(first or month.plus(-12))))


def _hidden(county: str, months: list[Month]) -> Iterable[tuple[tuple[Month, str, str], str]]:
    figures = history(county, months[0], months[-1], at=6) | history(county, months[0], months[-1], at=9)
    for month in months:
        rows = tuple(
            (code, tuple(row[key] for key in KEYS)) for (when, code), row in sorted(figures.items()) if when == month
        )
        for (code, key), mark in _marks_of(county, rows).items():
            yield (month, code, key), mark


@lru_cache(maxsize=512)
def _marks_of(county: str, rows: tuple) -> dict[tuple[str, str], str]:
    """By the figures themselves, so that a month that changed is asked anew: past months do not change."""
    return suppression.hide(county, {
        code: {key: value for key, value in zip(KEYS, values, strict=True) if value is not None} for code, values in rows
    })
