"""Days in the ledger: what may stand as a date, and where a person was registered on one."""

from django.utils.translation import gettext as _

from laborreg import clock
from laborreg.refusals import Refusal
from workers.columns import EARLIEST
from workers.models import Registration


def must_be_past(day):
    """Today or earlier, and not so early that it must be a slip of the pen."""
    if day > clock.today():
        raise Refusal(_("%(day)s lies in the future.") % {"day": shown(day)})
    if day < EARLIEST:
        raise Refusal(_("%(day)s is too long ago. Check the year.") % {"day": shown(day)})


def shown(day) -> str:
    return day.isoformat()


def stays_of(worker) -> list[Registration]:
    return list(worker.registrations.all())


def in_order(stays) -> list[Registration]:
    """As the database orders them: one without a first day comes first."""
    return sorted(stays, key=lambda stay: (stay.from_on is not None, stay.from_on))


def stay_on(stays, day) -> Registration | None:
    """The registration that holds on a day; None where the person was not registered in the county."""
    for stay in stays:
        if (stay.from_on is None or stay.from_on <= day) and (stay.to_on is None or stay.to_on > day):
            return stay
    return None
