"""Totals of the months before the first: pasted or typed, every wrong cell named, kept, marked."""

from laborreg import clock
from laborreg.months import Month
from laborreg.refusals import Refusal
from officers.models import AuditEvent
from officers.roles import NotYours
from reports import actions, earlier, workbook
from reports.history import history
from reports.models import EarlierTotal, MonthlyReturn
from tests.cast import COUNTY, HOME
from tests.reports.month_pages import PageCase
from tests.reports.test_actions import OCTOBER, SEPTEMBER

STATION = HOME[:9]
BEFORE = SEPTEMBER.a_year_before
TABLE = "月份\t乡镇\t期末在外人数\t本年劳务收入（万元）\n2025年9月\t全县\t1,234\t56.78\n2025-09\t桥头镇\t１００\t\n"


class Reading(PageCase):
    def read(self, text):
        return earlier.read(text, self.county)

    def faults(self, text) -> list[str]:
        return [fault for row in self.read(text).rows for fault in row.faults]

    def test_a_table_of_a_spreadsheet(self):
        sheet = self.read(TABLE)
        self.assertTrue(sheet.may_be_kept)
        self.assertEqual(sheet.columns, ["month", "area", "away", "income"])
        first, second = sheet.rows
        self.assertEqual((first.month, first.area.code, first.figures), (BEFORE, COUNTY, {"away": 1234, "income": 567_800}))
        self.assertEqual((second.number, second.area.code, second.figures), (3, STATION, {"away": 100}))

    def test_every_figure_is_found_by_its_own_heading_in_both_languages(self):
        from django.utils.translation import override

        for language in ("en", "zh-hans"):
            with override(language):
                headings = "\t".join(earlier.label(key) for key in ("month", "area", *earlier.KEYS))
            self.assertEqual(self.read(f"{headings}\n2025-09\t630121").columns, ["month", "area", *earlier.KEYS])

    def test_every_wrong_cell_is_named(self):
        head = "month\tarea\taway\tleft\n"
        for line, words in (
            ("2025-13\t630121\t1", "is no month"), ("soon\t630121\t1", "is no month"),
            ("2026-09\t630121\t1", "does not lie before the county's first month"),
            ("2025-09\t某镇\t1", "neither the county nor one of its townships"), ("2025-09\t\t1", "neither the county"),
            ("2025-09\t630121\t-5", "is no whole number"), ("2025-09\t630121\t1.5", "is no whole number"),
            ("2025-09\t630121\t1\tmany", "is no whole number"), ("2025-09\t630121\t9999999999999", "too large"),
            ("2025-09\t630121\t12,34", "is no whole number"),
        ):
            found = self.faults(head + line)
            self.assertEqual(len(found), 1, line)
            self.assertIn(words, found[0])

    def test_the_same_area_and_month_twice(self):
        text = "month\tarea\taway\n2025-09\t630121\t1\n2025-09\t全县\t2"
        self.assertEqual(self.faults(text), ["The same area and month as line 2."])

    def test_more_persons_than_person_times(self):
        self.assertEqual(self.faults("month\tarea\ttransferred\ttrips\n2025-09\t630121\t5\t4"),
                         ["More persons than person-times."])

    def test_a_table_that_is_none(self):
        for text, words in (
            ("", "Paste a table"), ("a\tb", "no column"), ("month\taway\n2025-09\t1", "no column"),
            ("month\tarea\n2025-09\t630121", "one of the figures"), ("month\tarea\taway", "no line below"),
            ("month\tarea\taway\taway\n2025-09\t630121\t1\t1", "same heading"),
        ):
            self.assertIn(words, self.read(text).fault, text)

    def test_a_column_that_nobody_knows_is_left_out_and_named(self):
        sheet = self.read("month\tarea\taway\t备注\n2025-09\t630121\t1\tx")
        self.assertEqual((sheet.left_out, sheet.may_be_kept), (["备注"], True))


class Keeping(PageCase):
    def keep(self, text=TABLE, by=None):
        return earlier.keep(self.county, text, by=by or self.zhao)

    def test_kept_with_who_and_what_was_typed(self):
        self.assertEqual(self.keep(), 2)
        total = EarlierTotal.objects.get(area_code=COUNTY)
        self.assertEqual((total.typed, total.away, total.income, total.typed_by), (["away", "income"], 1234, 567_800, self.zhao))
        event = AuditEvent.objects.get(verb="typed earlier totals")
        self.assertEqual((event.detail["rows"], event.detail["changed"], event.detail["from_month"]), (2, 2, "2025-09"))

    def test_silence_is_no_zero(self):
        self.keep()
        figures = history(COUNTY, BEFORE, BEFORE, at=6)[BEFORE, COUNTY]
        self.assertEqual((figures["away"], figures["left"]), (1234, None))

    def test_the_workbook_compares_with_what_was_typed(self):
        self.keep()
        rows, _total = workbook.by_township(self.county, SEPTEMBER)
        self.assertEqual([row.a_year_before for row in rows if row.name.startswith("Qiaotou") or "桥头" in row.name], [100])

    def test_it_is_corrected_and_what_has_no_column_stays(self):
        self.keep()
        self.assertEqual(self.keep(), 0)
        self.keep("month\tarea\taway\n2025-09\t630121\t1200")
        total = EarlierTotal.objects.get(area_code=COUNTY)
        self.assertEqual((total.away, total.income), (1200, 567_800))
        self.keep("month\tarea\taway\n2025-09\t桥头镇\t")
        self.assertFalse(EarlierTotal.objects.filter(area_code=STATION).exists())

    def test_one_wrong_cell_keeps_all_out(self):
        with self.assertRaisesMessage(Refusal, "nothing was kept"):
            self.keep(TABLE + "2025-09\t某镇\t5")
        self.assertFalse(EarlierTotal.objects.exists())

    def test_until_the_first_seal(self):
        self.file_all(SEPTEMBER)
        actions.lock(self.county, SEPTEMBER, by=self.zhao)
        with self.assertRaisesMessage(Refusal, "A month is sealed"):
            self.keep()

    def test_who_may(self):
        for officer in (self.li, self.wang, self.leader, self.admin):
            with self.assertRaises(NotYours):
                self.keep(by=officer)


class BeforeTheFirstMonth(PageCase):
    """Nothing is opened yet: 2 November 2026."""

    def build(self):
        super().build()
        MonthlyReturn.objects.all().delete()
        self.county.months.all().delete()

    def keep(self, month, away="1234"):
        return earlier.keep(self.county, f"month\tarea\taway\n{month}\t{COUNTY}\t{away}", by=self.zhao)

    def test_only_months_that_are_over_can_be_typed(self):
        for month in ("2026-11", "2031-05"):
            [row] = earlier.read(f"month\tarea\taway\n{month}\t{COUNTY}\t1", self.county).rows
            self.assertEqual(row.faults, [f"Month: “{month}” is not over yet"])
        self.assertEqual(self.keep("2026-10"), 1)

    def test_no_month_is_typed_and_opened(self):
        self.keep("2026-10")
        for month in (SEPTEMBER, OCTOBER):
            with self.assertRaisesMessage(Refusal, "typed up to October 2026"):
                actions.open_month(self.county, month, by=self.zhao)
        self.keep("2026-10", "")
        self.keep("2026-09")
        self.assertEqual(actions.open_month(self.county, OCTOBER, by=self.zhao), 3)

    def test_from_the_first_month_on_returns_count_and_not_what_was_typed(self):
        for month in (SEPTEMBER, OCTOBER, OCTOBER.next):
            EarlierTotal.objects.create(
                county=self.county, area_code=COUNTY, month=month, away=5, typed=["away"], typed_by=self.zhao,
                typed_at=clock.now(),
            )
        self.county.months.create(month=OCTOBER, opened_at=clock.now())
        self.assertEqual(history(COUNTY, SEPTEMBER, OCTOBER.next, at=6)[SEPTEMBER, COUNTY]["away"], 5)
        self.assertNotIn(5, [f["away"] for f in history(COUNTY, OCTOBER, OCTOBER.next, at=6).values()])


class Pages(PageCase):
    def test_pasted_looked_at_and_kept(self):
        page = self.post(self.zhao, "earlier", COUNTY, text=TABLE)
        self.assertContains(page, "Keep 2 lines")
        self.assertFalse(EarlierTotal.objects.exists())
        page = self.post(self.zhao, "earlier", COUNTY, text=page.context["text"], confirmed="1")
        self.assertContains(page, "2 totals are changed.")
        self.assertEqual(page.context["kept"][0]["away"], 1234)

    def test_what_is_wrong_is_named_and_can_be_mended_there(self):
        page = self.post(self.zhao, "earlier", COUNTY, text=TABLE + "2025-09\t某镇\t5")
        self.assertContains(page, "Line 4:")
        self.assertNotContains(page, "Keep")
        self.assertContains(page, "某镇</td>" if "某镇</td>" in page.content.decode() else "某镇")

    def test_typed_in_the_grid(self):
        page = self.post(self.zhao, "earlier", COUNTY, month="2025-10", **{f"{COUNTY}-away": "7", f"{STATION}-left": "x"})
        self.assertContains(page, "is no whole number")
        page = self.post(self.zhao, "earlier", COUNTY, month="2025-10", **{f"{COUNTY}-away": "7"})
        self.post(self.zhao, "earlier", COUNTY, text=page.context["text"], confirmed="1")
        self.assertEqual(EarlierTotal.objects.get().month, Month(2025, 10))
        page = self.get(self.zhao, "earlier", COUNTY, month="2025-10")
        self.assertContains(page, 'value="7"')
        page = self.post(self.zhao, "earlier", COUNTY, month="2025-10")
        self.post(self.zhao, "earlier", COUNTY, text=page.context["text"], confirmed="1")
        self.assertFalse(EarlierTotal.objects.exists())

    def test_after_the_seal_it_is_only_read(self):
        self.file_all(SEPTEMBER)
        actions.lock(self.county, SEPTEMBER, by=self.zhao)
        page = self.get(self.zhao, "earlier", COUNTY)
        self.assertContains(page, "does not change any more")
        self.assertNotContains(page, "<textarea")

    def test_only_the_county(self):
        for officer in (self.li, self.wang, self.leader, self.admin):
            self.assertEqual(self.get(officer, "earlier", COUNTY).status_code, 404)
        self.assertEqual(self.get(self.zhao, "earlier", "630123").status_code, 404)

    def test_queries_do_not_grow(self):
        few = self.queries(self.zhao, "earlier", COUNTY)
        earlier.keep(self.county, TABLE, by=self.zhao)
        self.assertEqual(self.queries(self.zhao, "earlier", COUNTY), few)
