"""What an office file is and what it holds, before anything of it is believed."""

import codecs
import zipfile
from dataclasses import dataclass
from pathlib import Path

from laborreg.sheets.faults import LARGEST_FILE, NotTaken

HEAD = 30
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(frozen=True)
class SheetInfo:
    """A sheet: rows that hold something, the last column used, and its first rows that hold anything."""

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
    """xlsx, xls, ods or csv, by what the file holds; its name tells nothing."""
    size = Path(path).stat().st_size
    if size == 0:
        raise NotTaken("empty")
    if size > LARGEST_FILE:
        raise NotTaken("too_large")
    with open(path, "rb") as file:
        start = file.read(4096)
    if start.startswith(b"PK"):
        return _kind_of_zip(path)
    if start.startswith(OLE):
        return "xls"
    return "csv"


def _kind_of_zip(path) -> str:
    try:
        names = set(zipfile.ZipFile(path).namelist())
    except Exception:
        raise NotTaken("corrupt") from None
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "content.xml" in names:
        return "ods"
    raise NotTaken("xlsb" if "xl/workbook.bin" in names else "type")


def inspect(path, file_name) -> Book:
    """The sheets of a file. Runs in this process: callers hand it to `child.run`."""
    from laborreg.sheets import reading

    kind = kind_of(path, file_name)
    return Book(kind, [_info(path, kind, name, hidden) for name, hidden in reading.sheets(path, kind)])


def _info(path, kind, name, is_hidden) -> SheetInfo:
    from laborreg.sheets import reading

    head, count, columns = [], 0, 0
    for number, cells in reading.rows(path, kind, name):
        if len(head) < HEAD:
            head.append((number, [reading.as_text(cell) for cell in cells]))
        count, columns = count + 1, max(columns, len(cells))
    return SheetInfo(name, is_hidden, count, columns, head)
