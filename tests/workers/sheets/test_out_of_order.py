"""A file may tell of a departure before the homecoming that it needs; the ledger still holds one transfer at a time."""

from datetime import date
from unittest import mock

from django.db.models import F

from tests.cast import HOME
from tests.workers.sheets.desk import id_number
from tests.workers.sheets.test_committing import WHO, Committed
from workers import actions
from workers.models import StagedRow, Transfer, Worker
from workers.sheets import brought, committing, repairs, staging, undoing
from workers.sheets.committing import Moved, commit

ANNA, BEN, CLARA = id_number(), id_number("19850101", "003"), id_number("19900505", "004")
HEADINGS = [*WHO, "务工开始年月", "务工结束年月", "务工地点"]
HOME_AGAIN = [HOME, "马秀兰", ANNA, "2025-09-01", "2026-02-20", ""]
OUT_AGAIN = [HOME, "马秀兰", ANNA, "2026-03-01", "", "江苏省苏州市"]
OTHERS = [[HOME, "马一", BEN, "2026-03-01", "", "广东省深圳市"], [HOME, "马三", CLARA, "2026-03-01", "", "广东省深圳市"]]
BOTH = [(date(2025, 9, 1), date(2026, 2, 20)), (date(2026, 3, 1), None)]


class OutOfOrder(Committed):
    def setUp(self):
        super().setUp()
        people = (("马秀兰", ANNA), ("马一", BEN), ("马三", CLARA))
        self.anna, *_others = (actions.register(by=self.li, village=HOME, name=name, id_number=own) for name, own in people)
        self.trip = actions.record_departure(self.anna, by=self.li, started_on=date(2025, 9, 1), destination="4403")

    def spans(self):
        return list(self.anna.transfers.valid().order_by("started_on").values_list("started_on", "ended_on"))

    def told(self, *rows):
        batch, rows = self.staged("transfers", HEADINGS, rows)
        return batch, [(row.verdict, row.problem) for row in rows]

    def test_the_departure_is_taken_and_written_after_the_homecoming(self):
        for pages in (2_000, 1):
            with self.subTest(rows_of_a_page=pages), mock.patch.object(committing, "PAGE", pages):
                batch, told = self.told(OUT_AGAIN, *OTHERS, HOME_AGAIN)
                self.assertEqual(told, [("new", ""), ("new", ""), ("new", ""), ("changed", "")])
                self.assertEqual(batch.counts["verdicts"], {"new": 3, "changed": 1})
                self.assertEqual((batch.counts["groups"], batch.counts["problems"]), ([], {}))
                self.assertEqual(commit(batch, by=self.zhao), {"rows": 4, "departures": 3, "homecomings": 1})
                self.assertEqual(self.spans(), BOTH)
                with mock.patch.object(brought, "PAGE", pages):
                    undoing.undo(batch, by=self.zhao, reason="错的名册")
                self.assertEqual(self.spans(), [(date(2025, 9, 1), None)])

    def test_a_homecoming_without_the_day_of_leaving(self):
        batch, told = self.told(OUT_AGAIN, [HOME, "马秀兰", ANNA, "", "2026-02-20", ""])
        self.assertEqual(told, [("new", ""), ("changed", "")])
        commit(batch, by=self.zhao)
        self.assertEqual(self.spans(), BOTH)

    def test_all_rows_or_none(self):
        for rows in ([OUT_AGAIN, HOME_AGAIN], [HOME_AGAIN, OUT_AGAIN]):
            with self.subTest(first=rows[0][3]), mock.patch.object(committing, "PAGE", 1):
                batch, _told = self.told(*rows)
                commit(batch, by=self.zhao, all_or_nothing=True)
                self.assertEqual(self.spans(), BOTH)
                undoing.undo(batch, by=self.zhao, reason="错的名册")

    def test_the_same_file_again_changes_nothing(self):
        batch, _told = self.told(OUT_AGAIN, HOME_AGAIN)
        commit(batch, by=self.zhao)
        self.assertEqual(self.told(OUT_AGAIN, HOME_AGAIN)[1], [("same", ""), ("same", "")])

    def test_a_homecoming_that_is_too_late_helps_nobody(self):
        batch, told = self.told(OUT_AGAIN, [*HOME_AGAIN[:4], "2026-03-10", ""])
        self.assertEqual(told, [("wrong", "overlap"), ("changed", "")])
        self.assertIn("2025-09-01 to 2026-03-10", batch.rows.order_by("number").first().problems[0][2])
        self.assertEqual(batch.counts["groups"], [["overlap", "started_on", "", 1]])

    def test_two_departures_before_the_homecoming(self):
        first = [*OUT_AGAIN[:4], "2026-04-01", "江苏省苏州市"]
        later = [*OUT_AGAIN[:3], "2026-05-01", "", "江苏省苏州市"]
        batch, told = self.told(later, first, HOME_AGAIN)
        self.assertEqual(told, [("new", ""), ("new", ""), ("changed", "")])
        commit(batch, by=self.zhao)
        self.assertEqual(len(self.spans()), 3)
        clash = [*OUT_AGAIN[:3], "2026-04-20", "", "江苏省苏州市"]
        self.assertEqual(self.told(later, clash)[1], [("same", ""), ("wrong", "overlap")])

    def test_only_such_rows_are_looked_at_again(self):
        asked = []
        judge = staging.Again.judge

        def judged(again, numbers, *more):
            asked.append(numbers)
            judge(again, numbers, *more)

        barred = [HOME, "马一", BEN, "2026-04-01", "", "广东省深圳市"]
        actions.record_departure(Worker.objects.get(name="马一"), by=self.li, started_on=date(2026, 1, 1), destination="4403")
        with mock.patch.object(staging.Again, "judge", judged):
            self.told(OUT_AGAIN, barred, OTHERS[1], HOME_AGAIN)
        self.assertEqual(asked, [[2]])

    def test_a_departure_that_waits_for_a_mended_homecoming(self):
        batch, told = self.told(OUT_AGAIN, [*HOME_AGAIN[:4], "2026.2.二十", ""])
        self.assertEqual([problem for _verdict, problem in told], ["overlap", "bad_date"])
        repairs.mend_cell(batch, 3, "ended_on", "2026-02-20", by=self.zhao)
        self.assertEqual([row.verdict for row in batch.rows.order_by("number")], ["new", "changed"])
        batch.refresh_from_db()
        self.assertEqual(batch.counts["verdicts"], {"new": 1, "changed": 1})
        commit(batch, by=self.zhao)
        self.assertEqual(self.spans(), BOTH)

    def test_without_its_homecoming_the_departure_is_left_out(self):
        batch, _told = self.told(OUT_AGAIN, HOME_AGAIN)
        Transfer.objects.filter(pk=self.trip.pk).update(version=F("version") + 1)
        with self.assertRaises(Moved):
            commit(batch, by=self.zhao, all_or_nothing=True)
        self.assertEqual(self.spans(), [(date(2025, 9, 1), None)])
        self.assertEqual(list(batch.rows.values_list("verdict", flat=True)), ["doubt", "doubt"])

    def test_a_departure_and_its_homecoming_in_two_rows_say_where_the_other_is(self):
        home = [HOME, "马一", BEN, "", "2026-06-01", ""]
        for rows in ([home, OTHERS[0]], [OTHERS[0], home]):
            batch, told = self.told(*rows)
            self.assertEqual(sorted(told), [("new", ""), ("wrong", "not_out")])
            row = StagedRow.objects.get(batch=batch, problem="not_out")
            self.assertIn(f"Row {5 - row.number} tells of the departure", row.problems[0][2])

