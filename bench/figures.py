"""A county's month held against one SQL statement: .venv/bin/python -m bench.figures [YYYY-MM]

On the database that is configured, for its newest month or the one named. First every figure of every village must be
what bench/by_hand.sql finds; any difference is printed and the bench fails. Then both are measured interleaved, and
freezing beside them, in CPU seconds of this process and of the PostgreSQL server's process that works for it, which so
has to be on this machine. Last, what counting and freezing the whole month holds in memory, in a process of its own.
"""

import os
import subprocess
import sys
from pathlib import Path
from statistics import median
from time import process_time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "laborreg.settings")

import django

django.setup()

from django.db import connection, transaction

from bench import by_hand
from laborreg.months import Month
from officers.models import Officer
from reports import filing
from reports.models import MonthlyReturn
from villages.models import County, Village

RUNS = 3
MOST_TIMES, MOST_MB = 3, 300
HOLDS = "--memory"


class Case:
    """A county and month, its villages, and the pieces of work that are measured."""

    def __init__(self, month: Month | None):
        self.county = County.objects.first()
        returns = MonthlyReturn.objects.filter(county=self.county)
        self.month = month or max(returns.values_list("month", flat=True))
        villages = Village.objects.under(self.county.code).filing_in(self.month).order_by("code")
        self.codes = list(villages.values_list("code", flat=True))
        self.returns = {ret.village_id: ret for ret in returns.filter(month=self.month, village__in=self.codes)}
        self.author = Officer.objects.filter(role="village").first()

    def by_hand(self) -> dict[str, dict[str, int]]:
        return by_hand.figures(self.county, self.month, filing.first_month(self.county))

    def product(self) -> dict[str, dict[str, int]]:
        return {code: count.figures for counts in self.counted() for code, count in counts.items()}

    def counted(self):
        return filing.counted(self.county, self.month, self.codes)

    def freeze(self, counts):
        returns = [self.returns[code] for code in counts if code in self.returns]
        filing.freeze(returns, counts, submitted_by=lambda _ret: self.author)


def now() -> float:
    return process_time() + (server_time() if connection.vendor == "postgresql" else 0)


def server_time() -> float:
    """CPU seconds so far of the server's process behind this connection, which gets no helpers that nobody would count."""
    with connection.cursor() as cursor:
        cursor.execute("SET max_parallel_workers_per_gather = 0")
        cursor.execute("SELECT pg_backend_pid()")
        [number] = cursor.fetchone()
    facts = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()
    return (int(facts[11]) + int(facts[12])) / os.sysconf("SC_CLK_TCK")


def timed(work, *args) -> float:
    begun = now()
    work(*args)
    return now() - begun


def frozen(case: Case) -> tuple[float, int]:
    """Seconds of freezing the month that is counted by the way, and its lines and events; it is taken back."""
    took = rows = 0
    with transaction.atomic():
        for counts in case.counted():
            took += timed(case.freeze, counts)
            rows += sum(len(count.lines) + len(count.events) for count in counts.values())
        transaction.set_rollback(True)
    return took, rows


def differences(case: Case) -> list[str]:
    found, counted = case.by_hand(), case.product()
    if sorted(found) != sorted(counted):
        return [f"villages: {sorted(found.keys() ^ counted.keys())}"]
    return [
        f"{code} {key}: by hand {found[code].get(key)}, product {figures.get(key)}"
        for code, figures in counted.items()
        for key in sorted(found[code].keys() | figures.keys())
        if found[code].get(key) != figures.get(key)
    ]


def hold(case: Case):
    """Print how many MB the process held at most: more than at rest, and in all."""
    at_rest = most_held()
    frozen(case)
    print(most_held() - at_rest, most_held())


def most_held() -> int:
    """MB; `getrusage` would start from what the process held that started this one."""
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) // 1024


def held(case: Case) -> tuple[int, int]:
    command = [sys.executable, "-m", "bench.figures", str(case.month), HOLDS]
    more, whole = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.split()
    return int(more), int(whole)


def passes(is_so: bool) -> str:
    return "pass" if is_so else "FAIL"


def main(*args):
    months = [Month.parse(word) for word in args if word != HOLDS]
    case = Case(months[0] if months else None)
    if HOLDS in args:
        return hold(case)
    print(f"{connection.vendor}: {case.county.code} {case.month}, {len(case.codes)} villages")
    if wrong := differences(case):
        sys.exit("\n".join([*wrong[:100], f"{len(wrong)} figures differ."]))
    print("every figure of every village is the same both ways")
    pairs = [(timed(case.product), timed(case.by_hand)) for _run in range(RUNS)]
    product, sql = (median(times) for times in zip(*pairs, strict=True))
    print(f"counting / the statement written by hand: {product / sql:.2f} ({product:.2f} s / {sql:.2f} s;"
          f" at most {MOST_TIMES}: {passes(product <= MOST_TIMES * sql)})")
    freezing, rows = frozen(case)
    print(f"freezing {rows} lines and events / counting: {freezing / product:.2f}"
          f" ({freezing / rows * 100_000:.2f} s for 100,000)")
    more, whole = held(case)
    print(f"counting and freezing hold {more} MB more than at rest, {whole} MB in all"
          f" (under {MOST_MB}: {passes(whole < MOST_MB)})")


if __name__ == "__main__":
    main(*sys.argv[1:])
