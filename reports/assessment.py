"""The yearly assessment of a county's townships (考核): what each is scored on, by which weights, and what stands behind.

Every score can be worked out by hand from the integers that are shown: points = weight × share, rounded to two
decimals; the score is their sum, brought to 100 where a part could not be assessed.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Abs, Substr
from django.utils.translation import gettext_lazy as _

from laborreg import clock
from laborreg.months import Month
from laborreg.suppression import ALSO, FEW, SMALL
from reports import comparing, punctuality, spot_checks, targets
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
VERIFIED = "verified"
PART = "part"
CENT = Decimal("0.01")
# What is filed for groups without names is worth no more than the names behind.
# Flows: they add up over months, as people away do not.
EVENTS = ("left", "came_home")
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
    Component(TRANSFERS, _("Transferred persons"), _REACHED, 15, figures=("transferred", "unnamed", "away")),
    Component(TRAINING, _("Persons trained"), _("done ÷ target, no more than 100%"), 5),
    Component(INCOME, _("Labor income"), _REACHED, 15, figures=("income", "unnamed", "away")),
    Component(START_UPS, _("Businesses of one's own"), _REACHED, 5, figures=("transferred.own_business", "unnamed", "away")),
    Component(ON_TIME, _("On time"), _("returns first submitted by the due day ÷ returns that were due"), 15),
    Component(COMPLETE, _("Complete"), _("returns that are in ÷ returns expected"), 10),
    Component(SENT_BACK, _("Not sent back"), _("1 − versions sent back or reopened ÷ returns in"), 5, is_fault=True),
    Component(LATE, _("Recorded in time"),
              _("1 − persons recorded late (more or fewer) ÷ departures and homecomings filed, both added over the months"), 5,
              is_fault=True, figures=("late", *EVENTS)),
    Component(NAMES, _("Backed by names"), _("people away who are named ÷ people away"), 10, figures=("unnamed", "away")),
    Component(PAY, _("Pay known"), _("people at work whose pay is known ÷ people at work"), 5,
              figures=("pay_missing", "away", "local")),
    Component(VERIFIED, _("Verified"),
              _("persons found as filed ÷ persons reached, in finished spot checks of people away, over the year"), 10),
]
BY_NAME = {component.key: component for component in COMPONENTS}
DEFAULTS = {component.key: component.weight for component in COMPONENTS}


@dataclass(frozen=True)
class Measure:
    """What a township is scored on in one component: two integers, and how many of those away are named.

    `mark`: the sign in the place of the first, for who may not see it; `low` and `high`: the shares between which it
    then could lie, None where nothing is known of them.
    """

    part: int | None
    whole: int | None
    is_fault: bool = False
    named: tuple[int, int] = (1, 1)
    mark: str = ""
    # The sign in the place of the second.
    whole_mark: str = ""
    low: Fraction | None = None
    high: Fraction | None = None

    @property
    def share(self) -> Fraction | None:
        """0 to 1; nothing where it cannot be assessed."""
        if self.part is None or not self.whole:
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
        """As shown: of what is hidden none."""
        share = self.measure.share
        return None if share is None or self.measure.mark else cents(share * self.weight)

    @property
    def between(self) -> tuple[Decimal, Decimal] | None:
        """The least and the most points that the reader must think possible."""
        if not self.measure.mark:
            return self.points, self.points
        if self.measure.low is None:
            return None
        return cents(self.measure.low * self.weight), cents(self.measure.high * self.weight)


@dataclass
class Assessed:
    """A township with its scores; `rank` is shared by those of one score.

    `hides_small`: the reader sees whole points only, and none where they would tell a small number.
    """

    township: Any
    scores: list[Score]
    # Away and without a name: what done figures are worth less by.
    away: int | None = None
    unnamed: int | None = None
    hides_small: bool = False
    rank: int | None = None

    @property
    def assessed(self) -> list[Score]:
        return [score for score in self.scores if score.measure.share is not None]

    @property
    def is_hidden(self) -> bool:
        return self.total is None and bool(self.assessed)

    @property
    def total(self) -> Decimal | None:
        """Of 100, two decimals."""
        found = [score.between for score in self.assessed]
        if None in found or not self.weight:
            return None
        low, high = (self._of_100(sum(each[end] for each in found)) for end in (0, 1))
        if not self.hides_small:
            return low
        whole = {each.quantize(Decimal(1), ROUND_HALF_UP) for each in (low, high)}
        return whole.pop() if len(whole) == 1 else None

    @property
    def weight(self) -> int:
        """Of the components that could be assessed."""
        return sum(score.weight for score in self.assessed)

    def _of_100(self, points: Decimal) -> Decimal:
        return cents(Fraction(points) * 100 / self.weight)

    @property
    def names_share(self) -> float | None:
        return (self.away - self.unnamed) / self.away if self.away and self.unnamed is not None else None


def could_be(count: int, mark: str) -> list[int]:
    """The least and the most that a hidden count could be, as far as a score may not tell: one or two, or up to twice."""
    return [1, SMALL - 1] if mark == FEW and count < SMALL else [0, 2 * count]


def cents(value: Fraction) -> Decimal:
    """Rounded half up to two decimals, as a desk calculator is read."""
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(CENT, ROUND_HALF_UP)


def weights_of(county: str, year: int) -> dict[str, int]:
    """Component → points; the defaults where the county said nothing."""
    said = AssessmentWeights.objects.filter(county=county, year=year).values_list("weights", flat=True).first()
    # Weights that were saved before a component came add up to 100 without it: it counts for nothing.
    return {key: said.get(key, 0) for key in DEFAULTS} if said else DEFAULTS


def assess(county: County, month: Month, officer) -> list[Assessed]:
    """The county's townships in a year up to a month, the best first; a fixed number of queries."""
    weights, measures = weights_of(county.code, month.year), Measures(county, month, officer)
    rows = [
        Assessed(
            township, [Score(each, measures.of(township.code, each), weights[each.key]) for each in COMPONENTS],
            *measures.names(township.code), hides_small=measures.hides,
        )
        for township in county.townships.order_by("code")
    ]
    return ranked(rows)


def ranked(rows: list[Assessed]) -> list[Assessed]:
    """By score; those with the same share a rank and the next is as many further. Without a score: last, without a rank.

    Who may not see every score gets ranks among those that are shown: a gap would tell where the others stand.
    """
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
        self.reached = targets.completions(self.code, month, at=9)
        self.seen = targets.seen_by(officer, self.code, month, self.reached)
        self.marks = comparing.hidden_from(officer, self.code, month)
        self.hides = not officer.may("see people")
        self.returns = self._counted()
        self.overdue = self._overdue()
        self.late_first = self._summed(punctuality.late_by(county, self.months))
        self.corrected = self._corrected()
        self.verified = spot_checks.sums_of_townships(county, self.months)

    def of(self, code: str, component: Component) -> Measure:
        key = component.key
        found = self._target(code, key) if key in targets.KINDS else self.by[key](self, code)
        part, whole, named = (*found, (1, 1))[:3]
        measure = Measure(part, whole, component.is_fault, named)
        hidden = self._hidden(code, component, part)
        return self._masked(measure, component, hidden) if hidden and measure.share is not None else measure

    def _hidden(self, code, component, part) -> dict[str, str]:
        """Of the figures behind a component those that the reader may not see, each with its sign."""
        key = component.key
        months = self.months if key == LATE else [self.month]
        found = {f: self.marks[m, code, f] for m in months for f in component.figures if (m, code, f) in self.marks}
        if key in targets.KINDS and code in self.seen and isinstance(done := self.seen[code][key].done, str):
            found[PART] = done
        if self.hides and key == LATE and part:
            found[PART] = FEW if part < SMALL else ALSO
        return found

    def _masked(self, measure, component, hidden) -> Measure:
        mark = hidden.get(PART) or next(iter(hidden.values()))
        if whole := next((hidden[figure] for figure in ("away", "local", *EVENTS) if figure in hidden), ""):
            measure = replace(measure, whole_mark=whole)
        if hidden.keys() & {"away", "local"}:
            return replace(measure, mark=mark)
        parts, named = [measure.part], [measure.named]
        if component.key in (NAMES, PAY):
            parts = [measure.whole - rest for rest in could_be(measure.whole - measure.part, mark)]
        elif component.key == LATE:
            parts = could_be(measure.part, hidden[PART]) if PART in hidden else parts
        elif hidden.keys() - {"unnamed"}:
            parts = could_be(measure.part, mark)
        if "unnamed" in hidden and measure.named[1]:
            known, away = measure.named
            named = [(max(away - n, 0), away) for n in could_be(away - known, hidden["unnamed"])]
        shares = [replace(measure, part=part, named=each).share for part in parts for each in named]
        return replace(measure, mark=mark, low=min(shares), high=max(shares))

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
        return row.get("late"), row.get("events")

    def _names(self, code):
        row = self.figures.get(code)
        return (row["away"] - row["unnamed"], row["away"]) if row else (None, None)

    def _pay(self, code):
        row = self.figures.get(code)
        return (row["away"] + row["local"] - row["pay_missing"], row["away"] + row["local"]) if row else (None, None)

    def _verified(self, code):
        """Of few persons, who sees no names is told nothing: as spot checks are shown elsewhere."""
        found, asked = self.verified.get(code, (0, 0))
        return (None, None) if self.hides and asked < spot_checks.FEWEST else (found, asked)

    by: dict[str, Callable] = {
        ON_TIME: _on_time, COMPLETE: _complete, SENT_BACK: _sent_back, LATE: _late, NAMES: _names, PAY: _pay,
        VERIFIED: _verified,
    }

    def _counted(self) -> dict[str, dict]:
        """Of each township over the months: returns expected, submitted at least once, in; persons late, events filed."""
        late, *events = (f"counted__{BY_KEY[key].column}" for key in ("late", *EVENTS))
        rows = returns(self.county, self.months).order_by().values(township=Substr("village_id", 1, 9)).annotate(
            expected=Count("pk"), submitted=Count("newest"), received=Count("pk", filter=Q(state__in=MonthlyReturn.IN)),
            late=Sum(Abs(late), default=0), events=Sum(F(events[0]) + F(events[1]), default=0),
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
