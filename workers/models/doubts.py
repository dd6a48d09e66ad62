"""What looks wrong, doubtful or incomplete in the ledger, until it is mended or somebody says that it is right."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from villages.models import County, Village
from villages.scope import ScopedQuerySet
from workers.models.households import Household
from workers.models.people import Worker
from workers.models.transfers import Transfer


class DoubtQuerySet(ScopedQuerySet):
    def open(self):
        return self.filter(settled_at__isnull=True)

    def settled(self):
        return self.filter(settled_at__isnull=False)


class Doubt(models.Model):
    """One rule of workers.doubts that a person, one of a person's transfers, or a household trips.

    Found and taken away by workers.doubts.finding alone. Who says "it is right" settles it until the values change.
    """

    county = models.ForeignKey(County, models.CASCADE, db_index=False)
    village = models.ForeignKey(Village, models.CASCADE, related_name="doubts", db_index=False)
    worker = models.ForeignKey(Worker, models.CASCADE, null=True, related_name="doubts")
    transfer = models.ForeignKey(Transfer, models.CASCADE, null=True, related_name="doubts", db_index=False)
    household = models.ForeignKey(Household, models.CASCADE, null=True, related_name="doubts", db_index=False)
    rule = models.CharField(max_length=30)
    found_on = models.DateField()
    # What the sentence about it names; and a keyed digest of the values that the rule looked at.
    detail = models.JSONField(default=dict)
    fingerprint = models.CharField(max_length=64)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    settled_why = models.CharField(max_length=200, blank=True)

    scope_column = "village_id"
    objects = DoubtQuerySet.as_manager()

    class Meta:
        ordering = ["village_id", "pk"]
        indexes = [
            models.Index(fields=["village", "rule"]),
            models.Index(name="doubt_of_transfer", fields=["transfer"], condition=Q(transfer__isnull=False)),
            models.Index(name="doubt_of_household", fields=["household"], condition=Q(household__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(
                name="doubt_of_a_person_or_a_household",
                condition=Q(worker__isnull=False, household__isnull=True)
                | Q(worker__isnull=True, transfer__isnull=True, household__isnull=False),
            ),
            models.CheckConstraint(
                name="doubt_settled_by_somebody_for_a_reason",
                condition=Q(settled_at__isnull=True, settled_by__isnull=True, settled_why="")
                | (Q(settled_at__isnull=False, settled_by__isnull=False) & ~Q(settled_why="")),
            ),
            models.UniqueConstraint(
                name="doubt_once_a_person", fields=["county", "worker", "rule"],
                condition=Q(worker__isnull=False, transfer__isnull=True),
            ),
            models.UniqueConstraint(
                name="doubt_once_a_transfer", fields=["county", "transfer", "rule"], condition=Q(transfer__isnull=False)
            ),
            models.UniqueConstraint(
                name="doubt_once_a_household", fields=["county", "household", "rule"],
                condition=Q(household__isnull=False),
            ),
        ]
