"""One person entered twice: one entry stays, the other points to it and counts nowhere any more.

The lines of returns that were filed stay as they were. A registration of the other entry follows only where it tells
days that the one that stays does not have; else it remains where it is, as with a person who is voided: counting,
lists and constraints ask valid workers only. The households of past days follow the registrations of those days.
"""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from laborreg.refusals import Refusal
from workers import places
from workers.actions import trail
from workers.actions.checks import born_before, registered_in_the_county
from workers.actions.days import in_order, shown, stay_on, stays_of
from workers.actions.households import must_fit, must_not_be_needed
from workers.actions.keeping import claim, held, held_row, put
from workers.actions.membership import DAY, Belonging, belonging, household_on, write
from workers.actions.person import FACTS, save
from workers.actions.requests import overtake
from workers.models import Household, Worker

ID_COLUMNS = ["id_cipher", "id_key_version", "id_index", "id_last4_index", "no_id_reason"]
FROM_THE_ID = ["sex", "birth_date"]
# What may be taken over from the entry that goes; the household with the relation to its head.
CHOSEN = ["name", *FROM_THE_ID, *FACTS, "household"]
TOGETHER = {"name": ["name", "name_pinyin", "name_initials"], "household": ["household_id", "relation"]}


@transaction.atomic
def merge_workers(winner, loser, *, by, version, other_version, taken=()) -> Worker:
    """`winner` stays, with the facts named in `taken` from `loser`, and with what only `loser` told."""
    winner, loser = _held_both(winner, loser, by)
    _must_be_one_person(winner, loser)
    winner_stays, loser_stays = stays_of(winner), stays_of(loser)
    households = [(winner_stays, belonging(winner)), (loser_stays, belonging(loser))]
    _must_end_alike(winner, winner_stays, loser, loser_stays)
    following = [stay for stay in loser_stays if not any(_share_a_day(stay, other) for other in winner_stays)]
    stays = in_order([*winner_stays, *following])
    _must_die_last(winner, stays)
    _must_not_overlap(winner, loser)
    claim(winner, version)
    claim(loser, other_version)
    left = [Household(pk=worker.household_id) for worker in (winner, loser)]
    _be_of_village(winner, stays[-1].village_id)
    taken = _taken(winner, loser, taken)
    _leave_no_household_without_a_head(winner, loser, "household" in taken)
    _take_over(winner, loser, taken)
    Worker.objects.filter(merged_into=loser).update(merged_into=winner)
    loser.merged_into, loser.household, loser.relation = winner, None, ""
    put(loser, by)
    save(winner, by)
    write(loser, [])
    write(winner, _households_of(stays, households[::-1] if "household" in taken else households))
    _hand_over(winner, loser, following, by)
    if winner.household_id:
        must_fit(winner, winner.household, winner.relation)
    overtake(loser, by)
    detail = {"merged": loser.pk, "changed": taken}
    trail.record("merged workers", winner, by=by, place=winner.village_id, detail=detail, left=[loser, *left])
    return winner


def differing(one, two) -> list[str]:
    """Of what may be chosen, that which both entries say, and not alike."""
    names = [name for name in CHOSEN if not (one.id_index or two.id_index) or name not in FROM_THE_ID]
    return [name for name in names if _says(one, name) and _says(two, name) and _said(one, name) != _said(two, name)]


def _held_both(winner, loser, by) -> tuple[Worker, Worker]:
    """Both locked, their households before them, always in the same order."""
    if winner.pk == loser.pk:
        raise Refusal(_("This is the same entry."))
    pair = Worker.objects.filter(pk__in=[winner.pk, loser.pk]).order_by("pk")
    for number in sorted({worker.household_id for worker in pair if worker.household_id}):
        held_row(Household(pk=number))
    found = {worker.pk: held(worker, by) for worker in pair}
    return found[winner.pk], found[loser.pk]


def _must_be_one_person(winner, loser):
    if winner.county_id != loser.county_id:
        raise Refusal(_("The two entries belong to different counties."))
    if winner.id_index and loser.id_index:
        raise Refusal(_("The two entries have different ID numbers: these are two people."))


def _must_end_alike(winner, winner_stays, loser, loser_stays):
    """Nobody comes back to life, or dies, by a merge."""
    one, two = winner_stays[-1], loser_stays[-1]
    if _share_a_day(one, two) and (one.to_on, one.left_how) != (two.to_on, two.left_how):
        ended = one if one.to_on else two
        name = (winner if ended is one else loser).name
        words = {"name": name, "day": shown(ended.to_on)}
        raise Refusal(_(
            "One entry of %(name)s ended on %(day)s, the other did not end on that day. Put that right first."
        ) % words)


def _must_die_last(winner, stays):
    """Nobody is registered anywhere after their death."""
    if death := next((stay for stay in stays[:-1] if stay.left_how == "died"), None):
        words = {"name": winner.name, "day": shown(death.to_on)}
        raise Refusal(_(
            "By one entry %(name)s died on %(day)s, by the other the registration began later. Put that right first."
        ) % words)


def _must_not_overlap(winner, loser):
    """Which trips are in the way, all of them at once."""
    own = list(winner.transfers.valid())
    clashing = [
        trip for trip in loser.transfers.valid()
        if any(_overlap(trip.started_on, trip.ended_on, other.started_on, other.ended_on) for other in own)
    ]
    if clashing:
        trips = _("; ").join(_words(trip) for trip in clashing)
        raise Refusal(_(
            "Both entries have trips on the same days. Correct or void these of one entry first: %(trips)s. Each trip in the "
            "table leads there."
        ) % {"trips": trips})


def _words(trip) -> str:
    began = f"{trip.started_on:%Y-%m}" if trip.month_only else shown(trip.started_on)
    days = f"{began} – {shown(trip.ended_on) if trip.ended_on else _('still there')}"
    return f"{days}, {places.label(trip.destination)}"


def _be_of_village(winner, village):
    """The village of the newest registration; a household that is of another is left."""
    winner.village_id = village
    if winner.household and winner.household.village_id != village:
        must_not_be_needed(winner)
        winner.household, winner.relation = None, ""


def _taken(winner, loser, asked) -> list[str]:
    """What was chosen, and what only the entry that goes has said; no household of a village that is not the person's."""
    chosen = [name for name in asked if name in differing(winner, loser)]
    only_there = [name for name in CHOSEN if _says(loser, name) and not _says(winner, name)]
    if loser.household and loser.household.village_id != winner.village_id:
        only_there = [name for name in only_there if name != "household"]
    return chosen + only_there


def _take_over(winner, loser, taken):
    if loser.id_index:
        taken = [*taken, *ID_COLUMNS, *FROM_THE_ID]
    elif winner.id_index:
        taken = [name for name in taken if name not in FROM_THE_ID]
    for name in taken:
        for column in TOGETHER.get(name, [name]):
            setattr(winner, column, getattr(loser, column))


def _households_of(stays, told) -> Belonging:
    """Until each day on which anything changed: what the entry says that was registered in the person's village then.

    `told` are the registrations and households of each entry; where both were registered there, the first goes before.
    """
    days = {day for own, _said in told for stay in own for day in (stay.from_on, stay.to_on)}
    days |= {to_on for _own, said in told for to_on, _household in said}
    return [(day, _household_before(day, stays, told)) for day in sorted(days - {None, date.max})]


def _household_before(day, stays, told) -> int | None:
    day -= DAY
    here = stay_on(stays, day)
    for own, said in told:
        stay = stay_on(own, day)
        if here and stay and stay.village_id == here.village_id and (household := household_on(said, day)):
            return household
    return None


def _leave_no_household_without_a_head(winner, loser, is_taken):
    """Who goes out of a household in which others stay is not its head, unless the one that stays is so there."""
    leaving, staying = (winner, loser) if is_taken else (loser, winner)
    same_place = (leaving.household_id, leaving.relation) == (staying.household_id, staying.relation)
    if leaving.household_id and not same_place:
        others = leaving.household.members_here.exclude(pk__in=[leaving.pk, staying.pk])
        if leaving.household_id == staying.household_id or others.exists():
            must_not_be_needed(leaving)


def _hand_over(winner, loser, following, by):
    """Stays, trips, phones and verifications follow to the entry that stays."""
    for stay in following:
        stay.worker = winner
        put(stay, by)
    winner.transfers.update(village=winner.village_id)
    for trip in loser.transfers.order_by("pk"):
        trip.worker, trip.village_id = winner, winner.village_id
        claim(trip, trip.version)
        put(trip, by)
    stays = stays_of(winner)
    for trip in winner.transfers.valid():
        registered_in_the_county(trip, stays)
        born_before(trip, stays)
    known = set(winner.phones.values_list("number", flat=True))
    loser.phones.exclude(number__in=known).update(worker=winner)
    loser.verifications.update(worker=winner)


def _share_a_day(one, two) -> bool:
    return _overlap(one.from_on, one.to_on, two.from_on, two.to_on)


def _overlap(start, stop, other_start, other_stop) -> bool:
    """Of two periods [start, stop); None is without limit."""
    begins_before = start is None or other_stop is None or start < other_stop
    return begins_before and (other_start is None or stop is None or other_start < stop)


def _says(worker, name) -> bool:
    return _said(worker, name) not in (None, "", (None, ""))


def _said(worker, name):
    columns = TOGETHER.get(name, [name])
    return tuple(getattr(worker, column) for column in columns) if name == "household" else getattr(worker, name)
