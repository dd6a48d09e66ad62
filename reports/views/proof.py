"""The arithmetic of an area's month, recomputed while one looks."""

from django.shortcuts import render

from laborreg import clock
from officers.pages import page
from reports.headline import headline
from reports.proof import Proof
from reports.views.finding import opened_or_404
from reports.views.totals import area_or_404, county_of


@page("see totals")
def proof(request, area, month):
    area = area_or_404(request.user, area)
    opened = opened_or_404(county_of(area), month)
    return render(request, "reports/proof.html", {
        "area": area, "opened": opened, "month": month, "now": clock.now(), "proof": Proof(area.code, month),
        # Failures name villages, which a leader does not open.
        "shows_where": request.user.may("see people"),
        "headline": headline(area, month) if request.user.may("see people") else "",
    })
