"""A township on one printable page."""

from django.http import Http404
from django.shortcuts import get_object_or_404, render

from laborreg import clock
from officers.pages import page
from reports.profile import Profile
from reports.totals import newest_seal
from reports.views.finding import opened_or_404
from villages.models import Township


@page("see totals")
def profile(request, area, month):
    if len(area) != 9:
        raise Http404
    township = get_object_or_404(Township.objects.visible_to(request.user).select_related("county"), code=area)
    opened = opened_or_404(township.county, month)
    shown = Profile(township, month, request.user, opened.months)
    total = shown.overview.total
    return render(request, "reports/profile.html", {
        "area": township, "county": township.county, "opened": opened, "month": month, "here": "profile",
        "now": clock.now(), "total": total, "seal": newest_seal(township.county, month) if total.sealed else None,
        "standings": shown.standings(), "quality": shown.quality, "months": len(shown.months),
        "trend": shown.overview.trend(), "villages": shown.villages(), "ranks": shown.county is not None,
        "hides_small": not shown.overview.sees_names,
    })
