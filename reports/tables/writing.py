"""A table as a file: a workbook with live sums, or text; with what it means below."""

from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import xlsxwriter
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from xlsxwriter.utility import xl_range

from laborreg import clock
from laborreg.sheets.writing import AS_TYPED, write_csv
from reports.tables.showing import Answer

HEAD = 3


def head_lines(answer: Answer, by) -> list[str]:
    """Title, place and time, who made it."""
    return [
        answer.title,
        _("%(area)s · %(day)s · unit: %(unit)s") % {
            "area": answer.area.label, "day": answer.standing.day, "unit": answer.measure.unit_label,
        },
        _("Made by %(name)s on %(day)s") % {"name": by.name, "day": date_format(clock.today())},
    ]


def csv(answer: Answer, by) -> bytes:
    """UTF-8 with its mark, as spreadsheets open it in Chinese."""
    names = [*answer.row_heads, *answer.column_names, *([answer.total_name] if answer.question.columns else [])]
    rows = [[*row.full, *(_plain(cell.value) for cell in _numbers(row))] for row in answer.rows]
    foot = [answer.total_name, *[""] * (answer.width - 1), *(_plain(cell.value) for cell in answer.foot)]
    notes = [[sentence] for sentence in answer.definitions]
    with TemporaryDirectory() as folder:
        path = Path(folder) / "table.csv"
        write_csv(path, [(name, "text", 12) for name in names], [*rows, foot, [], *notes], title_lines=head_lines(answer, by))
        return path.read_bytes()


def _numbers(row):
    return [*row.cells, *([row.total] if row.total else [])]


def _plain(value):
    return "" if value is None else value


def xlsx(answer: Answer, by) -> bytes:
    """Text is written as text whatever it begins with: nothing that somebody typed becomes a formula."""
    content = BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True} | AS_TYPED) as book:
        Sheet(book, answer).write(head_lines(answer, by))
    return content.getvalue()


class Sheet:
    """The one sheet of the workbook."""

    def __init__(self, book, answer: Answer):
        self.answer, self.sheet = answer, book.add_worksheet(_("Table")[:31])
        self.has_totals = bool(answer.question.columns)
        self.last = max(answer.width + len(answer.column_codes) - 1 + self.has_totals, 4)
        self.first_row = HEAD + len(answer.column_heads)
        self.total_row = self.first_row + len(answer.rows)
        is_chinese = (get_language() or "").startswith("zh")
        base = {"font_name": "宋体" if is_chinese else "Arial", "font_size": 10, "valign": "vcenter"}
        self.title = book.add_format(base | {"bold": True, "font_size": 16, "align": "center"})
        self.plain, self.note = book.add_format(base), book.add_format(base | {"text_wrap": True, "font_size": 9})
        self.head = book.add_format(base | {
            "bold": True, "border": 1, "align": "center", "text_wrap": True, "bg_color": "#EEF4FC",
        })
        self.text, self.strong = book.add_format(base | {"border": 1}), book.add_format(base | {"border": 1, "bold": True})
        number = {"border": 1, "num_format": "#,##0", "align": "right"}
        self.number, self.sum = book.add_format(base | number), book.add_format(base | number | {"bold": True})

    def write(self, lines: list[str]):
        self._set_up()
        for place, line in enumerate(lines):
            self.sheet.merge_range(place, 0, place, self.last, "", self.plain)
            self.sheet.write_string(place, 0, line, self.plain if place else self.title)
        self._write_heads()
        for n, row in enumerate(self.answer.rows):
            self._write_row(self.first_row + n, row)
        self._write_total()
        self._write_notes()

    def _set_up(self):
        sheet = self.sheet
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&C&P / &N")
        sheet.freeze_panes(self.first_row, self.answer.width)
        sheet.repeat_rows(HEAD, self.first_row - 1)
        sheet.set_row(0, 28)
        sheet.set_column(0, self.answer.width - 1, 24)
        sheet.set_column(self.answer.width, self.last, 12)

    def _write_heads(self):
        width, lines = self.answer.width, len(self.answer.column_heads)
        for n, label in enumerate(self.answer.row_heads):
            self._merge(HEAD, n, self.first_row - 1, n, label)
        for place, heads in enumerate(self.answer.column_heads):
            at = width
            for head in heads:
                self._merge(HEAD + place, at, HEAD + place, at + head.span - 1, head.label)
                at += head.span
        if self.has_totals:
            at = width + len(self.answer.column_codes)
            self._merge(HEAD, at, HEAD + lines - 1, at, self.answer.total_name)

    def _merge(self, top, left, bottom, right, label):
        if (top, left) != (bottom, right):
            self.sheet.merge_range(top, left, bottom, right, "", self.head)
        self.sheet.write_string(top, left, label, self.head)

    def _write_row(self, place, row):
        for n, label in enumerate(row.full):
            self.sheet.write_string(place, n, label, self.text)
        for n, cell in enumerate(row.cells):
            self._write_value(place, self.answer.width + n, cell.value, self.number)
        if row.total:
            first, last = self.answer.width, self.answer.width + len(row.cells) - 1
            self._write_sum(place, last + 1, row.total.value, row.cells, (place, first, place, last))

    def _write_total(self):
        if not self.answer.rows:
            return
        self.sheet.write_string(self.total_row, 0, self.answer.total_name, self.strong)
        for n in range(1, self.answer.width):
            self.sheet.write_blank(self.total_row, n, None, self.strong)
        for n, cell in enumerate(self.answer.foot):
            at = self.answer.width + n
            column = [_numbers(row)[n] for row in self.answer.rows]
            self._write_sum(self.total_row, at, cell.value, column, (self.first_row, at, self.total_row - 1, at))

    def _write_sum(self, place, at, value, cells, area):
        """A live sum where every number of it is shown; a mean, or what is hidden in part, as it is."""
        if self.answer.measure.adds and all(isinstance(each, int) for each in [value, *(cell.value for cell in cells)]):
            self.sheet.write_formula(place, at, f"=SUM({xl_range(*area)})", self.sum, value)
        else:
            self._write_value(place, at, value, self.sum)

    def _write_value(self, place, at, value, style):
        if isinstance(value, int):
            self.sheet.write_number(place, at, value, style)
        else:
            self.sheet.write_string(place, at, "–" if value is None else value, style)

    def _write_notes(self):
        for n, sentence in enumerate(self.answer.definitions):
            place = self.total_row + 2 + n
            self.sheet.merge_range(place, 0, place, self.last, "", self.note)
            self.sheet.write_string(place, 0, sentence, self.note)
            self.sheet.set_row(place, 13 * (1 + len(sentence) // (12 * (self.last + 1))))
