"""Bends the county's journeys until its newest month says what a bureau told the paper of its year."""

from dataclasses import dataclass
from datetime import date

from laborreg.months import Month
from laborreg.refusals import Refusal
from reports.seed.journeys import DAY, Trip
from reports.seed.people import Person, fit_labor_force, is_gone, is_in_force

COUNTS_FROM = 90 * DAY


@dataclass(frozen=True)
class Landing:
    """Persons transferred and their share of the labor force, person-times, how many more, growth of income."""

    persons: int = 130_000
    share: float = 0.619
    trips: int = 146_000
    more_trips: int = 11_000
    income_growth: float = 0.069


def land(landing: Landing, people: list[Person], until: Month, rng):
    """`people` are those of the villages whose returns are in. Raises Refusal where too few were invented."""
    county = Year(people, until, rng)
    county.keep(landing.persons)
    county.keep_trips(until.year, landing.trips)
    county.keep_trips(until.year - 1, landing.trips - landing.more_trips)
    county.earn(1 + landing.income_growth)
    fit_labor_force(people, round(county.in_force() / landing.share), until.last_day(), rng)


class Year:
    """The people's year up to a month, and the one before, as the office knew them when it filed."""

    def __init__(self, people: list[Person], until: Month, rng):
        self.people, self.until, self.rng = people, until, rng

    def keep(self, persons: int):
        """Of those who count as transferred some never went, so that as many are left."""
        found = [person for person in self.people if self._counts(person)]
        for person in _some(self.rng, found, len(found) - persons):
            person.trips = []

    def keep_trips(self, year: int, trips: int):
        """Some did not come home over the Spring Festival after all, so that as many stints are left."""
        month = Month(year, self.until.number)
        surplus = sum(len(stints_of(person, month)) for person in self.people) - trips
        homecomings = [
            (person, before, after)
            for person in self.people
            for before, after in zip(person.trips, person.trips[1:], strict=False)
            if before.reason == "festival" and before.ended_on.year == after.started_on.year == year
            and after.start_known <= month and self._counts(person)
        ]
        for person, before, after in _some(self.rng, homecomings, surplus):
            stay_over(person, before, after)

    def earn(self, growth: float):
        """What was agreed on this year is paid so much better or worse that the income of the two years says so."""
        trips = [(person, trip) for person in self.people for trip in person.trips]
        last_year = sum(_income(*trip, self.until.a_year_before) for trip in trips)
        known = [(trip, _income(person, trip, self.until)) for person, trip in trips]
        fresh = [(trip, yuan) for trip, yuan in known if yuan and trip.started_on.year == self.until.year]
        wanted = growth * last_year - sum(yuan for _trip, yuan in known)
        factor = 1 + wanted / sum(yuan for _trip, yuan in fresh)
        for trip, _yuan in fresh:
            trip.facts["pay"] = round(trip.facts["pay"] * factor / 10) * 10

    def in_force(self) -> int:
        day = self.until.last_day()
        return sum(is_in_force(person, day) for person in self.people if self._counts(person))

    def _counts(self, person) -> bool:
        end = self.until.last_day() + DAY
        return any((to_on or end) - from_on >= COUNTS_FROM for from_on, to_on in stints_of(person, self.until))


def _income(person: Person, trip: Trip, until: Month) -> float:
    """Yuan of the year up to a month."""
    if trip.start_known > until or not trip.facts.get("pay"):
        return 0
    from_on = max(trip.started_on, date(until.year, 1, 1))
    to_on = min(_end(person, trip, until) or date.max, until.last_day() + DAY)
    return max((to_on - from_on).days, 0) * trip.facts["pay"] / 30


def stints_of(person: Person, until: Month) -> list[tuple[date, date | None]]:
    """The runs of days at work that touch the year up to a month, as known when it was filed."""
    stints: list[tuple[date, date | None]] = []
    for trip in person.trips:
        if trip.start_known > until:
            continue
        if stints and stints[-1][1] == trip.started_on:
            stints[-1] = stints[-1][0], _end(person, trip, until)
        else:
            stints.append((trip.started_on, _end(person, trip, until)))
    return [stint for stint in stints if stint[1] is None or stint[1] > date(until.year, 1, 1)]


def _end(person: Person, trip: Trip, until: Month) -> date | None:
    """Over by homecoming, or with a registration that ends: by death or by leaving the county."""
    known = [trip.ended_on] if trip.ended_on and trip.end_known <= until else []
    if is_gone(person) and person.ending_known <= until:
        known.append(person.ending[1])
    return min(known, default=None)


def stay_over(person: Person, before: Trip, after: Trip):
    """One stay instead of two."""
    before.ended_on, before.end_known = after.ended_on, after.end_known
    before.reason, before.plan = after.reason, after.plan
    if "planned_home" in after.facts:
        before.facts["planned_home"] = after.facts["planned_home"]
    person.trips.remove(after)


def _some(rng, among: list, count: int) -> list:
    if not 0 <= count <= len(among):
        raise Refusal(f"The county cannot land: {count} of {len(among)}.")
    return rng.sample(among, count)
