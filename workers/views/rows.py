"""The rows that a page is about, as far as the officer may see them; anybody else's row does not exist."""

from urllib.parse import urlsplit

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import Resolver404, resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme

from villages import lineage
from villages.models import Village
from workers import places
from workers.forms import VillageForm
from workers.models import Household, Transfer, UnnamedGroup, Worker
from workers.refusals import Elsewhere
from workers.standing import standings


def posted(request):
    """What was sent with a form; None on a page that was only opened."""
    return request.POST if request.method == "POST" else None


def person_or_404(request, pk) -> Worker:
    people = Worker.objects.valid().visible_to(request.user).select_related("village__township", "household")
    return get_object_or_404(people, pk=pk)


def own_person_or_404(request, pk) -> Worker:
    """A person for whom the officer may enter records."""
    person = person_or_404(request, pk)
    return _if_may_enter(request, person, person.village_id)


def own_transfer_or_404(request, pk, or_voided=False) -> Transfer:
    transfers = Transfer.objects.visible_to(request.user)
    transfers = transfers if or_voided else transfers.valid()
    transfer = get_object_or_404(transfers.select_related("worker", "village__township", "broker", "point"), pk=pk)
    return _if_may_enter(request, transfer, transfer.village_id)


def own_group_or_404(request, pk) -> UnnamedGroup:
    groups = UnnamedGroup.objects.visible_to(request.user).filter(voided_at__isnull=True)
    group = get_object_or_404(groups.select_related("village__township"), pk=pk)
    return _if_may_enter(request, group, group.village_id)


def _if_may_enter(request, row, village):
    if not request.user.may("enter records", at=village):
        raise Http404
    return row


def own_household_or_404(request, pk) -> Household:
    households = Household.objects.visible_to(request.user).select_related("village__township")
    found = get_object_or_404(households, pk=pk)
    return _if_may_enter(request, found, found.village_id)


def listed_at(request) -> str:
    """The list of doubts that a form was opened from, as `?next=` says; "" for any other address."""
    asked = request.GET.get("next", "")
    try:
        is_list = asked.startswith("/") and resolve(urlsplit(asked).path).url_name == "doubts"
    except (Resolver404, ValueError):
        return ""
    return asked if is_list and url_has_allowed_host_and_scheme(asked, allowed_hosts=None) else ""


def back_of(request, name, **key) -> str:
    """Where a form leads, saved or not: the list of doubts where it was opened from it, else the page."""
    return listed_at(request) or reverse(name, kwargs=key)


def onward(request, name, **key):
    return redirect(back_of(request, name, **key))


def is_hidden(refusal) -> bool:
    """Whether the county has the ID number at a place that the officer may not see: a move can be asked for."""
    return isinstance(refusal, Elsewhere) and refusal.worker is None


def open_transfer_of(person) -> Transfer | None:
    return person.transfers.valid().filter(ended_on__isnull=True).select_related("broker", "point").first()


def round_url(person) -> str:
    """The visit round of the person's village."""
    return f"{reverse('visit_round')}?village={person.village_id}"


def villages_of(officer):
    """The villages that the officer may enter records for, in the order of the books."""
    return Village.objects.visible_to(officer).lasting().select_related("township").order_by("code")


def village_form(officer, chosen, empty_label):
    """Which village? None where the officer has only one."""
    villages = list(villages_of(officer))
    if len(villages) < 2:
        return None
    return VillageForm(villages=villages, chosen=getattr(chosen, "pk", chosen), empty_label=empty_label)


def chosen_village(request, code="") -> Village | None:
    """The village named by the page or by `code`; the only one, where the officer has one; else none yet."""
    code = request.POST.get("village") or request.GET.get("village") or code
    if code:
        villages = villages_of(request.user)
        # A draft or an address may still name the code before.
        return villages.filter(pk=code).first() or get_object_or_404(villages, pk=lineage.code_now(code))
    found = list(villages_of(request.user)[:2])
    return found[0] if len(found) == 1 else None


def with_standing(people, day) -> list[Worker]:
    """The people as a list, each with its standing on the day and the words of its place of work."""
    people = list(people)
    found = standings([person.pk for person in people], day)
    for person in people:
        person.standing = found.get(person.pk)
        transfer = person.standing and person.standing.transfer
        person.works_at = places.label(transfer.destination) if transfer and person.standing.is_working else ""
    return people
