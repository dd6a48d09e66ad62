"""The values saved with formulas, after cells that they look at were filled.

Viewers on phones and protected views show what was saved, so sums and the like (laborreg.sheets.formulas) are worked out
here. A formula that needs more loses its saved value, and the workbook asks whoever opens it to calculate everything.
"""

from lxml import etree

from laborreg.sheets.formulas import CannotTell, Cells, Formula, InError, number_of, single
from laborreg.sheets.grid import Grid, box, name_of, plain, text_of
from laborreg.sheets.package import Package, q

# Cells looked at, signs of formulas and letters joined, of a whole workbook: a few seconds.
MOST_WORK = 2_000_000
# Formulas that lead to formulas.
MOST_FORMULAS_DEEP = 40


def recalculate(package: Package):
    """Saved values of formulas in every sheet that was edited, and in those that name an edited sheet."""
    edited = [name for name, part in package.sheets.items() if part in package.edited]
    values = _Values(package)
    for name, part in package.sheets.items():
        if name in edited or _names_any(package.raw(part), edited):
            _save(package, values, values.grid(name))
    package.calculate_on_load()


def _names_any(raw, sheets) -> bool:
    return any(f"{name}!".encode() in raw or f"{name}'!".encode() in raw for name in sheets)


def _save(package, values, grid):
    for row, column, cell in grid.cells():
        formula = cell.find(q("f"))
        if formula is None:
            continue
        try:
            found = values.of(grid.name, row, column)
        except CannotTell:
            found = None
        except InError as fault:
            found = fault
        if _save_one(cell, found):
            package.touch(grid.part)


def _save_one(cell, found) -> bool:
    """Whether the saved value is another than before."""
    kind, text = _as_saved(found)
    if (cell.get("t"), cell.findtext(q("v"))) == (kind, text) or (kind is None and _same(cell, text)):
        return False
    for each in cell.findall(q("v")):
        cell.remove(each)
    cell.attrib.pop("t", None)
    if kind:
        cell.set("t", kind)
    if text is not None:
        saved = etree.Element(q("v"))
        saved.text = text
        cell.find(q("f")).addnext(saved)
    return True


def _same(cell, text) -> bool:
    """The same number, written in another way."""
    try:
        return cell.get("t") in (None, "n") and text is not None and float(cell.findtext(q("v")) or "") == float(text)
    except ValueError:
        return False


def _as_saved(found):
    if isinstance(found, InError):
        return "e", str(found)
    if isinstance(found, bool):
        return "b", str(int(found))
    if isinstance(found, str):
        return "str", found
    return None, None if found is None else plain(found)


class _Values:
    """What cells come to, each worked out once."""

    def __init__(self, package):
        self.package, self.grids, self.known = package, {}, {}
        self.formulas_deep, self.deep, self.worked = 0, 0, 0

    def grid(self, name) -> Grid:
        found = next((each for each in self.package.sheets if each.casefold() == name.casefold()), None)
        if found is None:
            raise CannotTell(name)
        if found not in self.grids:
            self.grids[found] = Grid(self.package, found)
        return self.grids[found]

    def work(self, amount):
        self.worked += amount
        if self.worked > MOST_WORK:
            raise CannotTell("too much work")

    def of(self, sheet, row, column):
        """What a cell comes to; sizes and depths that numbers or this machine do not have cannot be told."""
        if self.grid(sheet).at(row, column) is None:
            return None
        key = (sheet, row, column)
        if key not in self.known:
            # A formula that leads back to itself finds this, and cannot be told.
            self.known[key] = CannotTell("around in a ring")
            try:
                self.known[key] = self._worked_out(sheet, row, column)
            except (CannotTell, InError) as fault:
                self.known[key] = fault
            except (ArithmeticError, RecursionError) as fault:
                self.known[key] = CannotTell(type(fault).__name__)
        found = self.known[key]
        if isinstance(found, Exception):
            raise found
        return found

    def _worked_out(self, sheet, row, column):
        cell = self.grid(sheet).at(row, column)
        formula = cell.find(q("f"))
        if formula is None:
            return _held(cell, self.package.strings)
        if not formula.text or formula.get("t") in ("array", "dataTable"):
            raise CannotTell(name_of(row, column))
        if self.formulas_deep > MOST_FORMULAS_DEEP:
            raise CannotTell("too deep")
        self.work(len(formula.text))
        self.formulas_deep += 1
        try:
            return single(Formula(formula.text, sheet, self).value())
        finally:
            self.formulas_deep -= 1

    def range(self, sheet, reference):
        found = box(reference.replace("$", ""))
        if found is None:
            raise CannotTell(reference)
        top, left, bottom, right = found
        self.work((bottom - top + 1) * (right - left + 1))
        if ":" not in reference:
            return self.of(self.grid(sheet).name, top, left)
        name = self.grid(sheet).name
        return Cells(
            self.of(name, row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)
        )


def _held(cell, strings):
    """The value of a cell without a formula."""
    kind, value = cell.get("t"), cell.findtext(q("v"))
    if kind == "e":
        raise InError(value or "#N/A")
    if kind == "b":
        return value == "1"
    if kind in ("s", "inlineStr", "str"):
        return text_of(cell, strings)
    return None if not value else number_of(value)
