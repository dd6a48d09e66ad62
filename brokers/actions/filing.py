"""How a broker is filed: what passing a course means for it."""

from django.db import transaction
from django.db.models import F

from brokers.models import Broker, FilingStep
from laborreg import clock
from officers import audit


@transaction.atomic
def trained(brokers, *, by, on) -> list[Broker]:
    """Those who were recommended and passed a course on that day go on to “trained”; the others stay what they are."""
    found = list(
        Broker.objects.select_for_update(no_key=True)
        .filter(pk__in=[broker.pk for broker in brokers], state="recommended").order_by("pk")
    )
    for broker in found:
        by.must("check brokers", at=broker.village_id)
    if not found:
        return []
    Broker.objects.filter(pk__in=[broker.pk for broker in found], state="recommended").update(
        state="trained", version=F("version") + 1
    )
    FilingStep.objects.bulk_create(
        FilingStep(broker=broker, step="trained", on=on, by=by, at=clock.now()) for broker in found
    )
    audit.record_many([("trained a broker", broker, broker.village_id, {"on": on.isoformat()}, by) for broker in found])
    return found
