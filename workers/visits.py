"""The visit round: whom a village asks in a report month, in which order, and how far it has come.

Somebody was heard of on the day last asked with success, or else on the day of leaving. Nobody is asked again within the
report month in which that day lies.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

from django.db.models import Count, Exists, F, Min, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Greatest, Substr

from workers import codes, standing
from workers.models import Transfer, Verification, Worker


def with_heard(transfers):
    """Transfers with the day on which their person was last asked with success, and last heard of."""
    asked = _newest(Verification.objects.confirming().order_by("-on"), "on")
    return transfers.annotate(asked_on=asked, heard_on=Greatest(Coalesce(asked, "started_on"), "started_on"))


def _newest(visits, column):
    return Subquery(visits.filter(worker=OuterRef("worker")).values(column)[:1])


def stale(transfers, day, days: int):
    """Those away of whom nobody has heard for so many days, the longest first."""
    away = with_heard(standing.away_transfers(transfers, day))
    return away.filter(heard_on__lt=day - timedelta(days=days)).order_by("heard_on", "worker_id")


def newest_of(worker) -> Verification | None:
    return worker.verifications.valid().order_by("-pk").first()


def period(county, day) -> tuple[date, date]:
    """First and last day of the report month that a day lies in."""
    month = county.month_of(day)
    return county.first_day(month), county.last_day(month)


def home_days(county, day) -> int:
    """For how many days a homecoming is followed."""
    return _rules(county, day).home_days


def visit_days(county, day) -> int:
    """After how many days somebody away counts as not asked for long."""
    return _rules(county, day).visit_days


def _rules(county, day):
    return county.rules_from(county.month_of(day))


@dataclass
class Due:
    """Somebody to be asked: away by `transfer`, or home since it ended."""

    person: Worker
    transfer: Transfer
    day: date
    visit_days: int
    asked_on: date | None = None
    heard_on: date | None = None
    newest: int | None = None
    visits: list[Verification] = field(default_factory=list)

    @property
    def is_home(self) -> bool:
        return self.transfer.ended_on is not None and self.transfer.ended_on <= self.day

    @property
    def days(self) -> int:
        """How long ago the person was heard of."""
        return (self.day - self.heard_on).days

    @property
    def is_stale(self) -> bool:
        return not self.is_home and self.days > self.visit_days

    @property
    def contract_ends(self) -> date | None:
        """The last day of a contract that ends within 30 days."""
        until = None if self.is_home else self.transfer.contract_until
        return until if until and self.day <= until <= self.day + standing.SOON else None

    @property
    def tries(self) -> int:
        """How often nobody was reached in this report month."""
        return sum(visit.outcome in codes.UNREACHED for visit in self.visits)

    @property
    def has_wrong_number(self) -> bool:
        """Whether the last try found the number wrong."""
        return bool(self.visits) and self.visits[0].outcome == "wrong_number"

    @property
    def order(self) -> tuple:
        """Who was tried in vain comes last; before that the stale, contracts that end, then the others."""
        kind = 0 if self.is_stale else 1 if self.contract_ends else 2
        return self.tries, kind, self.heard_on, self.person.pk


class Round:
    """One village in one report month, as an officer sees it on a day."""

    def __init__(self, officer, village, day):
        self.officer, self.village, self.day = officer, village, day
        self.county = village.township.county
        self.first, self.last = period(self.county, day)
        self.visit_days = visit_days(self.county, day)

    @cached_property
    def visits(self) -> list[Verification]:
        """What was recorded in this report month, the newest first."""
        rows = Verification.objects.valid().visible_to(self.officer)
        rows = rows.filter(worker__village=self.village, on__gte=self.first, worker__voided_at__isnull=True)
        return list(rows.select_related("worker").order_by("-pk"))

    @cached_property
    def _visits_of(self) -> dict[int, list[Verification]]:
        found = defaultdict(list)
        for visit in self.visits:
            found[visit.worker_id].append(visit)
        return found

    @property
    def _transfers(self):
        newest = _newest(Verification.objects.valid().order_by("-pk"), "pk")
        rows = Transfer.objects.visible_to(self.officer).filter(village=self.village)
        return rows.annotate(newest_visit=newest).select_related("worker")

    @cached_property
    def away(self) -> list[Due]:
        """Those away of whom nobody has heard in this report month."""
        rows = with_heard(standing.away_transfers(self._transfers, self.day)).filter(heard_on__lt=self.first)
        return sorted((self._due(row, row.asked_on, row.heard_on) for row in rows), key=lambda due: due.order)

    @cached_property
    def home(self) -> list[Due]:
        """Those who came home and were not asked since, or are to be called again by now."""
        asked = Verification.objects.valid().filter(outcome="at_home").order_by("-pk")
        rows = standing.homecomings(self._transfers, self.day, home_days(self.county, self.day)).annotate(
            asked_on=_newest(asked, "on"), call_on=_newest(asked, "next_call_on"),
        )
        rows = rows.filter(Q(asked_on__isnull=True) | Q(asked_on__lt=F("ended_on")) | Q(call_on__lte=self.day))
        dues = [self._due(row, row.asked_on, row.call_on or row.ended_on) for row in rows.order_by("ended_on", "pk")]
        return sorted(dues, key=lambda due: due.order)

    def _due(self, row, asked_on, heard_on) -> Due:
        return Due(
            row.worker, row, self.day, self.visit_days, asked_on, heard_on, row.newest_visit,
            self._visits_of.get(row.worker_id, []),
        )

    @cached_property
    def done(self) -> list[Verification]:
        """The last success with each person who need not be asked any more in this report month."""
        waiting = {due.person.pk for due in (*self.away, *self.home)}
        found = {}
        for visit in self.visits:
            if visit.outcome in codes.CONFIRMED and visit.worker_id not in waiting:
                found.setdefault(visit.worker_id, visit)
        return list(found.values())

    @property
    def total(self) -> int:
        return len(self.away) + len(self.home) + len(self.done)

    @cached_property
    def latest(self) -> Verification | None:
        """What the officer recorded last today."""
        return next((visit for visit in self.visits if visit.by_id == self.officer.pk and visit.on == self.day), None)

    def due(self, worker) -> Due | None:
        """One person who is away, or home and followed, whether to be asked now or not."""
        transfers = self._transfers.filter(worker=worker)
        row = standing.away_transfers(transfers, self.day).first()
        row = row or standing.homecomings(transfers, self.day, home_days(self.county, self.day)).first()
        if row is None:
            return None
        asked = worker.verifications.confirming().first()
        asked_on = asked and asked.on
        return self._due(row, asked_on, max(filter(None, [asked_on, row.started_on])))


@dataclass
class Quality:
    """How well an area's people away are kept in touch with."""

    code: str
    away: int = 0
    asked: int = 0
    unreached: int = 0
    stale: int = 0
    longest: date | None = None
    label: str = ""

    @property
    def unreachable(self) -> float | None:
        """Of those asked or tried in the report month, the share that nobody reached."""
        tried = self.asked + self.unreached
        return self.unreached / tried if tried else None

    def plus(self, other: "Quality") -> "Quality":
        longest = min(filter(None, [self.longest, other.longest]), default=None)
        sums = {name: getattr(self, name) + getattr(other, name) for name in ("away", "asked", "unreached", "stale")}
        return Quality(self.code, longest=longest, label=self.label, **sums)


def conditions(day, first, days: int) -> dict[str, Q]:
    """Which of those away each number counts; `tried` and the days come from `with_tries`."""
    asked = Q(asked_on__gte=first)
    return {
        "away": Q(), "asked": asked, "unreached": Q(is_tried=True) & (Q(asked_on__isnull=True) | ~asked),
        "stale": Q(heard_on__lt=day - timedelta(days=days)),
    }


def with_tries(transfers, day, first):
    """Those away on a day, with when they were heard of and whether anybody tried since the first day."""
    tried = Verification.objects.valid().filter(
        worker=OuterRef("worker"), outcome__in=codes.UNREACHED, on__gte=first
    )
    return with_heard(standing.away_transfers(transfers, day)).annotate(is_tried=Exists(tried))


def quality(transfers, day, first, days: int, length: int) -> dict[str, Quality]:
    """The numbers of each area whose code has this length, in one query."""
    counted = conditions(day, first, days)
    counts = {name: Count("pk", filter=condition) for name, condition in counted.items() if condition}
    rows = with_tries(transfers, day, first).annotate(code=Substr("village_id", 1, length)).order_by().values("code")
    rows = rows.annotate(away=Count("pk"), longest=Min("heard_on"), **counts)
    return {row["code"]: Quality(**row) for row in rows}
