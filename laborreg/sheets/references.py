"""References in formulas, when one row of a sheet becomes several: what stands below moves, what spans the row grows."""

import re
from dataclasses import dataclass

from openpyxl.formula import Tokenizer
from openpyxl.formula.tokenizer import Token, TokenizerError

from laborreg.sheets.faults import NotTaken

_CELL = re.compile(r"(\$?)([A-Za-z]{1,3})(\$?)([0-9]{1,7})")
_ROWS = re.compile(r"(\$?)([0-9]{1,7}):(\$?)([0-9]{1,7})")
# No office program takes a longer one.
LONGEST_FORMULA = 8_192
# A lone cell of the repeated row inside one of these stands for all of its copies.
GATHERING = {"SUM", "AVERAGE", "MAX", "MIN", "COUNT", "COUNTA", "PRODUCT"}


@dataclass(frozen=True)
class Growth:
    """The row of a sheet becomes `more` + 1 rows."""

    sheet: str
    row: int
    more: int

    def start(self, number: int) -> int:
        """Where a row, or the first of a range, comes to stand."""
        return number + self.more if number > self.row else number

    def end(self, number: int) -> int:
        """Where the last row of a range comes to stand."""
        return number + self.more if number >= self.row else number

    def box(self, reference: str, *, grows: bool = True) -> str:
        """"A1" or "A1:B2" after the growth; anything else as it is."""
        first, colon, last = reference.partition(":")
        start, end = _CELL.fullmatch(first), _CELL.fullmatch(last or first)
        if not start or not end:
            return self._rows(reference)
        top, bottom = int(start[4]), int(end[4])
        if not colon and (not grows or top != self.row):
            return _written(start, self.start(top))
        return f"{_written(start, self.start(top))}:{_written(end, self.end(bottom))}"

    def _rows(self, reference):
        found = _ROWS.fullmatch(reference)
        if not found:
            return reference
        return f"{found[1]}{self.start(int(found[2]))}:{found[3]}{self.end(int(found[4]))}"

    def boxes(self, references: str) -> str:
        """The same of a list parted by spaces."""
        return " ".join(map(self.box, references.split(" ")))


def _written(cell, row) -> str:
    return f"{cell[1]}{cell[2]}{cell[3]}{row}"


def tokens_of(formula: str) -> list[Token]:
    """Of a formula without its equals sign."""
    try:
        if len(formula) <= LONGEST_FORMULA:
            return Tokenizer("=" + formula).items
    except (TokenizerError, IndexError, AttributeError):
        pass
    raise NotTaken("formula", formula=formula[:60])


def sheet_of(operand: str) -> tuple[str | None, str]:
    """(name of the sheet or None, the rest) of an operand such as 'My sheet'!A1."""
    sheet, mark, rest = operand.rpartition("!")
    if not mark:
        return None, operand
    return (sheet[1:-1].replace("''", "'") if sheet.startswith("'") else sheet), rest


def grown(formula: str, growth: Growth, *, on: str, copy: int | None = None) -> str:
    """A formula that stands on a sheet, after a row (of that sheet or another) became several.

    `copy`: in the repeated row itself, its how manieth copy from 0: what names its own row names the copy's.
    """
    tokens = tokens_of(formula)
    if all(token.type != Token.OPERAND or token.subtype != Token.RANGE for token in tokens):
        return formula
    inside: list[str] = []
    for number, token in enumerate(tokens):
        if token.type == Token.FUNC:
            inside.append(token.value[:-1].upper()) if token.subtype == Token.OPEN else inside.pop()
        elif token.type == Token.PAREN:
            inside.append("") if token.subtype == Token.OPEN else inside.pop()
        elif token.type == Token.OPERAND and token.subtype == Token.RANGE:
            gathers = bool(inside) and inside[-1] in GATHERING and _is_alone(tokens, number)
            token.value = _grown_operand(token.value, growth, on, copy, gathers)
    return "".join(token.value for token in tokens)


def _is_alone(tokens, number) -> bool:
    """Whether the operand is the whole of an argument."""
    before = next((tokens[n] for n in range(number - 1, -1, -1) if tokens[n].type != Token.WSPACE), None)
    behind = next((tokens[n] for n in range(number + 1, len(tokens)) if tokens[n].type != Token.WSPACE), None)
    ends = {(Token.FUNC, Token.OPEN), (Token.FUNC, Token.CLOSE), (Token.SEP, Token.ARG)}
    return all(token is not None and (token.type, token.subtype) in ends for token in (before, behind))


def _grown_operand(operand, growth, on, copy, gathers):
    sheet, rest = sheet_of(operand)
    if (sheet or on).casefold() != growth.sheet.casefold():
        return operand
    mark = operand[: len(operand) - len(rest)]
    return mark + (growth.box(rest, grows=gathers) if copy is None else _of_copy(rest, growth, copy))


def _of_copy(reference, growth, copy) -> str:
    first, colon, last = reference.partition(":")
    start, end = _CELL.fullmatch(first), _CELL.fullmatch(last or first)
    if not start or not end:
        return growth.box(reference)
    ends = [_written(start, _row_of_copy(start, growth.start, growth, copy))]
    if colon:
        ends.append(_written(end, _row_of_copy(end, growth.end, growth, copy)))
    return ":".join(ends)


def _row_of_copy(cell, moved, growth, copy) -> int:
    row, is_fixed = int(cell[4]), bool(cell[3])
    if row == growth.row:
        return row if is_fixed else row + copy
    return moved(row)
