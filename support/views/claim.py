"""One claim: its amount as arithmetic, every worker with the rule that counted or refused it, and who did which step."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, F
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from laborreg.identity import mask_name
from laborreg.refusals import Refusal
from officers import audit
from officers.pages import page
from officers.verbs import VERBS
from support import actions, codes
from support.counting import Part
from support.forms.claims import ReasonForm
from support.listing import with_changes
from support.models import Claim
from support.schemes import grid_of
from workers.models import Worker

A_PAGE = 100


@page("see people")
def claim(request, pk):
    return show(request, _claim_or_404(request, pk))


def show(request, found, send_back=None):
    verdict = request.GET.get("verdict") if request.GET.get("verdict") in dict(codes.VERDICTS) else ""
    lines = found.lines.select_related("village__township").annotate(version_now=F("transfer__version"))
    page_obj = Paginator(lines.filter(verdict=verdict) if verdict else lines, A_PAGE).get_page(request.GET.get("page"))
    page_obj.object_list = _lines(request.user, page_obj.object_list)
    [found] = with_changes([found])
    user, at, grid = request.user, found.township_id, grid_of(found.scheme)
    return render(request, "support/claim.html", {
        "claim": found, "page_obj": page_obj, "views": _views(found, verdict), "parts": _parts(found, grid), "grid": grid,
        "is_small": found.persons < grid.smallest, "timeline": _timeline(found),
        "may_confirm": found.state == "drawn" and found.amount and user.may("confirm claims", at=at),
        "may_redraw": found.state == "drawn" and (user.may("confirm claims", at=at) or user.may("pay brokers", at=at)),
        "may_send_back": found.state in ("confirmed", "published") and user.may("pay brokers", at=at),
        "send_back": send_back or ReasonForm(),
    })


def _claim_or_404(request, pk) -> Claim:
    rows = Claim.objects.visible_to(request.user).select_related(
        "scheme", "township", "broker__village__township", "drawn_by", "publication", "approved_by",
    )
    return get_object_or_404(rows, pk=pk)


def _lines(officer, lines) -> list:
    """As they were counted. A link only to who is the officer's to see; a village officer reads no names of other villages."""
    lines = list(lines)
    open_to = Worker.objects.valid().visible_to(officer).filter(pk__in=[line.worker_id for line in lines])
    open_to = set(open_to.values_list("pk", flat=True))
    for line in lines:
        line.is_open = line.worker_id in open_to
        line.is_changed = line.version_now != line.transfer_version
        line.shown_name = line.name if line.is_open else mask_name(line.name)
    return lines


def _views(claim, current) -> list[dict]:
    counts = dict(claim.lines.order_by().values_list("verdict").annotate(n=Count("pk")))
    counts[""] = sum(counts.values())
    labels = [("", _("All")), *codes.VERDICTS]
    return [
        {"name": name, "label": label, "count": counts[name], "is_current": name == current}
        for name, label in labels if name in counts
    ]


def _parts(claim, grid) -> list[tuple[str, Part]]:
    """(length in words, workers × yuan) of what was counted, by the scheme's rows of days."""
    rows = claim.lines.filter(verdict="counts").order_by().values_list("days", "amount").annotate(n=Count("pk"))
    found: dict[tuple[int, int], int] = {}
    for days, yuan, n in rows:
        reached = max(low for low, _high in grid.lengths if low <= days)
        found[reached, yuan] = found.get((reached, yuan), 0) + n
    words = {length[0]: label for length, (label, _amounts) in zip(grid.lengths, grid.rows, strict=True)}
    return [(words[reached], Part(reached, n, yuan)) for (reached, yuan), n in sorted(found.items())]


def _timeline(claim) -> list[dict]:
    """Newest first: every step with its officer, out of the trail; the drawing up out of the claim."""
    steps = [(claim.drawn_at, claim.drawn_by, _("drew the claim up"), "")]
    steps += [(event.at, event.by, VERBS[event.verb], _note(event.detail)) for event in audit.trail(claim)]
    # Drawn up anew after it was sent back: by the moment.
    steps.sort(key=lambda step: step[0], reverse=True)
    return [
        {"who": by.name if by else _("The system"), "what": what, "note": note, "when": timezone.localtime(at)}
        for at, by, what, note in steps
    ]


def _note(detail) -> str:
    said = []
    if "yuan" in detail:
        said.append(_("%(persons)s workers, %(yuan)s yuan") % {"persons": detail["persons"], "yuan": f"{detail['yuan']:,}"})
    if "from_on" in detail:
        said.append(f"{detail['from_on']} – {detail['to_on']}")
    return " · ".join([*said, *[detail[name] for name in ("reason", "on") if name in detail]])


@page("pay brokers")
@require_POST
def claim_send_back(request, pk):
    found = _claim_or_404(request, pk)
    form = ReasonForm(request.POST)
    if form.is_valid():
        form.tries(actions.send_back, [found], by=request.user, **form.cleaned_data)
    if form.errors:
        return show(request, found, form)
    messages.success(request, _("The claim of %(name)s is sent back.") % {"name": found.broker.name})
    return redirect("claim", pk=pk)


@page("confirm claims", "pay brokers")
@require_POST
def claim_again(request, pk):
    """Count this broker anew."""
    found = _claim_or_404(request, pk)
    drawing = actions.draw_up(found.scheme, found.year, by=request.user, broker=found.broker)
    if drawing.gone:
        messages.success(request, _("%(name)s led nobody in %(year)d any more; the claim fell away.") % {
            "name": found.broker.name, "year": found.year,
        })
        return redirect("claims")
    if found.broker_id not in drawing.now:
        raise Refusal(_("The claim of %(name)s is “%(state)s” meanwhile; look at it again.") % {
            "name": found.broker.name, "state": Claim.objects.get(pk=pk).get_state_display(),
        })
    before, now = drawing.before.get(found.broker_id, (0, 0)), drawing.now[found.broker_id]
    messages.success(request, _(
        "Drawn up again: %(persons)d → %(persons_now)d workers, %(yuan)d → %(yuan_now)d yuan."
    ) % {"persons": before[0], "persons_now": now[0], "yuan": before[1], "yuan_now": now[1]})
    return redirect("claim", pk=pk)
