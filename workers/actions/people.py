"""What is known of a person: put right, added to, shown in full, or taken out of the ledger."""

from django.db import transaction
from django.utils.translation import gettext as _

from laborreg import clock
from laborreg.refusals import Refusal
from officers import audit
from workers.actions import households, trail, transfers
from workers.actions.keeping import check_shape, claim, cleaned_reason, held, keep
from workers.actions.notices import note_consent
from workers.actions.person import facts_of, must_be_of_age, put_phone, save, write
from workers.actions.requests import overtake
from workers.models import Phone, Worker


@transaction.atomic
def edit_worker(worker, *, by, version, **changes) -> Worker:
    """Put right what is written of a person; a new ID number brings its sex and birth date along."""
    current = held(worker, by)
    before = facts_of(current)
    write(current, changes)
    changed = [name for name, value in facts_of(current).items() if value != before[name]]
    if not changed:
        return current
    _must_fit_the_ledger(current)
    claim(current, version)
    save(current, by)
    if "consent" in changed:
        note_consent(current, by)
    trail.record("edited worker", current, by=by, place=current.village_id, detail={"changed": changed})
    return current


@transaction.atomic
def add_phone(worker, *, by, number, whose="self") -> Phone:
    """A number to reach the worker under; the newest is tried first."""
    worker = held(worker, by)
    phone, is_new = put_phone(worker, number, whose)
    if phone is None:
        raise Refusal(_("Enter the phone number."))
    if is_new:
        check_shape(phone, ["number", "whose"])
        trail.record("added phone", worker, by=by, place=worker.village_id, detail={"whose": whose})
    return phone


@transaction.atomic
def void_worker(worker, *, by, reason) -> Worker:
    """Take out a person who should never have been in the ledger, with every transfer.

    The registration stays as it was entered: it counts only through a valid worker.
    """
    worker = held(worker, by)
    reason = cleaned_reason(reason)
    for transfer in worker.transfers.valid():
        transfers.void(transfer, by, reason)
    claim(worker, worker.version)
    worker.voided_at, worker.void_reason = clock.now(), reason
    keep(worker, by, ["void_reason"])
    overtake(worker, by)
    trail.record("voided worker", worker, by=by, place=worker.village_id, detail={"reason": reason})
    return worker


@transaction.atomic
def reveal(worker, *, by, what="id", reason, address="") -> str:
    """The ID number, or the newest phone, in full; who asked, from where and why, stays in the audit trail."""
    by.must("reveal numbers", at=worker.village_id)
    reason = cleaned_reason(reason)
    number = worker.id_number if what == "id" else getattr(worker.phones.first(), "number", "")
    if not number:
        raise Refusal(_("No such number is recorded of %(name)s.") % {"name": worker.name})
    detail = {"what": what, "reason": reason} | ({"address": address} if address else {})
    audit.record("revealed", worker, by=by, place=worker.village_id, detail=detail)
    return number


def _must_fit_the_ledger(worker):
    """A corrected birth date must leave room for what is recorded; a corrected sex must fit the relation.

    Who died or left before the household moved away is of it, but no longer of its village: nothing to fit into.
    """
    first = worker.transfers.valid().first()
    if not first:
        must_be_of_age(worker)
    elif worker.birth_date and first.started_on <= worker.birth_date:
        raise Refusal(_("%(name)s was out for work before that birth date.") % {"name": worker.name})
    if worker.household_id and worker.household.village_id == worker.village_id:
        households.must_fit(worker, worker.household, worker.relation)
