"""Asking those who are away, and those who came home: what came of it, and what the ledger changed with it."""

from django.db import transaction
from django.utils.translation import gettext as _

from laborreg import clock
from laborreg.refusals import Refusal
from officers import audit
from villages.models import County
from workers import codes, standing, visits
from workers.actions.keeping import check_shape, held
from workers.actions.transfers import change_job, correct_transfer, record_homecoming
from workers.models import Phone, Transfer, Verification
from workers.refusals import AlreadyRecorded

SHAPED = ["how", "answered_by", "outcome", "next_call_on"]


@transaction.atomic
def record_visit(worker, *, by, outcome, how="phone", answered_by="self", newest=None) -> Verification:
    """Nothing changed, or nobody was reached. `newest`: the person's last entry that the officer saw."""
    worker = held(worker, by)
    if outcome not in codes.QUICK:
        raise Refusal(_("Choose what came of it."))
    _must_be_the_newest(worker, by, outcome, newest)
    state = standing.standings([worker.pk], clock.today())[worker.pk]
    if state.state == standing.GONE or (outcome == "no_change" and not state.is_working):
        raise Refusal(_("%(name)s is not out for work. Open the person's page.") % {"name": worker.name})
    return _keep(worker, by, outcome, how=how, answered_by=answered_by)


@transaction.atomic
def visit_new_place(worker, *, by, how="phone", answered_by="self", **facts) -> Transfer:
    """A change of job that came out when the worker was asked; both are recorded, or neither."""
    transfer = change_job(worker, by=by, **facts)
    _keep(transfer.worker, by, "new_place", how=how, answered_by=answered_by)
    return transfer


@transaction.atomic
def visit_came_home(worker, *, by, how="phone", answered_by="self", **facts) -> Transfer:
    """A homecoming that came out when the worker was asked; both are recorded, or neither."""
    transfer = record_homecoming(worker, by=by, **facts)
    _keep(transfer.worker, by, "came_home", how=how, answered_by=answered_by)
    return transfer


@transaction.atomic
def record_follow_up(
    worker, *, by, plan="", needs=(), next_call_on=None, how="phone", answered_by="self", newest=None
) -> Verification:
    """What somebody who came home does now, which the ledger counts, what is needed, and when to call again."""
    worker = held(worker, by)
    _must_be_the_newest(worker, by, "at_home", newest)
    if next_call_on and next_call_on <= clock.today():
        raise Refusal(_("Choose a day after today for the next call."))
    homecoming = _homecoming_of(worker)
    if plan and plan != homecoming.plan:
        correct_transfer(homecoming, by=by, version=homecoming.version, plan=plan)
    needs = [code for code, _label in codes.NEEDS if code in needs]
    return _keep(worker, by, "at_home", how=how, answered_by=answered_by, needs=needs, next_call_on=next_call_on)


@transaction.atomic
def take_back_visit(visit, *, by) -> Verification:
    """The officer's own last entry on a person, tapped by mistake; it no longer counts."""
    worker = held(visit.worker, by)
    visit = Verification.objects.get(pk=visit.pk)
    if visit.voided_at:
        raise AlreadyRecorded(_("This entry was taken back already."), visit)
    if visit.outcome not in codes.QUICK:
        raise Refusal(_("The ledger was changed with this entry. Correct it on the person's page."))
    if visit.by_id != by.pk or visits.newest_of(worker) != visit:
        raise Refusal(_("Only your own last entry on a person can be taken back."))
    visit.voided_at = clock.now()
    visit.save(update_fields=["voided_at"])
    audit.record("took back visit", visit, by=by, place=worker.village_id, detail={"outcome": visit.outcome})
    return visit


@transaction.atomic
def call(worker, *, by, phone, address="") -> Phone:
    """One of the worker's numbers in full, to be dialed; kept in the audit trail as every number that is shown."""
    by.must("reveal numbers", at=worker.village_id)
    found = worker.phones.filter(pk=phone).first()
    if found is None:
        raise Refusal(_("No such number is recorded of %(name)s.") % {"name": worker.name})
    detail = {"what": "phone", "reason": _("To call the worker")} | ({"address": address} if address else {})
    audit.record("revealed", worker, by=by, place=worker.village_id, detail=detail)
    return found


def _must_be_the_newest(worker, by, outcome, newest):
    """A second click finds what the first one left; what somebody else recorded meanwhile is read first."""
    found = visits.newest_of(worker)
    if found is None or found.pk == newest:
        return
    words = {"name": worker.name, "outcome": found.get_outcome_display(), "day": found.on}
    told = _("%(name)s was asked meanwhile: %(outcome)s, %(day)s. Look again.") % words
    if found.by_id == by.pk and found.outcome == outcome and found.on == clock.today():
        raise AlreadyRecorded(told, found)
    raise Refusal(told)


def _homecoming_of(worker) -> Transfer:
    """The transfer from which the worker came home lately."""
    days = visits.home_days(County.objects.get(pk=worker.county_id), clock.today())
    rows = standing.homecomings(Transfer.objects.filter(worker=worker), clock.today(), days)
    if found := rows.select_related("worker").first():
        return found
    raise Refusal(_("%(name)s did not come home lately, or is out for work again.") % {"name": worker.name})


def _keep(worker, by, outcome, **facts) -> Verification:
    visit = Verification(worker=worker, on=clock.today(), by=by, outcome=outcome, **facts)
    check_shape(visit, SHAPED)
    visit.save()
    detail = {"outcome": outcome, "how": visit.how} | ({"needs": visit.needs} if visit.needs else {})
    audit.record("visited", visit, by=by, place=worker.village_id, detail=detail)
    return visit
