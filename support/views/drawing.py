"""Drawing claims up: first what would change, then the button."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from brokers.models import Broker
from officers.pages import page
from support import actions
from support.actions.drawing import drawable, why_not, would_be
from support.models import Scheme

MOST_SHOWN = 200


@page("confirm claims", "pay brokers")
def claims_draw(request):
    """Of a scheme and year: what is counted now beside what is drawn up so far. A POST draws it up."""
    Scheme.objects.visible_to(request.user)
    choices = drawable(request.user.county_code)
    asked = (request.POST or request.GET).get("of")
    chosen = next(((scheme, year) for scheme, year in choices if value(scheme, year) == asked), None)
    refusal = why_not(*chosen) if chosen else None
    if request.method == "POST" and chosen and not refusal:
        _draw(request, *chosen)
        return redirect(f"{reverse('claims')}?of={asked}")
    drawing = would_be(*chosen, places=request.user.posts) if chosen and not refusal else None
    return render(request, "support/claims_draw.html", {
        "choices": [(value(scheme, year), f"{year} · {scheme}") for scheme, year in choices], "chosen": asked if chosen else "",
        "is_unsaid": asked is not None and not chosen,
        "refusal": refusal, "drawing": drawing, "scheme": chosen[0] if chosen else None, "year": chosen[1] if chosen else None,
        **(_differences(drawing) if drawing else {}),
    })


def value(scheme, year) -> str:
    return f"{scheme.pk}-{year}"


def _draw(request, scheme, year):
    """Of each place of the officer's; the county's is one."""
    drawings = [actions.draw_up(scheme, year, by=request.user, place=post) for post in request.user.posts]
    numbers = {name: sum(len(getattr(each, name)) for each in drawings) for name in ("new", "changed", "unchanged", "gone")}
    sentence = _("Drawn up: %(new)d claims are new, %(changed)d changed, %(unchanged)d are as before, %(gone)d fell away.")
    messages.success(request, sentence % numbers)


def _differences(drawing) -> dict:
    """Brokers whose claim changes, the largest difference first; new ones only counted."""
    changed = sorted(
        drawing.changed | drawing.gone,
        key=lambda broker: -abs(drawing.now.get(broker, (0, 0))[1] - drawing.before[broker][1]),
    )
    names = Broker.objects.select_related("village__township").in_bulk(changed[:MOST_SHOWN])
    rows = [
        (names[broker], *drawing.before[broker], *drawing.now.get(broker, (0, 0))) for broker in changed[:MOST_SHOWN]
    ]
    return {
        "rows": rows, "more": len(changed) - len(rows), "persons": sum(persons for persons, _yuan in drawing.now.values()),
        "yuan": sum(yuan for _persons, yuan in drawing.now.values()),
        "paid": sum(1 for _persons, yuan in drawing.now.values() if yuan),
    }


@page("pay brokers")
@require_POST
def claims_drop(request):
    """Take away what is only drawn up of a scheme and year."""
    number, _dash, year = (request.POST.get("of") or "").partition("-")
    found = [(scheme, y) for scheme, y in drawable(request.user.county_code) if (str(scheme.pk), str(y)) == (number, year)]
    Scheme.objects.visible_to(request.user)
    if not found:
        raise Http404
    [(scheme, year)] = found
    dropped = actions.drop_drawn(scheme, year, by=request.user)
    messages.success(request, _("%(n)d claims that were only drawn up are taken away.") % {"n": dropped})
    return redirect("claims")
