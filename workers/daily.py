"""How many are away on any day, as the ledger knows now: counted in the database, for a curve over years.

The definition is figures.md's: registered in the area on the day, and covered on it by a transfer outside the township of
registration. On the last day of a month it is `away` as known now.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import accumulate

from django.db import connection
from django.db.models import Count, DateField, F, Q, QuerySet, Value
from django.db.models.functions import Coalesce, Greatest, Least, Substr

from laborreg.codes import under
from workers.models import Registration, UnnamedGroup


class Days:
    """Away in an area on each day; from a handful of sums over the area's ledger, whatever the number of days.

    `villages`: only of these; else of all.
    """

    def __init__(self, area: str, villages: Iterable[str] | None = None):
        within = under("village_id", area)
        if villages is not None:
            within &= Q(village_id__in=list(villages))
        changes = _of_persons(within)
        _add_groups(within, changes)
        self._days = sorted(changes)
        self._away = list(accumulate(changes[day] for day in self._days))

    def on(self, day: date) -> int:
        place = bisect_right(self._days, day)
        return self._away[place - 1] if place else 0


@dataclass(frozen=True)
class OnDay:
    """Who is away from an area on a day: `stays`, of persons, by village and name; `groups`, those not yet named."""

    stays: QuerySet
    groups: list[tuple[str, UnnamedGroup, int]]

    @property
    def persons(self) -> int:
        """As many as Days.on() says."""
        return self.stays.count() + sum(persons for _village, _group, persons in self.groups)


def on_day(area: str, day: date) -> OnDay:
    """`stays` as _stays_away has them, one a person."""
    within = under("village_id", area)
    stays = _stays_away(within).filter(start__lte=day, stop__gt=day)
    groups = [
        (village, group, persons) for village, group, persons, start, stop in _groups(within) if start <= day < stop
    ]
    return OnDay(stays.order_by("village_id", "worker__name_pinyin", "worker__name", "pk"), groups)


def _stays_away(within: Q):
    """Registrations joined with the transfers (`trip`) outside their township: `start` … `stop`, the days that both cover."""
    return (
        Registration.objects.filter(within, worker__voided_at__isnull=True, worker__merged_into__isnull=True)
        .annotate(
            trip=F("worker__transfers"), void=F("worker__transfers__voided_at"), left=F("worker__transfers__started_on"),
            over=F("worker__transfers__ended_on"), place=Substr("worker__transfers__destination", 1, 9),
        )
        .filter(void__isnull=True, left__isnull=False).exclude(place=Substr("village_id", 1, 9))
        .annotate(
            start=Greatest("left", Coalesce("from_on", Value(date.min, DateField()))),
            stop=Least(Coalesce("over", Value(date.max, DateField())), Coalesce("to_on", Value(date.max, DateField()))),
        )
        .filter(start__lt=F("stop")).order_by()
    )


def _of_persons(within: Q) -> Counter[date]:
    """{day: how many more are away than the day before}; both ends of the stays from one walk over them."""
    sql, values = _stays_away(within).values_list("start", "stop").query.sql_with_params()
    ends = "SELECT start, COUNT(*) FROM stays GROUP BY 1 UNION ALL SELECT stop, -COUNT(*) FROM stays GROUP BY 1"
    changes: Counter[date] = Counter()
    with connection.cursor() as cursor:
        cursor.execute(f"WITH stays (start, stop) AS MATERIALIZED ({sql}) {ends}", values)
        for day, n in cursor.fetchall():
            # SQLite knows no days.
            changes[day if isinstance(day, date) else date.fromisoformat(day)] += n
    return changes


def _add_groups(within: Q, changes: Counter[date]):
    for _village, _group, persons, start, stop in _groups(within):
        changes[start] += persons
        changes[stop] -= persons


def _groups(within: Q) -> Iterator[tuple[str, UnnamedGroup, int, date, date]]:
    """(village, group, persons, first day, day after the last): a group counts as those that no valid transfer names."""
    stays = Registration.objects.filter(within, group__isnull=False)
    named = Count("transfers", filter=Q(transfers__voided_at__isnull=True))
    groups = UnnamedGroup.objects.filter(voided_at__isnull=True, pk__in=stays.values("group")).annotate(named=named)
    known = {group.pk: group for group in groups}
    for number, village, from_on, to_on in stays.order_by("village", "pk").values_list("group", "village", "from_on", "to_on"):
        group = known.get(number)
        if group is None or group.persons <= group.named or group.destination[:9] == village[:9]:
            continue
        start = max(group.started_on, from_on or date.min)
        stop = min(group.ended_on or date.max, to_on or date.max)
        if start < stop:
            yield village, group, group.persons - group.named, start, stop
