"""Where people and unnamed groups are registered, by date."""

from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from villages.models import County, Village
from villages.scope import ScopedQuerySet
from workers import codes
from workers.models.groups import UnnamedGroup
from workers.models.people import Worker


class Registration(models.Model):
    """Where a person, or an unnamed group, is registered, by date: [from_on, to_on); no from_on has no limit."""

    county = models.ForeignKey(County, models.PROTECT, db_index=False)
    worker = models.ForeignKey(Worker, models.PROTECT, null=True, related_name="registrations")
    group = models.ForeignKey(UnnamedGroup, models.PROTECT, null=True, related_name="registrations", db_index=False)
    village = models.ForeignKey(Village, models.PROTECT, related_name="registrations", db_index=False)
    from_on = models.DateField(null=True, blank=True)
    to_on = models.DateField(null=True, blank=True)
    how = models.CharField(max_length=15, choices=codes.REGISTRATION_HOW, default="first")
    left_how = models.CharField(max_length=15, choices=codes.LEAVING_HOW, blank=True)
    history = HistoricalRecords(no_db_index=["county", "worker", "group", "village"])

    scope_column = "village_id"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = [F("from_on").asc(nulls_first=True), "id"]
        indexes = [
            models.Index(fields=["village", "worker"]),
            models.Index(name="registration_of_group", fields=["group"], condition=Q(group__isnull=False)),
        ]
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
