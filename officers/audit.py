"""The audit trail: append-only, hash-chained per county. Call `record` last in the action's transaction."""

import json
from hashlib import sha256

from django.db import transaction

from laborreg import clock
from officers.models import AuditEvent, AuditHead


def record(verb: str, subject=None, *, by, place: str = "", detail: dict | None = None):
    """Append one event; `place` is the code of where it happened and names the county's chain."""
    return record_many([(verb, subject, place, detail)], by=by)[0]


def record_many(entries, *, by) -> list[AuditEvent]:
    """Append events of one county in one go; entries are (verb, subject, place code, detail)."""
    county = _county(entries[0][2], by)
    with transaction.atomic():
        AuditHead.objects.get_or_create(county_code=county)
        head = AuditHead.objects.select_for_update().get(county_code=county)
        events = []
        for entry in entries:
            events.append(_link(head, county, by, *entry))
        AuditEvent.objects.bulk_create(events, batch_size=500)
        head.save()
    return events


def _county(place, by):
    return place[:6] or (by.county_code if by else "") or "000000"


def _link(head, county, by, verb, subject, place, detail):
    event = AuditEvent(
        county_code=county, number=head.number + 1, at=clock.now(), by=by, verb=verb, place_code=place or "",
        subject_kind=subject._meta.model_name if subject is not None else "",
        subject_id=str(subject.pk) if subject is not None else "",
        detail=detail or {}, before=head.hash,
    )
    event.hash = digest(event)
    head.number, head.hash = event.number, event.hash
    return event


def digest(event: AuditEvent) -> str:
    """SHA-256 over everything the event says and the hash of the one before."""
    said = [
        event.county_code, event.number, event.at.isoformat(), event.by_id, event.verb, event.subject_kind,
        event.subject_id, event.place_code, event.detail, event.before,
    ]
    return sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def first_fault(county_code: str) -> str | None:
    """The first event of a county's chain that does not hold, in words; None when the chain is whole."""
    number, before = 0, ""
    for event in AuditEvent.objects.filter(county_code=county_code).order_by("number").iterator():
        number += 1
        if event.number != number:
            return f"{county_code}: event {number} is missing"
        if event.before != before or digest(event) != event.hash:
            return f"{county_code}: event {number} ({event.verb}) was changed"
        before = event.hash
    head = AuditHead.objects.filter(county_code=county_code).first()
    if head and (head.number, head.hash) != (number, before):
        return f"{county_code}: the chain ends at event {number}, its head says {head.number}"
    return None


def trail(subject):
    """The events of one row, oldest first."""
    return AuditEvent.objects.filter(
        subject_kind=subject._meta.model_name, subject_id=str(subject.pk)
    ).select_related("by").order_by("number")
