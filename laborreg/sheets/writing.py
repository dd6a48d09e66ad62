"""Sheets written: rosters of any length, as workbook or as text.

A column is (heading, kind, width); kinds are "text", "number" and "day". Text is written as text whatever it begins
with: nothing that somebody typed becomes a formula.
"""

import csv
import re
from collections.abc import Iterable
from itertools import chain, islice

from rustpy_xlsxwriter import Format, write_worksheet

from laborreg.sheets.marking import mark
from laborreg.sheets.templates import AS_TYPED, TemplateColumn, template

__all__ = ["AS_TYPED", "XLSX", "TemplateColumn", "mark", "template", "write_csv", "write_rows"]

# What a browser is told that an .xlsx is.
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

FORMATS = {"text": "@", "number": "0", "day": "yyyy-mm-dd"}
# What a spreadsheet cuts to fifteen digits, and what it takes for a formula, when it opens a text file.
LONG = re.compile(r"[0-9]{16,}[0-9Xx]?")
FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def write_rows(path, columns: list[tuple], rows: Iterable[tuple], *, title_lines=(), sheet_name="Sheet1"):
    """An .xlsx, row by row: memory stays the same however many rows there are. `path` may be a file open for writing."""
    headings = _unlike(str(heading) for heading, _kind, _width in columns)
    titles = [str(line) for line in title_lines]
    write_worksheet(
        _records(headings, rows), path if hasattr(path, "write") else str(path), sheet_name=sheet_name[:31],
        header_row=len(titles), freeze_row=len(titles) + 1, autofilter=True, header_format=_heading(),
        column_widths=[width for _heading, _kind, width in columns],
        column_formats=[Format().set_num_format(FORMATS[kind]) for _heading, kind, _width in columns],
        merge_ranges=_titles(titles, len(columns)),
        ignore_errors=[heading for heading, (_h, kind, _w) in zip(headings, columns, strict=True) if kind == "text"],
    )


def _unlike(headings) -> list[str]:
    """Two columns of one name would become one."""
    found = []
    for heading in headings:
        found.append(heading if heading not in found else f"{heading} ({found.count(heading) + 1})")
    return found


def _records(headings, rows):
    """The headings are known by the first row; where there is none, an empty one stands for it."""
    rows = iter(rows)
    first = list(islice(rows, 1)) or [(None,) * len(headings)]
    return (dict(zip(headings, row, strict=True)) for row in chain(first, rows))


def _heading():
    return Format().set_bold().set_background_color("#EEF4FC").set_border("thin").set_text_wrap()


def _titles(lines, width):
    styles = [Format().set_bold().set_font_size(14), *[Format()] * len(lines)]
    return [(n, 0, n, max(width - 1, 1), line, style) for n, (line, style) in enumerate(zip(lines, styles, strict=False))]


def write_csv(path, columns: list[tuple], rows: Iterable[tuple], *, title_lines=()):
    """Text with commas, as Excel opens it in Chinese; what would become a formula is given an apostrophe."""
    with open(path, "w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerows([_guarded(str(line))] for line in title_lines)
        writer.writerow([_guarded(str(heading)) for heading, _kind, _width in columns])
        writer.writerows([_guarded(cell) for cell in row] for row in rows)


def _guarded(cell):
    """A cell that Excel opens as the text that it is: no formula, and no long number cut to fifteen digits."""
    if not isinstance(cell, str):
        return cell
    if LONG.fullmatch(cell):
        return f'="{cell}"'
    return f"'{cell}" if cell.startswith(FORMULA) else cell
