"""Opening a month: a draft for every village that files in it."""

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from laborreg import clock
from laborreg.months import Month
from laborreg.refusals import Refusal
from officers import audit
from officers.models import Officer
from reports import filing
from reports.models import CountyMonth, EarlierTotal, MonthlyReturn
from villages.models import County, Village


@transaction.atomic
def open_month(county: County, month: Month, *, by: Officer | None = None) -> int:
    """A draft for every village that files in the month; how many were new. Safe to run twice."""
    if by:
        by.must("open months", at=county)
    # Held, as when earlier totals are typed.
    county = County.objects.select_for_update(no_key=True).get(pk=county.pk)
    first = filing.first_month(county)
    if first and month > first and not county.months.filter(month=month.previous).exists():
        raise Refusal(_("Open %(month)s first.") % {"month": month.previous.label})
    if not first:
        _must_follow_typed(county, month)
    if first and month < first:
        raise Refusal(_("%(month)s lies before the county's first month.") % {"month": month.label})
    if county.first_day(month) > clock.today():
        raise Refusal(_("%(day)s lies in the future.") % {"day": month.label})
    opened, is_new = CountyMonth.objects.get_or_create(
        county=county, month=month, defaults={"opened_at": clock.now(), "opened_by": by}
    )
    fresh = [MonthlyReturn(county=county, village=village, month=month) for village in without_draft(county, month)]
    MonthlyReturn.objects.bulk_create(fresh, batch_size=500)
    if is_new or fresh:
        detail = {"month": str(month), "drafts": len(fresh)}
        audit.record("opened month", opened, by=by, place=county.code, detail=detail)
    return len(fresh)


def without_draft(county: County, month: Month) -> QuerySet[Village]:
    """Villages that file in the month and have no return of it yet: all, or those that began when it was open."""
    there = MonthlyReturn.objects.filter(county=county, month=month)
    return Village.objects.under(county.code).filing_in(month).exclude(pk__in=there.values("village_id"))


def _must_follow_typed(county, month):
    """A month counts as it was typed or from its returns, never both."""
    typed = EarlierTotal.objects.filter(county=county, month__gte=month)
    newest = typed.order_by("-month").values_list("month", flat=True).first()
    if newest:
        raise Refusal(_("Totals of earlier months are typed up to %(month)s. Take them away first, or begin later.") % {
            "month": newest.label,
        })
