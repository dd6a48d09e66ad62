"""Villages of two months side by side: each with itself, or with what it became between them.

A village counts for a comparison only where it is in for both months, so that silence on either side is no rise and no
fall. A recoded village is compared with its old code, a merged one with all that went into it; a split is compared as
a whole, and where its parts now lie in different areas, in none of them.
"""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Q

from laborreg.codes import under
from laborreg.months import Month
from reports.models import MonthlyReturn
from villages.models import County, Lineage


@dataclass(frozen=True)
class Counted:
    """What a village filed: its counted version, and how many are away in it."""

    version: int
    away: int


@dataclass(frozen=True)
class Pair:
    """{village: what it filed} of what belongs together, in each month; all of it is in."""

    then: dict[str, Counted]
    now: dict[str, Counted]

    def part(self, at: int) -> str | None:
        """The area of `at` digits that it lies in now; None where it lies in several."""
        codes = {village[:at] for village in self.now}
        return codes.pop() if len(codes) == 1 else None

    @property
    def before(self) -> int:
        return sum(each.away for each in self.then.values())

    @property
    def after(self) -> int:
        return sum(each.away for each in self.now.values())


@dataclass(frozen=True)
class Filed:
    """The pairs of an area, and how many were away by all that was filed in each of its parts, paired or not."""

    pairs: list[Pair]
    then: dict[str, Counted]
    now: dict[str, Counted]

    def whole(self, side: dict[str, Counted], code: str) -> int:
        return sum(each.away for village, each in side.items() if village.startswith(code))


def paired(county: County, area: str, then: Month, now: Month) -> Filed:
    """Two queries."""
    kin = _kin(county, then, now)
    concerned = {code for group in kin.values() if any(each.startswith(area) for each in group) for code in group}
    filed: dict[Month, dict[str, Counted | None]] = {then: {}, now: {}}
    returns = MonthlyReturn.objects.filter(Q(under("village_id", area)) | Q(village__in=concerned), month__in=[then, now])
    for month, village, version, away in returns.values_list("month", "village_id", "counted_id", "counted__away"):
        filed[month][village] = Counted(version, away) if version else None
    groups = {kin.get(village, frozenset([village])) for village in filed[now]}
    pairs = [pair for group in groups if (pair := _pair(group, filed[then], filed[now])) and _touches(pair, area)]
    sides = ({village: each for village, each in filed[month].items() if each} for month in (then, now))
    return Filed(sorted(pairs, key=lambda pair: min(pair.now)), *sides)


def _pair(group, then, now) -> Pair | None:
    """None where somebody of the group has a return that is not in, or there is nothing to compare with."""
    before, after = ({code: side[code] for code in group if code in side} for side in (then, now))
    return Pair(before, after) if before and after and all((*before.values(), *after.values())) else None


def _touches(pair: Pair, area: str) -> bool:
    return any(village.startswith(area) for village in pair.now)


def _kin(county: County, then: Month, now: Month) -> dict[str, frozenset[str]]:
    """Code → the codes that became one another from the end of one month to that of the other."""
    days = (county.last_day(then), county.last_day(now))
    changes = Lineage.objects.filter(
        under("new_id", county.code), kind__in=(*Lineage.ENDING, Lineage.SPLIT), from_on__gt=days[0], from_on__lte=days[1]
    )
    found: dict[str, set[str]] = defaultdict(set)
    for old, new in changes.values_list("old_id", "new_id"):
        together = (found[old] | found[new]) | {old, new}
        for code in together:
            found[code] = together
    return {code: frozenset(group) for code, group in found.items()}
