"""What a key comes to, for an area and its parts in a month: the figures of the totals page, and words.

Everything is asked of reports.totals and reports.comparing; None is what nobody filed: silence is no zero.
"""

from functools import cached_property

from django.utils.translation import gettext as _

from laborreg import clock
from laborreg.months import Month
from laborreg.refusals import Refusal
from laborreg.rounding import percent, rounded
from reports import comparing, totals
from reports.blanks.keys import (
    A_YEAR_BEFORE,
    CHANGE,
    COUNT,
    DERIVED,
    DERIVED_BY_NAME,
    FIGURE,
    GROWTH,
    LAST_MONTH,
    ROW,
    TARGET,
    THIS_YEAR,
    Ask,
)
from reports.comparing import Figured
from reports.models import FilledBlank, MonthlyReturn
from reports.tables.counting import Question, counted
from reports.tables.sources import MONTH
from reports.targets import completions
from villages.models import County, Township, Village

AT = {"township": 9, "village": 12}
Value = int | float | str | None


class Values:
    """The values of one area and month. An area of which nothing is in has none, and is refused."""

    def __init__(self, area, month: Month, *, by_name: str):
        self.area, self.month, self.by_name = area, month, by_name
        # What was asked before: counts by their question, targets by the length of the code.
        self._counted: dict[tuple, dict[str, dict[tuple, int]]] = {}
        self._expected: dict[tuple[str, str], set[str]] = {}
        self._targets: dict[int, dict] = {}
        self.total = totals.totals(area.code, month)
        if not self.total.received:
            raise Refusal(_("Nothing of %(area)s is in for %(month)s yet.") % {"area": area.label, "month": month.label})

    @cached_property
    def county(self) -> County:
        return self.area if self.area.level == "county" else County.objects.get(pk=self.area.code[:6])

    @property
    def source(self) -> str:
        return "sealed" if self.total.sealed else "provisional"

    @property
    def is_alike(self) -> bool:
        """While villages are missing, other months count those that are in alone, as on the totals page."""
        return bool(self.total.missing) and len(self.area.code) < 12

    @cached_property
    def _villages_in(self) -> tuple[str, ...]:
        rows = MonthlyReturn.objects.under(self.area.code).filter(month=self.month, counted__isnull=False)
        return tuple(rows.order_by("village_id").values_list("village_id", flat=True))

    @cached_property
    def _figured(self) -> Figured:
        return self._compared(comparing.of_area(self.total), len(self.area.code))

    def _compared(self, figures, at) -> Figured:
        if not self.is_alike:
            return Figured(figures)
        alike = comparing.same_villages(self.area.code, self.month, at=at)
        return Figured(figures, alike=alike, is_sealed=bool(self.total.sealed))

    def parts(self, repeats: str) -> list:
        """The townships or villages of the area, in the order of their codes; refused where there are none."""
        at = AT[repeats]
        if at == len(self.area.code):
            return [self.area]
        if at < len(self.area.code):
            found = []
        elif at == 9:
            found = list(Township.objects.under(self.area.code).order_by("code"))
        else:
            found = list(Village.objects.under(self.area.code).filing_in(self.month).order_by("code"))
        if not found:
            raise Refusal(
                _("%(area)s has no townships, and this workbook repeats a row for each.") % {"area": self.area.label}
                if at == 9 else
                _("%(area)s has no villages that file, and this workbook repeats a row for each.") % {"area": self.area.label}
            )
        return found

    @cached_property
    def _figured_parts(self) -> dict[str, Figured]:
        return {}

    def _of_parts(self, at) -> Figured:
        if at == len(self.area.code):
            return self._figured
        if at not in self._figured_parts:
            self._figured_parts[at] = self._compared(comparing.of_parts(self.area.code, self.month, at=at), at)
        return self._figured_parts[at]

    @cached_property
    def _counts(self) -> dict[int, tuple[dict, dict]]:
        return {}

    def _count(self, code, which) -> int:
        at = len(code)
        if at not in self._counts:
            asked = self.area.code, self.month
            self._counts[at] = totals.received_by(*asked, at), totals.expected_by(*asked, at)
        return self._counts[at][which].get(code, 0)

    def of(self, ask: Ask, part=None, number: int = 0) -> Value:
        """Of the area, or of one of its parts: the `number`th row."""
        area = part or self.area
        if ask.key.group == ROW:
            return {"row": number, "part.name": area.short_name, "part.code": area.code}[ask.key.name]
        if ask.key.group == FIGURE and not ask.where:
            return _scaled(self._figure(ask, area.code), ask)
        if ask.key.group == DERIVED:
            return _scaled(self._derived(ask, area.code), ask)
        if ask.where or ask.key.group == COUNT:
            return _scaled(self._count_of(ask, area.code), ask)
        if ask.key.group == TARGET:
            return _scaled(self._target(ask.key.name, area.code), ask)
        return self._word(ask.key.name, area)

    def _count_of(self, ask, code):
        """Some people of a figure, counted from the lines as filed; nothing where nobody filed."""
        month, at = self._month_of(ask.when), len(code)
        figured = self._of_parts(at)
        is_filed = figured.row if month == self.month else figured.row_before
        if is_filed(month, code) is None:
            return None
        dimensions = tuple(name for name, _codes in ask.where)
        asked = (ask.key.name, dimensions, month, at)
        if asked not in self._counted:
            self._counted[asked] = self._asked(*asked)
        wanted = [set(codes) for _name, codes in ask.where]
        cells = self._counted[asked].get(code, {})
        return sum(n for of, n in cells.items() if all(map(set.__contains__, wanted, of)))

    def expect(self, asks):
        """What the workbook will ask, so that counts that differ only in their codes are one statement."""
        for ask in asks:
            for name, codes in ask.where:
                self._expected.setdefault((ask.key.name, name), set()).update(codes)

    def _asked(self, measure, dimensions, month, at) -> dict[str, dict[tuple, int]]:
        """{code: {codes of the dimensions: how many}} by the first `at` digits of the village's code."""
        rows = "village" if at == 12 else "township"
        filters = tuple((name, tuple(sorted(self._expected[measure, name]))) for name in dimensions)
        if self.is_alike and month != self.month:
            filters = (*filters, ("village", self._villages_in))
        question = Question(MONTH, self.area.code, month, (rows, *dimensions), filters=filters, measure=measure)
        found: dict[str, dict[tuple, int]] = {}
        for (part, *of), n in counted(question).items():
            cells = found.setdefault(part[:at], {})
            cells[tuple(of)] = cells.get(tuple(of), 0) + n
        return found

    def _target(self, name, code):
        what, _dot, kind = name.partition(".")
        at = len(code)
        if at not in self._targets:
            self._targets[at] = completions(self.area.code, self.month, at=at)
        found = self._targets[at].get(code, {}).get(kind)
        return getattr(found, what, None)

    def _figure(self, ask, code):
        figured, key = self._of_parts(len(code)), ask.key.name
        if ask.when == THIS_YEAR:
            return figured.this_year(self.month, code, key)
        if not ask.when:
            return figured.value(self.month, code, key)
        if ask.when in (LAST_MONTH, A_YEAR_BEFORE):
            return figured.before(self._month_of(ask.when), code, key)
        before = self.month.previous if ask.when in (CHANGE, GROWTH) else self.month.a_year_before
        change = figured.change(self.month, before, code, key)
        if change is None:
            return None
        return change.share if ask.is_share else change.amount

    def _month_of(self, when) -> Month:
        return {"": self.month, LAST_MONTH: self.month.previous, A_YEAR_BEFORE: self.month.a_year_before}[when]

    def _derived(self, ask, code):
        figured, work_out = self._of_parts(len(code)), DERIVED_BY_NAME[ask.key.name][0]
        if not ask.when:
            return figured.derived(work_out, self.month, code)
        return figured.derived_before(work_out, self._month_of(ask.when), code)

    def _word(self, name, area) -> Value:
        first, last = self.county.first_day(self.month), self.county.last_day(self.month)
        words = {
            "area": lambda: area.short_name, "county": lambda: self.county.short_name, "code": lambda: area.code,
            "year": lambda: self.month.year, "month": lambda: self.month.number,
            "period": lambda: f"{self.month.year}年{self.month.number}月",
            "first_day": lambda: _day(first), "last_day": lambda: _day(last), "date": lambda: _day(clock.today()),
            "status": lambda: str(dict(FilledBlank.SOURCES)[self.source]),
            "filled_by": lambda: self.by_name,
            "villages_in": lambda: self._count(area.code, 0), "villages_expected": lambda: self._count(area.code, 1),
        }
        return words[name]()


def _day(day) -> str:
    """As Chinese papers write it, whatever language the officer reads."""
    return f"{day.year}年{day.month}月{day.day}日"


def _scaled(value: Value, ask: Ask) -> Value:
    if value is None:
        return None
    if ask.decimals is not None:
        found = float(rounded(value, ask.decimals, divisor=ask.divisor))
    else:
        found = value if ask.divisor == 1 else value / ask.divisor
    return int(found) if isinstance(found, float) and found.is_integer() and not ask.is_share else found


def as_text(value: Value, ask: Ask) -> str:
    """A value inside a sentence: a share as 12.3%, money divided with two decimals."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if ask.is_share and ask.divisor == 1:
        return percent(value, 1 if ask.decimals is None else max(ask.decimals - 2, 0))
    if isinstance(value, float) or ask.decimals is not None:
        return str(rounded(value, 2 if ask.decimals is None else ask.decimals))
    return str(value)
