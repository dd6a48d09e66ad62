"""The yearly assessment of a county's townships (考核): what each is scored on, by which weights, and what stands behind.

Every score can be worked out by hand from the integers that are shown: points = weight × share, rounded to two
decimals; the score is their sum, brought to 100 where a part could not be assessed.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Abs, Substr
from django.utils.translation import gettext_lazy as _

from laborreg import clock
from laborreg.months import Month
from laborreg.suppression import FEW, SMALL
from reports import comparing, punctuality, targets
from reports.deadlines import deadlines
from reports.history import history
from reports.models import (
    INCOME,
    REOPENED,
    START_UPS,
    TRAINING,
    TRANSFERS,
    AssessmentWeights,
    MonthlyReturn,
    ReturnVersion,
)
from villages.models import County
from workers.ledger import BY_KEY

ON_TIME, COMPLETE, SENT_BACK, LATE, NAMES, PAY = "on_time", "complete", "sent_back", "late", "names", "pay"
CENT = Decimal("0.01")
# What is filed for groups without names is worth no more than the names behind.
BACKED = {TRANSFERS, INCOME, START_UPS}


@dataclass(frozen=True)
class Component:
    """Something that is scored: its heading, its rule in words, and the weight where a county said none."""

    key: str
    label: Any
    rule: Any
    weight: int
    # Two integers, of which the second is the whole; `is_fault`: the first is what is taken off.
    is_fault: bool = False
    figures: tuple[str, ...] = ()


_REACHED = _("done ÷ target, no more than 100%; times the share of people away who are named")
COMPONENTS = [
    Component(TRANSFERS, _("Transferred persons"), _REACHED, 20, figures=("transferred", "unnamed", "away")),
    Component(TRAINING, _("Persons trained"), _("done ÷ target, no more than 100%"), 10),
    Component(INCOME, _("Labor income"), _REACHED, 15, figures=("income", "unnamed", "away")),
    Component(START_UPS, _("Businesses of one's own"), _REACHED, 5, figures=("transferred.own_business", "unnamed", "away")),
    Component(ON_TIME, _("On time"), _("returns first submitted by the due day ÷ returns that were due"), 15),
    Component(COMPLETE, _("Complete"), _("returns that are in ÷ returns expected"), 10),
    Component(SENT_BACK, _("Not sent back"), _("1 − versions sent back or reopened ÷ returns in"), 5, is_fault=True),
    Component(LATE, _("Recorded in time"), _("1 − persons recorded late (more or fewer) ÷ persons away, over the months"), 5,
              is_fault=True, figures=("late",)),
    Component(NAMES, _("Backed by names"), _("people away who are named ÷ people away"), 10, figures=("unnamed", "away")),
    Component(PAY, _("Pay known"), _("people at work whose pay is known ÷ people at work"), 5,
              figures=("pay_missing", "away", "local")),
]
BY_NAME = {component.key: component for component in COMPONENTS}
DEFAULTS = {component.key: component.weight for component in COMPONENTS}


@dataclass(frozen=True)
class Measure:
    """What a township is scored on in one component: two integers, and the names behind as a share of `named`.

    `mark`: the sign of what the reader may not see.
    """

    part: int | None
    whole: int | None
    is_fault: bool = False
    named: tuple[int, int] = (1, 1)
    mark: str = ""

    @property
    def share(self) -> Fraction | None:
        """0 to 1; nothing where it cannot be assessed."""
        if self.part is None or not self.whole or self.mark:
            return None
        found = min(Fraction(self.part, self.whole), Fraction(1))
        found = 1 - found if self.is_fault else found
        return max(found, Fraction(0)) * (Fraction(*self.named) if self.named[1] else 1)


@dataclass(frozen=True)
class Score:
    """One cell: the measure, its weight and the points."""

    component: Component
    measure: Measure
    weight: int

    @property
    def points(self) -> Decimal | None:
        share = self.measure.share
        return None if share is None else cents(share * self.weight)


@dataclass
class Assessed:
    """A township with its scores; `rank` is shared by those of one score."""

    township: Any
    scores: list[Score]
    # Away and without a name: what done figures are worth less by.
    away: int | None = None
    unnamed: int | None = None
    rank: int | None = None

    @property
    def is_hidden(self) -> bool:
        return any(score.measure.mark for score in self.scores)

    @property
    def weight(self) -> int:
        """Of the components that could be assessed."""
        return sum(score.weight for score in self.scores if score.points is not None)

    @property
    def total(self) -> Decimal | None:
        """Of 100. Nothing where a part is hidden: the sum would tell it."""
        if self.is_hidden or not self.weight:
            return None
        return cents(Fraction(sum(score.points for score in self.scores if score.points is not None)) * 100 / self.weight)

    @property
    def names_share(self) -> float | None:
        return (self.away - self.unnamed) / self.away if self.away and self.unnamed is not None else None


def cents(value: Fraction) -> Decimal:
    """Rounded half up to two decimals, as a desk calculator is read."""
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(CENT, ROUND_HALF_UP)


def weights_of(county: str, year: int) -> dict[str, int]:
    """Component → points; the defaults for what the county did not say."""
    said = AssessmentWeights.objects.filter(county=county, year=year).values_list("weights", flat=True).first()
    return DEFAULTS | {key: said[key] for key in DEFAULTS if key in said} if said else DEFAULTS


def assess(county: County, month: Month, officer) -> list[Assessed]:
    """The county's townships in a year up to a month, the best first; a fixed number of queries."""
    weights, measures = weights_of(county.code, month.year), Measures(county, month, officer)
    rows = [
        Assessed(
            township, [Score(each, measures.of(township.code, each), weights[each.key]) for each in COMPONENTS],
            *measures.names(township.code),
        )
        for township in county.townships.order_by("code")
    ]
    return ranked(rows)


def ranked(rows: list[Assessed]) -> list[Assessed]:
    """By score; those with the same share a rank and the next is as many further. Without a score: last, without a rank."""
    scores = sorted((row.total for row in rows if row.total is not None), reverse=True)
    for row in rows:
        row.rank = scores.index(row.total) + 1 if row.total is not None else None
    return sorted(rows, key=lambda row: (row.rank is None, row.rank or 0, row.township.code))


class Measures:
    """All that the townships of a county are scored on, asked once."""

    def __init__(self, county: County, month: Month, officer):
        self.county, self.month, self.code = county, month, county.code
        self.months = [each for each in county.months.values_list("month", flat=True)
                       if month.january <= each <= month]
        self.figures = {code: row for (_m, code), row in history(self.code, month, month, at=9).items()}
        self.reached = targets.seen_by(officer, self.code, month, targets.completions(self.code, month, at=9))
        self.marks = comparing.hidden_from(officer, self.code, month)
        self.hides = not officer.may("see people")
        self.returns = self._counted()
        self.overdue = self._overdue()
        self.late_first = self._summed(punctuality.late_by(county, self.months))
        self.corrected = self._corrected()

    def of(self, code: str, component: Component) -> Measure:
        key = component.key
        found = self._target(code, key) if key in targets.KINDS else self.by[key](self, code)
        part, whole, named = (*found, (1, 1))[:3]
        mark = self._mark(code, component, part)
        return Measure(part, whole, component.is_fault, named, mark)

    def _mark(self, code, component, part) -> str:
        """A small number behind hides the component, since the points would tell it."""
        if isinstance(part, str):
            return part
        months = self.months if component.key == LATE else [self.month]
        marks = [self.marks[m, code, key] for m in months for key in component.figures if (m, code, key) in self.marks]
        if self.hides and component.key == LATE and part and part < SMALL:
            marks.append(FEW)
        return marks[0] if marks else ""

    def names(self, code) -> tuple[int | None, int | None]:
        """Away, and of these without a name, as far as they may be seen."""
        row = self.figures.get(code)
        if row is None or any((self.month, code, key) in self.marks for key in ("away", "unnamed")):
            return None, None
        return row["away"], row["unnamed"]

    def _target(self, code, kind):
        one, row = self.reached.get(code, {}).get(kind), self.figures.get(code)
        named = (row["away"] - row["unnamed"], row["away"]) if kind in BACKED and row and row["away"] else (1, 1)
        return (one.done, one.target, named) if one else (None, None)

    def _on_time(self, code):
        submitted = self.returns.get(code, {}).get("submitted", 0)
        return submitted - self.late_first.get(code, 0), submitted + self.overdue.get(code, 0)

    def _complete(self, code):
        row = self.returns.get(code, {})
        return row.get("received", 0), row.get("expected", 0)

    def _sent_back(self, code):
        return self.corrected.get(code, 0), self.returns.get(code, {}).get("received", 0)

    def _late(self, code):
        row = self.returns.get(code, {})
        return row.get("late"), row.get("away")

    def _names(self, code):
        row = self.figures.get(code)
        return (row["away"] - row["unnamed"], row["away"]) if row else (None, None)

    def _pay(self, code):
        row = self.figures.get(code)
        return (row["away"] + row["local"] - row["pay_missing"], row["away"] + row["local"]) if row else (None, None)

    by: dict[str, Callable] = {
        ON_TIME: _on_time, COMPLETE: _complete, SENT_BACK: _sent_back, LATE: _late, NAMES: _names, PAY: _pay,
    }

    def _counted(self) -> dict[str, dict]:
        """Of each township over the months: returns expected, submitted at least once, in; persons late, persons away."""
        late, away = BY_KEY["late"].column, BY_KEY["away"].column
        rows = returns(self.county, self.months).order_by().values(township=Substr("village_id", 1, 9)).annotate(
            expected=Count("pk"), submitted=Count("newest"), received=Count("pk", filter=Q(state__in=MonthlyReturn.IN)),
            late=Sum(Abs(f"counted__{late}"), default=0), away=Sum(f"counted__{away}", default=0),
        )
        return {row["township"]: row for row in rows}

    def _overdue(self) -> dict[str, int]:
        """Returns never submitted whose due day is over."""
        waiting = returns(self.county, self.months).filter(newest__isnull=True).values_list("month", "village_id")
        found: dict[str, int] = {}
        for month, village in waiting:
            if is_overdue(self.county, month, village):
                found[village[:9]] = found.get(village[:9], 0) + 1
        return found

    def _corrected(self) -> dict[str, int]:
        rows = corrections(self.county, self.months).order_by().values_list(Substr("village_id", 1, 9))
        return dict(rows.annotate(n=Count("pk")))

    def _summed(self, by_month) -> dict[str, int]:
        found: dict[str, int] = {}
        for (_month, code), n in by_month.items():
            found[code] = found.get(code, 0) + n
        return found


def returns(county: County, months: Iterable[Month]):
    return MonthlyReturn.objects.filter(county=county, month__in=list(months))


def is_overdue(county: County, month: Month, village: str) -> bool:
    return clock.today() > deadlines(county, month, village).due_on


def corrections(county: County, months: Iterable[Month]):
    """Versions that were sent back, or locked and reopened after."""
    reopened = Q(locked_at__isnull=False) & (Q(ret__state=REOPENED) | ~Q(pk=F("ret__newest")))
    rows = ReturnVersion.objects.filter(county=county, month__in=list(months))
    return rows.filter(Q(sent_back_at__isnull=False) | reopened)
