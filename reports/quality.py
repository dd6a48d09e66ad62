"""How good an area's records are: doubts, stale visits, groups without names, returns with warnings; and a score.

The score says of how many of 100 registered people nothing is in doubt and nothing missing (rounded down). Every number
is counted when asked, from the rows that its list shows.
"""

from collections import Counter
from dataclasses import dataclass, field

from django.db.models import Count, Q
from django.db.models.functions import Substr

from laborreg import clock
from laborreg.months import Month
from reports import checks
from reports.deadlines import newest_open_month
from reports.models import MonthlyReturn
from workers import doubts, duplicates, standing, visits
from workers.doubts import BY_CODE
from workers.listing import untold
from workers.models import Doubt, Transfer, UnnamedGroup, Worker


@dataclass
class Quality:
    """The numbers of an area."""

    code: str
    people: int = 0
    doubted: int = 0
    stale: int = 0
    unnamed: int = 0
    warned: int = 0
    settled: int = 0
    # Registered people who were not told yet what is kept of them; blocks nothing and lowers no score.
    untold: int = 0
    # rule → open doubts
    rules: Counter = field(default_factory=Counter)
    label: str = ""

    @property
    def score(self) -> int | None:
        return 100 * (self.people - self.doubted) // self.people if self.people else None

    def of_severity(self, severity) -> int:
        return sum(n for code, n in self.rules.items() if BY_CODE[code].severity == severity)

    @property
    def wrong(self) -> int:
        return self.of_severity(doubts.WRONG)

    @property
    def suspect(self) -> int:
        return self.of_severity(doubts.SUSPECT)

    @property
    def missing(self) -> int:
        return self.of_severity(doubts.MISSING)

    @property
    def open(self) -> int:
        return self.rules.total()

    @property
    def to_check(self) -> int:
        """Wrong and doubtful, without what is only missing."""
        return self.wrong + self.suspect

    def plus(self, other):
        names = ["people", "doubted", "stale", "unnamed", "warned", "settled", "untold"]
        sums = {name: getattr(self, name) + getattr(other, name) for name in names}
        return Quality(self.code, rules=self.rules + other.rules, label=self.label, **sums)


@dataclass
class Warned:
    """A return of the newest month that went in with warnings, which the village explained."""

    village: object
    checks: list


class Board:
    """The qualities of the areas under one, each found by the first `length` digits of the village's code."""

    def __init__(self, officer, area, county, length: int):
        self.officer, self.area, self.county, self.length = officer, area, county, length
        self.day = clock.today()
        self.month: Month | None = newest_open_month(county)
        self.first, self.last = visits.period(county, self.day)
        self.visit_days = visits.visit_days(county, self.day)
        self.found: dict[str, Quality] = {}
        self._count_people()
        self._count_doubts()
        self._count_stale()
        self._count_unnamed()
        self.warned = self._warned()
        # Entries that may be one person, within the area; only for who settles them.
        self.pairs = duplicates.waiting(officer, area.code, all_below=True) if officer.may("enter records") else 0

    @property
    def pairs_told(self) -> str:
        return duplicates.told(self.pairs)

    def of(self, code) -> Quality:
        return self.found.setdefault(code, Quality(code))

    def _rows(self, model):
        return model.objects.visible_to(self.officer).under(self.area.code)

    def _by_code(self, rows):
        return rows.order_by().annotate(code=Substr("village_id", 1, self.length)).values("code")

    def _count_people(self):
        people = standing.registered(self._rows(Worker).valid(), self.day)
        for row in self._by_code(people).annotate(n=Count("pk")):
            self.of(row["code"]).people = row["n"]
        for row in self._by_code(untold(self._rows(Worker).valid(), self.day)).annotate(n=Count("pk")):
            self.of(row["code"]).untold = row["n"]

    def _count_doubts(self):
        for row in self._by_code(self._rows(Doubt)).values("code", "rule").annotate(
            open=Count("pk", Q(settled_at__isnull=True)), settled=Count("pk", Q(settled_at__isnull=False))
        ):
            quality = self.of(row["code"])
            quality.rules[row["rule"]] += row["open"]
            quality.settled += row["settled"]
        for row in self._by_code(self._rows(Doubt).open()).annotate(n=Count("worker", distinct=True)):
            self.of(row["code"]).doubted = row["n"]

    def _count_stale(self):
        found = visits.quality(self._rows(Transfer), self.day, self.first, self.visit_days, self.length)
        for code, row in found.items():
            self.of(code).stale = row.stale

    def _count_unnamed(self):
        out = Q(ended_on__isnull=True) | Q(ended_on__gt=self.day)
        groups = self._rows(UnnamedGroup).filter(out, voided_at__isnull=True, started_on__lte=self.day)
        for group in standing.with_named(groups):
            self.of(group.village_id[: self.length]).unnamed += max(group.persons - group.named, 0)

    def _warned(self) -> list[Warned]:
        """What does not add up is never submitted; what is improbable was explained with the return."""
        returns = self._rows(MonthlyReturn).filter(month=self.month, state__in=MonthlyReturn.IN)
        found = []
        for ret in returns.select_related("newest", "village").exclude(newest__explanations={}).order_by("village_id"):
            self.of(ret.village_id[: self.length]).warned += 1
            found.append(Warned(ret.village, [checks.TITLES.get(name, name) for name in ret.newest.explanations]))
        return found
