"""The page of one filing: where it stands, who took which step, and the step that comes next."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from brokers import actions, codes, filing
from brokers.forms.filing import ReasonForm, RecommendForm, StepForm
from brokers.models import Publication
from brokers.views.rows import broker_or_404
from laborreg import clock
from laborreg.identity import mask_id
from officers.pages import page

# What the page asks for a step, and what is told when it was taken. The training comes from the courses.
TAKES = {
    "recommended": (actions.recommend_broker, RecommendForm, _("%(name)s is recommended.")),
    "filed": (actions.file_broker, StepForm, _("%(name)s is filed and has a certificate.")),
    "suspended": (actions.suspend_broker, ReasonForm, _("%(name)s is suspended.")),
    "restored": (actions.restore_broker, ReasonForm, _("The certificate of %(name)s holds again.")),
    "revoked": (actions.revoke_broker, ReasonForm, _("The certificate of %(name)s is revoked.")),
    "set_back": (actions.set_back_broker, ReasonForm, _("The filing of %(name)s begins anew.")),
}
# What is still to be done, on the bar; what is done reads as the state.
TO_DO = {"recommended": _("Recommend"), "trained": _("Training"), "published": _("Publish"), "filed": _("Filing")}
# Beside the straight way: (button, what it brings about).
BESIDE = {
    "suspended": (_("Suspend"), _("For now nobody can be entered as led by this broker.")),
    "restored": (_("Restore"), _("The certificate holds again, with its number.")),
    "revoked": (_("Revoke"), _(
        "The certificate holds no more. Whom the broker led until then stays in the ledger."
    )),
    "set_back": (_("Set back"), _("The filing begins anew: recommended, trained, published.")),
}


@page("see people")
def broker_filing(request, pk):
    return _show(request, broker_or_404(request, pk))


@page("recommend brokers", "check brokers", "file brokers")
@require_POST
def broker_step(request, pk, step):
    broker = broker_or_404(request, pk)
    if step not in TAKES:
        raise Http404
    action, form_class, done = TAKES[step]
    form = form_class(request.POST)
    if form.is_valid() and (broker := form.tries(action, broker, by=request.user, **form.facts)):
        messages.success(request, done % {"name": broker.name})
        return redirect("broker_filing", pk=pk)
    return _show(request, broker_or_404(request, pk), step, form)


def _show(request, broker, tried=None, form=None):
    """`tried` is a step that was refused, with its form."""
    forms = {tried: form} if form else {}
    may_check = request.user.may("check brokers", at=broker.village_id)
    today = clock.today()
    return render(request, "brokers/broker_filing.html", {
        "broker": broker, "tried": tried, "form": form, "today": today, "age": broker.age_on(today),
        "masked_id": mask_id(actions.id_number_of(broker)), "tone": codes.TONES[broker.state],
        "line": _line(broker), "entries": _entries(broker, request.user), "next": _next(broker, request.user, forms),
        "beside": _beside(broker, request.user, forms), "may_check": may_check,
        "may_register": request.user.may("register brokers", at=broker.village_id),
        "complaints": broker.complaints.select_related("by", "settled_by") if may_check else [],
        "has_certificate": filing.has_certificate(broker) and may_check,
    })


def _line(broker) -> list:
    """The straight way from the register to the file: what is done, and what is to be done now."""
    way, labels = filing.WAY, dict(codes.STATES)
    reached = 0 if broker.state == "registered" else way.index(broker.state) + 1 if broker.state in way else len(way)
    days = {step.step: step.on for step in broker.steps.all()}
    line = []
    for number, name in enumerate(way):
        state = "done" if number < reached else "now" if number == reached else "todo"
        note = days.get(name) if number < reached else None
        label = labels[name] if state == "done" else TO_DO[name]
        line.append({"label": label, "note": note.isoformat() if note else "", "state": state})
    if broker.is_barred:
        line[-1] = {"label": labels[broker.state], "note": filing.standing_since(broker).isoformat(), "state": "bad"}
    return line


def _entries(broker, officer) -> list:
    """Every step that was taken, newest first; a list is a link for whoever may see it."""
    steps = list(broker.steps.select_related("by", "publication").order_by("-at", "-pk"))
    visible = Publication.objects.visible_to(officer).filter(steps__broker=broker)
    open_lists = set(visible.values_list("pk", flat=True)) if officer.may("check brokers") else set()
    for step in steps:
        step.is_open_to_officer = step.publication_id in open_lists
    return steps


def _next(broker, officer, forms) -> dict | None:
    """The next step of the straight way: its form for whoever may take it, or in words what it waits for."""
    name = filing.next_of(broker)
    if name is None:
        return None
    may = officer.may(filing.STEPS[name].power, at=broker.village_id)
    asks = name in TAKES and may
    form = forms.get(name) or (TAKES[name][1](initial={"version": broker.version}) if asks else None)
    return {"name": name, "may": may, "form": form, "missing": filing.obstacles(name, broker, clock.today())}


def _beside(broker, officer, forms) -> list:
    """Steps back and aside that follow from here and that the officer may take."""
    found = []
    for name, (button, effect) in BESIDE.items():
        step = filing.STEPS[name]
        if broker.state in step.sources and officer.may(step.power, at=broker.village_id):
            form = forms.get(name) or ReasonForm(initial={"version": broker.version}, auto_id=f"id_{name}_%s")
            found.append({"name": name, "button": button, "effect": effect, "form": form, "is_open": name in forms})
    return found
