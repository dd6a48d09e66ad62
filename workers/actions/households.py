"""Households: starting one, joining one, leaving one, and their poverty flags with dates."""

from django.db import transaction
from django.utils.translation import gettext as _

from laborreg.refusals import Refusal
from workers import codes
from workers.actions import trail
from workers.actions.days import must_be_past
from workers.actions.keeping import check_shape, claim, held, held_row, hold_household_of, keep, only_known, put
from workers.actions.membership import belong
from workers.models import Household, HouseholdStatus, Worker
from workers.refusals import AlreadyRecorded

FACTS = ["number", "group_name", "address", "phone", "is_resettled"]


@transaction.atomic
def start_household(*, by, village, head, since=None, **facts) -> Household:
    """A household of the village with this worker as its head; the worker leaves the household of before.

    Without a day the household was never another, as with `join_household`.
    """
    _must_have_begun(since)
    head = held(head, by)
    if head.village_id != getattr(village, "pk", village):
        raise Refusal(_("%(name)s is registered in another village.") % {"name": head.name})
    if head.relation == "head" and head.household_id:
        raise AlreadyRecorded(_("%(name)s is the head of a household already.") % {"name": head.name}, head.household)
    claim(head, head.version)
    left = Household(pk=head.household_id)
    settle(head, None, "head", by, is_new=True, since=since, **facts)
    keep(head, by, ["relation"])
    trail.record("started household", head.household, by=by, place=head.village_id, detail=told(since), left=[left])
    return head.household


@transaction.atomic
def join_household(worker, household, relation, *, by, since=None):
    """Make the worker a member of the household, in this relation to its head.

    With a day it is a change: until the day before the worker belonged to the household of before, or to none. Without
    one it is a correction: the household was never entered, or a wrong one was.
    """
    _must_have_begun(since)
    household = held_row(household)
    worker = held(worker, by)
    if (worker.household_id, worker.relation) == (household.pk, relation):
        return worker
    must_not_be_needed(worker)
    claim(worker, worker.version)
    left = Household(pk=worker.household_id)
    settle(worker, household, relation, by, since=since)
    keep(worker, by, ["relation"])
    detail = {"household": household.pk} | told(since)
    trail.record("joined household", worker, by=by, place=worker.village_id, detail=detail, left=[left])
    return worker


@transaction.atomic
def leave_household(worker, *, by, since=None) -> Worker:
    """The worker belongs to no household any more, or, without a day, never did; a head leaves only as the last one."""
    _must_have_begun(since)
    hold_household_of(worker)
    worker = held(worker, by)
    household = worker.household
    if household is None:
        raise AlreadyRecorded(_("%(name)s belongs to no household.") % {"name": worker.name}, worker)
    must_not_be_needed(worker)
    claim(worker, worker.version)
    belong(worker, None, since=since)
    keep(worker, by, [])
    detail = {"household": household.pk} | told(since)
    trail.record("left household", worker, by=by, place=worker.village_id, detail=detail, left=[household])
    return worker


@transaction.atomic
def set_status(household, *, by, kind, from_on, to_on=None) -> HouseholdStatus:
    """Put a poverty flag on a household from a day on; the same flag again with `to_on` ends it."""
    household = held_row(household)
    by.must("enter records", at=household.village_id)
    for day in filter(None, (from_on, to_on)):
        must_be_past(day)
    status = household.statuses.filter(kind=kind, from_on=from_on).first() or HouseholdStatus(
        household=household, kind=kind, from_on=from_on
    )
    if status.pk and status.to_on == to_on:
        return status
    status.to_on = to_on
    _must_not_clash(status)
    status.save()
    days = {"from_on": from_on and from_on.isoformat(), "to_on": to_on and to_on.isoformat()}
    trail.record("set status", household, by=by, place=household.village_id, detail={"kind": kind, **days})
    return status


def settle(worker, household, relation, by, *, is_new=False, since=None, **facts):
    """Put the worker, not saved yet, into a household or a new one. Without power, audit or version."""
    if is_new:
        household, relation = _founded(worker, by, facts), "head"
    if household:
        must_fit(worker, household, relation)
        relieve(household, [relation], by)
        belong(worker, household, relation, since=since)


def told(since) -> dict:
    """The day, where one was said, as the trail keeps it."""
    return {"on": since.isoformat()} if since else {}


def must_fit(worker, household, relation):
    """One head and one spouse of different sex; a daughter is a woman; everybody of one village."""
    if household.village_id != worker.village_id:
        raise Refusal(_("This household belongs to another village."))
    wrong_sex = {"male": codes.FEMALE_RELATIONS, "female": codes.MALE_RELATIONS}.get(worker.sex, set())
    if relation in wrong_sex:
        raise Refusal(_("The relation to the head does not fit the sex of %(name)s.") % {"name": worker.name})
    others = list(household.members_here.exclude(pk=worker.pk))
    _must_be_the_only_one(relation, others)
    _must_differ_from_spouse(worker, relation, others)


def must_not_be_needed(worker):
    """A household in which others are registered keeps its head."""
    if worker.relation == "head" and worker.household and worker.household.members_here.exclude(pk=worker.pk).exists():
        raise Refusal(_("%(name)s is the head of the household. Change the head first.") % {"name": worker.name})


def relieve(household, relations, by):
    """Who is no longer registered there gives up the place of head or spouse to who takes it."""
    places = household.members.valid().filter(relation__in={"head", "spouse"} & set(relations))
    for gone in places.exclude(pk__in=household.members_here.values("pk")):
        claim(gone, gone.version)
        gone.relation = ""
        put(gone, by)


def _must_have_begun(since):
    if since:
        must_be_past(since)


def _must_be_the_only_one(relation, others):
    words = {"name": next((other.name for other in others if other.relation == relation), "")}
    if relation == "head" and words["name"]:
        raise Refusal(_("This household has a head already: %(name)s.") % words)
    if relation == "spouse" and words["name"]:
        raise Refusal(_("The head of this household has a spouse already: %(name)s.") % words)


def _must_differ_from_spouse(worker, relation, others):
    other_half = {"head": "spouse", "spouse": "head"}.get(relation)
    for other in others:
        if other.relation == other_half and worker.sex and other.sex == worker.sex:
            raise Refusal(_("Head and spouse are recorded with the same sex. Check %(name)s.") % {"name": other.name})


def _founded(worker, by, facts) -> Household:
    only_known(facts, FACTS)
    household = Household(county_id=worker.county_id, village_id=worker.village_id)
    household.group_name = worker.group_name
    for name, value in facts.items():
        setattr(household, name, value)
    return keep(household, by, FACTS)


def _must_not_clash(status):
    """The monitored kinds exclude one another, and no flag stands twice on one day."""
    check_shape(status, ["kind"])
    if status.from_on and status.to_on and status.to_on <= status.from_on:
        raise Refusal(_("A status ends after it starts."))
    rivals = codes.MONITORED if status.kind in codes.MONITORED else {status.kind}
    for other in status.household.statuses.filter(kind__in=rivals).exclude(pk=status.pk):
        starts_before = other.to_on is None or status.from_on is None or status.from_on < other.to_on
        ends_after = status.to_on is None or other.from_on is None or other.from_on < status.to_on
        if starts_before and ends_after:
            raise Refusal(
                _("The household has this status or one that excludes it: %(status)s. End that first.")
                % {"status": other.get_kind_display()}
            )
