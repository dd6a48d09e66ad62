"""Moves between villages of different officers: what is asked, what waits for an answer, what came of it."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from laborreg import clock
from officers.pages import page
from villages.models import Village
from workers import actions, forms
from workers.actions.moves import may_answer, may_withdraw
from workers.models import MoveRequest, Worker
from workers.views.rows import chosen_village, own_person_or_404, posted, village_form, villages_of, with_standing

DONE = 100


@page("enter records")
def moves(request):
    """What waits for the officer, what the own side asked, and the last answers."""
    rows = _requests(request)
    waiting, asked = [], []
    for each in rows.open():
        (waiting if may_answer(each, request.user) else asked).append(each)
    context = {"waiting": waiting, "asked": asked, "done": rows.exclude(state="open")[:DONE]}
    return render(request, "workers/moves.html", context)


@page("enter records")
def move(request, pk):
    return _show(request, _request_or_404(request, pk), forms.RefuseForm())


def _show(request, asked, form):
    """Either side reads what was asked; the person's page and household open only to whose village it is."""
    person = Worker.objects.valid().visible_to(request.user).filter(pk=asked.worker_id).first()
    household = person.household if person and asked.whole_household and asked.is_open else None
    context = {
        "asked": asked, "form": form, "person": person,
        "members": household.members.valid().visible_to(request.user) if household else [],
        "may_answer": asked.is_open and may_answer(asked, request.user),
        "may_withdraw": asked.is_open and may_withdraw(asked, request.user),
    }
    return render(request, "workers/move.html", context)


@page("enter records")
@require_POST
def move_confirm(request, pk):
    asked = actions.confirm_move(_request_or_404(request, pk), by=request.user)
    words = {"name": asked.name, "village": asked.to_village.label}
    messages.success(request, _("%(name)s is now registered in %(village)s.") % words)
    return redirect("move", pk=pk)


@page("enter records")
@require_POST
def move_refuse(request, pk):
    asked, form = _request_or_404(request, pk), forms.RefuseForm(request.POST)
    if form.done(request, actions.refuse_move, asked):
        messages.success(request, _("The move is refused; the other village is told why."))
        return redirect("move", pk=pk)
    return _show(request, asked, form)


@page("enter records")
@require_POST
def move_withdraw(request, pk):
    actions.withdraw_move(_request_or_404(request, pk), by=request.user)
    messages.success(request, _("The request is withdrawn."))
    return redirect("moves")


@page("enter records")
def move_ask(request):
    """The new village asks. From where an ID number was refused, number and name come along, as a form."""
    village = chosen_village(request)
    typed = {name: request.POST.get(name, "")[:60] for name in ("id_number", "name")}
    sent = request.POST if "on" in request.POST else None
    form = forms.TakeInForm(sent, initial=typed | {"on": clock.today()}) if village else None
    if form and (asked := form.done(request, actions.ask_to_take_in, to_village=village)):
        return _asked(request, asked)
    context = {
        "form": form, "village": village, "village_form": village_form(request.user, village, _("Choose")),
        "known": getattr(form and form.refusal, "worker", None),
    }
    return render(request, "workers/move_ask.html", context)


@page("enter records")
def person_ask(request, pk):
    """The old village asks a village of another officer."""
    person = own_person_or_404(request, pk)
    others = Village.objects.under(person.county_id).lasting().exclude(pk__in=villages_of(request.user).values("pk"))
    if not others.exists():
        raise Http404
    others = others.select_related("township").order_by("code")
    near = "" if request.method == "POST" else person.village.township_id
    townships = forms.TownshipForm.of(others, request.GET.get("township", near))
    shown = others.under(townships.chosen) if townships.chosen else others
    form = forms.LetGoForm(posted(request), villages=shown, initial={"on": clock.today()})
    if asked := form.done(request, actions.ask_to_let_go, person):
        return _asked(request, asked)
    context = {"form": form, "townships": townships, "person": with_standing([person], clock.today())[0]}
    return render(request, "workers/person_ask.html", context)


def _asked(request, asked):
    messages.success(request, _("The move is asked for. When it is answered, you find a message."))
    return redirect("move", pk=asked.pk)


def _requests(request):
    return MoveRequest.objects.visible_to(request.user).select_related(
        "from_village__township", "to_village__township", "asked_by", "answered_by"
    )


def _request_or_404(request, pk) -> MoveRequest:
    return get_object_or_404(_requests(request), pk=pk)
