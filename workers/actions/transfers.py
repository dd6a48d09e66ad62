"""Leaving home, coming home, changing the job; correcting and voiding what was recorded of it."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from laborreg import clock
from laborreg.refusals import Refusal
from workers import columns
from workers.actions import trail
from workers.actions.checks import check, in_the_way, overlap, room_in_the_group, takes_on
from workers.actions.days import shown, stay_on, stays_of
from workers.actions.keeping import check_shape, claim, cleaned_reason, held, held_row, keep, only_known
from workers.models import Transfer
from workers.refusals import AlreadyRecorded, plain_words

# The place that stands for the township of registration on the first day.
OWN_TOWNSHIP = "township"

PLAIN_FACTS = [
    "month_only", "channel", "agency", "form", "employer", "industry", "job", "pay", "pay_band", "contract",
    "contract_until", "insurance", "planned_home", "source", "reason", "plan", "note",
]
BEARERS = ["broker", "point"]
NO_BEARER = {"broker": None, "point": None, "agency": ""}
DAYS = ["started_on", "ended_on"]
SHAPED = [*DAYS, "destination", *PLAIN_FACTS]
FACTS = [*SHAPED, *BEARERS, "group"]


@transaction.atomic
def record_departure(worker, *, by, started_on, destination, **facts) -> Transfer:
    """From `started_on` the ledger counts the worker at that place, until `ended_on` where that is said."""
    transfer = begin(held(worker, by), by, {"started_on": started_on, "destination": destination, **facts})
    tell("left home", transfer, by)
    return transfer


@transaction.atomic
def record_homecoming(worker, *, by, ended_on, reason="", plan="", source="") -> Transfer:
    """End the open transfer: `ended_on` is the first day on which the worker no longer works there."""
    worker = held(worker, by)
    transfer = _open_of(worker, ended_on)
    facts = {"ended_on": ended_on, "reason": reason, "plan": plan} | ({"source": source} if source else {})
    transfer = _change(transfer, transfer.version, by, facts)
    tell("came home", transfer, by)
    return transfer


@transaction.atomic
def change_job(worker, *, by, on, destination, **facts) -> Transfer:
    """End the open transfer on a day and start the next on the same day; nobody comes home by it."""
    worker = held(worker, by)
    before = _open_of(worker, on)
    if before.started_on == on and before.destination == _place(destination, before, stays_of(worker)):
        raise AlreadyRecorded(_("This change of job is already recorded."), before)
    if _is_the_same_job(before, _place(destination, before, stays_of(worker)), facts):
        raise Refusal(_("Nothing is different from the job so far. Change what is new, or go back."))
    _change(before, before.version, by, {"ended_on": on})
    transfer = begin(worker, by, {"started_on": on, "destination": destination, **facts})
    tell("changed job", transfer, by)
    return transfer


def _is_the_same_job(before, destination, facts) -> bool:
    """Whether what is said of the new job only repeats the old one."""
    return before.destination == destination and all(
        getattr(before, name) == value for name, value in facts.items() if name not in ("source", "note")
    )


@transaction.atomic
def correct_transfer(transfer, *, by, version, **changes) -> Transfer:
    """Put right what was recorded; without an `ended_on` the transfer is open again."""
    held(transfer.worker, by)
    current = _valid(transfer)
    before = _facts_of(current)
    corrected = _change(current, version, by, changes)
    if changed := [name for name, value in _facts_of(corrected).items() if value != before[name]]:
        tell("corrected transfer", corrected, by, changed=changed)
    return corrected


@transaction.atomic
def void_transfer(transfer, *, by, reason) -> Transfer:
    """Take out a transfer that never was. What it linked to stays; a job before it is not opened again."""
    held(transfer.worker, by)
    current = void(_valid(transfer), by, cleaned_reason(reason))
    tell("voided transfer", current, by, reason=current.void_reason)
    return current


def void(transfer, by, reason) -> Transfer:
    """Without power, check or audit: for the actions that do those."""
    claim(transfer, transfer.version)
    transfer.voided_at, transfer.void_reason = clock.now(), reason
    return keep(transfer, by, ["void_reason"])


def begin(worker, by, facts) -> Transfer:
    """A new transfer of a held worker, checked and kept; without power or audit."""
    transfer = Transfer(
        county_id=worker.county_id, worker=worker, village_id=worker.village_id, created_at=clock.now(), created_by=by
    )
    stays = stays_of(worker)
    _apply(transfer, facts, stays)
    return _keep(transfer, stays, by)


def _change(transfer, version, by, changes) -> Transfer:
    """Apply and keep under the next version; where nothing differs, nothing is written."""
    stays, before = stays_of(transfer.worker), _facts_of(transfer)
    _apply(transfer, changes, stays)
    if _facts_of(transfer) == before:
        return transfer
    claim(transfer, version)
    return _keep(transfer, stays, by)


def _apply(transfer, facts, stays):
    only_known(facts, FACTS)
    facts = _settled(dict(facts))
    if (broker := facts.get("broker")) and broker.pk != transfer.broker_id:
        takes_on(broker)
    for name in [*DAYS, *PLAIN_FACTS, *BEARERS]:
        if name in facts:
            setattr(transfer, name, facts[name])
    check_shape(transfer, [*DAYS, *PLAIN_FACTS])
    if "destination" in facts:
        transfer.destination = _place(facts["destination"], transfer, stays)
    if "group" in facts:
        _link(transfer, facts["group"])


def _link(transfer, group):
    """Name one person of an unnamed group, which then counts one less; None takes the name back."""
    if group and group.pk != transfer.group_id:
        group = held_row(group)
        room_in_the_group(transfer, group)
    transfer.group = group


def _settled(facts) -> dict:
    """What follows from the facts given: channel and bearer from each other, the band from the pay."""
    bearers = [name for name in NO_BEARER if facts.get(name)]
    if bearers and not facts.get("channel"):
        facts["channel"] = bearers[0]
    if "channel" in facts:
        facts = {name: none for name, none in NO_BEARER.items() if name != facts["channel"]} | facts
    if facts.get("pay") is not None:
        facts["pay_band"] = columns.band_of(facts["pay"])
    if "ended_on" in facts and facts["ended_on"] is None:
        facts = {"reason": "", "plan": ""} | facts
    return facts


def _place(destination, transfer, stays) -> str:
    if destination == OWN_TOWNSHIP:
        stay = stay_on(stays, transfer.started_on) or stays[-1]
        return stay.village_id[:9]
    with plain_words():
        return columns.clean_destination(destination, county=transfer.county_id)


def _keep(transfer, stays, by) -> Transfer:
    check(transfer, stays)
    try:
        with transaction.atomic():
            return keep(transfer, by, SHAPED)
    except IntegrityError as wrong:
        # Two requests at once: both passed the check, the database let one through.
        if "no_overlap" in str(wrong) and (other := in_the_way(transfer)):
            raise overlap(transfer, other) from wrong
        raise


def _open_of(worker, day) -> Transfer:
    """The transfer that is not over; where there is none, a refusal that knows a second click from a mistake."""
    transfers = Transfer.objects.valid().filter(worker=worker).select_related("worker")
    if found := transfers.filter(ended_on__isnull=True).first():
        return found
    last = transfers.last()
    words = {"name": worker.name, "day": shown(last.ended_on) if last else ""}
    if last and last.ended_on == day:
        raise AlreadyRecorded(_("Already recorded: %(name)s came home on %(day)s.") % words, last)
    if last:
        raise Refusal(_("%(name)s is not out for work: the last homecoming was on %(day)s.") % words)
    raise Refusal(_("%(name)s is not out for work: no departure is recorded.") % words)


def _valid(transfer) -> Transfer:
    current = Transfer.objects.select_related("worker", "broker", "point").get(pk=transfer.pk)
    if current.voided_at:
        raise AlreadyRecorded(_("This transfer was voided: %(reason)s") % {"reason": current.void_reason}, current)
    return current


def _facts_of(transfer) -> dict:
    return {name: getattr(transfer, transfer._meta.get_field(name).attname) for name in FACTS}


def tell(verb, transfer, by, **detail):
    """The audit event of a transfer."""
    days = {name: day.isoformat() for name in DAYS if (day := getattr(transfer, name))}
    place = {"destination": transfer.destination}
    trail.record(verb, transfer, by=by, place=transfer.village_id, detail={**days, **place, **detail})
