"""The list of claims, the buttons for many at once, and who stands in more than one claim."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Min
from django.db.models.functions import Coalesce
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from brokers.models import Publication
from laborreg import clock
from laborreg.forms import ActionForm, row_number
from laborreg.identity import mask_name
from laborreg.months import Month
from laborreg.refusals import Refusal
from officers.pages import page
from support import actions, codes
from support.actions.drawing import drawable
from support.forms.claims import ListForm, PaidForm, PublishForm
from support.listing import CHANGED, STATES, Query, with_changes
from support.models import Claim, ClaimLine, SchemeBand
from villages.models import County
from workers.models import Worker

A_PAGE = 100
# state → (power, the step that the list offers for those that are ticked)
STEPS = {
    "drawn": ("confirm claims", "confirm"), "confirmed": ("pay brokers", "publish"),
    "published": ("pay brokers", "approve"), "approved": ("pay brokers", "paid"),
}
STATE = {step: state for state, (_power, step) in STEPS.items()}


@page("see people")
def claims(request):
    return show(request)


def show(request, state="", **forms):
    """The list; `forms` are those that were sent and not taken, at claims of a state."""
    query = Query(request.user, request.GET.dict() | ({"state": state} if state else {}))
    rows = query.claims.select_related("scheme", "broker__village__township")
    page_obj = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    page_obj.object_list = with_changes(page_obj.object_list)
    steps = _steps(request.user, query)
    least = _least(query)
    for claim in page_obj.object_list:
        claim.can_go_on = claim.amount and STEPS.get(claim.state, ("", ""))[1] in steps
        claim.is_small = 0 < claim.persons < least
    return render(request, "support/claims.html", {
        "query": query, "page_obj": page_obj, "views": _views(query), "steps": steps, "least": least,
        "is_changed": any(claim.now for claim in page_obj.object_list),
        "publications": _publications(query) if request.user.may("confirm claims") or request.user.may("pay brokers") else [],
        "may_draw": request.user.may("confirm claims") or request.user.may("pay brokers"),
        "may_pay": request.user.may("pay brokers"), "has_places": len(query.townships) > 1,
        "without_account": _without_account(query) if "paid" in steps else 0,
        "has_schemes": bool(query.choices) or bool(drawable(request.user.county_code)),
        **_forms(request, steps), **forms,
    })


def _steps(officer, query) -> list[str]:
    """What the officer may do with the claims that are listed; nearest to the money first."""
    states = [state for state in reversed(STEPS) if query.by_state.get(state) and query.state in (state, "", CHANGED)]
    return [STEPS[state][1] for state in states if officer.may(STEPS[state][0])]


def _least(query) -> int:
    """With fewer workers the scheme pays nothing."""
    return SchemeBand.objects.filter(scheme=query.scheme).aggregate(least=Min("size_from"))["least"] or 0


def _without_account(query) -> int:
    return query.claims.filter(state="approved", broker__account_cipher=None).count()


def _views(query):
    tabs = [("", _("All")), *codes.CLAIM_STATES, (CHANGED, _("Corrected since"))]
    counts = {state: row["claims"] for state, row in query.by_state.items()}
    counts[""] = sum(counts.values())
    counts[CHANGED] = query.of_year.changed_since().count()
    counts = dict.fromkeys([state for state, _label in codes.CLAIM_STATES], 0) | counts
    return [
        {"name": name, "label": label, "count": counts[name], "is_current": name == query.state} for name, label in tabs
    ]


def _forms(request, steps) -> dict:
    found = {}
    if "publish" in steps:
        county = County.objects.filter(pk=request.user.county_code).first()
        days = county.rules_from(Month.of(clock.today())).objection_days if county else 1
        found |= {"publish": PublishForm(initial=PublishForm.initial_of(days)), "least_days": days}
    if "paid" in steps:
        found |= {"paid": PaidForm(initial={"on": clock.today()}), "accounts": ListForm()}
    return found


def _publications(query):
    if not query.chosen:
        return []
    return Publication.objects.filter(subject="claims", claims__in=query.of_year).distinct()


@page("confirm claims")
@require_POST
def claims_confirm(request):
    return _step(request, ActionForm(request.POST), actions.confirm, "confirm")


@page("pay brokers")
@require_POST
def claims_publish(request):
    return _step(request, PublishForm(request.POST), actions.publish, "publish")


@page("pay brokers")
@require_POST
def claims_approve(request):
    return _step(request, ActionForm(request.POST), actions.approve, "approve")


@page("pay brokers")
@require_POST
def claims_paid(request):
    return _step(request, PaidForm(request.POST), actions.mark_paid, "paid")


def _step(request, form, action, name):
    """What was ticked goes on; what is refused is said on the list, with what was typed."""
    try:
        chosen = ticked(request, STATE[name])
    except Refusal as refusal:
        form.add_error(None, refusal.message)
        chosen = []
    if form.is_valid():
        form.tries(action, chosen, by=request.user, **form.cleaned_data)
    if form.errors:
        return show(request, STATE[name], **{name: form, "refused": form})
    said = {
        "confirm": ngettext("%(n)d claim is confirmed.", "%(n)d claims are confirmed.", len(chosen)),
        "publish": ngettext("%(n)d claim is published.", "%(n)d claims are published.", len(chosen)),
        "approve": ngettext("%(n)d claim is approved.", "%(n)d claims are approved.", len(chosen)),
        "paid": ngettext("%(n)d claim is paid.", "%(n)d claims are paid.", len(chosen)),
    }
    messages.success(request, said[name] % {"n": len(chosen)})
    return redirect(f"{reverse('claims')}?{request.GET.urlencode()}")


def ticked(request, state) -> list[Claim]:
    """The claims that were ticked, as they were seen; with `all`, those of the whole list, if it is still the one that was seen.

    In a list of several states each button takes those that are ready for it.
    """
    if request.POST.get("all"):
        query = Query(request.user, request.GET)
        if request.POST["all"] != query.fingerprint:
            raise Refusal(_("Somebody changed one of these claims meanwhile. Look at them again."))
        return list(query.going_on) if query.state else []
    pairs = [pair.partition(":") for pair in request.POST.getlist("chosen")]
    seen = {row_number(number): row_number(version) for number, _colon, version in pairs}
    found = list(Claim.objects.visible_to(request.user).filter(pk__in=[number for number in seen if number]))
    if any(claim.version != seen[claim.pk] for claim in found):
        raise Refusal(_("Somebody changed one of these claims meanwhile. Look at them again."))
    is_mixed = request.GET.get("state") not in STATES
    return [claim for claim in found if claim.state == state] if is_mixed else found


@page("confirm claims", "pay brokers")
def cross_check(request):
    """Workers with a line in more than one claim of a year: which counts, which does not, and why."""
    visible = Claim.objects.visible_to(request.user)
    years = list(visible.order_by("-year").values_list("year", flat=True).distinct())
    asked = row_number(request.GET.get("year"))
    year = asked if asked in years else years[0] if years else None
    lines = _by_person(request.user, year)
    several = lines.order_by().values("person").annotate(n=Count("claim", distinct=True)).filter(n__gt=1)
    several = several.filter(person__in=lines.filter(claim__in=visible).values("person"))
    page_obj = Paginator(several.order_by("person"), A_PAGE // 2).get_page(request.GET.get("page"))
    page_obj.object_list = _people(request.user, [row["person"] for row in page_obj.object_list], year)
    rows = lines.filter(person__in=several.values("person")).count()
    return render(request, "support/cross_check.html", {"page_obj": page_obj, "years": years, "year": year, "rows": rows})


def _by_person(officer, year):
    """The lines of the county's year, each with its `person`: of one who was entered twice, the entry that stayed."""
    lines = ClaimLine.objects.filter(year=year, county=officer.county_code)
    return lines.annotate(person=Coalesce("worker__merged_into_id", "worker_id"))


def _people(officer, numbers, year) -> list[dict]:
    """Each worker with all lines of the year; name and link only of who is the officer's to see."""
    lines = _by_person(officer, year).filter(person__in=numbers).order_by("person", "-amount", "started_on")
    lines = lines.select_related("claim__broker__village__township", "claim__scheme", "village")
    open_to = set(Worker.objects.visible_to(officer).filter(pk__in=numbers).values_list("pk", flat=True))
    own = set(Claim.objects.visible_to(officer).filter(year=year).values_list("pk", flat=True))
    found: dict[int, dict] = {number: {"lines": []} for number in numbers}
    for line in lines:
        person, is_open = found[line.person], line.person in open_to
        name = line.name if is_open else mask_name(line.name)
        person.update(name=name, village=line.village, pk=line.person, is_open=is_open)
        person["lines"].append((line, line.claim_id in own))
    return list(found.values())
