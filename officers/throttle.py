"""Wrong passwords and codes are counted before one is looked at, per account and per address."""

import math
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import ngettext

from laborreg.refusals import Refusal
from officers.models import FailedSignIn

PER_ACCOUNT = 5
PER_ADDRESS = 30
WINDOW = timedelta(minutes=15)


class Locked(Refusal):
    """Too many wrong passwords or codes; the same words for an account that exists and one that does not."""

    def __init__(self, seconds):
        self.seconds = max(1, math.ceil(seconds))
        minutes = math.ceil(self.seconds / 60)
        super().__init__(ngettext(
            "Too many failed tries. Signing in is locked for %(minutes)s minute.",
            "Too many failed tries. Signing in is locked for %(minutes)s minutes.",
            minutes,
        ) % {"minutes": minutes})


def reserve(username: str, address: str) -> FailedSignIn:
    """Count the attempt as failed until it succeeds, or refuse it; a refused attempt does not lengthen the lock.

    The attempt is written before the others are counted, so that of many at once no more than the limit pass.
    """
    now = timezone.now()
    FailedSignIn.objects.filter(at__lt=now - WINDOW).delete()
    attempt = FailedSignIn.objects.create(username=account(username), address=address, at=now)
    frees_at = max(_frees_at(attempt, PER_ACCOUNT, "username"), _frees_at(attempt, PER_ADDRESS, "address"))
    if frees_at > now:
        attempt.delete()
        raise Locked((frees_at - now).total_seconds())
    return attempt


def _frees_at(attempt, limit, column):
    """When fewer than `limit` other attempts of this account or address will count; now, if that is so already."""
    others = FailedSignIn.objects.filter(**{column: getattr(attempt, column)}, at__gte=attempt.at - WINDOW)
    nth = others.exclude(pk=attempt.pk).order_by("-at").values_list("at", flat=True)[limit - 1:limit]
    return nth[0] + WINDOW if nth else attempt.at


def is_now_locked(attempt: FailedSignIn) -> bool:
    """Whether this failure was the one that locks its account."""
    recent = FailedSignIn.objects.filter(username=attempt.username, at__gte=attempt.at - WINDOW)
    return recent.count() == PER_ACCOUNT


def clear(username: str):
    """Forget what failed: the right password came, or the level above set a new one."""
    FailedSignIn.objects.filter(username=account(username)).delete()


def account(username: str) -> str:
    """How an account is counted: as the database finds it, to which ı is an i as well, and no longer than the column."""
    return username.upper().casefold()[:40]
