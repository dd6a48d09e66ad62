"""Sheets of counts on the pages: from the empty workbook to the month, and back."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from laborreg.months import Month
from reports import actions as returns
from reports.models import MonthlyReturn
from tests import cast
from tests.workers.sheet_desk import SheetPages
from workers.models import Batch, StagedRow, UnnamedGroup

HEADINGS = ["村", "外出人数", "外出时间", "务工地点"]
GOOD, BAD = [cast.HOME, 12, "2026-10-05", "广东省深圳市"], [cast.HOME, "若干", "2026-10-05", "东管"]


class Counts(SheetPages):
    def setUp(self):
        super().setUp()
        self.sign_in(self.zhao)

    def page(self, batch, what=""):
        return f"/people/sheets/{batch.pk}/{what}"

    def filled_in(self, **cells):
        """The empty workbook of the page, with one row typed below its headings."""
        content = b"".join(self.client.get("/people/sheets/template/groups/").streaming_content)
        book = load_workbook(io.BytesIO(content))
        sheet = book.worksheets[0]
        headings = [str(cell.value).lstrip("*") for cell in sheet[1]]
        for heading, value in cells.items():
            sheet.cell(2, headings.index(heading) + 1, value)
        kept = io.BytesIO()
        book.save(kept)
        return SimpleUploadedFile("人数.xlsx", kept.getvalue())

    def read(self, file):
        address = self.upload(file, "groups").redirect_chain[-1][0]
        shown = self.client.get(address).context["shown"]
        self.assertEqual(shown.missing, [])
        data = {f"c{match.place}": match.name for match in shown.matches} | {
            "sheet": shown.sheet.name, "header": shown.header.last_row, "matched": "1",
        }
        self.client.post(address, data)
        return Batch.objects.latest("pk")

    def test_from_the_empty_workbook_to_the_month(self):
        returns.open_month(self.county, Month(2026, 10))
        row = {"Village": "大煤洞村", "Persons": 30, "Left on": "2026-10-05", "Destination": "广东省深圳市", "Age": "26–40"}
        batch = self.read(self.filled_in(**row))
        page = self.client.get(self.page(batch, "take/"))
        self.assertEqual(page.context["preview"].writes, [("New unnamed groups", 1), ("Unnamed persons", 30)])
        page = self.client.post(self.page(batch, "take/"), {"which": "good"}, follow=True)
        self.shows(page, "Written to the ledger", "New unnamed groups", "Unnamed persons", "/groups/")
        self.assertEqual((UnnamedGroup.objects.get().persons, UnnamedGroup.objects.get().age_band), (30, "26_40"))
        self.shows(self.client.get("/groups/"), "<b>30</b> of 30")
        returns.submit([MonthlyReturn.objects.get(village=cast.HOME)], by=self.li, explanations=returns.AS_IN_THE_LEDGER)
        figures = MonthlyReturn.objects.get(village=cast.HOME).newest.figures
        self.assertEqual([figures[key] for key in ("away", "left", "unnamed")], [30, 30, 30])

    def test_the_preview_names_village_and_persons(self):
        batch = self.staged([HEADINGS, GOOD, BAD], "groups")
        page = self.client.get(self.page(batch, "?show=new"))
        self.shows(page, "Village", "Persons", cast.HOME, "12", "Go on with 1 row")
        self.hides(page, "ID number</th>")
        page = self.client.get(self.page(batch))
        self.shows(page, "The number of persons cannot be right", "Row 3")

    def test_a_row_is_mended_cell_by_cell(self):
        batch = self.staged([HEADINGS, BAD], "groups")
        page = self.client.get(self.page(batch, "rows/2/"))
        self.shows(page, "“若干” is not a number of persons")
        typed = {f"cell-{cell['name']}": cell["text"] for cell in page.context["row"].cells}
        self.client.post(self.page(batch, "rows/2/"), typed | {"cell-persons": "9", "cell-destination": "深圳"})
        self.assertEqual(StagedRow.objects.get().verdict, "new")

    def test_a_doubt_is_answered_for_all_its_rows(self):
        first = self.staged([HEADINGS, GOOD], "groups")
        self.client.post(self.page(first, "take/"), {"which": "good"})
        batch = self.staged([HEADINGS, [GOOD[0], 15, *GOOD[2:]]], "groups")
        page = self.client.get(self.page(batch))
        self.shows(page, "The ledger has an unnamed group like this", "The ledger has a group like this: 12 persons.")
        [group] = page.context["preview"].groups
        self.shows(self.client.get(group["url"]), "It is another group", "Leave these rows out")
        data = {"problem": group["code"], "column": group["column"], "text": group["text"], "repair": "new"}
        self.shows(self.client.post(self.page(batch, "mend/"), data, follow=True), "1 row was checked again.")
        self.assertEqual(StagedRow.objects.get(batch=batch).verdict, "new")

    def test_undone_with_a_reason(self):
        batch = self.staged([HEADINGS, GOOD], "groups")
        self.client.post(self.page(batch, "take/"), {"which": "good"})
        self.shows(self.client.get(self.page(batch, "undo/")), "its unnamed groups are no longer counted")
        self.shows(self.client.post(self.page(batch, "undo/"), {"reason": "错的表"}, follow=True), "Undone")
        self.assertFalse(UnnamedGroup.objects.filter(voided_at__isnull=True).exists())

    def test_the_faults_come_back_marked(self):
        batch = self.staged([HEADINGS, GOOD, BAD], "groups")
        page = self.client.post(self.page(batch, "marked/"))
        sheet = load_workbook(io.BytesIO(b"".join(page.streaming_content))).active
        self.assertIn("Persons: “若干” is not a number", str([cell.value for cell in sheet[3]]))

    def test_li_brings_her_village_only(self):
        self.sign_in(self.li)
        batch = self.staged([HEADINGS, GOOD, [cast.NEXT_DOOR, *GOOD[1:]]], "groups")
        self.assertEqual(batch.counts["verdicts"], {"new": 1, "wrong": 1})
        self.sign_in(self.sun)
        self.assertEqual(self.client.get(self.page(batch)).status_code, 404)

    def test_no_roster_is_of_counts(self):
        page = self.client.get("/people/export/", {"kind": "groups"})
        self.assertEqual((page.context["kind"], "groups" in dict(page.context["kinds"])), ("ledger", False))
