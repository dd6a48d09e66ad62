"""The drop alarm: the places of a month that fell, and of one of them who is missing and what is done."""

from collections import Counter

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from laborreg import clock
from officers import audit
from officers.pages import page
from officers.verbs import VERBS
from reports import alarms, following
from reports.deadlines import newest_open_month
from reports.following_forms import CloseForm, FollowForm
from reports.models import DropCase
from reports.views.finding import county_and_month_or_404, opened_or_404
from reports.views.totals import area_or_404, county_of
from villages.models import County
from workers import codes, places
from workers.models import Worker

PAGE = 50
TAGS = {
    alarms.NEW: lambda: {"label": _("Unassigned"), "tone": "bad", "icon": "bell-ring"},
    alarms.AGAIN: lambda: {"label": _("Fell again"), "tone": "bad", "icon": "trending-down"},
    alarms.OVERDUE: lambda: {"label": _("Overdue"), "tone": "bad", "icon": "calendar-x"},
    alarms.OPEN: lambda: {"label": _("In progress"), "tone": "warn", "icon": "clock"},
    alarms.CLOSED: lambda: {"label": _("Settled"), "tone": "ok", "icon": "circle-check"},
}
THAN = {alarms.LUNAR: lambda: _("same lunar month last year"), alarms.LAST: lambda: _("last month")}


@page("see totals", scoped=False)
def alarms_home(request):
    county = County.objects.filter(code=request.user.county_code).first()
    month = newest_open_month(county) if county else None
    return redirect("alarms", month) if month else render(request, "reports/alarms_none.html", {"tab": "alarms"})


@page("see totals")
def alarm_list(request, month):
    """`?state=overdue` shows those of one state."""
    county, opened = county_and_month_or_404(request, month)
    # The cases are the officer's own: those of no place that he is posted over.
    cases = set(DropCase.objects.visible_to(request.user).filter(month=month).values_list("pk", flat=True))
    rows = alarms.seen_by(request.user, county, month)
    for row in rows:
        row.tag, row.may_open = TAGS[row.state](), request.user.may("see people")
        row.case = row.case if row.case and row.case.pk in cases else None
    counts = Counter(row.state for row in rows)
    state = request.GET.get("state", "")
    return render(request, "reports/alarms.html", {
        "county": county, "opened": opened, "month": month, "tab": "alarms", "rules": county.rules_from(month),
        "rows": [row for row in rows if state in ("", row.state)], "state": state, "sees_names": request.user.may("see people"),
        "views": [(name, TAGS[name]()["label"], counts[name]) for name in alarms.STATES if counts[name]], "all": len(rows),
        "compared": alarms.compared_with(county, month),
    })


def _case(request, area, month) -> DropCase | None:
    rows = DropCase.objects.visible_to(request.user).filter(area_code=area.code, month=month)
    return rows.select_related("county", "taken_up_by", "closed_by").first()


def _found_or_404(request, month, area):
    area = area_or_404(request.user, area)
    if area.level == "county":
        raise Http404
    county = county_of(area)
    return area, county, opened_or_404(county, month)


@page("see people")
def alarm(request, month, area):
    """`?than=last` compares names with last month. Who checks quality writes what is done."""
    area, county, opened = _found_or_404(request, month, area)
    case = _case(request, area, month)
    may_write = request.user.may("check quality", at=area)
    form = FollowForm(request.POST or None, initial=_initial(request, case)) if may_write else None
    if request.method == "POST" and form and form.is_valid() and form.tries(
        following.follow, county, month, by=request.user, area_code=area.code, **form.cleaned_data
    ):
        messages.success(request, _("It is written down, and those concerned have a message."))
        return redirect("alarm", month, area.code)
    return render(request, "reports/alarm.html", _context(request, area, county, opened, case) | {
        "form": form, "close_form": _close_form(case) if may_write else None,
    })


def _initial(request, case) -> dict:
    if case is None:
        return {"version": 0, "who": request.user.name}
    return {name: getattr(case, name) for name in ("version", *following.FACTS)}


def _close_form(case) -> CloseForm | None:
    return CloseForm(initial={"version": case.version}, auto_id="close_%s") if case and case.is_open else None


def _context(request, area, county, opened, case) -> dict:
    month, found = opened.month, alarms.fallen(county, area.code, opened.month)
    compared = alarms.compared_with(county, month)
    than = request.GET.get("than") or (found[0].than if found else alarms.LUNAR)
    if than not in compared:
        raise Http404
    names = alarms.Names(county, area.code, compared[than], month)
    page_obj = Paginator(names.gone, PAGE).get_page(request.GET.get("page"))
    page_obj.object_list = _told(names, list(page_obj.object_list))
    numbers = [each["row"].worker_number for each in page_obj.object_list if each["row"].worker_number]
    people = Worker.objects.valid().visible_to(request.user).filter(pk__in=numbers)
    before, gone, new, now = names.terms
    return {
        "area": area, "county": county, "opened": opened, "month": month, "case": case, "tab": "alarms", "than": than,
        "falls": [(THAN[fall.than](), fall) for fall in found], "page_obj": page_obj,
        "open_to": set(people.values_list("pk", flat=True)), "then": compared[than],
        "thans": [(name, THAN[name](), when) for name, when in compared.items()],
        "terms": _terms(compared[than], month, before, gone, new, now), "entries": _entries(case),
        "tag": _tag(case, found, names, month, county, area),
        "earlier": DropCase.objects.visible_to(request.user).filter(area_code=area.code, month__lt=month).first(),
    }


def _tag(case, found, names, month, county, area):
    if case:
        return TAGS[alarms.state_of(case, names.terms[3], clock.today())]()
    return TAGS[alarms.NEW]() if found else None


def _told(names, gone) -> list:
    rows = names.told(gone)
    return [
        {
            "row": row, "place": places.label(row.destination) if row.destination else "",
            "why": dict(codes.REASONS).get(row.came_home.reason, "") if row.came_home else "",
        }
        for row in rows
    ]


def _terms(then, now_month, before, gone, new, now) -> list[dict]:
    return [
        {"sign": "", "value": f"{before:,}", "label": _("away in %(month)s") % {"month": then.label}},
        {"sign": "−", "value": f"{gone:,}", "label": _("not away any more")},
        {"sign": "+", "value": f"{new:,}", "label": _("newly away")},
        {"sign": "=", "value": f"{now:,}", "label": _("away in %(month)s") % {"month": now_month.label}},
    ]


def _entries(case) -> list[dict]:
    if case is None:
        return []
    return [
        {
            "who": event.by.name if event.by else "", "what": VERBS[event.verb], "when": event.at,
            "note": " · ".join(str(event.detail[name]) for name in (*following.FACTS, "outcome") if name in event.detail),
        }
        for event in audit.trail(case).order_by("-number")
    ]


@page("check quality")
@require_POST
def alarm_close(request, month, area):
    area, county, opened = _found_or_404(request, month, area)
    case = get_object_or_404(DropCase.objects.visible_to(request.user), area_code=area.code, month=month)
    form = CloseForm(request.POST, auto_id="close_%s")
    if form.is_valid() and form.tries(following.close, case, by=request.user, **form.cleaned_data):
        messages.success(request, _("The case is closed."))
        return redirect("alarm", month, area.code)
    return render(request, "reports/alarm.html", _context(request, area, county, opened, _case(request, area, month)) | {
        "form": FollowForm(initial=_initial(request, case)), "close_form": form, "forms": [form],
    })
