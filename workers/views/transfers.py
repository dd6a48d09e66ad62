"""Coming home, changing the job, putting right what was recorded of a transfer."""

from urllib.parse import urlencode

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from laborreg import clock
from officers.pages import page
from workers import actions, forms, places, search, standing
from workers.changes import conflict_of
from workers.models import Worker
from workers.views.rows import (
    back_of,
    onward,
    open_transfer_of,
    own_person_or_404,
    own_transfer_or_404,
    posted,
    round_url,
    village_form,
    villages_of,
    with_standing,
)

# Longer lists are searched, not read.
LISTED = 60


@page("enter records")
def homecoming_pick(request):
    """Who came home? The people of the officer's places who are out for work."""
    day = clock.today()
    people = Worker.objects.valid().visible_to(request.user)
    village, q = request.GET.get("village", ""), request.GET.get("q", "").strip()[:60]
    if village:
        people = people.filter(village=get_object_or_404(villages_of(request.user), pk=village))
    out = search.matching(standing.working(people, day), q, by=request.user)
    # A whole county is never listed: its officers say which village, or search.
    is_asked = village or q or all(len(post) >= 9 for post in request.user.posts)
    found = out.select_related("village").order_by("village_id", "name_pinyin", "pk") if is_asked else out.none()
    rows = with_standing(found[: LISTED + 1], day)
    context = {
        "people": rows[:LISTED], "is_cut": len(rows) > LISTED, "q": q, "village": village, "is_asked": is_asked,
        "village_form": village_form(request.user, village, _("All villages")), "out_count": found.count(),
    }
    return render(request, "workers/homecoming_pick.html", context)


@page("enter records")
def homecoming(request, pk):
    person = own_person_or_404(request, pk)
    transfer = open_transfer_of(person)
    if transfer is None and request.method == "GET":
        messages.info(request, _("%(name)s is not out for work.") % {"name": person.name})
        return redirect("person", pk=person.pk)
    asked = forms.how_asked(request.GET)
    record = actions.visit_came_home if asked else actions.record_homecoming
    form = forms.HomecomingForm(posted(request), initial={"ended_on": clock.today(), "source": asked.get("how")})
    if ended := form.done(request, record, person, **asked):
        return _home_from_the_round(request, person, asked) if asked else onward(request, "homecoming_done", pk=ended.pk)
    context = {"form": form, "back": round_url(person) if asked else back_of(request, "homecoming_pick")}
    return render(request, "workers/homecoming.html", _about(person, transfer) | context)


def _home_from_the_round(request, person, asked):
    """While somebody is on the line, what is needed is asked as well."""
    messages.success(request, _("The homecoming is recorded. One more question, while you talk:"))
    return redirect(f"{reverse('visit_home', args=[person.pk])}?{urlencode(asked)}")


@page("enter records")
def homecoming_done(request, pk):
    transfer = own_transfer_or_404(request, pk)
    count = standing.away_count(transfer.village_id, clock.today())
    return render(request, "workers/homecoming_done.html", _about(transfer.worker, transfer) | {"away": count})


@page("enter records")
def already_out(request, pk):
    """A departure was to be registered for somebody who is out already: changed the job, or came home?"""
    person = own_person_or_404(request, pk)
    transfer = open_transfer_of(person)
    if transfer is None:
        return redirect("person", pk=person.pk)
    return render(request, "workers/already_out.html", _about(person, transfer))


@page("enter records")
def change_job(request, pk):
    """The next transfer starts the day the last one ends; what stays the same is filled in."""
    person = own_person_or_404(request, pk)
    transfer = open_transfer_of(person)
    if transfer is None and request.method == "GET":
        return redirect("person", pk=person.pk)
    village = person.village
    initial = forms.transfer_as_typed(transfer) | {"on": clock.today()} if transfer else {}
    form = forms.ChangeJobForm(posted(request), initial=initial, village=village)
    asked = forms.how_asked(request.GET)
    record = actions.visit_new_place if asked else actions.change_job
    if form.done(request, record, person, **asked):
        messages.success(request, _("The change of job is recorded."))
        return redirect(round_url(person) if asked else reverse("person", args=[person.pk]))
    return render(request, "workers/change_job.html", _about(person, transfer) | {"form": form})


@page("enter records")
def transfer_edit(request, pk):
    transfer = own_transfer_or_404(request, pk)
    initial = forms.transfer_as_typed(transfer)
    form = forms.CorrectionForm(posted(request), initial=initial, village=transfer.village, transfer=transfer)
    if request.method == "POST" and form.is_valid() and _corrected(form, transfer, request.user):
        messages.success(request, _("Corrected."))
        return onward(request, "person", pk=transfer.worker_id)
    back = back_of(request, "person", pk=transfer.worker_id)
    context = {"form": form, "conflict": conflict_of(form, transfer), "back": back}
    return render(request, "workers/transfer_edit.html", _about(transfer.worker, transfer) | context)


def _corrected(form, transfer, officer) -> bool:
    changes = form.changes()
    said = {"by": officer, "version": form.cleaned_data["version"]}
    return not changes or form.tries(actions.correct_transfer, transfer, **said, **changes) is not None


@page("enter records")
def transfer_void(request, pk):
    """The transfer never was. A second click finds it voided already."""
    transfer = own_transfer_or_404(request, pk, or_voided=True)
    if transfer.voided_at:
        return redirect("person", pk=transfer.worker_id)
    form = forms.VoidForm(posted(request))
    if form.done(request, actions.void_transfer, transfer):
        messages.success(request, _("The transfer is voided and no longer counted."))
        return redirect("person", pk=transfer.worker_id)
    return render(request, "workers/transfer_void.html", _about(transfer.worker, transfer) | {"form": form})


def _about(person, transfer) -> dict:
    """What the line at the top of the page says."""
    with_standing([person], clock.today())
    place = places.label(transfer.destination) if transfer else ""
    return {"person": person, "transfer": transfer, "place": place, "today": clock.today()}
