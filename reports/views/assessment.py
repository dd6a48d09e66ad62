"""The yearly assessment of townships: the scores, what stands behind each, the weights, a workbook and a print."""

from hashlib import sha256

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from laborreg import clock
from laborreg.forms import ActionForm
from laborreg.sheets.writing import XLSX
from officers import audit
from officers.pages import page
from reports import assessment as assessing
from reports import assessment_sheet, targets
from reports.actions import weights as actions
from reports.deadlines import deadlines
from reports.models import TRAINING, MonthlyReturn
from reports.progress import Opened
from reports.target_table import LABELS, amount_told, change_told
from reports.views.targets import month_asked, months_of, year_or_404
from reports.views.totals import area_or_404, county_of
from villages.models import County, Township
from workers.ledger import BY_KEY
from workers.views.rows import posted


class WeightsForm(ActionForm):
    """A whole number for each component."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, weights, version, **kwargs):
        super().__init__(*args, initial=weights | {"version": version}, **kwargs)
        for component in assessing.COMPONENTS:
            self.fields[component.key] = forms.IntegerField(
                label=component.label, min_value=0, max_value=actions.WHOLE, help_text=component.rule,
                widget=forms.TextInput(attrs={"inputmode": "numeric"}),
            )

    @property
    def weights(self) -> dict[str, int]:
        return {component.key: self.cleaned_data[component.key] for component in assessing.COMPONENTS}


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
    if key not in LISTS or month is None:
        raise Http404
    counted = [each for each in months if each <= month]
    return render(request, "reports/assessment_behind.html", {
        "area": township, "year": year, "month": month, "key": key, "component": assessing.BY_NAME[key],
        "rows": LISTS[key](county, township, counted),
    })


def _rows(county, township, months):
    rows = assessing.returns(county, months).filter(village__township=township)
    return rows.select_related("village", "newest", "counted").order_by("month", "village_id")


def _not_on_time(county, township, months) -> list[dict]:
    """Late, or not there though the day is over."""
    found = []
    for ret in _rows(county, township, months).prefetch_related("versions"):
        due = deadlines(county, ret.month, ret.village_id).due_on
        first = min((timezone.localdate(version.submitted_at) for version in ret.versions.all()), default=None)
        if (first or clock.today()) > due:
            told = _("first submitted %(day)s") % {"day": first.isoformat()} if first else _("not submitted")
            found.append(_line(ret, _("due %(day)s, %(what)s") % {"day": due.isoformat(), "what": told}))
    return found


def _not_in(county, township, months) -> list[dict]:
    rows = _rows(county, township, months).exclude(state__in=MonthlyReturn.IN)
    return [_line(ret, ret.get_state_display()) for ret in rows]


def _sent_back(county, township, months) -> list[dict]:
    versions = assessing.corrections(county, months).filter(village__township=township)
    versions = versions.select_related("ret__village", "sent_back_by").order_by("month", "village_id", "number")
    return [_line(version.ret, _told_of(version)) for version in versions]


def _told_of(version) -> str:
    said = {"n": version.number}
    if version.sent_back_at is None:
        return _("version %(n)d was locked and reopened") % said
    said |= {"day": timezone.localdate(version.sent_back_at).isoformat(), "reason": version.send_back_reason}
    return _("version %(n)d was sent back on %(day)s: %(reason)s") % said


def _late(county, township, months) -> list[dict]:
    rows = _rows(county, township, months).exclude(**{f"counted__{BY_KEY['late'].column}": 0}).filter(counted__isnull=False)
    found = []
    for ret in rows:
        late = getattr(ret.counted, BY_KEY["late"].column)
        url = reverse("cell", args=[ret.village_id, ret.month, "late"])
        found.append(_line(ret, _("%(n)+d persons recorded late") % {"n": late}) | {"url": url})
    return found


def _line(ret, what) -> dict:
    url = reverse("return", args=[ret.village_id, ret.month])
    return {"village": ret.village, "month": ret.month, "what": what, "url": url}


LISTS = {assessing.ON_TIME: _not_on_time, assessing.COMPLETE: _not_in, assessing.SENT_BACK: _sent_back, assessing.LATE: _late}


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
    audit.record("exported assessment", county, by=request.user, place=county.code,
                 detail={"month": str(month), "language": language, "bytes": len(content), "hash": sha256(content).hexdigest()})
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{county.code}-{month}-assessment.xlsx"'
    return response
