"""What the cells of a workbook are bound to: written in the file, or put there by clicking; and what is wrong with it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from laborreg.refusals import Refusal
from laborreg.sheets.grid import Grid, place, said
from laborreg.sheets.package import Package, local, q
from reports.blanks import keys
from reports.blanks.keys import ROW, Said, Unread

MOST_SHOWN = 30
# A brace that opens no identifier of an attribute, or may be written as something else; and the number of a shared text.
_BRACE = re.compile(rb"""(?<!=["'])(?:\{|\xef\xbd\x9b)|&#|<!\[CDATA""")
_VALUE = re.compile(rb"<(?:[\w.-]+:)?v(?:\s[^>]*)?>\s*([0-9]{1,9})\s*<")
_OF_THE_PRINT = {"oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter"}


@dataclass(frozen=True)
class Bound:
    """A cell and what it says."""

    sheet: str
    cell: str
    said: Said
    clicked: bool = False

    @property
    def row(self) -> int:
        return place(self.cell)[0]


@dataclass(frozen=True)
class Fault:
    """`cell` is empty where it is about a sheet, `sheet` where it is about the workbook."""

    sheet: str
    cell: str
    sentence: str

    def __str__(self):
        where = " ".join(part for part in (self.sheet, self.cell) if part)
        return _("%(where)s: %(fault)s") % {"where": where, "fault": self.sentence} if where else self.sentence


class NotFit(Refusal):
    """The workbook cannot be bound or filled as it is; every fault with its cell."""

    def __init__(self, faults: list[Fault]):
        self.faults = faults[:MOST_SHOWN]
        super().__init__(" ".join(map(str, self.faults)))


class Grids(Mapping):
    """The sheets of a workbook by name, each opened when it is asked for."""

    def __init__(self, package: Package):
        self._package, self._opened = package, {}

    def __getitem__(self, name: str) -> Grid:
        if name not in self._package.sheets:
            raise KeyError(name)
        if name not in self._opened:
            self._opened[name] = Grid(self._package, name)
        return self._opened[name]

    def __iter__(self):
        return iter(self._package.sheets)

    def __len__(self):
        return len(self._package.sheets)

    def close(self, name: str):
        """Lets go of a sheet that was looked at."""
        if grid := self._opened.pop(name, None):
            self._package.forget(grid.part)


class Bindings:
    """All bindings of a workbook. `clicked`: (sheet, cell, key, repeats) of what was put there by clicking."""

    def __init__(self, package: Package, clicked: Iterable[tuple[str, str, str, str]] = ()):
        self.package, self.faults = package, []
        self.grids = Grids(package)
        self.bound: dict[tuple[str, str], Bound] = {}
        for name in self.grids:
            if _may_hold_key(package, name):
                self._written(self.grids[name])
        for each in clicked:
            self._clicked(*each)
        for name in self.grids:
            self._rows(name)
        self.faults += elsewhere(package)

    def must_hold(self):
        """Refuses with every fault; nothing is filled by half."""
        if self.faults:
            raise NotFit(self.faults)

    def must_bind_something(self):
        self.must_hold()
        if not any(bound.said.asks for bound in self.bound.values()):
            raise Refusal(_("Nothing in this workbook is bound to a figure yet. Bind a cell, or write {{away}} into one."))

    def of(self, sheet: str) -> list[Bound]:
        return [bound for (name, _cell), bound in self.bound.items() if name == sheet]

    def repeated(self, sheet: str) -> tuple[int, str] | None:
        """The row of a sheet that is repeated, and for what."""
        return next(((bound.row, bound.said.repeats) for bound in self.of(sheet) if bound.said.repeats), None)

    def _written(self, grid):
        for _row, _column, cell in grid.cells():
            at, formula = cell.get("r"), cell.find(q("f"))
            if formula is not None:
                if keys.holds_key(formula.text or ""):
                    self._fault(grid.name, at, _(
                        "A key stands inside a formula. Put it into a cell of its own and name that cell in the formula."
                    ))
            elif keys.holds_key(text := grid.text(at)):
                self._add(grid, at, text, clicked=False)

    def _clicked(self, sheet, cell, key, repeats):
        grid = self.grids.get(sheet)
        if grid is None:
            self._fault(sheet, cell, _("There is no such sheet."))
        elif (sheet, cell) in self.bound:
            self._fault(sheet, cell, _("This cell is bound twice: by clicking, and by a key that is written in it."))
        elif refused := why_not(grid, cell):
            self._fault(sheet, cell, refused)
        else:
            mark = f"{{{{each {repeats}}}}}" if repeats else ""
            self._add(grid, cell, f"{mark}{{{{{key}}}}}" if key else mark, clicked=True)

    def _add(self, grid, at, text, *, clicked):
        if grid.top_left(at) != at:
            self._fault(grid.name, at, _("This cell lies under a merged one; use its top left cell, %(cell)s.") % {
                "cell": grid.top_left(at)
            })
            return
        try:
            self.bound[grid.name, at] = Bound(grid.name, at, keys.read(text), clicked)
        except Unread as fault:
            self._fault(grid.name, at, fault.message)

    def _rows(self, sheet):
        """One repeated row a sheet, with something in it; what belongs to a row stands in it."""
        marks = [bound for bound in self.of(sheet) if bound.said.repeats]
        rows = {bound.row for bound in marks}
        if len(marks) > 1:
            self._fault(sheet, marks[-1].cell, _(
                "This sheet has more than one mark of a repeated row. Only one row of a sheet can be repeated, marked once."
            ))
        for bound in self.of(sheet):
            if bound.row not in rows and any(each.key.group == ROW for each in bound.said.asks):
                self._fault(sheet, bound.cell, _("This key belongs into a repeated row: write {{each township}} into it."))
        for mark in marks:
            if not any(bound.said.asks for bound in self.of(sheet) if bound.row == mark.row):
                self._fault(sheet, mark.cell, _("This row is to be repeated, and nothing in it is bound to a figure."))

    def _fault(self, sheet, cell, sentence):
        self.faults.append(Fault(sheet, cell, sentence))


def _may_hold_key(package: Package, sheet: str) -> bool:
    """Sheets without a key are most of some workbooks; they are not opened to find none."""
    raw = package.raw(package.sheets[sheet])
    if _BRACE.search(raw):
        return True
    keyed = _keyed_strings(package)
    return bool(keyed) and any(int(found[1]) in keyed for found in _VALUE.finditer(raw))


def _keyed_strings(package) -> set[int]:
    """Places of the shared texts that hold a key."""
    return {number for number, each in enumerate(package.strings) if keys.holds_key(said(each))}


def why_not(grid: Grid, cell: str) -> str:
    """Why a cell cannot be bound by clicking; "" where it can."""
    if place(cell) is None:
        return _("There is no such cell.")
    if grid.top_left(cell) != cell:
        return _("This cell lies under a merged one; use its top left cell, %(cell)s.") % {"cell": grid.top_left(cell)}
    if grid.formula(cell):
        return _("This cell holds a formula; it is worked out by itself.")
    return ""


def elsewhere(package: Package) -> Iterator[Fault]:
    """Keys are looked for in cells; one in a heading of the print, a text box or a note would stay as it is."""
    for name, part in package.sheets.items():
        for each in package.tree(part).iter() if _BRACE.search(package.raw(part)) else ():
            if local(each) in _OF_THE_PRINT and keys.holds_key(each.text or ""):
                yield Fault(name, "", _("A key stands in the header or footer of the print. Keys are filled in cells only."))
        for kind, linked in package.links(part):
            if kind in ("drawing", "comments", "threadedComment", "vmlDrawing") and b"{{" in package.raw(linked):
                yield Fault(name, "", _("A key stands in a text box or a note. Keys are filled in cells only."))
