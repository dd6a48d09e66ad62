"""The figures of months past and present, as they count: sealed months from their seals, the rest from returns."""

from django.db.models import Exists, OuterRef, Subquery

from laborreg.codes import under
from laborreg.months import Month
from reports import totals
from reports.models import CountyMonth, EarlierTotal, Seal, SealTotal
from workers.ledger import FIGURES, KEYS

Figures = dict[str, int]
COLUMNS = [figure.column for figure in FIGURES]


def history(area: str, first: Month, last: Month, *, at: int) -> dict[tuple[Month, str], Figures]:
    """{(month, code): figures} of an area by the first `at` digits; what nobody filed is not there.

    Months before the county's first may have been typed once; townships and counties that were sealed are read
    from their newest seal, so that history does not move. Three queries, whatever the number of months.
    """
    if at > 9:
        return totals.sums_between(area, first, last, at=at)
    found = _typed(area, first, last, at) | _sealed(area, first, last, at)
    sealed = {month for month, _code in found}
    open_from = next((month for month in last.since(first) if month not in sealed), None)
    if open_from:
        live = totals.sums_between(area, open_from, last, at=at)
        found |= {key: figures for key, figures in live.items() if key[0] not in sealed}
    return found


def _sealed(area, first, last, at):
    newest = Seal.objects.filter(county_id=OuterRef("seal__county_id"), month=OuterRef("month")).order_by("-number")
    rows = SealTotal.objects.filter(
        under("area_code", area), month__gte=first, month__lte=last, seal_id=Subquery(newest.values("pk")[:1]),
        expected__gt=0,
    )
    return _figures(rows.filter(area_code=area) if len(area) == at else rows, at)


def _typed(area, first, last, at):
    """Before the county's first month. None for a figure that nobody typed: silence is no zero."""
    begun = CountyMonth.objects.filter(county=OuterRef("county"), month__lte=OuterRef("month"))
    rows = EarlierTotal.objects.filter(~Exists(begun), under("area_code", area), month__gte=first, month__lte=last)
    return {
        (month, code): {key: value if key in typed else None for key, value in zip(KEYS, values, strict=True)}
        for month, code, typed, *values in rows.values_list("month", "area_code", "typed", *COLUMNS)
        if len(code) == at
    }


def _figures(rows, at):
    return {
        (month, code): dict(zip(KEYS, values, strict=True))
        for month, code, *values in rows.values_list("month", "area_code", *COLUMNS)
        if len(code) == at
    }
