"""What tells who a person was leaves the ledger; what is counted stays. What and why: docs/decisions/0020.

The law: PIPL 47 asks for erasing when the purpose is reached or the time is over; where another law has a time of its own
that is not over, what is kept is only stored (paid claims: accounting records).
"""

from datetime import date

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from laborreg import clock
from laborreg.refusals import Refusal
from officers.audit import HIDDEN
from officers.models import Message
from villages.models import County
from workers.models import (
    DistinctPair,
    Doubt,
    ExportRequest,
    Household,
    MoveRequest,
    Registration,
    Roster,
    StagedRow,
    Transfer,
    Worker,
)

ERASED = "***"
GONE = ["died", "left_county"]
FACTS = {
    "name": ERASED, "name_pinyin": "", "name_initials": "", "id_cipher": None, "id_key_version": None, "id_index": None,
    "id_last4_index": "", "no_id_reason": "erased", "ethnic_group": "", "skills": "", "group_name": "", "consent": "",
    "note": "",
}


def gone_by(county: County, day: date) -> date:
    """Who was gone by this day has on `day` been kept for as many years as the county set."""
    years = county.rules_from(county.month_of(day)).keep_years
    # Who went on a 29 February is kept until the last of February.
    return day.replace(year=day.year - years, day=min(day.day, 28)) if day.month == 2 else day.replace(year=day.year - years)


def due(county: County, day: date):
    """Who died, left the county or was voided so long ago that the time is over; entries merged into others go with them."""
    last = gone_by(county, day)
    stays = Registration.objects.filter(worker=OuterRef("pk"))
    gone = Exists(stays.filter(to_on__lte=last, left_how__in=GONE)) & ~Exists(stays.filter(to_on=None))
    later = Exists(stays.filter(to_on__gt=last))
    people = Worker.objects.filter(county=county, erased_at__isnull=True, merged_into__isnull=True)
    return people.filter(Q(gone) & ~Q(later) | Q(voided_at__date__lte=last)).order_by("pk")


def kept_until(worker: Worker, stays: list) -> date | None:
    """The day from which the daily job erases who died or left the county; None for everybody else. `stays`: where registered."""
    if worker.erased_at or not stays or any(stay.to_on is None for stay in stays):
        return None
    last = max(stays, key=lambda stay: stay.to_on)
    if last.left_how not in GONE:
        return None
    years, day = worker.county.rules_from(worker.county.month_of(clock.today())).keep_years, last.to_on
    # Nobody is due on a day that there is not: who went on a 29 February is due on the 1 March.
    return date(day.year + years, 3, 1) if (day.month, day.day) == (2, 29) else day.replace(year=day.year + years)


def must_be_erasable(worker: Worker):
    """By hand: entered by mistake, at once; gone, when the time is over."""
    if worker.erased_at:
        raise Refusal(_("This person was erased already."))
    if worker.voided_at or due(worker.county, clock.today()).filter(pk=worker.pk).exists():
        return
    raise Refusal(_why_kept(worker))


def why_kept(worker: Worker) -> str:
    """Told before the officer writes a reason; nothing for who may be erased."""
    try:
        must_be_erasable(worker)
    except Refusal as refusal:
        return str(refusal.message)
    return ""


def _why_kept(worker):
    return _(
        "%(name)s is kept: only who was entered by mistake, and who died or left the county so many years ago as the county"
        " set, is erased."
    ) % {"name": worker.name}


def erase_from_ledger(worker: Worker):
    """Of one entry: its facts, numbers, words and history. Dates, places and kinds of work stay, so that counts stay."""
    number, name = worker.pk, worker.name
    county = worker.county
    born = worker.birth_date and county.first_day(county.month_of(worker.birth_date))
    void = {"void_reason": ERASED} if worker.voided_at else {}
    Worker.objects.filter(pk=number).update(**FACTS, **void, birth_date=born, erased_at=clock.now())
    # The one of now, and those that were left: whose last member went by a move is nobody's since.
    homes = {worker.household_id}.union(
        worker.former_memberships.values_list("household", flat=True),
        Worker.history.filter(id=number).values_list("household_id", flat=True),
    )
    worker.phones.all().delete()
    worker.notices.all().delete()
    _erase_trips(worker)
    _erase_words(number)
    _erase_letters(number)
    for rows in (worker.history.all(), Transfer.history.filter(worker_id=number), Registration.history.filter(worker_id=number)):
        rows.delete()
    _erase_searches(county, name)
    for household in Household.objects.filter(pk__in=homes):
        _erase_household(household)


def _erase_trips(worker):
    worker.transfers.update(employer="", agency="", note="")
    worker.transfers.filter(voided_at__isnull=False).update(void_reason=ERASED)


def _erase_words(number):
    """What others wrote about the person, and the rows of sheets that brought the person in."""
    MoveRequest.objects.filter(worker=number).update(name=ERASED, note="")
    MoveRequest.objects.filter(worker=number).exclude(answer="").update(answer=ERASED)
    DistinctPair.objects.filter(Q(one=number) | Q(other=number)).delete()
    Doubt.objects.filter(worker=number).delete()
    empty = {"cells": [], "values": {}, "problems": [], "normalized": [], "changes": {}, "written": {}}
    StagedRow.objects.filter(worker_number=number).update(**empty)


def _erase_letters(number):
    """Read or not: those about the person, and about a move that was asked for."""
    moves = [reverse("move", args=[pk]) for pk in MoveRequest.objects.filter(worker=number).values_list("pk", flat=True)]
    Message.objects.filter(Q(url__startswith=reverse("person", args=[number])) | Q(url__in=moves)).delete()


def _erase_searches(county, name):
    """Lists that were searched for the name, asked for or written."""
    for model in (Roster, ExportRequest):
        for listed in model.objects.filter(county=county, narrowed__q=name):
            listed.narrowed["q"] = HIDDEN
            listed.save(update_fields=["narrowed"])


def _erase_household(household):
    """Address and phone are those of its members; they go with the last of them."""
    if household.members.filter(erased_at__isnull=True, voided_at__isnull=True, merged_into__isnull=True).exists():
        return
    Household.objects.filter(pk=household.pk).update(number="", group_name="", address="", phone="")
    household.history.all().delete()
