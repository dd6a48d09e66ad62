"""The list of people, one person's page, and a number shown in full."""

from django.core.paginator import Paginator
from django.db.models import OuterRef, Subquery
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from laborreg import clock
from officers.pages import page
from officers.throttle import address_of
from villages.models import Village
from workers import actions, codes, forms, places, regions, search, standing
from workers.changes import changes_of
from workers.models import MoveRequest, Transfer, UnnamedGroup, Worker
from workers.views.answers import pay_words
from workers.views.rows import person_or_404, with_standing

PAGE = 50
# A longer list is narrowed, not leafed through; counting all of a county at each look would take seconds.
MOST = 2000


def _no_id(people, day):
    return standing.registered(people.filter(id_index__isnull=True), day)


# name in the address → (label, which people)
VIEWS = {
    "": (lambda: _("All"), standing.registered),
    "away": (lambda: _("Away"), standing.away),
    "local": (lambda: _("Working near home"), standing.local),
    "home": (lambda: _("At home"), standing.at_home),
    "no_id": (lambda: _("No ID number"), _no_id),
    "gone": (lambda: _("Died or left"), standing.gone),
    "contract": (lambda: _("Contract ending"), standing.contract_ending),
}
# The first page leads here; a tab only while it is looked at.
QUIET_VIEWS = {"contract"}
SORTS = {
    "": (lambda: _("By name"), ["village_id", "name_pinyin", "id"]),
    "newest": (lambda: _("Latest departure first"), ["-left_on", "id"]),
    "oldest": (lambda: _("Earliest departure first"), ["left_on", "id"]),
    "pay": (lambda: _("Highest pay first"), ["-pay_now", "id"]),
}


@page("see people")
def people(request):
    """Everybody of the officer's places, narrowed by the address's parameters; unknown ones narrow nothing."""
    day = clock.today()
    query = Query(request, day)
    pages = (Paginator if query.is_small else FirstOnes)(query.rows(), PAGE)
    shown = pages.get_page(request.GET.get("page"))
    shown.object_list = with_standing(shown.object_list, day)
    return render(request, "workers/people.html", {"query": query, "page_obj": shown, "today": day})


class FirstOnes(Paginator):
    """Pages of the first rows only."""

    @cached_property
    def count(self):
        return self.object_list[:MOST].count()

    @property
    def is_cut(self) -> bool:
        return self.count == MOST


class Query:
    """What the list was asked for."""

    def __init__(self, request, day):
        self.officer, self.day = request.user, day
        asked = request.GET.get
        self.view = asked("view") if asked("view") in VIEWS else ""
        self.q = (asked("q") or "").strip()[:60]
        self.region = asked("region") if asked("region") in regions.REGIONS else ""
        self.industry = asked("industry") if asked("industry") in dict(codes.SECTIONS) else ""
        self.places = Village.objects.visible_to(self.officer).select_related("township").order_by("code")
        self.place = self._known_place(asked("village") or "")
        self.is_small = all(len(self.place or post) >= 9 for post in self.officer.posts)
        self.sort = asked("sort") if asked("sort") in SORTS and self.is_small else ""

    def _known_place(self, code):
        """A village or township of the officer's; any other narrows nothing."""
        return code if any(village.pk.startswith(code) for village in self.places if len(code) in (9, 12)) else ""

    def rows(self):
        rows = self.narrowed(VIEWS[self.view][1](self.people, self.day))
        working = Transfer.objects.covering(self.day).filter(worker=OuterRef("pk"))
        if self.sort in ("newest", "oldest"):
            rows = rows.annotate(left_on=Subquery(working.values("started_on")[:1])).exclude(left_on=None)
        if self.sort == "pay":
            rows = rows.annotate(pay_now=Subquery(working.values("pay")[:1])).exclude(pay_now=None)
        return rows.select_related("village__township").order_by(*SORTS[self.sort][1])

    @property
    def unnamed(self) -> int:
        """Who is away besides those listed: nobody's name is known."""
        if self.view not in ("", "away") or self.q or self.region or self.industry or not self.is_small:
            return 0
        groups = UnnamedGroup.objects.visible_to(self.officer)
        return standing.unnamed_away(groups.under(self.place) if self.place else groups, self.day)

    @property
    def people(self):
        people = Worker.objects.valid().visible_to(self.officer)
        return people.under(self.place) if self.place else people

    def narrowed(self, rows):
        if self.q:
            rows = search.matching(rows, self.q)
        if self.region:
            rows = standing.in_region(rows, self.region, self.officer.county_code, self.day)
        if self.industry:
            working = Transfer.objects.covering(self.day).filter(industry=self.industry)
            rows = rows.filter(pk__in=working.values("worker"))
        return rows

    @property
    def views(self):
        """The tabs, counted where the area is small enough to count at each look."""
        counts = standing.counts(self.people.order_by(), self.day) if self.is_small else {}
        for name, (label, _which) in VIEWS.items():
            if name in QUIET_VIEWS and name != self.view:
                continue
            yield {"name": name, "label": label(), "count": counts.get(name), "is_current": name == self.view}

    @property
    def sorts(self):
        """By name alone where the area is too large to sort at each look."""
        return [(name, label()) for name, (label, _columns) in SORTS.items() if self.is_small or not name]

    @cached_property
    def place_choices(self) -> list:
        """(code, name, depth): each township, where there are several, and its villages under it."""
        if len(self.places) < 2:
            return []
        townships = {village.township_id: village.township.label for village in self.places}
        choices = [(code, label, 0) for code, label in townships.items()] if len(townships) > 1 else []
        return sorted(choices + [(village.pk, village.label, bool(choices)) for village in self.places])

    @property
    def chosen(self) -> list:
        """What narrows the list now: parameter and words, each to be taken away."""
        place = {code: label for code, label, _depth in self.place_choices}
        found = [
            ("q", self.q), ("village", place.get(self.place)), ("region", regions.REGIONS.get(self.region)),
            ("industry", dict(codes.SECTIONS).get(self.industry)),
        ]
        return [(name, label) for name, label in found if label]

    regions = regions.REGIONS.items()
    industries = codes.SECTIONS


@page("see people")
def person(request, pk):
    """An entry that was merged leads to the one that stayed: old lists and messages still name it."""
    merged = Worker.objects.visible_to(request.user).filter(pk=pk, merged_into__isnull=False)
    try:
        return _show(request, person_or_404(request, pk))
    except Http404:
        return redirect("person", pk=get_object_or_404(merged, pk=pk).merged_into_id)


def _show(request, person, reveal_form=None, revealed=None):
    """One person, with all that the ledger says; `revealed` is a number shown once."""
    day = clock.today()
    with_standing([person], day)
    household = _household_of(person, request.user)
    context = {
        "person": person, "today": day, "revealed": revealed, "reveal_form": reveal_form,
        "may_enter": request.user.may("enter records", at=person.village_id),
        "may_move": len(request.user.posts) > 1 or len(request.user.posts[0]) < 12,
        "may_ask": all(len(post) > 6 for post in request.user.posts),
        "asked": MoveRequest.objects.visible_to(request.user).open().filter(worker=person)
        .select_related("to_village").first(),
        "household": household,
        "may_reveal": request.user.may("reveal numbers", at=person.village_id),
        "phones": list(person.phones.all()),
        "transfers": _told(person),
        "visits": list(person.verifications.valid().select_related("by")),
        "registrations": list(person.registrations.select_related("village")),
        "members": with_standing(household.members.valid().visible_to(request.user), day) if household else [],
        "changes": changes_of(person),
    }
    return render(request, "workers/person.html", context)


def _household_of(person, officer):
    """None where it moved on to a village that the officer may not see, without the person."""
    household = person.household
    return household if household and officer.is_posted_over(household.village_id) else None


def _told(person) -> list:
    """The person's transfers, newest first, in words."""
    transfers = list(person.transfers.valid().select_related("broker", "point").order_by("-started_on", "-pk"))
    for transfer in transfers:
        transfer.place = places.label(transfer.destination)
        transfer.region = regions.REGIONS[regions.region_of(transfer.village_id, transfer.destination)]
        transfer.said = " · ".join(filter(None, [
            transfer.get_industry_display(), transfer.get_job_display(), transfer.employer,
            pay_words(transfer.pay, transfer.pay_band), transfer.get_channel_display(), transfer.bearer_name,
        ]))
    return transfers


@page("reveal numbers")
@require_POST
def person_reveal(request, pk):
    """The number in full on this one answer; asking for it is in the audit trail."""
    person = person_or_404(request, pk)
    form = forms.RevealForm(request.POST)
    if not form.is_valid():
        return _show(request, person, reveal_form=form)
    said = form.cleaned_data
    number = form.tries(actions.reveal, person, by=request.user, address=address_of(request), **said)
    if number is None:
        return _show(request, person, reveal_form=form)
    return _show(request, person, revealed={"what": said["what"], "number": number})
