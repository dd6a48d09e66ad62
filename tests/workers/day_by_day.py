"""Every figure of a village's month, counted the slow way, day by day, with predicates off the definitions.

It shares no line with the ledger, so that the two can disagree. `count` gives the figures, `identities`
names the relations that a set of figures breaks.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from laborreg.months import Month
from workers.histories import History, Spell

A_DAY = timedelta(days=1)

REGIONS = ("township", "county", "prefecture", "province", "other_province", "abroad")
OUTSIDE_THE_TOWNSHIP = REGIONS[1:]
SEXES = ("male", "female", "sex_unknown")
AGES = ("age_under_26", "age_26_40", "age_41_50", "age_51_60", "age_over_60", "age_unknown")
SECTORS = ("primary", "secondary", "tertiary", "sector_unknown")
CHANNELS = ("organized", "self", "channel_unknown")
ORIGINS = ("from_county", "from_province", "from_other_province", "from_abroad")
REASONS = (
    "reason_festival",
    "reason_season_over",
    "reason_laid_off",
    "reason_contract_over",
    "reason_low_or_unpaid",
    "reason_family",
    "reason_illness",
    "reason_own_business",
    "reason_other",
)
PLANS = ("local_work", "own_business", "farming", "training", "seeking", "not_seeking")


def parts(whole: str, names: Iterable[str]) -> tuple[str, ...]:
    return tuple(f"{whole}.{name}" for name in names)


# Each set of parts that must add up to its whole.
PARTS = [
    ("away", parts("away", OUTSIDE_THE_TOWNSHIP)),
    ("away", parts("away", SEXES)),
    ("away", parts("away", AGES)),
    ("away", parts("away", SECTORS)),
    ("away", parts("away", CHANNELS)),
    ("trips", parts("trips", CHANNELS)),
    ("transferred", parts("transferred", REGIONS)),
    ("came_home", parts("came_home", ORIGINS)),
    ("came_home", parts("came_home", REASONS)),
    ("home", parts("home", PLANS)),
]

# The first is never more than the second.
NEVER_MORE = [
    ("away.relieved", "away"),
    ("away.monitored", "away"),
    ("transferred", "transferred_times"),
    ("transferred_times", "trips"),
    # The rest follow from what the words mean.
    ("households.with_away", "households"),
    ("willing", "labor_force"),
    ("left_persons", "left"),
    ("came_home_persons", "came_home"),
    ("unnamed", "away"),
    ("trips.short", "trips"),
    ("transferred.first", "transferred"),
    ("transferred.own_business", "transferred"),
    ("transferred.in_force", "transferred"),
    ("transferred.in_force", "labor_force"),
    ("transferred.relieved", "transferred"),
    ("income_month", "income"),
    ("left_again", "left"),
]

SIGNED = ("moved", "late", "late.left", "late.came_home", "late.income")

# Year figures that never go down within a year, while ledger and settings stay and nobody moves to a village.
NEVER_DOWN = (
    "trips",
    *parts("trips", CHANNELS),
    "trips.short",
    "transferred",
    "transferred_times",
    "transferred.first",
    "income",
)

KEYS = (
    "households",
    "households.with_away",
    "labor_force",
    "willing",
    "opening",
    "left",
    "left_persons",
    "came_home",
    "came_home_persons",
    "moved",
    "late",
    "away",
    *parts("away", OUTSIDE_THE_TOWNSHIP),
    *parts("away", SEXES),
    *parts("away", AGES),
    *parts("away", SECTORS),
    *parts("away", CHANNELS),
    "away.relieved",
    "away.monitored",
    "unnamed",
    "local",
    "trips",
    *parts("trips", CHANNELS),
    "trips.short",
    "transferred",
    "transferred_times",
    *parts("transferred", REGIONS),
    "transferred.first",
    "transferred.own_business",
    "transferred.in_force",
    "transferred.relieved",
    "income_month",
    "income",
    "pay_missing",
    "late.left",
    "late.came_home",
    "late.income",
    *parts("came_home", ORIGINS),
    *parts("came_home", REASONS),
    "home",
    *parts("home", PLANS),
    "left_again",
)


def days(first: date, last: date) -> Iterator[date]:
    """first … last, both included."""
    day = first
    while day <= last:
        yield day
        day += A_DAY


def in_period(day: date, start: date | None, end: date | None) -> bool:
    """Half-open: the end is the first day outside. No start reaches back, no end reaches on."""
    return (start is None or start <= day) and (end is None or end > day)


def region_class(village: str, destination: str) -> str:
    """Where a destination lies, seen from a village."""
    if destination.isalpha() or destination[:2] in ("71", "81", "82"):
        return "abroad"
    if destination[:9] == village[:9]:
        return "township"
    if destination[:6] == village[:6]:
        return "county"
    if destination[:4] == village[:4]:
        return "prefecture"
    if destination[:2] == village[:2]:
        return "province"
    return "other_province"


def channel_class(channel: str) -> str:
    if channel in ("government", "agency", "broker", "point"):
        return "organized"
    if channel in ("relatives", "own", "other"):
        return "self"
    return "channel_unknown"


def sector(section: str) -> str:
    if section == "":
        return "sector_unknown"
    if section == "A":
        return "primary"
    if section in "BCDE":
        return "secondary"
    return "tertiary"


def full_years(born_on: date, day: date) -> int:
    """A birthday on 29 February is reached on 1 March of a common year."""
    had_birthday = (day.month, day.day) >= (born_on.month, born_on.day)
    return day.year - born_on.year - (0 if had_birthday else 1)


def age_class(age: int) -> str:
    if age < 26:
        return "age_under_26"
    if age <= 40:
        return "age_26_40"
    if age <= 50:
        return "age_41_50"
    if age <= 60:
        return "age_51_60"
    return "age_over_60"


def origin(region: str) -> str:
    """Own province outside the own county is `from_province`."""
    if region in ("prefecture", "province"):
        return "from_province"
    return f"from_{region}"


@dataclass(frozen=True)
class Rules:
    """What a month is counted by: its days and the limits in force."""

    first_day: date
    last_day: date
    male_min: int = 16
    male_max: int = 60
    female_min: int = 16
    female_max: int = 60
    stint_days: int = 90
    home_days: int = 183


@dataclass(frozen=True)
class Day:
    """One day of one history: where registered, and the spell that covers it."""

    village: str | None
    spell: Spell | None


@dataclass(frozen=True)
class Stint:
    days: list[date]
    first_spell: Spell

    @property
    def first(self) -> date:
        return self.days[0]

    @property
    def last(self) -> date:
        return self.days[-1]


class Person:
    """A history, or a group of n alike, asked about single days. It remembers the answers."""

    def __init__(self, history: History):
        self.history = history
        self.persons = history.persons
        self.is_named = not history.is_group
        self._seen: dict[date, Day] = {}

    def on(self, day: date) -> Day:
        if day not in self._seen:
            self._seen[day] = self._look(day)
        return self._seen[day]

    def _look(self, day: date) -> Day:
        village = None
        for stay in self.history.stays:
            if in_period(day, stay.from_on, stay.to_on):
                village = stay.village
        if village is None:
            return Day(None, None)
        for spell in self.history.spells:
            if in_period(day, spell.started_on, spell.ended_on):
                return Day(village, spell)
        return Day(village, None)

    # One day

    def registered(self, day: date) -> str | None:
        """The village of registration."""
        return self.on(day).village

    def covering(self, day: date) -> Spell | None:
        """The transfer that covers the day; none covers a day without registration in the county."""
        return self.on(day).spell

    def region(self, day: date) -> str | None:
        seen = self.on(day)
        return seen.spell and region_class(seen.village, seen.spell.destination)

    def away(self, day: date) -> str | None:
        """The village in which the person is away."""
        return self.registered(day) if self.region(day) in OUTSIDE_THE_TOWNSHIP else None

    def works_locally(self, day: date) -> bool:
        return self.region(day) == "township"

    def household(self, day: date) -> int | None:
        """Of those that ended after the day, the one that ended first; the one of now if none did."""
        later = {end: household for end, household in self.history.households_before if end > day}
        return later[min(later)] if later else self.history.household

    def is_relieved(self, day: date) -> bool:
        return any(in_period(day, start, end) for start, end in self.history.relieved)

    def is_monitored(self, day: date) -> bool:
        return any(in_period(day, start, end) for start, end in self.history.monitored)

    def age_class(self, day: date) -> str:
        if self.history.is_group:
            return f"age_{self.history.age_band or 'unknown'}"
        if self.history.born_on is None:
            return "age_unknown"
        return age_class(full_years(self.history.born_on, day))

    # A day and the day before it

    def left(self, day: date) -> str | None:
        """The village in which the person counts as having left on this day."""
        before = day - A_DAY
        if self.away(day) and not self.away(before) and self.registered(before):
            return self.away(day)
        return None

    def came_home(self, day: date) -> str | None:
        """The village in which the person counts as having come home on this day."""
        before = day - A_DAY
        if self.away(before) and not self.away(day) and self.registered(day):
            return self.away(before)
        return None

    def moved(self, day: date) -> list[tuple[str, int]]:
        """Villages that gain or lose the person while away."""
        before = day - A_DAY
        old, new = self.away(before), self.away(day)
        if old and new and old != new:
            return [(old, -1), (new, +1)]
        if new and not self.registered(before):
            return [(new, +1)]
        if old and not self.registered(day):
            return [(old, -1)]
        return []

    def transfer_ended_by_coming_home(self, day: date) -> Spell | None:
        """None if a move into the township of the work is what brought them home: nobody said why."""
        spell = self.covering(day - A_DAY)
        return spell if spell.ended_on == day else None

    def reason(self, day: date) -> str:
        ended = self.transfer_ended_by_coming_home(day)
        return (ended.reason if ended else "") or "other"

    def plan(self, day: date) -> str:
        ended = self.transfer_ended_by_coming_home(day)
        return (ended.plan if ended else "") or "seeking"

    # All days up to one

    def first_start(self) -> date | None:
        return min((spell.started_on for spell in self.history.spells), default=None)

    def last_registered_day(self, first: date, last: date) -> date | None:
        """The newest of first … last with a registration in the county."""
        registered = [day for day in days(first, last) if self.registered(day)]
        return registered[-1] if registered else None

    def stints(self, last: date) -> list[Stint]:
        """Runs of consecutive covered days, as far as they are known on `last`."""
        found: list[Stint] = []
        start = self.first_start()
        if start is None:
            return found
        for day in days(start, last):
            if not self.covering(day):
                continue
            if self.covering(day - A_DAY):
                found[-1].days.append(day)
            else:
                found.append(Stint([day], self.covering(day)))
        return found


def is_in_labor_force(person: Person, day: date, rules: Rules) -> bool:
    history = person.history
    if not (person.is_named and person.registered(day) and history.born_on):
        return False
    low, high = rules.male_min, rules.male_max
    if history.sex == "female":
        low, high = rules.female_min, rules.female_max
    of_working_age = low <= full_years(history.born_on, day) <= high
    able = history.ability in ("", "ordinary", "skilled")
    return of_working_age and able and not history.is_student


# Figures as on the last day


def stocks(people: list[Person], village: str, rules: Rules) -> dict[str, int]:
    last = rules.last_day
    figures = dict.fromkeys(("labor_force", "willing", "local", "pay_missing"), 0)
    figures |= dict.fromkeys(("away", "away.relieved", "away.monitored", "unnamed"), 0)
    for names in (OUTSIDE_THE_TOWNSHIP, SEXES, AGES, SECTORS, CHANNELS):
        figures |= dict.fromkeys(parts("away", names), 0)
    households, households_with_away = set(), set()
    for person in people:
        if person.registered(last) != village:
            continue
        n, history, spell = person.persons, person.history, person.covering(last)
        at_work = spell is not None
        household = person.household(last)
        if person.is_named and household is not None:
            households.add(household)
            if at_work:
                households_with_away.add(household)
        if is_in_labor_force(person, last, rules):
            figures["labor_force"] += n
            if not at_work and history.wants_to_go:
                figures["willing"] += n
        if at_work and spell.pay is None:
            figures["pay_missing"] += n
        if person.works_locally(last):
            figures["local"] += n
        if person.away(last):
            figures["away"] += n
            figures[f"away.{person.region(last)}"] += n
            figures[f"away.{history.sex or 'sex_unknown'}"] += n
            figures[f"away.{person.age_class(last)}"] += n
            figures[f"away.{sector(spell.section)}"] += n
            figures[f"away.{channel_class(spell.channel)}"] += n
            figures["away.relieved"] += n if person.is_relieved(last) else 0
            figures["away.monitored"] += n if person.is_monitored(last) else 0
            figures["unnamed"] += 0 if person.is_named else n
    figures["households"] = len(households)
    figures["households.with_away"] = len(households_with_away)
    return figures


def away_on(people: list[Person], village: str, day: date) -> int:
    return sum(person.persons for person in people if person.away(day) == village)


def home(people: list[Person], village: str, rules: Rules) -> dict[str, int]:
    figures = dict.fromkeys(("home", *parts("home", PLANS)), 0)
    last = rules.last_day
    first = last - (rules.home_days - 1) * A_DAY
    for person in people:
        if not person.is_named or person.registered(last) != village or person.away(last):
            continue
        homecomings = [day for day in days(first, last) if person.came_home(day)]
        if not homecomings:
            continue
        figures["home"] += 1
        doing = "local_work" if person.works_locally(last) else person.plan(homecomings[-1])
        figures[f"home.{doing}"] += 1
    return figures


# Figures of the days of the month


def flows(people: list[Person], village: str, rules: Rules) -> dict[str, int]:
    figures = dict.fromkeys(("left", "left_persons", "left_again", "moved"), 0)
    figures |= dict.fromkeys(("came_home", "came_home_persons", *parts("came_home", ORIGINS + REASONS)), 0)
    for person in people:
        n = person.persons
        has_left = has_come_home = False
        for day in days(rules.first_day, rules.last_day):
            if person.left(day) == village:
                has_left = True
                figures["left"] += n
                if person.is_named and came_home_lately(person, day, rules):
                    figures["left_again"] += n
            if person.came_home(day) == village:
                has_come_home = True
                figures["came_home"] += n
                figures[f"came_home.{origin(person.region(day - A_DAY))}"] += n
                figures[f"came_home.reason_{person.reason(day)}"] += n
            for place, sign in person.moved(day):
                if place == village:
                    figures["moved"] += sign * n
        figures["left_persons"] += n if has_left else 0
        figures["came_home_persons"] += n if has_come_home else 0
    return figures


def came_home_lately(person: Person, day: date, rules: Rules) -> bool:
    """On one of the days day − 183 … day − 1, in whichever village."""
    return any(person.came_home(earlier) for earlier in days(day - rules.home_days * A_DAY, day - A_DAY))


def income_of_month(people: list[Person], village: str, rules: Rules) -> int:
    first, last = rules.first_day, rules.last_day
    total = 0
    for person in people:
        credited_on = person.last_registered_day(first, last)
        if credited_on is None or person.registered(credited_on) != village:
            continue
        for spell in person.history.spells:
            covered = len([day for day in days(first, last) if person.covering(day) is spell])
            if spell.pay is not None:
                total += (2 * spell.pay * covered + 30) // 60 * person.persons
    return total


# Figures of the year


def year_figures(people: list[Person], village: str, new_year: date, rules: Rules) -> dict[str, int]:
    last = rules.last_day
    figures = dict.fromkeys(("trips", *parts("trips", CHANNELS), "trips.short"), 0)
    figures |= dict.fromkeys(("transferred", "transferred_times", *parts("transferred", REGIONS)), 0)
    figures |= dict.fromkeys(parts("transferred", ("first", "own_business", "in_force", "relieved")), 0)
    for person in people:
        stints = person.stints(last)
        if not stints:
            continue
        counted_on = person.last_registered_day(stints[0].first, last)
        if person.registered(counted_on) != village:
            continue
        n = person.persons
        of_this_year = [stint for stint in stints if any(day >= new_year for day in stint.days)]
        counting = [stint for stint in of_this_year if len(stint.days) >= rules.stint_days]
        for stint in of_this_year:
            is_over = stint.last < last
            is_short = len(stint.days) < rules.stint_days
            figures["trips"] += n
            figures[f"trips.{channel_class(stint.first_spell.channel)}"] += n
            figures["trips.short"] += n if is_over and is_short else 0
        figures["transferred_times"] += n * len(counting)
        if not counting:
            continue
        newest_day = counting[-1].last
        figures["transferred"] += n
        figures[f"transferred.{person.region(newest_day)}"] += n
        figures["transferred.first"] += n if stints[0].first >= new_year else 0
        if person.covering(newest_day).form == "own_business":
            figures["transferred.own_business"] += n
        figures["transferred.in_force"] += n if is_in_labor_force(person, last, rules) else 0
        figures["transferred.relieved"] += n if person.is_relieved(counted_on) else 0
    return figures


# What earlier months did not tell


def late_figures(
    people: list[Person], village: str, earlier: list[Month], rules_of: Callable[[Month], Rules], filed: dict
) -> dict[str, int]:
    of = {"late.left": "left", "late.came_home": "came_home", "late.income": "income_month"}
    late = dict.fromkeys(of, 0)
    for month in earlier:
        rules = rules_of(month)
        told = filed.get(month, {})
        known = flows(people, village, rules)
        known["income_month"] = income_of_month(people, village, rules)
        for key, own in of.items():
            late[key] += known[own] - told.get(own, 0) - told.get(key, 0)
    return late


def count(
    histories: Iterable[History],
    village: str,
    month: Month,
    *,
    rules_of: Callable[[Month], Rules],
    filed: dict[Month, dict[str, int]] | None = None,
    first_month: Month | None = None,
) -> dict[str, int]:
    """All figures of `village` in `month`; `filed` holds what its earlier months told, newest version."""
    people = [Person(history) for history in histories]
    filed = filed or {}
    rules = rules_of(month)
    january = Month(month.year, 1)
    year = [january.plus(n) for n in range(month.number)]
    earlier = [m for m in year[:-1] if first_month is None or m >= first_month]

    figures = stocks(people, village, rules)
    figures |= home(people, village, rules)
    figures |= flows(people, village, rules)
    figures |= year_figures(people, village, rules_of(january).first_day, rules)
    income = [income_of_month(people, village, rules_of(m)) for m in year]
    figures |= {"income_month": income[-1], "income": sum(income)}
    figures |= late_figures(people, village, earlier, rules_of, filed)
    away_before = away_on(people, village, rules.first_day - A_DAY)
    figures["opening"] = filed[month.previous]["away"] if month.previous in filed else away_before
    figures["late"] = away_before - figures["opening"]
    return {key: figures[key] for key in KEYS}


def identities(figures: dict[str, int]) -> list[str]:
    """The relations that these figures break, in words; none if they are sound."""
    broken = []
    if set(figures) != set(KEYS):
        broken.append(f"keys: {sorted(set(figures) ^ set(KEYS))}")
        return broken
    movements = figures["left"] - figures["came_home"] + figures["moved"] + figures["late"]
    if figures["away"] != figures["opening"] + movements:
        broken.append("away = opening + left - came_home + moved + late")
    for whole, names in PARTS:
        if figures[whole] != sum(figures[name] for name in names):
            broken.append(f"{whole} = {' + '.join(names)}")
    for smaller, larger in NEVER_MORE:
        if figures[smaller] > figures[larger]:
            broken.append(f"{smaller} <= {larger}")
    if figures["trips.short"] + figures["transferred_times"] > figures["trips"]:
        broken.append("trips.short + transferred_times <= trips")
    if figures["pay_missing"] > figures["away"] + figures["local"]:
        broken.append("pay_missing <= away + local")
    broken += [f"{key} >= 0" for key in KEYS if key not in SIGNED and figures[key] < 0]
    return broken
