"""The one clock of the product, in Asia/Shanghai."""

import os
from collections.abc import Iterator
from datetime import UTC, date, datetime, time

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

_pinned_by_demo: list[date] = []
_times_of_day: list[Iterator[time]] = []


def today() -> date:
    """The day it is in the office: pinned by LABORREG_TODAY, else by a demo database, else the real one."""
    return _pinned() or timezone.localdate()


def _pinned() -> date | None:
    if pinned := os.environ.get("LABORREG_TODAY"):
        if settings.PRODUCTION:
            raise ImproperlyConfigured("LABORREG_TODAY pins the clock; production must not set it.")
        return date.fromisoformat(pinned)
    return _pinned_by_demo[0] if _pinned_by_demo else None


def pin(day: date | None, times: Iterator[time] | None = None):
    """A demo database holds its own day; it is pinned once at start. `times` are told in turn instead of the wall clock's."""
    _pinned_by_demo[:] = [day] if day else []
    _times_of_day[:] = [times] if times else []


def now() -> datetime:
    """The moment it is: the wall clock's time, on the pinned day where one is pinned."""
    moment = timezone.localtime()
    at = next(_times_of_day[0]) if _times_of_day else moment.time()
    return datetime.combine(_pinned() or moment.date(), at, moment.tzinfo).astimezone(UTC)
