"""Two officers bring overlapping people at the same moment: .venv/bin/python -m tests.faults.two_imports [--quick]

IM-11: the county and a station each bring 2,000 rows, 500 of them of the same people. First through the pages of a real
server, both at every step at one instant, with the worker that docs/deploy.md starts; it writes one sheet after the other.
Then, five times, both are written by two processes at once, so that the database has the last word; whoever is refused reads
why and takes the sheet again. Expected: one person an ID number, both told what was left out, no deadlock, no answer of 500.

Works on a copy of the demo that is configured and throws it away. `--quick` brings 200 rows, 50 shared, and writes twice.
"""

import json
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from random import Random
from threading import Barrier

from bench import server, sheets
from bench.snapshot import Snapshot

ROWS, SHARED, ROUNDS = 2_000, 500, 5
QUICK_ROWS, QUICK_SHARED, QUICK_ROUNDS = 200, 50, 2
OFFICERS = ["zhao", "wang"]
# Nobody of the demo has one of these.
FIRST = 60_000
PATIENCE, TRIES = 300, 5


def main():
    quick = "--quick" in sys.argv
    rows, shared = (QUICK_ROWS, QUICK_SHARED) if quick else (ROWS, SHARED)
    findings = server.Findings()
    with server.copied():
        port = server.free_port()
        both = [_Sheet(name, port, _rows(place * (rows - shared), rows)) for place, name in enumerate(OFFICERS)]
        with server.serving(port=port):
            _to_the_preview(both)
        staged = Snapshot("staged")
        with server.serving(port=port):
            _say_pages(findings, both, _by_the_worker(both), rows, shared)
        staged.put_back()
        for _round in range(QUICK_ROUNDS if quick else ROUNDS):
            told = _by_two_processes(both)
            _say_round(findings, told, rows, shared)
            staged.put_back()
        staged.drop()
    findings.leave()


def _rows(first, many) -> list[list]:
    """Of people that are the same whoever brings them, all of the station's villages."""
    from bench.beside import places
    from officers.models import Officer
    from villages.models import Township

    township = Township.objects.get(pk=Officer.objects.get(username=OFFICERS[1]).posts[0]).name
    here = [each for each in places() if each[0] == township]
    return [sheets.person(Random(number), number, here) for number in _numbers()[first : first + many]]


def _numbers() -> list[int]:
    """An ID number that ends in 000 is asked about (a spreadsheet may have cut it): such a household is not brought."""
    households = (range(first, first + 3) for first in range(FIRST, FIRST + 2 * ROWS, 3))
    return [number for each in households if not any(_id_number(n).endswith("000") for n in each) for number in each]


def _id_number(number) -> str:
    return sheets.id_number(number, number % 3 != 1)


def _expected(rows, shared) -> int:
    return 2 * rows - shared


class _Sheet:
    """What one officer brings, and how the pages answered; `number` is that of the batch."""

    def __init__(self, username, port, rows):
        from officers import demo
        from officers.models import Officer

        demo.begin()
        self.officer = Officer.objects.get(username=username)
        self.username, self.place, self.port, self.rows = username, self.officer.posts[0], port, rows
        self.session, self.statuses, self.number = server.session_of(self.officer), [], None

    def upload(self):
        lines = [",".join(map(str, row)) for row in [sheets.HEADINGS, *self.rows]]
        typed, name = {"kind": "ledger", "place": self.place}, f"{self.username}.csv"
        answer = server.send_file(
            self.port, self.session, "/people/sheets/new/", typed, "file", "\n".join(lines).encode(), name
        )
        self.statuses.append(answer.status)

    def send(self, page, **typed):
        self.statuses.append(server.post(self.port, self.session, f"/people/sheets/{self.number}/{page}/", typed).status)

    def wait_for(self, state):
        """Looks at the page, as the officer does, until it is so far."""
        until = time.monotonic() + PATIENCE
        while self.batch().state != state:
            if time.monotonic() > until:
                raise SystemExit(f"{self.username}: {self.batch().state} instead of {state}: {self.batch().failure}")
            self.look()
            time.sleep(0.5)

    def look(self) -> str:
        answer = server.look(self.port, self.session, f"/people/sheets/{self.number}/")
        self.statuses.append(answer.status)
        return answer.body.decode()

    def batch(self):
        from workers.models import Batch

        return Batch.objects.get(pk=self.number)


# Through the pages.


def _to_the_preview(both):
    """Both are sent at one instant, and read."""
    from workers.models import Batch

    _at_once(both, lambda sheet: sheet.upload())
    for sheet in both:
        sheet.number = Batch.objects.get(uploaded_by=sheet.officer, file_name=f"{sheet.username}.csv").pk
    _at_once(both, lambda sheet: sheet.send("columns"))
    work = server.worker("--batch")
    for sheet in both:
        sheet.wait_for("staged")
    work.process.wait()


def _at_once(both, do):
    gate = Barrier(len(both))

    def together(sheet):
        gate.wait()
        do(sheet)

    with ThreadPoolExecutor(len(both)) as pool:
        list(pool.map(together, both))


def _by_the_worker(both) -> list[str]:
    """What the page of each says when both are in the ledger."""
    work = server.worker()
    try:
        _at_once(both, lambda sheet: sheet.send("take", which="good"))
        for sheet in both:
            sheet.wait_for("committed")
        return [sheet.look() for sheet in both]
    finally:
        work.end()


def _say_pages(findings, both, pages, rows, shared):
    """The worker takes one after the other: who comes second reads how many rows were left out."""
    from officers.models import Message

    left_out = [sheet.batch().counts["written"].get("moved", 0) for sheet in both]
    reads = sum(f"{shared}" in page for page, rows_out in zip(pages, left_out, strict=True) if rows_out)
    told = sum(Message.objects.filter(officer=sheet.officer, url=f"/people/sheets/{sheet.number}/").count() for sheet in both)
    failed = [status for sheet in both for status in sheet.statuses if status not in (200, 302)]
    people, twice = _in_the_ledger(rows, shared)
    findings.say("IM-11", (
        f"pages, {_kind()}: {people} people of {2 * rows} rows, {twice} twice; left out {left_out}, {told} messages; "
        f"{len(failed)} of {sum(len(sheet.statuses) for sheet in both)} answers failed"
    ), people == _expected(rows, shared) and not twice and sorted(left_out) == [0, shared]
        and reads == 1 and told >= 4 and not failed)


def _kind() -> str:
    return "SQLite" if server.is_sqlite() else "PostgreSQL"


def _in_the_ledger(rows, shared) -> tuple[int, int]:
    """How many of the people that both brought are there, and how many of them more than once or with two departures."""
    from django.db.models import Count

    from laborreg import crypto
    from workers.models import Worker

    numbers = [_id_number(number) for number in _numbers()[: _expected(rows, shared)]]
    found = list(Worker.objects.filter(id_index__in=[crypto.index(number) for number in numbers]).annotate(
        trips=Count("transfers", distinct=True), stays=Count("registrations", distinct=True)
    ).values_list("id_index", "trips", "stays"))
    people = {index for index, _trips, _stays in found}
    return len(people), len(found) - len(people) + sum(trips != 1 or stays != 1 for _index, trips, stays in found)


# Two processes at once.


def _by_two_processes(both) -> list[dict]:
    server.forget_connections()
    instant = time.time() + 4
    begun = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.faults.two_imports", "--write", str(sheet.number), sheet.username, str(instant)],
            stdout=subprocess.PIPE, text=True,
        ) for sheet in both
    ]
    return [json.loads(process.communicate(timeout=PATIENCE)[0]) for process in begun]


def _write(number, username, instant):
    """One of the two: says when it wrote, how much it left out, and what it was refused for."""
    from django.db import OperationalError
    from django.utils.translation import override

    from laborreg.refusals import Refusal
    from officers import demo
    from officers.models import Officer
    from workers.models import Batch
    from workers.sheets import committing

    demo.begin()
    officer, refused, is_deadlock = Officer.objects.get(username=username), [], False
    time.sleep(max(0, float(instant) - time.time()))
    begun, counts = time.time(), None
    with override("en"):
        for _try in range(TRIES):
            try:
                counts = committing.commit(Batch.objects.get(pk=number), by=officer)
                break
            except Refusal as wrong:
                refused.append(str(wrong.message))
                is_deadlock |= isinstance(wrong.__cause__, OperationalError) and "deadlock" in str(wrong.__cause__)
    print(json.dumps({
        "begun": begun, "ended": time.time(), "counts": counts, "refused": refused, "deadlock": is_deadlock,
    }))


def _say_round(findings, told, rows, shared):
    """The two were at it at the same time, or nothing was tried."""
    together = max(each["begun"] for each in told) < min(each["ended"] for each in told)
    left_out = [(each["counts"] or {}).get("moved", 0) for each in told]
    refused = [words for each in told for words in each["refused"]]
    people, twice = _in_the_ledger(rows, shared)
    findings.say("IM-11", (
        f"two processes, {_kind()}: {people} people, {twice} twice; left out {left_out}, {len(refused)} refused and taken again"
        f"{sorted(set(refused)) or ''}, {sum(each['deadlock'] for each in told)} deadlocks, "
        f"{max(each['ended'] - each['begun'] for each in told):.1f} s"
    ), people == _expected(rows, shared) and not twice and sum(left_out) == shared and together
        and all(each["counts"] for each in told) and not any(each["deadlock"] for each in told))


if __name__ == "__main__":
    if "--write" in sys.argv:
        server.begin()
        _write(*sys.argv[2:])
    else:
        main()
