"""The ledger: households, workers, where they are registered, where they work, and groups not yet named."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from brokers.models import Broker
from jobs.models import CooperationPoint
from laborreg import clock, crypto
from laborreg.codes import CodeField, under_any
from laborreg.months import MonthField
from officers import pages
from villages.models import County, Village
from villages.scope import ScopedQuerySet
from workers import codes


class Household(models.Model):
    """A household of a village; its head is the member whose relation says so."""

    county = models.ForeignKey(County, models.PROTECT)
    village = models.ForeignKey(Village, models.PROTECT, related_name="households", verbose_name=_("village"))
    number = models.CharField(_("household number"), max_length=30, blank=True)
    group_name = models.CharField(_("group"), max_length=30, blank=True)
    address = models.CharField(_("address"), max_length=100, blank=True)
    phone = models.CharField(_("household phone"), max_length=20, blank=True)
    is_resettled = models.BooleanField(_("resettled for poverty relief"), default=False)
    version = models.PositiveIntegerField(default=1)
    history = HistoricalRecords()

    scope_column = "village_id"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["village", "number"])]

    @property
    def masked_phone(self) -> str:
        return mask_phone(self.phone) if self.phone else ""

    @property
    def members_here(self):
        """Members registered in its village now: not who died, left, or stayed behind when it moved."""
        here = {"registrations__village": self.village_id, "registrations__to_on__isnull": True}
        return self.members.valid().filter(**here)

    def __str__(self):
        head = next((m for m in self.members.all() if m.relation == "head"), None)
        return head.name if head else self.number or f"#{self.pk}"


class HouseholdStatus(models.Model):
    """A poverty flag of a household, by date: [from_on, to_on). Flags are ended, never overwritten."""

    household = models.ForeignKey(Household, models.CASCADE, related_name="statuses")
    kind = models.CharField(_("status"), max_length=20, choices=codes.STATUS_KINDS)
    from_on = models.DateField(_("from"), null=True, blank=True)
    to_on = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        ordering = ["from_on"]
        constraints = [
            models.CheckConstraint(
                name="household_status_ends_after_it_starts",
                condition=Q(to_on__isnull=True) | Q(from_on__isnull=True) | Q(to_on__gt=F("from_on")),
            ),
        ]


class WorkerQuerySet(ScopedQuerySet):
    def valid(self):
        """Neither voided nor merged into another."""
        return self.filter(voided_at__isnull=True, merged_into__isnull=True)


class Worker(models.Model):
    """A person of the ledger. Whether away, at work near home or at home is computed, never typed."""

    county = models.ForeignKey(County, models.PROTECT)
    # The newest village of registration; written by the registration actions only.
    village = models.ForeignKey(Village, models.PROTECT, related_name="workers", verbose_name=_("village"))
    household = models.ForeignKey(
        Household, models.PROTECT, null=True, blank=True, related_name="members", verbose_name=_("household")
    )
    relation = models.CharField(_("relation to the head"), max_length=20, choices=codes.RELATIONS, blank=True)

    id_cipher = models.BinaryField(null=True)
    id_key_version = models.PositiveSmallIntegerField(null=True)
    id_index = models.CharField(max_length=64, null=True)
    id_last4_index = models.CharField(max_length=64, blank=True)
    no_id_reason = models.CharField(_("why there is no ID number"), max_length=15, choices=codes.NO_ID_REASONS, blank=True)

    name = models.CharField(_("name"), max_length=50)
    name_pinyin = models.CharField(max_length=300, blank=True)
    name_initials = models.CharField(max_length=50, blank=True)
    sex = models.CharField(_("sex"), max_length=6, choices=codes.SEXES, blank=True)
    birth_date = models.DateField(_("birth date"), null=True, blank=True)
    ethnic_group = models.CharField(_("ethnic group"), max_length=2, choices=codes.ETHNIC_GROUPS, blank=True)
    education = models.CharField(_("education"), max_length=2, choices=codes.EDUCATION, blank=True)
    ability = models.CharField(_("labor ability"), max_length=10, choices=codes.ABILITIES, blank=True)
    is_student = models.BooleanField(_("at school"), null=True, blank=True)
    wants_to_go = models.BooleanField(_("wants to go out for work"), null=True, blank=True)
    skill_grade = models.CharField(_("skill grade"), max_length=20, choices=codes.SKILL_GRADES, blank=True)
    skills = models.CharField(_("skills"), max_length=100, blank=True)
    group_name = models.CharField(_("group"), max_length=30, blank=True)
    consent = models.CharField(_("consent"), max_length=10, choices=codes.CONSENTS, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)

    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1)
    voided_at = models.DateTimeField(null=True, blank=True)
    void_reason = models.CharField(max_length=200, blank=True)
    # Without an index: it is empty nearly everywhere, and SQLite would take it before the range of codes.
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged", db_index=False
    )
    history = HistoricalRecords(excluded_fields=["id_cipher"])

    scope_column = "village_id"
    objects = WorkerQuerySet.as_manager()

    class Meta:
        ordering = ["village_id", "name_pinyin", "id"]
        indexes = [
            models.Index(fields=["village", "name_pinyin", "id"]),
            models.Index(fields=["village", "name_initials"]),
            models.Index(fields=["village", "id_last4_index"]),
            models.Index(fields=["household"]),
        ]
        constraints = [
            models.UniqueConstraint(
                name="worker_id_once_a_county", fields=["county", "id_index"],
                condition=Q(voided_at__isnull=True, merged_into__isnull=True),
            ),
            models.CheckConstraint(
                name="worker_has_an_id_or_a_reason",
                condition=Q(id_index__isnull=False, id_cipher__isnull=False, no_id_reason="")
                | (Q(id_index__isnull=True, id_cipher__isnull=True) & ~Q(no_id_reason="")),
            ),
            models.CheckConstraint(
                name="worker_voided_with_a_reason",
                condition=Q(voided_at__isnull=True, void_reason="") | (Q(voided_at__isnull=False) & ~Q(void_reason="")),
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def id_number(self) -> str:
        """The ID number in full; "" where there is none. Pages show `masked_id` instead."""
        return crypto.decipher(self.id_cipher, self.id_key_version) if self.id_cipher else ""

    @property
    def masked_id(self) -> str:
        """First six and last four; the birth date between them stays hidden."""
        number = self.id_number
        return f"{number[:6]}********{number[-4:]}" if number else ""

    def age_on(self, day) -> int | None:
        """Full years on a day."""
        born = self.birth_date
        if not born:
            return None
        return day.year - born.year - ((day.month, day.day) < (born.month, born.day))

    @property
    def age(self) -> int | None:
        return self.age_on(clock.today())


class FormerMembership(models.Model):
    """Until the day before `to_on` the worker belonged to this household, or to none; `Worker.household` came after.

    Of several the one that ends next after a day names the household on it. Most people have none.
    """

    worker = models.ForeignKey(Worker, models.CASCADE, related_name="former_memberships", db_index=False)
    household = models.ForeignKey(Household, models.PROTECT, null=True, related_name="former_memberships")
    to_on = models.DateField()

    class Meta:
        ordering = ["to_on"]
        constraints = [models.UniqueConstraint(name="former_membership_ends_once_a_day", fields=["worker", "to_on"])]


class Phone(models.Model):
    """A number under which a worker is reached, whose it is, and since when; the newest comes first."""

    worker = models.ForeignKey(Worker, models.CASCADE, related_name="phones")
    number = models.CharField(_("phone"), max_length=20)
    last4 = models.CharField(max_length=4)
    whose = models.CharField(_("whose phone"), max_length=10, choices=codes.PHONE_OWNERS, default="self")
    since_on = models.DateField()

    class Meta:
        ordering = ["-since_on", "-pk"]
        indexes = [models.Index(fields=["last4"])]

    @property
    def masked(self) -> str:
        return mask_phone(self.number)


def mask_phone(number: str) -> str:
    """First three and last four."""
    return f"{number[:3]}****{number[-4:]}" if len(number) >= 8 else "****"


class UnnamedGroup(models.Model):
    """n persons of one village not yet named, with the facts of one transfer; naming shrinks what it counts."""

    county = models.ForeignKey(County, models.PROTECT)
    village = models.ForeignKey(Village, models.PROTECT, related_name="unnamed_groups")
    persons = models.PositiveIntegerField(_("persons"))
    started_on = models.DateField(_("left on"))
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    destination = CodeField(_("destination"), max_length=9)
    sex = models.CharField(_("sex"), max_length=6, choices=codes.SEXES, blank=True)
    age_band = models.CharField(_("age"), max_length=10, choices=codes.AGE_BANDS, blank=True)
    industry = models.CharField(_("industry"), max_length=1, choices=codes.SECTIONS, blank=True)
    channel = models.CharField(_("how they found it"), max_length=10, choices=codes.CHANNELS, blank=True)
    form = models.CharField(_("form"), max_length=12, choices=codes.FORMS, blank=True)
    status = models.CharField(_("poverty flag"), max_length=20, choices=codes.STATUS_KINDS, blank=True)
    pay = models.PositiveIntegerField(_("monthly pay of one, yuan"), null=True, blank=True)
    reason = models.CharField(_("why they came home"), max_length=15, choices=codes.REASONS, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    split_from = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="parts")
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1)
    voided_at = models.DateTimeField(null=True, blank=True)
    void_reason = models.CharField(max_length=200, blank=True)
    history = HistoricalRecords()

    scope_column = "village_id"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["village_id", "started_on", "id"]
        constraints = [
            models.CheckConstraint(name="group_has_persons", condition=Q(persons__gt=0)),
            models.CheckConstraint(
                name="group_ends_after_it_starts", condition=Q(ended_on__isnull=True) | Q(ended_on__gt=F("started_on"))
            ),
            models.CheckConstraint(
                name="group_voided_with_a_reason",
                condition=Q(voided_at__isnull=True, void_reason="") | (Q(voided_at__isnull=False) & ~Q(void_reason="")),
            ),
        ]


class Registration(models.Model):
    """Where a person, or an unnamed group, is registered, by date: [from_on, to_on); no from_on has no limit."""

    county = models.ForeignKey(County, models.PROTECT)
    worker = models.ForeignKey(Worker, models.PROTECT, null=True, related_name="registrations")
    group = models.ForeignKey(UnnamedGroup, models.PROTECT, null=True, related_name="registrations")
    village = models.ForeignKey(Village, models.PROTECT, related_name="registrations")
    from_on = models.DateField(null=True, blank=True)
    to_on = models.DateField(null=True, blank=True)
    how = models.CharField(max_length=15, choices=codes.REGISTRATION_HOW, default="first")
    left_how = models.CharField(max_length=15, choices=codes.LEAVING_HOW, blank=True)
    history = HistoricalRecords()

    scope_column = "village_id"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = [F("from_on").asc(nulls_first=True), "id"]
        indexes = [models.Index(fields=["village", "worker"])]
        constraints = [
            models.CheckConstraint(
                name="registration_of_a_worker_or_a_group",
                condition=Q(worker__isnull=False, group__isnull=True) | Q(worker__isnull=True, group__isnull=False),
            ),
            models.CheckConstraint(
                name="registration_ends_after_it_starts",
                condition=Q(to_on__isnull=True) | Q(from_on__isnull=True) | Q(to_on__gt=F("from_on")),
            ),
            models.CheckConstraint(
                name="registration_ends_for_a_reason",
                condition=Q(to_on__isnull=True, left_how="") | (Q(to_on__isnull=False) & ~Q(left_how="")),
            ),
        ]


class TransferQuerySet(ScopedQuerySet):
    def valid(self):
        return self.filter(voided_at__isnull=True)

    def covering(self, day):
        not_over = Q(ended_on__isnull=True) | Q(ended_on__gt=day)
        return self.valid().filter(not_over, started_on__lte=day)


class Transfer(models.Model):
    """Work at a place: [started_on, ended_on). One person's transfers never overlap; the database sees to it."""

    county = models.ForeignKey(County, models.PROTECT)
    worker = models.ForeignKey(Worker, models.PROTECT, related_name="transfers")
    # The worker's village, so that a range of codes finds the rows; follows Worker.village.
    village = models.ForeignKey(Village, models.PROTECT, related_name="transfers")
    started_on = models.DateField(_("left on"))
    month_only = models.BooleanField(_("only the month is known"), default=False)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    destination = CodeField(_("destination"), max_length=9)
    channel = models.CharField(_("how the job was found"), max_length=10, choices=codes.CHANNELS, blank=True)
    broker = models.ForeignKey(
        Broker, models.PROTECT, null=True, blank=True, related_name="transfers", verbose_name=_("labor broker")
    )
    point = models.ForeignKey(
        CooperationPoint, models.PROTECT, null=True, blank=True, related_name="transfers",
        verbose_name=_("cooperation point"),
    )
    agency = models.CharField(_("agency"), max_length=60, blank=True)
    form = models.CharField(_("form"), max_length=12, choices=codes.FORMS, blank=True)
    employer = models.CharField(_("employer"), max_length=60, blank=True)
    industry = models.CharField(_("industry"), max_length=1, choices=codes.SECTIONS, blank=True)
    job = models.CharField(_("job"), max_length=15, choices=codes.JOBS, blank=True)
    pay = models.PositiveIntegerField(_("monthly pay, yuan"), null=True, blank=True)
    pay_band = models.CharField(_("monthly pay, about"), max_length=12, choices=codes.PAY_BANDS, blank=True)
    contract = models.CharField(_("contract"), max_length=3, choices=codes.YES_NO_UNKNOWN, blank=True)
    contract_until = models.DateField(_("contract until"), null=True, blank=True)
    insurance = models.CharField(_("social insurance"), max_length=3, choices=codes.YES_NO_UNKNOWN, blank=True)
    planned_home = MonthField(_("plans to come home"), null=True, blank=True)
    source = models.CharField(_("who told it"), max_length=10, choices=codes.SOURCES, blank=True)
    reason = models.CharField(_("why the worker came home"), max_length=15, choices=codes.REASONS, blank=True)
    plan = models.CharField(_("what the worker does now"), max_length=15, choices=codes.PLANS, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    group = models.ForeignKey(UnnamedGroup, models.PROTECT, null=True, blank=True, related_name="transfers")

    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1)
    voided_at = models.DateTimeField(null=True, blank=True)
    void_reason = models.CharField(max_length=200, blank=True)
    history = HistoricalRecords()

    scope_column = "village_id"
    objects = TransferQuerySet.as_manager()

    class Meta:
        ordering = ["started_on", "id"]
        indexes = [
            models.Index(fields=["village", "worker", "started_on"]),
            models.Index(fields=["worker", "started_on"]),
        ]
        constraints = [
            models.CheckConstraint(
                name="transfer_ends_after_it_starts",
                condition=Q(ended_on__isnull=True) | Q(ended_on__gt=F("started_on")),
            ),
            models.CheckConstraint(
                name="transfer_bearer_fits_its_channel",
                condition=(Q(broker__isnull=True) | Q(channel="broker"))
                & (Q(point__isnull=True) | Q(channel="point"))
                & (Q(agency="") | Q(channel="agency")),
            ),
            models.CheckConstraint(
                name="transfer_ends_before_it_tells_why",
                condition=Q(ended_on__isnull=False) | Q(reason="", plan=""),
            ),
            models.CheckConstraint(
                name="transfer_voided_with_a_reason",
                condition=Q(voided_at__isnull=True, void_reason="") | (Q(voided_at__isnull=False) & ~Q(void_reason="")),
            ),
        ]

    @property
    def is_open(self) -> bool:
        return self.ended_on is None

    @property
    def bearer_name(self) -> str:
        """Who bore the channel: broker, cooperation point or agency; "" where nobody is named."""
        bearer = self.broker or self.point
        return bearer.name if bearer else self.agency


class VerificationQuerySet(ScopedQuerySet):
    def valid(self):
        return self.filter(voided_at__isnull=True)

    def confirming(self):
        """Those after which the ledger was known to be true."""
        return self.valid().filter(outcome__in=codes.CONFIRMED)


class Verification(models.Model):
    """Somebody was asked: when, how, by whom, who answered, and what came of it."""

    worker = models.ForeignKey(Worker, models.CASCADE, related_name="verifications")
    on = models.DateField()
    how = models.CharField(_("how"), max_length=10, choices=codes.SOURCES)
    answered_by = models.CharField(_("who answered"), max_length=10, choices=codes.PHONE_OWNERS, default="self")
    outcome = models.CharField(_("what came of it"), max_length=15, choices=codes.OUTCOMES)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    # Of people who came home: codes of NEEDS, and the day on which they are to be asked again.
    needs = models.JSONField(default=list, blank=True)
    next_call_on = models.DateField(_("call again on"), null=True, blank=True)
    voided_at = models.DateTimeField(null=True, blank=True)

    scope_column = "worker__village_id"
    objects = VerificationQuerySet.as_manager()

    class Meta:
        ordering = ["-on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="verification_calls_again_later",
                condition=Q(next_call_on__isnull=True) | Q(next_call_on__gt=F("on")),
            ),
        ]

    @property
    def is_quick(self) -> bool:
        return self.outcome in codes.QUICK

    @property
    def needs_words(self) -> list[str]:
        return [str(label) for code, label in codes.NEEDS if code in self.needs]


class MoveRequestQuerySet(models.QuerySet):
    def visible_to(self, officer):
        """Requests that concern a village at or under the officer's postings of today, whichever side it is on."""
        pages.scoped.set(True)
        return self.filter(under_any("from_village_id", officer.posts) | under_any("to_village_id", officer.posts))

    def open(self):
        return self.filter(state="open")


class MoveRequest(models.Model):
    """One side asks that a person, or the whole household, is registered in another village; the other side answers.

    `name` is what the asking side typed or knows: all that the request tells either side of the person.
    """

    county = models.ForeignKey(County, models.PROTECT)
    worker = models.ForeignKey(Worker, models.PROTECT, related_name="move_requests")
    name = models.CharField(max_length=50)
    from_village = models.ForeignKey(Village, models.PROTECT, related_name="+")
    to_village = models.ForeignKey(Village, models.PROTECT, related_name="+")
    on = models.DateField(_("from which day on"))
    whole_household = models.BooleanField(_("with the whole household"), default=False)
    reason = models.CharField(_("reason"), max_length=15, choices=codes.MOVE_REASONS)
    note = models.CharField(_("note"), max_length=100, blank=True)
    asked_side = models.CharField(max_length=4, choices=[("from", "from"), ("to", "to")])
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=codes.MOVE_STATES, default="open")
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=200, blank=True)

    objects = MoveRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-pk"]
        indexes = [models.Index(fields=["from_village", "state"]), models.Index(fields=["to_village", "state"])]
        constraints = [
            models.UniqueConstraint(
                name="move_asked_once_a_worker", fields=["county", "worker"], condition=Q(state="open")
            ),
            models.CheckConstraint(name="move_to_another_village", condition=~Q(from_village=F("to_village"))),
            models.CheckConstraint(name="move_asked_by_a_side", condition=Q(asked_side__in=["from", "to"])),
            models.CheckConstraint(
                name="move_answered_by_somebody_at_a_time",
                condition=Q(state="open", answered_by__isnull=True, answered_at__isnull=True)
                | (~Q(state="open") & Q(answered_by__isnull=False, answered_at__isnull=False)),
            ),
            models.CheckConstraint(name="move_refused_with_a_reason", condition=~Q(state="refused") | ~Q(answer="")),
        ]

    @property
    def is_open(self) -> bool:
        return self.state == "open"

    @property
    def asking_village(self) -> Village:
        return self.from_village if self.asked_side == "from" else self.to_village

    @property
    def other_village_id(self) -> str:
        """Of the side that answers."""
        return self.to_village_id if self.asked_side == "from" else self.from_village_id


class Draft(models.Model):
    """What an officer has typed of a record but not saved yet; enciphered, as it holds an ID number."""

    officer = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="drafts")
    kind = models.CharField(max_length=20)
    cipher = models.BinaryField()
    key_version = models.PositiveSmallIntegerField()
    # The record it became: a second save of the same draft answers with the first one's.
    became = models.CharField(max_length=40, blank=True)
    updated_at = models.DateTimeField()
