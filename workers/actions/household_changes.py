"""What happens to a household: it is put right, splits, joins another, gets another head.

On the days before a split or a merge everybody belongs to the household of then, and has its poverty flags. From the
day on a part that splits off has the flags of the whole, and who joins has those of the household that stays.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from laborreg.refusals import Refusal
from workers.actions import trail
from workers.actions.days import must_be_past
from workers.actions.households import FACTS, must_fit, must_not_be_needed, relieve
from workers.actions.keeping import claim, held, held_row, keep, only_known, put
from workers.actions.membership import belong
from workers.columns import clean_phone
from workers.models import Household, HouseholdStatus, Worker
from workers.refusals import AlreadyRecorded, plain_words

HEAD = "head"


@transaction.atomic
def edit_household(household, *, by, version, **changes) -> Household:
    """Put right number, group, address, phone and whether it was resettled."""
    current = _held(household, by)
    before = _facts_of(current)
    only_known(changes, FACTS)
    if "phone" in changes:
        with plain_words():
            changes["phone"] = clean_phone(changes["phone"])
    for name, value in changes.items():
        setattr(current, name, value)
    changed = [name for name, value in _facts_of(current).items() if value != before[name]]
    if not changed:
        return current
    claim(current, version)
    keep(current, by, FACTS)
    _tell("edited household", current, by, changed=changed)
    return current


@transaction.atomic
def split_household(household, *, by, version, on, relations) -> Household:
    """The members named in `relations` (worker number → relation to the new head) are a household of their own."""
    household = _held(household, by)
    claim(household, version)
    must_be_past(on)
    members = _members(household, by)
    going = [member for member in members if member.pk in relations]
    if not going:
        raise Refusal(_("Choose who goes."))
    if len(going) == len(members):
        raise Refusal(_("Somebody must stay in the household."))
    if head := next((member for member in going if member.relation == HEAD), None):
        must_not_be_needed(head)
    part = Household(county_id=household.county_id, village_id=household.village_id, group_name=household.group_name,
                     address=household.address, is_resettled=household.is_resettled)
    put(part, by)
    _copy_statuses(household, part)
    _settle_all(going, part, relations, by, since=on)
    _tell("split household", household, by, left=[part], household=part.pk, persons=len(going), on=on.isoformat())
    return part


@transaction.atomic
def merge_households(household, other, *, by, version, on, relations) -> Household:
    """Everybody of the other household joins this one; `relations` tells each one's relation to its head."""
    if household.pk == other.pk:
        raise Refusal(_("This is the same household."))
    household, other = _held_two(household, other, by)
    must_be_past(on)
    if household.village_id != other.village_id:
        raise Refusal(_("This household belongs to another village."))
    coming = _members(other, by)
    if not coming:
        raise AlreadyRecorded(_("Nobody belongs to this household now."), household)
    claim(household, version)
    claim(other, other.version)
    put(household, by)
    put(other, by)
    _settle_all(coming, household, relations, by, since=on)
    _tell("merged households", household, by, left=[other], household=other.pk, persons=len(coming), on=on.isoformat())
    return household


@transaction.atomic
def change_head(household, *, by, version, relations) -> Household:
    """Another head; `relations` tells everybody's relation to the new one."""
    household = _held(household, by)
    members = _members(household, by)
    if all(relations.get(member.pk) == member.relation for member in members):
        return household
    claim(household, version)
    put(household, by)
    _settle_all(members, household, relations, by)
    _tell("changed head", household, by)
    return household


@transaction.atomic
def end_status(status, *, by, to_on) -> HouseholdStatus:
    """A poverty flag holds until the day before; it is ended, never taken away."""
    household = _held(status.household, by)
    status = household.statuses.get(pk=status.pk)
    must_be_past(to_on)
    if status.to_on == to_on:
        raise AlreadyRecorded(_("This is already recorded."), status)
    if status.to_on:
        raise Refusal(_("This status ended on %(day)s.") % {"day": status.to_on.isoformat()})
    if status.from_on and to_on <= status.from_on:
        raise Refusal(_("A status ends after it starts."))
    status.to_on = to_on
    status.save()
    _tell("ended status", household, by, kind=status.kind, to_on=to_on.isoformat())
    return status


def _held(household, by) -> Household:
    household = held_row(household)
    by.must("enter records", at=household.village_id)
    return household


def _held_two(one, two, by) -> tuple[Household, Household]:
    """Both locked, always in the same order, so that two requests wait for each other in turn."""
    found = {row.pk: _held(row, by) for row in sorted([one, two], key=lambda row: row.pk)}
    return found[one.pk], found[two.pk]


def _members(household, by) -> list[Worker]:
    """Everybody of the household who is registered there, locked."""
    return [held(member, by) for member in household.members_here.order_by("pk")]


def _settle_all(members, household, relations, by, *, since=None):
    """Put them in with their new relations, the head first; judged only when everybody has the new one."""
    for member in members:
        relation = relations.get(member.pk, "")
        if not relation:
            raise Refusal(_("Choose the relation of %(name)s to the head.") % {"name": member.name})
        claim(member, member.version)
        belong(member, household, relation, since=since)
        keep(member, by, ["relation"])
    for member in members:
        must_fit(member, household, member.relation)
    relieve(household, {member.relation for member in members}, by)
    if not household.members_here.filter(relation=HEAD).exists():
        raise Refusal(_("Choose who is the head."))


def _copy_statuses(household, part):
    HouseholdStatus.objects.bulk_create(
        HouseholdStatus(household=part, kind=status.kind, from_on=status.from_on, to_on=status.to_on)
        for status in household.statuses.all()
    )


def _facts_of(household) -> dict:
    return {name: getattr(household, name) for name in FACTS}


def _tell(verb, household, by, /, *, left=(), **detail):
    trail.record(verb, household, by=by, place=household.village_id, detail=detail, left=left)
