"""A county's claims held against one plain GROUP BY: .venv/bin/python -m bench.claims [TRANSFERS]

In a scratch database of its own, on the server or in a file as the one that is configured; it is dropped afterwards.
1,700 brokers led TRANSFERS stays (400,000) of seven workers for every ten of them. Counting every claim of the county by
support/counting.py is measured interleaved with the least that anybody would ask of the same rows: transfers joined to
workers, per broker the distinct workers and the days within the year where the pay reaches the floor. Then the claims are
drawn up, every line stored. CPU seconds are of this process and of the PostgreSQL server's process that works for it.
"""

import os
import subprocess
import sys
from datetime import date, timedelta
from random import Random
from statistics import median

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "laborreg.settings")

RUNS, MOST_TIMES = 5, 3
BROKERS, YEAR = 1_700, 2025
PLAIN = """
SELECT t.broker_id, COUNT(DISTINCT t.worker_id),
       SUM({day}({earlier}(COALESCE(t.ended_on, %(stop)s), %(stop)s)) - {day}({later}(t.started_on, %(start)s)))
FROM workers_transfer t JOIN workers_worker w ON w.id = t.worker_id
WHERE t.county_id = %(county)s AND t.broker_id IS NOT NULL AND t.voided_at IS NULL AND t.pay >= %(floor)s
  AND t.started_on < %(stop)s AND (t.ended_on IS NULL OR t.ended_on > %(start)s)
  AND w.voided_at IS NULL AND w.merged_into_id IS NULL
GROUP BY t.broker_id"""


def prepare(transfers):
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from bench.sheets import COUNTY, VILLAGES, townships, village
    from brokers.models import Broker
    from laborreg import bulk
    from officers.models import Officer
    from support.models import Scheme
    from villages.models import County, CountySettings, Posting, Township, Village
    from workers.models import Transfer, Worker

    county = County.objects.create(code=COUNTY, name="大通回族土族自治县", name_latin="Datong")
    CountySettings.objects.create(county=county)
    for code, name in townships():
        Township.objects.create(code=code, county=county, name=name)
        Village.objects.bulk_create(
            Village(code=f"{code}{200 + n}", township_id=code, name=f"{village(n)}村委会") for n in range(VILLAGES)
        )
    officer = Officer.objects.create(username="zhao", name="Zhao", role="county")
    Posting.objects.create(officer=officer, place_code=COUNTY, county=county, from_on="2020-01-01")
    places = list(Village.objects.values_list("code", flat=True))
    Broker.objects.bulk_create(
        Broker(county=county, village_id=places[n % len(places)], name=f"马{n}", registered_on=date(2020, 1, 1), state="filed",
               filed_on=date(2020, 1, 1), certificate_number=f"{n:05}", certificate_word=f"word-{n}")
        for n in range(BROKERS)
    )
    scheme(Scheme, county)
    rng, moment = Random(20), "2025-01-01 00:00:00+00:00"
    workers = transfers * 7 // 10
    bulk.insert(
        Worker, ["id", "county", "village", "no_id_reason", "id_last4_index", "name", "name_pinyin", "name_initials", "relation",
                 "sex", "ethnic_group", "education", "ability", "skill_grade", "skills", "group_name", "consent", "note",
                 "created_at", "version", "void_reason"],
        ((n, COUNTY, places[n % len(places)], "lost", "", f"王{n}", "wang", "w", *[""] * 10, moment, 1, "")
         for n in range(1, workers + 1)), is_encoded=True,
    )
    bulk.insert(
        Transfer, ["county", "worker", "village", "started_on", "ended_on", "month_only", "destination", "channel", "broker",
                   "agency", "form", "employer", "industry", "job", "pay", "pay_band", "contract", "insurance", "source",
                   "reason", "plan", "note", "created_at", "version", "void_reason"],
        trips(rng, transfers, workers, places, list(Broker.objects.values_list("pk", flat=True)), moment), is_encoded=True,
    )
    bulk.tell_planner([Worker, Transfer, Broker, Village])
    from django.db import connection

    if connection.vendor == "sqlite":
        connection.cursor().execute("ANALYZE")


def scheme(model, county):
    """Yongning's table."""
    from support.examples import YONGNING
    from support.models import SchemeBand

    facts = YONGNING.facts | {"name": "永宁", "source": ""}
    found = model.objects.create(county=county, **facts)
    SchemeBand.objects.bulk_create(SchemeBand(scheme=found, **vars(band)) for band in YONGNING.bands)


def trips(rng, transfers, workers, places, brokers, moment):
    """The first stay of everybody, a second one of three in seven later in the year; one in twenty led by another broker."""
    for n in range(transfers):
        worker, again = n % workers + 1, n >= workers
        since = date(YEAR, 7 if again else rng.choice([1, 2]), rng.randint(1, 28))
        until = since + timedelta(rng.randint(60, 180 if again else 120))
        broker = brokers[(worker if rng.random() < .95 else rng.randrange(BROKERS)) % BROKERS]
        end = None if again and rng.random() < .5 else until.isoformat()
        pay = rng.choice([None, 1800, 2500, 3600, 4200, 4200, 5600, 5600, 7000, 7000])
        contract = rng.choice(["yes", "yes", "yes", "yes", "no", ""])
        yield (
            "630121", worker, places[worker % len(places)], since.isoformat(), end, False, "4403", "broker", broker, "", "",
            "某厂", "", "", pay, "", contract, "", "", "", "", "", moment, 1, "",
        )


def measure():
    import django

    django.setup()
    from django.db import connection

    from bench.figures import timed
    from officers.models import Officer
    from support import actions, counting
    from support.models import ClaimLine, Scheme

    scheme = Scheme.objects.get()
    given = {"county": scheme.county_id, "start": f"{YEAR}-01-01", "stop": f"{YEAR + 1}-01-01", "floor": scheme.pay_floor}
    text = PLAIN.format(**counting.DIALECTS[connection.vendor])

    def plain():
        with connection.cursor() as cursor:
            cursor.execute(text, given)
            cursor.fetchall()

    def claims():
        return counting.Counting(scheme, YEAR).counts()

    pairs = [(timed(claims), timed(plain)) for _run in range(RUNS)]
    ours, least = (median(times) for times in zip(*pairs, strict=True))
    counts = claims().values()
    print(f"{len(counts)} claims, {sum(c.stays for c in counts)} stays, {sum(c.persons for c in counts)} workers who count")
    print(f"counting the claims / the plain GROUP BY: {ours / least:.2f} ({ours:.2f} s / {least:.2f} s;"
          f" at most {MOST_TIMES}: {'pass' if ours <= MOST_TIMES * least else 'FAIL'})")
    took = timed(lambda: actions.draw_up(scheme, YEAR, by=Officer.objects.get()))
    print(f"drawing them up, {ClaimLine.objects.count()} lines stored: {took:.1f} s,"
          f" {took / least:.1f} times the plain GROUP BY")


def main(transfers=400_000):
    from bench.sheets import scratch

    with scratch() as (vendor, own):
        run(own, "prepare", transfers)
        print(f"{vendor}: {transfers} stays led by {BROKERS} brokers in {YEAR}")
        print(run(own, "measure"), end="")


def run(surroundings, *args) -> str:
    command = [sys.executable, "-m", "bench.claims", *map(str, args)]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=os.environ | surroundings).stdout


if __name__ == "__main__":
    if sys.argv[1:] == ["measure"]:
        measure()
    elif sys.argv[1:2] == ["prepare"]:
        import django

        django.setup()
        prepare(int(sys.argv[2]))
    else:
        main(*map(int, sys.argv[1:]))
