"""The audit trail: append-only, hash-chained per county. Call `record` last in the action's transaction."""

import hmac
import json
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from hashlib import sha256

from django.db import transaction
from django.db.models import Max

from laborreg import bulk, clock, crypto
from officers.models import AuditEvent, AuditHead

# In the place of words that were searched for: somebody's number or name, and the trail keeps everything for ever.
HIDDEN = "****"
# The chain of what belongs to no county.
NOWHERE = "000000"
# Where the request at hand comes from; the gate sets it (officers/pages.py).
address: ContextVar[str] = ContextVar("address", default="")
TOLD_EVERY = 100_000


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
        head = AuditHead.objects.select_for_update(no_key=True).get(county_code=county)
        events = [_link(head, *entry) for entry in entries]
        _insert(events)
        head.seal = seal_of(head)
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
        address=address.get(),
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
    # Events from before addresses were kept say nothing of one, and their hashes stay.
    said += [event.address] if event.address else []
    return sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def seal_of(head: AuditHead) -> str:
    return crypto.index(f"{head.county_code}:{head.number}:{head.hash}", purpose="audit head")


def first_fault(county_code: str, tell: Callable[[int], None] = lambda number: None) -> str | None:
    """The first event of a county's chain that does not hold, in words; None when the chain is whole.

    Each event is read once, in order, as far as the head stood when the walk began: what the office does meanwhile is
    no fault. `tell` hears now and then how many hold so far.
    """
    head = AuditHead.objects.filter(county_code=county_code).first()
    events = AuditEvent.objects.filter(county_code=county_code).order_by("number")
    number, before = 0, ""
    for event in (events.filter(number__lte=head.number) if head else events).iterator():
        number += 1
        if event.number != number:
            return f"{county_code}: event {number} is missing"
        if event.before != before or digest(event) != event.hash:
            return f"{county_code}: event {number} ({event.verb}) was changed"
        before = event.hash
        if number % TOLD_EVERY == 0:
            tell(number)
    if head is None:
        return f"{county_code}: the head of the chain is missing after event {number}"
    return _fault_of_head(head, number, before) or _fault_behind_head(county_code)


def _fault_of_head(head, number, last_hash):
    if head.number > number:
        return f"{head.county_code}: event {number + 1} is missing, the chain should end at {head.number}"
    if not hmac.compare_digest(head.seal, seal_of(head)):
        return f"{head.county_code}: the head of the chain was changed at event {number}"
    if head.hash != last_hash:
        return f"{head.county_code}: event {number} is not the one that the head of the chain seals"
    return None


def _fault_behind_head(county_code):
    """The events are asked before the head: whatever was written properly by then, the head has passed."""
    events = AuditEvent.objects.filter(county_code=county_code)
    last = events.aggregate(n=Max("number"))["n"] or 0
    passed = AuditHead.objects.filter(county_code=county_code).aggregate(n=Max("number"))["n"] or 0
    behind = events.filter(number__gt=passed, number__lte=last).order_by("number").first()
    return behind and f"{county_code}: event {behind.number} stands behind the head of the chain"


def heads() -> list[dict]:
    """The head of every chain, to be kept elsewhere: {county, number, hash, seal, at}; `at` the moment of its event."""
    return [_told(head) for head in AuditHead.objects.order_by("county_code")]


def _told(head) -> dict:
    last = AuditEvent.objects.filter(county_code=head.county_code, number=head.number).first()
    return {
        "county": head.county_code, "number": head.number, "hash": head.hash, "seal": head.seal,
        "at": last.at.isoformat() if last else "",
    }


def faults_against(saved: Iterable[dict]) -> list[str]:
    """What of the trail does not continue heads that were kept elsewhere; a cut that took the head along is found here."""
    return [fault for head in saved if (fault := _fault_against(**head))]


def _fault_against(county, number, hash, seal, at="") -> str | None:
    said = AuditHead(county_code=county, number=number, hash=hash)
    if not hmac.compare_digest(seal_of(said), seal):
        return f"{county}: the head that was kept is not one of this registry, or was changed"
    if number == 0:
        return None
    event = AuditEvent.objects.filter(county_code=county, number=number).first()
    if event is None:
        last = AuditEvent.objects.filter(county_code=county, number__lt=number).order_by("-number").first()
        return f"{county}: event {last.number + 1 if last else 1} is missing; the kept head of {at} stands at {number}"
    if event.hash != hash:
        return f"{county}: event {number} ({event.verb}), or one before it, is not what it was at {at}"
    return None


@transaction.atomic
def record_everywhere(verb: str, detail: dict):
    """What the keeper of the server did, in the chain of each county: those of no county have no reader."""
    for county in [county for county in counties() if county != NOWHERE] or [NOWHERE]:
        record(verb, by=None, place=county, detail=detail)


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
