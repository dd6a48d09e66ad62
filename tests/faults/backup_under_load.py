"""Backups are written while the office saves, and each is brought back to a clean place:

    .venv/bin/python -m tests.faults.backup_under_load [--rounds 20] [--quick]

It works on a copy of the demo that is configured (a file, or a PostgreSQL database whose role may make others), with
gunicorn as docs/deploy.md has it. Eight officers save all the while. Each backup is restored by `manage.py restore`
into an empty database; looked at are SQLite's or PostgreSQL's own check, every table's count against the manifest, the
audit trail, every saved group that the counts promise, and `prove` of one village. Then one backup is spoiled in several
ways, and one is killed at a random moment.
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from threading import Event, Thread

from bench import server

WRITERS = 8
MOST_SECONDS = 15 * 60


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--quick", action="store_true", help="three rounds")
    asked = parser.parse_args()
    rounds = 3 if asked.quick else asked.rounds
    with server.copied() as folder:
        failed = _run(folder, rounds)
    sys.exit(failed)


def _run(folder, rounds) -> bool:
    officers, backups = server.officers(), folder / "backups"
    backups.mkdir()
    with server.serving() as running, _Load(running.port, officers) as load:
        files = [_backup(backups) for _round in range(rounds)]
        well, kills = _killed(backups, 3 if rounds < 10 else 10)
    verdicts = [_comes_back(file, folder / f"place{number}") for number, file in enumerate(files)]
    good, slowest = sum(ok for ok, _seconds in verdicts), max(seconds for _ok, seconds in verdicts)
    refused, tried = _spoiled(files[0], folder)
    print(f"while {load.saved} saves went through and {load.failed} did not")
    lines = [
        ("RE-09", f"{good} of {rounds} backups came back whole", good == rounds),
        ("RE-09", f"slowest restore {slowest:.1f} s", slowest <= MOST_SECONDS),
        ("RE-09", f"{load.failed} saves failed while backups were written", load.failed == 0 and load.saved > 0),
        ("RE-09", f"{well} of {kills} killed while writing left nothing that looks whole", well == kills),
        ("RE-10", f"{refused} of {tried} spoiled files refused before anything was touched", refused == tried),
    ]
    for goal, figure, ok in lines:
        print(f"{goal}  {figure}  {'pass' if ok else 'FAIL'}")
    return not all(ok for _goal, _figure, ok in lines)


class _Load:
    """Officers who save one group after the other, until the block ends."""

    def __init__(self, port, officers):
        self.port, self.officers = port, officers
        self.over, self.saved, self.failed = Event(), 0, 0

    def __enter__(self):
        self.threads = [Thread(target=self._save, args=[self.officers[at::WRITERS]]) for at in range(WRITERS)]
        for thread in self.threads:
            thread.start()
        return self

    def _save(self, officers):
        while not self.over.is_set():
            for session, village in officers:
                if self.over.is_set():
                    return
                if server.save(self.port, session, village).status == 302:
                    self.saved += 1
                else:
                    self.failed += 1

    def __exit__(self, *_wrong):
        self.over.set()
        for thread in self.threads:
            thread.join()


def _manage(*command, **surroundings):
    environ = os.environ | surroundings
    return subprocess.run([sys.executable, "manage.py", *command], env=environ, capture_output=True, text=True)


def _backup(folder) -> Path:
    time.sleep(1)  # a backup is named by its second
    done = _manage("backup", str(folder))
    if done.returncode:
        sys.exit(done.stderr)
    return max(folder.glob("*.backup"))


def _comes_back(file, place) -> tuple[bool, float]:
    """Restored into an empty database of its own, which is looked through and dropped again."""
    from django.db import connection

    from officers.backups import databases

    place.mkdir()
    home = databases.database(connection.settings_dict)
    with home.beside(place) as empty:
        surroundings = {"DATABASE_URL": empty.url, "LABORREG_DATA": str(place)}
        began = time.monotonic()
        done = [_manage("restore", str(file), **surroundings)]
        seconds = time.monotonic() - began
        done.append(_manage("verify_audit", "--against", str(file), **surroundings))
        done.append(_manage("prove", "--area", _village(), **surroundings))
    for each in done:
        if each.returncode:
            print(f"{file.name}: {' '.join(each.args[2:])}: {(each.stderr or each.stdout).strip()[-400:]}", file=sys.stderr)
    return not any(each.returncode for each in done), seconds


def _village() -> str:
    from reports.models import MonthlyReturn

    return MonthlyReturn.objects.filter(newest__isnull=False).values_list("village_id", flat=True).first()


def _spoiled(file, folder) -> tuple[int, int]:
    """One byte turned, an end cut off, bytes added: each refused, and no database made."""
    whole, chance, refused, tried = file.read_bytes(), random.Random(10), 0, 20
    for number in range(tried):
        spoiled, at = bytearray(whole), chance.randrange(len(whole))
        if number % 3 == 0:
            spoiled[at] ^= 1 << chance.randrange(8)
        elif number % 3 == 1:
            del spoiled[at:]
        else:
            spoiled += b"\0" * (at % 4096 + 1)
        place = folder / f"spoiled{number}"
        place.mkdir()
        (place / "registry-20260101-000000.backup").write_bytes(spoiled)
        surroundings = {"LABORREG_DATA": str(place)}
        if not os.environ.get("DATABASE_URL", "").startswith("postgres"):
            surroundings["DATABASE_URL"] = f"sqlite:///{place / 'registry.sqlite3'}"
        done = _manage("restore", str(place / "registry-20260101-000000.backup"), "--replace", **surroundings)
        refused += bool(done.returncode) and "Traceback" not in done.stderr and not (place / "registry.sqlite3").exists()
    return refused, tried


def _killed(folder, times) -> tuple[int, int]:
    """Killed outright at a random moment; what is left under a backup's name must be one."""
    well, chance = 0, random.Random(9)
    for _time in range(times):
        before = set(folder.glob("*.backup"))
        command = [sys.executable, "manage.py", "backup", str(folder)]
        child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(chance.uniform(0.5, 6))
        child.send_signal(signal.SIGKILL)
        child.wait()
        new = set(folder.glob("*.backup")) - before
        well += all(_manage("restore", str(file), "--check").returncode == 0 for file in new)
        time.sleep(1)
    return well, times


if __name__ == "__main__":
    main()
