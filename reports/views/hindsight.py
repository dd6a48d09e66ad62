"""A month as filed beside as known now, for a village, township or county, down to the names that differ."""

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render

from laborreg import clock
from officers.pages import page
from reports import layout
from reports.hindsight import Hindsight
from reports.views.finding import has_too_many, opened_or_404
from reports.views.totals import area_or_404, county_of
from workers.ledger import BY_KEY
from workers.models import Worker

PAGE = 100


def _frame(request, code, month) -> dict:
    area = area_or_404(request.user, code)
    county = county_of(area)
    return {
        "area": area, "county": county, "opened": opened_or_404(county, month), "month": month, "now": clock.now(),
        "hindsight": Hindsight(county, area.code, month),
    }


@page("see people")
def known_now(request, area, month):
    """The figures that differ; `?all=1` shows every figure. Of a county with many people: its townships."""
    frame = _frame(request, area, month)
    if has_too_many(frame["area"].code):
        townships = frame["county"].townships.order_by("code")
        return render(request, "reports/known_now_townships.html", frame | {"townships": townships})
    changes = frame["hindsight"].changes
    shown = changes if request.GET.get("all") else [change for change in changes if change.difference]
    return render(request, "reports/known_now.html", frame | {
        "rows": shown, "shows_all": bool(request.GET.get("all")), "figures": len(changes),
    })


@page("see people")
def known_now_names(request, area, month, key):
    """The names behind the difference of one figure."""
    if key not in BY_KEY:
        raise Http404
    frame = _frame(request, area, month)
    if has_too_many(frame["area"].code):
        return redirect("known_now", area, month)
    names = frame["hindsight"].names(key)
    rows = Paginator(names, PAGE).get_page(request.GET.get("page"))
    numbers = [row.key[1] for row in rows.object_list if not row.is_group]
    people = Worker.objects.valid().visible_to(request.user).filter(pk__in=numbers)
    return render(request, "reports/known_now_names.html", frame | {
        "change": frame["hindsight"].change(key), "figure": BY_KEY[key], "unit": layout.unit_of(key),
        "page_obj": rows, "open_to": set(people.values_list("pk", flat=True)),
        "sum": sum(row.difference for row in names),
    })
