"""From the tables of the ledger to histories: everybody who was ever registered under an area, in six queries."""

from collections import defaultdict
from functools import cache

from django.db.models import Count, Q, Value

from laborreg.codes import under
from laborreg.months import Month
from villages.models import County
from workers import codes
from workers.histories import History, Rules, Spell, Stay
from workers.models import HouseholdStatus, Registration, Transfer, UnnamedGroup, Worker


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


def histories(area_code: str, *, workers=None) -> list[History]:
    """Persons and unnamed groups that were ever registered under an area (or only some workers, by number)."""
    if workers is not None:
        return _persons(Registration.objects.filter(worker__in=workers))
    registered = Registration.objects.filter(under("village_id", area_code))
    return _persons(registered) + _groups(registered)


def _persons(registered) -> list[History]:
    numbers = registered.filter(worker__isnull=False).values("worker_id")
    found = {
        row[0]: History(("worker", row[0]), 1, False, *row[1:])
        for row in Worker.objects.valid().filter(pk__in=numbers).values_list(
            "pk", "name", "sex", "birth_date", Value(""), "household_id", "ability", "is_student",
            "wants_to_go", "education", "skill_grade", "group_name",
        )
    }
    households = defaultdict(list)
    for history in found.values():
        if history.household:
            households[history.household].append(history)
    _add_stays(found, Registration.objects.filter(worker_id__in=numbers), "worker_id")
    _add_spells(found, Transfer.objects.valid().filter(worker_id__in=numbers))
    _add_statuses(households, HouseholdStatus.objects.filter(household__members__in=numbers).distinct())
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


def _add_statuses(households, rows):
    for household, kind, from_on, to_on in rows.values_list("household_id", "kind", "from_on", "to_on"):
        for history in households.get(household, ()):
            periods = history.monitored if kind in codes.MONITORED else history.relieved
            periods.append((from_on, to_on))


def _groups(registered) -> list[History]:
    """A group counts as those of its persons that no valid transfer names; one that is named in full is gone."""
    named = Count("transfers", filter=Q(transfers__voided_at__isnull=True))
    groups = UnnamedGroup.objects.filter(
        voided_at__isnull=True, pk__in=registered.filter(group__isnull=False).values("group_id")
    ).annotate(named=named)
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
