"""Guards of .ods workbooks: what they repeat, and whether they are locked."""

import re

from laborreg.sheets import archive
from laborreg.sheets.faults import NotTaken

# A row or a cell that stands for many; one that holds a value is copied so often by a reader.
_REPEATED = re.compile(rb"<(?:[\w.-]+:)?table-(?:row|cell|covered-table-cell)\b[^>]*>")
_ROWS = re.compile(rb"""number-rows-repeated\s*=\s*["']([0-9]+)["']""")
_COLUMNS = re.compile(rb"""number-columns-repeated\s*=\s*["']([0-9]+)["']""")
MOST_COPIES = 12_000_000


def kind_of(book) -> str:
    manifest = archive.part_named(book, "META-INF/manifest.xml")
    if manifest and b"encryption-data" in archive.text_of(book, manifest):
        raise NotTaken("encrypted")
    if any(archive.bare(name).startswith("basic/") and name.endswith(".xml") and "script-lc" not in name and "script-lb" not in name
           for name in book.namelist()):
        raise NotTaken("macro")
    if b"opendocument.spreadsheet" not in book.read(archive.part_named(book, "mimetype")):
        raise NotTaken("type")
    return "ods"


def check(book):
    """Reads every part, and refuses what is repeated beyond measure."""
    for name in book.namelist():
        _check_copies(archive.blocks(book, name))


def _check_copies(blocks):
    rest, copies, rows_of = b"", 0, 1
    for block in blocks:
        seen, at = rest + block, 0
        for tag in _REPEATED.finditer(seen):
            rows_of, more = _copies(tag[0], rows_of)
            copies, at = copies + more, tag.end()
            if copies > MOST_COPIES:
                raise NotTaken("bomb")
        rest = seen[max(at, len(seen) - 10_000):]


def _copies(tag, rows_of) -> tuple[int, int]:
    """How often the row stands that we are in, and how many filled cells this tag adds."""
    if b"table-row" in tag[:40]:
        found = _ROWS.search(tag)
        return (int(found[1]) if found else 1), 0
    found = _COLUMNS.search(tag)
    return rows_of, (int(found[1]) if found else 1) * rows_of if b"value-type" in tag else 0
