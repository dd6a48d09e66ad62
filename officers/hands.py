"""Whose account another officer had in hand lately: who issued it or set its password anew may know the way in.

Where two persons are asked for (GB/T 35273-2020, 7.1 c), two such accounts count as one.
"""

from datetime import timedelta

from django.db.models import Q

from laborreg import clock
from officers.models import AuditEvent
from officers.verbs import OPENED

DAYS = 30


def shared_with(officer) -> set[int]:
    """Officers whose account this one had in hand within thirty days, or who had this one's; asked once a request."""
    if not hasattr(officer, "_shares_hands_with"):
        lately = AuditEvent.objects.filter(verb__in=OPENED, at__gt=clock.now() - timedelta(days=DAYS), subject_kind="officer")
        pairs = lately.filter(Q(by=officer) | Q(subject_id=str(officer.pk))).values_list("by_id", "subject_id")
        officer._shares_hands_with = {number for by, about in pairs for number in (by, int(about)) if number} - {officer.pk}
    return officer._shares_hands_with
