"""The county's workbook: real rows, live sums with cached values, no ID number, opened by an office suite."""

import csv
import os
import shutil
import subprocess
from datetime import date
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from openpyxl import load_workbook

from laborreg import clock
from reports import actions, totals
from reports.workbook import workbook
from reports.workbook.columns import COLUMNS
from reports.workbook.sheet import FIRST_ROW
from tests.cast import COUNTY, FAR, HOME, ID_NUMBER, transfer, worker
from tests.reports.test_actions import SEPTEMBER, MonthCase
from workers.models import UnnamedGroup


class Workbook(MonthCase):
    def build(self):
        super().build()
        for village, pay in ((HOME, 3001), (HOME, 4007), (FAR, 5003)):
            transfer(worker(village=village), date(2026, 9, 4), pay=pay, channel="own")
        self.file_all(SEPTEMBER)
        actions.lock(self.county, SEPTEMBER, by=self.zhao)
        self.bytes = workbook(self.county, SEPTEMBER, language="zh-hans")

    def sheet(self, data_only):
        return load_workbook(BytesIO(self.bytes), data_only=data_only).active

    def column(self, key):
        """The sheet column whose value is a figure as it stands."""
        figures = dict.fromkeys(totals.KEYS, 0) | {key: 1}
        row = type("Row", (), {"figures": figures, "a_year_before": 0, "income_per_person": 0, "change_on_the_year": 0})
        plain = [i for i, c in enumerate(COLUMNS) if not c.formula and c.value(row)]
        return plain[0] + 3

    def test_the_total_row_is_live_sums_whose_cached_values_are_the_totals(self):
        formulas, values = self.sheet(False), self.sheet(True)
        total = FIRST_ROW + 1 + 2
        expected = totals.totals(COUNTY, SEPTEMBER).figures
        for key in ("away", "left", "trips", "away.other_province", "trips.self", "away.female"):
            at = self.column(key)
            self.assertTrue(formulas.cell(total, at).value.startswith("=SUM("), key)
            self.assertEqual(values.cell(total, at).value, expected[key], key)
            self.assertEqual(sum(values.cell(r, at).value for r in range(FIRST_ROW + 1, total)), expected[key])

    def test_money_is_unrounded_and_ties_out_in_yuan(self):
        values, total = self.sheet(True), FIRST_ROW + 1 + 2
        for key in ("income_month", "income"):
            cell = values.cell(total, self.column(key))
            self.assertEqual(round(cell.value * 10_000), totals.totals(COUNTY, SEPTEMBER).figures[key])
            self.assertEqual(cell.number_format, "#,##0.00")

    def test_the_page_is_a4_landscape_with_title_period_and_signatures(self):
        sheet = self.sheet(True)
        self.assertEqual((sheet.page_setup.orientation, sheet.page_setup.paperSize), ("landscape", 9))
        text = "\n".join(str(c.value) for row in sheet.iter_rows() for c in row if c.value)
        self.assertIn("大通回族土族自治县", text)
        self.assertIn("2026年9月", text)
        self.assertIn("9月1日", text)
        self.assertIn("9月30日", text)

    def test_there_is_no_id_number_in_it(self):
        sheet = self.sheet(True)
        text = " ".join(str(c.value) for row in sheet.iter_rows() for c in row if c.value is not None)
        self.assertNotRegex(text, ID_NUMBER)

    def test_english_has_the_same_numbers(self):
        english = load_workbook(BytesIO(workbook(self.county, SEPTEMBER, language="en")), data_only=True).active
        chinese = self.sheet(True)
        for row in range(FIRST_ROW + 1, FIRST_ROW + 4):
            for at in range(3, len(COLUMNS) + 3):
                self.assertEqual(english.cell(row, at).value, chinese.cell(row, at).value)
        self.assertIn("Datong", english.cell(1, 1).value)

    def test_a_sheet_of_villages_adds_up_to_the_same_total(self):
        formulas, values = (load_workbook(BytesIO(self.bytes), data_only=way)["各村"] for way in (False, True))
        names = [values.cell(row, 2).value for row in range(1, values.max_row + 1)]
        total = names.index("合计") + 1
        villages = [name for name in names if name and len(name) > 1 and name.endswith("村")]
        self.assertEqual(len(villages), 3)
        expected = totals.totals(COUNTY, SEPTEMBER).figures
        for key in ("away", "left", "trips", "away.other_province"):
            at = self.column(key)
            self.assertTrue(formulas.cell(total, at).value.startswith("=SUM("), key)
            self.assertEqual(values.cell(total, at).value, expected[key], key)
            rows = (values.cell(row, at).value for row in range(FIRST_ROW + 1, total))
            self.assertEqual(sum(number for number in rows if isinstance(number, int)), expected[key], key)

    def test_a_sheet_says_which_villages_have_names_missing_or_late_records(self):
        actions.reopen([self.ret()], by=self.zhao, reason="漏报")
        UnnamedGroup.objects.create(
            county_id=COUNTY, village_id=HOME, persons=4, started_on=date(2026, 9, 20), destination="4403",
            created_at=clock.now(), created_by=self.li,
        ).registrations.create(county_id=COUNTY, village_id=HOME)
        actions.submit([self.ret()], by=self.li, explanations=actions.AS_IN_THE_LEDGER)
        actions.approve([self.ret()], by=self.wang)
        actions.lock(self.county, SEPTEMBER, by=self.zhao)
        sheet = load_workbook(BytesIO(workbook(self.county, SEPTEMBER, language="en")), data_only=True)["Late and unnamed"]
        rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4)]
        self.assertEqual([row[3:5] for row in rows], [[6, 4], [6, 4]])
        self.assertAlmostEqual(rows[0][5], 1 / 3)

    def test_who_is_not_in_stands_below_and_its_row_is_no_zero(self):
        october = SEPTEMBER.next
        sheet = load_workbook(BytesIO(workbook(self.county, october, language="en")), data_only=True).active
        text = "\n".join(str(c.value) for row in sheet.iter_rows() for c in row if c.value)
        self.assertIn("Provisional", text)
        self.assertIn("Not in:", text)
        self.assertEqual(sheet.cell(FIRST_ROW + 1, 3).value, "–")

    def test_libreoffice_recalculates_it_to_the_same_total(self):
        if not shutil.which("libreoffice") and not os.environ.get("CI"):
            self.skipTest("LibreOffice is not installed")
        with TemporaryDirectory() as folder:
            path = Path(folder) / "month.xlsx"
            path.write_bytes(self.bytes)
            as_utf8 = "csv:Text - txt - csv (StarCalc):44,34,76,1"
            command = ["libreoffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to",
                       as_utf8, "--outdir", folder, str(path)]
            subprocess.run(command, check=True, capture_output=True, timeout=120)
            rows = list(csv.reader((Path(folder) / "month.csv").open(encoding="utf-8")))
        total = rows[FIRST_ROW + 2]
        self.assertEqual(total[3], str(totals.totals(COUNTY, SEPTEMBER).figures["away"]))
        self.assertFalse([cell for row in rows for cell in row if cell.startswith(("#", "Err:"))])
