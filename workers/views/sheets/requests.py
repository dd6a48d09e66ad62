"""Large lists that wait for a second person: who asked for what, and what came of it."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from laborreg import clock
from officers.pages import page
from workers import codes
from workers.forms import ExportRefusalForm
from workers.models import ExportRequest
from workers.models.export_requests import DAYS
from workers.sheets import approving, ordering
from workers.sheets.roster_columns import BY_KIND
from workers.sheets.rosters import areas, told_filter

SHOWN = 100


@page("export rosters")
def export_requests(request):
    """What waits for the officer's word, and the others: of the officer, and for the county bureau of everybody."""
    rows = _requests(request)
    waiting = [each for each in rows.waiting() if approving.may_decide(each, request.user)]
    others = rows.exclude(pk__in=[each.pk for each in waiting])[:SHOWN]
    context = {"waiting": waiting, "others": others, "decides": request.user.may("approve exports")}
    return render(request, "workers/sheets/requests.html", context)


@page("export rosters")
def export_request(request, pk):
    return _show(request, _request_or_404(request, pk), ExportRefusalForm())


def _show(request, asked, form):
    known = BY_KIND.get(asked.kind, {})
    return render(request, "workers/sheets/request.html", {
        "asked": asked, "form": form, "days": DAYS, "place": areas([asked.place_code]),
        "columns": [known[name].words for name in asked.columns if name in known],
        "filter": told_filter(asked, clock.today()), "has_numbers": approving.has_numbers(asked.kind),
        "written_at": _written_at(asked), "sent": _sent(asked),
        "may_decide": approving.may_decide(asked, request.user),
        "may_write": asked.is_usable and asked.asked_by_id == request.user.pk,
    })


def _written_at(asked) -> str:
    """Where an approved list that is no roster is written: at its own form, a register at the page of its choices."""
    if asked.kind in dict(codes.ROSTER_KINDS):
        return ""
    if asked.kind == "training":
        return reverse("training_export", args=[asked.narrowed["course"]])
    names = {"pay_list": "pay_list", "ranking": "ranking_export"}
    return reverse(names[asked.kind]) if asked.kind in names else reverse("register_export", args=[asked.kind])


def _sent(asked) -> list[tuple[str, str]]:
    """Names and values of the fields by which such a form makes the same list."""
    if "what" not in asked.narrowed:
        return []
    several = [(name, said if isinstance(said, list) else [said]) for name, said in asked.narrowed.items() if name != "what"]
    return [("reason", asked.reason), *((name, value) for name, values in several for value in values)]


@page("approve exports")
@require_POST
def export_approve(request, pk):
    approving.approve(_request_or_404(request, pk), by=request.user)
    messages.success(request, _("The list is approved. Who asked for it is told."))
    return redirect("export_request", pk=pk)


@page("approve exports")
@require_POST
def export_refuse(request, pk):
    asked, form = _request_or_404(request, pk), ExportRefusalForm(request.POST)
    if form.is_valid() and form.tries(approving.refuse, asked, by=request.user, reason=form.cleaned_data["reason"]):
        messages.success(request, _("The list is not approved. Who asked for it is told why."))
        return redirect("export_request", pk=pk)
    return _show(request, asked, form)


@page("export rosters")
@require_POST
def export_write(request, pk):
    """The list as it was approved, with the rows of today."""
    asked = _request_or_404(request, pk)
    if asked.asked_by_id != request.user.pk or asked.kind not in dict(codes.ROSTER_KINDS):
        raise Http404
    roster = ordering.order_approved(asked, by=request.user)
    return redirect("roster", roster.pk)


def _requests(request):
    return ExportRequest.objects.visible_to(request.user).select_related("asked_by", "decided_by", "roster")


def _request_or_404(request, pk) -> ExportRequest:
    return get_object_or_404(_requests(request), pk=pk)
