"""Small numbers of a month hidden from who may not see people: its cells are (area code, figure key).

They add up in rows (a whole and its parts, an opening and what leads to the closing) and in columns (a county and its
townships).
"""

from collections.abc import Iterable

from laborreg.suppression import ALSO, ENDLESS, FEW, SMALL, Cells, Equation, adds_up, worked_out
from workers import ledger
from workers.ledger import BY_KEY, KEYS, YUAN

__all__ = ["ALSO", "FEW", "SMALL", "MonthCells", "bounds", "equations", "hide", "hide_cells", "worked_out"]

Cell = tuple[str, str]
CLOSING = [(1, "away"), (-1, "opening"), (-1, "left"), (1, "came_home"), (-1, "moved"), (-1, "late")]
# Persons and person-times of a month are mostly the same number: one is not shown beside the other.
TWINS = {"left": "left_persons", "came_home": "came_home_persons"}
TWINS |= {persons: times for times, persons in TWINS.items()}
# A sum of money is one person's pay where its count is small.
COUNT_BEHIND = {"income_month": ("away", "local"), "income": ("trips",), "late.income": ("trips",)}


class MonthCells(Cells):
    def is_small(self, cell: Cell) -> bool:
        if _is_count(cell):
            return super().is_small(cell)
        code, key = cell
        behind = sum(self.values.get((code, count), 0) for count in COUNT_BEHIND[key])
        return self.values[cell] != 0 and behind < SMALL

    def mark(self, cell: Cell) -> str:
        return super().mark(cell) if _is_count(cell) else ALSO

    def hidden_with(self, cell: Cell) -> list[Cell]:
        """A cell and its twin."""
        code, key = cell
        return [each for each in (cell, (code, TWINS.get(key, ""))) if each in self.values]

    def is_shown_longest(self, cell: Cell) -> bool:
        return cell[1] == "opening"

    def bounds(self, cell: Cell, mark: str) -> tuple[int, int]:
        return bounds(cell, mark)


def bounds(cell: Cell, mark: str) -> tuple[int, int]:
    """The least and the most that a hidden cell can be."""
    figure = BY_KEY.get(cell[1])
    is_signed = figure is not None and figure.signed
    if mark == FEW:
        return (1 - SMALL if is_signed else 1), SMALL - 1
    return (-ENDLESS if is_signed else 0), ENDLESS


def _is_count(cell: Cell) -> bool:
    figure = BY_KEY.get(cell[1])
    return figure is None or figure.unit != YUAN


def hide(whole: str, figures: dict[str, dict[str, int]]) -> dict[Cell, str]:
    """{cell: the mark shown in its place} for an area and the areas that add up to it: {code: {key: value}}."""
    values = {(code, key): value for code, row in figures.items() for key, value in row.items()}
    return hide_cells(values, equations(whole, figures))


def hide_cells(values: dict[Cell, int], lines: list[Equation]) -> dict[Cell, str]:
    return MonthCells(values, lines).hide()


def equations(whole: str, figures: dict[str, dict[str, int]]) -> list[Equation]:
    return [*_of_rows(figures), *_of_columns(whole, figures)]


def _of_rows(codes) -> Iterable[Equation]:
    for code in codes:
        for total, parts in ledger.partitions():
            yield adds_up((code, total), [(code, part) for part in parts])
        yield [(sign, (code, key)) for sign, key in CLOSING]


def _of_columns(whole, codes) -> Iterable[Equation]:
    parts = [code for code in codes if code != whole]
    if parts and whole in codes:
        for key in KEYS:
            yield adds_up((whole, key), [(code, key) for code in parts])
            yield [(1, (whole, key)), *((-1, (code, key)) for code in parts)]


def hide_cells(values: dict[Cell, int], lines: list[Equation], already: Iterable[Cell] = ()) -> dict[Cell, str]:
    """Hide every small cell; then the next smallest of its lines, until none can be worked out.

    `already`: cells that another table hides, and that this one must not tell.
    """
    hidden: dict[Cell, str] = {}
    already = set(already)
    for cell in values:
        if cell in already or _is_small(cell, values):
            _hide(cell, values, hidden)
    lines_of: dict[Cell, list[int]] = {}
    for number, line in enumerate(lines):
        for _sign, cell in line:
            lines_of.setdefault(cell, []).append(number)
    open_cells = set(hidden)
    while open_cells:
        _close({number for cell in open_cells for number in lines_of.get(cell, ())}, lines, lines_of, values, hidden)
        # Lines that are safe one by one may still tell a cell together; then one more of its lines is hidden.
        told = worked_out(lines, hidden)
        open_cells = {cell for cell in told if _hide_one_more(cell, lines, lines_of, values, hidden)}
    return hidden


def _close(waiting: set[int], lines, lines_of, values, hidden):
    """Make each line safe by itself, and each line that this touches."""
    while waiting:
        number = min(waiting)
        waiting.remove(number)
        line = lines[number]
        while not is_safe(line, values, hidden) and (cell := _next_smallest(line, values, hidden)):
            for touched in _hide(cell, values, hidden):
                waiting.update(lines_of.get(touched, ()))


def _hide_one_more(cell, lines, lines_of, values, hidden) -> bool:
    """The next smallest of its lines, or of any other line that hides something."""
    elsewhere = (n for n, line in enumerate(lines) if any(other in hidden for _sign, other in line))
    for number in chain(lines_of[cell], elsewhere):
        if another := _next_smallest(lines[number], values, hidden):
            _hide(another, values, hidden)
            return True
    return False


def _hide(cell: Cell, values, hidden) -> list[Cell]:
    """Mark a cell and its twin."""
    code, key = cell
    cells = [c for c in (cell, (code, TWINS.get(key, ""))) if c in values]
    for each in cells:
        hidden[each] = FEW if _is_count(each) and abs(values[each]) < SMALL else ALSO
    return cells


def worked_out(lines: list[Equation], hidden) -> set[Cell]:
    """Hidden cells that all lines taken together determine (Gaussian elimination modulo a large prime)."""
    solved: dict[Cell, dict[Cell, int]] = {}
    for line in lines:
        row = {cell: sign % PRIME for sign, cell in line if cell in hidden}
        for pivot in [cell for cell in row if cell in solved]:
            _subtract(row, solved[pivot], pivot)
        if not row:
            continue
        pivot = next(iter(row))
        inverse = pow(row[pivot], -1, PRIME)
        row = {cell: factor * inverse % PRIME for cell, factor in row.items()}
        for other in solved.values():
            _subtract(other, row, pivot)
        solved[pivot] = row
    return {pivot for pivot, row in solved.items() if len(row) == 1}


def _subtract(row: dict[Cell, int], other: dict[Cell, int], pivot: Cell):
    """Take the pivot out of a row; `other` has it with factor 1 and no other pivot."""
    times = row.get(pivot, 0)
    if not times:
        return
    for cell, factor in other.items():
        if rest := (row.get(cell, 0) - times * factor) % PRIME:
            row[cell] = rest
        else:
            row.pop(cell, None)


def _is_small(cell: Cell, values) -> bool:
    """One or two persons; nobody is nobody's secret."""
    code, key = cell
    if _is_count(cell):
        return 0 < abs(values[cell]) < SMALL
    behind = sum(values.get((code, count), 0) for count in COUNT_BEHIND[key])
    return values[cell] != 0 and behind < SMALL


def _is_count(cell: Cell) -> bool:
    figure = BY_KEY.get(cell[1])
    return figure is None or figure.unit != YUAN


def _next_smallest(line: Equation, values, hidden) -> Cell | None:
    (_sign, whole), *parts = line
    shown = [cell for _sign, cell in parts if cell not in hidden and cell[1] != "opening"]
    if shown:
        return min(shown, key=lambda cell: (abs(values[cell]), cell))
    rest = [cell for _sign, cell in line if cell not in hidden and cell != whole]
    return rest[0] if rest else whole if whole not in hidden else None


def is_safe(line: Equation, values, hidden) -> bool:
    """Whether each hidden part of a line could be at least two numbers, for one who knows what the marks mean.

    The whole is taken as known, even where it is hidden too: another table may tell it.
    """
    (_sign, whole), *parts = line
    unknown = [(sign, cell) for sign, cell in parts if cell in hidden]
    if not unknown:
        return whole not in hidden
    rest = -sum(sign * values[cell] for sign, cell in line if (sign, cell) not in unknown)
    ranges = [_signed(sign, *bounds(cell, hidden[cell])) for sign, cell in unknown]
    low, high = sum(r[0] for r in ranges), sum(r[1] for r in ranges)
    return all(min(top, rest - (low - bottom)) > max(bottom, rest - (high - top)) for bottom, top in ranges)


def bounds(cell: Cell, mark: str) -> tuple[int, int]:
    """The least and the most that a hidden cell can be."""
    figure = BY_KEY.get(cell[1])
    is_signed = figure is not None and figure.signed
    if mark == FEW:
        return (1 - SMALL if is_signed else 0), SMALL - 1
    if is_signed:
        return -ENDLESS, ENDLESS
    return (SMALL if _is_count(cell) else 0), ENDLESS


def _signed(sign, low, high):
    return (low, high) if sign > 0 else (-high, -low)
