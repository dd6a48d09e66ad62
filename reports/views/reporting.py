"""A township reports its month up; the signed papers of townships and of the county."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from laborreg.refusals import Refusal
from officers.pages import page
from reports import progress, reporting, scans
from reports.models import Scan
from reports.totals import totals
from reports.views.deadline_day import county_and_month_or_404
from villages.models import County, Township


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
        "papers": scans.of(township.code, month),
    })


def _area_or_404(request, code):
    """The county itself, or a township, at or under the officer's posts."""
    model = {6: County, 9: Township}.get(len(code))
    if model is None:
        raise Http404
    return get_object_or_404(model.objects.visible_to(request.user), pk=code)


@page("approve")
def papers(request, area, month):
    """The signed papers of an area's month, and room for one more."""
    area = _area_or_404(request, area)
    _county, opened = county_and_month_or_404(request, month)
    power, refusal = "lock" if area.level == "county" else "report up", ""
    if request.method == "POST":
        try:
            scans.attach(area, month, by=request.user, file=request.FILES.get("file"))
            messages.success(request, _("The paper is attached."))
            return redirect("papers", area.code, month)
        except Refusal as refused:
            refusal = refused.message
    return render(request, "reports/papers.html", {
        "area": area, "month": month, "opened": opened, "papers": scans.of(area.code, month), "refusal": refusal,
        "may_attach": request.user.may(power, at=area), "is_county": area.level == "county",
    })


@page("approve")
@require_POST
def paper(request, pk):
    """The file itself, never shown inside a page of ours: it came from elsewhere."""
    scan = get_object_or_404(Scan.objects.visible_to(request.user), pk=pk)
    content = scans.fetched(scan, by=request.user)
    response = HttpResponse(content, content_type=scans.TYPES[scan.kind])
    response["Content-Disposition"] = f'attachment; filename="{scan.area_code}-{scan.month}-{scan.pk}.{scan.kind}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
