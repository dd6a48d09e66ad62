"""RE-01: kill -9 of the worker at random instants of an import of 5,000 rows, and a restart.

    .venv/bin/python -m tests.faults.kill_import [--quick] [--rounds N]

Half of the rounds strike while the file is read to the preview, half while the preview is written into the ledger. Then a
new worker begins, as systemd would start it. Expected of each round: the rows are in the ledger all or not at all, the
state of the batch says which, a batch that stopped says so in words, and the database is whole.
"""

import argparse
import random
import sys
import time
from dataclasses import dataclass

from bench import beside, server, sheets
from bench.snapshot import Snapshot

ROWS, ROUNDS, QUICK_ROUNDS = 5_000, 200, 10
# How much later than the work takes the last blow falls: some must come too late.
BEYOND = 1.1


@dataclass
class Phase:
    """A batch that waits for the worker; undisturbed it ends in this state, after so many seconds, with so many people."""

    name: str
    snapshot: Snapshot
    done: str
    seconds: float
    people: int


def main():
    asked = argparse.ArgumentParser()
    asked.add_argument("--quick", action="store_true")
    asked.add_argument("--rounds", type=int)
    asked = asked.parse_args()
    rounds = asked.rounds or (QUICK_ROUNDS if asked.quick else ROUNDS)
    with server.copied() as folder:
        number = _sent(folder)
        phases = _phases(number)
        wrong = [said for n in range(rounds) if (said := _round(phases[n % 2], number))]
        for phase in phases:
            phase.snapshot.drop()
    for said in wrong:
        print(said, file=sys.stderr)
    findings = server.Findings()
    findings.say("RE-01", f"{rounds - len(wrong)} of {rounds} kills wholly in or wholly out", not wrong)
    findings.leave()


def _sent(folder) -> int:
    """The batch, matched and handed to the worker as the page does."""
    from django.core.files import File

    from officers import demo
    from officers.models import Officer
    from workers.sheets import batches, matching
    from workers.views.sheets.matching import Matched

    demo.begin()
    path = folder / "roster.xlsx"
    sheets.write(path, ROWS, beside.places())
    zhao = Officer.objects.get(username="zhao")
    with path.open("rb") as opened:
        batch = batches.upload(by=zhao, place=zhao.posts[0], kind="ledger", file=File(opened, name=path.name))
    found = Matched(batch, {})
    found.must_be_complete()
    batches.read(
        batch, by=zhao, sheet=found.sheet.name, header_row=found.header.last_row, headings=found.header.headings,
        matched={int(place): name for place, name in matching.as_columns(found.matches).items()}, rows=ROWS,
    )
    return batch.pk


def _phases(number) -> list[Phase]:
    from officers.models import Officer
    from workers.models import Batch
    from workers.sheets import batches

    reading = _measured("read", number, "staged")
    Snapshot("staged").drop()
    batches.take(Batch.objects.get(pk=number), by=Officer.objects.get(username="zhao"), all_or_nothing=False)
    return [reading, _measured("written", number, "committed")]


def _measured(name, number, done) -> Phase:
    snapshot, begun = Snapshot(name), time.monotonic()
    work = server.worker("--batch")
    while (found := _state(number))[0] != done:
        if work.process.poll() is not None:
            raise SystemExit(f"Undisturbed, the batch was not {done}: {found}")
        time.sleep(0.05)
    seconds = time.monotonic() - begun
    work.process.wait()
    return Phase(name, snapshot, done, seconds, found[2])


def _run_to_end():
    server.forget_connections()
    work = server.worker("--batch")
    work.process.wait()
    work.kill()


def _state(number) -> tuple:
    """State, words, and how many people the ledger and the preview hold of the file."""
    from workers.models import Batch, StagedRow, Worker

    batch = Batch.objects.get(pk=number)
    told = batch.state, batch.failure, Worker.objects.filter(created_at__gte=batch.uploaded_at).count()
    return *told, StagedRow.objects.filter(batch=batch).count()


def _round(phase, number) -> str:
    """What went wrong, or nothing."""
    phase.snapshot.put_back()
    work, instant = server.worker("--batch"), random.uniform(0, phase.seconds * BEYOND)
    time.sleep(instant)
    work.kill()
    _run_to_end()
    state, words, people, previewed = _state(number)
    is_right = {
        "staged": people == 0 and previewed == ROWS and (phase.done == "staged" or words),
        "failed": people == 0 and previewed == 0 and words,
        "committed": people == phase.people,
    }.get(state, False)
    print(f"{phase.name}, killed after {instant:.2f} s: {state}, {people} people in the ledger, {words or 'no words'}")
    whole = server.is_whole()
    if is_right and whole:
        return ""
    return f"{phase.name} {instant:.3f}: {state}, {people} people, {previewed} rows, {words!r}, whole: {whole}"


if __name__ == "__main__":
    main()
