"""Refusals of the ledger that bring the row which the officer should look at."""

from laborreg.refusals import Refusal, Stale, plain_words

__all__ = ["AlreadyRecorded", "Elsewhere", "Refusal", "Stale", "plain_words"]


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
