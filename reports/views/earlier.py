"""Totals of the months before the county's first: typed in a grid or pasted, looked at, kept."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import ngettext

from laborreg import clock
from laborreg.months import Month
from officers.pages import page
from reports import earlier, filing
from reports.models import EarlierTotal
from villages.models import County

MONTHS_BACK = 36


@page("lock")
def earlier_totals(request, county):
    """A look at the pasted table comes before it is kept: nothing is saved while a cell is wrong."""
    county = get_object_or_404(County.objects.visible_to(request.user), pk=county)
    if request.method == "POST":
        text = request.POST.get("text", "") if "text" in request.POST else _from_grid(request.POST, county)
        if "confirmed" in request.POST:
            return _kept(request, county, text)
        sheet = earlier.read(text, county)
        return render(request, "reports/earlier_check.html", {
            "county": county, "sheet": sheet, "text": text, "may_type": earlier.may_type(county),
            "headings": [(key, earlier.label(key)) for key in sheet.columns],
        })
    return render(request, "reports/earlier.html", _facts(request, county))


def _kept(request, county, text):
    changed = earlier.keep(county, text, by=request.user)
    said = ngettext("%(n)d total is changed.", "%(n)d totals are changed.", changed) % {"n": changed}
    messages.success(request, said)
    return redirect("earlier", county.code)


def _facts(request, county) -> dict:
    first = filing.first_month(county) or county.month_of(clock.today())
    months = [first.plus(-n) for n in range(1, MONTHS_BACK + 1)]
    chosen = next((month for month in months if str(month) == request.GET.get("month")), first.a_year_before)
    totals = list(EarlierTotal.objects.visible_to(request.user).filter(county=county).select_related("typed_by"))
    return {
        "county": county, "first": first, "months": months, "month": chosen, "may_type": earlier.may_type(county),
        "headings": [earlier.label(key) for key in earlier.KEYS], "grid": _grid(county, chosen, totals),
        "kept": _by_month(county, totals),
        "example": "\t".join(earlier.label(key) for key in (earlier.MONTH, earlier.AREA, *earlier.KEYS)),
    }


def _grid(county, month, totals) -> list[tuple]:
    """(area, [(name of the input, figure, its value)]) for the county and each township."""
    there = {total.area_code: earlier.figures_of(total) for total in totals if total.month == month}
    return [
        (area, [(_input(area, key), earlier.label(key), there.get(area.code, {}).get(key, "")) for key in earlier.KEYS])
        for area in _areas(county)
    ]


def _areas(county) -> list:
    return [county, *county.townships.order_by("code")]


def _input(area, key) -> str:
    return f"{area.code}-{key}"


def _from_grid(sent, county) -> str:
    """What was typed, as the table that would have been pasted."""
    lines = ["\t".join([earlier.MONTH, earlier.AREA, *earlier.KEYS])]
    there = set(EarlierTotal.objects.filter(county=county, month=_month(sent)).values_list("area_code", flat=True))
    for area in _areas(county):
        cells = [" ".join(sent.get(_input(area, key), "").split()) for key in earlier.KEYS]
        if any(cells) or area.code in there:
            lines.append("\t".join([" ".join(sent.get("month", "").split()), area.code, *cells]))
    return "\n".join(lines)


def _month(sent) -> Month | None:
    try:
        return Month.parse(sent.get("month", ""))
    except ValueError:
        return None


def _by_month(county, totals) -> list[dict]:
    """What is kept, the newest month first: how many areas, the county's persons away, who typed it last."""
    found: dict[Month, dict] = {}
    for total in sorted(totals, key=lambda total: total.typed_at):
        row = found.setdefault(total.month, {"month": total.month, "areas": 0, "away": None})
        row |= {"areas": row["areas"] + 1, "by": total.typed_by, "at": total.typed_at}
        if total.area_code == county.code:
            row["away"] = earlier.figures_of(total).get("away")
    return [found[month] for month in sorted(found, reverse=True)]
