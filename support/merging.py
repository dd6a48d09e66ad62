"""One broker entered twice: one entry stays, the other points to it and is chosen and counted nowhere any more.

Whom the other led, its memberships, courses, claims, steps and complaints follow. Both keep their own row versions, and
what was filed or paid stays as it was.
"""

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from brokers import codes
from brokers.actions import id_number_of
from brokers.models import Attendance, Broker
from laborreg.identity import mask_id
from laborreg.refusals import Refusal, Stale
from officers import audit
from support.models import Claim, ClaimLine
from workers.actions.lineage import keep_versions
from workers.models import Transfer

# Taken over where only the entry that goes says it; what belongs together goes together.
FACTS = [
    ("phone",), ("background",), ("is_relieved",), ("trades",), ("destinations",), ("project",), ("policies",),
    ("bank", "account_cipher", "account_key_version", "account_index"),
    ("id_index", "id_cipher", "id_key_version", "sex", "birth_date"),
]
WAY = [state for state, _label in codes.STATES]


@transaction.atomic
def merge_brokers(loser, *, into, by, version, other_version, mistyped=False) -> Broker:
    """`into` stays; `version` is the one in which the officer saw it, `other_version` that of the entry that goes.

    `mistyped`: the ID number of the entry that goes is wrong, as the county found.
    """
    winner, loser = _held(into, loser, by)
    for row, seen in ((winner, version), (loser, other_version)):
        if row.version != seen:
            raise Stale(row)
    if sentence := two_people(winner, loser, by, mistyped=mistyped):
        raise Refusal(sentence)
    _must_be_one_broker(winner, loser)
    _must_not_clash(winner, loser)
    number = mask_id(id_number_of(loser)) if have_two_numbers(winner, loser) else ""
    moved = _hand_over(winner, loser, by)
    _take_over(winner, loser)
    Broker.objects.filter(merged_into=loser).update(merged_into=winner)
    loser.merged_into = winner
    # The entry that goes first: an ID number belongs to one broker of the county.
    for row in (loser, winner):
        row.version += 1
        row._history_user = by
        row.save()
    detail = {"merged": loser.pk, "transfers": moved} | ({"mistyped": number} if number else {})
    audit.record("merged brokers", winner, by=by, place=winner.village_id, detail=detail)
    return winner


def twins_of(broker, visible):
    """Who might be the same broker: the same phone, or the same name in the township."""
    alike = Q(name=broker.name, village__township=broker.village.township_id)
    if broker.phone:
        alike |= Q(phone=broker.phone)
    return visible.filter(alike).exclude(pk=broker.pk)


def have_two_numbers(one, two) -> bool:
    return bool(one.id_index and two.id_index)


def two_people(one, two, by, *, mistyped) -> str | None:
    """Why entries with two ID numbers stay two; only the county finds that one of the numbers is wrong."""
    if not have_two_numbers(one, two):
        return None
    if not by.may("file brokers", at=one.county_id):
        return _("The two entries have different ID numbers. If one of them is mistyped, the county bureau merges the entries.")
    return None if mistyped else _("The two entries have different ID numbers: tick that the other one was mistyped.")


def _held(winner, loser, by) -> tuple[Broker, Broker]:
    """Both locked, always in the same order."""
    if winner.pk == loser.pk:
        raise Refusal(_("This is the same entry."))
    rows = Broker.objects.select_for_update(no_key=True).filter(pk__in=[winner.pk, loser.pk]).order_by("pk")
    found = {row.pk: row for row in rows}
    for row in found.values():
        by.must("register brokers", at=row.village_id)
        if row.merged_into_id:
            raise Refusal(_("This entry was merged into another one."))
    return found[winner.pk], found[loser.pk]


def _must_be_one_broker(winner, loser):
    if winner.county_id != loser.county_id:
        raise Refusal(_("The two entries belong to different counties."))
    if winner.filed_on and loser.filed_on:
        raise Refusal(_("Both entries are filed, each with its certificate. Revoked or not, a certificate stays."))
    if WAY.index(loser.state) > WAY.index(winner.state):
        words = {"name": loser.name, "place": loser.village.label}
        raise Refusal(_("The entry of %(name)s in %(place)s is further in the filing: let that one stay.") % words)


def _must_not_clash(winner, loser):
    """Nobody is a member twice, or claims twice for a year; which of the two is wrong, only the office knows."""
    if all(row.memberships.filter(left_on__isnull=True).exists() for row in (winner, loser)):
        raise Refusal(_("Both entries are members of the association now. End one membership first."))
    own = winner.claims.values_list("scheme", "year")
    clashing = next((claim for claim in loser.claims.select_related("scheme") if (claim.scheme_id, claim.year) in own), None)
    if clashing:
        words = {"scheme": clashing.scheme.name, "year": clashing.year}
        raise Refusal(_("Both entries have a claim of %(year)s under “%(scheme)s”. They cannot be merged.") % words)


def _hand_over(winner, loser, by) -> int:
    """Everything that names the entry that goes; how many transfers that were."""
    moved = _move_transfers(winner, loser, by)
    loser.memberships.update(broker=winner)
    _move_attendances(winner, loser)
    Claim.objects.filter(broker=loser).update(broker=winner, version=F("version") + 1)
    loser.complaints.update(broker=winner)
    loser.steps.update(broker=winner)
    return moved


def _move_transfers(winner, loser, by) -> int:
    """Voided ones, too. A claim that counted one has still counted it right: another broker's name changes no figure."""
    numbers = list(Transfer.objects.filter(broker=loser).values_list("pk", flat=True))
    rows = Transfer.objects.filter(pk__in=numbers)
    in_step = ClaimLine.objects.filter(transfer__in=numbers, transfer_version=F("transfer__version"))
    lines = list(in_step.values_list("pk", flat=True))
    rows.update(broker=winner, version=F("version") + 1)
    keep_versions(rows, by)
    ClaimLine.objects.filter(pk__in=lines).update(transfer_version=F("transfer_version") + 1)
    return len(numbers)


def _move_attendances(winner, loser):
    """Of a course that both stand on, the better result counts."""
    own = {attendance.course_id: attendance for attendance in winner.attendances.all()}
    for attendance in loser.attendances.all():
        twin = own.get(attendance.course_id)
        if twin is None:
            Attendance.objects.filter(pk=attendance.pk).update(broker=winner)
        elif attendance.has_passed and not twin.has_passed:
            for name in ("was_there", "has_passed", "certificate_number", "expires_on"):
                setattr(twin, name, getattr(attendance, name))
            twin.save()


def _take_over(winner, loser):
    for names in FACTS:
        if getattr(winner, names[0]) in (None, "") and getattr(loser, names[0]) not in (None, ""):
            for name in names:
                setattr(winner, name, getattr(loser, name))
    if loser.id_index:
        loser.id_index = loser.id_cipher = loser.id_key_version = None
    winner.registered_on = min(winner.registered_on, loser.registered_on)
