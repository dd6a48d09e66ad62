"""The places of a county: stations, villages, who is posted where, and who files from when."""

from django.contrib import messages
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from laborreg import clock
from laborreg.months import Month
from officers.pages import page
from villages import actions, lineage
from villages.areas import posted_at
from villages.models import FROM_THE_START, County, Lineage, Township, Village
from villages.places_forms import FilingForm, StationForm


@page("change settings")
def places(request):
    """Each county of the officer's posts with its townships, their villages counted."""
    counties = list(County.objects.visible_to(request.user))
    townships = list(_counted(Township.objects.visible_to(request.user)))
    officers = posted_at([township.code for township in townships])
    for county in counties:
        county.rows = [
            (township, officers[township.code]) for township in townships if township.county_id == county.code
        ]
    return render(request, "villages/places.html", {"counties": counties})


def _counted(townships):
    """With the number of villages, of communities, and of those that file this month."""
    month = Month.of(clock.today())
    is_community = Q(villages__kind=Village.COMMUNITY)
    not_over = Q(villages__files_to__isnull=True) | Q(villages__files_to__gte=month)
    return townships.order_by("code").annotate(
        village_count=Count("villages", filter=~is_community),
        community_count=Count("villages", filter=is_community),
        filing_count=Count("villages", filter=not_over & Q(villages__files_from__lte=month)),
    )


@page("change settings")
def place_township(request, code):
    """A station's facts, and the villages of its township."""
    township = get_object_or_404(Township.objects.visible_to(request.user).select_related("county"), code=code)
    form = StationForm(request.POST or None, township=township)
    if form.is_valid() and form.tries(actions.edit_station, township, by=request.user, **form.cleaned_data):
        messages.success(request, _("The station's facts are saved."))
        return redirect("place_township", code)
    villages = list(township.villages.order_by("code"))
    officers = posted_at([township.code, *(village.code for village in villages)])
    return render(request, "villages/place_township.html", {
        "township": township, "form": form, "officers": officers[township.code],
        "rows": [(village, officers[village.code]) for village in villages], "from_the_start": FROM_THE_START,
    })


@page("change settings")
def place_village(request, code):
    """A village's filing: start and stop; what it was before and became."""
    return _village_page(request, _village_or_404(request, code))


@page("change settings")
@require_POST
def filing_start(request, code):
    village = _village_or_404(request, code)
    start = _start_form(request.POST)
    if start.is_valid() and start.tries(actions.start_filing, village, by=request.user, **start.cleaned_data):
        messages.success(request, _("%(village)s is expected to file.") % {"village": village.label})
        return redirect("place_village", code)
    return _village_page(request, village, start=start)


@page("change settings")
@require_POST
def filing_stop(request, code):
    village = _village_or_404(request, code)
    stop = _stop_form(request.POST)
    if stop.is_valid() and stop.tries(actions.stop_filing, village, by=request.user, **stop.cleaned_data):
        messages.success(request, _("The last month of %(village)s is recorded.") % {"village": village.label})
        return redirect("place_village", code)
    return _village_page(request, village, stop=stop)


def _start_form(data=None):
    return FilingForm(data, label=_("Files from"), prefix="start", initial={"month": Month.of(clock.today())})


def _stop_form(data=None):
    return FilingForm(data, label=_("Last month to file"), prefix="stop", initial={"month": Month.of(clock.today())})


def _village_or_404(request, code):
    return get_object_or_404(Village.objects.visible_to(request.user).select_related("township__county"), code=code)


def _village_page(request, village, start=None, stop=None):
    entries = lineage.entries_of(village.code)
    return render(request, "villages/place_village.html", {
        "village": village, "officers": posted_at([village.code])[village.code],
        "from_the_start": FROM_THE_START, "is_filing": bool(village.files_from) and not village.files_to,
        "start": start or _start_form(), "stop": stop or _stop_form(),
        "lineage": [_told(entry) for entry in entries],
        "ended": next((e for e in entries if e.kind in Lineage.ENDING and e.old_id == village.code), None),
    })


def _told(entry) -> dict:
    """An entry of the lineage as the timeline shows it."""
    who = entry.by.name if entry.by else ""
    return {"what": lineage.told(entry), "who": entry.from_on.isoformat(), "note": entry.reason, "when": who}
