"""Targets of a year: how far each area is, and setting those of the level below."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from laborreg import clock
from laborreg.months import Month
from officers.pages import page
from reports import targets as reaching
from reports.actions import targets as actions
from reports.deadlines import newest_open_month
from reports.models import Target
from reports.progress import Opened
from reports.target_forms import LABELS, TargetsForm, told, typed_amount
from reports.target_table import Table, amount_told, gap_told
from reports.views.totals import area_or_404, county_of
from villages.areas import children, parents
from workers.views.rows import posted

YEARS_BACK = 5


@page("see totals", scoped=False)
def targets_home(request):
    """The officer's own area, in the year of the newest month."""
    area = request.user.place
    if area is None:
        return render(request, "reports/totals_none.html")
    month = newest_open_month(county_of(area))
    return redirect("targets", area.code, month.year if month else clock.today().year)


def year_or_404(year: int) -> int:
    if not actions.FIRST_YEAR <= year <= clock.today().year + 1:
        raise Http404
    return year


def months_of(county, year: int) -> list[Month]:
    """The months of a year that are over and opened."""
    newest = newest_open_month(county)
    months = county.months.filter(month__gte=Month(year, 1), month__lte=Month(year, 12)).order_by("month")
    return [month for month in months.values_list("month", flat=True) if newest and month <= newest]


def month_asked(request, months: list[Month], area) -> tuple[Month | None, str]:
    """As the address says, among those there are; else the newest one for which the area is complete, or sealed.

    With it the words that say why it was opened there. None where none is opened; the newest where none is complete.
    """
    asked = next((month for month in months if str(month) == request.GET.get("month")), None)
    if asked or not months:
        return asked, ""
    for month in reversed(months):
        if area.code not in reaching.incomplete(area.code, month, at=len(area.code)):
            newer = month != months[-1]
            return month, _("This is the newest month that is sealed or for which every village is in.") if newer else ""
    return months[-1], ""


@page("see totals")
def targets(request, area, year):
    area, year = area_or_404(request.user, area), year_or_404(year)
    county, officer = county_of(area), request.user
    months = months_of(county, year)
    month, opened_at = month_asked(request, months, area)
    table = Table(area, year, month, officer)
    return render(request, "reports/targets.html", {
        "area": area, "above": [over for over in parents(area) if officer.is_posted_over(over)], "year": year,
        "month": month, "table": table, "opened": month and Opened(month, months), "kinds": LABELS.values(),
        "years": [each for each in range(clock.today().year + 1, clock.today().year - YEARS_BACK, -1)],
        "may_set": bool(actions.settable(area, officer)) if area.level != "village" else False,
        "versions": _versions(officer, area, year), "hides_small": not officer.may("see people"),
        "may_assess": area.level != "village", "opened_at": opened_at, "today": clock.today(),
    })


def _versions(officer, area, year) -> list[Target]:
    """Every version of the area's own targets and of its parts, the newest first, with the words that are shown."""
    rows = Target.objects.visible_to(officer).under(area.code).filter(year=year).select_related("set_by")
    depth = {len(area.code), 9 if area.level == "county" else 12}
    found = [row for row in rows.order_by("-set_at", "-pk") if len(row.area_code) in depth]
    names = {each.code: each.label for each in [area, *children(area)]}
    for row in found:
        row.area_label, row.told = names.get(row.area_code, row.area_code), amount_told(row.kind, row.amount)
    return found


@page("set targets")
def targets_set(request, area, year):
    """The targets of the parts, and of the county as the prefecture set them, on one form."""
    area, year = area_or_404(request.user, area), year_or_404(year)
    areas = actions.settable(area, request.user) if area.level != "village" else []
    if not areas:
        raise Http404
    form = _form(request, area, year, areas)
    is_check = "check" in (posted(request) or {})
    if form.is_bound and form.is_valid() and not is_check and (made := _made(form, area, year, request.user)):
        messages.success(request, ngettext("%(n)s target is set.", "%(n)s targets are set.", len(made)) % {"n": len(made)})
        return redirect("targets", area.code, year)
    labor_month, _weights = _labor_force(area, areas)
    return render(request, "reports/targets_set.html", {
        "area": area, "year": year, "form": form, "kinds": LABELS.values(), "labor_month": labor_month,
        "gaps": _gaps(form, area, year), "is_county": area.level == "county", "sums": _sums(form, area, year),
    })


def _made(form, area, year, by):
    said = form.cleaned_data
    return form.tries(
        actions.set_targets, area, year, form.amounts, by=by, seen=said["seen"], letter=said["letter"], reason=said["reason"],
    )


def _form(request, area, year, areas) -> TargetsForm:
    standing = _standing(area, year)
    said = {"areas": areas, "standing": standing, "seen": actions.newest(area, year)}
    sent = posted(request)
    fill = sent and FILLED.get(sent.get("fill"))
    if not fill:
        return TargetsForm(sent, **said)
    typed = {name: text for name, text in sent.items() if name in ("letter", "reason") or "_" in name}
    return TargetsForm(**said, initial=typed | fill(area, year, areas, _whole(area, standing, typed)))


def _standing(area, year) -> reaching.Amounts:
    own, depth = reaching.standing(area.code, year, at=len(area.code)), 9 if area.level == "county" else 12
    return own | reaching.standing(area.code, year, at=depth)


def _whole(area, standing, typed) -> dict[str, int]:
    """What the parts are to add up to: of a county as typed, of a township as it stands."""
    found = {}
    for kind in reaching.KINDS:
        name = f"{area.code}_{kind}"
        amount = typed_amount(kind, typed[name]) if name in typed else standing.get(area.code, {}).get(kind)
        if amount:
            found[kind] = amount
    return found


def _by_labor_force(area, year, areas, whole) -> dict[str, str]:
    """Each part its share of the labor force of the newest month; whole persons, whole 10,000 yuan."""
    _month, weights = _labor_force(area, areas)
    found = {}
    for kind, amount in whole.items():
        step = reaching.YUAN_IN_WAN if kind == reaching.INCOME else 1
        divided = reaching.divided(amount, weights, step)
        found |= {f"{code}_{kind}": told(kind, part or None) for code, part in divided.items()}
    return found


def _labor_force(area, areas) -> tuple[Month | None, dict[str, int]]:
    month, parts = newest_open_month(county_of(area)), [each.code for each in areas if each.code != area.code]
    return reaching.labor_force(area.code, month, parts, at=len(parts[0])) if month and parts else (None, {})


def _as_last_year(area, year, areas, _whole) -> dict[str, str]:
    before = _standing(area, year - 1)
    return {
        f"{each.code}_{kind}": told(kind, amount)
        for each in areas if each.code != area.code for kind, amount in before.get(each.code, {}).items()
    }


def _sums(form, area, year) -> list[tuple]:
    """Kind by kind: its heading, what the parts add up to as they stand in the form now, and what is set for the area."""
    parts = [each.code for each in form.areas if each.code != area.code]
    standing = reaching.standing(area.code, year, at=len(area.code)).get(area.code, {})
    return [
        (LABELS[kind], told(kind, sum(typed_amount(kind, form[f"{code}_{kind}"].value()) or 0 for code in parts)),
         told(kind, standing.get(kind)))
        for kind in reaching.KINDS
    ]


# What the buttons fill in.
FILLED = {"labor_force": _by_labor_force, "last_year": _as_last_year}


def _gaps(form, area, year) -> list[str]:
    """Of what stands in the form now."""
    values = {name: form[name].value() for name in form.fields}
    whole = _whole(area, _standing(area, year), values)
    parts = {}
    for each in form.areas:
        amounts = {kind: typed_amount(kind, values[f"{each.code}_{kind}"]) for kind in reaching.KINDS}
        if each.code != area.code:
            parts[each.code] = {kind: amount for kind, amount in amounts.items() if amount}
    return [gap_told(gap) for gap in reaching.gaps(whole, parts)]
