"""The names behind what brokers led."""

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from brokers.models import Broker
from laborreg import clock
from laborreg.codes import under
from officers.pages import page
from support import periods
from villages.models import County, Township
from workers import led, places
from workers.models import Transfer

PAGE = 50


def county_or_404(officer) -> County:
    return get_object_or_404(County, pk=officer.county_code)


def broker_or_404(officer, pk) -> Broker:
    """Of the own county: name, township and standing are seen county-wide."""
    found = Broker.objects.filter(county=officer.county_code).select_related("village__township")
    return get_object_or_404(found, pk=pk)


def names_url(figure, days, *, broker=None, **narrowed) -> str:
    address = reverse("broker_led", args=[broker.pk]) if broker else reverse("ranking_led")
    return f"{address}?{urlencode({'figure': figure} | days | narrowed)}"


@page("see people")
def broker_led(request, pk):
    broker = broker_or_404(request.user, pk)
    transfers = Transfer.objects.visible_to(request.user).filter(broker=broker)
    return _names(request, transfers, {"broker": broker, "back": reverse("broker", args=[broker.pk])})


@page("see people")
def ranking_led(request):
    """Of all brokers, or of those of one township."""
    township = Township.objects.filter(county=request.user.county_code, pk=request.GET.get("township") or "").first()
    transfers = Transfer.objects.visible_to(request.user)
    if township:
        transfers = transfers.filter(under("broker__village_id", township.pk))
    return _names(request, transfers, {"township": township, "back": reverse("ranking")})


def _names(request, transfers, context):
    period = periods.between(request.GET, county_or_404(request.user), clock.today())
    figure = led.BY_KEY.get(request.GET.get("figure"), led.FIGURES[0])
    place, employer = _narrowed(request.GET)
    transfers = transfers.filter(destination__startswith=place)
    if employer is not None:
        transfers = transfers.filter(employer=employer)
    found = led.behind(transfers, period, figure.key).order_by("village_id", "worker__name_pinyin", "started_on", "pk")
    page_obj = Paginator(found, PAGE).get_page(request.GET.get("page"))
    page_obj.object_list = _told(transfers, period, [row.pk for row in page_obj.object_list])
    value = led.counts(transfers, period, "")[""][""][figure.key]
    return render(request, "support/led.html", context | {
        "figure": figure, "value": value, "period": period, "page_obj": page_obj,
        "place": places.label(place) if place else "", "employer": employer, "is_mean": figure.unit == led.YUAN,
    })


def _narrowed(asked) -> tuple[str, str | None]:
    """A province or country, empty for all, and one employer; an empty one is none that is named, None is all."""
    place, employer = asked.get("place") or "", asked.get("employer")
    is_place = place.isascii() and place.isalnum() and len(place) in (2, 3)
    return place if is_place else "", None if employer is None else employer[:60]


def _told(transfers, period, numbers) -> list:
    """The runs of one page in their order, in words."""
    rows = led.runs(transfers, period).filter(pk__in=numbers).select_related("worker", "village", "broker")
    found = rows.in_bulk()
    for row in found.values():
        row.goes_to = places.label(row.destination)
        row.is_over = row.over_on <= period.last
    return [found[number] for number in numbers]


def own(broker, officer) -> bool:
    """Whether the officer sees more of a broker than name, township and standing."""
    is_visible = Broker.objects.visible_to(officer).filter(pk=broker.pk).exists()
    return is_visible and officer.may("see people")
