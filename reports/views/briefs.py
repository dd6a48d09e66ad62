"""The monthly brief: what the county bureau says of its month, edited on a page, issued, printed, and as a Word file."""


from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from laborreg import clock
from laborreg.downloads import download
from laborreg.forms import row_number
from laborreg.months import Month
from laborreg.refusals import Refusal
from officers import audit
from officers.pages import page
from reports.briefs import drafting, showing, word
from reports.briefs.before_issue import edited
from reports.briefs.facts import gather
from reports.models import Brief, BriefVersion
from reports.views.finding import opened_or_404
from villages.models import County

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def _county_or_404(request, code: str = "") -> County:
    return get_object_or_404(County.objects.visible_to(request.user), code=code or request.user.county_code)


def _drafts(officer):
    """Who reads what was issued sees no draft."""
    rows = Brief.objects.visible_to(officer)
    return rows if officer.may("write briefs") else rows.none()


def _brief_or_404(request, area: str, month: Month) -> Brief:
    return get_object_or_404(_drafts(request.user).select_related("county"), area_code=area, month=month)


def _version_or_404(request, area: str, month: Month, number) -> BriefVersion:
    rows = BriefVersion.objects.visible_to(request.user).select_related("issued_by", "county")
    return get_object_or_404(rows, area_code=area, month=month, number=number)


def _seen(request) -> int:
    """The version of the brief that the page showed."""
    return row_number(request.POST.get("version")) or 0


@page("read briefs")
def briefs(request):
    """Every month of the county with its brief and what was issued of it, the newest first; to a reader what was issued."""
    county, may_write = _county_or_404(request), request.user.may("write briefs")
    months = list(county.months.order_by("-month").values_list("month", flat=True))
    drafts = {brief.month: brief for brief in _drafts(request.user).filter(area_code=county.code)}
    issued: dict[Month, list[BriefVersion]] = {}
    for version in BriefVersion.objects.visible_to(request.user).filter(area_code=county.code).select_related("issued_by"):
        issued.setdefault(version.month, []).append(version)
    return render(request, "reports/briefs.html", {
        "county": county, "may_write": may_write,
        "rows": [
            (month, drafts.get(month), issued.get(month, []), month.previous in drafts)
            for month in months if may_write or month in issued
        ],
    })


@page("write briefs")
@require_POST
def brief_start(request):
    county = _county_or_404(request)
    try:
        month = Month.parse(request.POST.get("month", ""))
    except ValueError as wrong:
        raise Http404 from wrong
    opened_or_404(county, month)
    drafting.start(county, month, by=request.user, as_last_month=bool(request.POST.get("as_last_month")))
    return redirect("brief", county.code, month)


@page("write briefs")
def brief(request, area, month):
    """The draft, with what would be generated now beside what it says."""
    found = _brief_or_404(request, area, month)
    return render(request, "reports/brief.html", _beside_now(found) | {
        "versions": found.versions.select_related("issued_by"),
    })


def _beside_now(brief: Brief) -> dict:
    """A draft, and what has changed since its figures were taken."""
    now = gather(brief.county, brief.month)
    sheet = showing.of_draft(brief, now)
    return {
        "brief": brief, "sheet": sheet, "month": brief.month, "is_older": now != brief.facts,
        "sealed_since": drafting.is_sealed_since(brief, now),
        "changed": [each for each in sheet.paragraphs if each.fresh], "behind": [e for e in sheet.paragraphs if e.generated],
    }


@page("write briefs")
def brief_paragraph(request, area, month, key):
    """The words of one paragraph; what was typed stays when it is refused."""
    found = _brief_or_404(request, area, month)
    shown = next((each for each in showing.of_draft(found).paragraphs if each.key == key), None)
    if shown is None:
        raise Http404
    typed = {"title": request.POST.get("title", shown.title), "text": request.POST.get("text", shown.text)}
    return _write(request, found, shown, typed, lambda version: drafting.write(
        found, key, by=request.user, version=version, **typed,
    ))


@page("write briefs")
def brief_add(request, area, month):
    """A paragraph of the officer's own."""
    found = _brief_or_404(request, area, month)
    typed = {"title": request.POST.get("title", ""), "text": request.POST.get("text", "")}
    return _write(request, found, None, typed, lambda version: drafting.add(found, by=request.user, version=version, **typed))


def _write(request, found: Brief, shown, typed: dict, action):
    refusal, version = "", found.version
    if request.method == "POST":
        try:
            action(_seen(request))
            return redirect("brief", found.area_code, found.month)
        except drafting.Changed as changed:
            # What is sent next replaces this version, which the officer has now been told of.
            refusal, version = changed.message, changed.current.version
        except Refusal as refused:
            refusal = refused.message
    return render(request, "reports/brief_paragraph.html", {
        "brief": found, "month": found.month, "shown": shown, "typed": typed, "refusal": refusal, "version": version,
        "most_title": drafting.MOST_TITLE, "most_text": drafting.MOST_TEXT,
    })


@page("write briefs")
@require_POST
def brief_arrange(request, area, month, key):
    """Up, down, hide, show, as generated, keep, remove: one button each."""
    found = _brief_or_404(request, area, month)
    drafting.arrange(found, key, request.POST.get("step", ""), by=request.user, version=_seen(request))
    return redirect("brief", area, month)


@page("write briefs")
@require_POST
def brief_generate(request, area, month):
    found = _brief_or_404(request, area, month)
    drafting.generate(found, by=request.user, version=_seen(request))
    messages.success(request, _("The figures of now are in the brief; your own words stayed."))
    return redirect("brief", area, month)


@page("write briefs")
def brief_issue(request, area, month):
    """What is frozen under which number, before the one button."""
    found = _brief_or_404(request, area, month)
    if request.method == "POST":
        issued = drafting.issue(found, by=request.user, version=_seen(request))
        said = _("%(month)s: the brief is issued, version %(n)d.")
        messages.success(request, said % {"month": month.label, "n": issued.number})
        return redirect("brief_version", area, month, issued.number)
    return render(request, "reports/brief_issue.html", _beside_now(found) | {
        "number": found.versions.count() + 1, "edited": edited(found),
    })


@page("read briefs")
def brief_version(request, area, month, number):
    """A brief as it was issued."""
    version = _version_or_404(request, area, month, number)
    return render(request, "reports/brief_version.html", {
        "version": version, "sheet": showing.of_version(version), "month": month,
        "may_write": request.user.may("write briefs"),
    })


def _asked_for(request, area, month, number) -> tuple[showing.Sheet, BriefVersion | None]:
    """A version by its number; without one the draft."""
    if not number:
        return showing.of_draft(_brief_or_404(request, area, month)), None
    version = _version_or_404(request, area, month, row_number(number))
    return showing.of_version(version), version


@page("read briefs")
def brief_paper(request, area, month):
    """On A4: the draft, or `?number=2`."""
    sheet, version = _asked_for(request, area, month, request.GET.get("number"))
    return render(request, "reports/brief_paper.html", {
        "sheet": sheet, "version": version, "month": month, "area": area, "now": clock.now(),
    })


@page("read briefs")
@require_POST
def brief_word(request, area, month):
    """As a Word file; what leaves the office as a file stands in the trail."""
    sheet, version = _asked_for(request, area, month, request.POST.get("number"))
    content = word.document(sheet, version)
    subject = version or _brief_or_404(request, area, month)
    audit.record_file("exported a brief", content, subject, by=request.user, place=area, detail={"month": str(month)})
    return download(content, word.file_name(area, month, version), DOCX)
