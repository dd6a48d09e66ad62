"""Refusals of the ledger that bring the row which the officer should look at."""

from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from laborreg.refusals import Refusal


class Stale(Refusal):
    """The row was saved by somebody else since the officer opened it; `current` is how it stands now."""

    def __init__(self, current):
        self.current = current
        super().__init__(_("Somebody saved this record after you opened it. Look at it again, then enter your change."))


class AlreadyRecorded(Refusal):
    """The ledger holds just this; `row` is what it holds."""

    def __init__(self, message, row):
        self.row = row
        super().__init__(message)


class Elsewhere(Refusal):
    """The county has this ID number; `worker` is set only where the officer may see that person."""

    def __init__(self, message, worker=None):
        self.worker = worker
        super().__init__(message)


@contextmanager
def plain_words():
    """A cleaner's complaint becomes a refusal in the same words."""
    try:
        yield
    except ValidationError as complaint:
        raise Refusal(" ".join(complaint.messages)) from complaint
