"""Sheets written: rosters of any length, as workbook or text.

A column is (heading, kind, width); kinds are "text", "number" and "day". Text is written as text whatever it begins
with: nothing that was typed becomes a formula.
"""

import csv
from collections.abc import Iterable

from rustpy_xlsxwriter import Format, write_worksheet

FORMATS = {"text": "@", "number": "0", "day": "yyyy-mm-dd"}
# What a spreadsheet would take for a formula when it opens a text file.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_rows(path, columns: list[tuple], rows: Iterable[tuple], *, title_lines=(), sheet_name="Sheet1"):
    """An .xlsx written row by row: memory stays the same however many rows there are."""
    headings = [str(heading) for heading, _kind, _width in columns]
    at = len(title_lines)
    write_worksheet(
        (dict(zip(headings, row, strict=True)) for row in rows),
        str(path), sheet_name=sheet_name, header_row=at, freeze_row=at + 1, autofilter=True,
        header_format=_heading(), column_widths=[width for _heading, _kind, width in columns],
        column_formats=[Format().set_num_format(FORMATS[kind]) for _heading, kind, _width in columns],
        merge_ranges=_titles(title_lines, len(columns)),
        ignore_errors=[heading for heading, (_h, kind, _w) in zip(headings, columns, strict=True) if kind == "text"],
    )


def _heading():
    return Format().set_bold().set_background_color("#EEF4FC").set_border("thin").set_text_wrap()


def _titles(lines, width):
    styles = [Format().set_bold().set_font_size(14), *[Format()] * len(lines)]
    return [(n, 0, n, max(width - 1, 1), line, style) for n, (line, style) in enumerate(zip(lines, styles, strict=False))]


def write_csv(path, columns: list[tuple], rows: Iterable[tuple], *, title_lines=()):
    """Text with commas, as Excel opens it in Chinese; what would become a formula is given an apostrophe."""
    with open(path, "w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerows([line] for line in title_lines)
        writer.writerow([heading for heading, _kind, _width in columns])
        writer.writerows([_guarded(cell) for cell in row] for row in rows)


def _guarded(cell):
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell
