"""The province's workbooks: uploaded, bound cell by cell, looked at with a month's figures, filled, retired."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from laborreg.downloads import download
from laborreg.forms import row_number
from laborreg.months import Month
from laborreg.refusals import Refusal
from laborreg.sheets.grid import Grid
from officers.pages import page
from reports.blanks import choosing, keeping, keys
from reports.blanks.bindings import NotFit
from reports.blanks.showing import headings, page_of
from reports.deadlines import newest_open_month
from reports.models import Binding, Blank, BlankVersion, FilledBlank
from villages.areas import MODELS
from villages.models import County, Township

MEGABYTES = BlankVersion.MOST_BYTES // (1024 * 1024)
MOST_FILLED = 50


@page("export")
def blanks(request):
    """Every workbook of the county, each filled with one click for the newest month."""
    rows = choosing.listed(Blank.objects.visible_to(request.user))
    county = _county_or_404(request)
    return render(request, "reports/blanks/list.html", {
        "rows": [row for row in rows if not row.blank.retired_at],
        "retired": [row for row in rows if row.blank.retired_at], "county": county, "month": newest_open_month(county),
    })


def _county_or_404(request) -> County:
    return get_object_or_404(County.objects.visible_to(request.user), pk=request.user.county_code)


def _months(county) -> list[Month]:
    """The months that the county opened, the newest first."""
    return list(county.months.order_by("-month").values_list("month", flat=True))


def _blank_or_404(request, pk) -> Blank:
    return get_object_or_404(Blank.objects.visible_to(request.user).select_related("county"), pk=pk)


@page("export")
def blank_new(request):
    county, faults = _county_or_404(request), []
    if request.method == "POST":
        try:
            made = keeping.upload(
                county, by=request.user, name=request.POST.get("name", ""), file=_file(request),
            )
            return redirect("blank_cells", made.pk)
        except Refusal as refused:
            faults = _told(refused)
    return render(request, "reports/blanks/new.html", {
        "faults": faults, "megabytes": MEGABYTES, "name": request.POST.get("name", ""), "groups": choosing.groups(),
        "whens": keys.WHENS.items(),
    }, status=422 if faults else 200)


def _file(request):
    if request.META.get("laborreg.file_too_large"):
        raise keeping.NotTaken("too_large", size=MEGABYTES)
    return request.FILES.get("file")


def _told(refused) -> list[str]:
    return [str(fault) for fault in refused.faults] if isinstance(refused, NotFit) else [str(refused.message)]


@page("export")
def blank(request, pk):
    """One workbook: fill it, its versions, what it filled."""
    found = _blank_or_404(request, pk)
    filled = FilledBlank.objects.visible_to(request.user).filter(version__blank=found)
    versions = list(found.versions.defer("content").select_related("uploaded_by"))
    return render(request, "reports/blanks/blank.html", {
        "blank": found, "versions": versions, "newest": versions[0], "months": _months(found.county),
        "month": newest_open_month(found.county),
        "townships": list(found.county.townships.order_by("code")), "megabytes": MEGABYTES,
        "bound": versions[0].bindings.count() + len(versions[0].written),
        "filled": choosing.with_areas(filled.select_related("by", "version").defer("version__content")[:MOST_FILLED]),
    })


@page("export")
@require_POST
def blank_version(request, pk):
    found = _blank_or_404(request, pk)
    made = keeping.upload_version(found, by=request.user, file=_file(request))
    messages.success(request, _("Version %(number)s is uploaded.") % {"number": made.number})
    if made.lost:
        messages.warning(request, _("Some cells have no place in the new version; look at them below."))
    return redirect("blank_cells", found.pk)


@page("export")
def blank_cells(request, pk):
    """A sheet as a table; a click on a cell chooses it, the next on a figure binds it."""
    found = _blank_or_404(request, pk)
    version = found.newest
    if request.method == "POST":
        return _bound(request, found, version)
    bindings = keeping.bindings_of(version)
    names = list(bindings.grids)
    number = _number(request.GET.get("sheet"), len(names))
    grid = bindings.grids[names[number]]
    context = {
        "blank": found, "version": version, "names": list(enumerate(names)), "number": number,
        "page": page_of(grid, bindings), "faults": [str(fault) for fault in bindings.faults], "may_bind": not found.retired_at,
    }
    if cell := request.GET.get("cell", "").strip().upper():
        context |= _chosen(request, found, bindings, grid, cell)
    return render(request, "reports/blanks/cells.html", context)


def _number(text, count) -> int:
    """Of a sheet, from 0."""
    number = row_number(text) or 0
    return number if number < count else 0


def _chosen(request, found, bindings, grid, cell) -> dict:
    """The cell that was clicked, and the figures that it can be bound to with their values of the newest month."""
    refused = choosing.why_not(grid, cell)
    words, month = request.GET.get("q", ""), newest_open_month(found.county)
    bound = bindings.bound.get((grid.name, cell))
    left, above = ("", "") if refused else headings(grid, cell)
    return {
        "cell": cell, "refused": refused, "bound": bound, "left": left, "above": above, "q": words, "month": month,
        "groups": choosing.groups(words, choosing.figures(found.county, month, request.user)),
        "whens": keys.WHENS.items(), "rows": Binding.ROWS,
        "own": None if bound is None or not bound.clicked else bound,
    }


def _bound(request, found, version):
    sent = request.POST
    names = list(keeping.Package(bytes(version.content)).sheets)
    number = _number(sent.get("sheet"), len(names))
    sheet, cell = names[number], sent.get("cell", "").strip().upper()[:10]
    if "unbind" in sent:
        keeping.unbind(version, by=request.user, sheet=sheet, cell=cell)
        messages.success(request, _("%(cell)s is free again.") % {"cell": cell})
    else:
        repeats = sent.get("repeats", "")
        keeping.bind(
            version, by=request.user, sheet=sheet, cell=cell, key=choosing.written(sent),
            repeats=repeats if repeats in ("township", "village") else "",
        )
        messages.success(request, _("%(cell)s is bound.") % {"cell": cell})
    return redirect(f"{reverse('blank_cells', args=[found.pk])}?{urlencode({'sheet': number})}")


def _area_or_404(request, code):
    model = MODELS.get(len(code or ""))
    if model is None:
        raise Http404
    return get_object_or_404(model.objects.visible_to(request.user), pk=code)


def _month_or_404(text, county) -> Month:
    found = next((month for month in _months(county) if str(month) == text), None)
    if found is None:
        raise Http404
    return found


@page("export")
def blank_preview(request, pk):
    """The workbook as it would be filled now, every sheet of it; nothing is handed out."""
    found = _blank_or_404(request, pk)
    months = _months(found.county)
    if not months:
        raise Http404
    area = _area_or_404(request, request.GET.get("area") or found.county_id)
    month = _month_or_404(request.GET.get("month") or str(newest_open_month(found.county)), found.county)
    context = {
        "blank": found, "area": area, "month": month, "months": months,
        "townships": list(Township.objects.visible_to(request.user).order_by("code")),
    }
    try:
        done, values = keeping.tried(found.newest, area, month, by=request.user)
        pages = [page_of(Grid(done.package, name)) for name in done.package.sheets]
        context |= {
            "pages": pages, "left_empty": done.left_empty, "total": values.total, "cells": done.cells,
            "is_alike": values.is_alike,
        }
    except Refusal as refused:
        context["refused"] = _told(refused)
    return render(request, "reports/blanks/preview.html", context)


@page("export")
@require_POST
def blank_fill(request, pk):
    """The filled workbook as a download; written down, so it is asked for by POST."""
    found = _blank_or_404(request, pk)
    area = _area_or_404(request, request.POST.get("area"))
    month = _month_or_404(request.POST.get("month"), found.county)
    content, _filled, _done = keeping.filled(found, area, month, by=request.user)
    return download(content, f"{found.name} {area.short_name} {month}.xlsx")


@page("export")
@require_POST
def blank_file(request, pk):
    """A version as it was uploaded."""
    version = get_object_or_404(BlankVersion.objects.visible_to(request.user).select_related("blank"), pk=pk)
    return download(keeping.fetched(version, by=request.user), f"{version.blank.name} v{version.number}.xlsx")


@page("export")
@require_POST
def blank_describe(request, pk):
    found = _blank_or_404(request, pk)
    keeping.describe(found, by=request.user, name=request.POST.get("name", ""), note=request.POST.get("note", ""))
    messages.success(request, _("Saved."))
    return redirect("blank", found.pk)


@page("export")
@require_POST
def blank_retire(request, pk):
    """Retire it, or bring it back."""
    found = _blank_or_404(request, pk)
    if request.POST.get("back"):
        keeping.bring_back(found, by=request.user)
        messages.success(request, _("The workbook can be filled again."))
        return redirect("blank", found.pk)
    keeping.retire(found, by=request.user)
    messages.success(request, _("The workbook is retired; what it filled stays listed."))
    return redirect("blanks")


@page("export", scoped=False)
def blank_keys(request):
    """Everything that can be written into a cell."""
    return render(request, "reports/blanks/keys.html", {
        "groups": choosing.groups(request.GET.get("q", "")), "whens": keys.WHENS.items(), "q": request.GET.get("q", ""),
        "narrowing": choosing.narrowing(),
    })
