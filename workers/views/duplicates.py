"""The queue of entries that may be one person: look at both, make them one, or say that they are two."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from laborreg.forms import row_number
from officers.pages import page
from villages.areas import MODELS
from workers import duplicates
from workers.actions.distinct import look_again, tell_apart
from workers.models import DistinctPair, Worker

PAGE = 25
ALL, APART = "all", "apart"


@page("enter records")
def duplicate_list(request):
    """`?view=all` also those that a level below settles, `?view=apart` those that were told apart; `?area=` one area."""
    view = request.GET.get("view", "")
    if view == APART:
        rows = _apart(request.user)
        page_obj = Paginator(rows.select_related("one__village__township", "other__village__township", "by"), PAGE).get_page(
            request.GET.get("page")
        )
        return render(request, "workers/duplicates_apart.html", {"page_obj": page_obj, "view": view, "tab": "duplicates"})
    area = request.GET.get("area", "")
    place = get_object_or_404(MODELS[len(area)].objects.visible_to(request.user), code=area) if len(area) in MODELS else None
    found = duplicates.pairs(request.user, all_below=view == ALL, area=place.code if place else "")
    page_obj = Paginator(found[: duplicates.MOST], PAGE).get_page(request.GET.get("page"))
    page_obj.object_list = duplicates.load(list(page_obj.object_list), request.user)
    return render(request, "workers/duplicates.html", {
        "page_obj": page_obj, "view": view, "tab": "duplicates", "is_village": request.user.role == "village",
        "count": duplicates.told(len(found)), "is_cut": len(found) > duplicates.MOST, "place": place,
    })


def _apart(officer):
    """Pairs that are told apart, both of whom the officer may see."""
    people = Worker.objects.valid().visible_to(officer)
    return DistinctPair.objects.filter(Q(one__in=people), Q(other__in=people), taken_back_at=None)


def _with_village(person) -> str:
    """Two of one name are told apart by where they are."""
    return _("%(name)s (%(village)s)") % {"name": person.name, "village": person.village.label}


@page("enter records")
@require_POST
def duplicate_apart(request):
    """Two of the officer's people, by their numbers."""
    people = Worker.objects.valid().visible_to(request.user)
    numbers = [row_number(request.POST.get(name)) for name in ("one", "other")]
    if None in numbers:
        raise Http404
    one, other = (get_object_or_404(people, pk=number) for number in numbers)
    tell_apart(one, other, by=request.user, reason=request.POST.get("reason", ""))
    messages.success(request, _("Remembered: %(one)s and %(other)s are two people.") % {
        "one": _with_village(one), "other": _with_village(other),
    })
    return _back(request)


@page("enter records")
@require_POST
def duplicate_again(request, pk):
    pair = get_object_or_404(_apart(request.user).select_related("one"), pk=pk)
    look_again(pair, by=request.user)
    messages.success(request, _("The pair is in question again."))
    return redirect("duplicates")


def _back(request):
    """To the same page of the list."""
    answer = redirect("duplicates")
    if (view := request.POST.get("view")) == ALL:
        answer["Location"] += f"?view={view}"
    return answer
