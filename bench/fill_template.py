"""How long the province's workbook takes to fill, beside reading and zipping the same package and no more.

`.venv/bin/python -m bench.fill_template [FILE.xlsx]` on the database of the settings; the newest month that is over.
"""

import os
import sys
from pathlib import Path
from time import perf_counter

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "laborreg.settings")
django.setup()

from laborreg.sheets.package import Package
from officers import demo
from reports.blanks.filling import fill
from reports.blanks.values import Values
from reports.deadlines import newest_open_month
from villages.models import County, Village

MOST_SECONDS, ROUNDS = 2.0, 5


def timed(function) -> float:
    """Seconds of the middle round; the first is not counted."""
    function()
    took = []
    for _round in range(ROUNDS):
        began = perf_counter()
        function()
        took.append(perf_counter() - began)
    return sorted(took)[ROUNDS // 2]


def main():
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[1] / "reports" / "data" / "employment.xlsx"
    demo.begin()
    content, county = path.read_bytes(), County.objects.first()
    month = newest_open_month(county)
    bare = timed(lambda: Package(content).content())
    full = timed(lambda: fill(content, [], Values(county, month, by_name="")).package.content())
    print(f"{path.name}, {county.code} {month}, {Village.objects.under(county.code).filing_in(month).count()} villages")
    print(f"reading and zipping: {bare * 1000:.0f} ms; filling: {full:.2f} s (at most {MOST_SECONDS}:"
          f" {'pass' if full <= MOST_SECONDS else 'FAIL'}), {full / bare:.0f} times")


if __name__ == "__main__":
    main()
