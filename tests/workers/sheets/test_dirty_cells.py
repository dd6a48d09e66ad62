"""What real files bring: numbers that lost their end, dates of every kind, words for the same thing, odd names."""

import random
import re
import zipfile
from datetime import date, datetime
from unittest import mock

from django.core.exceptions import ValidationError
from django.test import SimpleTestCase, TestCase
from django.utils import translation
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from laborreg import clock
from laborreg.columns import choice
from laborreg.identity import clean_id_number, clean_name, clean_phone, id_facts
from tests.cast import HOME
from tests.workers.desk import id_number
from tests.workers.sheets.desk import SheetDesk
from workers.models import Batch
from workers.sheets import cleaning, columns, desk, matching, repairs, staging, storing
from workers.sheets.cleaning import clean
from workers.sheets.rows import facts_of_id

FORM = columns.BY_NAME["ledger"]


def read(column, cell):
    """Value and problem of one cell."""
    found = clean(cell, FORM[column].clean, FORM[column].problem)
    return found.value, found.problem and found.problem[0]


class Days(SimpleTestCase):
    def test_slips_and_forms(self):
        for cell, value in (
            ("2014.321", "2014-03-21"), (2014.321, "2014-03-21"), ("201405.8", "2014-05-08"), (201405.8, "2014-05-08"),
            ("2014.0321", "2014-03-21"), ("2026-03-05", "2026-03-05"), ("2026/3/5", "2026-03-05"), ("2026.3.5", "2026-03-05"),
            ("20260305", "2026-03-05"), (20260305, "2026-03-05"), ("2026年3月5日", "2026-03-05"), ("2026 年 3 月 5 日",
                "2026-03-05"),
            ("２０２６－０３－０５", "2026-03-05"), ("'2026-03-05", "2026-03-05"), (date(2026, 3, 5), "2026-03-05"),
            (datetime(2026, 3, 5, 8), "2026-03-05"), ("2026-03-05 08:00:00", "2026-03-05"), (46086, "2026-03-05"), ("46086",
                "2026-03-05"),
            ("2026-03", "2026-03"), ("2026年3月", "2026-03"), ("2026年3月份", "2026-03"), ("202603", "2026-03"), (202603,
                "2026-03"),
            ("2026.03", "2026-03"), ("2026.3", "2026-03"), (2026.3, "2026-03"), ("2026.10", "2026-10"), ("2026.12", "2026-12"),
        ):
            with self.subTest(cell):
                self.assertEqual(read("started_on", cell), (value, None))

    def test_what_is_refused(self):
        for cell, problem in (
            ("2014.230", "bad_date"), ("2014.23", "bad_date"), (2014.1, "unclear_date"), ("2014.1", "unclear_date"),
            ("2014.111", "unclear_date"), ("3月", "bad_date"), ("去年", "bad_date"), ("2026-02-30", "bad_date"), ("1949-12-31",
                "bad_date"),
            ("14.13.21", "bad_date"), ("2026", "bad_date"), (0, "bad_date"), ("#REF!", "bad_date"), ("2026-13", "bad_date"),
        ):
            with self.subTest(cell):
                self.assertEqual(read("started_on", cell), (None, problem))

    def test_years_of_two_digits_come_first(self):
        for cell, value in (
            ("26.10.3", "2026-10-03"), ("26/3/5", "2026-03-05"), ("26-03-05", "2026-03-05"), ("26年3月5日", "2026-03-05"),
            ("26年3月5号", "2026-03-05"), ("98.3.5", "1998-03-05"), ("14.3.21", "2014-03-21"), ("26年3月", "2026-03"),
            ("10年11月12日", "2010-11-12"), ("2026年3月5号", "2026-03-05"), ("2026.3-至今", "2026-03"), ("26.3.5起",
                "2026-03-05"),
        ):
            with self.subTest(cell):
                found = clean(cell, FORM["started_on"].clean, "bad_date")
                self.assertEqual((found.value, found.problem, found.written), (value, None, value))

    def test_a_birth_is_never_to_come(self):
        clock.pin(date(2026, 11, 4))
        self.addCleanup(clock.pin, None)
        for cell, value in (("05.3.2", "2005-03-02"), ("27.3.2", "1927-03-02"), ("88年3月", "1988-03")):
            self.assertEqual(read("birth_date", cell), (value, None))
        self.assertEqual(read("contract_until", "27.3.20")[0], "2027-03-20")

    def test_a_year_that_may_be_last_or_is_missing(self):
        self.assertEqual(read("started_on", "10/11/12"), (None, "unclear_date"))
        words = clean("05.10.03", FORM["started_on"].clean, "bad_date").problem[1]
        self.assertIn("2003-05-10 or 2005-10-03", words)
        for cell in ("3月5日", "3月", "3/5", "10.5", "3月份"):
            with self.subTest(cell):
                code, words = clean(cell, FORM["started_on"].clean, "bad_date").problem
                self.assertEqual(code, "bad_date")
                self.assertIn("names no year. Write it as", words)

    def test_who_is_not_home_has_no_day_of_the_homecoming(self):
        found = clean("至今", FORM["ended_on"].clean, "bad_date")
        self.assertEqual((found.value, found.problem, found.written), (None, None, "Not home yet"))

    def test_a_homecoming_needs_its_day(self):
        self.assertEqual(read("ended_on", "2026-03"), (None, "month_without_day"))
        self.assertEqual(read("contract_until", "2026-02"), ("2026-02-28", None))
        self.assertEqual(read("planned_home", "2027-01-15"), ("2027-01", None))

    def test_what_was_changed_is_said(self):
        found = clean("2014.321", FORM["started_on"].clean, "bad_date")
        self.assertEqual((found.text, found.written), ("2014.321", "2014-03-21"))
        self.assertEqual(clean("2014-03-21", FORM["started_on"].clean, "bad_date").written, "")


class Lists(SimpleTestCase):
    def test_every_label_that_the_forms_know(self):
        """What the form's cleaner reads, the sheet's reads as the same."""
        for column in FORM.values():
            if not column.choices or column.name in ("is_student", "wants_to_go", "contract", "insurance"):
                continue
            like_a_form = choice(column.choices)
            for language in ("en", "zh-hans"):
                with translation.override(language):
                    for code, label in column.choices:
                        with self.subTest(column=column.name, label=str(label)):
                            self.assertEqual(read(column.name, str(label)), (code, None))
                            self.assertEqual(like_a_form(str(label)), code)

    def test_words_for_the_same_thing(self):
        for column, cell, value in (
            ("relation", "其它", "other"), ("channel", "其它", "other"), ("job", "建筑类，餐饮类", "building"), ("job",
                "建筑类,餐饮类", "building"),
            ("ethnic_group", "回", "03"), ("ethnic_group", "傈傈族", "20"), ("ethnic_group", "崩龙族", "46"), ("education",
                "大学本科", "20"),
            ("education", "文盲", "90"), ("industry", "建筑", "E"), ("industry", "E 建筑业", "E"), ("relation", "长 子", "son"),
            ("sex", "男 ", "male"), ("is_student", "七年级", True), ("contract", "未签", "no"), ("insurance", "√", "yes"),
            ("pay_band", "2000-3999", "2000_3999"), ("status", "是", "relieved"), ("status", "一般农户", ""), ("form", "公岗",
                "public_post"),
        ):
            with self.subTest(cell):
                self.assertEqual(read(column, cell), (value, None))
        self.assertEqual(read("status", "监测户"), (None, "not_listed"))
        self.assertEqual(read("industry", "第三产业"), (None, "not_listed"))

    def test_a_job_of_another_name_keeps_nobody_out(self):
        for cell, value in (
            ("电焊", "technical"), ("厨师", "catering"), ("保安", "security"), ("普工", "manufacturing"), ("司机", "transport"),
            ("保安人员", "security"), ("快递员", "transport"), ("油漆工", "building"), ("电焊工人",
                "technical"), ("装修、电工", "building"),
        ):
            with self.subTest(cell):
                self.assertEqual(read("job", cell), (value, None))
        self.assertEqual(clean("保安人员", FORM["job"].clean, "").written, "Security")
        found = clean("挖煤", FORM["job"].clean, "")
        self.assertEqual((found.text, found.value, found.problem[0]), ("挖煤", None, "job_not_kept"))

    def test_peoples_by_their_short_names(self):
        for cell, value in (("回", "03"), ("土", "30"), ("藏", "04"), ("汉", "01"), ("撒拉", "35"), ("蒙族", "02")):
            self.assertEqual(read("ethnic_group", cell), (value, None), cell)
        self.assertEqual(read("ethnic_group", "汗族"), (None, "not_listed"))

    def test_a_change_of_words_is_said_and_a_choice_is_not(self):
        self.assertTrue(clean("其它", FORM["relation"].clean, "").written)
        self.assertFalse(clean("其他", FORM["relation"].clean, "").written)


class Pay(SimpleTestCase):
    def test_units(self):
        for column, cell, value in (
            ("pay", "4500", 4500), ("pay", 4500, 4500), ("pay", "４５００", 4500), ("pay", "5,000元", 5000), ("pay", "0.45万",
                4500),
            ("pay", "4500元/月", 4500), ("yearly_pay", "6.5", 5417), ("yearly_pay", 6.5, 5417), ("yearly_pay", "65000", 5417),
            ("yearly_pay", "6万元", 5000), ("yearly_pay", "六万", 5000), ("pay", "五千", 5000), ("pay", "三千五", 3500),
            ("pay", "5千", 5000), ("pay", "0.5万", 5000), ("pay", "5000元/月", 5000), ("pay", "约5000元左右", 5000),
            ("pay", "每月4500元", 4500),
        ):
            with self.subTest(cell):
                self.assertEqual(read(column, cell)[0], value)

    def test_a_range_within_a_band_is_the_band(self):
        for cell, band in (
            ("4000-5000", "4000_5999"), ("3000~4000元", "2000_3999"), ("4-5千", "4000_5999"), ("四五千元", "4000_5999"),
            ("六千到八千", "6000_7999"),
        ):
            with self.subTest(cell):
                found = clean(cell, FORM["pay"].clean, "")
                self.assertEqual((found.value, found.problem, found.also), (None, None, (("pay_band", band),)))
                self.assertTrue(found.written)

    def test_a_range_across_bands_is_two_sums(self):
        for column, kind, cell in (("pay", "ledger", "5000-7000"), ("pay", "groups", "4000-5000"), ("pay", "ledger", "4-5")):
            found = clean(cell, columns.BY_NAME[kind][column].clean, "bad_pay")
            self.assertEqual((found.value, found.problem[0]), (None, "bad_pay"))
            self.assertIn("names two sums. Write one, such as 4500, or leave it empty.", found.problem[1])

    def test_doubts(self):
        self.assertEqual(read("pay", 3), (3, "odd_pay"))
        self.assertEqual(read("pay", 0.45), (None, "bad_pay"))
        self.assertEqual(read("yearly_pay", "很多"), (None, "bad_pay"))


class Phones(SimpleTestCase):
    def test_as_the_form(self):
        for cell in ("13897123456", 13897123456, "138 9712 3456", "138-9712-3456", "+8613897123456", "１３８９７１２３４５６",
        "'13897123456"):
            with self.subTest(cell):
                self.assertEqual(read("phone", cell), ("13897123456", None))
        self.assertEqual(read("phone", "0971-2722222"), ("0971-2722222", None))
        for cell in ("1389712345", "23897123456", "无", 1.3897123456e25):
            self.assertEqual(read("phone", cell), (None, "bad_phone"))

    def test_the_short_way_is_the_cleaners(self):
        draw = random.Random(4)
        for _n in range(300):
            text = "".join(draw.choice("0123456789") for _n in range(11))
            try:
                expected = clean_phone(text), None
            except ValidationError:
                expected = None, "bad_phone"
            self.assertEqual(read("phone", text), expected)


class Names(SimpleTestCase):
    def test_as_the_form(self):
        """IM-12: rare characters, minority names, dots of every kind, fifty characters."""
        for cell in (
            "马秀兰", "马 兰", "𠮷野", "㛃𬱖", "阿卜杜拉·买买提", "才让•卓玛", "才让．卓玛", "才让・卓玛", "尕藏·东智",
            "王" * 50, "王" * 51, "",
            "Anna Ma", "马兰1", "马\u200b兰", "·马", "翟⺼",
        ):
            with self.subTest(cell):
                try:
                    expected = clean_name(cell), None
                except ValidationError:
                    expected = None, "bad_name" if cell else None
                self.assertEqual(read("name", cell), expected)


class IdNumbers(TestCase):
    """IM-06 and IM-13."""

    def variants(self, number):
        return [
            (number, number), (f" {number}", number), (f"{number[:6]} {number[6:14]} {number[14:]}", number), (number.lower(),
                number),
            ("".join(chr(ord(c) + 0xFEE0) for c in number), number), (f"'{number}", number), (f'="{number}"', number),
                (f"‘{number}", number),
            (float(number[:15] + "000"), None), (f"{float(number[:15] + '000'):.14E}", None),
                (f"{number[0]}.{number[1:6]}E+17", None),
        ]

    def test_fifty_numbers_in_every_dress(self):
        draw = random.Random(6)
        for _n in range(50):
            number = id_number(f"19{draw.randrange(50, 99)}{draw.randrange(1, 13):02d}{draw.randrange(1, 29):02d}",
                f"{draw.randrange(1, 999):03d}")
            for cell, value in self.variants(number):
                with self.subTest(cell):
                    found, problem = read("id_number", cell)
                    self.assertEqual(found, value)
                    self.assertEqual(problem if value is None else None, None if value else "id_lost_digits")

    def test_every_verdict_is_the_cleaners(self):
        number = id_number()
        broken = [number[:-1], number + "1", number[:10] + "1330" + number[14:], "A" * 18,
        number[:17] + ("0" if number[17] != "0" else "1")]
        for cell in broken:
            with self.assertRaises(ValidationError):
                clean_id_number(cell)
            self.assertEqual(read("id_number", cell), (None, "bad_id"))

    def test_what_follows_from_a_number(self):
        draw = random.Random(7)
        for _n in range(100):
            number = id_number(f"19{draw.randrange(50, 99)}0{draw.randrange(1, 10)}{draw.randrange(10, 29)}",
                f"{draw.randrange(1, 999):03d}")
            sex, born_on = id_facts(number)
            self.assertEqual(facts_of_id(number), (sex, born_on.isoformat()))


class Files(SheetDesk):
    HEADINGS = ["村", "姓名", "身份证号", "务工开始年月", "务工地点"]

    def test_a_number_that_lost_its_end_is_refused_by_row(self):
        number = id_number()
        rows = [["大煤洞村", "马一", int(number[:15] + "000"), "", ""], ["大煤洞村", "马二", number, "", ""]]
        _batch, (lost, kept) = self.staged("ledger", self.HEADINGS, rows)
        self.assertEqual((lost.verdict, lost.problem, lost.number), ("wrong", "id_lost_digits", 2))
        self.assertEqual(kept.verdict, "new")
        self.assertNotIn("id_index", lost.values)

    def test_a_number_that_ends_in_zeros_is_doubted(self):
        order = next(n for n in range(100, 1000, 100) if id_number(order=f"{n:03d}").endswith("000") or n == 900)
        numbers = [id_number(f"1988{month:02d}{day:02d}", f"{order:03d}") for month in range(1, 13) for day in range(1, 28)]
        number = next(number for number in numbers if number.endswith("000"))
        _batch, (row,) = self.staged("ledger", self.HEADINGS, [["大煤洞村", "马一", number, "", ""]])
        self.assertEqual((row.verdict, row.problem), ("doubt", "id_ends_in_zeros"))

    def test_dates_of_either_base_and_bare_serials(self):
        """IM-05: a real date is what the sheet shows, whatever day its numbers begin with."""
        rows = [["大煤洞村", "马一", id_number(), date(2026, 3, 5), "苏州"], ["大煤洞村", "马二", id_number(order="003"),
        "2026-03-05", "苏州"]]

        def since_1904(book):
            book.epoch = CALENDAR_MAC_1904

        for change in (None, since_1904):
            _batch, staged = self.staged("ledger", self.HEADINGS, rows, change=change)
            self.assertEqual([row.values["started_on"] for row in staged], ["2026-03-05", "2026-03-05"])

    def test_a_bare_serial_of_a_book_that_counts_from_1904(self):
        rows = [["大煤洞村", "马一", id_number(), 44624, "苏州"]]

        def since_1904(book):
            book.epoch = CALENDAR_MAC_1904

        _batch, (row,) = self.staged("ledger", self.HEADINGS, rows, change=since_1904)
        self.assertEqual(row.values["started_on"], "2026-03-05")
        _batch, (row,) = self.staged("ledger", self.HEADINGS, [["大煤洞村", "马一", id_number(), 46086, "苏州"]])
        self.assertEqual(row.values["started_on"], "2026-03-05")

    def test_hidden_rows_count_formulas_do_not(self):
        """IM-07: hidden rows like others; a formula without its value is an empty cell; merged cells have their first value."""
        rows = [["大煤洞村", "马一", id_number(), "", ""], ["大煤洞村", "马二", id_number(order="003"), "=TODAY()", "苏州"],
                ["大煤洞村", "马三", id_number(order="005"), "2026-03", "苏州"], ["", "马四", id_number(order="007"), "", ""]]

        def hide(book):
            book.active.row_dimensions[2].hidden = True
            book.active.merge_cells("A4:A5")

        found = self.verdicts("ledger", self.HEADINGS, rows, change=hide)
        self.assertEqual(found, [("new", ""), ("wrong", "start_missing"), ("new", ""), ("wrong", "village_missing")])

    def test_a_lying_dimension_loses_no_row(self):
        """IM-04."""
        rows = [["大煤洞村", f"马{chr(0x4e00 + n)}", id_number(order=f"{n + 1:03d}"), "", ""] for n in range(500)]
        batch = self.batch("ledger", self.HEADINGS, rows)
        path = storing.folder() / batch.stored_as
        with zipfile.ZipFile(path) as book:
            parts = {name: book.read(name) for name in book.namelist()}
        sheet = "xl/worksheets/sheet1.xml"
        parts[sheet] = re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1:A1"', parts[sheet])
        with zipfile.ZipFile(path, "w") as book:
            for name, content in parts.items():
                book.writestr(name, content)
        staging.stage(batch)
        self.assertEqual(batch.rows.count(), 500)

    def test_a_cell_that_is_true(self):
        rows = [["大煤洞村", "马一", id_number(), 1], ["大煤洞村", "马二", id_number(order="003"), True]]
        _batch, staged = self.staged("workers", ["村", "姓名", "身份证号", "是否在校"], rows)
        self.assertEqual([(row.cells[3], row.values["is_student"]) for row in staged], [("1", True), ("TRUE", True)])

    def test_words_with_a_number_in_them(self):
        rows = [["大煤洞村", "马一", id_number(), "电话13897123456"]]
        _batch, (row,) = self.staged("workers", ["村", "姓名", "身份证号", "备注"], rows)
        self.assertEqual(row.problem, "bad_words")


    def test_an_id_number_in_another_column_is_not_kept_clear(self):
        number = id_number("19770707", "005")
        headings = ["村", "姓名", "身份证号", "户编号", "民族", "联系电话"]
        _batch, (row,) = self.staged("workers", headings, [["大煤洞村", "马一", id_number(), number, number, number]])
        self.assertEqual(row.verdict, "wrong")
        self.assertNotIn(number, str(row.__dict__))
        repairs.mend_cell(row.batch, 2, "ethnic_group", "回", by=self.zhao)
        self.assertEqual({problem[0] for problem in row.batch.rows.get().problems}, {"household_number", "phone"})

    def test_a_village_with_its_group(self):
        rows = [["大煤洞村三社", "马一", id_number(), "", ""], ["桥头镇大煤洞村 第3组", "马二", id_number(order="003"), "", ""],
                ["青海省西宁市大通县桥头镇大煤洞村", "马三", id_number(order="005"), "", ""],
                ["大煤洞村张家社", "马四", id_number(order="007"), "", ""]]
        _batch, staged = self.staged("ledger", self.HEADINGS, rows)
        self.assertEqual([row.values.get("group_name") for row in staged], ["三社", "第3组", None, None])
        self.assertEqual([row.values.get("village") for row in staged], [HOME, HOME, HOME, None])
        self.assertEqual(staged[0].normalized, [["village", "大煤洞村三社", "大煤洞村 三社"]])
        self.assertEqual(staged[3].problem, "unknown_village")

    def test_a_group_that_its_own_column_has_otherwise(self):
        rows = [["大煤洞村三社", "马一", id_number(), "3组"], ["大煤洞村三社", "马二", id_number(order="003"), "四社"]]
        batch, (same, other) = self.staged("workers", ["村", "姓名", "身份证号", "社"], rows)
        self.assertEqual((same.problem, same.values["group_name"]), ("", "3组"))
        self.assertEqual((other.verdict, other.problem), ("wrong", "cells_differ"))
        self.assertEqual(other.problems[0][::2], ["group_name", "Another cell of the row says otherwise: 三社."])
        repairs.mend_cell(batch, 3, "group_name", "", by=self.zhao)
        self.assertEqual(batch.rows.get(number=3).values["group_name"], "三社")

    def test_a_village_with_its_group_beside_its_township(self):
        rows = [["桥头镇", "大煤洞村三社", "马一", id_number()]]
        _batch, (row,) = self.staged("workers", ["乡镇", "村社", "姓名", "身份证号"], rows)
        self.assertEqual((row.verdict, row.values["village"], row.values["group_name"]), ("new", HOME, "三社"))

    def test_a_range_of_pay_loses_nobody(self):
        rows = [["大煤洞村", "马一", id_number(), "2026-03", "苏州", "4000-5000"],
                ["大煤洞村", "马二", id_number(order="003"), "2026-03", "苏州", "5000-7000"]]
        batch, (within, across) = self.staged("ledger", [*self.HEADINGS, "月工资"], rows)
        self.assertEqual((within.verdict, within.values["pay_band"], "pay" in within.values), ("new", "4000_5999", False))
        self.assertEqual((across.verdict, across.problem), ("wrong", "bad_pay"))
        repairs.mend_group(batch, "bad_pay", "pay", "5000-7000", "empty", by=self.zhao)
        self.assertEqual(batch.rows.get(number=3).verdict, "new")

    def test_a_job_of_another_name_is_left_empty(self):
        rows = [["大煤洞村", "马一", id_number(), "2026-03", "苏州", "挖煤"]]
        batch, (row,) = self.staged("ledger", [*self.HEADINGS, "工种"], rows)
        self.assertEqual((row.verdict, row.problem, row.values.get("job")), ("new", "job_not_kept", None))
        self.assertEqual(batch.counts["warnings"], {"job_not_kept": 1})

    def test_another_province_without_its_name(self):
        for cell in ("外省", "省外", "其他省", "其它省份", "省外务工"):
            with self.subTest(cell):
                _batch, (row,) = self.staged("ledger", self.HEADINGS, [["大煤洞村", "马一", id_number(), "2026-03", cell]])
                self.assertEqual((row.verdict, row.problem), ("wrong", "vague_place"))
                self.assertIn("does not say which province", row.problems[0][2])

    def test_called_off_while_it_is_read(self):
        rows = [["大煤洞村", f"马{name}", id_number(order=f"{n:03d}"), "", ""] for n, name in enumerate("一二三四五", 1)]
        batch = self.batch("ledger", self.HEADINGS, rows)

        def call_off(*args):
            Batch.objects.filter(pk=batch.pk, rows_done=2).update(state="canceled")
            return ask(*args)

        ask = desk.Desk.ask
        with mock.patch.object(desk, "PAGE", 2), mock.patch.object(desk.Desk, "ask", call_off):
            staging.stage(batch)
        self.assertEqual((batch.state, batch.rows.count(), batch.rows_done), ("canceled", 0, 2))


class Matched(SheetDesk):
    def names(self, headings, rows=(), kind="ledger"):
        return [match.name for match in matching.propose(headings, list(rows), kind)]

    def test_by_heading_synonym_and_stacked_heading(self):
        headings = ["序号", "行政村", "姓 名", "公民身份号码", "联系电话（手机）", "务工信息 务工所在省", "务工信息 市",
        "月收入(元)", "Education", "与户主关系"]
        self.assertEqual(self.names(headings), [
            "", "village", "name", "id_number", "phone", "province", "city", "pay", "education", "relation",
        ])

    def test_by_what_stands_below(self):
        rows = [["630000198803120027", "13897123456", "大煤洞村", "女", "回族"]] * 3
        self.assertEqual(self.names(["甲", "乙", "丙", "丁", "戊"], rows), ["id_number", "phone", "village", "sex",
            "ethnic_group"])

    def test_a_heading_of_two_meanings_is_told_by_its_cells(self):
        for cells, name in (
            (["2026.3", "26.3.5", "3月5日"], "started_on"), (["6", "10个月", "3"], ""), (["2026.3-2026.9"], ""), ([], ""),
        ):
            with self.subTest(cells):
                rows = [["大煤洞村三社", cell] for cell in cells]
                self.assertEqual(self.names(["村社", "务工时间"], rows), ["village", name])

    def test_headings_of_offices(self):
        headings = ["村社", "名字", "本人联系电话", "离乡时间", "返回时间", "外出地", "就业途径", "用工企业", "就业岗位",
            "月均工资"]
        self.assertEqual(self.names(headings), [
            "village", "name", "phone", "started_on", "ended_on", "destination", "channel", "employer", "job", "pay",
        ])

    def test_addresses_that_end_in_a_village(self):
        rows = [["青海省西宁市大通县桥头镇大煤洞村三社"]] * 3
        self.assertEqual(self.names(["家庭住址"], rows), ["village"])

    def test_samples_hide_the_birth_date(self):
        match = matching.propose(["身份证号"], [["630000198803120027"]], "ledger")[0]
        self.assertEqual(match.samples, ["630000********0027"])

    def test_saved_wins(self):
        headings = ["村", "姓名", "甲"]
        batch = self.batch("ledger", headings, [["大煤洞村", "马一", "x"]])
        matching.save(batch, headings, {0: "village", 1: "name", 2: "employer"}, by=self.zhao)
        saved = matching.saved_for(["村 ", "姓名", "甲"], "ledger", HOME)
        self.assertEqual([match.name for match in matching.propose(headings, [], "ledger", saved)], ["village", "name",
            "employer"])
        self.assertIsNone(matching.saved_for(headings[::-1], "ledger", HOME))

    def test_what_is_missing_is_told(self):
        def told(headings, kind, place):
            return matching.missing(matching.propose(headings, [], kind), kind, place)

        self.assertEqual(told(["姓名", "身份证号"], "workers", "630121"), ["Village"])
        self.assertEqual(told(["姓名", "身份证号"], "workers", HOME), [])
        self.assertEqual(told(["村"], "workers", HOME), ["Name"])
        self.assertEqual(told(["身份证号"], "transfers", HOME), ["Left on", "Destination"])
        self.assertEqual(told(["身份证号", "返乡日期"], "transfers", HOME), [])

    def test_no_synonym_stands_for_two_columns(self):
        for kind, known in columns.COLUMNS.items():
            heads = [
                head for column in known
                for head in {cleaning.folded(text) for text in (*matching.both_languages(column.heading), *column.synonyms)}
            ]
            self.assertEqual({head for head in heads if heads.count(head) > 1}, set(), kind)

    def test_the_national_order(self):
        """Domain 8 no. 11: ID number, start, end, province, city, county, pay, phone."""
        headings = ["身份证号", "务工开始年月", "务工结束年月", "务工所在省", "务工所在市", "务工所在县", "务工月收入",
        "联系电话"]
        self.assertEqual(self.names(headings, kind="transfers"), [
            "id_number", "started_on", "ended_on", "province", "city", "district", "pay", "phone",
        ])
