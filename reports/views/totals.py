"""Totals of a village, township or county in a month, and any figure of them by the areas below."""

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from laborreg import clock
from officers.pages import page
from reports import layout, progress, readings, spot_checks, watching
from reports.boundaries import boundaries_of
from reports.deadlines import deadlines, newest_open_month
from reports.drilling import drill
from reports.models import Brief
from reports.models.spot_checks import COUNTS_AFTER
from reports.overview import Overview, part_length
from reports.punctuality import calendar, calendar_of_villages
from reports.signing import falls_waiting, signing
from reports.totals import LEDGER, newest_seal
from reports.views.finding import opened_or_404
from reports.views.keeping import kept_parts
from villages.areas import MODELS, parents
from villages.models import County
from workers.ledger import BY_KEY


@page("see totals", scoped=False)
def totals_home(request):
    """The officer's own area, in the newest month."""
    area = request.user.place
    month = newest_open_month(county_of(area)) if area else None
    if month is None:
        return render(request, "reports/totals_none.html")
    return redirect("totals", area.code, month)


def county_of(area) -> County:
    return area if area.level == "county" else County.objects.get(pk=area.code[:6])


def area_or_404(officer, code: str):
    """At or under the officer's posts; a leader, who sees no people, goes down to the township."""
    if len(code) not in MODELS or (len(code) == 12 and not officer.may("see people")):
        raise Http404
    return get_object_or_404(MODELS[len(code)].objects.visible_to(officer), code=code)


@page("see totals")
def totals(request, area, month):
    """The dashboard of an area's month."""
    return _area_page(request, area, month, "totals", {
        "doors": "reports/_totals_doors.html", "content": "reports/_totals_content.html",
    }, _dashboard)


@page("see totals")
def figures(request, area, month):
    """Every figure of an area's month beside other months."""
    return _area_page(request, area, month, "figures", {"content": "reports/_figures_content.html"}, _figures)


def _area_page(request, area, month, name, templates, shown):
    """A page of an area's month, kept as drawn. `shown(overview, opened, pairs)` is the context of its own."""
    area = area_or_404(request.user, area)
    county = county_of(area)
    opened = opened_or_404(county, month)
    boundaries = boundaries_of(area, request.GET.get("boundaries")) if area.level == "village" else None
    of = readings.asked(request.GET.get("of"), request.user) if area.level != "village" else ""
    if of == readings.SEALED and (sealed := _sealed_instead(county, month)):
        return redirect(f"{reverse(name, args=[area.code, sealed])}?of={of}")
    # The one thing on these pages that the ledger says: it stands in what they are kept under.
    pairs = watching.pairs_of(request.user) if area.level == "county" and name == "totals" else 0
    around = _around(request.user, area, county, opened) | {"here": name}

    def context():
        reading = readings.reading(area, county, month, of, request.user)
        overview = Overview(area, month, request.user, boundaries, as_they_stand=reading.is_beside_a_seal)
        return around | _frame(overview, county, opened, reading) | shown(overview, opened, pairs)

    asked = f"{name}:{area.code}:{month}:{of}:{bool(boundaries and boundaries.is_now)}:{pairs}"
    drawn = kept_parts(
        request, county, asked, {"tag": "reports/_totals_tag.html"} | templates, context, of_returns=area.level != "village"
    )
    return render(request, f"reports/{name}.html", around | {"drawn": drawn})


def _sealed_instead(county, month):
    """The newest sealed month, where the seal of one is asked for that has none; nothing where no month has."""
    if newest_seal(county, month):
        return None
    return readings.newest_sealed_month(county)


def _around(officer, area, county: County, opened: progress.Opened) -> dict:
    """What stands around the figures: where, when, and what the officer may do."""
    return {
        "area": area, "above": [over for over in parents(area) if officer.is_posted_over(over)], "county": county,
        "opened": opened, "month": opened.month, "now": clock.now(), "may_lock": officer.may("lock"),
        "may_export": area.level == "county" and officer.may("export"),
    }


def _frame(overview: Overview, county: County, opened: progress.Opened, reading: readings.Reading) -> dict:
    """What every page of an area's month says: which figures these are, how complete, as of when."""
    officer, total = overview.officer, overview.total
    return {
        "total": total, "days": deadlines(county, overview.month, overview.code),
        "boundaries": overview.boundaries, "reading": reading, "query": overview.query,
        "posts": _posts(officer),
        "is_ledger": total.source == LEDGER and (total.expected or not overview.boundaries.is_now),
        "is_alike": overview.seen.alike is not None,
        "seal": reading.seal if total.sealed else None,
        "differs": overview.differs_from_the_seal() if reading.is_beside_a_seal else None,
        "typed_before": opened.months[0] if overview.compares_typed(opened.months[0]) else None,
        "may_compare": officer.may("see people") and total.received, "may_queue": officer.may("approve"),
        "hides_small": not overview.sees_names, "return_url": _return_url(overview),
    }


def _return_url(overview: Overview) -> str:
    if overview.area.level != "village" or not overview.total.expected:
        return ""
    return reverse("return", args=[overview.area.code, overview.month])


def _brief_url(overview: Overview) -> str:
    """The brief of the county's month, or where it is begun."""
    if overview.area.level != "county" or not overview.officer.may("write briefs"):
        return ""
    drafts = Brief.objects.visible_to(overview.officer).filter(area_code=overview.area.code, month=overview.month)
    return reverse("brief", args=[overview.area.code, overview.month]) if drafts.exists() else reverse("briefs")


def _posts(officer) -> list:
    """For who is posted at several places: each of them."""
    if len(officer.posts) < 2:
        return []
    return [posting.place for posting in officer.postings.on_today()]


def _dashboard(overview: Overview, opened: progress.Opened, pairs: int) -> dict:
    context = {
        "tiles": overview.tiles(), "trend": overview.trend(),
        "trend_table": overview.trend_table(), "state": overview.state, "brief_url": _brief_url(overview),
    } | _open_things(overview, pairs) | _checked(overview, spot_checks.AWAY)
    if overview.part_length:
        context |= {"parts": overview.parts(), "calendar": _calendar(overview, opened)}
    if overview.part_length or overview.sees_names:
        context["destinations"] = overview.destinations()
    return context


def _calendar(overview: Overview, opened: progress.Opened):
    area, month = overview.area, overview.month
    if area.level == "county":
        return calendar(area, month, opened.months)
    return calendar_of_villages(area, month, opened.months)


def _figures(overview: Overview, _opened, _pairs) -> dict:
    context = {"cards": overview.cards(), "equation": overview.equation(), "state": overview.state}
    return context | {"parts": overview.parts()} if overview.part_length else context


def _open_things(overview: Overview, pairs: int) -> dict:
    """Of a county: whether its figure can be signed, and what to look at besides the returns."""
    county, month, officer = overview.area, overview.month, overview.officer
    if county.level != "county":
        return {}
    falls = falls_waiting(officer, county, month, county.code)
    return {
        "signing": signing(officer, county, overview.total, falls=falls),
        "watching": watching.lines(officer, county, month, falls=falls, pairs=pairs),
    }


def _checked(overview: Overview, key: str) -> dict:
    """How far the figure held where it was checked: of the area and of those below; no small samples without names."""
    if key not in COUNTS_AFTER:
        return {}
    found = {"factor": spot_checks.factor(overview.area, overview.month, key)}
    if overview.part_length:
        found["factors"] = spot_checks.factors_of_parts(overview.area, overview.month, key)
    return found if overview.sees_names else spot_checks.without_small_samples(found)


@page("see totals")
def figure(request, area, month, key):
    """One figure by the areas directly below, down to the village; behind a village's figure stand names."""
    area = area_or_404(request.user, area)
    county = county_of(area)
    opened = opened_or_404(county, month)
    if key not in BY_KEY or not part_length(area.code, request.user):
        raise Http404

    of = readings.asked(request.GET.get("of"), request.user)
    around = _around(request.user, area, county, opened) | {"query": f"?of={of}" if of == readings.RETURNS else ""}

    def context():
        reading = readings.reading(area, county, month, of, request.user)
        overview = Overview(area, month, request.user, as_they_stand=reading.is_beside_a_seal)
        return around | _frame(overview, county, opened, reading) | _by_part(overview, key)

    drawn = kept_parts(request, county, f"figure:{area.code}:{month}:{key}:{of}", {
        "tag": "reports/_totals_tag.html", "content": "reports/_totals_figure_content.html",
    }, context, of_returns=True)
    return render(request, "reports/totals_figure.html", around | {
        "figure": BY_KEY[key], "label": layout.full_label(key), "drawn": drawn,
    })


def _by_part(overview: Overview, key: str) -> dict:
    area, month, seen = overview.area, overview.month, overview.seen
    return {
        "figure": BY_KEY[key], "label": layout.full_label(key), "unit": layout.unit_of(key),
        "rows": drill(overview, key), "whole": seen.value(month, area.code, key),
        "before": seen.before(month.previous, area.code, key),
        "change": seen.change(month, month.previous, area.code, key),
        "year_change": seen.change(month, month.a_year_before, area.code, key),
    } | _checked(overview, key)
