"""Writes the ledger month by month, as the office came to know of it: in bulk, with versions and one audit event."""

from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from itertools import count
from operator import attrgetter, itemgetter

from django.db import connection, transaction

from laborreg import bulk
from laborreg.months import Month
from officers import audit
from reports.seed.people import Home, Person
from workers.columns import band_of
from workers.models import Phone, Registration, Transfer, UnnamedGroup

BEARERS = {"broker": "broker_id", "point": "point_id"}


class Recorder:
    """Holds what was invented, by the month in which it is recorded."""

    def __init__(self, rng, county_code: str, first: Month, officer_of):
        self.rng, self.county_code, self.first, self.officer_of = rng, county_code, first, officer_of
        self.homes = defaultdict(list)
        self.people: dict[Month, list[Person]] = defaultdict(list)
        self.starts, self.ends = defaultdict(list), defaultdict(list)
        self.endings, self.groups = defaultdict(list), defaultdict(list)
        self.registrations: dict[Person, int] = {}
        self.tables: dict[type, Table] = {}

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
        self._insert_objects(rows)
        for home in homes:
            for row in (*home.statuses, *(person.worker for person in home.persons)):
                row.household = home.household
        self._insert_objects([status for home in homes for status in home.statuses], versions=False)
        return len(rows)

    def _workers(self) -> int:
        people = self.people[self.month]
        for person in people:
            self._stamp(person.worker, date.min)
        self._insert_objects([person.worker for person in people])
        registrations, phones = self._table(Registration), self._table(Phone)
        rows = [self._registration(worker_id=person.worker.pk, village_id=person.worker.village_id) for person in people]
        self.registrations |= {person: row["id"] for person, row in zip(people, rows, strict=True)}
        registrations.insert(rows, self.opening)
        phones.insert([
            phones.row(
                worker_id=person.worker.pk, number=person.phone, last4=person.phone[-4:], whose=person.phone_whose,
                since_on=person.worker.created_at.date(),
            )
            for person in people if person.phone
        ])
        return len(people)

    def _registration(self, **whose) -> dict:
        return self._table(Registration).row(county_id=self.county_code, **whose)

    def _starts(self) -> int:
        rows = [self._transfer(person, trip) for person, trip in self.starts[self.month]]
        self._table(Transfer).insert(rows, self._stamped)
        return len(rows)

    def _transfer(self, person, trip) -> dict:
        worker, facts = person.worker, trip.facts
        trip.transfer = row = self._table(Transfer).row(
            county_id=self.county_code, worker_id=worker.pk, village_id=worker.village_id, started_on=trip.started_on,
            **{BEARERS.get(name, name): getattr(value, "pk", value) for name, value in facts.items()},
        )
        if row["pay"]:
            row["pay_band"] = band_of(row["pay"])
        is_over = trip.ended_on and trip.end_known == trip.start_known
        if is_over:
            self._close(row, trip)
        officer = self.officer_of(worker.village_id)
        row["created_at"] = self._moment(trip.ended_on if is_over else trip.started_on)
        row["created_by_id"] = officer.pk if officer else None
        return row

    def _close(self, row, trip):
        row["ended_on"], row["reason"], row["plan"], row["planned_home"] = trip.ended_on, trip.reason, trip.plan, None

    def _stamped(self, row):
        return row["created_at"], row["created_by_id"]

    def _ends(self) -> int:
        rows, moments = [], {}
        for _person, trip in self.ends[self.month]:
            row = trip.transfer
            self._close(row, trip)
            row["version"] += 1
            moments[row["id"]] = self._moment(trip.ended_on)
            rows.append(row)
        self._table(Transfer).change(
            rows, ["ended_on", "reason", "plan", "planned_home", "version"],
            lambda row: (moments[row["id"]], row["created_by_id"]),
        )
        return len(rows)

    def _endings(self) -> int:
        """Deaths, leaving the county, moves: few enough to be saved one by one."""
        for person in self.endings[self.month]:
            how, day, new_village = person.ending
            moment = self._moment(day)
            registration = Registration.objects.get(pk=self.registrations[person])
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
        registration = self._registration(worker_id=worker.pk, village_id=new_village, from_on=day, how="moved")
        self._table(Registration).insert([registration], lambda row: (moment, None))
        for trip in person.trips:
            if trip.transfer:
                trip.transfer["village_id"] = new_village
                self._save(Transfer.objects.get(pk=trip.transfer["id"]), moment, village_id=new_village)

    def _save(self, row, moment, **facts):
        for name, value in facts.items():
            setattr(row, name, value)
        row._history_date = moment
        row.save()

    def _groups(self) -> int:
        groups = self.groups[self.month]
        for group in groups:
            self._stamp(group, group.started_on)
        self._insert_objects(groups)
        rows = [self._registration(group_id=group.pk, village_id=group.village_id) for group in groups]
        self._table(Registration).insert(rows, self.opening)
        return len(groups)

    def number_on(self):
        """The database goes on counting where the demo's own numbers end."""
        bulk.count_on(self.tables)

    def _table(self, model) -> "Table":
        if model not in self.tables:
            self.tables[model] = Table(model)
        return self.tables[model]

    def _insert_objects(self, rows, versions=True):
        if not rows:
            return
        table = self._table(type(rows[0]))
        for row in rows:
            row.pk = next(table.numbers)
            row._state.adding = False
        moments = {row.pk: (getattr(row, "_history_date", None), getattr(row, "created_by_id", None)) for row in rows}
        columns = attrgetter(*table.columns)

        def stamped(row):
            moment, officer = moments[row["id"]]
            return moment or self.opening(row)[0], officer

        table.insert([dict(zip(table.columns, columns(row), strict=True)) for row in rows], stamped if versions else None)

    def opening(self, _row):
        """Set up with the month, by nobody."""
        return datetime(self.month.year, self.month.number, 1, 1, tzinfo=UTC), None

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


class Table:
    """A table being filled: rows are dicts by column, under numbers of our own as the table was empty before.

    Many times faster than bulk_create. `stamped` gives the moment and the officer of a row's version; without it no
    version is kept.
    """

    def __init__(self, model):
        fields = model._meta.concrete_fields
        self.model, self.numbers = model, count(1)
        self.columns, self.names = [field.attname for field in fields], [field.name for field in fields]
        self.blank = {field.attname: field.get_default() for field in fields}

    def row(self, **values) -> dict:
        return self.blank | {"id": next(self.numbers)} | values

    def insert(self, rows: list[dict], stamped=None):
        bulk.insert(self.model, self.names, [tuple(row.values()) for row in rows])
        if stamped:
            self._keep_versions(rows, "+", stamped)

    def change(self, rows: list[dict], names: list[str], stamped):
        """One UPDATE run for each row; bulk_update compiles a CASE for every cell and is ten times slower."""
        meta, quote = self.model._meta, connection.ops.quote_name
        fields = [meta.get_field(name) for name in names]
        changes = ", ".join(f"{quote(field.column)} = %s" for field in fields)
        values = [
            [field.get_db_prep_save(row[field.attname], connection) for field in fields] + [row["id"]] for row in rows
        ]
        with connection.cursor() as cursor:
            cursor.executemany(f"UPDATE {quote(meta.db_table)} SET {changes} WHERE {quote(meta.pk.column)} = %s", values)
        self._keep_versions(rows, "~", stamped)

    def _keep_versions(self, rows, kind, stamped):
        """The row versions that a save would leave, all at once."""
        if not rows:
            return
        versions = self.model.history.model
        facts = itemgetter(*[field.attname for field in versions.tracked_fields])
        names = [field.name for field in versions.tracked_fields] + ["history_date", "history_type", "history_user"]
        bulk.insert(versions, names, [
            (*facts(row), moment, kind, officer) for row, (moment, officer) in zip(rows, map(stamped, rows), strict=True)
        ])
