"""One pass over the XML of a worksheet: how far it really reaches, its first rows, its error cells.

What a sheet says of its own size is not believed, and its cells are not parsed here: the rows are walked with three
searches each, which costs a tenth of reading them.
"""

import re
from dataclasses import dataclass, field

from laborreg.sheets.faults import MOST_ROWS, NotTaken

# A row of a real sheet is never that long; a row number never that high.
LONGEST_ROW = 32_000_000
HIGHEST_ROW = 1_048_576
# A reader holds a sheet as a full grid: few cells far apart take the memory of many.
GRID, THIN = 12_000_000, 8

_ROW = re.compile(rb"<(?:[\w.-]+:)?row(?=[\s/>])([^>]*)>")
_NUMBER = re.compile(rb"""(?:^|\s)r\s*=\s*["'](\d+)["']""")
_HELD = re.compile(rb"<(?:[\w.-]+:)?(?:v|is|f)[\s>]")
_LAST_CELL = re.compile(rb"""<(?:[\w.-]+:)?c\s[^>]*?r\s*=\s*["']([A-Za-z]+)\d""")
_FILLED_CELL = re.compile(rb"""<(?:[\w.-]+:)?c\s[^>]*?r\s*=\s*["']([A-Za-z]+)\d+["'][^>]*(?<!/)>""")


@dataclass
class Extent:
    """Rows that hold something, the first and the last of them, and the last column that any row names."""

    filled: int = 0
    first: int = 0
    last: int = 0
    columns: int = 0
    cells: int = 0
    # The XML up to the end of the first rows that hold anything.
    head: bytes = b""

    @property
    def grid(self) -> int:
        return (self.last - self.first + 1) * self.columns

    @property
    def is_thin(self) -> bool:
        return self.grid > GRID and self.grid > THIN * self.cells


@dataclass
class _Walk:
    extent: Extent = field(default_factory=Extent)
    number: int = 0
    kept: list[bytes] = field(default_factory=list)
    wanted: int = 30
    width_of: object = None


def extent_of(blocks, *, wanted=30, width_of=None) -> Extent:
    """Walks the rows of a worksheet, given as blocks of XML."""
    walk, rest = _Walk(wanted=wanted, width_of=width_of or _width), b""
    for block in blocks:
        rest = _walked(walk, rest + block)
        if len(rest) > LONGEST_ROW:
            raise NotTaken("bomb")
    _walked(walk, rest + b"<row>")
    return walk.extent
