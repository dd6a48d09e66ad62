"""The road of the wizard from the command line."""

import io
import json
from pathlib import Path
from unittest import mock

from django.conf import settings
from django.core.management import CommandError, call_command
from openpyxl import Workbook

from officers.models import AuditEvent
from tests.cast import HOME
from tests.workers.sheets.desk import id_number
from tests.workers.sheets.test_committing import Committed
from workers.models import Batch, Matching, UnnamedGroup, Worker
from workers.sheets import background, matching, staging

ANNA, BEN = id_number(), id_number("19850101", "003")
HEADINGS = ["村", "姓名", "身份证号", "民族"]
GOOD, BAD = [HOME, "马秀兰", ANNA, "回族"], [HOME, "马一", BEN, "火星"]


class Command(Committed):
    def setUp(self):
        super().setUp()
        # Hard links and files of the upload lie in the test's own folder.
        self.path = Path(settings.DATA_DIR) / "名册.xlsx"

    def bring(self, rows, *options, headings=HEADINGS, kind="workers", officer="zhao"):
        book = Workbook()
        for row in [headings, *rows]:
            book.active.append(row)
        book.save(self.path)
        out = io.StringIO()
        call_command("import_sheet", kind, str(self.path), "--as", officer, *options, stdout=out)
        return out.getvalue()

    def test_from_the_file_to_the_ledger(self):
        told = self.bring([GOOD, BAD])
        self.assertEqual(Worker.objects.get().name, "马秀兰")
        for words in ("New: 1", "Wrong: 1", "“火星”: 1", "Written as sheet"):
            self.assertIn(words, told)
        self.assertEqual(AuditEvent.objects.filter(verb__in=["uploaded a sheet", "imported a sheet"]).count(), 2)

    def test_a_worker_that_starts_meanwhile_leaves_it_alone(self):
        read = staging.stage

        def meanwhile(batch):
            background.recover()
            self.assertEqual(Batch.objects.get().state, "staging")
            return read(batch)

        with mock.patch("workers.sheets.staging.stage", meanwhile):
            self.assertIn("Written as sheet", self.bring([GOOD]))

    def test_a_worker_that_starts_after_the_command_died_gives_it_up(self):
        self.bring([GOOD], "--dry-run")
        Batch.objects.update(state="staging")
        background.recover()
        self.assertEqual(Batch.objects.get().state, "failed")

    def test_as_json_and_again(self):
        self.bring([GOOD])
        told = json.loads(self.bring([GOOD], "--json"))
        self.assertEqual((told["verdicts"], told["written"], told["rows"]), ({"same": 1}, {}, 1))

    def test_a_dry_run_writes_nothing(self):
        self.assertIn("dry run", self.bring([GOOD], "--dry-run"))
        self.assertFalse(Worker.objects.exists())
        self.assertEqual(Batch.objects.get().state, "canceled")

    def test_counts_of_persons_not_yet_named(self):
        told = self.bring(
            [[HOME, 12, "2026-03", "广东省深圳市"], [HOME, "若干", "2026-03", "广东省深圳市"]], kind="groups",
            headings=["村", "外出人数", "外出时间", "务工地点"],
        )
        self.assertIn("Persons · The number of persons cannot be right · “若干”: 1", told)
        self.assertEqual(UnnamedGroup.objects.get().persons, 12)

    def test_all_or_nothing(self):
        with self.assertRaisesMessage(CommandError, "1 row is wrong or in doubt (3)"):
            self.bring([GOOD, BAD], "--all-or-nothing")
        self.assertFalse(Worker.objects.exists())

    def test_refused(self):
        for words, call in (
            ("There is no account", {"officer": "nobody"}), ("Still missing", {"headings": ["村", "甲", "身份证号", "民族"]}),
            ("No matching", {"mapping": True}),
        ):
            options = ["--mapping", "桥头镇"] if call.pop("mapping", False) else []
            with self.subTest(words), self.assertRaisesMessage(CommandError, words):
                self.bring([[HOME, "x1", "y2", "z3"]], *options, **call)
        with self.assertRaisesMessage(CommandError, "may not"), mock.patch("sys.stderr"):
            self.bring([GOOD], officer="leader")
        with self.assertRaisesMessage(CommandError, "No such file"):
            call_command("import_sheet", "workers", "/nowhere.xlsx", "--as", "zhao")

    def test_as_it_was_matched_under_a_name(self):
        headings = ["甲", "乙", "丙", "丁"]
        batch = Batch(place_code="630121", kind="workers", file_name="x")
        matching.save(batch, headings, {0: "village", 1: "name", 2: "id_number"}, by=self.zhao, name="桥头镇")
        self.bring([GOOD], "--mapping", "桥头镇", headings=headings)
        self.assertEqual((Worker.objects.get().ethnic_group, Matching.objects.count()), ("", 1))
