"""Guards of .ods workbooks: whether they are locked, how far they reach, and what they repeat."""

import re
from xml.parsers import expat

from laborreg.sheets import archive
from laborreg.sheets.extent import HIGHEST_ROW, Extent
from laborreg.sheets.faults import NotTaken

WIDEST = 16_384
# A row or cell can stand for many; a reader copies it as often.
MOST_COPIES = 12_000_000
_TAG = re.compile(rb"<(?:[\w.-]+:)?(table|table-row|table-cell|covered-table-cell)(?=[\s/>])([^>]*)>")
_REPEATED = re.compile(rb"""number-(?:rows|columns)-repeated\s*=\s*["']([0-9]+)["']""")
_LONGEST_TAG = 10_000


def kind_of(book) -> str:
    if b"opendocument.spreadsheet" not in archive.text_of(book, archive.part_named(book, "mimetype"), any_kind=True):
        raise NotTaken("type")
    manifest = archive.part_named(book, "META-INF/manifest.xml")
    if manifest and b"encryption-data" in archive.text_of(book, manifest):
        raise NotTaken("encrypted")
    if any(_is_macro(archive.bare(name)) for name in book.namelist()):
        raise NotTaken("macro")
    return "ods"


def _is_macro(name) -> bool:
    """A module of Basic, or a script; every book has a list of its modules, which may be empty."""
    return name.startswith(("basic/", "scripts/")) and not name.endswith(("/", "script-lc.xml", "script-lb.xml"))


def check(book):
    """Reads every part before a reader does, and refuses what reaches too far.

    XML that is not whole is refused here too: the reader would wait for ever for the end of a table.
    """
    for name in book.namelist():
        walk = _Walk()
        for tag in _tags(_whole(archive.blocks(book, name))):
            walk.step(tag[1], tag[2])


def _whole(blocks):
    parser, has_begun = expat.ParserCreate(), False
    try:
        for block in blocks:
            parser.Parse(block)
            has_begun = True
            yield block
        if has_begun:
            parser.Parse(b"", True)
    except expat.ExpatError:
        raise NotTaken("corrupt") from None


def _tags(blocks):
    rest = b""
    for block in blocks:
        seen, at = rest + block, 0
        for tag in _TAG.finditer(seen):
            at = tag.end()
            yield tag
        rest = seen[max(at, len(seen) - _LONGEST_TAG) :]


class _Walk:
    """Where in a table we are; repeated rows and cells count as many."""

    def __init__(self):
        self.extent, self.row, self.rows, self.column = Extent(), 1, 0, 0

    def step(self, kind, attributes):
        found = _REPEATED.search(attributes)
        times = int(found[1]) if found else 1
        if kind == b"table":
            self.__init__()
        elif kind == b"table-row":
            self.row, self.rows, self.column = self.row + self.rows, times, 0
        else:
            if b"value-type" in attributes:
                self._fill(times)
            self.column += times

    def _fill(self, times):
        extent = self.extent
        extent.first, extent.last = extent.first or self.row, self.row + self.rows - 1
        extent.columns, extent.cells = max(extent.columns, self.column + times), extent.cells + times * self.rows
        if extent.last > HIGHEST_ROW or extent.columns > WIDEST or extent.cells > MOST_COPIES or extent.is_thin:
            raise NotTaken("bomb")
