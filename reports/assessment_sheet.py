"""The assessment as a workbook: the integers as numbers, points, scores and ranks as formulas over them."""

from io import BytesIO

import xlsxwriter
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override
from xlsxwriter.utility import xl_col_to_name

from laborreg import clock
from laborreg.sheets.writing import AS_TYPED
from reports.assessment import BACKED, COMPONENTS, Assessed, Score
from reports.models import INCOME

FIRST_ROW = 5
# No., township, away, without a name; then three columns a component: part, whole, points.
BEFORE = 4


def title_of(county, year: int) -> str:
    return _("%(county)s: assessment of townships %(year)d") % {"county": county.label, "year": year}


def workbook(county, month, rows: list[Assessed], *, language: str) -> bytes:
    with override(language):
        buffer = BytesIO()
        book = xlsxwriter.Workbook(buffer, {"in_memory": True} | AS_TYPED)
        book.set_properties({"title": title_of(county, month.year), "company": county.name})
        Sheet(book, county, month, rows, "宋体" if language.startswith("zh") else "Arial").write()
        book.close()
        return buffer.getvalue()


class Sheet:
    """One sheet being written."""

    def __init__(self, book, county, month, rows, font):
        self.book, self.county, self.month, self.rows, self.font = book, county, month, rows, font
        self.sheet, self.styles = book.add_worksheet(str(month)), {}
        self.last = BEFORE + 3 * len(COMPONENTS) + 1

    def style(self, **more):
        key = tuple(sorted(more.items()))
        if key not in self.styles:
            self.styles[key] = self.book.add_format({"font_name": self.font, "font_size": 9, "valign": "vcenter"} | more)
        return self.styles[key]

    def write(self):
        sheet = self.sheet
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(2, FIRST_ROW - 1)
        sheet.freeze_panes(FIRST_ROW, 2)
        sheet.set_column(0, 0, 4)
        sheet.set_column(1, 1, 14)
        sheet.set_column(2, self.last, 8)
        self._write_head()
        for place, row in enumerate(self.rows, FIRST_ROW):
            self._write_row(place, row)
        self._write_foot(FIRST_ROW + len(self.rows))

    def _write_head(self):
        sheet, head = self.sheet, self.style(bold=True, align="center", text_wrap=True, border=1, bg_color="#EEF4FC")
        sheet.set_row(0, 28)
        sheet.set_row(2, 40)
        sheet.merge_range(0, 0, 0, self.last, title_of(self.county, self.month.year),
                          self.style(bold=True, font_size=16, align="center"))
        sheet.merge_range(1, 0, 1, self.last, _("Up to %(month)s. Income in yuan.") % {"month": self.month.label}, self.style())
        for place, label in enumerate([_("No."), _("Township"), _("Away"), _("of these without a name")]):
            sheet.merge_range(2, place, 4, place, label, head)
        for number, component in enumerate(COMPONENTS):
            at = BEFORE + 3 * number
            sheet.merge_range(2, at, 2, at + 2, str(component.label), head)
            for place, label in enumerate((_("Part"), _("Whole"), _("Points"))):
                sheet.write_string(3, at + place, label, head)
            sheet.merge_range(4, at, 4, at + 1, _("Weight"), head)
            sheet.write_number(4, at + 2, self.rows[0].scores[number].weight if self.rows else component.weight, head)
        for place, label in ((self.last - 1, _("Score")), (self.last, _("Rank"))):
            sheet.merge_range(2, place, 4, place, label, head)

    def _write_row(self, place, row: Assessed):
        sheet, cell = self.sheet, self.style(border=1)
        sheet.write_number(place, 0, place - FIRST_ROW + 1, cell)
        sheet.write_string(place, 1, row.township.label, cell)
        for at, value in ((2, row.away), (3, row.unnamed)):
            self._write_number(place, at, value, "#,##0")
        for number, score in enumerate(row.scores):
            self._write_score(place, BEFORE + 3 * number, score)
        points = [f"{xl_col_to_name(BEFORE + 3 * n + 2)}{place + 1}" for n in range(len(COMPONENTS))]
        weights = [f'IF({cell}="",0,{xl_col_to_name(BEFORE + 3 * n + 2)}$5)' for n, cell in enumerate(points)]
        total = None if row.total is None else float(row.total)
        formula = f"=ROUND(SUM({','.join(points)})*100/({'+'.join(weights)}),2)"
        self._write_formula(place, self.last - 1, formula, total, "0" if row.hides_small else "0.00")
        scores = xl_col_to_name(self.last - 1)
        span = f"{scores}${FIRST_ROW + 1}:{scores}${FIRST_ROW + len(self.rows)}"
        self._write_formula(place, self.last, f"=RANK({scores}{place + 1},{span})", row.rank, "0")

    def _write_number(self, place, at, value, form):
        if isinstance(value, int):
            self.sheet.write_number(place, at, value, self.style(border=1, num_format=form))
        else:
            self.sheet.write_string(place, at, value or "–", self.style(border=1, align="right"))

    def _write_formula(self, place, at, formula, value, form):
        if value is None:
            self.sheet.write_string(place, at, "–" if at >= self.last - 1 else "", self.style(border=1))
        elif self.rows[0].hides_small:
            self.sheet.write_number(place, at, value, self.style(border=1, num_format=form, bold=at >= self.last - 1))
        else:
            self.sheet.write_formula(place, at, formula, self.style(border=1, num_format=form, bold=at >= self.last - 1), value)

    def _write_score(self, place, at, score: Score):
        measure, key = score.measure, score.component.key
        form = "#,##0.00" if key == INCOME else "#,##0"
        self._write_number(place, at, measure.mark or measure.part, form)
        self._write_number(place, at + 1, measure.whole_mark or measure.whole, form)
        part, whole, weight = (f"{xl_col_to_name(at + n)}{row}" for n, row in ((0, place + 1), (1, place + 1), (2, "$5")))
        share = f"MIN(1,{part}/{whole})"
        if score.component.is_fault:
            share = f"MAX(0,1-{part}/{whole})"
        if key in BACKED and measure.named != (1, 1):
            share += f"*(C{place + 1}-D{place + 1})/C{place + 1}"
        points = None if score.points is None else float(score.points)
        self._write_formula(place, at + 2, f"=ROUND({weight}*{share},2)", points, "0.00")

    def _write_foot(self, place):
        small = self.style(text_wrap=True, valign="top", font_size=8)
        for component in COMPONENTS:
            text = f"{component.label}: {component.rule}"
            self.sheet.merge_range(place, 0, place, self.last, text, small)
            place += 1
        signatures = "        ".join([
            _("Filled in by:"), _("Checked by:"), _("Head of the unit:"),
            _("Reported on: %(day)s") % {"day": date_format(clock.today())},
        ])
        self.sheet.set_row(place, 26)
        self.sheet.merge_range(place, 0, place, self.last, signatures, self.style())
