"""What a county's brokers led, beside a plain count of their transfers: .venv/bin/python -m bench.led [PEOPLE]

On a county invented in memory: PEOPLE workers (10,000), each led once or twice by one of 1,700 brokers within two years.
Both are asked in the same run, so that the ratio says something on any machine.
"""

import os
import sys
import time
from datetime import date, timedelta
from random import Random

RUNS = 3


def main(people=10_000):
    os.environ["DATABASE_URL"] = "sqlite:///:memory:"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "laborreg.settings_test")
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    county = invent(people)
    plain, ranked = best(plain_count), best(lambda: ranking(county))
    print(f"{people} people: plain {plain * 1000:.0f} ms, ranking {ranked * 1000:.0f} ms, {ranked / plain:.1f} times")


def invent(people):
    from brokers.models import Broker
    from laborreg import clock
    from tests.cast import HOME, county
    from workers.models import Registration, Transfer, Worker

    datong, chance, at = county(), Random(1), clock.now()
    where = {"county": datong, "village_id": HOME}
    Broker.objects.bulk_create(
        Broker(name=f"马{number}", registered_on=date(2020, 1, 1), **where) for number in range(1_700)
    )
    workers = Worker.objects.bulk_create(
        Worker(name="人", no_id_reason="lost", created_at=at, **where) for _number in range(people)
    )
    brokers = list(Broker.objects.all())
    Registration.objects.bulk_create(Registration(worker=who, **where) for who in workers)
    Transfer.objects.bulk_create(
        trip for who in workers for trip in trips(who, chance, chance.choice(brokers), {"created_at": at, **where})
    )
    return datong


def trips(who, chance, broker, facts):
    from workers.models import Transfer

    start = date(2025, 1, 1) + timedelta(days=chance.randrange(600))
    for _number in range(chance.choice([1, 1, 2])):
        end = start + timedelta(days=chance.randrange(10, 300))
        yield Transfer(
            worker=who, broker=broker, channel="broker", started_on=start, ended_on=end, destination="4403", pay=5000, **facts
        )
        start = end + timedelta(days=chance.choice([0, 30]))


def best(ask) -> float:
    times = []
    for _run in range(RUNS):
        began = time.perf_counter()
        ask()
        times.append(time.perf_counter() - began)
    return min(times)


def plain_count():
    from django.db.models import Count

    from workers.models import Transfer

    year = {"started_on__gte": date(2026, 1, 1), "started_on__lte": date(2026, 11, 4)}
    found = Transfer.objects.valid().filter(broker__isnull=False, **year).order_by().values("broker")
    return list(found.annotate(persons=Count("worker", distinct=True), times=Count("pk")))


def ranking(county):
    from workers import led
    from workers.models import Transfer

    return led.counts(Transfer.objects.all(), led.year(county, 2026, date(2026, 11, 4)), "", "township", "broker")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
