"""Mending in the preview: one cell, or all that suffer from the same; nothing else is read again."""

from datetime import date
from unittest import mock

from laborreg.refusals import Refusal
from tests.cast import FAR, HOME
from tests.workers.sheets.desk import SheetDesk, id_number
from workers.actions import register
from workers.models import StagedRow
from workers.sheets import repairs, staging

ANNA, BEN, CLARA = id_number(), id_number("19850101", "003"), id_number("19900505", "004")
HEADINGS = ["村", "姓名", "身份证号", "民族", "务工开始年月", "务工地点", "劳务经纪人", "联系电话"]


class Repairs(SheetDesk):
    def trip(self, *rows, headings=HEADINGS):
        return self.staged("ledger", headings, [["大煤洞村", f"马{'一二三四五六'[n]}", *row] for n, row in enumerate(rows)])

    def row(self, batch, number):
        return batch.rows.get(number=number)

    def proof(self, batch):
        """Counts and hash are those of the rows as they stand."""
        batch.refresh_from_db()
        rows = list(batch.rows.order_by("number"))
        total = sum(staging.fingerprint_of(row.number, row.verdict, row.values, row.changes) for row in rows)
        self.assertEqual(batch.rows_hash, f"{total % staging.MODULUS:064x}")
        found = {}
        for row in rows:
            found[row.verdict] = found.get(row.verdict, 0) + 1
        self.assertEqual(batch.counts["verdicts"], found)

    def test_one_cell(self):
        batch, _rows = self.trip([ANNA, "回", "2026-03", "东管", "", ""])
        repairs.mend_cell(batch, 2, "destination", "广东东莞", by=self.zhao)
        row = self.row(batch, 2)
        self.assertEqual((row.verdict, row.values["destination"], row.cells[5]), ("new", "4419", "广东东莞"))
        self.proof(batch)
        self.assertEqual(batch.counts["groups"], [])

    def test_the_id_number_survives_its_mask(self):
        batch, (before,) = self.trip([ANNA, "回", "2026-03", "东管", "", ""])
        repairs.mend_cell(batch, 2, "destination", "4419", by=self.zhao)
        row = self.row(batch, 2)
        self.assertEqual((row.values["id_index"], row.cells[2]), (before.values["id_index"], before.cells[2]))

    def test_a_wrong_id_number_mended(self):
        batch, (row,) = self.trip([ANNA[:-1] + ("1" if ANNA[-1] != "1" else "2"), "", "", "", "", ""])
        self.assertEqual(row.problem, "bad_id")
        repairs.mend_cell(batch, 2, "id_number", ANNA, by=self.zhao)
        self.assertEqual(self.row(batch, 2).verdict, "new")
        self.assertNotIn(ANNA, str(StagedRow.objects.values().get()))

    def test_a_group_of_one_text(self):
        rows = [[ANNA, "", "2026-03", "东管", "", ""], [BEN, "", "2026-03", "东管", "", ""], [CLARA, "", "2026-03", "苏洲", "",
        ""]]
        batch, _rows = self.trip(*rows)
        self.assertIn(["unknown_place", "destination", "东管", 2], batch.counts["groups"])
        offers = repairs.offered(batch, "unknown_place", "destination", "苏洲")
        self.assertIn("set:3205", [offer.key for offer in offers])
        self.assertEqual(repairs.mend_group(batch, "unknown_place", "destination", "东管", "set:4419", by=self.zhao), 2)
        self.assertEqual([row.verdict for row in batch.rows.order_by("number")], ["new", "new", "wrong"])
        self.proof(batch)

    def test_a_row_is_mended_in_the_group_of_each_of_its_faults(self):
        batch, _rows = self.trip([ANNA, "火星族", "2026-03", "东管", "", "123"], [BEN, "火星族", "2026-03", "苏州", "", ""])
        self.assertEqual(sorted(batch.counts["groups"]), [
            ["bad_phone", "phone", "", 1], ["not_listed", "ethnic_group", "火星族", 2],
            ["unknown_place", "destination", "东管", 1],
        ])
        offers = (
            ("unknown_place", "destination", "东管", "set:4419", [["not_listed", "ethnic_group", "火星族", 2],
             ["bad_phone", "phone", "", 1]]),
            ("bad_phone", "phone", "", "empty", [["not_listed", "ethnic_group", "火星族", 2]]),
            ("not_listed", "ethnic_group", "火星族", "empty", []),
        )
        for problem, column, text, repair, left in offers:
            rows = repairs.rows_of_group(batch, problem, column, text).count()
            self.assertEqual(repairs.mend_group(batch, problem, column, text, repair, by=self.zhao), rows)
            self.proof(batch)
            self.assertEqual(batch.counts["groups"], left)
        self.assertEqual([row.verdict for row in batch.rows.order_by("number")], ["new", "new"])

    def test_a_doubt_of_a_wrong_row_can_be_answered_before_it_is_mended(self):
        register(by=self.li, village=HOME, name="马兰", id_number=ANNA)
        batch, (row,) = self.trip([ANNA, "火星族", "", "", "", ""])
        self.assertEqual((row.verdict, [each[1] for each in row.problems]), ("wrong", ["not_listed", "other_name"]))
        self.assertEqual([group[0] for group in batch.counts["groups"]], ["not_listed", "other_name"])
        repairs.mend_group(batch, "other_name", "name", "", "keep", by=self.zhao)
        self.assertEqual([each[1] for each in self.row(batch, 2).problems], ["not_listed"])

    def test_the_column_of_a_fault_is_its_own(self):
        headings = ["村", "姓名", "身份证号", "民族", "学历"]
        rows = [["大煤洞村", "马一", ANNA, "丙", "乙"], ["大煤洞村", "马二", BEN, "乙", ""]]
        batch, _rows = self.staged("workers", headings, rows)
        found = repairs.rows_of_group(batch, "not_listed", "education", "乙")
        self.assertEqual([row.number for row in found], [2])

    def test_texts_beyond_the_most_stand_together_and_leave_as_they_came(self):
        rows = [[number, "", "2026-03", place, "", ""] for number, place in ((ANNA, "东管"), (BEN, "苏洲"), (CLARA, "深训"))]
        with mock.patch("workers.sheets.tally.MOST_TEXTS", 1):
            batch, _rows = self.trip(*rows)
            self.assertEqual(batch.counts["groups"], [["unknown_place", "destination", "", 2],
                                                      ["unknown_place", "destination", "东管", 1]])
        repairs.mend_cell(batch, 2, "destination", "4419", by=self.zhao)
        repairs.mend_cell(batch, 3, "destination", "3205", by=self.zhao)
        self.proof(batch)
        self.assertEqual(batch.counts["groups"], [["unknown_place", "destination", "", 1]])

    def test_leave_the_cell_empty(self):
        batch, _rows = self.trip([ANNA, "", "2026-03", "苏州", "无名氏", ""], [BEN, "", "2026-03", "苏州", "", "123"])
        repairs.mend_group(batch, "unknown_broker", "broker", "无名氏", "empty", by=self.zhao)
        batch.refresh_from_db()
        repairs.mend_group(batch, "bad_phone", "phone", "", "empty", by=self.zhao)
        self.assertEqual([row.verdict for row in batch.rows.order_by("number")], ["new", "new"])
        self.proof(batch)

    def test_a_reason_that_the_sheet_has_no_column_for(self):
        batch, (row,) = self.trip(["", "", "", "", "", ""])
        self.assertEqual(row.problem, "id_missing")
        keys = [offer.key for offer in repairs.offered(batch, "id_missing", "id_number", "")]
        self.assertEqual(keys[0], "say:no_id_reason:not_at_hand")
        repairs.mend_group(batch, "id_missing", "id_number", "", keys[0], by=self.zhao)
        row = self.row(batch, 2)
        self.assertEqual((row.verdict, row.values["no_id_reason"]), ("new", "not_at_hand"))

    def test_an_id_number_is_not_written_where_the_sheet_has_no_column_for_it(self):
        batch, (row,) = self.staged("workers", ["村", "姓名"], [["大煤洞村", "马一"]])
        self.assertEqual(row.problem, "id_missing")
        self.refuses("no column", repairs.mend_group, batch, "id_missing", "id_number", "", f"set:{ANNA}", by=self.zhao)
        self.refuses("no column", repairs.mend_cell, batch, 2, "head_id", ANNA, by=self.zhao)
        self.assertNotIn(ANNA, str(StagedRow.objects.values().get()))

    def test_two_mends_of_one_moment(self):
        batch, _rows = self.trip([ANNA, "", "2026-03", "东管", "", ""], [BEN, "", "2026-03", "东管", "", ""])
        seen_by_both = repairs.rows_of_group(batch, "unknown_place", "destination", "东管")
        self.assertEqual(len(seen_by_both), 2)
        repairs.mend_cell(batch, 2, "destination", "4403", by=self.zhao)
        said = {"column": "destination", "problem": "unknown_place", "by": self.zhao}
        self.assertEqual(repairs.mend_rows(batch, seen_by_both, "set:4419", **said), 1)
        self.assertEqual([row.values["destination"] for row in batch.rows.order_by("number")], ["4403", "4419"])
        self.proof(batch)
        self.refuses("Nothing is left", repairs.mend_rows, batch, seen_by_both, "skip", **said)
        self.proof(batch)

    def test_leave_out_and_take_back(self):
        batch, _rows = self.trip([ANNA, "火星族", "", "", "", ""])
        repairs.mend_group(batch, "not_listed", "ethnic_group", "火星族", "skip", by=self.zhao)
        self.assertEqual(self.row(batch, 2).verdict, "skipped")
        self.proof(batch)
        repairs.mend_rows(batch, batch.rows.filter(number=2), "back", by=self.zhao)
        self.assertEqual(self.row(batch, 2).problem, "not_listed")

    def test_every_offer_of_a_list_mends(self):
        batch, _rows = self.trip([ANNA, "火星族", "", "", "", ""])
        offer = repairs.offered(batch, "not_listed", "ethnic_group", "火星族")[0]
        repairs.mend_group(batch, "not_listed", "ethnic_group", "火星族", offer.key, by=self.zhao)
        self.assertEqual(self.row(batch, 2).verdict, "new")

    def test_months(self):
        batch, _rows = self.trip([ANNA, "", "2026.1", "苏州", "", ""])
        repairs.mend_group(batch, "unclear_date", "started_on", "2026.1", "set:2026-10", by=self.zhao)
        self.assertEqual(self.row(batch, 2).values["started_on"], "2026-10-01")

    def test_the_days_that_may_be_meant(self):
        for text, problem, days in (
            ("3月5日", "bad_date", ["2026-03-05", "2025-03-05"]), ("3月", "bad_date", ["2026-03", "2025-03"]),
            ("12月5日", "bad_date", ["2025-12-05", "2026-12-05"]),
            ("10/11/12", "unclear_date", ["2010-11-12", "2012-10-11"]), ("去年", "bad_date", []),
        ):
            with self.subTest(text):
                batch, (row,) = self.trip([ANNA, "", text, "苏州", "", ""])
                self.assertEqual(row.problem, problem)
                offers = repairs.offered(batch, problem, "started_on", text)
                self.assertEqual([offer.key for offer in offers], [*(f"set:{day}" for day in days), "skip"])
                for offer in offers[:1]:
                    repairs.mend_group(batch, problem, "started_on", text, offer.key, by=self.zhao)
                    self.assertEqual(self.row(batch, 2).verdict, "new" if days else "skipped")

    def test_the_nearest_of_a_list_by_its_sound(self):
        batch, _rows = self.trip([ANNA, "汗族", "2026-03", "苏州", "", ""])
        self.assertEqual(repairs.offered(batch, "not_listed", "ethnic_group", "汗族")[0].label, "汉族")

    def test_one_sum_of_two(self):
        headings = ["村", "姓名", "身份证号", "务工开始年月", "务工地点", "月工资"]
        batch, _rows = self.staged("ledger", headings, [["大煤洞村", "马一", ANNA, "2026-03", "苏州", "5000-7000"]])
        offers = repairs.offered(batch, "bad_pay", "pay", "5000-7000")
        self.assertEqual([offer.key for offer in offers], ["set:6000", "set:5000", "set:7000", "empty", "skip"])
        repairs.mend_group(batch, "bad_pay", "pay", "5000-7000", "set:6000", by=self.zhao)
        self.assertEqual(self.row(batch, 2).values["pay"], 6000)

    def test_ten_thousand_yuan(self):
        batch, _rows = self.staged("ledger", ["村", "姓名", "身份证号", "务工开始年月", "务工地点", "月工资"],
                                   [["大煤洞村", "马一", ANNA, "2026-03", "苏州", 0.45]])
        repairs.mend_group(batch, "bad_pay", "pay", "0.45", "times", by=self.zhao)
        self.assertEqual(self.row(batch, 2).values["pay"], 4500)

    def test_a_doubt_answered(self):
        register(by=self.li, village=HOME, name="马兰", id_number=ANNA)
        for answer, verdict, changes in (("take", "changed", {"name": ["马兰", "马一"]}), ("keep", "same", {})):
            batch, (row,) = self.trip([ANNA, "", "", "", "", ""])
            self.assertEqual((row.verdict, row.problem), ("doubt", "other_name"))
            repairs.mend_group(batch, "other_name", "name", "", answer, by=self.zhao)
            row = self.row(batch, 2)
            self.assertEqual((row.verdict, row.changes), (verdict, changes))

    def test_a_namesake_is_somebody_new_or_the_same(self):
        who = register(by=self.li, village=HOME, name="马一", no_id_reason="lost", birth_date=date(1988, 3, 12), sex="female")
        batch, _rows = self.trip([ANNA, "", "", "", "", ""])
        repairs.mend_group(batch, "namesake", "name", "", "new", by=self.zhao)
        self.assertEqual(self.row(batch, 2).verdict, "new")
        batch, _rows = self.trip([ANNA, "", "", "", "", ""])
        repairs.mend_group(batch, "namesake", "name", "", "take", by=self.zhao)
        row = self.row(batch, 2)
        self.assertEqual((row.verdict, row.worker_number, list(row.changes)), ("changed", who.pk, ["id_number"]))

    def test_a_twin_is_free_once_the_other_is_mended(self):
        batch, (_first, second) = self.trip([ANNA, "", "", "", "", ""], [ANNA, "", "", "", "", ""])
        self.assertEqual(second.problem, "twin")
        repairs.mend_cell(batch, 2, "id_number", BEN, by=self.zhao)
        self.assertEqual([row.verdict for row in batch.rows.order_by("number")], ["new", "new"])
        repairs.mend_cell(batch, 2, "id_number", ANNA, by=self.zhao)
        self.assertEqual([row.verdict for row in batch.rows.order_by("number")], ["wrong", "new"])
        self.proof(batch)

    def test_the_household_around_a_mended_head(self):
        headings = ["村", "姓名", "身份证号", "与户主关系"]
        rows = [["大煤洞村", "马一", BEN, "户柱"], ["大煤洞村", "马秀兰", ANNA, "妻"]]
        batch, (head, wife) = self.staged("workers", headings, rows)
        self.assertEqual((head.problem, wife.problem), ("not_listed", "relation_not_kept"))
        repairs.mend_cell(batch, 2, "relation", "户主", by=self.zhao)
        self.assertEqual([row.values["household_key"] for row in batch.rows.order_by("number")], ["r:2", "r:2"])
        self.assertEqual([row.problem for row in batch.rows.all()], ["", ""])

    def test_only_while_it_is_open_and_by_its_office(self):
        batch, _rows = self.trip([ANNA, "", "", "", "", ""])
        self.refuses("", repairs.mend_cell, batch, 2, "name", "马", by=self.sun)
        batch.state = "committed"
        batch.save()
        self.refuses("not open", repairs.mend_cell, batch, 2, "name", "马", by=self.zhao)

    def test_a_repair_that_nobody_offers(self):
        batch, _rows = self.trip([ANNA, "火星族", "", "", "", ""])
        self.refuses("does not mend", repairs.mend_group, batch, "not_listed", "ethnic_group", "火星族", "drop tables",
            by=self.zhao)
        with self.assertRaises(Refusal):
            repairs.mend_group(batch, "bad_id", "id_number", "", "skip", by=self.zhao)

    def test_another_village_stays_out_of_reach(self):
        rows = [["大煤洞村", "马一", ANNA, "", "", "", "", ""]]
        batch = self.staged("ledger", HEADINGS, rows, by=self.li, place=HOME)[0]
        repairs.mend_cell(batch, 2, "village", FAR, by=self.li)
        self.assertEqual(batch.rows.get().problem, "outside_scope")
