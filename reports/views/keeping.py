"""The parts of a page that say the same until something happens in the county: drawn once, then kept."""

from collections.abc import Callable, Mapping

from django.core.cache import cache
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils.translation import get_language

from laborreg import clock
from officers.state import state_of
from villages.models import County

HOUR = 3600
# What is recorded in the ledger changes no return, no deadline and no case, and who signs in changes nothing.
LEAVES_RETURNS = Q(verb__in=["signed in", "refused a sign-in"]) | Q(subject_kind__in=[
    "worker", "phone", "registration", "moverequest", "transfer", "unnamedgroup", "household", "householdstatus", "verification",
    "doubt", "batch", "roster",
])


def kept_parts(
    request, county: County, name: str, templates: Mapping[str, str], context: Callable[[], dict], *, of_returns=False
) -> dict[str, str]:
    """Each of `templates` (part → file) drawn with `context()`, in the words of whoever looks. `name` says what was asked.

    They are drawn anew after whatever is done in the county; `of_returns`: only after what may change returns, as
    nothing of the ledger is read for them (a test watches the statements). Nothing with a form in it is kept.
    """
    state = state_of(county.code, "returns", LEAVES_RETURNS) if of_returns else state_of(county.code, "all")
    officer = request.user
    key = ":".join([
        "page", county.code, str(state), clock.today().isoformat(), get_language(), officer.role, *officer.posts, name,
    ])
    if (parts := cache.get(key)) is None:
        known = context()
        parts = {part: render_to_string(template, known | {"request": request}) for part, template in templates.items()}
        cache.set(key, parts, HOUR)
    return parts
