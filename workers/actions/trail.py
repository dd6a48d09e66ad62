"""The trail of an action on the ledger: last in its transaction, and before it the doubts about those concerned."""

from officers import audit
from workers.doubts import finding
from workers.models import Household, Transfer, Worker


def record(verb, subject, *, by, place, detail=None, left=()):
    """Find the doubts about the subject again, and about what it `left` (workers, households); then the audit event.

    In this order, as the trail's head is locked last.
    """
    workers, households = set(), set()
    for row in (subject, *left):
        _concern(row, workers, households)
    if workers or households:
        finding.refresh(workers, households)
    return audit.record(verb, subject, by=by, place=place, detail=detail)


def _concern(row, workers, households):
    """Who is to be looked at after a row was saved: a person with the whole household."""
    if isinstance(row, Household):
        households |= {row.pk} - {None}
    elif isinstance(row, Transfer):
        _concern(row.worker, workers, households)
    elif isinstance(row, Worker):
        workers.add(row.pk)
        if row.household_id:
            households.add(row.household_id)
