"""Writes the ledger month by month, as the office came to know of it: in bulk, with versions and one audit event."""

from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from itertools import count
from operator import attrgetter

from django.core.management.color import no_style
from django.db import connection, transaction

from laborreg import bulk
from laborreg.months import Month
from officers import audit
from reports.seed.people import Home, Person
from workers.models import Phone, Registration, Transfer, UnnamedGroup


class Recorder:
    """Holds what was invented, by the month in which it is recorded."""

    def __init__(self, rng, county_code: str, first: Month, officer_of):
        self.rng, self.county_code, self.first, self.officer_of = rng, county_code, first, officer_of
        self.homes = defaultdict(list)
        self.people: dict[Month, list[Person]] = defaultdict(list)
        self.starts, self.ends = defaultdict(list), defaultdict(list)
        self.endings, self.groups = defaultdict(list), defaultdict(list)
        self.registrations: dict[Person, Registration] = {}
        self.numbers = defaultdict(lambda: count(1))

    def plan(self, homes: list[Home]):
        for home in homes:
            self.homes[min(person.known for person in home.persons)].append(home)
            for person in home.persons:
                self._plan_person(person)

    def _plan_person(self, person):
        self.people[person.known].append(person)
        for trip in person.trips:
            self.starts[trip.start_known].append((person, trip))
            if trip.ended_on and trip.end_known > trip.start_known:
                self.ends[trip.end_known].append((person, trip))
        if person.ending:
            self.endings[person.ending_known].append(person)

    def plan_group(self, group: UnnamedGroup):
        self.groups[max(Month.of(group.started_on), self.first)].append(group)

    @transaction.atomic
    def record(self, month: Month) -> Counter:
        """What became known in a month; counts by kind, which the audit event keeps."""
        self.month = month
        done = Counter(
            households=self._households(), workers=self._workers(), ended=self._ends(), departures=self._starts(),
            endings=self._endings(), groups=self._groups(),
        )
        detail = {"month": str(month)} | done
        audit.record("recorded the demo's ledger", by=None, place=self.county_code, detail=detail)
        return done

    def _households(self) -> int:
        homes = self.homes[self.month]
        rows = [home.household for home in homes]
        self._insert(rows)
        for home in homes:
            for row in (*home.statuses, *(person.worker for person in home.persons)):
                row.household = home.household
        self._insert([status for home in homes for status in home.statuses], versions=False)
        return len(rows)

    def _workers(self) -> int:
        people = self.people[self.month]
        for person in people:
            self._stamp(person.worker, date.min)
        self._insert([person.worker for person in people])
        for person in people:
            self.registrations[person] = self._registration(person.worker.village_id, worker=person.worker)
        self._insert([self.registrations[person] for person in people])
        self._insert([
            Phone(worker=person.worker, number=person.phone, last4=person.phone[-4:], whose=person.phone_whose,
                  since_on=person.worker.created_at.date())
            for person in people if person.phone
        ], versions=False)
        return len(people)

    def _registration(self, village, **whose) -> Registration:
        return Registration(county_id=self.county_code, village_id=village, **whose)

    def _starts(self) -> int:
        rows = [self._transfer(person, trip) for person, trip in self.starts[self.month]]
        self._insert(rows)
        return len(rows)

    def _transfer(self, person, trip) -> Transfer:
        worker = person.worker
        trip.transfer = transfer = Transfer(
            county_id=self.county_code, worker=worker, village_id=worker.village_id, started_on=trip.started_on,
            **trip.facts,
        )
        is_over = trip.ended_on and trip.end_known == trip.start_known
        if is_over:
            self._close(transfer, trip)
        self._stamp(transfer, trip.ended_on if is_over else trip.started_on)
        return transfer

    def _close(self, transfer, trip):
        transfer.ended_on, transfer.reason, transfer.plan = trip.ended_on, trip.reason, trip.plan
        transfer.planned_home = None

    def _ends(self) -> int:
        trips = [trip for _person, trip in self.ends[self.month]]
        for trip in trips:
            self._close(trip.transfer, trip)
            trip.transfer.version += 1
            trip.transfer._history_date = self._moment(trip.ended_on)
        rows = [trip.transfer for trip in trips]
        _update(rows, ["ended_on", "reason", "plan", "planned_home", "version"])
        self._keep_versions(rows, update=True)
        return len(rows)

    def _endings(self) -> int:
        """Deaths, leaving the county, moves: few enough to be saved one by one."""
        for person in self.endings[self.month]:
            how, day, new_village = person.ending
            moment = self._moment(day)
            registration = self.registrations[person]
            registration.to_on, registration.left_how = day, how
            self._save(registration, moment)
            if new_village:
                self._move(person, day, new_village, moment)
        return len(self.endings[self.month])

    def _move(self, person, day, new_village, moment):
        worker = person.worker
        worker.former_memberships.create(household=worker.household, to_on=day)
        worker.village_id, worker.household, worker.relation = new_village, None, ""
        worker.version += 1
        self._save(worker, moment)
        registration = self._registration(new_village, worker=worker, from_on=day, how="moved")
        registration._history_date = moment
        self._insert([registration])
        for trip in person.trips:
            if trip.transfer:
                trip.transfer.village_id = new_village
                self._save(trip.transfer, moment)

    def _save(self, row, moment):
        row._history_date = moment
        row.save()

    def _groups(self) -> int:
        groups = self.groups[self.month]
        for group in groups:
            self._stamp(group, group.started_on)
        self._insert(groups)
        self._insert([self._registration(group.village_id, group=group) for group in groups])
        return len(groups)

    def number_on(self):
        """The database goes on counting where the demo's own numbers end."""
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), list(self.numbers)):
                cursor.execute(statement)

    def _insert(self, rows, versions=True):
        """New rows under numbers of our own, as the tables are empty before: many times faster than bulk_create."""
        if not rows:
            return
        model = type(rows[0])
        numbers, fields = self.numbers[model], model._meta.concrete_fields
        for row in rows:
            row.pk = next(numbers)
            row._state.adding = False
        columns = attrgetter(*[field.attname for field in fields])
        bulk.insert(model, [field.name for field in fields], [columns(row) for row in rows])
        if versions:
            self._keep_versions(rows)

    def _stamp(self, row, day):
        """When and by whom it was entered."""
        officer = self.officer_of(row.village_id)
        row.created_at = row._history_date = self._moment(day)
        row.created_by_id = officer.pk if officer else None

    def _moment(self, day) -> datetime:
        """A working hour of the month being recorded, not before the day it happened."""
        last = self.month.last_day()
        day = max(day, last.replace(day=1))
        day += self.rng.randrange(max(1, (last - day).days + 1)) * timedelta(days=1)
        return datetime(day.year, day.month, day.day, self.rng.randint(1, 8), self.rng.randrange(60), tzinfo=UTC)

    def _keep_versions(self, rows, update=False):
        """The row versions that a save would leave, all at once."""
        if not rows:
            return
        versions = type(rows[0]).history.model
        facts = versions.tracked_fields
        names = [field.name for field in facts] + ["history_date", "history_type", "history_user"]
        kind, opening = "~" if update else "+", datetime(self.month.year, self.month.number, 1, 1, tzinfo=UTC)
        columns = attrgetter(*[field.attname for field in facts])
        bulk.insert(versions, names, [
            (
                *columns(row), getattr(row, "_history_date", opening), kind, getattr(row, "created_by_id", None),
            )
            for row in rows
        ])


def _update(rows, names: list[str]):
    """One UPDATE run for each row; bulk_update compiles a CASE for every cell and is ten times slower."""
    if not rows:
        return
    meta = type(rows[0])._meta
    fields = [meta.get_field(name) for name in names]
    changes = ", ".join(f"{connection.ops.quote_name(field.column)} = %s" for field in fields)
    table, key = connection.ops.quote_name(meta.db_table), connection.ops.quote_name(meta.pk.column)
    values = [
        [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields] + [row.pk] for row in rows
    ]
    with connection.cursor() as cursor:
        cursor.executemany(f"UPDATE {table} SET {changes} WHERE {key} = %s", values)
