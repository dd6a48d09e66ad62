"""The queue of a station or the county: which returns wait, what they differ in, and approving many at once."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from laborreg.forms import row_number
from officers.pages import page
from officers.roles import COUNTY
from reports import actions, progress, reminding, reporting, reviewing, watching
from reports.deadlines import deadlines, newest_open_month
from reports.models import APPROVED, DRAFT, LOCKED, REOPENED, SENT_BACK, SUBMITTED, MonthlyReturn
from reports.views.deadline_day import with_labels
from reports.views.finding import county_and_month_or_404
from villages.models import County, Township

PAGE = 100
# tab: (label, states)
TABS = {
    "waiting": (lambda: _("Waiting"), (SUBMITTED,)),
    "sent_back": (lambda: _("Sent back"), (SENT_BACK,)),
    "approved": (lambda: _("Approved"), (APPROVED,)),
    "missing": (lambda: _("Not in (with sent back)"), (DRAFT, SENT_BACK)),
    "locked": (lambda: _("Locked"), (LOCKED, REOPENED)),
    "all": (lambda: _("All"), (DRAFT, SUBMITTED, SENT_BACK, APPROVED, LOCKED, REOPENED)),
}


@page("approve", scoped=False)
def queue_home(request):
    county = County.objects.filter(code=request.user.county_code).first()
    month = newest_open_month(county) if county else None
    return redirect("queue", month) if month else render(request, "reports/queue_none.html")


@page("approve")
def queue(request, month):
    county, opened = county_and_month_or_404(request, month)
    of_month = MonthlyReturn.objects.visible_to(request.user).filter(month=month)
    townships = list(Township.objects.visible_to(request.user))
    chosen = next((township for township in townships if township.code == request.GET.get("township")), None)
    if chosen:
        of_month = of_month.under(chosen.code)
    states = progress.states_of(of_month)
    tab, days = _tab(request, states), _days(county, month, townships, chosen)
    context = {
        "opened": opened, "month": month, "county": county, "days": days, "tab": tab,
        "extensions": with_labels(_seen(days.extensions, request.user)), "own": _own(request.user, townships, month),
        "progress": progress.Progress(sum(states.values()), states), "views": _views(states, tab),
        "townships": townships if len(townships) > 1 else [], "township": chosen,
        "is_county": request.user.role == COUNTY, "watching": watching.lines(request.user, county, month),
    }
    if tab == "missing":
        return render(request, "reports/queue_missing.html", context | _missing(of_month, month, days)
                      | {"reminders": reminding.history([chosen.code] if chosen else request.user.posts, county, month)})
    return render(request, "reports/queue.html", context | _rows(request, of_month, month, tab))


def _days(county, month, townships, chosen):
    """Of the township that is looked at; of several, the county's."""
    only = chosen or (townships[0] if len(townships) == 1 else None)
    return deadlines(county, month, only.code if only else "")


def _seen(extensions, officer) -> list:
    """Those of the officer's places, and those that cover them."""
    return [each for each in extensions
            if any(post.startswith(each.area_code) or each.area_code.startswith(post) for post in officer.posts)]


def _own(officer, townships, month) -> list[tuple]:
    """The townships that the officer reports up, each with its newest report."""
    if not officer.may("report up"):
        return []
    return [(township, reporting.standing(township, month)) for township in townships]


def _tab(request, states) -> str:
    """The one asked for; else what waits, or, where nothing does, all."""
    asked = request.GET.get("tab")
    return asked if asked in TABS else "waiting" if states.get(SUBMITTED) else "all"


def _views(states, current):
    return [
        {"name": name, "label": label(), "is_current": name == current,
         "count": sum(states.get(state, 0) for state in of)}
        for name, (label, of) in TABS.items()
    ]


def _missing(of_month, month, days) -> dict:
    rows = progress.missing(of_month)
    return {"stations": progress.by_station(rows), "message": progress.message_to(rows, month, days) if rows else ""}


def _rows(request, of_month, month, tab) -> dict:
    found = of_month.filter(state__in=TABS[tab][1]).select_related("village__township", "newest__submitted_by")
    page_obj = Paginator(found.order_by("village_id"), PAGE).get_page(request.GET.get("page"))
    waiting = [ret for ret in page_obj.object_list if ret.state == SUBMITTED]
    held_back = actions.held_back(waiting, by=request.user)
    page_obj.object_list = reviewing.reviewed(page_obj.object_list, month, why_not=held_back)
    may_choose = any(row.may_be_approved for row in page_obj.object_list)
    return {"page_obj": page_obj, "may_choose": may_choose}


def _chosen(request, month, numbers) -> list[MonthlyReturn]:
    known = [number for text in numbers if (number := row_number(text))]
    rows = MonthlyReturn.objects.visible_to(request.user).filter(month=month, pk__in=known)
    return list(rows.select_related("county", "village__township", "newest__submitted_by").order_by("village_id"))


@page("approve")
def queue_differences(request, month):
    """What the chosen returns differ in from last month, on one page, before one button approves them."""
    county, opened = county_and_month_or_404(request, month)
    chosen = _chosen(request, month, request.GET.getlist("chosen"))
    waiting = [ret for ret in chosen if ret.state == SUBMITTED]
    held_back = actions.held_back(waiting, by=request.user)
    rows = reviewing.reviewed(waiting, month, why_not=held_back)
    free = [row for row in rows if row.may_be_approved]
    return render(request, "reports/queue_differences.html", {
        "month": month, "county": county, "opened": opened, "rows": free,
        "held_back": [row for row in rows if row.why_not],
        "total": reviewing.total_of(free),
    })


@page("approve")
@require_POST
def queue_approve(request, month):
    """Approve the versions that were looked at; one that changed meanwhile is refused with the others."""
    county_and_month_or_404(request, month)
    pairs = [pair.partition(":") for pair in request.POST.getlist("chosen")]
    seen = {row_number(number): row_number(version) for number, _colon, version in pairs}
    chosen = _chosen(request, month, [number for number, _colon, _version in pairs])
    for ret in chosen:
        actions.must_be_newest(ret, seen[ret.pk])
    actions.approve(chosen, by=request.user)
    said = ngettext("%(n)d return is approved.", "%(n)d returns are approved.", len(chosen))
    messages.success(request, said % {"n": len(chosen)})
    return redirect("queue", month)
