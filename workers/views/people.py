"""The list of people, one person's page, and a number shown in full."""

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import cached_property
from django.views.decorators.http import require_POST

from laborreg import clock
from officers.addresses import address_of
from officers.pages import page
from workers import actions, forms, places, regions
from workers.actions.erasing import kept_until
from workers.changes import changes_of
from workers.listing import Query
from workers.models import MoveRequest, Worker
from workers.views.answers import pay_words
from workers.views.rows import person_or_404, with_standing

PAGE = 50
# A longer list is narrowed, not leafed through; counting all of a county at each look would take seconds.
MOST = 2000


@page("see people")
def people(request):
    """Everybody of the officer's places, narrowed by the address's parameters; unknown ones narrow nothing."""
    day = clock.today()
    query = Query(request.user, request.GET, day)
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
    household, registrations = _household_of(person, request.user), list(person.registrations.select_related("village"))
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
        "registrations": registrations,
        "members": with_standing(household.members.valid().visible_to(request.user), day) if household else [],
        "changes": changes_of(person),
        "notices": list(person.notices.select_related("by")),
        "may_copy": request.user.may("give copies", at=person.village_id),
        "kept_until": kept_until(person, registrations), "may_erase": request.user.may("erase people", at=person.village_id),
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
