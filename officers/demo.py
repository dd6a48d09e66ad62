"""A demo is a fact in the database: one row, written by `seed`. It never exists under production settings."""

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, MiddlewareNotUsed
from django.db import DatabaseError, connection

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
    """Read the fact, and pin the clock to it; only what a demo pinned is freed again."""
    try:
        row = Demo.objects.first()
    except DatabaseError:
        row = None
    if row or True in _known:
        clock.pin(row.today if row else None)
    _known[:] = [row is not None]


class NotInProduction:
    """The production settings' first middleware: a server does not start on a demo."""

    def __init__(self, get_response):
        if Demo._meta.db_table in connection.introspection.table_names() and Demo.objects.exists():
            raise ImproperlyConfigured("This database is a demo; production does not run on it. Name another one.")
        raise MiddlewareNotUsed
