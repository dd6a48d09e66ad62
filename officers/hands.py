"""Whose account another officer had in hand lately: who issued it or set its password anew may know the way in.

Where two persons are asked for (GB/T 35273-2020, 7.1 c), such accounts count as one, also by way of a third that lies between.
The administrator, who issues those of the county bureau and approves nothing, joins no two.
"""

from collections import defaultdict
from datetime import timedelta

from laborreg import clock
from officers.models import AuditEvent
from officers.roles import ADMIN
from officers.verbs import OPENED

DAYS = 30


def shared_with(officer) -> set[int]:
    """Officers whose accounts and this one went through one hand within thirty days; asked once a request."""
    if not hasattr(officer, "_shares_hands_with"):
        officer._shares_hands_with = _reached_from(officer.pk, _pairs()) - {officer.pk}
    return officer._shares_hands_with


def _pairs() -> dict[int, set[int]]:
    lately = AuditEvent.objects.filter(
        verb__in=OPENED, at__gt=clock.now() - timedelta(days=DAYS), subject_kind="officer", by__isnull=False
    )
    pairs = defaultdict(set)
    for by, about in lately.exclude(by__role=ADMIN).order_by().values_list("by_id", "subject_id"):
        pairs[by].add(int(about))
        pairs[int(about)].add(by)
    return pairs


def _reached_from(number, pairs) -> set[int]:
    found, new = set(), {number}
    while new:
        found |= new
        new = {other for each in new for other in pairs.get(each, ())} - found
    return found
