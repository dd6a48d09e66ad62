"""Every file that is given out, of a county whose every text begins like a formula: no cell is one, no header splits.

Each address of the matrix that answers with a file is asked for; workbooks are read cell by cell, texts line by line.
"""

import csv
import io
import re
import zipfile

from django.test import SimpleTestCase
from lxml import etree

from laborreg.downloads import download
from laborreg.sheets.writing import write_csv
from reports.models import BlankVersion, SavedTable
from tests import cast
from tests.matrix.addresses import ADDRESSES
from tests.matrix.overwriting import overwrite
from tests.matrix.walker import Walk
from villages.models import Village
from workers.models import Roster, Worker

FORMULA = "=1+HYPERLINK(A1)&"
BEGINNINGS = ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1+1", "\r=1+1", "＝1+1", "＋1", "－1", "＠x", "=cmd|' /C calc'!A0"]
# A number, a mark for nothing, and a long number that stays text.
NUMBER = re.compile(r"-?[\d.,]+$|-{1,3}$|=\"\d+[\dXx]?\"$")
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


class Files(Walk):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        overwrite(FORMULA, keep={Roster, BlankVersion, SavedTable})

    def files(self):
        """(address, file's name, content) of everything that is given as a file, by GET or by its form in order."""
        for name, address in ADDRESSES.items():
            if not re.search("export|file|workbook|template|marked|word|fill|scan$|roster", name):
                continue
            place = self.world.places[address.place]
            for data in [None, *([self.data(name)] if address.post else [])]:
                with self.undone(address.by):
                    if address.prepare:
                        address.prepare(self.world)
                    answer = self.ask(address.by, self.url(name, place, address.by), data)
                    if answer.get("Content-Disposition"):
                        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
                        yield name, answer["Content-Disposition"], body

    def test_no_cell_is_a_formula_that_somebody_typed(self):
        read, texts = set(), 0
        for name, disposition, body in self.files():
            with self.subTest(name):
                self.assertNotRegex(disposition, r"[\r\n\x00]")
                if body.startswith(b"PK"):
                    self.holds_no_formula(body)
                elif "csv" in disposition:
                    texts += self.holds_no_cell_that_runs(body.decode("utf-8-sig"))
            read.add(name)
        self.assertLessEqual({
            "workbook", "table_export", "roster_file", "sheet_template", "assessment_export", "brief_word", "blank_file",
            "training_export", "ranking_export", "scan",
        }, read)
        self.assertGreater(texts, 0)

    def holds_no_formula(self, body):
        """Formulas are ours alone: sums over cells. No relation leads out of the file, and nothing is linked."""
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            for part in book.namelist():
                content = book.read(part)
                if part.endswith(".rels"):
                    self.assertNotIn(b'TargetMode="External"', content, part)
                elif part.startswith("xl/worksheets/") and part.endswith(".xml"):
                    for formula in etree.fromstring(content).iter(f"{SHEET}f"):
                        self.assertNotIn("HYPERLINK", formula.text or "", part)
                        self.assertRegex(formula.text or "", r"^(SUM|SUBTOTAL|IF|RANK|ROUND|COUNT|IFERROR|\(|[A-Z]+\d|$)")

    def holds_no_cell_that_runs(self, text) -> int:
        cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
        running = [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r")) and not NUMBER.match(cell)]
        self.assertEqual(running, [])
        return len(cells)

    def test_a_file_of_a_place_of_any_name_keeps_one_header(self):
        Village.objects.filter(pk=cast.HOME).update(name='大"煤\r\nSet-Cookie: x=1; filename="a.exe' + "洞" * 20)
        Worker.objects.filter(village_id=cast.HOME).update(name="a\r\nb")
        given = 0
        for name, disposition, _body in self.files():
            with self.subTest(name):
                self.assertNotRegex(disposition, r"[\r\n]")
                self.assertTrue(disposition.startswith("attachment;"))
                given += 1
        self.assertGreater(given, 8)


class Names(SimpleTestCase):
    def test_a_name_of_any_signs(self):
        for name in ('a"b\r\nX: y.xlsx', "桥头镇·名册.xlsx", "../../passwd", "长" * 255 + ".xlsx", "a;b=c'.csv", "\u202ex.exe"):
            with self.subTest(name):
                said = download(b"", name)["Content-Disposition"]
                self.assertNotRegex(said, r"[\r\n/\\]")
                self.assertTrue(said.startswith("attachment"))
                self.assertNotIn("\u202e", said)


def test_every_beginning_is_guarded(tmp_path):
    write_csv(tmp_path / "a.csv", [("名", "text", 10)], [(said,) for said in BEGINNINGS])
    with open(tmp_path / "a.csv", encoding="utf-8-sig", newline="") as file:
        cells = [row[0] for row in csv.reader(file)][1:]
    assert cells == [f"'{said}" for said in BEGINNINGS]
