"""A village's ledger on A4, the blank form for going from door to door, and the page that a list's QR code opens."""

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from laborreg import clock, marks
from officers.pages import page
from villages.models import Village
from workers import codes, papers
from workers.listing import VIEWS
from workers.models import Worker
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
    day, qr = clock.today(), sheet_mark(request, papers.LEDGER, village)
    rows = which(Worker.objects.valid().visible_to(request.user).filter(village=village), day)
    rows = rows.select_related("household").prefetch_related("phones")
    people = with_standing(rows.order_by("group_name", "household_id", "name_pinyin", "pk"), day)
    return render(request, "workers/ledger_paper.html", {
        "village": village, "people": people, "label": label(), "now": clock.now(), "qr": qr,
        "away": sum(person.standing.state == "away" for person in people if person.standing),
    })


@page("see people")
def blank_paper(request):
    """The questions of registering a departure in the order of the screen, with the words of every choice."""
    village = _village(request)
    return render(request, "workers/blank_paper.html", {
        "village": village, "rows": range(BLANK_ROWS), "now": clock.now(),
        "channels": codes.CHANNELS, "forms": codes.FORMS, "sections": codes.SECTIONS, "reasons": codes.REASONS,
        "plans": codes.PLANS, "no_id_reasons": codes.NO_ID_REASONS,
    })


def sheet_mark(request, kind, village) -> str:
    """The QR code of a list that is printed now."""
    return marks.qr(request, reverse("sheet_check", args=[papers.of_list(kind, village).word]))


@page("see people")
def sheet_check(request, word):
    """Whether anything was recorded since a list was printed; a list of another office, or elsewhere, is not known."""
    mark = papers.read(word)
    if mark is None:
        raise Http404
    village = get_object_or_404(Village.objects.visible_to(request.user), pk=mark.village)
    later = mark.recorded_since
    context = {"mark": mark, "village": village, "later": later.count(), "newest": later.first(), "now": clock.now()}
    return render(request, "workers/sheet_check.html", context)
