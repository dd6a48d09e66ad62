"""What the tests of the blanks share: three villages with September filed, and workbooks of a line or two."""

import re
from io import BytesIO

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile

from reports.blanks import keeping
from tests.laborreg.sheets.office_book import repacked
from tests.reports.month_pages import PageCase
from tests.reports.pages import busy_village
from tests.reports.test_actions import SEPTEMBER


class BlankCase(PageCase):
    """September is filed by all three villages, one of them busy."""

    def build(self):
        super().build()
        busy_village()
        self.file_all(SEPTEMBER)

    def upload(self, content, name="就业统计表"):
        return keeping.upload(self.county, by=self.zhao, name=name, file=file(content))


def file(content, name="空白.xlsx"):
    return SimpleUploadedFile(name, content)


def book(cells, *, sheet="表", change=None) -> bytes:
    """A workbook of one sheet with some cells."""
    made = openpyxl.Workbook()
    made.active.title = sheet
    for at, value in cells.items():
        made.active[at] = value
    if change:
        change(made.active)
    buffer = BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def of_charts_alone() -> bytes:
    """A workbook whose sheet of cells was taken off its list."""
    made = openpyxl.Workbook()
    made.active.title = "数"
    made.create_chartsheet("图").add_chart(openpyxl.chart.BarChart())
    buffer = BytesIO()
    made.save(buffer)
    listed = re.compile('<sheet [^>]*name="数"[^>]*/>'.encode())
    return repacked(buffer.getvalue(), {"xl/workbook.xml": lambda text: listed.sub(b"", text)})


def opened(content, *, values=True):
    return openpyxl.load_workbook(BytesIO(content), data_only=values)
