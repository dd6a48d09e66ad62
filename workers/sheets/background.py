"""What the worker does with sheets, each task in the language of the officer who asked for it."""

import fcntl
import logging
from contextlib import contextmanager

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django_tasks import task

from laborreg.boot.processes import end_with_parent
from laborreg.refusals import Refusal
from laborreg.sheets import child
from officers import demo, jobs, messages
from officers.models import Officer
from workers.models import Batch
from workers.sheets import committing, staging, storing
from workers.sheets.storing import BUSY

logger = logging.getLogger(__name__)
READ_SECONDS, READ_MEGABYTES = 600, 1_000


@task()
def stage(batch_number, officer_number, language):
    """Read a batch and tell the officer, who may be elsewhere by now."""
    batch = Batch.objects.filter(pk=batch_number, state="staging").first()
    if batch is None:  # canceled while it waited
        return
    with translation.override(language):
        try:
            _read(batch)
        except Refusal as refused:
            fail(batch, refused.message)
        except Exception:
            logger.exception("A sheet could not be read: batch %s", batch.pk)
            fail(batch, _("The program itself failed at this file. Tell whoever looks after the registry."))
    tell(batch, Officer.objects.get(pk=officer_number), "read")


@task()
def commit(batch_number, officer_number, language):
    """Write a batch into the ledger, all of it in one transaction; what is refused goes back to the preview."""
    batch = Batch.objects.filter(pk=batch_number, state="committing").first()
    if batch is None:
        return
    officer = Officer.objects.get(pk=officer_number)
    with translation.override(language):
        try:
            committing.commit(batch, by=officer)
        except Refusal as refused:
            logger.info("A batch was not written: %s %s", batch.pk, type(refused).__name__)
        except Exception:
            logger.exception("A batch could not be written: %s", batch.pk)
            fail(batch, _("The program itself failed at this file. Tell whoever looks after the registry."))
    tell(batch, officer, "written")


def _read(batch):
    apart(read_number, batch.pk)
    batch.refresh_from_db()


def apart(function, *args):
    """In a process of its own: a hostile file ends that one, not the worker or the server."""
    if settings.SHEETS_IN_CHILD:
        child.run(function, *args, seconds=READ_SECONDS, megabytes=READ_MEGABYTES)
    else:
        function(*args)


def read_number(number):
    """What the child does, on the office's day; nobody waits for it once the worker is gone."""
    if settings.SHEETS_IN_CHILD:
        end_with_parent()
        demo.begin()
    staging.stage(Batch.objects.get(pk=number))


def fail(batch, words):
    Batch.objects.filter(pk=batch.pk, state__in=BUSY).update(state="failed", failure=str(words)[:300])


def tell(batch, officer, what):
    sentences = SENTENCES[what]
    batch.refresh_from_db(fields=["state"])
    if batch.state in sentences:
        url = reverse("sheet", args=[batch.pk])
        messages.send([officer], sentences[batch.state], values={"file": batch.file_name[:80]}, url=url)


SENTENCES = {
    "read": {
        "staged": gettext_noop("Your file %(file)s was read: look at it and confirm it."),
        "failed": gettext_noop("Your file %(file)s could not be read."),
    },
    "written": {
        "committed": gettext_noop("Your file %(file)s is in the ledger."),
        "staged": gettext_noop("Your file %(file)s was not written: look why."),
        "failed": gettext_noop("Your file %(file)s was not written: look why."),
    },
}


@contextmanager
def at_hand(batch):
    """While a command does a batch for which no task stands. The system lets go of the file however the command ends."""
    with open(storing.folder() / batch.stored_as, "rb") as file:
        fcntl.flock(file, fcntl.LOCK_SH)
        yield


def is_at_hand(batch) -> bool:
    try:
        with open(storing.folder() / batch.stored_as, "rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:  # no file, nobody at it
        pass
    return False


def recover():
    """After a worker died: what it was at has failed, and can be begun again. Nothing of it was written."""
    jobs.give_up_running()
    queued = {args[0] for each in (stage, commit) for args in jobs.waiting(each)}
    for batch in Batch.objects.filter(state__in=BUSY).select_related("uploaded_by"):
        if batch.pk not in queued and not is_at_hand(batch):
            with translation.override(batch.uploaded_by.language or "zh-hans"):
                words = _("The computer stopped in the middle of the work. Nothing was written; begin again.")
            Batch.objects.filter(pk=batch.pk, state=batch.state).update(state="failed", failure=words)
