"""A township reports its month up to the county, under its head's name."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from laborreg.refusals import Refusal
from officers.pages import page
from reports import progress, reporting, scans
from reports.totals import totals
from reports.views.finding import county_and_month_or_404
from villages.models import Township


@page("report up")
def report_up(request, month, township):
    """What is reported, and who is missing, before the one button."""
    township = get_object_or_404(Township.objects.visible_to(request.user).select_related("county"), pk=township)
    _county, opened = county_and_month_or_404(request, month)
    out = reporting.out_of(township, month)
    reasons = {row.village.code: request.POST.get(f"why_{row.village.code}", "").strip() for row in out}
    head_name, refusal = request.POST.get("head_name", township.head_name), ""
    if request.method == "POST":
        try:
            reporting.report_up(
                township, month, by=request.user, head_name=head_name, missing=reasons,
                seen=request.POST.get("seen", ""),
            )
            messages.success(request, _("%(month)s is reported to the county.") % {"month": month.label})
            return redirect("queue", month)
        except Refusal as refused:
            refusal = refused.message
    return render(request, "reports/report_up.html", {
        "township": township, "month": month, "opened": opened, "refusal": refusal, "head_name": head_name,
        "rows": [(row, reasons[row.village.code]) for row in out], "total": totals(township.code, month),
        "progress": progress.progress_by(township.code, month, at=9).get(township.code, progress.Progress(0)),
        "standing": reporting.standing(township, month), "seen": reporting.fingerprint(township, month),
        "scans": scans.count(township.code, month), "is_locked": reporting.is_locked(township, month),
    })
