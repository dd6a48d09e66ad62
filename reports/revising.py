"""The revisions of a month (订正): how far each figure moved after it was filed, by whom and why.

First filed, as it counts now, and as known now; the three are of the same villages, those that are in. What was recorded
later than it was locked counts in later months: it is told with the month in which it counts.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Sum
from django.utils.functional import cached_property

from laborreg.months import Month
from officers.models import AuditEvent
from reports import layout, totals
from reports.hindsight import Hindsight
from reports.models import FiledEvent, ReturnVersion
from villages.models import County, Village
from workers.daily import Days
from workers.ledger import BY_KEY, KEYS

LATE = ["late", "late.left", "late.came_home", "late.income"]
Figures = dict[str, int]


@dataclass(frozen=True)
class Revision:
    """A figure as first filed, as it counts, and as known now; `now` None where the ledger was not read."""

    first: int
    counted: int
    now: int | None

    @property
    def corrected(self) -> int:
        """By versions that came after the first."""
        return self.counted - self.first

    @property
    def since(self) -> int | None:
        """By what the ledger learned since."""
        return None if self.now is None else self.now - self.counted

    @property
    def whole(self) -> int:
        return (self.counted if self.now is None else self.now) - self.first

    @property
    def share(self) -> float | None:
        return self.whole / abs(self.first) if self.first else None

    @property
    def has_moved(self) -> bool:
        return bool(self.corrected or self.since)


@dataclass(frozen=True)
class Step:
    """A version that replaced another: who filed it, when, why, and what became of one figure."""

    version: ReturnVersion
    before: ReturnVersion
    reason: str
    # Who asked for it: sent it back, or opened it again.
    asked_by: object | None
    reopened: bool
    was: int
    became: int

    @property
    def village(self) -> Village:
        return self.version.village

    @property
    def difference(self) -> int:
        return self.became - self.was


@dataclass(frozen=True)
class Late:
    """What a later month's counted versions recorded late about this one."""

    month: Month
    key: str
    persons: int
    amount: int

    @property
    def label(self) -> str:
        return layout.full_label(self.key)


class Revisions:
    """A month of an area, by its parts (the first `at` digits of a village's code). `reads_ledger`: "as known now" too."""

    def __init__(self, county: County, area: str, month: Month, *, at: int, reads_ledger: bool):
        self.county, self.area, self.month, self.at, self.reads_ledger = county, area, month, at, reads_ledger

    @cached_property
    def hindsight(self) -> Hindsight:
        return Hindsight(self.county, self.area, self.month)

    @cached_property
    def _versions(self) -> list[ReturnVersion]:
        """All versions of the villages that are in, by village and number."""
        returns = [ret.pk for ret in self.hindsight.returns]
        rows = ReturnVersion.objects.filter(ret__in=returns).order_by("village_id", "number")
        return list(rows.select_related("village__township", "submitted_by", "sent_back_by"))

    @cached_property
    def _first(self) -> dict[str, Figures]:
        firsts: dict[int, ReturnVersion] = {}
        for version in self._versions:
            firsts.setdefault(version.ret_id, version)
        return _summed(((version.village_id, version.figures) for version in firsts.values()), self.at)

    @cached_property
    def _counted(self) -> dict[str, Figures]:
        return totals.sums_of_returns(self.area, self.month, at=self.at)

    @cached_property
    def _now(self) -> dict[str, Figures]:
        return self.hindsight.now_by(self.at) if self.reads_ledger else {}

    def part(self, code: str, key: str) -> Revision | None:
        """Of a part; None where none of its villages is in."""
        if code not in self._counted:
            return None
        now = self._now[code][key] if self.reads_ledger else None
        return Revision(self._first[code][key], self._counted[code][key], now)

    def figures(self) -> list[tuple[str, Revision]]:
        """Every figure of the whole area, in the order of the definitions."""
        first, counted = totals.add(self._first.values()), totals.add(self._counted.values())
        now = totals.add(self._now.values()) if self.reads_ledger else dict.fromkeys(KEYS)
        return [(key, Revision(first[key], counted[key], now[key])) for key in KEYS]

    def away_of_many(self) -> Revision:
        """Those away as known now, counted in the database: to read the whole ledger of a large county takes too long."""
        filed = dict(self.figures())["away"]
        days = Days(self.area, [ret.village_id for ret in self.hindsight.returns])
        return Revision(filed.first, filed.counted, days.on(self.county.last_day(self.month)))

    def versions_by(self) -> Counter:
        """How many later versions each part has."""
        return Counter(version.village_id[: self.at] for version in self._versions if version.number > 1)

    def steps(self, key: str) -> list[Step]:
        """The newest first."""
        asked = self._reopenings()
        found = [
            _step(before, after, asked.get(after.ret_id, ()), key)
            for before, after in zip(self._versions, self._versions[1:], strict=False) if before.ret_id == after.ret_id
        ]
        return sorted(found, key=lambda step: (step.version.submitted_at, step.version.pk), reverse=True)

    def _reopenings(self) -> dict[int, list[AuditEvent]]:
        ids = [str(version.ret_id) for version in self._versions if version.number > 1]
        events = AuditEvent.objects.filter(subject_kind="monthlyreturn", subject_id__in=ids, verb="reopened")
        found: dict[int, list[AuditEvent]] = {}
        for event in events.filter(county_code=self.county.code).select_related("by").order_by("number"):
            found.setdefault(int(event.subject_id), []).append(event)
        return found

    def late(self) -> list[Late]:
        """What was recorded late, by the month in which it counts."""
        later = ReturnVersion.objects.under(self.area).filter(month__gt=self.month, ret__counted=F("pk"))
        rows = FiledEvent.objects.filter(version__in=later, month=self.month, kind__in=LATE)
        sums = rows.values("version__month", "kind").annotate(n=Count("pk"), amount_in=Sum("amount")).order_by()
        found = [Late(row["version__month"], row["kind"], row["n"], row["amount_in"]) for row in sums]
        return sorted(found, key=lambda late: (late.month.index, LATE.index(late.key)))


def _summed(rows: Iterable[tuple[str, Figures]], at: int) -> dict[str, Figures]:
    parts: dict[str, list[Figures]] = {}
    for code, figures in rows:
        parts.setdefault(code[:at], []).append(figures)
    return {code: totals.add(each) for code, each in parts.items()}


def _step(before: ReturnVersion, after: ReturnVersion, reopenings, key: str) -> Step:
    """A version follows one that was sent back, or a reopening since."""
    column = BY_KEY[key].column
    asked = _last_before(reopenings, after.submitted_at) if not before.sent_back_by_id else None
    reason = before.send_back_reason or (asked.detail.get("reason", "") if asked else "")
    return Step(
        after, before, reason, before.sent_back_by or (asked.by if asked else None), asked is not None,
        getattr(before, column), getattr(after, column),
    )


def _last_before(events, moment: datetime) -> AuditEvent | None:
    return next((event for event in reversed(list(events)) if event.at <= moment), None)
