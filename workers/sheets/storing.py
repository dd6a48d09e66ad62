"""Files as officers sent them: under names that tell nothing, readable by nobody else, thrown away after a week."""

import errno
import json
import os
import secrets
import threading
import time
from contextlib import contextmanager
from dataclasses import asdict
from datetime import timedelta
from functools import partial
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from laborreg import clock
from laborreg.refusals import Refusal
from laborreg.sheets import book, child
from laborreg.sheets.book import Book, SheetInfo
from laborreg.sheets.faults import LARGEST_FILE, NotTaken
from workers.models import Batch, Roster, StagedRow

KEPT_DAYS = 7
NO_ROOM = {errno.ENOSPC, errno.EDQUOT}
LOOK_SECONDS, LOOK_MEGABYTES = 60, 1_000
# From so many rows on the worker does what would take longer than a second.
MANY = 1_000
# What is under way still needs its file.
BUSY = ["staging", "mending", "committing", "undoing"]
# What was looked at and not taken into the ledger goes with its file.
UNDECIDED = ["uploaded", "staged", "failed", "canceled"]
NOT_TAKEN = ["doubt", "wrong", "skipped"]
HEAD = ("head_id_index", "head_id_cipher", "head_id_key")
_one_at_a_time = threading.Lock()


def folder() -> Path:
    found = settings.DATA_DIR / "sheets"
    found.mkdir(mode=0o700, parents=True, exist_ok=True)
    return found


def keep(file) -> tuple[str, str, int]:
    """Name, SHA-256 and size of the file as it is kept."""
    if file.size > LARGEST_FILE:
        raise NotTaken("too_large")
    name, digest = secrets.token_hex(32), sha256()
    with _whole_or_not(name), _opened(name) as kept:
        for chunk in file.chunks():
            digest.update(chunk)
            kept.write(chunk)
    return name, digest.hexdigest(), file.size


@contextmanager
def _whole_or_not(name):
    """What could not be kept whole is not kept; a full disk is told to who sent the file."""
    try:
        yield
    except BaseException as wrong:
        forget(name)
        if isinstance(wrong, OSError) and wrong.errno in NO_ROOM:
            raise Refusal(_("The server's disk is full; nothing was kept. Tell whoever looks after the registry.")) from wrong
        raise


def _opened(name):
    return open(os.open(folder() / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def again(name) -> str:
    """The same file under another name, for another batch; it is as new as that."""
    other = secrets.token_hex(32)
    os.link(folder() / name, folder() / other)
    os.utime(folder() / other)
    if _notes(name).exists():
        os.link(_notes(name), _notes(other))
    return other


def forget(name):
    for each in (folder() / name, _notes(name)):
        each.unlink(missing_ok=True)


def forget_marked(batch):
    """For who saves the batch next: its rows change. The file goes when that is sure."""
    if name := batch.marked_as:
        batch.marked_as = ""
        transaction.on_commit(lambda: forget(name))


def drop_marked(batch):
    """The same for who changes the batch by a query, whatever it names by now."""
    for name in Batch.objects.filter(pk=batch.pk).exclude(marked_as="").values_list("marked_as", flat=True):
        transaction.on_commit(partial(forget, name))


def marked_path(batch) -> Path | None:
    """None while it is being made, and where nobody wants it."""
    found = folder() / batch.marked_as
    return found if batch.marked_as and found.exists() else None


def path_of(batch) -> Path:
    found = folder() / batch.stored_as
    if not batch.stored_as or not found.exists():
        raise Refusal(_("The file was thrown away after %(days)s days. Choose it again.") % {"days": KEPT_DAYS})
    return found


def look(name, file_name) -> Book:
    """What the file holds: found out once, in a process of its own, and kept beside the file."""
    notes = _notes(name)
    if notes.exists():
        return _book(json.loads(notes.read_bytes()))
    with _one_at_a_time:
        found = child.run(
            book.inspect, folder() / name, file_name, seconds=LOOK_SECONDS, megabytes=LOOK_MEGABYTES, bare=True
        )
    with _opened(notes.name) as kept:
        kept.write(json.dumps(asdict(found), ensure_ascii=False).encode())
    return found


def _notes(name) -> Path:
    return folder() / f"{name}.json"


def _book(notes) -> Book:
    sheets = [SheetInfo(**each | {"head": [(number, cells) for number, cells in each["head"]]}) for each in notes["sheets"]]
    return Book(notes["kind"], sheets)


# How far the worker is: beside the file, as nobody sees what a transaction has written before it is over.


@contextmanager
def noting(batch, total):
    """Gives what is told after each page how many rows it had."""
    done = 0

    def note(rows):
        nonlocal done
        done += rows
        _progress(batch).write_text(f"{done} {total}")

    try:
        yield note
    finally:
        note_no_more(batch)


def noted(batch) -> tuple[int, int]:
    """Rows done, and rows in all; 0 and 0 of what has not begun."""
    try:
        done, total = _progress(batch).read_text().split()
    except (FileNotFoundError, ValueError):
        return 0, 0
    return int(done), int(total)


def note_no_more(batch):
    _progress(batch).unlink(missing_ok=True)


def _progress(batch) -> Path:
    return folder() / f"batch-{batch.pk}.done"


def throw_away() -> int:
    """Files older than a week go, and with them what was never taken into the ledger; the number of files."""
    old = Batch.objects.filter(uploaded_at__lt=clock.now() - timedelta(days=KEPT_DAYS)).exclude(state__in=BUSY)
    _strip(old.exclude(stored_as=""))
    names = [name for pair in old.values_list("stored_as", "marked_as") for name in pair if name]
    StagedRow.objects.filter(Q(batch__in=old.filter(state__in=UNDECIDED)) | Q(batch__in=old, verdict__in=NOT_TAKEN)).delete()
    old.filter(state__in=UNDECIDED).exclude(stored_as="").update(state="canceled", stored_as="")
    # Why something was refused may name people, who are erased one day.
    old.update(stored_as="", marked_as="", failure="")
    names += _held_by_nobody()
    for name in names:
        forget(name)
    return len(names)


def _strip(batches):
    """The number of the household's head stands in the rows of the members: whoever erases the head does not find it there."""
    rows = StagedRow.objects.filter(batch__in=batches, values__has_key=HEAD[0])
    for row in rows.only("pk", "values").iterator():
        StagedRow.objects.filter(pk=row.pk).update(values={name: value for name, value in row.values.items() if name not in HEAD})


def _held_by_nobody() -> list[str]:
    """Old files of which no row tells: what began them was stopped before it could be kept, or was rolled back."""
    old = time.time() - KEPT_DAYS * 24 * 60 * 60
    found = {file.name.removesuffix(".json") for file in folder().iterdir() if file.stat().st_mtime < old}
    for model, name in ((Batch, "stored_as"), (Batch, "marked_as"), (Roster, "stored_as")):
        found -= set(model.objects.exclude(**{name: ""}).values_list(name, flat=True))
    return sorted(found)
