"""Work that outlives a request: put down in the database with the request's other changes, done by `manage.py work`."""

import fcntl
import logging
import threading
from contextlib import contextmanager

from django.conf import settings
from django_tasks_db.models import DBTaskResult

from laborreg import locks
from officers import runs

BEAT_SECONDS = 30
logger = logging.getLogger(__name__)


class WorkerDied(Exception):
    """Said of a task whose worker ended in the middle of it."""


@contextmanager
def only_worker():
    """Held by the one worker of a data folder; a second one waits. The system lets go of it however a worker ends."""
    with open(settings.DATA_DIR / locks.WORKER, "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def beating():
    """Leaves a sign every half minute that the worker lives, also while it is at a long task."""
    is_over = threading.Event()

    def beat():
        runs.note("work")
        while not is_over.wait(BEAT_SECONDS):
            runs.note("work")

    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()


def give_up_running():
    """Tasks that a worker was at when it died are failed; only the only worker may say so."""
    for each in DBTaskResult.objects.running():
        # Further arguments may be what somebody typed.
        logger.warning("Given up, its worker died: %s %s", each.task_path, each.args_kwargs["args"][:1])
        each.set_failed(WorkerDied())


def waiting(task) -> list[list]:
    """The arguments of each of this task's calls that no worker has begun."""
    return [each.args_kwargs["args"] for each in DBTaskResult.objects.ready().filter(task_path=task.module_path)]
