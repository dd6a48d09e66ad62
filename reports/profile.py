"""A township on one page: where it stands among the others, how well it reports, and who is to be called."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from laborreg.months import Month
from laborreg.rounding import whole
from laborreg.templatetags.registry import number, percent
from officers.models import Officer
from reports import derived, layout
from reports.comparing import Value
from reports.deadlines import deadlines
from reports.models import MonthlyReturn, ReturnVersion
from reports.overview import Overview, Part
from reports.punctuality import days_late
from villages.areas import posted_at
from villages.models import Township

RANKED = ["away", "away.other_province", "left", "came_home", "transferred"]
MONTHS = 12


@dataclass(frozen=True)
class Standing:
    """A figure of the township and what opens it, beside the county's, and its rank among the townships that filed."""

    label: str
    text: str
    url: str
    of_county: str
    rank: int | None
    among: int


@dataclass(frozen=True)
class Quality:
    """How the returns of some months came in: village-months, and how many of them were late or touched again."""

    expected: int
    received: int
    late: int
    sent_back: int
    reopened: int

    @property
    def on_time(self) -> float | None:
        return (self.received - self.late) / self.expected if self.expected else None


@dataclass(frozen=True)
class VillageLine:
    """A village of the township, what opens those away, and who keeps its ledger."""

    part: Part
    url: str
    officers: list[Officer]


def quality(township: Township, months: list[Month]) -> Quality:
    """Of the returns of the months, three queries."""
    county, code = township.county, township.code
    rows = MonthlyReturn.objects.under(code).filter(month__in=months)
    counts = rows.aggregate(expected=Count("pk"), received=Count("pk", Q(state__in=MonthlyReturn.IN)))
    versions = ReturnVersion.objects.under(code).filter(month__in=months)
    touched = versions.aggregate(
        sent_back=Count("ret", Q(sent_back_at__isnull=False), distinct=True),
        # A version after a locked one: the month was opened again for this village.
        reopened=Count("ret", Q(number__gt=1, ret__versions__locked_at__isnull=False, ret__versions__number=1), distinct=True),
    )
    late = days_late(county, code, {month: deadlines(county, month) for month in months}, 9)
    return Quality(**counts, **touched, late=sum(map(len, late.values())))


class Profile:
    """What the page of a township shows for one officer; ranks only for who sees the other townships as well."""

    def __init__(self, township: Township, month: Month, officer: Officer, months: list[Month]):
        self.township, self.month, self.officer = township, month, officer
        self.months = [each for each in months if month.plus(1 - MONTHS) <= each <= month]
        self.overview = Overview(township, month, officer)

    @cached_property
    def quality(self) -> Quality:
        return quality(self.township, self.months)

    @cached_property
    def county(self) -> Overview | None:
        if not self.officer.is_posted_over(self.township.county):
            return None
        return Overview(self.township.county, self.month, self.officer)

    def standings(self) -> list[Standing]:
        counts = [self._standing(layout.full_label(key), key, number, _value_of(key)) for key in RANKED]
        shares = [
            (_("Share of the labor force transferred"), "transferred.in_force", percent, _derived(derived.share_transferred)),
            (_("Degree of organization"), "trips.organized", percent, _derived(derived.degree_of_organization)),
            (_("Names behind those away"), "unnamed", percent, _derived(derived.names_behind)),
            (_("Income per head this year"), "income", _yuan, _derived(derived.income_per_person)),
        ]
        return [*counts, *(self._standing(*asked) for asked in shares)]

    def _standing(self, label: str, key: str, written: Callable, asked: Callable) -> Standing:
        """`key`: the figure that the words of `asked` open."""
        own = asked(self.overview.seen, self.month, self.township.code)
        url = self.overview.drill_url(key) if own is not None else ""
        if self.county is None:
            return Standing(label, written(own), url, "", None, 0)
        values = [asked(self.county.seen_parts, self.month, code) for code, each in self.county.progress.items()
                  if self.county.total.sealed or not each.missing]
        known = [value for value in values if isinstance(value, (int, float))]
        is_ranked = isinstance(own, (int, float)) and (self.county.total.sealed or not self.overview.total.missing)
        rank = 1 + sum(value > own for value in known) if is_ranked else None
        of_county = asked(self.county.seen, self.month, self.county.code)
        return Standing(label, written(own), url, written(of_county), rank, len(known))

    def villages(self) -> list[VillageLine]:
        """Nothing for who goes no deeper."""
        parts = self.overview.parts() if self.overview.part_length else []
        officers = posted_at([part.area.code for part in parts])
        return [VillageLine(part, self._away_url(part), officers[part.area.code]) for part in parts]

    def _away_url(self, part: Part) -> str:
        return self.overview.drill_url("away", part.area.code) if part.progress.received else ""


def _value_of(key: str) -> Callable:
    def value(seen, month, code) -> Value:
        return seen.value(month, code, key)

    return value


def _derived(work_out: Callable) -> Callable:
    def value(seen, month, code) -> float | None:
        return seen.derived(work_out, month, code)

    return value


def _yuan(value: float | None) -> str:
    return number(whole(value))
