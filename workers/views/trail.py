"""One person's own trail: what was done about the person, and who looked at a number."""

from django.db.models import Q
from django.http import Http404
from django.shortcuts import render

from officers.models import AuditEvent
from officers.pages import page
from officers.verbs import SHOWN
from villages.audit_views import newest_first, page_of
from workers.models import Phone, Registration, Transfer, Verification, Worker
from workers.views.rows import person_or_404


@page("see audit")
def person_trail(request, pk):
    """For who sees both the trail and people; an administrator sees no people and finds nothing here."""
    if not request.user.may("see people"):
        raise Http404
    person = person_or_404(request, pk)
    events = AuditEvent.objects.visible_to(request.user).filter(_about(person))
    looked = events.filter(verb__in=SHOWN)
    is_looked = request.GET.get("only") == "looked"
    return render(request, "workers/person_trail.html", {
        "person": person, "is_looked": is_looked, "looked": looked.count(), "sees_people": True,
        "page_obj": page_of(request, newest_first(looked if is_looked else events)),
    })


def _about(person) -> Q:
    """Events of the person, of the entries merged into it, and of what hangs on either."""
    people = [person.pk, *Worker.objects.filter(merged_into=person).values_list("pk", flat=True)]
    found = Q(subject_kind="worker", subject_id__in=_texts(people))
    for model in (Phone, Registration, Transfer, Verification):
        rows = model.objects.filter(worker__in=people).values_list("pk", flat=True)
        found |= Q(subject_kind=model._meta.model_name, subject_id__in=_texts(rows))
    return found


def _texts(numbers) -> list[str]:
    return [str(number) for number in numbers]
