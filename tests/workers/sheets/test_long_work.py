"""What would keep an officer waiting is the worker's: many rows judged again, much taken back, a long file marked."""

import io
from datetime import timedelta
from unittest import mock

from django.core.management import call_command
from django.db import OperationalError
from django.db.models import QuerySet
from django.test import override_settings
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from openpyxl import load_workbook

from laborreg import clock
from officers.models import AuditEvent, Message
from officers.roles import NotYours
from tests.workers.desk import id_number
from tests.workers.sheet_desk import HEADINGS, SheetPages
from workers.models import Batch, Worker
from workers.sheets import background, batches, brought, marking, repairs, restaging, storing

IN_THE_DATABASE = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
MANY = 3


def person(order, place="广东省深圳市"):
    return [f"马成{'一二三四五六七八九'[order]}", id_number(order=f"{2 * order + 1:03}"), "土族", place, "2026-03-05", ""]


@override_settings(TASKS=IN_THE_DATABASE)
class LongWork(SheetPages):
    def setUp(self):
        super().setUp()
        few = mock.patch.object(storing, "MANY", MANY)
        few.start()
        self.addCleanup(few.stop)

    def work(self):
        """The worker, without letting go of the connection that holds the test's transaction."""
        with mock.patch("django_tasks_db.management.commands.db_worker.close_old_connections"):
            call_command("work", batch=True)

    def dies(self):
        """As it stands after the power failed while the task was done."""
        DBTaskResult.objects.filter(status="READY").update(status="RUNNING", started_at=timezone.now())

    def read(self, *people) -> Batch:
        batch = self.staged([HEADINGS, *people])
        self.work()
        batch.refresh_from_db()
        return batch

    def mistyped(self, count=4):
        return self.read(*[person(n, "深训") for n in range(count)], person(8))

    def written(self, *people):
        batch = self.read(*people)
        self.client.post(f"/people/sheets/{batch.pk}/take/")
        self.work()
        batch.refresh_from_db()
        return batch

    def of(self, batch, address=""):
        return self.client.get(f"/people/sheets/{batch.pk}/{address}")

    def told(self, words):
        self.assertIn(words, str(Message.objects.filter(officer=self.li).first()))

    def stands(self, batch, state, words=""):
        batch.refresh_from_db()
        self.assertEqual(batch.state, state, batch.failure)
        self.assertIn(words, batch.failure) if words else self.assertEqual(batch.failure, "")


class Mending(LongWork):
    said = {"problem": "unknown_place", "column": "destination", "text": "深训", "repair": "set:4403"}

    def mend(self, batch, **said):
        here = {"referer": f"http://testserver/people/sheets/{batch.pk}/"}
        return self.client.post(f"/people/sheets/{batch.pk}/mend/", self.said | said, follow=True, headers=here)

    def test_many_rows_are_judged_by_the_worker(self):
        batch = self.mistyped()
        page = self.mend(batch)
        self.shows(page, "Rows being checked again", '<noscript><meta http-equiv="refresh"')
        self.stands(batch, "mending")
        self.work()
        self.stands(batch, "staged")
        self.assertEqual(batch.counts["verdicts"], {"new": 5})
        self.told("were checked again")

    def test_few_rows_are_judged_at_once(self):
        batch = self.mistyped(2)
        self.shows(self.mend(batch), "2 rows were checked again.")
        self.assertEqual(batch.rows.filter(verdict="new").count(), 3)

    def test_a_second_click_and_any_other_change_are_told_to_wait(self):
        batch = self.mistyped()
        self.mend(batch)
        self.refuses("Wait until that is done", batches.mend, batch, *self.said.values(), by=self.li)
        self.assertEqual(DBTaskResult.objects.filter(status="READY").count(), 1)
        self.refuses("no longer", batches.cancel, batch, by=self.li)
        self.refuses("", batches.take, batch, by=self.li, all_or_nothing=False)

    def test_page_by_page_with_what_is_done_told(self):
        batch, seen = self.mistyped(), []
        self.mend(batch)
        judge = restaging.Mending._judge

        def judged(mending, numbers):
            judge(mending, numbers)
            seen.append((storing.noted(batch), numbers))
            self.shows(self.of(batch), "Rows being checked again")

        with mock.patch("laborreg.bulk.PAGE", 2), mock.patch.object(restaging.Mending, "_judge", judged):
            self.work()
        self.assertEqual(seen, [((0, 0), [2, 3]), ((2, 4), [4, 5])])
        self.assertEqual((batch.rows.filter(verdict="new").count(), storing.noted(batch)), (5, (0, 0)))

    def test_who_lost_the_power_while_it_waited_changes_nothing(self):
        batch = self.mistyped()
        self.mend(batch)
        with self.assertRaises(NotYours):
            restaging.mend_by_pages(batch, batch.rows.all(), lambda cells, decided: None, by=self.sun)
        DBTaskResult.objects.all().delete()
        background.mend.call(batch.pk, self.sun.pk, "en", *self.said.values())
        self.stands(batch, "staged", "Your account may not")
        self.assertEqual(batch.rows.filter(verdict="wrong").count(), 4)

    def test_how_far_it_is(self):
        batch = self.mistyped()
        self.mend(batch)
        with storing.noting(batch, 4) as note:
            note(3)
            self.shows(self.of(batch), "3 of 4 rows")

    def test_what_was_judged_before_the_worker_died_stands_and_the_rest_can_be_answered_again(self):
        batch = self.mistyped()
        self.mend(batch)
        judge = restaging.Mending._judge

        def dies(mending, numbers):
            if 4 in numbers:
                raise KeyboardInterrupt
            judge(mending, numbers)

        pages = mock.patch("laborreg.bulk.PAGE", 2), mock.patch.object(restaging.Mending, "_judge", dies)
        with pages[0], pages[1], self.assertRaises(KeyboardInterrupt):
            background.mend.call(batch.pk, self.li.pk, "en", *self.said.values())
        self.dies()
        background.recover()
        self.stands(batch, "staged", "其余的请再处理一次")
        self.assertEqual((batch.counts["verdicts"], batch.rows.filter(verdict="new").count()), ({"new": 3, "wrong": 2}, 3))
        self.shows(self.of(batch), "其余的请再处理一次")
        self.shows(self.mend(batch), "2 rows were checked again.")

    def test_what_is_refused_is_told_on_the_page(self):
        batch = self.mistyped()
        self.mend(batch)
        batch.rows.update(problem="bad_pay", problems=[["pay", "bad_pay", "", "许多"]])
        self.work()
        self.stands(batch, "staged", "Nothing is left to mend here")
        self.told("were not all checked again")
        self.shows(self.of(batch), "Nothing is left to mend here")

    def test_a_fault_of_ours_is_told_and_leaves_the_preview(self):
        batch = self.mistyped()
        self.mend(batch)
        with mock.patch.object(restaging.Mending, "run", side_effect=ZeroDivisionError), self.assertLogs("workers.sheets"):
            self.work()
        self.stands(batch, "staged", "The program itself failed")

    def test_a_database_that_is_busy_is_told(self):
        batch = self.mistyped()
        self.mend(batch)
        busy = OperationalError("database is locked")
        with mock.patch.object(restaging.Mending, "run", side_effect=busy), self.assertLogs("workers.sheets", "WARNING"):
            self.work()
        self.stands(batch, "staged", "Others were writing at the same moment")

    def test_one_number_for_many_people_is_refused(self):
        batch = self.read(*[[name, "", *rest] for name, _number, *rest in map(person, range(4))])
        said = ["id_missing", "id_number", "", f"set:{id_number()}"]
        self.refuses("Correct it row by row", batches.mend, batch, *said, by=self.li)


class Writing(LongWork):
    def test_a_dead_worker_leaves_the_preview_with_all_that_was_mended_in_it(self):
        batch = self.mistyped(1)
        batches.mend(batch, *Mending.said.values(), by=self.li)
        self.client.post(f"/people/sheets/{batch.pk}/take/")
        self.stands(batch, "committing")
        self.dies()
        background.recover()
        self.stands(batch, "staged", "没有写入任何内容，请重新写入台账")
        self.assertEqual((batch.counts["verdicts"], Worker.objects.count()), ({"new": 2}, 0))
        self.shows(self.of(batch), "没有写入任何内容，请重新写入台账")
        self.client.post(f"/people/sheets/{batch.pk}/take/")
        self.work()
        self.stands(batch, "committed")
        self.assertEqual(Worker.objects.count(), 2)

    def test_a_fault_of_ours_leaves_it_too(self):
        batch = self.mistyped(1)
        self.client.post(f"/people/sheets/{batch.pk}/take/")
        with mock.patch("workers.sheets.committing.commit", side_effect=ZeroDivisionError), self.assertLogs("workers.sheets"):
            self.work()
        self.stands(batch, "staged", "The program itself failed")
        self.told("was not written")


class Undoing(LongWork):
    def undo(self, batch):
        return self.client.post(f"/people/sheets/{batch.pk}/undo/", {"reason": "错的名册"}, follow=True)

    def test_much_is_taken_back_by_the_worker(self):
        batch = self.written(*map(person, range(4)))
        self.shows(self.undo(batch), "Being undone")
        self.stands(batch, "undoing")
        self.assertEqual(Worker.objects.valid().count(), 4)
        self.work()
        self.stands(batch, "undone")
        self.assertEqual(Worker.objects.valid().count(), 0)
        self.assertEqual(AuditEvent.objects.filter(verb="undid a sheet").count(), 1)
        self.told("is taken back")

    def test_little_is_taken_back_at_once(self):
        batch = self.written(person(1))
        self.shows(self.undo(batch), "What the sheet wrote is taken back.")
        self.stands(batch, "undone")

    def test_without_a_reason_nothing_begins(self):
        batch = self.written(*map(person, range(4)))
        self.shows(self.client.post(f"/people/sheets/{batch.pk}/undo/", {"reason": ""}), "Say why")
        self.stands(batch, "committed")

    def test_a_second_click_is_refused(self):
        batch = self.written(*map(person, range(4)))
        self.undo(batch)
        self.refuses("being undone already", batches.undo, batch, by=self.li, reason="错的名册")
        self.shows(self.undo(batch), "Being undone")
        self.assertEqual(DBTaskResult.objects.filter(status="READY").count(), 1)

    def test_who_built_on_it_is_named_on_the_page(self):
        batch = self.written(*map(person, range(4)))
        self.undo(batch)
        worker = Worker.objects.first()
        Worker.objects.filter(pk=worker.pk).update(version=2, note="x")
        self.work()
        self.stands(batch, "committed", f"something was recorded since of 1 person ({worker.name})")
        self.told("was not undone")
        self.shows(self.of(batch), worker.name, "Undo the import")

    def test_a_later_import_is_named_with_a_link_until_it_is_undone(self):
        batch = self.written(*map(person, range(4)))
        home = [*person(0)[:5], "2026-09-01"]
        later = self.staged([[*HEADINGS[:5], "返乡时间"], home])
        self.work()
        self.client.post(f"/people/sheets/{later.pk}/take/")
        self.work()
        self.undo(batch)
        self.work()
        self.stands(batch, "committed", "Undo that one first")
        link = f'<a href="/people/sheets/{later.pk}/">'
        self.shows(self.of(batch), link)
        Batch.objects.filter(pk=later.pk).update(place_code="630121")
        self.hides(self.of(batch), link)
        self.assertIn("Undo that one first", self.of(batch).content.decode())
        Batch.objects.filter(pk=later.pk).update(place_code=batch.place_code)
        self.undo(later)
        self.undo(batch)
        self.work()
        self.stands(batch, "undone")
        self.assertIsNone(batch.in_the_way)

    def test_a_few_rows_are_refused_with_the_link_at_once(self):
        batch = self.written(person(0))
        later = self.written([*person(0)[:3], "广东省东莞市", *person(0)[4:]])
        self.shows(self.undo(batch), "Undo that one first", f'href="/people/sheets/{later.pk}/"')

    def test_a_database_that_is_busy_is_told_and_the_batch_given_back(self):
        batch = self.written(*map(person, range(4)))
        self.undo(batch)
        busy = OperationalError("database is locked")
        first = mock.Mock(side_effect=[busy, mock.DEFAULT])
        update = QuerySet.update

        def updated(rows, **facts):
            if facts.get("state") == "committed":
                first()
            return update(rows, **facts)

        with mock.patch.object(brought.Brought, "hold", side_effect=busy), mock.patch.object(QuerySet, "update", updated):
            self.work()
        self.stands(batch, "committed", "others were writing at the same moment")
        self.told("was not undone")
        self.assertEqual(first.call_count, 2)

    def test_a_dead_worker_has_taken_nothing_back(self):
        batch = self.written(*map(person, range(4)))
        self.undo(batch)
        self.dies()
        self.work()
        self.stands(batch, "committed", "没有撤销任何内容")
        self.assertEqual(Worker.objects.valid().count(), 4)
        self.undo(batch)
        self.work()
        self.stands(batch, "undone")

    def test_a_file_of_a_sheet_that_is_being_undone_is_not_taken_twice(self):
        batch = self.written(*map(person, range(4)))
        self.undo(batch)
        with self.assertRaises(batches.AlreadyHere):
            batches._not_twice(batch.place_code, batch.kind, batch.sha256)

    def test_how_far_it_is(self):
        batch, seen = self.written(*map(person, range(4))), []
        self.undo(batch)
        take_back = brought.TakingBack._take_page

        def taken(taking, page):
            seen.append((storing.noted(batch), len(page)))
            take_back(taking, page)

        with mock.patch.object(brought, "PAGE", 2), mock.patch.object(brought.TakingBack, "_take_page", taken):
            self.work()
        self.assertEqual(seen, [((0, 0), 2), ((2, 4), 2)])


class Marked(LongWork):
    def marked(self, batch):
        return self.client.post(f"/people/sheets/{batch.pk}/marked/", follow=True)

    def test_a_long_file_is_marked_by_the_worker_and_waits_for_its_week(self):
        batch = self.mistyped()
        self.shows(self.marked(batch), "It is being made", '<noscript><meta http-equiv="refresh"')
        self.work()
        self.told("its faults marked, is ready")
        self.shows(self.of(batch, "marked/"), "Download", "7 days")
        for _twice in range(2):
            sheet = load_workbook(io.BytesIO(b"".join(self.marked(batch).streaming_content))).active
            self.assertIn("深训", str(sheet.cell(3, 7).value))
        self.assertEqual(AuditEvent.objects.filter(verb="fetched a marked sheet").count(), 2)
        batch.refresh_from_db()
        self.assertEqual(storing.marked_path(batch).stat().st_mode & 0o777, 0o600)
        Batch.objects.update(uploaded_at=clock.now() - timedelta(days=8))
        storing.throw_away()
        self.assertEqual(list(storing.folder().iterdir()), [])

    def test_asked_for_twice_it_is_made_once(self):
        batch = self.mistyped()
        self.marked(batch)
        self.shows(self.marked(batch), "It is being made")
        self.assertEqual(DBTaskResult.objects.filter(status="READY").count(), 1)

    def test_it_is_not_begun_while_the_rows_are_being_changed(self):
        batch = self.mistyped()
        for state in storing.BUSY:
            Batch.objects.update(state=state)
            self.refuses("being read or written already", batches.marked, batch, by=self.li)
        self.assertEqual(DBTaskResult.objects.filter(status="READY").count(), 0)
        batch.refresh_from_db()
        self.assertEqual(batch.marked_as, "")

    def test_it_goes_with_the_rows_that_it_shows(self):
        for leave in (
            lambda batch: batches.cancel(batch, by=self.li),
            lambda batch: batches.take(batch, by=self.li, all_or_nothing=False),
            lambda batch: batches.read_again(batch, by=self.li),
        ):
            Batch.objects.all().delete()
            batch = self.mistyped()
            self.marked(batch)
            self.work()
            batch.refresh_from_db()
            path = storing.marked_path(batch)
            with self.captureOnCommitCallbacks(execute=True):
                leave(batch)
            self.assertFalse(path.exists())

    def test_rows_that_were_mended_since_want_another_one(self):
        batch = self.mistyped()
        self.marked(batch)
        batches.mend(batch, *Mending.said.values(), by=self.li)
        with self.captureOnCommitCallbacks(execute=True):
            self.work()
        batch.refresh_from_db()
        self.assertEqual(batch.marked_as, "")
        names = {file.name for file in storing.folder().iterdir()}
        self.assertEqual(names, {batch.stored_as, f"{batch.stored_as}.json"})
        self.assertEqual(self.of(batch, "marked/").status_code, 302)

    def test_rows_that_are_mended_while_it_is_made_want_another_one(self):
        batch = self.mistyped()
        self.marked(batch)

        def meanwhile(batch, path):
            repairs.mend_cell(batch, 2, "destination", "广东省深圳市", by=self.li)
            write(batch, path)

        write = marking.write
        with mock.patch("workers.sheets.marking.write", meanwhile):
            self.work()
        batch.refresh_from_db()
        self.assertEqual((batch.marked_as, batch.failure, len(list(storing.folder().iterdir()))), ("", "", 2))
        self.assertFalse(Message.objects.filter(officer=self.li, url__endswith="marked/").exists())

    def test_what_cannot_be_marked_is_told(self):
        batch = self.mistyped()
        self.marked(batch)
        with mock.patch("workers.sheets.marking.write", side_effect=ZeroDivisionError), self.assertLogs("workers.sheets"):
            self.work()
        self.stands(batch, "staged", "The program itself failed")
        self.told("could not be marked")
        self.marked(batch)
        self.work()
        self.stands(batch, "staged")
        self.assertTrue(storing.marked_path(batch))

    def test_a_dead_worker_leaves_it_to_be_asked_for_again(self):
        batch = self.mistyped()
        self.marked(batch)
        self.dies()
        background.recover()
        self.stands(batch, "staged", "请重新生成标错的表")
        self.assertEqual(batch.marked_as, "")

    def test_what_still_waits_is_not_given_up(self):
        batch = self.mistyped()
        self.marked(batch)
        background.recover()
        batch.refresh_from_db()
        self.assertTrue(batch.marked_as)

    def test_nobody_of_another_place_fetches_it(self):
        batch = self.mistyped()
        self.marked(batch)
        self.work()
        self.sign_in(self.sun)
        self.assertEqual(self.of(batch, "marked/").status_code, 404)
        self.assertEqual(self.client.post(f"/people/sheets/{batch.pk}/marked/").status_code, 404)
