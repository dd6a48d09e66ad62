"""Any table beside the plain GROUP BY of the same question: .venv/bin/python -m bench.any_table [LINES]

On the database that is configured, which must hold a filed month. Each pair is measured interleaved in one process, as
the median of five, in seconds that pass. With LINES (such as 210000) on a database of less, the lines of the newest
complete month are written again and again inside a transaction that is thrown away, until it has so many.
"""

import os
import sys
from statistics import median
from time import perf_counter

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "laborreg.settings")

import django

django.setup()

from django.db import connection, transaction

from reports.models import FiledLine, MonthlyReturn
from reports.tables import asking
from reports.tables.counting import counted
from reports.tables.hiding import block_of
from reports.tables.showing import Answer
from villages.models import County

RUNS = 5
LINES = (
    "FROM reports_monthlyreturn r JOIN reports_filedline l ON l.version_id = r.counted_id "
    "WHERE r.month = %s AND r.village_id LIKE %s"
)
SHARE = {"sqlite": "json_extract(l.shares, '$.\"{}\"')", "postgresql": "CAST(l.shares ->> '{}' AS bigint)"}
# (rows, columns, filter, measure), and its plain SQL: what is selected and grouped, the sum, the condition.
QUESTIONS = [
    (("township",), (), {}, "away", "SUBSTR(r.village_id, 1, 9)", "SUM(l.persons)", "l.state = 'away'"),
    (("township",), ("province",), {}, "away", "SUBSTR(r.village_id, 1, 9), SUBSTR(l.destination, 1, 2)",
     "SUM(l.persons)", "l.state = 'away'"),
    (("section",), ("sex",), {}, "away", "l.section, l.sex", "SUM(l.persons)", "l.state = 'away'"),
    (("age_5",), ("sex",), {}, "persons", "l.age / 5, l.sex", "SUM(l.persons)", "1 = 1"),
    (("village",), ("channel",), {"relieved": ["yes"]}, "away", "r.village_id, l.channel", "SUM(l.persons)",
     "l.state = 'away' AND l.relieved"),
    (("township",), ("region",), {}, "income_month", "SUBSTR(r.village_id, 1, 9), l.region", "SUM(l.income_month)",
     "l.income_month <> 0"),
    # By channel the return has three parts; in plain SQL they are three sums side by side.
    (("township",), ("organized",), {}, "trips", "SUBSTR(r.village_id, 1, 9)",
     "SUM({trips.organized}), SUM({trips.self}), SUM({trips.channel_unknown})", "1 = 1"),
    (("township",), ("sex",), {}, "transferred", "SUBSTR(r.village_id, 1, 9), l.sex", "SUM({transferred})", "1 = 1"),
    (("education", "age"), ("sex", "form"), {"section": ["C", "E"]}, "away",
     "l.education, l.age_band, l.sex, l.form", "SUM(l.persons)", "l.state = 'away' AND l.section IN ('C', 'E')"),
]


def plain(month, area, groups, total, where):
    for key in ("trips.organized", "trips.self", "trips.channel_unknown", "transferred"):
        total = total.replace("{" + key + "}", SHARE[connection.vendor].format(key))
    by = ", ".join(str(n + 1) for n in range(len(groups.split(", l.")) + groups.count("), SUBSTR")))
    sql = f"SELECT {groups}, {total} {LINES} AND {where} GROUP BY {by}"

    def run():
        with connection.cursor() as cursor:
            cursor.execute(sql, [str(month), f"{area}%"])
            return cursor.fetchall()

    return run


def interleaved(one, other) -> tuple[float, float]:
    times = {one: [], other: []}
    for _run in range(RUNS):
        for work in (one, other):
            begun = perf_counter()
            work()
            times[work].append(perf_counter() - begun)
    return median(times[one]), median(times[other])


def lines_of(month, area) -> int:
    return FiledLine.objects.filter(
        version__in=MonthlyReturn.objects.under(area).filter(month=month, counted__isnull=False).values("counted")
    ).count()


def multiply(month, area, wanted: int):
    """Write the lines of the month again until there are as many as wanted."""
    columns = [field.column for field in FiledLine._meta.concrete_fields if not field.primary_key]
    quoted = ", ".join(connection.ops.quote_name(column) for column in columns)
    told = ", ".join(f"l.{connection.ops.quote_name(column)}" for column in columns)
    with connection.cursor() as cursor:
        while (there := lines_of(month, area)) < wanted:
            cursor.execute(
                f"INSERT INTO reports_filedline ({quoted}) SELECT {told} {LINES} LIMIT %s",
                [str(month), f"{area}%", min(there, wanted - there)],
            )
        if connection.vendor == "postgresql":
            cursor.execute("ANALYZE reports_filedline")


def main(wanted: int = 0):
    area = County.objects.first().code
    month = MonthlyReturn.objects.filter(state="locked").order_by("-month").values_list("month", flat=True).first()
    if wanted:
        multiply(month, area, wanted)
    print(f"{connection.vendor}, {area} {month}: {lines_of(month, area):,} lines")
    worst = 0
    for rows, columns, filters, measure, *sql in QUESTIONS:
        question = asking.read({
            "area": area, "month": str(month), "rows": list(rows), "columns": list(columns), "filter": filters,
            "measure": measure,
        })
        table, groups = interleaved(lambda question=question: counted(question), plain(month, area, *sql))
        worst = max(worst, table / groups)
        by = " × ".join([*rows, *columns])
        print(f"{measure} by {by}: {table * 1000:.0f} ms, plain {groups * 1000:.0f} ms, ratio {table / groups:.2f}")
    print(f"worst ratio {worst:.2f}")
    wide = asking.read({"area": area, "month": str(month), "rows": ["township"], "columns": ["province"]})
    shown, hidden = interleaved(lambda: Answer(wide).rows, lambda: block_of(wide))
    print(f"away by township × province laid out: {shown * 1000:.0f} ms; with small numbers hidden: {hidden * 1000:.0f} ms")
    for rows in (("township",), ("section",)):
        now = asking.read({"source": "today", "area": area, "rows": list(rows), "columns": ["sex"]})
        begun = perf_counter()
        counted(now)
        print(f"away today by {rows[0]} × sex: {(perf_counter() - begun) * 1000:.0f} ms")


if __name__ == "__main__":
    with transaction.atomic():
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
        transaction.set_rollback(True)
