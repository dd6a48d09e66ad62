"""A file on its way: sent, matched, handed to the worker, given up. Nothing here touches the ledger."""

import secrets
import tempfile

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from laborreg import clock
from laborreg.refusals import Refusal
from officers import audit
from workers.actions.keeping import cleaned_reason
from workers.models import Batch, StagedRow
from workers.sheets import background, committing, matching, repairs, restaging, storing, undoing
from workers.sheets.brought import rows_written
from workers.sheets.columns import OWN
from workers.sheets.kinds import KINDS

# From these the reading can begin; a click that comes second finds another state.
READABLE = ["uploaded", "staged", "failed", "canceled"]
# A file in these states is not taken twice.
ALIVE = ["uploaded", "staging", "staged", "mending", "committing", "committed", "undoing"]
UNDECIDED = ["uploaded", "staging", "staged", "mending"]
CANCELABLE = ["uploaded", "staging", "staged", "failed"]


class AlreadyHere(Refusal):
    """The same file was sent before; `batch` is where it stands."""

    def __init__(self, batch):
        self.batch = batch
        super().__init__(_("This very file is here already, since %(when)s. This is where it stands.") % {
            "when": batch.uploaded_at.astimezone(clock.timezone.get_current_timezone()).strftime("%Y-%m-%d %H:%M"),
        })


def upload(*, by, place, kind, file) -> Batch:
    """Take the file in; whatever cannot be read is refused in words, and nothing of it is kept."""
    by.must("import sheets", at=place)
    by.must(KINDS[kind].power, at=place)
    if file is None:
        raise Refusal(_("Choose a file."))
    name, digest, size = storing.keep(file)
    try:
        _not_twice(place, kind, digest)
        storing.look(name, file.name)
        return _create(by, by, place, kind, file.name, name, digest, size)
    except BaseException:
        storing.forget(name)
        raise


def _not_twice(place, kind, digest):
    found = Batch.objects.filter(place_code=place, kind=kind, sha256=digest, state__in=ALIVE).first()
    if found:
        raise AlreadyHere(found)


@transaction.atomic
def _create(by, brought_by, place, kind, file_name, name, digest, size) -> Batch:
    batch = Batch.objects.create(
        county_id=place[:6], place_code=place, kind=kind, file_name=file_name[-200:], file_size=size, sha256=digest,
        stored_as=name, uploaded_at=clock.now(), uploaded_by=brought_by,
    )
    _record("uploaded a sheet", batch, by)
    return batch


def again(batch, *, by) -> Batch:
    """The same file once more, as a batch of its own: the ledger may have moved on. It stays of who brought it."""
    by.must("import sheets", at=batch.place_code)
    storing.path_of(batch)
    begun = Batch.objects.filter(place_code=batch.place_code, kind=batch.kind, sha256=batch.sha256, state__in=UNDECIDED).first()
    if begun:
        return begun
    name = storing.again(batch.stored_as)
    return _create(by, batch.uploaded_by, batch.place_code, batch.kind, batch.file_name, name, batch.sha256, batch.file_size)


@transaction.atomic
def read(batch, *, by, sheet, header_row, headings, matched: dict[int, str], rows=0):
    """Keep how the columns were matched, and hand the batch to the worker; `rows` is how many it will find."""
    by.must("import sheets", at=batch.place_code)
    storing.path_of(batch)
    matching.save(batch, headings, matched, by=by)
    columns = {str(place): name for place, name in matched.items()}
    _hand_over(batch, by, sheet=sheet, header_row=header_row, columns=columns, rows_in_all=rows)


@transaction.atomic
def read_again(batch, *, by):
    """Once more as it was matched, after the reading failed."""
    by.must("import sheets", at=batch.place_code)
    storing.path_of(batch)
    _hand_over(batch, by)


def _hand_over(batch, by, **facts):
    facts |= {"state": "staging", "rows_done": 0, "counts": {}, "failure": "", "marked_as": ""}
    storing.drop_marked(batch)
    if not Batch.objects.filter(pk=batch.pk, state__in=READABLE).update(**facts):
        raise Refusal(_("The file is being read or written already."))
    background.stage.enqueue(batch.pk, by.pk, translation.get_language())


@transaction.atomic
def take(batch, *, by, all_or_nothing):
    """Hand the preview to the worker, to be written into the ledger."""
    committing.begin(batch, by=by, all_or_nothing=all_or_nothing)
    background.commit.enqueue(batch.pk, by.pk, translation.get_language())


# What takes long goes to the worker; the page of the batch tells how far that is, and what was refused.


def mend(batch, problem, column, text, repair, *, by) -> int | None:
    """The same answer for a group of rows: how many they were; None of many, which the worker judges."""
    by.must("import sheets", at=batch.place_code)
    if column in OWN and repair.startswith(f"{repairs.SET}:"):
        raise Refusal(_("This is each person's own. Correct it row by row."))
    rows = repairs.rows_of_group(batch, problem, column, text).order_by()
    if rows[: storing.MANY].count() < storing.MANY:
        return repairs.mend_group(batch, problem, column, text, repair, by=by)
    with transaction.atomic():
        restaging.held(batch, by)
        _put_to_work(batch, "mending")
        background.mend.enqueue(batch.pk, by.pk, translation.get_language(), problem, column, text, repair)
    return None


def undo(batch, *, by, reason) -> dict | None:
    """Take back what the batch wrote: how much that was; None of much, which the worker takes back."""
    if rows_written(batch) < storing.MANY:
        return undoing.undo(batch, by=by, reason=reason)
    by.must("import sheets", at=batch.place_code)
    reason = cleaned_reason(reason)
    with transaction.atomic():
        undoing.held(batch)
        _put_to_work(batch, "undoing")
        background.undo.enqueue(batch.pk, by.pk, translation.get_language(), reason)
    return None


def _put_to_work(batch, state):
    """A batch that is held goes to the worker."""
    storing.note_no_more(batch)
    Batch.objects.filter(pk=batch.pk).update(state=state, failure="", in_the_way=None)


def marked(batch, *, by):
    """The office's own file with the rows to be mended marked, open for reading; who fetched it is in the trail.

    None of a long one, until the worker has made it. It holds every number in full, so nobody else gets what one brought.
    """
    by.must("import sheets", at=batch.place_code)
    if batch.uploaded_by_id != by.pk:
        raise Refusal(_("The file goes back only to who brought it: its numbers stand in it in full. Mend the rows here."))
    storing.path_of(batch)
    if path := storing.marked_path(batch):
        file = path.open("rb")
    elif is_long(batch):
        return _have_marked(batch, by)
    else:
        file = tempfile.NamedTemporaryFile(dir=storing.folder(), suffix=".xlsx")  # noqa: SIM115 (the answer closes it)
        background.apart(background.mark_number, batch.pk, file.name)
    _record("fetched a marked sheet", batch, by, rows=batch.rows_in_all)
    return file


def is_long(batch) -> bool:
    return batch.rows_in_all >= storing.MANY


@transaction.atomic
def _have_marked(batch, by):
    """Asked for once, whoever clicks how often."""
    # Looked at before it is waited for: a large commit holds the row for a minute.
    rows = Batch.objects.filter(pk=batch.pk)
    if any(each.get().state in storing.BUSY for each in (rows, rows.select_for_update(no_key=True))):
        raise Refusal(_("The file is being read or written already."))
    name = secrets.token_hex(32)
    if Batch.objects.filter(pk=batch.pk, marked_as="").update(marked_as=name, failure="", in_the_way=None):
        background.mark.enqueue(batch.pk, by.pk, translation.get_language(), name)


@transaction.atomic
def cancel(batch, *, by):
    """Give the batch up; the file stays until its week is over, the rows go now."""
    by.must("import sheets", at=batch.place_code)
    facts = {"state": "canceled", "counts": {}, "failure": "", "marked_as": ""}
    storing.drop_marked(batch)
    if not Batch.objects.filter(pk=batch.pk, state__in=CANCELABLE).update(**facts):
        raise Refusal(_("This can no longer be canceled."))
    StagedRow.objects.filter(batch=batch).delete()
    _record("canceled a sheet", batch, by, rows=batch.rows_in_all)


def _record(verb, batch, by, **more):
    detail = {"kind": batch.kind, "bytes": batch.file_size, "hash": batch.sha256} | more
    audit.record(verb, batch, by=by, place=batch.place_code, detail=detail)
