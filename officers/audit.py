"""The audit trail: append-only, hash-chained per county. Call `record` last in the action's transaction."""

import hmac
import json
from hashlib import sha256

from django.db import transaction

from laborreg import bulk, clock, crypto
from officers.models import AuditEvent, AuditHead

# The chain of what belongs to no county.
NOWHERE = "000000"


def record(verb: str, subject=None, *, by, place: str = "", detail: dict | None = None) -> AuditEvent:
    """Append one event; `place` is the code of where it happened and names the county's chain."""
    return record_many([(verb, subject, place, detail, by)])[0]


def record_file(verb: str, content: bytes, subject=None, *, by, place: str, detail: dict | None = None) -> AuditEvent:
    """A file that leaves the office: with what is told of it, its size and its SHA-256."""
    of_file = {"bytes": len(content), "hash": sha256(content).hexdigest()}
    return record(verb, subject, by=by, place=place, detail=(detail or {}) | of_file)


def record_many(entries) -> list[AuditEvent]:
    """Append events of one county in one go; entries are (verb, subject, place code, detail, by)."""
    _verb, _subject, place, _detail, by = entries[0]
    county = place[:6] or (by.county_code if by else "") or NOWHERE
    with transaction.atomic():
        AuditHead.objects.get_or_create(county_code=county)
        head = AuditHead.objects.select_for_update().get(county_code=county)
        events = [_link(head, *entry) for entry in entries]
        _insert(events)
        head.seal = seal(head)
        head.save()
    return events


def _insert(events):
    """A county locks hundreds of returns at once, an event each."""
    fields = [field for field in AuditEvent._meta.concrete_fields if not field.primary_key]
    rows = [[getattr(event, field.attname) for field in fields] for event in events]
    bulk.insert(AuditEvent, [field.name for field in fields], rows)


def _link(head, verb, subject, place, detail, by) -> AuditEvent:
    event = AuditEvent(
        county_code=head.county_code, number=head.number + 1, at=clock.now(), by=by, verb=verb,
        place_code=place or "", subject_kind=subject._meta.model_name if subject is not None else "",
        subject_id=str(subject.pk) if subject is not None else "", detail=detail or {}, before=head.hash,
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


def seal(head: AuditHead) -> str:
    return crypto.index(f"{head.county_code}:{head.number}:{head.hash}", purpose="audit head")


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
    return _fault_of_head(county_code, number, before)


def _fault_of_head(county_code, number, last_hash):
    head = AuditHead.objects.filter(county_code=county_code).first()
    if head is None:
        return f"{county_code}: the head of the chain is missing after event {number}"
    if head.number > number:
        return f"{county_code}: event {number + 1} is missing, the chain should end at {head.number}"
    if (head.number, head.hash) != (number, last_hash):
        return f"{county_code}: event {head.number + 1} stands behind the head of the chain"
    if not hmac.compare_digest(head.seal, seal(head)):
        return f"{county_code}: the head of the chain was changed at event {number}"
    return None


def cut_since(county_code: str, number: int, last_hash: str) -> str | None:
    """Whether the event that once ended a chain, as a backup wrote it down, is still there; the fault in words, else None."""
    found = AuditEvent.objects.filter(county_code=county_code, number=number).values_list("hash", flat=True).first()
    if found is None and number:
        return f"{county_code}: event {number} of the backup is missing, the chain was cut"
    if found != last_hash and number:
        return f"{county_code}: event {number} is not the one of the backup, the chain was written anew"
    return None


def counties() -> list[str]:
    """Every county that has a chain, or what is left of one."""
    heads = AuditHead.objects.values_list("county_code", flat=True)
    events = AuditEvent.objects.order_by().values_list("county_code", flat=True).distinct()
    return sorted({*heads, *events})


def trail(subject):
    """The events of one row, oldest first."""
    return AuditEvent.objects.filter(
        subject_kind=subject._meta.model_name, subject_id=str(subject.pk)
    ).select_related("by").order_by("number")
