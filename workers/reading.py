"""From the tables of the ledger to histories: everybody who was ever registered under an area, in a few queries."""

from collections import defaultdict
from datetime import date
from functools import cache

from django.db.models import Count, Q, Value

from laborreg.bulk import among
from laborreg.codes import under
from laborreg.months import Month
from villages.models import County
from workers import codes
from workers.histories import History, Period, Rules, Spell, Stay
from workers.models import FormerMembership, HouseholdStatus, Registration, Transfer, UnnamedGroup, Worker


def rules_of(county: County):
    """The county's calendar and counting rules as a function of the month, each month asked once."""

    @cache
    def rules(month: Month) -> Rules:
        row = county.rules_from(month)
        return Rules(
            county.first_day(month), county.last_day(month), row.male_min, row.male_max, row.female_min,
            row.female_max, row.stint_days, row.home_days,
        )

    return rules


def histories(area_code: str) -> list[History]:
    """Persons and unnamed groups that were ever registered under an area."""
    registered = Registration.objects.filter(under("village_id", area_code))
    people = registered.filter(worker__isnull=False).order_by().values_list("worker_id", flat=True)
    return _persons(set(people)) + _groups(registered)


def _persons(numbers) -> list[History]:
    if not numbers:
        return []
    found = {
        row[0]: History(("worker", row[0]), 1, False, *row[1:])
        for row in Worker.objects.valid().filter(among(Worker, "id", numbers)).values_list(
            "pk", "name", "sex", "birth_date", Value(""), "household_id", "ability", "is_student",
            "wants_to_go", "education", "skill_grade", "group_name",
        )
    }
    _add_households_before(found, FormerMembership.objects.filter(among(FormerMembership, "worker", numbers)))
    _add_stays(found, Registration.objects.filter(among(Registration, "worker", numbers)), "worker_id")
    _add_spells(found, Transfer.objects.valid().filter(among(Transfer, "worker", numbers)))
    always, for_a_time = _members(found)
    if households := (always.keys() | for_a_time.keys()) - {None}:
        _add_statuses(always, for_a_time, HouseholdStatus.objects.filter(among(HouseholdStatus, "household", households)))
    return list(found.values())


def _add_stays(found, rows, owner):
    for number, village, from_on, to_on in rows.order_by(*Registration._meta.ordering).values_list(
        owner, "village_id", "from_on", "to_on"
    ):
        if number in found:
            found[number].stays.append(Stay(village, from_on, to_on))


def _add_spells(found, rows):
    for number, *facts, broker, point, agency in rows.order_by("started_on", "pk").values_list(
        "worker_id", "pk", "started_on", "ended_on", "destination", "channel", "form", "industry", "pay", "reason",
        "plan", "job", "broker__name", "point__name", "agency",
    ):
        if number in found:
            found[number].spells.append(Spell(*facts, bearer=broker or point or agency))


def _add_households_before(found, rows):
    for number, household, to_on in rows.order_by("to_on").values_list("worker_id", "household_id", "to_on"):
        if number in found:
            found[number].households_before = [*found[number].households_before, (to_on, household)]


def _members(found) -> tuple[dict[int, list[History]], dict[int, list[tuple[History, Period]]]]:
    """Household → who has always belonged to it; and → who belonged to it for some days, and which."""
    always, for_a_time = defaultdict(list), defaultdict(list)
    for history in found.values():
        if history.households_before:
            since = None
            for to_on, household in [*history.households_before, (None, history.household)]:
                for_a_time[household].append((history, (since, to_on)))
                since = to_on
        elif history.household:
            always[history.household].append(history)
    return always, for_a_time


def _add_statuses(always, for_a_time, rows):
    """A flag of a household is somebody's on the days on which they belong to it."""
    for household, kind, *days in rows.order_by().values_list("household_id", "kind", "from_on", "to_on"):
        flag = "monitored" if kind in codes.MONITORED else "relieved"
        for history in always.get(household, ()):
            getattr(history, flag).append(tuple(days))
        for history, membership in for_a_time.get(household, ()):
            if period := _common(days, membership):
                getattr(history, flag).append(period)


def _common(period, membership) -> Period | None:
    """The days that are in both."""
    starts, stops = zip(period, membership, strict=True)
    start, stop = max(day or date.min for day in starts), min(day or date.max for day in stops)
    return (start, stop) if start < stop else None


def _groups(registered) -> list[History]:
    """A group counts as those of its persons that no valid transfer names; one that is named in full is gone."""
    named = Count("transfers", filter=Q(transfers__voided_at__isnull=True))
    groups = UnnamedGroup.objects.filter(
        voided_at__isnull=True, pk__in=registered.filter(group__isnull=False).values("group_id")
    ).annotate(named=named).order_by("pk")
    found = {group.pk: _group(group) for group in groups if group.persons > group.named}
    _add_stays(found, Registration.objects.filter(group_id__in=found), "group_id")
    return list(found.values())


def _group(group: UnnamedGroup) -> History:
    always = [(None, None)]
    return History(
        ("group", group.pk), group.persons - group.named, True, group.note, group.sex, None, group.age_band,
        relieved=always if group.status == "relieved" else [],
        monitored=always if group.status in codes.MONITORED else [],
        spells=[Spell(
            group.pk, group.started_on, group.ended_on, group.destination, group.channel, group.form, group.industry,
            group.pay, group.reason,
        )],
    )
