"""The rows of a sheet as plain Python values, one way for every kind of file.

A formula counts with the value that was saved with it; without one its cell is empty. Rows and columns that are hidden
are read like others. A merged cell stands where its first cell is.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta

from python_calamine import CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from laborreg.refusals import Refusal
from laborreg.sheets import legacy, opendocument, openxml, pieces, text
from laborreg.sheets.extent import HIGHEST_ROW
from laborreg.sheets.faults import MOST_COLUMNS, MOST_ROWS, NotTaken
from laborreg.sheets.text import readable

logger = logging.getLogger(__name__)

# A spreadsheet keeps 15 digits of a number; what is longer has lost its end.
EXACT = 10**15


def sheets(source, kind) -> list[tuple[str, bool]]:
    """Names of the sheets that hold cells, and whether each is hidden."""
    if kind == "csv":
        return [("", False)]
    with _opened(source) as book:
        return [
            (sheet.name, sheet.visible != SheetVisibleEnum.Visible)
            for sheet in book.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet
        ]


def rows(path, kind, sheet_name) -> Iterator[tuple[int, list]]:
    """Row number as the file shows it, and cells: str, int, float, date, datetime, bool or None.

    Empty rows are left out, empty cells at the end of a row cut. A whole number is an int; one of more than 15 digits
    stays a float: it is not what was typed. Times and durations are text.
    """
    for number, cells in lines(path, kind, sheet_name):
        while cells[-1] == "":
            cells.pop()
        yield number, [tidy(cell) for cell in cells]


def lines(path, kind, sheet_name) -> Iterator[tuple[int, list]]:
    """The rows with their cells as the file's reader gives them, for whoever makes each `tidy`; "" and None are empty."""
    found = text.rows(path) if kind == "csv" else _lines(path, kind, sheet_name)
    for count, (number, cells) in enumerate(found, 1):
        if count > MOST_ROWS:
            raise NotTaken("too_long")
        yield number, cells


def tidy(cell):
    """A cell of a line as `rows` gives it."""
    if type(cell) is str:
        return (cell if cell.isprintable() else readable(cell)) or None
    return _PLAIN[type(cell)](cell)


@contextmanager
def _opened(source):
    """Whatever the reader does, a panic of its own included, is a damaged file; only memory is its own matter."""
    if hasattr(source, "seek"):
        source.seek(0)
    try:
        with CalamineWorkbook.from_object(source) as book:
            yield book
    except (Refusal, MemoryError, KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except PasswordError:
        raise NotTaken("encrypted") from None
    except BaseException as fault:
        logger.info("A workbook could not be read: %s", type(fault).__name__)
        raise NotTaken("corrupt") from None


def _lines(source, kind, sheet_name):
    parts = pieces.of(source, sheet_name) if kind == "xlsx" else None
    if parts:
        for book, rows_of_it in parts:
            yield from _lines_of(book, sheet_name, openxml.errors_within(rows_of_it), in_pieces=True)
    else:
        yield from _lines_of(source, sheet_name, _ERRORS[kind](source, sheet_name))


def _lines_of(source, sheet_name, errors, *, in_pieces=False):
    with _opened(source) as book:
        sheet = book.get_sheet_by_name(sheet_name)
        if sheet.start is None or sheet.start[1] >= MOST_COLUMNS:
            return
        if sheet.end[0] >= HIGHEST_ROW:
            raise NotTaken("bomb")
        # The rows above a later piece are not gone through again.
        found = enumerate(sheet.to_python(), sheet.start[0] + 1) if in_pieces else enumerate(sheet.iter_rows(), 1)
        yield from _cells(found, [None] * sheet.start[1], errors)


def _cells(rows, left, errors):
    most = MOST_COLUMNS - len(left)
    for number, found in rows:
        if number in errors:
            found = _with(left + found, errors[number])[len(left) :]
        del found[most:]
        if found.count("") < len(found):
            yield number, left + found


def _with(cells, errors) -> list:
    """The reader leaves cells in error empty; they say #N/A or the like in the file, and are not the same as empty."""
    cells += [""] * (max(errors) - len(cells))
    for column, words in errors.items():
        cells[column - 1] = words
    return cells


# Of each kind of workbook: row → column → what the cell says, of the cells in error.
_ERRORS = {"xlsx": openxml.errors, "ods": opendocument.errors, "xls": legacy.errors}


def _number(cell):
    return int(cell) if cell.is_integer() and -EXACT < cell < EXACT else cell


def _as_it_is(cell):
    return cell


def _time(cell):
    """A time of day, or hours that may be more than a day's."""
    if isinstance(cell, time):
        return cell.isoformat("seconds")
    minutes, seconds = divmod(round(cell.total_seconds()), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"


_PLAIN = {float: _number, time: _time, timedelta: _time} | dict.fromkeys([type(None), bool, int, date, datetime], _as_it_is)


def as_text(cell) -> str:
    """A cell as its sheet shows it; a number that lost its end in scientific form, so that it passes for nothing else."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return f"{cell:.14E}" if abs(cell) >= EXACT else f"{cell:.15g}"
    if isinstance(cell, datetime):
        return cell.isoformat(" ", "seconds")
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell)
