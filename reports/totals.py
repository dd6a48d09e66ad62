"""How figures add up: returns of villages summed by code range when asked, seals for months that are locked."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from django.db import connection
from django.db.models import Case, Count, F, Min, OuterRef, Subquery, Value, When
from django.db.models.functions import Substr

from laborreg.codes import after, under
from laborreg.months import Month
from reports import filing
from reports.models import (
    APPROVED,
    LOCKED,
    OPEN_AGAIN,
    REOPENED,
    SUBMITTED,
    CountyMonth,
    MonthlyReturn,
    ReturnVersion,
    Seal,
    SealTotal,
)
from villages import lineage
from villages.models import County, Village
from workers.ledger import FIGURES, KEYS

LEDGER, RETURNS, SEAL = "ledger", "returns", "seal"
# Which villages' months make a series: those filed under its code, or all that became part of it since.
AS_FILED, NOW = "filed", "now"
Figures = dict[str, int]


@dataclass(frozen=True)
class Total:
    """The figures of an area for a month, where they come from, and how many villages are in them."""

    area: str
    month: Month
    source: str
    expected: int
    received: int
    approved: int
    locked: int
    figures: Figures

    @property
    def sealed(self) -> bool:
        return self.source == SEAL

    @property
    def missing(self) -> int:
        return max(self.expected - self.received, 0)

    def as_json(self) -> dict:
        """The stable form of `manage.py totals --json`."""
        return {
            "area": self.area, "month": str(self.month), "source": self.source, "expected": self.expected,
            "in": self.received, "approved": self.approved, "locked": self.locked, "sealed": self.sealed,
            "figures": self.figures,
        }


def nothing() -> Figures:
    return dict.fromkeys(KEYS, 0)


def add(parts: Iterable[Figures]) -> Figures:
    """Figures of several areas in one month; months are never added here."""
    total = nothing()
    for figures in parts:
        for key, value in figures.items():
            total[key] += value
    return total


def totals(area: str, month: Month, *, as_they_stand: bool = False) -> Total:
    """The total of a village, township, county, prefecture (4 digits) or province (2) for a month.

    `as_they_stand`: the sum of the returns even where the month is sealed, see `standing_sums`.
    """
    states = _states(area, month)
    expected = sum(expected_by(area, month, len(area)).values())
    received = sum(states.get(s, 0) for s in MonthlyReturn.IN)
    locked = states.get(LOCKED, 0) + states.get(REOPENED, 0)
    approved = states.get(APPROVED, 0) + locked
    if as_they_stand:
        source, figures = RETURNS, standing_sums(area, month, at=len(area)).get(area) or nothing()
    else:
        source, figures = _figures(area, month, expected, received, locked)
    return Total(area, month, source, expected, received, approved, locked, figures)


def _figures(area, month, expected, received, locked) -> tuple[str, Figures]:
    if len(area) == 12 and not received:
        return LEDGER, _live(area, month)
    is_sealed = _is_sealed(area, month, expected)
    if is_sealed and len(area) < 12:
        return SEAL, _sealed(area, month)
    figures = sums_of_returns(area, month, at=len(area)).get(area) or nothing()
    return (SEAL if is_sealed and locked else RETURNS), figures


def _live(area, month) -> Figures:
    village = Village.objects.select_related("township__county").get(pk=area)
    return filing.count_villages(village.township.county, month, [area])[area].figures


def _is_sealed(area: str, month: Month, expected: int) -> bool:
    """Every county in the area with expected villages locked the month."""
    counties = set(expected_by(area, month, 6)) if len(area) < 6 else {area[:6]} if expected else set()
    sealed = Seal.objects.filter(county_id__in=counties, month=month).values_list("county_id", flat=True)
    return bool(counties) and counties == set(sealed)


def _sealed(area: str, month: Month) -> Figures:
    """From the newest seal of each county; wide areas add up their counties."""
    newest = Seal.objects.filter(month=month, county_id=OuterRef("seal__county_id")).order_by("-number").values("pk")
    rows = SealTotal.objects.filter(under("area_code", area), month=month, seal_id=Subquery(newest[:1]))
    level = max(6, len(area))
    return add(row.figures for row in rows if len(row.area_code) == level)


def expected_by(area: str, month: Month, at: int) -> dict[str, int]:
    """How many villages are expected to file, by the first `at` digits of their code."""
    counties = CountyMonth.objects.filter(under("county_id", area[:6])).values("county_id").annotate(first=Min("month"))
    opened = [row["county_id"] for row in counties if row["first"] <= month]
    rows = Village.objects.under(area).filing_in(month).filter(township__county__in=opened)
    return dict(rows.values_list(Substr("code", 1, at)).annotate(n=Count("pk")).order_by())


def received_by(area: str, month: Month, at: int) -> dict[str, int]:
    """How many returns are in, by the first `at` digits of the village's code."""
    rows = MonthlyReturn.objects.under(area).filter(month=month, state__in=MonthlyReturn.IN)
    return dict(rows.values_list(Substr("village_id", 1, at)).annotate(n=Count("pk")).order_by())


# A return that was reopened counts as locked, with its locked version, until it is locked again.
STANDING = Case(When(OPEN_AGAIN, then=Value(REOPENED)), default=F("state"))


def _states(area: str, month: Month) -> dict[str, int]:
    rows = MonthlyReturn.objects.under(area).filter(month=month)
    return dict(rows.values_list(STANDING).annotate(n=Count("pk")).order_by())


def states_by(area: str, month: Month, at: int) -> dict[str, dict[str, int]]:
    """{code: {state: how many returns}} by the first `at` digits of the village's code."""
    rows = MonthlyReturn.objects.under(area).filter(month=month)
    found: dict[str, dict[str, int]] = {}
    for code, state, n in rows.values_list(Substr("village_id", 1, at), STANDING).annotate(n=Count("pk")).order_by():
        found.setdefault(code, {})[state] = n
    return found


COUNTED = "r.counted_id"
# What is submitted again after a month was reopened, before it is locked again.
NEWEST = f"CASE WHEN r.state IN ('{SUBMITTED}', '{APPROVED}') THEN r.newest_id ELSE r.counted_id END"


@cache
def _sql(at: int, same_villages: bool = False, version: str = COUNTED, ends_alone: bool = False) -> str:
    """One statement for every sum; its columns follow FIGURES. ORM aggregates of so many sums cost 15 times as much."""
    q = connection.ops.quote_name
    sums = ", ".join(f"SUM(v.{q(figure.column)})" for figure in FIGURES)
    versions, returns = ReturnVersion._meta.db_table, MonthlyReturn._meta.db_table
    group = f"SUBSTR(r.village_id, 1, {int(at)})"
    others = (
        f"JOIN {q(returns)} o ON o.village_id = r.village_id AND o.month = %s AND o.counted_id IS NOT NULL "
        if same_villages else ""
    )
    months = "r.month IN (%s, %s)" if ends_alone else "r.month >= %s AND r.month <= %s"
    return (
        f"SELECT r.month, {group}, {sums} FROM {q(returns)} r JOIN {q(versions)} v ON v.id = {version} {others}"
        f"WHERE {months} AND r.village_id >= %s AND r.village_id < %s GROUP BY r.month, {group}"
    )


def sums_between(
    area: str, first: Month, last: Month, *, at: int, in_by: Month | None = None, version: str = COUNTED,
    ends_alone: bool = False,
) -> dict[tuple[Month, str], Figures]:
    """Counted versions summed by month and by the first `at` digits of the village's code.

    `in_by`: only of villages that are in for that month, so that a month still incoming is compared like with like.
    `ends_alone`: of the first and the last month, without those between.
    """
    others = [str(in_by)] if in_by else []
    with connection.cursor() as cursor:
        cursor.execute(_sql(at, bool(in_by), version, ends_alone), [*others, str(first), str(last), area, after(area)])
        return {
            (Month.parse(month), code): dict(zip(KEYS, map(int, sums), strict=True))
            for month, code, *sums in cursor.fetchall()
        }


def sums_of_returns(area: str, month: Month, *, at: int) -> dict[str, Figures]:
    return {code: figures for (_month, code), figures in sums_between(area, month, month, at=at).items()}


def standing_sums(area: str, month: Month, *, at: int) -> dict[str, Figures]:
    """The returns as they stand: what a village filed anew after its month was reopened takes its locked version's place.

    The same as `sums_of_returns` where nothing is reopened. Nothing else counts it before it is locked again.
    """
    found = sums_between(area, month, month, at=at, version=NEWEST)
    return {code: figures for (_month, code), figures in found.items()}


def series(area: str, first: Month, last: Month, *, boundaries: str = AS_FILED) -> dict[Month, Figures]:
    """Month → figures of an area, for the months that anybody filed.

    On the boundaries of now, what villages filed before they became part of this one is added. A split cannot be told
    apart before its day. Wider areas are sums over their range of codes, whatever happens to the villages in it.
    """
    if boundaries == NOW and len(area) == 12:
        found = of_villages([area, *lineage.codes_before(area)], first, last)
        return {month: figures for month, figures in sorted(found.items()) if figures}
    return {month: figures for (month, _code), figures in sums_between(area, first, last, at=len(area)).items()}


def of_villages(codes: list[str], first: Month, last: Month) -> dict[Month, Figures | None]:
    """What some villages filed, month by month, added up; None where one of them is not in: silence is no zero.

    One query.
    """
    returns = MonthlyReturn.objects.filter(village_id__in=codes, month__gte=first, month__lte=last)
    found: dict[Month, list[Figures | None]] = {}
    for month, counted, *values in returns.values_list("month", "counted_id", *(f"counted__{f.column}" for f in FIGURES)):
        found.setdefault(month, []).append(dict(zip(KEYS, values, strict=True)) if counted else None)
    return {month: add(parts) if all(parts) else None for month, parts in found.items()}


def newest_seal(county: County, month: Month) -> Seal | None:
    return Seal.objects.filter(county=county, month=month).order_by("-number").first()
