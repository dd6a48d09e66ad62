"""Who came home: why, from where, what they do now, and how many work again; figures of the totals over twelve months."""

from dataclasses import dataclass
from functools import cached_property

from django.db.models import Count, F
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from laborreg import charts
from laborreg.months import Month
from officers.models import Officer
from reports import comparing, layout, suppression
from reports.analysis.cells import Cell, figure_url, seen_between
from reports.models import FiledEvent, FiledLine, MonthlyReturn
from reports.totals import Total
from workers.ledger import BY_KEY, CAME_HOME, partitions

MONTHS = 12
AFTER = (1, 2, 3, 6)
STARTED = ("came_home.reason_own_business", "home.own_business", "transferred.own_business")


def parts(whole: str, facet: str) -> list[str]:
    return next(parts for total, parts in partitions() if total == whole and BY_KEY[parts[0]].facet == facet)


@dataclass(frozen=True)
class Row:
    """A figure over the months, and the sum of those that add."""

    key: str
    label: str
    cells: list[Cell]
    sum: comparing.Value = None
    share: float | None = None
    is_whole: bool = False


@dataclass(frozen=True)
class Again:
    """Of those who came home in a month, distinct and named: how many work some months later."""

    month: Month
    after: int
    label: str
    persons: comparing.Value
    away: comparing.Value
    local: comparing.Value
    working: comparing.Value
    share: float | None


class Homecomings:
    """Of an area, over the twelve months up to one."""

    def __init__(self, total: Total, officer: Officer, *, begun: Month):
        self.total, self.officer, self.begun = total, officer, begun
        self.area, self.month = total.area, total.month
        self.months = self.month.since(self.month.plus(1 - MONTHS))
        self.seen = seen_between(total, officer, self.month.plus(-MONTHS - 11))

    def value(self, key: str, month: Month | None = None) -> comparing.Value:
        return self.seen.value(month or self.month, self.area, key)

    def table(self, whole: str, facet: str) -> list[Row]:
        """The parts of a whole by month, and the whole; each number opens to what is behind it."""
        sum_ = self._sum(whole)
        rows = [self._row(key, sum_) for key in parts(whole, facet)]
        return [*rows, self._row(whole, sum_, is_whole=True)]

    def figures(self, keys) -> list[Row]:
        return [self._row(key) for key in keys]

    def _row(self, key, whole=None, *, is_whole=False) -> Row:
        cells = [self._cell(key, month) for month in self.months]
        sum_ = self._sum(key)
        share = sum_ / whole if isinstance(sum_, int) and isinstance(whole, int) and whole else None
        label = str(BY_KEY[key].label) if whole is not None else layout.full_label(key)
        return Row(key, label, cells, sum_, share, is_whole)

    def _cell(self, key, month) -> Cell:
        value = self.value(key, month)
        is_open = value is not None and month >= self.begun
        return Cell(value, figure_url(self.area, month, key, self.officer) if is_open else "")

    def _sum(self, key) -> comparing.Value:
        """Over the months what adds; of a stock or year figure the last month's."""
        if not BY_KEY[key].adds_over_months:
            return self.value(key)
        values = [self.value(key, month) for month in self.months]
        if any(isinstance(value, str) for value in values):
            return suppression.ALSO
        known = [value for value in values if value is not None]
        return sum(known) if known else None

    def chart(self, whole: str, facet: str) -> str:
        columns = {
            str(BY_KEY[key].label): [self.value(key, month) for month in self.months] for key in parts(whole, facet)
        }
        label = _("%(figure)s by month, %(first)s to %(last)s") % {
            "figure": BY_KEY[whole].label, "first": self.months[0].label, "last": self.month.label,
        }
        return charts.stacks(columns, names=self.months, label=label, has_key=False)

    def beside(self, whole: str, facet: str) -> str:
        """The parts in this month, beside the same month a year before."""
        before = self.month.a_year_before
        keys = parts(whole, facet)
        rows = [(BY_KEY[key].label, self.value(key), self.value(key, before)) for key in keys]
        urls = [figure_url(self.area, self.month, key, self.officer) for key in keys]
        label = _("%(figure)s in %(month)s and a year before") % {"figure": BY_KEY[whole].label, "month": self.month.label}
        return charts.grouped(rows, sides=(self.month.label, before.label), label=label, href=lambda n: urls[n])

    # Who works again.

    @property
    def is_told(self) -> bool:
        return self.officer.may("see people") or len(self.area) == 6

    @cached_property
    def again(self) -> list[Again]:
        """As the lines of this month say of those who came home one, two, three and six months ago.

        For who may not see people of the county alone: its townships would tell one another.
        """
        if not self.total.received or not self.is_told:
            return []
        came, works = self._came_home(), self._working()
        return [self._again(after, came, works) for after in AFTER if self.month.plus(-after) in came]

    def _came_home(self) -> dict[Month, int]:
        """{month: named persons who came home in it}"""
        months = [self.month.plus(-after) for after in AFTER]
        return dict(homecomings_in(self.area, months).values_list("version__month").annotate(
            n=Count("worker_number", distinct=True)
        ).order_by())

    def _working(self) -> dict[tuple[Month, str], int]:
        """{(month in which they came home, state now): persons}, of who is away or works locally on the last day."""
        lines = working_lines(self.area, self.month)
        states = dict(lines.values_list("worker_number", "state"))
        found: dict[tuple[Month, str], int] = {}
        months = [self.month.plus(-after) for after in AFTER]
        for month, number in homecomings_in(self.area, months).values_list("version__month", "worker_number").distinct():
            if state := states.get(number):
                found[month, state] = found.get((month, state), 0) + 1
        return found

    def _again(self, after, came, works) -> Again:
        month = self.month.plus(-after)
        label = ngettext("%(n)d month later", "%(n)d months later", after) % {"n": after}
        persons, away, local = came[month], works.get((month, "away"), 0), works.get((month, "local"), 0)
        values = {"persons": persons, "away": away, "local": local, "working": away + local, "home": persons - away - local}
        seen = values | self._hidden_again(month, values)
        share = None if isinstance(seen["working"], str) or isinstance(seen["persons"], str) else (away + local) / persons
        return Again(month, after, label, seen["persons"], seen["away"], seen["local"], seen["working"], share)

    def _hidden_again(self, month: Month, values) -> dict[str, str]:
        """Small numbers; and all where the number who came home is hidden in the totals."""
        if self.officer.may("see people"):
            return {}
        if (month, self.area, "came_home_persons") in self.seen.marks or 0 < values["persons"] < suppression.SMALL:
            return dict.fromkeys(values, suppression.ALSO)
        line = [(1, ("", "persons")), *((-1, ("", key)) for key in ("away", "local", "home"))]
        sums = [(1, ("", "working")), (-1, ("", "away")), (-1, ("", "local"))]
        rest = [(1, ("", "persons")), (-1, ("", "working")), (-1, ("", "home"))]
        hidden = suppression.hide_cells({("", key): value for key, value in values.items()}, [line, sums, rest])
        return {key: mark for (_code, key), mark in hidden.items()}


def counted(area: str, month: Month):
    """The versions that count in an area's month."""
    return MonthlyReturn.objects.under(area).filter(month=month, counted__isnull=False).values("counted")


def homecomings_in(area: str, months: list[Month]):
    """Of named people; what counted in the months."""
    returns = MonthlyReturn.objects.under(area).filter(month__in=months, counted__isnull=False)
    return FiledEvent.objects.filter(
        version__in=returns.values("counted"), kind=CAME_HOME, worker_number__isnull=False, month=F("version__month")
    )


def working_lines(area: str, month: Month):
    """Named people away or at work locally on the last day of a month."""
    return FiledLine.objects.filter(
        version__in=counted(area, month), state__in=("away", "local"), worker_number__isnull=False
    )
