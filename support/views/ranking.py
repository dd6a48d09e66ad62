"""What brokers led, by township and broker by broker, and the list as a sheet."""

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from laborreg import clock
from officers.pages import page
from support import periods
from support.ranking import RANKED, Ranking
from support.sheets import ranking as sheet
from support.views.led import county_or_404, names_url
from support.views.lists import hand_out
from workers import led

A_PAGE = 50
TILES = ["persons", "person_times", "stayed_3", "home_in_a_month", "mean_pay"]
BY_TOWNSHIP = ["persons", "person_times", "stayed_3", "stayed_6", "home_in_a_month", "mean_pay"]


@page("see totals")
def ranking(request):
    chosen, found = _asked(request, request.GET)
    page_obj = Paginator(found.rows, A_PAGE).get_page(request.GET.get("page"))
    page_obj.object_list = [(row, _cells(found, chosen, row, RANKED)) for row in page_obj.object_list]
    return render(request, "support/ranking.html", {
        "chosen": chosen, "ranking": found, "page_obj": page_obj,
        "tiles": _cells(found, chosen, found.total, TILES),
        "townships": [(row, _cells(found, chosen, row, BY_TOWNSHIP)) for row in found.by_township],
        "total": _cells(found, chosen, found.total, BY_TOWNSHIP),
        "headings": [led.BY_KEY[key] for key in BY_TOWNSHIP], "sorts": [led.BY_KEY[key] for key in RANKED],
        "may_export": request.user.may("export rosters"), "is_of_one": _is_of_one_township(request.user),
    })


def _is_of_one_township(officer) -> bool:
    return len({post[:9] for post in officer.posts}) == 1 and all(len(post) > 6 for post in officer.posts)


def _asked(request, said) -> tuple[periods.Chosen, Ranking]:
    chosen = periods.Chosen(said, request.user, county_or_404(request.user), clock.today())
    narrowed = {"township": said.get("township") or "", "sort": said.get("sort") or ""}
    return chosen, Ranking(request.user, chosen.period, **narrowed)


def _cells(found, chosen, row, keys) -> list[dict]:
    """The figures of a line, each with the address of its names where the officer may see them."""
    return [
        {"key": key, "label": led.BY_KEY[key].label, "value": row.figures[key], "url": _url(found, chosen, row, key)}
        for key in keys
    ]


def _url(found, chosen, row, key) -> str:
    if not found.sees_names or not row.figures[key]:
        return ""
    narrowed = {"township": row.code} if row.code else {}
    return names_url(key, chosen.days, broker=row.broker, **narrowed)


@page("export rosters")
@require_POST
def ranking_export(request):
    chosen, found = _asked(request, request.POST)
    return hand_out(
        request, sheet.listed(chosen, found), len(found.rows), lambda: sheet.export_ranking(chosen, found, by=request.user),
        name=_("brokers") + f"-{request.user.posts[0]}-{chosen.month or chosen.year}.xlsx",
        back=f"{reverse('ranking')}?{urlencode(sheet.asked(chosen, found))}",
    )
