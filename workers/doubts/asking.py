"""Queries that every save asks: Django builds them once, which takes it longer than the database takes to answer."""

from collections.abc import Callable
from datetime import date
from functools import cache

from django.db import connection
from django.db.models import BooleanField
from django.db.models.expressions import RawSQL

THESE = RawSQL("THESE ROWS", (), output_field=BooleanField())
# Stand for the day, and for the first of its year, until both are known.
DAY, NEW_YEAR = date(9998, 12, 31), date(9998, 1, 1)


class Asked:
    """Rows of plain values: `build()` gives a values_list query, in which THESE, DAY and NEW_YEAR stand."""

    def __init__(self, build: Callable):
        self._build = build
        self._built = cache(self._compile)

    def of(self, these: RawSQL, day: date, new_year: date | None = None) -> list[tuple]:
        sql, values, compiler, converters = self._built(connection.vendor)
        known = {_value(DAY): _value(day), _value(NEW_YEAR): _value(new_year or day)}
        before, after = sql.split(THESE.sql)
        values = [known.get(value, value) for value in values]
        place = before.count("%s")
        with connection.cursor() as cursor:
            cursor.execute(before + these.sql + after, [*values[:place], *these.params, *values[place:]])
            rows = cursor.fetchall()
        return [tuple(row) for row in compiler.apply_converters(rows, converters)] if converters else rows

    def _compile(self, _vendor):
        compiler = self._build().query.get_compiler(connection=connection)
        sql, values = compiler.as_sql()
        return sql, values, compiler, compiler.get_converters([column for column, _sql, _alias in compiler.select])


def _value(day: date):
    return connection.ops.adapt_datefield_value(day)


def either(*conditions: RawSQL) -> RawSQL:
    joined = " OR ".join(f"({condition.sql})" for condition in conditions)
    return RawSQL(joined, [value for condition in conditions for value in condition.params], output_field=BooleanField())
