"""Whether somebody new has the name of others nearby: asked once, before anything is saved."""

from laborreg import clock
from workers.actions.keeping import just_now
from workers.models import Worker
from workers.views.rows import with_standing


def unasked(request, village, form) -> list[Worker]:
    """Others of the typed name in the township, as long as the officer did not say that this is somebody else.

    Two ID numbers tell two people apart: beside one, only those without one may be the same person.
    """
    if request.method != "POST" or "somebody_else" in request.POST or not form.is_valid():
        return []
    people = Worker.objects.valid().visible_to(request.user).under(village.township_id)
    people = people.filter(name=form.cleaned_data["name"]).select_related("village")
    if form.cleaned_data["id_number"]:
        people = people.filter(id_index__isnull=True)
    # A second click is not asked about the first.
    second_click = just_now(people, request.user).values("pk")
    return with_standing(people.exclude(pk__in=second_click).order_by("village_id", "pk"), clock.today())
