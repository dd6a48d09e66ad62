"""The error workbook: the office's own file, mended where it was written, and brought in again."""

from django.utils import translation
from openpyxl import load_workbook

from tests.cast import COUNTY, HOME
from tests.workers.sheets.desk import id_number
from tests.workers.sheets.test_committing import Committed
from workers.models import Batch, Worker
from workers.sheets import marking, storing

HEADINGS = ["村", "姓名", "身份证号", "民族", "务工开始年月", "务工地点"]
ANNA, BEN, CLARA = id_number(), id_number("19850101", "003"), id_number("19900505", "004")


class Marked(Committed):
    def setUp(self):
        super().setUp()
        rows = [
            [HOME, "马秀兰", ANNA, "回族", "2026-03-01", "广东省深圳市"],
            [HOME, "马一", BEN, "火星", "2026-03-01", "广东省深圳市"],
            [HOME, "马三", CLARA[:-2], "", "2026-03-01", "东管"],
        ]
        self.first, self.counts = self.committed("ledger", HEADINGS, rows)
        self.path = storing.folder() / "mended.xlsx"

    def test_cells_and_advice(self):
        marking.write(self.first, self.path)
        sheet = load_workbook(self.path).active
        self.assertEqual([sheet.cell(1, 7).value, sheet.cell(2, 7).value], ["How to mend", None])
        self.assertIn("火星", sheet.cell(3, 4).comment.text)
        self.assertIn("Choose what is meant", sheet.cell(3, 7).value)
        self.assertEqual(sheet.cell(3, 4).fill.fgColor.rgb[2:], "FDE2DF")
        self.assertTrue(sheet.cell(4, 3).comment and sheet.cell(4, 6).comment)
        self.assertIsNone(sheet.cell(2, 4).comment)

    def test_in_chinese(self):
        with translation.override("zh-hans"):
            marking.write(self.first, self.path)
        self.assertTrue(load_workbook(self.path).active.cell(1, 7).value)

    def test_mended_and_brought_in_again(self):
        self.assertEqual(self.counts["workers"], 1)
        marking.write(self.first, self.path)
        book = load_workbook(self.path)
        sheet = book.active
        sheet["D3"], sheet["C4"], sheet["F4"] = "汉族", CLARA, "广东省东莞市"
        again = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
        batch, counts = self.committed("ledger", [cell.value for cell in sheet[1]], again, place=COUNTY)
        self.assertEqual(counts, {"rows": 2, "workers": 2, "departures": 2})
        self.assertEqual(batch.counts["verdicts"], {"same": 1, "new": 2})
        self.assertEqual((Worker.objects.count(), Batch.objects.count()), (3, 2))
