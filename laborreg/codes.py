"""Official codes as columns and as ranges."""

from django.db import models
from django.db.models import Q


class CodeField(models.CharField):
    """A code whose prefix is its path. On PostgreSQL it sorts bytewise, so that a prefix is one index range."""

    def db_parameters(self, connection):
        parameters = super().db_parameters(connection)
        if connection.vendor == "postgresql":
            parameters["collation"] = "C"
        return parameters


def after(prefix: str) -> str:
    """The first code behind everything under `prefix`: 630121 → 630122."""
    return prefix[:-1] + chr(ord(prefix[-1]) + 1)


def under(column: str, prefix: str) -> Q:
    """Rows whose code in `column` stands under a prefix; the prefix itself belongs to it."""
    return Q(**{f"{column}__gte": prefix, f"{column}__lt": after(prefix)})


def under_any(column: str, prefixes) -> Q:
    """Rows under one of several prefixes; no prefix, no row."""
    condition = Q(pk__in=[])
    for prefix in prefixes:
        condition |= under(column, prefix)
    return condition
