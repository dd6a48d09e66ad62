"""The doubts of an area one by one: mended at the form, or said to be right."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from laborreg import clock
from laborreg.refusals import Refusal
from officers.pages import page
from villages.areas import MODELS
from workers import actions, forms
from workers.doubts.listing import Query, describe
from workers.models import Doubt
from workers.views.people import FirstOnes
from workers.views.rows import listed_at, posted

PAGE = 50
# Of so many the text for a chat names each.
NAMED = 30


@page("see people")
def doubts(request, area):
    """`?rule=`, `?severity=`, `?state=settled` narrow the list."""
    place = get_object_or_404(MODELS[len(area)].objects.visible_to(request.user), code=area)
    query = Query(request.user, place, request.GET)
    shown = FirstOnes(query.rows(), PAGE).get_page(request.GET.get("page"))
    shown.object_list = describe(shown.object_list, request.get_full_path())
    context = {
        "query": query, "area": place, "page_obj": shown, "may_enter": request.user.may("enter records"),
        "message": "" if query.is_settled else _message(place, shown),
    }
    return render(request, "workers/doubts.html", context)


def _message(place, shown) -> str:
    """What to mend, for the chat with a village; names, but no numbers of cards or phones."""
    if not shown.object_list:
        return ""
    words = {"place": place.label, "n": shown.paginator.count, "day": clock.today().isoformat()}
    lines = [_("%(place)s, %(day)s: %(n)d entries of the ledger to check.") % words]
    for row in shown.object_list[:NAMED]:
        lines.append(f"· {row.about}: {row.told.title} ({row.value})")
    return "\n".join(lines)


@page("enter records")
def doubt_right(request, pk):
    doubt = _own_or_404(request, pk)
    back = listed_at(request) or _list_of(doubt)
    form = forms.RightForm(posted(request))
    if form.done(request, actions.set_aside, doubt):
        messages.success(request, _("Set aside until the values change. It stands under “Set aside” and can be taken up again."))
        return redirect(back)
    return render(request, "workers/doubt_right.html", {"form": form, "doubt": describe([doubt], back)[0], "back": back})


@require_POST
@page("enter records")
def doubt_again(request, pk):
    doubt = _own_or_404(request, pk)
    try:
        actions.take_up(doubt, by=request.user)
        messages.success(request, _("It is in doubt again."))
    except Refusal as refused:
        messages.error(request, refused.message)
    return redirect(_list_of(doubt))


def _own_or_404(request, pk) -> Doubt:
    rows = Doubt.objects.visible_to(request.user).select_related("worker", "household", "village")
    doubt = get_object_or_404(rows, pk=pk)
    if not request.user.may("enter records", at=doubt.village_id):
        raise Http404
    return doubt


def _list_of(doubt) -> str:
    return f"{reverse('doubts', args=[doubt.village_id])}?rule={doubt.rule}"
