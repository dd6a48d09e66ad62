"""A household: who belongs to it, its poverty flags by date, and what becomes of it: split, merged, another head."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from laborreg import clock
from laborreg.forms import row_number
from officers.pages import page
from workers import actions, forms, search, standing
from workers.changes import conflict_of
from workers.models import Household, Worker
from workers.views.rows import back_of, onward, own_household_or_404, posted, with_standing

FOUND = 20


@page("see people")
def household(request, pk):
    """Its members with where they are; officers of the place may set a status."""
    households = Household.objects.visible_to(request.user).select_related("village__township")
    found = get_object_or_404(households, pk=pk)
    may_enter = request.user.may("enter records", at=found.village_id)
    form = forms.StatusForm(posted(request)) if may_enter else None
    if form and form.done(request, actions.set_status, found):
        messages.success(request, _("The status is recorded."))
        return redirect("household", pk=pk)
    day = clock.today()
    members = with_standing(found.members.valid().visible_to(request.user), day)
    context = {
        "household": found, "members": members, "form": form, "may_enter": may_enter, "today": day,
        "former": _former(found, request.user), "statuses": list(found.statuses.all()),
        "out": sum(1 for m in members if m.standing and m.standing.is_working),
    }
    return render(request, "workers/household.html", context)


@page("enter records")
def household_edit(request, pk):
    """Number, group, address, phone; what somebody else saved meanwhile is shown beside what is typed."""
    found = own_household_or_404(request, pk)
    form = forms.HouseholdEditForm(posted(request), household=found)
    if form.done(request, actions.edit_household, found):
        return _saved(request, found)
    context = {"form": form, "household": found, "conflict": conflict_of(form, found)}
    return render(request, "workers/household_edit.html", context)


@page("enter records")
def household_head(request, pk):
    """Another head, and what everybody is to the new one."""
    found = own_household_or_404(request, pk)
    members = _members(found)
    now = {f"relation_{member.pk}": member.relation for member in members}
    form = forms.RelationsForm(posted(request), members=members, initial=now | {"version": found.version})
    if form.done(request, actions.change_head, found):
        return _saved(request, found)
    context = {"form": form, "household": found, "back": back_of(request, "household", pk=pk)}
    return render(request, "workers/household_head.html", context)


@page("enter records")
def household_split(request, pk):
    """Some members become a household of their own."""
    found = own_household_or_404(request, pk)
    initial = {"version": found.version, "on": clock.today()}
    staying = [member for member in _members(found) if member.relation == "head"]
    members = [member for member in _members(found) if member not in staying]
    form = forms.SplitForm(posted(request), members=members, initial=initial)
    if part := form.done(request, actions.split_household, found):
        messages.success(request, _("The new household is recorded."))
        return redirect("household", pk=part.pk)
    context = {"form": form, "household": found, "staying": staying}
    return render(request, "workers/household_split.html", context)


@page("enter records")
def household_merge(request, pk):
    """Everybody of another household of the village joins this one."""
    found = own_household_or_404(request, pk)
    chosen = row_number(request.POST.get("other") or request.GET.get("other"))
    others = Household.objects.visible_to(request.user).filter(village=found.village).exclude(pk=pk)
    other = get_object_or_404(others, pk=chosen) if chosen else None
    form = None
    if other:
        initial = {"version": found.version, "on": clock.today()}
        form = forms.JoiningForm(posted(request), members=_members(other), initial=initial)
        if form.done(request, actions.merge_households, found, other):
            return _saved(request, found)
    choices = [] if other else [each for each in forms.household_choices(found.village) if each[0] != str(pk)]
    context = {"form": form, "household": found, "other": other, "choices": choices}
    return render(request, "workers/household_merge.html", context)


@page("enter records")
def household_add(request, pk):
    """Find somebody of the village who belongs to it; the relation is said on the next page."""
    found = own_household_or_404(request, pk)
    q, day = request.GET.get("q", "").strip()[:60], clock.today()
    people = Worker.objects.valid().visible_to(request.user).filter(village=found.village)
    people = standing.registered(people, day).exclude(household=found.pk).select_related("village")
    matching = search.matching(people, q, by=request.user).order_by("name_pinyin", "pk")[:FOUND] if q else []
    context = {"household": found, "q": q, "found": with_standing(matching, day)}
    return render(request, "workers/household_add.html", context)


@page("enter records")
def status_end(request, pk, status):
    """A poverty flag no longer holds from a day on."""
    found = own_household_or_404(request, pk)
    flag = get_object_or_404(found.statuses, pk=status)
    form = forms.StatusEndForm(posted(request), initial={"to_on": clock.today()})
    if form.done(request, actions.end_status, flag):
        return _saved(request, found)
    return render(request, "workers/status_end.html", {"form": form, "household": found, "status": flag})


def _former(household, officer):
    """Who belonged to it, and until which day; not who does again."""
    rows = household.former_memberships.select_related("worker").exclude(worker__household=household.pk)
    return rows.filter(worker__in=Worker.objects.valid().visible_to(officer)).order_by("-to_on", "worker")


def _members(household):
    return household.members_here.order_by("pk")


def _saved(request, household):
    messages.success(request, _("Saved."))
    return onward(request, "household", pk=household.pk)
