"""The office's own file given back: cells that need mending colored and explained, and a column that says how."""

from datetime import date, datetime

import openpyxl
import xlsxwriter
from django.utils.translation import gettext as _
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill

from laborreg.sheets import archive, openxml, reading
from laborreg.sheets.book import kind_of
from laborreg.sheets.templates import AS_TYPED

COLOR = "FDE2DF"
# A larger file would take a gigabyte to open with all its looks; its rows are written anew instead.
KEPT_CELLS = 400_000


def mark(source_path, target_path, sheet, marks: dict[tuple[int, int], str], advice: dict[int, str], *, header_row=None):
    """Writes an .xlsx with the same rows at the same places. Rows and columns count from 1, as the file shows them.

    `marks` explains cells, `advice` whole rows, in a column behind the last. Where the file is no .xlsx, is very large
    or cannot be opened with all its looks, the sheet's values are written to a new workbook.
    """
    kind = kind_of(source_path, "")
    top = header_row or max(1, min(advice, default=2) - 1)
    if kind != "xlsx" or not _marked_in_place(source_path, target_path, sheet, marks, advice, top):
        _written_anew(source_path, kind, target_path, sheet, marks, advice, top)


def _heading() -> str:
    return _("How to mend")


def _marked_in_place(source, target, sheet_name, marks, advice, top) -> bool:
    with archive.opened(source) as book:
        extent = openxml.extent_of(archive.blocks(book, openxml.sheets(book)[sheet_name]))
    if extent.last * extent.columns > KEPT_CELLS:
        return False
    try:
        book = openpyxl.load_workbook(source)
        _mark_cells(book[sheet_name], marks)
        _advise(book[sheet_name], advice, top, extent.columns + 1)
        book.active = book.index(book[sheet_name])
        book.save(target)
    except Exception:
        # What one reader takes another may not; the values are at hand in any case.
        return False
    return True


def _mark_cells(sheet, marks):
    fill = PatternFill("solid", fgColor=COLOR)
    for (row, column), words in marks.items():
        cell = sheet.cell(row, column)
        cell.fill = fill
        if not isinstance(cell, MergedCell):
            cell.comment = Comment(_clean(words), _heading(), width=280, height=90)


def _advise(sheet, advice, top, column):
    _say(sheet.cell(top, column), _heading()).font = Font(bold=True)
    for row, words in advice.items():
        cell = _say(sheet.cell(row, column), words)
        cell.alignment, cell.fill = Alignment(wrap_text=True, vertical="top"), PatternFill("solid", fgColor=COLOR)
    sheet.column_dimensions[sheet.cell(top, column).column_letter].width = 60


def _say(cell, words):
    """Text, also where it begins as a formula would."""
    cell.value = _clean(words)
    cell.data_type = "s"
    return cell


def _clean(words) -> str:
    return ILLEGAL_CHARACTERS_RE.sub("", str(words))


def _written_anew(source, kind, target, sheet_name, marks, advice, top):
    behind = max((len(cells) for _number, cells in reading.rows(source, kind, sheet_name)), default=0)
    with xlsxwriter.Workbook(target, {"constant_memory": True} | AS_TYPED) as book:
        _Anew(book, sheet_name, marks, advice, behind).write(reading.rows(source, kind, sheet_name), top)


class _Anew:
    """Rows are written from above to below, at their own numbers, and never touched again."""

    def __init__(self, book, sheet_name, marks, advice, behind):
        self.sheet = book.add_worksheet((sheet_name or "Sheet1")[:31])
        self.marks, self.advice, self.behind = marks, advice, behind
        self.bold, self.wrong = book.add_format({"bold": True}), book.add_format({"bg_color": f"#{COLOR}", "text_wrap": True})
        self.looks = {
            wrong: [book.add_format(look | ({"bg_color": f"#{COLOR}"} if wrong else {})) for look in (
                {}, {"num_format": "yyyy-mm-dd"}, {"num_format": "yyyy-mm-dd hh:mm"},
            )] for wrong in (False, True)
        }

    def write(self, rows, top):
        self.sheet.set_column(0, max(self.behind - 1, 0), 14)
        self.sheet.set_column(self.behind, self.behind, 60)
        for number, cells in rows:
            for place, cell in enumerate(cells):
                self._cell(number, place + 1, cell)
            if number == top:
                self.sheet.write_string(number - 1, self.behind, _heading(), self.bold)
            elif number in self.advice:
                self.sheet.write_string(number - 1, self.behind, _clean(self.advice[number]), self.wrong)

    def _cell(self, row, column, cell):
        words = self.marks.get((row, column))
        if words:
            self.sheet.write_comment(row - 1, column - 1, _clean(words), {"x_scale": 2})
        self._value(row - 1, column - 1, cell, self.looks[words is not None])

    def _value(self, row, column, cell, looks):
        plain, day, moment = looks
        if cell is None:
            self.sheet.write_blank(row, column, None, plain)
        elif isinstance(cell, bool):
            self.sheet.write_boolean(row, column, cell, plain)
        elif isinstance(cell, datetime):
            self.sheet.write_datetime(row, column, cell, moment)
        elif isinstance(cell, date):
            self.sheet.write_datetime(row, column, cell, day)
        elif isinstance(cell, (int, float)) and abs(cell) < reading.EXACT:
            self.sheet.write_number(row, column, cell, plain)
        else:
            self.sheet.write_string(row, column, _clean(reading.as_text(cell)), plain)
