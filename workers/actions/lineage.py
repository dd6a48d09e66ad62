"""A village is merged, gets a new code or name, or is split: from a day on its people are of the new village.

The day is the first of a report month, so that a month is filed under one code. Old months keep the old code. What the
change means for returns is in reports/actions/lineage.py, which calls these actions; they refuse no month by themselves.
"""

from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.db.models import F, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from brokers.models import Broker
from laborreg import bulk
from laborreg.refusals import Refusal
from officers import audit
from villages import lineage
from villages.models import County, Lineage, Village
from workers.actions.keeping import cleaned_reason
from workers.actions.requests import close, tell
from workers.doubts.background import look_through
from workers.models import Doubt, Household, MoveRequest, Registration, Transfer, UnnamedGroup, Worker

POWER = "change settings"


@dataclass(frozen=True)
class Change:
    """What was done: the village that people are in from the day on, the day, and how much went along."""

    new: Village
    day: date
    counts: dict[str, int] = field(default_factory=dict)


@transaction.atomic
def recode_village(old, *, by, code, name, from_month, reason) -> Change:
    """The village gets a new code, and a new name where it is another."""
    county, [old], reason = _begin([old], by, reason)
    day = lineage.day_of(county, from_month, [old])
    new = lineage.found_village(old, lineage.clean_code(code, county), lineage.clean_name(name), from_month)
    return _end_in(Lineage.RECODE, [old], new, day, from_month, by, reason)


@transaction.atomic
def merge_villages(olds, into, *, by, from_month, reason) -> Change:
    """Villages become part of another, whose code all of them are kept under."""
    county, [into, *olds], reason = _begin([into, *olds], by, reason)
    if not olds or into in olds:
        raise Refusal(_("Choose another village to merge into."))
    if any(village.county_code != county.code for village in olds):
        raise Refusal(_("Only villages of one county are merged."))
    day = lineage.day_of(county, from_month, [into, *olds])
    if any(old.files_in(from_month) for old in olds) and not into.files_in(from_month):
        words = {"village": into.label, "month": from_month.label}
        raise Refusal(_("%(village)s does not file in %(month)s. Let it file first.") % words)
    return _end_in(Lineage.MERGE, olds, into, day, from_month, by, reason)


@transaction.atomic
def split_village(old, *, by, code, name, groups, from_month, reason) -> Change:
    """The people of some of its groups become a village of their own; unnamed groups and brokers stay."""
    county, [old], reason = _begin([old], by, reason)
    day = lineage.day_of(county, from_month, [old])
    code, name = lineage.clean_code(code, county), lineage.clean_name(name)
    concerned = Concerned([old], day, groups)
    if not concerned.groups or not concerned.workers().exists():
        raise Refusal(_("Choose groups in which somebody is registered."))
    new = lineage.found_village(old, code, name, from_month)
    lineage.enter(Lineage.SPLIT, old, new, day, by=by, reason=reason)
    counts = concerned.carry(new, by) | {"officers": lineage.post_on(old, new, day, by=by, leaves=False)}
    _tell("split village", old, new, day, by, reason, counts)
    return Change(new, day, counts)


@transaction.atomic
def rename_village(village, *, by, name, from_month, reason) -> Change:
    """The code stays; the name before stays in the lineage."""
    county, [village], reason = _begin([village], by, reason)
    day, name = lineage.day_of(county, from_month, [village]), lineage.clean_name(name)
    if name == village.name:
        raise Refusal(_("The village has this name already."))
    if Lineage.objects.filter(old=village, new=village, from_on=day).exists():
        raise Refusal(_("The village got a new name on this day already."))
    before = village.name
    lineage.name_anew(village, name)
    lineage.enter(Lineage.RENAME, village, village, day, by=by, reason=reason, name_before=before)
    _tell("renamed village", village, village, day, by, reason, {})
    return Change(village, day)


def _begin(villages, by, reason) -> tuple[County, list[Village], str]:
    """The county held, so that of two changes one comes after the other; the villages as they are now, held as well.

    Who puts people into one of them (villages.lineage.hold) was done before, or finds what became of it.
    """
    for village in villages:
        by.must(POWER, at=village)
    county = County.objects.select_for_update(no_key=True).get(pk=villages[0].county_code)
    found = Village.objects.filter(pk__in=[village.code for village in villages]).select_related("township__county")
    rows = {village.code: village for village in found.order_by("pk").select_for_update(no_key=True, of=("self",))}
    return county, [rows[village.code] for village in villages], cleaned_reason(reason)


def _end_in(kind, olds, new, day, month, by, reason) -> Change:
    """Everybody and everything of the old villages goes along."""
    for old in olds:
        lineage.enter(kind, old, new, day, by=by, reason=reason)
    counts = Concerned(olds, day).carry(new, by)
    counts["officers"] = sum(lineage.post_on(old, new, day, by=by, leaves=True) for old in olds)
    for old in olds:
        lineage.stop_before(old, month)
    _tell({"merge": "merged villages", "recode": "recoded village"}[kind], olds[0], new, day, by, reason, counts, olds)
    return Change(new, day, counts)


def _tell(verb, old, new, day, by, reason, counts, olds=()):
    """One event, however many people; the names of the places only."""
    detail = {"from": ", ".join(each.code for each in olds or [old]), "to": new.code, "on": day.isoformat()}
    audit.record(verb, old, by=by, place=old.code, detail=detail | {"reason": reason} | counts)


class Concerned:
    """What of some villages belongs to another from a day on: all, or of one village the people of some groups.

    Who moved in after the day, or died, left or moved away since, goes along for the days of the new village.
    """

    def __init__(self, villages: list[Village], day: date, groups=None):
        self.codes, self.day = [village.code for village in villages], day
        self.groups = None if groups is None else sorted({name for name in groups if name})

    def workers(self):
        """Voided entries and those merged into others too: the trail of a person is not torn."""
        rows = Worker.objects.filter(village__in=self.codes)
        return rows if self.groups is None else rows.filter(self._of_groups())

    def _of_groups(self) -> Q:
        """A household is not torn: where it stands in the village, its members go or stay with it."""
        alone = Q(household__isnull=True) | ~Q(household__village__in=self.codes)
        return Q(household__in=self.households()) | (alone & Q(group_name__in=self.groups))

    def stays(self):
        """Registrations that reach beyond the day."""
        lasting = Q(to_on__isnull=True) | Q(to_on__gt=self.day)
        rows = Registration.objects.filter(lasting, village__in=self.codes)
        if self.groups is None:
            return rows
        return rows.filter(worker__in=Worker.objects.filter(self._of_groups()))

    def households(self):
        """A household that names no group is of its members'."""
        rows = Household.objects.filter(village__in=self.codes)
        if self.groups is None:
            return rows
        members = Worker.objects.valid().filter(group_name__in=self.groups, household__isnull=False)
        return rows.filter(Q(group_name__in=self.groups) | Q(group_name="", pk__in=members.values("household")))

    def unnamed(self):
        """Nobody knows of which group of the village unnamed people are: a split leaves them."""
        rows = UnnamedGroup.objects.filter(village__in=self.codes)
        return rows if self.groups is None else rows.none()

    def brokers(self):
        rows = Broker.objects.filter(village__in=self.codes)
        return rows if self.groups is None else rows.none()

    def requests(self):
        """Moves that are asked for and wait: from these people's village, or into a village that ends."""
        rows = MoveRequest.objects.open()
        if self.groups is None:
            return rows.filter(Q(from_village__in=self.codes) | Q(to_village__in=self.codes))
        return rows.filter(worker__in=self.workers())

    def counts(self) -> dict[str, int]:
        """As a page and the trail tell it: people, households, unnamed persons, brokers and requests."""
        valid = self.unnamed().filter(voided_at__isnull=True)
        return {
            "people": self.stays().filter(
                to_on__isnull=True, worker__voided_at__isnull=True, worker__merged_into__isnull=True,
                worker__isnull=False,
            ).count(),
            "households": self.households().count(),
            "unnamed": valid.aggregate(n=Sum("persons"))["n"] or 0,
            "brokers": self.brokers().count(), "requests": self.requests().count(),
        }

    def carry(self, new: Village, by) -> dict[str, int]:
        """Over to the new village, with the row versions that a save of each would leave."""
        self._hold()
        counts = self.counts()
        self._overtake(by)
        rows = {
            model: list(found.values_list("pk", flat=True))
            for model, found in ((Household, self.households()), (Worker, self.workers()),
                                 (UnnamedGroup, self.unnamed()), (Broker, self.brokers()))
        }
        self._register(new, by)
        Transfer.objects.filter(village__in=self.codes, worker__in=rows[Worker]).update(village=new)
        for model, numbers in rows.items():
            model.objects.filter(pk__in=numbers).update(village=new, version=F("version") + 1)
            keep_versions(model.objects.filter(pk__in=numbers), by)
        self._carry_doubts(rows, new)
        return counts

    def _carry_doubts(self, rows, new):
        """They stand where their people do; whether a household of a split village still has its head is asked later."""
        for name, model in (("worker", Worker), ("household", Household)):
            Doubt.objects.filter(**{f"{name}__in": rows[model]}).update(village=new)
        look_through.enqueue(sorted({new.pk, *self.codes}))

    def _hold(self):
        """In the order in which every action holds them; the villages are held already."""
        for found in (self.households(), self.workers(), self.unnamed()):
            list(found.order_by("pk").select_for_update(no_key=True, of=("self",)).values_list("pk", flat=True))

    def _overtake(self, by):
        for request in self.requests().select_related("asked_by", "from_village", "to_village"):
            if close(request, "overtaken", by):
                tell(request, gettext_noop("The move of %(name)s is no longer possible."), by)

    def _register(self, new, by):
        """Registrations end and begin on the day; those that began on it or later are of the new village throughout."""
        began_before = Q(from_on__isnull=True) | Q(from_on__lt=self.day)
        ending = list(self.stays().filter(began_before).order_by("pk"))
        later = list(self.stays().filter(from_on__gte=self.day).values_list("pk", flat=True))
        following = [
            Registration(
                county_id=stay.county_id, worker_id=stay.worker_id, group_id=stay.group_id, village=new,
                from_on=self.day, to_on=stay.to_on, how="recoded", left_how=stay.left_how,
            )
            for stay in ending
        ]
        numbers = [stay.pk for stay in ending]
        Registration.objects.filter(pk__in=numbers).update(to_on=self.day, left_how="recoded")
        Registration.objects.filter(pk__in=later).update(village=new)
        following = Registration.objects.bulk_create(following, batch_size=500)
        keep_versions(Registration.objects.filter(pk__in=[*numbers, *later]), by)
        keep_versions(following, by, kind="+")


def keep_versions(rows, by, kind="~"):
    """The row versions that saves would leave, in one INSERT."""
    rows = list(rows)
    if not rows:
        return
    versions = type(rows[0]).history.model
    facts = versions.tracked_fields
    names = [kept.name for kept in facts] + ["history_date", "history_type", "history_user"]
    told = (timezone.now(), kind, by.pk)
    bulk.insert(versions, names, [(*(getattr(row, kept.attname) for kept in facts), *told) for row in rows])

