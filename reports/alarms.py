"""The drop alarm (下降预警): townships and villages whose number of people away fell more than the county allows.

Compared are the same lunar month of last year, since people go and come by the Spring Festival, and last month unless
the festival is near. Only villages that are in for both months are compared, see reports/paired.py: a missing return
is no fall, nor does a village that was missing then hide one. How much is allowed, and from how many persons on, are
settings of the county with a month from which they hold. Alarms are computed whenever they are asked for; what is
done about one is kept in a DropCase.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from laborreg import clock
from laborreg.codes import under_any
from laborreg.lunar import same_lunar_month, weeks_from_festival
from laborreg.months import Month
from officers.models import Officer
from reports import comparing, totals
from reports.models import DropCase, FiledEvent, FiledLine, MonthlyReturn
from reports.paired import Counted, Filed, Pair, paired
from villages.models import County, Township, Village

LUNAR, LAST = "lunar", "last"
AWAY = "away"
# A month that ends so many weeks before or after the festival is not compared with the month before.
FESTIVAL_WEEKS = range(-4, 4)
NEW, AGAIN, OPEN, OVERDUE, CLOSED = "new", "again", "open", "overdue", "closed"
# The order in which they ask for attention.
STATES = [AGAIN, NEW, OVERDUE, OPEN, CLOSED]


@dataclass(frozen=True)
class Fall:
    """Against which month, and how far."""

    than: str
    month: Month
    before: int
    now: int
    # All that was filed, also by villages that are in for one of the months only.
    before_whole: int
    now_whole: int

    @property
    def persons(self) -> int:
        return self.before - self.now

    @property
    def share(self) -> float:
        return self.persons / self.before


@dataclass
class Alarm:
    """One area that fell; the deepest fall first, none where it was put right since. `earlier`: its newest case before."""

    area: Any
    month: Month
    falls: list[Fall]
    case: DropCase | None = None
    earlier: DropCase | None = None
    today: date = field(default_factory=clock.today)

    @property
    def now(self) -> int | None:
        """Of all villages that are in, as a case keeps it."""
        return self.falls[0].now_whole if self.falls else None

    @property
    def state(self) -> str:
        return state_of(self.case, self.now, self.today) if self.case else AGAIN if self.is_repeated else NEW

    @property
    def is_repeated(self) -> bool:
        """It was settled in a month before, and fell again."""
        return self.earlier is not None and not self.earlier.is_open

    @property
    def waits(self) -> bool:
        return self.state in (NEW, AGAIN, OVERDUE)


def state_of(case: DropCase, now: int | None, today: date) -> str:
    if not case.is_open:
        return AGAIN if now is not None and now < case.away_then else CLOSED
    return OVERDUE if case.until_on < today else OPEN


def compared_with(county: County, month: Month) -> dict[str, Month]:
    """Which months a month is compared with."""
    found = {LUNAR: same_lunar_month(month, month.year - 1, county.last_day)}
    if weeks_from_festival(county.last_day(month)) not in FESTIVAL_WEEKS:
        found[LAST] = month.previous
    return found


def falls(county: County, area: str, month: Month, *, at: int) -> dict[str, list[Fall]]:
    """{code: falls} of the parts of an area (the first `at` digits of a village's code) that fell too far."""
    rules = county.rules_from(month)
    found: dict[str, list[Fall]] = {}
    for than, when in compared_with(county, month).items():
        filed = paired(county, area, when, month)
        for code, pairs in _by_part(filed, at).items():
            before, now = sum(pair.before for pair in pairs), sum(pair.after for pair in pairs)
            fall = Fall(than, when, before, now, filed.whole(filed.then, code), filed.whole(filed.now, code))
            if _is_too_far(fall, rules):
                found.setdefault(code, []).append(fall)
    for each in found.values():
        each.sort(key=lambda fall: -fall.share)
    return found


def _by_part(filed: Filed, at: int) -> dict[str, list[Pair]]:
    found: dict[str, list[Pair]] = {}
    for pair in filed.pairs:
        if code := pair.part(at):
            found.setdefault(code, []).append(pair)
    return found


def _is_too_far(fall: Fall, rules) -> bool:
    return fall.persons >= rules.drop_persons and fall.persons * 100 > rules.drop_percent * fall.before


def alarms(county: County, areas: Iterable[str], month: Month, *, villages: bool = True) -> list[Alarm]:
    """Of some areas (posts): their townships and, unless told otherwise, villages; what waits comes first."""
    found: dict[str, list[Fall]] = {}
    for area in areas:
        for at in (9, 12) if villages else (9,):
            if len(area) <= at:
                found |= falls(county, area, month, at=at)
    cases, earlier = _cases(county, list(areas), month)
    codes = {*found, *(code for code in cases if villages or len(code) == 9)}
    places = _places(codes)
    rows = [Alarm(places[code], month, found.get(code, []), cases.get(code), earlier.get(code)) for code in codes]
    return sorted(rows, key=lambda row: (STATES.index(row.state), len(row.area.code), row.area.code))


def _places(codes) -> dict[str, Any]:
    if not codes:
        return {}
    townships = Township.objects.filter(pk__in=[code for code in codes if len(code) == 9])
    villages = Village.objects.filter(pk__in=[code for code in codes if len(code) == 12]).select_related("township")
    return {area.code: area for area in (*townships, *villages)}


def _cases(county, areas, month) -> tuple[dict, dict]:
    """Each area's case of the month, and its newest one before."""
    rows = DropCase.objects.filter(under_any("area_code", areas), county=county, month__lte=month).order_by("month")
    own, earlier = {}, {}
    for case in rows.select_related("closed_by", "taken_up_by"):
        (own if case.month == month else earlier)[case.area_code] = case
    return own, earlier


def seen_by(officer: Officer, county: County, month: Month) -> list[Alarm]:
    """The officer's alarms.

    Who sees no people sees townships that are complete, and none with a hidden number, nor one where the villages left
    out could be told by what they make of the whole.
    """
    if officer.may("see people"):
        return alarms(county, officer.posts, month)
    found = alarms(county, officer.posts, month, villages=False)
    expected, received = (ask(county.code, month, 9) for ask in (totals.expected_by, totals.received_by))
    marks = {}
    for when in {month, *(fall.month for alarm in found for fall in alarm.falls)}:
        marks |= comparing.hidden_from(officer, county.code, when)
    return [
        alarm for alarm in found if expected.get(alarm.area.code) == received.get(alarm.area.code)
        and all((fall.before, fall.now) == (fall.before_whole, fall.now_whole) for fall in alarm.falls)
        and not any((when, alarm.area.code, AWAY) in marks for when in (month, *(f.month for f in alarm.falls)))
    ]


def fallen(county: County, code: str, month: Month) -> list[Fall]:
    """The falls of one township or village; [] where it holds (again)."""
    return falls(county, code, month, at=len(code)).get(code, [])


@dataclass(frozen=True)
class Missing:
    """Somebody who was away then and is not away now, as filed; why and when they came home where it was filed."""

    village: Village
    worker_number: int | None
    name: str
    persons: int
    destination: str
    started_on: date | None
    came_home: FiledEvent | None = None


class Names:
    """Who was away in one month and not in another, of villages that are in for both, as their lines were filed."""

    def __init__(self, county: County, area: str, then: Month, now: Month):
        self.area, self.then, self.now = area, then, now
        pairs = _by_part(paired(county, area, then, now), len(area)).get(area, [])
        self._villages = {village for pair in pairs for village in (*pair.then, *pair.now)}
        self._before = self._away(counted for pair in pairs for counted in pair.then.values())
        self._after = self._away(counted for pair in pairs for counted in pair.now.values())

    @staticmethod
    def _away(counted: Iterable[Counted]) -> dict[tuple[str, int], tuple[int, str, int]]:
        """(worker or group) → (line's number, village, persons)."""
        versions = [each.version for each in counted]
        rows = FiledLine.objects.filter(version__in=versions, state=AWAY)
        return {
            ("worker", worker) if worker else ("group", group): (pk, village, persons)
            for pk, village, worker, group, persons in rows.order_by("village_id", "pk").values_list(
                "pk", "village_id", "worker_number", "group_number", "persons"
            )
        }

    @property
    def terms(self) -> tuple[int, int, int, int]:
        """Away then, of them no more, newly away, away now: the first less the second plus the third is the fourth."""
        before, now = _persons(self._before.values()), _persons(self._after.values())
        gone = sum(persons for _line, persons in self.gone)
        return before, gone, now - before + gone, now

    @property
    def gone(self) -> list[tuple[int, int]]:
        """(line as filed then, how many of its persons are away no more), in the order of the villages."""
        after = {key: persons for key, (_pk, _village, persons) in self._after.items()}
        rows = [(pk, persons - after.get(key, 0)) for key, (pk, _village, persons) in self._before.items()]
        return [(pk, persons) for pk, persons in rows if persons > 0]

    def told(self, gone: list[tuple[int, int]]) -> list[Missing]:
        """Some of them with their facts. Three queries."""
        lines = FiledLine.objects.select_related("village__township").in_bulk([pk for pk, _persons in gone])
        home = self._homecomings([line.worker_number for line in lines.values() if line.worker_number])
        return [
            Missing(
                line.village, line.worker_number, line.name, persons, line.destination, line.started_on,
                home.get(line.worker_number),
            )
            for line, persons in ((lines[pk], persons) for pk, persons in gone)
        ]

    def _homecomings(self, workers) -> dict[int, FiledEvent]:
        """The newest homecoming that was filed of each since."""
        returns = MonthlyReturn.objects.filter(
            village__in=self._villages, month__gt=self.then, month__lte=self.now, counted__isnull=False
        )
        rows = FiledEvent.objects.filter(version__in=returns.values("counted"), worker_number__in=workers, kind="came_home")
        return {event.worker_number: event for event in rows.order_by("on", "pk")}


def _persons(rows) -> int:
    return sum(persons for _pk, _village, persons in rows)
