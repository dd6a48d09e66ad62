"""What an office file is and what it holds, before anything of it is believed."""

import re
from dataclasses import dataclass
from io import BytesIO
from itertools import islice
from pathlib import Path

from laborreg.sheets import archive, legacy, opendocument, openxml, reading, text
from laborreg.sheets.faults import LARGEST_FILE, NotTaken

__all__ = ["Book", "NotTaken", "SheetInfo", "inspect", "kind_of"]

HEAD = 30
_ZIP = b"PK"
_OTHER = (
    b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\0", b"MM\0*", b"RIFF", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"MZ",
    b"\x7fELF", b"{\\rtf", b"SQLite format 3",
)
# A web page, or the XML of Office 2003, under the name of a workbook.
_MARKUP = re.compile(rb"\s*(<!doctype html|<html|<head|<meta|<table|<body|<div|<\?xml|mime-version:)", re.IGNORECASE)


@dataclass(frozen=True)
class SheetInfo:
    """A sheet: rows that hold something, the last column used, and its first rows that hold anything.

    Rows and columns of an .xlsx are counted without reading its cells: cells that hold an empty text count too.
    """

    name: str
    is_hidden: bool
    rows: int
    columns: int
    head: list[tuple[int, list[str]]]


@dataclass(frozen=True)
class Book:
    kind: str
    sheets: list[SheetInfo]


def kind_of(path, file_name) -> str:
    """xlsx, xls, ods or csv, by what the file holds: what it is called tells nothing."""
    size = Path(path).stat().st_size
    if size > LARGEST_FILE:
        raise NotTaken("too_large")
    with open(path, "rb") as file:
        start = file.read(4096)
    if not start.strip():
        raise NotTaken("empty")
    if start.startswith(_ZIP):
        return _kind_of_archive(path)
    if start.startswith(legacy.SIGNATURE):
        return legacy.kind_of(Path(path).read_bytes())
    if _MARKUP.match(start.removeprefix(b"\xef\xbb\xbf")):
        raise NotTaken("html")
    if start.startswith(_OTHER):
        raise NotTaken("type")
    text.encoding_of(path)
    return "csv"


def _kind_of_archive(path) -> str:
    with archive.opened(path) as book:
        if archive.part_named(book, "xl/workbook.bin"):
            raise NotTaken("xlsb")
        if archive.part_named(book, "xl/workbook.xml"):
            openxml.check_kind(book)
            return "xlsx"
        if archive.part_named(book, "content.xml") and archive.part_named(book, "mimetype"):
            return opendocument.kind_of(book)
    raise NotTaken("type")


def inspect(path, file_name) -> Book:
    """The sheets of a file. It runs in this process: callers hand it to `child.run`, `bare`."""
    kind = kind_of(path, file_name)
    sheets = _sheets_of_xlsx(path) if kind == "xlsx" else _sheets_read(path, kind)
    if not any(sheet.rows for sheet in sheets):
        raise NotTaken("empty")
    return Book(kind, sheets)


def _sheets_of_xlsx(path) -> list[SheetInfo]:
    """Every part is walked through, and only the first rows are read: a large file is not read twice."""
    with archive.opened(path) as book:
        parts = openxml.sheets(book)
        extents, short = openxml.measured(book)
    return [
        _info(name, is_hidden, extents.get(parts.get(name)), short) for name, is_hidden in reading.sheets(BytesIO(short), "xlsx")
    ]


def _info(name, is_hidden, extent, short) -> SheetInfo:
    if extent is None:
        raise NotTaken("corrupt")
    return SheetInfo(name, is_hidden, extent.filled, extent.columns, _head(BytesIO(short), name))


def _sheets_read(path, kind) -> list[SheetInfo]:
    if kind == "ods":
        with archive.opened(path) as book:
            opendocument.check(book)
    return [_read(path, kind, *sheet) for sheet in reading.sheets(path, kind)]


def _read(path, kind, name, is_hidden) -> SheetInfo:
    head, count, columns = [], 0, 0
    for number, cells in reading.rows(path, kind, name):
        if count < HEAD:
            head.append(_shown(number, cells))
        count, columns = count + 1, max(columns, len(cells))
    return SheetInfo(name, is_hidden, count, columns, head)


def _head(source, name) -> list[tuple[int, list[str]]]:
    return [_shown(number, cells) for number, cells in islice(reading.rows(source, "xlsx", name), HEAD)]


def _shown(number, cells):
    return number, [reading.as_text(cell) for cell in cells]
