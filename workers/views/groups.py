"""Unnamed groups: so many people of a village are out, and nobody has named them yet."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import BooleanField, ExpressionWrapper, F, Q, Sum
from django.db.models.functions import Greatest
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from laborreg import clock
from officers.pages import page
from villages.areas import MODELS
from workers import actions, forms, places
from workers.models import UnnamedGroup
from workers.standing import with_named
from workers.views.rows import chosen_village, own_group_or_404, posted, village_form

PAGE = 100


@page("see people")
def groups(request):
    """Those still out first; how many of each are not named yet. `?village=` narrows to a village or township."""
    found = UnnamedGroup.objects.visible_to(request.user).filter(voided_at__isnull=True)
    place = _place(request)
    found = found.under(place.code) if place else found
    is_over = ExpressionWrapper(Q(ended_on__isnull=False, ended_on__lte=clock.today()), BooleanField())
    rows = with_named(found).annotate(is_over=is_over).select_related("village__township")
    shown = Paginator(rows.order_by("is_over", "village_id", "-started_on", "-pk"), PAGE).get_page(request.GET.get("page"))
    listed = [describe(group) for group in shown.object_list]
    context = {
        "page_obj": shown, "out": [group for group in listed if not group.is_over],
        "over": [group for group in listed if group.is_over], "may_enter": request.user.may("enter records"),
        "may_import": request.user.may("import sheets"), "place": place,
    }
    return render(request, "workers/groups.html", context | _out(rows.filter(is_over=False)))


def _place(request):
    """The area of the officer's that the address names; any other is unknown."""
    code = request.GET.get("village", "")
    return get_object_or_404(MODELS[len(code)].objects.visible_to(request.user), code=code) if len(code) in MODELS else None


def _out(rows) -> dict:
    """Persons who are out, on every page of the list, and how many of them are not named."""
    unnamed = Greatest(F("persons") - F("named"), 0)
    found = rows.order_by().values("pk", "persons", "named").aggregate(all=Sum("persons"), unnamed=Sum(unnamed))
    return {"persons": found["all"] or 0, "unnamed": found["unnamed"] or 0}


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
