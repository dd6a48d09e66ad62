"""Putting a person into the ledger of a village: new, from another county, or together with a departure."""

from django.db import transaction
from django.utils.translation import gettext as _

from laborreg import clock
from laborreg.refusals import Refusal
from officers import audit
from villages import lineage
from villages.models import Village
from workers.actions import households, looking, trail, transfers
from workers.actions.days import must_be_past, shown, stays_of
from workers.actions.keeping import claim, held, held_row, just_now, one_at_a_time, put
from workers.actions.membership import belong
from workers.actions.notices import note_consent
from workers.actions.person import cleaned_name, elsewhere, holder, must_be_of_age, put_phone, save, write
from workers.models import Registration, Transfer, Worker
from workers.refusals import AlreadyRecorded, Elsewhere


def register(*, by, village, name, **person) -> Worker:
    """Put a person into the ledger, as one of the village, and of the household, since ever, or since `moved_in_on`.

    A refusal for whatever else tells that the ID number is new. So that is counted: outside the transaction, which it undoes.
    """
    try:
        return _register(by=by, village=village, name=name, **person)
    except Refusal:
        if _is_new(getattr(village, "pk", village), person.get("id_number")):
            looking.looked_in_vain(by)
        raise


@transaction.atomic
def _register(*, by, village, name, **person) -> Worker:
    worker = _enroll(by=by, village=village, name=name, **person)
    trail.record("registered", worker, by=by, place=worker.village_id)
    return worker


def _is_new(village, id_number) -> bool:
    """Whether it is an ID number, and nobody's of the county."""
    try:
        return bool(id_number) and holder(village[:6], id_number) is None
    except Refusal:
        return False


@transaction.atomic
def register_departure(*, by, village, person: dict, transfer: dict) -> Transfer:
    """Record a departure, and register the person first where the county does not have the ID number."""
    worker = _own_holder(by, village, **person)
    is_new = worker is None
    if is_new:
        worker = _enroll(by=by, village=village, at_work=True, **person)
    left = transfers.begin(worker if is_new else held(worker, by), by, transfer)
    if is_new:
        audit.record("registered", worker, by=by, place=worker.village_id)
    transfers.tell("left home", left, by)
    return left


def _own_holder(by, village, *, name, id_number="", **_person) -> Worker | None:
    """The person of this ID number, where the village has that person already."""
    code = getattr(village, "pk", village)
    by.must("enter records", at=code)
    found = holder(code[:6], id_number) if id_number else None
    if found is None or found.village_id != code or stays_of(found)[-1].left_how == "left_county":
        return None
    if found.name != cleaned_name(name):
        raise Elsewhere(
            _("This village has this ID number under another name: %(name)s. Check both.") % {"name": found.name}, found
        )
    return found


def _enroll(
    *, by, village, name, id_number="", no_id_reason="", phone="", phone_whose="self", household=None,
    new_household=False, relation="", moved_in_on=None, at_work=False, **facts,
) -> Worker:
    """`register` without its audit event."""
    home = _village(village, by)
    if moved_in_on:
        must_be_past(moved_in_on)
    worker = _back_in_the_county(home, by, id_number, moved_in_on)
    is_back = worker is not None
    if not is_back:
        worker = Worker(county_id=home.county_code, village=home, created_at=clock.now(), created_by=by)
    write(worker, {"name": name, "id_number": id_number, "no_id_reason": no_id_reason, **facts})
    if not is_back and not id_number:
        _not_twice(worker, by)
    if not at_work:
        must_be_of_age(worker)
    household = household and held_row(household)
    households.settle(worker, household, relation, by, is_new=new_household, since=moved_in_on)
    save(worker, by)
    note_consent(worker, by)
    if is_back:
        worker.transfers.update(village=home)
    _open_stay(worker, moved_in_on, by)
    put_phone(worker, phone, phone_whose)
    return worker


def _village(village, by) -> Village:
    code = getattr(village, "pk", village)
    by.must("enter records", at=code)
    found = Village.objects.filter(pk=code).first()
    if not found:
        raise Refusal(_("There is no village %(code)s.") % {"code": code})
    lineage.must_last(code)
    return found


def _back_in_the_county(home, by, id_number, moved_in_on) -> Worker | None:
    """Who left the county before and moved in again keeps the old row; anybody else of this ID number is refused."""
    found = holder(home.county_code, id_number) if id_number else None
    if found is None:
        return None
    stay = stays_of(found)[-1]
    if stay.left_how != "left_county":
        raise elsewhere(found, by)
    if not moved_in_on or moved_in_on < stay.to_on:
        words = {"day": shown(stay.to_on)}
        raise Refusal(_("This person left the county on %(day)s. Give the later day on which they moved in.") % words)
    claim(found, found.version)
    found.village = home
    belong(found, None, since=moved_in_on)
    return found


def _not_twice(worker, by):
    """A second click on the same form, where no ID number tells the two apart."""
    one_at_a_time(by)
    same = just_now(Worker.objects.valid(), by).filter(
        village=worker.village, name=worker.name, birth_date=worker.birth_date, id_index__isnull=True
    ).first()
    if same:
        raise AlreadyRecorded(_("%(name)s was registered a moment ago.") % {"name": worker.name}, same)


def _open_stay(worker, moved_in_on, by):
    how = "moved_in" if moved_in_on else "first"
    put(Registration(
        county_id=worker.county_id, worker=worker, village_id=worker.village_id, from_on=moved_in_on, how=how,
    ), by)
