"""A file on its way: sent, matched, handed to the worker, given up. Nothing here touches the ledger."""

import tempfile

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from laborreg import clock
from laborreg.refusals import Refusal
from officers import audit
from workers.models import Batch, StagedRow
from workers.sheets import background, committing, marking, matching, storing

# From these the reading can begin; a click that comes second finds another state.
READABLE = ["uploaded", "staged", "failed", "canceled"]
# A file in these states is not taken twice.
ALIVE = ["uploaded", "staging", "staged", "committing", "committed"]
UNDECIDED = ["uploaded", "staging", "staged"]
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
    if file is None:
        raise Refusal(_("Choose a file."))
    name, digest, size = storing.keep(file)
    try:
        _not_twice(place, kind, digest)
        storing.look(name, file.name)
        return _create(by, place, kind, file.name, name, digest, size)
    except BaseException:
        storing.forget(name)
        raise


def _not_twice(place, kind, digest):
    found = Batch.objects.filter(place_code=place, kind=kind, sha256=digest, state__in=ALIVE).first()
    if found:
        raise AlreadyHere(found)


@transaction.atomic
def _create(by, place, kind, file_name, name, digest, size) -> Batch:
    batch = Batch.objects.create(
        county_id=place[:6], place_code=place, kind=kind, file_name=file_name[-200:], file_size=size, sha256=digest,
        stored_as=name, uploaded_at=clock.now(), uploaded_by=by,
    )
    _record("uploaded a sheet", batch, by)
    return batch


def again(batch, *, by) -> Batch:
    """The same file once more, as a batch of its own: the ledger may have moved on."""
    by.must("import sheets", at=batch.place_code)
    storing.path_of(batch)
    begun = Batch.objects.filter(place_code=batch.place_code, kind=batch.kind, sha256=batch.sha256, state__in=UNDECIDED).first()
    if begun:
        return begun
    name = storing.again(batch.stored_as)
    return _create(by, batch.place_code, batch.kind, batch.file_name, name, batch.sha256, batch.file_size)


@transaction.atomic
def read(batch, *, by, sheet, header_row, headings, matched: dict[int, str]):
    """Keep how the columns were matched, and hand the batch to the worker."""
    by.must("import sheets", at=batch.place_code)
    storing.path_of(batch)
    matching.save(batch, headings, matched, by=by)
    columns = {str(place): name for place, name in matched.items()}
    _hand_over(batch, by, sheet=sheet, header_row=header_row, columns=columns)


@transaction.atomic
def read_again(batch, *, by):
    """Once more as it was matched, after the worker failed."""
    by.must("import sheets", at=batch.place_code)
    storing.path_of(batch)
    _hand_over(batch, by)


def _hand_over(batch, by, **facts):
    facts |= {"state": "staging", "rows_done": 0, "rows_in_all": 0, "counts": {}, "failure": ""}
    if not Batch.objects.filter(pk=batch.pk, state__in=READABLE).update(**facts):
        raise Refusal(_("The file is being read or written already."))
    background.stage.enqueue(batch.pk, by.pk, translation.get_language())


@transaction.atomic
def take(batch, *, by, all_or_nothing):
    """Hand the preview to the worker, to be written into the ledger."""
    committing.begin(batch, by=by, all_or_nothing=all_or_nothing)
    background.commit.enqueue(batch.pk, by.pk, translation.get_language())


def marked(batch, *, by):
    """The office's own file with the rows to be mended marked, open for reading; who fetched it is in the trail."""
    by.must("import sheets", at=batch.place_code)
    storing.path_of(batch)
    file = tempfile.NamedTemporaryFile(dir=storing.folder(), suffix=".xlsx")  # noqa: SIM115 (the answer closes it)
    background.apart(mark_number, batch.pk, file.name)
    _record("fetched a marked sheet", batch, by)
    return file


def mark_number(number, path):
    """What the child does: the file may be hostile."""
    marking.write(Batch.objects.get(pk=number), path)


@transaction.atomic
def cancel(batch, *, by):
    """Give the batch up; the file stays until its week is over, the rows go now."""
    by.must("import sheets", at=batch.place_code)
    if not Batch.objects.filter(pk=batch.pk, state__in=CANCELABLE).update(state="canceled", counts={}, failure=""):
        raise Refusal(_("This can no longer be canceled."))
    StagedRow.objects.filter(batch=batch).delete()
    _record("canceled a sheet", batch, by)


def _record(verb, batch, by):
    detail = {"kind": batch.kind, "bytes": batch.file_size, "hash": batch.sha256}
    audit.record(verb, batch, by=by, place=batch.place_code, detail=detail)
