"""RE-03: eight who save and sixteen who look, without a pause, on one SQLite file.

    .venv/bin/python -m tests.faults.contention [--quick] [--seconds N]

Expected over five minutes: no answer but the page or the save that was asked for, every save in the ledger, and 95 of 100
saves within two seconds. On PostgreSQL, where DATABASE_URL names it, the same load is told as well.
"""

import argparse
import threading
import time
from collections import Counter
from itertools import cycle
from pathlib import Path

from bench import server

WRITERS, READERS = 8, 16
SECONDS, QUICK_SECONDS = 300, 30
SAVE_GOAL = 2.0


def main():
    asked = argparse.ArgumentParser()
    asked.add_argument("--quick", action="store_true")
    asked.add_argument("--seconds", type=int)
    asked = asked.parse_args()
    seconds = asked.seconds or (QUICK_SECONDS if asked.quick else SECONDS)
    with server.copied() as folder:
        load = Load(server.officers())
        with server.serving() as running:
            load.bear(running.port, seconds)
        journal = folder / "registry.sqlite3-wal"
        print(f"{len(load.reads)} pages, p95 {server.percentile(load.reads, 95):.2f} s; {_size(journal)}")
        recorded, whole = len(server.recorded(load.notes)), server.is_whole()
    slowest = server.percentile(load.saves, 95)
    print(f"{len(load.notes)} saves answered, {recorded} in the ledger; other answers: {dict(load.failed)}; whole: {whole}")
    findings = server.Findings()
    findings.say(
        "RE-03", f"{load.failed.total()} errors in {len(load.reads) + len(load.saves)} answers, p95 of saves {slowest:.2f} s",
        load.notes and not load.failed and recorded == len(load.notes) and whole and slowest <= SAVE_GOAL,
    )
    findings.leave()


class Load:
    def __init__(self, officers):
        self.officers = officers
        self.reads, self.saves, self.notes, self.failed = [], [], [], Counter()
        self.county = server.county_session()
        self.pages = {role: server.pages(role, officers[0][1]) for role in server.PAGES}

    def bear(self, port, seconds):
        until = time.monotonic() + seconds
        threads = [threading.Thread(target=self._save, args=[port, until, *each]) for each in self.officers[:WRITERS]]
        threads += [threading.Thread(target=self._look, args=[port, until, n % 2]) for n in range(READERS)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()

    def _save(self, port, until, session, village):
        while time.monotonic() < until:
            note = server.mark()
            answer = server.save(port, session, village, note)
            self.saves.append(answer.seconds)
            if self._is(302, answer):
                self.notes.append(note)

    def _look(self, port, until, is_county):
        session, pages = (self.county, "county") if is_county else (self.officers[0][0], "village")
        for page in cycle(self.pages[pages]):
            if time.monotonic() >= until:
                return
            answer = server.look(port, session, page)
            self.reads.append(answer.seconds)
            self._is(200, answer)

    def _is(self, expected, answer) -> bool:
        if answer.status != expected:
            self.failed[answer.status] += 1
        return answer.status == expected


def _size(journal: Path) -> str:
    return f"journal {journal.stat().st_size / 2**20:.0f} MB" if journal.exists() else "no journal left"


if __name__ == "__main__":
    main()
