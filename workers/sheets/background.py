"""What the worker does with sheets, each task in the language of the officer who asked for it."""

import fcntl
import logging
import os
from contextlib import contextmanager

from django.conf import settings
from django.db import OperationalError
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
from workers.sheets import committing, marking, repairs, restaging, staging, storing, undoing

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
            fail(batch, _our_fault())
    tell(batch, Officer.objects.get(pk=officer_number), "read")


@task()
def commit(batch_number, officer_number, language):
    """Write a batch into the ledger, all of it in one transaction; what is refused goes back to the preview."""
    batch = Batch.objects.filter(pk=batch_number, state="committing").first()
    if batch is None:
        return
    officer = Officer.objects.get(pk=officer_number)
    with _given_back(batch, language):
        committing.commit(batch, by=officer)
    tell(batch, officer, "written")


@task()
def mend(batch_number, officer_number, language, problem, column, text, repair):
    """Give many rows of a preview the same answer; then it is open again."""
    batch = Batch.objects.filter(pk=batch_number, state="mending").select_related("uploaded_by").first()
    if batch is None:
        return
    officer = Officer.objects.get(pk=officer_number)
    with _given_back(batch, language):
        repairs.mend_group(batch, problem, column, text, repair, by=officer, mend=restaging.mend_by_pages)
        give_back(batch, "mending")
    tell(batch, officer, "mended")


@task()
def undo(batch_number, officer_number, language, reason):
    """Take back what a batch wrote; what is refused leaves it in the ledger."""
    batch = Batch.objects.filter(pk=batch_number, state="undoing").first()
    if batch is None:
        return
    officer = Officer.objects.get(pk=officer_number)
    with _given_back(batch, language):
        undoing.undo(batch, by=officer, reason=reason)
    tell(batch, officer, "undone")


@task()
def mark(batch_number, officer_number, language, name):
    """Make the office's own file with its faults marked; `name` is what it will be kept under."""
    batch = Batch.objects.filter(pk=batch_number, marked_as=name).first()
    if batch is None:  # the rows have changed meanwhile
        return
    officer = Officer.objects.get(pk=officer_number)
    with translation.override(language):
        try:
            _make_marked(batch, name)
        except Refusal as refused:
            not_marked(batch, refused.message)
        except Exception:
            logger.exception("A sheet could not be marked: batch %s", batch.pk)
            not_marked(batch, _our_fault())
    tell_of_marked(batch, officer)


def _our_fault() -> str:
    return _("The program itself failed at this file. Tell whoever looks after the registry.")


# In a process of its own: a hostile file ends that one, not the worker or the server.


def _read(batch):
    apart(read_number, batch.pk)
    batch.refresh_from_db()


def _make_marked(batch, name):
    """Whole under its name, or not at all."""
    made = storing.folder() / f"{name}.part"
    made.touch(mode=0o600)
    try:
        apart(mark_number, batch.pk, str(made))
        os.replace(made, storing.folder() / name)
    finally:
        made.unlink(missing_ok=True)
    if not Batch.objects.filter(pk=batch.pk, marked_as=name).exists():
        storing.forget(name)


def apart(function, *args):
    if settings.SHEETS_IN_CHILD:
        child.run(function, *args, seconds=READ_SECONDS, megabytes=READ_MEGABYTES)
    else:
        function(*args)


def read_number(number):
    """What the child does, on the office's day."""
    _begin_child()
    staging.stage(Batch.objects.get(pk=number))


def mark_number(number, path):
    _begin_child()
    marking.write(Batch.objects.get(pk=number), path)


def _begin_child():
    """Nobody waits for it once the worker is gone."""
    if settings.SHEETS_IN_CHILD:
        end_with_parent()
        demo.begin()


# How it ends, and how the officer is told.

# Where a batch stands again when what was under way did not come to its end.
TRIES = 3
BEFORE = {"mending": "staged", "committing": "staged", "undoing": "committed"}


def fail(batch, words):
    """A file that could not be read has no rows: it is read again, or given up."""
    Batch.objects.filter(pk=batch.pk, state="staging").update(state="failed", failure=str(words)[:300])


def give_back(batch, state, words="", in_the_way=None):
    """To where it stood before this state, with the words that say why it did not go on, and the import in its way.

    Nobody else would: so it is tried again while others write.
    """
    rows = Batch.objects.filter(pk=batch.pk, state=state)
    for again in reversed(range(TRIES)):
        try:
            return rows.update(state=BEFORE[state], failure=str(words)[:300], in_the_way=in_the_way)
        except OperationalError:
            if not again:
                raise


@contextmanager
def _given_back(batch, language):
    state = batch.state
    with translation.override(language):
        try:
            yield
        except Refusal as refused:
            logger.info("A batch stands as before: %s %s", batch.pk, type(refused).__name__)
            give_back(batch, state, refused.message, in_the_way=getattr(refused, "batch", None))
        except OperationalError:
            logger.warning("Others were writing, a batch stands as before: %s", batch.pk)
            give_back(batch, state, _(
                "Others were writing at the same moment. Some of the rows are judged again; "
                "give your answer once more for the others."
            ))
        except Exception:
            logger.exception("A batch stands as before: %s", batch.pk)
            give_back(batch, state, _our_fault())


def not_marked(batch, words):
    Batch.objects.filter(pk=batch.pk, marked_as=batch.marked_as).update(marked_as="", failure=str(words)[:300])


def tell(batch, officer, what):
    batch.refresh_from_db(fields=["state", "failure"])
    sentences = SENTENCES[what]
    if sentence := sentences.get("refused") if batch.failure and "refused" in sentences else sentences.get(batch.state):
        _send(batch, officer, sentence, "sheet")


def tell_of_marked(batch, officer):
    batch.refresh_from_db(fields=["marked_as"])
    if storing.marked_path(batch):
        _send(batch, officer, gettext_noop("Your file %(file)s, its faults marked, is ready to download."), "sheet_marked")
    elif not batch.marked_as:
        _send(batch, officer, gettext_noop("Your file %(file)s could not be marked: look why."), "sheet")


def _send(batch, officer, sentence, page):
    messages.send([officer], sentence, values={"file": batch.file_name[:80]}, url=reverse(page, args=[batch.pk]))


SENTENCES = {
    "read": {
        "staged": gettext_noop("Your file %(file)s was read: look at it and confirm it."),
        "failed": gettext_noop("Your file %(file)s could not be read."),
    },
    "written": {
        "committed": gettext_noop("Your file %(file)s is in the ledger."),
        "staged": gettext_noop("Your file %(file)s was not written: look why."),
    },
    "mended": {
        "staged": gettext_noop("The rows of your file %(file)s were checked again: look at it and confirm it."),
        "refused": gettext_noop("The rows of your file %(file)s were not all checked again: look why."),
    },
    "undone": {
        "undone": gettext_noop("What your file %(file)s wrote is taken back."),
        "refused": gettext_noop("Your file %(file)s was not undone: look why."),
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


TASKS = {"staging": stage, "committing": commit, "mending": mend, "undoing": undo}


def recover():
    """After a worker died: what it was at has failed, and can be begun again. No more of it was written than is shown."""
    jobs.give_up_running()
    for state, each in TASKS.items():
        queued = {args[0] for args in jobs.waiting(each)}
        for batch in Batch.objects.filter(state=state).exclude(pk__in=queued).select_related("uploaded_by"):
            if not is_at_hand(batch):
                _give_up(batch)
    queued = {args[3] for args in jobs.waiting(mark)}
    for batch in Batch.objects.exclude(marked_as="").exclude(marked_as__in=queued).select_related("uploaded_by"):
        if storing.marked_path(batch) is None:
            with _words_of(batch):
                not_marked(batch, _("The computer stopped in the middle of the work. Have the file marked again."))


def _give_up(batch):
    storing.note_no_more(batch)
    with _words_of(batch):
        if batch.state in BEFORE:
            give_back(batch, batch.state, _why_it_stopped()[batch.state])
        else:
            batch.rows.all().delete()
            fail(batch, _("The computer stopped in the middle of the work. Nothing was written; begin again."))


def _why_it_stopped() -> dict[str, str]:
    return {
        "mending": _(
            "The computer stopped in the middle of the work. Some of the rows are judged again; "
            "give your answer once more for the others."
        ),
        "committing": _("The computer stopped in the middle of the work. Nothing was written; take it again."),
        "undoing": _("The computer stopped in the middle of the work. Nothing was taken back; undo it again."),
    }


def _words_of(batch):
    return translation.override(batch.uploaded_by.language or "zh-hans")
