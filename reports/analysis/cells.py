"""One number of an analysis, as the reader may see it, and the page it opens to."""

from dataclasses import dataclass

from django.urls import reverse

from laborreg.months import Month
from reports import comparing, history, suppression, totals
from reports.comparing import Change, Figured, Value
from reports.models import MonthlyReturn
from reports.tables.counting import Filters
from reports.totals import Total


@dataclass(frozen=True)
class Cell:
    """A number, the sign of a hidden one, or None where nobody filed."""

    value: Value
    url: str = ""
    css: str = ""
    share: float | None = None
    change: Change | None = None


def seen_between(total: Total, officer, first: Month) -> Figured:
    """The figures of an area from a month on, up to that of its total."""
    area, month = total.area, total.month
    figures = history.history(area, first, month, at=len(area))
    if total.received or total.sealed or total.source == totals.LEDGER:
        figures[month, area] = total.figures
    return Figured(figures, comparing.hidden_from(officer, area[:6], month, first))


def only_in_by(area: str, month: Month) -> Filters:
    """A filter that leaves the villages that are in by a month: to compare like with like while some are missing."""
    villages = MonthlyReturn.objects.under(area).filter(month=month, counted__isnull=False)
    return (("village", tuple(villages.values_list("village_id", flat=True))),)


def few(value: Value, officer) -> Value:
    """A number by itself, which no other tells: only a small one is hidden."""
    if isinstance(value, int) and 0 < value < suppression.SMALL and not officer.may("see people"):
        return suppression.FEW
    return value


def figure_url(area: str, month: Month, key: str, officer) -> str:
    """The page behind a figure of the totals: the areas below it, or of a village the names."""
    if len(area) == 12:
        return reverse("cell", args=[area, month, key])
    if len(area) == 6 or officer.may("see people"):
        return reverse("drill", args=[area, month, key])
    return ""
