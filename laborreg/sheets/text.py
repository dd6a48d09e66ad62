"""Text files of rows: their characters, what parts their cells, and their rows."""

import csv
from codecs import BOM_UTF16_BE, BOM_UTF16_LE, getincrementaldecoder
from collections.abc import Iterator

from laborreg.sheets.faults import NotTaken

DELIMITERS = ",\t;|"
# GB18030 takes in GBK and GB2312, as Chinese Excel saves text.
ENCODINGS = ("utf-8-sig", "gb18030")
_BLOCK = 1 << 20
_LOOKED_AT = 200_000
_GUARDED = ("=", "'")
_UNREADABLE = dict.fromkeys({*range(32), 0xFFFE, 0xFFFF} - {ord("\t"), ord("\n")})
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\r\f\x1a"))


def encoding_of(path) -> str:
    """The first encoding in which the whole file is text."""
    with open(path, "rb") as file:
        start = file.read(_LOOKED_AT)
    if start.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        candidates = ("utf-16",)
    elif b"\0" in start:
        candidates = _wide(start)
    else:
        candidates = ENCODINGS if start.translate(None, _CONTROLS) == start else ()
    for encoding in candidates:
        if _reads(path, encoding):
            return encoding
    raise NotTaken("characters" if candidates else "type")


def _wide(start) -> tuple[str, ...]:
    """Two bytes a sign, without a mark that says so: of plain signs one is nothing, nearly always the same one."""
    first, second = start[::2].count(0), start[1::2].count(0)
    few, many = sorted((first, second))
    has_lines = b"\n\0" in start or b"\0\n" in start
    if not has_lines or many <= max(3, len(start) / 20, 5 * few):
        return ()
    return ("utf-16-le",) if second == many else ("utf-16-be",)


def _reads(path, encoding) -> bool:
    decode = getincrementaldecoder(encoding)().decode
    with open(path, "rb") as file:
        try:
            while block := file.read(_BLOCK):
                if "\0" in decode(block):
                    return False
            decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def delimiter_of(path, encoding) -> str:
    """What parts the first rows into the most cells, evenly."""
    with open(path, encoding=encoding, newline="") as file:
        start = file.read(_LOOKED_AT)
    return max(DELIMITERS, key=lambda sign: _evenness(start, sign))


def _evenness(start, sign) -> tuple[int, int]:
    rows = csv.reader(start.splitlines(keepends=True), delimiter=sign)
    widths = []
    try:
        for row in rows:
            if any(row):
                widths.append(len(row))
            if len(widths) == 30:
                break
    except csv.Error:
        pass
    return sum(width > 1 for width in widths), sum(widths)


def rows(path) -> Iterator[tuple[int, list]]:
    """Row number and cells. A quotation mark that is never closed would swallow the rows after it: refused instead."""
    encoding = encoding_of(path)
    with open(path, encoding=encoding, newline="") as file:
        reader, number = csv.reader(file, delimiter=delimiter_of(path, encoding), strict=True), 0
        try:
            for number, cells in enumerate(reader, 1):
                while cells and not cells[-1].strip():
                    cells.pop()
                if cells:
                    yield number, [
                        cell or None if cell.isprintable() and cell[:1] not in _GUARDED else _plain(cell) for cell in cells
                    ]
        except csv.Error:
            raise NotTaken("quotes", row=number + 1) from None


def readable(cell) -> str:
    """Without the signs that no database takes or no screen shows; a line may break within a cell."""
    return cell.translate(_UNREADABLE)


def _plain(cell):
    """Text as it was meant: Excel's ="0012" and our own apostrophe before a formula only kept it text."""
    cell = readable(cell)
    if cell.startswith('="') and cell.endswith('"') and len(cell) > 2:
        return cell[2:-1]
    if cell.startswith("'") and cell[1:2] in ("=", "+", "-", "@"):
        return cell[1:]
    return cell
