"""People and households as the rules look at them: whoever is registered on a day, read in a few queries."""

from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q
from django.db.models.expressions import RawSQL

from laborreg.bulk import among
from laborreg.months import Month
from villages.models import County
from workers import standing
from workers.doubts.asking import DAY, NEW_YEAR, THESE, Asked
from workers.models import Phone, Transfer, Worker


@dataclass(slots=True)
class Trip:
    """A transfer that is not over, or was over only this year, as report months make it."""

    number: int
    started_on: date
    ended_on: date | None
    destination: str
    channel: str
    form: str
    employer: str
    industry: str
    pay: int | None
    planned_home: Month | None
    contract_until: date | None
    is_open: bool = True


@dataclass(slots=True)
class Person:
    """A registered person on a day."""

    number: int
    county: str
    village: str
    household: int | None
    name: str
    relation: str
    sex: str
    birth_date: date | None
    id_index: str | None
    no_id_reason: str
    education: str
    ability: str
    is_student: bool | None
    wants_to_go: bool | None
    home_village: str | None
    home_phone: str | None
    day: date
    trips: list[Trip] = field(default_factory=list)
    # (number, whose)
    phones: list[tuple[str, str]] = field(default_factory=list)

    @property
    def age(self) -> int | None:
        return self.age_on(self.day)

    def age_on(self, day) -> int | None:
        born = self.birth_date
        return born and day.year - born.year - ((day.month, day.day) < (born.month, born.day))

    @property
    def work(self) -> Trip | None:
        """Where the person works now."""
        return next((trip for trip in self.trips if trip.is_open), None)


@dataclass(slots=True)
class Home:
    """A household with those of its members who are registered in its village."""

    number: int
    county: str
    village: str
    members: list[Person] = field(default_factory=list)


FACTS = [
    "pk", "county_id", "village_id", "household_id", "name", "relation", "sex", "birth_date", "id_index", "no_id_reason",
    "education", "ability", "is_student", "wants_to_go", "household__village_id", "household__phone",
]
TRIP_FACTS = [
    "pk", "started_on", "ended_on", "destination", "channel", "form", "employer", "industry", "pay", "planned_home",
    "contract_until",
]


def _people():
    return standing.registered(Worker.objects.valid().filter(THESE), DAY).order_by("pk").values_list(*FACTS)


def _trips():
    over_this_year = Q(ended_on__isnull=True) | Q(ended_on__gt=NEW_YEAR)
    trips = Transfer.objects.valid().filter(over_this_year, THESE)
    return trips.order_by("started_on", "pk").values_list("worker_id", *TRIP_FACTS)


def _phones():
    return Phone.objects.filter(THESE).order_by("pk").values_list("worker_id", "number", "whose")


PEOPLE, TRIPS, PHONES = Asked(_people), Asked(_trips), Asked(_phones)


def read(these: RawSQL, day) -> tuple[list[Person], list[Home]]:
    """Of some workers, those registered on a day, and the households that they belong to in their own village."""
    people = {row[0]: Person(*row, day=day) for row in PEOPLE.of(these, day)}
    if not people:
        return [], []
    _add_trips(people, day)
    for number, *phone in PHONES.of(among(Phone, "worker", people), day):
        people[number].phones.append(tuple(phone))
    return list(people.values()), _homes(people.values())


def _add_trips(people, day):
    for number, *facts in TRIPS.of(among(Transfer, "worker", people), day, _year_began(people, day)):
        trip = Trip(*facts)
        trip.is_open = trip.started_on <= day and (trip.ended_on is None or trip.ended_on > day)
        people[number].trips.append(trip)


def _year_began(people, day) -> date:
    """The first day of the year of report months; where people of several counties are read, the earliest."""
    counties = County.objects.filter(pk__in={person.county for person in people.values()})
    return min(county.first_day(county.month_of(day).january) for county in counties)


def _homes(people) -> list[Home]:
    """Of members elsewhere a household knows nothing."""
    found = {}
    for person in people:
        if person.household and person.home_village == person.village:
            home = found.setdefault(person.household, Home(person.household, person.county, person.village))
            home.members.append(person)
    return list(found.values())
