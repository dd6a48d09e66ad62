"""Spot checks: the list of draws, a new one, its persons with what was found, and the sheet to take along."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, F, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from laborreg import clock
from laborreg.months import Month
from officers.addresses import address_of
from officers.pages import page
from reports import checking, layout, spot_checks
from reports.checking_forms import AgainForm, DrawForm, PhonesForm, ResultsForm
from reports.deadlines import newest_opened
from reports.models import MonthlyReturn, SpotCheck, SpotCheckPerson
from reports.models.spot_checks import COUNTS_AFTER, NOT_REACHED, OUTCOMES
from villages.accounts import labels
from villages.areas import area_at
from villages.models import County
from workers import places
from workers.models import Phone, Worker

PAGE = 50
MONTHS = 13


def _checks(officer):
    people = {
        "drawn": Count("people"), "asked": Count("people", filter=~Q(people__outcome="")),
        "reported": Count("people__recounted"), "found": Count("people", filter=Q(people__recounted=1)),
        "missed": Count("people", filter=Q(people__outcome=NOT_REACHED)),
    }
    return SpotCheck.objects.visible_to(officer).annotate(**people).select_related("county", "drawn_by", "finished_by")


def _told(check: SpotCheck) -> SpotCheck:
    """With the words and the factor that pages show; what is entered already, also while it is open."""
    check.figure_label = layout.full_label(check.figure)
    check.factor = spot_checks.factor_of(check.found, check.reported, check.missed, is_drawn=True)
    check.left = check.drawn - check.asked
    return check


def _check_or_404(request, pk) -> SpotCheck:
    return _told(get_object_or_404(_checks(request.user), pk=pk))


@page("check quality")
def check_list(request):
    """The open ones stand first."""
    rows = _checks(request.user).order_by(F("finished_at").desc(nulls_first=True), "-drawn_at", "-pk")
    page_obj = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    page_obj.object_list = [_told(check) for check in page_obj.object_list]
    names = labels({check.area_code for check in page_obj.object_list}) if page_obj.object_list else {}
    for check in page_obj.object_list:
        check.area_label = names.get(check.area_code, check.area_code)
    return render(request, "reports/spot_checks.html", {"page_obj": page_obj, "tab": "spot_checks"})


@page("check quality")
def check_new(request):
    """`?area=`, `?month=` and `?figure=` are proposed."""
    county = get_object_or_404(County, code=request.user.county_code)
    months = _months(request.user, county)
    proposed = {"area_code": request.user.posts[0], "month": str(months[0]) if months else ""}
    asked = {"area_code": request.GET.get("area"), "month": request.GET.get("month"), "figure": request.GET.get("figure")}
    form = DrawForm(
        request.POST or None, officer=request.user, months=months,
        initial=proposed | {name: text for name, text in asked.items() if text},
    )
    if form.is_valid() and (check := form.tries(checking.draw, county, by=request.user, **form.cleaned_data)):
        messages.success(request, ngettext(
            "%(n)d person is drawn. Print the list.", "%(n)d persons are drawn. Print the list.", check.people.count()
        ) % {"n": check.people.count()})
        return redirect("spot_check", check.pk)
    return render(request, "reports/spot_check_new.html", {"form": form, "county": county, "months": months})


def _months(officer, county) -> list[Month]:
    """The months of the last year in which somebody filed, the newest first."""
    newest = newest_opened(county)
    if newest is None:
        return []
    returns = MonthlyReturn.objects.visible_to(officer).filter(counted__isnull=False, month__gt=newest.plus(-MONTHS))
    return sorted(returns.order_by().values_list("month", flat=True).distinct(), reverse=True)


@page("check quality")
def check(request, pk):
    """Fifty of its persons at a time; what is entered of a page is saved with it."""
    found = _check_or_404(request, pk)
    people, page_obj = _people(request, found)
    form = ResultsForm(request.POST or None, people=people) if found.is_open else None
    if request.method == "POST" and form and form.is_valid():
        changed = form.tries(checking.enter, found, form.results, by=request.user)
        if changed is not None:
            messages.success(request, ngettext("%(n)d line is saved.", "%(n)d lines are saved.", changed) % {"n": changed})
            return _to_page(found, page_obj)
    return render(request, "reports/spot_check.html", _context(request, found, people, page_obj) | {"form": form})


def _to_page(check, page_obj):
    answer = redirect("spot_check", check.pk)
    if page_obj.number > 1:
        answer["Location"] += f"?page={page_obj.number}"
    return answer


def _context(request, check, people, page_obj) -> dict:
    return {
        "check": check, "area": area_at(check.area_code), "page_obj": page_obj, "people": people,
        "is_repeated": checking.is_repeated(check), "again_form": AgainForm(),
        "sums": _sums(check),
    }


def _sums(check) -> list[tuple[str, int, bool | None]]:
    """(outcome, persons, whether they count) in the order of the list."""
    counted = dict(check.people.order_by().values_list("outcome").annotate(n=Count("pk")))
    counts = COUNTS_AFTER[check.figure]
    return [
        (label, counted.get(outcome, 0), None if outcome == NOT_REACHED else outcome in counts)
        for outcome, label in OUTCOMES
    ]


def _people(request, check) -> tuple[list[SpotCheckPerson], object]:
    rows = check.people.select_related("village", "entered_by").order_by("number")
    page_obj = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return _known(request, list(page_obj.object_list)), page_obj


def _known(request, people) -> list[SpotCheckPerson]:
    """With what the ledger knows of them, as far as the officer may see it: age, group, phone, own page."""
    numbers = [person.worker_number for person in people if person.worker_number]
    workers = Worker.objects.valid().visible_to(request.user).in_bulk(numbers)
    phones = {}
    for phone in Phone.objects.filter(worker__in=workers).order_by("since_on", "pk"):
        phones[phone.worker_id] = phone
    for person in people:
        person.worker = workers.get(person.worker_number)
        person.phone = phones.get(person.worker_number)
        person.place = places.label(person.destination) if person.destination else ""
    return people


@page("check quality")
@require_POST
def check_finish(request, pk):
    found = _check_or_404(request, pk)
    checking.finish(found, by=request.user)
    messages.success(request, _("The check is finished; its factor stands beside the figures now."))
    return redirect("spot_check", pk)


@page("check quality")
@require_POST
def check_again(request, pk):
    found = _check_or_404(request, pk)
    form = AgainForm(request.POST)
    if form.is_valid() and form.tries(checking.take_up, found, by=request.user, **form.cleaned_data):
        messages.success(request, _("The check is open again."))
        return redirect("spot_check", pk)
    people, page_obj = _people(request, found)
    context = _context(request, found, people, page_obj) | {"form": form, "again_form": form}
    return render(request, "reports/spot_check.html", context)


@page("check quality")
def check_paper(request, pk):
    """All of its persons on A4, with columns to write in; the phones are masked."""
    return _paper(request, _check_or_404(request, pk))


@page("check quality")
@require_POST
def check_phones(request, pk):
    """A sheet of those still to be asked with the phones in full, for a reason, for the officer who drew; in the trail.

    As many at once as may leave without a second person; the next when these have a result.
    """
    found = _check_or_404(request, pk)
    form, waiting = PhonesForm(request.POST), [person for person in _drawn(request, found) if not person.outcome]
    people = waiting[:checking.at_once(found)]
    phones = {person.worker.pk: person.phone for person in people if person.worker and person.phone}
    for person in people:
        if person.worker and person.phone:
            person.phone.worker = person.worker
    shown = form.is_valid() and form.tries(
        checking.reveal_phones, found, phones, by=request.user, address=address_of(request), **form.cleaned_data,
    ) is not None
    if not shown:
        return _paper(request, found, form=form)
    return _paper(request, found, people, form, with_phones=True, later=len(waiting) - len(people))


def _drawn(request, check) -> list[SpotCheckPerson]:
    return _known(request, list(check.people.select_related("village__township").order_by("number")))


def _paper(request, check, people=None, form=None, *, with_phones=False, later=0):
    may_reveal = request.user.may("reveal numbers", at=check.area_code) and check.drawn_by_id == request.user.pk
    return render(request, "reports/spot_check_paper.html", {
        "check": check, "area": area_at(check.area_code), "now": clock.now(), "later": later,
        "people": _drawn(request, check) if people is None else people,
        "outcomes": [label for _code, label in OUTCOMES], "with_phones": with_phones,
        "phones_form": (form or PhonesForm()) if may_reveal and not with_phones else None,
    })
