"""Files and what was read of them go after a week; what entered the ledger stays."""

import errno
import os
import stat
import time
from datetime import timedelta
from io import StringIO
from unittest import mock

from django.core.management import call_command
from django.test import override_settings

from laborreg import clock
from tests.workers.desk import id_number
from tests.workers.sheet_desk import SheetPages, text_file
from tests.workers.sheets.test_background import IN_THE_DATABASE
from tests.workers.test_pages_sheets import GOOD, HEADINGS
from workers.models import Batch, StagedRow
from workers.sheets import storing


class Storing(SheetPages):
    def files(self):
        return len(list((self.data / "sheets").iterdir()))

    def grows_old(self):
        Batch.objects.update(uploaded_at=clock.now() - timedelta(days=8))

    def test_after_a_week_the_file_goes_and_what_was_not_taken_with_it(self):
        batch = self.staged([HEADINGS, GOOD])
        self.assertEqual((storing.throw_away(), self.files()), (0, 2))
        self.grows_old()
        self.assertEqual((storing.throw_away(), self.files()), (1, 0))
        batch.refresh_from_db()
        self.assertEqual((batch.state, batch.stored_as, StagedRow.objects.count()), ("canceled", "", 0))
        self.shows(self.client.get(f"/people/sheets/{batch.pk}/"), "Import a sheet")

    def test_rows_of_what_was_written_stay_and_can_be_taken_back(self):
        batch = self.staged([HEADINGS, GOOD])
        Batch.objects.update(state="committed")
        self.grows_old()
        storing.throw_away()
        batch.refresh_from_db()
        self.assertEqual((batch.state, batch.stored_as, StagedRow.objects.count()), ("committed", "", 1))

    def test_rows_that_were_left_out_go_though_others_were_written(self):
        """Nobody of the ledger stands behind them, so nobody's erasing would find them."""
        batch = self.staged([HEADINGS, GOOD, GOOD])
        Batch.objects.update(state="committed")
        batch.rows.filter(number=batch.rows.last().number).update(verdict="wrong")
        storing.throw_away()
        self.assertEqual(StagedRow.objects.count(), 2)
        self.grows_old()
        storing.throw_away()
        self.assertEqual([row.verdict for row in batch.rows.all()], ["new"])
        self.shows(self.client.get(f"/people/sheets/{batch.pk}/"), "Import a sheet")

    def test_the_number_of_the_head_leaves_the_rows_of_the_members(self):
        """Who erases the head looks in the head's own rows."""
        member = [GOOD[0], GOOD[1], *GOOD[2:], id_number("19650101", "010")]
        batch = self.staged([[*HEADINGS, "户主身份证号"], member])
        self.assertIn("head_id_index", batch.rows.get().values)
        kept = {name: value for name, value in batch.rows.get().values.items() if not name.startswith("head_id_")}
        Batch.objects.update(state="committed", failure="张三、李四")
        storing.throw_away()
        self.assertIn("head_id_index", batch.rows.get().values)
        self.grows_old()
        storing.throw_away()
        self.assertEqual(batch.rows.get().values, kept)
        self.assertEqual(Batch.objects.get().failure, "")

    def test_a_file_under_way_is_kept(self):
        self.upload(text_file([HEADINGS, GOOD]))
        Batch.objects.update(state="staging")
        self.grows_old()
        self.assertEqual((storing.throw_away(), self.files()), (0, 2))

    def test_a_file_that_nobody_holds_goes_by_its_own_age(self):
        batch = self.staged([HEADINGS, GOOD])
        left = storing.folder() / "left", storing.folder() / "left.json", storing.folder() / "new"
        for file in left:
            file.touch()
        week = time.time() - 8 * 24 * 60 * 60
        for file in (*left[:2], *storing.folder().glob(f"{batch.stored_as}*")):
            os.utime(file, (week, week))
        self.assertEqual(storing.throw_away(), 1)
        self.assertEqual([file.exists() for file in left], [False, False, True])
        self.assertTrue(storing.path_of(batch).exists())

    def test_a_full_disk_is_told_and_nothing_is_kept_in_part(self):
        full = OSError(errno.ENOSPC, "No space left on device")
        with mock.patch("workers.sheets.storing.sha256", **{"return_value.update.side_effect": full}):
            self.shows(self.upload(text_file([HEADINGS, GOOD])), "disk is full")
        self.assertEqual((self.files(), Batch.objects.count()), (0, 0))

    def test_the_folder_is_closed_to_others(self):
        self.assertEqual(stat.S_IMODE(storing.folder().stat().st_mode), 0o700)

    def test_a_file_that_is_gone_is_told(self):
        batch = self.staged([HEADINGS, GOOD])
        storing.forget(batch.stored_as)
        self.shows(self.client.get(f"/people/sheets/{batch.pk}/columns/"), "was thrown away after 7 days")

    @override_settings(TASKS=IN_THE_DATABASE)
    def test_the_command(self):
        self.upload(text_file([HEADINGS, GOOD]))
        self.grows_old()
        said = StringIO()
        call_command("throw_away", stdout=said)
        self.assertEqual((said.getvalue(), self.files()), ("1 files thrown away.\n", 0))
