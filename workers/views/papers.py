"""A village's ledger on A4, and the blank form for going from door to door."""

from django.shortcuts import redirect, render

from laborreg import clock
from officers.pages import page
from workers import codes
from workers.models import Worker
from workers.views.people import VIEWS
from workers.views.rows import chosen_village, villages_of, with_standing

# Rows of one blank sheet.
BLANK_ROWS = 10


def _village(request):
    """The one of the address; without one, the first of a village officer."""
    village = chosen_village(request)
    return village or (villages_of(request.user).first() if request.user.role == "village" else None)


@page("see people")
def ledger_paper(request):
    """Everybody of one village, or a tab of the list (`?view=away`), by group and household; numbers masked."""
    village = _village(request)
    if village is None:
        return redirect("people")
    view = request.GET.get("view") if request.GET.get("view") in VIEWS else ""
    label, which = VIEWS[view]
    day = clock.today()
    rows = which(Worker.objects.valid().visible_to(request.user).filter(village=village), day)
    rows = rows.select_related("household").prefetch_related("phones")
    people = with_standing(rows.order_by("group_name", "household_id", "name_pinyin", "pk"), day)
    return render(request, "workers/ledger_paper.html", {
        "village": village, "people": people, "label": label(), "now": clock.now(),
        "away": sum(person.standing.state == "away" for person in people if person.standing),
    })


@page("see people")
def blank_paper(request):
    """The questions of registering a departure in the order of the screen, with the words of every choice."""
    village = _village(request)
    return render(request, "workers/blank_paper.html", {
        "village": village, "rows": range(BLANK_ROWS), "now": clock.now(),
        "channels": codes.CHANNELS, "forms": codes.FORMS, "sections": codes.SECTIONS, "reasons": codes.REASONS,
        "plans": codes.PLANS,
    })
