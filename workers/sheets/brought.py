"""What an import brought, looked up from its rows: whether anybody built on it, and how it is taken back."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from django.db.models import Exists, OuterRef, Q
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from laborreg import bulk, clock
from laborreg.refusals import Refusal
from officers.models import AuditEvent
from workers.models import (
    Batch,
    FormerMembership,
    Household,
    HouseholdStatus,
    MoveRequest,
    Phone,
    Registration,
    StagedRow,
    Transfer,
    Verification,
    Worker,
)
from workers.sheets import storing
from workers.sheets.meanwhile import LATE
from workers.sheets.tables import Table

PAGE = bulk.PAGE
NAMED = 3


class BuiltOn(Refusal):
    """Somebody worked with what the import brought; `batch` is the later import that did, where one did."""

    def __init__(self, message, batch=None):
        self.batch = batch
        super().__init__(message)


def rows_written(batch) -> int:
    return batch.counts.get("written", {}).get("rows", 0)


def _pages(batch) -> Iterator[list[tuple[int, dict]]]:
    """What was written last goes first. Worker and what was written."""
    for late in (LATE, ~LATE):
        yield from _pages_of(StagedRow.objects.filter(late, batch=batch, verdict__in=["new", "changed"]).order_by("-number"))


def _pages_of(rows):
    before = None
    fields = ["number", "worker_number", "written"]
    while page := list((rows.filter(number__lt=before) if before else rows).values_list(*fields)[:PAGE]):
        yield [(worker, marks) for _number, worker, marks in page]
        before = page[-1][0]


def _some(numbers: Iterable[int]) -> Iterator[list[int]]:
    numbers = sorted(numbers)
    for start in range(0, len(numbers), PAGE):
        yield numbers[start : start + PAGE]


def _villages_of(rows) -> set[str]:
    return set(rows.values_list("village_id", flat=True).distinct())


class Brought:
    """What a batch wrote: numbers of rows, and the version that each had afterwards."""

    def __init__(self, batch):
        self.batch = batch
        self.newcomers: set[int] = set()
        self.workers: dict[int, int] = {}
        self.transfers: dict[int, int] = {}
        # Households, phones and flags, each with the person of its row; everybody of whom anything was written.
        self.made: dict[str, dict[int, int]] = defaultdict(dict)
        self.people: set[int] = set()
        for page in _pages(batch):
            for worker, marks in page:
                self._read(worker, marks)

    def _read(self, worker, marks):
        if marks:
            self.people |= {worker, *(number for number, _before in changed_workers(worker, marks))}
        if "worker" in marks:
            self.newcomers.add(worker)
            self.workers.setdefault(worker, 1)
        for number, before in changed_workers(worker, marks):
            self.workers[number] = max(self.workers.get(number, 0), before["version"])
        if "transfer" in marks:
            self.transfers.setdefault(marks["transfer"], 1)
        if "trip" in marks:
            number, version = marks["trip"]["id"], marks["trip"]["version"]
            self.transfers[number] = max(self.transfers.get(number, 0), version)
        for kind in ("household", "phone", "status"):
            if kind in marks:
                self.made[kind][marks[kind]] = worker

    def hold(self):
        """Lock all of it, in the order of every action, so that nobody builds on it once it was looked at.

        A household that goes is locked too: whoever would join it locks it first.
        """
        every = (model.objects.select_for_update(no_key=True) for model in (Household, Worker, Transfer))
        for rows, numbers in zip(every, (self.made["household"], self.people, self.transfers), strict=True):
            for some in _some(numbers):
                list(rows.filter(pk__in=some).order_by("pk").values_list("pk"))

    def must_be_untouched(self):
        """Refuse, naming the first of the people, if anything was built on it."""
        touched = set()
        for some in _some(self.workers):
            touched |= self._saved_since(Worker, some, self.workers, "pk")
        for some in _some(self.transfers):
            touched |= self._saved_since(Transfer, some, self.transfers, "worker_id")
        for some in _some(self.newcomers):
            touched |= self._met_since(some)
        for some in _some(self.made["household"]):
            touched |= self._joined_since(some)
            changed = Household.objects.filter(pk__in=some, version__gt=1)
            touched |= {self.made["household"][pk] for pk in changed.values_list("pk", flat=True)}
        for some in _some(self.made["status"]):
            ended = HouseholdStatus.objects.filter(pk__in=some, to_on__isnull=False)
            touched |= {self.made["status"][pk] for pk in ended.values_list("pk", flat=True)}
        for some in _some(self.people):
            touched |= self._visited_since(some)
        if later := touched and self._later_import(touched):
            raise BuiltOn(_undo_first(later), later)
        if touched:
            raise BuiltOn(self._sentence(touched))

    def take_back(self, by, reason):
        TakingBack(self, by, reason).run()

    def villages(self) -> set[str]:
        """Whose returns may count what was written."""
        villages = set()
        for some in _some(self.people):
            villages |= _villages_of(Worker.objects.filter(pk__in=some))
        for some in _some(self.made["household"]):
            villages |= _villages_of(Household.objects.filter(pk__in=some))
        for some in _some(self.made["status"]):
            villages |= _villages_of(Household.objects.filter(statuses__in=some))
        return villages

    def _saved_since(self, model, some, versions, person) -> set[int]:
        rows = model.objects.filter(pk__in=some).values_list("pk", "version", person)
        saved = {pk: worker for pk, version, worker in rows if version != versions[pk]}
        return {worker for pk, worker in saved.items() if pk not in self._as_left(model, saved, versions)} if saved else set()

    def _as_left(self, model, saved, versions) -> set[int]:
        """Rows that read again as the import left them: what was done to them since was taken back, as by undoing another."""
        names = [field.attname for field in model.history.model.tracked_fields if field.name != "version"]
        now = {row[0]: row[1:] for row in model.objects.filter(pk__in=saved).values_list("pk", *names)}
        then = model.history.filter(id__in=saved, version__in={versions[pk] for pk in saved})
        return {
            pk for pk, version, *facts in then.values_list("id", "version", *names)
            if version == versions[pk] and tuple(facts) == now[pk]
        }

    def _later_import(self, touched) -> Batch | None:
        """The newest that wrote of these people: of several it is the one to be undone first."""
        some = sorted(touched)[:PAGE]
        about = Q(worker_number__in=some) | Q(written__relieved__id__in=some)
        rows = StagedRow.objects.filter(about, batch=OuterRef("pk"), verdict__in=["new", "changed"])
        mine = self.batch
        after = Q(committed_at__gt=mine.committed_at) | Q(committed_at=mine.committed_at, pk__gt=mine.pk)
        later = Batch.objects.filter(after, Exists(rows), county_id=mine.county_id, state__in=["committed", "undoing"])
        return later.select_related("committed_by").order_by("-committed_at", "-pk").first()

    def _met_since(self, some) -> set[int]:
        """Newcomers of whom somebody recorded more."""
        whose = {"worker__in": some}
        found = set(Verification.objects.valid().filter(**whose).values_list("worker_id", flat=True))
        found |= set(MoveRequest.objects.filter(**whose).values_list("worker_id", flat=True))
        later = Q(from_on__isnull=False) | Q(to_on__isnull=False)
        found |= set(Registration.objects.filter(later, **whose).values_list("worker_id", flat=True))
        found |= self._owners(Transfer.objects.valid().filter(**whose), self.transfers)
        return found | self._owners(Phone.objects.filter(**whose), self.made["phone"])

    def _visited_since(self, some) -> set[int]:
        """People who were asked since; the day of a visit is told by itself, its moment by the trail."""
        moment = self.batch.committed_at
        visits = Verification.objects.valid().filter(worker__in=some, on__gte=localtime(moment).date())
        people = {str(pk): worker for pk, worker in visits.values_list("pk", "worker_id")}
        since = AuditEvent.objects.filter(subject_kind="verification", subject_id__in=people, at__gte=moment)
        return {people[pk] for pk in since.values_list("subject_id", flat=True)}

    def _owners(self, rows, ours) -> set[int]:
        return {worker for worker, pk in rows.values_list("worker_id", "pk") if pk not in ours}

    def _joined_since(self, some) -> set[int]:
        """People who belong, or belonged, to a household that the batch began."""
        members = Worker.objects.filter(household__in=some).values_list("pk", flat=True)
        former = FormerMembership.objects.filter(household__in=some).values_list("worker_id", flat=True)
        flagged = HouseholdStatus.objects.filter(household__in=some).exclude(pk__in=self.made["status"])
        heads = Worker.objects.filter(household__in=flagged.values("household")).values_list("pk", flat=True)
        return {pk for pk in members if pk not in self.workers} | set(former) | set(heads)

    def _sentence(self, touched) -> str:
        names = Worker.objects.filter(pk__in=sorted(touched)[:NAMED]).order_by("pk").values_list("name", flat=True)
        words = {"people": f"{len(touched):,}", "names": ", ".join(names) + ("…" if len(touched) > NAMED else "")}
        return ngettext(
            "Too late to undo: something was recorded since of %(people)s person (%(names)s). Correct single records instead.",
            "Too late to undo: something was recorded since of %(people)s people (%(names)s). Correct single records instead.",
            len(touched),
        ) % words


def _undo_first(later) -> str:
    return _(
        "The sheet %(file)s, which %(officer)s took into the ledger at %(moment)s, tells of the same people. Undo that one first."
    ) % {
        "file": later.file_name[:80], "officer": later.committed_by.name,
        "moment": localtime(later.committed_at).strftime("%Y-%m-%d %H:%M"),
    }


def changed_workers(worker, marks) -> list[tuple[int, dict]]:
    """Known people whom a row changed: number, and the values of before with the version of after."""
    found = [(worker, marks["person"])] if "person" in marks else []
    return found + ([(marks["relieved"]["id"], marks["relieved"])] if "relieved" in marks else [])


class TakingBack:
    """Page by page from the last row to the first, each row of the ledger under its next version."""

    def __init__(self, brought, by, reason):
        self.brought, moment = brought, clock.now()
        self.workers, self.transfers, self.households = (Table(model, by, moment) for model in (Worker, Transfer, Household))
        self.voided = {"voided_at": self.workers.moment, "void_reason": reason}

    def run(self):
        batch = self.brought.batch
        with storing.noting(batch, rows_written(batch)) as note:
            for page in _pages(batch):
                self._take_page(page)
                note(len(page))
            for kind, model in (("phone", Phone), ("status", HouseholdStatus)):
                for some in _some(self.brought.made[kind]):
                    model.objects.filter(pk__in=some).delete()
            for some in _some(self.brought.made["household"]):
                self.households.delete(some)

    def _take_page(self, page):
        self._hold(page)
        for worker, marks in page:
            self._take_back(worker, marks)
        self.transfers.flush()
        self.workers.flush()

    def _hold(self, page):
        workers = {worker for worker, marks in page if "worker" in marks}
        self.workers.hold(workers | {number for worker, marks in page for number, _before in changed_workers(worker, marks)})
        transfers = {marks["transfer"] for _worker, marks in page if "transfer" in marks}
        self.transfers.hold(transfers | {marks["trip"]["id"] for _worker, marks in page if "trip" in marks})

    def _take_back(self, worker, marks):
        if "transfer" in marks:
            self.transfers.change(marks["transfer"], self.voided)
        if "trip" in marks:
            self.transfers.change(marks["trip"]["id"], _values(marks["trip"]))
        for number, before in changed_workers(worker, marks):
            self.workers.change(number, _values(before))
        if "worker" in marks:
            # Out of the household, too: it goes now, or with the import that began it.
            self.workers.change(worker, self.voided | {"household_id": None, "relation": ""})


def _values(before) -> dict:
    return {name: value for name, value in before.items() if name not in ("id", "version")}
