"""The rows of a sheet as plain Python values, one way for every kind of file."""

import csv
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from python_calamine import CalamineWorkbook, SheetVisibleEnum

from laborreg.sheets.faults import MOST_COLUMNS, NotTaken

# A spreadsheet keeps 15 digits of a number; what is longer has lost its end.
EXACT = 10**15


def sheets(path, kind) -> list[tuple[str, bool]]:
    """Names of the sheets, and whether each is hidden."""
    if kind == "csv":
        return [("", False)]
    with _opened(path) as book:
        return [(sheet.name, sheet.visible != SheetVisibleEnum.Visible) for sheet in book.sheets_metadata]


def rows(path, kind, sheet_name) -> Iterator[tuple[int, list]]:
    """Row number as the file shows it, and cells: str, int, float, date, datetime, bool or None.

    Empty rows are left out, empty cells at the end of a row cut. A number of more than 15 digits stays a float:
    it is not what was typed.
    """
    if kind == "csv":
        yield from _rows_of_csv(path)
    else:
        yield from _rows_of_book(path, sheet_name)


def _opened(path):
    try:
        return CalamineWorkbook.from_path(str(path))
    except Exception:
        raise NotTaken("corrupt") from None


def _rows_of_book(path, sheet_name):
    with _opened(path) as book:
        sheet = book.get_sheet_by_name(sheet_name)
        if sheet.start is None:
            return
        before = [None] * sheet.start[1]
        for number, found in enumerate(sheet.iter_rows(), 1):
            while found and found[-1] == "" and found[-1] is not False:
                found.pop()
            if found:
                yield number, before + [_plain(cell) for cell in found][:MOST_COLUMNS]


def _plain(cell):
    if cell == "" and isinstance(cell, str):
        return None
    if isinstance(cell, float):
        return int(cell) if cell.is_integer() and abs(cell) < EXACT else cell
    if isinstance(cell, (time, timedelta)):
        return str(cell)
    return cell


def _rows_of_csv(path):
    with open(path, encoding="utf-8-sig", newline="") as file:
        for number, found in enumerate(csv.reader(file), 1):
            while found and not found[-1].strip():
                found.pop()
            if found:
                yield number, [cell or None for cell in found]


def as_text(cell) -> str:
    """A cell as its sheet would show it; a number that lost its end in scientific form, so that it passes for nothing."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return f"{cell:.14E}" if abs(cell) >= EXACT else repr(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(" ", "seconds")
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell)
