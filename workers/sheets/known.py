"""What the ledger knows of the people of some rows: read for a page of rows at once, as plain tuples, days as text.

In the office's own scope with everything that a row may change; elsewhere in the county only that an ID number is held.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import Q

from laborreg import bulk
from workers.models import Household, HouseholdStatus, Phone, Registration, Transfer, Worker


class Person(NamedTuple):
    pk: int
    version: int
    village: str
    household: int | None
    id_index: str | None
    name: str
    sex: str
    birth_date: str | None
    relation: str
    ethnic_group: str
    education: str
    ability: str
    is_student: bool | None
    wants_to_go: bool | None
    skill_grade: str
    skills: str
    group_name: str
    note: str


COMPARED = [name for name in Person._fields if name not in ("pk", "version", "village", "household", "id_index")]
_FIELDS = ["pk", "version", "village_id", "household_id", "id_index", *COMPARED]
_BORN, _STUDENT, _WANTS = (Person._fields.index(name) for name in ("birth_date", "is_student", "wants_to_go"))


class Trip(NamedTuple):
    pk: int
    version: int
    started_on: str
    ended_on: str | None
    destination: str
    month_only: bool
    channel: str
    broker: int | None
    point: int | None
    agency: str
    form: str
    employer: str
    industry: str
    job: str
    pay: int | None
    pay_band: str
    contract: str
    contract_until: str | None
    insurance: str
    planned_home: str | None
    source: str
    reason: str
    plan: str
    work_note: str


_TRIP_FIELDS = [
    {"broker": "broker_id", "point": "point_id", "work_note": "note"}.get(name, name) for name in Trip._fields
]
TRIP_FACTS = Trip._fields[6:]
_MONTH_ONLY = Trip._fields.index("month_only")
_DAYS = [Trip._fields.index(name) for name in ("started_on", "ended_on", "contract_until")]


class Known:
    """Of one page of rows. `people` by index of the ID number; `held` elsewhere; `namesakes` by village and name."""

    def __init__(self, county, place):
        self.county, self.place = county, place
        # A county's first file asks about nobody.
        self.is_empty = not any(model.objects.filter(county_id=county).exists() for model in (Worker, Household))
        # By village and number; those of a village are read once, when a row first names it.
        self.households: dict[tuple[str, str], int] = {}
        self._villages: set[str] = set()
        self._begin()

    def _begin(self):
        self.people: dict[str, Person] = {}
        self.held: set[str] = set()
        self.namesakes: dict[tuple[str, str], list[Person]] = {}
        self.by_number: dict[int, Person] = {}
        self.phones: dict[int, list[str]] = {}
        self.stays: dict[int, list[tuple]] = {}
        self.trips: dict[int, list[Trip]] = {}
        self.places: dict[int, dict[str, tuple[int, str]]] = {}
        self.statuses: dict[int, list[str]] = {}

    def read(self, indexes: Iterable[str]):
        """Who has these ID numbers; forgets the page before."""
        self._begin()
        indexes = set(indexes)
        if self.is_empty or not indexes:
            return
        own = Worker.objects.valid().filter(bulk.holding(Worker, "id_index", indexes), county_id=self.county)
        for row in bulk.fetched(own.values_list(*_FIELDS)):
            if row[2].startswith(self.place):
                self.people[row[4]] = self._person(row)
            else:
                self.held.add(row[4])

    def read_namesakes(self, wanted: set[tuple[str, str]]):
        """People of these villages and names, with or without ID number."""
        if self.is_empty or not wanted:
            return
        rows = Worker.objects.valid().filter(
            village_id__in={village for village, _name in wanted}, name__in={name for _village, name in wanted}
        )
        for row in bulk.fetched(rows.values_list(*_FIELDS)):
            if row[2].startswith(self.place) and (row[2], row[5]) in wanted:
                self.namesakes.setdefault((row[2], row[5]), []).append(self._person(row))

    def _person(self, row) -> Person:
        row = list(row)
        row[_BORN], row[_STUDENT], row[_WANTS] = _day(row[_BORN]), _truth(row[_STUDENT]), _truth(row[_WANTS])
        person = self.by_number[row[0]] = Person(*row)
        return person

    def read_households(self, villages: set[str]):
        """The numbered households of these villages."""
        new = villages - self._villages
        if self.is_empty or not new:
            return
        self._villages |= new
        rows = Household.objects.filter(village_id__in=new).exclude(number="").order_by("-pk")
        for pk, village, number in bulk.fetched(rows.values_list("pk", "village_id", "number")):
            self.households[(village, number)] = pk

    def read_facts(self, *, trips, places: set[int], flagged: set[int]):
        """Everything else of the people found; head and spouse of some households, the flags of today of others."""
        if self.by_number:
            mine = self.by_number
            phones = Phone.objects.filter(bulk.among(Phone, "worker", mine)).order_by("since_on", "pk")
            self.phones = _lists(bulk.fetched(phones.values_list("worker_id", "number")))
            bounded = Q(from_on__isnull=False) | Q(to_on__isnull=False)
            stays = Registration.objects.filter(bulk.among(Registration, "worker", mine), bounded).order_by()
            for worker, from_on, to_on, how in bulk.fetched(stays.values_list("worker_id", "from_on", "to_on", "left_how")):
                self.stays.setdefault(worker, []).append((_day(from_on), _day(to_on), how))
            if trips:
                rows = Transfer.objects.valid().filter(bulk.among(Transfer, "worker", mine)).order_by("started_on", "pk")
                for worker, *trip in bulk.fetched(rows.values_list("worker_id", *_TRIP_FIELDS)):
                    self.trips.setdefault(worker, []).append(_trip(trip))
        if places:
            self._read_places(places)
        if flagged:
            here = bulk.among(HouseholdStatus, "household", flagged)
            flags = HouseholdStatus.objects.filter(here, to_on__isnull=True).order_by()
            self.statuses = _lists(bulk.fetched(flags.values_list("household_id", "kind")))

    def _read_places(self, households):
        here = {"registrations__to_on__isnull": True, "relation__in": ["head", "spouse"], "household__in": households}
        rows = Worker.objects.valid().filter(**here).distinct()
        for household, relation, pk, name in rows.values_list("household_id", "relation", "pk", "name"):
            self.places.setdefault(household, {})[relation] = pk, name


def _trip(row) -> Trip:
    for place in _DAYS:
        row[place] = _day(row[place])
    row[_MONTH_ONLY] = bool(row[_MONTH_ONLY])
    return Trip(*row)


def _day(value) -> str | None:
    """A day as the database's driver gives it."""
    return value if value is None or type(value) is str else value.isoformat()


def _truth(value) -> bool | None:
    return value if value is None else bool(value)


def _lists(pairs) -> dict:
    found = defaultdict(list)
    for key, value in pairs:
        found[key].append(value)
    return dict(found)
