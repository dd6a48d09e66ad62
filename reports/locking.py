"""What locking would freeze, told before it is done."""

from dataclasses import dataclass
from hashlib import sha256

from laborreg.months import Month
from reports import sealing
from reports.models import APPROVED, SUBMITTED, MonthlyReturn, Seal
from reports.progress import Missing, missing
from villages.models import County, Township, Village


@dataclass(frozen=True)
class Plan:
    """The approved returns that would be locked, and what would still be out."""

    returns: list[MonthlyReturn]
    townships: list[Township]
    chosen: list[str]
    # Not in: each needs a reason before the month is sealed.
    out: list[Missing]
    # In, but not locked by this step: approved elsewhere, or not approved yet.
    waiting: list[MonthlyReturn]
    # Of those, the ones of the chosen townships.
    waiting_here: list[MonthlyReturn]

    @property
    def seals(self) -> bool:
        """Locking these, with a reason for each that is out, seals the month."""
        return not self.waiting

    @property
    def fingerprint(self) -> str:
        """Of exactly these returns in these versions."""
        said = ",".join(f"{ret.pk}:{ret.newest_id}" for ret in self.returns)
        return sha256(said.encode()).hexdigest()[:16]

    @property
    def away(self) -> int:
        return sum(ret.newest.away for ret in self.returns)


def plan(county: County, month: Month, chosen: list[str]) -> Plan:
    """For the whole county, or for the chosen townships."""
    of_month = MonthlyReturn.objects.filter(county=county, month=month)
    townships = [township for township in county.townships.all() if township.code in chosen]
    codes = {township.code for township in townships}
    rows = of_month.filter(state__in=[APPROVED, SUBMITTED]).select_related("newest", "village__township")
    rows = list(rows.order_by("village_id"))
    returns = [r for r in rows if r.state == APPROVED and (not codes or r.village_id[:9] in codes)]
    numbers = {ret.pk for ret in returns} | {ret.pk for ret in rows if ret.is_reopened}
    expected = of_month.filter(village_id__in=sealing.waiting(county, month))
    return Plan(
        returns, townships, [township.code for township in townships], missing(expected),
        [ret for ret in rows if ret.pk not in numbers],
        [ret for ret in rows if ret.pk not in numbers and (not codes or ret.village_id[:9] in codes)],
    )


def names(seal: Seal | None) -> list[tuple[Village, str]]:
    """The villages that a seal left out, with the reason."""
    if seal is None:
        return []
    return [(village, seal.missing[village.code]) for village in Village.objects.filter(code__in=list(seal.missing))]
