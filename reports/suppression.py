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
        """As one reads the mark who takes the sign of the sum for that of its cells."""
        if mark == FEW:
            return (1, SMALL - 1) if self.values[cell] > 0 else (1 - SMALL, -1)
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
    """{cell: the mark shown in its place} for an area and the areas that add up to it: {code: {key: value}}.

    A figure may be missing from a row: of a total that was typed only some are known, and those alone add up to nothing.
    """
    values = {(code, key): value for code, row in figures.items() for key, value in row.items()}
    lines = [line for line in equations(whole, figures) if all(cell in values for _sign, cell in line)]
    return hide_cells(values, lines)


def hide_cells(
    values: dict[Cell, int], lines: list[Equation], already: Iterable[Cell] = (), shown: Iterable[Cell] = ()
) -> dict[Cell, str]:
    """`already`: cells that another table hides, and that this one must not tell; `shown`: those that it shows."""
    return MonthCells(values, lines).hide(already, shown)


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
