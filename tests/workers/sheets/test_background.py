"""What the worker does with a sheet, and what is left of it when the worker dies."""

from unittest import mock

from django.core.management import call_command
from django.test import override_settings
from django_tasks_db.models import DBTaskResult

from officers.models import Message
from tests.workers.sheet_desk import SheetPages
from tests.workers.test_pages_sheets import GOOD, HEADINGS
from workers.models import Batch, StagedRow
from workers.sheets import background, batches

IN_THE_DATABASE = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


@override_settings(TASKS=IN_THE_DATABASE)
class Worker(SheetPages):
    def work(self):
        """The worker, without letting go of the connection that holds the test's transaction."""
        with mock.patch("django_tasks_db.management.commands.db_worker.close_old_connections"):
            call_command("work", batch=True)

    def dies(self):
        """As it stands after the power failed while the task was done."""
        DBTaskResult.objects.update(status="RUNNING")

    def test_a_sheet_waits_for_the_worker_and_is_read_by_it(self):
        batch = self.staged([HEADINGS, GOOD])
        self.assertEqual((batch.state, batch.rows_done), ("staging", 0))
        self.work()
        batch.refresh_from_db()
        self.assertEqual((batch.state, batch.counts["verdicts"]), ("staged", {"new": 1}))
        self.assertEqual(Message.objects.get(officer=self.li).url, f"/people/sheets/{batch.pk}/")
        self.assertEqual(DBTaskResult.objects.get().status, "SUCCESSFUL")

    def test_who_opens_the_page_has_heard_what_the_message_says(self):
        batch = self.staged([HEADINGS, GOOD])
        self.work()
        unread = Message.objects.filter(officer=self.li, read_at__isnull=True)
        page = self.client.get(f"/people/sheets/{batch.pk}/", headers={"HX-Request": "true"})
        self.assertEqual((page["HX-Refresh"], unread.count()), ("true", 1))
        self.client.get("/people/sheets/")
        self.assertEqual(unread.count(), 1)
        self.client.get(f"/people/sheets/{batch.pk}/")
        self.assertEqual(unread.count(), 0)

    def test_canceled_while_it_waits_it_is_not_read(self):
        batch = self.staged([HEADINGS, GOOD])
        batches.cancel(batch, by=self.li)
        self.work()
        batch.refresh_from_db()
        self.assertEqual((batch.state, StagedRow.objects.count()), ("canceled", 0))

    def test_what_a_dead_worker_was_at_has_failed_and_can_be_begun_again(self):
        batch = self.staged([HEADINGS, GOOD])
        self.dies()
        self.work()
        batch.refresh_from_db()
        self.assertEqual(batch.state, "failed")
        self.assertEqual(DBTaskResult.objects.get().status, "FAILED")
        page = self.client.get(f"/people/sheets/{batch.pk}/")
        self.shows(page, batch.failure, "Read the file again")
        self.client.post(f"/people/sheets/{batch.pk}/again/")
        self.work()
        batch.refresh_from_db()
        self.assertEqual(batch.state, "staged")

    def test_a_reading_that_was_killed_leaves_no_rows_staged(self):
        batch = self.staged([HEADINGS, GOOD])
        StagedRow.objects.create(batch=batch, number=2, verdict="new")
        self.dies()
        background.recover()
        self.assertFalse(StagedRow.objects.filter(batch=batch).exists())

    def test_what_waits_is_not_given_up_with_what_was_under_way(self):
        first = self.staged([HEADINGS, GOOD])
        self.dies()
        second = self.staged([HEADINGS, GOOD, GOOD])
        background.recover()
        states = dict(Batch.objects.values_list("pk", "state"))
        self.assertEqual(states, {first.pk: "failed", second.pk: "staging"})

    def test_a_second_click_is_refused(self):
        batch = self.staged([HEADINGS, GOOD])
        self.refuses("already", batches.read_again, batch, by=self.li)
        self.assertEqual(DBTaskResult.objects.count(), 1)

    def test_a_fault_of_ours_is_told_and_leaves_nothing_staged(self):
        batch = self.staged([HEADINGS, GOOD])
        with mock.patch("workers.sheets.staging.stage", side_effect=ZeroDivisionError), self.assertLogs("workers.sheets"):
            self.work()
        batch.refresh_from_db()
        self.assertEqual(batch.state, "failed")
        self.assertIn("The program itself failed", batch.failure)
        self.assertEqual(StagedRow.objects.count(), 0)
