"""What became of a month after it was filed: by figure, by township or village, step by step."""

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render

from laborreg import clock
from officers.pages import page
from reports import layout
from reports.revising import Revisions
from reports.views.finding import has_too_many, opened_or_404
from reports.views.totals import area_or_404, county_of
from villages.areas import children
from workers.ledger import BY_KEY

PAGE = 50


@page("see people")
def revisions(request, area, month):
    """`?figure=left` shows the parts and steps of another figure than those away; `?all=1` every figure."""
    key = request.GET.get("figure", "away")
    if key not in BY_KEY:
        raise Http404
    area = area_or_404(request.user, area)
    county = county_of(area)
    opened = opened_or_404(county, month)
    at = 9 if area.level == "county" else 12
    found = Revisions(county, area.code, month, at=at, reads_ledger=not has_too_many(area.code))
    away = None if found.reads_ledger else found.away_of_many()
    figures = found.figures()
    shown = figures if request.GET.get("all") else [row for row in figures if row[1].has_moved]
    return render(request, "reports/revisions.html", {
        "area": area, "county": county, "opened": opened, "month": month, "now": clock.now(), "found": found,
        "away": away, "figure": key, "label": layout.full_label(key), "unit": layout.unit_of(key), "whole": dict(figures)[key],
        "rows": [(each, layout.full_label(each), revision) for each, revision in shown], "many": len(figures),
        "shows_all": bool(request.GET.get("all")), "parts": _parts(area, found, key), "late": found.late(),
        "page_obj": Paginator(found.steps(key), PAGE).get_page(request.GET.get("page")),
    })


def _parts(area, found: Revisions, key: str) -> list:
    """(part, its revision, how many later versions), those that are in."""
    if area.level == "village":
        return []
    versions = found.versions_by()
    rows = [(each, found.part(each.code, key), versions[each.code]) for each in children(area)]
    return [row for row in rows if row[1]]
