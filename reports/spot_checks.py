"""The verification factor (核实系数): of those whom villages filed, how many were found again when asked.

Recounted over reported, of persons who were reached, in checks that are finished. Who was not reached enters neither of
the two; how many they are stands beside it. A range is given only where the persons were drawn from the whole area:
of an area of which only chosen places were checked, the factor speaks of those places alone.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Length, Substr

from laborreg.codes import under
from laborreg.months import Month
from reports.models import SpotCheckPerson
from reports.models.spot_checks import COUNTS_AFTER, NOT_REACHED
from reports.sampling import wilson

AWAY = "away"
# Of fewer persons who were reached, a reader without names sees no factor.
FEWEST = 30


@dataclass(frozen=True)
class Factor:
    """`reported`: persons asked and reached; `recounted`: those of them who still count. `low`, `high`: 95 %, or None."""

    recounted: int
    reported: int
    share: float | None
    low: float | None
    high: float | None
    not_reached: int = 0
    # How many draws are pooled in it.
    draws: int = 1

    @property
    def is_drawn(self) -> bool:
        """Whether it speaks of the whole area."""
        return self.low is not None

    @property
    def at_least(self) -> float:
        """As if nobody counted of those who were not reached."""
        return self.recounted / (self.reported + self.not_reached)


def factor_of(recounted: int, reported: int, not_reached: int = 0, *, is_drawn: bool, draws: int = 1) -> Factor:
    share = recounted / reported if reported else None
    low, high = wilson(recounted, reported) if is_drawn and reported else (None, None)
    return Factor(recounted, reported, share, low, high, not_reached, draws)


def factor(area, month: Month, figure: str = AWAY) -> Factor | None:
    """Of a village, township or county (a row or its code) in a month; None where no check is finished.

    Persons drawn from the area, or from a wider one, are asked first: they stand for all of it. Without them, those of
    checks of its parts. One query.
    """
    code = getattr(area, "code", area)
    return _factors(code, month, figure, at=len(code)).get(code)


def factors_of_parts(area, month: Month, figure: str = AWAY) -> dict[str, Factor]:
    """{code: factor} of the areas directly below: of a county's townships, of a township's villages. One query."""
    code = getattr(area, "code", area)
    return _factors(code, month, figure, at=9 if len(code) == 6 else 12)


def sums_of_townships(county, months: Iterable[Month], figure: str = AWAY) -> dict[str, tuple[int, int]]:
    """{township code: (recounted, reported)} over the checked ones of some months: each month's factor as it is chosen.

    A township in which nobody was reached has none. One query.
    """
    rows = finished().filter(under("village_id", county.code), month__in=list(months), check_of__figure=figure)
    by_month: dict[Month, list[dict]] = {}
    for row in _summed(rows, at=9, by=["month"]):
        by_month.setdefault(row["month"], []).append(row)
    found: dict[str, tuple[int, int]] = {}
    for sums in by_month.values():
        for code, one in _chosen(sums).items():
            recounted, reported = found.get(code, (0, 0))
            found[code] = recounted + one.recounted, reported + one.reported
    return {code: sums for code, sums in found.items() if sums[1]}


def of_village(village, month: Month) -> list[tuple[str, Factor]]:
    """(figure, factor) of every figure that was checked in a village's month. One query."""
    rows = finished().filter(village=village, month=month)
    found = {key: _chosen(each) for key, each in _by_figure(_summed(rows, at=12, by=["check_of__figure"])).items()}
    return [(key, found[key][village.pk]) for key in COUNTS_AFTER if key in found]


def _by_figure(sums) -> dict[str, list[dict]]:
    found: dict[str, list[dict]] = {}
    for row in sums:
        found.setdefault(row["check_of__figure"], []).append(row)
    return found


def _factors(code: str, month: Month, figure: str, *, at: int) -> dict[str, Factor]:
    rows = finished().filter(under("village_id", code), month=month, check_of__figure=figure)
    return _chosen(_summed(rows, at=at))


def _summed(rows, *, at: int, by: Iterable[str] = ()):
    """Recounted, reported and not reached, of those drawn from all of a part apart from the others."""
    return rows.values(*by, part=Substr("village_id", 1, at), is_wide=Q(wide__lte=at)).annotate(
        recounted_in=Sum("recounted", default=0), reported=Count("recounted"),
        missed=Count("pk", filter=Q(outcome=NOT_REACHED)), draws=Count("check_of", distinct=True),
    ).order_by()


def without_small_samples(found: dict) -> dict:
    """For who sees no names: of few persons the percent would tell what became of one. `found`: factor, factors."""
    factors = {code: each for code, each in found.get("factors", {}).items() if each.reported >= FEWEST}
    whole = found["factor"]
    return {"factor": whole if whole and whole.reported >= FEWEST else None, "factors": factors}


def finished():
    """Persons of finished checks; `wide` is the length of the code of the area that the check was drawn from."""
    rows = SpotCheckPerson.objects.filter(check_of__finished_at__isnull=False)
    return rows.annotate(wide=Length(F("check_of__area_code")))


def _chosen(sums: Iterable[dict]) -> dict[str, Factor]:
    """Of each part the persons who were drawn from all of it, where there are some who were reached."""
    found: dict[str, Factor] = {}
    for row in sums:
        here = factor_of(row["recounted_in"], row["reported"], row["missed"], is_drawn=row["is_wide"], draws=row["draws"])
        before = found.get(row["part"])
        if before is None or (here.reported > 0, here.is_drawn) > (before.reported > 0, before.is_drawn):
            found[row["part"]] = here
    return found
