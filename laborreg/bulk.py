"""Many rows into one table in one go: for what is frozen by the thousand."""

import json
from datetime import date, datetime

from django.db import connection
from django.db.models import DateField, JSONField

from laborreg.months import Month, MonthField

PAGE = 2_000


def insert(model, names: list[str], rows: list[tuple]):
    """INSERT rows of plain values into the columns of the named fields; dicts become JSON. No signals, no keys back."""
    if not rows:
        return
    fields = [model._meta.get_field(name) for name in names]
    columns = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    table = connection.ops.quote_name(model._meta.db_table)
    plain = _plain(fields, rows)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            from psycopg2.extras import execute_values

            execute_values(cursor.cursor, f"INSERT INTO {table} ({columns}) VALUES %s", plain, page_size=PAGE)
        else:
            marks = ", ".join(["%s"] * len(names))
            cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", plain)


def _plain(fields, rows) -> list[list]:
    """Only columns of days, moments, months and JSON hold what a database driver would not take."""
    places = [n for n, field in enumerate(fields) if isinstance(field, DateField | JSONField | MonthField)]
    plain = [list(row) for row in rows]
    for row in plain:
        for place in places:
            row[place] = _as_kept(row[place])
    return plain


def _as_kept(value):
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Month) else value
