"""To which household a worker belongs: the one of now, and until which day which others.

What is said with a day holds from that day on, and goes before what was recorded of later days; the days before keep
their household. What is said without a day puts the household of now right, as far back as it was believed: past
months follow.
"""

from datetime import date, timedelta
from itertools import pairwise

from workers.models import FormerMembership

DAY = timedelta(days=1)
Belonging = list[tuple[date, int | None]]


def belong(worker, household, relation="", *, since=None):
    """Put the worker, locked or new and not saved yet, into the household, or into none."""
    number = household and household.pk
    if worker.pk and since:
        _keep_what_was(worker, number, since)
    elif worker.pk:
        _join_to_the_time_before(worker, number)
    worker.household, worker.relation = household, relation


def belonging(worker) -> Belonging:
    """(until which day, household) in the order of days; the household of now comes last."""
    rows = worker.former_memberships.values_list("to_on", "household_id") if worker.pk else []
    return [*rows, (date.max, worker.household_id)]


def household_on(told: Belonging, day: date) -> int | None:
    return next(household for to_on, household in told if day < to_on)


def write(worker, told: Belonging):
    """Replace what is recorded of the days before; the household of now is the worker's own."""
    told = [*told, (date.max, worker.household_id)]
    worker.former_memberships.all().delete()
    FormerMembership.objects.bulk_create(
        FormerMembership(worker=worker, household_id=household, to_on=to_on)
        for (to_on, household), (_later, following) in pairwise(told)
        if household != following
    )


def _keep_what_was(worker, number, since):
    before = household_on(belonging(worker), since - DAY)
    worker.former_memberships.filter(to_on__gte=since).delete()
    if before != number:
        FormerMembership.objects.create(worker=worker, household_id=before, to_on=since)


def _join_to_the_time_before(worker, number):
    """Who belonged to it until just before has belonged to it all along."""
    newest = worker.former_memberships.last()
    if newest and newest.household_id == number:
        newest.delete()
