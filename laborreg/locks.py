"""Locks of the data folder, held as files: the system lets go of them however a process ends."""

import fcntl
from contextlib import contextmanager

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

SERVER = "server.lock"
WORKER = "worker.lock"
_kept = []


class Held(Exception):
    """Somebody else has the lock."""


@contextmanager
def alone(name: str):
    """Held by one process at a time; raises Held at once where there is another."""
    with open(settings.DATA_DIR / name, "a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Held from None
        yield


def hold_as_server():
    """Said by every process that answers pages, for as long as it lives; they share the lock among them."""
    lock = open(settings.DATA_DIR / SERVER, "a")  # noqa: SIM115
    try:
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        raise ImproperlyConfigured("A backup is being restored; the server starts when that has ended.") from None
    _kept.append(lock)
