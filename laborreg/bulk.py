"""Many rows in one go, out of a table or into it: for what is counted, frozen or brought in by the thousand."""

import gc
import json
import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from functools import lru_cache
from io import StringIO
from itertools import count, islice

from django.core.management.color import no_style
from django.db import connection
from django.db.models import BooleanField, DateField, DateTimeField, JSONField
from django.db.models.expressions import RawSQL

from laborreg.months import MonthField

PAGE = 2_000


def insert(model, names: list[str], rows: Iterable[tuple], *, is_encoded=False, once=False):
    """INSERT rows of plain values into the columns of the named fields; dicts become JSON. No signals, no keys back.

    Rows are taken page by page, so that a generator of many holds few. `is_encoded`: the values are what a database
    driver takes already, JSON as text. `once`: rows that a unique constraint knows already are left out.
    """
    fields = [model._meta.get_field(name) for name in names]
    columns = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    table = f"{connection.ops.quote_name(model._meta.db_table)} ({columns})"
    rows = iter(rows)
    with connection.cursor() as cursor:
        while page := list(islice(rows, PAGE)):
            plain = page if is_encoded else _plain(fields, page)
            statement = f"INSERT INTO {table} VALUES ({', '.join(['%s'] * len(names))})"
            if connection.vendor == "postgresql":
                with connection.wrap_database_errors:
                    _insert_once(cursor.cursor, statement, plain) if once else _copy(cursor.cursor, table, plain)
            else:
                cursor.executemany(f"{statement} ON CONFLICT DO NOTHING" if once else statement, plain)


def _insert_once(cursor, statement, rows):
    """COPY knows no row to be left out."""
    from psycopg2.extras import execute_batch

    execute_batch(cursor, f"{statement} ON CONFLICT DO NOTHING", rows, page_size=PAGE // 10)


def _copy(cursor, table, rows):
    from psycopg2 import DataError

    try:
        cursor.copy_expert(f"COPY {table} FROM STDIN", StringIO("".join(map(_copied, rows))))
    except DataError as wrong:
        # The whole message quotes the row, whose texts belong into no log.
        raise DataError(wrong.diag.message_primary) from None


def _copied(row) -> str:
    """A line of COPY's text format."""
    return "\t".join([_COPIED[type(value)](value) for value in row]) + "\n"


_SIGNS = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def _as_text(value) -> str:
    text = str(value)
    return text if text.isprintable() and "\\" not in text else text.translate(_SIGNS)


_COPIED = defaultdict(lambda: _as_text, {
    type(None): lambda value: r"\N", bool: lambda value: "t" if value else "f", bytes: lambda value: rf"\\x{value.hex()}",
    int: str, datetime: datetime.isoformat,
})


def update(model, names: list[str], keys: list[str], rows: list[tuple]):
    """UPDATE the named columns where the keys hold; a row is the new values, then the keys. Values as for `is_encoded`.

    One row after the other: a row may free the days that the next one takes.
    """
    quote, meta = connection.ops.quote_name, model._meta
    assigned = ", ".join(f"{quote(meta.get_field(name).column)} = %s" for name in names)
    found = " AND ".join(f"{quote(meta.get_field(name).column)} = %s" for name in keys)
    statement = f"UPDATE {quote(meta.db_table)} SET {assigned} WHERE {found}"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            from psycopg2.extras import execute_batch

            with connection.wrap_database_errors:
                execute_batch(cursor.cursor, statement, rows, page_size=PAGE // 10)
        else:
            cursor.executemany(statement, rows)


def among(model, name, numbers: Iterable[int]) -> RawSQL:
    """A condition on the rows of a model: its key or foreign key is one of these numbers, of which there may be many.

    Django would spend more on a parameter each than the database on finding the rows.
    """
    column, listed = _column(model, name), ",".join(map(str, map(int, numbers)))
    sql = f"{column} = ANY('{{{listed}}}'::bigint[])" if connection.vendor == "postgresql" else f"{column} IN ({listed})"
    return RawSQL(sql, (), output_field=BooleanField())


def holding(model, name, texts: Iterable[str]) -> RawSQL:
    """The same of a column of texts. PostgreSQL gets one array, for which it takes the index whatever it knows of the table."""
    column, texts = _column(model, name), list(texts)
    if connection.vendor == "postgresql":
        return RawSQL(f"{column} = ANY(%s)", [texts], output_field=BooleanField())
    return RawSQL(f"{column} IN ({', '.join(['%s'] * len(texts))})", texts, output_field=BooleanField())


def _column(model, name) -> str:
    quote = connection.ops.quote_name
    return f"{quote(model._meta.db_table)}.{quote(model._meta.get_field(name).column)}"


@contextmanager
def room_for_indexes():
    """While rows with many indexes are written, SQLite has 64 MB of the database at hand, not two."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        [usual] = cursor.execute("PRAGMA cache_size").fetchone()
        cursor.execute("PRAGMA cache_size = -64000")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA cache_size = {int(usual)}")


def tell_planner(models):
    """After a flood of rows PostgreSQL plans by what the tables held before, and reads them from end to end, for minutes."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {', '.join(connection.ops.quote_name(model._meta.db_table) for model in models)}")


class _Collecting:
    """Whether cycles are looked for is the whole process's matter: on again when the last of all threads is done."""

    lock, users, was_on = threading.Lock(), 0, True


@contextmanager
def without_collecting():
    """For work that makes objects by the hundred thousand and no cycles: to look for some costs a fifth of its time."""
    with _Collecting.lock:
        if not _Collecting.users:
            _Collecting.was_on = gc.isenabled()
            gc.disable()
        _Collecting.users += 1
    try:
        yield
    finally:
        with _Collecting.lock:
            _Collecting.users -= 1
            if not _Collecting.users and _Collecting.was_on:
                gc.enable()


def fetched(rows) -> list[tuple]:
    """The rows of a `values_list` as the database's driver gives them: on SQLite days are text, and truth is 0 and 1."""
    with connection.cursor() as cursor:
        cursor.execute(*rows.query.sql_with_params())
        return cursor.fetchall()


def numbers(model) -> Iterator[int]:
    """Numbers for rows to come, which nobody else gets. On SQLite only for the transaction that holds the database."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
            newest = cursor.fetchone()
            yield from count(newest[0] + 1 if newest else 1)
        while True:
            reserved = "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)"
            cursor.execute(reserved, [table, model._meta.pk.column, PAGE])
            yield from [number for (number,) in cursor.fetchall()]


def count_on(models):
    """PostgreSQL goes on counting where the rows of these models end, whoever gave them their numbers."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(models)):
            cursor.execute(statement)


def encoded(fields, rows) -> list[list]:
    """Rows of plain values as `insert` and `update` take them with `is_encoded`."""
    return _plain(fields, rows)


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
