"""The county opens what it locked, and closes it again."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from laborreg.forms import row_number
from laborreg.refusals import Refusal
from officers.pages import page
from reports import actions
from reports.models import LOCKED, MonthlyReturn
from reports.views.finding import opened_or_404, own_return_or_404
from villages.models import County


@page("lock")
def return_reopen(request, village, month):
    ret = own_return_or_404(request, village, month)
    if request.method == "POST":
        try:
            actions.reopen([ret], by=request.user, reason=request.POST.get("reason", ""))
        except Refusal as refusal:
            messages.error(request, refusal.message)
        else:
            words = {"village": ret.village.label, "month": ret.month.label}
            messages.success(request, _("%(month)s of %(village)s is reopened.") % words)
    return redirect(actions.return_url(ret))


@page("lock")
def return_close(request, village, month):
    ret = own_return_or_404(request, village, month)
    if request.method == "POST":
        try:
            actions.close_unchanged([ret], by=request.user)
        except Refusal as refusal:
            messages.error(request, refusal.message)
        else:
            words = {"village": ret.village.label, "month": ret.month.label}
            messages.success(request, _("%(month)s of %(village)s is locked again as it was.") % words)
    return redirect(actions.return_url(ret))


@page("lock")
def month_reopen(request, month):
    """Many at once: the county chooses villages of the newest locked month and says why."""
    county = get_object_or_404(County.objects.visible_to(request.user), code=request.user.county_code)
    opened = opened_or_404(county, month)
    newest = actions.newest_locked_month(county)
    rows = MonthlyReturn.objects.visible_to(request.user).filter(month=month, state=LOCKED)
    rows = list(rows.select_related("county", "village__township", "newest").order_by("village_id"))
    asked = {row_number(number) for number in request.POST.getlist("chosen")}
    chosen = [ret for ret in rows if ret.pk in asked]
    refusal = ""
    if request.method == "POST":
        try:
            actions.reopen(chosen, by=request.user, reason=request.POST.get("reason", ""))
        except Refusal as refused:
            refusal = refused.message
        else:
            said = ngettext("%(n)d return is reopened.", "%(n)d returns are reopened.", len(chosen))
            messages.success(request, said % {"n": len(chosen)})
            return redirect("board", month)
    return render(request, "reports/board_reopen.html", {
        "county": county, "opened": opened, "month": month, "refusal": refusal, "newest": newest,
        "stations": _by_township(rows) if month == newest else [], "chosen": {ret.pk for ret in chosen},
        "reason": request.POST.get("reason", ""),
    })


def _by_township(rows):
    found = {}
    for ret in rows:
        found.setdefault(ret.village.township, []).append(ret)
    return list(found.items())
