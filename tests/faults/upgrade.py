"""RE-11: from an earlier release to this one while officers work, by the steps of docs/deploy.md, and back again.

    .venv/bin/python -m tests.faults.upgrade [--from COMMIT] [--county] [--quick]

The earlier release is the newest one with other migrations, taken from git; its own code makes its demo, or with --county a
county of 246,000 people, in a database of its own on the configured server or in a file. Ten pages a second are looked at,
one group is saved a second. The tables are migrated under the old server; the new one starts beside it; then everybody is
sent to the new one, as nginx would do. Expected: no page fails; saves fail within five seconds at most, and those that were
answered with 302 are there. Then the copy made before is put back, by the way in which this release restores one, and the old
code serves it.
"""

import argparse
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from bench import server

# Told by the models of the old release: those of this one know columns that are not there yet.
WHO_ASKS = """
import importlib.util, json, sys
found = importlib.util.spec_from_file_location("server", sys.argv[1])
server = importlib.util.module_from_spec(found)
sys.modules["server"] = server
found.loader.exec_module(server)
server.begin()
officers = server.officers()
print(json.dumps([officers, server.pages("village", officers[0][1])]))
"""
READS_A_SECOND, SAVES_A_SECOND, BEFORE, AFTER = 10, 1, 5, 10
SAVES_GOAL = 5


def main():
    asked = argparse.ArgumentParser()
    asked.add_argument("--from", dest="commit")
    asked.add_argument("--quick", action="store_true", help="the same: the old demo is most of it")
    asked.add_argument("--county", action="store_true")
    asked = asked.parse_args()
    commit = asked.commit or earlier_release()
    with TemporaryDirectory() as made, _database_of_its_own(Path(made)):
        folder = Path(made)
        old = _unpacked(commit, folder / "old")
        _manage(old, "migrate", "-v0")
        _manage(old, "seed", "county" if asked.county else "small")
        _manage(old, "collectstatic", "--noinput", "-v0")
        server.begin()
        found, back = _upgrade(old, folder)
        print(f"from {commit[:10]}: tables in {found.migrated:.1f} s; {found.reads} pages, {len(found.failed_reads)} failed "
              f"{found.failed_reads[:3]}; {found.saves} saves, {len(found.failed_saves)} failed within {found.closed:.1f} s")
    findings = server.Findings()
    findings.say(
        "RE-11", f"{len(found.failed_reads)} of {found.reads} pages failed, saves refused for {found.closed:.1f} s, "
        f"{found.lost} lost; the old release on the copy of before: {'serves' if back else 'does not serve'}",
        not found.failed_reads and found.closed <= SAVES_GOAL and not found.lost and back,
    )
    findings.leave()


def earlier_release() -> str:
    """The newest commit on the main line whose migrations are not these."""
    now = _migrations("HEAD")
    for commit in _git("log", "--first-parent", "--format=%H").split():
        if _migrations(commit) != now:
            return commit
    raise SystemExit("No commit has other migrations.")


def _migrations(commit) -> list[str]:
    return [name for name in _git("ls-tree", "-r", "--name-only", commit).split() if "/migrations/" in name]


def _git(*args) -> str:
    return subprocess.run(["git", *args], check=True, stdout=subprocess.PIPE, text=True).stdout


def _unpacked(commit, folder) -> Path:
    folder.mkdir()
    archive = subprocess.run(["git", "archive", commit], check=True, stdout=subprocess.PIPE).stdout
    subprocess.run(["tar", "-x", "-C", folder], input=archive, check=True)
    return folder


def _who_asks(old) -> tuple[list, list]:
    """(session, village) of each village's officer, and the pages that are looked at."""
    command = [sys.executable, "-c", WHO_ASKS, str(Path(server.__file__).resolve())]
    said = subprocess.run(command, cwd=old, check=True, stdout=subprocess.PIPE, text=True).stdout
    officers, pages = json.loads(said.splitlines()[-1])
    return officers, pages


def _manage(code, *args):
    subprocess.run([sys.executable, "manage.py", *args], cwd=code, check=True, stdout=subprocess.DEVNULL)


@contextmanager
def _database_of_its_own(folder):
    (data := folder / "data").mkdir()
    os.environ |= {"LABORREG_DATA": str(data), "LABORREG_KEYS": str(folder / "keys.json")}
    address = os.environ.get("DATABASE_URL", "")
    if not address.startswith("postgres"):
        os.environ.pop("DATABASE_URL", None)
        yield
        return
    name = f"upgrade_{os.getpid()}"
    server.say_to_server(address, f"CREATE DATABASE {name}")
    os.environ["DATABASE_URL"] = urlsplit(address)._replace(path=f"/{name}").geturl()
    try:
        yield
    finally:
        server.forget_connections()
        server.drop(address, name)


class Work:
    """Officers at one address; `port` changes when the web server in front sends them to the new release."""

    def __init__(self, port, old):
        self.port, self.over = port, threading.Event()
        self.officers, self.pages = _who_asks(old)
        self.reads, self.saves, self.lost, self.migrated = 0, 0, 0, 0.0
        self.failed_reads, self.failed_saves, self.acknowledged = [], [], []
        self.threads = [threading.Thread(target=self._look, args=[n]) for n in range(READS_A_SECOND)]
        self.threads += [threading.Thread(target=self._save) for _n in range(SAVES_A_SECOND)]

    def __enter__(self):
        for each in self.threads:
            each.start()
        return self

    def __exit__(self, *_error):
        self.over.set()
        for each in self.threads:
            each.join()

    def _look(self, first):
        for number in count(first):
            page = self.pages[number % len(self.pages)]
            answer = server.look(self.port, self.officers[0][0], page)
            self.reads += 1
            if answer.status != 200:
                self.failed_reads.append((answer.status, page))
            if self.over.wait(max(0, 1 - answer.seconds)):
                return

    def _save(self):
        while not self.over.wait(1):
            begun, note = time.monotonic(), server.mark()
            answer = server.save(self.port, *self.officers[self.saves % len(self.officers)], note)
            self.saves += 1
            if answer.status == 302:
                self.acknowledged.append(note)
            else:
                self.failed_saves.append((begun, begun + answer.seconds))

    @property
    def closed(self) -> float:
        """Seconds from the first refused save to the end of the last."""
        return self.failed_saves[-1][1] - self.failed_saves[0][0] if self.failed_saves else 0.0


def _upgrade(old, folder) -> tuple[Work, bool]:
    before = server.Server(code=old)
    before.wait()
    with Work(before.port, old) as work:
        time.sleep(BEFORE)
        copy = _copy_made(folder)
        begun = time.monotonic()
        _manage(None, "migrate", "-v0")
        work.migrated = time.monotonic() - begun
        _manage(None, "collectstatic", "--noinput", "-v0")
        after = server.Server()
        after.wait()
        work.port = after.port
        time.sleep(1)
        before.process.terminate()
        time.sleep(AFTER)
    before.end()
    work.lost = len(work.acknowledged) - len(server.recorded(work.acknowledged))
    after.end()
    return work, _rolled_back(old, copy, work)


# Back again.


def _copy_made(folder) -> Path:
    """Consistent while officers write."""
    copy = folder / "before"
    if not server.is_sqlite():
        subprocess.run(["pg_dump", "--format=custom", "--file", copy, os.environ["DATABASE_URL"]], check=True)
        return copy
    with closing(sqlite3.connect(_file())) as live, closing(sqlite3.connect(copy)) as kept:
        live.backup(kept)
    return copy


def _file() -> Path:
    return Path(os.environ["LABORREG_DATA"]) / "registry.sqlite3"


def _rolled_back(old, copy, work) -> bool:
    """Whether the old code serves the copy, pages and saves."""
    from django.db import connection

    from officers.backups.databases import database

    server.forget_connections()
    if server.is_sqlite():
        for tail in ("-wal", "-shm"):
            Path(f"{_file()}{tail}").unlink(missing_ok=True)
        shutil.copy(copy, _file())
    else:
        database(connection.settings_dict).take_in(copy)
    again = server.Server(code=old)
    try:
        again.wait()
        session, village = work.officers[0]
        pages = {server.look(again.port, session, page).status for page in work.pages}
        return pages == {200} and server.save(again.port, session, village).status == 302 and server.is_whole()
    finally:
        again.end()


if __name__ == "__main__":
    main()
