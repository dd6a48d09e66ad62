"""What the months tell beyond their totals: structure, flows, homecomings, and the years beside one another."""

from datetime import date
from hashlib import sha256

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from laborreg import clock
from officers.pages import page
from reports import layout, totals
from reports.analysis.flows import Flows, asked_of
from reports.analysis.homecomings import STARTED, Homecomings
from reports.analysis.names import Names, chosen_of
from reports.analysis.structure import OF, Structure
from reports.analysis.years import Years
from reports.boundaries import Boundaries
from reports.deadlines import newest_open_month
from reports.tables import measures
from reports.totals import LEDGER
from reports.views import cells
from reports.views.finding import opened_or_404
from reports.views.keeping import kept_parts
from reports.views.totals import area_or_404, county_of
from villages.areas import children, parents
from villages.models import Village
from workers import places
from workers.daily import on_day
from workers.ledger import BY_KEY
from workers.models import Transfer

TABS = [
    ("structure", lambda: _("Who they are")),
    ("flows", lambda: _("From where to where")),
    ("homecomings", lambda: _("Who came home")),
    ("years", lambda: _("Over the years")),
]


def digest_of(asked) -> str:
    """The parsed choices as a short name."""
    return sha256(repr(asked).encode()).hexdigest()[:16]


@page("see totals", scoped=False)
def analysis_home(request):
    """The officer's own area, in the newest month."""
    area = request.user.place
    month = newest_open_month(county_of(area)) if area else None
    if month is None:
        return render(request, "reports/analysis/none.html")
    return redirect("structure", area.code, month)


class Frame:
    """Where and when a page of the analysis is about, and what stands around it."""

    def __init__(self, request, code: str, month, tab: str):
        self.request, self.officer, self.tab = request, request.user, tab
        self.area = area_or_404(request.user, code)
        self.county = county_of(self.area)
        self.opened, self.month = opened_or_404(self.county, month), month

    @property
    def around(self) -> dict:
        above = [over for over in parents(self.area) if self.officer.is_posted_over(over)]
        return {
            "area": self.area, "above": above, "below": self._below(), "county": self.county, "opened": self.opened,
            "month": self.month, "now": clock.now(), "tab": self.tab, "analyses": [(name, label()) for name, label in TABS],
            "may_see_people": self.officer.may("see people"),
        }

    def _below(self) -> list:
        """The areas directly below that the officer may open, for the picker."""
        deepest = 12 if self.officer.may("see people") else 9
        return [area for area in children(self.area) if len(area.code) <= deepest]

    def standing(self, total) -> dict:
        """What the numbers rest on, for reports/_totals_standing.html."""
        return {
            "total": total, "boundaries": Boundaries(),
            "seal": totals.newest_seal(self.county, self.month) if total.sealed else None,
            "is_ledger": total.source == LEDGER and total.expected > 0, "return_url": "",
            "may_queue": self.officer.may("approve"), "hides_small": not self.officer.may("see people"),
        }

    def show(self, name: str, context, asked: object = "") -> object:
        """The page around its content, which is kept until something happens in the county.

        `asked`: what was chosen, of the lists; an address may say anything, and would fill the store with copies.
        """
        around = self.around
        drawn = kept_parts(self.request, self.county, f"{self.tab}:{self.area.code}:{self.month}:{asked}", {
            "content": f"reports/analysis/_{name}.html",
        }, lambda: around | context())
        return render(self.request, f"reports/analysis/{name}.html", around | {"drawn": drawn})


@page("see totals")
def structure(request, area, month):
    """`?of=local` or `transferred`: of whom; else of those away."""
    frame = Frame(request, area, month, "structure")
    of = request.GET.get("of") if request.GET.get("of") in dict(OF) else "away"

    def context():
        total = totals.totals(frame.area.code, month)
        found = Structure(total, request.user, of)
        return frame.standing(total) | {
            "found": found, "of": of, "choices": OF, "label": BY_KEY[of].label, "before": month.a_year_before,
            "whole_url": found.names_url(),
        }

    return frame.show("structure", context, of)


@page("see totals")
def flows(request, area, month):
    """`?to=`, `?by=` and the other choices of reports.analysis.flows.asked_of; `?with=` a month to compare with."""
    frame = Frame(request, area, month, "flows")
    asked = asked_of(request.GET, frame.area.code, frame.opened.months)

    def context():
        total = totals.totals(frame.area.code, month)
        found = Flows(total, frame.area, request.user, asked)
        months = [other for other in reversed(frame.opened.months) if other != month]
        return frame.standing(total) | {"found": found, "asked": found.asked, "months": months}

    return frame.show("flows", context, digest_of(asked))


@page("see totals")
def homecomings(request, area, month):
    frame = Frame(request, area, month, "homecomings")

    def context():
        total = totals.totals(frame.area.code, month)
        found = Homecomings(total, request.user, begun=frame.opened.months[0])
        return frame.standing(total) | {
            "found": found, "reasons": found.table("came_home", "reason"), "origins": found.table("came_home", "origin"),
            "plans": found.table("home", "plan"), "left_again": found.figures(["left_again"]),
            "started": found.figures(STARTED), "reason_chart": found.chart("came_home", "reason"),
            "origin_chart": found.beside("came_home", "origin"), "plan_chart": found.chart("home", "plan"),
        }

    return frame.show("homecomings", context)


@page("see totals")
def years(request, area, month):
    """`?by=week`: by weeks from the Spring Festival, as known now; else any figure by month, as filed (`?figure=`)."""
    frame = Frame(request, area, month, "years")
    key = request.GET.get("figure", "away")
    key = key if key in BY_KEY else "away"
    by = "week" if request.GET.get("by") == "week" else "month"

    def context():
        total = totals.totals(frame.area.code, month)
        found = Years(frame.county, total, request.user, begun=frame.opened.months[0], key=key)
        return frame.standing(total) | {
            "found": found, "by": by, "key": key, "label": layout.full_label(key), "unit": layout.unit_of(key),
            "choices": layout.choices(),
        }

    return frame.show("years", context, f"{by}:{key}")


@page("see people")
def names(request, area, month):
    """The names behind a number: `?of=` the figure, `?<dimension>=` a code each, `?home=` who came home in a month."""
    frame = Frame(request, area, month, "")
    chosen = chosen_of(request.GET, frame.area.code)
    if chosen is None:
        raise Http404
    found = Names(request.user, frame.area.code, month, chosen)
    lines, sum_ = found.counts()
    page_obj = Paginator(range(lines), cells.PAGE).get_page(request.GET.get("page"))
    pairs = found.page((page_obj.number - 1) * cells.PAGE, cells.PAGE)
    people = cells.Names(request.user, [behind for _line, behind in pairs], cells.PEOPLE)
    page_obj.object_list = [(line.village, people.row(behind)) for line, behind in pairs]
    return render(request, "reports/analysis/names.html", frame.around | {
        "page_obj": page_obj, "sum": sum_, "lines": lines, "chosen": chosen, "words": chosen.words(frame.area.code),
        "label": layout.full_label(chosen.of) if chosen.of in BY_KEY else measures.BY_NAME[chosen.of].label,
        "unit": measures.UNITS[measures.BY_NAME[chosen.of].unit], "headings": cells.HEADINGS[cells.PEOPLE],
    })


@page("see people")
def away_on(request, area, day):
    """Who is away on a day (YYYY-MM-DD), as known now: behind the weeks of the years, where no return says it."""
    area, day = area_or_404(request.user, area), _day_or_404(day)
    found = on_day(area.code, day)
    page_obj = Paginator(found.stays, cells.PAGE).get_page(request.GET.get("page"))
    groups = [] if page_obj.has_next() else found.groups
    trips = Transfer.objects.visible_to(request.user).select_related("worker")
    trips = trips.in_bulk([stay.trip for stay in page_obj.object_list])
    villages = Village.objects.in_bulk({stay.village_id for stay in page_obj.object_list} | {code for code, *_ in groups})
    page_obj.object_list = [
        (villages[stay.village_id], trip, places.label(trip.destination))
        for stay in page_obj.object_list if (trip := trips.get(stay.trip))
    ]
    return render(request, "reports/analysis/away_on.html", {
        "area": area, "day": day, "sum": found.persons, "page_obj": page_obj, "now": clock.now(),
        "groups": [(villages[code], group, places.label(group.destination), persons) for code, group, persons in groups],
        "month": county_of(area).month_of(day),
    })


def _day_or_404(words: str) -> date:
    try:
        return date.fromisoformat(words)
    except ValueError:
        raise Http404 from None
