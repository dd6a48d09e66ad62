"""Workbooks of the .xlsx kind: what they are, how far their sheets reach, and a short copy of them to look at."""

import re
import zipfile
from io import BytesIO
from posixpath import join, normpath
from xml.etree import ElementTree

from laborreg.sheets import archive, strings
from laborreg.sheets.extent import Extent, column_number, extent_of
from laborreg.sheets.faults import NotTaken

STRICT = b"purl.oclc.org/ooxml"
_ROOT = re.compile(rb"<(?:([\w.-]+):)?(worksheet|sst)[\s/>]")
_ERROR = re.compile(
    rb"""<(?:[\w.-]+:)?c(?=\s)(?=[^>]*\st=["']e["'])(?=[^>]*?\sr=["']([A-Z]+)([0-9]+)["'])[^>]*>"""
    rb"""(?:<(?:[\w.-]+:)?f[^>]*?(?:/>|>[^<]*</(?:[\w.-]+:)?f>))?<(?:[\w.-]+:)?v>([^<]*)<"""
)
_MAIN = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_NO_ROWS, _NO_STRINGS = b"<worksheet %b><sheetData/></worksheet>" % _MAIN, b"<sst %b/>" % _MAIN
# The longest formula, and the cell around it.
_LONGEST_CELL = 40_000
_DESCRIBES = re.compile(r"(\.rels|workbook\.xml|styles\.xml|\[content_types\]\.xml)$")


def check_kind(book):
    """Refuses what office programs save beside the plain .xlsx."""
    names = [archive.bare(name) for name in book.namelist()]
    types = archive.text_of(book, archive.part_named(book, "[Content_Types].xml")) if "[content_types].xml" in names else b""
    if any(name.endswith("workbook.bin") for name in names):
        raise NotTaken("xlsb")
    has_macros = any("vbaproject" in name or "/macrosheets/" in name for name in names)
    if has_macros or b"macroEnabled" in types or b"vbaProject" in types:
        raise NotTaken("macro")
    if STRICT in archive.text_of(book, archive.part_named(book, "xl/workbook.xml")):
        raise NotTaken("strict")


def sheets(book) -> dict[str, str]:
    """Name of each worksheet → name of its part."""
    parts = _parts(book)
    found = {}
    for sheet in _elements(book, "xl/workbook.xml"):
        if sheet.tag.endswith("}sheet"):
            target = next((parts.get(value) for key, value in sheet.attrib.items() if key.endswith("}id")), None)
            if target:
                found[sheet.get("name")] = target
    return found


def _parts(book) -> dict[str, str]:
    found = {}
    for link in _elements(book, "xl/_rels/workbook.xml.rels"):
        target = normpath(join("/xl", (link.get("Target") or "").replace("\\", "/"))).lstrip("/")
        found[link.get("Id")] = archive.part_named(book, target)
    return found


def _elements(book, name):
    """Of a small part; it declares no entities, so that the parser has none to follow."""
    found = archive.part_named(book, name)
    try:
        text = archive.text_of(book, found) if found else None
        return ElementTree.fromstring(text).iter() if text else ()  # nosec B314  # text with a DOCTYPE was refused
    except ElementTree.ParseError:
        raise NotTaken("corrupt") from None


def measured(book) -> tuple[dict[str, Extent], bytes]:
    """Part → extent of every worksheet; every other part is read and checked as well. And the book cut to its first rows."""
    roots = {name: _root(book, name) for name in book.namelist()}
    extents = {name: extent_of(archive.blocks(book, name)) for name, root in roots.items() if root and root[2] == b"worksheet"}
    parts = {name: _cut(extent, roots[name]) for name, extent in extents.items()}
    named = max(map(strings.last_named, parts.values()), default=-1)
    for name, root in roots.items():
        if root and root[2] == b"sst":
            sizes, kept = strings.sizes_of(archive.blocks(book, name), keep=named + 1)
            parts[name] = kept + _closing(root) if kept else _NO_STRINGS
            _check_copies(book, sizes, extents)
        elif root is None:
            _read_through(book, name)
    _check_reach(book, extents)
    return extents, _short(book, parts)


def _root(book, name):
    """The root of a part that may be large, with its prefix."""
    return _ROOT.search(next(archive.blocks(book, name), b"")[:4096])


def _cut(extent, root) -> bytes:
    """The worksheet up to its first rows that hold anything."""
    if not extent.filled:
        return _NO_ROWS
    return b"".join(extent.head) + _closing(root, b"sheetData")


def _closing(root, *inner) -> bytes:
    prefix = root[1] + b":" if root[1] else b""
    return b"".join(b"</" + prefix + end + b">" for end in (*inner, root[2]))


def _read_through(book, name):
    for _block in archive.blocks(book, name):
        pass


def _short(book, parts) -> bytes:
    """A workbook of the parts given and of those that say which sheet is which and what a date looks like."""
    short = BytesIO()
    with zipfile.ZipFile(short, "w") as copy:
        for name in book.namelist():
            if name in parts:
                copy.writestr(name, parts[name])
            elif describes(name):
                copy.writestr(name, archive.text_of(book, name))
    return short.getvalue()


def describes(name) -> bool:
    """Whether the part says which sheet is which, or what a date looks like."""
    return bool(_DESCRIBES.search(archive.bare(name)))


def _check_copies(book, sizes, extents):
    cells = sum(extent.cells for extent in extents.values())
    strings.check_weight(sizes, cells, (archive.blocks(book, name) for name in extents))


def _check_reach(book, extents):
    """A sheet whose cells lie far apart; those that hold a look only are left out before it is refused."""
    for name, extent in extents.items():
        if extent.is_thin and extent_of(archive.blocks(book, name), exact=True).is_thin:
            raise NotTaken("bomb")


def errors(source, sheet_name) -> dict[int, dict[int, str]]:
    """Row → column → what the cell says, of the cells in error (#N/A and the like), which the reader leaves empty."""
    found = {}
    with archive.opened(source) as book:
        part = sheets(book).get(sheet_name)
        for seen in _in_error(book, part) if part else ():
            _add_errors(found, seen)
    return found


def errors_within(rows: bytes) -> dict[int, dict[int, str]]:
    """The same, of some rows as XML."""
    found = {}
    if b't="e"' in rows or b"t='e'" in rows:
        _add_errors(found, rows)
    return found


def _add_errors(found, seen):
    for letters, number, words in _ERROR.findall(seen):
        found.setdefault(int(number), {})[column_number(letters)] = words.decode(errors="replace")


def _in_error(book, part):
    """The blocks that hold cells in error, each with the end of the one before; hardly any sheet has one."""
    before = b""
    with book.open(part) as sheet:
        while block := sheet.read(archive.BLOCK):
            if b't="e"' in block or b't="e"' in before[-8:] + block[:8] or (b"r='" in block and b"t='e'" in block):
                yield before[-_LONGEST_CELL:] + block
            elif b't="e"' in before[-_LONGEST_CELL:]:
                yield before[-_LONGEST_CELL:] + block[:_LONGEST_CELL]
            before = block
