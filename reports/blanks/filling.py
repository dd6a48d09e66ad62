"""A workbook filled for an area and a month: every bound cell, or none of it."""

from dataclasses import dataclass

from laborreg.sheets.grid import Grid, name_of, place
from laborreg.sheets.growing import grow
from laborreg.sheets.package import Package
from laborreg.sheets.recalculating import recalculate
from reports.blanks import keys
from reports.blanks.bindings import Bindings, Bound
from reports.blanks.values import Values, as_text


@dataclass(frozen=True)
class LeftEmpty:
    """A bound cell of the filled workbook for which there is no figure."""

    sheet: str
    cell: str
    label: str


@dataclass(frozen=True)
class Filled:
    package: Package
    left_empty: list[LeftEmpty]
    cells: int


def fill(content: bytes, clicked, values: Values) -> Filled:
    """The workbook filled; refuses what cannot be filled as a whole."""
    package = Package(content)
    bindings = Bindings(package, clicked)
    bindings.must_bind_something()
    values.expect(ask for bound in bindings.bound.values() for ask in bound.said.asks)
    left, cells = [], 0
    for sheet in package.sheets:
        if of_sheet := bindings.of(sheet):
            done = _Sheet(package, sheet, of_sheet, bindings.repeated(sheet), values)
            left, cells = left + done.left, cells + done.cells
    recalculate(package)
    return Filled(package, left, cells)


class _Sheet:
    def __init__(self, package, sheet, bound, repeated, values):
        self.values, self.left, self.cells = values, [], 0
        self.row, repeats = repeated or (0, "")
        self.parts = values.parts(repeats) if repeats else []
        if self.parts:
            grow(package, sheet, self.row, len(self.parts))
        self.grid = Grid(package, sheet)
        for each in bound:
            self._fill(each)

    def _fill(self, bound: Bound):
        row, column = place(bound.cell)
        if self.parts and row == self.row:
            for number, part in enumerate(self.parts, 1):
                self._put(name_of(row + number - 1, column), bound, part, number)
            return
        moved = row + len(self.parts) - 1 if self.parts and row > self.row else row
        self._put(name_of(moved, column), bound, None, 0)

    def _put(self, at, bound, part, number):
        alone = bound.said.alone
        if alone:
            value = self._value(alone, at, part, number)
            self.grid.put(at, value)
        elif bound.clicked or not self.grid.has_runs(at, _is_whole):
            self.grid.put(at, self._text(bound.said, at, part, number) or None)
        else:
            self.grid.put_pieces(at, lambda text: self._text(keys.read(text), at, part, number))
        self.cells += len(bound.said.asks)

    def _text(self, said, at, part, number) -> str:
        return "".join(
            piece if isinstance(piece, str) else as_text(self._value(piece, at, part, number), piece) for piece in said.pieces
        )

    def _value(self, ask, at, part, number):
        value = self.values.of(ask, part, number)
        if value is None:
            self.left.append(LeftEmpty(self.grid.name, at, ask.label))
        return value


def _is_whole(text) -> bool:
    """Whether every key of a run of letters ends in the same run."""
    try:
        keys.read(text)
    except keys.Unread:
        return False
    return True
