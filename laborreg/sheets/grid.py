"""The cells of one sheet inside its XML: read as text, set to a number or a text, everything else left alone."""

import re
from copy import deepcopy
from decimal import Decimal
from functools import cached_property

from lxml import etree

from laborreg.sheets.faults import NotTaken
from laborreg.sheets.package import Package, local, q

_CELL = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")
HIGHEST_COLUMN, HIGHEST_ROW = 16_384, 1_048_576
MOST_MERGED = 100_000
# XML holds no other characters.
_UNPRINTABLE = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


def letters(column: int) -> str:
    """1 → A, 28 → AB."""
    found = ""
    while column:
        column, rest = divmod(column - 1, 26)
        found = chr(65 + rest) + found
    return found


def number_of(column: str) -> int:
    """A → 1, AB → 28."""
    found = 0
    for letter in column.upper():
        found = found * 26 + ord(letter) - 64
    return found


def place(name: str) -> tuple[int, int] | None:
    """(row, column) of "B7"; None of what names no cell."""
    found = _CELL.fullmatch(name or "")
    if not found:
        return None
    row, column = int(found[2]), number_of(found[1])
    return (row, column) if 1 <= row <= HIGHEST_ROW and column <= HIGHEST_COLUMN else None


def name_of(row: int, column: int) -> str:
    return f"{letters(column)}{row}"


def box(reference: str) -> tuple[int, int, int, int] | None:
    """(first row, first column, last row, last column) of "A1:C3" or "B7"."""
    first, _colon, last = reference.partition(":")
    start, end = place(first), place(last or first)
    return (*start, *end) if start and end else None


class Grid:
    """One sheet. Cells are named "B7"; a merged cell is asked for by its top left one."""

    def __init__(self, package: Package, name: str):
        self.package, self.name, self.part = package, name, package.sheets[name]
        self.root = package.tree(self.part)
        self._number()

    def _number(self):
        """Rows and cells may leave out where they stand when they follow the one before."""
        row_number = 0
        for row in self.rows:
            row_number = int(row.get("r") or row_number + 1)
            row.set("r", str(row_number))
            column = 0
            for cell in row.iterchildren(q("c")):
                column = place(cell.get("r"))[1] if place(cell.get("r")) else column + 1
                cell.set("r", name_of(row_number, column))

    @property
    def data(self):
        return self.root.find(q("sheetData"))

    @property
    def rows(self) -> list:
        return list(self.data.iterchildren(q("row"))) if self.data is not None else []

    def cells(self):
        """(row, column, element) of every cell there is, in order."""
        for row in self.rows:
            for cell in row.iterchildren(q("c")):
                yield (*place(cell.get("r")), cell)

    @cached_property
    def _elements(self) -> dict:
        return {(row, column): cell for row, column, cell in self.cells()}

    def forget(self):
        """After rows were moved."""
        self.__dict__.pop("_elements", None)
        self.__dict__.pop("merged", None)
        self.__dict__.pop("_covered", None)

    def element(self, at: str):
        return self._elements.get(place(at))

    def at(self, row: int, column: int):
        return self._elements.get((row, column))

    @cached_property
    def merged(self) -> list[tuple[int, int, int, int]]:
        found = [each_box for each in self.root.iter(q("mergeCell")) if (each_box := box(each.get("ref", "")))]
        if sum((bottom - top + 1) * (right - left + 1) for top, left, bottom, right in found) > MOST_MERGED:
            raise NotTaken("bomb")
        return found

    @cached_property
    def _covered(self) -> dict:
        return {
            (row, column): (top, left)
            for top, left, bottom, right in self.merged
            for row in range(top, bottom + 1) for column in range(left, right + 1)
        }

    def top_left(self, at: str) -> str:
        """Where the merged cell begins that covers this one; itself when none does."""
        return name_of(*self._covered.get(place(at), place(at)))

    def formula(self, at: str) -> bool:
        cell = self.element(at)
        return cell is not None and cell.find(q("f")) is not None

    def text(self, at: str) -> str:
        """What the cell holds, as plain text; of a formula the value that was saved with it."""
        cell = self.element(at)
        return "" if cell is None else text_of(cell, self.package.strings)

    def format(self, at: str) -> str:
        cell = self.element(at)
        style = int(cell.get("s") or 0) if cell is not None else 0
        formats = self.package.formats
        return formats[style] if style < len(formats) else ""

    def put(self, at: str, value):
        """A number as a number, a text as a text (never a formula), nothing as an empty cell; the look stays."""
        cell = self._made(at)
        _empty(cell)
        if isinstance(value, str):
            _put_text(cell, value)
        elif value is not None:
            etree.SubElement(cell, q("v")).text = plain(value)
        self.package.touch(self.part)

    def put_pieces(self, at: str, change):
        """The text of a cell with each run of letters changed by a function; looks inside the text stay."""
        cell = self._made(at)
        source = _rich(cell, self.package.strings)
        if source is None:
            self.put(at, change(self.text(at)))
            return
        _empty(cell)
        cell.set("t", "inlineStr")
        inside = etree.SubElement(cell, q("is"))
        for run in source.iterchildren(q("r")):
            copy = deepcopy(run)
            for text in copy.iter(q("t")):
                text.text, text.attrib[_SPACE] = clean(change(text.text or "")), "preserve"
            inside.append(copy)
        self.package.touch(self.part)

    def has_runs(self, at: str, is_whole) -> bool:
        """Whether the text has looks of its own inside, each run of which `is_whole`."""
        cell = self.element(at)
        source = _rich(cell, self.package.strings) if cell is not None else None
        return source is not None and all(is_whole(text.text or "") for text in source.iter(q("t")))

    def _made(self, at):
        """The cell's element; where the sheet has none yet, one with the look of its row or column."""
        row_number, column = place(at)
        found = self._elements.get((row_number, column))
        if found is None:
            row = self._row(row_number)
            found = etree.Element(q("c"), r=name_of(row_number, column))
            if style := (row.get("s") if row.get("customFormat") in ("1", "true") else self._style_of_column(column)):
                found.set("s", style)
            row.insert(sum(1 for each in row.iterchildren(q("c")) if place(each.get("r"))[1] < column), found)
            self._elements[row_number, column] = found
        return found

    def _row(self, number):
        rows = self.rows
        for row in rows:
            if int(row.get("r")) == number:
                return row
        made = etree.Element(q("row"), r=str(number))
        self.data.insert(sum(1 for row in rows if int(row.get("r")) < number), made)
        return made

    def _style_of_column(self, column):
        for each in self.root.iter(q("col")):
            if int(each.get("min")) <= column <= int(each.get("max")):
                return each.get("style")
        return None


def text_of(cell, strings) -> str:
    kind, value = cell.get("t"), cell.findtext(q("v")) or ""
    if kind == "inlineStr":
        inside = cell.find(q("is"))
        return said(inside) if inside is not None else ""
    if kind == "s":
        return said(strings[int(value)]) if value.isdigit() and int(value) < len(strings) else ""
    if kind == "b":
        return "TRUE" if value == "1" else "FALSE"
    return value


def said(element) -> str:
    """The text of a string with or without runs; how it is read aloud is left out."""
    return "".join(
        text.text or "" for text in element.iter(q("t")) if local(text.getparent()) != "rPh"
    )


def _rich(cell, strings):
    if cell.get("t") == "inlineStr":
        found = cell.find(q("is"))
    elif cell.get("t") == "s" and (cell.findtext(q("v")) or "").isdigit():
        found = strings[int(cell.findtext(q("v")))]
    else:
        return None
    return found if found is not None and found.find(q("r")) is not None else None


def _empty(cell):
    """Extensions of the cell stay."""
    cell.attrib.pop("t", None)
    for name in ("f", "v", "is"):
        for each in cell.findall(q(name)):
            cell.remove(each)


def _put_text(cell, value):
    cell.set("t", "inlineStr")
    text = etree.Element(q("t"))
    text.text, text.attrib[_SPACE] = clean(value), "preserve"
    inside = etree.Element(q("is"))
    inside.append(text)
    cell.insert(0, inside)


def clean(text: str) -> str:
    """Without the characters that XML cannot hold."""
    return _UNPRINTABLE.sub("", text)


def plain(value) -> str:
    """A number as the file writes it."""
    if isinstance(value, bool):
        return str(int(value))
    return format(value, "f") if isinstance(value, Decimal) else repr(value)
