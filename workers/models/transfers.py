"""Where people work, by date."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from brokers.models import Broker
from jobs.models import CooperationPoint
from laborreg.codes import CodeField
from laborreg.months import MonthField
from villages.models import County, Village
from villages.scope import ScopedQuerySet
from workers import codes
from workers.models.groups import UnnamedGroup
from workers.models.people import Worker


class TransferQuerySet(ScopedQuerySet):
    def valid(self):
        return self.filter(voided_at__isnull=True)

    def covering(self, day):
        not_over = Q(ended_on__isnull=True) | Q(ended_on__gt=day)
        return self.valid().filter(not_over, started_on__lte=day)


class Transfer(models.Model):
    """Work at a place: [started_on, ended_on). One person's transfers never overlap; the database sees to it."""

    county = models.ForeignKey(County, models.PROTECT, db_index=False)
    worker = models.ForeignKey(Worker, models.PROTECT, related_name="transfers", db_index=False)
    # The worker's village, so that a range of codes finds the rows; follows Worker.village.
    village = models.ForeignKey(Village, models.PROTECT, related_name="transfers", db_index=False)
    started_on = models.DateField(_("left on"))
    month_only = models.BooleanField(_("only the month is known"), default=False)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    destination = CodeField(_("destination"), max_length=9)
    channel = models.CharField(_("how the job was found"), max_length=10, choices=codes.CHANNELS, blank=True)
    broker = models.ForeignKey(
        Broker, models.PROTECT, null=True, blank=True, related_name="transfers", verbose_name=_("labor broker"),
        db_index=False,
    )
    point = models.ForeignKey(
        CooperationPoint, models.PROTECT, null=True, blank=True, related_name="transfers",
        verbose_name=_("cooperation point"), db_index=False,
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
    group = models.ForeignKey(
        UnnamedGroup, models.PROTECT, null=True, blank=True, related_name="transfers", db_index=False
    )

    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    version = models.PositiveIntegerField(default=1)
    voided_at = models.DateTimeField(null=True, blank=True)
    void_reason = models.CharField(max_length=200, blank=True)
    history = HistoricalRecords(no_db_index=["county", "village", "broker", "point", "group", "created_by"])

    scope_column = "village_id"
    objects = TransferQuerySet.as_manager()

    class Meta:
        ordering = ["started_on", "id"]
        indexes = [
            models.Index(fields=["village", "worker", "started_on"]),
            models.Index(fields=["worker", "started_on"]),
            *[
                models.Index(name=f"transfer_by_{bearer}", fields=[bearer], condition=Q(**{f"{bearer}__isnull": False}))
                for bearer in ("broker", "point", "group")
            ],
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
