"""Ratios of a county's month, on the database that is configured: .venv/bin/python -m bench.county_month

Each pair is measured interleaved in one process, in CPU seconds of this process, as the median of five.
"""

import os
from statistics import median
from time import process_time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "laborreg.settings")

import django

django.setup()

from django.db.models import Sum

from laborreg.codes import under
from reports import filing, totals
from reports.hindsight import Hindsight
from reports.models import MonthlyReturn, ReturnVersion
from reports.proof import Proof
from villages.models import County, Village
from workers import counting
from workers.ledger import FIGURES
from workers.reading import histories, rules_of

RUNS = 5


def compare(name, one, other):
    times = {one: [], other: []}
    for _run in range(RUNS):
        for work in (one, other):
            begun = process_time()
            work()
            times[work].append(process_time() - begun)
    ratio = median(times[one]) / median(times[other])
    print(f"{name}: {ratio:.2f}")


def main():
    county = County.objects.first()
    month = max(MonthlyReturn.objects.filter(county=county, state="locked").values_list("month", flat=True))
    codes = list(Village.objects.under(county.code).filing_in(month).values_list("code", flat=True))

    def generated():
        totals.sums_of_returns(county.code, month, at=6)

    def orm():
        counted = MonthlyReturn.objects.filter(under("village_id", county.code), month=month).values("counted_id")
        ReturnVersion.objects.filter(pk__in=counted).aggregate(**{f"sum_{f.column}": Sum(f.column) for f in FIGURES})

    def read():
        return histories(county.code)

    people = read()
    filed = filing.filed_before(month, codes, filing.versions_before(month, codes), filing.first_month(county))

    def count():
        counting.count(people, codes, month, rules_of=rules_of(county), filed=filed)

    def live():
        filing.count_villages(county, month, codes)

    def hindsight():
        """The page "as known now" of the county, with the names of one figure."""
        found = Hindsight(county, county.code, month)
        return found.changes, found.names("away")

    def proof():
        Proof(county.code, month)

    print(f"{county.code} {month}: {len(codes)} villages, {len(people)} histories")
    compare("sum of a county's month, generated SQL / ORM aggregate", generated, orm)
    compare("counting every village / reading its histories", count, read)
    compare("the county as known now, with names / the county counted", hindsight, live)
    compare("the proof of a county's month / the county counted", proof, live)


if __name__ == "__main__":
    main()
