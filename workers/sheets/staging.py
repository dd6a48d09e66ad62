"""From a matched file to staged rows: read, clean, judge, keep. The ledger is only read.

A page of rows at a time, so that memory stays flat and the ledger is asked a handful of times a page, whatever the rows.
"""

from contextlib import contextmanager
from hashlib import sha256

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from laborreg import bulk, clock
from laborreg.refusals import Refusal
from workers.models import Batch, StagedRow
from workers.sheets import columns
from workers.sheets.cleaning import encoded
from workers.sheets.desk import PAGE
from workers.sheets.kinds import KINDS
from workers.sheets.rereading import read_again
from workers.sheets.tally import Tally

FIELDS = [
    "batch", "number", "cells", "values", "verdict", "problem", "problems", "normalized", "changes", "worker_number",
    "worker_version", "written",
]


class Canceled(Exception):
    """The officer called it off while the file was read."""


def stage(batch) -> Batch:
    """Read the file of a batch and stage its rows; the state is "staging" before and "staged" after."""
    try:
        _begin(batch)
        with in_words_of(batch), bulk.without_collecting():
            fingerprint, tally = _stage(batch)
        _put(batch, "staging", state="staged", counts=tally.as_json(), rows_hash=f"{fingerprint:064x}", staged_at=clock.now(),
             rows_in_all=batch.rows_done)
    except Canceled:
        batch.rows.all().delete()
        batch.refresh_from_db()
    return batch


def _begin(batch):
    if not columns.telling(batch.kind) & set(batch.columns.values()):
        raise Refusal(_("Say first in which column the names or the numbers of persons stand."))
    _put(batch, "uploaded", "staging", "staged", "failed", state="staging", rows_done=0, counts={}, rows_hash="", failure="")
    batch.rows.all().delete()


def _put(batch, *states, **facts):
    """Change the batch unless it is in another state meanwhile: then the officer called it off."""
    if not Batch.objects.filter(pk=batch.pk, state__in=states).update(**facts):
        raise Canceled
    for name, value in facts.items():
        setattr(batch, name, value)


@contextmanager
def in_words_of(batch):
    """Problems are kept in the language of the officer who brought the file."""
    with translation.override(batch.uploaded_by.language or translation.get_language()):
        yield


def _stage(batch):
    desk = KINDS[batch.kind].desk(batch)
    file = desk.begin_file()
    fingerprint, tally = 0, Tally()
    for page in desk.pages_of_file():
        desk.judge(page, file)
        with transaction.atomic():
            fingerprint += keep(batch, page, tally)
            _progress(batch, len(page))
    # At rows that were refused before the row that settles it was read; no others are touched.
    again = Again(batch, desk, file, tally, fingerprint)
    again.judge_all(file.settled())
    return again.fingerprint % MODULUS, tally


def _progress(batch, count):
    _put(batch, "staging", rows_done=batch.rows_done + count)


class Again:
    """Rows as they stand in the preview, judged once more; their counts and hash follow."""

    def __init__(self, batch, desk, file, tally, fingerprint):
        self.batch, self.desk, self.file, self.tally, self.fingerprint = batch, desk, file, tally, fingerprint

    def judge_all(self, numbers):
        for start in range(0, len(numbers), PAGE):
            self.judge(numbers[start : start + PAGE])

    @transaction.atomic
    def judge(self, numbers, change_of=lambda number: None, know=None):
        """`know` tells the file of rows that it has not judged itself, where there are any."""
        staged = list(self.batch.rows.filter(number__in=numbers).order_by("number"))
        page = [read_again(self.desk, row, change_of(row.number)) for row in staged]
        self.desk.ask(page)
        if know:
            know(page)
        self.desk.judge_known(page, self.file)
        self._replace(staged, page)

    def _replace(self, staged, page):
        for row in staged:
            row.said = row.values
            self.tally.add(row, -1)
            self.fingerprint -= fingerprint_of(row.number, row.verdict, row.values, row.changes)
        self.batch.rows.filter(number__in=[row.number for row in staged]).delete()
        self.fingerprint += keep(self.batch, page, self.tally)


# Keeping.

MODULUS = 1 << 256


def keep(batch, page, tally) -> int:
    """Insert a page of judged rows; gives the sum of their fingerprints."""
    kept, total = [], 0
    for row in page:
        tally.add(row)
        if row.decided:
            row.said["decided"] = row.decided
        values, changes = encoded(row.said), encoded(row.changes)
        kept.append(_as_tuple(batch.pk, row, values, changes))
        total += _fingerprint(row.number, row.verdict, values, changes)
    bulk.insert(StagedRow, FIELDS, kept, is_encoded=True)
    return total


def _as_tuple(batch, row, values, changes):
    person = row.person
    return (
        batch, row.number, encoded([cell.text for cell in row.found]), values, row.verdict, row.problem,
        encoded(row.problems), encoded(row.normalized),
        changes, person and person.pk, person and person.version, "{}",
    )


def fingerprint_of(number, verdict, values, changes) -> int:
    """A row's share of Batch.rows_hash: the sum of these, so that a mended row is taken out and put in again."""
    return _fingerprint(number, verdict, encoded(values), encoded(changes))


def _fingerprint(number, verdict, values, changes) -> int:
    return int.from_bytes(sha256(f'{number}:{verdict}:{values}:{changes}'.encode()).digest(), "big")
