"""What looking for doubts adds to a save: `python -m bench.doubts`, on the database that ./run uses; nothing is kept.

A departure and a homecoming of each of some people at home, with and without, in turn.
"""

import os
from statistics import median
from time import perf_counter
from unittest import mock

import django

PEOPLE, DAYS = 60, 20


def main():
    from datetime import timedelta

    from django.db import transaction

    from laborreg import clock
    from officers import demo
    from officers.models import Officer
    from workers import actions, standing
    from workers.doubts import finding
    from workers.models import Worker

    demo.is_demo()
    day = clock.today()
    by = Officer.objects.get(username="li")
    home = standing.at_home(Worker.objects.valid().visible_to(by), day)[:PEOPLE]
    took = {True: [], False: []}
    for number, person in enumerate(home):
        for looks in (True, False) if number % 2 else (False, True):
            with transaction.atomic(), mock.patch.object(finding, "refresh", finding.refresh if looks else _nothing):
                began = perf_counter()
                try:
                    actions.record_departure(person, by=by, started_on=day - timedelta(days=DAYS), destination="440306")
                except Exception as refused:  # who is at home since fewer days, or not old enough
                    print(person.pk, type(refused).__name__)
                else:
                    took[looks].append(perf_counter() - began)
                transaction.set_rollback(True)
    with_, without = (median(took[looks]) * 1000 for looks in (True, False))
    print(f"{len(took[True])} departures: {without:.1f} ms without, {with_:.1f} ms with: {with_ / without:.2f} times")


def _nothing(*_args):
    return 0


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "laborreg.settings")
    django.setup()
    main()
