"""The visit round of a village, on the screen and on paper; and how well the villages of an area are asked."""

from contextlib import suppress
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import prefetch_related_objects
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from laborreg import clock
from laborreg.forms import row_number
from officers.addresses import address_of
from officers.pages import page
from villages.models import County, Township, Village
from workers import actions, codes, forms, papers, places, visits
from workers.models import Transfer, Verification
from workers.refusals import AlreadyRecorded
from workers.views.papers import sheet_mark
from workers.views.people import PAGE, FirstOnes
from workers.views.rows import chosen_village, own_person_or_404, posted, round_url, villages_of

# Cards on one page: whoever was asked leaves the list, so that the next ones move up.
CARDS = 20
PARTS = ("home", "done")
# Outcomes that are said with a form of the ledger → the form's address.
LEAD_ON = {"new_place": "change_job", "came_home": "homecoming", "at_home": "visit_home"}
ONES = {"away", "asked", "unreached", "stale"}


@page("enter records")
def visit_round(request):
    """Whom to ask next; stations and the county choose a village among the numbers first."""
    village = _village(request)
    if village is None:
        return redirect("visit_quality")
    round_ = visits.Round(request.user, village, clock.today())
    part = request.GET.get("part") if request.GET.get("part") in PARTS else ""
    shown = Paginator(round_.home if part == "home" else round_.away, CARDS).get_page(request.GET.get("page"))
    context = {"round": round_, "part": part, "page_obj": shown, "villages": villages_of(request.user)[:2]}
    if part != "done":
        _describe(shown.object_list)
    return render(request, "workers/visits.html", context | _choices())


def _village(request) -> Village | None:
    """The village of the address; without one, a village officer's first."""
    village = chosen_village(request)
    if village is None and request.user.role == "village":
        village = villages_of(request.user).first()
    return village


def _describe(dues):
    """Words and phones for the cards."""
    prefetch_related_objects([due.person for due in dues], "phones")
    for due in dues:
        due.place = places.label(due.transfer.destination)


def _choices() -> dict:
    return {"hows": forms.AskedForm.base_fields["how"].choices, "owners": codes.PHONE_OWNERS}


@page("enter records")
def visit(request, pk):
    """One person: what came of asking. A new place and a homecoming lead on to their forms."""
    person = own_person_or_404(request, pk)
    form = forms.VisitForm(posted(request))
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        if lead_on := LEAD_ON.get(said["outcome"]):
            query = urlencode({name: said[name] for name in ("how", "answered_by")})
            return redirect(f"{reverse(lead_on, args=[person.pk])}?{query}")
        if form.tries(actions.record_visit, person, by=request.user, **said):
            return redirect(round_url(person))
    return _show(request, person, form)


def _show(request, person, form=None, phone=None):
    """The card of one person; `phone` is the number in full, shown once."""
    due = visits.Round(request.user, person.village, clock.today()).due(person)
    if due is None and not (form and form.errors):
        messages.info(request, _("%(name)s is not out for work.") % {"name": person.name})
        return redirect("person", pk=person.pk)
    if due:
        due.person = person
        _describe([due])
    context = {"form": form, "person": person, "due": due, "phone": phone, "back": round_url(person)}
    return render(request, "workers/visit.html", context | _choices())


@page("reveal numbers")
@require_POST
def visit_call(request, pk):
    """The number to dial, in full on this one answer; asking for it is in the audit trail."""
    person = own_person_or_404(request, pk)
    number = row_number(request.POST.get("phone", ""))
    phone = actions.call(person, by=request.user, phone=number, address=address_of(request))
    return _show(request, person, phone=phone)


@page("enter records")
def visit_home(request, pk):
    """Somebody who came home: what now, what is needed, when to call again."""
    person = own_person_or_404(request, pk)
    due = visits.Round(request.user, person.village, clock.today()).due(person)
    if request.method == "GET" and not (due and due.is_home):
        return redirect(round_url(person))
    initial = {"plan": due.transfer.plan, "newest": due.newest, "how": "phone", "answered_by": "self"} if due else {}
    form = forms.FollowUpForm(posted(request), initial=initial | forms.how_asked(request.GET))
    if form.done(request, actions.record_follow_up, person):
        return redirect(f"{round_url(person)}&part=home")
    if due:
        _describe([due])
    context = {"form": form, "person": person, "due": due, "back": round_url(person)}
    return render(request, "workers/visit_home.html", context)


@page("enter records")
@require_POST
def visit_undo(request, pk):
    """The last entry, tapped by mistake."""
    rows = Verification.objects.visible_to(request.user).select_related("worker")
    visit = get_object_or_404(rows, pk=pk)
    with suppress(AlreadyRecorded):
        actions.take_back_visit(visit, by=request.user)
    return redirect(round_url(visit.worker))


@page("enter records")
def visit_print(request):
    """The same people on paper, for a walk through the village."""
    village = _village(request)
    if village is None:
        return redirect("visit_quality")
    qr = sheet_mark(request, papers.VISITS, village)
    round_ = visits.Round(request.user, village, clock.today())
    # A walk goes from group to group.
    dues = sorted(round_.away + round_.home, key=lambda due: (due.person.group_name, due.order))
    _describe(dues)
    context = {"round": round_, "dues": dues, "qr": qr, "now": clock.now()}
    return render(request, "workers/visits_print.html", context)


@page("see people")
def visit_quality(request):
    """By township, or by the villages of one: how many are away, asked, not reached, not heard of."""
    township = _township(request)
    areas = _areas(request.user, township)
    day, county = clock.today(), _county_of(request.user)
    (first, last), days = visits.period(county, day), visits.visit_days(county, day)
    rows = Transfer.objects.visible_to(request.user)
    found = visits.quality(rows.under(township.pk) if township else rows, day, first, days, _length(areas))
    table = [_row(area, found.get(area.pk)) for area in areas if area.pk in found or getattr(area, "files_from", True)]
    total = visits.Quality(township.pk if township else "")
    for row in table:
        total = total.plus(row)
    context = {
        "rows": table, "total": total, "township": township, "first": first, "last": last, "today": day, "days": days,
        "is_of_villages": _length(areas) == 12, "may_enter": request.user.may("enter records"),
    }
    return render(request, "workers/visit_quality.html", context)


def _township(request) -> Township | None:
    """The township that the county opened."""
    code = request.GET.get("township")
    return get_object_or_404(Township.objects.visible_to(request.user), pk=code) if code else None


def _areas(officer, township) -> list:
    """Townships for the county, else the villages."""
    if township is None and any(len(post) < 9 for post in officer.posts):
        return list(Township.objects.visible_to(officer).order_by("code"))
    villages = Village.objects.visible_to(officer).order_by("code")
    return list(villages.under(township.pk) if township else villages)


def _length(areas) -> int:
    return len(areas[0].pk) if areas else 12


def _county_of(officer) -> County:
    return County.objects.filter(pk=officer.county_code).first() or County()


def _row(area, row) -> visits.Quality:
    """The area's numbers, which are all 0 where nobody is away."""
    row = row or visits.Quality(area.pk)
    row.label = area.label
    return row


@page("see people")
def visit_people(request):
    """The people behind a number, those first of whom nobody has heard for longest."""
    which = request.GET.get("which") if request.GET.get("which") in ONES else "away"
    area, day, county = _area(request), clock.today(), _county_of(request.user)
    (first, _last), days = visits.period(county, day), visits.visit_days(county, day)
    rows = Transfer.objects.visible_to(request.user)
    rows = visits.with_tries(rows.under(area.pk) if area else rows, day, first)
    rows = rows.filter(visits.conditions(day, first, days)[which]).order_by("heard_on", "pk")
    shown = FirstOnes(rows.select_related("worker", "village"), PAGE).get_page(request.GET.get("page"))
    for row in shown.object_list:
        row.place, row.days = places.label(row.destination), (day - row.heard_on).days
    context = {"page_obj": shown, "which": which, "area": area, "days": days}
    return render(request, "workers/visit_people.html", context)


def _area(request) -> Township | Village | None:
    code = request.GET.get("area")
    if not code:
        return None
    model = Township if len(code) == 9 else Village
    return get_object_or_404(model.objects.visible_to(request.user), pk=code)
