"""The return that a page is about, as far as the officer may see it, and what of it the page shows."""

from django.http import Http404
from django.shortcuts import get_object_or_404

from laborreg import clock
from laborreg.codes import under
from laborreg.forms import row_number
from laborreg.months import Month
from reports import progress
from reports.behind import Frozen, Live
from reports.models import MonthlyReturn
from villages.models import County, Village
from workers.models import Registration

# To read the names of more people than these while somebody waits takes too long: a township is opened first.
MOST_PEOPLE = 20_000

RELATED = [
    "county", "village__township", "counted", "newest__submitted_by", "newest__approved_by", "newest__locked_by",
    "newest__sent_back_by", "newest__opening_version",
]


def opened_or_404(county: County, month: Month) -> progress.Opened:
    """A month among those that the county opened."""
    found = progress.opened(county, month)
    if found is None:
        raise Http404
    return found


def has_too_many(area: str) -> bool:
    """Whether an area is a county with more people than a page reads at once."""
    return len(area) == 6 and Registration.objects.filter(under("village_id", area)).count() > MOST_PEOPLE


def county_and_month_or_404(request, month: Month) -> tuple[County, progress.Opened]:
    """The officer's county, and a month that it opened."""
    county = get_object_or_404(County, code=request.user.county_code)
    return county, opened_or_404(county, month)


def return_or_404(request, code: str, month: Month) -> MonthlyReturn:
    """A village's return; of the running month also before the county opens it, then without a number."""
    rows = MonthlyReturn.objects.visible_to(request.user).select_related(*RELATED)
    ret = rows.filter(village=code, month=month).first() or _preview_or_404(request, code, month)
    ret.village.township.county = ret.county
    return ret


def _preview_or_404(request, code, month) -> MonthlyReturn:
    village = get_object_or_404(Village.objects.visible_to(request.user).select_related("township__county"), pk=code)
    if not may_preview(village, month):
        raise Http404
    return preview(village, month)


def preview(village: Village, month: Month) -> MonthlyReturn:
    """A return that is in no table: what the ledger would say."""
    return MonthlyReturn(county=village.township.county, village=village, month=month)


def may_preview(village: Village, month: Month) -> bool:
    """The running month of a county that has opened one, for a village that files in it."""
    county = village.township.county
    return (
        month == county.month_of(clock.today()) and village.files_in(month)
        and county.months.filter(month__lte=month).exists()
    )


def own_return_or_404(request, code: str, month: Month) -> MonthlyReturn:
    """A return on which a step is taken: it must be in the tables."""
    ret = return_or_404(request, code, month)
    if ret.pk is None:
        raise Http404
    return ret


def source_of(request, ret: MonthlyReturn, version: int | None = None):
    """What the page shows: `?version=2` as filed then, `?as=now` as known now; else the newest that holds."""
    if number := request.GET.get("version") or str(version or ""):
        if row_number(number) is None or ret.pk is None:
            raise Http404
        versions = ret.versions.select_related("submitted_by", "opening_version")
        return Frozen(get_object_or_404(versions, number=row_number(number)))
    if ret.is_open or request.GET.get("as") == "now":
        return Live(ret)
    return Frozen(ret.newest)
