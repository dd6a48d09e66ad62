"""What became of the ledger between the preview and the commit: asked once for a page of rows, whatever they are."""

from typing import NamedTuple

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from brokers.models import Broker
from laborreg import bulk
from villages import lineage
from villages.models import Lineage
from workers import codes
from workers.models import Household, HouseholdStatus, Registration, Transfer, Worker
from workers.sheets.columns import LEDGER
from workers.sheets.problems import AS_NEW

TOUCHING = ("new", "home", "changed")
MONITORED = "monitored"
PLACES = ("head", "spouse")
# Rows that are written after the one further down that they need.
LATE = Q(values__has_key="after")


class Staged(NamedTuple):
    """A staged row that is to be written."""

    number: int
    values: dict
    changes: dict
    worker: int | None
    version: int | None

    @property
    def key(self):
        """Who a newcomer is, where several rows of a file tell of one."""
        values = self.values
        if index := values.get("id_index"):
            return bytes.fromhex(index)
        return values["village"], values.get("name"), values.get("birth_date")


def group_of(kind) -> str:
    """Of the poverty flags that exclude one another a household has one at a time."""
    return MONITORED if kind in codes.MONITORED else kind


class Meanwhile:
    """`ours` and `newcomers` tell what the commit itself has written already: workers and newcomers.

    The villages are held before anybody in them, so that none ends until all is written.
    """

    def __init__(self, batch, tables, ours: set[int], newcomers: dict):
        self.batch, self.tables, self.ours, self.newcomers = batch, tables, ours, newcomers
        rows = batch.rows.filter(verdict__in=["new", "changed"]).order_by()
        lineage.hold(rows.values_list("values__village", flat=True).distinct())
        ended = Lineage.objects.filter(old__township__county=batch.county_id, kind__in=Lineage.ENDING)
        self.ended = set(ended.values_list("old_id", flat=True))

    def moved(self, page: list[Staged]) -> dict[int, str]:
        """Rows that must be left out, by number, each with the sentence that says why. The rows they change are locked."""
        self._read_homes(page)
        self._read_places(page)
        numbers = {row.worker for row in page if row.worker} | {pk for pk, _here in self.places.values()}
        self.workers = self.tables[Worker].hold(numbers)
        self.taken = self._registered_meanwhile(page)
        trips = [row for row in page if row.values.get("trip") in TOUCHING]
        self.tables[Transfer].hold({row.values["transfer"] for row in trips if "transfer" in row.values})
        self._read_spans(trips)
        self._read_brokers(trips)
        self._read_flags(page)
        found = {}
        for row in page:
            if words := self._of(row):
                found[row.number] = words
            elif row.values.get("trip") in TOUCHING:
                self._remember(row)
        return found

    def _of(self, row) -> str:
        if not row.values["village"].startswith(self.batch.place_code):
            return _("The village is not one of the place whose sheet this is.")
        if row.values["village"] in self.ended:
            return _("The village became part of another meanwhile.")
        if row.worker:
            worker = self.workers.get(row.worker)
            if worker is None or (worker["version"] != row.version and row.worker not in self.ours):
                return _("Somebody saved this person after the file was read.")
        if (row.worker is None or "id_number" in row.changes) and self._is_taken(row):
            return _("Somebody registered this person after the file was read.")
        if self._is_elsewhere(row):
            return _("The household is not in this village any more.")
        if self._is_occupied(row):
            return _("The household has another head or spouse by now.")
        if "status" in row.changes and self._clashes(row):
            return _("The household had this poverty status, or another, on these days.")
        if row.values.get("broker") in self.barred and (row.values.get("trip") == "new" or "broker" in row.changes):
            return _("The labor broker takes nobody on any more.")
        if row.worker and row.values.get("trip") in TOUCHING:
            return self._of_trip(row)
        return ""

    def _read_brokers(self, trips):
        """Brokers who were barred or merged meanwhile; those of the rows are held until all is written."""
        named = {row.values["broker"] for row in trips if "broker" in row.values}
        rows = Broker.objects.filter(pk__in=named).order_by("pk").select_for_update(no_key=True)
        self.barred = {broker.pk for broker in rows if broker.is_barred or broker.merged_into_id}

    # Newcomers.

    def _registered_meanwhile(self, page) -> set:
        """ID numbers of the page that the county has by now; of people without one village, name and birth date."""
        indexes = [row.values["id_index"] for row in page if self._brings_an_id(row)]
        nameless = [row for row in page if row.worker is None and "id_index" not in row.values]
        valid = Worker.objects.valid().filter(county_id=self.batch.county_id)
        taken = set()
        if indexes:
            held = valid.filter(bulk.holding(Worker, "id_index", indexes))
            taken |= set(held.values_list("id_index", flat=True))
        if nameless:
            found = valid.filter(
                id_index__isnull=True, village__in={row.values["village"] for row in nameless},
                name__in={row.values["name"] for row in nameless}, created_at__gte=self.batch.staged_at,
            )
            taken |= {
                (village, name, born and born.isoformat())
                for pk, village, name, born in found.values_list("pk", "village_id", "name", "birth_date")
                if pk not in self.ours
            }
        return taken

    def _brings_an_id(self, row) -> bool:
        return "id_index" in row.values and (row.worker is None or "id_number" in row.changes)

    def _is_taken(self, row) -> bool:
        if self.batch.kind == LEDGER and row.worker is None and row.key in self.newcomers:
            return False
        if index := row.values.get("id_index"):
            return index in self.taken
        decided = row.values.get("decided", {})
        return row.key in self.taken and AS_NEW not in decided.values()

    # Transfers: their versions, and the days that are not free any more.

    def _read_spans(self, trips):
        workers = {row.worker for row in trips if row.worker}
        self.spans, self.stays = {}, {}
        if not workers:
            return
        spans = Transfer.objects.valid().filter(worker__in=workers).values_list("worker_id", "pk", "started_on", "ended_on")
        for worker, pk, start, end in spans:
            self.spans.setdefault(worker, {})[pk] = start.isoformat(), end and end.isoformat()
        bounded = Q(from_on__isnull=False) | Q(to_on__isnull=False)
        stays = Registration.objects.filter(bounded, worker__in=workers).values_list("worker_id", "from_on", "to_on")
        for worker, start, end in stays:
            self.stays.setdefault(worker, []).append((start and start.isoformat(), end and end.isoformat()))

    def _of_trip(self, row) -> str:
        values = row.values
        number = values.get("transfer")
        held = self.tables[Transfer].held.get(number)
        if number and (held is None or held["voided_at"] or held["version"] != values["transfer_version"]):
            return _("Somebody saved this departure after the file was read.")
        start, end = self._span(row, held)
        for pk, (other_start, other_end) in self.spans.get(row.worker, {}).items():
            if pk != number and _share_a_day(start, end, other_start, other_end):
                return _("Somebody recorded another departure on these days after the file was read.")
        stays = self.stays.get(row.worker)
        if stays and not any(_holds(stay, start) for stay in stays):
            return _("The person is not registered in the county on these days any more.")
        return ""

    def _span(self, row, held):
        if held is None:
            return row.values["started_on"], row.values.get("ended_on")
        now = {"started_on": held["started_on"], "ended_on": held["ended_on"]}
        now |= {name: new for name, (_old, new) in row.changes.items() if name in now}
        return now["started_on"], now["ended_on"]

    def _remember(self, row):
        """Rows that follow are compared with what this one will have written."""
        if row.worker:
            number = row.values.get("transfer")
            span = self._span(row, self.tables[Transfer].held.get(number))
            self.spans.setdefault(row.worker, {})[number or -row.number] = span

    # Households.

    def _read_homes(self, page):
        """The villages of the households that the page names by their numbers."""
        numbers = {row.values["household"] for row in page if row.values.get("household")}
        self.homes = dict(Household.objects.filter(pk__in=numbers).values_list("pk", "village_id")) if numbers else {}

    def _is_elsewhere(self, row) -> bool:
        """Whether the row would write into a household that another village has by now, or nobody."""
        writes = row.worker is None or {"household", "status"} & row.changes.keys()
        household = row.values.get("household")
        return bool(writes and household and self.homes.get(household) != row.values["village"])

    def _read_places(self, page):
        """Who is head or spouse where a row wants to be: the person, and whether registered there."""
        self.places = {}
        households = {row.values["household"] for row in page if takes_a_place(row)}
        if not households:
            return
        open_stay = Registration.objects.filter(worker=OuterRef("pk"), village=OuterRef("household__village"), to_on__isnull=True)
        there = Worker.objects.valid().filter(household__in=households, relation__in=PLACES).annotate(here=Exists(open_stay))
        for household, relation, pk, here in there.values_list("household_id", "relation", "pk", "here"):
            if (household, relation) not in self.places or here:
                self.places[(household, relation)] = pk, here

    def _is_occupied(self, row) -> bool:
        if not takes_a_place(row):
            return False
        pk, here = self.places.get((row.values["household"], row.values["relation"]), (None, False))
        return here and pk != row.worker

    def relieved_by(self, row) -> int | None:
        """Who is no longer registered there, and gives up the place of head or spouse to who takes it."""
        if not takes_a_place(row):
            return None
        pk, here = self.places.get((row.values["household"], row.values["relation"]), (None, False))
        return pk if pk != row.worker and not here else None

    # Poverty flags.

    def _read_flags(self, page):
        households = {row.values["household"] for row in page if row.values.get("household") and "status" in row.values}
        self.flags = {}
        if households:
            flags = HouseholdStatus.objects.filter(household__in=households)
            for household, kind, end in flags.values_list("household_id", "kind", "to_on"):
                self.flags.setdefault((household, group_of(kind)), []).append((kind, end and end.isoformat()))

    def _clashes(self, row) -> bool:
        values = row.values
        start = values.get("status_from")
        there = self.flags.get((values.get("household"), group_of(values["status"])), [])
        return any(start is None or end is None or start < end for kind, end in there if not self._is_the_same(kind, end, values))

    def _is_the_same(self, kind, end, values) -> bool:
        """Put there by another row of the file, about the same household."""
        return end is None and kind == values["status"]


def takes_a_place(row) -> bool:
    """Whether the row makes somebody head or spouse of a household of the ledger."""
    values = row.values
    is_new = row.worker is None or {"household", "relation"} & row.changes.keys()
    return bool(is_new and values.get("household") and values.get("relation") in PLACES)


def _share_a_day(start, end, other_start, other_end) -> bool:
    return (other_end is None or other_end > start) and (end is None or other_start < end)


def _holds(stay, day) -> bool:
    return (stay[0] is None or stay[0] <= day) and (stay[1] is None or stay[1] > day)
