"""The sheet of what is not backed by names and of what was recorded late, village by village; it names nobody."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from xlsxwriter.utility import xl_range, xl_rowcol_to_cell

from reports import derived, totals
from reports.workbook.columns import COUNT, MONEY, SHARE, TEN_THOUSAND
from reports.workbook.sheet import title_of
from villages.models import Village

FIRST_ROW = 3


@dataclass(frozen=True)
class LateColumn:
    heading: Any
    value: Any
    format: str = COUNT
    adds: bool = True


COLUMNS = [
    LateColumn(_l("Away at month's end"), lambda f: f["away"]),
    LateColumn(_l("Not yet named"), lambda f: f["unnamed"]),
    LateColumn(_l("Share backed by names"), lambda f: derived.names_behind(f) or 0, SHARE, adds=False),
    LateColumn(_l("Recorded late, away at the end of last month"), lambda f: f["late"]),
    LateColumn(_l("Left in earlier months"), lambda f: f["late.left"]),
    LateColumn(_l("Came home in earlier months"), lambda f: f["late.came_home"]),
    LateColumn(_l("Income of earlier months, 10,000 yuan"), lambda f: f["late.income"] / TEN_THOUSAND, MONEY),
]
# What makes a village stand on the sheet.
SHOWN = ("unnamed", "late", "late.left", "late.came_home", "late.income")


class LateSheet:
    """Columns A to C hold number, township and village."""

    def __init__(self, book, county, month):
        self.book, self.county, self.month = book, county, month
        self.sheet = book.add_worksheet(_("Late and unnamed"))
        self.last = len(COLUMNS) + 2

    def write(self):
        self._set_up_page()
        rows = self._rows()
        plain, number = self.book.add_format({"border": 1}), self.book.add_format({"border": 1, "align": "center"})
        formats = [self.book.add_format({"border": 1, "num_format": column.format}) for column in COLUMNS]
        for place, (village, figures) in enumerate(rows, FIRST_ROW):
            self.sheet.write_number(place, 0, place - FIRST_ROW + 1, number)
            self.sheet.write_string(place, 1, village.township.label, plain)
            self.sheet.write_string(place, 2, village.label, plain)
            for at, (column, cell) in enumerate(zip(COLUMNS, formats, strict=True), 3):
                self.sheet.write_number(place, at, column.value(figures), cell)
        self._write_total(FIRST_ROW + len(rows), totals.add(figures for _village, figures in rows))

    def _rows(self):
        sums = totals.sums_of_returns(self.county.code, self.month, at=12)
        villages = Village.objects.under(self.county.code).select_related("township").order_by("code")
        return [
            (village, sums[village.code]) for village in villages
            if village.code in sums and any(sums[village.code][key] for key in SHOWN)
        ]

    def _set_up_page(self):
        sheet, head = self.sheet, self.book.add_format({
            "bold": True, "align": "center", "valign": "vcenter", "text_wrap": True, "border": 1, "bg_color": "#EEF4FC",
        })
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(2, 2)
        sheet.set_footer("&C&P / &N")
        sheet.freeze_panes(FIRST_ROW, 3)
        sheet.set_column(0, 0, 5)
        sheet.set_column(1, 2, 24)
        sheet.set_column(3, self.last, 14)
        sheet.write_string(0, 0, title_of(self.county), self.book.add_format({"bold": True, "font_size": 14}))
        sheet.write_string(1, 0, _("%(month)s: villages with people who have no name yet, or with what was recorded late") % {
            "month": self.month.label,
        })
        sheet.set_row(2, 42)
        for at, heading in enumerate([_("No."), _("Township"), _("Village"), *(str(c.heading) for c in COLUMNS)]):
            sheet.write_string(2, at, heading, head)

    def _write_total(self, place, figures):
        bold = {"border": 1, "bold": True}
        self.sheet.merge_range(place, 0, place, 2, _("These villages together"), self.book.add_format(bold | {"align": "center"}))
        for at, column in enumerate(COLUMNS, 3):
            cell, value = self.book.add_format(bold | {"num_format": column.format}), column.value(figures)
            if column.adds and place > FIRST_ROW:
                self.sheet.write_formula(place, at, f"=SUM({xl_range(FIRST_ROW, at, place - 1, at)})", cell, value)
            elif not column.adds:
                away, unnamed = (xl_rowcol_to_cell(place, before) for before in (at - 2, at - 1))
                self.sheet.write_formula(place, at, f"=IF({away}=0,0,1-{unnamed}/{away})", cell, value)
            else:
                self.sheet.write_number(place, at, value, cell)
