"""Many rows into one table in one go: for what is frozen by the thousand."""

import json
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from itertools import islice

from django.db import connection
from django.db.models import DateField, DateTimeField, JSONField

from laborreg.months import MonthField

PAGE = 2_000


def insert(model, names: list[str], rows: Iterable[tuple], *, is_encoded=False):
    """INSERT rows of plain values into the columns of the named fields; dicts become JSON. No signals, no keys back.

    Rows are taken page by page, so that a generator of many holds few. `is_encoded`: the values are what a database
    driver takes already, JSON as text.
    """
    fields = [model._meta.get_field(name) for name in names]
    columns = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    into = f"INSERT INTO {connection.ops.quote_name(model._meta.db_table)} ({columns}) VALUES "
    rows = iter(rows)
    with connection.cursor() as cursor:
        while page := list(islice(rows, PAGE)):
            plain = page if is_encoded else _plain(fields, page)
            if connection.vendor == "postgresql":
                from psycopg2.extras import execute_values

                execute_values(cursor.cursor, f"{into}%s", plain, page_size=PAGE)
            else:
                cursor.executemany(f"{into}({', '.join(['%s'] * len(names))})", plain)


def _plain(fields, rows) -> list[list]:
    """Only columns of days, moments, months and JSON hold what a database driver would not take."""
    places = [(n, _keeper(field)) for n, field in enumerate(fields) if isinstance(field, tuple(KEEPERS))]
    plain = [list(row) for row in rows]
    for place, kept in places:
        for row in plain:
            if row[place] is not None:
                row[place] = kept(row[place])
    return plain


def _keeper(field):
    return next(kept for kind, kept in KEEPERS.items() if isinstance(field, kind))


KEEPERS = {
    DateTimeField: lru_cache(lambda value: connection.ops.adapt_datetimefield_value(value)),
    DateField: date.isoformat,
    MonthField: str,
    JSONField: json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode,
}
