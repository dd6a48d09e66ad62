"""An office at work on two cores: twenty officers save, five county pages a second: .venv/bin/python -m bench.load

    [--seconds N] [--quick] [--ceiling]

On a copy of what is configured, with a real server. Each officer saves every four seconds; pages are asked for when their
time has come, whether or not the last one is there, and an answer's time counts from then. Expected: 95 of 100 answers
within 300 ms on PostgreSQL and 500 ms on SQLite, none failed. `--ceiling` then raises the rate step by step until that no
longer holds, and says what was short: the processors, and whose work they did, or locks that were waited for.
"""

import argparse
import os
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle, islice
from pathlib import Path

from bench import server

OFFICERS, SAVE_EVERY, PAGES_A_SECOND = 20, 4, 5
SECONDS, QUICK_SECONDS, STEP_SECONDS = 300, 30, 20
GOALS = {"postgresql": 0.3, "sqlite": 0.5}
STEPS = (1.5, 2, 3, 4, 6, 8, 12, 16)
# What a bureau has open on deadline day. The page of data quality, a second and more of the database's work, is not.
COUNTY_PAGES = [
    "/totals/{county}/{month}/", "/queue/{month}/", "/people/", "/totals/{county}/{month}/figures/away/", "/people/sheets/",
]
WAITING = """
    SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
"""
# So much of all processors taken means that they are what is short.
BUSY = 0.9


def main():
    asked = argparse.ArgumentParser()
    asked.add_argument("--seconds", type=int)
    asked.add_argument("--quick", action="store_true")
    asked.add_argument("--ceiling", action="store_true")
    asked = asked.parse_args()
    with server.copied():
        from django.db import connection

        goal = GOALS[connection.vendor]
        office = Office()
        with server.serving() as running:
            _warm_up(office, running.port)
            took = Measured(office, running, asked.seconds or (QUICK_SECONDS if asked.quick else SECONDS), 1)
            print(took.told())
            ceiling = _ceiling(office, running, goal, took) if asked.ceiling else None
    findings = server.Findings()
    findings.say("LOAD", f"p95 {took.p95 * 1000:.0f} ms of {len(took.times)} answers on {connection.vendor}, "
                 f"{took.failed.total()} failed{took.waited()}", took.p95 <= goal and not took.failed)
    if ceiling:
        print(ceiling)
    findings.leave()


def _warm_up(office, port):
    """Each process draws each page once; a morning's first officer waits, not the ninety-five."""
    for page in office.pages * 4:
        server.look(port, office.county, page)
    server.save(port, *office.officers[0])


def _ceiling(office, running, goal, took) -> str:
    held = 0
    for step in STEPS:
        if took.p95 > goal or took.failed:
            return f"ceiling: {held} times the load; at {took.rate} times it is {took.short_of()}"
        held, took = took.rate, Measured(office, running, STEP_SECONDS, step)
        print(took.told())
    return f"ceiling: above {held} times the load"


class Office:
    def __init__(self):
        self.officers = server.officers()[:OFFICERS]
        self.county = server.county_session()
        village = self.officers[0][1]
        where = {"county": village[:6], "month": max(_filed(village))}
        self.pages = [page.format(**where) for page in COUNTY_PAGES]


def _filed(village):
    from reports.models import MonthlyReturn

    return MonthlyReturn.objects.filter(village=village, newest__isnull=False).values_list("month", flat=True)


class Measured:
    """What a load of `rate` times the office's came to within so many seconds."""

    def __init__(self, office, running, seconds, rate):
        self.office, self.port, self.rate, self.seconds = office, running.port, rate, seconds
        self.times, self.kinds, self.failed = [], {"saves": [], "pages": []}, Counter()
        self.lock_waits, self.samples = 0, 0
        database = _database_processes()
        before = time.monotonic(), running.seconds_of_cpu(), sum(map(server.cpu_of, database)), time.process_time(), _all_cpu()
        self._bear()
        took = time.monotonic() - before[0]
        self.cores = {
            "the server": (running.seconds_of_cpu() - before[1]) / took,
            "the database": (sum(map(server.cpu_of, _database_processes())) - before[2]) / took,
            "this script": (time.process_time() - before[3]) / took,
        }
        everything = (_all_cpu() - before[4]) / took
        self.cores["others on this machine"] = max(0, everything - sum(self.cores.values()))
        self.p95 = server.percentile(self.times, 95)

    def _bear(self):
        begun, done = time.monotonic(), threading.Event()
        watch = threading.Thread(target=self._watch_locks, args=[done])
        watch.start()
        with ThreadPoolExecutor(200) as pool:
            for at, kind, what in sorted([*self._saves(), *self._looks()]):
                time.sleep(max(0, begun + at - time.monotonic()))
                pool.submit(self._one, begun + at, kind, what)
        done.set()
        watch.join()

    def _saves(self):
        many = int(self.seconds * OFFICERS * self.rate / SAVE_EVERY)
        for number, officer in enumerate(islice(cycle(self.office.officers), many)):
            yield number * self.seconds / many, "saves", officer

    def _looks(self):
        many = int(self.seconds * PAGES_A_SECOND * self.rate)
        for number, page in enumerate(islice(cycle(self.office.pages), many)):
            yield number * self.seconds / many, "pages", (page,)

    def _one(self, due, kind, what):
        answer = server.save(self.port, *what) if kind == "saves" else server.look(self.port, self.office.county, *what)
        took = time.monotonic() - due
        self.times.append(took)
        self.kinds[kind].append(took)
        if answer.status != (302 if kind == "saves" else 200):
            self.failed[answer.status] += 1

    def _watch_locks(self, done):
        """PostgreSQL tells who waits for a lock; SQLite does not."""
        from django.db import connection

        while not server.is_sqlite() and not done.wait(0.5):
            with connection.cursor() as cursor:
                cursor.execute(WAITING)
                self.lock_waits += cursor.fetchone()[0]
                self.samples += 1
        connection.close()

    def waited(self) -> str:
        return f", {self.lock_waits / self.samples:.2f} waiting for a lock at a time" if self.samples else ""

    def told(self) -> str:
        kinds = ", ".join(
            f"{len(times)} {kind} p50 {server.percentile(times, 50) * 1000:.0f} p95 {server.percentile(times, 95) * 1000:.0f} ms"
            for kind, times in self.kinds.items()
        )
        cores = ", ".join(f"{who} {used:.2f}" for who, used in self.cores.items())
        return f"{self.rate} × the load: {kinds}; failed {dict(self.failed)}; cores taken by {cores}{self.waited()}"

    def short_of(self) -> str:
        used = sum(self.cores.values())
        if used >= BUSY * os.cpu_count():
            most = max(self.cores, key=self.cores.get)
            return f"short of processor: {used:.1f} of {os.cpu_count()} cores are taken, most of them by {most}"
        return f"not short of processor ({used:.1f} of {os.cpu_count()} cores): requests wait for one another{self.waited()}"


def _database_processes() -> list[int]:
    return [] if server.is_sqlite() else [pid for pid in server.numbers_of_processes() if _name(pid) == "postgres"]


def _name(pid) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return ""


def _all_cpu() -> float:
    """Seconds that all processors of the machine have worked."""
    user, nice, system, _idle, _wait, irq, soft, *_rest = map(int, Path("/proc/stat").read_text().split()[1:11])
    return (user + nice + system + irq + soft) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
