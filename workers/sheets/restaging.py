"""Rows that were mended go through the staging once more, they alone and those whose verdict hangs on them."""

from django.db import transaction
from django.utils.translation import gettext as _

from laborreg import bulk
from laborreg.refusals import Refusal
from workers.models import Batch
from workers.sheets import storing
from workers.sheets.kinds import KINDS
from workers.sheets.problems import FAULTS, PROBLEMS
from workers.sheets.staging import MODULUS, Again, in_words_of
from workers.sheets.tally import Tally

# More rows than these that hang on others wait for the next mending.
MOST_SPANNING = 2_000


@transaction.atomic
def mend(batch, rows, change, *, by) -> int:
    """Apply `change(cells, decided)` to each row, cells by name of our column; gives how many rows that were.

    `rows` is a query, asked only while the batch is held: what another mend has changed meanwhile is seen here.
    """
    return Mending(held(batch, by), rows, change).run()


def mend_by_pages(batch, rows, change, *, by) -> int:
    """The same for many rows, by the worker: each page stands as soon as it is judged, whatever happens afterwards."""
    by.must("import sheets", at=batch.place_code)
    return Mending(batch, rows, change).run()


def held(batch, by) -> Batch:
    """The batch, locked: nobody writes it into the ledger or mends it meanwhile."""
    batch = Batch.objects.select_for_update(no_key=True).select_related("uploaded_by").get(pk=batch.pk)
    by.must("import sheets", at=batch.place_code)
    if batch.state == "mending":
        raise Refusal(_("Rows of this sheet are being checked again. Wait until that is done."))
    if batch.state != "staged":
        raise Refusal(_("This sheet is not open for changes any more."))
    return batch


class Mending:
    """Rows of a batch that is ours for the time: those that are changed, and those that hang on them."""

    def __init__(self, batch, rows, change):
        self.batch, self.change = batch, change
        self.mended = set(rows.all().values_list("number", flat=True))
        if not self.mended:
            raise Refusal(_("Nothing is left to mend here."))
        self.desk = KINDS[batch.kind].desk(batch)
        self.numbers = _with_those_that_hang_on_them(self.desk, self.mended)
        self.file = self.desk.begin_file()
        self.again = Again(batch, self.desk, self.file, Tally(batch.counts), int(batch.rows_hash, 16))

    def run(self) -> int:
        numbers = sorted(self.numbers)
        with in_words_of(self.batch), storing.noting(self.batch, len(numbers)) as note:
            for start in range(0, len(numbers), bulk.PAGE):
                page = numbers[start : start + bulk.PAGE]
                self._judge(page)
                note(len(page))
            self._look_again()
        return len(self.mended)

    @transaction.atomic
    def _judge(self, numbers):
        self.again.judge(
            numbers, lambda number: self.change if number in self.mended else None,
            lambda page: _know_the_others(self.file, self.desk, page, self.numbers),
        )
        self._save()

    @transaction.atomic
    def _look_again(self):
        """What was mended may settle rows above it."""
        if numbers := self.file.settled():
            self.again.judge_all(numbers)
            self._save()

    def _save(self):
        """What was marked before is over."""
        batch = self.batch
        batch.counts, batch.rows_hash = self.again.tally.as_json(), f"{self.again.fingerprint % MODULUS:064x}"
        storing.forget_marked(batch)
        batch.save(update_fields=["counts", "rows_hash", "marked_as"])


def _with_those_that_hang_on_them(desk, numbers) -> set[int]:
    """Besides the rows those that waited for another row, and the household that stands around each."""
    hanging = _hanging_on_others(desk.batch).order_by("number").values_list("number", flat=True)[:MOST_SPANNING]
    around = _households_around(desk.batch, numbers) if desk.follows_heads else set()
    waiting = desk.batch.rows.filter(values__after__in=list(numbers)).values_list("number", flat=True)
    return numbers | set(hanging) | around | set(waiting)


def _hanging_on_others(batch):
    codes = list({code for code, *_group in batch.counts.get("groups", []) if PROBLEMS[code].spans})
    return batch.rows.filter(verdict__in=FAULTS).suffering_from(codes) if codes else batch.rows.none()


def _households_around(batch, numbers) -> set[int]:
    """From the row of each head to the one before the next head's, where one of the rows is among them."""
    wanted, run = set(), []
    for number, relation in batch.rows.order_by("number").values_list("number", "values__relation"):
        # A row that is mended may have been, or may become, a head: it neither ends nor begins a run by itself.
        if relation == "head" and number not in numbers:
            wanted |= set(run) if numbers.intersection(run) else set()
            run = []
        run.append(number)
    return wanted | (set(run) if numbers.intersection(run) else set())


def _know_the_others(file, desk, page, again):
    """What the other rows of the batch say of the same people, households or villages, as far as they are taken."""
    others = desk.batch.rows.filter(verdict__in=["new", "changed", "same", "doubt"])
    others = others.filter(desk.of_the_same(page)).order_by("number")
    for other in others.only("batch", "number", "values", "verdict", "worker_number"):
        if other.number not in again:
            file.know(other)
