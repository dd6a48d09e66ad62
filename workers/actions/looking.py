"""Looking for a whole number that fits nobody: of an ID number a mask hides the birth date, and with the age and the check
digit some thirty numbers are left to be tried one after the other. So each try in vain stands in the trail, and they end.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from laborreg import clock
from laborreg.refusals import Refusal
from officers import audit
from officers.models import AuditEvent
from officers.verbs import IN_VAIN
from workers.actions.keeping import one_at_a_time

MOST, WINDOW = 15, timedelta(hours=1)


@contextmanager
def one_look(by) -> Iterator[None]:
    """Look, and `looked_in_vain` if so, within it: of many requests at once each knows how many were in vain before it."""
    with transaction.atomic():
        one_at_a_time(by)
        must_not_guess(by)
        yield


def must_not_guess(by):
    lately = AuditEvent.objects.filter(by=by, verb=IN_VAIN, at__gt=clock.now() - WINDOW)
    if lately.count() >= MOST:
        raise Refusal(_(
            "You looked for %(most)d whole numbers within an hour that are not in the ledger. Search by name, or go on in an"
            " hour."
        ) % {"most": MOST})


def looked_in_vain(by):
    """The number itself is kept nowhere."""
    audit.record(IN_VAIN, by=by, place=by.posts[0] if by.posts else "")
