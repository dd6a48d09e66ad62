"""A worker killed outright while it writes a sheet: the ledger holds all of it or nothing, and the sheet says which."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from random import Random

from django.conf import settings
from django.db import connection
from django.test import TestCase

ROWS, KILLS, SEED = 2_500, 8, 107
TABLES = ["workers_worker", "workers_registration", "workers_transfer", "workers_household", "workers_phone"]
NOTHING = (0,) * (len(TABLES) + 2)


class Killed(TestCase):
    """On SQLite in files, whatever the other tests run on."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.before, self.data = (Path(folder.name) / name for name in ("before", "data"))
        self.before.mkdir()
        self.keys = Path(folder.name) / "keys.json"

    def process(self, data, *words):
        surroundings = os.environ | {
            "LABORREG_DATA": str(data), "LABORREG_KEYS": str(self.keys), "DATABASE_URL": f"sqlite:///{data}/registry.sqlite3",
            "DJANGO_SETTINGS_MODULE": "laborreg.settings",
        }
        command = [sys.executable, "-m", "tests.workers.sheets.killed", *map(str, words)]
        return subprocess.Popen(
            command, cwd=settings.BASE_DIR, env=surroundings, stdout=subprocess.PIPE, text=True, start_new_session=True
        )

    def line(self, process) -> str:
        return process.stdout.readline().strip()

    def read(self, data):
        with closing(sqlite3.connect(data / "registry.sqlite3")) as database:
            self.assertEqual(database.execute("PRAGMA integrity_check").fetchall(), [("ok",)])
            one = lambda query: database.execute(query).fetchone()[0]  # noqa: E731
            imported = one("SELECT count(*) FROM officers_auditevent WHERE verb = 'imported a sheet'")
            written = one("SELECT count(*) FROM workers_stagedrow WHERE written <> '{}'")
            return (*[one(f"SELECT count(*) FROM {table}") for table in TABLES], imported, written)

    def restore(self):
        shutil.rmtree(self.data, ignore_errors=True)
        shutil.copytree(self.before, self.data)

    def prepare(self):
        if connection.vendor == "sqlite":
            # The tables are there: making them again would take longer than all the rest.
            (self.before / "registry.sqlite3").write_bytes(connection.connection.serialize())
        process = self.process(self.before, "prepare", self.before / "roster.xlsx", ROWS)
        process.communicate()
        self.assertEqual((process.returncode, self.read(self.before)), (0, NOTHING))

    def undisturbed(self) -> tuple[tuple, float]:
        """What the ledger holds afterwards, and how long it takes."""
        self.restore()
        process = self.process(self.data, "go_on")
        self.assertEqual((self.line(process), self.line(process)), ("staged", "begun"))
        begun = time.monotonic()
        self.assertEqual(self.line(process), "done")
        took = time.monotonic() - begun
        process.communicate()
        return self.read(self.data), took

    def killed(self, process, instant) -> bool:
        """Whether that was before its end."""
        time.sleep(instant)
        # Nobody has asked yet whether it ended: its number is still its own.
        os.killpg(process.pid, signal.SIGKILL)
        return "done" not in process.communicate()[0]

    def test_all_or_nothing_whenever_it_is_killed(self):
        self.prepare()
        # The first run is slow where nothing is in memory yet, and most of the kills would come after the end.
        (everything, slow), (again, quick) = self.undisturbed(), self.undisturbed()
        self.assertEqual(again, everything)
        took = min(slow, quick)
        self.restore()
        rng, in_the_middle, held = Random(SEED), 0, NOTHING
        for number in range(KILLS):
            with self.subTest(kill=number):
                process = self.process(self.data, "go_on")
                stood = self.line(process)
                # Killed before it began, the task waits for the next worker as it did.
                self.assertIn(stood, ["committed"] if held == everything else ["staged", "committing"])
                if stood == "committed":
                    process.communicate()
                    self.restore()
                    process = self.process(self.data, "go_on")
                    self.line(process)
                self.assertEqual(self.line(process), "begun")
                in_the_middle += self.killed(process, took * (number + rng.random()) / KILLS)
                held = self.read(self.data)
                self.assertIn(held, (NOTHING, everything))
        self.assertGreaterEqual(in_the_middle, KILLS // 2)
        self.finish(held, everything)

    def finish(self, held, everything):
        """Once nobody disturbs it, all of it is there, once."""
        process = self.process(self.data, "go_on")
        told = process.communicate()[0].split()
        self.assertEqual(told[1:], [] if held == everything else ["begun", "done"])
        self.assertEqual(self.read(self.data), everything)
        self.assertEqual(list((self.data / "sheets").glob("*.done")), [])
