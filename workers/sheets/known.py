"""What the ledger knows of the people of some rows: read for a page of rows at once, as plain tuples.

In the office's own scope with everything that a row may change; elsewhere in the county only that an ID number is held.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import Q

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
_BORN = Person._fields.index("birth_date")


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


class Known:
    """Of one page of rows. `people` by index of the ID number; `held` elsewhere; `namesakes` by village and name."""

    def __init__(self, county, place):
        self.county, self.place = county, place
        # A county's first file asks about nobody.
        self.is_empty = not any(model.objects.filter(county_id=county).exists() for model in (Worker, Household))
        self._begin()

    def _begin(self):
        self.people: dict[str, Person] = {}
        self.held: set[str] = set()
        self.namesakes: dict[tuple[str, str], list[Person]] = {}
        self.by_number: dict[int, Person] = {}
        self.phones: dict[int, list[str]] = {}
        self.stays: dict[int, list[tuple]] = {}
        self.trips: dict[int, list[Trip]] = {}
        self.households: dict[tuple[str, str], int] = {}
        self.places: dict[int, dict[str, tuple[int, str]]] = {}
        self.statuses: dict[int, list[str]] = {}

    def read(self, indexes: Iterable[str]):
        """Who has these ID numbers; forgets the page before."""
        self._begin()
        indexes = set(indexes)
        if self.is_empty or not indexes:
            return
        own = Worker.objects.valid().filter(county_id=self.county, id_index__in=indexes)
        for row in own.values_list(*_FIELDS):
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
        ).values_list(*_FIELDS)
        for row in rows:
            if row[2].startswith(self.place) and (row[2], row[5]) in wanted:
                self.namesakes.setdefault((row[2], row[5]), []).append(self._person(row))

    def _person(self, row) -> Person:
        row = list(row)
        if row[_BORN]:
            row[_BORN] = row[_BORN].isoformat()
        person = self.by_number[row[0]] = Person(*row)
        return person

    def read_facts(self, *, trips, status, households: set[tuple[str, str]]):
        """Everything else of the people found, and of the households that rows name by number."""
        if self.is_empty:
            return
        found = list(self.by_number)
        if found:
            phones = Phone.objects.filter(worker__in=found).order_by("since_on", "pk")
            self.phones = _lists(phones.values_list("worker_id", "number"))
            bounded = Q(from_on__isnull=False) | Q(to_on__isnull=False)
            stays = Registration.objects.filter(bounded, worker__in=found)
            for worker, *stay in stays.values_list("worker_id", "from_on", "to_on", "left_how"):
                self.stays.setdefault(worker, []).append(tuple(stay))
        if found and trips:
            rows = Transfer.objects.valid().filter(worker__in=found).order_by("started_on", "pk")
            for worker, *trip in rows.values_list("worker_id", *_TRIP_FIELDS):
                self.trips.setdefault(worker, []).append(_trip(trip))
        if households:
            self._read_households(households)
        self._read_places(status)

    def _read_households(self, wanted):
        rows = Household.objects.filter(
            village_id__in={village for village, _number in wanted}, number__in={number for _village, number in wanted}
        ).order_by("-pk")
        for pk, village, number in rows.values_list("pk", "village_id", "number"):
            self.households[(village, number)] = pk

    def _read_places(self, status):
        """Head and spouse of each household met, and its poverty flags of today."""
        numbers = set(self.households.values()) | {person.household for person in self.by_number.values() if person.household}
        if not numbers:
            return
        here = {"registrations__to_on__isnull": True, "relation__in": ["head", "spouse"], "household__in": numbers}
        rows = Worker.objects.valid().filter(**here).distinct()
        for household, relation, pk, name in rows.values_list("household_id", "relation", "pk", "name"):
            self.places.setdefault(household, {})[relation] = pk, name
        if status:
            flags = HouseholdStatus.objects.filter(household__in=numbers, to_on__isnull=True)
            self.statuses = _lists(flags.values_list("household_id", "kind"))



def _trip(row) -> Trip:
    trip = Trip(*row)
    return trip._replace(
        started_on=trip.started_on.isoformat(), ended_on=trip.ended_on and trip.ended_on.isoformat(),
        contract_until=trip.contract_until and trip.contract_until.isoformat(),
        planned_home=trip.planned_home and str(trip.planned_home),
    )


def _lists(pairs) -> dict:
    found = defaultdict(list)
    for key, value in pairs:
        found[key].append(value)
    return dict(found)
