"""The overview of a county's month, warm and drawn anew: .venv/bin/python -m bench.overview [--province]

On the database that is configured, signed in as the demo's county officer: the middle and the least of fifteen times that
the server takes, for how long a processor worked at it (here and, for a PostgreSQL of this machine, at its end of the
connection), and how many queries it asks. Drawn anew is what everybody's first look costs after anything was done
in the county.

`--province` (PostgreSQL) copies the county's villages, returns, versions and seals, with the destinations of the newest
month, to invented counties of its province until 16,000 villages more are there, measures again and compares how long a
processor worked, which other work on the machine hardly changes. All of that happens in one transaction, which is rolled
back: nothing of it stays.
"""

import os
import sys
from pathlib import Path
from statistics import median
from time import perf_counter

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "laborreg.settings")

import django

django.setup()

from django.conf import settings
from django.core.cache import cache
from django.db import connection, models, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bench.county_page import MOST_MS, PLAIN, RUNS, WARM_UPS, server_times, signed_in
from officers import demo
from reports.models import CountyMonth, FiledFlow, MonthlyReturn, ReturnVersion, Seal, SealTotal
from villages.models import County, CountySettings, Township, Village

VILLAGES, MOST_TIMES = 16_000, 1.3
COPIED = [County, CountySettings, Township, Village, CountyMonth, MonthlyReturn, ReturnVersion, FiledFlow, Seal, SealTotal]
# Far above any number that a database of one county reaches.
NUMBERS = 1_000_000_000


def main():
    settings.STORAGES = settings.STORAGES | {"staticfiles": PLAIN}
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if not name.startswith("whitenoise.")]
    demo.begin()
    county = County.objects.first()
    month = MonthlyReturn.objects.filter(county=county).order_by("-month").values_list("month", flat=True).first()
    pages = {
        "overview": reverse("totals", args=[county.code, month]),
        "all figures": reverse("figures", args=[county.code, month]),
        "overview of a township": reverse("totals", args=[county.townships.first().code, month]),
        "wall": reverse("wall"),
    }
    print(f"{connection.vendor}: {county.code} {month}, {Village.objects.count()} villages,"
          f" {MonthlyReturn.objects.count()} returns")
    alone = measured(county, pages)
    if "--province" in sys.argv:
        with transaction.atomic():
            multiply(county, month)
            beside = measured(county, pages)
            transaction.set_rollback(True)
        again = measured(county, pages)
        for name, took in beside.items():
            times = took / min(alone[name], again[name])
            print(f"{name}: {times:.2f} times as long in a province of {VILLAGES:,} more villages"
                  f" (at most {MOST_TIMES}: {'pass' if times <= MOST_TIMES else 'FAIL'})")


def measured(county, pages) -> dict[str, float]:
    """Milliseconds of work by page and by whether it was drawn anew."""
    officer, most, found = signed_in(county), MOST_MS[connection.vendor], {}
    for name, address in pages.items():
        for how, first in (("warm", None), ("anew", cache.clear)):
            clock, here, there = zip(*(run(officer, address, first) for _run in range(WARM_UPS + RUNS)), strict=True)
            took, worked = median(clock[WARM_UPS:]), [sum(both) for both in zip(here, there, strict=True)][WARM_UPS:]
            found[f"{name}, {how}"] = min(worked)
            goal = f"at most {most}: {'pass' if took <= most else 'FAIL'}; " if how == "warm" else ""
            print(f"{name}, {how}: {took:.0f} ms ({goal}least {min(clock):.0f}; worked {min(worked):.0f} at least, of the middle"
                  f" {median(here):.0f} here, {median(there):.0f} there, {queries(officer, address, first)} queries)")
    return found


def run(officer, address, first) -> tuple[float, float, float]:
    """Milliseconds on the clock, of work here, and of work at the other end."""
    if first:
        first()
    before = database_work()
    ([took], [busy]) = server_times(officer, address, warm_ups=0, runs=1)
    return took, busy, database_work() - before


def database_work() -> float:
    """Milliseconds for which a processor worked at the other end of this connection; 0 where that is not told."""
    if connection.vendor != "postgresql":
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        told = Path(f"/proc/{cursor.fetchone()[0]}/schedstat")
    return int(told.read_text().split()[0]) / 1_000_000 if told.exists() else 0


def queries(officer, address, first) -> int:
    if first:
        first()
    with CaptureQueriesContext(connection) as asked:
        officer.get(address)
    return len(asked)


def multiply(county, month):
    """The county's places and returns as invented counties 63x001 and so on, with one statement for each table."""
    copies, begun = -(-VILLAGES // Village.objects.under(county.code).count()), perf_counter()
    with connection.cursor() as cursor:
        for model in COPIED:
            only = f"WHERE version_id IN (SELECT id FROM {ReturnVersion._meta.db_table} WHERE month = '{month}')"
            cursor.execute(_copying(model, county.code, copies, only if model is FiledFlow else ""))
            cursor.execute(f"ANALYZE {model._meta.db_table}")
    print(f"{copies} more counties, {Village.objects.count():,} villages, {MonthlyReturn.objects.count():,} returns:"
          f" {perf_counter() - begun:.0f} s")


def _copying(model, code: str, copies: int, only: str) -> str:
    table, q = model._meta.db_table, connection.ops.quote_name
    columns = [field.column for field in model._meta.concrete_fields]
    values = ", ".join(_copied(field, code) for field in model._meta.concrete_fields)
    return (
        f"INSERT INTO {q(table)} ({', '.join(map(q, columns))}) "
        f"SELECT {values} FROM {q(table)} CROSS JOIN generate_series(1, {copies}) AS n {only}"
    )


def _copied(field, code: str) -> str:
    """A code moves to the invented county, a number of a copied row out of the way, all else stays."""
    column = connection.ops.quote_name(field.column)
    model = field.related_model if field.is_relation else field.model if field.primary_key else None
    if field.column == "area_code" or model in (County, Township, Village):
        return f"'{code[:2]}9' || LPAD(n::text, 3, '0') || SUBSTR({column}, 7)"
    if model in COPIED and isinstance(model._meta.pk, models.AutoField):
        return f"{column} + n * {NUMBERS}::bigint"
    return column


if __name__ == "__main__":
    main()
