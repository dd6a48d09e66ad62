"""The calendar of reports: which townships or villages were complete and on time, month by month."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db.models import Count, Q
from django.db.models.functions import Substr
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from laborreg import clock
from laborreg.months import Month
from reports.deadlines import Deadlines, deadlines
from reports.models import APPROVED, LOCKED, OPEN_AGAIN, REOPENED, MonthlyReturn, ReturnVersion
from villages.models import County, Township, Village

# The version that counts was approved: one that waits again after its month was reopened is not that.
APPROVED_ONCE = Q(state__in=[APPROVED, LOCKED, REOPENED]) | OPEN_AGAIN


@dataclass(frozen=True)
class Reported:
    """A township's or village's month: how it is shown, and in words."""

    month: Month
    tone: str
    sign: str
    words: str


def calendar(county: County, month: Month, months: list[Month]) -> list[tuple[Township, list[Reported]]]:
    """The twelve months up to one, of those that are open; two queries and that of the townships."""
    townships = county.townships.order_by("code")
    return _calendar(county, month, months, townships, county.code, 9, _reported)


def calendar_of_villages(township: Township, month: Month, months: list[Month]) -> list[tuple[Village, list[Reported]]]:
    """The same of a township's villages: late is told in days."""
    villages = Village.objects.under(township.code).order_by("code")
    return _calendar(township.county, month, months, villages, township.code, 12, _reported_of_village)


def _calendar(county, month, months, areas, code, at, reported):
    shown = [each for each in months if month.plus(-11) <= each <= month]
    days = {each: deadlines(county, each) for each in shown}
    counts, late = _counts(code, shown, at), days_late(county, code, days, at)
    there = {area for _month, area in counts}
    return [
        (area, [
            Reported(each, *reported(counts.get((each, area.code)), late.get((each, area.code), []),
                                     days[each].at(area.code).due_on))
            for each in shown
        ])
        for area in areas if area.code in there
    ]


def _counts(code, months, at) -> dict[tuple[Month, str], tuple[int, int, int]]:
    """(month, area): returns, those in, those approved."""
    rows = MonthlyReturn.objects.under(code).filter(month__in=months).order_by()
    rows = rows.values_list("month", Substr("village_id", 1, at)).annotate(
        Count("pk"), received=Count("pk", Q(state__in=MonthlyReturn.IN)), done=Count("pk", APPROVED_ONCE)
    )
    return {(month, area): tuple(numbers) for month, area, *numbers in rows}


def days_late(county: County, code: str, days: dict[Month, Deadlines], at: int) -> dict[tuple[Month, str], list[int]]:
    """(month, area): by how many days the first version of a village came after its due day, one number a village."""
    found: dict[tuple[Month, str], list[int]] = {}
    if not days:
        return found
    after_due = Q()
    for month, of_month in days.items():
        after_due |= Q(month=month, submitted_at__gte=_midnight_after(of_month.due_on))
    first = ReturnVersion.objects.under(code).filter(after_due, county=county, number=1).order_by()
    for month, village, at_ in first.values_list("month", "village_id", "submitted_at"):
        after = (timezone.localdate(at_) - days[month].at(village).due_on).days
        if after > 0:
            found.setdefault((month, village[:at]), []).append(after)
    return found


def late_by(county: County, months: list[Month]) -> dict[tuple[Month, str], int]:
    """(month, township): villages whose first version came after the due day."""
    late = days_late(county, county.code, {month: deadlines(county, month) for month in months}, 9)
    return {key: len(days) for key, days in late.items()}


def _midnight_after(day) -> datetime:
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time()))


def _reported(counts, late, due_on) -> tuple[str, str, str]:
    """Tone, sign and words of a township's month."""
    if counts is None:
        return "", "", _("nothing to report")
    expected, received, done = counts
    return next(_judged(expected - received, expected - done, len(late), due_on))


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


def _reported_of_village(counts, late, due_on) -> tuple[str, str, str]:
    tone, sign, words = _reported(counts, late, due_on)
    if tone == "bad":
        return tone, "×", _("missing")
    if tone == "late":
        n = late[0]
        return tone, str(n), ngettext("%(n)d day late", "%(n)d days late", n) % {"n": n}
    return tone, sign, words
