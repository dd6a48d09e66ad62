"""A large sheet read a piece at a time, so that it never stands in memory as a whole.

Only where the texts stand in the sheet itself: a workbook with shared strings would have them read again for every piece.
"""

import re
import zipfile
from collections.abc import Iterator
from io import BytesIO

from laborreg.sheets import archive, openxml
from laborreg.sheets.faults import NotTaken

PIECE = 8_000_000
FEW_STRINGS = 500_000
_NUMBERED = re.compile(rb"""<row\s(?:[^>]*?\s)?r\s*=\s*["'][0-9]""")


def of(source, sheet_name) -> Iterator[tuple[BytesIO, bytes]] | None:
    """The same workbook again and again, each time with more of the sheet's rows, and these as XML; None for a small one."""
    with archive.opened(source) as book:
        part = openxml.sheets(book).get(sheet_name)
        if part is None or book.getinfo(part).file_size <= PIECE or not _stands_alone(book):
            return None
        start = next(archive.blocks(book, part), b"")
    # Where rows carry no numbers of their own, a piece would begin at the first again.
    return _pieces(source, part) if _NUMBERED.match(start, max(start.find(b"<row"), 0)) else None


def _stands_alone(book) -> bool:
    return not any(
        "sharedstrings" in archive.bare(name) and book.getinfo(name).file_size > FEW_STRINGS for name in book.namelist()
    )


def _pieces(source, part):
    with archive.opened(source) as book:
        frame = {
            name: archive.text_of(book, name) for name in book.namelist()
            if openxml.describes(name) or "sharedstrings" in archive.bare(name)
        }
        for rows in _rows(archive.blocks(book, part)):
            yield _workbook(frame, part, rows), rows


def _workbook(frame, part, rows) -> BytesIO:
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as copy:
        for name, content in frame.items():
            copy.writestr(name, content)
        copy.writestr(part, rows)
    return made


def _rows(blocks) -> Iterator[bytes]:
    """The worksheet cut between rows, each piece closed and begun as the whole is."""
    opening, held, size = b"", [], 0
    for block in blocks:
        held.append(block)
        size += len(block)
        if size > PIECE:
            seen = b"".join(held)
            at = _cut(seen)
            opening = opening or seen[: seen.find(b"<row")]
            yield _begun(opening, seen[:at]) + b"</sheetData></worksheet>"
            held, size = [seen[at:]], len(seen) - at
    yield _begun(opening, b"".join(held))


def _cut(seen) -> int:
    """Where the last row begins whose tag is whole; the rows of a piece are counted from the number of its first."""
    at = seen.rfind(b"<row ", 0, seen.rfind(b">"))
    if at <= 0 or not _NUMBERED.match(seen, at):
        raise NotTaken("corrupt")
    return at


def _begun(opening, rows) -> bytes:
    return opening + rows if rows.startswith(b"<row") else rows
