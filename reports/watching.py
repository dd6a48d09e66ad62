"""What a station or the county should look at besides its returns: falls, pairs of entries, open spot checks."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import ngettext

from laborreg.months import Month
from officers.models import Officer
from reports import alarms
from reports.models import SpotCheck
from villages.models import County
from workers import duplicates


@dataclass(frozen=True)
class Line:
    """One line with where it leads."""

    icon: str
    text: str
    url: str


def lines(
    officer: Officer, county: County, month: Month, *, falls: int | None = None, pairs: int | None = None
) -> list[Line]:
    """What waits for the officer; nothing that does not wait stands there. `falls`, `pairs`: how many, where it is known."""
    if not officer.may("see people"):
        return []
    found = [_falls(month, _falls_of(officer, county, month) if falls is None else falls)]
    found.append(_pairs(pairs_of(officer) if pairs is None else pairs))
    if officer.may("check quality"):
        found.append(_checks(officer, month))
    return [line for line in found if line]


def _falls_of(officer, county, month) -> int:
    return sum(alarm.waits for alarm in alarms.seen_by(officer, county, month))


def _falls(month, n) -> Line | None:
    text = ngettext(
        "Drop alarm: %(n)d fall that nobody follows up", "Drop alarm: %(n)d falls that nobody follows up", n
    )
    return Line("trending-down", text % {"n": n}, reverse("alarms", args=[month])) if n else None


def pairs_of(officer) -> int:
    """The pairs of entries that wait for the officer; none for who does not decide over them."""
    return duplicates.waiting(officer) if officer.may("enter records") else 0


def _pairs(n) -> Line | None:
    return Line("users", duplicates.told_of(n), reverse("duplicates")) if n else None


def _checks(officer, month) -> Line | None:
    """Of the month, as the line on signing counts them."""
    n = SpotCheck.objects.visible_to(officer).filter(month=month, finished_at=None).count()
    text = ngettext("%(n)d spot check is open", "%(n)d spot checks are open", n)
    return Line("dices", text % {"n": n}, reverse("spot_checks")) if n else None
