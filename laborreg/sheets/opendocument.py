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
# What an office program writes into a cell that it could not compute.
_WORDS = re.compile(r"#(N/A|REF!|NAME\?|VALUE!|DIV/0!|NULL!|NUM!)|Err:[0-9]{3}")
_IN_ERROR = re.compile(rb"""value-type\s*=\s*["']error["']|>(?:#(?:N/A|REF!|NAME\?|VALUE!|DIV/0!|NULL!|NUM!)|Err:[0-9]{3})<""")
MOST_ERRORS = 1_000_000


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


def _whole(blocks, listener=None):
    parser, has_begun = expat.ParserCreate(), False
    if listener:
        parser.StartElementHandler, parser.EndElementHandler = listener.begin, listener.end
        parser.CharacterDataHandler = listener.text
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


def errors(source, sheet_name) -> dict[int, dict[int, str]]:
    """Row → column → what the cell says, of the cells in error, which the reader leaves empty."""
    with archive.opened(source) as book:
        content = archive.part_named(book, "content.xml")
        if not _has_errors(archive.blocks(book, content)):
            return {}
        cells = _Cells(sheet_name)
        for _block in _whole(archive.blocks(book, content), cells):
            pass
    return cells.found


def _has_errors(blocks) -> bool:
    """Hardly any sheet has one."""
    before = b""
    for block in blocks:
        if _IN_ERROR.search(before + block):
            return True
        before = block[-100:]
    return False


class _Cells:
    """Told of each element of the content; keeps the words of cells in error of one sheet."""

    def __init__(self, sheet_name):
        self.sheet, self.found, self.count, self.is_ours = sheet_name, {}, 0, False
        self.row, self.rows, self.column, self.columns = 1, 0, 1, 0
        self.is_error, self.has_formula, self.words, self.aside = False, False, "", 0

    def begin(self, name, attributes):
        kind = name.rpartition(":")[2]
        if kind == "table":
            self.is_ours = self.sheet in (attributes.get(key) for key in attributes if key.endswith(":name"))
            self.row, self.rows = 1, 0
        elif kind == "table-row":
            self.row, self.rows = self.row + self.rows, _times(attributes)
            self.column, self.columns = 1, 0
        elif kind in ("table-cell", "covered-table-cell"):
            self.column, self.columns = self.column + self.columns, _times(attributes)
            self.is_error = any(key.endswith(":value-type") and value == "error" for key, value in attributes.items())
            self.has_formula = any(key.endswith(":formula") for key in attributes)
            self.words = ""
        elif kind == "annotation":
            self.aside += 1

    def text(self, words):
        if not self.aside:
            self.words += words

    def end(self, name):
        kind = name.rpartition(":")[2]
        if kind == "annotation":
            self.aside -= 1
        elif kind == "table-cell" and self.is_ours:
            words = self.words.strip()
            if self.is_error or (self.has_formula and _WORDS.fullmatch(words)):
                self._put(words or "#N/A")

    def _put(self, words):
        self.count += self.rows * self.columns
        if self.count > MOST_ERRORS:
            raise NotTaken("bomb")
        for row in range(self.row, self.row + self.rows):
            its = self.found.setdefault(row, {})
            its.update(dict.fromkeys(range(self.column, self.column + self.columns), words))


def _times(attributes) -> int:
    repeated = (value for key, value in attributes.items() if key.endswith("-repeated"))
    return int(next(repeated, 1))
