"""Looking for a whole number that fits nobody: of an ID number a mask hides the birth date, and with the age and the check
digit some thirty numbers are left to be tried one after the other. So each try in vain stands in the trail, and they end.
"""

from datetime import timedelta

from django.utils.translation import gettext as _

from laborreg import clock
from laborreg.refusals import Refusal
from officers import audit
from officers.models import AuditEvent
from officers.verbs import IN_VAIN

MOST, WINDOW = 15, timedelta(hours=1)


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
