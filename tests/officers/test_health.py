import json
from datetime import timedelta
from io import StringIO
from unittest.mock import patch

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import OperationalError
from django.test import Client, TestCase
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from officers import audit, health, jobs, runs
from officers.models import AuditEvent
from tests.cast import HOME, cast, county
from tests.tampering import lifted

NIGHTLY = ("backup", "find_doubts", "throw_away", "open_month", "watch_audit", "retain", "verify_audit")


class Health(TestCase):
    """What a machine asks."""

    def setUp(self):
        health._migrated.clear()

    def test_well(self):
        self.assertContains(self.client.get("/healthz"), "ok")

    def test_the_second_answer_reads_no_migrations(self):
        self.client.get("/healthz")
        with self.assertNumQueries(1):
            self.client.get("/healthz")

    def test_a_database_that_does_not_answer(self):
        with patch("officers.health.connection.cursor", side_effect=OperationalError):
            self.assertEqual(self.client.get("/healthz").status_code, 503)

    def test_a_table_that_is_missing(self):
        with patch("officers.health.MigrationExecutor.migration_plan", return_value=["one"]):
            self.assertEqual(self.client.get("/healthz").status_code, 503)
        self.assertEqual(self.client.get("/healthz").status_code, 200)

    def test_it_tells_nothing_else(self):
        self.assertEqual(self.client.get("/healthz").content, b"ok\n")


class Findings(TestCase):
    """What the keepers of the server see."""

    def setUp(self):
        health._migrated.clear()
        forget_runs()

    def states(self):
        return {one.code: one.state for one in health.findings()}

    def test_a_new_server_lacks_worker_and_backup(self):
        self.assertEqual(self.states(), {
            "database": "ok", "migrations": "ok", "worker": "bad", "disk": "ok", "backup": "bad", "waiting": "ok",
            "failed": "ok", "find_doubts": "warn", "throw_away": "warn", "open_month": "warn",
            "watch_audit": "warn", "retain": "warn", "verify_audit": "warn",
        })
        self.assertTrue(all(one.do for one in health.findings() if one.state != "ok"))

    def test_a_demo_needs_no_backup(self):
        with patch("officers.health.demo.is_demo", return_value=True):
            self.assertEqual(self.states()["backup"], "ok")

    def test_everything_in_order(self):
        for name in ("work", *NIGHTLY):
            runs.note(name)
        self.assertEqual(set(self.states().values()), {"ok"})

    def test_what_ran_long_ago(self):
        for name in ("work", *NIGHTLY):
            runs.note(name)
        with patch("officers.health.timezone.now", return_value=timezone.now() + timedelta(hours=27)):
            self.assertEqual([self.states()[name] for name in ("worker", *NIGHTLY)], ["bad", "bad", *["warn"] * 6])

    def test_the_worst_comes_first(self):
        order = [one.state for one in health.findings()]
        self.assertEqual(order, sorted(order, key=["bad", "warn", "ok"].index))

    def test_a_disk_that_fills_up(self):
        for free, state in ((100 << 30, "ok"), (20 << 30, "warn"), (1 << 30, "bad")):
            with patch("officers.health.shutil.disk_usage") as usage:
                usage.return_value.total, usage.return_value.free = 252 << 30, free
                self.assertEqual(self.states()["disk"], state)

    def test_changes_of_tables_that_are_missing(self):
        with patch("officers.health.MigrationExecutor.migration_plan", return_value=["one", "two"]):
            [found] = [one for one in health.findings() if one.code == "migrations"]
        self.assertEqual((found.state, found.says), ("bad", "2 changes of the tables are missing."))

    def test_tasks_that_wait_and_that_failed(self):
        now = timezone.now()
        known = {"args_kwargs": {"args": ["secret"], "kwargs": {}}, "task_path": "a.b", "queue_name": "default",
                 "backend_name": "default", "exception_class_path": "", "traceback": ""}
        DBTaskResult.objects.create(status="READY", **known)
        DBTaskResult.objects.update(enqueued_at=now - timedelta(minutes=11))
        DBTaskResult.objects.create(status="FAILED", finished_at=now, **known)
        DBTaskResult.objects.create(status="FAILED", finished_at=now - timedelta(days=8), **known)
        found = {one.code: one for one in health.findings()}
        self.assertEqual((found["waiting"].state, found["waiting"].says), ("warn", "1 wait to be done."))
        self.assertEqual((found["failed"].state, found["failed"].says), ("warn", "1 failed in the last seven days."))

    def test_the_command_tells_a_monitor(self):
        said = StringIO()
        with self.assertRaises(SystemExit):
            call_command("health", "--json", stdout=said)
        self.assertEqual(json.loads(said.getvalue())[0]["state"], "bad")
        for name in ("work", *NIGHTLY):
            runs.note(name)
        call_command("health", stdout=(said := StringIO()))
        self.assertEqual(len(said.getvalue().splitlines()), 13)
        with patch("officers.health.connection.cursor", side_effect=OperationalError("gone")), \
             pytest.raises(CommandError, match="The database does not answer: gone"):
            call_command("health")

    def test_a_run_that_succeeds_is_known_and_one_that_fails_is_not(self):
        with self.assertRaises(CommandError):
            call_command("open_month", "630121", stdout=StringIO())
        self.assertEqual(self.states()["open_month"], "warn")
        call_command("open_month", stdout=StringIO())
        self.assertEqual(self.states()["open_month"], "ok")

    def test_a_trail_that_does_not_hold_is_told_until_it_holds(self):
        county()
        event = audit.record("signed in", by=cast()["li"], place=HOME)
        call_command("verify_audit", stdout=StringIO())
        self.assertEqual(self.states()["verify_audit"], "ok")
        with lifted():
            AuditEvent.objects.filter(number=event.number).update(verb="signed out")
        for _time in range(2):
            with self.assertRaises(CommandError):
                call_command("verify_audit", stdout=StringIO())
            with self.assertRaises(CommandError):
                call_command("verify_audit", "--rehearsed", stdout=StringIO())
            self.assertEqual(self.states()["verify_audit"], "bad")

    def test_a_worker_beats(self):
        with jobs.beating():
            pass
        self.assertEqual(self.states()["worker"], "ok")

    def test_a_spoiled_note_is_none(self):
        runs.note("backup")
        (settings.DATA_DIR / "runs" / "backup.json").write_text("[]")
        self.assertIsNone(runs.last("backup"))


def forget_runs():
    for file in (settings.DATA_DIR / "runs").glob("*.json"):
        file.unlink()


class Page(TestCase):
    def setUp(self):
        forget_runs()

    @classmethod
    def setUpTestData(cls):
        county()
        cls.cast = cast()

    def ask(self, name):
        browser = Client()
        browser.post("/sign-in/", {"username": name, "password": "Right-2026"})
        return browser.get("/health/")

    def test_administrator_and_county_read_it(self):
        for name in ("admin", "zhao"):
            self.assertContains(self.ask(name), "finds beside it what to do.")

    def test_nobody_else_does(self):
        for name in ("li", "wang", "leader"):
            self.assertEqual(self.ask(name).status_code, 404)
        self.assertEqual(Client().get("/health/").status_code, 302)
