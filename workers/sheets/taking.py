"""Staged rows become rows of the ledger: exactly their values where somebody is new, exactly their changes else."""

from base64 import b64decode
from collections import Counter

from laborreg import bulk, clock
from laborreg.identity import pinyin
from workers.models import Household, HouseholdStatus, Phone, Registration, StagedRow, Transfer, Worker
from workers.sheets.cleaning import encoded
from workers.sheets.columns import LEDGER
from workers.sheets.known import COMPARED, TRIP_FACTS, Trip
from workers.sheets.meanwhile import Meanwhile, Staged, group_of
from workers.sheets.tables import Table

PERSON_FACTS = [name for name in COMPARED if name not in ("name", "relation")]
TRIP_CHANGES = {*Trip._fields} - {"pk", "version"}
_COLUMN = {"broker": "broker_id", "point": "point_id", "work_note": "note"}
_TABLES = (Household, Worker, Registration, Phone, HouseholdStatus, Transfer)


class Taker:
    """Fills the tables of the ledger with the rows of one batch, page by page."""

    def __init__(self, batch, by):
        moment = clock.now()
        self.batch, self.today = batch, clock.today().isoformat()
        self.tables = {model: Table(model, by, moment) for model in _TABLES}
        self.entered = {"county_id": batch.county_id, "created_at": self.tables[Worker].moment, "created_by_id": by.pk}
        # Of workers who were known: those with a new version. Of newcomers in several rows: their numbers.
        self.ours: set[int] = set()
        self.newcomers: dict = {}
        self.households: dict[str, int] = {}
        self.numbered: dict[str, dict[str, int]] = {}
        self.begun_by: dict[int, int] = {}
        self.begun: set[int] = set()
        self.flags: set = set()
        self.phones: set = set()
        self.counts = Counter()
        self.meanwhile = Meanwhile(batch, self.tables, self.ours, self.newcomers)

    # Households begin with their heads, wherever in the file those stand.

    def begin_households(self, heads: list[Staged]):
        self._find_numbered(heads)
        for row in heads:
            key = row.values.get("household_key")
            if key and key not in self.households:
                self.begun_by[row.number] = self._begin(row.values)
        self.tables[Household].flush()

    def _find_numbered(self, rows):
        """A household number that came into the ledger after the file was read."""
        numbered = [row.values for row in rows if row.values.get("household_key", "").startswith("n:")]
        wanted = {
            (values["village"], values["household_number"]): values["household_key"] for values in numbered
            if values["household_key"] not in self.households
        }
        if not wanted:
            return
        self._read_numbered({village for village, _number in wanted} - self.numbered.keys())
        for (village, number), key in wanted.items():
            if household := self.numbered[village].get(number):
                self.households[key] = household

    def _read_numbered(self, villages):
        """Each village's numbered households, once: a file that begins some has all of them in it, village after village."""
        self.numbered |= {village: {} for village in villages}
        if villages:
            rows = Household.objects.filter(village_id__in=villages).exclude(number="").order_by("-pk")
            for village, number, pk in rows.values_list("village_id", "number", "pk"):
                self.numbered[village][number] = pk

    def _begin(self, values) -> int:
        number = self.tables[Household].add(
            county_id=self.batch.county_id, village_id=values["village"], number=values.get("household_number", ""),
            group_name=values.get("group_name", ""),
        )
        self.households[values["household_key"]] = number
        self.begun.add(number)
        self.counts["households"] += 1
        return number

    # A page of rows.

    def take(self, page: list[Staged]):
        self._find_numbered(page)
        written = []
        for row in page:
            worker, marks = self._take(row)
            written.append((worker, encoded(marks), self.batch.pk, row.number))
        for table in self.tables.values():
            table.flush()
        bulk.update(StagedRow, ["worker_number", "written"], ["batch", "number"], written)

    def _take(self, row) -> tuple[int, dict]:
        marks = {}
        if row.number in self.begun_by:
            marks["household"] = self.begun_by[row.number]
        household = self._household_of(row, marks)
        if gone := self.meanwhile.relieved_by(row):
            self._relieve(gone, marks)
        worker = row.worker
        if worker is None:
            worker = self.newcomers.get(row.key) if self.batch.kind == LEDGER else None
        if worker is None:
            worker = self._register(row, household, marks)
        elif row.worker and row.values["person"] == "changed":
            self._change_person(row, household, marks)
        self._put_status(row, household, marks)
        if trip := row.values.get("trip"):
            self._put_trip(row, worker, trip, marks)
        self.counts["rows"] += 1
        return worker, marks

    def _household_of(self, row, marks) -> int | None:
        """Without its head a household begins only where it has a number, under which it is found again."""
        values = row.values
        if number := values.get("household"):
            return number
        key = values.get("household_key")
        if key is None:
            return None
        if key not in self.households and key.startswith("n:"):
            marks["household"] = self._begin(values)
        return self.households.get(key)

    # People.

    def _register(self, row, household, marks) -> int:
        values = row.values
        facts = {name: values[name] for name in PERSON_FACTS if name in values}
        facts["name_pinyin"], facts["name_initials"] = pinyin(values["name"])
        facts |= _id_of(values) if "id_index" in values else {"no_id_reason": values["no_id_reason"]}
        if household:
            facts |= {"household_id": household, "relation": values.get("relation", "")}
        village = values["village"]
        worker = self.tables[Worker].add(name=values["name"], village_id=village, **facts, **self.entered)
        self.tables[Registration].add(county_id=self.batch.county_id, worker_id=worker, village_id=village)
        if phone := values.get("phone"):
            self._put_phone(row, worker, phone, marks)
        if self.batch.kind == LEDGER:
            self.newcomers[row.key] = worker
        marks["worker"] = 1
        self.counts["workers"] += 1
        return worker

    def _change_person(self, row, household, marks):
        facts = {name: new for name, (_old, new) in row.changes.items() if name in PERSON_FACTS}
        if "name" in row.changes:
            facts["name"] = row.changes["name"][1]
            facts["name_pinyin"], facts["name_initials"] = pinyin(facts["name"])
        if "id_number" in row.changes:
            facts |= _id_of(row.values)
        if household and ("household" in row.changes or not self.tables[Worker].held[row.worker]["household_id"]):
            facts["household_id"] = household
        if "relation" in row.changes and (household or self.tables[Worker].held[row.worker]["household_id"]):
            facts["relation"] = row.changes["relation"][1]
        if "phone" in row.changes:
            self._put_phone(row, row.worker, row.changes["phone"][1], marks)
        # Another row of the file may have said the same.
        held = self.tables[Worker].held[row.worker]
        if facts := {name: value for name, value in facts.items() if held[name] != value}:
            self.ours.add(row.worker)
            marks["person"] = self.tables[Worker].change(row.worker, facts)
            self.counts["changed_workers"] += 1

    def _relieve(self, worker, marks):
        marks["relieved"] = {"id": worker} | self.tables[Worker].change(worker, {"relation": ""})
        self.ours.add(worker)

    def _put_phone(self, row, worker, number, marks):
        if (worker, number) in self.phones:
            return
        if row.worker:
            self.phones.add((worker, number))
        whose = row.values.get("phone_whose", "self")
        marks["phone"] = self.tables[Phone].add(
            worker_id=worker, number=number, last4=number[-4:], whose=whose, since_on=self.today
        )
        self.counts["phones"] += 1

    # Poverty flags.

    def _put_status(self, row, household, marks):
        kind = row.values.get("status")
        if not kind or not household or not ("status" in row.changes or household in self.begun):
            return
        if (household, group_of(kind)) in self.flags:
            return
        self.flags.add((household, group_of(kind)))
        marks["status"] = self.tables[HouseholdStatus].add(
            household_id=household, kind=kind, from_on=row.values.get("status_from")
        )
        self.counts["statuses"] += 1

    # Transfers.

    def _put_trip(self, row, worker, trip, marks):
        if trip == "new":
            marks["transfer"] = self._begin_trip(row, worker)
            self.counts["departures"] += 1
        elif trip in ("home", "changed"):
            facts = {_COLUMN.get(name, name): new for name, (_old, new) in row.changes.items() if name in TRIP_CHANGES}
            number = row.values["transfer"]
            marks["trip"] = {"id": number} | self.tables[Transfer].change(number, facts)
            self.counts["homecomings" if trip == "home" else "corrected"] += 1

    def _begin_trip(self, row, worker) -> int:
        values = row.values
        facts = {_COLUMN.get(name, name): values[name] for name in TRIP_FACTS if name in values}
        return self.tables[Transfer].add(
            worker_id=worker, village_id=values["village"], started_on=values["started_on"],
            ended_on=values.get("ended_on"), destination=values["destination"],
            month_only=values.get("month_only", False), **facts, **self.entered,
        )


def _id_of(values) -> dict:
    return {
        "id_cipher": b64decode(values["id_cipher"]), "id_key_version": values["id_key"], "id_index": values["id_index"],
        "id_last4_index": values["id_last4_index"], "no_id_reason": "",
    }
