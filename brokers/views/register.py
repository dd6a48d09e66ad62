"""The pages of labor brokers: the register, one broker's form, and a number shown in full."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Q
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from brokers import actions, codes, filing
from brokers.forms.register import BrokerForm, NewBrokerForm, RevealForm, StopForm
from brokers.models import Broker, Membership
from brokers.views.rows import broker_or_404, posted
from laborreg import clock
from laborreg.identity import mask_account, mask_id, mask_phone
from officers.addresses import address_of
from officers.pages import page
from villages.models import Village

A_PAGE = 50


@page("see people")
def brokers(request):
    """The brokers of the officer's places; of the whole county, only who, of which township, and their standing."""
    own = Broker.objects.valid().visible_to(request.user)
    everybody = Broker.objects.valid().filter(county=request.user.county_code)
    is_county = request.GET.get("view") == "county"
    q, state = (request.GET.get("q") or "").strip()[:50], request.GET.get("state", "")
    found = _of_state(everybody if is_county else own, state)
    if q:
        found = found.filter(Q(name__icontains=q) | Q(name_pinyin__startswith=q.lower()) | Q(name_initials=q.lower()))
    if not is_county:
        found = _with_standing(found)
    page_obj = Paginator(found.select_related("village__township"), A_PAGE).get_page(request.GET.get("page"))
    for broker in page_obj.object_list:
        broker.masked_phone, broker.tone = mask_phone(broker.phone), codes.TONES[broker.state]
    return render(request, "brokers/brokers.html", {
        "page_obj": page_obj, "is_county": is_county, "q": q, "state": state,
        "states": [*codes.STATES, ("stopped", _("Stopped"))],
        "to_file": filing.to_be_filed(own).count() if request.user.may("file brokers") else 0,
        "counts": {"own": own.count(), "county": everybody.count()},
        "may_register": request.user.may("register brokers"),
        "has_places": len(request.user.posts) > 1 or any(len(post) < 12 for post in request.user.posts),
    })


def _of_state(brokers, state):
    """Those whose filing stands there, or who have stopped; an unknown word narrows nothing."""
    if state == "stopped":
        return brokers.filter(stopped_on__isnull=False)
    return brokers.filter(state=state) if state in dict(codes.STATES) else brokers


def _with_standing(brokers):
    """Each with whether a course was passed and holds, and whether the association counts the broker in."""
    joined = Membership.objects.filter(broker=OuterRef("pk"), left_on__isnull=True)
    return filing.with_training(brokers, clock.today()).annotate(is_member=Exists(joined))


@page("register brokers")
def broker_new(request):
    villages = Village.objects.visible_to(request.user).lasting().select_related("township")
    form = NewBrokerForm(request.POST or None, villages=villages)
    if form.is_valid():
        village = form.cleaned_data["village"]
        if broker := form.tries(actions.register_broker, by=request.user, village=village, **form.facts):
            return _saved(request, form, broker, _("%(name)s is registered as a labor broker.") % {"name": broker.name})
    return render(request, "brokers/broker_new.html", {"form": form, "today": clock.today()})


@page("register brokers")
def broker_edit(request, pk):
    broker = broker_or_404(request, pk)
    form = BrokerForm(request.POST or None, broker=broker, officer=request.user)
    if form.is_valid():
        version = form.cleaned_data["version"] or 0
        if form.tries(actions.edit_broker, broker, by=request.user, version=version, **form.facts):
            return _saved(request, form, broker, _("The broker's facts are saved."))
    return render(request, "brokers/broker_edit.html", _one(request.user, broker, form))


@page("register brokers")
@require_POST
def broker_stop(request, pk):
    broker = broker_or_404(request, pk)
    stop = StopForm(request.POST)
    if stop.is_valid() and stop.tries(actions.stop_broker, broker, by=request.user, **stop.cleaned_data):
        messages.success(request, _("%(name)s has stopped as a labor broker.") % {"name": broker.name})
        return redirect("brokers")
    form = BrokerForm(broker=broker, officer=request.user)
    return render(request, "brokers/broker_edit.html", _one(request.user, broker, form, stop))


@page("register brokers")
@require_POST
def broker_resume(request, pk):
    broker = broker_or_404(request, pk)
    actions.resume_broker(broker, by=request.user, version=broker.version)
    messages.success(request, _("%(name)s works as a labor broker again.") % {"name": broker.name})
    return redirect("brokers")


@page("reveal numbers")
def broker_reveal(request, pk):
    """ID number, phone or account in full on this one answer; asking for it is in the audit trail."""
    broker = broker_or_404(request, pk)
    form, number = RevealForm(posted(request), broker=broker), None
    if form.is_valid():
        number = form.tries(
            actions.reveal_broker, broker, by=request.user, address=address_of(request), **form.cleaned_data
        )
    return render(request, "brokers/broker_reveal.html", {"broker": broker, "form": form, "number": number})


def _one(officer, broker, form, stop=None):
    return {
        "broker": broker, "form": form, "today": clock.today(), "masked_phone": mask_phone(broker.phone),
        "masked_id": mask_id(actions.id_number_of(broker)), "masked_account": mask_account(actions.account_of(broker)),
        "may_stop": not broker.filed_on or officer.may("check brokers", at=broker.village_id),
        "may_reveal": officer.may("reveal numbers", at=broker.village_id),
        "stop": stop or StopForm(initial={"stopped_on": clock.today(), "version": broker.version}),
    }


def _saved(request, form, broker, sentence):
    """To the broker's card, where the next step stands."""
    messages.success(request, sentence)
    for doubt in _doubts(request.user, form, broker_or_404(request, broker.pk)):
        messages.warning(request, doubt)
    return redirect("broker", broker.pk)


def _doubts(officer, form, broker) -> list[str]:
    """What was taken and should be looked at again."""
    age = None if broker.filed_on else filing.age_does_not_fit(broker, clock.today())
    account = _shared_account(officer, broker) if "account" in form.facts else None
    return [doubt for doubt in (form.doubt, age, account) if doubt]


def _shared_account(officer, broker) -> str | None:
    """Names nobody whom the officer does not see."""
    others = actions.same_account(broker)
    if other := others.visible_to(officer).first():
        return _("This bank account is also that of %(name)s. Check the number.") % {"name": other.name}
    return _("This bank account is also that of another broker. Check the number.") if others.exists() else None
