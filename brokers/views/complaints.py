"""What was said against brokers: the list, a new one, and settling it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from brokers import actions
from brokers.forms.filing import ComplaintForm, SettleForm
from brokers.models import Broker, Complaint
from brokers.views.rows import broker_or_404, posted
from officers.pages import page

A_PAGE = 50


def _visible_to(officer):
    brokers = Broker.objects.valid().visible_to(officer)
    return Complaint.objects.filter(broker__in=brokers).select_related("broker__village__township", "by", "settled_by")


@page("check brokers")
def complaints(request):
    """Those that wait for an answer; `?view=settled` the others."""
    found = _visible_to(request.user)
    is_settled = request.GET.get("view") == "settled"
    rows = found.filter(settled_on__isnull=not is_settled)
    return render(request, "brokers/complaints.html", {
        "page_obj": Paginator(rows, A_PAGE).get_page(request.GET.get("page")), "is_settled": is_settled,
        "open": found.filter(settled_on__isnull=True).count(),
    })


@page("check brokers")
def complaint_new(request, pk):
    broker = broker_or_404(request, pk)
    form = ComplaintForm(posted(request), broker=broker)
    if form.is_valid() and form.tries(actions.record_complaint, broker, by=request.user, **form.cleaned_data):
        messages.success(request, _("It is recorded and waits for an answer."))
        return redirect("broker_filing", pk=pk)
    return render(request, "brokers/complaint_new.html", {"broker": broker, "form": form})


@page("check brokers")
def complaint(request, pk):
    """One of them, with the form that settles it."""
    row = get_object_or_404(_visible_to(request.user), pk=pk)
    form = SettleForm(posted(request))
    if form.is_valid() and form.tries(actions.settle_complaint, row, by=request.user, **form.cleaned_data):
        messages.success(request, _("It is settled."))
        return redirect("broker_filing", pk=row.broker_id)
    return render(request, "brokers/complaint.html", {"complaint": row, "broker": row.broker, "form": form})
