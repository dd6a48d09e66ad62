"""The one clock of the product, in Asia/Shanghai."""

import os
from datetime import UTC, date, datetime

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

_pinned_by_demo: list[date] = []


def today() -> date:
    """The day it is in the office: pinned by LABORREG_TODAY, else by a demo database, else the real one."""
    if pinned := os.environ.get("LABORREG_TODAY"):
        if settings.PRODUCTION:
            raise ImproperlyConfigured("LABORREG_TODAY pins the clock; production must not set it.")
        return date.fromisoformat(pinned)
    if _pinned_by_demo:
        return _pinned_by_demo[0]
    return timezone.localdate()


def pin(day: date | None):
    """A demo database holds its own day; it is pinned once at start."""
    _pinned_by_demo[:] = [day] if day else []


def now() -> datetime:
    """The moment it is: the wall clock's time, on the pinned day where one is pinned."""
    moment = timezone.localtime()
    day = today()
    if moment.date() != day:
        moment = moment.replace(year=day.year, month=day.month, day=day.day)
    return moment.astimezone(UTC)
