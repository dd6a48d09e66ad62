"""What a brief says of an area's month, as numbers: from the totals, with small numbers hidden for every reader.

A brief leaves the office, so nobody's right to see people opens more of it. Whole numbers, marks ("<3", "*") and None
only, so that what is kept as JSON equals what is gathered anew; shares are worked out when they are said.
"""

from laborreg.months import Month
from reports import comparing, destinations, progress, suppression, targets, totals
from reports.comparing import Figured, Value
from reports.models import MonthlyReturn
from reports.totals import SEAL, Total
from villages.areas import children
from workers.ledger import KEYS

# In the table of figures, in this order.
TABLE = (
    "away", "away.other_province", "left", "came_home", "home", "transferred", "trips", "trips.organized", "labor_force",
    "income_month", "income",
)


def gather(area, month: Month) -> dict:
    """The same numbers always give the same facts: a brief is out of date when they differ from its own."""
    total = totals.totals(area.code, month)
    marks = comparing.small_numbers(area.code[:6], month, month.plus(-23))
    seen = _seen(total, marks)
    return {
        "area": _named(area), "month": str(month), "standing": _standing(area, total),
        "figures": {key: _beside(seen, month, area.code, key) for key in KEYS},
        # Of how many villages earlier months are told: while some are missing, of those that are in.
        "alike": total.received if total.missing else None,
        "trend": _trend(_alike_all_along(total, seen), month, area.code), "places": _places(total, marks),
        "townships": _townships(area, month, marks), "missing": _missing(area, month),
        "targets": _targets(area, month, marks),
    }


def _named(area) -> dict:
    return {"code": area.code, "name": area.short_name, "latin": area.name_latin}


def _standing(area, total: Total) -> dict:
    seal = totals.newest_seal(area, total.month) if total.source == SEAL else None
    return {
        "expected": total.expected, "received": total.received, "approved": total.approved,
        "seal": seal.number if seal else None, "sealed_at": seal.sealed_at.isoformat() if seal else None,
    }


def _seen(total: Total, marks) -> Figured:
    """While villages are missing, those that are in are compared with themselves."""
    alike = comparing.same_villages(total.area, total.month, at=len(total.area)) if total.missing else None
    return Figured(comparing.of_area(total), marks, alike)


def _beside(seen: Figured, month: Month, code: str, key: str) -> list[Value]:
    """[in the month, in the month before, a year before]."""
    return [seen.value(month, code, key), *(_before(seen, then, code, key) for then in (month.previous, month.a_year_before))]


def _before(seen: Figured, then: Month, code: str, key: str) -> Value:
    """Not of so few villages that it, or what is left of the whole that was told then, is one or two persons."""
    value, whole = seen.before(then, code, key), seen.value(then, code, key)
    if seen.alike is None or not isinstance(value, int):
        return value
    rest = whole - value if isinstance(whole, int) else 0
    return suppression.ALSO if _is_few(value) or _is_few(rest) else value


def _is_few(value: int) -> bool:
    return 0 < abs(value) < suppression.SMALL


def _alike_all_along(total: Total, seen: Figured) -> Figured:
    """As `seen`, with every month of two years of the villages that are in, not only the two that are compared."""
    if not total.missing:
        return seen
    code, month = total.area, total.month
    alike = totals.sums_between(code, month.plus(-23), month.previous, at=len(code), in_by=month)
    return Figured(seen.figures, seen.marks, alike)


def _trend(seen: Figured, month: Month, code: str) -> list[list]:
    """[month, away, away a year before] of the last twelve months; what is small or hidden is a gap.

    The same numbers as in the table of figures: like with like while villages are missing.
    """
    def away(then: Month) -> int | None:
        return _open(seen.value(then, code, "away") if then == month else _before(seen, then, code, "away"))

    return [[str(each), away(each), away(each.a_year_before)] for each in month.since(month.plus(-11))]


def _open(value: Value) -> int | None:
    return value if isinstance(value, int) and not _is_few(value) else None


def _places(total: Total, marks) -> list[list]:
    """[province or country, persons], the most first, hidden numbers last."""
    found = destinations.by_place(destinations.ways(total.area, total.month, at=len(total.area)))
    seen = destinations.hide(found, total.figures, total.area[:2], lambda key: (total.month, total.area, key) in marks)
    return [[code, n] for code, n in seen.items()]


def _townships(area, month: Month, marks) -> list[dict]:
    """Those that file, in the order of their codes; of one whose villages are not all in, nothing is compared."""
    seen = Figured(comparing.of_parts(area.code, month, at=9), marks)
    there = progress.progress_by(area.code, month, at=9)
    return [
        _named(township) | {"expected": there[township.code].expected, "received": there[township.code].received}
        | {key: seen.value(month, township.code, key) for key in ("away", "left", "came_home", "transferred")}
        | {"before": None if there[township.code].missing else seen.value(month.previous, township.code, "away")}
        for township in children(area) if township.code in there
    ]


def _missing(area, month: Month) -> list[dict]:
    """The villages that are not in."""
    rows = progress.missing(MonthlyReturn.objects.under(area.code).filter(month=month))
    return [_named(row.village) | {"township": _named(row.township)} for row in rows]


def _targets(area, month: Month, marks) -> dict[str, list]:
    """{kind: [target, done, where the year should stand by its season, in thousandths]}, where a target stands.

    No line while villages are missing: of less nobody can say that it is behind. Not where what is done is a small
    number, or hidden in the totals.
    """
    return {
        kind: [found.target, found.done, round(found.line * 1000) if found.is_complete else None]
        for kind, found in targets.completion(area.code, month).items()
        if found.target and _open(found.done) is not None and (month, area.code, targets.FIGURE.get(kind)) not in marks
    }
