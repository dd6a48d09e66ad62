"""The signed and stamped papers of a month: listed, attached, fetched."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from laborreg.downloads import download
from laborreg.refusals import Refusal
from officers.pages import page
from reports import scans
from reports.models import Scan
from reports.views.finding import county_and_month_or_404
from villages.models import County, Township


def _area_or_404(request, code):
    """The county itself, or a township, at or under the officer's posts."""
    model = {6: County, 9: Township}.get(len(code))
    if model is None:
        raise Http404
    return get_object_or_404(model.objects.visible_to(request.user), pk=code)


@page("approve")
def scan_list(request, area, month):
    """The signed papers of an area's month, and room for one more."""
    area = _area_or_404(request, area)
    _county, opened = county_and_month_or_404(request, month)
    power, refusal = "lock" if area.level == "county" else "report up", ""
    if request.method == "POST":
        try:
            scans.attach(area, month, by=request.user, file=request.FILES.get("file"))
            messages.success(request, _("The paper is attached."))
            return redirect("scans", area.code, month)
        except Refusal as refused:
            refusal = refused.message
    return render(request, "reports/scans.html", {
        "area": area, "month": month, "opened": opened, "rows": scans.of(area.code, month), "refusal": refusal,
        "may_attach": request.user.may(power, at=area), "is_county": area.level == "county",
    })


@page("approve")
@require_POST
def scan_file(request, pk):
    """The file itself, never shown inside a page of ours: it came from elsewhere."""
    scan = get_object_or_404(Scan.objects.visible_to(request.user), pk=pk)
    content = scans.fetched(scan, by=request.user)
    return download(content, f"{scan.area_code}-{scan.month}-{scan.pk}.{scan.kind}", scans.TYPES[scan.kind])
