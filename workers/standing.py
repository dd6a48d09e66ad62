"""How people of the ledger stand on a day, as lists and pages show it: away, at work near home, at home, or gone."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import BooleanField, Count, Exists, ExpressionWrapper, OuterRef, Q
from django.db.models.functions import Substr
from django.utils.translation import gettext_lazy as _

from workers.models import Registration, Transfer, UnnamedGroup
from workers.regions import TOWNSHIP, region_of

AWAY, LOCAL, HOME, GONE = "away", "local", "home", "gone"
# label, tone and icon of the tag
TAGS = {
    AWAY: (_("Away"), "info", "plane"),
    LOCAL: (_("Works near home"), "ok", "briefcase"),
    HOME: (_("At home"), "none", "house"),
    GONE: (_("No longer registered"), "none", "x"),
}
SOON = timedelta(days=30)
LEFT_HOW = {"died": _("Died"), "left_county": _("Left the county")}


@dataclass
class Standing:
    """The state of one person on a day, with the transfer that decides it; at home: the last one, if any."""

    state: str
    transfer: Transfer | None = None
    left_how: str = ""
    left_on: object = None

    @property
    def label(self):
        return LEFT_HOW.get(self.left_how) or TAGS[self.state][0]

    @property
    def tone(self):
        return TAGS[self.state][1]

    @property
    def icon(self):
        return TAGS[self.state][2]

    @property
    def is_working(self) -> bool:
        return self.state in (AWAY, LOCAL)


def standings(worker_ids, day) -> dict[int, Standing]:
    """Worker number → standing, in two queries."""
    found = {}
    for registration in Registration.objects.filter(worker__in=worker_ids):
        found[registration.worker_id] = _registered(registration, day)
    transfers = Transfer.objects.valid().filter(worker__in=worker_ids, started_on__lte=day)
    for transfer in transfers.order_by("started_on", "pk"):
        if standing := found.get(transfer.worker_id):
            standing.transfer = transfer
            if standing.state != GONE and (transfer.ended_on is None or transfer.ended_on > day):
                is_local = region_of(transfer.village_id, transfer.destination) == TOWNSHIP
                standing.state = LOCAL if is_local else AWAY
    return found


def _registered(registration, day) -> Standing:
    """The newest registration comes last and decides."""
    if registration.to_on is None or registration.to_on > day:
        return Standing(HOME)
    return Standing(GONE, left_how=registration.left_how, left_on=registration.to_on)


def registered(workers, day):
    """Of some workers, those registered in the county on a day."""
    return workers.filter(Exists(_stays(day).filter(worker=OuterRef("pk"))))


def is_registered(day) -> Exists:
    """Of each worker of a query, whether registered in the county on a day."""
    return Exists(_stays(day).filter(worker=OuterRef("pk")))


def gone(workers, day):
    return workers.exclude(Exists(_stays(day).filter(worker=OuterRef("pk"))))


def away(workers, day):
    return registered(workers, day).filter(Exists(_working(day).exclude(destination=_own_township())))


def away_transfers(transfers, day):
    """Of some transfers, those by which somebody is away on a day; one for each person."""
    return _of_registered(transfers.covering(day).exclude(destination=_own_township()), day)


def homecomings(transfers, day, home_days: int):
    """Of some transfers, the newest away of each who came home within so many days and is at work nowhere now."""
    since = day - timedelta(days=home_days - 1)
    own = _own_township()
    later = Transfer.objects.valid().exclude(destination=own).filter(
        worker=OuterRef("worker"), started_on__gt=OuterRef("started_on"), started_on__lte=day,
    )
    ended = transfers.valid().filter(ended_on__gte=since, ended_on__lte=day).exclude(destination=own)
    works = Transfer.objects.covering(day).filter(worker=OuterRef("worker"))
    return _of_registered(ended, day).exclude(Exists(works)).exclude(Exists(later))


def _of_registered(transfers, day):
    stays = _stays(day).filter(worker=OuterRef("worker"))
    return transfers.filter(Exists(stays), worker__voided_at__isnull=True, worker__merged_into__isnull=True)


def local(workers, day):
    return registered(workers, day).filter(Exists(_working(day).filter(destination=_own_township())))


def working(workers, day):
    """Away or at work near home."""
    return registered(workers, day).filter(Exists(_working(day)))


def at_home(workers, day):
    return registered(workers, day).exclude(Exists(_working(day)))


def contract_ending(workers, day):
    """Those at work whose contract ends within the next 30 days."""
    ending = _working(day).filter(contract_until__gte=day, contract_until__lte=day + SOON)
    return registered(workers, day).filter(Exists(ending))


def counts(workers, day) -> Counter:
    """How many of some workers are in each state, under "" how many are registered, "no_id" without an ID number."""
    found = Counter(dict.fromkeys([AWAY, LOCAL, HOME, GONE, "no_id"], 0))
    near = _working(day).filter(destination=_own_township())
    states = {
        "is_registered": Exists(_stays(day).filter(worker=OuterRef("pk"))), "works": Exists(_working(day)),
        "works_near": Exists(near), "no_id": ExpressionWrapper(Q(id_index__isnull=True), BooleanField()),
    }
    for is_registered, works, works_near, no_id in workers.annotate(**states).values_list(*states):
        found[LOCAL if works_near else AWAY if works else HOME] += is_registered
        found[GONE] += not is_registered
        found["no_id"] += is_registered and no_id
    found[""] = found[AWAY] + found[LOCAL] + found[HOME]
    return found


def in_region(workers, region: str, county: str, day):
    """Those whose work of the day lies in a region class, seen from their village."""
    code = "destination"
    abroad = Q(destination__gte="A") | Q(destination__startswith="71") | Q(destination__startswith="81")
    abroad |= Q(destination__startswith="82")
    inside = [Q(**{f"{code}__startswith": county[:length]}) for length in (2, 4, 6)]
    own = Q(destination=_own_township())
    condition = {
        "township": own,
        "county": inside[2] & ~own,
        "prefecture": inside[1] & ~inside[2],
        "province": inside[0] & ~inside[1],
        "other_province": ~inside[0] & ~abroad,
        "abroad": abroad,
    }[region]
    return registered(workers, day).filter(Exists(_working(day).filter(condition)))


def away_count(village: str, day) -> int:
    """How many people of a village are away on a day, unnamed ones included."""
    stays = _stays(day).filter(village=village)
    transfers = Transfer.objects.covering(day).exclude(destination=village[:9])
    persons = transfers.filter(worker__in=stays.filter(worker__isnull=False).values("worker")).count()
    groups = away_groups(stays.filter(group__isnull=False).values("group"), village, day)
    return persons + sum(max(group.persons - group.named, 0) for group in groups)


def unnamed_away(groups, day) -> int:
    """How many of some groups' persons are away on a day and not named yet."""
    out = Q(ended_on__isnull=True) | Q(ended_on__gt=day)
    found = with_named(groups.filter(out, voided_at__isnull=True, started_on__lte=day)).exclude(destination=_own_township())
    return sum(max(group.persons - group.named, 0) for group in found)


def away_groups(numbers, village: str, day):
    return with_named(UnnamedGroup.objects.filter(pk__in=numbers, voided_at__isnull=True, started_on__lte=day)).filter(
        Q(ended_on__isnull=True) | Q(ended_on__gt=day)
    ).exclude(destination=village[:9])


def with_named(groups):
    """Groups with the number of their persons that a valid transfer names."""
    return groups.annotate(named=Count("transfers", filter=Q(transfers__voided_at__isnull=True)))


def _stays(day):
    return Registration.objects.filter(
        Q(from_on__isnull=True) | Q(from_on__lte=day), Q(to_on__isnull=True) | Q(to_on__gt=day)
    )


def _working(day):
    return Transfer.objects.covering(day).filter(worker=OuterRef("pk"))


def _own_township():
    """The code of the township of the transfer's village."""
    return Substr("village_id", 1, 9)
