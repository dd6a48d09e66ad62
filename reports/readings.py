"""The two readings of a month: the sum of the returns as they stand (快报), and what was sealed (定稿)."""

from dataclasses import dataclass

from laborreg.codes import under
from laborreg.months import Month
from officers.models import Officer
from reports.models import OPEN_AGAIN, MonthlyReturn, Seal
from reports.totals import newest_seal
from villages.models import Area, County

SEALED, RETURNS = "sealed", "returns"


@dataclass(frozen=True)
class Reading:
    """Which of the two an area's page shows, and whether there is the other."""

    of: str
    seal: Seal | None
    # The county's newest sealed month: where to go from a month that is not sealed.
    newest_sealed: Month | None = None
    # Villages of the area that were reopened and are not locked again: their returns may say other than the seal.
    open_again: int = 0
    # Who may not see people reads the seal alone: two sums of the same villages would tell who changed.
    may_choose: bool = True

    @property
    def is_sealed(self) -> bool:
        return self.of == SEALED

    @property
    def is_beside_a_seal(self) -> bool:
        """The returns are shown although the month is sealed."""
        return self.of == RETURNS and self.seal is not None


def asked(text: str | None, officer: Officer) -> str:
    """What an address asks for by `?of=`; nothing where it asks for no other than what is shown anyway."""
    if text == SEALED or (text == RETURNS and officer.may("see people")):
        return text
    return ""


def reading(area: Area, county: County, month: Month, of: str, officer: Officer) -> Reading:
    """A sealed month is read from its seal unless the returns are asked for; a month without a seal from its returns."""
    seal = newest_seal(county, month)
    return Reading(
        RETURNS if of == RETURNS or not seal else SEALED, seal, newest_sealed_month(county),
        _open_again(area, month) if seal else 0, officer.may("see people"),
    )


def newest_sealed_month(county: County) -> Month | None:
    return Seal.objects.filter(county=county).order_by("-month").values_list("month", flat=True).first()


def _open_again(area, month) -> int:
    return MonthlyReturn.objects.filter(OPEN_AGAIN, under("village_id", area.code), month=month).count()
