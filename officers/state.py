"""A number for the state that a county is in, so that what was made of it can be kept until that changes."""

from django.core.cache import cache
from django.db.models import Q

from officers.models import AuditEvent, AuditHead


def state_of(county_code: str, kind: str, passes: Q | None = None) -> int:
    """Another number after each event of the county, save those that are `passes`; `kind` names which those are.

    Whatever is done in a county goes into its trail in the same transaction, so the number of an event names the state
    after it. Read it before what it is to name. Only events since the last look are read: who has never looked takes the
    newest of all for the state, which is as good a name.
    """
    head = AuditHead.objects.filter(county_code=county_code).values_list("number", flat=True).first() or 0
    if passes is None:
        return head
    key = f"state:{county_code}:{kind}"
    looked_at, state = cache.get(key) or (head, head)
    if looked_at < head:
        since = AuditEvent.objects.filter(county_code=county_code, number__gt=looked_at).exclude(passes)
        state = since.order_by("-number").values_list("number", flat=True).first() or state
    cache.set(key, (max(looked_at, head), state), None)
    return state
