"""The commands that scripts build on: totals, file_month, open_month."""

import json
from datetime import date
from io import StringIO

from django.core.management import CommandError, call_command

from laborreg import clock
from officers import demo
from officers.models import Demo
from reports import actions
from reports.models import MonthlyReturn
from tests.cast import COUNTY, FAR, HOME, NEXT_DOOR, transfer, worker
from tests.reports.test_actions import OCTOBER, SEPTEMBER, MonthCase
from workers.ledger import KEYS


def run(*words, **options) -> str:
    out = StringIO()
    call_command(*words, stdout=out, **options)
    return out.getvalue()


def totals(area, month=SEPTEMBER) -> dict:
    return json.loads(run("totals", area, str(month), "--json"))


class Totals(MonthCase):
    def build(self):
        super().build()
        for village, pay in ((HOME, 3000), (HOME, 4000), (FAR, 5000)):
            transfer(worker(village=village), date(2026, 9, 1), pay=pay)

    def test_a_draft_village_speaks_from_the_ledger(self):
        found = totals(HOME)
        self.assertEqual(list(found["figures"]), KEYS)
        self.assertEqual((found["source"], found["in"], found["expected"]), ("ledger", 0, 1))
        self.assertEqual((found["figures"]["away"], found["figures"]["income_month"]), (2, 7000))

    def test_only_what_is_in_is_summed_and_the_rest_is_told(self):
        self.submit()
        found = totals(COUNTY)
        self.assertEqual((found["source"], found["expected"], found["in"], found["approved"]), ("returns", 3, 1, 0))
        self.assertEqual(found["figures"]["away"], 2)
        self.assertEqual(totals("630121101")["in"], 0)
        self.assertEqual(totals("6301")["figures"], found["figures"])
        self.assertEqual(totals("63")["figures"], found["figures"])

    def test_villages_make_townships_make_the_county_sealed_or_not(self):
        self.file_all(SEPTEMBER)
        before = totals(COUNTY)
        actions.lock(self.county, SEPTEMBER, by=self.zhao)
        after = totals(COUNTY)
        self.assertEqual((before["sealed"], before["source"]), (False, "returns"))
        self.assertEqual((after["sealed"], after["source"], after["locked"]), (True, "seal", 3))
        self.assertEqual(before["figures"], after["figures"])
        for key in KEYS:
            parts = [totals(area)["figures"][key] for area in (HOME, NEXT_DOOR, FAR)]
            self.assertEqual(sum(parts), after["figures"][key], key)
        self.assertEqual(totals(HOME)["source"], "seal")
        self.assertEqual(totals("63")["source"], "seal")

    def test_what_is_recorded_after_the_seal_does_not_move_it(self):
        self.file_all(SEPTEMBER)
        actions.lock(self.county, SEPTEMBER, by=self.zhao)
        transfer(worker(), date(2026, 9, 5), pay=9000)
        self.assertEqual(totals(COUNTY)["figures"]["away"], 3)

    def test_a_month_before_the_first_expects_nobody(self):
        self.assertEqual(totals(COUNTY, SEPTEMBER.previous)["expected"], 0)

    def test_an_unknown_area_or_month_is_told(self):
        for words in (["totals", "999999", "2026-09"], ["totals", COUNTY, "2026-13"]):
            with self.assertRaises(CommandError):
                run(*words)

    def test_without_json_it_reads_as_a_list(self):
        self.assertIn("away", run("totals", HOME, "2026-09"))


class FileMonth(MonthCase):
    def file(self, area, step, username, month=SEPTEMBER, **options):
        return run("file_month", area, str(month), "--step", step, username=username, **options)

    def test_a_month_goes_through_by_script(self):
        clock.pin(date(2026, 10, 2))
        for village, who in ((HOME, "li"), (NEXT_DOOR, "second"), (FAR, "sun")):
            self.assertIn("1 submitted", self.file(village, "submit", who))
        self.assertIn("2 approved", self.file("630121100", "approve", "wang"))
        self.file(FAR, "approve", "wang2")
        self.assertIn("sealed", self.file(COUNTY, "lock", "zhao"))

    def test_refusals_are_sentences(self):
        clock.pin(date(2026, 10, 2))
        with self.assertRaisesMessage(CommandError, "no officer"):
            self.file(HOME, "submit", "nobody")
        with self.assertRaises(CommandError):
            self.file(HOME, "submit", "sun")
        with self.assertRaises(CommandError):
            self.file(HOME, "approve", "wang")
        with self.assertRaises(CommandError):
            self.file(COUNTY, "lock", "zhao")

    def test_the_county_locks_without_a_village_and_says_why(self):
        clock.pin(date(2026, 10, 2))
        self.file(HOME, "submit", "li")
        self.file(HOME, "approve", "wang")
        self.file(COUNTY, "lock", "zhao", without=[f"{NEXT_DOOR}=flood", f"{FAR}=nobody posted"])
        self.assertTrue(totals(COUNTY)["sealed"])


class OpenMonth(MonthCase):
    def test_it_is_safe_to_run_twice_and_goes_on_to_today(self):
        self.assertIn("3 new", run("open_month"))
        self.assertIn("0 new", run("open_month"))
        self.assertEqual(MonthlyReturn.objects.filter(month="2026-11").count(), 3)

    def test_a_month_before_the_first_or_with_a_gap_is_refused(self):
        for month in ("2026-08", "2027-03"):
            with self.assertRaises(CommandError):
                run("open_month", COUNTY, month)
        self.assertEqual(MonthlyReturn.objects.filter(month=OCTOBER).count(), 3)


class OnADemo(MonthCase):
    def test_commands_keep_the_demos_day(self):
        clock.pin(None)
        Demo.objects.create(today=date(2026, 11, 4))
        self.addCleanup(demo._known.clear)
        run("open_month")
        self.assertEqual(clock.today(), date(2026, 11, 4))
