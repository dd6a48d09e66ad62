"""What a scheme pays in a year by township and state: sums, without a name."""

from dataclasses import dataclass, field

from django.db.models import Sum

from brokers import suppression
from support import codes
from villages.models import Township


@dataclass
class Row:
    """A township, or all of them: (state in words, persons, yuan), each number or the mark that hides it."""

    area: Township | None
    cells: list[tuple] = field(default_factory=list)


def by_township(query, *, is_shown) -> tuple[list[Row], Row]:
    """Every township of the officer, whichever is asked for, and the sum: one alone would tell what it hides of another.

    Where persons are hidden, the yuan would tell them.
    """
    found = query.of_all_townships.order_by().values_list("township", "state").annotate(people=Sum("persons"), yuan=Sum("amount"))
    known = {(code, state): (people, yuan) for code, state, people, yuan in found}
    rows, whole = [Row(township) for township in query.townships], Row(None)
    for state, label in codes.CLAIM_STATES:
        column = {row.area.pk: known.get((row.area.pk, state), (0, 0)) for row in rows}
        hidden = {} if is_shown else suppression.hide({code: people for code, (people, _yuan) in column.items()})
        column[suppression.TOTAL] = tuple(sum(numbers) for numbers in zip((0, 0), *column.values(), strict=True))
        for row in [*rows, whole]:
            code = row.area.pk if row.area else suppression.TOTAL
            row.cells.append((label, *((hidden[code], suppression.ALSO) if code in hidden else column[code])))
    return rows, whole
