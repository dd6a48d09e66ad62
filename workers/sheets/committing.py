"""A preview becomes part of the ledger: all that it showed and nothing else, in one transaction, with one audit event."""

import logging
from collections.abc import Iterator
from itertools import chain

from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from orjson import loads

from laborreg import bulk, clock
from laborreg.refusals import Refusal
from officers import audit
from workers.doubts.background import look_through_later
from workers.models import Batch, StagedRow
from workers.sheets import storing
from workers.sheets.kinds import KINDS
from workers.sheets.meanwhile import LATE, Staged
from workers.sheets.staging import MODULUS, fingerprint_of
from workers.sheets.tally import Tally

logger = logging.getLogger("laborreg.sheets")
PAGE = bulk.PAGE
MOVED = "moved_meanwhile"
WRITTEN = ["new", "changed"]
NOT_GOOD = ["wrong", "doubt"]
# Rows that a sentence names by their numbers.
NAMED = 5


class Moved(Refusal):
    """The ledger changed after the file was read, and all rows or none were to be taken; `rows` says which and why."""

    def __init__(self, rows: dict[int, str]):
        self.rows = rows
        super().__init__(ngettext(
            "Nothing was written: the ledger changed meanwhile for %(rows)s row (%(numbers)s). It is in doubt now.",
            "Nothing was written: the ledger changed meanwhile for %(rows)s rows (%(numbers)s). They are in doubt now.",
            len(rows),
        ) % {"rows": f"{len(rows):,}", "numbers": named(rows)})


def named(numbers) -> str:
    """The first of some row numbers."""
    numbers = sorted(numbers)
    return ", ".join(map(str, numbers[:NAMED])) + ("…" if len(numbers) > NAMED else "")


def begin(batch, *, by, all_or_nothing=None):
    """From the preview to the worker's queue: the second of two clicks finds that it was begun."""
    by.must("import sheets", at=batch.place_code)
    facts = {"state": "committing", "failure": "", "marked_as": ""}
    storing.drop_marked(batch)
    if all_or_nothing is not None:
        facts["takes_good_rows"] = not all_or_nothing
    if not Batch.objects.filter(pk=batch.pk, state="staged").update(**facts):
        raise Refusal(_("This sheet is being written already, or was written before."))
    batch.refresh_from_db()


def commit(batch, *, by, all_or_nothing=None) -> dict:
    """Write what the preview shows, as `by`; how much of what was written. A refusal leaves ledger and preview as they were.

    Rows for which the ledger changed meanwhile are in doubt from then on; they are left out, or stop everything.
    """
    by.must("import sheets", at=batch.place_code)
    by.must(KINDS[batch.kind].power, at=batch.place_code)
    whole = not batch.takes_good_rows if all_or_nothing is None else all_or_nothing
    try:
        return _written(batch, by, whole)
    except Moved as moved:
        with transaction.atomic():
            _give_back(batch, moved)
            _put_in_doubt(batch, moved.rows)
            batch.save(update_fields=["counts", "rows_hash"])
        raise
    except Refusal as refused:
        _give_back(batch, refused)
        raise


def _written(batch, by, whole) -> dict:
    try:
        with bulk.room_for_indexes(), transaction.atomic(), bulk.without_collecting():
            _hold(batch)
            return _take(batch, by, whole)
    except IntegrityError as wrong:
        logger.warning("A batch was not written: %s %s", batch.pk, _constraint(wrong))
        raise Refusal(_(
            "Nothing was written: somebody changed the ledger at the same moment. Read the file again, then take it."
        )) from wrong
    except OperationalError as busy:
        raise Refusal(_("Nothing was written: others were writing at the same moment. Take it again.")) from busy


def _constraint(wrong) -> str:
    """Which one the database held to, without the row's values, which PostgreSQL tells in its message."""
    if connection.vendor == "sqlite":
        return str(wrong)
    told = getattr(wrong.__cause__, "diag", None)
    return (told and (told.constraint_name or told.sqlstate)) or type(wrong).__name__


def _hold(batch):
    """Whoever comes second waits here, and finds the batch committed."""
    taken = Batch.objects.filter(pk=batch.pk, state__in=["staged", "committing"]).update(state="committing")
    if not taken:
        raise Refusal(_("This sheet is being written already, or was written before."))
    batch.refresh_from_db()


def _give_back(batch, refused):
    """To the preview, where the officer reads why."""
    begun = Batch.objects.filter(pk=batch.pk, state__in=["staged", "committing"])
    begun.update(state="staged", failure=str(refused.message)[:300])
    batch.refresh_from_db()


def _take(batch, by, whole) -> dict:
    taker = KINDS[batch.kind].taker(batch, by)
    if whole:
        _all_must_be_good(batch)
    moved = _begin_households(batch, taker)
    verdicts = batch.counts.get("verdicts", {})
    with storing.noting(batch, sum(verdicts.get(verdict, 0) for verdict in WRITTEN)) as note:
        for page in pages_in_turn(batch):
            late = taker.meanwhile.moved(page)
            moved |= late
            taker.take([row for row in page if row.number not in moved])
            note(len(page))
    if whole and moved:
        raise Moved(moved)
    if sum(taker.counts.values()) >= storing.MANY:
        bulk.tell_planner(taker.tables)
    _put_in_doubt(batch, moved)
    return _finish(batch, by, dict(taker.counts), len(moved))


def pages_in_turn(batch) -> Iterator[list[Staged]]:
    """Each departure after the homecoming that it needs, wherever in the file that stands."""
    if not StagedRow.objects.filter(LATE, batch=batch).exists():
        return pages(batch)
    return chain(pages(batch, ~LATE), pages(batch, LATE))


def pages(batch, *narrowed, **named) -> Iterator[list[Staged]]:
    """The rows that are to be written, in the order of the file; memory stays flat."""
    rows = StagedRow.objects.filter(*narrowed, batch=batch, verdict__in=WRITTEN, **named).order_by("number")
    fields = ["number", "values", "changes", "worker_number", "worker_version"]
    last = 0
    while page := bulk.fetched(rows.filter(number__gt=last).values_list(*fields)[:PAGE]):
        yield [Staged(number, loads(values), loads(changes), *person) for number, values, changes, *person in page]
        last = page[-1][0]


def _all_must_be_good(batch):
    rows = StagedRow.objects.filter(batch=batch, verdict__in=NOT_GOOD).order_by("number")
    if found := list(rows.values_list("number", flat=True)):
        raise Refusal(ngettext(
            "Nothing was written: %(rows)s row is wrong or in doubt (%(numbers)s), and it was to be all or nothing.",
            "Nothing was written: %(rows)s rows are wrong or in doubt (%(numbers)s), and it was to be all or nothing.",
            len(found),
        ) % {"rows": f"{len(found):,}", "numbers": named(found)})


def _begin_households(batch, taker) -> dict[int, str]:
    moved = {}
    if "relation" not in batch.columns.values() and "head_id" not in batch.columns.values():
        return moved
    for page in pages(batch, values__relation="head"):
        late = taker.meanwhile.moved(page)
        moved |= late
        taker.begin_households([row for row in page if row.number not in late])
    return moved


def _put_in_doubt(batch, moved: dict[int, str]):
    """Rows that were left out, each with its sentence; the counts and the hash follow."""
    if not moved:
        return
    tally, fingerprint = Tally(batch.counts), int(batch.rows_hash, 16)
    numbers = sorted(moved)
    for start in range(0, len(numbers), PAGE):
        for row in StagedRow.objects.filter(batch=batch, number__in=numbers[start : start + PAGE]):
            row.said = row.values
            tally.add(row, -1)
            fingerprint -= fingerprint_of(row.number, row.verdict, row.values, row.changes)
            row.verdict, row.problem = "doubt", MOVED
            row.problems = [["", MOVED, moved[row.number], ""], *row.problems]
            tally.add(row)
            fingerprint += fingerprint_of(row.number, row.verdict, row.values, row.changes)
            row.save(update_fields=["verdict", "problem", "problems"])
    batch.counts, batch.rows_hash = tally.as_json(), f"{fingerprint % MODULUS:064x}"


def _finish(batch, by, counts, left_out) -> dict:
    counts = counts | ({"moved": left_out} if left_out else {})
    batch.counts = batch.counts | {"written": counts}
    batch.state, batch.committed_at, batch.committed_by = "committed", clock.now(), by
    batch.rows_done = batch.rows_in_all
    batch.save(update_fields=["counts", "rows_hash", "state", "committed_at", "committed_by", "rows_done"])
    detail = {"kind": batch.kind, "file": batch.file_name, "hash": batch.sha256, "rows_hash": batch.rows_hash} | counts
    look_through_later(batch)
    audit.record("imported a sheet", batch, by=by, place=batch.place_code, detail=detail)
    return counts
