"""The county's settings: what is in force, what is planned, who changed what; and changing them from a month on."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from laborreg import clock
from laborreg.months import Month
from officers import audit
from officers.pages import page
from reports.deadlines import first_month_to_change, first_month_to_change_held, newest_opened
from villages import actions, county_settings
from villages.county_settings import BY_NAME, SETTINGS
from villages.models import FROM_THE_START, County
from villages.settings_forms import ChangeForm, month_label

HISTORY = 50


def _county_or_404(request) -> County:
    return get_object_or_404(County.objects.visible_to(request.user), code=request.user.county_code)


@page("change settings")
def settings_page(request):
    """A change is looked at before it holds: what it means stands on a page of its own, with the last button."""
    county = _county_or_404(request)
    form = ChangeForm(request.POST or None, months=_months(county), rules=county.rules_from(_now(county)))
    if request.method == "POST" and form.is_valid():
        answer = _looked_at(request, county, form) if "confirmed" not in request.POST else _changed(request, county, form)
        if answer:
            return answer
    return render(request, "reports/settings.html", _facts(county) | {"form": form})


def _looked_at(request, county, form):
    month = form.cleaned_data["from_month"]
    rules = form.tries(county_settings.changed_from, county, month, form.values)
    if rules is None:
        return None
    found = county_settings.differences(county.rules_from(month), rules)
    if not found:
        form.add_error(None, _("Nothing is different from what holds in %(month)s.") % {"month": month_label(month)})
        return None
    moves = any(each.setting.name == "start_day" for each in found) and month != FROM_THE_START
    return render(request, "reports/settings_check.html", {
        "county": county, "month": month, "month_label": month_label(month), "found": found, "values": form.values,
        "days": county_settings.days_with(county, rules, month) if moves else None,
    })


def _changed(request, county, form):
    month = form.cleaned_data["from_month"]
    found = form.tries(
        actions.change_settings, county, by=request.user, from_month=month, not_before=first_month_to_change_held,
        **form.values,
    )
    if found is None:
        return None
    messages.success(request, _("The settings are changed, valid from %(month)s.") % {"month": month_label(month)})
    return redirect("settings")


def _now(county) -> Month:
    """The month that is read as today's: the one that may change first, or today's."""
    return max(first_month_to_change(county), county.month_of(clock.today()))


def _months(county) -> list[Month]:
    """From the first that may still change to a year ahead."""
    first, last = first_month_to_change(county), Month.of(clock.today()).plus(actions.MONTHS_AHEAD)
    if first == FROM_THE_START:
        return [FROM_THE_START, *last.since(county.month_of(clock.today()))]
    return last.since(first)


def _facts(county) -> dict:
    running = county.month_of(clock.today())
    rules = county.rules_from(running)
    return {
        "county": county, "running": running,
        "rows": [(setting, setting.shown(getattr(rules, setting.name))) for setting in SETTINGS],
        "planned": county_settings.planned(county, newest_opened(county)), "history": _history(county),
    }


def _history(county) -> list[dict]:
    """Who changed what, the newest first."""
    events = audit.trail(county).filter(verb__in=["changed settings", "withdrew settings"]).order_by("-number")
    return [_entry(event) for event in events[:HISTORY]]


def _entry(event) -> dict:
    month = month_label(Month.parse(event.detail["month"]))
    said = _("withdrew the change of %(month)s") if event.verb == "withdrew settings" else _("changed, valid from %(month)s")
    changes = [f"{BY_NAME[name].label}: {text}" for name, text in event.detail.items() if name in BY_NAME]
    return {
        "who": event.by.name if event.by else "", "what": said % {"month": month}, "note": "; ".join(changes),
        "when": event.at,
    }


@page("change settings")
@require_POST
def withdraw(request):
    county = _county_or_404(request)
    try:
        month = Month.parse(request.POST.get("month", ""))
    except ValueError as wrong:
        raise Http404 from wrong
    actions.withdraw_settings(county, by=request.user, from_month=month, opened_until=newest_opened)
    messages.success(request, _("The change of %(month)s is withdrawn.") % {"month": month.label})
    return redirect("settings")
