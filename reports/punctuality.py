"""The calendar of reports: which townships were complete and on time, month by month."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Count, Min, Q
from django.db.models.functions import Substr
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from laborreg import clock
from laborreg.months import Month
from reports.deadlines import deadlines
from reports.models import MonthlyReturn, ReturnVersion
from villages.models import County, Township


@dataclass(frozen=True)
class Reported:
    """A township's month: how it is shown, and in words."""

    month: Month
    tone: str
    sign: str
    words: str


def calendar(county: County, month: Month, months: list[Month]) -> list[tuple[Township, list[Reported]]]:
    """The twelve months up to one, of those that are open; two queries."""
    shown = [each for each in months if month.plus(-11) <= each <= month]
    counts, late = _counts(county, shown), late_by(county, shown)
    return [
        (township, [_reported(each, counts.get((each, township.code)), late.get((each, township.code), 0),
                              deadlines(county, each, township.code).due_on) for each in shown])
        for township in county.townships.order_by("code")
        if any(key[1] == township.code for key in counts)
    ]


def _counts(county, months) -> dict[tuple[Month, str], tuple[int, int, int]]:
    """(month, township): returns, those in, those approved."""
    rows = MonthlyReturn.objects.filter(county=county, month__in=months).order_by()
    rows = rows.values_list("month", Substr("village_id", 1, 9)).annotate(
        Count("pk"), received=Count("pk", Q(state__in=MonthlyReturn.IN)), done=Count("pk", Q(counted__approved_at__isnull=False))
    )
    return {(month, code): tuple(numbers) for month, code, *numbers in rows}


def late_by(county, months) -> dict[tuple[Month, str], int]:
    """(month, township): villages whose first version came after the due day."""
    days = {month: deadlines(county, month) for month in months}
    first = ReturnVersion.objects.filter(county=county, month__in=months).order_by()
    found: dict[tuple[Month, str], int] = {}
    for month, village, at in first.values_list("month", "village_id").annotate(Min("submitted_at")):
        if timezone.localdate(at) > days[month].at(village).due_on:
            found[month, village[:9]] = found.get((month, village[:9]), 0) + 1
    return found


def _reported(month, counts, late, due_on) -> Reported:
    if counts is None:
        return Reported(month, "", "", _("nothing to report"))
    expected, received, done = counts
    return Reported(month, *next(_judged(expected - received, expected - done, late, due_on)))


def _judged(missing, undone, late, due_on) -> Iterator[tuple[str, str, str]]:
    if missing and clock.today() > due_on:
        yield "bad", str(missing), ngettext("%(n)d missing", "%(n)d missing", missing) % {"n": missing}
    if missing:
        yield "", "·", _("not due yet")
    if undone:
        yield "warn", "…", _("in review")
    if late:
        yield "late", str(late), ngettext("%(n)d late", "%(n)d late", late) % {"n": late}
    yield "ok", "✓", _("on time")
