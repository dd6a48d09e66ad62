"""Claims of brokers: what is owed for a year under a scheme, worker by worker."""

from django.conf import settings
from django.db import models
from django.db.models import F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from brokers.models import Broker, Publication
from support import codes
from support.models.schemes import Scheme
from villages.models import County, Township, Village
from villages.scope import ScopedQuerySet
from workers.models import Transfer, Worker


class ClaimQuerySet(ScopedQuerySet):
    def visible_to(self, officer):
        """Those of the officer's townships; a village officer's, those of the village's own brokers."""
        visible = super().visible_to(officer)
        villages = [post for post in officer.posts if len(post) == 12]
        return visible | self.filter(broker__village__in=villages) if villages else visible

    def changed_since(self):
        """Claims of which a transfer was corrected or voided after it was counted."""
        corrected = ClaimLine.objects.filter(claim=OuterRef("pk")).exclude(transfer__version=F("transfer_version"))
        return self.filter(models.Exists(corrected))


class Claim(models.Model):
    """One broker's claim of one year: drawn up by the system, confirmed, published, approved, paid."""

    county = models.ForeignKey(County, models.PROTECT, db_index=False)
    scheme = models.ForeignKey(Scheme, models.PROTECT, related_name="claims")
    year = models.PositiveSmallIntegerField(_("year"))
    broker = models.ForeignKey(Broker, models.PROTECT, related_name="claims")
    township = models.ForeignKey(Township, models.PROTECT, related_name="+")
    state = models.CharField(_("state"), max_length=10, choices=codes.CLAIM_STATES, default="drawn")
    persons = models.PositiveIntegerField(_("workers who count"))
    amount = models.PositiveBigIntegerField(_("amount, yuan"))
    drawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    drawn_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    confirmed_at = models.DateTimeField(null=True)
    publication = models.ForeignKey(Publication, models.PROTECT, null=True, related_name="claims")
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    approved_at = models.DateTimeField(null=True)
    paid_on = models.DateField(_("paid on"), null=True)
    paid_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    sent_back_reason = models.CharField(_("reason"), max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)

    scope_column = "township_id"
    objects = ClaimQuerySet.as_manager()

    class Meta:
        ordering = ["township_id", "broker__name", "pk"]
        constraints = [
            models.UniqueConstraint(name="claim_once_a_year", fields=["scheme", "year", "broker"]),
            models.CheckConstraint(
                name="claim_confirmed_by_and_at",
                condition=Q(confirmed_by__isnull=True, confirmed_at__isnull=True, state="drawn")
                | (Q(confirmed_by__isnull=False, confirmed_at__isnull=False) & ~Q(state="drawn")),
            ),
            models.CheckConstraint(
                name="claim_published_in_a_list",
                condition=Q(publication__isnull=True, state__in=["drawn", "confirmed"])
                | Q(publication__isnull=False, state__in=["published", "approved", "paid"]),
            ),
            models.CheckConstraint(
                name="claim_approved_by_and_at",
                condition=Q(approved_by__isnull=True, approved_at__isnull=True, state__in=["drawn", "confirmed", "published"])
                | Q(approved_by__isnull=False, approved_at__isnull=False, state__in=["approved", "paid"]),
            ),
            models.CheckConstraint(
                name="claim_paid_on_and_by",
                condition=(Q(paid_on__isnull=True, paid_by__isnull=True) & ~Q(state="paid"))
                | Q(paid_on__isnull=False, paid_by__isnull=False, state="paid"),
            ),
        ]


class ClaimLine(models.Model):
    """One stay of a worker in a claim, as it was counted, with the rule that counted or refused it."""

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="lines")
    county = models.ForeignKey(County, models.PROTECT, db_index=False)
    year = models.PositiveSmallIntegerField()
    worker = models.ForeignKey(Worker, models.PROTECT, related_name="claim_lines", db_index=False)
    transfer = models.ForeignKey(Transfer, models.PROTECT, related_name="claim_lines", db_index=False)
    transfer_version = models.PositiveIntegerField()
    village = models.ForeignKey(Village, models.PROTECT, related_name="+", db_index=False)
    name = models.CharField(max_length=50)
    employer = models.CharField(max_length=60, blank=True)
    started_on = models.DateField()
    ended_on = models.DateField(null=True)
    days = models.PositiveSmallIntegerField()
    pay = models.PositiveIntegerField(null=True)
    verdict = models.CharField(max_length=12, choices=codes.VERDICTS)
    amount = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["village_id", "name", "started_on", "pk"]
        indexes = [models.Index(name="claim_line_by_transfer", fields=["transfer"])]
        constraints = [
            # The promise of the whole room: nobody is paid for twice in a year, by whatever scheme, to whatever broker.
            models.UniqueConstraint(
                name="worker_paid_once_a_year", fields=["county", "year", "worker"], condition=Q(verdict="counts")
            ),
            # The same, where two entries of one person were merged meanwhile.
            models.UniqueConstraint(
                name="transfer_paid_once_a_year", fields=["county", "year", "transfer"], condition=Q(verdict="counts")
            ),
            models.UniqueConstraint(name="line_once_a_claim", fields=["claim", "transfer"]),
            models.CheckConstraint(name="line_amount_of_who_counts", condition=Q(verdict="counts") | Q(amount=0)),
        ]
