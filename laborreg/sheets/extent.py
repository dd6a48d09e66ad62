"""How far a worksheet really reaches, from one walk over the rows of its XML.

What a sheet says of its own size is not believed. Cells are not parsed here: a row is searched three times, which costs
a tenth of reading it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from laborreg.sheets.faults import MOST_ROWS, NotTaken

# No row of a real sheet is longer, none has a higher number.
LONGEST_ROW = 32_000_000
HIGHEST_ROW = 1_048_576
# A reader keeps a sheet as a full grid: few cells far apart take the memory of many.
GRID, THIN = 12_000_000, 8

# Searched for by its first letters, ten times as fast, where no row is named with a prefix.
_PLAIN_ROW = re.compile(rb"<row(?=[\s/>])([^>]*)>")
_ANY_ROW = re.compile(rb"<(?:[\w.-]+:)?row(?=[\s/>])([^>]*)>")
_NUMBER = re.compile(rb"""\sr\s*=\s*["']([0-9]+)["']""")
_HELD = re.compile(rb"<(?:[\w.-]+:)?(?:v|is)[\s>]")
_REFERENCE = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]+)[0-9]+["']""")
_FILLED = re.compile(rb"""<(?:[\w.-]+:)?c\s(?:[^>]*?\s)?r\s*=\s*["']([A-Za-z]+)[0-9]+["'][^>]*(?<!/)>""")


@dataclass
class Extent:
    """Rows that hold something, the first and last of them, the last column named, and about how many cells are filled."""

    filled: int = 0
    first: int = 0
    last: int = 0
    columns: int = 0
    cells: int = 0
    # The XML up to the end of the first rows that hold anything.
    head: list[bytes] = field(default_factory=list)

    @property
    def is_thin(self) -> bool:
        grid = (self.last - self.first + 1) * self.columns
        return grid > GRID and grid > THIN * self.cells


def extent_of(blocks, *, head=30, exact=False) -> Extent:
    """Of a worksheet given as blocks of XML; `exact` leaves out cells that hold a look and nothing else."""
    extent, number = Extent(), 0
    for start, attributes, body in _rows(blocks):
        found = _NUMBER.search(attributes) if len(attributes) > 1 else None
        number = int(found[1]) if found else number + 1
        if number > HIGHEST_ROW:
            raise NotTaken("bomb")
        if extent.filled < head:
            extent.head += (start, body)
        if body and _HELD.search(body):
            _add(extent, number, body, exact)
    return extent


def _add(extent, number, body, exact):
    extent.filled += 1
    if extent.filled > MOST_ROWS:
        raise NotTaken("too_long")
    if number <= extent.last:
        # Of two rows with the same number a reader keeps one.
        raise NotTaken("corrupt")
    extent.first, extent.last = extent.first or number, number
    extent.cells += body.count(b"</c>") or body.count(b":c>")
    extent.columns = max(extent.columns, _exact_width(body) if exact else _width(body))


def _width(body) -> int:
    """The column of the row's last cell; without a name for it, as many as there are cells."""
    at = body.rfind(b"<c ")
    at = body.rfind(b":c ") if at < 0 else at
    found = _REFERENCE.search(body, at) if at >= 0 else None
    return column_number(found[1]) if found else body.count(b"<c") + body.count(b":c ")


def _exact_width(body) -> int:
    return max((column_number(letters) for letters in _FILLED.findall(body)), default=0)


def column_number(letters: bytes) -> int:
    """A is 1, AA is 27."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _rows(blocks) -> Iterator[tuple[bytes, bytes, bytes]]:
    """What stands before the row and opens it, its attributes, and what it holds to its end."""
    rest = b""
    for block in blocks:
        seen, at = rest + block, 0
        found = list(_row_in(seen).finditer(seen))
        for row, following in pairwise(found):
            body = b"" if row[1] == b"/" else _closed(seen, row, following.start())
            yield seen[at : row.end()], row[1], body
            at = following.start()
        rest = seen[at:]
        if len(rest) > LONGEST_ROW:
            raise NotTaken("bomb")
    if row := _row_in(rest).search(rest):
        yield rest[: row.end()], row[1], _closed(rest, row, len(rest))


def _row_in(seen):
    return _ANY_ROW if b":row" in seen else _PLAIN_ROW


def _closed(seen, row, until) -> bytes:
    """From the end of the opening tag to the end of the row; the rest of the sheet does not belong to the last one."""
    if row[1].endswith(b"/"):
        return b""
    end = seen.rfind(b"row>", row.end(), until)
    return seen[row.end() : end + 4 if end >= 0 else until]
