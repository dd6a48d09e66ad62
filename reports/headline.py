"""An area's year up to a month in one sentence, as a bureau gives it to the paper."""

from django.utils.translation import gettext as _

from laborreg.months import Month
from laborreg.rounding import percent
from reports import derived
from reports.history import history
from reports.totals import Figures, Total, sums_between, totals
from villages.models import Area


def headline(area: Area, month: Month) -> str:
    """Persons transferred and their share of the labor force, person-times and income against a year before."""
    total = totals(area.code, month)
    figures, before = total.figures, _a_year_before(area.code, total)
    share = derived.share_transferred(figures)
    said = _("%(area)s, January to %(month)s: %(transferred)s persons transferred") % {
        "area": area.label, "month": month.label, "transferred": f"{figures['transferred']:,}",
    }
    if share is not None:
        # Who is past working age counts as transferred, but is no part of the labor force.
        in_force = {
            "n": f"{figures['transferred.in_force']:,}", "share": percent(share), "force": f"{figures['labor_force']:,}",
        }
        said += _(" (%(n)s of them in the labor force: %(share)s of its %(force)s)") % in_force
    said += _(", %(trips)s person-times") % {"trips": f"{figures['trips']:,}"} + _trips(figures, before)
    return said + _("; labor income %(yuan)s yuan") % {"yuan": f"{figures['income']:,}"} + _income(figures, before) + _(".")


def _a_year_before(code: str, total: Total) -> Figures | None:
    """Of the same villages: a month that is not complete is compared with those that are in by now."""
    then, at = total.month.a_year_before, len(code)
    if total.missing:
        return sums_between(code, then, then, at=at, in_by=total.month).get((then, code))
    return history(code, then, then, at=at).get((then, code))


def _trips(now: Figures, before: Figures | None) -> str:
    # Of a year that was typed, not every figure is known.
    if before is None or before["trips"] is None:
        return ""
    more = now["trips"] - before["trips"]
    if not more:
        return _(", as many as a year before")
    words = {"n": f"{abs(more):,}"}
    return _(", %(n)s more than a year before") % words if more >= 0 else _(", %(n)s fewer than a year before") % words


def _income(now: Figures, before: Figures | None) -> str:
    change = derived.change(now["income"], before["income"]) if before else None
    if change is None:
        return ""
    words = {"share": percent(abs(change))}
    return _(", %(share)s above a year before") % words if change >= 0 else _(", %(share)s below a year before") % words
