"""A household: who belongs to it, and its poverty flags by date."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from laborreg import clock
from officers.pages import page
from workers import actions, forms
from workers.models import Household
from workers.views.rows import posted, with_standing


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
        "statuses": list(found.statuses.all()), "out": sum(1 for m in members if m.standing and m.standing.is_working),
    }
    return render(request, "workers/household.html", context)
