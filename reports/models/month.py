"""The month: what each village filed, in every version, and what the county sealed."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from laborreg.codes import CodeField
from laborreg.months import MonthField
from villages.models import County, Township, Village
from villages.scope import ScopedQuerySet
from workers.ledger import FIGURES

OFFICER = settings.AUTH_USER_MODEL


class FigureColumns(models.Model):
    """One 64-bit column for each figure of the ledger."""

    class Meta:
        abstract = True

    @property
    def figures(self) -> dict[str, int]:
        return {figure.key: getattr(self, figure.column) for figure in FIGURES}

    @staticmethod
    def columns_of(figures: dict[str, int]) -> dict[str, int]:
        return {figure.column: figures[figure.key] for figure in FIGURES}


for _figure in FIGURES:
    FigureColumns.add_to_class(_figure.column, models.BigIntegerField(default=0))


class CountyMonth(models.Model):
    """A month that a county opened for its villages; the earliest is the county's first month."""

    county = models.ForeignKey(County, models.PROTECT, related_name="months")
    month = MonthField()
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(OFFICER, models.PROTECT, null=True, related_name="+")

    scope_column = "county_id"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["month"]
        constraints = [models.UniqueConstraint(name="month_opened_once", fields=["county", "month"])]


class EarlierTotal(FigureColumns):
    """A total of a month before the county's first, typed once so that year-on-year works; not backed by names."""

    county = models.ForeignKey(County, models.PROTECT)
    area_code = CodeField(max_length=9)
    month = MonthField()
    # The keys of the figures that were typed; nobody knows the others.
    typed = models.JSONField(default=list)
    typed_by = models.ForeignKey(OFFICER, models.PROTECT, related_name="+")
    typed_at = models.DateTimeField()

    scope_column = "area_code"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(name="earlier_total_once", fields=["county", "area_code", "month"])]


DRAFT, SUBMITTED, SENT_BACK, APPROVED, LOCKED, REOPENED = (
    "draft", "submitted", "sent_back", "approved", "locked", "reopened",
)


# Locked, reopened, and submitted again: the locked version counts, whatever happens to the newer one.
OPEN_AGAIN = Q(counted__isnull=False) & ~Q(counted=F("newest"))


class MonthlyReturn(models.Model):
    """One village's return for one month. Its steps stand in reports/actions/steps.py, STEPS."""

    STATES = [
        (DRAFT, _("Draft")),
        (SUBMITTED, _("Submitted")),
        (SENT_BACK, _("Sent back")),
        (APPROVED, _("Approved")),
        (LOCKED, _("Locked")),
        (REOPENED, _("Reopened")),
    ]
    # In: it counts in totals. A reopened return counts with its locked version.
    IN = (SUBMITTED, APPROVED, LOCKED, REOPENED)

    county = models.ForeignKey(County, models.PROTECT)
    village = models.ForeignKey(Village, models.PROTECT, related_name="returns")
    month = MonthField()
    state = models.CharField(max_length=10, choices=STATES, default=DRAFT)
    # The version that counts in totals; none while the return is a draft or sent back.
    counted = models.ForeignKey("ReturnVersion", models.PROTECT, null=True, related_name="+")
    newest = models.ForeignKey("ReturnVersion", models.PROTECT, null=True, related_name="+")

    scope_column = "village_id"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["month", "village_id"]
        constraints = [
            models.UniqueConstraint(name="one_return_a_village_and_month", fields=["county", "village", "month"]),
            models.CheckConstraint(
                name="return_counts_when_in",
                condition=Q(state__in=[DRAFT, SENT_BACK], counted__isnull=True)
                | Q(state__in=[SUBMITTED, APPROVED, LOCKED, REOPENED], counted__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["month", "village"])]

    @property
    def is_in(self) -> bool:
        return self.state in self.IN

    @property
    def is_reopened(self) -> bool:
        """Locked before and not locked again: until it is, its locked version counts."""
        return self.state == REOPENED or (self.counted_id is not None and self.counted_id != self.newest_id)

    @property
    def is_open(self) -> bool:
        """The village may still change what it files."""
        return self.state in (DRAFT, SENT_BACK, REOPENED)


class ReturnVersion(FigureColumns):
    """What was filed, frozen at submit: figures, and with them lines, events and flows."""

    ret = models.ForeignKey(MonthlyReturn, models.PROTECT, related_name="versions")
    county = models.ForeignKey(County, models.PROTECT)
    village = models.ForeignKey(Village, models.PROTECT)
    month = MonthField()
    number = models.PositiveSmallIntegerField()
    # Last month's version whose `away` is this one's opening; none where last month was never submitted.
    opening_version = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    rules = models.JSONField(default=dict)
    is_nil = models.BooleanField(default=False)
    explanations = models.JSONField(default=dict)
    # Filed by the station in the village's place, with its reason (代填).
    filed_for_reason = models.CharField(max_length=200, blank=True)
    # Of the lines and events, which are not kept for ever; and of all that was filed, this one included.
    rows_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)
    submitted_by = models.ForeignKey(OFFICER, models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField()
    approved_by = models.ForeignKey(OFFICER, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    locked_by = models.ForeignKey(OFFICER, models.PROTECT, null=True, related_name="+")
    locked_at = models.DateTimeField(null=True)
    sent_back_by = models.ForeignKey(OFFICER, models.PROTECT, null=True, related_name="+")
    sent_back_at = models.DateTimeField(null=True)
    send_back_reason = models.CharField(max_length=300, blank=True)

    scope_column = "village_id"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["ret", "number"]
        constraints = [
            models.UniqueConstraint(name="version_number_once", fields=["county", "ret", "number"]),
            models.CheckConstraint(
                name="version_approved_by_and_at",
                condition=Q(approved_by__isnull=True, approved_at__isnull=True)
                | Q(approved_by__isnull=False, approved_at__isnull=False),
            ),
            models.CheckConstraint(
                name="version_locked_by_and_at",
                condition=Q(locked_by__isnull=True, locked_at__isnull=True)
                | Q(locked_by__isnull=False, locked_at__isnull=False),
            ),
            models.CheckConstraint(
                name="version_sent_back_by_at_and_why",
                condition=Q(sent_back_by__isnull=True, sent_back_at__isnull=True, send_back_reason="")
                | (Q(sent_back_by__isnull=False, sent_back_at__isnull=False) & ~Q(send_back_reason="")),
            ),
            models.CheckConstraint(
                name="version_not_approved_by_its_author",
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("submitted_by")),
            ),
        ]
        indexes = [models.Index(fields=["month", "village"])]


class FiledRow(models.Model):
    """What lines and events share: whose they are, and their share in each figure."""

    version = models.ForeignKey(ReturnVersion, models.CASCADE, related_name="%(class)ss")
    # Always looked for under a version: an index of its own would be a third of what writing a county's month costs.
    village = models.ForeignKey(Village, models.PROTECT, related_name="+", db_index=False)
    # The person or group of the ledger, by number: a frozen line outlives what happens to the row.
    worker_number = models.BigIntegerField(null=True)
    group_number = models.BigIntegerField(null=True)
    name = models.CharField(max_length=50, blank=True)
    transfer_number = models.BigIntegerField(null=True)
    shares = models.JSONField(default=dict)

    scope_column = "village_id"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def key(self) -> tuple[str, int]:
        return ("worker", self.worker_number) if self.worker_number else ("group", self.group_number)


class FiledLine(FiledRow):
    """One person or group as filed: state, place, facts, and the share in each stock and year figure."""

    persons = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=5)
    region = models.CharField(max_length=15, blank=True)
    destination = CodeField(max_length=9, blank=True)
    sex = models.CharField(max_length=6, blank=True)
    age = models.PositiveSmallIntegerField(null=True)
    age_band = models.CharField(max_length=10, blank=True)
    education = models.CharField(max_length=2, blank=True)
    skill = models.CharField(max_length=20, blank=True)
    household_number = models.BigIntegerField(null=True)
    group_name = models.CharField(max_length=30, blank=True)
    section = models.CharField(max_length=1, blank=True)
    job = models.CharField(max_length=15, blank=True)
    form = models.CharField(max_length=12, blank=True)
    channel = models.CharField(max_length=10, blank=True)
    bearer = models.CharField(max_length=80, blank=True)
    pay = models.PositiveIntegerField(null=True)
    started_on = models.DateField(null=True)
    relieved = models.BooleanField(default=False)
    monitored = models.BooleanField(default=False)
    # The share in `income_month` again, as a column: every later month of the year asks for it.
    income_month = models.BigIntegerField(default=0)


class FiledEvent(FiledRow):
    """What happened in the month, or was recorded late: kind, person, day or month concerned, amount."""

    kind = models.CharField(max_length=15)
    on = models.DateField(null=True)
    month = MonthField()
    amount = models.BigIntegerField()
    region = models.CharField(max_length=15, blank=True)
    reason = models.CharField(max_length=15, blank=True)


class FiledFlow(models.Model):
    """Persons away by destination province (or country) and section, for the flows."""

    version = models.ForeignKey(ReturnVersion, models.CASCADE, related_name="flows")
    destination = CodeField(max_length=3)
    section = models.CharField(max_length=1, blank=True)
    persons = models.PositiveIntegerField()


class CellMessage(models.Model):
    """A question on one cell of a return that was sent back; the village answers it before it submits again."""

    ret = models.ForeignKey(MonthlyReturn, models.CASCADE, related_name="cell_messages")
    version = models.ForeignKey(ReturnVersion, models.CASCADE, related_name="cell_messages")
    figure = models.CharField(max_length=40)
    text = models.CharField(max_length=300)
    by = models.ForeignKey(OFFICER, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    answer = models.CharField(max_length=300, blank=True)
    answered_by = models.ForeignKey(OFFICER, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="question_answered_by_at_and_how",
                condition=Q(answered_by__isnull=True, answered_at__isnull=True, answer="")
                | (Q(answered_by__isnull=False, answered_at__isnull=False) & ~Q(answer="")),
            ),
        ]


class Seal(models.Model):
    """A month that a county locked: totals, rules, signer, hash; reopened months get a new version."""

    county = models.ForeignKey(County, models.PROTECT, related_name="seals")
    month = MonthField()
    number = models.PositiveSmallIntegerField(default=1)
    sealed_by = models.ForeignKey(OFFICER, models.PROTECT, related_name="+")
    sealed_at = models.DateTimeField()
    rules = models.JSONField(default=dict)
    # Villages that were locked out of the month: code → reason.
    missing = models.JSONField(default=dict)
    hash = models.CharField(max_length=64)

    scope_column = "county_id"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["county", "month", "number"]
        constraints = [models.UniqueConstraint(name="seal_number_once", fields=["county", "month", "number"])]


class SealTotal(FigureColumns):
    """The sealed total of a township or of the county, with how many villages it sums."""

    seal = models.ForeignKey(Seal, models.CASCADE, related_name="totals")
    area_code = CodeField(max_length=9)
    month = MonthField()
    expected = models.PositiveIntegerField()
    received = models.PositiveIntegerField()

    scope_column = "area_code"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(name="seal_total_once", fields=["seal", "area_code"])]
        indexes = [models.Index(fields=["month", "area_code"])]


class Extension(models.Model):
    """Later due and closing days of one month, for the whole county, a township or a village."""

    county = models.ForeignKey(County, models.PROTECT, related_name="extensions")
    month = MonthField()
    area_code = CodeField(max_length=12)
    due_on = models.DateField()
    closes_on = models.DateField()
    reason = models.CharField(max_length=200)
    by = models.ForeignKey(OFFICER, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    withdrawn_by = models.ForeignKey(OFFICER, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    scope_column = "area_code"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["month", "area_code", "pk"]
        constraints = [
            models.CheckConstraint(name="extension_closes_after_due", condition=Q(closes_on__gte=F("due_on"))),
            models.CheckConstraint(
                name="extension_withdrawn_by_and_at",
                condition=Q(withdrawn_by__isnull=True, withdrawn_at__isnull=True)
                | Q(withdrawn_by__isnull=False, withdrawn_at__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["county", "month"])]


class Reminder(models.Model):
    """A village was reminded of a return that was not in; once a day at most."""

    county = models.ForeignKey(County, models.PROTECT, related_name="reminders")
    ret = models.ForeignKey(MonthlyReturn, models.CASCADE, related_name="reminders")
    on = models.DateField()
    # How many officers of the village were told.
    told = models.PositiveSmallIntegerField()
    # Nobody where the command did it.
    by = models.ForeignKey(OFFICER, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "pk"]
        constraints = [models.UniqueConstraint(name="reminded_once_a_day", fields=["county", "ret", "on"])]


class TownshipReport(models.Model):
    """A station's word, under its head's name, that its township's month is complete; void once a return changes."""

    county = models.ForeignKey(County, models.PROTECT)
    township = models.ForeignKey(Township, models.PROTECT, related_name="reports")
    month = MonthField()
    number = models.PositiveSmallIntegerField(default=1)
    head_name = models.CharField(max_length=50)
    # Villages that are reported as missing: code → reason.
    missing = models.JSONField(default=dict)
    # Of the returns' versions that were reported.
    fingerprint = models.CharField(max_length=64)
    by = models.ForeignKey(OFFICER, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    scope_column = "township_id"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["month", "township", "number"]
        constraints = [
            models.UniqueConstraint(name="township_report_once", fields=["county", "township", "month", "number"])
        ]


class Scan(models.Model):
    """The signed and stamped paper of a township's or county's month; the newest counts, the others stay listed."""

    MOST_BYTES = 10 * 1024 * 1024
    KINDS = [("pdf", "PDF"), ("jpeg", "JPEG"), ("png", "PNG")]

    county = models.ForeignKey(County, models.PROTECT)
    area_code = CodeField(max_length=9)
    month = MonthField()
    kind = models.CharField(max_length=4, choices=KINDS)
    # In the database, so that who sees it is asked as of any row, and a copy of the data has it.
    content = models.BinaryField()
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    by = models.ForeignKey(OFFICER, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    scope_column = "area_code"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(name="scan_is_not_too_large", condition=Q(size__gt=0, size__lte=10 * 1024 * 1024)),
        ]
        indexes = [models.Index(fields=["month", "area_code"])]
