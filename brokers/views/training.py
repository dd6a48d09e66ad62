"""The share of brokers trained: by township or village, in the last five years."""

from dataclasses import dataclass

from django.shortcuts import render
from django.utils.translation import gettext as _

from brokers import suppression, training
from brokers.models import Broker
from brokers.training import Share
from laborreg import charts
from officers import roles
from officers.pages import page
from villages.models import Township, Village


@dataclass
class Cell:
    """One area at the end of one year; a mark stands for a number that is hidden."""

    year: int
    brokers: int | str
    trained: int | str
    expired: int | str
    share: float | None


@page("see totals")
def training_page(request):
    """Five queries, however many places and years."""
    officer, years = request.user, training.years()
    is_by_village = officer.role in (roles.TOWNSHIP, roles.VILLAGE)
    areas = list((Village if is_by_village else Township).objects.visible_to(officer))
    known = training.Training(Broker.objects.visible_to(officer))
    columns = [_column(year, areas, known, is_shown=officer.may("see people")) for year in years]
    rows = [(area, [column[area.pk] for column in columns]) for area in areas]
    if is_by_village:
        rows = [row for row in rows if any(cell.brokers for cell in row[1])]
    total = [column[suppression.TOTAL] for column in columns]
    return render(request, "brokers/training.html", {
        "years": years, "rows": rows, "total": total, "is_by_village": is_by_village,
        "sees_names": officer.may("see people"), "chart": _chart(total),
    })


def _column(year, areas, known, *, is_shown) -> dict[str, Cell]:
    """{area: cell} of a year, and the sum under TOTAL."""
    found = known.by_area(training.last_day(year), len(areas[0].pk) if areas else 9)
    shares = {area.pk: found.get(area.pk, Share()) for area in areas}
    hidden = {} if is_shown else _hidden(shares)
    shares[suppression.TOTAL] = training.total(shares.values())
    return {code: _cell(year, code, share, hidden) for code, share in shares.items()}


def _hidden(shares) -> dict[str, dict[str, str]]:
    brokers, trained, expired = (
        {code: getattr(share, name) for code, share in shares.items()} for name in ("brokers", "trained", "expired")
    )
    marks = {"brokers": suppression.hide(brokers)}
    marks["trained"] = suppression.hide(trained, brokers, marks["brokers"])
    return marks | {"expired": suppression.hide(expired, trained, marks["trained"])}


def _cell(year, code, share, hidden) -> Cell:
    numbers = [hidden.get(name, {}).get(code, getattr(share, name)) for name in ("brokers", "trained", "expired")]
    is_hidden = any(isinstance(number, str) for number in numbers[:2])
    return Cell(year, *numbers, None if is_hidden else share.share)


def _chart(total) -> str:
    """The share in percent, year by year."""
    values = [None if cell.share is None else round(cell.share * 100) for cell in total]
    if not any(values):
        return ""
    told = _(", ").join(f"{cell.year}: {value}%" for cell, value in zip(total, values, strict=True) if value is not None)
    label = _("Share of brokers trained at the end of each year: %(told)s") % {"told": told}
    return charts.trend(values, months=[str(cell.year) for cell in total], label=label)
