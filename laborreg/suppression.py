"""Small numbers hidden from who may not see people, and with them what would give them away.

A line is a list of cells whose signed sum is known to be 0: a whole and its parts. Whoever sees all cells of a line but
one can work that one out; so each line hides none, or enough of them that each could be several numbers.
"""

from collections.abc import Hashable, Iterable, Mapping

Cell = Hashable
# The first cell is the whole: it is hidden last.
Equation = list[tuple[int, Cell]]

SMALL = 3
FEW, ALSO = "<3", "*"
ENDLESS = 10**18
PRIME = 2**61 - 1
# How often a line is looked at on average before narrowing stops.
MOST_LOOKS = 30


def adds_up(whole: Cell, parts: Iterable[Cell]) -> Equation:
    return [(1, whole), *((-1, part) for part in parts)]


class Cells:
    """Counts, and the lines in which they add up. Where more is known of the cells, a subclass says so."""

    def __init__(self, values: Mapping[Cell, int], lines: list[Equation]):
        self.values, self.lines = values, lines
        self.hidden: dict[Cell, str] = {}
        self._told: dict[Cell, str] = {}
        self._shown: frozenset[Cell] = frozenset()
        # Nobodies that must stay hidden, and those that were shown since the rest tells them.
        self._kept: frozenset[Cell] = frozenset()
        self._nobodies: frozenset[Cell] = frozenset()
        self._lines_of: dict[Cell, list[int]] = {}
        for number, line in enumerate(lines):
            for _sign, cell in line:
                self._lines_of.setdefault(cell, []).append(number)

    # What is known of a cell.

    def is_small(self, cell: Cell) -> bool:
        """One or two; nobody is nobody's secret."""
        return 0 < abs(self.values[cell]) < SMALL

    def mark(self, cell: Cell) -> str:
        """A nobody that is hidden beside others must not look like one or two: there would be fewer ways to add up."""
        return FEW if 0 < abs(self.values[cell]) < SMALL else ALSO

    def hidden_with(self, cell: Cell) -> list[Cell]:
        """The cell, and those that say the same."""
        return [cell]

    def is_shown_longest(self, cell: Cell) -> bool:
        """Hidden only where no other part of the line is left."""
        return False

    def bounds(self, cell: Cell, mark: str) -> tuple[int, int]:
        """The least and the most that a hidden cell can be."""
        return (1, SMALL - 1) if mark == FEW else (0, ENDLESS)

    # Hiding.

    def hide(self, already: Iterable[Cell] | Mapping[Cell, str] = (), shown: Iterable[Cell] = ()) -> dict[Cell, str]:
        """{cell: the mark in its place}: every small one; then the next smallest of its lines, until none can be worked out.

        Nobody is nobody's secret: what is hidden and turns out to be told by the rest as nobody is shown.

        `already`: cells that another page hides, and that this one must not tell; of a mapping with the marks that stand
        there. `shown`: cells that another page shows: to hide them here would protect nothing.
        """
        self._told = dict(already) if isinstance(already, Mapping) else {}
        self._shown = frozenset(shown) - set(already)
        already = set(already)
        for cell in self.values:
            if cell in already or (self.is_small(cell) and cell not in self._shown):
                self._hide(cell)
        self._kept = frozenset(self.hidden)
        open_cells = set(self.hidden)
        while open_cells:
            told = self._hide_for(open_cells)
            open_cells = set() if any(map(self._is_secret, told)) else self._keep(told) or self._show(told)
        return self.hidden

    def _hide_for(self, open_cells: set[Cell]) -> set[Cell]:
        """What all lines together tell in the end: nobodies only, unless nothing is left to hide."""
        while open_cells:
            self._close({number for cell in open_cells for number in self._lines_of.get(cell, ())})
            told = self._told_together()
            # Lines that are safe one by one may still tell a cell together; then one more of its lines is hidden.
            open_cells = {touched for cell in filter(self._is_secret, told) for touched in self._hide_one_more(cell)}
        return told

    def _keep(self, told: set[Cell]) -> set[Cell]:
        """Those of which something hidden says the same: they stay hidden with it."""
        kept = {cell for cell in told if any(each in self.hidden and each not in told for each in self.hidden_with(cell))}
        self._kept |= kept
        return kept

    def _show(self, told: set[Cell]) -> set[Cell]:
        """A mark over a nobody that can be worked out hides nothing, and would call for more marks in its other lines."""
        self._nobodies |= told
        self.hidden = {cell: mark for cell, mark in self.hidden.items() if cell not in told}
        return told

    def _told_together(self) -> set[Cell]:
        """All that can be worked out, one from the other, up to the first secret."""
        hidden, told = self.hidden, set()
        while not any(map(self._is_secret, told)) and (more := worked_out(self.lines, self.hidden) or narrowed(self)):
            told |= more
            self.hidden = {cell: mark for cell, mark in hidden.items() if cell not in told}
        self.hidden = hidden
        return told

    def _close(self, waiting: set[int]):
        """Make each line safe by itself, and each line that this touches."""
        while waiting:
            number = min(waiting)
            waiting.remove(number)
            line = self.lines[number]
            while not self.is_safe(line) and (touched := self._hide_in(line)):
                for cell in touched:
                    waiting.update(self._lines_of.get(cell, ()))

    def _hide_in(self, line: Equation) -> list[Cell]:
        """What was done for a line: its next smallest part hidden, or its marks made to say less, or its whole hidden."""
        cell = self._next_smallest(line)
        if (cell is None or cell == line[0][1] or self.is_shown_longest(cell)) and (veiled := self._veil(line)):
            return veiled
        return [] if cell is None else self._hide(cell)

    def _veil(self, line: Equation) -> list[Cell]:
        """The mark of one or two in a sum of 4 would tell both of two parts."""
        veiled = [cell for _sign, cell in line[1:] if self.hidden.get(cell) == FEW and cell not in self._told]
        self.hidden |= dict.fromkeys(veiled, ALSO)
        return veiled

    def _hide_one_more(self, cell) -> list[Cell]:
        """In its lines, or in those that they hang together with."""
        return next(filter(None, (self._hide_in(self.lines[number]) for number in self._near(cell))), [])

    def _near(self, cell) -> Iterable[int]:
        """The lines of a hidden cell, then those of the hidden cells of these, and so on."""
        met, cells = set(), [cell]
        for each in cells:
            for number in self._lines_of.get(each, ()):
                if number not in met:
                    met.add(number)
                    yield number
                    cells.extend(other for _sign, other in self.lines[number] if other in self.hidden)

    def _hide(self, cell) -> list[Cell]:
        cells = [each for each in self.hidden_with(cell) if each not in self._shown]
        for each in cells:
            self.hidden.setdefault(each, self._told.get(each) or self.mark(each))
        # Shown once, and hidden all the same where nothing else is left: now it must not be worked out.
        self._kept |= self._nobodies.intersection(cells)
        return cells

    def _next_smallest(self, line: Equation) -> Cell | None:
        (_sign, whole), *parts = line
        kept = {cell for _sign, cell in line if cell in self.hidden or cell in self._shown}
        open_parts = [cell for _sign, cell in parts if cell not in kept and not self.is_shown_longest(cell)]
        if open_parts:
            return min(open_parts, key=self._rank)
        rest = [cell for _sign, cell in line if cell not in kept and cell != whole]
        return rest[0] if rest else whole if whole not in kept else None

    def _rank(self, cell) -> tuple:
        """Nobodies come last: their other lines mostly tell them, so that they hide no other number."""
        return cell in self._nobodies, self._is_nobody(cell), abs(self.values[cell]), cell

    def _is_nobody(self, cell) -> bool:
        """Of what can be less than none, none is a number like others."""
        return not self.values[cell] and self.bounds(cell, ALSO)[0] == 0

    def _is_secret(self, cell) -> bool:
        return cell in self._kept or not self._is_nobody(cell)

    def is_safe(self, line: Equation) -> bool:
        """Whether each hidden part of a line could be at least two numbers, for one who knows what the marks mean.

        The whole is taken as known, even where it is hidden too: another table may tell it.
        """
        (_sign, whole), *parts = line
        unknown = [(sign, cell) for sign, cell in parts if cell in self.hidden]
        if not unknown:
            return whole not in self.hidden
        rest = -sum(sign * self.values[cell] for sign, cell in line if cell == whole or cell not in self.hidden)
        ranges = [_signed(sign, *self.bounds(cell, self.hidden[cell])) for sign, cell in unknown]
        low, high = sum(r[0] for r in ranges), sum(r[1] for r in ranges)
        # A nobody may be told by a sum that is shown: it is shown itself then.
        return all(
            (whole not in self.hidden and not self._is_secret(cell))
            or min(top, rest - (low - bottom)) > max(bottom, rest - (high - top))
            for (_sign, cell), (bottom, top) in zip(unknown, ranges, strict=True)
        )


def _signed(sign, low, high):
    return (low, high) if sign > 0 else (-high, -low)


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


def narrowed(cells: Cells) -> set[Cell]:
    """Hidden cells that have one possible value left, by what their marks say and line after line allows."""
    spans = {cell: cells.bounds(cell, mark) for cell, mark in cells.hidden.items()}
    lines = [_open_part(line, cells) for line in cells.lines]
    lines_of: dict[Cell, list[int]] = {}
    for number, (terms, _rest) in enumerate(lines):
        for _sign, cell in terms:
            lines_of.setdefault(cell, []).append(number)
    waiting = dict.fromkeys(number for number, (terms, _rest) in enumerate(lines) if terms)
    left = MOST_LOOKS * len(lines)
    while waiting and left:
        number, left = next(iter(waiting)), left - 1
        del waiting[number]
        for cell in _narrow(*lines[number], spans):
            waiting |= dict.fromkeys(other for other in lines_of[cell] if other != number)
    return {cell for cell, (low, high) in spans.items() if low >= high}


def _open_part(line: Equation, cells: Cells) -> tuple[Equation, int]:
    """The hidden cells of a line, and what they add up to."""
    terms = [(sign, cell) for sign, cell in line if cell in cells.hidden]
    return terms, -sum(sign * cells.values[cell] for sign, cell in line if cell not in cells.hidden)


def _narrow(terms: Equation, rest: int, spans: dict[Cell, tuple[int, int]]) -> list[Cell]:
    """The cells whose span this line made smaller."""
    ranges = [_signed(sign, *spans[cell]) for sign, cell in terms]
    low, high = sum(r[0] for r in ranges), sum(r[1] for r in ranges)
    smaller = []
    for (sign, cell), (bottom, top) in zip(terms, ranges, strict=True):
        span = _signed(sign, max(bottom, rest - (high - top)), min(top, rest - (low - bottom)))
        if span != spans[cell]:
            spans[cell] = span
            smaller.append(cell)
    return smaller
