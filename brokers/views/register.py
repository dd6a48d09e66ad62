"""The pages of labor brokers: the register, and one broker's form."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from brokers import actions
from brokers.forms.register import BrokerForm, NewBrokerForm, StopForm
from brokers.models import Broker
from laborreg import clock
from laborreg.identity import mask_id, mask_phone
from officers.pages import page
from villages.models import Village

A_PAGE = 50


@page("see people")
def brokers(request):
    """The brokers of the officer's places; of the whole county, only who, of which township, and whether working."""
    own = Broker.objects.visible_to(request.user)
    is_county = request.GET.get("view") == "county"
    found = Broker.objects.filter(county=request.user.county_code) if is_county else own
    q = (request.GET.get("q") or "").strip()[:50]
    if q:
        found = found.filter(Q(name__icontains=q) | Q(name_pinyin__startswith=q.lower()) | Q(name_initials=q.lower()))
    found = found.select_related("village__township")
    page_obj = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    for broker in page_obj.object_list:
        broker.masked_phone = mask_phone(broker.phone)
    return render(request, "brokers/brokers.html", {
        "page_obj": page_obj, "is_county": is_county, "q": q, "counts": _counts(own, request.user),
        "may_register": request.user.may("register brokers"),
        "has_places": len(request.user.posts) > 1 or any(len(post) < 12 for post in request.user.posts),
    })


def _counts(own, officer):
    return {"own": own.count(), "county": Broker.objects.filter(county=officer.county_code).count()}


@page("register brokers")
def broker_new(request):
    villages = Village.objects.visible_to(request.user).lasting().select_related("township")
    form = NewBrokerForm(request.POST or None, villages=villages)
    if form.is_valid():
        village = form.cleaned_data["village"]
        if broker := form.tries(actions.register_broker, by=request.user, village=village, **form.facts):
            return _saved(request, form, _("%(name)s is registered as a labor broker.") % {"name": broker.name})
    return render(request, "brokers/broker_new.html", {"form": form, "today": clock.today()})


@page("register brokers")
def broker_edit(request, pk):
    broker = _own_or_404(request, pk)
    form = BrokerForm(request.POST or None, broker=broker)
    if form.is_valid():
        version = form.cleaned_data["version"] or 0
        if form.tries(actions.edit_broker, broker, by=request.user, version=version, **form.facts):
            return _saved(request, form, _("The broker's facts are saved."))
    return render(request, "brokers/broker_edit.html", _one(broker, form))


@page("register brokers")
@require_POST
def broker_stop(request, pk):
    broker = _own_or_404(request, pk)
    stop = StopForm(request.POST)
    if stop.is_valid() and stop.tries(actions.stop_broker, broker, by=request.user, **stop.cleaned_data):
        messages.success(request, _("%(name)s has stopped as a labor broker.") % {"name": broker.name})
        return redirect("brokers")
    return render(request, "brokers/broker_edit.html", _one(broker, BrokerForm(broker=broker), stop))


@page("register brokers")
@require_POST
def broker_resume(request, pk):
    broker = _own_or_404(request, pk)
    actions.resume_broker(broker, by=request.user, version=broker.version)
    messages.success(request, _("%(name)s works as a labor broker again.") % {"name": broker.name})
    return redirect("brokers")


def _own_or_404(request, pk):
    visible = Broker.objects.visible_to(request.user).select_related("village__township")
    return get_object_or_404(visible, pk=pk)


def _one(broker, form, stop=None):
    return {
        "broker": broker, "form": form, "today": clock.today(), "masked_phone": mask_phone(broker.phone),
        "masked_id": mask_id(actions.id_number_of(broker)),
        "stop": stop or StopForm(initial={"stopped_on": clock.today(), "version": broker.version}),
    }


def _saved(request, form, sentence):
    messages.success(request, sentence)
    if form.doubt:
        messages.warning(request, form.doubt)
    return redirect("brokers")
