"""The county's month on a wall: large, read-only, drawn anew every five minutes, without anybody's data."""

from django.http import Http404
from django.shortcuts import render

from laborreg import clock
from officers.pages import page
from officers.roles import COUNTY, LEADER
from reports.deadlines import deadlines, newest_open_month
from reports.overview import Overview
from reports.progress import opened
from reports.punctuality import calendar
from reports.totals import newest_seal
from reports.views.keeping import kept_parts

REFRESH_SECONDS = 300


@page("see totals", scoped=False, unattended=True)
def wall(request):
    """Of the officer's county, in its newest month. Whoever passes may look: small numbers are hidden from all."""
    county = request.user.place
    if request.user.role not in (COUNTY, LEADER) or county is None or county.level != "county":
        raise Http404
    month = newest_open_month(county)
    if month is None:
        return render(request, "reports/totals_none.html")

    def context():
        overview, months = Overview(county, month, request.user, is_public=True), opened(county, month).months
        total = overview.total
        return {
            "area": county, "county": county, "month": month, "total": total, "days": deadlines(county, month),
            "seal": newest_seal(county, month) if total.sealed else None, "tiles": overview.tiles(), "trend": overview.trend(),
            "parts": overview.parts(), "destinations": overview.destinations(), "calendar": calendar(county, month, months),
        }

    drawn = kept_parts(request, county, f"wall:{month}", {"content": "reports/_wall_content.html"}, context, of_returns=True)
    is_still = "still" in request.GET
    answer = render(request, "reports/wall.html", {
        "area": county, "month": month, "now": clock.now(), "drawn": drawn, "is_still": is_still,
    })
    # As the meta element would; and whoever reads along can stop it.
    if not is_still:
        answer["Refresh"] = str(REFRESH_SECONDS)
    return answer
