"""A broker's card: who, how filed, how the broker stands, and what was led."""

from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from laborreg import charts, clock, crypto
from laborreg.identity import mask_id, mask_phone
from officers.pages import page
from support import periods, small, standing
from support.models import Claim
from support.ranking import NOTHING, Ranking
from support.views.led import broker_or_404, county_or_404, names_url, own
from workers import led, places
from workers.models import Transfer

MOST = 10


@page("see totals")
def broker(request, pk):
    """Name, township and standing for the whole county; all the rest for who has the broker's place."""
    found, officer = broker_or_404(request.user, pk), request.user
    if found.merged_into_id:
        return redirect("broker", found.merged_into_id)
    chosen = periods.Chosen(request.GET, officer, county_or_404(officer), clock.today())
    is_own = own(found, officer)
    context = {
        "broker": found, "chosen": chosen, "is_own": is_own, "standing": _standing(found, officer, chosen, is_own),
        "sees_all": officer.is_posted_over(officer.county_code),
    }
    if is_own:
        context |= _facts(found) | _papers(found, officer) | _what_was_led(found, officer, chosen)
    return render(request, "support/broker.html", context)


def _standing(found, officer, chosen, is_own) -> list[standing.Line]:
    """Over the whole county, and beside it over the people of the officer's places; small numbers as the ranking has them."""
    if not officer.may("see people"):
        figures = Ranking(officer, chosen.period).figures_of(found)
        return [*standing.lines(figures, None, {}), standing.complaints(found)]
    whole = _counted(Transfer.objects.filter(broker=found), chosen)
    mine = _counted(Transfer.objects.visible_to(officer).filter(broker=found), chosen)
    if not is_own:
        whole = small.beside_own(whole, mine)
    urls = {key: names_url(key, chosen.days, broker=found) for key, value in mine.items() if value}
    return [*standing.lines(whole, mine, urls), standing.complaints(found)]


def _counted(transfers, chosen) -> dict:
    return led.counts(transfers, chosen.period, "")[""][""]


def _facts(found) -> dict:
    number = crypto.decipher(found.id_cipher, found.id_key_version) if found.id_cipher else ""
    return {"masked_id": mask_id(number), "masked_phone": mask_phone(found.phone), "age": _age(found)}


def _age(found) -> int | None:
    born, today = found.birth_date, clock.today()
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day)) if born else None


def _papers(found, officer) -> dict:
    """Filing, membership, courses, complaints and claims."""
    return {
        "steps": list(found.steps.select_related("by", "publication")),
        "memberships": list(found.memberships.select_related("township").prefetch_related("posts")),
        "courses": list(found.attendances.filter(has_passed=True).select_related("course").order_by("-course__to_on")),
        # What somebody said in confidence is for who settles it.
        "complaints": list(found.complaints.all()) if officer.may("check brokers", at=found.village_id) else [],
        "claims": list(Claim.objects.visible_to(officer).filter(broker=found).select_related("scheme").order_by("-year")),
    }


def _what_was_led(found, officer, chosen) -> dict:
    """By month, destination and employer, over the people of the officer's places."""
    mine = Transfer.objects.visible_to(officer).filter(broker=found)
    counted = led.counts(mine, chosen.period, "month", "place", "employer")
    months = [_month(found, counted["month"], *month) for month in chosen.period.months]
    return {
        "months": months, "chart": _chart(months),
        "places": _most(found, chosen, counted["place"], "place", places.label),
        "employers": _most(found, chosen, counted["employer"], "employer", lambda name: name or _("Employer not named")),
    }


def _chart(months):
    names, series = [row["month"] for row in months], [row["times"] for row in months]
    return charts.trend(series, months=names, label=_("Person-times led by month"))


def _month(found, counted, month, first, last) -> dict:
    figures = counted.get(str(month)) or NOTHING
    days = {"from": first.isoformat(), "to": last.isoformat()}
    cells = [
        {"label": led.BY_KEY[key].label, "value": figures[key],
         "url": names_url(key, days, broker=found) if figures[key] else ""}
        for key in ("persons", "person_times")
    ]
    return {"month": month, "cells": cells, "times": figures["person_times"]}


def _most(found, chosen, rows, what, label) -> list[dict]:
    """The most first, as many as a card has room for."""
    ordered = sorted(rows.items(), key=lambda row: (-row[1]["persons"], row[0]))[:MOST]
    return [
        {"label": label(value), "persons": row["persons"],
         "url": names_url("persons", chosen.days, broker=found, **{what: value})}
        for value, row in ordered
    ]
