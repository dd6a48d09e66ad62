"""What areas were to reach in a year, and how far they are in a month (domain.md 5.11).

Nothing is counted here: figures are asked of totals and history, persons trained of support/trained.py.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from django.utils import timezone

from laborreg.months import Month
from laborreg.suppression import Cells, adds_up
from reports import comparing, totals
from reports.history import history
from reports.models import INCOME, START_UPS, TRAINING, TRANSFERS, Seal, Target
from support import trained

KINDS = (TRANSFERS, TRAINING, INCOME, START_UPS)
# The figure of the ledger behind a kind; persons trained are none of the ledger's.
FIGURE = {TRANSFERS: "transferred", INCOME: "income", START_UPS: "transferred.own_business"}
# Their year has its seasons: who leaves after the Spring Festival counts from May on.
SEASONAL = {TRANSFERS, INCOME}
YUAN_IN_WAN = 10_000
# Closer than this is no news: half a point of a hundred.
ON_PACE = 0.005
# Of an area that filed nothing it is still known that nobody was trained.
NOBODY = {TRAINING: 0}
Amounts = dict[str, dict[str, int]]


@dataclass(frozen=True)
class Completion:
    """A target and what is done of it up to a month, in persons or yuan.

    None where nobody set the one or filed the other; `done` is a sign where the reader may not see a small number.
    `pace` is the share of the year gone by, `seasonal` the share that the same month had of last year's whole.
    """

    target: int | None
    done: comparing.Value
    pace: float
    seasonal: float | None = None
    # Whether all that the area files is in: of less nobody can say that it is behind.
    is_complete: bool = True

    @property
    def rate(self) -> float | None:
        """1.0 is all of it; nothing where either is not there or hidden."""
        return self.done / self.target if self.target and isinstance(self.done, int) else None

    @property
    def line(self) -> float:
        """Where the year should stand: by the season where it is known, else by the calendar."""
        return self.pace if self.seasonal is None else self.seasonal

    @property
    def lead(self) -> float | None:
        """Ahead of the line, or behind it (negative); as a share of the target."""
        return None if self.rate is None else self.rate - self.line

    @property
    def state(self) -> str:
        """done, ahead, level or behind; nothing where there is no rate, or villages are missing."""
        if self.rate is None:
            return ""
        if self.rate >= 1:
            return "done"
        if not self.is_complete:
            return ""
        return "level" if abs(self.lead) < ON_PACE else "ahead" if self.lead > 0 else "behind"


def completion(area: str, month: Month) -> dict[str, Completion]:
    """{kind: completion} of a village, township or county by its code, in the year of a month up to it."""
    return completions(area, month, at=len(area))[area]


def completions(area: str, month: Month, *, at: int) -> dict[str, dict[str, Completion]]:
    """The same of every area of `at` digits in an area that has a target or filed something; a fixed number of queries.

    An area by itself is there in any case.
    """
    amounts, done = standing(area, month.year, at=at), done_by(area, month, at=at)
    before, missing = _last_year(area, month, at), incomplete(area, month, at=at)
    codes = {*amounts, *done} | ({area} if at == len(area) else set())
    return {
        code: {kind: Completion(
            amounts.get(code, {}).get(kind), done.get(code, NOBODY).get(kind), month.number / 12, before.get((code, kind)),
            kind == TRAINING or code not in missing,
        ) for kind in KINDS}
        for code in sorted(codes)
    }


def incomplete(area: str, month: Month, *, at: int) -> set[str]:
    """Areas of `at` digits where a village that files is not in; none once the county sealed the month."""
    if Seal.objects.filter(county=area[:6], month=month).exists():
        return set()
    received = totals.received_by(area, month, at)
    return {code for code, n in totals.expected_by(area, month, at).items() if received.get(code, 0) < n}


@dataclass(frozen=True)
class Changed:
    """A target that stood and was changed: it counts for all months of its year, so the page says since when."""

    area_code: str
    kind: str
    on: date
    # None where the target was withdrawn before it was set again.
    before: int | None


def changed(area: str, year: int, *, at: int) -> dict[tuple[str, str], Changed]:
    """{(code of `at` digits, kind): the newest change} of the targets that stand in an area. One query."""
    found: dict[tuple[str, str], Changed] = {}
    amounts: dict[tuple[str, str], int | None] = {}
    for row in Target.objects.under(area).filter(year=year).order_by("number"):
        if len(row.area_code) == at:
            key = row.area_code, row.kind
            if row.number > 1:
                found[key] = Changed(*key, timezone.localdate(row.set_at), amounts[key])
            amounts[key] = row.amount
    return {key: change for key, change in found.items() if amounts[key] is not None}


def standing(area: str, year: int, *, at: int) -> Amounts:
    """{code of `at` digits: {kind: amount}} of the targets that stand in an area."""
    found: Amounts = {}
    for code, kind, amount in Target.objects.standing().under(area).filter(year=year).values_list(
        "area_code", "kind", "amount"
    ):
        if len(code) == at:
            found.setdefault(code, {})[kind] = amount
    return found


def done_by(area: str, month: Month, *, at: int) -> dict[str, dict[str, int | None]]:
    """{code: {kind: done}} in the year up to a month; of areas that filed nothing there is only who was trained."""
    found = {code: figures for (_month, code), figures in history(area, month, month, at=at).items()}
    if at == len(area):
        total = totals.totals(area, month)
        if total.received or total.sealed:
            found[area] = total.figures
    passed = trained.persons(area, month, at=at)
    return {
        code: {kind: found[code][figure] if code in found else None for kind, figure in FIGURE.items()}
        | {TRAINING: passed.get(code, 0)}
        for code in {*found, *passed}
    }


def _last_year(area, month, at) -> dict[tuple[str, str], float]:
    """{(code, kind): the share that the same month of last year had of that year's whole}."""
    then = history(area, month.a_year_before, Month(month.year - 1, 12), at=at)
    found = {}
    for (when, code), whole in then.items():
        part = then.get((month.a_year_before, code))
        if when.number != 12 or part is None:
            continue
        for kind in SEASONAL:
            if whole[FIGURE[kind]] and part[FIGURE[kind]] is not None:
                found[code, kind] = min(part[FIGURE[kind]] / whole[FIGURE[kind]], 1.0)
    return found


def seen_by(officer, county: str, month: Month, found: dict[str, dict[str, Completion]]):
    """The same as the officer may see it: of small numbers the sign, and nothing that would tell them."""
    if officer.may("see people"):
        return found
    marks = comparing.hidden_from(officer, county, month)
    few = _few_trained(county, month)
    before = {month.a_year_before, Month(month.year - 1, 12)}

    def shown(code, kind, one):
        figure = FIGURE.get(kind)
        mark = marks.get((month, code, figure)) if figure else few.get((code, TRAINING))
        hides_then = any((then, code, figure) in marks for then in before)
        seasonal = None if hides_then or mark else one.seasonal
        return replace(one, done=mark or one.done, seasonal=seasonal)

    return {code: {kind: shown(code, kind, one) for kind, one in row.items()} for code, row in found.items()}


def _few_trained(county, month) -> dict[tuple[str, str], str]:
    """Nobody is in two townships: the county is the sum of them."""
    parts = trained.persons(county, month, at=9)
    values = {(code, TRAINING): n for code, n in parts.items()}
    line = adds_up((county, TRAINING), list(values))
    return Cells(values | {(county, TRAINING): sum(parts.values())}, [line]).hide()


@dataclass(frozen=True)
class Gap:
    """By how much the parts of a kind miss the whole; positive: they add up to more."""

    kind: str
    whole: int
    parts: int

    @property
    def amount(self) -> int:
        return self.parts - self.whole


def gaps(whole: dict[str, int], parts: Amounts) -> list[Gap]:
    """Of the kinds that the whole and at least one part have a target for, those that do not add up."""
    sums = {kind: [row[kind] for row in parts.values() if kind in row] for kind in KINDS}
    found = [Gap(kind, whole[kind], sum(sums[kind])) for kind in KINDS if kind in whole and sums[kind]]
    return [gap for gap in found if gap.amount]


def divided(amount: int, weights: dict[str, int], step: int = 1) -> dict[str, int]:
    """An amount in whole steps by weights, adding up to it exactly: the largest remainders get what is left over."""
    total = sum(weights.values())
    if not total:
        return {}
    parts = {code: divmod(amount // step * weight, total) for code, weight in weights.items()}
    left = amount // step - sum(whole for whole, _rest in parts.values())
    ahead = sorted(parts, key=lambda code: (-parts[code][1], code))[:left]
    found = {code: (whole + (code in ahead)) * step for code, (whole, _rest) in parts.items()}
    found[max(weights, key=lambda code: (weights[code], code))] += amount % step
    return found


def labor_force(area: str, month: Month, codes: Iterable[str], *, at: int) -> tuple[Month | None, dict[str, int]]:
    """The labor force of areas as they filed it, in a month or the newest of the two before that anybody filed."""
    filed, wanted = history(area, month.plus(-2), month, at=at), set(codes)
    last = max((when for when, code in filed if code in wanted), default=None, key=lambda when: when.index)
    return last, {code: row["labor_force"] or 0 for (when, code), row in filed.items() if when == last and code in wanted}
