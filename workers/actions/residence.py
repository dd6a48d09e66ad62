"""Where people are registered changes: death, leaving the county, a move between its villages."""

from django.db import transaction
from django.utils.translation import gettext as _

from laborreg.refusals import Refusal
from villages import lineage
from villages.models import Village
from workers.actions import trail
from workers.actions.days import must_be_past, shown, stays_of
from workers.actions.households import must_not_be_needed
from workers.actions.keeping import claim, cleaned_reason, cleaned_words, held, held_row, hold_household_of, keep, put
from workers.actions.membership import belong
from workers.actions.requests import overtake
from workers.models import Household, Registration, Worker
from workers.refusals import AlreadyRecorded


@transaction.atomic
def record_death(worker, *, by, on) -> Worker:
    """Not registered from the day of death on. A transfer that is open stays so: the dead do not come home."""
    return _leave(worker, by, on, how="died", verb="died")


@transaction.atomic
def record_leaving_county(worker, *, by, on) -> Worker:
    """Not registered from the day on which the registration went to another county; no homecoming."""
    return _leave(worker, by, on, how="left_county", verb="left county")


@transaction.atomic
def take_back_leaving(worker, *, by, reason) -> Worker:
    """A death or leaving that was recorded by mistake: the person has been registered all along."""
    worker = held(worker, by)
    reason = cleaned_reason(reason)
    stay = stays_of(worker)[-1]
    if stay.left_how not in ("died", "left_county"):
        raise Refusal(_("%(name)s is registered; there is nothing to take back.") % {"name": worker.name})
    _end(stay, None, "", by)
    _follow(stay, by)
    trail.record("took back leaving", worker, by=by, place=worker.village_id, detail={"reason": reason})
    return worker


@transaction.atomic
def move(worker, *, by, to_village, on, reason="") -> Worker:
    """From a day on the worker is one of another village of the county; by somebody posted over both."""
    home = _target(to_village, by)
    hold_household_of(worker)
    return move_alone(held(worker, by), home, on, by, cleaned_words(reason))


@transaction.atomic
def move_household(household, *, by, to_village, on, reason="") -> Household:
    """The household moves with every member who is registered in the county."""
    home, household = _target(to_village, by), held_row(household)
    by.must("enter records", at=household.village_id)
    return move_together(household, home, on, by, cleaned_words(reason))


def move_alone(worker, home, on, by, reason) -> Worker:
    """Move a locked worker out of the locked household, which keeps its head, into a village that was held before both.

    Without power: the action asks for it.
    """
    must_not_be_needed(worker)
    left = worker.village_id
    _move(worker, home, on, by)
    household = Household(pk=worker.household_id)
    belong(worker, None, since=on)
    keep(worker, by, [])
    detail = _told(left, home, on, reason)
    trail.record("moved", worker, by=by, place=home.pk, detail=detail, left=[household])
    return worker


def move_together(household, home, on, by, reason) -> Household:
    """Move a locked household with its members, as `move_alone` does."""
    left = household.village_id
    claim(household, household.version)
    household.village = home
    keep(household, by, [])
    for member in household.members.valid().order_by("pk"):
        member = held_row(member)
        if stays_of(member)[-1].to_on is None:
            _move(member, home, on, by)
            keep(member, by, [])
    trail.record("moved", household, by=by, place=home.pk, detail=_told(left, home, on, reason))
    return household


def _leave(worker, by, on, *, how, verb) -> Worker:
    worker = held(worker, by)
    must_be_past(on)
    _before_the_new_code(worker, on, by)
    stay = open_stay(worker, on, how)
    _must_come_last(worker, on)
    _end(stay, on, how, by)
    overtake(worker, by)
    trail.record(verb, worker, by=by, place=worker.village_id, detail={"on": on.isoformat()})
    return worker


def _move(worker, home, on, by):
    must_be_past(on)
    _before_the_new_code(worker, on, by)
    stay = open_stay(worker, on, "moved")
    if stay.village_id == home.pk:
        raise AlreadyRecorded(_("%(name)s is registered in this village already.") % {"name": worker.name}, worker)
    _end(stay, on, "moved", by)
    put(Registration(county_id=worker.county_id, worker=worker, village=home, from_on=on, how="moved"), by)
    claim(worker, worker.version)
    worker.village = home
    worker.transfers.update(village=home)
    overtake(worker, by)


def _target(to_village, by) -> Village:
    code = getattr(to_village, "pk", to_village)
    by.must("enter records", at=code)
    lineage.must_last(code)
    return Village.objects.get(pk=code)


def open_stay(worker, on, how) -> Registration:
    """The registration that a leaving on this day would end."""
    stay = stays_of(worker)[-1]
    words = {"name": worker.name, "day": shown(stay.to_on or stay.from_on) if stay.to_on or stay.from_on else ""}
    if stay.to_on == on and stay.left_how == how:
        raise AlreadyRecorded(_("This is already recorded of %(name)s.") % words, worker)
    if stay.to_on:
        raise Refusal(_("%(name)s is not registered in the county any more, since %(day)s.") % words)
    if stay.from_on and on <= stay.from_on:
        raise Refusal(_("%(name)s was registered in the village only on %(day)s. Give a later day.") % words)
    return stay


def _before_the_new_code(worker, on, by):
    """What happened before the village got a new code ends the registration under the old one; none follows it."""
    stays = stays_of(worker)
    while len(stays) > 1 and stays[-1].how == "recoded" and stays[-1].to_on is None and stays[-1].from_on >= on:
        never = stays.pop()
        never._history_user = by
        never.delete()
        _end(stays[-1], None, "", by)


def _follow(stay, by):
    """Who is registered after all goes along with what the village became meanwhile."""
    while gone := lineage.successor_of(stay.village_id):
        _end(stay, gone.from_on, "recoded", by)
        stay = put(Registration(
            county_id=stay.county_id, worker_id=stay.worker_id, village=gone.new, from_on=gone.from_on, how="recoded",
        ), by)


def _must_come_last(worker, on):
    """Nobody leaves home or comes home after death or after leaving the county."""
    for transfer in worker.transfers.valid():
        words = {"name": worker.name}
        if transfer.started_on >= on:
            words["day"] = shown(transfer.started_on)
            raise Refusal(_("%(name)s left home on %(day)s. Correct that first, or give a later day.") % words)
        if transfer.ended_on and transfer.ended_on > on:
            words["day"] = shown(transfer.ended_on)
            raise Refusal(_("%(name)s came home on %(day)s. Correct that first, or give a later day.") % words)


def _end(stay, on, how, by):
    stay.to_on, stay.left_how = on, how
    put(stay, by)


def _told(left, home, on, reason) -> dict:
    return {"from": left, "to": home.pk, "on": on.isoformat(), "reason": reason}
