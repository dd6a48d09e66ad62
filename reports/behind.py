"""A return's figures and the names behind each of them: from the ledger now, or as a version filed them."""

from dataclasses import dataclass, field
from datetime import date

from laborreg.months import Month
from reports import actions, checks, filing
from reports.models import FiledLine, MonthlyReturn, ReturnVersion
from workers import ledger
from workers.ledger import BY_KEY, Event, Line

OPENING = "opening"
HOUSEHOLDS = ("households", "households.with_away")


@dataclass
class Behind:
    """One person or group behind a figure, with its share in it."""

    key: tuple[str, int]
    name: str
    share: int
    persons: int = 1
    # What the ledger said of them at the end of the month; None where they are in no line of it.
    line: Line | FiledLine | None = None
    # Of an event: its day, the month it concerns, where from or to, and why.
    on: date | None = None
    month: Month | None = None
    region: str = ""
    reason: str = ""
    kind: str = ""
    # Of a household: who else belongs to it.
    household: int | None = None
    members: list[str] = field(default_factory=list)

    @property
    def is_group(self) -> bool:
        return self.key[0] == "group"


class Live:
    """As the ledger says now."""

    version = None

    def __init__(self, ret: MonthlyReturn):
        self.ret = ret
        self.count = filing.count_villages(ret.county, ret.month, [ret.village_id])[ret.village_id]
        self.figures = self.count.figures

    @property
    def opening_version(self) -> ReturnVersion | None:
        return ReturnVersion.objects.filter(
            pk__in=MonthlyReturn.objects.filter(
                village_id=self.ret.village_id, month=self.ret.month.previous
            ).values("newest")
        ).first()

    def findings(self, *, is_nil=None) -> list[checks.Finding]:
        """What does not hold; `is_nil` None: as the figures have it."""
        case = actions.case_of(self.ret, self.count, is_nil=is_nil)
        case.is_nil = case.is_unchanged if is_nil is None else is_nil
        return checks.findings(case)

    def behind(self, key: str) -> list[Behind]:
        if key == OPENING:
            return self._opening()
        if BY_KEY[key].of is Event:
            return _of_events(self._sharing(self.count.events, key), {line.key: line for line in self.count.lines})
        found = [_of_line(line, share) for line, share in self._sharing(self.count.lines, key)]
        return _with_members(found, self.count.lines) if key in HOUSEHOLDS else found

    def _sharing(self, rows, key):
        return [(row, share) for row in rows if (share := ledger.shares(row).get(key))]

    def _opening(self):
        """Those away in last month's newest version; as known now where last month was never submitted."""
        if version := self.opening_version:
            return Frozen(version).away()
        ret = self.ret
        before = MonthlyReturn(county=ret.county, village=ret.village, month=ret.month.previous)
        return Live(before).behind("away")


class Frozen:
    """As a version filed it."""

    def __init__(self, version: ReturnVersion):
        self.version = version
        self.figures = version.figures

    @property
    def opening_version(self) -> ReturnVersion | None:
        return self.version.opening_version

    def findings(self, ret: MonthlyReturn) -> list[checks.Finding]:
        """What did not hold when it was filed, as far as today's neighbors tell."""
        case = actions.case_of(ret, self._as_count())
        case.is_nil, case.open_questions = self.version.is_nil, []
        return checks.findings(case)

    def _as_count(self):
        lines = [_as_line(line) for line in self.version.filedlines.filter(state="away")]
        return filing.VillageCount(self.figures, lines, [])

    def away(self) -> list[Behind]:
        return [_of_line(line, line.persons) for line in self.version.filedlines.filter(state="away")]

    def behind(self, key: str) -> list[Behind]:
        if key == OPENING:
            return Frozen(self.opening_version).away() if self.opening_version else []
        lines = self.version.filedlines
        if BY_KEY[key].of is Event:
            events = [(event, event.shares[key]) for event in self.version.filedevents.filter(shares__has_key=key)]
            numbers = [event.worker_number for event, _share in events if event.worker_number]
            return _of_events(events, {line.key: line for line in lines.filter(worker_number__in=numbers)})
        found = [_of_line(line, line.shares[key]) for line in lines.filter(shares__has_key=key)]
        if key in HOUSEHOLDS:
            numbers = [each.household for each in found]
            return _with_members(found, lines.filter(household_number__in=numbers))
        return found


def _of_line(line, share) -> Behind:
    return Behind(line.key, line.name, share, line.persons, line, household=_household(line))


def _of_events(events, lines) -> list[Behind]:
    return [
        Behind(
            event.key, event.name, share, getattr(event, "persons", abs(event.amount)), lines.get(event.key), event.on,
            event.month, event.region, event.reason, event.kind,
        )
        for event, share in events
    ]


def _household(line) -> int | None:
    return line.household_number if isinstance(line, FiledLine) else line.household


def _with_members(found: list[Behind], lines) -> list[Behind]:
    members: dict[int, list[str]] = {}
    for line in lines:
        if line.state != "gone" and _household(line) is not None:
            members.setdefault(_household(line), []).append(line.name)
    for each in found:
        each.members = members.get(each.household, [])
    return found


def _as_line(row: FiledLine) -> Line:
    """As far as the checks look at it."""
    return Line(
        row.key, row.village_id, persons=row.persons, is_group=row.group_number is not None, state=row.state,
        sex=row.sex, age=row.age, age_band=row.age_band,
    )
