"""The county's own pages, warm, with all the months there are: .venv/bin/python -m bench.county_page

On the database that is configured, signed in as the demo's county officer: the middle of fifteen times that the server
takes for a page, beside the goal, and as a ratio to the sign-in page, which says nothing of any month. Totals are drawn
anew when something happened in the county; that is measured apart.
"""

import os
from statistics import median
from time import perf_counter, process_time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "laborreg.settings")

import django

django.setup()

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from officers import demo
from reports.models import MonthlyReturn
from villages.models import County, Posting

WARM_UPS, RUNS = 3, 15
MOST_MS = {"postgresql": 100, "sqlite": 200}
# Names without hashes and nothing served from a folder, so that nothing needs to be collected first.
PLAIN = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}


def main():
    settings.STORAGES = settings.STORAGES | {"staticfiles": PLAIN}
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if not name.startswith("whitenoise.")]
    demo.begin()
    county = County.objects.first()
    months = MonthlyReturn.objects.filter(county=county).order_by("month").values_list("month", flat=True).distinct()
    month, most = list(months)[-1], MOST_MS[connection.vendor]
    bare, officer = Client(SERVER_NAME="localhost"), signed_in(county)
    pages = {
        "the county's page": reverse("totals", args=[county.code, month]),
        "one figure of it by townships": reverse("drill", args=[county.code, month, "away"]),
        "its board": reverse("board", args=[month]),
        "its queue": reverse("queue", args=[month]),
    }
    least, _busy = server_time(bare, reverse("sign_in"))
    print(f"{connection.vendor}: {county.code} {month}, {len(months)} months; the sign-in page takes {least:.0f} ms")
    anew = [(f"{name}, drawn anew", address, cache.clear) for name, address in list(pages.items())[:2]]
    for name, address, first in [*((*page, None) for page in pages.items()), *anew]:
        took, busy = server_time(officer, address, first)
        verdict = "pass" if took <= most else "FAIL"
        print(f"{name}: {took:.0f} ms (at most {most}: {verdict}), {busy:.0f} of them in this process,"
              f" {took / least:.1f} times the sign-in page")


def signed_in(county: County) -> Client:
    posting = Posting.objects.on_today().filter(officer__role="county", place_code=county.code).first()
    client = Client(SERVER_NAME="localhost")
    client.force_login(posting.officer)
    session = client.session
    session["began"] = session["seen"] = timezone.now().timestamp()
    session.save()
    return client


def server_time(client: Client, address: str, first=None) -> tuple[float, float]:
    """Milliseconds on the clock, and those in which this process had a processor: the middle of all times."""
    clock, worked = server_times(client, address, first)
    return median(clock), median(worked)


def server_times(
    client: Client, address: str, first=None, *, warm_ups=WARM_UPS, runs=RUNS
) -> tuple[list[float], list[float]]:
    times = []
    for _run in range(warm_ups + runs):
        if first:
            first()
        begun, worked = perf_counter(), process_time()
        answer = client.get(address)
        times.append(((perf_counter() - begun) * 1000, (process_time() - worked) * 1000))
        if answer.status_code != 200:
            raise SystemExit(f"{address}: {answer.status_code} {answer.headers.get('Location', '')}")
    clock, worked = zip(*times[warm_ups:], strict=True)
    return list(clock), list(worked)


if __name__ == "__main__":
    main()
