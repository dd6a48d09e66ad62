"""A person erased everywhere: in the ledger, in what was filed, in training and claims. The sealed hashes still hold.

They are taken of numbers, kinds, months and shares (reports.filing.digest_of_rows), never of names.
"""

from django.db import transaction

from laborreg import clock
from officers import audit
from reports.models import FiledEvent, FiledLine, SpotCheckPerson
from support.models import ClaimLine, TrainedWorker
from villages.models import County
from workers.actions.erasing import ERASED, due, erase_from_ledger, must_be_erasable
from workers.actions.keeping import cleaned_reason, held_row
from workers.models import Worker

# A paid claim is an accounting record with a time of its own.
PAID = "paid"


@transaction.atomic
def erase(worker, *, by, reason) -> Worker:
    """By hand, at the county bureau, for a reason."""
    worker = held_row(worker)
    by.must("erase people", at=worker.village_id)
    must_be_erasable(worker)
    return _erase(worker, by, cleaned_reason(reason))


def retain(county: County, day) -> int:
    """Erase everybody whose time is over, each in a transaction; how many."""
    numbers = list(due(county, day).values_list("pk", flat=True))
    return sum(_retain_one(county, number, day) for number in numbers)


@transaction.atomic
def _retain_one(county, number, day) -> int:
    """As the row is now: somebody may have come back meanwhile."""
    worker = held_row(Worker(pk=number))
    if not due(county, day).filter(pk=number).exists():
        return 0
    _erase(worker, None, "keep_years")
    return 1


def _erase(worker, by, reason) -> Worker:
    entries = [worker, *_merged_into(worker)]
    for entry in entries:
        erase_from_ledger(entry)
    numbers = [entry.pk for entry in entries]
    lines = FiledLine.objects.filter(worker_number__in=numbers).update(name=ERASED, group_name="")
    FiledEvent.objects.filter(worker_number__in=numbers).update(name=ERASED)
    SpotCheckPerson.objects.filter(worker_number__in=numbers).update(name=ERASED, note="")
    TrainedWorker.objects.filter(worker__in=numbers).update(certificate_number="")
    ClaimLine.objects.filter(worker__in=numbers).exclude(claim__state=PAID).update(name=ERASED, employer="")
    detail = {"reason": reason, "entries": len(entries), "rows": lines}
    audit.record("erased a person", worker, by=by, place=worker.village_id, detail=detail)
    worker.refresh_from_db()
    return worker


def _merged_into(worker) -> list[Worker]:
    found = list(Worker.objects.filter(merged_into=worker))
    return found + [further for each in found for further in _merged_into(each)]


def today_due(county: County, ahead=None):
    """Who is due today, or would be on a later day, with the day on which each went."""
    return due(county, ahead or clock.today()).select_related("village__township")


def voided(officer):
    """Entered by mistake, the newest first: they can be erased at once, by hand."""
    rows = Worker.objects.visible_to(officer).filter(voided_at__isnull=False, erased_at__isnull=True)
    return rows.order_by("-voided_at").select_related("village__township")
