"""Households, and their poverty flags by date."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from laborreg.identity import mask_phone
from villages.models import County, Village
from villages.scope import ScopedQuerySet
from workers import codes


class Household(models.Model):
    """A household of a village; its head is the member whose relation says so."""

    county = models.ForeignKey(County, models.PROTECT, db_index=False)
    village = models.ForeignKey(Village, models.PROTECT, related_name="households", verbose_name=_("village"), db_index=False)
    number = models.CharField(_("household number"), max_length=30, blank=True)
    group_name = models.CharField(_("group"), max_length=30, blank=True)
    address = models.CharField(_("address"), max_length=100, blank=True)
    phone = models.CharField(_("household phone"), max_length=20, blank=True)
    is_resettled = models.BooleanField(_("resettled for poverty relief"), default=False)
    version = models.PositiveIntegerField(default=1)
    history = HistoricalRecords(no_db_index=["county", "village"])

    scope_column = "village_id"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["village", "number"])]

    @property
    def masked_phone(self) -> str:
        return mask_phone(self.phone)

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
