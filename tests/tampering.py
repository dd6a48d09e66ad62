"""What the product never does: events of the audit trail changed behind its back."""

from contextlib import contextmanager

from django.db import connection

from officers import kept


@contextmanager
def lifted():
    """For a while the database lets events be changed and deleted."""
    kept.allow_changes()
    try:
        yield
    finally:
        if not connection.needs_rollback:
            kept.refuse_changes()
