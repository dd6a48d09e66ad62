"""A broker who was entered twice: finding the other entry, looking at both side by side, making them one."""

from django.contrib import messages
from django.db.models import Q
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from brokers import actions
from brokers.models import Broker
from brokers.views.rows import broker_or_404, posted
from laborreg import clock
from laborreg.identity import mask_account, mask_id, mask_phone
from laborreg.refusals import Stale
from officers.pages import page
from support.forms.merging import MergeForm
from support.merging import merge_brokers, twins_of, two_people

FOUND = 20


@page("register brokers")
def broker_twins(request, pk):
    """Brokers of the same phone, or of the same name in the township, or whom the officer looks for."""
    broker, q = broker_or_404(request, pk), request.GET.get("q", "").strip()[:50]
    visible = Broker.objects.valid().visible_to(request.user).select_related("village__township")
    if q:
        alike = Q(name__icontains=q) | Q(name_pinyin__startswith=q.lower()) | Q(name_initials=q.lower())
        found = visible.filter(alike).exclude(pk=pk)
    else:
        found = twins_of(broker, visible)
    found = list(found.order_by("name", "pk")[:FOUND])
    for each in found:
        each.masked_phone = mask_phone(each.phone)
    return render(request, "support/broker_twins.html", {"broker": broker, "q": q, "found": found})


@page("register brokers")
def broker_twin(request, pk, other):
    """Both entries side by side; one is chosen to stay."""
    one, two = broker_or_404(request, pk), broker_or_404(request, other)
    if one == two:
        raise Http404
    form = MergeForm(posted(request), one=one, two=two)
    if form.is_valid() and form.tries(merge_brokers, form.loser, by=request.user, **form.facts):
        messages.success(request, _("The two entries are one now."))
        return redirect("broker_filing", pk=form.facts["into"].pk)
    if isinstance(form.refusal, Stale):
        messages.warning(request, _("Somebody changed one of the entries meanwhile. Look at both again."))
        return redirect("broker_twin", pk=pk, other=other)
    context = {"form": form, "one": _told(one), "two": _told(two)}
    # Told before anybody chooses.
    context["refused"] = two_people(one, two, request.user, mistyped=True)
    return render(request, "support/broker_twin.html", context)


def _told(broker):
    """What the table says of an entry beside the plain facts."""
    broker.masked_id, broker.masked_phone = mask_id(actions.id_number_of(broker)), mask_phone(broker.phone)
    broker.masked_account, broker.age = mask_account(actions.account_of(broker)), broker.age_on(clock.today())
    broker.led = broker.transfers.valid().count()
    broker.branch = broker.memberships.filter(left_on__isnull=True).select_related("township").first()
    broker.passed = broker.attendances.filter(has_passed=True).count()
    broker.claimed = broker.claims.count()
    return broker
