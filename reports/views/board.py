"""The county's month: how far each township is, who is missing, and opening, locking and sealing."""

from dataclasses import replace

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from laborreg import clock
from laborreg.months import Month
from laborreg.refusals import Refusal
from officers.pages import page
from reports import actions, days_off, locking, progress, reminding, reporting, scans
from reports.deadlines import deadlines, newest_open_month
from reports.models import MonthlyReturn
from reports.punctuality import calendar
from reports.totals import newest_seal
from reports.views.deadline_day import with_labels
from reports.views.finding import opened_or_404
from villages.models import County


def _county_or_404(request) -> County:
    return get_object_or_404(County.objects.visible_to(request.user), code=request.user.county_code)


@page("lock")
def board_home(request):
    county = _county_or_404(request)
    month = newest_open_month(county)
    if month is None:
        first = county.month_of(clock.today())
        return render(request, "reports/board_none.html", {"county": county, "may_open": [first.previous, first]})
    return redirect("board", month)


@page("lock")
def board(request, month):
    county = _county_or_404(request)
    opened = opened_or_404(county, month)
    rows = progress.townships(county, month)
    missing = progress.missing(MonthlyReturn.objects.visible_to(request.user).filter(month=month))
    days, seal = deadlines(county, month), newest_seal(county, month)
    reported = reporting.standings(county, month)
    return render(request, "reports/board.html", {
        "county": county, "opened": opened, "month": month, "days": days, "today": clock.today(),
        "rows": [replace(row, reported=reported.get(row.township.code)) for row in rows],
        "extensions": with_labels(days.extensions), "reminders": reminding.history([county.code], county, month),
        "scans": scans.count(county.code, month),
        "total": progress.add(row.progress for row in rows), "stations": progress.by_station(missing),
        "message": progress.message_to(missing, month, days) if missing else "",
        "open_again": _open_again(county, month), "is_newest_locked": month == actions.newest_locked_month(county),
        "seal": seal, "to_open": progress.next_to_open(county, opened.months),
        "without_draft": 0 if seal else actions.without_draft(county, month).count(),
        "villages": locking.names(seal), "calendar": calendar(county, month, opened.months),
        "days_off": days_off.of(days), "put_off": days_off.put_off(days), "unannounced": days_off.unannounced(days),
        "may_extend": not seal and days.closes_on >= clock.today(),
    })


def _open_again(county, month):
    """The returns that were reopened and are not locked again, each with its state."""
    rows = list(actions.open_again(county).filter(month=month).select_related("village__township").order_by("village_id"))
    for ret in rows:
        ret.tag = progress.tag(ret.state)
    return rows


@page("open months")
@require_POST
def open_month(request):
    county = _county_or_404(request)
    try:
        month = Month.parse(request.POST.get("month", ""))
    except ValueError as wrong:
        raise Http404 from wrong
    drafts = actions.open_month(county, month, by=request.user)
    said = ngettext("%(month)s is open: %(n)d village can file.", "%(month)s is open: %(n)d villages can file.", drafts)
    messages.success(request, said % {"month": month.label, "n": drafts})
    return redirect("board", month)


@page("lock")
def lock(request, month):
    """What will be frozen and who is missing, before the one button; what was typed stays when it is refused."""
    county = _county_or_404(request)
    opened = opened_or_404(county, month)
    asked = request.POST if request.method == "POST" else request.GET
    plan = locking.plan(county, month, asked.getlist("township"))
    known = {} if request.method == "POST" else reporting.reasons(county, month)
    reasons = {code: asked.get(f"why_{code}", known.get(code, "")) for code in (row.village.code for row in plan.out)}
    refusal = ""
    if request.method == "POST":
        try:
            return _locked(request, county, month, plan, reasons)
        except Refusal as refused:
            refusal = refused.message
    return render(request, "reports/board_lock.html", {
        "county": county, "opened": opened, "month": month, "plan": plan, "refusal": refusal,
        "rows": [(row, reasons[row.village.code]) for row in plan.out],
    })


def _locked(request, county, month, plan, reasons):
    if request.POST.get("seen", plan.fingerprint) != plan.fingerprint:
        raise Refusal(_("Some of these returns were changed meanwhile; look again."))
    given = {code: reason for code, reason in reasons.items() if reason.strip()}
    seal = actions.lock(county, month, by=request.user, returns=plan.returns, missing=given)
    if seal:
        messages.success(request, _("%(month)s is sealed, version %(number)d.") % {
            "month": month.label, "number": seal.number,
        })
    else:
        said = ngettext("%(n)d return is locked.", "%(n)d returns are locked.", len(plan.returns))
        messages.success(request, said % {"n": len(plan.returns)})
    return redirect("board", month)
