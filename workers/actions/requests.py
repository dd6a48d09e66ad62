"""Requests for a move that wait for an answer: who is told of them, and what makes them impossible."""

from django.urls import reverse
from django.utils.translation import gettext_noop

from laborreg import clock
from officers import messages
from villages.areas import posted_at
from workers.models import MoveRequest


def close(request: MoveRequest, state, by, answer="") -> bool:
    """Take an open request to its end; False where somebody did so before."""
    ending = {"state": state, "answered_by": by, "answered_at": clock.now(), "answer": answer}
    if not MoveRequest.objects.open().filter(pk=request.pk).update(**ending):
        return False
    for name, value in ending.items():
        setattr(request, name, value)
    return True


def overtake(worker, by):
    """The person is gone from where the request takes them: nobody can confirm it any more. The worker is locked."""
    for request in MoveRequest.objects.open().filter(worker=worker).select_related("asked_by"):
        if close(request, "overtaken", by):
            tell(request, gettext_noop("The move of %(name)s is no longer possible."), by)


def tell(request, text, by, *, only_other_side=False):
    """A line to the officers of the side that answers, or of both sides and who asked; never to who did it."""
    villages = [request.other_village_id] if only_other_side else [request.from_village_id, request.to_village_id]
    officers = {officer.pk: officer for code in villages for officer in _keepers(code)}
    if not only_other_side:
        officers[request.asked_by_id] = request.asked_by
    officers.pop(by.pk, None)
    values = {"name": request.name, "village": request.asking_village.short_name}
    messages.send(officers.values(), text, values=values, url=reverse("move", args=[request.pk]))


def _keepers(village: str) -> list:
    """Who keeps the ledger of a village today; where nobody does, its station."""
    posted = posted_at([village, village[:9]])
    return posted[village] or posted[village[:9]]
