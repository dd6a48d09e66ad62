"""A workbook filled: the figures of the totals, an empty cell for silence, and nothing by half."""

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from unittest import skipUnless

from django.test import override_settings
from django.utils import translation

from laborreg.refusals import Refusal
from reports import actions, comparing, derived, totals
from reports.blanks import keeping
from reports.blanks.bindings import NotFit
from reports.blanks.filling import fill
from reports.blanks.values import Values
from reports.models import FiledLine, Target
from reports.seed import blanks as demo
from tests.cast import COUNTY, FAR, HOME
from tests.laborreg.sheets.office_book import parts_of, repacked
from tests.reports.blanks import office_files
from tests.reports.blanks.desk import BlankCase, book, opened
from tests.reports.test_actions import OCTOBER, SEPTEMBER
from villages.models import Township, Village
from workers.ledger import KEYS

# Where nobody installed it the test is left out; on CI it must be there.
OFFICE = shutil.which("soffice") or os.environ.get("CI")
ROW = {
    "A1": "{{area}} {{period}}", "A3": "{{row}}", "B3": "{{each township}}{{part.name}}", "C3": "{{away}}", "C4": "=SUM(C3:C3)",
}


class Filling(BlankCase):
    def filled(self, content, area=None, month=SEPTEMBER, clicked=()):
        done = fill(content, clicked, Values(area or self.county, month, by_name="赵敏"))
        return done, opened(done.package.content()).active

    def test_every_figure_ties_out_with_the_totals(self):
        cells = {f"A{row}": f"{{{{{key}}}}}" for row, key in enumerate(KEYS, 1)}
        done, sheet = self.filled(book(cells))
        figures = totals.totals(COUNTY, SEPTEMBER).figures
        self.assertGreater(figures["away"], 5)
        self.assertEqual([sheet[f"A{row}"].value for row in range(1, len(KEYS) + 1)], [figures[key] for key in KEYS])
        self.assertEqual((done.left_empty, done.cells), ([], len(KEYS)))

    def test_a_row_for_each_township_and_each_village_adds_up(self):
        _done, sheet = self.filled(book(ROW))
        self.assertEqual([sheet[f"B{row}"].value for row in (3, 4)], ["桥头镇", "城关镇"])
        self.assertEqual(sheet["C5"].value, totals.totals(COUNTY, SEPTEMBER).figures["away"])
        self.assertEqual(sheet["A1"].value, "大通回族土族自治县 2026年9月")
        _done, sheet = self.filled(book(ROW | {"B3": "{{每个村}}{{part.name}}"}), area=Township.objects.get(pk=HOME[:9]))
        self.assertEqual([sheet[f"B{row}"].value for row in (3, 4)], ["大煤洞村", "元树尔村"])
        self.assertEqual(sheet["C5"].value, totals.totals(HOME[:9], SEPTEMBER).figures["away"])

    def test_words_shares_money_and_changes(self):
        _done, sheet = self.filled(book({
            "A1": "{{income|10000}}", "A2": "{{income|10000|1}}", "A3": "全县{{income|10000}}万元，占{{degree_of_organization}}",
            "A4": "{{degree_of_organization}}", "A5": "{{degree_of_organization|0.01|1}}", "A6": "{{year}}-{{month}}",
            "A7": "{{villages_in}}", "A8": "{{filled_by}} {{date}} {{first_day}}–{{last_day}}", "A9": "{{left@this_year}}",
        }))
        figures = totals.totals(COUNTY, SEPTEMBER).figures
        share = derived.degree_of_organization(figures)
        wan = figures["income"] / 10_000
        self.assertEqual((sheet["A1"].value, sheet["A2"].value), (wan, round(wan, 1)))
        self.assertEqual(sheet["A3"].value, f"全县{wan:.2f}万元，占{share:.1%}")
        self.assertAlmostEqual(sheet["A4"].value, share)
        self.assertEqual(sheet["A5"].value, round(share * 100, 1))
        self.assertEqual([sheet[f"A{row}"].value for row in (6, 7, 9)], ["2026-9", 3, figures["left"]])
        self.assertEqual(sheet["A8"].value, "赵敏 2026年11月2日 2026年9月1日–2026年9月30日")

    def test_a_month_is_compared_as_on_the_totals_page(self):
        self.submit(OCTOBER)
        done, sheet = self.filled(book({"A1": "{{away@last_month}}", "A2": "{{away@change}}", "A3": "{{away@growth}}",
                                        "A4": "{{away@a_year_before}}", "A5": "{{away@change_on_year}}"}), month=OCTOBER)
        now = totals.totals(COUNTY, OCTOBER).figures["away"]
        alike = comparing.same_villages(COUNTY, OCTOBER, at=6)[SEPTEMBER, COUNTY]["away"]
        self.assertEqual(sheet["A1"].value, alike)
        self.assertEqual(sheet["A2"].value, now - alike)
        self.assertAlmostEqual(sheet["A3"].value, (now - alike) / alike)
        self.assertEqual([each.cell for each in done.left_empty], ["A4", "A5"])

    def test_while_villages_are_missing_every_key_of_last_month_counts_the_same_villages(self):
        """All who were away in September are of the busy village, which is not in for October yet."""
        self.submit(OCTOBER, FAR, self.sun)
        _done, sheet = self.filled(book({
            "A1": "{{away@last_month}}", "A2": "{{persons state=away@last_month}}", "A3": "{{degree_of_organization@last_month}}",
            "A4": "{{away@change}}", "A5": "{{each township}}{{away@last_month}}", "B5": "{{persons state=away@last_month}}",
        }), month=OCTOBER)
        self.assertGreater(totals.totals(COUNTY, SEPTEMBER).figures["away"], 5)
        self.assertEqual([sheet[f"A{row}"].value for row in (1, 2, 3, 4)], [0, 0, None, 0])
        self.assertEqual([sheet[f"{at}5"].value for at in "AB"], [None, None])
        self.assertEqual([sheet[f"{at}6"].value for at in "AB"], [0, 0])

    def test_a_paper_says_whether_its_figures_are_sealed(self):
        status = book({"A1": "{{status}}"})
        with translation.override("zh-hans"):
            self.assertEqual(self.filled(status)[1]["A1"].value, "快报")
        actions.lock(self.county, SEPTEMBER, by=self.zhao)
        with translation.override("zh-hans"):
            self.assertEqual(self.filled(status)[1]["A1"].value, "已封存")

    def test_silence_is_an_empty_cell_and_an_area_of_which_nothing_is_in_is_refused(self):
        self.submit(OCTOBER)
        done, sheet = self.filled(book(ROW), month=OCTOBER)
        self.assertEqual((sheet["B4"].value, sheet["C4"].value), ("城关镇", None))
        self.assertEqual([(each.sheet, each.cell) for each in done.left_empty], [("表", "C4")])
        with self.assertRaisesMessage(Refusal, "Nothing of"):
            self.filled(book(ROW), area=Village.objects.get(pk=FAR), month=OCTOBER)
        with self.assertRaisesMessage(Refusal, "has no townships"):
            self.filled(book(ROW), area=Village.objects.get(pk=HOME))

    def test_counts_of_some_people_are_those_of_the_lines(self):
        _done, sheet = self.filled(book({
            "A1": "{{away province=63}}", "A3": "{{each township}}{{away region=other_province}}",
            "A4": "{{persons state=away,local}}",
        }))
        lines = FiledLine.objects.filter(version__ret__month=SEPTEMBER)
        near = [line.persons for line in lines if line.state == "away" and line.destination[:2] == "63"]
        self.assertEqual(sheet["A1"].value, sum(near))
        away = totals.totals(HOME[:9], SEPTEMBER).figures["away.other_province"]
        self.assertEqual([sheet["A3"].value, sheet["A4"].value], [away, 0])
        self.assertEqual(sheet["A5"].value, sum(line.persons for line in lines if line.state in ("away", "local")))

    def test_what_cannot_be_filled_is_named_with_its_cell(self):
        for cells, sentence in (
            ({"B7": "{{awai}}"}, "表 B7: There is no key “awai”. Did you mean {{away}}"),
            ({"B7": '="{{away}}"&A1'}, "表 B7: A key stands inside a formula"),
            ({"A1": "{{part.name}}"}, "belongs into a repeated row"),
            ({"A1": "{{each township}}{{away}}", "A2": "{{each village}}{{away}}"}, "more than one mark"),
            ({"A1": "{{each township}}"}, "nothing in it is bound"),
        ):
            with self.assertRaises(NotFit) as refused:
                self.filled(book(cells))
            self.assertIn(sentence, str(refused.exception))
        with self.assertRaisesMessage(Refusal, "Nothing in this workbook is bound"):
            self.filled(book({"A1": "表"}))
        with self.assertRaisesMessage(NotFit, "lies under a merged one"):
            self.filled(book({}, change=lambda sheet: sheet.merge_cells("A1:B2")), clicked=[("表", "B2", "away", "")])
        with self.assertRaisesMessage(NotFit, "bound twice"):
            self.filled(book({"A1": "{{away}}"}), clicked=[("表", "A1", "left", "")])
        header = book({"A1": "{{away}}"}, change=lambda sheet: setattr(sheet.oddHeader.center, "text", "{{area}}"))
        with self.assertRaisesMessage(NotFit, "header or footer"):
            self.filled(header)

    def test_a_name_that_looks_like_a_formula_is_a_text(self):
        Township.objects.filter(pk=HOME[:9]).update(name='=HYPERLINK("http://x")')
        done, _sheet = self.filled(book(ROW))
        sheet = opened(done.package.content(), values=False).active
        self.assertEqual((sheet["B3"].value, sheet["B3"].data_type), ('=HYPERLINK("http://x")', "s"))


def looks_of(cell) -> list[str]:
    return list(map(repr, (cell.font, cell.fill, cell.border, cell.alignment, cell.number_format)))


class OfTheProvince(BlankCase):
    """The two layouts in reports/data."""

    def content(self, name):
        return (demo.FOLDER / name).read_bytes()

    def test_they_are_as_they_are_made(self):
        self.assertEqual(parts_of(office_files.employment()), parts_of(self.content(office_files.EMPLOYMENT)))
        self.assertEqual(parts_of(office_files.three_targets()), parts_of(self.content(office_files.TARGETS)))

    @skipUnless(OFFICE, "LibreOffice is missing: apt install libreoffice-calc")
    def test_filled_looks_as_before_and_opens_in_an_office_program(self):
        before = opened(self.content(office_files.EMPLOYMENT), values=False).worksheets[0]
        done = fill(self.content(office_files.EMPLOYMENT), [], Values(self.county, SEPTEMBER, by_name="赵敏"))
        content = done.package.content()
        after = opened(content).worksheets[0]
        figures = totals.totals(COUNTY, SEPTEMBER).figures
        regions = ["", ".township", ".county", ".prefecture", ".province", ".other_province", ".abroad"]
        self.assertEqual([after.cell(8, 3 + n).value for n in range(7)], [figures[f"transferred{region}"] for region in regions])
        self.assertEqual(sum(after.cell(row, 3).value for row in (6, 7)), figures["transferred"])
        for row, source in ((1, 1), (5, 5), (6, 6), (7, 6), (8, 7)):
            for column in range(1, 27):
                old, new = before.cell(source, column), after.cell(row, column)
                self.assertEqual(looks_of(old), looks_of(new))
        self.assertEqual([after.column_dimensions[c].width for c in "ABC"], [before.column_dimensions[c].width for c in "ABC"])
        self.assertEqual(self.by_libreoffice(content)[7].split(",")[2], str(figures["transferred"]))
        came, went = parts_of(self.content(office_files.EMPLOYMENT)), parts_of(content)
        for name in ("styles.xml", "theme/theme1.xml", "media/image1.png", "worksheets/sheet2.xml", "sharedStrings.xml"):
            self.assertEqual(went[f"xl/{name}"], came[f"xl/{name}"], name)

    def by_libreoffice(self, content) -> list[str]:
        """The first sheet as another program calculates it, with every saved value thrown away beforehand."""
        content = repacked(content, {"xl/worksheets/sheet1.xml": lambda text: re.sub(rb"(</f>)<v>[^<]*</v>", rb"\1", text)})
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "book.xlsx"
            path.write_bytes(content)
            subprocess.run(
                ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "csv",
                 "--outdir", folder, str(path)], check=True, capture_output=True, timeout=120,
            )
            return (Path(folder) / "book.csv").read_text().splitlines()

    def test_targets_their_done_and_the_rate(self):
        Target.objects.create(county=self.county, area_code=COUNTY, year=2026, kind="transfers", amount=50, set_by=self.zhao,
                              set_at="2026-01-05T00:00Z")
        sheet = opened(fill(
            self.content(office_files.TARGETS), [], Values(self.county, SEPTEMBER, by_name="")).package.content()).active
        done = totals.totals(COUNTY, SEPTEMBER).figures["transferred"]
        self.assertEqual([sheet[f"{c}7"].value for c in "CDE"], [50, done, done / 50])
        self.assertEqual([sheet["C5"].value, sheet["E5"].value], [None, None])

    @override_settings(LANGUAGE_CODE="en")
    def test_the_demo_has_both(self):
        demo.upload(self.county, by=self.zhao)
        self.assertEqual([each.name for each in self.county.blanks.order_by("pk")], [name for name, _file, _note in demo.BLANKS])
        for blank in self.county.blanks.all():
            self.assertGreater(len(keeping.bindings_of(blank.newest).bound), 8)
