"""The arithmetic of an area's month, recomputed while one looks."""

from django.shortcuts import render

from laborreg import clock
from officers.pages import page
from reports.headline import headline
from reports.proof import Proof
from reports.views.finding import has_too_many, opened_or_404
from reports.views.totals import area_or_404, county_of


@page("see totals")
def proof(request, area, month):
    area = area_or_404(request.user, area)
    county = county_of(area)
    opened, by_township = opened_or_404(county, month), has_too_many(area.code)
    return render(request, "reports/proof.html", {
        "area": area, "opened": opened, "month": month, "now": clock.now(),
        "proof": Proof(area.code, month, of_names=not by_township),
        "townships": county.townships.order_by("code") if by_township else [],
        # Failures name villages, which a leader does not open.
        "shows_where": request.user.may("see people"),
        "headline": headline(area, month) if request.user.may("see people") else "",
    })
