"""Somebody new, and the changes to a person: facts, phone, household, village, the end of the registration."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from laborreg import clock
from laborreg.forms import row_number
from officers.pages import page
from workers import actions, forms
from workers.changes import conflict_of
from workers.views import namesakes
from workers.views.rows import (
    back_of,
    chosen_village,
    is_hidden,
    onward,
    own_person_or_404,
    posted,
    village_form,
    villages_of,
    with_standing,
)


@page("enter records")
def person_new(request):
    """Somebody who did not leave: the ledger also holds the people at home."""
    village = chosen_village(request)
    form = forms.PersonForm(posted(request), village=village) if village else None
    others = namesakes.unasked(request, village, form) if form else []
    if form and not others and (person := form.done(request, actions.register, village=village)):
        messages.success(request, _("%(name)s is registered.") % {"name": person.name})
        return redirect("person", pk=person.pk)
    refusal = form and form.refusal
    context = {
        "form": form, "village": village, "today": clock.today(), "known": getattr(refusal, "worker", None),
        "may_ask": is_hidden(refusal), "namesakes": others,
        "village_form": village_form(request.user, village, _("Choose")),
    }
    return render(request, "workers/person_new.html", context)


@page("enter records")
def person_edit(request, pk):
    person = own_person_or_404(request, pk)
    form = forms.PersonEditForm(posted(request), worker=person, initial=forms.PersonEditForm.initial_of(person))
    if request.method == "POST" and form.is_valid() and _saved(form, person, request.user):
        messages.success(request, _("Saved."))
        return onward(request, "person", pk=person.pk)
    context = {"form": form, "person": person, "today": clock.today(), "conflict": conflict_of(form, person)}
    return render(request, "workers/person_edit.html", context | {"back": back_of(request, "person", pk=person.pk)})


def _saved(form, person, officer) -> bool:
    changes = form.changes()
    if not changes:
        return True
    version = form.cleaned_data["version"]
    return form.tries(actions.edit_worker, person, by=officer, version=version, **changes) is not None


@page("enter records")
def person_household(request, pk):
    """Into a household of the village, into one of their own, or out of it."""
    person = own_person_or_404(request, pk)
    form = forms.HouseholdForm(posted(request), person=person, initial={
        "household": row_number(request.GET.get("household")) or person.household_id, "relation": person.relation,
        "since": clock.today() if person.household_id else None,
    })
    if request.method == "POST" and form.is_valid() and _settled(form, person, request.user):
        messages.success(request, _("Saved."))
        return redirect("person", pk=person.pk)
    return render(request, "workers/person_household.html", _about(person) | {"form": form})


def _settled(form, person, officer):
    said = {"by": officer, "since": form.cleaned_data["since"]}
    if household := form.household_row:
        return form.tries(actions.join_household, person, household, form.cleaned_data["relation"], **said)
    if form.cleaned_data["household"] == "own":
        return form.tries(actions.start_household, village=person.village, head=person, **said)
    return form.tries(actions.leave_household, person, **said)


@page("enter records")
def person_move(request, pk):
    """To another village of the officer's: the registration goes on there from a day."""
    person = own_person_or_404(request, pk)
    others = villages_of(request.user).exclude(pk=person.village_id)
    if not others:
        raise Http404
    form = forms.MoveForm(posted(request), villages=others, initial={"on": clock.today()})
    if request.method == "POST" and form.is_valid() and _moved(form, person, request.user):
        messages.success(request, _("The move is recorded."))
        return redirect("person", pk=person.pk)
    return render(request, "workers/person_move.html", _about(person) | {"form": form})


def _moved(form, person, officer):
    if form.is_whole_household and person.household:
        return form.tries(actions.move_household, person.household, by=officer, **form.facts())
    return form.tries(actions.move, person, by=officer, **form.facts())


@page("enter records")
def person_closing(request, pk):
    """Death, or leaving the county for good: the registration ends on that day."""
    person = own_person_or_404(request, pk)
    form = forms.ClosingForm(posted(request), initial={"on": clock.today()})
    if request.method == "POST" and form.is_valid():
        close = {"died": actions.record_death, "left_county": actions.record_leaving_county}[form.cleaned_data["how"]]
        if form.tries(close, person, by=request.user, on=form.cleaned_data["on"]):
            messages.success(request, _("Recorded. The page of the person stays."))
            return redirect("person", pk=person.pk)
    return render(request, "workers/person_closing.html", _about(person) | {"form": form})


@page("enter records")
def person_back(request, pk):
    """A death or leaving that was recorded by mistake."""
    person = own_person_or_404(request, pk)
    form = forms.VoidForm(posted(request))
    if form.done(request, actions.take_back_leaving, person):
        messages.success(request, _("The person is registered again, as if never gone."))
        return redirect("person", pk=person.pk)
    return render(request, "workers/person_back.html", _about(person) | {"form": form})


@page("enter records")
def person_void(request, pk):
    """Somebody who was never here: entered by mistake."""
    person = own_person_or_404(request, pk)
    form = forms.VoidForm(posted(request))
    if form.done(request, actions.void_worker, person):
        messages.success(request, _("The person was taken out of the ledger."))
        return redirect("people")
    return render(request, "workers/person_void.html", _about(person) | {"form": form})


@page("enter records")
def person_phone(request, pk):
    person = own_person_or_404(request, pk)
    form = forms.PhoneForm(posted(request))
    if form.done(request, actions.add_phone, person):
        messages.success(request, _("The phone was added."))
        return onward(request, "person", pk=person.pk)
    context = {"form": form, "back": back_of(request, "person", pk=person.pk)}
    return render(request, "workers/person_phone.html", _about(person) | context)


@page("enter records")
def person_told(request, pk):
    """That the statement of purpose was read out or signed."""
    person = own_person_or_404(request, pk)
    form = forms.NoticeForm(posted(request), initial={"told_on": clock.today()})
    if form.done(request, actions.tell, person):
        messages.success(request, _("Saved."))
        return redirect("person", pk=person.pk)
    return render(request, "workers/person_told.html", _about(person) | {"form": form})


def _about(person) -> dict:
    """What the line at the top of the page says."""
    return {"person": with_standing([person], clock.today())[0]}
