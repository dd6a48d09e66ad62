"""A move between villages that nobody is posted over both of: asked by one side, answered by the other.

Where one officer is posted over both villages, no question is needed: `move` in residence.py.
"""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from laborreg import clock
from laborreg.refusals import Refusal, Stale
from officers import audit
from officers.roles import NotYours
from villages import lineage
from villages.models import Village
from workers.actions import looking
from workers.actions.days import must_be_past, shown, stays_of
from workers.actions.households import must_not_be_needed
from workers.actions.keeping import (
    check_shape,
    cleaned_reason,
    cleaned_words,
    held,
    held_row,
    hold_household_of,
    must_be_in_the_ledger,
)
from workers.actions.person import cleaned_name, elsewhere, holder
from workers.actions.requests import close, tell
from workers.actions.residence import move_alone, move_together, open_stay
from workers.models import Household, MoveRequest, Worker
from workers.refusals import AlreadyRecorded

POWER = "enter records"


@transaction.atomic
def ask_to_let_go(worker, *, by, to_village, on, **said) -> MoveRequest:
    """The village of registration asks another to take the person in."""
    worker = held(worker, by)
    must_be_past(on)
    open_stay(worker, on, "")
    if not said.get("whole_household"):
        must_not_be_needed(worker)
    return _ask(worker, worker.name, by, "from", _village(to_village), on, **said)


def ask_to_take_in(*, by, **said) -> MoveRequest:
    """A village asks for a person who is registered elsewhere in the county, of whom it knows number and name.

    Takes to_village, id_number, name, on, reason and what else is said. It tells whether number and name belong together, so
    what did not is counted: outside the transaction, which the refusal undoes.
    """
    with looking.one_look(by):
        try:
            return _ask_to_take_in(by=by, **said)
        except DoNotFit as refusal:
            looking.looked_in_vain(by)
            told = refusal
    raise told


@transaction.atomic
def _ask_to_take_in(*, by, to_village, id_number, name, on, **said) -> MoveRequest:
    home = _village(to_village)
    by.must(POWER, at=home.pk)
    must_be_past(on)
    name = cleaned_name(name)
    return _ask(_registered_elsewhere(home, by, id_number, name), name, by, "to", home, on, **said)


@transaction.atomic
def confirm_move(request, *, by) -> MoveRequest:
    """The other side agrees: the person is moved in the same breath, with the household where that was asked."""
    lineage.hold([request.to_village_id])
    household, worker = _locked(request)
    request = _to_be_answered(request, by)
    _must_still_be_there(worker, request)
    _end(request, "confirmed", by)
    lineage.must_last(request.to_village_id)
    why = " ".join(filter(None, [request.reason, request.note]))
    if household:
        move_together(household, request.to_village, request.on, by, why)
    else:
        move_alone(worker, request.to_village, request.on, by, why)
    _record("confirmed move", request, by)
    tell(request, gettext_noop("The move of %(name)s is confirmed."), by)
    return request


@transaction.atomic
def refuse_move(request, *, by, reason) -> MoveRequest:
    """The other side does not agree, and says why; the person stays."""
    request, reason = _to_be_answered(request, by), cleaned_reason(reason)
    _end(request, "refused", by, reason)
    _record("refused move", request, by, reason=reason)
    tell(request, gettext_noop("The move of %(name)s is refused."), by)
    return request


@transaction.atomic
def withdraw_move(request, *, by) -> MoveRequest:
    """The side that asked takes the question back."""
    request = _now(request)
    if not may_withdraw(request, by):
        raise NotYours(POWER)
    _end(request, "withdrawn", by)
    _record("withdrew move", request, by)
    tell(request, gettext_noop("The move of %(name)s is no longer asked for."), by, only_other_side=True)
    return request


def may_answer(request, officer) -> bool:
    """Whether the officer is of the other side, or of the level above both; nobody answers their own question."""
    return officer.pk != request.asked_by_id and officer.may(POWER, at=request.other_village_id)


def may_withdraw(request, officer) -> bool:
    """Who asked, and their colleagues of the same side."""
    is_colleague = officer.may(POWER, at=request.asking_village) and not may_answer(request, officer)
    return (officer.pk == request.asked_by_id and officer.may(POWER)) or is_colleague


def _ask(worker, name, by, side, home, on, *, reason, note="", whole_household=False) -> MoveRequest:
    _must_be_a_move(worker, home, by)
    _not_asked_yet(worker, home, by)
    request = MoveRequest(
        county_id=worker.county_id, worker=worker, name=name, from_village_id=worker.village_id, to_village=home,
        on=on, whole_household=whole_household, reason=reason, note=cleaned_words(note), asked_side=side,
        asked_by=by, asked_at=clock.now(),
    )
    check_shape(request, ["name", "reason", "note"])
    request.save()
    _record("asked for move", request, by, on=on.isoformat())
    ask_out = gettext_noop("%(village)s asks you to take in %(name)s, who moves to your village.")
    ask_in = gettext_noop("%(village)s asks you to let %(name)s go, who moved there.")
    tell(request, ask_out if side == "from" else ask_in, by, only_other_side=True)
    return request


class DoNotFit(Refusal):
    """Number and name belong together nowhere in the county."""


def _registered_elsewhere(home, by, id_number, name) -> Worker:
    """The person, locked; nothing of whom is told but whether number and name belong together."""
    found = holder(home.county_code, id_number) if id_number else None
    if found is None:
        raise DoNotFit(_("The county has nobody with this ID number. Register the person as new."))
    if by.is_posted_over(found.village_id):
        raise elsewhere(found, by)
    if found.name != name:
        raise DoNotFit(_("This ID number is registered under another name. Check both."))
    found = held_row(found)
    must_be_in_the_ledger(found)
    if stays_of(found)[-1].to_on:
        raise Refusal(_("This person is no longer registered in the county."))
    return found


def _must_be_a_move(worker, home, by):
    if worker.village_id == home.pk:
        raise Refusal(_("%(name)s is registered in this village already.") % {"name": worker.name})
    if worker.county_id != home.county_code:
        raise Refusal(_("Only a move inside the county is asked for here."))
    if by.may(POWER, at=worker.village_id) and by.may(POWER, at=home.pk):
        raise Refusal(_("Both villages are yours: record the move at once."))


def _not_asked_yet(worker, home, by):
    """One open question about a person; the same again is a second click. The worker is locked."""
    waiting = MoveRequest.objects.open().filter(worker=worker).first()
    if waiting and (waiting.asked_by_id, waiting.to_village_id) == (by.pk, home.pk):
        raise AlreadyRecorded(_("This move is asked for already."), waiting)
    if waiting:
        raise Refusal(_("A move of this person is asked for already and waits for an answer."))


def _locked(request) -> tuple[Household | None, Worker]:
    """The household where it moves, and the worker, in the order in which every action locks them."""
    if not request.whole_household:
        hold_household_of(request.worker)
        return None, held_row(request.worker)
    number = Worker.objects.get(pk=request.worker_id).household_id
    household = held_row(Household(pk=number)) if number else None
    worker = held_row(request.worker)
    if household and worker.household_id != household.pk:
        raise Stale(request)
    return household, worker


def _now(request) -> MoveRequest:
    rows = MoveRequest.objects.select_related("from_village", "to_village", "asked_by", "answered_by")
    return rows.get(pk=request.pk)


def _to_be_answered(request, by) -> MoveRequest:
    request = _now(request)
    if request.asked_by_id == by.pk:
        raise Refusal(_("You asked for this move; the other village answers."))
    by.must(POWER, at=request.other_village_id)
    return request


def _must_still_be_there(worker, request):
    must_be_in_the_ledger(worker)
    if request.is_open and worker.village_id != request.from_village_id:
        raise Refusal(_("%(name)s is no longer registered there.") % {"name": request.name})


def _end(request, state, by, answer=""):
    """Of two who answer at once, the second is told what the first did."""
    if close(request, state, by, answer):
        return
    ended = _now(request)
    words = {"who": ended.answered_by.name, "day": shown(timezone.localdate(ended.answered_at))}
    if (ended.state, ended.answered_by_id) == (state, by.pk):
        raise AlreadyRecorded(_("You did this already."), ended)
    raise Refusal({
        "confirmed": _("%(who)s confirmed this move already, on %(day)s."),
        "refused": _("%(who)s refused this move already, on %(day)s."),
        "withdrawn": _("%(who)s withdrew this request already, on %(day)s."),
        "overtaken": _("This move is no longer possible: the person died, left the county or was moved."),
    }[ended.state] % words)


def _village(to_village) -> Village:
    code = getattr(to_village, "pk", to_village)
    found = Village.objects.filter(pk=code).first()
    if not found:
        raise Refusal(_("There is no village %(code)s.") % {"code": code})
    return found


def _record(verb, request, by, **detail):
    """The event belongs to where the officer acts from: each side finds it in the county's trail."""
    villages = {"from": request.from_village_id, "to": request.to_village_id}
    audit.record(verb, request, by=by, place=request.from_village_id, detail=villages | detail)
