"""The yearly assessment of townships: the scores, what stands behind each, the weights, a workbook and a print."""


from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from laborreg import clock
from laborreg.downloads import download
from officers import audit
from officers.pages import page
from reports import assessment as assessing
from reports import assessment_lists, assessment_sheet, targets
from reports.actions import weights as actions
from reports.models import TRAINING
from reports.progress import Opened
from reports.target_forms import WeightsForm
from reports.target_table import LABELS, amount_told, change_told
from reports.views.targets import month_asked, months_of, year_or_404
from reports.views.totals import area_or_404, county_of
from villages.models import County, Township
from workers.views.rows import posted


def _area_or_404(request, code):
    area = area_or_404(request.user, code)
    if area.level == "village":
        raise Http404
    return area


def _month(request, county, year):
    """The months, the one that is shown, and why; as the county's targets, since townships are ranked against one another."""
    months = months_of(county, year)
    return months, *month_asked(request, months, county)


def _assessed(request, area, county, month) -> list[assessing.Assessed]:
    """Of a county all, of a township its own row with its place among all."""
    rows = assessing.assess(county, month, request.user)
    return [row for row in rows if row.township.code.startswith(area.code)]


@page("see totals")
def assessment(request, area, year):
    area, year = _area_or_404(request, area), year_or_404(year)
    county = county_of(area)
    months, month, opened_at = _month(request, county, year)
    rows = _assessed(request, area, county, month) if month else []
    return render(request, "reports/assessment.html", {
        "area": area, "county": county, "year": year, "month": month, "opened": month and Opened(month, months),
        "rows": _shown(request.user, rows, month), "components": _components(county, year),
        "townships": county.townships.count(), "is_county": area.level == "county",
        "may_weigh": area.level == "county" and request.user.may("change settings", at=area.code),
        "hides_small": not request.user.may("see people"), "opened_at": opened_at, "today": clock.today(),
        "changed": _changed(area, year),
    })


def _changed(area, year) -> list[tuple]:
    """(township, kind, in words) of the targets that were changed since they were set."""
    found = targets.changed(area.code, year, at=9)
    names = {each.code: each.label for each in Township.objects.filter(pk__in={code for code, _kind in found})}
    return [(names[code], LABELS[kind], change_told(change)) for (code, kind), change in sorted(found.items())]


def _components(county, year) -> list[tuple]:
    weights = assessing.weights_of(county.code, year)
    return [(component, weights[component.key]) for component in assessing.COMPONENTS]


def _shown(officer, rows, month) -> list[tuple]:
    """(row, its cells), each cell with its words and where it leads."""
    return [(row, [_cell(officer, row, score, month) for score in row.scores]) for row in rows]


def _cell(officer, row, score, month) -> dict:
    measure, key = score.measure, score.component.key
    shown = measure.mark or measure.part, measure.whole_mark or measure.whole
    part, whole = (amount_told(key, value) for value in shown)
    return {
        "key": key, "points": score.points, "part": part, "whole": whole, "mark": measure.mark,
        "named": row.names_share if key in assessing.BACKED and row.unnamed and measure.part is not None else None,
        "url": _behind(row.township, key, month) if officer.may("see people") else "",
    }


def _behind(township, key, month) -> str:
    """What stands behind: the figure's own page, or a list of returns."""
    if key == assessing.VERIFIED:
        return reverse("spot_checks")
    if key == TRAINING:
        return reverse("trained_people", args=[township.code, month])
    figure = targets.FIGURE.get(key) or {assessing.NAMES: "unnamed", assessing.PAY: "pay_missing"}.get(key)
    if figure:
        return reverse("drill", args=[township.code, month, figure])
    return f"{reverse('assessment_behind', args=[township.code, month.year, key])}?month={month}"


@page("see people")
def assessment_behind(request, area, year, key):
    """The returns that a township lost points by, or all that a component is counted from."""
    township = get_object_or_404(Township.objects.visible_to(request.user), pk=area)
    county, year = county_of(township), year_or_404(year)
    months, month, _why = _month(request, county, year)
    if key not in assessment_lists.LISTS or month is None:
        raise Http404
    counted = [each for each in months if each <= month]
    return render(request, "reports/assessment_behind.html", {
        "area": township, "year": year, "month": month, "key": key, "component": assessing.BY_NAME[key],
        "rows": assessment_lists.LISTS[key](county, township, counted),
    })


@page("change settings")
def assessment_weights(request, county, year):
    """What each component is worth, 100 in all."""
    county, year = get_object_or_404(County.objects.visible_to(request.user), pk=county), year_or_404(year)
    if not request.user.may("see totals"):
        raise Http404
    form = WeightsForm(
        posted(request), weights=assessing.weights_of(county.code, year), version=actions.version_of(county.code, year)
    )
    if form.is_bound and form.is_valid():
        version = form.cleaned_data["version"]
        if form.tries(actions.set_weights, county, year, form.weights, by=request.user, version=version):
            messages.success(request, _("The weights are saved."))
            return redirect("assessment", county.code, year)
    return render(request, "reports/assessment_weights.html", {
        "county": county, "year": year, "form": form, "fields": [form[each.key] for each in assessing.COMPONENTS],
    })


@page("see totals")
def assessment_paper(request, county, year):
    """On A4 for signature."""
    county, year = get_object_or_404(County.objects.visible_to(request.user), pk=county), year_or_404(year)
    _months, month, _why = _month(request, county, year)
    if month is None:
        raise Http404
    rows = assessing.assess(county, month, request.user)
    return render(request, "reports/assessment_paper.html", {
        "county": county, "year": year, "month": month, "rows": _shown(request.user, rows, month),
        "components": _components(county, year), "now": clock.now(), "changed": _changed(county, year),
        "hides_small": not request.user.may("see people"),
    })


@page("see totals")
@require_POST
def assessment_export(request, county, year):
    """As a workbook; written down in the audit trail."""
    county, year = get_object_or_404(County.objects.visible_to(request.user), pk=county), year_or_404(year)
    months = months_of(county, year)
    month = next((each for each in months if str(each) == request.POST.get("month")), None)
    if month is None:
        raise Http404
    language = "zh-hans" if (get_language() or "").startswith("zh") else "en"
    content = assessment_sheet.workbook(county, month, assessing.assess(county, month, request.user), language=language)
    audit.record_file(
        "exported assessment", content, county, by=request.user, place=county.code,
        detail={"month": str(month), "language": language},
    )
    return download(content, f"{county.code}-{month}-assessment.xlsx")
