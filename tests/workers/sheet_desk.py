"""What the tests of sheets share: files made on the spot, a data folder of their own, and a way through the pages."""

import csv
import io
import tempfile
from pathlib import Path
from unittest import mock

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from tests.workers.pages import Pages
from workers.models import Batch

HEADINGS = ["姓名", "身份证号", "民族", "务工地点", "外出时间", "联系电话"]


def xlsx(rows, *, name="名册.xlsx", before=(), hidden=()) -> SimpleUploadedFile:
    book = Workbook()
    sheet = book.active
    for row in [*before, *rows]:
        sheet.append(row)
    for title in hidden:
        book.create_sheet(title).sheet_state = "hidden"
    content = io.BytesIO()
    book.save(content)
    return SimpleUploadedFile(name, content.getvalue())


def text_file(rows, name="名册.csv") -> SimpleUploadedFile:
    content = io.StringIO()
    csv.writer(content).writerows(rows)
    return SimpleUploadedFile(name, content.getvalue().encode("utf-8-sig"))


class SheetPages(Pages):
    """Files lie in a folder that goes with the test."""

    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.data = Path(folder.name)
        elsewhere = mock.patch.object(settings, "DATA_DIR", self.data)
        elsewhere.start()
        self.addCleanup(elsewhere.stop)

    def upload(self, file, kind="ledger", follow=True, **more):
        place = more.pop("place", self.client_officer.posts[0])
        return self.client.post("/people/sheets/new/", {"kind": kind, "file": file, "place": place, **more}, follow=follow)

    def sign_in(self, officer):
        super().sign_in(officer)
        self.client_officer = officer

    def staged(self, rows, kind="ledger", **more) -> Batch:
        """A file sent, matched as it was proposed, and read."""
        page = self.upload(xlsx(rows), kind, **more)
        shown = page.context["shown"]
        data = {f"c{match.place}": match.name for match in shown.matches} | {
            "sheet": shown.sheet.name, "header": shown.header.last_row, "matched": "1",
        }
        self.client.post(page.redirect_chain[-1][0], data)
        return Batch.objects.latest("pk")
