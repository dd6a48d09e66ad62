"""From histories to lines, events and figures: how the ledger is read on the last day of a month."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby
from operator import attrgetter

from laborreg.months import Month
from workers import codes, ledger
from workers.histories import History, Rules, Spell
from workers.ledger import CAME_HOME, LEFT, MOVED, Event, Line
from workers.regions import TOWNSHIP, region_of

RulesOf = Callable[[Month], Rules]
DAY = timedelta(days=1)
EVER = date.min
LATE_FIGURES = {LEFT: "late.left", CAME_HOME: "late.came_home"}
_transfer = attrgetter("spell.transfer")


@dataclass
class Filed:
    """What one village filed before, as far as a month needs it, by history key."""

    # Persons away in last month's newest submitted version; None: it was never submitted.
    opening: dict[tuple[str, int], int] | None = None
    # (left or came_home, month concerned) → the times that this year's months filed of it, late included.
    events: dict[tuple[str, Month], dict[tuple[str, int], int]] = field(default_factory=dict)
    # Yuan of each of this year's earlier months, late included: from the county's first month on, up to last month.
    incomes: dict[tuple[str, int], list[int]] = field(default_factory=dict)
    # Nothing before the county's first month is late.
    first_month: Month | None = None


@dataclass
class VillageCount:
    """One village and month: figures, and the lines and events that they open to."""

    figures: dict[str, int]
    lines: list[Line]
    events: list[Event]


class Year:
    """The months of a year up to one month, looked up once for all histories of a count."""

    def __init__(self, month: Month, rules_of: RulesOf):
        self.month, self.rules = month, rules_of(month)
        self.months = month.since(month.january)
        days = [rules_of(m) for m in self.months]
        self.starts = [rules.first_day for rules in days]
        self.stops = [rules.last_day + DAY for rules in days]
        self.first_day, self.end = self.starts[0], self.stops[-1]
        # What happened earlier enters no figure: neither this year's, nor the homecomings that are still followed.
        self.events_from = min(self.first_day, self.rules.first_day - self.rules.home_days * DAY)

    def month_of(self, day: date) -> Month | None:
        """The month of this year that a day up to L lies in."""
        place = bisect_right(self.starts, day) - 1
        return self.months[place] if place >= 0 else None


@dataclass(slots=True)
class Segment:
    """Days [from_on, to_on) on which one spell covers a person registered in one village."""

    from_on: date
    to_on: date
    village: str
    spell: Spell
    region: str

    @property
    def is_away(self) -> bool:
        return self.region != TOWNSHIP


@dataclass(slots=True)
class Stint:
    """A run of consecutive covered days, of whatever place."""

    segments: list[Segment]

    @property
    def from_on(self) -> date:
        return self.segments[0].from_on

    @property
    def to_on(self) -> date:
        return self.segments[-1].to_on

    @property
    def days(self) -> int:
        return (self.to_on - self.from_on).days


def count(
    histories: Iterable[History], villages: Iterable[str], month: Month, *, rules_of: RulesOf,
    filed: dict[str, Filed] | None = None,
) -> dict[str, VillageCount]:
    """The figures, lines and events of some villages for a month, from the histories that ever touched them."""
    filed, year = filed or {}, Year(month, rules_of)
    sheets = {code: Sheet(code, year, filed.get(code) or Filed()) for code in villages}
    for history in histories:
        reading = Reading(history, year)
        for village in reading.touched:
            if sheet := sheets.get(village):
                sheet.add(reading)
    return {code: sheet.finish() for code, sheet in sheets.items()}


class Reading:
    """One history read as on L: what starts after L does not exist, what ends after L is open."""

    def __init__(self, history: History, year: Year):
        self.history, self.year, self.rules, self.end = history, year, year.rules, year.end
        self.stays = [
            (s.from_on or EVER, min(s.to_on or self.end, self.end), s.village)
            for s in history.stays
            if (s.from_on or EVER) < self.end
        ]
        self.segments = list(self._segments())
        # Four in ten never worked: there is nothing more to read of them.
        self.stints = self._stints() if self.segments else []
        self.events = list(self._events()) if self.segments else []
        self.incomes = self._incomes() if self.segments else {}

    @property
    def here(self) -> str | None:
        """The village of registration on L."""
        return self.stays[-1][2] if self.stays and self.stays[-1][1] == self.end else None

    @property
    def year_village(self) -> str | None:
        """Where the year figures count: the village on L, or the last one of who died or left."""
        return self.stays[-1][2] if self.stays else None

    @property
    def last_registered_day(self) -> date:
        return self.stays[-1][1] - DAY

    @property
    def touched(self) -> set[str]:
        return {stay[2] for stay in self.stays}

    def on(self, day: date) -> Segment | None:
        """What covers a day up to L."""
        for segment in reversed(self.segments):
            if segment.from_on <= day:
                return segment if day < segment.to_on else None
        return None

    def is_registered_on(self, day: date) -> bool:
        return any(lo <= day < hi for lo, hi, _village in self.stays)

    def _segments(self):
        for spell in self.history.spells:
            to_on = spell.ended_on or self.end
            for lo, hi, village in self.stays:
                start = spell.started_on if spell.started_on > lo else lo
                stop = to_on if to_on < hi else hi
                if start < stop:
                    yield Segment(start, stop, village, spell, region_of(village, spell.destination))

    def _stints(self) -> list[Stint]:
        stints: list[Stint] = []
        for segment in self.segments:
            if stints and stints[-1].to_on == segment.from_on:
                stints[-1].segments.append(segment)
            else:
                stints.append(Stint([segment]))
        return stints

    def _events(self):
        """Left, came home and moved, on every day up to L on which the person's state changes."""
        before = None
        for after in (*self.segments, None):
            if before and not (after and after.from_on == before.to_on):
                yield from self._change(before.to_on, before, None)
                before = None
            if after:
                yield from self._change(after.from_on, before, after)
            before = after

    def _change(self, day: date, before: Segment | None, after: Segment | None):
        """What it is when work changes on a day from one segment, or none, to another, or none."""
        if not self.year.events_from <= day < self.end:
            return
        was_away, is_away = bool(before and before.is_away), bool(after and after.is_away)
        if was_away and is_away:
            if before.village != after.village:
                yield self._event(MOVED, before.village, day, -1, before)
                yield self._event(MOVED, after.village, day, +1, after)
        elif is_away:
            was_here = before or self.is_registered_on(day - DAY)
            yield self._event(LEFT if was_here else MOVED, after.village, day, +1, after)
        elif was_away and (after or self.is_registered_on(day)):
            yield self._event(CAME_HOME, before.village, day, +1, before)
        elif was_away:
            yield self._event(MOVED, before.village, day, -1, before)

    def _event(self, kind, village, day, sign, segment) -> Event:
        spell = segment.spell
        return Event(
            kind, self.history.key, village, self.history.name, on=day, month=self.year.month_of(day),
            amount=sign * self.history.persons, persons=self.history.persons, region=segment.region,
            reason=spell.reason if spell.ended_on == day else "", transfer=spell.transfer,
        )

    def came_home_between(self, first: date, last: date) -> Event | None:
        """The newest homecoming on the days first … last, anywhere in the county."""
        found = [e for e in self.events if e.kind == CAME_HOME and first <= e.on <= last]
        return found[-1] if found else None

    def _incomes(self) -> dict[str, list[int]]:
        """Village → whole yuan by month of this year."""
        year, yuan = self.year, [0] * len(self.year.months)
        for _number, segments in groupby(self.segments, _transfer):
            days: dict[int, int] = {}
            for segment in segments:
                if (pay := segment.spell.pay) and segment.to_on > year.first_day:
                    self._add_days(segment, days)
            for place, covered in days.items():
                yuan[place] += (2 * pay * covered + 30) // 60
        if not any(yuan):
            return {}
        yuan = [amount * self.history.persons for amount in yuan]
        return {self.stays[0][2]: yuan} if len(self.stays) == 1 else self._shared_out(yuan)

    def _add_days(self, segment: Segment, days: dict[int, int]):
        """Add to place of the month in the year → days what the segment covers."""
        year, day = self.year, max(segment.from_on, self.year.first_day)
        place = bisect_right(year.starts, day) - 1
        while day < segment.to_on:
            stop = min(year.stops[place], segment.to_on)
            days[place] = days.get(place, 0) + (stop - day).days
            day, place = stop, place + 1

    def _shared_out(self, yuan: list[int]) -> dict[str, list[int]]:
        """Each month's yuan go to the village of the last registered day in it."""
        found: dict[str, list[int]] = {}
        for place, amount in enumerate(yuan):
            if amount:
                found.setdefault(self._credited(self.year.stops[place]), [0] * len(yuan))[place] = amount
        return found

    def _credited(self, stop: date) -> str:
        """The village of the last registered day before `stop`."""
        return [village for lo, _hi, village in self.stays if lo < stop][-1]


class Sheet:
    """One village's month being counted."""

    def __init__(self, village: str, year: Year, filed: Filed):
        self.village, self.year, self.rules, self.filed = village, year, year.rules, filed
        self.lines: list[Line] = []
        self.events: list[Event] = []
        # As known now: away on the last day of the month before, times and yuan of this year's earlier months.
        self.away_before: dict[tuple[str, int], int] = {}
        self.known: dict[tuple[str, Month], dict[tuple[str, int], int]] = defaultdict(dict)
        self.incomes: dict[tuple[str, int], list[int]] = {}
        self.names: dict[tuple[str, int], str] = {}
        self.earlier = [m for m in year.months[:-1] if filed.first_month is None or m >= filed.first_month]

    def add(self, reading: Reading):
        line = _line(reading, self.village)
        if line:
            self.lines.append(line)
        self.names[reading.history.key] = reading.history.name
        if reading.segments:
            self._add_events(reading)
            self._add_known(reading)

    def _add_events(self, reading: Reading):
        seen = set()
        for event in reading.events:
            if event.village != self.village or event.month is None:
                continue
            if event.month != self.year.month:
                self._add_earlier(event)
                continue
            event.is_first = event.kind not in seen
            seen.add(event.kind)
            event.is_again = event.kind == LEFT and not reading.history.is_group and bool(
                reading.came_home_between(event.on - self.rules.home_days * DAY, event.on - DAY)
            )
            self.events.append(event)

    def _add_earlier(self, event: Event):
        if event.kind != MOVED:
            known = self.known[event.kind, event.month]
            known[event.key] = known.get(event.key, 0) + event.amount

    def _add_known(self, reading: Reading):
        key, segment = reading.history.key, reading.on(self.rules.first_day - DAY)
        if segment and segment.is_away and segment.village == self.village:
            self.away_before[key] = reading.history.persons
        if self.earlier and (yuan := reading.incomes.get(self.village)):
            self.incomes[key] = yuan[-1 - len(self.earlier) : -1]

    def finish(self) -> VillageCount:
        _stand_for_households(self.lines)
        self.events += self._late()
        figures = dict.fromkeys(ledger.KEYS, 0)
        for row in (*self.lines, *self.events):
            for key, share in ledger.shares(row).items():
                figures[key] += share
        opening = self.away_before if self.filed.opening is None else self.filed.opening
        figures["opening"] = sum(opening.values())
        return VillageCount(figures, self.lines, self.events)

    def _late(self):
        if self.filed.opening is not None:
            yield from self._differences("late", self.away_before, self.filed.opening, self.year.month.previous)
        for figure, kind in LATE_FIGURES.items():
            for month in self.earlier:
                now, then = self.known[figure, month], self.filed.events.get((figure, month), {})
                yield from self._differences(kind, now, then, month)
        if self.earlier:
            yield from self._late_incomes()

    def _differences(self, kind, now, then, month):
        for key in sorted(now.keys() | then.keys()):
            if amount := now.get(key, 0) - then.get(key, 0):
                yield self._late_event(kind, key, month, amount)

    def _late_incomes(self):
        now, then, nothing = self.incomes, self.filed.incomes, [0] * len(self.earlier)
        for key in sorted(key for key in now.keys() | then.keys() if now.get(key, nothing) != then.get(key, nothing)):
            for month, known, filed in zip(
                self.earlier, now.get(key, nothing), then.get(key, nothing), strict=True
            ):
                if known != filed:
                    yield self._late_event("late.income", key, month, known - filed)

    def _late_event(self, kind, key, month, amount) -> Event:
        """Without a name where nobody of the ledger stands behind it any more."""
        return Event(kind, key, self.village, self.names.get(key, ""), month=month, amount=amount)


def _line(reading: Reading, village: str) -> Line | None:
    """What a person or group adds to a village, or None where it adds nothing and lives elsewhere."""
    history = reading.history
    yuan = reading.incomes.get(village)
    is_here, counts_year = reading.here == village, reading.year_village == village
    if not (is_here or counts_year or yuan):
        return None
    line = Line(
        history.key, village, history.name, history.persons, history.is_group, state="gone", sex=history.sex,
        education=history.education, skill=history.skill, household=history.household,
        group_name=history.group_name, wants_to_go=history.wants_to_go,
        income_month=yuan[-1] if yuan else 0, income=sum(yuan) if yuan else 0,
    )
    day = reading.rules.last_day if is_here else reading.last_registered_day
    if history.households_before:
        line.household = history.household_on(day)
    _set_age(line, history, reading.rules.last_day)
    line.relieved, line.monitored = _holds(history.relieved, day), _holds(history.monitored, day)
    if is_here:
        _set_state(line, reading)
    if counts_year and reading.stints:
        _set_year(line, reading)
    return line


def _holds(periods, day: date) -> bool:
    return any((lo is None or lo <= day) and (hi is None or hi > day) for lo, hi in periods)


def _set_age(line: Line, history: History, day: date):
    if history.is_group:
        line.age_band = history.age_band
    elif born := history.born_on:
        line.age = day.year - born.year - ((day.month, day.day) < (born.month, born.day))
        line.age_band = ledger.age_band(line.age)


def _set_state(line: Line, reading: Reading):
    line.state = "home"
    if reading.segments and (segment := reading.on(reading.rules.last_day)):
        _set_work(line, segment)
    if not line.is_group:
        line.in_labor_force = _in_labor_force(line, reading)
        line.home_plan = _home_plan(line, reading)


def _set_work(line: Line, segment: Segment):
    spell = segment.spell
    line.state = "away" if segment.is_away else "local"
    line.region, line.destination, line.transfer = segment.region, spell.destination, spell.transfer
    line.section, line.job, line.form, line.pay = spell.section, spell.job, spell.form, spell.pay
    line.channel, line.bearer, line.started_on = spell.channel, spell.bearer, spell.started_on


def _in_labor_force(line: Line, reading: Reading) -> bool:
    rules, history = reading.rules, reading.history
    low, high = (
        (rules.female_min, rules.female_max) if line.sex == "female" else (rules.male_min, rules.male_max)
    )
    is_of_age = line.age is not None and low <= line.age <= high
    return is_of_age and history.ability in codes.ABLE and history.is_student is not True


def _home_plan(line: Line, reading: Reading) -> str:
    """What somebody who came home lately does now; "" for everybody else."""
    last = reading.rules.last_day
    event = reading.came_home_between(last - (reading.rules.home_days - 1) * DAY, last)
    if not event or line.is_away:
        return ""
    if line.state == "local":
        return "local_work"
    segment = reading.on(event.on - DAY)
    said = segment.spell.plan if segment.spell.ended_on == event.on else ""
    return said or "seeking"


def _set_year(line: Line, reading: Reading):
    this_year = [s for s in reading.stints if s.to_on > reading.year.first_day]
    counting = [s for s in this_year if s.days >= reading.rules.stint_days]
    for stint in this_year:
        part = ledger.channel_class(stint.segments[0].spell.channel)
        line.trips[part] = line.trips.get(part, 0) + 1
    line.trips_short = sum(s.days < reading.rules.stint_days and s.to_on < reading.end for s in this_year)
    line.transferred_times = len(counting)
    if counting:
        last = counting[-1].segments[-1]
        line.transferred_region = last.region
        line.transferred_own_business = last.spell.form == "own_business"
        line.transferred_first = reading.stints[0].from_on >= reading.year.first_day
        line.transferred_relieved = line.relieved


def _stand_for_households(lines: list[Line]):
    """A household's 1 stands on the line of its first member here; `with_away` on its first member at work."""
    counted, at_work = set(), set()
    for line in sorted(lines, key=lambda line: line.key):
        if line.household is None or line.state == "gone":
            continue
        if line.household not in counted:
            counted.add(line.household)
            line.stands_for_household = True
        if line.works and line.household not in at_work:
            at_work.add(line.household)
            line.stands_for_household_away = True
