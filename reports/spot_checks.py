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
from reports.models.spot_checks import NOT_REACHED
from reports.sampling import wilson

AWAY = "away"


@dataclass(frozen=True)
class Factor:
    """`reported`: persons asked and reached; `recounted`: those of them who still count. `low`, `high`: 95 %, or None."""

    recounted: int
    reported: int
    share: float | None
    low: float | None
    high: float | None
    not_reached: int = 0

    @property
    def is_drawn(self) -> bool:
        """Whether it speaks of the whole area."""
        return self.low is not None


def factor_of(recounted: int, reported: int, not_reached: int = 0, *, is_drawn: bool) -> Factor:
    share = recounted / reported if reported else None
    low, high = wilson(recounted, reported) if is_drawn and reported else (None, None)
    return Factor(recounted, reported, share, low, high, not_reached)


def factor(area, month: Month, figure: str = AWAY) -> Factor | None:
    """Of a village, township or county (a row or its code) in a month; None where no check is finished.

    Persons drawn from the area, or from a wider one, are asked first: they stand for all of it. Without them, those of
    checks of its parts. One query.
    """
    code = getattr(area, "code", area)
    return _factors(code, month, figure, at=len(code)).get(code)


def factors_of_villages(area, month: Month, figure: str = AWAY) -> dict[str, Factor]:
    """{village code: factor} of the checked villages of an area. One query."""
    return _factors(getattr(area, "code", area), month, figure, at=12)


def factors_of_parts(area, month: Month, figure: str = AWAY) -> dict[str, Factor]:
    """{code: factor} of the areas directly below: of a county's townships, of a township's villages. One query."""
    code = getattr(area, "code", area)
    return _factors(code, month, figure, at=9 if len(code) == 6 else 12)


def _factors(code: str, month: Month, figure: str, *, at: int) -> dict[str, Factor]:
    rows = finished().filter(under("village_id", code), month=month, check_of__figure=figure)
    sums = rows.values(part=Substr("village_id", 1, at), is_wide=Q(wide__lte=at)).annotate(
        recounted_in=Sum("recounted", default=0), reported=Count("recounted"),
        missed=Count("pk", filter=Q(outcome=NOT_REACHED)),
    ).order_by()
    return _chosen(sums)


def finished():
    """Persons of finished checks; `wide` is the length of the code of the area that the check was drawn from."""
    rows = SpotCheckPerson.objects.filter(check_of__finished_at__isnull=False)
    return rows.annotate(wide=Length(F("check_of__area_code")))


def _chosen(sums: Iterable[dict]) -> dict[str, Factor]:
    """Of each part the persons who were drawn from all of it, where there are some who were reached."""
    found: dict[str, Factor] = {}
    for row in sums:
        here = factor_of(row["recounted_in"], row["reported"], row["missed"], is_drawn=row["is_wide"])
        before = found.get(row["part"])
        if before is None or (here.reported > 0, here.is_drawn) > (before.reported > 0, before.is_drawn):
            found[row["part"]] = here
    return found
