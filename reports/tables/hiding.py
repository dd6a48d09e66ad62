"""Small numbers of a table hidden from who may not see people, and what would give them away.

Whoever may ask any table may ask this one again with a dimension or a filter left out or changed. So a table is hidden
as the block of all its sums: every dimension that its rows, columns and filters name is an axis with all its codes,
and ALL in the place of a code is the sum over an axis. A number of the page that adds up several cells of the block
is shown only where each of them is.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import combinations, product

from django.utils.translation import gettext as _

from reports import suppression
from reports.tables.counting import Cell, Codes, Question, TooMuch, cells

ALL = None
MOST_CELLS = 4_000
# What suppression takes for money, and for the persons behind it.
MONEY, BEHIND, COUNT = "income", "trips", "count"


def sums(found: dict[Codes, Cell], patterns: Iterable[tuple[int, ...]]) -> dict[tuple, Cell]:
    """Every cell added up over the axes that a pattern does not keep: {codes, with ALL where summed: Cell}."""
    block: dict[tuple, list] = {}
    kept_axes = [frozenset(pattern) for pattern in patterns]
    for codes, cell in found.items():
        for kept in kept_axes:
            total = block.setdefault(tuple(code if n in kept else ALL for n, code in enumerate(codes)), [0, 0])
            total[0] += cell.sum
            total[1] += cell.persons or 0
    return {key: Cell(*total) for key, total in block.items()}


@dataclass
class Block:
    """All sums of the dimensions that a question names, with the marks in the place of those that are hidden."""

    question: Question
    sums: dict[tuple, Cell]
    marks: dict[tuple, str]
    # By axis: the codes that were met, and those that are counted.
    met: list[set[str]]
    counted: list[set[str]]

    def cell(self, codes: tuple) -> tuple[Cell, str]:
        """The cell of the question's table, ALL for its totals, and the mark that hides it ("" where it is shown)."""
        parts = [self._axis(n, codes[n] if n < len(codes) else ALL) for n in range(len(self.met))]
        keys = [key for key in product(*parts) if key in self.sums]
        marks = [self.marks[key] for key in keys if key in self.marks]
        found = [self.sums[key] for key in keys]
        mark = "" if not marks else marks[0] if len(keys) == 1 else suppression.ALSO
        return Cell(sum(cell.sum for cell in found), sum(cell.persons for cell in found)), mark

    def _axis(self, n: int, code) -> list:
        if code is not ALL:
            return [code]
        return [ALL] if self.counted[n] >= self.met[n] else sorted(self.counted[n] & self.met[n])

    @property
    def codes(self) -> list[Codes]:
        """The cells of the question's table that somebody is in."""
        width = len(self.question.grouped)
        return sorted({
            key[:width] for key in self.sums
            if all(code is not ALL and code in self.counted[n] for n, code in enumerate(key))
        })


def block_of(question: Question) -> Block:
    """One statement, which looks at those that the filters leave out as well."""
    filters = dict(question.filters)
    named = (*question.rows, *question.columns)
    axes = (*named, *(name for name in filters if name not in named))
    found = cells(replace(question, rows=axes, columns=(), filters=()), behind=True)
    block = sums(found, [kept for n in range(len(axes) + 1) for kept in combinations(range(len(axes)), n)])
    if len(block) > MOST_CELLS:
        raise TooMuch(_(
            "Without the right to see people a table may have %(most)s numbers with all its sums, so that small ones stay "
            "hidden. Leave one of the rows, columns or filters out."
        ) % {"most": f"{MOST_CELLS:,}"})
    met = [{codes[n] for codes in found} for n in range(len(axes))]
    counted = [set(filters.get(name, met[n])) for n, name in enumerate(axes)]
    return Block(question, block, _marks(block, len(axes), question.counts.is_count), met, counted)


def _marks(block: dict[tuple, Cell], width: int, is_count: bool) -> dict[tuple, str]:
    key = COUNT if is_count else MONEY
    names = {_name(codes): codes for codes in block}
    values = {(name, key): block[codes].sum for name, codes in names.items()}
    if not is_count:
        values |= {(name, BEHIND): block[codes].persons for name, codes in names.items()}
    marks = suppression.hide_cells(values, list(_equations(block, width, key)))
    return {names[name]: mark for (name, of), mark in marks.items() if of == key}


def _equations(block: dict[tuple, Cell], width: int, key: str):
    """Along every axis the whole is the sum of its codes."""
    for axis in range(width):
        lines: dict[tuple, list] = {}
        for codes in block:
            if codes[axis] is not ALL:
                lines.setdefault((*codes[:axis], ALL, *codes[axis + 1 :]), []).append(codes)
        for whole, parts in lines.items():
            yield [(1, (_name(whole), key)), *((-1, (_name(part), key)) for part in parts)]


def _name(codes: tuple) -> str:
    return "|".join("*" if code is ALL else code for code in codes)
