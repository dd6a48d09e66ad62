"""Unnamed groups: so many people of a village are out, and nobody has named them yet."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from laborreg import clock
from officers.pages import page
from workers import actions, forms, places
from workers.models import UnnamedGroup
from workers.standing import with_named
from workers.views.rows import chosen_village, own_group_or_404, posted, village_form

LISTED = 500


@page("see people")
def groups(request):
    """Those still out first; how many of each are not named yet."""
    found = UnnamedGroup.objects.visible_to(request.user).filter(voided_at__isnull=True)
    rows = with_named(found).select_related("village__township").order_by("village_id", "-started_on", "-pk")
    rows = [describe(group) for group in rows[:LISTED]]
    today = clock.today()
    over = [group for group in rows if group.ended_on and group.ended_on <= today]
    out = [group for group in rows if group not in over]
    context = {
        "out": out, "over": over, "unnamed": sum(group.unnamed for group in out),
        "persons": sum(group.persons for group in out), "may_enter": request.user.may("enter records"),
    }
    return render(request, "workers/groups.html", context)


def describe(group):
    """What a list says of a group, in words."""
    group.place = places.label(group.destination)
    group.unnamed = max(group.persons - group.named, 0)
    return group


@page("enter records")
def group_new(request):
    village = chosen_village(request)
    form = forms.GroupForm(posted(request), village=village) if village else None
    if form and (group := form.done(request, actions.record_group, village=village)):
        messages.success(request, _("The group is recorded: %(persons)s persons.") % {"persons": group.persons})
        return redirect("groups")
    context = {"form": form, "village": village, "village_form": village_form(request.user, village, _("Choose"))}
    return render(request, "workers/group_new.html", context)


@page("enter records")
def group_end(request, pk):
    """All came home, or some: those are split off as a group of their own."""
    group = _named(request, pk)
    initial = {"version": group.version, "persons": group.unnamed, "ended_on": clock.today()}
    form = forms.GroupEndForm(posted(request), initial=initial)
    if form.done(request, actions.end_group, group):
        messages.success(request, _("The homecoming of the group is recorded."))
        return redirect("groups")
    return render(request, "workers/group_end.html", {"form": form, "group": group})


@page("enter records")
def group_void(request, pk):
    group = _named(request, pk)
    form = forms.VoidForm(posted(request))
    if form.done(request, actions.void_group, group):
        messages.success(request, _("The group is voided and no longer counted."))
        return redirect("groups")
    return render(request, "workers/group_void.html", {"form": form, "group": group})


def _named(request, pk):
    group = own_group_or_404(request, pk)
    return describe(with_named(UnnamedGroup.objects.select_related("village")).get(pk=group.pk))
