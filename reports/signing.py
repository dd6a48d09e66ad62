"""Whether the figure of a month can be signed: what still stands open behind it, in one glance."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from laborreg.months import Month
from officers.models import Officer
from reports import alarms
from reports.models import SpotCheck
from reports.totals import Total
from villages.models import County


@dataclass(frozen=True)
class Signing:
    """`missing`: villages not in; `waiting`: returns in and not approved; `falls`: alarms that nobody follows up;
    `checks`: spot checks of the month without all results."""

    missing: int
    waiting: int
    falls: int
    checks: int
    is_sealed: bool

    @property
    def is_ready(self) -> bool:
        return not any((self.missing, self.waiting, self.falls, self.checks))

    @property
    def open(self) -> list[str]:
        """What keeps a careful chief from signing, in words."""
        said = [
            (self.missing, ngettext("%(n)d village is missing", "%(n)d villages are missing", self.missing)),
            (self.waiting, ngettext("%(n)d return waits for approval", "%(n)d returns wait for approval", self.waiting)),
            (self.falls, ngettext("%(n)d fall is followed up by nobody", "%(n)d falls are followed up by nobody", self.falls)),
            (self.checks, ngettext("%(n)d spot check is open", "%(n)d spot checks are open", self.checks)),
        ]
        return [words % {"n": n} for n, words in said if n]

    @property
    def text(self) -> str:
        if self.is_ready:
            return _("Ready to sign: sealed, and nothing is open.") if self.is_sealed else _(
                "Ready to sign: every village is in and approved, nothing is open. The month is not sealed yet."
            )
        words = {"what": _(", ").join(self.open)}
        return _("Sealed, and still open: %(what)s.") % words if self.is_sealed else _("Not ready to sign: %(what)s.") % words


def signing(officer: Officer, county: County, total: Total, *, falls: int | None = None) -> Signing:
    """Of a township's or the county's month. `falls`: how many wait, where the page knows it already."""
    month = total.month
    return Signing(
        total.missing, max(total.received - total.approved, 0),
        falls_waiting(officer, county, month, total.area) if falls is None else falls,
        SpotCheck.objects.visible_to(officer).under(total.area).filter(month=month, finished_at=None).count(), total.sealed,
    )


def falls_waiting(officer: Officer, county: County, month: Month, area: str) -> int:
    """Who sees no people counts the alarms that he may read."""
    if officer.may("see people"):
        found = alarms.alarms(county, [area], month)
    else:
        found = [alarm for alarm in alarms.seen_by(officer, county, month) if alarm.area.code.startswith(area)]
    return sum(alarm.waits for alarm in found)
