"""A person who was entered twice: finding the other entry, looking at both side by side, making them one."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from laborreg import clock
from laborreg.refusals import Stale
from officers.pages import page
from workers import actions, places, search
from workers.forms.merging import MergeForm
from workers.models import Worker
from workers.views.rows import own_person_or_404, posted, with_standing

FOUND = 20


@page("enter records")
def twins(request, pk):
    """People of the same name nearby, or whom the officer looks for."""
    person, q = own_person_or_404(request, pk), request.GET.get("q", "").strip()[:60]
    people = Worker.objects.valid().visible_to(request.user).exclude(pk=pk).select_related("village")
    near = people.under(person.village.township_id).filter(name=person.name)
    found = search.matching(people, q, by=request.user) if q else near
    day = clock.today()
    context = {
        "person": with_standing([person], day)[0], "q": q,
        "found": with_standing(found.order_by("name_pinyin", "pk")[:FOUND], day),
    }
    return render(request, "workers/twins.html", context)


@page("enter records")
def twin(request, pk, other):
    """Both entries side by side; what differs is chosen, then they become one. `?from=duplicates` leads back there."""
    is_of_queue = request.GET.get("from") == "duplicates"
    one, two = own_person_or_404(request, pk), own_person_or_404(request, other)
    if one == two:
        raise Http404
    form = MergeForm(posted(request), one=one, two=two)
    if request.method == "POST" and form.is_valid() and (kept := _merged(request, form)):
        messages.success(request, _("The two entries are one now."))
        return redirect("duplicates") if is_of_queue else redirect("person", pk=kept.pk)
    if isinstance(form.refusal, Stale):
        messages.warning(request, _("Somebody changed one of the entries meanwhile. Look at both again."))
        return redirect(request.get_full_path())
    entries = [_told(one), _told(two)]
    context = {
        "form": form, "one": one, "two": two, "entries": entries, "is_of_queue": is_of_queue,
        "older": min(entries, key=lambda each: (each.created_at, each.pk)),
    }
    return render(request, "workers/twin.html", context)


def _merged(request, form):
    return form.tries(actions.merge_workers, form.winner, form.loser, by=request.user, **form.facts())


def _told(person):
    """What the table says of an entry beside the plain facts."""
    with_standing([person], clock.today())
    person.trips = list(person.transfers.valid())
    for trip in person.trips:
        trip.place = places.label(trip.destination)
    person.phones_known = list(person.phones.all())
    return person
