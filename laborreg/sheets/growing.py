"""One row of a sheet becomes several: its copies, and everything in the workbook that names a row of that sheet.

Rows below move; merged cells, formulas, drop-downs, conditional formats, filters, links, page breaks, pictures, charts,
notes, tables, defined names and print areas follow. Elements of other makers' own are looked through for references.
"""

from copy import deepcopy

from lxml import etree
from openpyxl.formula.translate import Translator

from laborreg.sheets.faults import NotTaken
from laborreg.sheets.grid import Grid, box, name_of, place
from laborreg.sheets.package import MOST_CELLS, MOST_OF_FORMULAS, Package, local, q
from laborreg.sheets.references import Growth, grown

# Attributes that hold references, wherever they stand, and whether a lone cell of the row grows with it.
_GROWING, _MOVING = {"ref", "sqref", "sourceRef"}, {"activeCell", "topLeftCell"}
# Elements that hold a formula, of the sheet and of its extensions.
_FORMULAS = {"formula", "formula1", "formula2", "f"}
_BREAKS = "rowBreaks"


def grow(package: Package, sheet: str, row: int, times: int):
    """The row stands `times` times; the copies hold what it holds."""
    grid = Grid(package, sheet)
    growth = Growth(sheet, row, times - 1)
    if not growth.more:
        return
    _check(grid, row)
    _unshare(grid)
    _rows(grid, growth)
    _around(grid.root, growth)
    package.touch(grid.part)
    _related(package, grid.part, growth)
    _workbook(package, growth)
    _other_sheets(package, growth)
    _charts(package, growth)
    package.forget_calculation_order()


def _check(grid, row):
    """A cell that is merged with rows below would hide what the copies hold."""
    for top, _left, bottom, _right in grid.merged:
        if top == row != bottom:
            raise NotTaken("merged_rows", sheet=grid.name, row=row)


def _unshare(grid):
    """Formulas that are written once for many cells are written out: their cells no longer stand in one block."""
    masters, written = {}, 0
    for _row, _column, cell in grid.cells():
        formula = cell.find(q("f"))
        if formula is None or formula.get("t") != "shared":
            continue
        if formula.text:
            masters[formula.get("si")] = (formula.text, cell.get("r"))
        elif formula.get("si") in masters:
            text, origin = masters[formula.get("si")]
            written += len(text)
            if written > MOST_OF_FORMULAS:
                raise NotTaken("too_full")
            formula.text = Translator("=" + text, origin).translate_formula(cell.get("r"))[1:]
        for name in ("t", "si", "ref"):
            formula.attrib.pop(name, None)


def _must_stay_small(row, growth):
    """Copies of a row of thousands of cells, or of long formulas, would be a file of any size."""
    letters = sum(len(formula.text or "") for formula in row.iter(q("f")))
    if len(row) * growth.more > MOST_CELLS or letters * growth.more > MOST_OF_FORMULAS:
        raise NotTaken("too_full")


def _rows(grid, growth):
    for row in reversed(grid.rows):
        number = int(row.get("r"))
        if number == growth.row:
            _must_stay_small(row, growth)
            for copy in range(growth.more, 0, -1):
                row.addnext(_copied(row, growth, copy))
        _move(row, growth, growth.start(number), 0 if number == growth.row else None)
    grid.forget()


def _copied(row, growth, copy):
    made = deepcopy(row)
    _move(made, growth, growth.row + copy, copy)
    return made


def _move(row, growth, number, copy):
    row.set("r", str(number))
    for cell in row.iterchildren(q("c")):
        cell.set("r", name_of(number, place(cell.get("r"))[1]))
        formula = cell.find(q("f"))
        if formula is None:
            continue
        if formula.text:
            formula.text = grown(formula.text, growth, on=growth.sheet, copy=copy)
        if formula.get("ref"):
            formula.set("ref", _array(formula.get("ref"), growth, copy))


def _array(reference, growth, copy) -> str:
    """The cells of one array formula."""
    top, left, bottom, right = box(reference)
    if copy is None:
        return growth.box(reference, grows=False)
    if top != bottom:
        raise NotTaken("merged_rows", sheet=growth.sheet, row=growth.row)
    ends = [name_of(growth.row + copy, column) for column in dict.fromkeys((left, right))]
    return ":".join(ends)


def _around(root, growth):
    """What stands on the sheet around its rows."""
    for element in list(root):
        if local(element) == "sheetData":
            continue
        if local(element) == "mergeCells":
            _merges(element, growth)
        elif local(element) == _BREAKS:
            _breaks(element, growth)
        else:
            _inside(element, growth)


def _inside(element, growth):
    for each in element.iter():
        name = local(each)
        _attributes(each, growth)
        if name in _FORMULAS and each.text and not len(each):
            each.text = grown(each.text, growth, on=growth.sheet)
        elif name == "sqref" and each.text:
            each.text = growth.boxes(each.text)
        elif name in ("from", "to"):
            _anchor_end(each, growth)


def _attributes(element, growth):
    for name in _GROWING & set(element.attrib):
        element.set(name, growth.boxes(element.get(name)))
    for name in _MOVING & set(element.attrib):
        element.set(name, growth.box(element.get(name), grows=False))
    if local(element) in ("cellWatch", "inputCells"):
        element.set("r", growth.box(element.get("r", ""), grows=False))


def _merges(element, growth):
    for each in list(element):
        found = box(each.get("ref", ""))
        if not found:
            continue
        top, left, bottom, right = found
        if top == bottom == growth.row:
            for copy in range(growth.more, 0, -1):
                made = deepcopy(each)
                made.set("ref", f"{name_of(top + copy, left)}:{name_of(top + copy, right)}")
                each.addnext(made)
        else:
            each.set("ref", growth.box(each.get("ref")))
    if element.get("count"):
        element.set("count", str(len(element)))


def _breaks(element, growth):
    for each in element:
        if (each.get("id") or "").isdigit():
            each.set("id", str(growth.end(int(each.get("id")))))


def _anchor_end(element, growth):
    """Rows of anchors are counted from 0."""
    row = next((each for each in element if local(each) == "row"), None)
    if row is not None and (row.text or "").strip().isdigit():
        row.text = str(growth.start(int(row.text) + 1) - 1)


def _related(package, part, growth):
    """Pictures, notes and tables of the sheet."""
    edits = {
        "drawing": _drawing, "comments": _notes, "threadedComment": _notes, "vmlDrawing": _note_boxes, "table": _table,
        "pivotTable": _table,
    }
    for kind, name in package.links(part):
        if kind in edits:
            before = etree.tostring(package.tree(name))
            edits[kind](package.tree(name), growth)
            if etree.tostring(package.tree(name)) != before:
                package.touch(name)


def _drawing(root, growth):
    """A picture moves with the cell under its corner; one that stretches with its cells stretches."""
    for anchor in root:
        ends = [each for each in anchor if local(each) in ("from", "to")]
        fixed = anchor.get("editAs")
        if fixed == "absolute" or not ends:
            continue
        if fixed == "oneCell" and not _is_below(ends[0], growth):
            continue
        for end in ends:
            _anchor_end(end, growth)


def _is_below(end, growth) -> bool:
    row = next((each.text for each in end if local(each) == "row"), "0")
    return int(row) + 1 > growth.row


def _notes(root, growth):
    for each in root.iter():
        if local(each) in ("comment", "threadedComment") and each.get("ref"):
            each.set("ref", growth.box(each.get("ref"), grows=False))


def _note_boxes(root, growth):
    """`Row`, and `Anchor`: column, offset, row, offset, twice."""
    for each in root.iter():
        if local(each) == "Row" and (each.text or "").strip().isdigit():
            each.text = str(growth.start(int(each.text) + 1) - 1)
        elif local(each) == "Anchor" and each.text:
            parts = [part.strip() for part in each.text.split(",")]
            for number in (2, 6):
                if len(parts) == 8 and parts[number].isdigit():
                    parts[number] = str(growth.start(int(parts[number]) + 1) - 1)
            each.text = ", ".join(parts)


def _table(root, growth):
    for each in root.iter():
        if isinstance(each.tag, str):
            _attributes(each, growth)


def _workbook(package, growth):
    root = package.tree(package.workbook)
    for each in root.iter(q("definedName")):
        if each.text:
            # A name says its sheet itself.
            each.text = grown(each.text, growth, on="")
    package.touch(package.workbook)


def _other_sheets(package, growth):
    """Formulas elsewhere that name this sheet."""
    for name, part in package.sheets.items():
        if name == growth.sheet or b"!" not in package.raw(part):
            continue
        for each in package.tree(part).iter():
            if local(each) in _FORMULAS and each.text and not len(each):
                _renamed(package, part, each, growth, on=name)


def _renamed(package, part, element, growth, *, on) -> bool:
    found = grown(element.text, growth, on=on)
    if found == element.text:
        return False
    element.text = found
    package.touch(part)
    return True


def _charts(package, growth):
    """A chart over the row is one over all of its copies; what it remembered of the numbers is thrown away."""
    for name in package.names():
        if not name.casefold().startswith("xl/charts/") or not name.endswith(".xml") or b"!" not in package.raw(name):
            continue
        for each in list(package.tree(name).iter()):
            if local(each) == "f" and each.text and _grown_series(package, name, each, growth):
                for cache in [c for c in each.getparent() if local(c) in ("numCache", "strCache")]:
                    each.getparent().remove(cache)


def _grown_series(package, part, element, growth) -> bool:
    """Its references grow even where they name one cell."""
    try:
        found = grown(f"SUM({element.text})", growth, on="")[4:-1]
    except NotTaken:
        return False
    if found == element.text:
        return False
    element.text = found
    package.touch(part)
    return True

