"""That a person was told what the registry keeps."""

from django.db import transaction

from laborreg import clock
from officers import audit
from workers.actions.days import must_be_past
from workers.actions.keeping import check_shape, held
from workers.models import Notice

# Who answers for a worker hears the statement for them.
BY_CONSENT = {"in_person": "orally", "by_family": "head"}


@transaction.atomic
def tell(worker, *, by, told_on, how, whole_household=False) -> list[Notice]:
    """The statement was read out or signed; a head of a household hears it for every member of it."""
    worker = held(worker, by)
    must_be_past(told_on)
    told = [worker]
    if whole_household and worker.household:
        told += list(worker.household.members_here.exclude(pk=worker.pk).filter(village=worker.village_id).order_by("pk"))
    found = [note(each, by, told_on, how) for each in told]
    audit.record_many([
        ("told a person", each, worker.village_id, {"told_on": told_on.isoformat(), "what": how}, by) for each in told
    ])
    return found


def note(worker, by, told_on, how) -> Notice:
    notice = Notice(worker=worker, told_on=told_on, how=how, by=by, at=clock.now())
    check_shape(notice, ["how"])
    notice.save()
    return notice


def note_consent(worker, by):
    """Asked whether they agree to be registered, they were told to what: the statement stands above the question."""
    if worker.consent:
        note(worker, by, clock.today(), BY_CONSENT[worker.consent])
