"""Many rows into one table in one go: for what is frozen by the thousand."""

import json
from datetime import date

from django.db import connection

PAGE = 2_000


def insert(model, names: list[str], rows: list[tuple]):
    """INSERT rows of plain values into the columns of the named fields; dicts become JSON. No signals, no keys back."""
    if not rows:
        return
    columns = ", ".join(connection.ops.quote_name(model._meta.get_field(name).column) for name in names)
    table = connection.ops.quote_name(model._meta.db_table)
    plain = [tuple(map(_plain, row)) for row in rows]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            from psycopg2.extras import execute_values

            execute_values(cursor.cursor, f"INSERT INTO {table} ({columns}) VALUES %s", plain, page_size=PAGE)
        else:
            marks = ", ".join(["%s"] * len(names))
            cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", plain)


def _plain(value):
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    if isinstance(value, date):
        return value.isoformat()
    return value
