"""What one formula comes to, given what the cells that it names come to.

SUM, AVERAGE, MIN, MAX, COUNT, ROUND, ABS, IF, IFERROR, SUBTOTAL of sums, + − × ÷ ^ & and comparisons. Whatever needs
more cannot be told. An upload is hostile: texts, numbers and depths have limits.
"""

import math
import operator
from collections.abc import Callable, Iterator
from decimal import ROUND_HALF_UP, Decimal

from openpyxl.formula.tokenizer import Token

from laborreg.sheets.faults import NotTaken
from laborreg.sheets.references import sheet_of, tokens_of

# Brackets within brackets of all formulas that lead to one another.
MOST_DEEP = 100
LONGEST_TEXT = 32_767
# Beyond it office programs keep fifteen digits.
EXACT = 10**15


class CannotTell(Exception):
    """The formula needs more than is known here."""


class InError(Exception):
    """The formula comes to an error, such as #DIV/0!."""


class Cells(list):
    """The values of a range; empty cells are None."""


def number_of(text):
    try:
        found = float(text)
    except ValueError:
        raise CannotTell(text) from None
    return _tame(found)


def _tame(number):
    """Whole numbers up to fifteen digits as they are, others as floats: no number grows without end."""
    number = number if isinstance(number, int) and abs(number) <= EXACT else float(number)
    if not math.isfinite(number):
        raise CannotTell("no number")
    return int(number) if isinstance(number, float) and number.is_integer() and abs(number) < EXACT else number


def single(value):
    if isinstance(value, Cells):
        raise CannotTell("a range where one value is meant")
    return value


def _as_number(value):
    value = single(value)
    if value is None:
        return 0
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, str):
        raise InError("#VALUE!")
    return value


def _divided(a, b):
    if b == 0:
        raise InError("#DIV/0!")
    return a / b


def _power(a, b):
    if abs(b) > 100 or abs(a) > 10**9 or a == 0 > b or (a < 0 and b != int(b)):
        raise CannotTell("power")
    return a**b


def _text(value) -> str:
    value = single(value)
    return "" if value is None else str(value).upper() if isinstance(value, bool) else str(value)


_ARITHMETIC: dict[str, tuple[int, Callable]] = {
    "+": (3, operator.add), "-": (3, operator.sub), "*": (4, operator.mul), "/": (4, _divided), "^": (5, _power),
}
_COMPARING = {
    "=": operator.eq, "<>": operator.ne, "<": operator.lt, ">": operator.gt, "<=": operator.le, ">=": operator.ge,
}


class Formula:
    """One formula, read from left to right by how tightly its signs bind."""

    def __init__(self, text, sheet, values):
        self.sheet, self.values = sheet, values
        try:
            found = tokens_of(text)
        except NotTaken:
            raise CannotTell(text) from None
        self.tokens = [token for token in found if token.type != Token.WSPACE]
        self.at = 0

    def value(self):
        found = self._expression(0)
        if self.at < len(self.tokens):
            raise CannotTell(self.tokens[self.at].value)
        return found

    def _next(self):
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def _take(self):
        token = self._next()
        if token is None:
            raise CannotTell("an end too early")
        self.at += 1
        return token

    def _expression(self, least):
        if self.values.deep > MOST_DEEP:
            raise CannotTell("too deep")
        self.values.deep += 1
        try:
            return self._tied(least)
        finally:
            self.values.deep -= 1

    def _tied(self, least):
        left = self._signed()
        while (token := self._next()) is not None:
            if token.type == Token.OP_POST:
                self._take()
                left = _tame(_divided(_as_number(left), 100))
                continue
            if token.type != Token.OP_IN or (tightness := _tightness(token.value)) < least:
                return left
            self._take()
            left = self._put_together(token.value, left, self._expression(tightness + 1))
        return left

    def _put_together(self, sign, left, right):
        self.values.work(sum(len(each) for each in (left, right) if isinstance(each, str)))
        return _joined(sign, left, right)

    def _signed(self):
        token = self._take()
        if token.type == Token.OP_PRE:
            found = _as_number(self._expression(6))
            return -found if token.value == "-" else found
        if token.type == Token.OPERAND:
            return self._operand(token)
        if token.type == Token.FUNC and token.subtype == Token.OPEN:
            return self._function(token.value[:-1].upper())
        if token.type == Token.PAREN and token.subtype == Token.OPEN:
            found = self._expression(0)
            self._closed(Token.PAREN)
            return found
        raise CannotTell(token.value)

    def _closed(self, kind):
        token = self._take()
        if token.type != kind or token.subtype != Token.CLOSE:
            raise CannotTell(token.value)

    def _operand(self, token):
        if token.subtype == Token.NUMBER:
            return number_of(token.value)
        if token.subtype == Token.TEXT:
            return token.value[1:-1].replace('""', '"')
        if token.subtype == Token.LOGICAL:
            return token.value.upper() == "TRUE"
        if token.subtype == Token.ERROR:
            raise InError(token.value)
        sheet, reference = sheet_of(token.value)
        return self.values.range(sheet or self.sheet, reference)

    def _function(self, name):
        if name not in FUNCTIONS:
            raise CannotTell(name)
        least, most, work_out = FUNCTIONS[name]
        arguments = list(self._arguments())
        if not least <= len(arguments) <= most:
            raise CannotTell(name)
        found = work_out(arguments)
        return _tame(found) if isinstance(found, int | float) and not isinstance(found, bool) else found

    def _arguments(self) -> Iterator[Callable]:
        """Each as a function: IF looks at one of its two, IFERROR survives the first."""
        while True:
            token = self._next()
            if token is not None and token.type == Token.FUNC and token.subtype == Token.CLOSE:
                self._take()
                return
            yield self._argument()
            token = self._next()
            if token is not None and token.type == Token.SEP and token.subtype == Token.ARG:
                self._take()

    def _argument(self):
        try:
            found = self._expression(0)
        except InError as fault:
            self._skip()
            return _raising(fault)
        return lambda: found

    def _skip(self):
        """To the end of an argument that came to an error."""
        depth = 0
        while (token := self._next()) is not None:
            if depth == 0 and (token.type == Token.SEP or token.subtype == Token.CLOSE):
                return
            depth += {Token.OPEN: 1, Token.CLOSE: -1}.get(token.subtype, 0)
            self._take()


def _raising(fault):
    def argument():
        raise fault

    return argument


def _tightness(sign) -> int:
    return _ARITHMETIC[sign][0] if sign in _ARITHMETIC else 2 if sign == "&" else 1


def _joined(sign, left, right):
    if sign == "&":
        left, right = _text(left), _text(right)
        if len(left) + len(right) > LONGEST_TEXT:
            raise CannotTell("a text too long")
        return left + right
    if sign in _COMPARING:
        return _compared(sign, single(left), single(right))
    if sign not in _ARITHMETIC:
        raise CannotTell(sign)
    return _tame(_ARITHMETIC[sign][1](_as_number(left), _as_number(right)))


def _compared(sign, left, right):
    """An empty cell is nothing or the empty text, whatever it is held against."""
    if left is None:
        left = "" if isinstance(right, str) else 0
    if right is None:
        right = "" if isinstance(left, str) else 0
    if isinstance(left, str) != isinstance(right, str):
        raise CannotTell("a text against a number")
    if isinstance(left, str):
        left, right = left.casefold(), right.casefold()
    return _COMPARING[sign](left, right)


def _numbers(arguments) -> list:
    """Of ranges the numbers only, as sums take them."""
    found = []
    for argument in arguments:
        value = argument()
        if isinstance(value, Cells):
            found += [each for each in value if isinstance(each, int | float) and not isinstance(each, bool)]
        elif value is not None:
            found.append(_as_number(value))
    return found


def _average(arguments):
    numbers = _numbers(arguments)
    return _divided(sum(numbers), len(numbers))


def _round(arguments):
    number, digits = (_as_number(argument()) for argument in arguments)
    if abs(digits) > 15:
        raise CannotTell("digits")
    found = Decimal(repr(number)).quantize(Decimal(1).scaleb(-int(digits)), ROUND_HALF_UP)
    return number_of(str(found))


def _if(arguments):
    condition = single(arguments[0]())
    if isinstance(condition, str):
        raise InError("#VALUE!")
    if condition:
        return arguments[1]()
    return arguments[2]() if len(arguments) == 3 else False


def _if_error(arguments):
    try:
        return arguments[0]()
    except InError:
        return arguments[1]()


def _subtotal(arguments):
    if arguments[0]() not in (9, 109):
        raise CannotTell("SUBTOTAL")
    return sum(_numbers(arguments[1:]))


# How many arguments it takes, at least and at most, and what it comes to.
FUNCTIONS: dict[str, tuple[int, int, Callable]] = {
    "SUM": (1, 255, lambda arguments: sum(_numbers(arguments))),
    "AVERAGE": (1, 255, _average),
    "MIN": (1, 255, lambda arguments: min(_numbers(arguments), default=0)),
    "MAX": (1, 255, lambda arguments: max(_numbers(arguments), default=0)),
    "COUNT": (1, 255, lambda arguments: len(_numbers(arguments))),
    "ABS": (1, 1, lambda arguments: abs(_as_number(arguments[0]()))),
    "ROUND": (2, 2, _round),
    "IF": (2, 3, _if),
    "IFERROR": (2, 2, _if_error),
    "SUBTOTAL": (2, 255, _subtotal),
}
