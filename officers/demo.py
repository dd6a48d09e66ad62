"""A demo is a fact in the database: one row, written by `seed`. It never exists under production settings."""

from django.conf import settings
from django.db import DatabaseError

from laborreg import clock
from officers.models import Demo

_known: list[bool] = []


def is_demo() -> bool:
    """Asked once a process; pins the clock to the demo's day."""
    if settings.PRODUCTION:
        return False
    if not _known:
        begin()
    return _known[0]


def begin():
    """Read the fact, and pin or free the clock accordingly."""
    try:
        row = Demo.objects.first()
    except DatabaseError:
        row = None
    clock.pin(row.today if row else None)
    _known[:] = [row is not None]
