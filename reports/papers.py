"""Marks on printed sheets: a signed word in a QR code, which tells later whether the sheet is still current.

The word holds no figure and nothing personal: which sheet of which area and month, its version, and a fingerprint.
"""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from laborreg import clock, marks
from laborreg.months import Month
from reports import filing, totals
from reports.models import MonthlyReturn, ReturnVersion
from villages.areas import area_at

RETURN, TOTAL = "return", "total"
CURRENT, SUPERSEDED, UNKNOWN = "current", "superseded", "unknown"
_SALT = "printed sheet"


@dataclass(frozen=True)
class Mark:
    """What a sheet was printed from. `number`: of the version, of the newest seal, 0 where there was none."""

    kind: str
    area: str
    month: Month
    number: int
    fingerprint: str
    printed_at: datetime

    @property
    def word(self) -> str:
        said = [self.kind, self.area, str(self.month), self.number, self.fingerprint, int(self.printed_at.timestamp())]
        return marks.word_of(said, _SALT)

    @property
    def place(self):
        return area_at(self.area)

    @property
    def newest(self) -> "Mark | None":
        """What the same sheet would be printed from now; None where there is nothing to print any more."""
        if self.kind == TOTAL:
            return of_total(self.area, self.month)
        returns = MonthlyReturn.objects.filter(village_id=self.area, month=self.month, newest__isnull=False)
        ret = returns.select_related("counted", "newest").first()
        return of_version(ret.counted or ret.newest) if ret else None

    @property
    def standing(self) -> str:
        newest = self.newest
        if newest is None:
            return UNKNOWN
        is_same = (self.number, self.fingerprint) == (newest.number, newest.fingerprint)
        return CURRENT if is_same else SUPERSEDED


def of_version(version: ReturnVersion) -> Mark:
    return Mark(RETURN, version.village_id, version.month, version.number, version.hash[:16], clock.now())


def of_total(area: str, month: Month) -> Mark:
    county = area_at(area[:6])
    seal = totals.newest_seal(county, month)
    rows = totals.sums_of_returns(area, month, at=9 if len(area) == 6 else 12)
    figures = {f"{code} {key}": value for code, sums in rows.items() for key, value in sums.items()}
    return Mark(TOTAL, area, month, seal.number if seal else 0, filing.fingerprint(figures), clock.now())


def read(word: str) -> Mark | None:
    """The mark behind a word; None for one that this office did not write."""
    said = marks.said_by(word, _SALT)
    if said is None:
        return None
    kind, area, month, number, fingerprint, moment = said
    printed_at = datetime.fromtimestamp(moment, tz=timezone.get_current_timezone())
    return Mark(kind, area, Month.parse(month), number, fingerprint, printed_at)
