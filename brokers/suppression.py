"""Small numbers of brokers hidden from who may not see people, and with them what would give them away.

A column is {area: number}; its sum is shown below it, and each number is part of another (`of`): members of brokers.
"""

from laborreg.suppression import ALSO, ENDLESS, FEW, SMALL

# The area under which the sum of a column is hidden.
TOTAL = ""


def hide(column: dict[str, int], of: dict[str, int] | None = None, hidden_of=()) -> dict[str, str]:
    """{area: the mark shown in place of its number}; `hidden_of` are the areas whose wholes are hidden."""
    whole, wholes = sum(column.values()), sum((of or column).values())
    hidden = {code: _mark(n) for code, n in column.items() if code in hidden_of or _tells(n, (of or column)[code])}
    if TOTAL in hidden_of or _tells(whole, wholes):
        return dict.fromkeys(column, ALSO) | hidden | {TOTAL: _mark(whole)}
    while hidden and not _is_safe(column, hidden):
        shown = [code for code in column if code not in hidden]
        if not shown:
            return hidden | {TOTAL: ALSO}
        code = min(shown, key=lambda code: (column[code], code))
        hidden[code] = _mark(column[code])
    return hidden


def _tells(number, whole) -> bool:
    """One or two brokers, or all but one or two."""
    return 0 < number < SMALL or 0 < whole - number < SMALL


def _mark(number) -> str:
    return FEW if number < SMALL else ALSO


def _is_safe(column, hidden) -> bool:
    """Whether each hidden number could be at least two, for one who knows the sum and what the marks mean."""
    rest = sum(column[code] for code in hidden)
    bounds = [(0, SMALL - 1) if mark == FEW else (SMALL, ENDLESS) for mark in hidden.values()]
    low, high = (sum(ends) for ends in zip(*bounds, strict=True))
    return all(min(most, rest - low + least) > max(least, rest - high + most) for least, most in bounds)
