"""A sheet as a page shows it: cells with their texts, merged ones as one, what they are bound to, and their headings."""

from dataclasses import dataclass, field

from laborreg.rounding import percent, rounded
from laborreg.sheets.grid import Grid, letters, name_of, place
from laborreg.sheets.package import q
from reports.blanks import keys
from reports.blanks.bindings import Bindings, Bound

MOST_ROWS, MOST_COLUMNS = 120, 50
LONGEST_SHOWN = 16
# Columns of a sheet are so many letters wide; the page has a class for each step.
STEPS = [(6, "w-1"), (11, "w-2"), (18, "w-3"), (30, "w-4")]
WIDEST = "w-5"


@dataclass(frozen=True)
class Shown:
    """A cell. `bound`: what it says; `free`: it may be bound by clicking."""

    at: str
    text: str
    columns: int = 1
    rows: int = 1
    bound: Bound | None = None
    free: bool = False
    is_number: bool = False


@dataclass
class Page:
    """The upper left part of a sheet."""

    name: str
    letters: list[tuple[str, str]] = field(default_factory=list)
    rows: list[tuple[int, bool, list[Shown]]] = field(default_factory=list)
    is_cut: bool = False


def page_of(grid: Grid, bindings: Bindings | None = None) -> Page:
    """Rows of cells; those that lie under a merged one are left out."""
    last_row, last_column, is_cut = _reach(grid)
    repeated = bindings.repeated(grid.name) if bindings else None
    page = Page(grid.name, _letters(grid, last_column), is_cut=is_cut)
    spans = {(top, left): (bottom, right) for top, left, bottom, right in grid.merged}
    for row in range(1, last_row + 1):
        cells = [
            _shown(grid, bindings, row, column, spans, last_row, last_column) for column in range(1, last_column + 1)
            if grid.top_left(name_of(row, column)) == name_of(row, column)
        ]
        page.rows.append((row, bool(repeated) and repeated[0] == row, cells))
    return page


def _reach(grid) -> tuple[int, int, bool]:
    """The last row and column that hold anything, one more of each to bind to, and whether that is too much to show."""
    held = [(row, column) for row, column, cell in grid.cells() if len(cell)]
    boxes = [(bottom, right) for _top, _left, bottom, right in grid.merged]
    styled = [(row, column) for row, column, cell in grid.cells() if cell.get("s")]
    ends = held + boxes + styled or [(1, 1)]
    row, column = max(row for row, _column in ends), max(column for _row, column in ends)
    return min(row + 1, MOST_ROWS), min(column + 1, MOST_COLUMNS), row > MOST_ROWS or column > MOST_COLUMNS


def _letters(grid, last) -> list[tuple[str, str]]:
    widths = {}
    for each in grid.root.iter(q("col")):
        for column in range(max(int(each.get("min")), 1), min(int(each.get("max")), last) + 1):
            widths[column] = float(each.get("width") or 9)
    return [(letters(column), _step(widths.get(column, 9))) for column in range(1, last + 1)]


def _step(width) -> str:
    return next((name for most, name in STEPS if width <= most), WIDEST)


def _shown(grid, bindings, row, column, spans, last_row, last_column) -> Shown:
    at = name_of(row, column)
    bottom, right = spans.get((row, column), (row, column))
    bound = bindings.bound.get((grid.name, at)) if bindings else None
    text = grid.text(at)
    is_number = _is_number(grid, at, text)
    if not text and grid.formula(at):
        text = _short(grid.element(at).findtext(q("f")))
    return Shown(
        at, as_shown(text, grid.format(at)) if is_number else text, min(right, last_column) - column + 1,
        min(bottom, last_row) - row + 1, bound, not text and not grid.formula(at), is_number,
    )


def _short(formula) -> str:
    """A formula without a saved value is no empty cell."""
    return f"={formula or '…'}" if len(formula or "") <= LONGEST_SHOWN else f"={formula[:LONGEST_SHOWN]}…"


def _is_number(grid, at, text) -> bool:
    cell = grid.element(at)
    if cell is None or cell.get("t") not in (None, "n") or not text:
        return False
    try:
        float(text)
    except ValueError:
        return False
    return True


def as_shown(text: str, number_format: str) -> str:
    """About as an office program shows the number."""
    value = float(text)
    if not abs(value) < 1e15:
        return text
    if "%" in number_format:
        return percent(value, 2 if ".00" in number_format else 1 if ".0" in number_format else 0)
    if value.is_integer() and ".0" not in number_format:
        return f"{int(value):,}"
    return f"{rounded(value, 4 if '.0000' in number_format else 2):,}"


def headings(grid: Grid, at: str) -> tuple[str, str]:
    """The nearest text to the left of a cell and the nearest above it: what tells a reader what the cell is."""
    row, column = place(at)
    left = (grid.text(grid.top_left(name_of(row, each))) for each in range(column - 1, 0, -1))
    above = (grid.text(grid.top_left(name_of(each, column))) for each in range(row - 1, max(0, row - 60), -1))
    return _first(left), _first(above)


def _first(texts) -> str:
    return next((" ".join(text.split()) for text in texts if text and not _counts(text)), "")


def _counts(text) -> bool:
    """Numbers and keys are no headings."""
    return keys.holds_key(text) or text.replace(".", "").replace("-", "").strip().isdigit()
