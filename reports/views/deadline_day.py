"""Around the deadline: more time for a month, and word to those who are not in."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from officers.pages import page
from reports import days_off, extending, reminding
from reports.deadlines import deadlines
from reports.extending_forms import ExtensionForm
from reports.models import Extension
from reports.views.finding import county_and_month_or_404
from villages.accounts import labels
from villages.models import Township


@page("lock")
def extend(request, month):
    county, opened = county_and_month_or_404(request, month)
    days = deadlines(county, month)
    wanted = days_off.put_off(days) if "workday" in request.GET else None
    form = ExtensionForm(request.POST or None, county=county, days=days, wanted=wanted)
    if form.is_valid() and form.tries(extending.extend, county, month, by=request.user, **form.cleaned_data):
        messages.success(request, _("There is more time now; those concerned have a message."))
        return redirect("board", month)
    rows = list(Extension.objects.visible_to(request.user).filter(month=month).select_related("by", "withdrawn_by"))
    return render(request, "reports/board_extend.html", {
        "county": county, "month": month, "opened": opened, "days": days, "form": form, "rows": with_labels(rows),
        "days_off": days_off.of(days), "put_off": None, "unannounced": days_off.unannounced(days),
    })


def with_labels(extensions) -> list[Extension]:
    """Each knows the name of its area."""
    names = labels({each.area_code for each in extensions}) if extensions else {}
    for each in extensions:
        each.area_label = names.get(each.area_code, each.area_code)
    return list(extensions)


@page("lock")
@require_POST
def extension_withdraw(request, pk):
    extension = get_object_or_404(Extension.objects.visible_to(request.user).select_related("county"), pk=pk)
    extending.withdraw(extension, by=request.user)
    messages.success(request, _("The extension is withdrawn."))
    return redirect("extend", extension.month)


@page("approve")
@require_POST
def remind(request, month):
    """The villages that are not in: all of the officer's, or those of one township."""
    county, _opened = county_and_month_or_404(request, month)
    areas, code = request.user.posts, request.POST.get("township", "")
    if code:
        areas = [get_object_or_404(Township.objects.visible_to(request.user), pk=code).code]
    done = reminding.remind(county, month, by=request.user, areas=areas)
    messages.success(request, done.text)
    came_from = "board" if "board" in request.POST and request.user.may("lock") else "queue"
    answer = redirect(came_from, month)
    if came_from == "queue":
        answer["Location"] += "?tab=missing"
    return answer
