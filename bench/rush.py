"""Every village officer saves at one instant, then within one minute, against a real server: .venv/bin/python -m bench.rush

It works on a copy of the demo that is configured, a file or a PostgreSQL database, and drops it afterwards. PostgreSQL
copies a database only while nobody else is connected to it. Each save registers an unnamed group. What counts: no save
lost, none refused for a busy database; and how much longer the slowest hundredth waits than an officer who is alone.
"""

import sys
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from bench import server

ALONE = 20


def main():
    with server.copied():
        officers = server.officers()
        with server.serving() as running:
            before = _groups()
            alone = sorted(_save(running.port, *officers[0]) for _time in range(ALONE))
            instant = _at_once(running.port, officers)
            minute = _within(running.port, officers, 60)
        saved = _groups() - before
    expected = ALONE + 2 * len(officers)
    print(f"{len(officers)} officers: {saved} of {expected} saves are in the ledger")
    for name, times in (("at one instant", instant), ("within one minute", minute)):
        slowest = times[int(len(times) * 0.99) - 1]
        print(f"{name}: slowest hundredth waits {slowest / alone[10]:.1f} times as long as one alone ({slowest:.2f} s)")
    sys.exit(saved != expected)


def _groups():
    from workers.models import UnnamedGroup

    return UnnamedGroup.objects.count()


def _save(port, session, village) -> float:
    answer = server.save(port, session, village)
    if answer.status != 302:
        print(f"{village}: {answer.status}", file=sys.stderr)
    return answer.seconds


def _at_once(port, officers):
    gate = Barrier(len(officers))

    def save(officer):
        gate.wait()
        return _save(port, *officer)

    with ThreadPoolExecutor(len(officers)) as pool:
        return sorted(pool.map(save, officers))


def _within(port, officers, seconds):
    begun = time.monotonic()

    def save(place, officer):
        time.sleep(max(0, begun + seconds * place / len(officers) - time.monotonic()))
        return _save(port, *officer)

    with ThreadPoolExecutor(len(officers)) as pool:
        return sorted(pool.map(save, range(len(officers)), officers))


if __name__ == "__main__":
    main()
