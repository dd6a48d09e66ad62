"""Extensions: later days for one month, with a reason, and word to those concerned."""

from datetime import date, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from laborreg import clock
from laborreg.columns import words
from laborreg.months import Month
from laborreg.refusals import Refusal, plain_words
from officers import audit, messages
from reports.deadlines import deadlines
from reports.models import Extension, MonthlyReturn, Seal
from villages.areas import area_at, posted_at
from villages.models import County, Village

# A month that stays open for longer is a slip of the pen.
LONGEST = 60


@transaction.atomic
def extend(county: County, month: Month, *, by, area_code: str, due_on: date, closes_on: date, reason: str) -> Extension:
    """Give the county, one township or one village more time for a month; days are never shortened."""
    by.must("lock", at=county)
    area = area_at(area_code) if area_code.startswith(county.code) else None
    if area is None:
        raise Refusal(_("Choose who gets more time."))
    with plain_words():
        reason = words(200, missing=_("Say why there is more time."))(reason)
    _may_extend(county, month, area_code, due_on, closes_on)
    extension = Extension.objects.create(
        county=county, month=month, area_code=area_code, due_on=due_on, closes_on=closes_on, reason=reason, by=by,
        at=clock.now(),
    )
    _forget(county)
    _tell(extension)
    _record("extended a month", extension, by)
    return extension


@transaction.atomic
def withdraw(extension: Extension, *, by):
    """As if there had been no extension; what came in meanwhile stays in."""
    by.must("lock", at=extension.county)
    standing = Extension.objects.filter(pk=extension.pk, withdrawn_at__isnull=True)
    if not standing.update(withdrawn_by=by, withdrawn_at=clock.now()):
        raise Refusal(_("This extension was withdrawn already."))
    _forget(extension.county)
    _record("withdrew an extension", extension, by)


def _may_extend(county, month, area_code, due_on, closes_on):
    if not county.months.filter(month=month).exists():
        raise Refusal(_("%(month)s is not opened.") % {"month": month.label})
    if Seal.objects.filter(county=county, month=month).exists():
        raise Refusal(_("%(month)s is locked already.") % {"month": month.label})
    days = deadlines(county, month, area_code)
    latest = days.last_day + timedelta(days=LONGEST)
    if closes_on < due_on:
        raise Refusal(_("The closing day cannot lie before the due day."))
    if due_on < days.due_on or closes_on < days.closes_on or (due_on, closes_on) == (days.due_on, days.closes_on):
        raise Refusal(_("Due on %(due)s and open until %(closes)s already: choose later days.") % {
            "due": date_format(days.due_on), "closes": date_format(days.closes_on),
        })
    if closes_on < clock.today() or closes_on > latest:
        raise Refusal(_("Choose a closing day from %(first)s to %(last)s.") % {
            "first": date_format(clock.today()), "last": date_format(latest),
        })


def _forget(county):
    """What the county object knew of its extensions is asked anew."""
    county.__dict__.pop("_extensions", None)


def _tell(extension: Extension):
    """The stations of the area, and the villages whose return is not in."""
    waiting = MonthlyReturn.objects.under(extension.area_code).filter(month=extension.month)
    codes = set(waiting.exclude(state__in=MonthlyReturn.IN).values_list("village_id", flat=True))
    stations = set(Village.objects.under(extension.area_code).values_list("township_id", flat=True))
    people = posted_at(codes | stations)
    messages.send(
        {officer for officers in people.values() for officer in officers},
        gettext_noop("More time for %(month)s: due on %(due)s, open until %(closes)s. %(reason)s"),
        values={
            "month": extension.month, "due": extension.due_on, "closes": extension.closes_on,
            "reason": extension.reason,
        },
        url=reverse("home"),
    )


def _record(verb, extension, by):
    audit.record(verb, extension, by=by, place=extension.area_code, detail={
        "month": str(extension.month), "due_on": str(extension.due_on), "closes_on": str(extension.closes_on),
        "reason": extension.reason,
    })
